"""A verdict for every trade: all rules in one pass over the trades, and which of them each trade breaks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict

import pyarrow as pa

from crossbook.engine import Database
from crossbook.verify import trades
from crossbook.verify.needs import Needs, Tolerance
from crossbook.verify.rule import VERDICTS
from crossbook.verify.rules import rules

# How many trades have no known amount, in SQL over `stake` and `currency`.
UNKNOWN = "count(*) FILTER (stake IS NULL OR currency IS NULL)"
# What rules may name beside the trade itself.
_JOINED = """
trade t LEFT JOIN needed n ON n.account = CASE WHEN t.account IN (SELECT account FROM needed) THEN t.account ELSE '' END
LEFT JOIN shared_tracking st ON st.order_id = t.order_id LEFT JOIN shared_list sl ON sl.order_id = t.order_id
LEFT JOIN usual_price up ON up.item = t.item AND up.currency = t.currency
LEFT JOIN usual_institution ui ON ui.account = t.account LEFT JOIN repeated rp ON rp.order_id = t.order_id
LEFT JOIN paid_group pg ON pg.order_id = t.order_id
LEFT JOIN name_pair payer ON payer.a = t.payer AND payer.b = t.buyer
LEFT JOIN name_pair parcel_to ON parcel_to.a = t.ship_consignee AND parcel_to.b = t.consignee
LEFT JOIN name_pair invoiced ON invoiced.a = t.invoice_buyer AND invoiced.b = t.buyer CROSS JOIN business b
"""


def match(database: Database, wanted: Mapping[str, Needs], tolerance: Tolerance, own: str = "") -> None:
    """Make `trade`, what stands beside it, and `matched(order_id, account, currency, stake, day, broken)`.

    `stake` is null where no paper says an amount; `day` is that of the order, in the zone of its account. `broken` has
    a bit for each rule that a trade breaks, in the order of `rules()`, whatever people decided.
    """
    trades.read(database, wanted, own)
    database.make("matched", _matched_sql(tolerance))


def decide(database: Database, aside: Collection[tuple[str, str]]) -> None:
    """Make `verdict` and `verify_finding` of `matched`, without the rules in `aside` (order and rule) for each trade.

    `verdict` has the columns of `matched` with `broken` as decided, and the worst verdict that is left.
    `verify_finding(desk, rule, subject, verdict, amount, currency, as_of)` has a row for each rule that a trade breaks;
    one that was set aside says so in place of its verdict.
    """
    masks: dict[str, int] = {}
    for order_id, rule in aside:
        masks[order_id] = masks.get(order_id, 0) | bit(rule)
    table = {"order_id": pa.array(list(masks), pa.string()), "aside": pa.array(list(masks.values()), pa.int64())}
    database.keep("set_aside", pa.table(table))
    database.keep("rule_bit", _bits())
    database.define("verdict", _VERDICT.format(worst=_worst_sql()))
    database.make("verify_finding", _FINDINGS)


_VERDICT = """
SELECT *, {worst} AS verdict FROM (
  SELECT m.* REPLACE (m.broken & ~coalesce(a.aside, 0) AS broken) FROM matched m LEFT JOIN set_aside a USING (order_id))
"""
_FINDINGS = """
SELECT 'verify' AS desk, r.rule, m.order_id AS subject,
       CASE WHEN coalesce(a.aside, 0) & r.bit <> 0 THEN 'set aside' ELSE r.verdict END AS verdict,
       m.stake AS amount, m.currency, CASE WHEN r.dated THEN b.day END AS as_of
FROM (SELECT * FROM matched WHERE broken <> 0) m JOIN rule_bit r ON m.broken & r.bit <> 0
LEFT JOIN set_aside a ON a.order_id = m.order_id CROSS JOIN business b
"""


def _bits() -> pa.Table:
    """Every rule with its bit, and whether it depends on the last day of the book."""
    return pa.table(
        {
            "rule": [r.name for r in rules()],
            "verdict": [r.verdict for r in rules()],
            "bit": pa.array([1 << i for i in range(len(rules()))], pa.int64()),
            "dated": ["b.day" in r.sql for r in rules()],
        }
    )


def joined() -> str:
    """What a rule's condition and values are selected from."""
    return _JOINED


def _matched_sql(tolerance: Tolerance) -> str:
    values = asdict(tolerance)
    bits = [
        f"CASE WHEN {r.sql.format(**values)} THEN CAST({1 << i} AS BIGINT) ELSE 0 END" for i, r in enumerate(rules())
    ]
    return f"""
SELECT t.order_id, t.account,
       CASE WHEN t.total IS NOT NULL THEN t.currency WHEN t.paid IS NOT NULL THEN t.pay_currency
            WHEN t.declared IS NOT NULL THEN t.declared_currency
            ELSE coalesce(t.currency, t.pay_currency, t.declared_currency) END AS currency,
       CAST(coalesce(t.total, t.paid, t.declared) AS BIGINT) AS stake, t.placed_on AS day,
       {" + ".join(bits)} AS broken
FROM {_JOINED}
"""


def state(wanted: Mapping[str, Needs], tolerance: Tolerance, own: str) -> str:
    """A text that changes with whatever `match` makes its tables of, the facts apart."""
    return repr((trades.TEXTS, _matched_sql(tolerance), dict(wanted), own))


def _worst_sql() -> str:
    """The verdict that the bits of `broken` give, as SQL."""
    worst = " ".join(
        f"WHEN broken & {sum(1 << i for i, r in enumerate(rules()) if r.verdict == verdict)} <> 0 THEN '{verdict}'"
        for verdict in VERDICTS[:-1]
    )
    return f"CASE {worst} ELSE '{VERDICTS[-1]}' END"


def bit(rule: str) -> int:
    """The bit of a rule in `broken`; 0 when there is no such rule any more."""
    return next((1 << i for i, r in enumerate(rules()) if r.name == rule), 0)


def breaks(rule: str) -> str:
    """The condition, in SQL, that `broken` has the bit of `rule`."""
    return f"broken & CAST({bit(rule)} AS BIGINT) <> 0"


def broken(mask: int) -> tuple[str, ...]:
    """The names of the rules whose bits are set, the worst first."""
    return tuple(r.name for i, r in enumerate(rules()) if mask >> i & 1)
