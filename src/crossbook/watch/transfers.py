"""The publication `transfers`: every transfer once, in order, with its parties, and what was set aside and why.

Tables: `watch_account` (holder of each account), `watch_transfer` (a row each transfer; `id` is its place in the order
of moments, declared sequence and line), `watch_aside` (a row each that no rule reads, with the reason) and the view
`watch_leg`, a row for each side of a transfer. `unit` is the amount in the currency of most transfers, of others by the
rates of the book, null where there is none; so are `cny` and `usd` in these. `clock` tells whether the time of day
is known: a midnight is that of a day alone. A day is `doubted` before 1970, and when it lies behind the one on which
its file was added (by more than the day that a zone may be ahead).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crossbook import money
from crossbook.book import Book
from crossbook.calendars import add_business_days, is_business_day
from crossbook.engine import Database, Publication
from crossbook.trade.days import local_day
from crossbook.watch import name_spelling, own_money, unused
from crossbook.watch.rates import factors
from crossbook.watch.returns import kept
from crossbook.watch.settings import Settings, settings_of

if TYPE_CHECKING:
    import pyarrow as pa

ACCOUNTS = """
SELECT number, max_by(institution, place) AS institution, max_by(holder_id, place) AS holder_id,
  max_by(holder, place) AS holder, max_by(country, place) AS country, max_by(kind, place) AS kind,
  max_by(hub, place) AS hub, min(opened_on) AS opened_on, max_by(address, place) AS address,
  max_by(phone, place) AS phone, max_by(device, place) AS device
FROM (SELECT a.*, (e.seq, a.line) AS place FROM payment_account a JOIN evidence e ON e.sha = a.evidence)
WHERE number IS NOT NULL GROUP BY number
"""
COLUMNS = (
    "evidence, line, origin, transfer_id, payer_institution, payer_account, payer, payer_country, payee_institution, "
    "payee_account, payee, payee_country, paid, paid_currency, received, received_currency, moment, day, dated_by, "
    "sequence, kind, reference, original"
)
RECORDED = f"SELECT {COLUMNS.replace('origin', chr(39) + 'record' + chr(39) + ' AS origin', 1)} FROM transfer"
# What one transfer is known by. A UETR is one in the whole world; other numbers are an institution's own, so that the
# rest must agree, as it must of a UETR that was given twice. Without a number equal rows of one file are as many
# transfers, and those of another file the same.
KEY = """
CASE WHEN length(transfer_id) = 36 AND twice.uetr IS NULL THEN transfer_id || kind
  WHEN transfer_id IS NOT NULL THEN concat_ws('|', transfer_id, coalesce(payer_account, payer, ''),
    coalesce(payee_account, payee, ''), CAST(paid AS VARCHAR), paid_currency, CAST(day AS VARCHAR), kind)
