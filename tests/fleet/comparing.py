"""Tables as bags of rows, for comparing them whatever their order."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq

from crossbook.fleet.listing import Fleet
from crossbook.fleet.reading import standings


def rows_of(table: pa.Table) -> Counter[str]:
    """Every row as text, with how often it stands there; columns in the order of their names."""
    names = sorted(table.column_names)
    return Counter(repr([(n, row[n]) for n in names]) for row in table.to_pylist())


def same_figures(one: Fleet, other: Fleet) -> int:
    """How many tables two fleets of the same books have; that they have the same, row by row, is asserted."""
    compared = 0
    for mine, theirs in zip(standings(one), standings(other), strict=True):
        assert mine.done and theirs.done and mine.done.state == theirs.done.state
        twins = {(f.desk, f.name): f for f in theirs.done.files}
        for file in mine.done.files:
            twin = twins.pop((file.desk, file.name))
            assert file.rows == twin.rows
            if file.path:
                pairs = ((mine, file), (theirs, twin))
                read = [pq.read_table(s.folder / f.path, partitioning=None) for s, f in pairs]
                assert rows_of(read[0]) == rows_of(read[1]), file.name
                compared += 1
        assert not twins
    return compared
