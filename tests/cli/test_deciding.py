"""Deciding at a terminal: what it would change is shown and asked about; with --look nothing is journalled."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from pathlib import Path

import pytest

from crossbook.book import open_book
from crossbook.book.accounts import put_user
from tests.cli.running import SCRIPT, data, run
from tests.conftest import GOLDEN


@pytest.fixture
def small(tmp_path: Path) -> Path:
    book = tmp_path / "b"
    assert run("init", "--book", book, "--name", "Test").returncode == 0
    assert run("add", GOLDEN / "amazon_settlement.txt", book=book).returncode == 0
    return book


def at_a_terminal(book: Path, *words: str, answers: str) -> tuple[int, str]:
    """Run a command with a terminal on both sides, answer its questions; the exit code and all that was shown."""
    ours, theirs = pty.openpty()
    env = os.environ | {"CROSSBOOK_BOOK": str(book), "CROSSBOOK_LANG": "en", "COLUMNS": "120", "TERM": "dumb"}
    process = subprocess.Popen([SCRIPT, *words], stdin=theirs, stdout=theirs, stderr=theirs, env=env, close_fds=True)
    os.close(theirs)
    os.write(ours, answers.encode())
    shown, until = b"", time.monotonic() + 120
    while time.monotonic() < until:
        ready, _, _ = select.select([ours], [], [], 1)
        try:
            part = os.read(ours, 65_536) if ready else b""
        except OSError:  # the other side is closed
            break
        shown += part
        if not part and process.poll() is not None:
            break
    os.close(ours)
    return process.wait(timeout=60), shown.decode()


def test_it_is_shown_and_asked_about(small: Path) -> None:
    code, shown = at_a_terminal(small, "decide", "file", "amazon_settlement.txt", answers="n\n")
    assert code == 1 and "amazon_settlement.txt is no longer used: " in shown and "journal this?" in shown
    assert data("decisions", "--standing", book=small) == []
    code, shown = at_a_terminal(small, "decide", "file", "amazon_settlement.txt", answers="y\n")
    assert code == 0 and "journalled: amazon_settlement.txt is no longer used" in shown
    code, shown = at_a_terminal(small, "decide", "file", "amazon_settlement.txt", answers="y\n")
    assert code == 2 and "is out of use already" in shown


def test_looking_journals_nothing(small: Path) -> None:
    seen = run("decide", "file", "amazon_settlement.txt", "--look", book=small)
    assert seen.returncode == 0 and "is no longer used: " in seen.stdout
    told = data("decide", "file", "amazon_settlement.txt", "--look", book=small)
    assert told["refused"] == [] and told["seen"] and told["effects"][0].startswith("amazon_settlement.txt is")
    assert data("decisions", book=small) == []


def test_a_user_of_the_book_decides_and_another_approves(small: Path) -> None:
    for name, role in (("mei", "preparer"), ("lin", "approver")):
        put_user(open_book(small), name, role, f"four words of {name}")

    def as_user(name: str, *words: str, password: str = "") -> subprocess.CompletedProcess[str]:
        proof = {"CROSSBOOK_PASSWORD": password or f"four words of {name}"}
        return run(*words, "--as", name, book=small, env=proof)

    assert as_user("mei", "decide", "file", "amazon_settlement.txt").returncode == 0
    number = str(data("decisions", "--kind", "file", book=small)[0]["seq"])
    refused = as_user("mei", "decide", "approval", number)
    assert refused.returncode == 2 and "needs the role approver; mei has preparer" in refused.stderr
    refused = run("decide", "approval", number, book=small)
    assert refused.returncode == 2 and "given by someone who logged in" in refused.stderr
    refused = run("decide", "approval", number, "--as", "lin", book=small)
    assert refused.returncode == 2 and "the password of lin is needed" in refused.stderr
    assert as_user("lin", "decide", "approval", number).returncode == 0
    assert data("decisions", "--kind", "file", book=small)[0]["approved_by"] == "lin"
    wrong = as_user("lin", "undo", "approval", number, password="four words of mei")
    assert wrong.returncode == 2 and "wrong name or password" in wrong.stderr
    assert as_user("lin", "undo", "approval", number).returncode == 0
    assert data("decisions", "--kind", "file", book=small)[0]["approved_by"] is None