END
"""
# UETRs under which more than one transfer is told: between other accounts, or, in one file, of other amounts. The legs
# of one from bank to bank may differ by what each took for it.
TWICE = """
SELECT uetr, of_kind FROM (
  SELECT transfer_id AS uetr, kind AS of_kind, min(payer_account) AS payer, max(payer_account) AS last_payer,
    min(payee_account) AS payee, max(payee_account) AS last_payee,
    CASE WHEN min(paid) <> max(paid) AND min(received) <> max(received) THEN 1 ELSE 0 END AS other_amount
  FROM raw WHERE length(transfer_id) = 36 GROUP BY transfer_id, kind, evidence
) f GROUP BY uetr, of_kind
HAVING max(other_amount) = 1 OR min(payer) <> max(last_payer) OR min(payee) <> max(last_payee)
"""
ONCE = f"""
WITH told AS (
  SELECT r.*, e.seq, {KEY} AS number_key,
    concat_ws('|', origin, coalesce(payer_account, payer, ''), coalesce(payee_account, payee, ''),
      CAST(coalesce(paid, received) AS VARCHAR), coalesce(paid_currency, received_currency), CAST(day AS VARCHAR),
      coalesce(CAST(moment AS VARCHAR), ''), kind) AS row_key
  FROM raw r JOIN evidence e ON e.sha = r.evidence
  LEFT JOIN ({TWICE}) twice ON twice.uetr = r.transfer_id AND twice.of_kind = r.kind
), nth AS (
  SELECT *,
    CASE WHEN number_key IS NULL THEN row_number() OVER (PARTITION BY evidence, row_key ORDER BY line) END AS nth
  FROM told
)
SELECT *, row_number() OVER (
  PARTITION BY coalesce(number_key, row_key), nth
  ORDER BY CASE WHEN origin = 'record' THEN 0 ELSE 1 END, seq, line
) AS telling FROM nth
"""
FIRST, LAST = "DATE '0001-01-01'", "DATE '9999-12-31'"  # beyond which a zone may lead, where no program has a day
REASONS = (
    "told again",
    "cover",
    "opening balance",
    "no amount",
    "negative amount",
    "amount of zero",
    "no party",
    "no day",
)
# Why a transfer is read by no rule; null for those that are.
REASON = """
CASE WHEN telling > 1 THEN 'told again'
  WHEN kind = 'cover' THEN 'cover'
  WHEN kind = 'opening' THEN 'opening balance'
  WHEN coalesce(paid, received) IS NULL THEN 'no amount'
  WHEN coalesce(paid, received) < 0 THEN 'negative amount'
  WHEN coalesce(paid, received) = 0 THEN 'amount of zero'
  WHEN coalesce(payer_account, payer, payee_account, payee) IS NULL AND (kind <> 'return' OR original IS NULL)
    THEN 'no party'
  WHEN moment IS NULL AND day IS NULL THEN 'no day'
