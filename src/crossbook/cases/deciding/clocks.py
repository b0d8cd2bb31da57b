"""What a decision changes of the time limits that run, in sentences; and what speaks against it, as objections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

from crossbook.book import Book
from crossbook.cases.case import Case, cases
from crossbook.cases.procedure import Deadline
from crossbook.decisions import Choice, Objection, Opened, Wish
from crossbook.errors import CrossbookError
from crossbook.i18n import language


def changed(before: Sequence[Deadline], after: Sequence[Deadline]) -> tuple[str, ...]:
    """What runs from now on, what on another day, and what not any more."""
    was, now = ({d.limit.name: d for d in ds} for ds in (before, after))
    effects = []
    for name, d in now.items():
        if name not in was:
            effects.append(_falls(d))
        elif was[name].due != d.due:
            effects.append(f"{_falls(d)}, not {_day(was[name])}")
    return (*effects, *(f"{name} does not run any more" for name in was if name not in now))


def _falls(d: Deadline) -> str:
    return f"{d.limit.name}: {d.limit.kind} {_day(d)}"


def _day(d: Deadline) -> str:
    return str(d.due.earliest) if d.due.settled else f"{d.due.earliest} … {d.due.latest}"


def against(work: Callable[[], object]) -> tuple[Objection, ...]:
    """What a rule says against the days that something is counted from."""
    try:
        work()
    except CrossbookError as error:
        return (Objection(error.what, error.todo),)
    return ()


def counted(work: Callable[[], list[Deadline]]) -> list[Deadline]:
    """What runs; nothing where it cannot be counted, which is no reason not to mend the days."""
    try:
        return work()
    except CrossbookError:
        return []


def closed(of: Case) -> tuple[Objection, ...]:
    """A case that is over takes nothing more."""
    if not of.closed:
        return ()
    return (Objection(f"the case {of.name!r} is closed", f"take that back first: crossbook undo closing {of.name}"),)


def page(name: str) -> dict[str, str]:
    """The page of a case, by its name in a sentence."""
    return {name: f"/cases/file/{quote(name, safe='')}"}


def place(notice: str) -> dict[str, str]:
    """Where the pages list a notice, by its name in a sentence."""
    return {notice: f"/cases#notice-{quote(notice, safe='')}"}


def open_cases(opened: Opened, wish: Wish) -> list[Choice]:
    """The cases that are not over."""
    return [Choice(c.name, f"{c.name} · {c.procedure}") for c in _open(opened.book)]


def _open(book: Book) -> list[Case]:
    return [c for c in cases(book).values() if not c.closed]


def titled(name: str, title: str, title_zh: str) -> Choice:
    """A choice that is shown by its title, in the language in use."""
    return Choice(name, title_zh if language() == "zh" else title)
