"""A mapping is tested anew on every file: what the file says of account, currency, days and balances comes first."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from crossbook.book.adding import add
from crossbook.book.book import Book
from crossbook.book.checking import rebuild
from crossbook.book.mapping import keep_mapping, preview
from crossbook.book.opening import inputs
from crossbook.errors import BadRowsError, CrossbookError

STATEMENT = """账户交易明细
账号：,{account},币种：,{currency}
交易日期,借方金额,贷方金额,余额,对方户名,摘要
{rows}
"""
ROWS = "20260105,,7200.00,17200.00,连连,收款\n20260106,1200.50,,15999.50,顺丰,运费"


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="gb18030")
    return path


def statement(folder: Path, name: str, account: str = "1111", currency: str = "人民币", rows: str = ROWS) -> Path:
    return file(folder, name, STATEMENT.format(account=account, currency=currency, rows=rows))


def mapped(book: Book, path: Path, account: str | None = None) -> None:
    seen = preview(path, account=account)
    assert not seen.bad and not seen.doubts, seen.doubts
    keep_mapping(book, seen.name, seen.text)


def entries(book: Book) -> list[tuple[str, int, str]]:
    rows = [r for path in sorted((book.facts_dir / "bank").glob("*.parquet")) for r in pq.read_table(path).to_pylist()]
    return [(r["account"], r["amount"], r["currency"]) for r in sorted(rows, key=lambda r: (r["account"], r["line"]))]


def test_another_account_never_lands_in_the_mapping_s(book: Book, tmp_path: Path) -> None:
    mapped(book, statement(tmp_path, "一月.csv"), "BANK-1111")
    other = statement(tmp_path, "二月.csv", "2222", "美元")
    with pytest.raises(CrossbookError, match="the file is of the account 2222, the mapping of 1111") as error:
        add(book, inputs([other])[0])
    assert error.value.where.endswith("二月.csv:2") and "--account" in error.value.todo
    assert not book.evidence()
    add(book, inputs([other])[0], account="BANK-2222")  # a person says whose it is; its currency is the file's
    assert {(a, c) for a, _, c in entries(book)} == {("BANK-2222", "USD")}


def test_of_two_mappings_with_equal_headers_the_file_says_which(book: Book, tmp_path: Path) -> None:
    """Two accounts at one bank, each with its mapping: A comes first by name, the file is of the other one."""
    mapped(book, statement(tmp_path, "一月.csv"), "A-1111")
    mapped(book, statement(tmp_path, "二月.csv", "2222"), "B-2222")
    add(book, inputs([statement(tmp_path, "三月.csv", "2222")])[0])
    assert {a for a, _, _ in entries(book)} == {"B-2222"}
    third = inputs([statement(tmp_path, "四月.csv", "3333")])[0]
    with pytest.raises(CrossbookError, match="the file is of the account 3333"):
        add(book, third)
    silent = inputs([file(tmp_path, "五月.csv", f"交易日期,借方金额,贷方金额,余额,对方户名,摘要\n{ROWS}")])[0]
    with pytest.raises(CrossbookError, match="may be read by A-1111, B-2222") as error:
        add(book, silent)
    assert "--source NAME" in error.value.todo
    add(book, silent, account="A-1111")
    assert {a for a, _, _ in entries(book)} == {"A-1111", "B-2222"}


def test_of_two_mappings_of_one_account_its_currency_says_which(book: Book, tmp_path: Path) -> None:
    """A title in dollars is the dollar mapping's, whichever comes first by name."""
    columns = 'booked_on = "交易日期"\ndebit = "借方金额"\ncredit = "贷方金额"\nbalance = "余额"\n'
    for name, code in (("a", "CNY"), ("b", "USD")):
        keep_mapping(book, name, f'kind = "bank"\naccount = "BANK"\ncurrency = "{code}"\n[columns]\n{columns}')
    header = "交易日期,借方金额,贷方金额,余额,对方户名,摘要"
    add(book, inputs([file(tmp_path, "六月.csv", f"美元账户交易明细\n{header}\n{ROWS}")])[0])
    assert {c for _, _, c in entries(book)} == {"USD"}


def test_an_account_that_the_file_names_itself_is_followed(book: Book, tmp_path: Path) -> None:
    mapped(book, statement(tmp_path, "一月.csv"))
    add(book, inputs([statement(tmp_path, "二月.csv", "2222", "美元")])[0])
    assert entries(book) == [("2222", 720_000, "USD"), ("2222", -120_050, "USD")]


