"""Runs the desks' SQL on a book's facts: DuckDB over the cataloged Parquet files."""

from crossbook.engine.duck import Database, connect, extend, fact_rows

__all__ = ["Database", "connect", "extend", "fact_rows"]
