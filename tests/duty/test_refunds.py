"""Duty paid, held against the duty that was due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbook.book import Book
from crossbook.duty import remedies as r
from crossbook.duty.desk import entries
from crossbook.duty.filed import EntryLine
from crossbook.duty.refunds import Refund, refunds
from crossbook.duty.state import state
from crossbook.engine import connect

ENTRIES = Path(__file__).with_name("es003_edge.csv").read_text(encoding="utf-8")

TODAY = date(2026, 9, 1)


def entry(paid: dict[str, int], **more: Any) -> EntryLine:
    fields: dict[str, Any] = {
        "entry": "BX1-0000101-4",
        "number": 1,
        "entered_on": date(2025, 4, 21),
        "origin": "CN",
        "hts": "6109100012",
        "value": 2_000_000,
        "paid": paid,
        "programme": "",
        "quantities": {},
        "evidence": "e",
        "lines": (2,),
        **more,
    }
    done, kind = fields.pop("liquidated_on", date(2026, 7, 6)), fields.pop("type", "01")
    fields["state"] = state(fields["entered_on"], liquidated_on=done, entry_type=kind)
    return EntryLine(**fields)


def found(e: EntryLine, **more: Any) -> list[Refund]:
    kept, refused = refunds([e], TODAY, **more)
    assert not refused
    return kept


RIGHT = {"": 330_000, "99038815": 150_000}


def test_a_parcel_of_low_value_owes_nothing_while_it_was_free() -> None:
    """Type 86, 19 U.S.C. 1321(a)(2)(C): up to 800 USD; of China until 2025-05-01, EO 14256, of others 2025-08-28."""
    small: dict[str, Any] = {"type": "86", "liquidated_on": None, "value": 50_000}
    assert found(entry({"": 0}, entered_on=date(2025, 5, 1), **small)) == []
    assert found(entry({"": 0}, entered_on=date(2025, 8, 28), origin="VN", **small)) == []
    assert {r.reason for r in found(entry({"": 0}, entered_on=date(2025, 5, 2), **small))} == {"underpaid"}
    assert {r.reason for r in found(entry({"": 0}, entered_on=date(2025, 5, 1), **small | {"value": 80_001}))} == {
        "underpaid"
    }


def test_an_entry_of_a_day_whose_law_is_not_known_is_not_worked_out() -> None:
    """The law is known from 2025-01-01 to 2026-11-09: of a day outside nothing is overpaid, and the line says why."""
    for day in (date(2024, 11, 20), date(2026, 11, 10)):
        kept, refused = refunds([entry({"": 1}, entered_on=day, liquidated_on=None)], date(2026, 12, 31))
        assert kept == [] and [why for _, why in refused] == [
            f"{day} is outside what is known (2025-01-01 to 2026-11-09)"
        ]


def test_ieepa_duties_come_back_by_cape() -> None:
    kept = found(entry({**RIGHT, "99030124": 400_000, "99030163": 2_500_000}))
    assert [(x.heading, x.amount, x.reason) for x in kept] == [
        ("9903.01.24", 400_000, "ieepa"),
        ("9903.01.63", 2_500_000, "ieepa"),
    ]
    assert all(x.remedy == r.CAPE_DECLARATION and x.deadline == date(2026, 9, 24) and x.certain for x in kept)


def test_what_was_right_is_no_candidate() -> None:
    assert not [x for x in found(entry(RIGHT)) if x.certain]


def test_the_wrong_list() -> None:
    (x,) = found(entry({"": 330_000, "99038803": 500_000}))
    assert (x.reason, x.heading, x.paid, x.due, x.amount) == ("wrong_list", "9903.88.03", 500_000, 150_000, 350_000)
    assert "9903.88.15" in x.why


def test_too_much_and_too_little() -> None:
    kept = found(entry({"": 400_000, "99038815": 150_000}))
    assert [(x.reason, x.amount) for x in kept] == [("overpaid", 70_000)]
    kept = found(entry({"": 330_000}))
    assert [(x.reason, x.amount, x.remedy) for x in kept] == [("underpaid", -150_000, r.OWED)]


def test_a_cent_of_rounding_is_no_finding() -> None:
    assert not found(entry({"": 330_050, "99038815": 149_960}))


def test_a_rate_that_reaches_back() -> None:
    """Vehicle parts of Germany: 15 % in total, published 2025-09-25, back to 2025-08-01."""
    paid = {"": 50_000, "99039405": 500_000}
    kept = found(entry(paid, hts="8708305090", origin="DE", entered_on=date(2025, 8, 15)), table=None)
    assert any(x.amount > 0 for x in kept)


def test_another_origin_than_the_sellers_own() -> None:
    kept = found(entry(RIGHT), origins={"6109100012": "VN"})
    (x,) = [x for x in kept if x.reason == "wrong_origin"]
    assert not x.certain
    assert x.paid == 150_000


def test_each_cent_is_claimed_once() -> None:
    """IEEPA 198 + 99, and Section 301 74.25 if it is of Vietnam: 371.25 were paid, and no more comes back."""
    paid = {"": 16_335, "99038815": 7_425, "99030124": 19_800, "99030125": 9_900}
    kept = found(
        entry(paid, value=99_000, entered_on=date(2025, 7, 21), liquidated_on=None), origins={"6109100012": "VN"}
    )
    assert [(x.reason, x.amount) for x in kept] == [("ieepa", 19_800), ("ieepa", 9_900), ("wrong_origin", 7_425)]


def test_an_exclusion_and_another_origin_do_not_share_a_cent() -> None:
    paid = {"": 2_900, "99038803": 25_000, "99030124": 20_000, "99030125": 10_000}
    e = entry(paid, hts="7326908688", value=100_000, entered_on=date(2025, 5, 20))
    kept = found(e, origins={"7326908688": "VN"})
    assert {x.reason: x.amount for x in kept if x.amount > 0 and not x.certain} == {"exclusion": 25_000}
    assert sum(x.amount for x in kept if x.amount > 0) == 55_000
    assert [x.reason for x in kept if x.amount < 0] == ["underpaid"]  # said once, not under the other origin again


PAID = st.dictionaries(
    st.sampled_from(["", "99038815", "99038803", "99030124", "99030125", "99030163", "99039405"]),
    st.integers(-100_000, 5_000_000),
    min_size=1,
)


@given(
    PAID,
    st.sampled_from(["6109100012", "7326908688", "8708305090"]),
    st.sampled_from([None, "VN", "US"]),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_no_more_comes_back_than_was_paid(paid: dict[str, int], hts: str, mine: str | None, done: bool) -> None:
    e = entry(paid, hts=hts, liquidated_on=date(2026, 7, 6) if done else None)
    kept, _ = refunds([e], TODAY, origins={hts: mine} if mine else {})
    assert sum(x.amount for x in kept if x.amount > 0) <= sum(max(v, 0) for v in paid.values())


def test_a_negative_duty_is_no_claim() -> None:
    kept, refused = refunds([entry({**RIGHT, "99030124": -400_000})], TODAY)
    assert not [x for x in kept if x.reason == "ieepa"]
    assert [why for _, why in refused] == ["the report gives duty below 0 under 99030124: a correction"]


@pytest.mark.parametrize(
    ("number", "on", "amount", "how", "until"),
    [
        ("ZZA-1000001-1", date(2026, 9, 24), 200_000, r.SUIT, date(2027, 5, 20)),
        ("ZZA-1000002-2", date(2026, 9, 24), 200_000, r.OUTSIDE_CAPE, None),
        ("ZZA-1000004-4", date(2026, 9, 24), 100_000, r.PROTESTED, None),
        ("ZZA-1000007-7", date(2026, 9, 24), 300_000, r.CAPE_DECLARATION, date(2026, 12, 9)),
    ],
)
def test_what_cape_takes(
    book: Book, add_text: Callable[..., Any], number: str, on: date, amount: int, how: str, until: date | None
) -> None:
    """Finally liquidated, a drawback entry, one with a protest, and a plain one; interest comes with each."""
    add_text("es003.csv", ENTRIES)
    kept, refused = refunds([e for e in entries(connect(book)) if e.entry == number], on)
    ours = [x for x in kept if x.reason == "ieepa"]
    assert not refused
    assert sum(x.amount for x in ours) == amount
    assert {(x.remedy, x.deadline, x.open) for x in ours} == {(how, until, True)}
    assert all("1505(c)" in x.why for x in ours)
    assert {x.certain for x in ours} == {number != "ZZA-1000002-2"}  # what stands under a drawback entry was not paid


HEAD = (
    "Entry Summary Number,Entry Type Code,Entry Date,Entry Summary Line Number,Country of Origin Code,"
    "HTS Number - Full,Line Tariff Goods Value Amount,Line Tariff Duty Amount,"
    "Liquidation Status,Liquidation Date,Protest Number\n"
)


def told(book: Book, add_text: Callable[..., Any], kind: str, protest: str) -> Refund:
    """The IEEPA candidate of one liquidated line, read from a report, 40 days after its liquidation."""
    start, end = f"ZZB-1000001-1,{kind},11/20/2025,1,CN", f"Liquidated,10/02/2026,{protest}"
    text = f"{HEAD}{start},9903.01.24,0,2000,{end}\n{start},6109.10.0012,10000,1650,{end}\n"
    add_text("es003.csv", text)
    kept, _ = refunds(entries(connect(book)), date(2026, 11, 11))
    (x,) = [x for x in kept if x.reason == "ieepa"]
    return x


@pytest.mark.parametrize("protest", ["", "N/A", "n/a", "-", "0", "none", "None"])
def test_a_word_for_none_is_no_protest(book: Book, add_text: Callable[..., Any], protest: str) -> None:
    x = told(book, add_text, "01", protest)
    assert (x.remedy, x.deadline, x.certain) == (r.CAPE_DECLARATION, date(2026, 12, 21), True)


@pytest.mark.parametrize(
    ("kind", "protest", "how", "certain"),
    [
        ("01", "3001-26-100001", r.PROTESTED, True),
        ("47 - Drawback", "", r.OUTSIDE_CAPE, False),
        ("", "", r.UNKNOWN_TYPE, False),
        ("AB", "", r.UNKNOWN_TYPE, False),
        ("AB", "3001-26-100001", r.UNKNOWN_TYPE, False),
    ],
)
def test_the_type_and_the_protest_that_a_report_writes(
    book: Book, add_text: Callable[..., Any], kind: str, protest: str, how: str, certain: bool
) -> None:
    x = told(book, add_text, kind, protest)
    assert (x.remedy, x.certain) == (how, certain)


def test_free_is_no_duty(book: Book, add_text: Callable[..., Any]) -> None:
    add_text("es003.csv", ENTRIES.replace("$750.00", "FREE"))
    (line,) = [e for e in entries(connect(book)) if e.entry == "ZZA-1000007-7"]
    assert line.paid["99038815"] == 0


def test_a_line_in_two_reports_was_paid_once(book: Book, add_text: Callable[..., Any]) -> None:
    add_text("es003.csv", ENTRIES)
    add_text("again.csv", ENTRIES.replace("$750.00", "$760.00"))
    (line,) = [e for e in entries(connect(book)) if e.entry == "ZZA-1000007-7"]
    assert line.paid == {"99030124": 200_000, "99030125": 100_000, "99038815": 76_000, "": 165_000}


def test_an_exclusion_is_a_candidate_only() -> None:
    paid = {"": 2_900, "99038803": 25_000, "99030124": 20_000, "99030125": 10_000}
    kept = found(entry(paid, hts="7326908688", value=100_000, entered_on=date(2025, 5, 20)))
    (x,) = [x for x in kept if x.reason == "exclusion"]
    assert (x.amount, x.certain) == (25_000, False)


def test_a_line_that_cannot_be_worked_out_says_why() -> None:
    kept, refused = refunds([entry(RIGHT, hts="1234567890")], TODAY)
    assert not kept
    assert "no tariff line" in refused[0][1]


def test_a_preference_that_was_not_claimed_is_claimed_within_a_year() -> None:
    """Knitted cotton shirts of Korea: 16.5 %, free under the agreement (special column, KR)."""
    e = entry({"": 330_000}, origin="KR", entered_on=date(2026, 3, 2), liquidated_on=None)
    (x,) = [x for x in found(e) if x.reason == "preference"]
    assert (x.paid, x.due, x.amount, x.certain) == (330_000, 0, 330_000, False)
    assert (x.remedy, x.deadline, x.interest) == (r.POST_IMPORTATION, date(2027, 3, 2), None)
    assert [w.how for w in x.ways] == [r.POST_IMPORTATION, r.POST_SUMMARY]
    assert not [x for x in found(entry({"": 0}, origin="KR", programme="KR")) if x.reason == "preference"]
    late = entry({"": 330_000}, origin="KR", entered_on=date(2025, 3, 2))
    assert [x.open for x in found(late) if x.reason == "preference"] == [False]


@pytest.mark.parametrize("order", [("paid", "back"), ("back", "paid")])
@pytest.mark.parametrize("before", ["Liquidated,10/02/2026", "Not Liquidated,"])
def test_a_report_of_an_earlier_liquidation_is_the_older(
    book: Book, add_text: Callable[..., Any], order: tuple[str, str], before: str
) -> None:
    """What was reliquidated without the duty gave it back: the report of before may be added last."""
    start = "ZZB-1000001-1,01,11/20/2025,1,CN"
    reports = {
        "paid": f"{HEAD}{start},9903.01.24,0,2000,{before},\n{start},6109.10.0012,10000,1650,{before},\n",
        "back": f"{HEAD}{start},9903.01.24,0,0,Reliquidated,10/30/2026,\n"
        f"{start},6109.10.0012,10000,1650,Reliquidated,10/30/2026,\n",
    }
    for name in order:
        add_text(f"{name}.csv", reports[name])
    (line,) = entries(connect(book))
    assert line.paid == {"99030124": 0, "": 165_000}


@pytest.mark.parametrize("kind", ["23", "24", "25", "26"])
def test_an_entry_under_bond_owes_nothing_and_what_it_states_is_not_surely_paid(kind: str) -> None:
    """19 CFR 141.101(e): no estimated duty is deposited on goods imported temporarily, for a trade fair or a permanent
    exhibition under bond; the report may state it all the same, with or without an amount."""
    assert refunds([entry({"": 0}, type=kind, liquidated_on=None)], TODAY) == ([], []), "not 24 % of 20,000 owed"
    kept, refused = refunds([entry({"": 330_000, "99030124": 400_000}, type=kind, liquidated_on=None)], TODAY)
    assert [(x.reason, x.amount, x.certain, x.interest) for x in kept] == [("ieepa", 400_000, False, None)]
    assert kept[0].remedy == (r.OUTSIDE_CAPE if kind == "23" else r.FREE_TYPE)
    assert len(refused) == 1 and "no duty is deposited" in refused[0][1]


@pytest.mark.parametrize(("kind", "certain"), [("01", True), ("08", False), ("09", False)])
def test_what_is_settled_in_another_entry_is_not_surely_owed(kind: str, certain: bool) -> None:
    """Under USMCA deferral duty is reduced or waived (19 CFR 182.53); a reconciliation holds a difference."""
    (x,) = found(entry(RIGHT | {"99038815": 0}, type=kind, liquidated_on=None))
    assert (x.reason, x.amount, x.certain) == ("underpaid", -150_000, certain)


def test_an_informal_entry_under_a_quota_is_liquidated_when_it_is_paid_too() -> None:
    """19 CFR 159.10(a)(1) is of informal entries, types 11 and 12: entered 2025-04-21, final after 180 days."""
    for kind in ("11", "12"):
        (x,) = found(entry(RIGHT | {"99030163": 2_500_000}, type=kind, liquidated_on=None))
        assert x.remedy == r.SUIT


def test_a_protest_that_was_approved_may_have_given_it_back(book: Book, add_text: Callable[..., Any]) -> None:
    start, end = "ZZB-1000001-1,01,11/20/2025,1,CN", "Liquidated,10/02/2026,3001-26-100001,Approved"
    head = HEAD.replace("Protest Number", "Protest Number,Protest Status")
    add_text("es003.csv", f"{head}{start},9903.01.24,0,2000,{end}\n{start},6109.10.0012,10000,1650,{end}\n")
    (x,) = [x for x in refunds(entries(connect(book)), date(2026, 11, 11))[0] if x.reason == "ieepa"]
    assert (x.remedy, x.certain) == (r.GRANTED, False)


def test_a_protest_without_its_number_is_on_file(book: Book, add_text: Callable[..., Any]) -> None:
    """A report may have the column Protest Status and not the number; CAPE rejects an entry with an open protest."""
    start, end = "ZZB-1000001-1,01,11/20/2025,1,CN", "Liquidated,10/02/2026,Open"
    head = HEAD.replace("Protest Number", "Protest Status")
    add_text("es003.csv", f"{head}{start},9903.01.24,0,2000,{end}\n{start},6109.10.0012,10000,1650,{end}\n")
    (x,) = [x for x in refunds(entries(connect(book)), date(2026, 11, 11))[0] if x.reason == "ieepa"]
    assert x.remedy == r.PROTESTED
    assert "a protest is on file, whose number the report does not tell" in [w.text for way in x.ways for w in way.why]
