"""What is seen of a Parquet file before it is read: that it is one, and its columns, which stand at its end."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from crossbook.sources.source import Head

MAGIC = b"PAR1"


def columns_of(head: Head) -> list[str]:
    """The columns of a Parquet file; none where the file is not there or not whole."""
    if head.path is None:
        return []
    try:
        return list(pq.read_schema(head.path).names)
    except (pa.ArrowException, OSError, ValueError, MemoryError):
        return []
