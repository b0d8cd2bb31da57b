"""What takes long to find is kept in the book's cache under a hash of all that it was found from, and by which code."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from crossbook.book import Book, durable, private
from crossbook.engine.publishing import code_of
from crossbook.version import __version__

KEPT = 4  # of one name: a decision that is taken back finds what was before


def cache_path(book: Book, name: str, state: str) -> Path:
    """Where the finding called `name` (letters and digits) of this state is kept."""
    key = hashlib.sha256(f"{__version__} {code_of(__name__)} {state}".encode()).hexdigest()[:32]
    return book.path / "cache" / f"{name}-{key}.json"


def load(path: Path) -> Any:
    """What was kept there; None when there is nothing, or not what was kept: it is found again then."""
    try:
        digest, _, text = durable.text_of(path).partition("\n")
        return json.loads(text) if digest == _sum(text) else None
    except (OSError, ValueError):
        return None


def keep(path: Path, value: Any) -> None:
    """Keep a value of dataclasses and plain types. A book that may only be read goes without."""
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        text = json.dumps(value, ensure_ascii=False, default=_plain)
        part = path.with_suffix(f".{secrets.token_hex(4)}.part")  # its own: another may be writing this one
        part.write_text(f"{_sum(text)}\n{text}", encoding="utf-8")
        private.keep(part, path.parent.parent)
        part.replace(path)
        found = path.parent.glob(f"{path.name.rsplit('-', 1)[0]}-*.json")
        for old in sorted(found, key=lambda p: p.stat().st_mtime, reverse=True)[KEPT:]:
            old.unlink()
    except OSError:
        return


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be kept")
