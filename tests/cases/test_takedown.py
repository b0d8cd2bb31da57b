"""Notices, steps in their order, waiting periods, repeat infringers, letters and the log."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from crossbook.book import Book, init_book
from crossbook.cases.takedown import LETTERS, STEP, Takedown, letter, repeats, takedown, write_log
from crossbook.errors import CrossbookError, NotFoundError
from tests.decisions.making import decided, plainly

DAY = date(2026, 3, 2)
TODAY = date(2027, 12, 31)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    monkeypatch.setattr("crossbook.calendars.today", lambda: TODAY)
    return init_book(tmp_path / "book", "x", "USD")


def take_step(book: Book, name: str, step: str, on: date, note: str = "") -> Takedown:
    decided(plainly(book), "step", notice=name, step=step, on=on, note=note)
    return takedown(book, name)


def come(book: Book, name: str = "n1", regime: str = "us_dmca", seller: str = "shop") -> None:
    told = {"listing": "B0X", "seller": seller, "complainant": "Owner", "right": "photo", "side": "platform"}
    decided(plainly(book), "notice", notice=name, regime=regime, on=DAY, yes=("n0", "n1"), **told)


def test_the_american_period_runs_from_the_counter_notice(book: Book) -> None:
    come(book)
    for step, day in (("seller_told", 3), ("taken_down", 3), ("counter_notice_received", 5)):
        take_step(book, "n1", step, date(2026, 3, day))
    assert [str(d.due.earliest) for d in takedown(book, "n1").deadlines()] == ["2026-03-19", "2026-03-25"]
    with pytest.raises(CrossbookError, match="waiting period runs until 2026-03-19"):
        take_step(book, "n1", "put_back", date(2026, 3, 18))
    assert take_step(book, "n1", "put_back", date(2026, 3, 19)).state == "put_back"


def test_chinas_period_runs_from_passing_it_on_and_a_suit_ends_it(book: Book) -> None:
    come(book, regime="cn")
    take_step(book, "n1", "seller_told", DAY)
    take_step(book, "n1", "counter_notice_received", date(2026, 3, 4))
    assert takedown(book, "n1").deadlines() == []
    take_step(book, "n1", "taken_down", DAY)
    with pytest.raises(CrossbookError, match="runs from counter_notice_passed_on"):
        take_step(book, "n1", "put_back", date(2026, 6, 1))
    take_step(book, "n1", "counter_notice_passed_on", date(2026, 3, 5))
    (due,) = takedown(book, "n1").deadlines()
    assert str(due.due.earliest) == "2026-03-20"
    take_step(book, "n1", "suit_told", date(2026, 3, 10))
    assert takedown(book, "n1").deadlines() == []
    with pytest.raises(CrossbookError, match="told of a suit on 2026-03-10"):
        take_step(book, "n1", "put_back", date(2026, 3, 23))


# Worked by hand: 15 days from 5 March are the 20th, so the 21st; ten business days from Thursday the 5th are Thursday
# the 19th, which is "not less than 10" (512(g)(2)(C)).
FIRST = {"cn": date(2026, 3, 21), "us_dmca": date(2026, 3, 19)}


def answered(book: Book, regime: str) -> None:
    come(book, regime=regime)
    for step, day in (
        ("seller_told", 3),
        ("taken_down", 3),
        ("counter_notice_received", 5),
        ("counter_notice_passed_on", 5),
    ):
        take_step(book, "n1", step, date(2026, 3, day))


@pytest.mark.parametrize("regime", ["cn", "us_dmca"])
@pytest.mark.parametrize("note", ["", "the seller asks for it"])
def test_nothing_is_put_back_before_the_waiting_period_ends(book: Book, regime: str, note: str) -> None:
    answered(book, regime)
    day = date(2026, 3, 5)
    while day < FIRST[regime]:
        with pytest.raises(CrossbookError, match="waiting period runs until"):
            take_step(book, "n1", "put_back", day, note)
        day += timedelta(1)
    assert take_step(book, "n1", "put_back", day, note).state == "put_back"


@pytest.mark.parametrize("regime", ["cn", "us_dmca"])
def test_without_an_answer_nothing_is_put_back_but_a_withdrawn_notice_is(book: Book, regime: str) -> None:
    come(book, regime=regime)
    take_step(book, "n1", "taken_down", DAY)
    with pytest.raises(CrossbookError, match="has not begun"):
        take_step(book, "n1", "put_back", date(2027, 3, 2))
    take_step(book, "n1", "withdrawn", date(2026, 3, 4))
    with pytest.raises(CrossbookError, match="has not begun"):
        take_step(book, "n1", "put_back", date(2026, 3, 3))
    take_step(book, "n1", "put_back", date(2026, 3, 4))
    assert "withdrawn on 2026-03-04" in letter(takedown(book, "n1"), "put_back", "en")


@pytest.mark.parametrize("regime", ["cn", "us_dmca"])
def test_a_suit_keeps_it_down_until_it_is_decided(book: Book, regime: str) -> None:
    answered(book, regime)
    take_step(book, "n1", "suit_told", date(2026, 3, 12))
    with pytest.raises(CrossbookError, match="told of a suit"):
        take_step(book, "n1", "put_back", date(2026, 12, 1))
    take_step(book, "n1", "rejected", date(2026, 11, 30))
    assert take_step(book, "n1", "put_back", date(2026, 12, 1)).state == "put_back"


def taken(book: Book, regime: str, *steps: tuple[str, str]) -> Takedown:
    """Answered, and then these steps, each with its day as MM-DD of 2026."""
    answered(book, regime)
    for step, day in steps:
        take_step(book, "n1", step, date.fromisoformat(f"2026-{day}"))
    return takedown(book, "n1")


@pytest.mark.parametrize("regime", ["cn", "us_dmca"])
@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([("upheld", "03-10")], "upheld on 2026-03-10"),
        ([("rejected", "03-10"), ("upheld", "03-12")], "upheld on 2026-03-12"),
        ([("withdrawn", "03-10"), ("suit_told", "03-12")], "told of a suit on 2026-03-12"),
        ([("suit_told", "03-12"), ("withdrawn", "03-13"), ("suit_told", "03-14")], "told of a suit on 2026-03-14"),
        ([("put_back", "03-21"), ("taken_down", "05-01")], "has not begun"),
        ([("withdrawn", "03-10"), ("taken_down", "05-01")], "has not begun"),
    ],
)
def test_the_latest_of_what_was_decided_keeps_it_down(
    book: Book, regime: str, steps: list[tuple[str, str]], why: str
) -> None:
    taken(book, regime, *steps)
    n = len(book.journal())
    with pytest.raises(CrossbookError, match=why):
        take_step(book, "n1", "put_back", date(2026, 12, 1))
    assert len(book.journal()) == n


@pytest.mark.parametrize("regime", ["cn", "us_dmca"])
@pytest.mark.parametrize(
    "steps",
    [
        [("upheld", "03-10"), ("withdrawn", "03-11")],
        [("upheld", "03-10"), ("rejected", "03-11")],
        [("suit_told", "03-10"), ("withdrawn", "03-11")],
    ],
)
def test_the_latest_of_what_was_decided_lets_it_back(book: Book, regime: str, steps: list[tuple[str, str]]) -> None:
    assert taken(book, regime, *steps, ("put_back", "03-12")).state == "put_back"


def test_a_listing_taken_down_again_waits_for_its_own_answer(book: Book) -> None:
    """By hand: ten business days from Friday 1 May 2026 are the 15th."""
    again = taken(book, "us_dmca", ("put_back", "03-19"), ("taken_down", "04-30"))
    assert again.deadlines() == []
    with pytest.raises(CrossbookError, match="is not put back"):
        letter(again, "put_back", "en")
    take_step(book, "n1", "counter_notice_received", date(2026, 5, 1))
    with pytest.raises(CrossbookError, match="runs until 2026-05-15"):
        take_step(book, "n1", "put_back", date(2026, 5, 14))
    take_step(book, "n1", "put_back", date(2026, 5, 15))


def test_a_suit_told_of_before_the_first_takedown_counts(book: Book) -> None:
    come(book)
    for step, day in (("seller_told", 3), ("counter_notice_received", 4), ("suit_told", 5), ("taken_down", 6)):
        take_step(book, "n1", step, date(2026, 3, day))
    with pytest.raises(CrossbookError, match="told of a suit"):
        take_step(book, "n1", "put_back", date(2026, 4, 6))


def test_the_letter_says_why_it_was_put_back_last(book: Book) -> None:
    of = taken(
        book,
        "us_dmca",
        ("withdrawn", "03-10"),
        ("put_back", "03-10"),
        ("taken_down", "04-30"),
        ("counter_notice_received", "05-01"),
        ("put_back", "05-15"),
    )
    assert "withdrawn" not in letter(of, "put_back", "en") and "2026-05-01" in letter(of, "put_back", "en")


def test_no_step_lies_ahead_or_out_of_range(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    come(book)
    today = date(2026, 3, 5)
    monkeypatch.setattr("crossbook.calendars.today", lambda: today)
    for day in (date(2026, 3, 6), date(9001, 1, 1), date(9999, 12, 31), date(1, 1, 1)):
        with pytest.raises(CrossbookError, match=r"lies ahead|out of range"):
            take_step(book, "n1", "seller_told", day)
    assert len(book.journal()) == 1
    assert take_step(book, "n1", "seller_told", today).state == "seller_told"


def test_an_old_step_of_no_possible_day_is_named_and_counts_for_nothing(book: Book) -> None:
    answered(book, "us_dmca")
    book.decide(STEP, "n1", {"step": "counter_notice_received", "on": "9999-12-31", "note": ""}, None)
    of = takedown(book, "n1")
    assert [(s.step, str(s.day)) for s in of.uncounted] == [("counter_notice_received", "9999-12-31")]
    assert [str(d.due.earliest) for d in of.deadlines()] == ["2026-03-19", "2026-03-25"]
    assert take_step(book, "n1", "put_back", FIRST["us_dmca"]).state == "put_back"


def test_steps_out_of_order_are_refused(book: Book) -> None:
    come(book)
    for step, day in (
        ("put_back", DAY),
        ("counter_notice_received", DAY),
        ("no such", DAY),
        ("seller_told", date(2026, 3, 1)),
    ):
        with pytest.raises(CrossbookError):
            take_step(book, "n1", step, day)
    assert len(book.journal()) == 1
    with pytest.raises(CrossbookError, match="already"):
        come(book)
    with pytest.raises(NotFoundError):
        takedown(book, "n2")


def test_upheld_notices_are_counted_by_seller(book: Book) -> None:
    for n in range(3):
        come(book, f"n{n}", seller="shop" if n else "other")
        take_step(book, f"n{n}", "taken_down", DAY)
        take_step(book, f"n{n}", "upheld", DAY)
    assert repeats(book) == [("shop", 2, ("n1", "n2")), ("other", 1, ("n0",))]


# Who is written to, and what of the law's lists he is asked for: written down from the statutes, not from the table.
ASKED = {
    ("cn", "counter"): {
        "en": ("a declaration that there is no infringement", "evidence that there is no infringement"),
        "zh": ("不存在侵权行为的声明", "不存在侵权行为的初步证据"),
    },
    ("cn", "notice"): {"en": ("evidence that there is infringement",), "zh": ("构成侵权的初步证据",)},
    ("us_dmca", "counter"): {
        "en": (
            "your physical or electronic signature",
            "where it stood before",
            "mistake or misidentification",
            "address (with country) and telephone",
            "consent to the jurisdiction",
            "accept service",
        ),
        "zh": (
            "您的签名或电子签名",
            "其原所在位置",
            "误删或误认",
            "完整姓名、地址(含国家)与电话",
            "地区法院管辖",
            "接受投诉人送达",
        ),
    },
    ("us_dmca", "notice"): {
        "en": (
            "authorised to act for the owner",
            "the copyrighted work",
            "how to reach the complainant",
            "use is not authorised",
            "may act for the owner",
        ),
        "zh": ("权利人或其代理人的签名", "被侵权作品", "投诉人联系方式", "该使用未经授权", "有权代表权利人"),
    },
}
ADDRESSED = {
    "to_seller": ("shop", "counter"),
    "ask_for_evidence": ("Owner", "notice"),
    "counter_notice": ("platform", "counter"),
    "to_complainant": ("Owner", ""),
    "put_back": ("shop", ""),
}
ZH = {"platform": "平台", "shop": "shop", "Owner": "Owner"}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("regime", ["cn", "us_dmca"])
@pytest.mark.parametrize("kind", ADDRESSED)
def test_who_is_asked_for_what(book: Book, kind: str, regime: str, language: str) -> None:
    answered(book, regime)
    take_step(book, "n1", "put_back", FIRST[regime])
    told = letter(takedown(book, "n1"), kind, language)
    whom, asked = ADDRESSED[kind]
    first = told.splitlines()[0]
    assert (ZH[whom] if language == "zh" else whom) in first
    for (law, of), words in ASKED.items():
        for text in words[language]:
            # the counter-notice letter itself says "mistake or misidentification"; the notice's lists hold nothing of
            # it
            assert (text in told) == ((law, of) == (regime, asked)), (text, told)
    assert ("512" in told or kind == "put_back") if regime == "us_dmca" else "512" not in told
    assert "E-Commerce" not in told and "电子商务法" not in told if regime == "us_dmca" else True


def test_no_letter_tells_of_a_listing_put_back_before_it_was(book: Book) -> None:
    answered(book, "us_dmca")
    with pytest.raises(CrossbookError, match="is not put back"):
        letter(takedown(book, "n1"), "put_back", "en")


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize("regime", ["cn", "us_dmca"])
def test_every_letter_fills_in_both_languages(book: Book, kind: str, regime: str) -> None:
    answered(book, regime)
    take_step(book, "n1", "put_back", FIRST[regime])
    of = takedown(book, "n1")
    english, chinese = letter(of, kind, "en"), letter(of, kind, "zh")
    assert "n1" in english and "n1" in chinese and any("一" <= c <= "鿿" for c in chinese)
    assert not any("一" <= c <= "鿿" for c in english) and "{{" not in english + chinese


def test_the_log_holds_every_step_and_no_formula(book: Book, tmp_path: Path) -> None:
    come(book, seller="=cmd()")
    take_step(book, "n1", "seller_told", DAY, "by mail")
    assert write_log(book, tmp_path / "log.csv") == 2
    rows = list(csv.DictReader((tmp_path / "log.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [r["step"] for r in rows] == ["notice_received", "seller_told"]
    assert rows[0]["seller"] == "'=cmd()" and rows[1]["journal"] == "2"
