"""What in a statement proves its reading: a running balance, totals, counts. What contradicts is named by its line."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate

from crossbook import money
from crossbook.sources.source import Against
from crossbook.sources.table import balances
from crossbook.sources.table.amounts import bare, is_amount
from crossbook.sources.table.layout import TOTAL


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row as it was read: its line, account and currency, amount and balance in minor units."""

    line: int
    amount: int
    balance: int | None
    account: str
    currency: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """One proof: its name (balance, closing, total, count), how many of its tests hold, and what contradicts it.

    `ascending` is whether the rows run from old to new, where their days or a running balance tell; `lines` are those
    whose amounts a balance tested.
    """

    name: str
    held: int
    tests: int
    against: tuple[Against, ...] = ()
    ascending: bool | None = None
    lines: frozenset[int] = field(default=frozenset(), compare=False, repr=False)

    @property
    def text(self) -> str:
        """The proof as a sentence."""
        return f"{self.held:,} of {self.tests:,} {_NAMES[self.name]}"


_NAMES = {
    "balance": "balances agree",
    "closing": "closing balances agree",
    "total": "totals agree",
    "count": "counts agree",
    "net": "rows: gross - fee = net",
    "netplus": "rows: gross + fee = net",
    "before": "rows: balance before + amount = balance after",
    "subtotal": "rows that may be totals are none",
    "parts": "rows: the columns of amounts make the net amount",
    "signs": "kinds of lines go the way that they can",
    "payout": "payouts are the sum of their lines",
}


@dataclass(kw_only=True)
class Told:
    """What a file tells besides its rows: (line, balance) before the first of them and after the last; the cells of
    total lines by column; texts above and below; lines of rows that are money neither in nor out; the rows' days."""

    opening: list[tuple[int, str]] = field(default_factory=list)
    closing: list[tuple[int, str]] = field(default_factory=list)
    totals: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    neither: list[int] = field(default_factory=list)
    days: list[dict[int, date | None]] = field(default_factory=list)  # of each row, once in each order that is open


def prove(entries: Sequence[Entry], broken: Sequence[int], told: Told, point: str) -> tuple[Proof, ...]:
    """Every proof that the file offers. `broken` are lines that were not read: no balance runs across them."""
    unread = [line for line in broken if line not in told.neither]
    found = [_balance(entries, broken, told, point), *_sums(entries, unread, told, point)]
    found.append(_closing(entries, unread, told, point))
    return tuple(p for p in found if p is not None)


def _balance(entries: Sequence[Entry], broken: Sequence[int], told: Told, point: str) -> Proof | None:
    groups: dict[tuple[str, str], list[Entry]] = {}
    for e in entries:
        groups.setdefault((e.account, e.currency), []).append(e)
    opening = _stated(told.opening, entries[0].currency, point) if len(groups) == 1 else None
    held = tests = 0
    against: list[Against] = []
    ways: set[bool | None] = set()
    lines: list[int] = []
    for group in groups.values():
        up = _run(group, broken, opening)
        down = _run(group[::-1], broken, opening)
        ahead = len(up[1]) < len(down[1]) or (len(up[1]) == len(down[1]) and up[0] >= down[0])
        by_days = balances.ascending([[of.get(e.line) for e in group] for of in told.days])
        ahead = ahead if by_days is None else by_days
        better = up if ahead else down
        held, tests = held + better[0] - len(better[1]), tests + better[0]
        against += better[1]
        lines += better[2]
        ways.add(by_days if len(up[1]) == len(down[1]) else ahead)
    if not tests:
        return None
    ascending = ways.pop() if len(ways) == 1 else None
    return Proof(
        name="balance",
        held=held,
        tests=tests,
        against=tuple(sorted(against, key=lambda a: a.line)),
        ascending=ascending,
        lines=frozenset(lines),
    )


def _stated(balances: Sequence[tuple[int, str]], code: str, point: str) -> int | None:
    """The balance that a file states before or after its rows; None where it states none, or different ones."""
    found = {_minor(text, code, point) for _, text in balances}
    return found.pop() if len(found) == 1 else None


