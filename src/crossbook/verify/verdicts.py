"""A verdict for every trade: all rules in one pass over the trades, and which of them each trade breaks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

import pyarrow as pa

from crossbook.engine import Database
from crossbook.verify import jurisdictions, rings, trades
from crossbook.verify.needs import Needs, Tolerance
from crossbook.verify.rule import VERDICTS
from crossbook.verify.rules import rules

# Rules to a word: the bits of a BIGINT that are no sign. The first word is `broken`, the second `broken_2`.
WORD = 62
WORDS = ("broken", "broken_2")
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
LEFT JOIN name_pair parcel_to ON parcel_to.a = {addressee} AND parcel_to.b = t.consignee
LEFT JOIN name_pair invoiced ON invoiced.a = t.invoice_buyer AND invoiced.b = t.buyer
LEFT JOIN name_pair given_to ON given_to.a = t.consignee AND given_to.b = t.buyer
LEFT JOIN shared_payment sp ON sp.order_id = t.order_id LEFT JOIN shared_invoice si ON si.order_id = t.order_id
LEFT JOIN usual_goods ug ON ug.order_id = t.order_id
LEFT JOIN sent_share ss ON ss.account = t.account AND ss.month = date_trunc('month', t.placed_on)
LEFT JOIN unscanned us ON us.order_id = t.order_id LEFT JOIN early_refund er ON er.order_id = t.order_id
LEFT JOIN listed_place lp ON lp.order_id = t.order_id LEFT JOIN payer_many pm ON pm.order_id = t.order_id
LEFT JOIN address_many am ON am.order_id = t.order_id LEFT JOIN phone_many fm ON fm.order_id = t.order_id
LEFT JOIN rhythm rh ON rh.order_id = t.order_id LEFT JOIN near_limit nl ON nl.order_id = t.order_id
LEFT JOIN paid_to pt ON pt.order_id = t.order_id LEFT JOIN strange_title tt ON tt.order_id = t.order_id
LEFT JOIN listed_trade lt ON lt.order_id = t.order_id
LEFT JOIN unfit_mode um ON um.order_id = t.order_id LEFT JOIN declared_else de ON de.order_id = t.order_id
LEFT JOIN strange_country sc ON sc.order_id = t.order_id
LEFT JOIN refunded_to rt ON rt.order_id = t.order_id LEFT JOIN paid_back_often pb ON pb.order_id = t.order_id
LEFT JOIN off_business ob ON ob.order_id = t.order_id LEFT JOIN strange_declared td ON td.order_id = t.order_id
CROSS JOIN business b
""".format(addressee=trades.ADDRESSEE.replace("ship_consignee", "t.ship_consignee"))


def match(
    database: Database,
    wanted: Mapping[str, Needs],
    tolerance: Tolerance,
    own: str = "",
    affiliates: Sequence[str] = (),
) -> None:
    """Make `trade`, what stands beside it, and `matched`: order_id, account, currency, stake, day, witnesses, broken,
    broken_2.

    `stake` is null where no paper says an amount; `day` is that of the order, in the zone of its account. `witnesses`
    are those but the seller, parted by spaces, null for nobody. `broken` and then `broken_2` have a bit for each rule
    that a trade breaks, in the order of `rules()`, whatever people decided.
    """
    trades.read(database, wanted, own, affiliates)
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
    table = {"order_id": pa.array(list(masks), pa.string())} | {
        f"aside{word}": pa.array([_word(mask, word) for mask in masks.values()], pa.int64())
        for word in range(len(WORDS))
    }
    database.keep("set_aside", pa.table(table))
    database.keep("rule_bit", _bits())
    database.define("verdict", _VERDICT.format(worst=_worst_sql()))
    database.make("verify_finding", _FINDINGS)


_VERDICT = """
SELECT *, {worst} AS verdict FROM (
  SELECT m.* REPLACE (m.broken & ~coalesce(a.aside0, 0) AS broken, m.broken_2 & ~coalesce(a.aside1, 0) AS broken_2)
  FROM matched m LEFT JOIN set_aside a USING (order_id))
"""
_FINDINGS = """
SELECT 'verify' AS desk, r.rule, m.order_id AS subject,
       CASE WHEN coalesce(a.aside0, 0) & r.bit0 <> 0 OR coalesce(a.aside1, 0) & r.bit1 <> 0 THEN 'set aside'
            ELSE r.verdict END AS verdict,
       m.stake AS amount, m.currency, CASE WHEN r.dated THEN b.day END AS as_of
FROM (SELECT * FROM matched WHERE broken <> 0 OR broken_2 <> 0) m
JOIN rule_bit r ON m.broken & r.bit0 <> 0 OR m.broken_2 & r.bit1 <> 0
LEFT JOIN set_aside a ON a.order_id = m.order_id CROSS JOIN business b
"""


