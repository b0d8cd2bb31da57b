"""Fact files are called by their content: two who add the same bytes cannot damage each other's;
older books read on."""

from __future__ import annotations

import hashlib
import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from crossbook import apart
from crossbook.book import Book, adding, init_book, open_book
from crossbook.book.adding import Added, add
from crossbook.book.checking import check, rebuild
from crossbook.book.opening import inputs
from crossbook.book.upgrading import upgrade
from crossbook.engine import fact_rows, raw_facts
from crossbook.errors import NotFoundError
from tests.conftest import GOLDEN
from tests.patience import LONG

PROCESSES = multiprocessing.get_context("spawn")  # a fork of a process with threads of libraries may end by a signal
Put = Callable[..., Added]
SETTLEMENT = GOLDEN / "amazon_settlement.txt"


def files(book: Book) -> set[str]:
    return {str(p.relative_to(book.path)) for p in book.path.rglob("*.parquet")}


def made_older(book: Book) -> Book:
    """The book as it would have been before fact files were called by their content."""
    for file in book.fact_files():
        file.path.rename(file.path.with_name(f"{file.evidence}.parquet"))
    with book.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM setting WHERE name = 'facts'"))
        connection.execute(sa.text("UPDATE setting SET value = '1' WHERE name = 'schema'"))
        connection.execute(sa.text("DROP TABLE link"))
    (book.path / "heads").unlink()
    return open_book(book.path)


def test_fact_files_are_called_by_their_content(book: Book, add_text: Put) -> None:
    added = add_text("s.txt", SETTLEMENT.read_bytes())
    assert {f.kind for f in book.fact_files()} == {"payout", "settlement"}
    for file in book.fact_files():
        assert file.path == book.fact_path(file.kind, added.sha)
        assert file.path.name == f"{hashlib.sha256(file.path.read_bytes()).hexdigest()}.parquet"
    with pytest.raises(NotFoundError, match="no facts of the kind 'order'"):
        book.fact_path("order", added.sha)


def add_for(folder: Path, account: str, together: Barrier) -> None:
    """Add the settlement to the book for an account, as soon as the other one is ready; end with 0 if it was added."""
    (item,) = inputs([SETTLEMENT])
    book = open_book(folder)
    together.wait(LONG)
    sys.exit({"added": 0, "duplicate": 1}[add(book, item, account=account).status])


@pytest.mark.parametrize("attempt", range(3))
def test_two_adders_of_the_same_bytes_under_two_accounts(tmp_path: Path, attempt: int) -> None:
    folder = tmp_path / "b"
    init_book(folder)
    together = PROCESSES.Barrier(2)
    adders = [PROCESSES.Process(target=add_for, args=(folder, account, together)) for account in ("alpha", "beta")]
    for adder in adders:
        adder.start()
    for adder in adders:
        adder.join(LONG)
    assert sorted(adder.exitcode for adder in adders) == [0, 1]
    book = open_book(folder)
    assert check(book).sound
    (held,) = book.evidence()
    assert raw_facts(book).rows("SELECT DISTINCT account FROM settlement") == [{"account": held["account"]}]


