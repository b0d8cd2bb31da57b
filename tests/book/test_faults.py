"""Faults of the machine: each is named as what it is, with where and the right cure, and never as damage."""

from __future__ import annotations

import ctypes
import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from crossbook.book import Book, clock, faults, init_book, open_book, own_catalog
from crossbook.book.adding import Added, add
from crossbook.book.checking import check
from crossbook.book.opening import inputs
from crossbook.book.repair import repair
from crossbook.decisions.telling import journal
from crossbook.engine import raw_facts
from crossbook.errors import CrossbookError, FaultError
from tests.conftest import GOLDEN

Put = Callable[..., Added]
SETTLEMENT = (GOLDEN / "amazon_settlement.txt").read_text(encoding="utf-8")


def test_errors_of_the_system_say_what_where_and_the_cure(tmp_path: Path) -> None:
    at = str(tmp_path / "b" / "x")
    for number, what, todo in (
        (errno.ENOSPC, "the disk is full; nothing was written", "free space there"),
        (errno.EROFS, "the disk takes no changes here", "reading works"),
        (errno.EACCES, "may not be read or written", "change its permissions"),
        (errno.EIO, "the disk failed", "crossbook book check"),
        (errno.EMFILE, "too many files are open", "ulimit -n"),
        (errno.ENOENT, "no such file or folder", "its disk is not mounted"),
        (errno.ENOTBLK, "the system refused", "crossbook book check"),
    ):
        told = faults.of_system(OSError(number, "Whatever it says", at), name="s.txt")
        assert what in told.what and todo in told.todo and told.where == f"s.txt: {at}"
        assert "Whatever" not in str(told)


@contextmanager
def failing(code: int) -> Iterator[sqlite3.Error]:
    error = sqlite3.OperationalError("words of the library")
    error.sqlite_errorcode, error.sqlite_errorname = code, "SQLITE_X"
    yield error


@pytest.mark.parametrize(
    ("code", "free", "what", "todo"),
    [
        (sqlite3.SQLITE_FULL, 1 << 40, "the disk is full", "free space"),
        (sqlite3.SQLITE_IOERR, 4096, "the disk is full", "free space"),  # of a log that could not grow
        (sqlite3.SQLITE_CANTOPEN, 4096, "the disk is full", "free space"),
        (sqlite3.SQLITE_IOERR | (4 << 8), 1 << 40, "the disk failed", "book check"),  # of fsync
        (sqlite3.SQLITE_BUSY, 1 << 40, "another program has held the catalog", "do it again"),
        (sqlite3.SQLITE_CORRUPT, 1 << 40, "the catalog is damaged", "crossbook book recover"),
        (sqlite3.SQLITE_NOTADB, 1 << 40, "the catalog is damaged", "crossbook book recover"),
        (sqlite3.SQLITE_NOMEM, 1 << 40, "not enough memory", "end other programs"),
    ],
)
def test_what_sqlite_says_is_told_as_what_it_is(
    book: Book, monkeypatch: pytest.MonkeyPatch, code: int, free: int, what: str, todo: str
) -> None:
    monkeypatch.setattr(faults, "room", lambda path: free)
    with failing(code) as error:
        told = faults.of_catalog(error, book.path / "catalog.sqlite")
    assert what in told.what and todo in told.todo and "library" not in str(told)
    assert ("damaged" in told.what) == ("recover" in told.todo)  # what is whole is not to be replaced


def test_an_error_of_the_engine_is_told_where_it_is_the_machine_s(tmp_path: Path) -> None:
    missing = duckdb.IOException(f'IO Error: No files found that match the pattern "{tmp_path}/facts/a.parquet"')
    assert "crossbook book rebuild" in str(faults.named(missing))
    full = duckdb.IOException('IO Error: Could not write file "/x/spill.tmp": No space left on device')
    assert "the disk is full" in str(faults.named(full))
    spoiled = duckdb.Error("TProtocolException: Invalid data\n\nLINE 1: ... FROM read_parquet(['/b/facts...")
    assert "facts are damaged" in str(faults.named(spoiled))
    assert faults.named(duckdb.BinderException("Binder Error: no column")) is None  # a fault of ours


