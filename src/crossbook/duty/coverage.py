"""What is covered, from what, as of when: the first question to ask of any duty table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crossbook.duty.abroad import MARKETS, market_of
from crossbook.duty.foreign import ForeignDuty, editions, shipped
from crossbook.duty.headings import headings
from crossbook.duty.schedule import table
from crossbook.duty.tables import FIRST_DAY, KNOWN_UNTIL, law, rows
from crossbook.i18n import language, t, translated

TAXES = "taxes and thresholds"


@dataclass(frozen=True, slots=True)
class Coverage:
    """One subject of one market: what is known of it and what is not."""

    market: str
    subject: str
    covered: str
    source: str
    until: date | None


def _words(r: dict[str, str], market: str) -> str:
    """A row of destinations.csv in words; VAT of the Union's members is one word for all."""
    dates = "".join((f" from {r['from']}" if r["from"] > str(FIRST_DAY) else "", f" to {r['to']}" if r["to"] else ""))
    upto = f"{r['upto']} {r['currency']}"
    if r["what"] == "vat":
        some = " on some goods" if r["when"] else ""
        return "VAT of each member" if market == "EU" else f"VAT {r['rate']}{some}{dates}"
    if r["what"] == "parcel-duty":
        much = r["rate"] or f"{r['amount']} {r['currency']}"
        return f"parcel duty {much}{' up to ' + upto if r['upto'] else ''}{dates}"
    if r["what"] in ("cut-duty", "cut-vat"):
        return r["note"]
    if r["what"] == "other-tariff":
        return r["note"].format(upto=upto)
    kind = {
        "relief-duty": "no duty on parcels up to",
        "relief-vat": "no VAT on parcels up to",
        "vat-parcel": f"VAT {r['rate']} by the seller up to",
    }[r["what"]]
    return f"{kind} {upto}{dates}"


def _headings() -> list[Coverage]:
    """Chapter 99: how many headings are rows of their own, what stands for others, and each that is not worked out."""
    own = {m.heading for m in law().measures if m.heading.startswith("99")}
    found = [
        Coverage(
            market="US",
            subject="chapter 99, with a row of their own",
            covered=f"{len(own)} headings",
            source="measures.csv",
            until=KNOWN_UNTIL,
        )
    ]
    subjects = {
        "elsewhere": "chapter 99, in other rows",
        "ended": "chapter 99, without effect since 2025",
        "outside": "chapter 99, not worked out",
    }
    for treatment, subject in subjects.items():
        found += [
            Coverage(market="US", subject=subject, covered=f"{h.run}: {h.reason}", source=h.source, until=KNOWN_UNTIL)
            for h in headings()
            if h.treatment == treatment
        ]
    return found


def coverage(duties: Sequence[ForeignDuty] = ()) -> list[Coverage]:
    """Every market: duty, taxes and thresholds; for the United States every programme."""
    schedule = table()
    now = sum(d is None for d in schedule["valid_to"].to_pylist())
    found = [
        Coverage(
            market="US",
            subject="schedule",
            covered=f"{now:,} lines, {schedule.num_rows:,} dated, from {FIRST_DAY}",
            source="13 exports of the USITC, 2025 basic to 2026 revision 10",
            until=KNOWN_UNTIL,
        )
    ]
    programmes = Counter(m.programme for m in law().measures)
    for programme, count in programmes.items():
        ours = [m for m in law().measures if m.programme == programme]
        last = max(m.until for m in ours)
        span = f"{count} rows, {min(m.since for m in ours)} to {'now' if last.year == 9999 else last}"
        source = next((m.source for m in reversed(ours) if m.kind != "exempt"), ours[-1].source)
        found.append(Coverage(market="US", subject=programme, covered=span, source=source, until=KNOWN_UNTIL))
    found += _headings()
    found.append(
        Coverage(
            market="US",
            subject="not covered",
            covered="quotas, note 52(j) lists, chapter 98",
            source="",
            until=KNOWN_UNTIL,
        )
    )
    for market in MARKETS[1:]:
        ours_ = [r for r in rows("destinations.csv") if market_of(r["market"]) == market]
        text = "; ".join(dict.fromkeys(filter(None, (_words(r, market) for r in ours_))))
        sources = ", ".join(dict.fromkeys(r["source"].split("/")[2] for r in ours_ if "://" in r["source"]))
        found.append(Coverage(market=market, subject=TAXES, covered=text, source=sources, until=None))
        found.append(_import_duty(market, [d for d in duties if d.market == market]))
    return found


def in_words(c: Coverage) -> str:
    """What is covered, in the reader's language: of headings of chapter 99 the reason, of taxes each row."""
    if c.subject.startswith("chapter 99"):
        headings, sign, reason = c.covered.partition(": ")
        return f"{headings}{sign}{translated(reason)}" if sign else translated(headings)
    if c.subject != TAXES or language() == "en":
        return translated(c.covered)
    return "；".join(_of_days(part) for part in c.covered.split("; "))


def _of_days(part: str) -> str:
    """One row with the days between which it holds: "VAT 10% from 2025-02-18"."""
    what, since, until = re.split(r"(?: from (\d{4}-\d\d-\d\d))?(?: to (\d{4}-\d\d-\d\d))?$", part)[:3]
    row = translated(what)
    if since and until:
        return t("{row} from {since} until {day}", row=row, since=since, day=until)
    if since:
        return t("{row} since {day}", row=row, day=since)
    return t("{row} until {day}", row=row, day=until) if until else row


def _import_duty(market: str, added: Sequence[ForeignDuty]) -> Coverage:
    """What is known of a market's import duty: tables that were added, else the one that ships."""
    covered, source, until = f"none: crossbook duty add --market {market} FILE", "", None
    if added:
        covered, source = f"{len(added):,} rows of added tables", added[0].cite
    elif market in editions():
        edition, every = editions()[market], shipped(market)
        of = len({r.code[:6] for r in every if len(r.code) >= 6})
        covered = f"{len(every):,} rows that ship, {of:,} subheadings; not in it: {edition.lacks}"
        source, until = f"{edition.title}: {edition.address}", edition.day
    elif market == "SG":
        covered = "free, but for liquor, tobacco, motor vehicles and petroleum"
    return Coverage(market=market, subject="import duty", covered=covered, source=source, until=until)
