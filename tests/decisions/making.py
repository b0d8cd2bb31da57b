"""Deciding in tests, in one line."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from crossbook.book.journal import Entry
from crossbook.decisions import Opened, decide, kind_of, look, undo
from crossbook.decisions.kind import plainly


def decided(opened: Opened, kind: str, *, who: str | None = None, yes: Collection[str] = (), **wish: Any) -> Entry:
    """Decide; `wish` is what the kind asks, and `why`."""
    return decide(opened, kind_of(kind), wish, who=who, yes=yes)


def undone(opened: Opened, kind: str, *, who: str | None = None, yes: Collection[str] = (), **wish: Any) -> Entry:
    """Take a decision back."""
    return undo(opened, kind_of(kind), wish, who=who, yes=yes)


def all_the_same(opened: Opened, kind: str, *, who: str = "Li Na", **wish: Any) -> Entry:
    """Decide, whatever it asks."""
    found = look(opened, kind_of(kind), wish)
    return decided(opened, kind, who=who, yes=[q.answer for q in found.asks], **wish)


__all__ = ["all_the_same", "decided", "plainly", "undone"]
