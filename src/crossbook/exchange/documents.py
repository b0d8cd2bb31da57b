"""What came of the other side, or went to it, put into this book as evidence: kept as it is, nothing is read of it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from crossbook.book import Book
from crossbook.book.adding import add
from crossbook.book.opening import Input

SOURCE = "document"


def put(book: Book, data: bytes, name: str) -> None:
    """Add a document under this name; once more changes nothing."""
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        path = Path(folder) / "document"
        path.write_bytes(data)
        add(book, Input(path=path, name=name), source=SOURCE)
