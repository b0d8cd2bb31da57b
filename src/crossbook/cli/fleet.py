"""The group fleet: the desks on many books, and what only shows across them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.fleet_web import HERE, FleetPath, web
from crossbook.cli.on_spark import Conf, Master, session_of
from crossbook.cli.options import FEW, GROUPS, AsJson, Commands, Few, group
from crossbook.errors import CrossbookError
from crossbook.i18n import t, word

if TYPE_CHECKING:
    from crossbook.fleet.across import Crossed, Crossing
    from crossbook.fleet.reading import Found, Line
    from crossbook.fleet.running import Run, Runner
    from crossbook.fleet.working import Outcome

BookName = Annotated[str, typer.Option("--only", help="Of this book alone, as status names it. 账簿")]


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    commands: Commands = {
        "init": init,
        "add": add,
        "status": status,
        "work": work,
        "findings": findings,
        "find": find,
        "web": web,
    }
    group(app, "fleet", "Many books: the same desks on each, and what crosses them. 多账簿", commands, GROUPS)


def init(
    folder: Annotated[str, typer.Argument(help="Where to make it: a folder, or an address. 文件夹")],
    name: Annotated[str, typer.Option(help="What it is called; its folder's name if not said. 名称")] = "",
    json: AsJson = False,
) -> None:
    """Make an empty fleet: a folder that lists books and keeps their figures. 新建账簿群"""
    from crossbook.cli import show
    from crossbook.fleet.listing import init_fleet

    made = init_fleet(folder, name)
    if json:
        show.as_json({"fleet": str(made.path), "name": made.name})
    else:
        show.say(t("made the fleet {name} in {folder}", name=show.clean(made.name), folder=show.clean(folder)))


def add(
    books: Annotated[list[str], typer.Argument(help="Books, folders or addresses of books, or lists. 账簿")],
    fleet: FleetPath = HERE,
    json: AsJson = False,
) -> None:
    """List books in a fleet: a book, a folder with books in it, or a file with a path a line. 加入账簿"""
    from crossbook.cli import show
    from crossbook.fleet.listing import add_books, open_fleet

    made, added = add_books(open_fleet(fleet), books)
    if json:
        show.as_json({"added": [{"book": m.id, "path": str(m.path)} for m in added], "books": len(made.books)})
    else:
        show.say(t("{n} books added; the fleet has {all}", n=f"{len(added):,}", all=f"{len(made.books):,}"))


def status(fleet: FleetPath = HERE, json: AsJson = False) -> None:
    """Say of each book how it stands, and why one could not be worked. Exit 1 where any could not. 状态"""
    from crossbook.cli import show
    from crossbook.fleet.listing import open_fleet
    from crossbook.fleet.reading import status as status_of

    found = status_of(open_fleet(fleet))
    if json:
        show.as_json(found)
    elif not found:
        show.say(t("no books yet: crossbook fleet add BOOK"))
    else:
        rows = [
            [
                show.clean(one.book),
                f"[{_STYLE[one.status]}]{word(one.status, 'fleet')}[/]",
                _count(one.orders),
                _count(one.findings),
                "—" if one.seconds is None else f"{one.seconds:.1f}",
            ]
            for one in found
        ]
        columns = [t("book"), t("status"), t("orders"), t("needs attention"), t("seconds")]
        show.table(columns, rows, right=(2, 3, 4))
        _why(found)
    if any(one.status not in ("done", "changed", "waiting") for one in found):
        raise typer.Exit(1)


def work(
    only: Annotated[list[str] | None, typer.Option(help="This book alone; may be said again. 只算此账簿")] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Books at once; 0 for one a core. 并行数")] = 0,
    again: Annotated[bool, typer.Option("--again", help="Also where nothing has changed. 全部重算")] = False,
    together: Annotated[
        list[str] | None, typer.Option(help="A large book that all workers of Spark work together. 合力计算")
    ] = None,
    master: Master = "",
    conf: Conf = None,
    fleet: FleetPath = HERE,
    json: AsJson = False,
) -> None:
    """Run the desks on every book that has changed, and keep what they find. Exit 1 where a book failed. 运行"""
    from crossbook.cli import show
    from crossbook.fleet.listing import open_fleet
    from crossbook.fleet.running import run_fleet

    opened = open_fleet(fleet)
    books = [opened.member(name) for name in only or ()]
    runner = _runner(master, conf, {opened.member(name).id for name in together or ()})
    with show.progress(quiet=json) as step:
        stage = t("books worked")
        run = run_fleet(
            opened,
            books=books,
            jobs=jobs,
            again=again,
            runner=runner,
            progress=lambda done, of: step(stage, done, of),
        )
    _ended(run, json=json)


def _runner(master: str, conf: list[str] | None, together: Collection[str]) -> Runner:
    from crossbook.fleet import local

    if together and not master:
        raise CrossbookError("--together is for Spark", todo="say --master as well")
    from crossbook.fleet import spark

    asked = session_of(master, conf, None if together else spark.LIGHT)
    return local.run if asked is None else spark.runner(asked, together=together)


def _ended(run: Run, *, json: bool) -> None:
    from crossbook.cli import show

    counts = run.counts()
    if json:
        show.as_json({**counts, "books": run.outcomes})
    else:
        text = t(
            "{done} books worked, {same} had not changed, {failed} failed",
            **{status: f"{n:,}" for status, n in counts.items()},
        )
        show.say(text)
        _say_why([one for one in run.outcomes if one.status == "failed"])
    if counts["failed"]:
        raise typer.Exit(1)


def findings(
    desk: Annotated[str, typer.Option(help="Of this desk: settle, verify, watch, fleet. 席位")] = "",
    only: BookName = "",
    rule: Annotated[str, typer.Option(help="Of this rule. 规则")] = "",
    verdict: Annotated[str, typer.Option(help="With this verdict. 结论")] = "",
    least: Annotated[str, typer.Option(help="Of at least this amount: 1000USD. 最低金额")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Also what needs nobody. 全部")] = False,
    limit: Few = None,
    fleet: FleetPath = HERE,
    json: AsJson = False,
) -> None:
    """List what the desks found in all books, the largest first: 30 without --limit, all as JSON. Exit 1: any. 发现"""
    from crossbook.cli import show
    from crossbook.cli.amounts import minor_units, split
    from crossbook.fleet.listing import open_fleet
    from crossbook.fleet.reading import findings as found_of

    number, currency = split(least) if least else ("", "")
    if number.startswith("-"):
        raise CrossbookError(f"not an amount: {least!r}", todo="write it as 12.50USD")
    found = found_of(
        open_fleet(fleet),
        desk=desk,
        book=only,
        rule=rule,
        verdict=verdict,
        least=minor_units(number, currency) if least else None,
        currency=currency,
        everything=everything,
        limit=FEW if limit is None and not json else limit or None,
    )
    rows = found.table.to_pylist()
    if json:
        show.as_json({"findings": rows, "all": found.all, "uncompared": found.uncompared} | _left(found))
    else:
        table = [
            [
                show.clean(r["book"]),
                t(r["desk"]),
                r["rule"],
                show.clean(r["subject"]),
                t(r["verdict"]),
                _sum(r["amount"], r["currency"], partly=r["at_least"]),
            ]
            for r in rows
        ]
        if rows:
            columns = [t("book"), t("desk"), t("rule"), t("about"), t("verdict"), t("amount")]
            show.table(columns, table, right=(5,))
            if len(rows) < found.all:
                show.say(f"[dim]{t('{n} of {all}; --limit 0 for all', n=len(rows), all=f'{found.all:,}')}[/]")
        elif desk or rule or verdict or least:
            show.say(t("no finding in the books that were worked is as was asked for"))
        else:
            show.say(t("nothing found in the books that were worked"))
        if found.uncompared:
            text = "{n} findings without an amount in {currency} were not compared"
            show.say(f"[{show.WARN}]{t(text, n=f'{found.uncompared:,}', currency=currency)}[/]")
        _unknown(found.unknown, found.stale)
        show.say(f"[dim]{t('what shows only across books is another list: crossbook fleet find')}[/]")
    if found.all:
        raise typer.Exit(1)


def find(
    rule: Annotated[str, typer.Option(help="Of this rule alone. 规则")] = "",
    only: BookName = "",
    limit: Few = None,
    master: Master = "",
    conf: Conf = None,
    fleet: FleetPath = HERE,
    json: AsJson = False,
) -> None:
    """Find what shows only across books: 30 without --limit, all as JSON. Exit 1 where there is any. 跨账簿"""
    from crossbook.cli import show
    from crossbook.fleet.across import find as found_of
    from crossbook.fleet.listing import open_fleet
    from crossbook.fleet.rules import rule as rule_of

    told = found_of(open_fleet(fleet), rule_name=rule, book=only, spark=session_of(master, conf))
    shown = told.found[: FEW if limit is None and not json else limit or None]
    if json:
        show.as_json({"found": shown, "all": len(told.found)} | _left(told))
    else:
        rows = [
            [
                t(rule_of(one.rule).title),
                show.clean(one.subject) + _unsure(one),
                show.clean(_where(one)),
                str(one.as_of or "—"),
                _between(one),
                t(rule_of(one.rule).unless),
            ]
            for one in shown
        ]
        if rows:
            columns = [t("what it finds"), t("about"), t("file and line"), t("latest day"), t("amount"), t("unless")]
            show.table(columns, rows, right=(4,))
            if len(rows) < len(told.found):
                show.say(f"[dim]{t('{n} of {all}; --limit 0 for all', n=len(rows), all=f'{len(told.found):,}')}[/]")
        else:
            show.say(t("nothing found in the books that were worked"))
        _unknown(told.unknown, told.stale)
    if told.found:
        raise typer.Exit(1)


def _where(found: Crossing) -> str:
    """Each book with the first line of it that a finding rests on."""
    told = []
    for book in found.books:
        its = [c for c in found.because if c.book == book]
        more = f" {t('and {n} more', n=f'{len(its) - 1:,}')}" if len(its) > 1 else ""
        told.append(f"{book}: {its[0].file or its[0].evidence[:8]}:{its[0].line}{more}")
    return "\n".join(told)


def _between(found: Crossing) -> str:
    """The amount of a finding; of papers that tell several amounts the least and the largest."""
    from crossbook.cli.amounts import amount

    largest = _sum(found.amount, found.currency, partly=found.at_least)
    if found.lowest is None or found.lowest == found.amount or not found.currency:
        return largest
    if found.at_least and found.amount is not None:
        told = {"least": amount(found.lowest, found.currency), "largest": amount(found.amount, found.currency)}
        return t("{least} to {largest} or more", **told)
    return t("{least} to {largest}", least=amount(found.lowest, found.currency), largest=largest)


def _unsure(found: Crossing) -> str:
    """The orders of which it is not known whether they count in a sum."""
    from crossbook.cli import show

    if not found.unsure:
        return ""
    orders = ", ".join(found.unsure[:3]) + (" …" if len(found.unsure) > 3 else "")
    return "\n" + show.clean(t("may not count, or not in full: {orders}", orders=orders))


def _left(told: Found | Crossed) -> dict[str, object]:
    return {"not_known": told.unknown, "earlier_state": told.stale}


def _unknown(unknown: tuple[str, ...], stale: tuple[str, ...]) -> None:
    from crossbook.cli import show

    for books, text in (
        (unknown, "of {n} books nothing is known, for they were not worked: {books}"),
        (stale, "of {n} books the figures are of an earlier state; crossbook fleet status says why: {books}"),
    ):
        if books:
            named = ", ".join(books[:5]) + (" …" if len(books) > 5 else "")
            show.say(f"[{show.WARN}]{t(text, n=f'{len(books):,}', books=show.clean(named))}[/]")


_STYLE = {"done": "green", "changed": "yellow", "stale": "yellow", "failed": "red", "damaged": "red", "waiting": "dim"}


def _sum(minor: int | None, currency: str | None, *, partly: bool) -> str:
    from crossbook.cli.amounts import amount

    if minor is None or not currency:
        return "—"
    return t("at least {least}", least=amount(minor, currency)) if partly else amount(minor, currency)


def _count(number: int | None) -> str:
    return "—" if number is None else f"{number:,}"


def _why(lines: list[Line]) -> None:
    from crossbook.cli import show

    _say_why([_damaged(one) if one.status == "damaged" and not one.what else one for one in lines])
    for status, text in (
        ("waiting", "{n} books were not worked yet: crossbook fleet work"),
        ("changed", "{n} books have changed since they were worked: crossbook fleet work"),
    ):
        number = sum(one.status == status for one in lines)
        if number:
            show.say(t(text, n=f"{number:,}"))


def _damaged(one: Line) -> Line:
    error = CrossbookError("its figures were changed or are missing", todo="crossbook fleet work")
    return replace(one, verdict="refused", what=error.what, todo=error.todo)


def _say_why(told: Sequence[Line | Outcome]) -> None:
    """Why books could not be worked: what is the same of several of them once, with where it is of the first."""
    from crossbook.cli import show
    from crossbook.cli.complaints import few
    from crossbook.i18n import translated

    by: dict[tuple[str, str, str], list[Line | Outcome]] = {}
    for one in told:
        if one.what:
            by.setdefault((one.verdict, one.what, one.todo), []).append(one)
    for (verdict, what, todo), same in by.items():
        text = f"{show.clean(same[0].book)}: {t(verdict)}: {show.clean(translated(what))}"
        where = same[0].where
        show.say(f"[{show.BAD}]{text}[/]" + (f" [dim]({show.clean(where)})[/]" if where else ""))
        if todo:
            show.say(f"  → {show.clean(translated(todo))}")
        if len(same) > 1:
            show.say(f"  {show.clean(t('{n} books: {names}', n=f'{len(same):,}', names=few([o.book for o in same])))}")
