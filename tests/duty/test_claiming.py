"""Claims by entry and way: each cent once, nothing set off, what the reports do not tell asked."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crossbook.book import Book
from crossbook.duty import claiming
from crossbook.duty import remedies as r
from crossbook.duty.desk import Claims, claims_of
from crossbook.engine import connect

ENTRIES = Path(__file__).with_name("es003_edge.csv").read_text(encoding="utf-8")
DAY = date(2026, 9, 24)


def told(book: Book, add_text: Callable[..., Any], text: str = ENTRIES, on: date = DAY) -> Claims:
    add_text("es003.csv", text)
    return claims_of(connect(book), on)


def test_each_entry_goes_its_way(book: Book, add_text: Callable[..., Any]) -> None:
    """Finally liquidated, a drawback entry, an open protest, a plain one; list 4A's 7.5 % was not filed on three."""
    found = {(c.entry[4:11], c.remedy): (c.amount, c.perhaps, c.owed, c.deadline) for c in told(book, add_text).claims}
    assert found == {
        ("1000007", r.CAPE_DECLARATION): (300_000, 0, 0, date(2026, 12, 9)),
        ("1000001", r.SUIT): (200_000, 0, 0, date(2027, 5, 20)),
        ("1000001", r.OWED_FINAL): (0, 0, 75_000, None),
        ("1000002", r.OUTSIDE_CAPE): (0, 200_000, 0, None),
        ("1000002", r.OWED_DEEMED): (0, 0, 75_000, None),
        ("1000004", r.PROTESTED): (100_000, 0, 0, None),
        ("1000004", r.OWED): (0, 0, 75_000, None),
    }


def test_interest_of_a_claim_is_that_of_its_lines(book: Book, add_text: Callable[..., Any]) -> None:
    """3,000 from 2025-05-20 to 2026-09-24: 41 + 92 + 92 + 90 days at 6 %, 91 at 5 %, 86 at 6 %."""
    (claim,) = [c for c in told(book, add_text).claims if c.remedy == r.CAPE_DECLARATION]
    assert (claim.interest, claim.days, claim.interest_from) == (24_459, 492, date(2025, 5, 20))
    other = claims_of(connect(book), DAY, corporation=False)
    (claim,) = [c for c in other.claims if c.remedy == r.CAPE_DECLARATION]
    assert abs((claim.interest or 0) - 28_862) <= 1  # each line is rounded by itself


def test_interest_of_a_prior_disclosure_runs_from_liquidation(book: Book, add_text: Callable[..., Any]) -> None:
    """19 U.S.C. 1592(c)(4): 750.00 from 2026-03-27 to 2026-09-24, 4 and 86 days at 7 %, 91 at 6 %."""
    (claim,) = [c for c in told(book, add_text).claims if c.remedy == r.OWED_FINAL]
    assert (claim.owed, claim.interest, claim.interest_from, claim.days) == (75_000, 2_456, date(2026, 3, 27), 181)
    assert [w.how for w in claim.ways] == [r.OWED_FINAL, r.DISCLOSE]


@pytest.mark.parametrize(
    ("old", "new", "asked"),
    [
        (",01,", ",11,", claiming.ASK_PAYMENT),
        (",01,", ",86,", claiming.ASK_TYPE),
        (",01,", ",,", claiming.ASK_TYPE),
        ("Liquidated,", "Not Liquidated,", claiming.ASK_STATUS),
    ],
)
def test_what_is_taken_is_asked(book: Book, add_text: Callable[..., Any], old: str, new: str, asked: str) -> None:
    head, *lines = ENTRIES.split("\n")
    ours = [x.replace(old, new) for x in lines if x.startswith("ZZA-1000007")]
    if asked == claiming.ASK_PAYMENT:
        ours = [x.replace("Liquidated,09/20/2026", ",") for x in ours]
    (claim, *_) = [c for c in told(book, add_text, "\n".join([head, *ours]) + "\n").claims if not c.owed]
    assert asked in claim.asks


def test_what_is_owed_is_summed_apart(book: Book, add_text: Callable[..., Any]) -> None:
    for total in claiming.totals(told(book, add_text).claims):
        assert not (total.owed and (total.amount or total.perhaps)), total


def test_reports_that_tell_more_ask_less(book: Book, add_text: Callable[..., Any]) -> None:
    lines = ENTRIES.strip().split("\n")
    head = lines[0] + ",Protest Status,Reconciliation Indicator,Drawback Indicator"
    more = told(book, add_text, "\n".join([head, *(x + ",Denied,N,N" for x in lines[1:])]) + "\n")
    assert {(c.entry, c.asks) for c in more.claims if c.asks} == {("ZZA-1000002-2", (claiming.ASK_LIQUIDATION,))}
    (claim,) = [c for c in more.claims if c.entry == "ZZA-1000004-4" and c.amount]
    assert claim.remedy == r.CAPE_DECLARATION, "its protest is decided"


def test_an_entry_in_two_reports_is_paid_once_however_its_number_is_written(
    book: Book, add_text: Callable[..., Any]
) -> None:
    add_text("older.csv", ENTRIES.replace("ZZA-1000007-7", "ZZA10000077"))
    assert sum(c.amount for c in told(book, add_text).claims if c.entry.startswith("ZZA-1000007")) == 300_000
    assert not [c for c in claims_of(connect(book), DAY).claims if c.entry == "ZZA10000077"]


def test_reports_that_tell_less_ask(book: Book, add_text: Callable[..., Any]) -> None:
    (claim,) = [c for c in told(book, add_text).claims if c.remedy == r.CAPE_DECLARATION]
    assert claim.asks == (claiming.ASK_RECONCILIATION, claiming.ASK_DRAWBACK)


def test_the_surcharge_is_no_claim_but_is_kept_in_sight(book: Book, add_text: Callable[..., Any]) -> None:
    """9903.03.01, 10 %: the court of 2026-05-07 gave relief to its plaintiffs only, and that is stayed."""
    head = ENTRIES.split("\n", maxsplit=1)[0]
    start, end = "ZZC-1000001-1,01,03/10/2026,1,CN", "Liquidated,04/01/2026,"
    goods = f"{start},2,6109.10.0012,10000,1650,{end}\n{start},3,9903.88.15,0,750,{end}\n"
    more = told(book, add_text, f"{head}\n{start},1,9903.03.01,0,1000,{end}\n{goods}", date(2026, 9, 1))
    assert not more.claims
    (d,) = more.disputed
    assert (d.amount, d.until, d.open) == (100_000, date(2026, 9, 28), True)
    assert [d.open for d in claims_of(connect(book), date(2026, 9, 29)).disputed] == [False]
    assert not claims_of(connect(book), date(2026, 5, 6)).disputed, "no court had held it unlawful"


@pytest.mark.parametrize(
    ("delimiter", "comma", "underscores"),
    [(";", False, False), (";", True, False), (",", False, True), ("\t", False, False)],
)
def test_a_copy_that_a_spreadsheet_saved_again_is_read(
    book: Book, add_text: Callable[..., Any], delimiter: str, comma: bool, underscores: bool
) -> None:
    rows = list(csv.reader(io.StringIO(ENTRIES)))
    if underscores:
        rows[0] = [h.replace(" ", "_") for h in rows[0]]
    if comma:  # $2,000.00 as 2.000,00
        rows[1:] = [
            [*r[:7], *(v.strip("$").translate(str.maketrans(",.", ".,")) for v in r[7:9]), *r[9:]] for r in rows[1:]
        ]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    assert sum(c.amount for c in told(book, add_text, out.getvalue()).claims) == 600_000
