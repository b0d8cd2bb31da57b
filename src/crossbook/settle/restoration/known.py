"""Answers to cases that were weighed before, kept in the book's cache.

What a case is answered with depends on the case alone. After a decision the histories that lead to a payout are mostly
ones that were walked already, so that only the few cases which the decision really changes are weighed anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from crossbook.book import Book, durable
from crossbook.engine.publishing import code_of
from crossbook.settle.restoration.case import Answer, Case, Explanation, told
from crossbook.settle.restoration.explanation import restore

FILE = "answers.sqlite"
MOST_BYTES = 64 << 20  # of all answers that are kept; the ones that were not asked for longest go first
WAIT = 1.0  # seconds for another process that is writing
_ARRAYS = ("out", "into", "newly", "edge_in", "head_in")
_TABLE = """CREATE TABLE IF NOT EXISTS answer (
key TEXT PRIMARY KEY, told TEXT NOT NULL, arrays BLOB NOT NULL, sum TEXT NOT NULL, used INTEGER NOT NULL
) WITHOUT ROWID"""
_RECENT = "SELECT key, sum(length(told) + length(arrays)) OVER (ORDER BY used DESC, key) AS bytes FROM answer"


class Known:
    """Answers cases, from what is kept where the same case was answered before.

    An answer is kept with a sum over case and answer, and one that does not agree with it is worked out again. A book
    that may not be written, or whose file is damaged, goes without.
    """

    def __init__(self, book: Book) -> None:
        self._path = book.path / "cache" / FILE
        self._code = f"{code_of('crossbook.settle.subsets')} {np.__version__}"
        self._asked: dict[str, Answer] = {}
        self._new: set[str] = set()

    def answer(self, case: Case) -> Answer:
        """What `restore` says of the case."""
        key = self._key(case)
        if key not in self._asked:
            found = self._kept(key, case)
            if found is None:
                found = restore(case)
                self._new.add(key)
            self._asked[key] = found
        return self._asked[key]

    def __enter__(self) -> Known:
        self._connection: sqlite3.Connection | None = None
        if self._path.is_file():
            with contextlib.suppress(sqlite3.Error):
                self._connection = sqlite3.connect(self._path, timeout=WAIT)
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._new:
            self._keep()

    def _key(self, case: Case) -> str:
        digest = hashlib.sha256(self._code.encode())
        for name, value in told(case):
            digest.update(f"{name} {len(value)} ".encode() + value)
        return digest.hexdigest()

    def _kept(self, key: str, case: Case) -> Answer | None:
        if self._connection is None:
            return None
        try:
            row = self._connection.execute("SELECT told, arrays, sum FROM answer WHERE key = ?", [key]).fetchone()
        except sqlite3.Error:
            return None
        if row is None or row[2] != _sum(key, row[0], row[1]):
            return None
        return _answer(case, json.loads(row[0]), row[1])

    def _keep(self) -> None:
        with contextlib.suppress(sqlite3.Error, OSError):  # a book that may only be read, or somebody who is writing
            try:
                self._write()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:  # damaged: begun anew
                self._path.unlink()
                self._write()

    def _write(self) -> None:
        with _writing(self._path) as connection:
            (last,) = connection.execute("SELECT coalesce(max(used), 0) FROM answer").fetchone()
            rows = [(key, *_told(self._asked[key])) for key in self._new]
            connection.executemany(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?)",
                [(key, told, arrays, _sum(key, told, arrays), last + 1) for key, told, arrays in rows],
            )
            asked = [(last + 1, key) for key in self._asked]
            connection.executemany("UPDATE answer SET used = ? WHERE key = ?", asked)
            old = f"SELECT key FROM ({_RECENT}) WHERE bytes > {MOST_BYTES}"
            connection.execute(f"DELETE FROM answer WHERE key IN ({old})")


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    os.close(durable.handle(path, os.O_RDWR | os.O_CREAT))  # for nobody else to read; what is no file is not waited for
    with contextlib.closing(sqlite3.connect(path, timeout=WAIT)) as connection:
        connection.execute("PRAGMA synchronous = OFF")  # what is torn is worked out again
        connection.execute(_TABLE)
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection


def _sum(key: str, told: str, arrays: bytes) -> str:
    return hashlib.sha256(f"{key} {told} ".encode() + arrays).hexdigest()


def _told(answer: Answer) -> tuple[str, bytes]:
    """An answer as text, and its arrays one behind the other."""
    told = {f.name: getattr(answer, f.name) for f in fields(answer) if f.name not in (*_ARRAYS, "explanations")}
    told["explanations"] = [[e.outs, e.ins, e.news, e.edge, e.head, e.probability] for e in answer.explanations]
    return json.dumps(told), b"".join(getattr(answer, name).astype("<f8").tobytes() for name in _ARRAYS)


def _answer(case: Case, told: dict[str, Any], arrays: bytes) -> Answer:
    explanations = [
        Explanation(outs=tuple(outs), ins=tuple(ins), news=tuple(news), edge=edge, head=head, probability=probability)
        for outs, ins, news, edge, head, probability in told.pop("explanations")
    ]
    lengths = np.cumsum([len(case.outs), len(case.ins), len(case.news), len(case.edge)])
    out, into, newly, edge_in, head_in = np.split(np.frombuffer(arrays, "<f8"), lengths)
    return Answer(
        explanations=tuple(explanations), out=out, into=into, newly=newly, edge_in=edge_in, head_in=head_in, **told
    )
