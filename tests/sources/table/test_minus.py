"""A minus where a column or a word says which way money went already. The amounts were worked out by hand: money out by
its word with a minus on all of them is said twice; a minus on some takes an entry back or not, and a balance tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import preview
from crossbook.errors import CrossbookError
from crossbook.sources.agreeing import agreed_to
from crossbook.sources.mapping import MappedTable, mapping_from_text
from crossbook.sources.mapping_toml import with_setting
from crossbook.sources.source import Reading
from crossbook.sources.table import directions

WORDS = "交易日期,摘要,金额,币种,收/支\n2026-01-05,租,{},人民币,支出\n2026-01-06,货,{},人民币,收入\n"
MORE = WORDS + "2026-01-07,电,{},人民币,支出\n"
BALANCES = (
    "交易日期,摘要,金额,币种,收/支,余额\n2026-01-05,租,{},人民币,支出,{}\n2026-01-06,货,50.00,人民币,收入,{}\n"
    "2026-01-07,退,{},人民币,支出,{}\n"
)
SIDES = "Datum,Paid out,Paid in,Currency\n2026-01-05,{},,GBP\n2026-01-07,,{},GBP\n2026-01-08,{},,GBP\n"


def table(folder: Path, text: str, *cells: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text.format(*cells), encoding="utf-8")
    return path


def learnt(folder: Path, text: str, *cells: str) -> MappedTable:
    seen = preview(table(folder, text, *cells))
    assert not seen.doubts and not seen.bad
    return mapping_from_text(seen.name, seen.text)


def read(mapped: MappedTable, path: Path, *, again: bool = False) -> list[int]:
    reading = Reading(path=path, name=path.name, encoding="utf-8", again=again)
    found = [row["amount"] for _, t in mapped.read(reading) for row in t.to_pylist()]
    reading.finish(partial=False)
    return found


def saying(mapped: MappedTable, red: bool) -> MappedTable:
    return mapping_from_text("said", with_setting(mapped.text, {"red": red}))


def test_a_minus_on_all_money_out_only_repeats_the_word(tmp_path: Path) -> None:
    mapped = learnt(tmp_path, WORDS, "100.00", "50.00")
    later = table(tmp_path, WORDS, "-100.00", "50.00")
    assert read(mapped, later) == [-10_000, 5_000]
    seen = preview(later)
    assert [row["amount"] for row in seen.rows["bank"]] == [-10_000, 5_000] and not seen.doubts


@pytest.mark.parametrize("cells", [("-100.00", "50.00", "30.00"), ("100.00", "-50.00", "30.00")])
def test_a_minus_on_some_is_refused_until_somebody_says_what_it_means(tmp_path: Path, cells: tuple[str, ...]) -> None:
    mapped = learnt(tmp_path, WORDS, "100.00", "50.00")
    later = table(tmp_path, MORE, *cells)
    line = 2 if cells[0].startswith("-") else 3
    back = [10_000, 5_000, -3_000] if line == 2 else [-10_000, -5_000, -3_000]
    with pytest.raises(CrossbookError, match=f"what the minus of line {line} means") as error:
        read(mapped, later)
    assert f"--yes {line}" in error.value.todo
    assert preview(later).doubts
    agreed, _ = agreed_to(mapped, later, later.name, [str(line)])
    assert read(agreed, later) == read(saying(mapped, True), later) == read(mapped, later, again=True) == back
    assert read(saying(mapped, False), later) == [-10_000, 5_000, -3_000]


@pytest.mark.parametrize(
    ("cells", "amounts"),
    [
        (("-100.00", "900.00", "950.00", "-30.00", "920.00"), [-10_000, 5_000, -3_000]),  # the sign repeats the word
        (("100.00", "900.00", "950.00", "-30.00", "980.00"), [-10_000, 5_000, 3_000]),  # a payment taken back
        (("-100.00", "1100.00", "1150.00", "-30.00", "1180.00"), [10_000, 5_000, 3_000]),  # both of them
    ],
)
def test_a_balance_decides_what_a_minus_means(tmp_path: Path, cells: tuple[str, ...], amounts: list[int]) -> None:
    mapped = learnt(tmp_path, WORDS, "100.00", "50.00")
    mapped = mapping_from_text("m", mapped.text.replace("[columns]\n", '[columns]\nbalance = "余额"\n'))
    later = table(tmp_path, BALANCES, *cells)
    assert read(mapped, later) == amounts
    assert [row["amount"] for row in preview(later).rows["bank"]] == amounts


def test_a_minus_in_one_of_two_columns_is_refused_where_the_mapping_knows_none(tmp_path: Path) -> None:
    mapped = learnt(tmp_path, SIDES, "1000.00", "500.00", "20.00")
    later = table(tmp_path, SIDES, "-1000.00", "500.00", "20.00")
    with pytest.raises(CrossbookError, match=r"what the minus of line 2 means: 1,000\.00 GBP is read as money out"):
        read(mapped, later)
    agreed, told = agreed_to(mapped, later, later.name, ["2"])
    assert told == ["2 1,000.00 GBP"] and read(agreed, later) == [-100_000, 50_000, -2_000]
    assert read(saying(mapped, True), later) == [100_000, 50_000, -2_000]


def test_columns_known_to_write_their_sums_with_a_minus_do_so_in_short_files(tmp_path: Path) -> None:
    four = SIDES + "2026-01-09,-4.00,,GBP\n"
    mapped = learnt(tmp_path, four, "-1000.00", "500.00", "-20.00")
    assert read(mapped, table(tmp_path, SIDES, "-1000.00", "500.00", "-20.00")) == [-100_000, 50_000, -2_000]
    with pytest.raises(CrossbookError, match="what the minus of line 2 means"):
        read(mapped, table(tmp_path, SIDES, "-1000.00", "500.00", "20.00"))


def test_what_a_person_confirmed_of_a_new_table_is_read_so(tmp_path: Path) -> None:
    path = table(tmp_path, SIDES, "-1000.00", "500.00", "20.00")
    seen = preview(path)
    assert [d.answer for d in seen.doubts] == ["out"]
    assert read(mapping_from_text("m", seen.kept), path) == [-100_000, 50_000, -2_000]


def test_a_row_of_money_in_and_out_is_bad(tmp_path: Path) -> None:
    both = "交易日期,摘要,收入,支出,币种\n2026-01-05,a,100.00,100.00,人民币\n2026-01-06,b,50.00,0.00,人民币\n"
    seen = preview(table(tmp_path, both))
    assert [(bad.line, bad.reason) for bad in seen.bad] == [(2, "both money in and money out")]
    assert [row["amount"] for row in seen.rows["bank"]] == [5_000]


@pytest.mark.parametrize("header", ["+/-", "Vorzeichen", "S/H", "Sign"])
def test_a_column_of_signs_says_which_way_money_went(tmp_path: Path, header: str) -> None:
    text = (
        f"Date,Amount,{header},Balance,Currency,Text\n2026-01-05,100.00,-,900.00,GBP,rent\n"
        "2026-01-06,50.00,+,950.00,GBP,sale\n2026-01-07,30.00,-,920.00,GBP,tax\n"
    )
    seen = preview(table(tmp_path, text))
    assert [row["amount"] for row in seen.rows["bank"]] == [-10_000, 5_000, -3_000] and not seen.doubts


def test_a_stroke_is_no_minus_among_words_or_under_another_name() -> None:
    told = directions.told("收/支", ["收入", "支出", "-"])
    assert told is not None and told.neither == ("-",) and told.outs == ("支出",)
    assert directions.told("Assigned", ["-"]) is None
