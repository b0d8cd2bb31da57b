"""Files on their way into the book: kept under names of our own until they are added, mapped or forgotten."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import IO

from crossbook.errors import NotFoundError

KEPT = 20  # files waiting for a mapping
LASTS = 3600.0
_BLOCK = 1 << 20
_NAME = "crossbook-uploads-"


class Uploads:
    """A folder of waiting files. A request names one by a token that was made here; its own name is only shown."""

    def __init__(self) -> None:
        _sweep()
        self._folder = tempfile.TemporaryDirectory(prefix=_prefix(os.getpid()))
        self._held: dict[str, tuple[Path, float]] = {}
        self._lock = threading.Lock()

    def put(self, name: str, file: IO[bytes]) -> str:
        """Keep a file; returns its token."""
        token = secrets.token_hex(16)
        folder = Path(self._folder.name) / token
        folder.mkdir()
        path = folder / safe_name(name)
        with path.open("wb") as out:
            shutil.copyfileobj(file, out, _BLOCK)
        with self._lock:
            self._held[token] = (path, time.monotonic())
            old = [t for t, (_, at) in self._held.items() if time.monotonic() - at > LASTS]
            old += list(self._held)[: max(0, len(self._held) - len(old) - KEPT)]
        for stale in dict.fromkeys(old):
            self.drop(stale)
        return token

    def path(self, token: str) -> Path:
        """Where the file with this token lies. Raises NotFoundError."""
        with self._lock:
            held = self._held.get(token)
        if held is None:
            raise NotFoundError("that file is not waiting any more", todo="choose it again")
        return held[0]

    def waiting(self) -> list[tuple[str, str]]:
        """The tokens and names of the files that wait, the newest first."""
        with self._lock:
            return [(token, path.name) for token, (path, _) in reversed(self._held.items())]

    def drop(self, token: str) -> None:
        """Forget a file."""
        with self._lock:
            held = self._held.pop(token, None)
        if held:
            shutil.rmtree(held[0].parent, ignore_errors=True)


def _prefix(process: int) -> str:
    return f"{_NAME}{process}-"


def _sweep() -> None:
    """Remove what servers that are gone left behind: they were killed, or the machine went down."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_NAME}*"):
        process = folder.name.removeprefix(_NAME).split("-")[0]
        with contextlib.suppress(OSError):
            if process.isdecimal() and folder.stat().st_uid == os.getuid() and not _runs(int(process)):
                shutil.rmtree(folder, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def safe_name(name: str) -> str:
    """A file name without anything that a disk would take for more than a name."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = re.sub(r"[^\w.\-() ]+", "_", last).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[:100]}{dot}{ending[:20]}" if stem else clean[:100] or "file"
