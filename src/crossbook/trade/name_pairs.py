"""Names held against each other by the column: each distinct pair once, and Python only where two texts differ."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crossbook.engine import Database
from crossbook.trade.degree import Degree
from crossbook.trade.name_parts import NO_NAME
from crossbook.trade.names import same_name

NOBODY = sorted(NO_NAME | {"-", "--", "n/a", "*", "**", "***"})


def degrees(a: pa.Array, b: pa.Array) -> pa.Array:
    """How near the names of two columns of one length are, row by row: a `Degree`'s value, null where one is unknown.

    Takes arrays or chunked arrays of strings. Raises ValueError when their lengths differ.
    """
    if len(a) != len(b):
        raise ValueError(f"{len(a)} names and {len(b)}")
    a, b = (_column(x) for x in (a, b))
    alike = pc.or_(pc.equal(a, b), pc.equal(pc.utf8_lower(a), pc.utf8_lower(b)))
    nobody = pc.is_in(pc.utf8_trim_whitespace(pc.utf8_lower(a)), value_set=pa.array(NOBODY, pa.string()))
    found = pc.if_else(pc.and_(alike, pc.invert(nobody)), Degree.SAME.value, pa.scalar(None, pa.string()))
    places = np.flatnonzero(pc.fill_null(pc.invert(alike), False).to_numpy(zero_copy_only=False))
    if not len(places):
        return found
    left, right = (x.take(pa.array(places)).dictionary_encode() for x in (a, b))
    keys = left.indices.to_numpy().astype(np.int64) * len(right.dictionary) + right.indices.to_numpy()
    distinct, of = np.unique(keys, return_inverse=True)
    lefts, rights = left.dictionary.to_pylist(), right.dictionary.to_pylist()
    told = pa.array(
        [same_name(lefts[k // len(rights)], rights[k % len(rights)]) for k in distinct.tolist()], pa.string()
    )
    mask = np.zeros(len(a), bool)
    mask[places] = True
    return pc.replace_with_mask(found, pa.array(mask), told.take(pa.array(of.ravel())))


def _column(names: pa.Array) -> pa.Array:
    names = names.combine_chunks() if isinstance(names, pa.ChunkedArray) else names
    return names.cast(pa.string())


def keep_name_pairs(database: Database, name: str, select: str) -> None:
    """Keep a table `name`(a, b, degree) of the distinct pairs of differing names that `select` gives as a and b.

    Names that are written alike but for case are not in it, nor are pairs of which one names nobody: a pair that a join
    does not find is of one person, or unknown.
    """
    pairs = database.arrow(f"SELECT DISTINCT a, b FROM ({select}) WHERE a <> b AND lower(a) <> lower(b)")
    told = pa.table({"a": pairs["a"], "b": pairs["b"], "degree": degrees(pairs["a"], pairs["b"])})
    database.keep(name, told.filter(pc.is_valid(told["degree"])))
