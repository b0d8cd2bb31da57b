"""Faults under a fleet: each is named with its cure, and once it is cured the findings are those of a sound fleet."""

from __future__ import annotations

import errno
import gc
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crossbook.book import layout, open_book
from crossbook.book.checking import rebuild
from crossbook.book.upgrading import upgrade
from crossbook.errors import CrossbookError
from crossbook.fleet import results
from crossbook.fleet.listing import Fleet, add_books, init_fleet, open_fleet
from crossbook.fleet.places import Place, Remote, place, put
from crossbook.fleet.reading import findings, standings, status
from crossbook.fleet.running import Run, run_fleet
from crossbook.fleet.working import Outcome, Task, work
from tests.book.test_upgrading import KEPT, unpacked
from tests.cli.running import SCRIPT
from tests.fleet.comparing import same_figures
from tests.fleet.test_places import bucket, sent
from tests.patience import LONG, until

__all__ = ["bucket"]


def here(tasks: Sequence[Task], jobs: int) -> Iterator[Outcome]:
    yield from map(work, tasks)


def run(fleet: Fleet, again: bool = True) -> Run:
    return run_fleet(fleet, runner=here, again=again)


def alike(fleet: Fleet, worked: Path) -> bool:
    """Whether every finding is that of the sound fleet, evidence and line included, and none is of an earlier state."""
    now, sound = (findings(f, everything=True) for f in (fleet, open_fleet(worked / "fleet")))
    return now.table.equals(sound.table) and not now.stale and not now.unknown


def facts_of(book: Place) -> list[Path]:
    return sorted(Path(str(book)).glob("facts/*/*.parquet"))


def test_a_bit_that_flipped_and_a_file_that_is_missing(mine: Fleet, worked: Path) -> None:
    """Neither gives a figure; the cure that is named, made anew from the originals, gives those of before."""
    flipped, missing, _ = mine.books
    file = facts_of(flipped.path)[0]
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    facts_of(missing.path)[-1].unlink()
    ended = run(mine)
    assert [o.verdict for o in ended.outcomes] == ["refused", "refused", ""]
    assert all("crossbook book rebuild" in o.todo for o in ended.outcomes[:2])
    assert findings(mine).stale == (flipped.id, missing.id)
    for one in (flipped, missing):
        assert rebuild(open_book(Path(str(one.path)))).problems == []
    assert run(mine, again=False).counts() == {"done": 0, "same": 3, "failed": 0} and alike(mine, worked)


