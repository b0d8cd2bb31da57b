"""The register of a book: what its mark facts say, merged, indexed in the book's cache, and kept up by day files."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from crossbook.book import Book, private
from crossbook.brand import index as ix
from crossbook.brand.goods import Goods, learn
from crossbook.brand.goods import load as load_goods
from crossbook.brand.goods import save as save_goods
from crossbook.engine import Database

REBUILD_SHARE = 10  # a day file of more than a tenth of the register makes the index anew
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Register:
    """The segments of a book's register, and for each which of its entries still stand (later files replace marks)."""

    segments: tuple[ix.Segment, ...]
    stands: tuple[npt.NDArray[np.bool_], ...]  # by row of the segment's marks
    goods: Goods
    ordinary: frozenset[str]  # words that are in marks of many owners

    @property
    def marks(self) -> int:
        """How many marks stand."""
        return int(sum(s.sum() for s in self.stands))


# A row for each mark: of every column what the newest file says that says anything; classes of all rows of that file.
MERGED = """
    SELECT register, number,
           arg_max(registration, seq) FILTER (registration IS NOT NULL) AS registration,
           arg_max(mark, seq) FILTER (mark IS NOT NULL) AS mark,
           arg_max(translation, seq) FILTER (translation IS NOT NULL) AS translation,
           arg_max(status, seq) FILTER (status IS NOT NULL) AS status,
           coalesce(arg_max(live, seq) FILTER (live IS NOT NULL), 'unknown') AS live,
           string_agg(DISTINCT classes, ' ') FILTER (classes_seq = seq) AS classes,
           arg_max(goods, seq) FILTER (goods IS NOT NULL) AS goods,
           arg_max(owner, seq) FILTER (owner IS NOT NULL) AS owner,
           arg_max(filed, seq) FILTER (filed IS NOT NULL) AS filed,
           arg_max(registered, seq) FILTER (registered IS NOT NULL) AS registered,
           arg_max(expires, seq) FILTER (expires IS NOT NULL) AS expires,
           arg_max(evidence, seq) FILTER (mark IS NOT NULL) AS evidence,
           arg_max(line, seq) FILTER (mark IS NOT NULL) AS line
    FROM (SELECT m.*, rank AS seq, max(rank) FILTER (classes IS NOT NULL) OVER (PARTITION BY register, number)
                 AS classes_seq
          FROM (SELECT mark.*, dense_rank() OVER (ORDER BY coalesce(updated, DATE '1900-01-01'), e.seq) AS rank
                FROM mark JOIN evidence e ON e.sha = mark.evidence {only}) m)
    GROUP BY ALL HAVING mark IS NOT NULL
    ORDER BY register, number
"""


def open_register(database: Database, book: Book, progress: Progress = lambda stage: None) -> Register:
    """The book's register, its index made or brought up to date when files came since."""
    shas = [r["evidence"] for r in database.rows("SELECT DISTINCT evidence FROM mark ORDER BY evidence")]
    folder = book.path / "cache" / "marks"
    base = _manifest(folder / "base")
    newer = sorted(set(shas) - set(base or ()))
    if base is None or not set(base) <= set(shas) or _many(database, newer):
        progress("index")
        private.make_folder(folder, book.path)
        _build(database, folder / "base", shas)
        private.keep_all(folder / "base", book.path)
        base, newer = shas, []
    delta = folder / "delta"
    if not newer:
        shutil.rmtree(delta, ignore_errors=True)
    elif _manifest(delta) != newer:
        progress("day files")
        _build(database, delta, newer, touched=True)
        private.keep_all(delta, book.path)
    return _load(folder, bool(newer))


def _manifest(folder: Path) -> list[str] | None:
    try:
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        whole = all((folder / f"{n}.npy").exists() for n in ix.ARRAYS) and told.get("format") == ix.FORMAT
        return list(told["evidence"]) if whole else None
    except (OSError, ValueError, KeyError):
        return None


def _many(database: Database, newer: list[str]) -> bool:
    if not newer:
        return False
    told = database.rows(
        "SELECT count(*) AS n, count(*) FILTER (list_contains($newer, evidence)) AS new FROM mark", newer=newer
    )[0]
    return bool(told["new"] * REBUILD_SHARE > told["n"])


def _build(database: Database, target: Path, shas: list[str], *, touched: bool = False) -> None:
    """Index the marks of the book; with `touched` those alone of which the files `shas` say something."""
    values: dict[str, Any] = {}
    only = ""
    if touched:
        named = "SELECT register, number FROM mark WHERE list_contains($shas, evidence)"
        only = f"SEMI JOIN ({named}) n USING (register, number)"
        values["shas"] = shas
    marks = database.arrow(MERGED.format(only=only), **values)
    goods, words = learn(marks)
    segment = ix.build(marks.drop_columns(["goods"]))
    ix.save(segment, target)
    save_goods(goods, words, target)
    told = {"format": ix.FORMAT, "evidence": sorted(shas), "digest": hashlib.sha256("".join(shas).encode()).hexdigest()}
    (target / "manifest.json").write_text(json.dumps(told), encoding="utf-8")


def _load(folder: Path, delta: bool) -> Register:
    base = ix.load(folder / "base")
    goods, ordinary = load_goods(folder / "base")
    stands = [np.ones(base.marks.num_rows, bool)]
    segments = [base]
    if delta:
        later = ix.load(folder / "delta")
        segments.append(later)
        stands.append(np.ones(later.marks.num_rows, bool))
        replaced = pc.is_in(_names(base.marks), _names(later.marks))
        stands[0] = ~replaced.to_numpy(zero_copy_only=False)
    return Register(segments=tuple(segments), stands=tuple(stands), goods=goods, ordinary=ordinary)


def _names(marks: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(marks["register"].cast(pa.string()), marks["number"].cast(pa.string()), "|")


def from_marks(marks: pa.Table) -> Register:
    """A register of one segment in memory, of a table such as `MERGED` gives."""
    goods, words = learn(marks)
    segment = ix.build(marks)
    return Register(segments=(segment,), stands=(np.ones(marks.num_rows, bool),), goods=goods, ordinary=words)
