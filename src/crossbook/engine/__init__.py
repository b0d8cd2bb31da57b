"""Runs the desks' SQL on a book's facts: DuckDB over the cataloged Parquet files, and what rooms publish from them."""

from crossbook.engine.database import Database
from crossbook.engine.duck import connect, fact_rows, raw_facts
from crossbook.engine.newest import newest
from crossbook.engine.publishing import Publication

__all__ = ["Database", "Publication", "connect", "fact_rows", "newest", "raw_facts"]