def test_a_catalog_that_another_program_holds(mine: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who holds it alone is named; whoever writes keeps nobody from reading."""
    book = Path(str(mine.books[1].path)) / "catalog.sqlite"
    writer = sqlite3.connect(book, isolation_level=None)
    writer.execute("PRAGMA locking_mode = EXCLUSIVE")
    writer.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr("crossbook.book.own_catalog.PATIENCE", 0.1)
    ended = run(mine, again=False)
    assert [o.status for o in ended.outcomes] == ["same", "failed", "same"]
    assert (ended.outcomes[1].verdict, ended.outcomes[1].where) == ("machine", str(book))
    assert "another program has held the catalog" in ended.outcomes[1].what
    assert [line.status for line in status(mine)] == ["done", "stale", "done"]
    writer.close()
    with closing(sqlite3.connect(book, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert run(mine, again=False).counts()["same"] == 3
    assert [line.status for line in status(mine)] == ["done"] * 3


def test_two_runs_at_once(mine: Fleet) -> None:
    def meanwhile(tasks: Sequence[Task], jobs: int) -> Iterator[Outcome]:
        with pytest.raises(CrossbookError, match="another run is at work"):
            run(mine)
        yield from here(tasks, jobs)

    assert run_fleet(mine, runner=meanwhile).counts()["same"] == 3


def test_books_of_older_and_of_newer_programs(tmp_path: Path) -> None:
    """An older book is worked as it is, with the findings that it has once it is brought over; a newer one is named."""
    book = unpacked(KEPT[0], tmp_path / "old")
    with book.engine.begin() as connection:  # a match of nothing with nothing, which no command writes
        connection.execute(sa.text("UPDATE journal SET action = 'said' WHERE action = 'match'"))
    book.engine.dispose()
    fleet, (one,) = add_books(init_fleet(tmp_path / "fleet"), [book.path])
    assert run(fleet).counts()["done"] == 1
    before = findings(fleet, everything=True).table
    assert before.num_rows
    gc.collect()  # who looked whether it has changed had it open
    assert upgrade(open_book(book.path)).after == layout.CURRENT
    assert [line.status for line in status(fleet)] == ["changed"]
    assert run(fleet, again=False).counts()["done"] == 1
    assert findings(fleet, everything=True).table.equals(before)
    with closing(sqlite3.connect(book.path / "catalog.sqlite", isolation_level=None)) as newer:
        newer.execute("UPDATE setting SET value = '99' WHERE name = 'schema'")
    (told,) = run(fleet).outcomes
    assert told.verdict == "refused" and "of a newer crossbook" in told.what
    assert told.todo == "install that one: pip install --upgrade crossbook"
    assert findings(fleet).stale == (one.id,)


def test_a_disk_that_fills_in_the_middle_of_a_book(mine: Fleet, worked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of its figures are there when no more can be written: none of them is kept, those before it stay."""
    before = [s.done for s in standings(mine)]
    written: list[Place] = []

    def full(at: Place, content: bytes, **more: Any) -> None:
        written.append(at)
        if len(written) > 5:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # as the system says it of a file that is open
        put(at, content, **more)

    with monkeypatch.context() as patched:
        patched.setattr(results, "put", full)
        ended = run(mine)
    assert {(o.verdict, o.what) for o in ended.outcomes} == {("machine", "the disk is full; nothing was written")}
    assert all(Path(o.where).is_relative_to(str(mine.results.resolve())) for o in ended.outcomes)  # not the book's own
    assert [s.done for s in standings(mine, whole=True)] == before
    for one in mine.books:
        assert len([p for p in Path(str(results.folder_of(mine.results, one.id))).iterdir() if p.is_dir()]) == 1
    assert run(mine).counts()["done"] == 3 and alike(mine, worked)


@pytest.mark.slow
def test_the_driver_is_killed(mine: Fleet, worked: Path) -> None:
    """What it had done stands, its processes end with it, and the next run does what is left."""
    command = [str(SCRIPT), "fleet", "work", "--again", "--jobs", "1", "--fleet", str(mine.path)]
    before = [s.done for s in standings(mine)]
    driver = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)
    until(lambda: sum(s.done != was for s, was in zip(standings(mine), before, strict=True)) >= 1)
    driver.send_signal(signal.SIGKILL)
    driver.wait(LONG)
    until(lambda: not any(_in_session(driver.pid)))
    runs = {s.done.run for s in standings(mine, whole=True) if s.done and not s.faults}
    assert len(runs) == 2  # some of this run, some of before: each whole
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONG, check=False)
    assert done.returncode == 0 and "3 books worked" in done.stdout
    assert same_figures(open_fleet(worked / "fleet"), mine) > 45
    for one in mine.books:
        folder = Path(str(results.folder_of(mine.results, one.id)))
        assert len([p for p in folder.iterdir() if p.is_dir()]) == 1 and not (folder / results.BEGUN).exists()


def _in_session(number: int) -> Iterator[int]:
    """The processes of a session."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                told = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            if int(told[3]) == number and told[0] != "Z":
                yield int(folder.name)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no moto there")
def test_storage_that_ends_in_the_middle(worked: Path, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is gone while figures are written: that is named. Once it is back the next run ends as a sound one."""
    from moto.server import ThreadedMotoServer

    told = open_fleet(worked / "fleet")
    one = told.books[0]
    at = place(f"s3://sellers/books?{bucket}")
    assert isinstance(at, Remote)
    sent(Path(str(one.path)), at / one.id)
    fleet, _ = add_books(init_fleet(f"s3://sellers/fleet?{bucket}"), [str(at)])
    host, port = bucket.partition("endpoint_override=")[2].partition("&")[0].split(":")
    written: list[Remote] = []
    write = Remote.write_bytes
    from tests.fleet import test_places

    def cut(self: Remote, content: bytes) -> None:
        written.append(self)
        if len(written) == 10:
            test_places.SERVERS[-1].stop()
        write(self, content)

    with monkeypatch.context() as patched:
        patched.setattr(Remote, "write_bytes", cut)
        (ended,) = run(fleet).outcomes
    assert ended.verdict == "machine" and "the storage refused it, or did not answer" in ended.what
    assert ended.todo == "look at the address, the network and the keys in the environment"
    with pytest.raises(CrossbookError, match="did not answer"):
        status(fleet)
    again = ThreadedMotoServer(ip_address=host, port=int(port), verbose=False)  # with what it had
    again.start()
    test_places.SERVERS.append(again)
    assert [line.status for line in status(fleet)] == ["waiting"]
    assert run(fleet).counts()["done"] == 1
    there, sound = (findings(f, book=one.id, everything=True).table for f in (fleet, told))
    assert there.num_rows and there.equals(sound)
    lying = [p for p in results.folder_of(fleet.results, one.id).iterdir() if p.is_dir()]
    assert len(lying) == 1  # what the first run left is taken away
