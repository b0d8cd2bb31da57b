"""Search: one box for orders, payouts, references, parcels, customs entries, bank texts and amounts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from crossbook import money
from crossbook.settle.desk import Desk

EACH = 20  # hits shown of each kind
SHORTEST = 2

# Each gives: what it is, the name to go to, what was found, amount, currency, day, evidence, line.
_BY_TEXT = {
    "payout": """SELECT id AS name, account AS text, amount, currency, paid_on AS day, evidence, line
FROM payout_listed WHERE contains(lower(id), $text)""",
    "order": """SELECT order_id AS name, account AS text, total AS amount, currency, placed_on AS day, evidence, line
FROM orders WHERE contains(lower(order_id), $text) OR lower(reference) = $text""",
    "shipment": """SELECT order_id AS name, concat_ws(' ', carrier, tracking) AS text, NULL AS amount, NULL AS currency,
       CAST(shipped_at AS DATE) AS day, evidence, line FROM parcels WHERE contains(lower(tracking), $text)""",
    "customs": """SELECT order_id AS name, declaration AS text, amount, currency, declared_on AS day, evidence, line
FROM declarations WHERE contains(lower(declaration), $text)""",
    "payment": """SELECT order_id AS name, concat_ws(' ', institution, payment_id, payer) AS text,
       amount_whole AS amount, currency, CAST(paid_at AS DATE) AS day, evidence, line FROM payments
WHERE contains(lower(payment_id), $text) OR lower(payer) = $text""",
    "invoice": """SELECT order_id AS name, concat_ws(' ', invoice_id, buyer) AS text, amount, currency,
       issued_on AS day, evidence, line FROM invoices WHERE contains(lower(invoice_id), $text)""",
    "settlement": """SELECT order_id AS name, concat_ws(' ', type, reference) AS text, amount, currency, day, evidence,
       line FROM line WHERE order_id IS NOT NULL AND contains(lower(reference), $text)""",
    "bank": """SELECT left(evidence, 12) || ':' || line AS name,
       concat_ws(' ', counterparty, counterparty_account, description, reference) AS text, amount, currency,
       booked_on AS day, evidence, line
FROM bank_used
WHERE contains(lower(concat_ws(' ', counterparty, counterparty_account, description, reference)), $text)""",
}
_BY_AMOUNT = {
    "payout": """SELECT id AS name, account AS text, amount, currency, paid_on AS day, evidence, line
FROM payout_listed WHERE abs(amount) = $amount OR abs(difference) = $amount""",
    "order": """SELECT order_id AS name, account AS text, total AS amount, currency, placed_on AS day, evidence, line
FROM orders WHERE total = $amount""",
    "settlement": """SELECT order_id AS name, concat_ws(' ', type, reference) AS text, amount, currency, day, evidence,
       line FROM line WHERE order_id IS NOT NULL AND abs(amount) = $amount""",
    "bank": """SELECT left(evidence, 12) || ':' || line AS name,
       concat_ws(' ', counterparty, counterparty_account, description, reference) AS text, amount, currency,
       booked_on AS day, evidence, line
FROM bank_used WHERE abs(amount) = $amount""",
}
_AMOUNT = re.compile(r"[-+]?[\d,']+(\.\d+)?")


@dataclass(frozen=True)
class Hit:
    """Something found: its kind, the name it goes by, what it says, and where that stands."""

    kind: str
    name: str
    text: str
    amount: int | None
    currency: str | None
    day: date | None
    evidence: str
    line: int


@dataclass(frozen=True)
class Hits:
    """What a search found, by kind; of kinds in `more` there is more than is shown."""

    query: str
    hits: tuple[Hit, ...]
    more: tuple[str, ...]


def search(desk: Desk, query: str) -> Hits:
    """Look for `query` in names, references and bank texts, and as an amount. Needs `lists.list_payouts`."""
    text = query.strip().lower()
    if len(text) < SHORTEST:
        return Hits(query, (), ())
    found: dict[tuple[str, str, str, int], Hit] = {}
    more = []
    queries: list[tuple[str, str, dict[str, str | int]]] = [
        (kind, sql, {"text": text}) for kind, sql in _BY_TEXT.items()
    ]
    amount = _minor(text)
    if amount is not None:
        queries += [(kind, sql, {"amount": amount}) for kind, sql in _BY_AMOUNT.items()]
    for kind, sql, values in queries:
        rows = desk.database.rows(f"{sql} ORDER BY day DESC NULLS LAST, name LIMIT {EACH + 1}", **values)
        if len(rows) > EACH:
            more.append(kind)
        for r in rows[:EACH]:
            found.setdefault((kind, r["name"], r["evidence"], r["line"]), Hit(kind, **r))
    order = list(_BY_TEXT)
    hits = sorted(found.values(), key=lambda h: (order.index(h.kind), h.name.lower() != text))
    return Hits(query, tuple(hits), tuple(dict.fromkeys(more)))


def _minor(text: str) -> int | None:
    """The amount that a text is, in hundredths: what nearly every currency's minor units are."""
    clean = text.split()[0].lstrip("$€£¥￥")
    if not _AMOUNT.fullmatch(clean):
        return None
    try:
        return abs(money.parse(clean, 2))
    except ValueError:
        return None