END
"""


def make(database: Database, book: Book) -> None:
    """Make the tables of this publication."""
    settings = settings_of(book)
    database.make("watch_account", ACCOUNTS)
    if settings.own_money:
        own_money.prepare(database)
    database.make("raw", RECORDED + (f" UNION ALL {own_money.OWN}" if settings.own_money else ""))
    for name in own_money.MADE if settings.own_money else ():
        database.drop(name)
    database.make("once", ONCE)
    database.drop("raw")
    database.make(
        "watch_aside",
        f"SELECT evidence, line, transfer_id, day, {REASON} AS reason FROM once WHERE {REASON} IS NOT NULL",
    )
    database.keep("added", _added(book))
    name_spelling.prepare(database)
    database.make("ordered", _ordered(settings))
    database.drop("name_spelled")
    database.drop("once")
    database.drop("added")
    _worth(database)
    database.drop("ordered")
    _business_days(database)
    database.define("watch_leg", LEGS)
    unused.make(database, unused.named(book, settings))


def _added(book: Book) -> pa.Table:
    """(sha, day): the day on which each file was added, in UTC."""
    import pyarrow as pa

    held = book.evidence()
    days = [date.fromisoformat(e["added_at"][:10]) for e in held]
    return pa.table({"sha": pa.array([e["sha"] for e in held], pa.string()), "day": pa.array(days, pa.date32())})


def _ordered(settings: Settings) -> str:
    """Each transfer in order, its sides as accounts and parties."""
    local = local_day("o.moment", settings.zone)
    hubs = ", ".join("'" + hub.replace("'", "''") + "'" for hub in settings.hubs) or "''"

    began = "o.moment - INTERVAL 1 SECOND"
    clock = " AND ".join(
        f"{local_day('o.moment', zone)} = {local_day(f'({began})', zone)}"
        for zone in dict.fromkeys(("UTC", "Asia/Shanghai", settings.zone))
    )

    def side(end: str, a: str) -> str:
        account = f"coalesce(o.{end}_account, {name_spelling.account(end)})"
        return f"""{account} AS {end}_account, coalesce({a}.holder_id, {account}) AS {end}_party,
          coalesce({a}.holder, o.{end}) AS {end},
          CASE WHEN lower(trim({a}.holder)) <> lower(trim(o.{end})) THEN o.{end} END AS {end}_told,
          coalesce(o.{end}_country, {a}.country) AS {end}_country,
          {a}.kind AS {end}_kind, coalesce({a}.hub, o.{end}_account IN ({hubs}), false) AS {end}_hub"""

    return f"""
    WITH {kept(REASON)},
    returned AS (
      SELECT original, sum(coalesce(paid, received)) AS back, min(coalesce(paid_currency, received_currency)) AS least,
        max(coalesce(paid_currency, received_currency)) AS most
      FROM kept WHERE kind = 'return' AND original IS NOT NULL GROUP BY original
    ),
    dated AS (
      SELECT o.*, CASE WHEN dated_by = 'executed' AND moment IS NOT NULL AND {local} BETWEEN {FIRST} AND {LAST}
          THEN {local} ELSE o.day END AS local_day,
        coalesce(epoch(o.moment), epoch(CAST(o.day AS TIMESTAMP))) AS seconds,
        o.day < DATE '1970-01-01' OR coalesce(o.day > added.day + 1, false) AS doubted,
        coalesce(dated_by = 'executed' AND {clock}, false) AS clock
      FROM kept o LEFT JOIN added ON added.sha = o.evidence
    )
    SELECT row_number() OVER (
        ORDER BY seconds, sequence NULLS FIRST, seq, line, coalesce(o.paid, o.received)
      ) - 1 AS id, o.evidence, o.line, o.origin, o.transfer_id, {side("payer", "a")}, {side("payee", "b")},
      o.payer_institution, o.payee_institution,
      coalesce(o.paid, o.received) AS paid, coalesce(o.paid_currency, o.received_currency) AS paid_currency,
      coalesce(o.received, o.paid) AS received,
      CASE WHEN o.received IS NULL THEN coalesce(o.paid_currency, o.received_currency)
        ELSE o.received_currency END AS received_currency,
      CAST(floor(o.seconds) AS BIGINT) AS seconds, o.clock AND NOT o.doubted AS clock, o.doubted, o.sequence,
      o.local_day AS day, CAST(o.local_day - DATE '1970-01-01' AS BIGINT) AS dn, o.kind, o.reference, o.original,
      (o.kind = 'return' OR {_back("r")} OR {_back("s")}) AS returned
    FROM dated o
    LEFT JOIN watch_account a ON a.number = o.payer_account
    LEFT JOIN watch_account b ON b.number = o.payee_account
    LEFT JOIN returned r ON r.original = o.transfer_id
    {name_spelling.joined("payer")}
    {name_spelling.joined("payee")}
    LEFT JOIN returned s ON s.original = o.reference AND s.original IS DISTINCT FROM o.transfer_id
    """


def _back(r: str) -> str:
    """SQL of whether a transfer came back by the returns `r` of it: half at least, where both are told in one currency.
    Who gets a small part back was paid all the same."""
    same = f"""CASE WHEN {r}.least = {r}.most AND {r}.least = coalesce(o.paid_currency, o.received_currency)
        THEN coalesce(o.paid, o.received)
      WHEN {r}.least = {r}.most AND {r}.least = o.received_currency THEN o.received END"""
    return f"({r}.original IS NOT NULL AND coalesce({r}.back * 2 >= {same}, true))"


LEGS = """
SELECT id, 'out' AS side, payer_party AS party, payer_account AS account, payer AS name, payer_kind AS holder_kind,
  payer_hub AS hub, payee_party AS other, payee_account AS other_account, payee_hub AS other_hub, day, dn, seconds,
  paid AS amount, paid_currency AS currency, paid_one AS one, paid_cny AS cny, paid_usd AS usd, unit, kind, origin,
  payer_country <> payee_country AS crossing, kind IN ('cash_in', 'cash_out') AS cash, returned,
  coalesce(payer_party = payee_party, false) AS own, payee_institution AS other_institution, payee_kind AS other_kind,
  reference, payer_told AS told, clock, doubted, sequence
