"""Stopped at any moment: nothing is half-written, nothing goes twice, nothing is lost, and what came is read once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from crossbook.book import Book
from crossbook.ceb import ENVELOPE
from crossbook.filing.customs.collecting import collect
from crossbook.filing.customs.envelope import mailbox_of
from crossbook.filing.customs.letters import Letter
from crossbook.filing.customs.mailbox import folders
from crossbook.filing.customs.posting import hand_over, lay_out
from tests.effort import times
from tests.filing.customs.mailboxes import NOW, answer, come, configured, gone_round, written

SEED = 20_260_301


class StoppedError(BaseException):
    """The program ends here; no handler of ours is for it."""


class Stopper:
    """Ends the program at one of the calls that change a disk or the journal, before or after it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = 0
        for of, name in ((os, "fsync"), (os, "replace"), (Path, "replace"), (Path, "unlink"), (Book, "decide")):
            monkeypatch.setattr(of, name, self._stopping(getattr(of, name)))

    def _stopping(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def stopping(*args: Any, **options: Any) -> Any:
            self._count()
            done = call(*args, **options)
            self._count()
            return done

        return stopping

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise StoppedError


def fetch(root: Path, fetched: list[str]) -> None:
    """The client takes away what lies there; all of it is whole."""
    for path in sorted((root / "out").iterdir()):
        fetched.append(etree.fromstring(path.read_bytes()).findtext(f".//{{{ENVELOPE}}}CopMsgId") or "")
        path.unlink()


def ready(book: Book) -> list[Letter]:
    """The messages that may go, without asking what customs answered."""
    journal = book.journal()
    gone = {e.subject for e in journal if e.action == "customs posted"}
    told = [(e.subject, e.body) for e in journal if e.action == "customs message" and e.subject not in gone]
    return [Letter(guid, body["number"], body["file"], "ready", 1, 0, "", "") for guid, body in told]


def lay(book: Book, root: Path) -> None:
    hand_over(book, root, root / "out")
    lay_out(book, ready(book), root, root / "out", mailbox_of(book), NOW)


def read(book: Book, root: Path) -> None:
    collect(book, root / "in", root / "read", root / "aside", settle=0)


def whole(book: Book, root: Path) -> None:
    gone_round(book, root)


@pytest.mark.parametrize(
    ("act", "least", "between"),
    [
        (lay, 15, True),
        (lay, 15, False),
        (read, 15, True),
        pytest.param(whole, 40, True, marks=pytest.mark.slow),
        pytest.param(whole, 40, False, marks=pytest.mark.slow),
    ],
)
def test_a_stop_at_any_step_loses_and_doubles_nothing(
    book: Book,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[Book, Path], None],
    least: int,
    between: bool,
) -> None:
    book, root = configured(book), tmp_path / "box"
    root.mkdir()
    folders(root, mailbox_of(book))
    stopper, fetched, messages, stops = Stopper(monkeypatch), list[str](), list[str](), 0
    many = times(8, long=1) if act is whole else 1  # steps at once: a whole round has some fifty, each from the start
    for step in range(1, 200, many):
        if act is not read:
            messages.append(written(book, f"A{step}"))
        if act is not lay:
            come(root, f"{step}.xml", answer(f"Z{step}", "120"))
        stopper.left = step
        try:
            act(book, root)
            break
        except StoppedError:
            steps, stops = step, stops + 1
        finally:
            stopper.left = 0
        if between:
            fetch(root, fetched)
    act(book, root)
    fetch(root, fetched)
    assert sorted(fetched) == sorted(messages) and steps >= least
    assert len(list((root / "read").iterdir())) == len(book.evidence()) == (0 if act is lay else stops + 1)
    assert [*(root / "in").iterdir(), *(root / "aside").iterdir()] == []
    left = [p.name for p in (root / ".crossbook").iterdir()]
    assert [name for name in left if name != "lock" and not name.startswith(".")] == []


def kill_often(book: Book, root: Path, kills: int) -> None:
    rng, fetched, messages = random.Random(SEED), list[str](), list[str]()
    book = configured(book)
    gone_round(book, root)
    script = str(Path(__file__).with_name("rounds.py"))
    for kill in range(kills):
        for n in range(3):
            messages.append(written(book, f"A{kill}-{n}"))
            come(root, f"{kill}-{n}.xml", answer(f"Z{kill}-{n}", "120"))
        process = subprocess.Popen([sys.executable, script, str(book.path), str(root)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.random() * 0.5)
        process.kill()
        process.wait()
        process.stdout.close()
        fetch(root, fetched)
        assert len(fetched) == len(set(fetched)), (SEED, kill)
    gone_round(book, root)
    fetch(root, fetched)
    assert sorted(fetched) == sorted(messages), SEED
    assert list((root / "in").iterdir()) == [] and len(book.evidence()) == len(messages)


def test_a_kill_loses_and_doubles_nothing(book: Book, tmp_path: Path) -> None:
    kill_often(book, tmp_path / "box", 1)  # some seconds: the program must start and be killed at work


@pytest.mark.slow
def test_many_kills_lose_and_double_nothing(book: Book, tmp_path: Path) -> None:
    kill_often(book, tmp_path / "box", times(6, long=60))
