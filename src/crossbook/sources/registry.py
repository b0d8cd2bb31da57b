"""All sources, built in and others', through the entry points `crossbook.sources`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import entry_points

from crossbook.errors import CrossbookError, UnrecognisedError
from crossbook.sources import shipped
from crossbook.sources.nearest import kind_of, nearest
from crossbook.sources.source import Head, Recognition, Source

PROVEN = {"sample": "proven by a public sample", "documentation": "from documentation only"}
SURE = 0.5  # a lower confidence is no recognition


@lru_cache(maxsize=1)
def sources() -> dict[str, Source]:
    """Every installed source by name, sorted."""
    found: dict[str, Source] = {}
    for point in sorted(entry_points(group="crossbook.sources"), key=lambda p: p.name):
        loaded = point.load()
        for source in (loaded, *getattr(loaded, "also", ())):
            if not isinstance(source, Source):
                raise CrossbookError(
                    f"entry point {point.name} ({point.value}) is no source: name, title, example, "
                    "recognise and read are needed",
                    todo="uninstall or mend that package",
                )
            found[source.name] = source
    return dict(sorted(found.items()))


def named(name: str) -> Source | None:
    """The source of that name, or the shipped mapping; None where there is none."""
    return sources().get(name) or shipped.mappings().get(name)


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format that is read: its name, its name for people, the first lines of such a file. Of a shipped mapping also
    what proves it (`sample`: a public file, `documentation`: its description alone) and the addresses of that."""

    name: str
    title: str
    example: str
    proven: str = ""
    source: tuple[str, ...] = ()


def formats() -> list[Format]:
    """Every format that is read: the sources, then the shipped mappings."""
    found = [Format(name=s.name, title=s.title, example=s.example) for s in sources().values()]
    for m in shipped.mappings().values():
        told = m.spec["shipped"]
        found.append(
            Format(name=m.name, title=m.title, example=m.example, proven=told["proven"], source=tuple(told["source"]))
        )
    return found


def recognise(head: Head, extra: list[Source] | None = None) -> Source:
    """The source whose format the file is in: a book's own mappings (`extra`) and sources, else a shipped mapping.

    Raises UnrecognisedError with the formats that it looks most like, and each source's reason.
    """
    tried: list[tuple[Recognition, Source]] = [
        (source.recognise(head), source) for source in [*(extra or []), *sources().values()]
    ]
    best, source = max(tried, key=lambda pair: pair[0].confidence)
    if best.confidence >= SURE:
        return source
    if (mapping := shipped.recognise(head)) is not None:
        return mapping
    if not head.raw:
        raise CrossbookError("the file is empty", where=head.name)
    known = [*(source for _, source in tried), *shipped.mappings().values()]
    reasons = [(source.name, result.reason) for result, source in tried]
    reasons += [(m.name, m.declined) for m in shipped.mappings().values()]
    raise UnrecognisedError(head.name, reasons, nearest(head, known), kind_of(head))
