"""What a mapping says under `agreed`: contradictions that a person saw and agreed to, of one file or all alike."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from pathlib import Path

_ONLY = re.compile(r" \(only in the file ([0-9a-f]{16})\)$")


def only_here(key: str, path: Path) -> str:
    """A key that holds for the file at `path` alone: another file may have the same line and value by chance."""
    return f"{key} (only in the file {_name(path)})"


def of_file(keys: Collection[str], path: Path) -> frozenset[str]:
    """The keys that hold for a file: those of all files, and those of this one."""
    own = _name(path) if any(map(_ONLY.search, keys)) else ""
    named = [(_ONLY.sub("", key), _ONLY.search(key)) for key in keys]
    return frozenset(key for key, only in named if only is None or only[1] == own)


def _name(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
