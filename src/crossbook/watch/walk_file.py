"""A walk in a file: what is kept of the past between one day's transfers and the next, and where late ones begin.

A file holds the lots that can still be taken and no transfers. Keep one for each day as far back as transfers come
late: a walk that is read from the last file before a late one follows it and all behind it again.
"""

from __future__ import annotations

import os
import zipfile
from dataclasses import asdict
from pathlib import Path

import numpy as np

from crossbook.book import durable
from crossbook.errors import CrossbookError
from crossbook.watch.chains import Rule, Walk

VERSION = 1
_FIGURES = ("version", "hop_window", "total_window", "keep", "newest_first", "followed", "moment")


def write(walk: Walk, path: Path | str) -> None:
    """Write what a walk keeps into a file, whole or not at all; nobody else may read it. Raises OSError."""
    to = Path(path)
    told = {"version": VERSION, **asdict(walk.rule), "followed": walk.followed, "moment": walk.moment or 0}
    beside = to.with_name(f".{to.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            np.savez(
                file,
                figures=np.array([int(told[name]) for name in _FIGURES], np.int64),
                hubs=np.array(sorted(walk.hubs), np.int64),
                heads=walk._heads,
                lots=walk._lots,
            )
            file.flush()
            os.fsync(file.fileno())
        durable.move(beside, to)
    finally:
        beside.unlink(missing_ok=True)


def read(path: Path | str) -> Walk:
    """The walk of a file, which goes on where it was written. Raises CrossbookError for a file that holds none."""
    try:
        with np.load(path, allow_pickle=False) as held:
            figures = dict(zip(_FIGURES, held["figures"].tolist(), strict=True))
            hubs, heads, lots = held["hubs"].tolist(), held["heads"], held["lots"]
    except FileNotFoundError:
        raise CrossbookError("no such file of a walk", where=str(path), todo="follow the transfers anew") from None
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile):
        raise CrossbookError(
            "the file holds no walk, or is damaged", where=str(path), todo="take an older one, or follow all anew"
        ) from None
    if figures["version"] != VERSION:
        raise CrossbookError(
            f"the walk was written in form {figures['version']}; this program reads {VERSION}",
            where=str(path),
            todo="follow the transfers anew",
        )
    rule = Rule(
        hop_window=figures["hop_window"],
        total_window=figures["total_window"],
        keep=figures["keep"],
        newest_first=bool(figures["newest_first"]),
    )
    walk = Walk(rule=rule, hubs=frozenset(hubs), followed=figures["followed"])
    walk.moment = figures["moment"] if walk.followed else None
    walk._heads, walk._lots = heads, lots
    return walk
