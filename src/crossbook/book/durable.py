"""Files that are there whole or not at all, whatever stops the program or the machine."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path

PART = ".part"  # what a file is called while it is written


NO_FILE = "it is no file"


def opened(path: Path) -> io.BufferedReader:
    """A file to read, never a pipe or device, of which there may be no end. Raises OSError."""
    return os.fdopen(handle(path, os.O_RDONLY), "rb")


def text_of(path: Path) -> str:
    """The UTF-8 text of a file, never of a pipe or device. Raises OSError, UnicodeDecodeError."""
    with opened(path) as file:
        return file.read().decode().replace("\r\n", "\n")


def handle(path: Path, flags: int) -> int:
    """A file as the system opens it, for the caller to close; one that is made, for nobody else to read.

    Raises OSError, also for a pipe or device, which is not waited for.
    """
    opening = flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    number = os.open(path, opening, 0o600)
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(errno.EINVAL, NO_FILE, str(path))
    return number


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, see it safely on disk, then give it its name. Raises OSError."""
    part = path.with_name(f".{path.name}{PART}")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    move(part, path)


def move(path: Path, target: Path) -> None:
    """Give a file another name on the same disk, safely on disk when this returns. Raises OSError."""
    path.replace(target)
    for folder in dict.fromkeys((target.parent, path.parent)):
        sync(folder)


def sync(path: Path) -> None:
    """See a file, or the names in a folder, safely on disk. Raises OSError."""
    if os.name == "nt":  # opens no folder; a file is flushed by who wrote it
        return
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
