"""Which columns of amounts together make the net amount of every row of a settlement, and which column that is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from crossbook import money
from crossbook.sources import line_types as types
from crossbook.sources.table.amounts import bare, is_amount
from crossbook.sources.table.layout import TOTAL

MOST_COLUMNS = 14  # that are tried in every combination
ROWS = 200  # that the combinations are held against
SOUND = 3  # rows, all different, below which what they come to is a guess
Column = Callable[[str], list[str]]  # the cells below a header
_GROSS = re.compile(r"gross|brut|lordo|総額|毛额", re.IGNORECASE)
_NET = re.compile(
    r"net|total|settle|payout|released|l[ií]quid|neto|auszahl|versement|结算|应结|净额|到账|实收|入金|振込",
    re.IGNORECASE,
)
_COSTS = ("promotion", "tax", *(kind for kind, way in types.WAYS.items() if way < 0))


def amounts(headers: Sequence[str], columns: Mapping[str, str], column: Column) -> tuple[str, dict[str, str]]:
    """The column of the net amount, and the columns of amounts that together make it in every row, with the kinds that
    their headers name: a guess where they name none, with a minus before it where amounts without any sign are taken
    off. No columns where none make it.

    Where no row has a sum in the column that `columns` names for the net amount, another whose header says net or total
    may be it. Of several sets the largest is taken, of equal ones that without totals.
    """
    net = columns.get("amount", "")
    sums = _figures(column(net)[:ROWS]) if net else _sides(columns, column)
    rest = [h for h in dict.fromkeys(headers) if h and h not in (net, columns.get("credit"), columns.get("debit"))]
    found = _made(rest, sums, column) if sums is not None and any(sums) else {}
    if found or not net or sums is None or any(sums):
        return net, found
    others = [h for h in rest if _NET.search(h)]
    made = {
        h: _made([r for r in [*rest, net] if r != h], figures, column) for h in others if (figures := _some(column(h)))
    }
    best = max(made, key=lambda h: len(made[h]), default=net)
    return (best, made[best]) if made.get(best) else (net, {})


def agrees(columns: Mapping[str, str], column: Column) -> bool:
    """Whether the amount of at least every other row is its money in less its money out."""
    sums, pair = _figures(column(columns["amount"])), _sides(columns, column, rows=None)
    return sums is None or pair is None or 2 * sum(a == b for a, b in zip(sums, pair, strict=True)) >= len(sums)


def _sides(columns: Mapping[str, str], column: Column, rows: int | None = ROWS) -> list[Decimal] | None:
    """Money in less money out of each row; None where no columns have them."""
    if not {"credit", "debit"} <= set(columns):
        return None
    pair = [_figures(column(columns[name])[:rows]) for name in ("credit", "debit")]
    if pair[0] is None or pair[1] is None:
        return None
    return [abs(a) - abs(b) for a, b in zip(pair[0], pair[1], strict=True)]


def _some(texts: Sequence[str]) -> list[Decimal] | None:
    """The amounts of a column that has any but zero."""
    figures = _figures(texts[:ROWS])
    return figures if figures is not None and any(figures) else None


def _made(headers: Sequence[str], sums: list[Decimal], column: Column) -> dict[str, str]:
    """The columns that make the sums: those whose headers are known first, amounts as they are written first."""
    figures = {h: found for h in headers if (found := _some(column(h))) is not None and found != sums}
    kinds = {h: kind for h in figures if (kind := types.proposed(h)) != types.GUESS}
    for known in (kinds, {h: kinds.get(h, _unknown(h)) for h in figures}):
        less = {h for h in known if min(figures[h]) >= 0 and known[h].removesuffix(types.GUESS) in _COSTS}
        for turned in (set[str](), less) if less else (less,):
            signed = {h: [-f for f in figures[h]] if h in turned else figures[h] for h in known}
            if chosen := _chosen(known, sums, signed):
                doubt = types.GUESS if _proving(sums, [signed[h] for h in chosen]) < SOUND else ""
                kinds = {h: f"{known[h].removesuffix(doubt)}{doubt}" if doubt else known[h] for h in chosen}
                return {h: f"{'-' if h in turned else ''}{kinds[h]}" for h in headers if h in chosen}
    return {}


def _unknown(header: str) -> str:
    """The guess of a kind where a header names none: a gross amount is a sale's."""
    return f"{'sale' if _GROSS.search(header) else 'other'}{types.GUESS}"


def _chosen(kinds: Mapping[str, str], sums: list[Decimal], signed: Mapping[str, list[Decimal]]) -> tuple[str, ...]:
    """The largest set of columns that makes the sums."""
    names = sorted(kinds, key=lambda h: (kinds[h].endswith(types.GUESS), bool(TOTAL.search(h))))[:MOST_COLUMNS]
    for size in range(len(names), 1, -1):
        for chosen in combinations(names, size):
            if _make(sums, [signed[h] for h in chosen]):
                return chosen
    return ()


def _proving(sums: list[Decimal], columns: list[list[Decimal]]) -> int:
    """How many different rows say that the columns make the sums: of few, some columns do so by chance."""
    return len({row for row in zip(sums, *columns, strict=True) if any(row[1:])})


def _make(sums: list[Decimal], columns: list[list[Decimal]]) -> bool:
    """Whether the columns make each sum; rows where all are empty are of one amount, and prove nothing."""
    proved = 0
    for total, *parts in zip(sums, *columns, strict=True):
        if not any(parts):
            continue
        if sum(parts) != total:
            return False
        proved += 1
    return proved > 0


def _figures(texts: Sequence[str]) -> list[Decimal] | None:
    """The amounts of a column, empty ones as 0; None where a cell holds none."""
    try:
        point = money.decimal_point([bare(t)[0] for t in texts if is_amount(t)], 2)
    except ValueError:
        return None
    found = []
    for text in texts:
        plain = bare(text)[0]
        if not plain:
            found.append(Decimal(0))
        elif is_amount(text):
            whole = plain.replace(",", "") if point == "." else plain.replace(".", "").replace(",", ".")
            try:
                found.append(Decimal(whole))
            except ArithmeticError:
                return None
        else:
            return None
    return found
