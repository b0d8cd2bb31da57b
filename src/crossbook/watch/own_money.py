"""The book's own money as transfers: bank entries and payments by buyers, each the transfer that it tells of.

A payout and a withdrawal from a wallet arrive at the bank as an entry, which is the transfer: they are not told twice.
Who stands on the other side of a bank entry is known by its account where the statement tells one that can be nobody
else's, else by name. Own accounts go by the name that the book has, or by their IBAN or number.

What both ends tell, the statement of one own account and that of the other, or a statement and a record of transfers,
is one transfer: between the same two accounts, of the same amount and currency, within `NEAR` days. Of several such
the first is the first, so that as many count as the one that tells most of them says.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from crossbook.engine import Database
from crossbook.identifiers import account_of
from crossbook.trade.bank_accounts import owners

NEAR = 5  # days between which two ends may book one transfer: weekends and holidays lie between
_SAME, _BY_NUMBER = 31, 400  # days within which an entry is given back: of the same sum and party; of the same number
# Numbers that could be those of several accounts: masked, of no digit but zero, cut short by a spreadsheet.
_UNSURE = r"[*•＊#?]|[xX]{2,}|^[-0/. ]*$|^[0-9]+([.,][0-9]+)?[eE][+][0-9]+$"

# Each bank entry, who stands on its two sides, and by what it is known.
ENTRIES = f"""
SELECT evidence, line, key, booked_on, CAST(booked_on - DATE '1970-01-01' AS BIGINT) AS dn, abs(amount) AS total,
  amount < 0 AS outgoing, currency, reference, end_to_end, given_back, name, own, other,
  CASE WHEN amount < 0 THEN own ELSE other END AS payer_account,
  CASE WHEN amount < 0 THEN other ELSE own END AS payee_account
FROM (
  SELECT b.evidence, b.line, b.key, b.booked_on, b.amount, b.currency, nullif(b.reference, '') AS reference,
    b.end_to_end, b.given_back,
    nullif(trim(b.counterparty), '') AS name, coalesce(a.number, b.account) AS own,
    CASE WHEN regexp_matches(b.counterparty_account, '{_UNSURE}') THEN NULL
      WHEN coalesce(o.number, b.counterparty_account) = coalesce(a.number, b.account) THEN NULL
      ELSE coalesce(o.number, b.counterparty_account) END AS other
  FROM bank_used b LEFT JOIN own_account a ON a.account = b.account
  LEFT JOIN own_account o ON o.account = b.counterparty_account
) e
"""

# Which telling of one transfer it goes by: `key` of an entry, with the number, day, kind and sum of the leading one.
_KEYS = "payer_account, payee_account, currency, total, back"
TOLD = f"""
WITH sided AS (
  SELECT key, booked_on AS day, key AS number, CASE WHEN outgoing THEN 'b' ELSE 'c' END AS side, payer_account,
    payee_account, currency, total, given_back IS NOT NULL AS back,
    CASE WHEN given_back IS NULL THEN 'transfer' ELSE 'return' END AS kind, total AS paid, currency AS paid_currency
  FROM own_entry WHERE payer_account IS NOT NULL AND payee_account IS NOT NULL
),
recorded AS (
  SELECT DISTINCT transfer_id, day, kind, payer_account, payee_account, paid, paid_currency, received, received_currency
  FROM transfer WHERE transfer_id IS NOT NULL AND day IS NOT NULL AND kind NOT IN ('cover', 'opening')
    AND payer_account IN (SELECT payer_account FROM sided) AND payee_account IN (SELECT payee_account FROM sided)
),
ends AS (
  SELECT * FROM sided
  UNION ALL SELECT NULL, day, transfer_id, 'a', payer_account, payee_account, paid_currency, paid, kind = 'return',
    kind, paid, paid_currency FROM recorded WHERE paid IS NOT NULL
  UNION ALL SELECT NULL, day, transfer_id, 'a', payer_account, payee_account, received_currency, received,
    kind = 'return', kind, paid, paid_currency
  FROM recorded WHERE received IS NOT NULL AND (paid IS NULL OR paid <> received OR paid_currency <> received_currency)
),
dated AS (SELECT *, CAST(day - DATE '1970-01-01' AS BIGINT) AS dn FROM ends),
near AS (
  SELECT *, CASE WHEN dn - lag(dn) OVER (PARTITION BY {_KEYS} ORDER BY day, side, number) <= {NEAR} THEN 0 ELSE 1 END
    AS apart
  FROM dated
),
placed AS (
  SELECT *, sum(apart) OVER (PARTITION BY {_KEYS} ORDER BY day, side, number ROWS UNBOUNDED PRECEDING) AS place
  FROM near
),
nth AS (
  SELECT *, row_number() OVER (PARTITION BY {_KEYS}, place, side ORDER BY day, number) AS nth FROM placed
),
led AS (
  SELECT key, {
    ", ".join(
        f"first_value({name}) OVER (PARTITION BY {_KEYS}, place, nth ORDER BY side) AS {name}"
        for name in ("number", "day", "kind", "paid", "paid_currency")
    )
} FROM nth
)
SELECT * FROM led WHERE key IS NOT NULL AND number <> key
"""

BANK = """
SELECT e.evidence, e.line, 'bank' AS origin, coalesce(t.number, e.key) AS transfer_id,
  CAST(NULL AS VARCHAR) AS payer_institution, e.payer_account,
  CASE WHEN NOT e.outgoing THEN e.name END AS payer, CAST(NULL AS VARCHAR) AS payer_country,
  CAST(NULL AS VARCHAR) AS payee_institution, e.payee_account,
  CASE WHEN e.outgoing THEN e.name END AS payee, CAST(NULL AS VARCHAR) AS payee_country,
  CASE WHEN t.key IS NULL THEN e.total ELSE t.paid END AS paid,
  CASE WHEN t.key IS NULL THEN e.currency ELSE t.paid_currency END AS paid_currency,
  e.total AS received, e.currency AS received_currency,
  CAST(NULL AS TIMESTAMPTZ) AS moment, coalesce(t.day, e.booked_on) AS day, 'day' AS dated_by,
  CAST(NULL AS BIGINT) AS sequence,
  coalesce(t.kind, CASE WHEN e.given_back IS NULL THEN 'transfer' ELSE 'return' END) AS kind, e.reference,
  g.original
