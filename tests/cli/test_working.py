"""What is said at a terminal while figures are worked out."""

from __future__ import annotations

import io
import sys

import pytest

from crossbook.cli import working
from crossbook.i18n import choose
from tests.patience import until

TOLD = "working out figures; they are kept until the book changes …"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def opened(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal to write errors to; opened by the test itself, as what is caught is put back before it begins."""
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setattr(working, "PATIENCE", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    return shown


def test_it_is_said_once_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = opened(monkeypatch)
    choose("en")
    with working.working(), working.working():  # work within work
        until(lambda: bool(terminal.getvalue()))
        assert terminal.getvalue() == TOLD
    assert terminal.getvalue() == f"{TOLD}\r\x1b[2K"


def test_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = opened(monkeypatch)
    choose("zh")
    with working.working():
        until(lambda: "正在计算" in terminal.getvalue())
    choose("en")


def test_nothing_while_bars_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = opened(monkeypatch)
    with working.bars(), working.working():
        pass
    assert terminal.getvalue() == ""


def test_nothing_of_what_is_done_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = opened(monkeypatch)
    monkeypatch.setattr(working, "PATIENCE", 600.0)
    with working.working():
        pass
    assert terminal.getvalue() == ""


def test_nothing_where_nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "PATIENCE", 0.0)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with working.working():
        pass
    assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]
