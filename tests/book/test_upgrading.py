"""Books that released versions made, in `kept/`, come over to the layout of today; an older program refuses them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from crossbook.book import Book, layout, open_book
from crossbook.book.accounts import users
from crossbook.book.backup import backup
from crossbook.book.checking import OLDER, check, rebuild
from crossbook.book.recovery import recover
from crossbook.book.upgrading import upgrade
from crossbook.engine import raw_facts
from crossbook.errors import CrossbookError

KEPT = sorted((Path(__file__).parent / "kept").glob("*.zip"))


def unpacked(kept: Path, folder: Path) -> Book:
    with zipfile.ZipFile(kept) as archive:
        archive.extractall(folder)
    folder.chmod(0o700)
    return open_book(folder)


@pytest.mark.parametrize("kept", KEPT, ids=lambda p: p.stem)
def test_a_book_of_each_released_version(kept: Path, tmp_path: Path) -> None:
    """One file, three decisions of ann and what was journaled of the account bo: as `ann` and `bo` left it."""
    book = unpacked(kept, tmp_path / "book")
    told = [(e.who, e.action, e.hash) for e in book.journal()]
    assert [t[1] for t in told] == ["match", "retire", "reinstate", "user"]
    assert raw_facts(book).rows("SELECT count(*) AS n FROM payout") == [{"n": 2}]
    report = check(book)
    assert report.sound and report.notes == [f"the book has layout 1: {OLDER}"] and report.head == ""
    with pytest.raises(CrossbookError, match="has layout 1, of an older crossbook; it can be read") as error:
        book.decide("match", "p2", {}, "ann")
    assert error.value.todo == "bring it over, once: crossbook book upgrade"
    done = upgrade(book)
    assert (done.before, done.after, done.problems) == (1, layout.CURRENT, [])
    now = open_book(book.path)
    assert check(now).sound and check(now).head.startswith(check(now).head.split(":")[0])
    assert [(e.who, e.action, e.hash) for e in now.journal()][:4] == told and now.journal()[4].action == "upgrade"
    assert [u.name for u in users(now)] == ["bo"]
    now.decide("match", "p2", {}, "ann")
    assert rebuild(now).problems == [] and check(open_book(book.path)).sound
    assert raw_facts(now).rows("SELECT count(*) AS n FROM payout") == [{"n": 2}]
    assert upgrade(now).before == layout.CURRENT
    with sa.create_engine(f"sqlite:///{book.path / done.kept}").connect() as connection:
        assert layout.of(connection) == 1


def test_a_backup_of_an_older_book_is_recovered_in_the_layout_of_today(tmp_path: Path) -> None:
    book = unpacked(KEPT[-1], tmp_path / "book")
    assert backup(book, tmp_path / "kept").problems == []
    recover(tmp_path / "kept", tmp_path / "again")
    again = open_book(tmp_path / "again")
    assert check(again).sound and [e.action for e in again.journal()][-2:] == ["upgrade", "recover"]


def test_a_journal_that_was_changed_before_stays_broken(tmp_path: Path) -> None:
    book = unpacked(KEPT[-1], tmp_path / "book")
    with book.engine.begin() as connection:
        connection.execute(sa.text("UPDATE journal SET who = 'eve' WHERE seq = 2"))
    broken = ["journal: entry 2 was changed, removed or reordered"]
    assert upgrade(book).problems == broken
    assert check(open_book(book.path)).problems == broken


def test_nobody_may_have_the_book_open_meanwhile(tmp_path: Path) -> None:
    book = unpacked(KEPT[-1], tmp_path / "book")
    with book.engine.connect() as connection:
        layout.of(connection)
        with pytest.raises(CrossbookError, match="somebody has the book open"):
            upgrade(open_book(book.path))


def test_a_book_of_a_newer_program_is_refused(book: Book) -> None:
    with book.engine.begin() as connection:
        connection.execute(sa.text("UPDATE setting SET value = '4' WHERE name = 'schema'"))
    for act in (lambda b: b.journal(), lambda b: b.decide("match", "p", {}), check):
        with pytest.raises(CrossbookError, match="has layout 4, of a newer crossbook; this one reads up to 3") as error:
            act(open_book(book.path))
        assert error.value.todo == "install that one: pip install --upgrade crossbook"
    with pytest.raises(CrossbookError, match="has layout 4"):
        book.decide("match", "p", {})  # one that was open before


def test_a_missing_catalog_is_not_made_anew(book: Book) -> None:
    book.engine.dispose()
    for left in book.path.glob("catalog.sqlite*"):
        left.unlink()
    with pytest.raises(CrossbookError, match="the catalog is missing"):
        check(open_book(book.path))
    assert not list(book.path.glob("catalog.sqlite*"))