def test_half_made_books_and_those_that_lost_a_part(tmp_path: Path, add_text: Put, book: Book) -> None:
    half = init_book(tmp_path / "half").path
    for beside in (*half.glob("catalog.sqlite*"), half / "heads"):
        beside.unlink()
    for left in (None, b""):
        if left is not None:
            (half / "catalog.sqlite").write_bytes(left)
        with pytest.raises(CrossbookError, match=r"half-made: making it was cut off\n.*crossbook init"):
            open_book(half).evidence()
        assert left is not None or not (half / "catalog.sqlite").exists(), "looking makes no catalog"
    init_book(half)
    assert check(open_book(half)).sound

    add_text("s.txt", SETTLEMENT)
    book.engine.dispose()
    (book.path / "evidence").rename(tmp_path / "away")
    with pytest.raises(FaultError, match="the folder of the originals is missing"):
        add_text("t.txt", SETTLEMENT.replace("18906543210", "18906543211"))
    (tmp_path / "away").rename(book.path / "evidence")
    (book.path / "book.toml").rename(tmp_path / "toml")
    with pytest.raises(CrossbookError, match=r"there is a catalog, and no book.toml"):
        open_book(book.path)
    (tmp_path / "toml").rename(book.path / "book.toml")
    with pytest.raises(CrossbookError, match="there is a book here already"):
        init_book(book.path)
    for beside in book.path.glob("catalog.sqlite*"):
        beside.unlink()
    with pytest.raises(CrossbookError, match=r"the catalog is missing(?s:.*)book recover"):
        open_book(book.path).evidence()


def test_a_query_that_may_not_take_so_much_names_memory_and_no_file() -> None:
    connection = duckdb.connect(config={"memory_limit": "20MB", "temp_directory": ""})
    with pytest.raises(duckdb.OutOfMemoryException) as caught:
        connection.execute("SELECT list(hash(x)) FROM range(100000000) t(x)").fetchall()
    told = faults.of_database(caught.value)
    assert told and (told.what, told.where) == ("the computer has not enough memory left", "")


def test_figures_of_an_older_catalog_are_not_shown(book: Book, add_text: Put, tmp_path: Path) -> None:
    add_text("s.txt", SETTLEMENT)
    book.engine.dispose()
    older = (book.path / "catalog.sqlite").read_bytes()
    add_text("t.txt", SETTLEMENT.replace("18906543210", "18906543211"))
    book.engine.dispose()
    assert raw_facts(book).rows("SELECT count(*) AS n FROM payout") == [{"n": 2}]
    (book.path / "catalog.sqlite").write_bytes(older)
    book.engine.dispose()
    with pytest.raises(CrossbookError, match="the catalog is older than the book"):
        raw_facts(book)
    book.engine.dispose()
    repair(open_book(book.path), set_back="the disk failed")
    assert raw_facts(book).rows("SELECT count(*) AS n FROM payout") == [{"n": 1}]


