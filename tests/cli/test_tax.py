"""The tax commands, end to end on the sample business."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.cli.running import run
from tests.sharing import copied


@pytest.fixture(scope="module")
def sample_book(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tax")
    copied(sample / "book", folder / "book")
    return folder / "book"


def told(book: Path, *words: object) -> Any:
    done = run("tax", *words, "--book", book, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_return(sample_book: Path) -> None:
    for kind, period in (
        ("ioss", "2026-05"),
        ("oss", "2026-Q2"),
        ("uk_vat", "2026-Q2"),
        ("us_sales", "2026-Q2"),
        ("cn_refund", "2026-03"),
        ("cn_exempt", "2026-03"),
        ("cn_platform", "2026-Q1"),
    ):
        found = told(sample_book, "return", kind, period)["return"]
        assert found["kind"] == kind and found["source"]
        assert sum(x["tax"] for x in found["lines"]) >= 0
    states = told(sample_book, "return", "us_sales", "2026-Q1")["return"]
    assert {x["label"] for x in states["lines"]} >= {"CA", "TX", "NY"}


def test_files_and_marking(sample_book: Path, tmp_path: Path) -> None:
    out, pay = tmp_path / "r.xlsx", tmp_path / "p.xml"
    done = run("tax", "return", "ioss", "2026-05", "--out", out, "--pay", pay, "--filed", "--book", sample_book)
    assert done.returncode == 0, done.stderr
    assert out.stat().st_size > 3_000 and etree.parse(str(pay)) is not None
    again = run("tax", "return", "ioss", "2026-05", "--filed", "--book", sample_book)
    assert again.returncode == 2 and "was filed on" in again.stderr
    calendar = told(sample_book, "calendar", "--on", "2026-06-30")
    assert [x["filed"] is not None for x in calendar if x["deadline"]["period"]["name"] == "2026-05"] == [True]
    assert run("tax", "return", "ioss", "2026-05", "--not-filed", "--book", sample_book).returncode == 0


def test_another_amount_that_was_filed_is_shown_from_then_on(sample_book: Path) -> None:
    computed = told(sample_book, "return", "ioss", "2026-05")["return"]["total"]
    less = f"{(computed - 178) // 100}.{(computed - 178) % 100:02d}"
    words = ("return", "ioss", "2026-05", "--on", "2026-06-20", "--amount", less, "--yes", "open", "--why", "x")
    assert run("decide", *words, "--yes", "1.78", "--book", sample_book).returncode == 2
    done = run("decide", *words, "--yes", "-1.78", "--book", sample_book)
    assert done.returncode == 0, done.stderr
    was = told(sample_book, "return", "ioss", "2026-05")["filed"]
    assert (was["amount"], was["computed"], was["difference"]) == (computed - 178, computed, -178)
    for shown in (("return", "ioss", "2026-05"), ("calendar", "--on", "2026-06-30")):
        assert f"filed {less} EUR" in run("tax", *shown, "--book", sample_book).stdout.replace(",", "")
        assert "difference -1.78 EUR" in run("tax", *shown, "--book", sample_book).stdout
    assert run("undo", "return", "ioss", "2026-05", "--why", "x", "--book", sample_book).returncode == 0


def test_thresholds_calendar_and_numbers(sample_book: Path, tmp_path: Path) -> None:
    near = told(sample_book, "thresholds", "--on", "2026-06-30")
    assert near == sorted(near, key=lambda n: -(n["percent"] or 0))
    assert "registered" in {n["state"] for n in near}
    chinese = run(
        "tax", "calendar", "--on", "2026-06-30", "--out", tmp_path / "c.ics", "--book", sample_book, lang="zh"
    )
    assert "IOSS 月度申报" in chinese.stdout
    assert (tmp_path / "c.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert [i["kind"] for i in told(sample_book, "identities")] == ["uscc", "ioss", "gb_vat"]


@pytest.mark.parametrize(
    "words", [("ioss", "May"), ("vat", "2026-05"), ("ioss", "2026-Q2"), ("cn_platform", "2024-Q1")]
)
def test_bad_questions(sample_book: Path, words: tuple[str, str]) -> None:
    done = run("tax", "return", *words, "--book", sample_book)
    assert done.returncode == 2 and "→" in done.stderr
