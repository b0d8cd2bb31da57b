"""Every kind of decision, by name: those of the book here, and those that desks register as entry points."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from crossbook.decisions.kind import Kind
from crossbook.errors import ParameterError

GROUP = "crossbook.decisions"


@cache
def kinds() -> dict[str, Kind]:
    """Every kind, by name. Two of one name, or one registered under another, are a mistake of who ships them."""
    found: dict[str, Kind] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
        kind: Kind = point.load()
        if kind.name != point.name or found.get(kind.name, kind) is not kind:
            raise RuntimeError(f"the decision {point.value} is registered as {point.name}, or twice")
        found[kind.name] = kind
    return found


def names() -> tuple[str, ...]:
    """The names of all kinds, without importing what they need."""
    return tuple(sorted({p.name for p in entry_points(group=GROUP)}))


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises ParameterError."""
    for point in entry_points(group=GROUP, name=name):
        kind: Kind = point.load()
        return kind
    raise ParameterError("kind", name, names())
