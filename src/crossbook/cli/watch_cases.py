"""The queue of cases of the watch, and one case: why it is called, what would uncall it, and what was done about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.choices import choice, of
from crossbook.cli.options import FEW, HERE, AsJson, BookPath, Few
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.watch.casework import Case

By = Annotated[str, choice("order", of("watch.casework", "ORDERS"), text="By limit of days, risk or age. 排序")]
Status = Annotated[
    str, choice("status", of("watch.casework", "STATUSES"), text="Of this state, or all; those that wait else. 状态")
]
Report = Annotated[str, choice("report", of("watch.casework", "REPORTS"), text="Large or suspicious alone. 报告类型")]
Called = Annotated[str, typer.Option("--rule", help="Called by this rule. 规则")]
Tenant = Annotated[str, typer.Option("--institution", help="Of this institution alone. 机构")]
Form = Annotated[str, choice("form", of("filing.suspicion.writing", "FORMS"), text="goaml, china, fincen, text. 格式")]
CaseName = Annotated[str, typer.Argument(metavar="CASE", help="Its number in the queue. 案例号")]


def queue(
    by: By = "limit",
    status: Status = "",
    every: Annotated[bool, typer.Option("--all", help="Also those that wait for nobody. 全部")] = False,
    new: Annotated[bool, typer.Option("--new", help="New since the intake before the last. 仅新增")] = False,
    reported_as: Report = "",
    rule: Called = "",
    institution: Tenant = "",
    limit: Few = None,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """List the cases that wait for somebody, due first: 30 where no --limit is given, all as JSON. 案例队列"""
    from crossbook.calendars import today
    from crossbook.cli import show
    from crossbook.watch.casework import queue as found_of
    from crossbook.watch.reading import EMPTY, unheard

    database, opened = opened_book(book)
    found = found_of(
        database,
        opened,
        by=by,
        status="all" if every else status,
        fresh=new,
        report=reported_as,
        rule=rule,
        tenant=institution,
    )
    if json:
        show.as_json([as_told(c) for c in found[: limit or None]])
        show.aside(unheard(database))
        return
    shown = found[: FEW if limit is None else limit or None]
    if not found:
        silent = unheard(database)
        show.say(t(EMPTY) if silent == EMPTY else t("no cases"))
        if silent != EMPTY:
            show.aside(silent)
        return
    rows = []
    for c in shown:
        left = c.left(today())
        rows.append(
            [
                c.id,
                t(c.report),
                show.clean(c.name or c.subject),
                ", ".join(c.rules),
                f"{c.first_on}" if c.first_on == c.last_on else f"{c.first_on} – {c.last_on}",
                cash(c),
                str(c.score),
                days_left(left),
                t(c.status) + (f" · {t('new')}" if c.fresh else ""),
                show.clean(c.tenant),
            ]
        )
    heads = ("watch case", "reported as", "party", "called by", "period", "largest sum", "score", "due in", "state")
    names = [t(n) for n in heads] + [t("institution")]
    if not any(c.tenant for c in shown):
        names, rows = names[:-1], [row[:-1] for row in rows]
    show.table(names, rows, right=(5, 6, 7))
    if len(shown) < len(found):
        show.say(f"[dim]{t('{n} of {all}; --limit 0 for all', n=len(shown), all=f'{len(found):,}')}[/]")


def case(case: CaseName, book: BookPath = HERE, json: AsJson = False) -> None:
    """One case: the parts of its score, what calls it and what would uncall it, limits of days, decisions. 案例详情"""
    from crossbook.cli import show
    from crossbook.cli.exchange_flag import in_words
    from crossbook.watch.casefile import case_file
    from crossbook.watch.due import HOUSE

    database, opened = opened_book(book)
    told = case_file(database, opened, case)
    c = told.case
    if json:
        laid = {"reasons": told.reasons, "transfers": told.transfers, "trades": told.trades, "links": told.links}
        show.as_json({**as_told(c), **laid})
        return
    head = f"[bold]{show.clean(c.name or c.subject)}[/] {show.clean(c.subject if c.name else '')}".rstrip()
    show.say(f"{head} · {t(c.status)}{f' · {show.clean(c.tenant)}' if c.tenant else ''}")
    for text in c.changed:
        show.say(f"[{show.WARN}]{show.clean(translated(text))}[/]")
    show.say(t("score {n}, made of:", n=c.score))
    for r in told.reasons:
        measured = f": {show.clean(translated(r.measured))}" if r.measured else ""
        figures = f" [dim]({show.clean(r.figures)})[/]" if r.figures else ""
        show.say(f"  {r.part.points:>3}  {show.clean(t(r.title))}{measured}{figures}")
        if r.called:
            show.say(f"       {t('called because')}: {show.clean(translated(r.called))}")
        if r.uncalled:
            show.say(f"       {t('not called if')}: {show.clean(translated(r.uncalled))}")
        if r.alerts:
            show.say(f"       [dim]{t('alert')}: {', '.join(r.alerts[:8])}{' …' if len(r.alerts) > 8 else ''}[/]")
    for x in c.outside:
        told_of = "; ".join(in_words(flag) for flag in x.flags)
        show.say(
            f"{t('another authority')}: {x.at[:10]} {show.clean(x.other)} · {t(f'flag {x.way}')} ({x.name}): "
            f"{show.clean(told_of)}{f' – {show.clean(x.text)}' if x.text else ''}"
        )
    for due in c.dues:
        day = str(due.day) if due.day else t("no day can be told")
        source = "" if due.name == HOUSE else f" [dim]({show.clean(due.source)})[/]"
        show.say(f"{t('due by')}: {day} · {show.clean(t(due.title))}{source}")
    rows = [
        [str(x["id"]), str(x["day"]), end_of(x, "payer"), end_of(x, "payee"), amount_of(x), line_of(x)]
        for x in told.transfers[:50]
    ]
    columns = [t("number"), t("day"), t("payer"), t("payee"), t("paid"), t("line")]
    if rows:
        show.table(columns, rows, right=(0, 4))
    if len(told.transfers) > len(rows):
        show.say(f"[dim]{t('{n} of {all}; all with --json', n=len(rows), all=f'{len(told.transfers):,}')}[/]")
    _orders(told.trades)
    for e in (*c.told.outcomes, *c.told.remarks):
        what = t(e.body["outcome"]) if "outcome" in e.body else show.clean(e.body["text"])
        why = f": {show.clean(e.body['why'])}" if e.body.get("why") else ""
        show.say(f"{e.at[:10]} {show.clean(e.who)} · {what}{why}")
    for name in c.told.documents.values():
        show.say(f"{t('document')}: {show.clean(name)}")


def _orders(trades: list[dict[str, Any]]) -> None:
    from crossbook import money
    from crossbook.cli import show

    rows = [
        [
            show.clean(x["number"]),
            show.clean(x["account"]),
            str(x["placed_on"]),
            t("not known") if x["total"] is None or not x["currency"] else money.show(x["total"], x["currency"]),
            line_of(x),
        ]
        for x in trades[:50]
    ]
    if rows:
        show.say(t("The orders that it rests on"))
        show.table([t("order"), t("account"), t("day"), t("total"), t("line")], rows, right=(3,))
    if len(trades) > len(rows):
        show.say(f"[dim]{t('{n} of {all}; all with --json', n=len(rows), all=f'{len(trades):,}')}[/]")


def report(
    case: CaseName,
    form: Form,
    out: Annotated[Path | None, typer.Option(help="Where to write it; else it is only looked at. 输出文件")] = None,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Write a report on a case to check and complete; what the book does not know is named. Nothing is sent. 报告"""
    from crossbook.calendars import today
    from crossbook.cli import show
    from crossbook.filing.suspicion.writing import report as made_of

    database, opened = opened_book(book)
    made = made_of(database, opened, case, form, today())
    if out:
        out.write_bytes(made.data)
    if json:
        show.as_json({"name": made.name, "written": str(out) if out else None, "missing": made.missing})
        return
    if form == "text":
        show.say(show.clean(made.data.decode()))
    if out:
        show.say(t("written: {path}", path=show.clean(out)))
    if made.missing:
        show.say(f"[{show.WARN}]{t('{n} fields to complete:', n=len(made.missing))}[/]")
        show.table([t("field"), t("why")], [[show.clean(m.path), show.clean(translated(m.why))] for m in made.missing])
    show.say(t("nothing was sent: check it, complete it, and file it where the authority takes it"))


