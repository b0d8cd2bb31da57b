"""Columns of a settlement that nothing is read of, though they look like what it must say: money, and numbers of orders
or payouts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crossbook import money
from crossbook.sources import rival_columns
from crossbook.sources.table import days
from crossbook.sources.table.amounts import is_amount
from crossbook.sources.table.following import Following

_ID = re.compile(r"(?=[^\W_]*[^\W\d_]*[-_#/.]?\d)[#\w][\w#/.-]*")  # one word with a figure in it


def of_money(followed: Following) -> tuple[str, str] | None:
    """A sentence on the first column of money that is not read, and the header that is; None where all are read, or the
    amounts are proved to be the net ones."""
    columns = followed.spec["columns"]
    read = columns.get("amount", "")
    if not read or "gross" in columns or followed.spec.get("amounts") or not followed.entries:
        return None
    for header in rival_columns.unread(followed):
        place = followed.layout.plain.index(header)
        for entry in followed.entries:
            cell = followed.looked.get(entry.line, ())
            if place < len(cell) and any(c in "123456789" for c in cell[place]):
                own = money.show(abs(entry.amount), entry.currency)
                text = f"nothing proves which column has the amount: line {entry.line} is read as {own} ({read})"
                return f"{text}, and may be {cell[place]} ({header})", read
    return None


def of_ids(followed: Following) -> Iterator[tuple[str, str]]:
    """A sentence on each column that is not read, though its cells look like the numbers of orders or of payouts, and
    its header. Nothing where both have a column."""
    told = {*followed.spec["columns"], *followed.spec.get("find", {}), *_labels(followed.spec)}
    lacking = [name for name in ("order_id", "payout_id") if name not in told]
    used = set(followed.places.values())
    rows = list(followed.looked.values())
    for place, header in enumerate(followed.layout.plain):
        if not lacking or place in used or not header:
            continue
        cells = [row[place] for row in rows if place < len(row) and row[place]]
        if cells and _are_ids(cells, len(rows)):
            text = f"{header} is not read, though its values look like numbers of orders or payouts: {cells[0]}"
            yield text, header


def _labels(spec: dict[str, dict[str, str]]) -> set[str]:
    return {"payout_id"} if "id" in spec.get("payout", {}) else set()


def _are_ids(cells: list[str], rows: int) -> bool:
    """Whether each cell is one word with a figure, none a day or an amount with decimals, and not all too few."""
    if not all(_ID.fullmatch(c) for c in cells) or any(map(days.is_day, cells)):
        return False
    plain = [c for c in cells if is_amount(c) and not c.isdigit()]
    short = all(c.isdigit() and len(c) < 5 for c in cells)  # a quantity, a rate
    return not plain and not short and 2 * len(cells) >= rows
