"""Commands that say what must be done by when: of one case or procedure, and of all cases as a calendar."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.cases.procedure import NO_ADVICE, OPEN, STYLE, span
from crossbook.cli.options import HERE, AsJson, BookPath, as_day, today
from crossbook.errors import CrossbookError
from crossbook.i18n import language, t

if TYPE_CHECKING:
    from crossbook.cases.case import Case, Due


def deadlines(
    name: Annotated[str, typer.Argument(help="A case, or a procedure with events. 案件或程序")],
    happened: Annotated[
        list[str] | None, typer.Argument(metavar="EVENT=DAY", help="served=2025-06-13. 事件=日期")
    ] = None,
    book: BookPath = HERE,
    state: Annotated[str, typer.Option(help="Where the federal court sits: IL. 法院所在州")] = "",
    out: Annotated[Path | None, typer.Option(help="Write them as .ics. 输出日历")] = None,
    json: AsJson = False,
) -> None:
    """What must be done by when: of a case, or of a procedure from what happened. No legal advice. 期限"""
    from crossbook.cli import show
    from crossbook.cli.cases import procedure

    if happened:
        procedure.count(name, happened, state, out, json)
        return
    from crossbook.book import open_book
    from crossbook.cases.case import calendar_of, case
    from crossbook.cases.procedure import names

    if name in names():
        raise CrossbookError(
            f"{name} is a procedure: from which events?", todo=f"crossbook cases deadlines {name} EVENT=DAY"
        )
    opened = open_book(book)
    known = case(opened, name)
    if out:
        _write(out, [d for d in calendar_of(opened) if d.case == name])
    if json:
        show.as_json(known.deadlines())
        return
    deadline_table(known)


def calendar(
    book: BookPath = HERE,
    within: Annotated[int, typer.Option(min=1, help="Days ahead. 未来天数")] = 365,
    on: Annotated[
        date | None, typer.Option(metavar="DAY", parser=as_day, help="As of this day (2026-06-30); today else. 日期")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write them as .ics. 输出日历")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Exit code 1 when something is past or due within 3 days. 临期时退出码为1")
    ] = False,
    json: AsJson = False,
) -> None:
    """What falls due in all open cases, as a plain list of reminders. 案件日历"""
    from crossbook.book import open_book
    from crossbook.cases.case import calendar_of, cases
    from crossbook.cli import show

    day, opened = on or today(), open_book(book)
    found = [d for d in calendar_of(opened) if (d.safe - day).days <= within]
    some_open = any(not c.closed for c in cases(opened).values())
    if out:
        _write(out, found)
    if json:
        show.as_json(
            [{"case": d.case, "safe": d.safe, "done": d.done, "late": d.late, "deadline": d.deadline} for d in found]
        )
    elif found:
        show.table(
            [t(c) for c in ("in", "day", "case", "kind", "what", "kept")],
            [
                [
                    _away(d, day),
                    span(d.deadline.due),
                    show.clean(d.case),
                    f"[{STYLE[d.deadline.limit.kind]}]{t(d.deadline.limit.kind)}[/]",
                    title_of(d),
                    kept(d),
                ]
                for d in found
            ],
        )
        show.say(f"[dim]{t(NO_ADVICE)}[/]")
    else:
        show.say(t("nothing falls due") if some_open else t("no case is open: crossbook cases new"))
    if check and any(d.deadline.limit.kind == "act by" and not d.done and (d.safe - day).days <= 3 for d in found):
        raise typer.Exit(1)


def deadline_table(case: Case) -> None:
    from crossbook.cli import show

    zh = language() == "zh"
    found = case.deadlines()
    if not found:
        show.say(t("nothing runs from this"))
        return
    show.table(
        [t(c) for c in ("day", "kind", "what", "whose", "law", "usual", "kept")],
        [
            [
                f"[{STYLE[d.limit.kind]}]{span(d.due)}[/]",
                t(d.limit.kind),
                d.limit.title_zh if zh else d.limit.title,
                t(d.limit.who),
                d.limit.source,
                (d.limit.usual_zh if zh else d.limit.usual) or "—",
                kept(due),
            ]
            for due in case.dues()
            for d in (due.deadline,)
        ],
    )
    if any(not d.due.settled for d in found):
        show.say(f"[{show.WARN}]{t(OPEN)}[/]")


def _away(due: Due, day: date) -> str:
    days = (due.safe - day).days
    return t("{n} days", n=days) if days >= 0 else f"[bold red]{t('past')}[/]" if not due.done else t("past")


def kept(due: Due) -> str:
    """The day on which it was kept, and how late that was."""
    late = due.late
    return f"{due.done} [bold red]{t('{n} days late', n=late)}[/]" if late else due.done or "—"


def title_of(due: Due) -> str:
    limit = due.deadline.limit
    return limit.title_zh if language() == "zh" else limit.title


def _write(out: Path, found: list[Due]) -> None:
    from crossbook.cli import show
    from crossbook.filing.ics import Entry, calendar_file

    entries = [
        Entry(
            uid=f"{d.case}-{d.deadline.limit.name}-{d.deadline.start.earliest}",
            day=d.safe,
            stamp=d.deadline.start.earliest,
            summary=f"{d.case}: {title_of(d)}",
            description=f"{d.deadline.limit.source} {d.deadline.limit.link}",
        )
        for d in found
    ]
    out.write_bytes(calendar_file("cases", entries))
    show.say(t("{n} days written to {path}", n=len(entries), path=show.clean(out)))
