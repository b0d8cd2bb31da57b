"""A server that is told to end does, whatever it is at."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crossbook.book import Book
from tests.patience import LONG, until


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_it_ends_while_a_body_is_awaited_and_figures_are_made(book: Book) -> None:
    script = Path(sys.executable).with_name("crossbook")
    words = [str(script), "web", "--book", str(book.path), "--port", "0", "--no-browser"]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout
    port = int(server.stdout.readline().split("/login")[0].rpartition(":")[2])
    until(lambda: _listens(port))
    with socket.create_connection(("127.0.0.1", port), LONG) as idle:
        idle.sendall(b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
        server.send_signal(signal.SIGTERM)
        server.wait(LONG)
    assert server.returncode in (0, -signal.SIGTERM)
    with pytest.raises(ProcessLookupError):
        os.kill(server.pid, 0)


@pytest.mark.slow
@pytest.mark.parametrize("wait", [0.0, 0.4, 0.6])
def test_it_is_interrupted_whatever_its_threads_are_at(book: Book, wait: float) -> None:
    """Where the interpreter ended first, the engine's work in another thread ended in an abort, or never."""
    script = Path(sys.executable).with_name("crossbook")
    words = ["env", "--default-signal=INT", str(script), "web", "--book", str(book.path), "--port", "0", "--no-browser"]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout and server.stderr and "/login" in server.stdout.readline()
    time.sleep(wait)  # the figures are being made
    server.send_signal(signal.SIGINT)
    assert server.wait(LONG) == 130
    assert server.stderr.read() == "stopped\n"


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