def _bits() -> pa.Table:
    """Every rule with its bit, and whether it depends on the last day of the book."""
    told = {
        "rule": [r.name for r in rules()],
        "verdict": [r.verdict for r in rules()],
        "dated": ["b.day" in r.sql for r in rules()],
    }
    return pa.table(
        told
        | {
            f"bit{word}": pa.array([_word(1 << i, word) for i in range(len(rules()))], pa.int64())
            for word in range(len(WORDS))
        }
    )


def _word(mask: int, word: int) -> int:
    """The bits of one word of a mask over all rules."""
    return mask >> (word * WORD) & ((1 << WORD) - 1)


def joined() -> str:
    """What a rule's condition and values are selected from."""
    return _JOINED


def _matched_sql(tolerance: Tolerance) -> str:
    # as DOUBLE: the largest amount that is read times a hundred is too wide for whole numbers
    values = {n: f"{v}e0" if n.endswith("_percent") else v for n, v in asdict(tolerance).items()}
    bits: list[list[str]] = [[] for _ in WORDS]
    for i, r in enumerate(rules()):
        told = f"CASE WHEN {r.sql.format(**values)} THEN CAST({1 << i % WORD} AS BIGINT) ELSE 0 END"
        bits[i // WORD].append(told)
    words = ", ".join(f"{_sum(told)} AS {name}" for told, name in zip(bits, WORDS, strict=True))
    return f"""
SELECT t.order_id, t.account,
       CASE WHEN t.total IS NOT NULL THEN t.currency WHEN t.paid IS NOT NULL THEN t.pay_currency
            WHEN t.declared IS NOT NULL THEN t.declared_currency
            ELSE coalesce(t.currency, t.pay_currency, t.declared_currency) END AS currency,
       CAST(coalesce(t.total, t.paid, t.declared) AS BIGINT) AS stake, t.placed_on AS day,
       t.witnesses, {words}
FROM {_JOINED}
"""


def _sum(terms: Sequence[str]) -> str:
    """A sum whose brackets halve it again and again: the planner walks a chain of sums anew at each of its steps."""
    if len(terms) < 2:
        return "".join(terms) or "0"
    half = len(terms) // 2
    return f"({_sum(terms[:half])} + {_sum(terms[half:])})"


def state(wanted: Mapping[str, Needs], tolerance: Tolerance, own: str, affiliates: Sequence[str] = ()) -> str:
    """A text that changes with whatever `match` makes its tables of, the facts apart."""
    tables = (rings.state(), jurisdictions.rows())
    return repr((trades.TEXTS, _matched_sql(tolerance), dict(wanted), own, tuple(affiliates), tables))


def _worst_sql() -> str:
    """The verdict that the bits of `broken` and `broken_2` give, as SQL."""
    cases = []
    for verdict in VERDICTS[:-1]:
        mask = sum(1 << i for i, r in enumerate(rules()) if r.verdict == verdict)
        parts = [(name, _word(mask, word)) for word, name in enumerate(WORDS)]
        told = " OR ".join(f"{name} & CAST({part} AS BIGINT) <> 0" for name, part in parts if part)
        cases.append(f"WHEN {told} THEN '{verdict}'")
    worst = " ".join(cases)
    return f"CASE {worst} ELSE '{VERDICTS[-1]}' END"


def bit(rule: str) -> int:
    """The bit of a rule in the mask over all rules; 0 when there is no such rule any more."""
    return next((1 << i for i, r in enumerate(rules()) if r.name == rule), 0)


def breaks(rule: str, of: str = "") -> str:
    """The condition, in SQL, that the words of a trade have the bit of `rule`; `of` is the table's name and a dot."""
    mask = bit(rule)
    word = 1 if mask >> WORD else 0
    return f"{of}{WORDS[word]} & CAST({_word(mask, word)} AS BIGINT) <> 0"


def broken(first: int, second: int = 0) -> tuple[str, ...]:
    """The names of the rules whose bits are set in `broken` and `broken_2`, the worst first."""
    mask = first | second << WORD
    return tuple(r.name for i, r in enumerate(rules()) if mask >> i & 1)
