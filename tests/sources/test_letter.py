"""Letters: what their words name, and PDFs that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from crossbook.errors import CrossbookError
from crossbook.sources.letter import SOURCE, read_text
from crossbook.sources.source import Reading


def test_an_order_names_court_docket_and_listings() -> None:
    found = read_text(
        "IN THE UNITED STATES DISTRICT COURT\nFOR THE SOUTHERN DISTRICT OF\nNEW YORK\nACME BRANDS LLC,\n"
        "Plaintiff,\nv.\nCase 26-cv-01234\n"
        "entered on March 2, 2026; listings B0ABCDEF12, Reg. No. 1,234,567"
    )
    assert found["court"] == "Southern District Of New York" and found["state"] == "NY"
    assert (found["docket"], found["plaintiff"]) == ("26-cv-01234", "ACME BRANDS LLC")
    assert (found["listings"], found["marks"], found["days"]) == ("B0ABCDEF12", "1234567", "2026-03-02")


def test_chinese_days_are_read_and_impossible_ones_left_out() -> None:
    assert read_text("2026年3月2日收到;2026年2月31日")["days"] == "2026-03-02"
    assert read_text("February 31, 2026")["days"] is None


@given(st.text(max_size=300))
def test_any_words_are_read(text: str) -> None:
    assert set(read_text(text)) == {"court", "state", "docket", "plaintiff", "listings", "marks", "days"}


def test_a_scan_is_told_as_one(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(typst.compile(b"#rect(width: 3cm)"))
    with pytest.raises(CrossbookError, match="no text"):
        list(SOURCE.read(Reading(path, path.name, "utf-8")))


def test_a_pdf_cut_short_is_refused(tmp_path: Path) -> None:
    whole = (Path(__file__).parent / "golden" / "letter.pdf").read_bytes()
    path = tmp_path / "cut.pdf"
    path.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(CrossbookError):
        list(SOURCE.read(Reading(path, path.name, "utf-8")))
