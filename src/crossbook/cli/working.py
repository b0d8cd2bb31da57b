"""A line on the terminal while figures are worked out, which a book that grew needs before its next answer."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from crossbook.i18n import t

PATIENCE = 1.0  # seconds before anything is said
_GONE = "\r\x1b[2K"
_one = threading.Lock()


@contextmanager
def working() -> Iterator[None]:
    """On a terminal: says after a second that figures are worked out, once for work within work, and takes it away."""
    dumb = os.environ.get("TERM") == "dumb"  # it takes nothing away
    if dumb or not sys.stderr.isatty() or not _one.acquire(blocking=False):
        yield
        return
    said, text = threading.Event(), t("working out figures; they are kept until the book changes …")

    def say() -> None:
        said.set()
        sys.stderr.write(text)
        sys.stderr.flush()

    timer = threading.Timer(PATIENCE, say)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if said.is_set():
            sys.stderr.write(_GONE)
            sys.stderr.flush()
        _one.release()


@contextmanager
def bars() -> Iterator[None]:
    """Meanwhile bars of progress say what is done, and nothing else does."""
    held = _one.acquire(blocking=False)
    try:
        yield
    finally:
        if held:
            _one.release()
