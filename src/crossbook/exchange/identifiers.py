"""By what the exchange names a party: identifiers as the book has them, in one spelling, never a name alone.

An account is letters and digits, capital; a phone its digits as they are dialled within its country, seven at least; an
e-mail address is small; a customer's number (`holder`) is as the institution writes it, capital: it names a party to
another only where both take a number that is the party's own, as of a register of companies or a passport. Phones are
spelled by `trade/signs.py`.
"""

from __future__ import annotations

from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.exchange.agreement import Agreement, Party
from crossbook.watch.identified import Named, spelled

# Whom a side knows: holders of accounts on its side of the border.
_ON_OURS = "({institution} IN (SELECT unnest($institutions)) OR (len($institutions) = 0 AND {country} = $country))"
_ON_THEIRS = _ON_OURS.replace("$institutions", "$their_institutions").replace("$country", "$their_country")
_PAYER, _PAYEE = ({"institution": f"{end}_institution", "country": f"{end}_country"} for end in ("payer", "payee"))
_AT_BORDER = f"""
WITH own AS (
  SELECT account FROM watch_leg WHERE party = $party
  UNION SELECT number FROM watch_account WHERE holder_id = $party
), crossed AS (
  SELECT payer_account, payee_account FROM watch_transfer
  WHERE ({_ON_OURS.format(**_PAYER)} AND {_ON_THEIRS.format(**_PAYEE)})
    OR ({_ON_THEIRS.format(**_PAYER)} AND {_ON_OURS.format(**_PAYEE)})
)
SELECT DISTINCT account FROM own WHERE NOT starts_with(account, 'name:')
  AND account IN (SELECT payer_account FROM crossed UNION SELECT payee_account FROM crossed)
"""
_HELD = f"""
WITH held AS (
  SELECT number AS account, holder_id AS holder, phone FROM watch_account
  WHERE {_ON_OURS.format(institution="institution", country="country")}
), paid AS (
  SELECT payer_account AS account FROM watch_transfer
  WHERE {_ON_OURS.format(institution="payer_institution", country="payer_country")}
  UNION SELECT payee_account FROM watch_transfer
  WHERE {_ON_OURS.format(institution="payee_institution", country="payee_country")}
)
SELECT DISTINCT kind, value FROM (
  SELECT 'account' AS kind, account AS value FROM held
  UNION ALL SELECT 'account', account FROM paid WHERE NOT starts_with(account, 'name:')
  UNION ALL SELECT 'holder', holder FROM held
  UNION ALL SELECT 'phone', phone FROM held
) told WHERE value IS NOT NULL
"""
# What a party of the watch is known by: the accounts of its transfers, and what the table of accounts says of it.
_OF_PARTY = """
WITH own AS (
  SELECT account FROM watch_leg WHERE party = $party
  UNION SELECT number FROM watch_account WHERE holder_id = $party
)
SELECT DISTINCT kind, value FROM (
  SELECT 'account' AS kind, account AS value FROM own WHERE NOT starts_with(account, 'name:')
  UNION ALL SELECT 'holder', holder_id FROM watch_account WHERE holder_id = $party
  UNION ALL SELECT 'phone', phone FROM watch_account WHERE holder_id = $party
) told WHERE value IS NOT NULL ORDER BY kind, value
"""


def given(kind: str, value: str) -> Named:
    """An identifier that somebody typed. Raises CrossbookError where it is none."""
    text = spelled(kind, value)
    if not text:
        raise CrossbookError(f"no {kind}: {value[:40]!r}", todo="give it as it stands in the book")
    return kind, text


def held(database: Database, mine: Party, kinds: tuple[str, ...]) -> set[Named]:
    """The identifiers of these kinds of whom this side knows: who holds an account on its side of the border."""
    database.ask("transfers")
    rows = database.rows(_HELD, institutions=list(mine.institutions), country=mine.country)
    return _spelled(rows, kinds)


def at_border(database: Database, party: str, mine: Party, other: Party) -> set[Named]:
    """The accounts of a party of the watch that stand in transfers across the border between two sides, on either end:
    both sides have these."""
    database.ask("transfers")
    sides = {"institutions": list(mine.institutions), "country": mine.country}
    sides |= {"their_institutions": list(other.institutions), "their_country": other.country}
    rows = database.rows(_AT_BORDER, party=party, **sides)
    return {("account", spelled("account", row["account"])) for row in rows}


def of_party(database: Database, party: str, kinds: tuple[str, ...]) -> list[Named]:
    """The identifiers of these kinds of a party of the watch, in order."""
    database.ask("transfers")
    return sorted(_spelled(database.rows(_OF_PARTY, party=party), kinds))


def text_of(agreement: Agreement, about: str, named: Named) -> bytes:
    """An identifier as a text for one look-up alone, so that what was answered for one says nothing in another."""
    return "\x1f".join((agreement.sha, about, *named)).encode()


def _spelled(rows: list[dict[str, str]], kinds: tuple[str, ...]) -> set[Named]:
    found = {(r["kind"], spelled(r["kind"], r["value"])) for r in rows if r["kind"] in kinds}
    return {named for named in found if named[1]}
