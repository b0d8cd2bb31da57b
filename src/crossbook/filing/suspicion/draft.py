"""What a report is made of: elements with values, and a list of those that the book does not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from crossbook.printable import printable
from crossbook.watch.casefile import CaseFile


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One field that the book does not know: where it stands in the report, and why it is empty."""

    path: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report as a file: its name and bytes, its kind of file, and what is missing in it."""

    name: str
    data: bytes
    media_type: str
    missing: tuple[Missing, ...]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a report is made from: a case, the story of it by language, who reports (`[watch.reporter]` of book.toml)
    and on which day."""

    told: CaseFile
    stories: Mapping[str, str]
    reporter: Mapping[str, str]
    on: date


NOT_TOLD = "no file of the book tells it"
SETTING = "not set: [watch.reporter] {name} in book.toml"


@dataclass
class Writer:
    """Makes XML element by element; what has no value is left out and noted with its path."""

    missing: dict[str, str] = field(default_factory=dict)

    def put(self, parent: etree._Element, tag: str, value: object, why: str = NOT_TOLD, *, most: int = 0) -> None:
        """An element with a text; without a value none, which is noted. `most` cuts the text, which is noted, too."""
        text = "" if value is None else printable(str(value)).strip()
        if not text:
            self.note(f"{self.path(parent)}/{tag.rpartition('}')[2]}", why)
            return
        if most and len(text) > most:
            self.note(f"{self.path(parent)}/{tag.rpartition('}')[2]}", cut(len(text), most))
        etree.SubElement(parent, tag).text = text[:most] if most else text

    def note(self, path: str, why: str) -> None:
        """Note that a field is missing; the first reason for a path counts."""
        self.missing.setdefault(path, why)

    def path(self, element: etree._Element) -> str:
        """Where an element stands, without the numbers of repeated ones."""
        names = [element.tag, *(a.tag for a in element.iterancestors())]
        return "/".join(reversed([str(n).rpartition("}")[2] for n in names]))

    def told(self) -> tuple[Missing, ...]:
        """What is missing, in the order in which it was noted."""
        return tuple(Missing(path=path, why=why) for path, why in self.missing.items())


def as_file(root: etree._Element, missing: tuple[Missing, ...]) -> bytes:
    """The XML as a file; a remark at its head names what is missing, for who completes it."""
    if missing:
        lines = "\n".join(f"  {m.path}: {m.why}" for m in missing)
        root.addprevious(etree.Comment(f"\nto complete:\n{lines}\n".replace("--", "- -")))
    data: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return data


def cut(length: int, most: int) -> str:
    """What is said of a text that a form has no room for."""
    return f"it has {length} characters, the form takes {most}: the rest is left out"


def setting(reporter: Mapping[str, str], name: str) -> tuple[str | None, str]:
    """What the book says of who reports, and what to say where it says nothing."""
    return reporter.get(name), SETTING.format(name=name)
