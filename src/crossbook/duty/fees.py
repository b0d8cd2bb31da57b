"""Customs user fees of the United States: merchandise processing fee and harbor maintenance fee, by date.

19 U.S.C. 58c and 19 CFR 24.23 (merchandise processing), 26 U.S.C. 4461 and 19 CFR 24.24 (harbor maintenance); the
amounts by fiscal year are rows of `data/duty/fees.csv`. Up to what value an entry may be informal are rows of
`data/duty/informal.csv`: until 2025-04-29 goods of a heading of chapter 99 over 250 dollars needed a formal one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crossbook import money
from crossbook.duty.quoting import cents
from crossbook.duty.tables import FAR, day_or, percent, rows
from crossbook.errors import CrossbookError

ENTRIES = ("formal", "informal")
FREE_UNDER = tuple("AU BH CA CL CO IL JO KR MX OM PA PE SG CR DO GT HN NI SV".split())


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee in cents, how it was worked out, and its source."""

    fee: str
    amount: int
    rate: str
    source: str
    note: str = ""


def _row(fee: str, on: date) -> dict[str, str]:
    for row in rows("fees.csv"):
        if row["fee"] == fee and date.fromisoformat(row["from"]) <= on <= day_or(row["to"], FAR):
            return row
    raise CrossbookError(f"no {fee.upper()} amounts are known for {on}", todo="see `crossbook duty coverage`")


@dataclass(frozen=True, slots=True)
class Limit:
    """Up to how many cents goods may be entered informally on a day: others, and those of a heading of chapter 99."""

    plain: int
    chapter_99: int
    source: str


def informal_limit(on: date) -> Limit:
    """The row of a day (19 CFR 143.21(a)). Raises CrossbookError where no row tells."""
    for row in rows("informal.csv"):
        if date.fromisoformat(row["from"]) <= on <= day_or(row["to"], FAR):
            return Limit(int(row["limit"]) * 100, int(row["chapter_99"]) * 100, row["source"].split(", read at")[0])
    raise CrossbookError(f"up to what value an entry may be informal on {on} is not known")


def must_be_formal(value: int, on: date, *, chapter_99: bool = False, case: bool = False) -> str:
    """Why an entry cannot be informal, empty where it can: its value, a heading of chapter 99, or a case.

    `case`: the goods are in the scope of an antidumping or countervailing duty order.
    """
    limit = informal_limit(on)
    if case:
        return "goods under antidumping or countervailing duty need a formal entry"
    if value > limit.plain:
        return f"goods over {limit.plain // 100:,} USD need a formal entry"
    if chapter_99 and value > limit.chapter_99:
        return f"goods of a heading of chapter 99 over {limit.chapter_99 // 100:,} USD need a formal entry"
    return ""


def fees(
    value: int,
    on: date,
    mode: str,
    origin: str,
    *,
    claimed: bool = False,
    formal: bool | None = None,
    chapter_99: bool = False,
    case: bool = False,
) -> Iterator[Fee]:
    """Fees on an entry of `value` cents: one merchandise processing fee, and the harbor fee when it comes by ocean.

    An entry is informal where it may be, unless `formal` says otherwise; then the note says what a formal one costs.
    Goods that claim a free trade agreement are free of the merchandise processing fee (19 CFR 24.23(c)). Raises
    CrossbookError for an informal entry of goods that need a formal one.
    """
    row = _row("mpf", on)
    needed = must_be_formal(value, on, chapter_99=chapter_99, case=case)
    if formal is False and needed:
        raise CrossbookError(needed, where=informal_limit(on).source, todo="quote it as a formal entry")
    if claimed and origin in FREE_UNDER:
        yield Fee(
            fee="MPF",
            amount=0,
            rate=row["rate"],
            source=row["source"],
            note="free under the trade agreement claimed, 19 CFR 24.23(c)",
        )
    elif formal or needed:
        amount, end = _formal(value, row)
        unusual = needed if value <= informal_limit(on).plain else ""
        source = f"{row['source']}; {informal_limit(on).source}" if unusual else row["source"]
        yield Fee(fee="MPF", amount=amount, rate=row["rate"], source=source, note=unusual or end)
    elif row["informal"]:
        other, _ = _formal(value, row)
        yield Fee(
            fee="MPF",
            amount=int(Decimal(row["informal"]) * 100),
            rate="informal entry, automated",
            source=row["source"],
            note="" if formal is False else f"taken as informal: a formal entry pays {money.show(other, 'USD')}",
        )
    else:
        raise CrossbookError(f"the fee of informal entries on {on} is not known", todo="quote it as a formal entry")
    if mode == "ocean":
        row = _row("hmf", on)
        yield Fee(fee="HMF", amount=cents(value * percent(row["rate"])), rate=row["rate"], source=row["source"])


def _formal(value: int, row: dict[str, str]) -> tuple[int, str]:
    """The merchandise processing fee of a formal entry, and which end of it was reached."""
    least, most = (int(Decimal(row[n]) * 100) for n in ("minimum", "maximum"))
    plain = cents(value * percent(row["rate"]))
    end = "the minimum of the entry" if plain < least else "the maximum of the entry" if plain > most else ""
    return min(max(plain, least), most), end
