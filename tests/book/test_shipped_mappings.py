"""A mapping that ships reads a file that nothing else knows; the book keeps it as it was, and its own comes first."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from crossbook import apart
from crossbook.book.adding import add
from crossbook.book.book import Book
from crossbook.book.checking import rebuild
from crossbook.book.mapping import keep_mapping
from crossbook.book.opening import inputs
from crossbook.errors import CrossbookError
from crossbook.settle import settle
from crossbook.sources import shipped
from crossbook.sources.mapping import mapping_from_text

READ = [("WISE", -45), ("WISE", -24_955), ("WISE", 130_000), ("WISE", -50)]  # a withdrawal of 250.00, of it 0.45 a fee
WISE = Path(__file__).parents[1] / "sources" / "shipped" / "wise_statement.csv"


def amounts(book: Book) -> list[tuple[str, int]]:
    rows = [r for path in sorted((book.facts_dir / "bank").glob("*.parquet")) for r in pq.read_table(path).to_pylist()]
    return [(r["account"], r["amount"]) for r in sorted(rows, key=lambda r: r["line"])]


def test_a_file_of_a_shipped_layout_is_read(book: Book) -> None:
    with pytest.raises(CrossbookError, match="does not say whose account it is"):
        add(book, inputs([WISE])[0])
    assert not book.evidence()
    assert add(book, inputs([WISE])[0], account="WISE").source == "wise_statement"
    assert amounts(book) == READ


def test_a_later_release_reads_no_file_anew(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    add(book, inputs([WISE])[0], account="WISE")
    changed = shipped.mappings()["wise_statement"].text.replace(
        'date_order = "dmy"', 'date_order = "mdy"\nsign = "out"'
    )
    monkeypatch.setattr(apart, "run", apart.direct)
    monkeypatch.setattr(shipped, "mappings", lambda: {"wise_statement": mapping_from_text("wise_statement", changed)})
    assert not rebuild(book).problems
    assert amounts(book) == READ


def test_the_book_s_own_mapping_comes_first(book: Book) -> None:
    columns = 'booked_on = "Date"\namount = "Amount"\ncurrency = "Currency"\n'
    keep_mapping(book, "mine", f'kind = "bank"\naccount = "MINE"\ndate_order = "dmy"\n[columns]\n{columns}')
    assert add(book, inputs([WISE])[0]).source == "mine"
    assert {a for a, _ in amounts(book)} == {"MINE"}


def test_a_balance_that_does_not_follow_stops_it(book: Book, tmp_path: Path) -> None:
    wrong = tmp_path / "statement.csv"
    wrong.write_text(WISE.read_text(encoding="utf-8").replace("1299.50", "1299.40"), encoding="utf-8")
    with pytest.raises(CrossbookError, match="does not follow"):
        add(book, inputs([wrong])[0], account="WISE")
    assert not book.evidence()


def test_the_currency_that_was_said_is_kept_for_reading_again(book: Book) -> None:
    """The file names none; the account is the one above its table."""
    path = WISE.with_name("spdb_corporate.csv")
    with pytest.raises(CrossbookError, match="does not say its currency") as error:
        add(book, inputs([path])[0])
    assert "--currency" in error.value.todo and not book.evidence()
    add(book, inputs([path])[0], currency="USD")
    assert not rebuild(book).problems
    rows = [r for path in (book.facts_dir / "bank").glob("*.parquet") for r in pq.read_table(path).to_pylist()]
    assert {(r["account"], r["currency"]) for r in rows} == {("79100000000000001", "USD")}


def older(name: str) -> str:
    """The text by which a release before read such files: entries of a bank account, in the same columns."""
    columns = {
        "wise_statement": 'booked_on = "Date"\namount = "Amount"\ncurrency = "Currency"\nbalance = "Running Balance"\n'
        'description = "Description"\nreference = "TransferWise ID"\n',
        "airwallex_balance_activity": 'booked_on = "Time"\ncredit = "Credit Net Amount"\ndebit = "Debit Net Amount"\n'
        'balance = "Available Balance"\ncurrency = "Wallet Currency"\nreference = "Transaction Id"\n',
    }
    order = "dmy" if name == "wise_statement" else "ymd"
    told = 'title = "x"\nproven = "sample"\nsource = ["https://example.org"]\n'
    return f'kind = "bank"\ndate_order = "{order}"\n[columns]\n{columns[name]}[shipped]\n{told}'


@pytest.mark.parametrize("name", ["wise_statement", "airwallex_balance_activity"])
def test_a_book_of_when_it_was_a_bank_account_is_still_read(
    name: str, book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its entries stay those of a bank account, made anew too; with the next file the book says that it is read
    otherwise now, and what both tell counts once."""
    path = WISE.with_name(f"{name}.csv")
    with monkeypatch.context() as then:
        then.setattr(apart, "run", apart.direct)
        then.setattr(shipped, "mappings", lambda: {name: mapping_from_text(name, older(name))})
        assert set(add(book, inputs([path])[0], account="W").facts) == {"bank"}
    before = amounts(book)
    assert not rebuild(book).problems and amounts(book) == before
    assert not any(m.contradicted for m in settle(book).side.matches)
    fresh = tmp_path / "fresh.csv"
    text = path.read_text(encoding="utf-8")
    fresh.write_text(text.removesuffix("\n"), encoding="utf-8")
    done = add(book, inputs([fresh])[0], account="W")
    assert "kind" in done.note and "crossbook decide file" in done.note
    assert {"bank", "settlement"} <= set(done.facts)
    credits = [c["amount"] for c in settle(book).side.credits.values()]
    assert credits == [130_000 if name == "wise_statement" else 442_000]
