"""Writing a CEB message: every field checked against its published format first, then set in order as XML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from lxml import etree

from crossbook import ceb
from crossbook.printable import printable

VERSION = "1.0"
MOST = 100  # documents in one message, as published

Fields = dict[str, str | None]


@dataclass(frozen=True)
class Document:
    """One document of a message: `head` and `items` by field; None leaves a field out. `reference` is its own number,
    `order_id` the trade that it is of, `after` what customs said of it when it was sent before (empty: it was not)."""

    number: str
    reference: str
    order_id: str
    head: Fields
    items: tuple[Fields, ...] = ()
    after: str = ""


@dataclass(frozen=True)
class Problem:
    """Why a document cannot be written: the field, what is in it, and what is wrong."""

    number: str
    reference: str
    field: str
    value: str
    why: str


@dataclass(frozen=True)
class Written:
    """A message as XML, and the documents in it."""

    number: str
    guid: str
    documents: tuple[Document, ...]
    xml: bytes = field(repr=False)


def problems(document: Document) -> list[Problem]:
    """Everything that the published formats have against a document."""
    message = ceb.messages()[f"CEB{document.number}Message"]
    found = _against(document, message.head, document.head, "")
    for i, item in enumerate(document.items, start=1):
        found += _against(document, message.item, item, f"[{i}]")
    if message.item and message.items and len(document.items) > message.items:
        found.append(
            Problem(
                number=document.number,
                reference=document.reference,
                field=message.item,
                value=str(len(document.items)),
                why=f"has {len(document.items)} lines, {message.items} are allowed",
            )
        )
    if message.item and not document.items:
        found.append(
            Problem(
                number=document.number, reference=document.reference, field=message.item, value="", why="has no lines"
            )
        )
    return found


def _against(document: Document, node: str, given: Fields, place: str) -> list[Problem]:
    found = []
    known = {f.name: f for f in ceb.fields()[node]}
    for name, f in known.items():
        value = given.get(name)
        why = f.problem(value)
        if why:
            found.append(
                Problem(
                    number=document.number,
                    reference=document.reference,
                    field=f"{node}{place}.{name}",
                    value=value or "",
                    why=why,
                )
            )
    unknown = set(given) - set(known)
    return found + [
        Problem(
            number=document.number,
            reference=document.reference,
            field=f"{node}{place}.{name}",
            value=str(given[name]),
            why="is no field of this message",
        )
        for name in sorted(unknown)
    ]


def write(number: str, guid: str, documents: Sequence[Document], transfer: Fields) -> Written:
    """One message of up to a hundred documents that have no problems, valid against `data/customs/ceb.xsd`."""
    message = ceb.messages()[f"CEB{number}Message"]
    root = etree.Element(f"{{{ceb.NAMESPACE}}}{message.root}", nsmap={"ceb": ceb.NAMESPACE})
    root.set("guid", guid)
    root.set("version", VERSION)
    for document in documents:
        if message.item:
            node = _element(root, message.node)
            _fill(_element(node, message.head), message.head, document.head)
            for item in document.items:
                _fill(_element(node, message.item), message.item, item)
        else:
            _fill(_element(root, message.node), message.head, document.head)
    _fill(_element(root, "BaseTransfer"), "BaseTransfer", transfer)
    etree.indent(root)
    xml = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    schema().assertValid(etree.fromstring(xml))
    return Written(number=number, guid=guid, documents=tuple(documents), xml=xml)


def _element(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{ceb.NAMESPACE}}}{name}")


def _fill(element: etree._Element, node: str, given: Fields) -> None:
    for f in ceb.fields()[node]:
        value = given.get(f.name)
        if value is not None:
            _element(element, f.name).text = printable(value)


@lru_cache(maxsize=1)
def schema() -> etree.XMLSchema:
    """The schema of all messages."""
    path = files("crossbook") / "data" / "customs" / "ceb.xsd"
    return etree.XMLSchema(etree.fromstring(path.read_bytes()))
