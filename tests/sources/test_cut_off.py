"""A file that ends within a row: what its last amount lacks nobody sees, so the row is bad."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import preview
from crossbook.sources.cut_off import REASON, last_row
from tests.sources.reading import read

STRIPE = (
    "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Description,Transfer\n"
    "txn_1A,charge,ch_1A,80.00,2.50,77.50,usd,2026-03-01 09:12,2026-03-03 00:00,A1,\n"
)
BANK = "Date,Description,Amount,Balance\n2026-03-05,C,10.00,110.00\n2026-03-04,B,-50.00,100.00\n"


def test_a_report_that_breaks_off_within_a_row_has_a_bad_row(tmp_path: Path) -> None:
    path = tmp_path / "stripe.csv"
    path.write_text(STRIPE + "txn_1B,charge,ch_1B,80.00,2.50,77.50,usd,2026-03-01 09:13,2026-03-03 0")
    assert [(line, reason) for line, _, reason in read(path).bad if reason == REASON] == [(3, REASON)]


def test_a_statement_that_breaks_off_in_an_amount_has_a_bad_row(tmp_path: Path) -> None:
    """-130.00 with its balance -1 left of it: the balances above agree, and say nothing of it."""
    path = tmp_path / "bank.csv"
    path.write_text(BANK + "2026-03-03,A,-1")
    seen = preview(path, account="B1", currency="USD")
    assert [(bad.line, bad.reason) for bad in seen.bad] == [(4, REASON)]
    assert len(seen.rows["bank"]) == 2


@pytest.mark.parametrize(
    "end", ["2026-03-03,A,-130.00,150.00", "2026-03-03,A,-130.00,150.00\n", "2026-03-03,A,-130.00\n"]
)
def test_a_file_that_ends_behind_a_row_is_whole(tmp_path: Path, end: str) -> None:
    """With a line end behind it a row with fewer fields is one that was written so."""
    path = tmp_path / "bank.csv"
    path.write_text(BANK + end)
    assert last_row(path, ",") is None


def test_a_delimiter_within_quotes_is_no_field(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text('Date,Text,Amount\n2026-03-05,"C, D",10.00\n2026-03-05,C,10.00')
    assert last_row(path, ",") is None
    path.write_text('Date,Text,Amount\n2026-03-05,"C, D",10.00\n2026-03-05,"C, D"')
    assert last_row(path, ",") == (3, '2026-03-05,"C, D"')
