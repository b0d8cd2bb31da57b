"""What is covered, from what, as of when: the first question to ask of any duty table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crossbook.duty.abroad import MARKETS, ForeignDuty, market_of
from crossbook.duty.schedule import table
from crossbook.duty.tables import FIRST_DAY, KNOWN_UNTIL, law, rows


@dataclass(frozen=True, slots=True)
class Coverage:
    """One subject of one market: what is known of it and what is not."""

    market: str
    subject: str
    covered: str
    source: str
    until: date | None


def coverage(duties: Sequence[ForeignDuty] = ()) -> list[Coverage]:
    """Every market: duty, taxes and thresholds; for the United States every programme."""
    schedule = table()
    now = sum(d is None for d in schedule["valid_to"].to_pylist())
    found = [
        Coverage("US", "schedule", f"{now:,} lines, {schedule.num_rows:,} dated, from {FIRST_DAY}",
                 "13 exports of the USITC, 2025 basic to 2026 revision 10", KNOWN_UNTIL)
    ]  # fmt: skip
    programmes = Counter(m.programme for m in law().measures)
    for programme, count in programmes.items():
        ours = [m for m in law().measures if m.programme == programme]
        last = max(m.until for m in ours)
        span = f"{count} rows, {min(m.since for m in ours)} to {'now' if last.year == 9999 else last}"
        found.append(Coverage("US", programme, span, ours[-1].source, KNOWN_UNTIL))
    found.append(
        Coverage(
            "US",
            "not covered",
            "quotas, 9903.04 pharmaceuticals but chapter 30, Section 338, note 52(j) lists, chapter 98",
            "",
            KNOWN_UNTIL,
        )
    )
    for market in MARKETS[1:]:
        ours_ = [r for r in rows("destinations.csv") if market_of(r["market"]) == market]
        kinds = Counter(r["what"] for r in ours_)
        text = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
        found.append(
            Coverage(market, "taxes and thresholds", text, f"{len({r['source'] for r in ours_})} sources", None)
        )
        mine = [d for d in duties if d.market == market]
        added = (
            f"{len(mine):,} rows of added tables" if mine else "none: crossbook tariff add --market " + market + " FILE"
        )
        found.append(Coverage(market, "import duty", added, mine[0].cite if mine else "", None))
    return found
