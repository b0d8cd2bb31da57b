"""What a kind of decision is: what it asks of a person, what it holds against the book, and what it will change.

A desk has one file for each kind that people decide in it, and registers it (entry points of the group
`crossbook.decisions`). Command line, pages and API are made from these declarations, so that a kind is decided in the
same words everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from crossbook.book import Book
from crossbook.book.journal import Entry
from crossbook.engine import Database, connect

ANY = "*"  # in `rests_on`: whatever is journalled
RETIRED, REINSTATED = "retire", "reinstate"  # a file is not used any more, or again
Value = str | int | date | tuple[str, ...] | Mapping[str, date]
Wish = Mapping[str, Any]  # what a person said, by the names of `Kind.asked`; what was not said is not in it


class Opened(Protocol):
    """A book as a kind reads it; a settled desk is one, too."""

    @property
    def book(self) -> Book:
        """The book; its journal is read at the moment of deciding."""

    @property
    def database(self) -> Database:
        """Its tables."""


@dataclass(frozen=True)
class Plain:
    """A book with the tables of the engine and nothing worked out."""

    book: Book
    database: Database


def plainly(book: Book) -> Opened:
    """Open what most kinds need."""
    return Plain(book=book, database=connect(book))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One thing that a person says. `of` is text, lines (of text), number, amount (minor units, or text as 1858.73),
    day, words (several), names (several, which may have spaces: on forms one a line), days (a day for each name) or
    path (of a file where this runs: a face for others puts one of its own).

    Those that are `key` tell one decision of the kind from another. `choices` gives what may be said of a book, by what
    was said before; None where that is not a list. What is not `on_forms` is said there by the answer to a question.
    """

    name: str
    text: str
    of: str = "text"
    key: bool = False
    needed: bool = True
    on_forms: bool = True
    choices: Callable[[Opened, Wish], list[Choice]] | None = None


@dataclass(frozen=True)
class Choice:
    """One thing that may be said, and how it is shown."""

    value: str
    text: str


@dataclass(frozen=True)
class Objection:
    """One thing that rules a decision out, and what to do about it."""

    text: str
    todo: str = ""


@dataclass(frozen=True)
class Question:
    """One thing that speaks against a decision, and may be overruled: by saying `answer`, which names it."""

    text: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class Rival:
    """One of several things that might be decided, for a reader who holds them side by side.

    `said` is what one says to choose it, `chosen` whether this decision does; `told` has a text for each label.
    """

    said: str
    chosen: bool
    told: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Look:
    """A decision as it would be made at this moment.

    `subject` and `body` are what the journal would say; `effects` are sentences on what will be different; `refused`
    rules it out, `asks` need a second yes. `rivals` are what else might be decided, this one among them. `links` gives
    the page of each name in the sentences. `idle`: it is refused only because nothing is left to decide.
    """

    subject: str
    body: dict[str, Any]
    effects: tuple[str, ...] = ()
    refused: tuple[Objection, ...] = ()
    asks: tuple[Question, ...] = ()
    rivals: tuple[Rival, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    idle: bool = False

    @property
    def seen(self) -> str:
        """A short text that is another when anything that was shown, the reason given apart, is another."""
        body = sorted((k, v) for k, v in self.body.items() if k != "why")
        return hashlib.sha256(repr((self.subject, body, self.effects, self.asks)).encode()).hexdigest()[:16]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of decision.

    `done` and `undone` are the journal's words for it and for taking it back. `checks` says what it holds against the
    facts, `refuses` when it cannot be, `asks` when it needs a second yes: one sentence each, as readers see them. `why`
    is what to say as the reason; a kind without it needs none. `look` and `back` are pure reads of the book at this
    moment; `rests_on` are further actions of the journal that may change what they say. `holds` gives what speaks
    against an earlier decision today, for who approves it. `after` does what a decision does outside the journal, once
    it is in it. `waits` says whether what comes next may only be decided after another approved it. `role` is what
    somebody needs to decide it, `weighs` the name of what its rivals are said for.
    `adds`: a later entry on the same key stands beside the earlier, in whose place it comes otherwise. `within` names
    the kind that it is part of, by the first of its keys: it goes with that one.
    """

    name: str
    title: str
    done: str
    undone: str
    asked: tuple[Asked, ...]
    look: Callable[[Opened, Wish, str | None], Look]
    back: Callable[[Opened, Wish, str | None], Look]
    key: Callable[[Entry], tuple[str, ...]]
    sentence: Callable[[Entry], str]
    links: Callable[[Entry], Mapping[str, str]]
    checks: tuple[str, ...]
    refuses: tuple[str, ...]
    asks: tuple[str, ...] = ()
    why: str = ""
    opens: Callable[[Book], Opened] = plainly
    rests_on: tuple[str, ...] = ()
    approvable: bool = True
    role: str = "preparer"
    weighs: str = ""
    adds: bool = False
    within: str = ""
    holds: Callable[[Opened, Entry], tuple[Objection, ...]] | None = None
    after: Callable[[Opened, Entry], None] | None = None
    waits: Callable[[Opened, Entry], bool] | None = None

    @property
    def keys(self) -> tuple[Asked, ...]:
        """What names a decision of this kind."""
        return tuple(a for a in self.asked if a.key)

    @property
    def actions(self) -> tuple[str, ...]:
        """What of the journal a decision of this kind rests on."""
        return (self.done, *([self.undone] if self.undone else []), *self.rests_on)

    @property
    def rests_on_files(self) -> bool:
        """Whether it is another decision when other files are used."""
        return RETIRED in self.rests_on

    def named(self, entry: Entry) -> Wish:
        """What names the decision of a journal entry."""
        return dict(zip((a.name for a in self.keys), self.key(entry), strict=True))
