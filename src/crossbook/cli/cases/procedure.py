"""Commands on procedures: what falls due in them, how laws compare, a dispute replayed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.calendars import typed_day
from crossbook.cli.options import AsJson, as_day, today
from crossbook.errors import CrossbookError
from crossbook.i18n import language, t

if TYPE_CHECKING:
    from crossbook.cases.clock import Span
    from crossbook.cases.procedure import Limit
    from crossbook.cases.replay import Replayed

OPEN = "Two days: law or calendar leave open which. Act by the first; what must wait is safe from the last."
NO_ADVICE = "This counts days and sums from the book and is no legal advice."
LENGTH = {"day": "{n} days", "working day": "{n} working days", "month": "{n} months", "year": "{n} years"}
STYLE = {"act by": "red", "ends": "yellow", "not before": "green"}


def procedures(
    name: Annotated[str | None, typer.Argument(help="One of them, whole. 程序名称")] = None, json: AsJson = False
) -> None:
    """The procedures whose time limits are known, or one with its events and limits. 程序一览"""
    from crossbook.cases.procedure import names, procedure
    from crossbook.cli import show

    found = [procedure(n) for n in ([name] if name else names())]
    zh = language() == "zh"
    if json:
        show.as_json(found if name is None else found[0])
        return
    if name is None:
        show.table([t("procedure"), ""], [[p.name, p.title_zh if zh else p.title] for p in found])
        return
    of = found[0]
    show.say(f"[bold]{of.title_zh if zh else of.title}[/]\n{show.clean(of.counting)}  [dim]{of.counting_link}[/]")
    if of.note:
        show.say(of.note_zh if zh else of.note)
    show.table([t("event"), ""], [[e.name, e.title_zh if zh else e.title] for e in of.events])
    show.table(
        [t(c) for c in ("time limit", "counts from", "length", "whose", "law")],
        [[x.title_zh if zh else x.title, x.after, _length(x), t(x.who), x.source] for x in of.limits],
    )


def count(
    name: Annotated[str, typer.Argument(help="The procedure, as `crossbook cases procedures` lists it. 程序名称")],
    happened: Annotated[list[str], typer.Argument(metavar="EVENT=DAY", help="served=2025-06-13. 事件=日期")],
    state: Annotated[str, typer.Option(help="Where the federal court sits: IL. 法院所在州")] = "",
    out: Annotated[Path | None, typer.Option(help="Write them as .ics. 输出日历")] = None,
    json: AsJson = False,
) -> None:
    """What must be done by when, from what happened; an earliest and a latest day where law or calendar leave it open.

    No legal advice: it counts days. 由已发生事件推算期限;非法律意见
    """
    from crossbook.cases.procedure import deadlines as counted
    from crossbook.cases.procedure import procedure
    from crossbook.cli import show
    from crossbook.filing.ics import Entry, calendar_file

    of, days = procedure(name), days_named(happened)
    found = counted(of, days, state)
    zh = language() == "zh"
    titles = {d.limit.name: d.limit.title_zh if zh else d.limit.title for d in found}
    if out:
        # The safe day: acting is due on the earliest, and nothing is allowed before the latest.
        safe = {d.limit.name: d.due.latest if d.limit.kind == "not before" else d.due.earliest for d in found}
        out.write_bytes(
            calendar_file(
                "cases",
                (
                    Entry(
                        uid=f"{of.name}-{d.limit.name}-{d.start.earliest}",
                        day=safe[d.limit.name],
                        stamp=d.start.earliest,
                        summary=titles[d.limit.name],
                        description=f"{d.limit.source} {d.limit.link}",
                    )
                    for d in found
                ),
            )
        )
    if json:
        show.as_json({"procedure": of.name, "happened": {k: str(v) for k, v in days.items()}, "deadlines": found})
        return
    show.say(f"[bold]{of.title_zh if zh else of.title}[/]")
    rows = [
        [
            f"[{STYLE[d.limit.kind]}]{span(d.due)}[/]",
            t(d.limit.kind),
            titles[d.limit.name],
            t(d.limit.who),
            t("{length} from {day}", length=_length(d.limit), day=d.start.earliest),
            d.limit.source,
        ]
        for d in found
    ]
    if rows:
        show.table([t(c) for c in ("day", "kind", "what", "whose", "counted", "law")], rows)
    else:
        show.say(t("nothing runs from this"))
    for text in dict.fromkeys(
        [of.note_zh if zh else of.note, *((d.limit.note_zh if zh else d.limit.note) for d in found)]
    ):
        if text:
            show.say(f"[dim]{text}[/]")
    if any(not d.due.settled for d in found):
        show.say(f"[{show.WARN}]{t(OPEN)}[/]")
    show.say(f"[dim]{t('This counts days and is no legal advice.')}[/]")


def _length(limit: Limit) -> str:
    return t(LENGTH[limit.unit], n=limit.length)


def span(due: Span) -> str:
    def told(day: date) -> str:
        return f"{day} {t(day.strftime('%a'))}"

    return told(due.earliest) if due.settled else f"{told(due.earliest)} … {told(due.latest)}"


def _happened(limit: Replayed, zh: bool) -> str:
    if limit.actual:
        return f"{limit.actual}"
    if limit.stopped:
        return f"{limit.stopped_on} {limit.stopped.title_zh if zh else limit.stopped.title}"
    return "—"


def days_named(happened: list[str]) -> dict[str, date]:
    """{event: day} of texts such as "served=2025-06-13". Raises CrossbookError for another text or two days of one."""
    found: dict[str, date] = {}
    for text in happened:
        name, equals, day = text.partition("=")
        if not equals:
            raise CrossbookError(f"{text!r} is not an event with its day", todo="write it as served=2025-06-13")
        told = typed_day(day, where=name)
        if found.get(name, told) != told:
            raise CrossbookError(f"{name} was on {found[name]} and on {told}", todo="give the one day that is true")
        found[name] = told
    return found


def compare(
    on: Annotated[date | None, typer.Option(metavar="DAY", parser=as_day, help="Count from this day. 起算日")] = None,
    json: AsJson = False,
) -> None:
    """The same obligation of a platform under several laws, the stricter marked. 法规对照"""
    from crossbook.cases.compare import REGIMES
    from crossbook.cases.compare import compare as compared
    from crossbook.cli import show

    on = on or today()
    found, zh = compared(on), language() == "zh"
    if json:
        show.as_json({"on": on, "obligations": found})
        return
    for o in found:
        show.say(f"\n[bold]{o.title_zh if zh else o.title}[/]")
        show.table(
            [t("law"), t("what it asks"), t("day"), t("where it is read"), ""],
            [
                [
                    REGIMES[r.regime][zh],
                    r.says_zh if zh else r.says,
                    span(r.due) if r.due else "—",
                    show.clean(r.source),
                    f"[bold red]{t('stricter')}[/]" if r.strictest else "",
                ]
                for r in o.rules
            ],
        )
        show.say(f"→ {o.must_zh if zh else o.must}")
        if o.conflict:
            show.say(f"[{show.WARN}]{t('counted from {day}, no day satisfies all of them', day=on)}[/]")
    show.say(f"[dim]{t('This compares texts that were read and is no legal advice.')}[/]")


def replay(dispute: Annotated[str | None, typer.Argument(help="DS437. 争端编号")] = None, json: AsJson = False) -> None:
    """A WTO dispute replayed: legal limits and actual days side by side. 争端期限复盘"""
    from crossbook.cases.replay import disputes
    from crossbook.cases.replay import replay as replayed
    from crossbook.cli import show

    if dispute is None:
        show.table([t("dispute"), ""], [[name, title] for name, title in disputes().items()])
        return
    found, zh = replayed(dispute), language() == "zh"
    if json:
        show.as_json(found)
        return
    rows = [
        [
            r.title_zh if zh else r.title,
            t(r.kind),
            r.law,
            span(r.due),
            _happened(r, zh),
            "" if r.days is None else t("{n} days", n=f"{r.days:+d}"),
        ]
        for r in found
    ]
    show.table([t(c) for c in ("what", "kind", "law", "legal limit", "actual day", "apart")], rows, right=[5])
    for source in dict.fromkeys(r.source for r in found if r.source):
        show.say(f"[dim]{show.clean(source)}[/]")
