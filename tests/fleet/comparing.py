"""Tables as bags of rows, for comparing them whatever their order."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa


def rows_of(table: pa.Table) -> Counter[str]:
    """Every row as text, with how often it stands there; columns in the order of their names."""
    names = sorted(table.column_names)
    return Counter(repr([(n, row[n]) for n in names]) for row in table.to_pylist())
