"""Totals in words: a statement says them without a count, or in a known layout whose sums out have a minus."""

from __future__ import annotations

import pytest

from crossbook.sources.table.proofs import Entry, Told, prove

ROWS = (("in", 3, 720_000), ("out", 4, -120_050))


def said(*notes: tuple[int, str]) -> tuple[int, int, tuple[str, ...]]:
    """Totals that hold, totals that there are, and what contradicts, of two rows: 7200.00 in, 1200.50 out."""
    entries = [Entry(line=n, amount=a, balance=None, account="1", currency="CNY") for _, n, a in ROWS]
    found = next((p for p in prove(entries, (), Told(notes=list(notes)), ".") if p.name == "total"), None)
    return (found.held, found.tests, tuple(a.text for a in found.against)) if found else (0, 0, ())


def test_a_total_in_words_without_a_count_is_held_against_the_rows() -> None:
    assert said((5, "本页合计：收入 7200.00 元；支出 1200.50 元")) == (2, 2, ())
    wrong = ("total of line 5 is not the sum of the rows: 收入 9999.00",)
    assert said((5, "本页合计：收入 9999.00 元；支出 1200.50 元")) == (1, 2, wrong)
    assert said((5, "合计 收入：7,200元 支出：1,200.50元")) == (2, 2, ())
    assert said((5, "Total credits: 7,200.00, debits: 1,200.50")) == (2, 2, ())


def test_pages_and_days_have_totals_of_their_own() -> None:
    page = ((3, "本日合计：收入 7200.00 元"), (5, "本日合计：支出 1200.50 元"), (6, "本月合计：收入 7200.00 元"))
    assert said(*page) == (3, 3, ())


@pytest.mark.parametrize(
    "text",
    [
        "本年累计：收入 99999.00 元",
        "收入 9999.00 元",  # says nothing of a total
        "合计：收入 0.72 万元",
        "Total credits: 9.999,00",
        "合计：收入 3 笔次",
    ],
)
def test_what_is_of_more_than_the_rows_or_written_otherwise_is_no_total(text: str) -> None:
    assert said((5, text))[1] == 0
