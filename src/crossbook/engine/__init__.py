"""Runs the desks' SQL on a book's facts: DuckDB in memory over the cataloged Parquet files."""

from crossbook.engine.duck import Database, connect

__all__ = ["Database", "connect"]