FROM own_entry e LEFT JOIN own_told t ON t.key = e.key LEFT JOIN own_given_back g ON g.key = e.key
"""
PAYMENTS = """
SELECT evidence, line, 'payment', payment_id || ':' || coalesce(order_id, ''),
  CAST(NULL AS VARCHAR), payer_account, payer, payer_country,
  institution, institution, CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR),
  abs(amount), currency, abs(amount), currency,
  paid_at, CAST(paid_at AS DATE), 'executed', CAST(NULL AS BIGINT),
  CASE WHEN amount < 0 THEN 'return' ELSE 'card' END, order_id, CAST(NULL AS VARCHAR)
FROM payments
"""
OWN = f"{BANK} UNION ALL {PAYMENTS}"
MADE = ("own_account", "own_entry", "own_told", "own_given_back")

# What may be given back: entries the other way, of the same account and currency, not after it.
_MAY = f"""
SELECT r.key AS back, coalesce(t.number, e.key) AS number, e.booked_on,
  coalesce(e.end_to_end = r.end_to_end, false) AS numbered, e.total = r.total AS whole,
  coalesce(e.other = r.other, e.name = r.name, r.name IS NULL AND r.other IS NULL) AS partner
FROM own_entry r JOIN own_entry e ON e.own = r.own AND e.currency = r.currency AND e.outgoing <> r.outgoing
  AND e.given_back IS NULL AND e.booked_on <= r.booked_on
  AND ((e.end_to_end = r.end_to_end AND r.dn - e.dn <= {_BY_NUMBER})
    OR (e.total = r.total AND r.dn - e.dn <= {_SAME}))
LEFT JOIN own_told t ON t.key = e.key
WHERE r.given_back IS NOT NULL
ORDER BY r.booked_on, r.key, e.booked_on DESC, e.key DESC
"""


def prepare(database: Database) -> None:
    """Make the tables `MADE`, on which `OWN` rests."""
    names = [r["account"] for r in database.rows("SELECT DISTINCT account FROM bank_used WHERE account IS NOT NULL")]
    numbers = {name: number for name, own in owners(names).items() if (number := _number(name, own)) != name}
    database.keep("own_account", _texts(account=list(numbers), number=list(numbers.values())))
    database.make("own_entry", ENTRIES)
    database.make("own_told", TOLD)
    given = _given_back(database)
    database.keep("own_given_back", _texts(key=list(given), original=list(given.values())))


def _number(name: str, owner: str) -> str:
    """What an own account is called: its IBAN or number, where its name is one, else its name."""
    if owner[:2].isalpha() and owner[2:4].isdigit():
        return owner
    number = account_of(name)
    return number if number.isdigit() else name


def _texts(**columns: list[str]) -> Any:
    import pyarrow as pa

    return pa.table({name: pa.array(told, pa.string()) for name, told in columns.items()})


def _given_back(database: Database) -> dict[str, str]:
    """By each entry that gives back, the number of what it does: of the payer's own number, else the latest of the same
    sum and party that nothing else gives back; else the payer's own number, which a record of transfers may have."""
    may: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in database.rows(_MAY):
        may[row["back"]].append(row)
    found, taken = {}, set[str]()
    for row in database.rows(
        "SELECT key, end_to_end FROM own_entry WHERE given_back IS NOT NULL ORDER BY booked_on, key"
    ):
        known = [m for m in may[row["key"]] if m["numbered"]]
        alike = [m for m in may[row["key"]] if m["whole"] and m["partner"]]
        number = next((m["number"] for m in (*known, *alike) if m["number"] not in taken or m["numbered"]), None)
        if number is not None:
            taken.add(number)
        if original := number or row["end_to_end"]:
            found[row["key"]] = original
    return found