def test_who_comes_second_leaves_nothing_and_is_told(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    (item,) = inputs([SETTLEMENT])
    real, first = adding._known, []

    def unaware(book: Book, sha: str) -> object:
        """Nothing is known yet; before it is read another one adds it."""
        monkeypatch.setattr(adding, "_known", real)
        first.append(add(book, item, account="alpha"))
        return None

    monkeypatch.setattr(adding, "_known", unaware)
    second = add(book, item, account="beta")
    assert (first[0].status, second.status) == ("added", "duplicate")
    assert (second.known_account, second.other_account) == ("alpha", True)
    assert second.note == (
        "in the book already, as amazon_settlement.txt, under account alpha; nothing was added for beta"
    )
    assert check(book).sound
    assert raw_facts(book).rows("SELECT DISTINCT account FROM settlement") == [{"account": "alpha"}]


@pytest.mark.parametrize(
    ("was", "now", "note"),
    [
        (None, None, "in the book already, as amazon_settlement.txt"),
        ("a", None, "in the book already, as amazon_settlement.txt, under account a"),
        ("a", "a", "in the book already, as amazon_settlement.txt, under account a"),
        ("a", "b", "in the book already, as amazon_settlement.txt, under account a; nothing was added for b"),
        (
            None,
            "b",
            "in the book already, as amazon_settlement.txt, under the account that the file itself names; "
            "nothing was added for b",
        ),
    ],
)
def test_the_account_of_a_duplicate_is_told(book: Book, was: str | None, now: str | None, note: str) -> None:
    (item,) = inputs([SETTLEMENT])
    add(book, item, account=was)
    again = add(book, item, account=now)
    assert (again.status, again.note, again.known_account) == ("duplicate", note, was)


def test_a_database_that_lets_two_writers_in_is_asked_again(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = adding.name_facts, []

    def beaten(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) < 3:
            raise sa.exc.IntegrityError("INSERT", {}, ValueError("unique"))
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(adding, "name_facts", beaten)
    (item,) = inputs([SETTLEMENT])
    assert add(book, item).status == "added"
    assert len(calls) == 3 and check(book).sound


def test_an_older_book_reads_on_and_a_rebuild_renames(book: Book, add_text: Put) -> None:
    first = add_text("s.txt", SETTLEMENT.read_bytes())
    named = files(book)
    older = made_older(book)
    assert files(older) == {f"facts/{kind}/{first.sha}.parquet" for kind in first.facts}
    assert check(older).sound
    assert raw_facts(older).rows("SELECT count(*) AS n FROM settlement") == [{"n": 11}]
    assert len(fact_rows(older, "settlement", first.sha)) == 11
    older.engine.dispose()
    book.engine.dispose()
    upgrade(older)
    older = open_book(book.path)
    second = add_text("p.csv", (GOLDEN / "stripe_payouts.csv").read_bytes())  # called by its content there too
    assert second.status == "added" and check(older).sound
    report = rebuild(older)
    assert not report.problems and check(older).sound
    now = {path for path in files(older) if path.startswith("facts/")}
    assert named <= now
    assert now == {str(f.path.relative_to(book.path)) for f in older.fact_files()}
    assert all(f.path.name == f"{f.sha}.parquet" for f in older.fact_files())
    assert files(older) - now == {f"set-aside/facts/{kind}/{first.sha}.parquet" for kind in first.facts}
    of_first = f"SELECT count(*) AS n FROM settlement WHERE evidence = '{first.sha}'"
    assert raw_facts(open_book(book.path)).rows(of_first) == [{"n": 11}]


def test_damage_in_an_older_book_is_found_and_mended(book: Book, add_text: Put) -> None:
    added = add_text("s.txt", SETTLEMENT.read_bytes())
    older = made_older(book)
    older.fact_path("settlement", added.sha).write_bytes(b"of another account")
    assert check(older).problems == [
        f"facts settlement/{added.sha[:12]}: changed since it was added; run `crossbook book rebuild`"
    ]
    older.engine.dispose()
    book.engine.dispose()
    upgrade(older)
    older = open_book(book.path)
    rebuild(older)
    assert check(older).sound


def test_a_rebuild_sets_aside_what_it_replaces(book: Book, add_text: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    add_text("s.txt", SETTLEMENT.read_bytes())
    before = files(book)
    monkeypatch.setattr(apart, "run", apart.direct)
    monkeypatch.setattr("pyarrow.parquet.ParquetWriter.__init__", _uncompressed(pq.ParquetWriter))
    rebuild(book)
    assert check(book).sound
    assert {path for path in files(book) if path.startswith("set-aside/")} == {f"set-aside/{path}" for path in before}


def _uncompressed(writer: type) -> Callable[..., None]:
    """A writer of other bytes for the same rows, as a later version may be."""
    real = writer.__init__

    def init(self: object, path: object, schema: object, **options: object) -> None:
        real(self, path, schema, compression="none")  # type: ignore[misc]

    return init


def test_facts_are_not_made_from_a_changed_original(book: Book, add_text: Put) -> None:
    added = add_text("s.txt", SETTLEMENT.read_bytes())
    path = book.evidence_path(added.sha)
    path.chmod(0o644)
    path.write_bytes(SETTLEMENT.read_bytes().replace(b"79.99", b"80.00"))
    before = files(book)
    (problem,) = rebuild(book).problems
    assert problem == f"evidence s.txt ({added.sha[:12]}): changed since it was added; restore it from a backup"
    assert files(book) == before
    path.unlink()
    (problem,) = rebuild(book).problems
    assert problem == f"evidence s.txt ({added.sha[:12]}): missing; restore it from a backup"