def test_a_mapping_of_before_is_held_against_its_number(book: Book, tmp_path: Path) -> None:
    """Older mappings do not say how the file calls the account; their own name has its digits."""
    columns = 'booked_on = "交易日期"\ndebit = "借方金额"\ncredit = "贷方金额"\n'
    keep_mapping(book, "old", f'kind = "bank"\naccount = "BANK-1111"\ncurrency = "CNY"\n[columns]\n{columns}')
    with pytest.raises(CrossbookError, match="the file is of the account 6222000000002222"):
        add(book, inputs([statement(tmp_path, "别的.csv", "6222000000002222")])[0])
    add(book, inputs([statement(tmp_path, "一月.csv", "6222000000001111")])[0])
    assert [a for a, _, _ in entries(book)] == ["BANK-1111", "BANK-1111"]


BROKEN = ROWS.replace("15999.50", "15999.40")


def test_a_balance_that_does_not_follow_stops_the_file(book: Book, tmp_path: Path) -> None:
    """By hand: 17,200.00 - 1,200.50 = 15,999.50, and the file says 15,999.40."""
    mapped(book, statement(tmp_path, "一月.csv"))
    wrong = statement(tmp_path, "错.csv", rows=BROKEN)
    with pytest.raises(CrossbookError, match=r"balance of line 5 does not follow: 15,999\.40 CNY") as error:
        add(book, inputs([wrong])[0])
    assert error.value.where.endswith("错.csv:5 余额") and "--yes 5" in error.value.todo
    assert not book.evidence()
    with pytest.raises(CrossbookError, match="balance of line 5"):
        add(book, inputs([wrong])[0], yes=["4"])
    add(book, inputs([wrong])[0], yes=["5"])
    assert [m for _, m, _ in entries(book)] == [720_000, -120_050]
    assert book.journal()[-1].body["agreed"] == ["5 15,999.40 CNY"]
    rebuild(book)
    assert len(entries(book)) == 2


def test_a_total_that_is_not_the_sum_stops_the_file(book: Book, tmp_path: Path) -> None:
    mapped(book, statement(tmp_path, "一月.csv"))
    with pytest.raises(CrossbookError, match="total of line 6 is not the sum of the rows"):
        add(book, inputs([statement(tmp_path, "错.csv", rows=ROWS + "\n合计,1200.50,7300.00,,,")])[0])
    with pytest.raises(CrossbookError, match="count of line 6 is not that of the rows"):
        add(book, inputs([statement(tmp_path, "错2.csv", rows=ROWS + "\n共3笔,,,,,")])[0])
    add(book, inputs([statement(tmp_path, "对.csv", rows=ROWS + "\n合计,1200.50,7200.00,,,共2笔")])[0])


def test_rows_newest_first_prove_themselves_too(book: Book, tmp_path: Path) -> None:
    newest = "\n".join(reversed(ROWS.split("\n")))
    seen = preview(statement(tmp_path, "倒.csv", rows=newest))
    assert seen.proofs == ["1 of 1 balances agree"] and not seen.doubts


def test_money_in_another_unit_is_not_taken(book: Book, tmp_path: Path) -> None:
    mapped(book, statement(tmp_path, "一月.csv"))
    with pytest.raises(BadRowsError, match="an amount in USD, not in CNY"):
        add(book, inputs([statement(tmp_path, "错.csv", rows=ROWS.replace("7200.00", "USD7200.00"))])[0])


DAYS = "Date,Amount,Balance,Currency\n{}\n"


def test_days_that_run_in_order_the_other_way_only_stop_the_file(book: Book, tmp_path: Path) -> None:
    """5 January, 3 February and 4 March as day/month; as month/day they would go back: 1 May, 2 March, 3 April."""
    first = "13/01/2026,10.00,10.00,EUR\n14/01/2026,20.00,30.00,EUR\n15/02/2026,30.00,60.00,EUR"
    mapped(book, file(tmp_path, "first.csv", DAYS.format(first)))
    american = "01/05/2026,10.00,10.00,EUR\n02/03/2026,20.00,30.00,EUR\n03/04/2026,30.00,60.00,EUR"
    with pytest.raises(CrossbookError, match="the days of this file are written mdy, the mapping says dmy"):
        add(book, inputs([file(tmp_path, "second.csv", DAYS.format(american))])[0])
    assert not book.evidence()


def test_a_line_in_another_sheet_is_cited_as_it_stands(book: Book, tmp_path: Path) -> None:
    import xlsxwriter

    from crossbook.book.lines import original_lines

    path = tmp_path / "two.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.add_worksheet().write_row(0, 0, ["说明", "见第二页"])
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["交易日期", "收入", "支出", "余额", "币种"])
        sheet.write_row(1, 0, ["2026-01-05", 5.5, "", 5.5, "USD"])
        sheet.write_row(2, 0, ["2026-01-06", "", 0.5, 5, "USD"])
    mapped(book, path, "W")
    done = add(book, inputs([path])[0])
    assert original_lines(book, done.sha, [3])[3].startswith("2026-01-06")