FROM watch_transfer WHERE payer_party IS NOT NULL
UNION ALL
SELECT id, 'in', payee_party, payee_account, payee, payee_kind, payee_hub, payer_party, payer_account, payer_hub, day,
  dn, seconds, received, received_currency, received_one, received_cny, received_usd, unit, kind, origin,
  payer_country <> payee_country, kind IN ('cash_in', 'cash_out'), returned, coalesce(payer_party = payee_party, false),
  payer_institution, payer_kind, reference, payee_told, clock, doubted, sequence
FROM watch_transfer WHERE payee_party IS NOT NULL
"""


def _worth(database: Database) -> None:
    """Make `watch_transfer`: the transfers with what they are worth in yuan, in dollars, and in one unit."""
    import pyarrow as pa

    pairs = "(SELECT paid_currency AS currency, day FROM ordered UNION SELECT received_currency, day FROM ordered)"
    for code in ("CNY", "USD"):
        database.keep(f"worth_{code.lower()}", factors(database, pairs, code))
    database.keep(
        "one",
        pa.table({"currency": list(money.EXPONENT), "one": [10 ** money.exponent(c) for c in money.EXPONENT]}),
    )
    most = database.rows(
        "SELECT paid_currency AS c FROM ordered GROUP BY paid_currency ORDER BY count(*) DESC, paid_currency LIMIT 1"
    )
    main = most[0]["c"] if most else "CNY"
    database.keep("worth_main", factors(database, pairs, main))
    columns, joins = [], []
    for end in ("paid", "received"):
        columns.append(f"{end}_one.one AS {end}_one")
        joins.append(f"LEFT JOIN one {end}_one ON {end}_one.currency = o.{end}_currency")
        for code in ("cny", "usd"):
            name = f"{end}_{code}"
            columns.append(
                f"CASE WHEN o.{end}_currency = '{code.upper()}' THEN o.{end} "
                f"ELSE CAST(round(o.{end} * w_{name}.factor) AS BIGINT) END AS {name}"
            )
            joins.append(
                f"LEFT JOIN worth_{code} w_{name} ON w_{name}.currency = o.{end}_currency AND w_{name}.day = o.day"
            )
    for end in ("paid", "received"):
        joins.append(f"LEFT JOIN worth_main m_{end} ON m_{end}.currency = o.{end}_currency AND m_{end}.day = o.day")
    unit = f"""
      CASE WHEN o.paid_currency = '{main}' THEN o.paid WHEN o.received_currency = '{main}' THEN o.received
        ELSE CAST(round(coalesce(o.paid * m_paid.factor, o.received * m_received.factor)) AS BIGINT) END AS unit"""
    database.make(
        "watch_transfer",
        f"SELECT o.*, {', '.join(columns)}, {unit}, '{main}' AS unit_currency "
        f"FROM ordered o {' '.join(joins)} ORDER BY id",
    )
    for name in ("worth_cny", "worth_usd", "worth_main", "one"):
        database.drop(name)


def _business_days(database: Database) -> None:
    """Make `business_day(day, next)`: the day to which cash of a day counts in the United States."""
    import pyarrow as pa

    days = [
        r["day"] for r in database.rows("SELECT DISTINCT day FROM watch_transfer WHERE kind IN ('cash_in', 'cash_out')")
    ]
    database.keep(
        "business_day",
        pa.table(
            {
                "day": pa.array(days, pa.date32()),
                "next": pa.array([_next(day) for day in days], pa.date32()),
            }
        ),
    )


def _next(day: date) -> date:
    try:
        return day if is_business_day(day, ("US",)) else add_business_days(day - timedelta(days=1), 1, ("US",))
    except ValueError:
        return day


def _state(book: Book) -> str:
    told: Any = settings_of(book)
    return repr((told.zone, told.hubs, told.own_money, unused.named(book, told)))


TRANSFERS = Publication(
    name="transfers",
    make=make,
    rests_on=("trade",),
    state=_state,
    memory="3GB",
)
