"""The cases commands, end to end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from icalendar import Calendar

from crossbook.book import Book
from tests.cli.running import run
from tests.sharing import copied


def test_deadlines_as_shown_as_data_and_as_a_calendar(tmp_path: Path) -> None:
    words = ("cases", "deadlines", "us_suit", "served=2025-06-13", "order_entered=2025-12-10")
    shown = run(*words)
    assert shown.returncode == 0, shown.stderr
    for text in ("2025-07-07 Mon", "2025-12-24 Wed … 2025-12-29 Mon", "21 days from 2025-06-13", "no legal advice"):
        assert text in shown.stdout
    told = json.loads(run(*words, "--json", "--out", tmp_path / "c.ics").stdout)
    assert [d["limit"]["name"] for d in told["deadlines"]] == ["answer", "order_lapses", "order_lapses_after_extension"]
    assert told["deadlines"][0]["due"] == {"earliest": "2025-07-07", "latest": "2025-07-07"}
    events = Calendar.from_ical((tmp_path / "c.ics").read_bytes()).walk("VEVENT")
    assert [str(e.decoded("dtstart")) for e in events] == ["2025-07-07", "2025-12-24", "2026-01-07"]


def test_the_safe_day_of_what_must_wait_is_the_last(tmp_path: Path) -> None:
    run("cases", "deadlines", "us_dmca", "counter_notice_received=2025-12-10", "--out", tmp_path / "c.ics")
    events = Calendar.from_ical((tmp_path / "c.ics").read_bytes()).walk("VEVENT")
    assert [str(e.decoded("dtstart")) for e in events] == ["2025-12-29", "2025-12-31"]


def test_procedures_are_listed_and_shown_in_chinese() -> None:
    assert {p["name"] for p in json.loads(run("cases", "procedures", "--json").stdout)} >= {"us_suit", "udrp"}
    shown = run("--lang", "zh", "cases", "procedures", "wto_dispute").stdout
    assert "只有世贸组织成员方" in shown and "DSU, article 4.3" in shown and "10 日" in shown


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("us_suit", "served"), "is not an event with its day"),
        (("us_suit", "served=13/06/2025"), "is not a day"),
        (("us_suit", "served=9999-12-31"), "served: 9999-12-31 is out of range"),
        (("us_suit", "served=2025-06-13", "served=2025-06-14"), "was on 2025-06-13 and on 2025-06-14"),
        (("us_suit", "served=2025-06-13", "--state", "ZZ"), "is no state"),
        (("murder", "served=2025-06-13"), "there is no procedure"),
    ],
)
def test_bad_input_is_named(words: tuple[str, ...], says: str) -> None:
    done = run("cases", "deadlines", *words)
    assert done.returncode == 2 and says in done.stderr


def test_a_case_from_a_letter_to_its_end(sample: Path, tmp_path: Path) -> None:
    book = tmp_path / "book"
    copied(sample / "book", book)
    letter = Path(__file__).parents[1] / "sources" / "golden" / "letter.pdf"
    done = run(
        "cases",
        "new",
        "valkore",
        "--procedure",
        "us_suit",
        "--letter",
        letter,
        "--event",
        "order_entered=2026-01-19",
        "--event",
        "served=2026-01-26",
        "--book",
        book,
    )
    assert done.returncode == 0, done.stderr
    for text in (
        "Northern District Of Illinois",
        "1:26-cv-00417",
        "BAG-20 BAG-45",
        "2026-02-17 Tue",
        "The first 48 hours",
        "Accused sales",
    ):
        assert text in done.stdout
    told = json.loads(
        run(
            "cases",
            "show",
            "valkore",
            "--answer",
            "5000",
            "--settle",
            "20000",
            "--judgment",
            "40000",
            "--book",
            book,
            "--json",
        ).stdout
    )
    assert told["exposure"]["most"] == 200_000_00 and told["weighed"]["answer_beats_settle"] == 625
    assert told["held"] and sum(d["units"] for d in told["sales"]["days"]) == sum(t[2] for t in told["sales"]["totals"])
    assert (
        run(
            "cases", "event", "valkore", "--done", "answer=2026-02-16", "--account", "amazon", "--book", book
        ).returncode
        == 0
    )
    assert {
        s["account"] for s in json.loads(run("cases", "show", "valkore", "--book", book, "--json").stdout)["held"]
    } == {"amazon"}
    listed = run("cases", "calendar", "--on", "2026-02-01", "--book", book, "--out", tmp_path / "c.ics")
    assert "2026-02-16" in listed.stdout and (tmp_path / "c.ics").exists()
    assert run("cases", "calendar", "--on", "2026-02-01", "--check", "--book", book).returncode == 0
    assert (
        json.loads(run("cases", "deadlines", "valkore", "--book", book, "--json").stdout)[0]["limit"]["name"]
        == "order_lapses"
    )
    assert run("cases", "close", "valkore", "--why", "settled", "--book", book).returncode == 0
    assert "closed" in run("cases", "list", "--book", book).stdout


def test_a_limit_kept_late_is_shown_so(book: Book) -> None:
    """Served on 22 June 2026, an answer is due on 13 July; it came on 30 August, 48 days later."""
    book.decide("open case", "slow", {"procedure": "us_suit", "happened": {"served": "2026-06-22"}})
    book.decide("limit kept", "slow", {"limit": "answer", "on": "2026-08-30"})
    for words in (("show", "slow"), ("list",), ("calendar", "--on", "2026-06-22")):
        assert "48 days late" in " ".join(run("cases", *words, "--book", book.path).stdout.split()), words
    assert "逾期 48 天" in run("cases", "calendar", "--on", "2026-06-22", "--book", book.path, lang="zh").stdout


def test_money_held_back_is_what_money_says_is_not_at_the_bank(totals: Path, tmp_path: Path) -> None:
    """Orders of a bare total that was paid wait for no release: they are restored before what is held is told."""
    book = tmp_path / "book"
    copied(totals, book)
    assert run("cases", "new", "a", "--procedure", "us_suit", "--book", book).returncode == 0
    told = json.loads(run("cases", "show", "a", "--book", book, "--json").stdout)
    stages = json.loads(run("money", "--on", told["on"], "--book", book, "--json").stdout)["stages"]
    assert told["held"] == [s for s in stages if s["place"] != "at_bank" and s["amount"]]
    assert any(s["place"] == "on_its_way" and s["orders"] for s in told["held"]), "the orders of totals are found"


def test_an_accused_product_without_a_sale_there_is_said_and_all_else_is_shown(sample: Path, tmp_path: Path) -> None:
    book = tmp_path / "book"
    copied(sample / "book", book)
    new = ("cases", "new", "a", "--procedure", "us_suit", "--event", "order_entered=2026-01-19", "--sku", "BAG-20")
    done = run(*new, "--sku", "NONE-1", "--book", book)
    assert done.returncode == 0 and "no sale of NONE-1 in the book" in done.stdout and "Accused sales" in done.stdout
    sold = json.loads(run("cases", "show", "a", "--book", book, "--json").stdout)["sales"]
    assert sold["unsold"] == [{"sku": "NONE-1", "accounts": [], "elsewhere": []}]
    told = run("decide", "about", "a", "--sku", "BAG-20", "--account", "paypal", "--book", book)
    assert told.returncode == 0, told.stderr
    shown = run("cases", "show", "a", "--book", book)
    assert shown.returncode == 0, shown.stderr
    for text in (
        "no sale of BAG-20 in account paypal; orders in other accounts:",
        "First 48 hours",
        "statutory damages",
    ):
        assert text.lower() in shown.stdout.replace("\n", " ").lower()
    (unsold,) = json.loads(run("cases", "show", "a", "--book", book, "--json").stdout)["sales"]["unsold"]
    there = dict(unsold["elsewhere"])
    assert there.keys() == {"amazon", "shopify", "seabridge", "tiktok"} and min(there.values()) > 0


def test_a_suit_of_an_unsaid_right_binds_only_if_it_is_a_trademark(sample: Path, tmp_path: Path) -> None:
    book = tmp_path / "book"
    copied(sample / "book", book)
    new = ("cases", "new", "a", "--procedure", "us_suit", "--event", "order_entered=2026-01-19", "--book", book)
    assert run(*new).returncode == 0
    for lang, binds, caveat in (
        ("en", "the order binds you from", "this holds if it is a trademark"),
        ("zh", "自知悉限制令之时起即受约束", "仅在涉及商标时适用"),
    ):
        shown = run("cases", "show", "a", "--book", book, "--lang", lang).stdout.replace("\n", " ")
        assert caveat in shown.split(binds, 1)[1]
    assert run("cases", "event", "a", "--right", "trademark", "--book", book).returncode == 0
    shown = run("cases", "show", "a", "--book", book).stdout
    assert "the order binds you from" in shown and "if it is a trademark" not in shown


def test_what_cannot_be_of_a_case(sample: Path, tmp_path: Path) -> None:
    book = tmp_path / "book"
    copied(sample / "book", book)
    new = ("cases", "new", "a", "--procedure", "us_suit", "--book", book)
    for words in (
        (*new, "--event", "served=yesterday"),
        (*new, "--event", "served=2026-01-26", "--event", "served=2026-01-27"),
        (*new, "--letter", tmp_path / "none.pdf"),
        ("cases", "show", "a", "--book", book),
    ):
        done = run(*words)
        assert done.returncode == 2 and "Traceback" not in done.stderr, words
    assert run(*new).returncode == 0
    done = run("cases", "show", "a", "--answer", "5000", "--book", book)
    assert done.returncode == 2 and "three figures" in done.stderr


def test_laws_side_by_side_and_disputes_replayed() -> None:
    shown = run("cases", "compare", "--on", "2026-03-02").stdout
    assert "2026-03-30 Mon" in shown and "no day satisfies all" in shown
    assert "2012-08-20" in run("cases", "replay", "DS437").stdout and "DS543" in run("cases", "replay").stdout
    assert json.loads(run("cases", "replay", "DS543", "--json").stdout)[0]["days"] == -1


def test_a_notice_from_coming_to_its_log(tmp_path: Path) -> None:
    book = tmp_path / "book"
    run("init", book)
    new = (
        "cases",
        "takedown",
        "new",
        "n1",
        "--regime",
        "us_dmca",
        "--listing",
        "B0X",
        "--complainant",
        "Owner",
        "--on",
        "2026-03-02",
    )
    assert run(*new, "--book", book).returncode == 0
    for step, day in (
        ("seller_told", "2026-03-03"),
        ("taken_down", "2026-03-03"),
        ("counter_notice_received", "2026-03-05"),
    ):
        done = run("cases", "takedown", "step", "n1", step, "--on", day, "--book", book)
        assert done.returncode == 0, done.stderr
    assert "2026-03-19 Thu" in done.stdout
    early = run("cases", "takedown", "step", "n1", "put_back", "--on", "2026-03-10", "--book", book)
    assert early.returncode == 2 and "waiting period" in early.stderr
    assert "伪证" in run("cases", "takedown", "letter", "n1", "counter_notice", "--lang", "zh", "--book", book).stdout
    assert run("cases", "takedown", "log", tmp_path / "log.csv", "--book", book).returncode == 0
    assert (
        json.loads(run("cases", "takedown", "list", "--book", book, "--json").stdout)[0]["state"]
        == "counter_notice_received"
    )
    assert run("cases", "takedown", "list", "--repeat", "--book", book).returncode == 0
