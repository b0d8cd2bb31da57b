"""Entry lines as filed: the rows of a report, one for each tariff number, as one for each line of an entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crossbook.duty.countries import COUNTRIES, country
from crossbook.duty.state import State, is_told, state
from crossbook.errors import CrossbookError

CHAPTER_99 = "99"
UNITS = {"NO": "No.", "KG": "kg", "PRS": "prs.", "DOZ": "doz."}


@dataclass(frozen=True)
class EntryLine:
    """One line of an entry with all its tariff numbers: `paid` is cents by heading ("" for the commodity's own).

    `hts` is empty where the report has no number of goods for the line, `value` None where it has no value of them;
    `unclear` says why the line cannot be priced though it has both; `contradicts` why nothing is claimed of its entry.
    `rated_on` is the day whose rates it bears where the report tells one (`crossbook.duty.day_of_rates`).
    """

    entry: str
    number: int
    entered_on: date
    origin: str
    hts: str
    value: int | None
    paid: Mapping[str, int]
    state: State
    programme: str
    quantities: Mapping[str, Decimal]  # dozens as pieces
    evidence: str
    lines: tuple[int, ...]  # of the original file
    importer: str = ""
    port: str = ""
    summary_on: date | None = None
    unclear: str = ""
    contradicts: str = ""
    protest_status: str = ""
    dozens: bool = False  # the unit that it was filed in
    rated_on: date | None = None

    @property
    def priced_on(self) -> date:
        """The day by whose law it is worked out."""
        return self.rated_on or self.entered_on


def grouped(rows: Sequence[Mapping[str, Any]]) -> list[EntryLine]:
    """Rows of the fact `entry_line`, one for each tariff number, as one for each entry line."""
    by_line: dict[tuple[str, int], list[Mapping[str, Any]]] = defaultdict(list)
    seen: set[tuple[Any, ...]] = set()
    for row in rows:
        same = (row["entry"], row["entry_line"], row.get("ordinal"), row["hts"], row["amount"], row["duty"])
        if row.get("ordinal") is not None and same in seen:
            continue  # a report that joins more columns may tell a row twice
        seen.add(same)
        by_line[row["entry"], row["entry_line"]].append(row)
    types: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        types[row["entry"]] |= {row["type"]} if row.get("type") else set()
    found = [_line(entry, number, parts, types[entry]) for (entry, number), parts in by_line.items()]
    return sorted(found, key=lambda e: (e.entered_on, e.entry, e.number))


def _line(entry: str, number: int, parts: Sequence[Mapping[str, Any]], types: set[str]) -> EntryLine:
    goods = [r for r in parts if not r["hts"].startswith(CHAPTER_99)]
    main = goods[0] if goods else parts[0]
    paid: dict[str, int] = defaultdict(int)
    for r in parts:
        paid[r["hts"][:8] if r["hts"].startswith(CHAPTER_99) else ""] += r["duty"]
    told = {name: next((r[name] for r in parts if r.get(name) is not None), None) for name in TOLD}
    protest = next((r["protest"] for r in parts if is_told(r.get("protest") or "")), "")
    value, unclear = _value(goods, [r for r in parts if r["hts"].startswith(CHAPTER_99)])
    if value is None and not unclear and not any(paid.values()):
        value = 0
    origin = _origin(main["origin"])
    if origin not in COUNTRIES:
        value, unclear = None, f"its origin is written {origin}, which is no country: write its two letters"
    return EntryLine(
        entry=entry,
        number=number,
        entered_on=main["entered_on"],
        origin=origin,
        hts=main["hts"] if goods else "",
        value=value,
        paid=dict(paid),
        state=state(
            main["entered_on"],
            liquidated_on=told["liquidated_on"],
            entry_type=told["type"] or "",
            liquidation=told["liquidation"] or "",
            protest=protest,
            protest_status=told["protest_status"] or "",
            reconciliation=told["reconciliation"],
            drawback=told["drawback"],
            paid_on=told["summary_on"],
        ),
        programme=main.get("programme") or "",
        quantities=_quantities(main) if goods else {},
        evidence=main["evidence"],
        lines=tuple(sorted(r["line"] for r in parts)),
        importer=told["importer"] or "",
        port=told["port"] or "",
        summary_on=told["summary_on"],
        unclear=unclear,
        contradicts="" if len(types) < 2 else f"its entry has two types in the report, {' and '.join(sorted(types))}",
        protest_status=told["protest_status"] or "",
        dozens=bool(goods) and unit_of(main.get("unit")) == "doz.",
        rated_on=told["rated_on"],
    )


def _origin(text: str) -> str:
    """The two letters of a country that a report writes by them or by its name; as it is written where it is none."""
    try:
        return country(text)
    except CrossbookError:
        return text


TOLD = (
    "type",
    "liquidation",
    "liquidated_on",
    "protest_status",
    "reconciliation",
    "drawback",
    "importer",
    "port",
    "summary_on",
    "rated_on",
)


def _value(goods: Sequence[Mapping[str, Any]], more: Sequence[Mapping[str, Any]]) -> tuple[int | None, str]:
    """The value of the goods, which stands with their own number; some filers wrote it with chapter 99 instead."""
    if len(goods) > 1:
        return (
            None,
            "its line has several tariff numbers of goods (a set, or chapter 98): their values are not told apart",
        )
    own = [r["amount"] for r in goods if r["amount"]]
    beside = {r["amount"] for r in more if r["amount"]}
    if not own and len(beside) == 1:
        return beside.pop(), ""
    if own and beside - {own[0]}:
        return None, "the report gives different values with its tariff numbers"
    if own:
        return own[0], ""
    return None, "the report gives different values with its tariff numbers" if beside else ""


def _quantities(main: Mapping[str, Any]) -> dict[str, Decimal]:
    amount = _number(main.get("quantity"))
    unit = unit_of(main.get("unit"))
    if not unit or amount is None:
        return {}
    return dict((in_pieces(amount, unit),))


def unit_of(text: str | None) -> str:
    """The unit of the tariff that a report writes; empty for one that is not known."""
    return UNITS.get((text or "").strip().upper().strip("."), "")


def in_pieces(amount: Decimal, unit: str) -> tuple[str, Decimal]:
    """A unit and an amount of it, dozens as pieces."""
    return ("No.", amount * 12) if unit == "doz." else (unit, amount)


def _number(text: Any) -> Decimal | None:
    try:
        return Decimal(str(text).replace(",", "")) if text else None
    except ArithmeticError:
        return None
