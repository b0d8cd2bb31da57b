"""Files that are there whole or not at all, whatever stops the program or the machine."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path

PART = ".part"  # what a file is called while it is written


def opened(path: Path) -> io.BufferedReader:
    """A file to read, never a pipe or device, of which there may be no end. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no file", str(path))
    return os.fdopen(handle, "rb")


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
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
