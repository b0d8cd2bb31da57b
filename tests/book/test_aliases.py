"""Other names of an account: facts are seen under one name, a name that two accounts claim is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.book.aliases import add_alias, aliases, own_names, suggested
from crossbook.book.bank_names import may_be_one
from crossbook.book.book import CONFIG, init_book, open_book
from crossbook.engine import connect
from crossbook.errors import CrossbookError
from tests.cli.running import data, run
from tests.settle.making import camt
from tests.sources.statement_files import STATEMENTS
from tests.trade.test_banking import mt940, ofx, put, put_text, seen

Put = Callable[..., Added]
IBAN = "DE02120300000000202051"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return init_book(tmp_path / "book", "", "USD", "")


def configured(book: Book, text: str) -> Book:
    path = book.path / CONFIG
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return open_book(book.path)


def test_two_formats_under_two_names_land_in_one_account(book: Book, tmp_path: Path) -> None:
    """The same credit, in a statement that names the IBAN and in a file of an account called BANK-1111."""
    put_text(book, tmp_path, a__sta=mt940(("16", "60,50", "X1"), closing="60,50"))
    put_text(book, tmp_path, b__ofx=ofx(("16", "60.50"), account="BANK-1111"))
    assert seen(book)[0] == [6050, 6050]
    told = configured(book, f'\n[accounts.BANK-1111]\ncurrency = "USD"\nalso = ["{IBAN}"]\n')
    amounts, found = seen(told)
    assert amounts == [6050]
    assert [a.count for a in found.again] == [1]
    database = connect(told)
    database.ask("lines")
    assert [r["account"] for r in database.rows("SELECT DISTINCT account FROM bank_row")] == ["BANK-1111"]


def test_dup_files_of_one_account_whose_names_differ(book: Book, tmp_path: Path) -> None:
    put(book, STATEMENTS / "dup_camt053.xml")
    text = (STATEMENTS / "dup_mt940.sta").read_text(encoding="utf-8")
    head, _, rest = text.partition(":25:")
    put_text(book, tmp_path, other__sta=f"{head}:25:6222 **** 1111\n{rest.partition(chr(10))[2]}")
    assert len(seen(book)[0]) == 2
    (iban,) = {r["account"] for r in _accounts(book)} - {"6222 **** 1111"}
    assert len(seen(add_alias(book, iban, "6222****1111"))[0]) == 1


def _accounts(book: Book) -> list[dict[str, str]]:
    database = connect(book)
    database.ask("lines")
    return database.rows("SELECT DISTINCT account FROM bank_row")


def test_a_bank_code_and_number_is_the_iban_that_is_an_alias() -> None:
    told = {IBAN: "BANK-1111"}
    names = ["DE02 1203 0000 0000 2020 51", "12030000/0000202051", "777777", "BANK-1111"]
    assert own_names(names, told) == dict.fromkeys(names[:2], "BANK-1111")


@pytest.mark.parametrize(
    "text",
    [
        '[accounts.A]\nalso = ["DE 02"]\n[accounts.B]\nalso = ["de02"]\n',
        '[accounts.A]\nalso = ["B"]\n[accounts.B]\ncurrency = "USD"\n',
        '[accounts.A]\nalso = "B"\n',
        "[accounts.A]\nalso = [7]\n",
    ],
)
def test_a_clash_is_refused_with_its_place(book: Book, text: str) -> None:
    told = configured(book, "\n" + text)
    with pytest.raises(CrossbookError) as error:
        connect(told)
    assert CONFIG in str(error.value.where) and error.value.todo


def test_a_name_is_written_into_the_settings_and_keeps_what_is_there(book: Book) -> None:
    told = configured(book, '\n[accounts.shop]\ncurrency = "USD" # mine\n\n[accounts.other]\nlots = "fifo"\n')
    told = add_alias(add_alias(told, "shop", IBAN), "shop", "6222 **** 1111")
    told = add_alias(told, "招行 1", "尾号 9")
    assert aliases(told) == {IBAN: "shop", "6222 **** 1111": "shop", "尾号 9": "招行 1"}
    text = (told.path / CONFIG).read_text(encoding="utf-8")
    assert 'currency = "USD" # mine' in text and 'lots = "fifo"' in text
    before = text
    for account, name in (("other", IBAN), ("shop", "other"), ("shop", IBAN.lower())):
        with pytest.raises(CrossbookError):
            add_alias(told, account, name)
    assert (told.path / CONFIG).read_text(encoding="utf-8") == before


def test_what_is_masked_is_suggested_where_it_fits_one_alone(book: Book, tmp_path: Path) -> None:
    full, other = "6222021111112051", "6222029999992051"
    assert may_be_one({full, "6222 **** 2051"}) == [(full, "6222 **** 2051")]
    assert may_be_one({full, "BANK-2051"}) == [(full, "BANK-2051")]
    assert may_be_one({full, other, "6222 **** 2051"}) == []
    assert may_be_one({full, "6222 **** 2052", "5500 **** 2051", "BANK-1"}) == []
    put_text(book, tmp_path, a__sta=mt940(("16", "60,50", "X1"), closing="60,50"))
    put_text(book, tmp_path, b__ofx=ofx(("17", "60.50"), account="**** 2051"))
    assert suggested(book) == [(IBAN, "**** 2051")]
    assert len(_accounts(book)) == 2
    assert suggested(add_alias(book, IBAN, "**** 2051")) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_account_that_no_file_has_is_said_with_names_that_are_near(book: Book, add_text: Put, lang: str) -> None:
    add_text("bank.xml", camt([("2026-03-12", "44.50", "B1", "PAYOUT")], account="BANK-1111"))
    told = run("book", "alias", "BANK-1112", "DE44 5001 0517 5407 3249 31", book=book.path, lang=lang)
    assert told.returncode == 0
    said = {"en": "{} is in no file of the book yet", "zh": "账簿中尚无文件提到 {}"}[lang]
    assert said.format("BANK-1112") in told.stdout and "BANK-1111" in told.stdout
    assert said.format("DE44 5001 0517 5407 3249 31") in told.stdout


def test_an_account_and_a_name_that_files_have_are_not_said(book: Book, add_text: Put) -> None:
    """The account inside an IBAN, and one with spaces, are those names."""
    add_text("bank.xml", camt([("2026-03-12", "44.50", "B1", "PAYOUT")], account="BANK-1111"))
    add_text("iban.xml", camt([("2026-03-13", "4.50", "B2", "PAYOUT")], account="DE44500105175407324931"))
    told = data("book", "alias", "bank 1111", "DE44 5001 0517 5407 3249 31", book=book.path)
    assert told["in_no_file"] == []
