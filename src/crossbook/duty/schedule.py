"""The dated tariff schedule: which lines were in force on a day, with their ordinary duties.

Made from thirteen official exports between January 2025 and June 2026 (`tools/duty_tables.py`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from crossbook.duty.lines import Revision, TariffLine, digits, dotted
from crossbook.duty.tables import FIRST_DAY, replaced
from crossbook.errors import NotFoundError

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq


@lru_cache(maxsize=1)
def _file() -> pq.ParquetFile:
    import pyarrow.parquet as pq

    with as_file(files("crossbook").joinpath("data", "duty", "schedule.parquet")) as path:
        return pq.ParquetFile(path)


@lru_cache(maxsize=1)
def table() -> pa.Table:
    """The whole shipped schedule, sorted by code and day."""
    return _file().read()


@lru_cache(maxsize=64)
def _group(number: int) -> list[dict[str, Any]]:
    return list(_file().read_row_group(number, use_threads=False).to_pylist())


@lru_cache(maxsize=1)
def _starts() -> list[str]:
    meta = _file().metadata
    return [meta.row_group(i).column(0).statistics.min for i in range(meta.num_row_groups)]


@lru_cache(maxsize=4096)
def _under(prefix: str) -> tuple[TariffLine, ...]:
    """Lines of any day whose code starts with `prefix`. Reads only the part of the file that can hold them."""
    starts = _starts()
    first = max(0, bisect_left(starts, prefix) - 1)
    last = bisect_left(starts, prefix + ":")
    found = []
    for i in range(first, last):
        group = _group(i)
        low = bisect_left(group, prefix, key=_code)
        found += [_line(r) for r in group[low : bisect_left(group, prefix + ":", lo=low, key=_code)]]
    return tuple(found)


def _code(row: dict[str, Any]) -> str:
    return str(row["code"])


def _line(r: dict[str, Any]) -> TariffLine:
    return TariffLine(
        code=r["code"],
        since=r["valid_from"],
        until=r["valid_to"],
        path=r["path"],
        general=r["general"],
        special=r["special"],
        other=r["other"],
        units=tuple(filter(None, r["units"].split(","))),
        footnotes=tuple(filter(None, r["footnotes"].split(","))),
    )


def last_revision() -> date:
    """From when the newest revision that is shipped is in force."""
    meta = _file().metadata
    found: date = max(meta.row_group(i).column(1).statistics.max for i in range(meta.num_row_groups))
    return found


def lines_under(prefix: str, on: date, newer: Sequence[Revision] = ()) -> list[TariffLine]:
    """Lines in force on a day whose code starts with `prefix`; of the last of `newer` where that is in force."""
    day = max(on, FIRST_DAY)
    for revision in reversed(newer):
        if revision.since <= day:
            return revision.under(prefix)
    return [line for line in _under(prefix) if line.since <= day and (line.until is None or day <= line.until)]


def line(code: str, on: date, newer: Sequence[Revision] = ()) -> TariffLine:
    """The line in force on a day. Raises NotFoundError that names children, replacements or neighbours."""
    clean = digits(code)
    found = lines_under(clean, on, newer)
    if len(clean) == 10 and not found and clean.endswith("00"):
        found = [x for x in lines_under(clean[:8], on, newer) if len(x.code) == 8]
    exact = [x for x in found if x.code == clean or (len(x.code) == 8 and clean.startswith(x.code))]
    if exact:
        return exact[0]
    if len(found) == 1 and len(clean) >= 8:
        return found[0]
    if found:
        shown = [f"{x.shown} {x.path.split(' > ')[-1]}" for x in found[:12]]
        more = f"\n  and {len(found) - 12} more" if len(found) > 12 else ""
        raise NotFoundError(
            f"{dotted(clean)} is too short: {len(found)} lines are under it\n  " + "\n  ".join(shown) + more,
            todo="give one of them",
        )
    raise NotFoundError(*_gone(clean, on))


def line_then(code: str, on: date, newer: Sequence[Revision] = ()) -> TariffLine:
    """The line of goods on a day when their number was another: its one predecessor or successor in the subheading.

    For series over time. Raises NotFoundError as `line` does when there is none, or more than one.
    """
    clean = digits(code)
    if lines_under(clean, on, newer):
        return line(clean, on, newer)
    known = replaced()
    other = {by for by, since in known.get(clean, ()) if on >= since}
    other |= {old for old, new in known.items() for by, since in new if by == clean and on < since}
    same = [c for c in other if c[:8] == clean[:8]]
    return line(same[0] if len(same) == 1 else clean, on, newer)


def _gone(code: str, on: date) -> tuple[str]:
    ever = _under(code)
    shown = dotted(code)
    if new := replaced().get(code):
        same = [by for by, _ in new if by[:8] == code[:8]]
        names = ", ".join(dotted(by) for by in same or [by for by, _ in new if by]) or "nothing"
        return (
            f"{shown} was retired on {new[0][1]}; replaced by {names}"
            if on >= new[0][1]
            else f"{shown} was not in force on {on}",
        )
    if ever:
        until = ever[-1].until
        if until is not None and on > until:
            near = [dotted(x.code) for x in lines_under(code[:8], on)][:8]
            return (f"{shown} was retired after {until}" + (f"; now under it: {', '.join(near)}" if near else ""),)
        return (f"{shown} came into force on {ever[0].since}, after {on}",)
    for length in (8, 6, 4):
        near = [dotted(x.code) for x in lines_under(code[:length], on)][:8] if len(code) > length else []
        if near:
            return (f"no tariff line {shown}; under {dotted(code[:length])} there are {', '.join(near)}",)
    if code.startswith(("98", "99")) and len(code) > 2:
        return (f"no tariff line {shown}: numbers of chapters 98 and 99 are declared beside the goods' own",)
    return (f"no tariff line {shown}",)
