"""The messages of China's cross-border e-commerce customs system (CEB): their fields, formats and states.

Rows of `data/customs/ceb_messages.csv`, `ceb_fields.csv` and `ceb_states.csv`. Source: General Administration of
Customs, Announcement No. 56 of 2018 (interface specification for enterprises, the unified version's export messages),
in the form of the classes that its schema generates; states as its returns define them. The refusal of a message's
format (CEB900) is secondary: https://blog.csdn.net/qq_39059866/article/details/93472303 names it, and a class in
https://github.com/zhengjin-me/common-customs-beans has its fields; the lengths of its last three are those of the
envelope, or a bound of our own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

NAMESPACE = "http://www.chinaport.gov.cn/ceb"
SOURCE = "海关总署公告2018年第56号"
ENVELOPE = "http://www.chinaport.gov.cn/dxp"  # the namespace of DxpMsg
FORMAT_REFUSED = "900"  # the return that refuses a whole message, before anything in it is taken
SIMPLIFIED, SUMMARY = "A", "B"  # statisticsFlag of an export list: 简化申报, 汇总申报
FLAGS = (SIMPLIFIED, SUMMARY)
_FORMAT = re.compile(r"C(\d+)?(\.\.)?(\d+)?|N(\d+)(?:,(\d+))?")


@dataclass(frozen=True)
class Field:
    """One field of a node. `format` is written as published: C36 exactly, C..18 at most, C1..10 between; N19,5 digits
    in all and after the point. `presence` is filled, present (may be empty) or optional."""

    node: str
    name: str
    format: str
    presence: str
    title: str
    title_zh: str

    def problem(self, text: str | None) -> str:
        """Why `text` may not stand in this field; empty when it may. None means that the field is left out."""
        if text is None:
            return "" if self.presence == "optional" else "is missing"
        least, most, digits, decimals = limits(self.format)
        if not text:
            if self.presence == "filled":
                return "is empty"
            return "is empty: leave it out" if least or digits else ""
        if digits:
            return _number_problem(text, digits, decimals)
        if len(text) > most:
            return f"has {len(text)} characters, {most} are allowed"
        return f"has {len(text)} characters, {least} are needed" if len(text) < least else ""


@dataclass(frozen=True)
class Message:
    """One kind of message: `node` repeats in it; `head` holds its fields, `item` (if any) its lines, `items` at most
    (None: no limit). `reply` is the number of its return."""

    number: str
    node: str
    head: str
    item: str
    items: int | None
    reply: str
    title: str
    title_zh: str

    @property
    def root(self) -> str:
        """The root element's name."""
        return f"CEB{self.number}Message"

    @property
    def sent(self) -> bool:
        """Whether enterprises send it, rather than customs."""
        return bool(self.reply)


@dataclass(frozen=True)
class State:
    """What a return's status code says. `state` is pending, accepted, released, held or refused."""

    code: str
    state: str
    title: str
    title_zh: str


def limits(format_: str) -> tuple[int, int, int, int]:
    """Least and most characters, and for numbers digits in all and after the point. Raises ValueError."""
    match = _FORMAT.fullmatch(format_)
    if match is None or format_ == "C":
        raise ValueError(f"not a format: {format_!r}")
    if match[4]:
        return 0, 0, int(match[4]), int(match[5] or 0)
    most = int(match[3] or match[1])
    return (int(match[1]) if match[1] else 0), most, 0, 0


def _number_problem(text: str, digits: int, decimals: int) -> str:
    match = re.fullmatch(r"-?(\d+)(?:\.(\d+))?", text)
    if match is None:
        return "is not a number"
    whole, part = match[1].lstrip("0"), (match[2] or "").rstrip("0")
    if len(part) > decimals:
        return f"has {len(part)} decimals, {decimals} are allowed"
    return f"has {len(whole) + len(part)} digits, {digits} are allowed" if len(whole) + len(part) > digits else ""


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("crossbook") / "data" / "customs" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=1)
def fields() -> dict[str, tuple[Field, ...]]:
    """The fields of every node, in the order in which they must stand."""
    found: dict[str, list[Field]] = {}
    for r in _rows("ceb_fields"):
        field = Field(
            node=r["node"],
            name=r["field"],
            format=r["format"],
            presence=r["presence"],
            title=r["name"],
            title_zh=r["name_zh"],
        )
        found.setdefault(field.node, []).append(field)
    return {node: tuple(rows) for node, rows in found.items()}


@lru_cache(maxsize=1)
def messages() -> dict[str, Message]:
    """Every kind of message by the name of its root element."""
    found = {}
    for r in _rows("ceb_messages"):
        items = int(r["items"]) if r["items"] else None
        message = Message(
            number=r["number"],
            node=r["node"],
            head=r["head"],
            item=r["item"],
            items=items,
            reply=r["reply"],
            title=r["name"],
            title_zh=r["name_zh"],
        )
        found[message.root] = message
    return found


@lru_cache(maxsize=1)
def states() -> dict[str, State]:
    """Every published status code. A code under zero says that the message could not be processed."""
    return {
        r["code"]: State(code=r["code"], state=r["state"], title=r["name"], title_zh=r["name_zh"])
        for r in _rows("ceb_states")
    }


def state(code: str) -> str:
    """pending, accepted, released, held, refused, or unknown for a code that is not published."""
    known = states().get(code)
    if known:
        return known.state
    return "refused" if re.fullmatch(r"-\d+", code) else "unknown"


def list_flag(book: str, platform: str, products: Iterable[str]) -> str:
    """The statistics flag of an export list by what is set for its products, else its platform, else the book.

    One product of B makes the whole list B: a list has one flag, and everything can be summarised. "" is not set.

    >>> list_flag("B", "A", ["", ""]), list_flag("A", "", ["", "B"]), list_flag("", "", ["A", ""])
    ('A', 'B', '')
    """
    flags = {flag or platform or book for flag in products} or {platform or book}
    if SUMMARY in flags:
        return SUMMARY
    return SIMPLIFIED if flags == {SIMPLIFIED} else ""
