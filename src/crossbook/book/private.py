"""Who may read a book's files: its keeper alone (folders 0700, files 0600).

Where the group may write the book's folder, which is how several users share one, so it may its files. Windows keeps no
such rights.
"""

from __future__ import annotations

import contextlib
import stat
from pathlib import Path

SHARED = stat.S_IRWXG


def make_folder(path: Path, root: Path) -> None:
    """A folder, and those above it up to that of the book `root`, as its files are to be read."""
    if path.is_dir():
        return
    if path != root:
        make_folder(path.parent, root)
    path.mkdir(parents=True, exist_ok=True)
    _set(path, 0o700 if path == root else 0o700 | _group(root))


def keep(path: Path, root: Path, *, written: bool = True) -> None:
    """Give a file of the book the rights that it is to have; one that is not `written` again may only be read."""
    mode = 0o600 | (_group(root) & 0o060)
    _set(path, mode if written else mode & 0o444)


def keep_all(folder: Path, root: Path) -> None:
    """Give a folder in the book, and all that lies in it, the rights that they are to have."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            _set(path, 0o700 | _group(root))
        else:
            keep(path, root)


def open_to_others(root: Path) -> bool:
    """Whether users who share no group with the folder may look into it."""
    try:
        return bool(root.stat().st_mode & stat.S_IROTH)
    except OSError:
        return False


def _group(root: Path) -> int:
    try:
        return SHARED if root.stat().st_mode & stat.S_IWGRP else 0
    except OSError:
        return 0


def _set(path: Path, mode: int) -> None:
    with contextlib.suppress(OSError):  # of another user, or a disk that keeps no rights
        path.chmod(mode | (path.stat().st_mode & stat.S_ISGID if path.is_dir() else 0))
