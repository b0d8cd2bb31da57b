"""The same promises whether the catalog is a SQLite file or a database: one writes, and all of it or nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from crossbook import i18n
from crossbook.book import Book, catalog, init_book, journal, open_book
from crossbook.book.accounts import check_password, put_user, remove_user, users
from crossbook.book.adding import add
from crossbook.book.checking import check, rebuild
from crossbook.book.journal import Entry
from crossbook.book.opening import inputs
from crossbook.engine import raw_facts
from crossbook.errors import CrossbookError
from crossbook.web.live import Live
from tests.conftest import GOLDEN
from tests.decisions.making import decided, plainly, undone
from tests.patience import LONG

PROCESSES = multiprocessing.get_context("fork")
ROUNDS = 100
SETTLEMENT = (GOLDEN / "amazon_settlement.txt").read_text(encoding="utf-8")


def undecided(subject: str, entries: list[Entry]) -> None:
    if any(e.subject == subject for e in entries):
        raise CrossbookError("it is decided already")


def whole(book: Book, length: int) -> bool:
    """Whether the journal has so many entries, numbered without a gap, each with the hash of the one before."""
    with book.engine.connect() as connection:
        broken = journal.broken_at(connection)
    return broken is None and [e.seq for e in book.journal()] == list(range(1, length + 1))


def decide_all(folder: Path, who: str, together: Barrier, answer: Connection) -> None:
    book, won, refused = open_book(folder), [], []
    for n in range(ROUNDS):
        subject = f"p{n}"
        together.wait(LONG)
        try:
            book.decide("match", subject, {"by": who}, who, check=lambda held, s=subject: undecided(s, held))
            won.append(n)
        except CrossbookError as error:
            assert error.what == "it is decided already"
            refused.append(n)
    answer.send((won, refused))


def test_of_two_that_decide_at_once_one_is_refused(either: Book) -> None:
    together, answers, deciders = PROCESSES.Barrier(2), [], []
    for who in ("anna", "bo"):
        here, there = PROCESSES.Pipe(duplex=False)
        deciders.append(PROCESSES.Process(target=decide_all, args=(either.path, who, together, there)))
        deciders[-1].start()
        there.close()
        answers.append(here)
    told = {who: here.recv() for who, here in zip(("anna", "bo"), answers, strict=True)}
    for decider in deciders:
        decider.join(LONG)
        assert decider.exitcode == 0
    for n in range(ROUNDS):
        assert sorted((n in won, n in refused) for won, refused in told.values()) == [(False, True), (True, False)], n
    assert whole(either, ROUNDS)
    assert {e.subject: e.who for e in either.journal()} == {f"p{n}": who for who, (won, _) in told.items() for n in won}


def add_all(folder: Path, paths: list[Path], answer: Connection) -> None:
    book = open_book(folder)
    answer.send([add(book, item).status for item in inputs(paths)])


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("DROP TABLE link", "lacks the table link: another program"),
        ("DROP TABLE setting", "lacks the table setting: another program"),
        ("ALTER TABLE evidence DROP COLUMN size", "lacks the column size of evidence: another program"),
    ],
)
def test_a_part_that_another_program_took_away_is_named(either: Book, sql: str, what: str) -> None:
    """Neither as no book in this database, with advice to make one, nor as an empty catalog; whatever is asked."""
    with either.engine.connect() as connection:
        connection.exec_driver_sql(sql)
        connection.commit()
    either.engine.dispose()
    with pytest.raises(CrossbookError, match=what) as raised:
        _ = open_book(either.path).engine
    assert "recover" in raised.value.todo
    i18n.choose("zh")
    assert i18n.translated(raised.value.what).startswith("目录库缺少表")
    i18n.choose("en")


def test_adds_from_four_processes_lose_nothing(either: Book, tmp_path: Path) -> None:
    def written(n: int) -> Path:
        path = tmp_path / f"in-{n}.txt"
        path.write_text(SETTLEMENT.replace("18906543210", str(10_000_000 + n)), encoding="utf-8")
        return path

    shared = [written(n) for n in range(5)]
    own = [[written(100 * (adder + 1) + n) for n in range(8)] for adder in range(4)]
    answers, adders = [], []
    for paths in own:
        here, there = PROCESSES.Pipe(duplex=False)
        mixed = [p for pair in zip(paths, [*shared, *[None] * 3], strict=True) for p in pair if p]
        adders.append(PROCESSES.Process(target=add_all, args=(either.path, mixed, there)))
        adders[-1].start()
        there.close()
        answers.append(here)
    told = [status for here in answers for status in here.recv()]
    for adder in adders:
        adder.join(LONG)
        assert adder.exitcode == 0
    assert (told.count("added"), told.count("duplicate"), len(told)) == (37, 15, 52)
    assert [e["seq"] for e in either.evidence()] == list(range(1, 38))
    report = check(either)
    assert report.sound, report
    assert raw_facts(either).rows("SELECT count(*) AS n FROM settlement") == [{"n": 37 * 11}]


def hold(folder: Path, ready: Connection) -> None:
    """Write an entry, say so, and never commit it."""
    with catalog.writing(open_book(folder).engine) as connection:
        journal.append(connection, "bo", "match", "half", {})
        ready.send("written")
        signal.pause()


def test_a_killed_writer_leaves_nothing_and_holds_nobody_up(either: Book) -> None:
    first = either.decide("match", "p1", {}, "anna")
    here, there = PROCESSES.Pipe(duplex=False)
    holder = PROCESSES.Process(target=hold, args=(either.path, there))
    holder.start()
    assert here.recv() == "written"
    waiting = threading.Thread(target=lambda: open_book(either.path).decide("match", "p2", {}, "anna"))
    waiting.start()
    assert (
        either.journal() == [first] and Live(either.path).state()
    )  # readers wait for nobody, and see what is committed
    assert waiting.is_alive()
    assert holder.pid is not None
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    waiting.join(LONG)
    assert not waiting.is_alive()
    assert [e.subject for e in either.journal()] == ["p1", "p2"]
    assert whole(either, 2) and check(either).sound


def test_a_reader_sees_one_moment(either: Book) -> None:
    either.decide("match", "p1", {}, "anna")
    with either.engine.connect() as connection:
        before = journal.entries(connection)
        open_book(either.path).decide("match", "p2", {}, "anna")
        assert journal.entries(connection) == before
    assert len(either.journal()) == 2


def test_what_is_raised_within_a_transaction_undoes_it(either: Book) -> None:
    def refuse(entries: list[Entry]) -> None:
        raise CrossbookError("no")

    with pytest.raises(CrossbookError, match="no"):
        either.decide("match", "p1", {}, "anna", check=refuse)
    with pytest.raises(RuntimeError), catalog.writing(either.engine) as connection:
        journal.append(connection, "anna", "match", "p1", {})
        raise RuntimeError
    assert either.journal() == []


def test_changing_the_journal_shows(either: Book) -> None:
    for n in range(3):
        either.decide("match", f"p{n}", {"text": "“样本”"}, "anna")
    table = catalog.journal
    with catalog.writing(either.engine) as connection:
        connection.execute(table.update().where(table.c.seq == 2).values(body="{}"))
    assert check(either).problems == ["journal: entry 2 was changed, removed or reordered"]


def test_a_second_book_in_the_same_database_is_refused(either: Book, tmp_path: Path) -> None:
    url = either.config.get("catalog", {}).get("url", "")
    folder = tmp_path / "other"
    if not url:
        folder = either.path
        (folder / "book.toml").unlink()
    with pytest.raises(CrossbookError, match="the database holds a book already"):
        init_book(folder, url=url)
    assert not (folder / "book.toml").exists()


def test_all_that_a_book_does(either: Book, tmp_path: Path) -> None:
    """Files, people, decisions and repair, as other tests show them one by one."""
    path = tmp_path / "结算.txt"
    path.write_text(SETTLEMENT, encoding="utf-8")
    (item,) = inputs([path])
    live = Live(either.path)
    states = [live.state()]
    assert add(either, item, account="店铺").status == "added"
    states.append(live.state())
    decided(plainly(either), "file", file="结算.txt", why="另一份更全")
    states.append(live.state())
    assert raw_facts(open_book(either.path)).rows("SELECT count(*) AS n FROM settlement") == [{"n": 0}]
    undone(plainly(either), "file", file="结算.txt", why="still the better one")
    states.append(live.state())
    assert len(set(states)) == 4
    assert rebuild(either).problems == [] and check(either).sound
    assert users(either) == []
    assert put_user(either, "李雷", "preparer", "four words are enough", "root")
    assert not put_user(either, "李雷", "approver", "four other words then", "root")
    assert [(u.name, u.role) for u in users(either)] == [("李雷", "approver")]
    assert check_password(either, "李雷", "four other words then") and not check_password(either, "李雷", "four words")
    remove_user(either, "李雷", "root")
    assert users(either) == []
    assert whole(either, 5)
