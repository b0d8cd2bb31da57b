"""Who says what a paper says: the seller, the platform, the carrier, the bank (or payment institution), customs.

A report in a format of its own is its maker's word (`data/trade/witnesses.csv`). A table that a user maps is the
seller's own word, unless its mapping says whose export it is: `witness = "carrier"`.
"""

from __future__ import annotations

import csv
import tomllib
from functools import lru_cache
from importlib.resources import files

from crossbook.book import Book
from crossbook.engine import Database

SELLER = "seller"
WITNESSES = (SELLER, "platform", "carrier", "bank", "customs")
# As people read them.
WORDS = {
    SELLER: "the seller",
    "platform": "the platform",
    "carrier": "the carrier",
    "bank": "the bank or payment institution",
    "customs": "the customs office",
}


@lru_cache(maxsize=1)
def of_sources() -> dict[str, str]:
    """The witness of each source that is in the table."""
    text = (files("crossbook") / "data" / "trade" / "witnesses.csv").read_text(encoding="utf-8")
    return {r["source"]: r["witness"] for r in csv.DictReader(text.splitlines())}


@lru_cache(maxsize=1024)
def witness(source: str, mapping: str | None) -> str:
    """Who speaks in a file that `source` read, with the text of its mapping if it was a table."""
    if mapping:
        told = tomllib.loads(mapping)
        if "witness" in told:
            return str(told["witness"])
        if told.get("kind") == "bank" and "shipped" in told:
            return "bank"
    return of_sources().get(source, SELLER)


def keep(database: Database, book: Book | None) -> None:
    """Keep `evidence_witness(evidence, witness)`: of files that are not in it the seller is the witness."""
    import pyarrow as pa  # not loaded where only the words are read

    held = book.evidence() if book else []
    told = [(str(e["sha"]), witness(str(e["source"]), e["mapping"])) for e in held]
    told = [(sha, who) for sha, who in told if who != SELLER]
    columns = {"evidence": [sha for sha, _ in told], "witness": [who for _, who in told]}
    database.keep("evidence_witness", pa.table({n: pa.array(v, pa.string()) for n, v in columns.items()}))


def witnessed(select: str) -> str:
    """A SELECT with `evidence` among its columns, and `witness` after them."""
    return f"""
SELECT t.*, coalesce(w.witness, '{SELLER}') AS witness
FROM ({select}) t LEFT JOIN evidence_witness w ON w.evidence = t.evidence
"""