def statistics(book: BookPath = HERE, json: AsJson = False) -> None:
    """Cases by rule, how many were right by people's decisions, and how long those took. 统计"""
    from crossbook.cli import show
    from crossbook.watch.casework import cases
    from crossbook.watch.reading import EMPTY, summary, unheard
    from crossbook.watch.statistics import statistics as counted

    database, opened = opened_book(book)
    found = counted(cases(database, opened).values(), summary(database))
    silent = unheard(database)
    if json:
        show.as_json(found)
        show.aside(silent)
        return
    if silent == EMPTY and not found[0].cases:
        show.say(t(EMPTY))
        return
    rows = [
        [
            c.rule or t("all"),
            *(f"{n:,}" for n in (c.alerts, c.cases, c.open, c.escalated, c.dismissed, c.right)),
            "—" if c.precision is None else f"{c.precision:.0%}",
            "—" if c.days is None else f"{c.days:g}",
        ]
        for c in found
    ]
    names = (
        t("rule"),
        t("alerts"),
        t("cases"),
        t("undecided"),
        t("escalated"),
        t("dismissed"),
        t("found right"),
        t("precision"),
        t("days to decide (median)"),
    )
    show.table(names, rows, right=tuple(range(1, 9)))
    show.aside(silent)


def opened_book(path: Path) -> tuple[Any, Any]:
    """The tables of a book, and the book."""
    from crossbook.book import open_book
    from crossbook.engine.duck import connect

    opened = open_book(path)
    return connect(opened), opened


