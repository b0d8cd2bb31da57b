"""What a broker uploads or works from to claim duty back: CAPE declarations, facts for protests, drawback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crossbook import money
from crossbook.duty.cape import HEADER, declarations, entry_number
from crossbook.duty.claiming import Claim
from crossbook.duty.drawback import Candidate
from crossbook.duty.remedies import CAPE_DECLARATION, PROTEST_FORM
from crossbook.errors import CrossbookError

Row = tuple[object, ...]


@dataclass(frozen=True)
class Sheet:
    """A table as it is written to CSV."""

    heads: Sequence[str]
    rows: Sequence[Row]


def _usd(cents: int | None) -> str | None:
    return None if cents is None else money.plain(cents, "USD")


def to_declare(found: Sequence[Claim]) -> list[str]:
    """The entries whose claims go by a CAPE declaration and are certain, as the report writes their numbers."""
    return [c.entry for c in found if c.remedy == CAPE_DECLARATION and c.open and c.amount > 0]


def cape_files(found: Sequence[Claim]) -> list[Sheet]:
    """The CAPE declarations of the claims that go by them, as ACE's template: one column, at most 9,999 entries a file.

    One with no entries where there are none. Raises CrossbookError for entry numbers that ACE would not take.
    """
    ours = to_declare(found)
    if wrong := sorted({n for n in ours if not entry_number(n)}):
        raise CrossbookError(
            f"{len(wrong)} entry numbers are none that CAPE takes: {', '.join(wrong[:5])}",
            todo="an entry number is a filer's code of three, seven digits and a check digit: correct the report",
        )
    return [Sheet((HEADER,), [(number,) for number in batch]) for batch in declarations(ours) or [()]]


PROTEST = (
    "importer number",
    "port code",
    "entry number",
    "entry date",
    "liquidation date",
    "file by",
    "line",
    "tariff number",
    "heading",
    "decision protested",
    "duty paid",
    "duty claimed",
    "refund",
    "interest so far",
    "reason",
    "law",
    "earlier protest",
)


def protest_sheet(found: Sequence[Claim]) -> Sheet:
    """A row for each duty that goes by protest: the facts of CBP Form 19 and 19 CFR 174.13(a) that the entries tell.

    Not among them are the description of the goods, the address of who protests, and requests for further review or
    accelerated disposition.
    """
    rows: list[Row] = []
    for c in found:
        if c.remedy == PROTEST_FORM and c.open:
            rows += [
                (
                    c.importer,
                    c.port,
                    c.entry,
                    c.entered_on,
                    c.liquidated_on,
                    c.deadline,
                    r.number,
                    r.hts,
                    r.heading,
                    "classification, rate and amount of duties chargeable (19 U.S.C. 1514(a)(2))",
                    _usd(r.paid),
                    _usd(r.due),
                    _usd(r.amount),
                    _usd(r.interest.amount if r.interest else None),
                    r.why if r.certain else f"{r.why} (if the fact holds)",
                    r.source,
                    c.protest,
                )
                for r in c.lines
                if r.amount > 0
            ]
    return Sheet(PROTEST, rows)


DRAWBACK = (
    "entry number",
    "entry type",
    "line",
    "tariff number",
    "entry date",
    "file by",
    "duty that drawback reaches",
    "headings",
    "99 % of it",
    "duty that it does not reach",
    "duty of which it is not known",
    "of it may come back by a claim instead",
    "quantity entered",
    "unit",
    "matched to exports",
    "exports",
    "law",
)


def drawback_sheet(candidates: Sequence[Candidate]) -> Sheet:
    """A row for each line whose duty could come back if its goods leave the United States."""
    rows = [
        (
            c.entry,
            c.type or "not told: only an entry for consumption can be designated",
            c.number,
            c.hts,
            c.entered_on,
            c.until,
            _usd(c.paid),
            "; ".join(h or "column 1" for h in c.headings),
            _usd(c.back),
            _usd(c.barred),
            _usd(c.unknown),
            _usd(c.rival),
            None if c.quantity is None else str(c.quantity),
            c.unit,
            _usd(c.matched),
            "; ".join(c.exports),
            "; ".join(c.sources),
        )
        for c in candidates
        if c.open
    ]
    return Sheet(DRAWBACK, rows)
