"""Reading XML of outsiders: nothing is fetched, no entity is expanded, and errors say where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from crossbook.errors import CrossbookError


def elements(file: BinaryIO, name: str, *, grammar: bool = False) -> Iterator[Any]:
    """Every element as it ends. A document type declaration is refused before anything in it can be expanded.

    With `grammar` one that declares elements is let pass, since some offices put it into each file; entities are not.

    Raises CrossbookError for that and for XML that is not well formed, with the line.
    """
    events = ("start", "end")
    checked = False
    try:
        for event, element in etree.iterparse(
            file, events=events, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
        ):
            if not checked:
                told = element.getroottree().docinfo
                if told.doctype and not (grammar and not _declares_entities(told.internalDTD)):
                    raise CrossbookError("XML with a document type declaration is refused", where=name)
                checked = True
            if event == "end":
                yield element
    except etree.XMLSyntaxError as error:
        raise CrossbookError(
            f"not well-formed XML: {error.msg}", where=f"{name}:{error.lineno}", todo="download it again"
        ) from None


def _declares_entities(declared: Any) -> bool:
    return declared is not None and any(True for _ in declared.iterentities())


def local(element: Any) -> str:
    """An element's name without its namespace; empty for comments and None."""
    return element.tag.rpartition("}")[2] if element is not None and isinstance(element.tag, str) else ""
