"""Words of a table's status and direction of which a person says what they mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import preview
from crossbook.errors import CrossbookError
from crossbook.sources import word_meanings

STATES = """Date,Description,Amount,Status,Reference
2026-11-13,Acme,-100.00,Sent,r1
2026-11-14,Shop,250.00,Completed,r2
2026-11-15,Lost,-30.00,Failed,r3
2026-11-16,Odd,-20.00,Kaput,r4
"""
WAYS = """交易时间,交易对方,收/支,金额(元),交易单号
2026-11-13 10:00:00,店,支出,10.00,1
2026-11-14 10:00:00,张,收入,30.00,2
2026-11-15 10:00:00,招行,{word},20.00,3
"""


def amounts(tmp_path: Path, text: str, *said: str) -> tuple[list[int], list[str], list[tuple[str, str]]]:
    """The amounts that are read, in cents; the values of bad rows, and the words that tell nothing."""
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    seen = preview(path, kind="bank", meant=[word_meanings.pair(word) for word in said])
    return [row["amount"] for row in seen.rows.get("bank", [])], [b.value for b in seen.bad], seen.unsaid


def test_a_status_that_no_list_has_is_asked_for_and_can_be_said(tmp_path: Path) -> None:
    asked = amounts(tmp_path, STATES)
    assert asked == ([25_000], ["sent", "kaput"], [("status", "sent"), ("status", "kaput")])
    assert amounts(tmp_path, STATES, "Sent=done", "KAPUT=undone") == ([-10_000, 25_000], [], [])
    assert amounts(tmp_path, STATES, "Sent=done", "Kaput=done")[0] == [-10_000, 25_000, -2_000]


def test_what_is_said_of_a_word_comes_before_what_ships(tmp_path: Path) -> None:
    """Failed is not done, and Completed is, unless a person says otherwise of this file."""
    said = ("Sent=undone", "Kaput=undone")
    assert amounts(tmp_path, STATES, *said, "Failed=done")[0] == [25_000, -3_000]
    assert amounts(tmp_path, STATES, *said, "Completed=undone")[0] == []


@pytest.mark.parametrize("word", ["/", "不计收支", "零钱"])
def test_a_direction_that_is_neither_in_nor_out_can_be_said(tmp_path: Path, word: str) -> None:
    text = WAYS.format(word=word)
    assert amounts(tmp_path, text, f"{word}=neither") == ([-1_000, 3_000], [], [])
    assert amounts(tmp_path, text, f"{word}=out")[0] == [-1_000, 3_000, -2_000]
    assert amounts(tmp_path, text, f"{word}=in")[0] == [-1_000, 3_000, 2_000]


def test_directions_in_words_that_nobody_knows_are_told_by_a_person(tmp_path: Path) -> None:
    text = WAYS.format(word="hop").replace("支出", "hip").replace("收入", "hop")
    assert amounts(tmp_path, text, "hip=out", "hop=in")[0] == [-1_000, 3_000, 2_000]


def test_a_mapping_keeps_what_was_said(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(STATES, encoding="utf-8")
    text = preview(path, kind="bank", meant=[("Sent", "done"), ("Kaput", "undone")]).text
    assert 'done = ["sent"]\nnone = ["kaput"]' in text
    assert [row["amount"] for row in preview(path, text=text).rows["bank"]] == [-10_000, 25_000]


@pytest.mark.parametrize("text", ["Sent", "Sent=", "Sent=none", "Sent=Done", ""])
def test_what_no_word_can_mean_is_refused_with_the_list(text: str) -> None:
    with pytest.raises(CrossbookError, match="is no WORD=MEANING") as caught:
        word_meanings.pair(text)
    assert "done, undone, in, out, neither" in caught.value.todo


def test_a_word_with_a_sign_of_equality_is_read_to_its_last() -> None:
    assert word_meanings.pair("a=b=out") == ("a=b", "out")


@pytest.mark.parametrize(("said", "lacking"), [("x=in", "which way money went"), ("x=undone", "are done")])
def test_a_word_for_a_column_that_is_none_is_refused(tmp_path: Path, said: str, lacking: str) -> None:
    text = "Date,Description,Amount,Balance\n2026-11-13,a,5.00,5.00\n2026-11-14,b,-2.00,3.00\n"
    with pytest.raises(CrossbookError, match=f"no column of the table says.*{lacking}"):
        amounts(tmp_path, text, said)
