"""A verdict for every trade: all rules in one pass over the trades, and which of them each trade breaks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict

from crossbook.book import Book
from crossbook.engine import Database, extend
from crossbook.verify import needs, trades
from crossbook.verify.needs import Needs, Tolerance, needs_of, tolerance_of
from crossbook.verify.rule import VERDICTS
from crossbook.verify.rules import rules

# What rules may name beside the trade itself.
_JOINED = """
trade t LEFT JOIN needed n ON n.account = CASE WHEN t.account IN (SELECT account FROM needed) THEN t.account ELSE '' END
LEFT JOIN shared_tracking st ON st.tracking = t.tracking LEFT JOIN shared_list sl ON sl.declaration = t.declaration
LEFT JOIN usual_price up ON up.item = t.item AND up.currency = t.currency
LEFT JOIN usual_institution ui ON ui.account = t.account LEFT JOIN repeated rp ON rp.order_id = t.order_id
LEFT JOIN paid_group pg ON pg.order_id = t.order_id
LEFT JOIN name_pair payer ON payer.a = t.payer AND payer.b = t.buyer
LEFT JOIN name_pair parcel_to ON parcel_to.a = t.ship_consignee AND parcel_to.b = t.consignee
LEFT JOIN name_pair invoiced ON invoiced.a = t.invoice_buyer AND invoiced.b = t.buyer CROSS JOIN business b
"""


def open_verify(database: Database, book: Book, memory: str = "") -> None:
    """Add the trades and their verdicts to a database of the book's facts, kept in the book's cache.

    Adds `trade`, `verdict(order_id, account, currency, stake, broken, verdict)`, and small tables beside them. `broken`
    has a bit for each rule, in the order of `rules()`. `memory` (as "900MB") bounds what making them takes. Raises
    CrossbookError when book.toml sets what cannot be.
    """
    wanted, tolerance, own = (
        needs_of(book),
        tolerance_of(book),
        str(needs.table(book.config, "business").get("name", "")),
    )
    told = f"{[(r.name, r.verdict, r.sql) for r in rules()]} {trades.__dict__['_TRADE']} {wanted} {tolerance} {own}"
    state = hashlib.sha256(told.encode()).hexdigest()
    extend(database, book, lambda db: prepare(db, wanted, tolerance, own), desk="verify", depends=state, memory=memory)


def prepare(database: Database, wanted: Mapping[str, Needs], tolerance: Tolerance, own: str = "") -> None:
    """Make `trade` and `verdict` from a database's facts."""
    trades.read(database, wanted, own)
    database.run(_verdict_sql(tolerance))


def joined() -> str:
    """What a rule's condition and values are selected from."""
    return _JOINED


def _verdict_sql(tolerance: Tolerance) -> str:
    values = asdict(tolerance)
    bits = [
        f"CASE WHEN {r.sql.format(**values)} THEN CAST({1 << i} AS UBIGINT) ELSE 0 END" for i, r in enumerate(rules())
    ]
    return f"""
CREATE TABLE verdict AS
SELECT *, {worst_sql()} AS verdict FROM (
  SELECT t.order_id, t.account, coalesce(t.currency, t.pay_currency, t.declared_currency) AS currency,
         coalesce(t.total, t.paid, t.declared, 0) AS stake, CAST(t.placed_at AS DATE) AS day,
         {" + ".join(bits)} AS broken
  FROM {_JOINED})
"""


def worst_sql() -> str:
    """The verdict that the bits of `broken` give, as SQL."""
    worst = " ".join(
        f"WHEN broken & {sum(1 << i for i, r in enumerate(rules()) if r.verdict == verdict)} <> 0 THEN '{verdict}'"
        for verdict in VERDICTS[:-1]
    )
    return f"CASE {worst} ELSE '{VERDICTS[-1]}' END"


def broken(mask: int) -> tuple[str, ...]:
    """The names of the rules whose bits are set, the worst first."""
    return tuple(r.name for i, r in enumerate(rules()) if mask >> i & 1)
