"""Files that are there whole or not at all, whatever stops the program or the machine."""

from __future__ import annotations

import os
from pathlib import Path

PART = ".part"  # what a file is called while it is written


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
