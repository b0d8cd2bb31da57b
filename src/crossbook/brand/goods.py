"""What goods a listing is of: its words held against the goods that marks of each Nice class are registered for.

The register itself is the source: how often a word stands in statements of goods of marks of one class alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

LEAST = 3  # statements in which a word stands before it says something of a class
CLASSES = 46  # 1 to 45, and none
NEAR = 0.5  # of the best class's weight, from which another is told too
MOST = 3  # classes of a listing
ORDINARY = 10  # owners whose marks have a word, from which it is ordinary
_WORDS = re.compile(r"[a-z]{3,}|[\u3400-\u9fff]{2}")


@dataclass(frozen=True)
class Goods:
    """For each word of statements of goods, the share of each class among the statements that have it."""

    places: dict[str, int]
    shares: npt.NDArray[np.float32]  # words x CLASSES

    def classes(self, text: str) -> tuple[int, ...]:
        """The Nice classes that a text of goods is most like, best first; none when its words say nothing."""
        at = [self.places[w] for w in set(goods_words(text)) if w in self.places]
        if not at:
            return ()
        weights = self.shares[at].sum(axis=0)
        best = weights.max()
        order = np.argsort(-weights, kind="stable")[:MOST]
        return tuple(int(c) for c in order if weights[c] >= NEAR * best and weights[c] > 0)


def goods_words(text: str) -> list[str]:
    """The words of a text of goods: English ones without a plural's s, pairs of Chinese characters."""
    return [w[:-1] if w.isascii() and len(w) > 3 and w.endswith("s") else w for w in _WORDS.findall(text.lower())]


def learn(marks: pa.Table) -> tuple[Goods, frozenset[str]]:
    """(goods, ordinary words) of a table of marks with mark, owner, classes and, where the register has them, goods."""
    return _goods(marks), _ordinary(marks)


def _goods(marks: pa.Table) -> Goods:
    none = Goods({}, np.zeros((0, CLASSES), np.float32))
    if "goods" not in marks.column_names:
        return none
    part = marks.select(["goods", "classes"]).drop_null()
    part = part.filter(pc.match_substring_regex(part["classes"], r"^\d+$"))
    if not part.num_rows:
        return none
    lists = pc.split_pattern_regex(pc.utf8_lower(part["goods"].cast(pa.string())), r"[^a-z\x{3400}-\x{9fff}]+")
    lists = lists.combine_chunks() if isinstance(lists, pa.ChunkedArray) else lists
    words = pc.list_flatten(lists)
    rows = pc.list_parent_indices(lists)
    encoded = words.dictionary_encode()
    forms = [goods_words(w) for w in encoded.dictionary.to_pylist()]
    names = sorted({f for found in forms for f in found})
    place = {n: i for i, n in enumerate(names)}
    numbers = part["classes"].cast(pa.int32()).to_numpy(zero_copy_only=False)
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    per_row = numbers[rows.to_numpy(zero_copy_only=False)]
    counted = np.zeros((len(forms), CLASSES), np.float32)
    np.add.at(counted, (codes, np.where(per_row < CLASSES, per_row, 0)), 1)
    counts = np.zeros((len(names), CLASSES), np.float32)
    for i, found in enumerate(forms):
        for f in found:
            counts[place[f]] += counted[i]
    total = counts.sum(axis=1)
    held = np.flatnonzero(total >= LEAST)
    shares = counts[held] / total[held, None]
    shares *= shares.max(axis=1, keepdims=True)  # a word of all classes says little of any
    return Goods({names[i]: n for n, i in enumerate(held.tolist())}, shares.astype(np.float32))


def _ordinary(marks: pa.Table) -> frozenset[str]:
    """Words in marks of ORDINARY owners or more: alone they point at nobody. Folded, as spans are."""
    if not {"mark", "owner"} <= set(marks.column_names):
        return frozenset()
    part = marks.select(["mark", "owner"]).drop_null()
    lists = pc.split_pattern_regex(pc.utf8_lower(part["mark"].cast(pa.string())), r"[\s\-\.,;:!?&/()\"']+")
    lists = lists.combine_chunks() if isinstance(lists, pa.ChunkedArray) else lists
    pairs = pa.table(
        {
            "word": pc.list_flatten(lists),
            "owner": part["owner"].cast(pa.string()).combine_chunks().take(pc.list_parent_indices(lists)),
        }
    )
    counted = pairs.group_by("word").aggregate([("owner", "count_distinct")])
    words = counted.filter(pc.greater_equal(counted["owner_count_distinct"], ORDINARY))["word"].to_pylist()
    return frozenset(w for w in words if w)


def save(goods: Goods, ordinary: frozenset[str], folder: Path) -> None:
    """Write both beside the segment."""
    np.save(folder / "goods.npy", goods.shares)
    (folder / "goods.txt").write_text("\n".join(goods.places), encoding="utf-8")
    (folder / "ordinary.txt").write_text("\n".join(sorted(ordinary)), encoding="utf-8")


def load(folder: Path) -> tuple[Goods, frozenset[str]]:
    """Both from where `save` wrote them."""
    names = (folder / "goods.txt").read_text(encoding="utf-8").split("\n")
    shares = np.load(folder / "goods.npy", mmap_mode="r")
    ordinary = (folder / "ordinary.txt").read_text(encoding="utf-8").split("\n")
    return Goods({n: i for i, n in enumerate(names) if n}, shares), frozenset(w for w in ordinary if w)
