"""A repair moves away what the catalog does not name, takes it in again where it is asked to, and removes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crossbook.book import Book, heads, open_book
from crossbook.book.adding import Added
from crossbook.book.backup import backup
from crossbook.book.checking import check
from crossbook.book.recovery import recover
from crossbook.book.repair import repair
from crossbook.errors import CrossbookError
from tests.conftest import GOLDEN

Put = Callable[..., Added]
STRIPE = (GOLDEN / "stripe_payouts.csv").read_bytes()


def set_back(book: Book, add_text: Put) -> Added:
    """Put an older catalog in the place of one that names an original more."""
    add_text("a.txt", (GOLDEN / "amazon_settlement.txt").read_bytes())
    book.engine.dispose()
    older = (book.path / "catalog.sqlite").read_bytes()
    added = add_text("b.csv", STRIPE)
    book.engine.dispose()
    for left in book.path.glob("catalog.sqlite-*"):
        left.unlink()
    (book.path / "catalog.sqlite").write_bytes(older)
    return added


def test_what_an_older_catalog_does_not_name_is_moved_and_added_again(book: Book, add_text: Put) -> None:
    lost = set_back(book, add_text)
    (book.evidence_dir / "0123.part").write_bytes(b"half")
    opened = open_book(book.path)
    (problem,) = check(opened).problems
    assert problem.startswith("heads: the catalog is no later state of head 6 of")
    said = list[str]()
    done = repair(opened, adopt=True, set_back="the newer one is gone", step=said.append)
    assert done.after.sound and not done.refused
    paths = [f"evidence/{lost.sha[:2]}/{lost.sha}", "evidence/0123.part"]
    assert set(done.moved) > set(paths) and done.folder == "quarantine/1"
    assert all(f"{path}: moved to quarantine/1" in said for path in done.moved)
    assert (book.path / done.folder / paths[0]).read_bytes() == STRIPE
    assert json.loads((book.path / done.folder / "note.json").read_text())["paths"] == done.moved
    assert done.adopted == [lost.sha[:12]]
    assert said[-1] == f"{paths[0]}: added again as {lost.sha[:12]} (stripe_payouts)"
    now = open_book(book.path)
    assert check(now).sound
    assert check(now).notes == ["1 heads are of what was set aside by a recovery or a repair"]
    entry = now.journal()[-1]
    assert (entry.action, entry.body["why"], entry.body["unproved"]) == ("repair", "the newer one is gone", True)


def test_without_a_reason_the_older_catalog_stays_a_finding(book: Book, add_text: Put) -> None:
    set_back(book, add_text)
    done = repair(open_book(book.path))
    assert len(done.moved) == 3 and not done.adopted
    assert done.after.orphans == [] and "no later state of head 6" in done.after.problems[0]


def test_what_cannot_be_read_stays_in_quarantine(book: Book) -> None:
    (book.evidence_dir / "ab").mkdir()
    (book.evidence_dir / "ab" / ("ab" * 32)).write_bytes(b"\0 no report")
    done = repair(book, adopt=True)
    assert done.adopted == [] and len(done.refused) == 1
    assert (book.path / "quarantine" / "1" / "evidence" / "ab" / ("ab" * 32)).exists()


def test_missing_heads_are_begun_anew_and_it_is_journaled(book: Book) -> None:
    (book.path / heads.FILE).unlink()
    assert check(book).problems == [heads.MISSING]
    done = repair(book)
    assert done.heads and done.after.sound
    assert book.journal()[-1].body["heads"] == "begun anew"
    assert (book.path / heads.FILE).read_text().splitlines() == [done.after.head]


def test_nothing_to_repair_changes_nothing(book: Book, add_text: Put) -> None:
    add_text("b.csv", STRIPE)
    before = check(book).head
    done = repair(book)
    assert (done.moved, done.heads, done.after.head) == ([], False, before)
    assert not (book.path / "quarantine").exists()


def test_while_somebody_has_the_book_open_nothing_is_moved(book: Book, add_text: Put) -> None:
    set_back(book, add_text)
    other = open_book(book.path)
    with other.engine.connect() as connection, pytest.raises(CrossbookError, match="somebody has the book open"):
        connection.exec_driver_sql("SELECT 1 FROM journal")
        repair(open_book(book.path))
    assert not (book.path / "quarantine").exists()


def test_a_recovery_is_a_line_of_the_heads(book: Book, add_text: Put, tmp_path: Path) -> None:
    """Heads of what it set aside bind nobody, a head that somebody kept does."""
    add_text("b.csv", STRIPE)
    backup(book, tmp_path / "kept")
    early = check(book).head
    book.decide("match", "p1", {}, "ann")
    late = check(book).head
    book.engine.dispose()
    recover(tmp_path / "kept", book.path, replace=True)
    now = open_book(book.path)
    last = (book.path / heads.FILE).read_text().splitlines()[-1]
    assert last == f"{check(now).head} recovered 4"
    assert check(now).sound and check(now).notes == ["1 heads are of what was set aside by a recovery or a repair"]
    assert check(now, kept=heads.given(early)).sound
    assert "it has another link 5" in check(now, kept=heads.given(late)).problems[0]


def test_a_backup_holds_the_heads_of_its_moment(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import crossbook.book.backup as module

    taken = module.snapshot_catalog

    def then_decided(of: Book, target: Path) -> None:
        taken(of, target)
        book.decide("match", "late", {}, "ann")

    monkeypatch.setattr(module, "snapshot_catalog", then_decided)
    assert backup(book, tmp_path / "kept").problems == []
    recover(tmp_path / "kept", tmp_path / "again")
    again = open_book(tmp_path / "again")
    assert check(again).sound and check(again).notes == []


def test_a_backup_says_what_another_program_changed(book: Book, add_text: Put, tmp_path: Path) -> None:
    add_text("b.csv", STRIPE)
    with book.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE evidence SET account = 'evil'")
    (problem,) = backup(book, tmp_path / "kept").problems
    assert problem.endswith("its row in the catalog was changed by another program")
