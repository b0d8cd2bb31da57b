"""Cases worked out by hand from the legal texts: each row of the CSV says why."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

from crossbook.duty import quote
from crossbook.duty.tables import FIRST_DAY, KNOWN_UNTIL, law

CASES = list(csv.DictReader((Path(__file__).parent / "worked_cases.csv").open(encoding="utf-8")))


def test_every_worked_case_comes_out() -> None:
    wrong = []
    for r in CASES:
        claims = {"sailed": r["on"], "exclusion": "no"} | dict(c.split("=") for c in r["claims"].split("&") if c)
        bill = quote(r["hts"], r["origin"], value=1000, on=r["on"], claims=claims)
        if bill.rate is None or bill.rate * 100 != Decimal(r["percent"]):
            got = None if bill.rate is None else bill.rate * 100
            wrong.append(f"{r['hts']} {r['origin']} {r['on']}: {got}, not {r['percent']}: {r['why']}")
    assert not wrong, "\n".join(wrong[:20])


def test_the_cases_reach_over_the_timeline() -> None:
    assert len(CASES) > 2_000
    assert all(Counter(r["origin"] for r in CASES)[origin] > 300 for origin in ("CN", "VN", "MX", "DE", "JP"))
    assert all(r["why"] for r in CASES)
    days = sorted({date.fromisoformat(r["on"]) for r in CASES})
    steps = {m.since for m in law().measures if m.kind != "exempt" and FIRST_DAY <= m.since <= KNOWN_UNTIL}
    unseen = [str(s) for s in sorted(steps) if not any(s <= d and (d - s).days <= 60 for d in days)]
    assert not unseen


def test_one_entry_known_to_the_cent() -> None:
    bill = quote("7326.90.8688", "CN", value="1250", on="2026-09-20", claims={"exclusion": "no"})
    assert [(x.heading_9903, x.amount) for x in bill.lines] == [
        (None, 3_625),
        ("9903.88.03", 31_250),
        ("9903.82.02", 62_500),
    ]
    assert (bill.total_duty, bill.rate) == (97_375, Decimal("0.779"))
    assert [x["heading_9903"] for x in bill.suppressed] == ["9903.05.31"]
    assert not bill.missing
