"""A backup is a book of one moment, whoever writes meanwhile; a recovery is verified before it replaces anything."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crossbook.book import Book, open_book
from crossbook.book.adding import Added
from crossbook.book.backup import backup
from crossbook.book.checking import check, rebuild
from crossbook.book.recovery import recover
from crossbook.engine import raw_facts
from crossbook.errors import CrossbookError
from tests.conftest import GOLDEN
from tests.effort import times

Put = Callable[..., Added]


def filled(book: Book, add_text: Put) -> None:
    add_text("a.txt", (GOLDEN / "amazon_settlement.txt").read_bytes())
    add_text("b.csv", (GOLDEN / "stripe_payouts.csv").read_bytes())
    book.decide("match", "p1", {"why": "測試"}, "ann")
    (book.path / "pictures").mkdir()
    (book.path / "pictures" / "own.svg").write_text("# kept", encoding="utf-8")
    (book.path / "cache").mkdir(exist_ok=True)
    (book.path / "cache" / "x").write_text("made anew", encoding="utf-8")


def originals(book: Book) -> list[tuple[str, str]]:
    return [(e["sha"], e["name"]) for e in book.evidence()]


def files(folder: Path) -> dict[str, bytes]:
    found = [p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("catalog.sqlite-")]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found if p.name != ".lock"}


def test_a_book_comes_back(book: Book, add_text: Put, tmp_path: Path) -> None:
    filled(book, add_text)
    done = backup(book, tmp_path / "kept")
    assert (done.number, done.evidence, done.journal, done.problems, done.notes) == (1, 2, 1, [], [])
    assert done.copied == done.evidence + done.fact_files + done.others and done.others == 3  # with its heads
    told = recover(tmp_path / "kept", tmp_path / "again")
    again = open_book(tmp_path / "again")
    assert originals(again) == originals(book) and check(again).sound
    assert [e.hash for e in again.journal()][:1] == [e.hash for e in book.journal()]
    entry = again.journal()[-1]
    assert (entry.action, entry.subject, entry.body["unproved"]) == ("recover", "snapshot 1", True)
    assert told.journal == len(again.journal()) == 2 and told.set_aside == ""
    assert (again.path / "pictures" / "own.svg").read_text(encoding="utf-8") == "# kept"
    assert not (again.path / "cache").exists()
    assert raw_facts(again).rows("SELECT count(*) AS n FROM settlement") == raw_facts(book).rows(
        "SELECT count(*) AS n FROM settlement"
    )


def test_a_second_backup_copies_what_is_new(book: Book, add_text: Put, tmp_path: Path) -> None:
    filled(book, add_text)
    backup(book, tmp_path / "kept")
    assert backup(book, tmp_path / "kept").copied == 0
    added = add_text("c.csv", (GOLDEN / "shopify_orders.csv").read_bytes())
    done = backup(book, tmp_path / "kept")
    assert (done.number, done.copied) == (3, 1 + len(added.facts) + 1)  # and its heads
    recover(tmp_path / "kept", tmp_path / "older", number=1)
    assert len(open_book(tmp_path / "older").evidence()) == 2


def test_nobody_else_may_read_a_backup(book: Book, add_text: Put, tmp_path: Path) -> None:
    filled(book, add_text)
    backup(book, tmp_path / "kept")
    recover(tmp_path / "kept", tmp_path / "again")
    for folder in (tmp_path / "kept", tmp_path / "again"):
        assert not [p for p in (folder, *folder.rglob("*")) if p.stat().st_mode & 0o077]


def test_what_the_book_lost_is_said_and_comes_from_the_backup(book: Book, add_text: Put, tmp_path: Path) -> None:
    filled(book, add_text)
    backup(book, tmp_path / "kept")
    first, second = (book.evidence_path(sha) for sha, _ in originals(book))
    first.unlink()
    done = backup(book, tmp_path / "kept")
    assert [p.rsplit(": ", 1)[1] for p in done.problems] == ["missing in the book; the backup has it"]
    recover(tmp_path / "kept", tmp_path / "again")
    assert check(open_book(tmp_path / "again")).sound
    second.chmod(0o600)
    second.write_bytes(second.read_bytes() + b" ")
    done = backup(book, tmp_path / "new")
    assert [p.rsplit(": ", 1)[1] for p in done.problems] == ["missing or changed; the backup has no copy either"] * 2


def test_a_damaged_backup_is_mended_by_the_next(book: Book, add_text: Put, tmp_path: Path) -> None:
    filled(book, add_text)
    backup(book, tmp_path / "kept")
    (path, *_) = sorted(p for p in (tmp_path / "kept" / "evidence").rglob("*") if p.is_file())
    path.chmod(0o600)
    path.write_bytes(b"rot")
    done = backup(book, tmp_path / "kept")
    assert (done.mended, done.copied, done.problems) == (1, 1, [])


@pytest.mark.parametrize("where", ["evidence", "facts", "files", "snapshots/000001/catalog.sqlite"])
def test_a_damaged_backup_replaces_nothing(book: Book, add_text: Put, tmp_path: Path, where: str) -> None:
    filled(book, add_text)
    backup(book, tmp_path / "kept")
    book.engine.dispose()
    below = tmp_path / "kept" / where
    path = below if below.is_file() else min(p for p in below.rglob("*") if p.is_file())
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    before = files(book.path)
    with pytest.raises(CrossbookError, match=r"not whole|was changed"):
        recover(tmp_path / "kept", book.path, replace=True)
    with pytest.raises(CrossbookError, match=r"not whole|was changed"):
        recover(tmp_path / "kept", tmp_path / "again")
    assert files(book.path) == before and not (tmp_path / "again").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
@pytest.mark.parametrize("where", ["kept/evidence", "kept/facts", "kept/snapshots/000001/snapshot.json", "book"])
def test_a_pipe_holds_nobody_up(book: Book, add_text: Put, tmp_path: Path, where: str) -> None:
    """Nothing ever comes out of it: who opens one as if it were a file waits for ever."""
    filled(book, add_text)
    kept = tmp_path / "kept"
    if where != "book":
        backup(book, kept)
    below = book.path / "evidence" if where == "book" else tmp_path / where
    path = below if below.is_file() else min(p for p in below.rglob("*") if p.is_file())
    path.unlink()
    os.mkfifo(path)
    if where == "book":
        assert any("missing or changed" in problem for problem in backup(book, kept).problems)
        return
    with pytest.raises(CrossbookError, match=r"not whole|cannot be read"):
        recover(kept, tmp_path / "again")
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize(
    "told",
    [
        {"files": 5},
        {"files": ["heads"]},
        {"files": [{"path": 7, "sha": "0" * 64, "size": 1}]},
        {"files": [{"path": "a\0b", "sha": "0" * 64, "size": 1}]},
        {"files": [{"path": "../../home", "sha": "../../../etc/passwd", "size": 1}]},
        {"catalog": 1},
        {"number": "1"},
        {"made_at": "\x1b[2J"},
        {"files": []} | {"more": 1},
    ],
)
def test_a_snapshot_that_says_what_none_says(book: Book, tmp_path: Path, told: dict[str, object]) -> None:
    backup(book, tmp_path / "kept")
    path = tmp_path / "kept" / "snapshots" / "000001" / "snapshot.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | told), encoding="utf-8")
    with pytest.raises(CrossbookError, match="the snapshot cannot be read"):
        recover(tmp_path / "kept", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_what_is_replaced_is_set_aside_and_told(book: Book, add_text: Put, tmp_path: Path) -> None:
    filled(book, add_text)
    backup(book, tmp_path / "kept")
    add_text("c.csv", (GOLDEN / "shopify_orders.csv").read_bytes())
    book.decide("match", "p2", {}, "ann")
    book.engine.dispose()
    before = files(book.path)
    with pytest.raises(CrossbookError, match="something here already"):
        recover(tmp_path / "kept", book.path)
    assert files(book.path) == before
    told = recover(tmp_path / "kept", book.path, replace=True)
    assert (told.lacks_entries, told.lacks_originals) == (1, 1)
    aside = files(Path(told.set_aside))
    assert {n: b for n, b in aside.items() if n != "catalog.sqlite"} == {
        n: b for n, b in before.items() if n != "catalog.sqlite"
    }
    assert len(open_book(told.set_aside).evidence()) == 3
    again = open_book(book.path)
    assert len(again.evidence()) == 2 and check(again).sound


def test_a_book_that_is_open_is_not_replaced(book: Book, add_text: Put, tmp_path: Path) -> None:
    filled(book, add_text)
    backup(book, tmp_path / "kept")
    with pytest.raises(CrossbookError, match="somebody has the book open"), book.engine.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM journal").scalar()
        recover(tmp_path / "kept", book.path, replace=True)
    assert len(open_book(book.path).evidence()) == 2


def test_a_book_that_was_set_back_does_not_go_over_its_backup(book: Book, add_text: Put, tmp_path: Path) -> None:
    filled(book, add_text)
    backup(book, tmp_path / "kept")
    with book.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM journal")
    with pytest.raises(CrossbookError, match="lacks 1 journal entries and 0 originals"):
        backup(book, tmp_path / "kept")
    assert sorted(p.name for p in (tmp_path / "kept" / "snapshots").iterdir()) == ["000001"]
    recover(tmp_path / "kept", tmp_path / "again")
    assert open_book(tmp_path / "again").journal()[0].subject == "p1"


def test_a_folder_that_is_no_backup_is_left_alone(book: Book, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    for folder, said in (
        (tmp_path / "mine", "something here already"),
        (book.path / "kept", "outside the book"),
        (book.path.parent, "outside the book"),
    ):
        with pytest.raises(CrossbookError, match=said):
            backup(book, folder)
    with pytest.raises(CrossbookError, match="no snapshot here"):
        recover(tmp_path / "mine", tmp_path / "again")


@contextmanager
def writers(folder: Path, count: int) -> Iterator[None]:
    program, golden = Path(__file__).with_name("writer.py"), GOLDEN / "amazon_settlement.txt"
    each = [
        subprocess.Popen(
            [sys.executable, str(program), str(folder), str(n * 500_000), str(golden)], stdout=subprocess.DEVNULL
        )
        for n in range(count)
    ]
    try:
        yield
        assert all(w.poll() is None for w in each)
    finally:
        for w in each:
            w.kill()
            w.wait()


def while_others_write(book: Book, tmp_path: Path, adds: int) -> None:
    seen = 0
    with writers(book.path, 2):
        while seen < adds:
            done = backup(book, tmp_path / "kept")
            assert done.problems == [] and done.evidence >= seen
            again = tmp_path / "again"
            recover(tmp_path / "kept", again)
            recovered = open_book(again)
            report = check(recovered)
            assert report.sound and not report.notes
            (row,) = raw_facts(recovered).rows("SELECT count(*) AS n FROM settlement")
            assert (report.evidence, row["n"]) == (done.evidence, 11 * done.evidence)
            recovered.engine.dispose()
            shutil.rmtree(again)
            seen = done.evidence
            rebuild(book) if done.number == 2 else None  # it puts other files where the catalog says
    assert seen >= adds


def test_backups_while_others_add(book: Book, tmp_path: Path) -> None:
    while_others_write(book, tmp_path, 12)


@pytest.mark.slow
def test_backups_during_many_adds(book: Book, tmp_path: Path) -> None:
    while_others_write(book, tmp_path, times(40, long=200))


def test_a_catalog_of_either_kind(either: Book, tmp_path: Path) -> None:
    """A backup of a catalog on a server is a SQLite file; it comes back into a database that holds no book."""
    either.decide("match", "p1", {"why": "測試"}, "ann")
    assert backup(either, tmp_path / "kept").journal == 1
    if either.engine.dialect.name == "sqlite":
        recover(tmp_path / "kept", tmp_path / "again")
    else:
        with pytest.raises(CrossbookError, match="holds a book already"):
            recover(tmp_path / "kept", tmp_path / "again")
        assert not (tmp_path / "again").exists()
        with either.engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA crossbook CASCADE")
        either.engine.dispose()
        recover(tmp_path / "kept", tmp_path / "again")
    again = open_book(tmp_path / "again")
    assert [e.action for e in again.journal()] == ["match", "recover"] and check(again).sound
