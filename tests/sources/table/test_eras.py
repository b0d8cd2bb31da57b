"""Years that are counted otherwise. By hand: 民國115 is 1911 + 115 = 2026, 令和8 is 2018 + 8 = 2026, 平成31 is
1988 + 31 = 2019, 2569 of the Buddha is 2569 - 543 = 2026."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import Preview, preview
from crossbook.sources.table import days

NEW_YEAR = "2026-01-05"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("民國/115/01/05", NEW_YEAR),
        ("民國115年1月5日", NEW_YEAR),
        ("中華民國115年01月05日 10:11:12", NEW_YEAR + " 10:11:12"),
        ("令和8年1月5日", NEW_YEAR),
        ("R8.1.5", NEW_YEAR),
        ("R08/01/05", NEW_YEAR),
        ("R080105", NEW_YEAR),
        ("令和元年5月1日", "2019-05-01"),
        ("平成31年4月30日", "2019-04-30"),
        ("H31.4.30", "2019-04-30"),
        ("5 ม.ค. 2569", NEW_YEAR),
        ("5 มกราคม พ.ศ. 2569", NEW_YEAR),
        ("5 ม.ค. 69", NEW_YEAR),
        ("5 ม.ค. 2026", NEW_YEAR),
        ("5 ม.ค. 26", NEW_YEAR),
    ],
)
def test_a_day_that_names_its_era(text: str, day: str) -> None:
    assert {days.written(text, order) for order in days.ORDERS} == {day}
    assert not days.undecided(text)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("115/01/05", "roc-ymd"),
        ("115.1.5", "roc-ymd"),
        ("1150105", "roc-ymd"),
        ("8.1.5", "reiwa-ymd"),
        ("080105", "reiwa-ymd"),
        ("05/01/2569", "buddhist-dmy"),
        ("05/01/69", "buddhist-dmy"),
        ("01/05/2569", "buddhist-mdy"),
        ("2569-01-05", "buddhist-ymd"),
        ("25690105", "buddhist-ymd"),
        ("5 Jan 2569", "buddhist-dmy"),
    ],
)
def test_a_day_in_an_order_of_an_era(text: str, order: str) -> None:
    assert days.written(text, order) == NEW_YEAR
    assert days.undecided(text)  # in the usual count it is no day, or another


@pytest.mark.parametrize("text", ["115/01/05", "1150105", "05/01/2569", "2569-01-05", "25690105", "5 Jan 2569"])
def test_no_usual_order_reads_such_a_year(text: str) -> None:
    assert all(days.undecided(days.written(text, order)) for order in days.USUAL)


def table(path: Path, header: str, texts: list[str]) -> Preview:
    balance, lines = 0, [header]
    for number, text in enumerate(texts, start=1):
        balance += number * 100
        lines.append(f"{text},{number}00.00,{balance}.00")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return preview(path)


def booked(seen: Preview) -> list[str]:
    return [f"{row['booked_on']}" for row in seen.rows["bank"]]


def asked(seen: Preview) -> list[str]:
    return [d.text for d in seen.doubts if "era" in d.text or "years are counted" in d.text or "order of day" in d.text]


@pytest.mark.parametrize("header", ["交易日期,交易金額(TWD),餘額", "交易日期(民國),交易金額,餘額"])
def test_years_of_the_republic_that_the_file_shows(tmp_path: Path, header: str) -> None:
    seen = table(tmp_path / "a.csv", header.replace("金額", "金额").replace("餘額", "余额"), ["115/01/05", "115/02/06"])
    assert booked(seen) == [NEW_YEAR, "2026-02-06"] and not asked(seen)
    assert 'date_order = "roc-ymd"' in seen.text


def test_years_of_the_republic_that_nothing_shows_are_asked_about(tmp_path: Path) -> None:
    seen = table(tmp_path / "a.csv", "date,amount,balance", ["1150105", "1150206"])
    assert booked(seen) == [NEW_YEAR, "2026-02-06"]
    assert asked(seen) == [
        "the file does not say its era: 1150105 is read as 2026-01-05, a year of the Republic of China"
    ]


def test_years_of_the_buddha(tmp_path: Path) -> None:
    shown = table(tmp_path / "a.csv", "date,amount (THB),balance", ["15/01/2569", "06/02/2569"])
    assert booked(shown) == ["2026-01-15", "2026-02-06"] and not asked(shown)
    unsaid = table(tmp_path / "b.csv", "date,amount,balance", ["15/01/2569", "16/02/2569"])
    assert asked(unsaid) == ["the file does not say its era: 15/01/2569 is read as 2026-01-15, a year of the Buddha"]


def test_years_of_the_buddha_whose_days_may_be_months(tmp_path: Path) -> None:
    seen = table(tmp_path / "a.csv", "date,amount (THB),balance", ["05/01/2569", "05/02/2569"])
    (text,) = asked(seen)
    assert "2026-01-05" in text and "2026-05-01" in text


def test_short_japanese_years_are_asked_about(tmp_path: Path) -> None:
    seen = table(tmp_path / "a.csv", "取引日,金額,残高", ["080105", "080113"])
    (text,) = asked(seen)
    assert "2026-01-05" in text and "2008-01-05" in text


@pytest.mark.parametrize(
    ("header", "texts"), [("取引日(和暦),金額,残高", ["080105", "080113"]), ("取引日,金額,残高", ["8.1.5", "8.1.13"])]
)
def test_japanese_years_that_the_file_shows(tmp_path: Path, header: str, texts: list[str]) -> None:
    seen = table(tmp_path / "a.csv", header, texts)
    assert booked(seen) == [NEW_YEAR, "2026-01-13"] and not asked(seen)


def test_the_order_of_the_rows_shows_the_turn_of_an_era(tmp_path: Path) -> None:
    """310430 is the last day of Heisei, 010501 the first of Reiwa: in the usual count 2031 would come before 2001."""
    seen = table(tmp_path / "a.csv", "取引日,金額,残高", ["310429", "310430", "010501"])
    assert booked(seen) == ["2019-04-29", "2019-04-30", "2019-05-01"] and not asked(seen)


def test_a_western_file_is_not_thought_japanese(tmp_path: Path) -> None:
    assert days.decided(["08.01.05", "28.01.05"], 2027, words="Datum Betrag Saldo EUR") == ("dmy",)
