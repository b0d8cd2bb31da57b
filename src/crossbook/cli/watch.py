"""The group watch: what the law asks for in transfers, and patterns of which it wants to hear."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.on_spark import Conf, Master, session_of
from crossbook.cli.options import FEW, GROUPS, HERE, AsJson, BookPath, Commands, Few, as_day, group, in_order
from crossbook.cli.watch_cases import case, end_of, queue, report, statistics
from crossbook.errors import CrossbookError
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.engine import Database

Day = Annotated[date | None, typer.Option(metavar="DAY", parser=as_day, help="First or last day. 日期")]
Figures = Annotated[list[str] | None, typer.Option("--set", help="A figure of the rule: days=14. 参数")]
Limit = Annotated[int, typer.Option(min=0, help="How many; 0 for all. 条数")]
RuleName = Annotated[str, typer.Argument(help="A rule, as in watch rules. 规则")]


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    commands: Commands = {
        "run": run,
        "alerts": alerts,
        "show": show_alert,
        "chain": chain,
        "backtest": backtest,
        "rules": list_rules,
        "queue": queue,
        "case": case,
        "report": report,
        "statistics": statistics,
    }
    group(app, "watch", "Supervision: transfers, limits, long chains of money. 资金监测", commands, GROUPS)


def run(book: BookPath = HERE, json: AsJson = False) -> None:
    """Hold every transfer of the book against the rules, and say how each ended. 运行监测"""
    from crossbook.cli import show
    from crossbook.watch.reading import EMPTY, UNUSED, summary

    told = summary(_database(book))
    if json:
        show.as_json({**vars(told), "alerts": told.alerts})
    elif not told.transfers and not told.aside:
        show.say(t(EMPTY))
    else:
        show.say(t("{n} transfers, {first} to {last}", n=f"{told.transfers:,}", first=told.first, last=told.last))
        if told.own:
            show.say(t("{n} of them are the book's own money", n=f"{told.own:,}"))
        for reason, n in told.aside.items():
            place = show.clean(t("first: {place}", place=told.aside_first[reason]))
            show.say(f"[{show.WARN}]{t('{n} set aside: {reason}', n=f'{n:,}', reason=t(reason))}[/] [dim]({place})[/]")
        for one in told.odd:
            place = show.clean(t("first: {place}", place=one.first))
            show.say(f"[{show.WARN}]{one.transfers:,} {t(one.what)}[/] [dim]({place})[/]")
        for named in told.unused:
            show.say(f"[{show.WARN}]{show.clean(t(UNUSED, what=t(named['what']), name=named['name']))}[/]")
        if told.unmeasured:
            text = t(
                "{n} in a currency without a rate: no limit in another currency is held against them",
                n=f"{told.unmeasured:,}",
            )
            show.say(f"[{show.WARN}]{text}[/]")
        rows = [
            [
                r["rule"],
                t(r["gravity"]),
                t(r["title"]),
                f"{r['alerts']:,}" if r["ran"] else "—",
                f"{r['alerts'] - r['certain']:,}" if r["alerts"] > r["certain"] else "",
            ]
            for r in told.rules
        ]
        columns = [t("rule"), t("gravity"), t("what it finds"), t("alerts"), t("not certain")]
        show.table(columns, rows, right=(3, 4))
        for note, n in told.notes:
            _note(note, n)
        if told.alerts:
            show.say(t("list them: crossbook watch alerts; one with its transfers: crossbook watch show ALERT"))
        show.say(f"[dim]{t('what this cannot see is in docs/watch.md')}[/]")
    if told.alerts:
        raise typer.Exit(1)


def alerts(
    rule: Annotated[str, typer.Option(help="Of this rule. 规则")] = "",
    subject: Annotated[str, typer.Option(help="On this party or account. 对象")] = "",
    limit: Few = None,
    master: Master = "",
    conf: Conf = None,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """List alerts, the gravest first: 30 where no --limit is given, all as JSON. 预警列表"""
    from crossbook.cli import show
    from crossbook.watch.reading import EMPTY, unheard
    from crossbook.watch.reading import alerts as found_of

    with _on(book, master, conf) as database:
        found = found_of(database, rule_name=rule, subject=subject)
        silent = unheard(database, rule)
    if json:
        show.as_json(found[: limit or None])
        show.aside(silent)
        return
    shown = found[: FEW if limit is None else limit or None]
    if not found:
        show.say(t(EMPTY) if silent == EMPTY else t("no alerts"))
    else:
        _list(shown)
    if silent not in ("", EMPTY):
        show.say(f"[{show.WARN}]{show.clean(translated(silent))}[/]")
    _more(len(shown), len(found))


def show_alert(
    alert: Annotated[str, typer.Argument(help="Its number in the list. 预警号")],
    limit: Limit = 50,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """One alert: why it is called, what would clear it, and each transfer with file and line. 预警详情"""
    from crossbook.cli import show
    from crossbook.watch.reading import alert as found_of
    from crossbook.watch.rules.cycle import ONE_WAY

    told = found_of(_database(book), alert)
    if json:
        show.as_json(told)
        return
    show.say(
        f"[bold]{show.clean(t(told['title']))}[/] · {show.clean(told['name'] or '')} {show.clean(told['subject'])}"
    )
    if not told["certain"]:
        show.say(f"[{show.WARN}]{_unsettled(told)}[/]")
    elif told["rule"] in ("large_value", "structuring"):
        show.say(_limit(told["what"]))
    elif told["what"] == ONE_WAY:
        show.say(f"[{show.WARN}]{t('one way round is shown; there may be others')}[/]")
    show.say(t(told["why"]))
    show.say(f"{t('to do')}: {show.clean(t(told['todo']))}")
    show.say(f"[dim]{t('source of the rule')}: {show.clean(told['source'])}[/]")
    for hit in told["hits"]:
        entry = f"{hit['list']} {hit['entry']}, {hit['listed']}"
        show.say(show.clean(f"{hit['name']}: {entry} ({hit['score']} / 100, {hit['reason']}) {_line(hit)}"))
    trades = told["trades"][: limit or None]
    for trade in trades:
        money = _cash(trade["total"], trade["currency"])
        show.say(f"{trade['placed_on']}  {show.clean(trade['number'])}  {money}  {_line(trade)}")
    _more(len(trades), len(told["trades"]))
    because = told["because"][: limit or None]
    if because:
        _transfers(because)
    _more(len(because), len(told["because"]))


def chain(
    transfer: Annotated[str, typer.Argument(help="Its number. 交易号")],
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Walk a transfer's money back to where it began: each payment, its depth, and the lots that it took. 资金链"""
    from crossbook.cli import show
    from crossbook.watch.reading import chain as found_of

    found = found_of(_database(book), transfer)
    if json:
        show.as_json(found)
        return
    rows = []
    for r in found:
        took = ", ".join(
            f"{lot}: {_cash(amount, r['followed_in'])}"
            for lot, amount in zip(r["lots"] or (), r["amounts"] or (), strict=True)
        )
        depth = "—" if r["depth"] is None else str(r["depth"])
        rows.append([str(r["id"]), _when(r), end_of(r, "payer"), end_of(r, "payee"), _amount(r), depth, took, _line(r)])
    columns = [t("number"), t("day"), t("payer"), t("payee"), t("paid"), t("depth"), t("took of"), t("line")]
    show.table(columns, rows, right=(0, 4, 5))


