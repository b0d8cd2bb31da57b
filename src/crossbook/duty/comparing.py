"""Two schedules held against each other: lines that came, went, or changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crossbook.duty.lines import dotted
from crossbook.duty.schedule import table
from crossbook.duty.tables import FIRST_DAY, KNOWN_UNTIL, replaced
from crossbook.errors import CrossbookError
from crossbook.sources.usitc_hts import lines_of, rows_of

FIELDS = ("general", "special", "other", "units", "path")
Schedule = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `what` is added, retired, or the column that changed."""

    code: str
    what: str
    before: str
    after: str

    @property
    def shown(self) -> str:
        """The code with dots."""
        return dotted(self.code)


def schedule_at(text: str) -> Schedule:
    """A schedule by the path of an export, or the shipped one on a day. Raises CrossbookError."""
    path = Path(text)
    if not path.exists():
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise CrossbookError(
                "neither a file nor a day", where=text, todo="give an export, or a day: 2025-06-30"
            ) from None
        if not FIRST_DAY <= day <= KNOWN_UNTIL:
            raise CrossbookError(
                f"{day} is outside what is known ({FIRST_DAY} to {KNOWN_UNTIL})", todo="give an export of that day"
            )
        return _shipped(day)
    try:
        lines = lines_of(rows_of(path.read_bytes()))
        return {x.code: {f: str(getattr(x, f)) for f in FIELDS} for x in lines}
    except (ValueError, OSError, KeyError, TypeError) as error:
        raise CrossbookError(f"not an export of the tariff schedule: {error}", where=text) from None


def _shipped(on: date) -> Schedule:
    rows = table().to_pylist()
    return {
        r["code"]: {f: r[f] for f in FIELDS}
        for r in rows
        if r["valid_from"] <= on and (r["valid_to"] is None or on <= r["valid_to"])
    }


def compare(before: Schedule, after: Schedule) -> list[Change]:
    """Every difference, by code."""
    found = []
    for code in sorted(before.keys() | after.keys()):
        old, new = before.get(code), after.get(code)
        if old is None and new is not None:
            found.append(Change(code=code, what="added", before="", after=f"{new['general']}  {new['path']}"))
        elif old is not None and new is None:
            by = ", ".join(dotted(c) for c, _ in replaced().get(code, ()) if c[:8] == code[:8])
            found.append(
                Change(
                    code=code, what="retired", before=f"{old['general']}  {old['path']}", after=f"→ {by}" if by else ""
                )
            )
        elif old is not None and new is not None:
            found += [Change(code=code, what=f, before=old[f], after=new[f]) for f in FIELDS if old[f] != new[f]]
    return found
