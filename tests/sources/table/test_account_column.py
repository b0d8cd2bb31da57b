"""A statement whose rows name their accounts: each row is of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import preview
from crossbook.errors import CrossbookError
from crossbook.i18n import in_chinese
from crossbook.sources.agreeing import agreed_to
from crossbook.sources.mapping import mapping_from_text
from crossbook.sources.source import Reading

PROVED = """Account,Currency,Date,Details,Paid in,Paid out,Balance
A-100,USD,2026-01-05,x,100.00,,1100.00
B-200,EUR,2026-01-05,x,200.00,,5200.00
A-100,USD,2026-01-06,x,,50.00,1050.00
B-200,EUR,2026-01-07,x,,20.00,5180.00
"""
ONE = "Account,Date,Details,Paid in,Paid out\n{0},2026-01-05,x,100.00,\n{0},2026-01-06,x,,50.00\n"


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _read(path: Path, text: str) -> list[tuple[str, int]]:
    found = mapping_from_text("A1", text).read(Reading(path=path, name=path.name, encoding="utf-8"))
    return [(row["account"], row["amount"]) for _, table in found for row in table.to_pylist()]


def test_each_row_is_in_its_account_and_the_balances_run_in_each(tmp_path: Path) -> None:
    seen = preview(_write(tmp_path / "a.csv", PROVED))
    assert 'account = "account"' in seen.text
    assert seen.proofs == ["2 of 2 balances agree"]
    assert not [d for d in seen.doubts if d.answer == "account"]
    assert _read(tmp_path / "a.csv", seen.text) == [
        ("A-100", 10000),
        ("B-200", 20000),
        ("A-100", -5000),
        ("B-200", -2000),
    ]


def test_one_name_for_several_accounts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CrossbookError, match="the rows of the file are of the accounts A-100, B-200"):
        preview(_write(tmp_path / "a.csv", PROVED), account="A1")


def test_without_balances_the_column_is_asked_about(tmp_path: Path) -> None:
    text = "\n".join(line.rpartition(",")[0] for line in PROVED.splitlines()) + "\n"
    asked = next(d for d in preview(_write(tmp_path / "a.csv", text)).doubts if d.answer == "account")
    assert asked.text == "the column account is read as the account that each row is of: A-100, B-200"
    assert in_chinese(asked.text) == "“account”列按各行所属账户读取：A-100, B-200"


def test_a_later_file_whose_column_names_another_account_is_refused(tmp_path: Path) -> None:
    text = preview(_write(tmp_path / "a.csv", ONE.format("A-100")), account="A1").text
    assert 'stated = "A-100"' in text
    assert _read(tmp_path / "a.csv", text) == [("A1", 10000), ("A1", -5000)]
    other = _write(tmp_path / "b.csv", ONE.format("B-200"))
    with pytest.raises(CrossbookError, match="the column Account names the account B-200, and the mapping is of A-100"):
        _read(other, text)


def test_a_mapping_that_leaves_the_column_out_asks(tmp_path: Path) -> None:
    text = preview(_write(tmp_path / "a.csv", PROVED)).text.replace('account = "account"\n', "")
    with pytest.raises(CrossbookError, match="names the accounts A-100, B-200, and all rows are read as of") as refused:
        _read(tmp_path / "a.csv", text)
    assert "--yes Account" in refused.value.todo
    agreed, keys = agreed_to(mapping_from_text("A1", text), tmp_path / "a.csv", "a.csv", ["Account"])
    assert keys == ["Account names A-100, B-200"]
    assert len(_read(tmp_path / "a.csv", agreed.text)) == 4


def test_a_row_without_its_account_is_reported(tmp_path: Path) -> None:
    text = preview(_write(tmp_path / "a.csv", PROVED)).text
    path = _write(tmp_path / "b.csv", PROVED.replace("A-100,USD,2026-01-06", ",USD,2026-01-06"))
    reading = Reading(path=path, name="b.csv", encoding="utf-8")
    with pytest.raises(CrossbookError):
        list(mapping_from_text("A1", text).read(reading))
        reading.finish(partial=False)
    assert 4 in reading.bad_lines


MERCURY = (
    "Date (UTC),Description,Amount,Status,Source Account,Reference\n"
    "01-16-2026,Amazon,500.00,Completed,Checking xx11,R1\n"
    "01-15-2026,Rent,-30.00,Completed,Checking xx11,R2\n"
    "01-14-2026,Interest,5.00,Completed,Savings xx22,R3\n"
)


def test_rows_of_two_source_accounts_go_each_to_its_own(tmp_path: Path) -> None:
    """A bank that lets all of its accounts be exported at once names each row's as its source account."""
    seen = preview(_write(tmp_path / "a.csv", MERCURY))
    assert 'account = "source account"' in seen.text
    assert _read(tmp_path / "a.csv", seen.text) == [
        ("Checking xx11", 50000),
        ("Checking xx11", -3000),
        ("Savings xx22", 500),
    ]


@pytest.mark.parametrize("header", ["Bank account nickname", "Wallet", "所属账户", "Unterkonto/Konto"])
def test_a_column_that_may_name_the_rows_account_is_asked_about(tmp_path: Path, header: str) -> None:
    """A header that no list has, with two names under it: rows of two accounts are not read as of one unasked."""
    text = MERCURY.replace("Source Account", header)
    mapping = preview(_write(tmp_path / "a.csv", text), account="A1").text
    with pytest.raises(
        CrossbookError, match="names the accounts Checking xx11, Savings xx22, and all rows are read as of"
    ):
        _read(tmp_path / "a.csv", mapping)
    one = _write(tmp_path / "b.csv", text.replace("Savings xx22", "Checking xx11"))
    assert len(_read(one, mapping)) == 3


@pytest.mark.parametrize(
    "header", ["Counterparty account", "Account type", "GL Account", "对方账户", "Konto-Typ / Type"]
)
def test_an_account_of_the_other_side_is_not_asked_about(tmp_path: Path, header: str) -> None:
    mapping = preview(_write(tmp_path / "a.csv", MERCURY.replace("Source Account", header)), account="A1").text
    assert len(_read(tmp_path / "a.csv", mapping)) == 3
