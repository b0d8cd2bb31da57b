"""What a file that nothing reads looks most like: the sources with the most of their headers in it, or that find its
text to be of their kind, and what is missing for each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

from crossbook.errors import EMAIL, Near
from crossbook.sources.encoding import heads
from crossbook.sources.source import Head, Source
from crossbook.sources.table.layout import headers

SHOWN = 3
LEAST = 0.34  # of its headers: a file with fewer of them looks like something else
FURTHER = 0.5  # how near a source is that finds the file's text to be of its kind, and no more
_NOTHING = Head(name="", raw=b"", encoding="utf-8", text="")
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")


# Fields of a message's header (RFC 5322, 3.6), of which the first lines of one have several.
_FIELD = re.compile(r"([A-Za-z-]{2,30}):[ \t]")
_OF_MAIL = frozenset(
    "from to date subject received message-id return-path delivered-to mime-version content-type".split()
)
_MAIL_LINES = 60


@runtime_checkable
class Tabular(Protocol):
    """A source that is known by a table's headers."""

    @property
    def needs(self) -> Sequence[Sequence[str]]:
        """The headers without which a file is not its own, each as the texts that it may have."""
        ...


def nearest(head: Head, sources: Iterable[Source]) -> tuple[Near, ...]:
    """The sources that a file looks most like, the likeliest first; none where it looks like none of them."""
    lines = [line for line in _lines(head) if len(line) > 1]
    found = [near for source in sources if (near := _near(head, lines, source)) is not None]
    return tuple(sorted(found, key=lambda n: (-n.share, n.name))[:SHOWN])


def kind_of(head: Head) -> str:
    """What the text of a file shows it to be: "XML, root X", "JSON" or an e-mail; "" where it may be a table."""
    fields = {found[1].lower() for line in head.lines[:_MAIL_LINES] if (found := _FIELD.match(line))}
    if len(fields & _OF_MAIL) >= 3:
        return EMAIL
    text = head.text.lstrip("\ufeff \r\n\t")
    if text.startswith("<") and (root := _ROOT.search(text)):
        return f"XML, root {root[2]}"
    return "JSON" if text[:1] in ("{", "[") and head.lines and text[1:].lstrip()[:1] in ('"', "{", "[", "}") else ""


def _lines(head: Head) -> Iterator[dict[str, str]]:
    """Every line that may be a header, of every sheet: its texts as they are compared, each with how it is written."""
    sheets = heads(head.path, head.name) if head.path is not None else iter([head])
    for number, sheet in enumerate(sheets):
        for layout in headers(sheet.heading, number):
            yield {_key(text): text for text in layout.header if text}


def _key(text: str) -> str:
    """A header's letters and digits alone: "Running_Balance " is "running balance"."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _near(head: Head, lines: Sequence[dict[str, str]], source: Source) -> Near | None:
    if not isinstance(source, Tabular):
        reason = source.recognise(head).reason
        further = reason != source.recognise(_NOTHING).reason
        return Near(name=source.name, title=source.title, share=FURTHER, missing=reason) if further else None
    needs = [[(text, _key(text)) for text in texts] for texts in source.needs]
    if sum(any(_has(line, need) for line in lines) for need in needs) < max(2, LEAST * len(needs)):
        return _by_cells(head, source, source.name, source.title)
    best = max(lines, key=lambda line: sum(_has(line, need) for need in needs), default={})
    lacking = [need[0][0] for need in needs if not _has(best, need)]
    share = (len(needs) - len(lacking)) / len(needs) if needs else 0.0
    if share < LEAST or len(needs) - len(lacking) < 2:
        return None
    missing = _missing(lacking, len(needs)) if lacking else _otherwise(best, needs) or source.recognise(head).reason
    return Near(name=source.name, title=source.title, share=round(share, 2), missing=missing)


def _by_cells(head: Head, source: Tabular, name: str, title: str) -> Near | None:
    """A source whose rows these are, under headers that it does not have: in another language, say, or none."""
    cells: Sequence[re.Pattern[str]] = getattr(source, "cells", ())
    rows = (row for delimiter in ",;\t" for row in head.heading.rows(delimiter) if len(row) > 1)
    if not cells or not any(all(any(c.fullmatch(cell) for cell in row) for c in cells) for row in rows):
        return None
    shown = ", ".join(repr(texts[0]) for texts in source.needs)
    missing = f"its rows look so, its headers do not: they are to be written as the report writes them ({shown})"
    return Near(name=name, title=title, share=FURTHER, missing=missing)


def _has(line: dict[str, str], need: Sequence[tuple[str, str]]) -> bool:
    return any(key in line for _, key in need)


def _missing(lacking: Sequence[str], of: int) -> str:
    shown = ", ".join(repr(text) for text in lacking)
    if len(lacking) == 1:
        return f"the header {shown} is missing"
    return f"lacks {len(lacking)} of its {of} headers ({shown})"


def _otherwise(line: dict[str, str], needs: Sequence[Sequence[tuple[str, str]]]) -> str:
    """What is said of headers that are all there and written in another way."""
    told = []
    for need in needs:
        text, written = next((t, line[key]) for t, key in need if key in line)
        if all(t.lower() != line.get(key, "").lower() for t, key in need):
            told.append(f"{text!r} as {written!r}")
    return f"headers are written otherwise ({', '.join(told)})" if told else ""
