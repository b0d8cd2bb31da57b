"""Customs user fees of the United States: merchandise processing fee and harbor maintenance fee, by date.

19 U.S.C. 58c and 19 CFR 24.23 (merchandise processing), 26 U.S.C. 4461 and 19 CFR 24.24 (harbor maintenance); the
amounts by fiscal year are rows of `data/duty/fees.csv`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crossbook.duty.quoting import cents
from crossbook.duty.tables import FAR, day_or, percent, rows
from crossbook.errors import CrossbookError

INFORMAL_LIMIT = 250_000  # cents: 19 CFR 143.21(a), goods up to 2,500 USD may be entered informally
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


def fees(
    value: int, on: date, mode: str, origin: str, *, claimed: bool = False, formal: bool | None = None
) -> Iterator[Fee]:
    """Fees on an entry of `value` cents: one merchandise processing fee, and the harbor fee when it comes by ocean.

    An entry over 2,500 USD is formal unless said otherwise. Goods that claim a free trade agreement are free of the
    merchandise processing fee (19 CFR 24.23(c)).
    """
    row = _row("mpf", on)
    if claimed and origin in FREE_UNDER:
        yield Fee(
            fee="MPF",
            amount=0,
            rate=row["rate"],
            source=row["source"],
            note="free under the trade agreement claimed, 19 CFR 24.23(c)",
        )
    elif formal if formal is not None else value > INFORMAL_LIMIT:
        least, most = (int(Decimal(row[n]) * 100) for n in ("minimum", "maximum"))
        plain = cents(value * percent(row["rate"]))
        amount = min(max(plain, least), most)
        note = "the minimum of the entry" if plain < least else "the maximum of the entry" if plain > most else ""
        yield Fee(fee="MPF", amount=amount, rate=row["rate"], source=row["source"], note=note)
    elif row["informal"]:
        yield Fee(
            fee="MPF",
            amount=int(Decimal(row["informal"]) * 100),
            rate="informal entry, automated",
            source=row["source"],
        )
    else:
        raise CrossbookError(f"the fee of informal entries on {on} is not known", todo="quote it as a formal entry")
    if mode == "ocean":
        row = _row("hmf", on)
        yield Fee(fee="HMF", amount=cents(value * percent(row["rate"])), rate=row["rate"], source=row["source"])
