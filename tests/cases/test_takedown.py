"""Notices, steps in their order, waiting periods, repeat infringers, letters and the log."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from crossbook.book import Book, init_book
from crossbook.cases.takedown import LETTERS, letter, receive, repeats, take_step, takedown, write_log
from crossbook.errors import CrossbookError, NotFoundError

DAY = date(2026, 3, 2)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return init_book(tmp_path / "book", "x", "USD")


def come(book: Book, name: str = "n1", regime: str = "us_dmca", seller: str = "shop") -> None:
    receive(
        book,
        name,
        regime=regime,
        side="platform",
        on=DAY,
        listing="B0X",
        seller=seller,
        complainant="Owner",
        right="photo",
    )


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
        "en": ("your physical or electronic signature", "where it stood before", "mistake or misidentification",
               "address (with country) and telephone", "consent to the jurisdiction", "accept service"),
        "zh": ("您的签名或电子签名", "其原所在位置", "误删或误认", "完整姓名、地址(含国家)与电话", "地区法院管辖", "接受投诉人送达"),
    },
    ("us_dmca", "notice"): {
        "en": ("authorised to act for the owner", "the copyrighted work", "how to reach the complainant",
               "use is not authorised", "may act for the owner"),
        "zh": ("权利人或其代理人的签名", "被侵权作品", "投诉人联系方式", "该使用未经授权", "有权代表权利人"),
    },
}  # fmt: skip
ADDRESSED = {
    "to_seller": ("shop", "counter"), "ask_for_evidence": ("Owner", "notice"), "counter_notice": ("platform", "counter"),
    "to_complainant": ("Owner", ""), "put_back": ("shop", ""),
}  # fmt: skip
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
            # the counter-notice letter itself says "mistake or misidentification"; the notice's lists hold nothing of it
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