def as_told(c: Case) -> dict[str, Any]:
    """A case for programs."""
    from crossbook.watch.casefile import as_dict

    return as_dict(c)


def days_left(left: int | None) -> str:
    """How many days are left, in words."""
    if left is None:
        return "—"
    return t("{n} days late", n=-left) if left < 0 else t("{n} days", n=left)


def cash(c: Case) -> str:
    """The largest sum of a case."""
    from crossbook.watch.amounts import shown

    if c.amount is None or not c.currency:
        return t("not known")
    return shown(c.amount, c.currency, c.unmeasured)


def end_of(row: dict[str, Any], end: str) -> str:
    """Who stands on one side of a transfer: account and name."""
    from crossbook.cli import show

    account, name = row[f"{end}_account"], row[end]
    told = " ".join(dict.fromkeys(text for text in (account, name) if text and text != f"name:{name}".lower()))
    counter = row.get(f"{end}_institution")
    return show.clean(told or (t("at {counter}", counter=counter) if counter else t("not told")))


def amount_of(row: dict[str, Any]) -> str:
    """What was paid, and what arrived where that is another amount."""
    from crossbook import money

    paid = money.show(row["paid"], row["paid_currency"])
    same = row["paid"] == row["received"] and row["paid_currency"] == row["received_currency"]
    return paid if same else f"{paid} → {money.show(row['received'], row['received_currency'])}"


def line_of(row: dict[str, Any]) -> str:
    """The line that a transfer stands on."""
    from crossbook.cli import show

    return show.clean(f"{row['file']}:{row['line']}")