def _closing(entries: Sequence[Entry], unread: Sequence[int], told: Told, point: str) -> Proof | None:
    """Whether the balance before the rows, and the rows, make the balance after them."""
    if unread or len({(e.account, e.currency) for e in entries}) != 1:
        return None
    code = entries[0].currency
    opening, closing = (_stated(b, code, point) for b in (told.opening, told.closing))
    if opening is None or closing is None:
        return None
    right = opening + sum(e.amount for e in entries)
    tally = _Tally("closing")
    line, value = told.closing[0]
    shown, stated = money.show(right, code), money.show(closing, code)
    said = f"closing balance of line {line} is not what the rows make: {stated} where the rows give {shown}"
    tally.test(right == closing, line, "balance", value, said)
    return tally.proof()


def _run(group: Sequence[Entry], broken: Sequence[int], opening: int | None) -> tuple[int, list[Against], list[int]]:
    """How many balances are tested in this order of the rows, those that do not follow from the one before, and the
    lines whose amounts they test."""
    tests, against = 0, list[Against]()
    tested, since = list[int](), list[int]()
    last, moved, line = opening, 0, 0
    gaps = sorted(broken)
    for e in group:
        low, high = sorted((line, e.line)) if line else (e.line, e.line)
        if any(low < gap < high for gap in gaps):
            last = None
        line = e.line
        moved += e.amount
        since.append(e.line)
        if e.balance is None:
            continue
        if last is not None:
            tests += 1
            tested += since
            if last + moved != e.balance:
                right, stated = money.show(last + moved, e.currency), money.show(e.balance, e.currency)
                against.append(
                    Against(
                        line=e.line,
                        column="balance",
                        value=stated,
                        text=f"balance of line {e.line} does not follow: {stated} where the rows give {right}",
                    )
                )
        last, moved, since = e.balance, 0, []
    return tests, against, tested


_IN = r"收入|收款|贷方|贷|存入|转入|入账|credits?|paid in|deposits?|inflows?"
_OUT = r"支出|付款|借方|借|支取|转出|出账|debits?|paid out|withdrawals?|outflows?"
_EITHER = re.compile(
    r"贷方|贷|借方|借|credits?|debits?", re.IGNORECASE
)  # of whichever side: a bank's or a bookkeeper's
_OF = re.compile(
    rf"(?<!\w)(?P<way>{_IN}|{_OUT})(?:总)?(?:合计|总计|小计|金额|总额|发生额|笔数)*"
    rf"\s*[:：]?\s*(?:共)?\s*(?P<n>\d+)\s*笔"
    rf"\s*[,，、]?\s*(?:合计|金额|共计|共|总额)?\s*[:：]?\s*(?P<sum>[¥￥$]?-?\d[\d,]*\.\d+)?",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"(?<!\w)(?P<way>{_IN}|{_OUT})(?:合计|总计|总额|合计金额|总金额)\s*[:：]\s*(?P<sum>[¥￥$]?-?\d[\d,]*\.\d+)",
    re.IGNORECASE,
)
_BARE = re.compile(  # in a line that says that it is a total: its words, and sums without a count
    rf"(?<!\w)(?P<way>{_IN}|{_OUT})(?:金额|发生额)?\s*[:：]?\s*"
    r"(?P<sum>[¥￥$]?-?\d[\d,]*(?:\.\d+(?!\d)|(?=\s*[元圆])))(?![.,]\d|\s*[\d万亿笔条%])",
    re.IGNORECASE,
)
_LONGER = re.compile(r"累计|本年|今年|全年|year|ytd", re.IGNORECASE)  # of more than the rows of the file
_COUNT = re.compile(r"(?<![\d收支借贷])(?:共计|共|合计|总共|总笔数[:：]?)\s*(?P<n>\d+)\s*(?:笔|条)")