def test_a_clock_that_was_set_back_is_marked_and_said(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    book.decide("retire", "a", {}, "ann")
    earlier = datetime.now(UTC) - timedelta(days=3)

    class Back(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return earlier

    monkeypatch.setattr(clock, "datetime", Back)
    monkeypatch.setattr("crossbook.book.journal.datetime", Back)
    entry = book.decide("retire", "b", {}, "ann")
    assert entry.body[clock.SET_BACK][:19] == book.journal()[0].at[:19]
    monkeypatch.undo()
    after, marked, before = journal(book)[0], journal(book)[0], journal(book)[1]
    assert marked.clock.startswith(f"the clock was set back: it says {earlier:%Y-%m-%d}, and the last entry is of ")
    assert not before.clock and check(book).sound and after.seq == 2
    assert clock.SET_BACK not in book.decide("retire", "c", {}, "ann").body


def test_a_clock_that_was_set_back_while_files_are_added_is_said_and_no_finding_for_ever(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = datetime.now(UTC) - timedelta(days=3)

    class Back(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return earlier

    for module in ("clock", "chain", "journal", "adding"):
        monkeypatch.setattr(f"crossbook.book.{module}.datetime", Back)
    added = add(book, inputs([GOLDEN / "stripe_payouts.csv"])[0])
    monkeypatch.undo()
    assert added.note.startswith(f"the clock was set back: it says {earlier:%Y-%m-%d}, and the last entry is of ")
    (entry,) = book.journal()
    assert entry.action == "add" and clock.SET_BACK in entry.body
    report = check(book)
    assert report.sound and "an entry of the journal said so then" in report.notes[0]
    assert clock.SET_BACK not in add(book, inputs([GOLDEN / "camt.xml"])[0]).note and check(book).sound


# Folders that take no changes: as an ordinary user with permissions, as root with a mount.

READING = """
import sys
from pathlib import Path
from crossbook.book import open_book
from crossbook.book.adding import add
from crossbook.book.checking import check
from crossbook.book.opening import inputs
from crossbook.engine import raw_facts
from crossbook.errors import CrossbookError

book = open_book(sys.argv[1])
lines = raw_facts(book).rows("SELECT count(*) n FROM settlement")
print(len(book.evidence()), len(book.journal()), check(book).sound, lines)
for work in (lambda: add(book, inputs([sys.argv[2]])[0]), lambda: book.decide("retire", "x", {})):
    try:
        work()
    except CrossbookError as error:
        print(repr(error.what), bool(error.where), bool(error.todo))
"""


def as_found(book: Path, log: bool) -> None:
    """The book as its writer left it: with what it wrote last in the log alone, or closed."""
    words = f"""
import os
from crossbook.book import open_book
book = open_book({str(book)!r})
book.decide("retire", "first", {{}}, "ann")
book.decide("reinstate", "first", {{}}, "ann")
book.engine.dispose() if not {log} else None
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", words], check=True)
    assert bool((book / "catalog.sqlite-wal").exists()) == log


def mount(flags: int, *at: Path) -> bool:
    """Mount a folder on another, or change how; whether the system let us."""
    source, target = (os.fsencode(at[0]), os.fsencode(at[-1]))
    return not ctypes.CDLL(None, use_errno=True).mount(source, target, None, ctypes.c_ulong(flags), None)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts are made by Linux's own call")
@pytest.mark.parametrize("log", [False, True], ids=["closed", "with a log"])
def test_a_book_is_read_where_nothing_may_be_written(book: Book, add_text: Put, tmp_path: Path, log: bool) -> None:
    add_text("s.txt", SETTLEMENT)
    book.engine.dispose()
    as_found(book.path, log)
    other = GOLDEN / "camt.xml"
    words = [sys.executable, "-c", READING]
    if os.geteuid():
        what, folder = "may not be read or written by this user", book.path
        for path in (book.path, *book.path.rglob("*")):
            path.chmod(path.stat().st_mode & ~0o222)
        done = subprocess.run([*words, folder, other], capture_output=True, text=True, check=False)
        for path in (book.path, *book.path.rglob("*")):
            path.chmod(path.stat().st_mode | 0o200)
    else:
        what, folder = "the disk takes no changes here: it is mounted read-only", tmp_path / "mounted"
        folder.mkdir()
        bind, again_read_only = 0x1000, 0x1000 | 0x20 | 0x1
        if not mount(bind, book.path, folder):
            pytest.skip("mounts are not allowed here")
        try:
            assert mount(again_read_only, book.path, folder)
            done = subprocess.run([*words, folder, other], capture_output=True, text=True, check=False)
        finally:
            ctypes.CDLL(None).umount(os.fsencode(folder))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["1 2 True [{'n': 11}]", *[f"{what!r} True True"] * 2]


def test_a_copy_is_taken_anew_when_the_book_changes(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may only read sees what others write meanwhile, and writes nothing."""
    book.decide("retire", "a", {}, "ann")
    book.engine.dispose()
    monkeypatch.setattr(own_catalog, "_writable", lambda path: False)
    monkeypatch.setattr(own_catalog, "_opened", _only_unchanging(own_catalog._opened))
    reader = open_book(book.path)
    assert len(reader.journal()) == 1
    with pytest.raises(CrossbookError):
        reader.decide("retire", "b", {}, "ann")
    monkeypatch.setattr(own_catalog, "_writable", lambda path: True)
    monkeypatch.undo()
    book.decide("retire", "c", {}, "ann")
    monkeypatch.setattr(own_catalog, "_writable", lambda path: False)
    monkeypatch.setattr(own_catalog, "_opened", _only_unchanging(own_catalog._opened))
    assert [e.subject for e in reader.journal()] == ["a", "c"]


def _only_unchanging(opened: Callable[..., sqlite3.Connection]) -> Callable[..., sqlite3.Connection]:
    def refusing(path: Path, mode: str, kind: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
        if "immutable" in mode:
            return opened(path, mode, kind)
        error = sqlite3.OperationalError("unable to open database file")
        error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
        raise error

    return refusing


def test_a_full_disk_keeps_nobody_from_reading(book: Book, add_text: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    add_text("s.txt", SETTLEMENT)
    book.engine.dispose()
    monkeypatch.setattr(faults, "room", lambda path: 4096)
    reader = open_book(book.path)
    assert len(reader.evidence()) == 1
    with pytest.raises(FaultError, match="the disk is full; nothing was written"):
        reader.decide("retire", "x", {})
    monkeypatch.undo()
    reader.decide("retire", "x", {})  # as soon as there is room
    assert len(book.journal()) == 1


def test_a_disk_that_fails_while_the_original_is_made_safe(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.txt"
    path.write_text(SETTLEMENT, encoding="utf-8")

    def failing(handle: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("os.fsync", failing)
    with pytest.raises(FaultError, match="the disk failed while it was read or written"):
        add(book, inputs([path])[0])
    monkeypatch.undo()
    assert not book.evidence() and check(book).sound


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
@pytest.mark.parametrize("put", ["pipe", "device", "folder", "nowhere"])
def test_what_is_no_file_where_the_book_keeps_one_is_named_and_not_waited_for(
    book: Book, add_text: Put, tmp_path: Path, put: str
) -> None:
    """In place of the lock, of SQLite's log, of a mapping and of the heads. A pipe that nobody writes to has no end."""
    add_text("s.txt", SETTLEMENT)
    book.engine.dispose()

    def there(path: Path) -> None:
        path.unlink(missing_ok=True)
        path.parent.mkdir(exist_ok=True)
        if put == "pipe":
            os.mkfifo(path)
        elif put == "folder":
            path.mkdir()
        else:
            path.symlink_to("/dev/zero" if put == "device" else tmp_path / "gone" / "x")

    def gone(path: Path) -> None:
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()

    told = {"folder": "a folder where a file", "nowhere": "a link that leads nowhere"}.get(put, "no file, but a pipe")
    there(book.path / ".lock")
    with pytest.raises(FaultError, match=told) as said:
        add_text("t.txt", SETTLEMENT.replace("18906543210", "18906543211"))
    assert ".lock" in str(said.value) and ("remove" in said.value.todo or "move it away" in said.value.todo)
    if put != "nowhere":
        with pytest.raises(CrossbookError, match=f"the book cannot be repaired: .*{told}"):
            repair(book)
    gone(book.path / ".lock")

    there(book.path / "catalog.sqlite-wal")
    with pytest.raises(CrossbookError, match=r"catalog.sqlite-wal: .*no file\n.*move it away"):
        open_book(book.path).evidence()
    gone(book.path / "catalog.sqlite-wal")

    there(book.path / "mappings" / "mine.toml")
    with pytest.raises(CrossbookError, match=r"mine.toml: it is no file\n.*move it away"):
        add_text("t.txt", SETTLEMENT.replace("18906543210", "18906543211"))
    gone(book.path / "mappings" / "mine.toml")

    kept = (book.path / "heads").read_bytes()
    there(book.path / "heads")
    add_text("t.txt", SETTLEMENT.replace("18906543210", "18906543211"))
    with pytest.raises(CrossbookError, match=r"heads|the book cannot be repaired"):
        repair(book)
    gone(book.path / "heads")
    (book.path / "heads").write_bytes(kept)
    assert check(open_book(book.path)).sound
