"""Trying a mapping on a table before it is kept in the book."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossbook.book.book import Book, StrPath
from crossbook.book.opening import inputs
from crossbook.errors import BadRow, CrossbookError
from crossbook.sources.mapping import mapping_from_text
from crossbook.sources.proposing import Proposal, mapping_name, propose
from crossbook.sources.source import Reading

SHOWN = 5


@dataclass(frozen=True)
class Preview:
    """A proposed mapping and what it reads: the first rows by kind of fact, bad rows, headers left unused."""

    name: str
    text: str
    unused: list[str]
    rows: dict[str, list[dict[str, Any]]]
    bad: list[BadRow]


def preview(
    path: StrPath,
    *,
    kind: str | None = None,
    account: str | None = None,
    currency: str | None = None,
    text: str | None = None,
) -> Preview:
    """Propose a mapping for the table in `path`, or take the one in `text`, and read the table by it.

    Raises CrossbookError when no kind of fact fits, or the text is no mapping.
    """
    path = Path(path)
    items = inputs([path])
    if len(items) != 1:
        raise CrossbookError(f"{len(items)} files; a mapping is made from one", where=str(path))
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        # an archive's member is mapped under its own name
        plain = Path(folder) / Path(items[0].name).name
        with items[0].open() as source:
            plain.write_bytes(source.read())
        try:
            proposal = propose(plain, kind=kind, account=account, currency=currency)
        except CrossbookError:
            if text is None:
                raise
            proposal = Proposal("", text, [])
        if text is not None:
            name = mapping_name(str(mapping_from_text("mapping", text).spec.get("account") or plain.stem))
            proposal = Proposal(name, text, proposal.unused)
        reading = Reading(path=plain, name=path.name, encoding="utf-8", account=account)
        rows: dict[str, list[dict[str, Any]]] = {}
        for name, table in mapping_from_text(proposal.name, proposal.text).read(reading):
            known = rows.setdefault(name, [])
            known += table.slice(0, SHOWN - len(known)).to_pylist()
    return Preview(name=proposal.name, text=proposal.text, unused=proposal.unused, rows=rows, bad=reading.bad)


def keep_mapping(book: Book, seen: Preview) -> Path:
    """Keep a mapping in the book; from then on files with these headers are read by it. Raises CrossbookError."""
    folder = book.path / "mappings"
    folder.mkdir(exist_ok=True)
    path = folder / f"{seen.name}.toml"
    if path.exists() and path.read_text(encoding="utf-8") != seen.text:
        raise CrossbookError(
            "there is another mapping of this name", where=str(path), todo="correct it there, or remove it"
        )
    path.write_text(seen.text, encoding="utf-8")
    return path
