"""What Linux tells of a process and of all that it started, and they."""

from __future__ import annotations

import contextlib
from pathlib import Path


def of(first: int) -> dict[int, list[str]]:
    """By process, the words of its `stat` from the state on (proc(5)): the parent's number is the second, seconds of
    the processor are the twelfth to fifteenth, in ticks, pages in memory the twenty-second."""
    told: dict[int, list[str]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended
            told[int(path.parent.name)] = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    mine = {first}
    while more := {pid for pid, words in told.items() if int(words[1]) in mine} - mine:
        mine |= more
    return {pid: told[pid] for pid in mine if pid in told}