def _sums(entries: Sequence[Entry], broken: Sequence[int], told: Told, point: str) -> list[Proof | None]:
    if broken or len({e.currency for e in entries}) != 1:
        return []
    code = entries[0].currency
    amounts = [e.amount for e in entries]
    ways = {
        "in": [a for a in amounts if a > 0],
        "out": [a for a in amounts if a < 0],
    }
    total, count = _Tally("total"), _Tally("count")
    stretch = 0
    for line, cells in told.totals:
        for column, text in cells.items():
            figure = _minor(text, code, point)
            if figure is None:
                continue
            possible = _possible(column, entries, line, stretch)
            total.test(
                abs(figure) in possible, line, column, text, f"total of line {line} is not the sum of the rows: {text}"
            )
        stretch = line
    starts: list[int] = []
    for line, text in told.notes:
        for match in [*_OF.finditer(text), *_ALONE.finditer(text)]:
            way = "in" if re.fullmatch(_IN, match["way"], re.IGNORECASE) else "out"
            either = bool(_EITHER.fullmatch(match["way"]))
            mine = (ways["in"], ways["out"]) if either else (ways[way],)
            written = match["sum"]
            value = _minor(written, code, ".") if written else None
            if value is not None:
                said = f"total of line {line} is not the sum of the rows: {match[0].strip()}"
                total.test(any(abs(value) == abs(sum(w)) for w in mine), line, way, written, said)
            if "n" in match.groupdict():
                said = f"count of line {line} is not that of the rows: {match[0].strip()}"
                count.test(any(int(match["n"]) == len(w) for w in mine), line, way, match["n"], said)
        found = _BARE.finditer(text) if TOTAL.search(text) and not _LONGER.search(text) else ()
        for match in found:
            value = _minor(match["sum"], code, ".")
            if value is not None:
                said = f"total of line {line} is not the sum of the rows: {match[0].strip()}"
                total.test(abs(value) in _in_words(match["way"], entries, line, starts), line, "", match["sum"], said)
        if TOTAL.search(text):
            starts.append(line)
        for match in _COUNT.finditer(text):
            said = f"count of line {line} is not that of the rows: {match[0].strip()}"
            count.test(int(match["n"]) == len(entries) + len(told.neither), line, "", match["n"], said)
    return [total.proof(), count.proof()]


def _in_words(word: str, entries: Sequence[Entry], line: int, starts: Sequence[int]) -> set[int]:
    """The sums that a total in words may be: of the money in, or out, that its word names, in all rows or those above
    it, from the first or from an earlier total on (of a page, a day, a month)."""
    way = 1 if re.fullmatch(_IN, word, re.IGNORECASE) else -1
    found: set[int] = set()
    for sign in (1, -1) if _EITHER.fullmatch(word) else (way,):
        sums = [0, *accumulate(max(sign * e.amount, 0) for e in entries)]
        lines = [e.line for e in entries]
        above = sums[bisect(lines, line)]
        found |= {sums[-1], above} | {above - sums[bisect(lines, start)] for start in starts}
    return found


def _possible(column: str, entries: Sequence[Entry], line: int, since: int) -> set[int]:
    """The sums that a total of a column may be: of all rows above it, or of those since the total before."""
    found: set[int] = set()
    for rows in ([e for e in entries if e.line < line], [e for e in entries if since < e.line < line], list(entries)):
        ins = sum(e.amount for e in rows if e.amount > 0)
        outs = -sum(e.amount for e in rows if e.amount < 0)
        if column == "credit":
            found.add(ins)
        elif column == "debit":
            found.add(outs)
        elif column == "balance":
            found |= {abs(e.balance) for e in rows[-1:] if e.balance is not None}
            found |= {abs(e.balance) for e in rows[:1] if e.balance is not None}
        else:
            found |= {abs(ins - outs), ins + outs, ins, outs}
    return found


def _minor(text: str, code: str, point: str) -> int | None:
    if not is_amount(text):
        return None
    try:
        return money.parse(bare(text)[0], money.exponent(code), point)
    except ValueError:
        return None


class _Tally:
    def __init__(self, name: str) -> None:
        self.name, self.held, self.tests = name, 0, 0
        self.against: list[Against] = []

    def test(self, holds: bool, line: int, column: str, value: str, text: str) -> None:
        self.tests += 1
        if holds:
            self.held += 1
        else:
            self.against.append(Against(line=line, column=column, value=value, text=text))

    def proof(self) -> Proof | None:
        if not self.tests:
            return None
        return Proof(name=self.name, held=self.held, tests=self.tests, against=tuple(self.against))
