"""Reading XML of outsiders: nothing is fetched, no entity is expanded, and errors say where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from crossbook.errors import CrossbookError

_TYPES = etree.ErrorTypes
_FAULTS = {  # what the parser found, by its code, in our words
    _TYPES.ERR_DOCUMENT_EMPTY: "it is empty",
    _TYPES.ERR_DOCUMENT_END: "it ends too early, or goes on after its end",
    _TYPES.ERR_TAG_NOT_FINISHED: "it ends too early",
    _TYPES.ERR_GT_REQUIRED: "it ends too early",
    _TYPES.ERR_TAG_NAME_MISMATCH: "an element is closed by the name of another",
    _TYPES.ERR_INVALID_CHAR: "a character that XML does not allow",
    _TYPES.ERR_INVALID_ENCODING: "bytes that are not in its encoding",
    _TYPES.ERR_UNSUPPORTED_ENCODING: "it names an encoding that nobody knows",
    _TYPES.ERR_UNDECLARED_ENTITY: "an entity that it does not declare",
    _TYPES.NS_ERR_UNDEFINED_NAMESPACE: "a prefix that it does not declare",
}


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
        line, column = error.position
        fault = _FAULTS.get(error.code, "it breaks the rules of XML here")  # type: ignore[attr-defined]
        raise CrossbookError(
            f"not well-formed XML: {fault}",
            where=f"{name}:{line}:{column}",
            todo="download it again",
        ) from None


def _declares_entities(declared: Any) -> bool:
    return declared is not None and any(True for _ in declared.iterentities())


def local(element: Any) -> str:
    """An element's name without its namespace; empty for comments and None."""
    return element.tag.rpartition("}")[2] if element is not None and isinstance(element.tag, str) else ""


def child(element: Any, *names: str) -> Any:
    """The element at a path of local names, where each step takes the first child of that name; None if none."""
    for name in names:
        element = None if element is None else next((c for c in element if local(c) == name), None)
    return element


def find(element: Any, path: str) -> str:
    """Trimmed text at a path of local names; empty if none."""
    found = child(element, *path.split("/"))
    return (found.text or "").strip() if found is not None else ""
