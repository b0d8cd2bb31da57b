"""Two desks, each a process of its own with its own book and keys, hand each other the files of a session."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from crossbook.demo.authorities import SIDES, SINCE, UNTIL, Made


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A message that went from one side to the other."""

    sender: str
    path: Path


def talk(made: Made, told: Callable[[Passed], None] = lambda message: None) -> list[Passed]:
    """Let both desks talk until the session has ended; the messages in order."""
    context = multiprocessing.get_context("spawn")
    desks = {}
    passed: list[Passed] = []
    try:
        for side, folder in made.folders.items():
            ours, its = context.Pipe()
            process = context.Process(target=_desk, args=(its, folder, made.sha), daemon=True)
            process.start()
            desks[side] = (process, ours)
        first, second = SIDES
        sender, message = first, _asked(desks[first][1], "")
        while message:
            passed.append(Passed(sender=sender, path=Path(message)))
            told(passed[-1])
            sender = second if sender == first else first
            message = _asked(desks[sender][1], message)
    finally:
        for process, ours in desks.values():
            ours.close()
            process.join(10)
    return passed


def _asked(desk: Connection, message: str) -> str:
    desk.send(message)
    answer = desk.recv()
    if isinstance(answer, Exception):
        raise answer
    return str(answer)


def _desk(connection: Connection, folder: Path, sha: str) -> None:
    """One side: given the path of a message it gives the path of its answer, or nothing where the session has ended."""
    from crossbook.book import open_book
    from crossbook.engine.duck import connect
    from crossbook.errors import CrossbookError
    from crossbook.exchange import adopting, keys, store

    book, mine = open_book(folder / "book"), keys.read(folder / "key.pem")
    database = connect(book)
    while True:
        try:
            message = connection.recv()
        except EOFError:
            return
        try:
            if message:
                _, path = store.answer(book, database, mine, Path(message).read_bytes())
            else:
                agreed = adopting.agreement_of(book, sha)
                _, path = store.start(book, database, agreed, mine, SINCE.date(), UNTIL.date())
            connection.send(str(path or ""))
        except CrossbookError as error:
            connection.send(error)