def backtest(
    rule: RuleName,
    first: Annotated[date, typer.Option("--from", metavar="DAY", parser=as_day, help="First day. 起始日")],
    last: Annotated[date, typer.Option("--to", metavar="DAY", parser=as_day, help="Last day. 截止日")],
    figure: Figures = None,
    limit: Few = None,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """What a rule would have called in a past window, with the figures that hold and with others: 30 of each where no
    --limit is given, all as JSON. 回测"""
    from crossbook.book import open_book
    from crossbook.cli import show
    from crossbook.engine.duck import connect
    from crossbook.watch.alerts import backtest as tried

    in_order(first, last)
    opened = open_book(book)
    told = tried(connect(opened), opened, rule, first, last, _figures(figure))
    if json:
        show.as_json(told)
        return
    if not told["transfers"]:
        show.say(f"[{show.WARN}]{t('no transfer of the book lies in these days')}[/]")
        return
    for label, title in (("now", t("with the figures that hold")), ("tried", t("with the figures tried"))):
        if label == "tried" and not figure:
            continue
        part = told[label]
        figures = ", ".join(f"{k}={v}" for k, v in part["figures"].items())
        show.say(f"[bold]{title}[/]{f' ({figures})' if figures else ''}: {t('alerts')} {len(part['alerts']):,}")
        if part["note"]:
            _note(part["note"], part["left"])
        if part["alerts"]:
            shown = part["alerts"][: FEW if limit is None else limit or None]
            _list(shown)
            _more(len(shown), len(part["alerts"]))


def list_rules(book: BookPath = HERE, json: AsJson = False) -> None:
    """The rules with their figures in this book, and the limits of the law. 规则"""
    from crossbook.book import open_book
    from crossbook.cli import show
    from crossbook.watch.alerts import figures_of
    from crossbook.watch.rules import rules
    from crossbook.watch.settings import settings_of
    from crossbook.watch.thresholds import thresholds

    settings = settings_of(open_book(book))
    figures = figures_of(settings)
    limits = [x for x in thresholds() if x.law in settings.laws]
    if json:
        told = [
            {
                "rule": r.name,
                "title": r.title,
                "gravity": r.gravity,
                "why": r.why,
                "source": r.source,
                "figures": figures[r.name],
            }
            for r in rules()
        ]
        show.as_json({"rules": told, "limits": limits, "zone": settings.zone})
        return
    for r in rules():
        show.say(f"[bold]{r.name}[/] ({t(r.gravity)}): {show.clean(t(r.title))}")
        for name, (_, meaning) in r.settings.items():
            show.say(f"  {name} = {figures[r.name][name]:,}  [dim]{show.clean(t(meaning))}[/]")
    show.say()
    show.say(t("limits of {laws}, days of {zone}", laws=", ".join(settings.laws), zone=settings.zone))
    rows = [
        [
            x.name,
            t(x.title),
            t(x.duty),
            f"{x.valid_from} –{f' {x.valid_to}' if x.valid_to else ''}",
            t("second hand in part") if x.secondary else "",
        ]
        for x in limits
    ]
    show.table([t("limit"), t("what it is"), t("asks to"), t("holds"), ""], rows)
    show.say(t("rules call those that ask to report or record; the others ask what is known of a customer"))


def _database(book: Any) -> Database:
    from crossbook.book import open_book
    from crossbook.engine.duck import connect

    return connect(open_book(book))


@contextmanager
def _on(book: Any, master: str, conf: list[str] | None) -> Iterator[Database]:
    """The book on DuckDB, or for as long as this lasts on the Spark that is asked for, which keeps nothing in it."""
    session = session_of(master, conf)
    if session is None:
        yield _database(book)
        return
    from crossbook.book import open_book
    from crossbook.engine import spark

    database = spark.connect(open_book(book), session)
    try:
        yield database
    finally:
        database.close()


def _figures(texts: list[str] | None) -> dict[str, int]:
    found = {}
    for text in texts or ():
        name, _, value = text.partition("=")
        if not value.strip().removeprefix("-").isdecimal():
            raise CrossbookError(f"not a figure: {text!r}", todo="write it as days=14")
        found[name.strip()] = int(value)
    return found


def _list(found: list[dict[str, Any]]) -> None:
    from crossbook.cli import show
    from crossbook.watch.rules import rule

    rows = [
        [
            a["alert"],
            t(rule(a["rule"]).title) + ("" if a["certain"] else " (?)"),
            show.clean(a["name"] or a["subject"]),
            f"{a['first_on']}" if a["first_on"] == a["last_on"] else f"{a['first_on']} – {a['last_on']}",
            f"{a['transfers']:,}",
            _cash(a["amount"], a["currency"], a["unmeasured"]),
        ]
        for a in found
    ]
    show.table([t("alert"), t("what it finds"), t("party"), t("days"), t("transfers"), t("sum")], rows, right=(4, 5))


def _note(note: str, n: int) -> None:
    """Say what there is to say of how a rule ended, and of how many transfers (0: of none)."""
    from crossbook.cli import show

    show.say(f"[{show.WARN}]{show.clean(translated(note))}{f' {n:,}' if n else ''}[/]")


def _more(shown: int, count: int) -> None:
    """Say that there is more than what was listed."""
    from crossbook.cli import show

    if shown < count:
        show.say(f"[dim]{t('{n} of {all}; --limit 0 for all', n=shown, all=f'{count:,}')}[/]")


def _transfers(found: list[dict[str, Any]]) -> None:
    from crossbook.cli import show

    rows = [[str(r["id"]), _when(r), end_of(r, "payer"), end_of(r, "payee"), _amount(r), _line(r)] for r in found]
    columns = [t("number"), t("day"), t("payer"), t("payee"), t("paid"), t("line")]
    show.table(columns, rows, right=(0, 4))


def _unsettled(told: dict[str, Any]) -> str:
    """What is not known, and which fact would settle it."""
    from crossbook.watch.rules import rule

    asked = []
    if told["rule"] == "large_value" and "kind" in told["what"]:
        asked.append(t("whether the holder is a person or a firm (holder kind, in the table of accounts)"))
    if told["rule"] == "large_value" and "border" in told["what"]:
        asked.append(t("on which side of the border payer and payee are (their countries)"))
    if not asked:
        return t(rule(told["rule"]).unsure)
    return t("not certain: a limit may be reached on these days. To settle it, tell {facts}", facts="; ".join(asked))


def _limit(what: str) -> str:
    from crossbook.cli import show
    from crossbook.watch.thresholds import thresholds

    name, _, side = what.rpartition(" ")
    told = next(x for x in thresholds() if x.name == name)
    way = t("what comes in") if side == "in" else t("what goes out")
    return f"{show.clean(t(told.title))} · {way} [dim]({show.clean(told.source)})[/]"


def _cash(minor: int | None, currency: str | None, unmeasured: int = 0) -> str:
    from crossbook.watch.amounts import shown

    if minor is None or not currency:
        return t("not known")
    return shown(minor, currency, unmeasured)


def _amount(row: dict[str, Any]) -> str:
    paid = _cash(row["paid"], row["paid_currency"])
    same = row["paid"] == row["received"] and row["paid_currency"] == row["received_currency"]
    return paid if same else f"{paid} → {_cash(row['received'], row['received_currency'])}"


def _when(row: dict[str, Any]) -> str:
    return str(row["day"])


def _line(row: dict[str, Any]) -> str:
    from crossbook.cli import show

    return show.clean(f"{row['file']}:{row['line']}")
