"""Runs the desks' SQL on a book's facts: DuckDB over the cataloged Parquet files."""

from crossbook.engine.duck import Database, connect, extend, fact_rows
from crossbook.engine.newest import newest

__all__ = ["Database", "connect", "extend", "fact_rows", "newest"]
