"""The elements of an OFX file as banks write them: SGML whose fields need no closing tag, or XML, with a header or not.

Read by what the text holds rather than by a schema, so that a missing sign-on, a field over its length, an element that
nobody knows or one that is never closed does not keep the rest from being read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9_.]*)(?:\s[^<>]*)?(?P<empty>/?)>(?P<text>[^<]*)")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Fields that hold text alone: one that is empty and not closed does not take in what follows it.
_FIELDS = frozenset(
    "TRNTYPE DTPOSTED DTUSER DTAVAIL TRNAMT FITID CORRECTFITID CORRECTACTION SRVRTID CHECKNUM REFNUM SIC PAYEEID NAME "
    "EXTDNAME MEMO CURSYM CURRATE CURDEF BANKID BRANCHID ACCTID ACCTTYPE ACCTKEY BALAMT DTASOF DTSTART DTEND TRNUID "
    "CODE SEVERITY MESSAGE DTSERVER LANGUAGE ORG FID CLTCOOKIE VALUEDATE CATEGORY TRANSACTIONSPLIT ACCTBAL "
    "MKTGINFO".split()
)


@dataclass
class Element:
    """An element: its name in capitals, its line from 1, its own text, and what is in it."""

    name: str
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def get(self, path: str) -> str:
        """The text at a path of names, each the first of its name; empty if there is none."""
        found = self.child(path)
        return found.text if found else ""

    def child(self, path: str) -> Element | None:
        """The element at a path of names."""
        here: Element | None = self
        for name in path.split("/"):
            here = next((c for c in here.children if c.name == name), None) if here else None
        return here

    def all(self, *names: str) -> Iterator[Element]:
        """Every element of these names, at any depth, in order."""
        waiting = self.children[::-1]
        while waiting:
            found = waiting.pop()
            if found.name in names:
                yield found
            waiting += found.children[::-1]


def elements(text: str) -> Element:
    """The tree of a file. A closing tag closes what was left open in its element; one that opens nothing is void."""
    text = _COMMENT.sub(_only_lines, _CDATA.sub(lambda m: html.escape(m[1], quote=False), text))
    closed = {m["name"].upper() for m in _TAG.finditer(text) if m["end"]}
    root = Element("", 1)
    path = [root]
    line, last = 1, 0
    for match in _TAG.finditer(text):
        line, last = line + text.count("\n", last, match.start()), match.start()
        name, told = match["name"].upper(), html.unescape(match["text"]).strip()
        if match["end"]:
            depth = next((i for i in range(len(path) - 1, 0, -1) if path[i].name == name), 0)
            if depth:
                del path[depth:]
            continue
        made = Element(name, line, told)
        path[-1].children.append(made)
        if not told and not match["empty"] and name not in _FIELDS and name in closed:
            path.append(made)
    return root


def _only_lines(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")
