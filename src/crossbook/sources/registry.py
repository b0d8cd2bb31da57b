"""All sources, built in and others', through the entry points `crossbook.sources`."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import entry_points

from crossbook.errors import CrossbookError, UnrecognisedError
from crossbook.sources.source import Head, Recognition, Source

SURE = 0.5  # a lower confidence is no recognition


@lru_cache(maxsize=1)
def sources() -> dict[str, Source]:
    """Every installed source by name, sorted."""
    found = {}
    for point in sorted(entry_points(group="crossbook.sources"), key=lambda p: p.name):
        source = point.load()
        if not isinstance(source, Source):
            raise CrossbookError(
                f"entry point {point.name} ({point.value}) is no source: name, title, example, "
                "recognise and read are needed",
                todo="uninstall or mend that package",
            )
        found[source.name] = source
    return found


def recognise(head: Head, extra: list[Source] | None = None) -> Source:
    """The source whose format the file is in. Raises CrossbookError naming every source tried and its reason."""
    tried: list[tuple[Recognition, Source]] = [
        (source.recognise(head), source) for source in [*(extra or []), *sources().values()]
    ]
    best, source = max(tried, key=lambda pair: pair[0].confidence)
    if best.confidence >= SURE:
        return source
    if not head.raw:
        raise CrossbookError("the file is empty", where=head.name)
    raise UnrecognisedError(head.name, [(source.name, result.reason) for result, source in tried])
