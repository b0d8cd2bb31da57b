"""What if: the same law with a measure taken away or a rate changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation

from crossbook.duty.tables import FAR, Law, Measure, percent
from crossbook.errors import CrossbookError, ParameterError

GROUPS = {
    "IEEPA": ("fentanyl", "fentanyl-na", "reciprocal", "brazil", "india"),
    "FENTANYL": ("fentanyl", "fentanyl-na"),
    "RECIPROCAL": ("reciprocal",),
    "S122": ("surcharge",),
    "S201": ("safeguard",),
    "S232": ("metals", "autos", "auto-parts", "mhd", "mhd-parts", "wood", "semiconductors", "pharma"),
    "S301": ("s301", "s301-review", "s301-fl", "s301-br"),
    "S301FL": ("s301-fl",),
}


def _asked(text: str) -> tuple[str, str]:
    name, sign, value = text.rpartition("=")
    if not sign or not name or not value:
        raise CrossbookError(f"not a change: {text!r}", todo="write it as IEEPA=off or s301:4A=25%")
    return name.strip(), value.strip()


def _named(table: Law, name: str) -> list[Measure]:
    programmes = GROUPS.get(name.upper(), (name,))
    found = [m for m in table.measures if m.programme in programmes or m.id == name]
    if not found:
        known = sorted({m.id for m in table.measures if m.kind != "exempt"})
        raise ParameterError(
            "off",
            name,
            (*GROUPS, *known),
            what=f"no measure {name!r}",
            todo="groups: " + ", ".join(GROUPS) + "; measures: " + ", ".join(known),
        )
    return found


def changed(table: Law, off: Sequence[str] = (), rates: Sequence[str] = (), on: date | None = None) -> Law:
    """The law with each of `off` ("IEEPA=off", "s301:3=on") and `rates` ("s301:4A=25%") applied.

    "=on" keeps a measure that has ended in force as it last stood before `on`. Raises CrossbookError for a measure or
    a rate that is not understood.
    """
    measures = list(table.measures)
    for text in off:
        name, value = _asked(text)
        if value not in ("on", "off"):
            raise CrossbookError(f"{text}: say on or off", todo="write it as IEEPA=off")
        names = {id(m) for m in _named(table, name)}
        if value == "off":
            measures = [m for m in measures if id(m) not in names]
        else:
            last: dict[str, date] = {}
            for m in measures:
                if id(m) in names and (on is None or m.since <= on):
                    last[m.programme] = max(last.get(m.programme, date.min), m.until)
            measures = [
                replace(m, until=FAR) if id(m) in names and m.until == last.get(m.programme) else m for m in measures
            ]
    for text in rates:
        name, value = _asked(text)
        try:
            rate = percent(value)
        except (ValueError, InvalidOperation):
            raise CrossbookError(f"{text}: {value!r} is no rate", todo="write it as s301:4A=25%") from None
        if not (rate.is_finite() and 0 <= rate <= Decimal(10)):
            raise CrossbookError(f"{text}: a rate between 0% and 1000%")
        ids = {(m.id, m.heading, m.since) for m in _named(table, name)}
        measures = [
            replace(m, rate=rate) if (m.id, m.heading, m.since) in ids and m.rate is not None else m for m in measures
        ]
    rules = tuple(r for r in table.rules)
    if off:  # a rule of an ended programme holds as long as the programme is kept in force
        rules = tuple(replace(r, until=FAR) if any("=on" in text for text in off) else r for r in rules)
    return replace(table, measures=tuple(measures), rules=rules)
