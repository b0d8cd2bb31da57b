"""Commands of the tax desk: returns, thresholds, the calendar, what was filed, payments."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from crossbook.cli.amounts import amount
from crossbook.cli.choices import choice_of, of
from crossbook.cli.day import On, day_of, say_day
from crossbook.cli.deciding import Yes, decided
from crossbook.cli.options import GROUPS, HERE, AsJson, BookPath, Commands, group, today
from crossbook.i18n import language, t, translated

if TYPE_CHECKING:
    from crossbook.book import Book
    from crossbook.engine import Database
    from crossbook.tax.held import Held
    from crossbook.tax.nearness import Nearness
    from crossbook.tax.returned import Return

STYLE = {
    "over": "red",
    "near": "yellow",
    "below": "green",
    "registered": "green",
    "unknown": "yellow",
    "was over": "yellow",
}


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    commands: Commands = {"return": return_, "thresholds": thresholds, "calendar": calendar, "identities": identities}
    group(app, "tax", "Returns, thresholds, deadlines, tax numbers. 税务申报、门槛与日历", commands, GROUPS)


def _opened(path: Path) -> tuple[Book, Database]:
    from crossbook.book import open_book
    from crossbook.engine import connect
    from crossbook.tax.desk import ready

    book = open_book(path)
    database = connect(book)
    ready(database, book)
    return book, database


def return_(
    kind: Annotated[
        str,
        choice_of(
            "return",
            of("tax.period", "RETURNS"),
            text="ioss, oss, uk_vat, us_sales, cn_refund, cn_exempt, cn_platform. 税种",
        ),
    ],
    period: Annotated[str, typer.Argument(help="2026-06, 2026-Q2 or 2026. 期间")],
    book: BookPath = HERE,
    out: Annotated[Path | None, typer.Option(help="Write it as XLSX. 输出表格")] = None,
    pay: Annotated[Path | None, typer.Option(help="Write its payment as pain.001. 输出付款指令")] = None,
    portal: Annotated[
        Path | None, typer.Option(help="Write the file that the authority takes. 输出税务机关接受的文件")
    ] = None,
    filed: Annotated[bool, typer.Option("--filed", help="Journal that it was filed today. 标记已申报")] = False,
    amended: Annotated[
        bool, typer.Option("--amended", help="As the book computes it now, though one was filed. 已申报后重算")
    ] = False,
    not_filed: Annotated[bool, typer.Option("--not-filed", help="Take that back. 撤销标记")] = False,
    yes: Yes = None,
    json: AsJson = False,
) -> None:
    """One return as computed: lines, boxes, what is to pay, what is missing. 计算申报表"""
    from crossbook.cli import show
    from crossbook.filing.portal import portal as portal_file
    from crossbook.filing.taxes import as_workbook, payment
    from crossbook.tax import period as p
    from crossbook.tax.desk import compute, worked
    from crossbook.tax.held import held_now
    from crossbook.tax.settings import inputs, payee

    asked = p.period(period)
    opened, database = _opened(book)
    if not_filed:
        decided("return", opened, {"form": kind, "period": asked.name}, yes, back=True)
        show.say(t("journalled: {kind} for {period} is not filed", kind=kind, period=asked.name))
        return
    told = (worked if amended else compute)(database, opened, kind, asked)
    if out:
        as_workbook(out, told, {e["sha"]: e["name"] for e in opened.evidence()})
    if pay:
        debtor = str(opened.config.get("business", {}).get("name", ""))
        on = told.due.due if told.due else today()
        pay.write_bytes(payment(told, payee(opened, kind), debtor, datetime.now(UTC), on))
    if portal:
        portal.write_bytes(portal_file(told, inputs(opened, kind).get(asked.name)))
    if filed:
        decided("return", opened, {"form": kind, "period": asked.name}, yes)
    filing = p.filed(opened).get((kind, asked.name))
    was = held_now(database, opened, filing, kind, asked) if filing else None
    if json:
        show.as_json({"return": told, "filed": was})
        return
    _show(told, was)
    for path in (out, pay, portal):
        if path:
            show.say(show.clean(path))


def _show(told: Return, was: Held | None) -> None:
    from crossbook.cli import show
    from crossbook.tax.laws import cited

    due = "" if told.due is None else f"  {t('due')} {told.due.due}"
    if told.wants:
        due = f"  {t('not due')}: {show.clean(translated(told.wants))}"
    show.say(f"[bold]{told.kind} {told.period.name}[/]  {show.clean(told.number or '—')}{due}")
    if was:
        show.say(f"[{_style(was)}]{t('filed on {day}', day=was.on)}: {show.clean(translated(was.words))}[/]")
    rows = [
        [
            show.clean(translated(x.label) + (f" ({x.about})" if x.about else "")),
            f"{x.orders:,}",
            amount(x.base, told.currency),
            x.rate,
            amount(x.tax, told.currency) if x.rate or x.tax else "",
            show.clean(_brief(x.note)),
        ]
        for x in told.lines
    ]
    if rows:
        columns = ["line", "orders", "taxable amount", "tax rate", "tax", "note"]
        show.table([t(c) for c in columns], rows, right=[1, 2, 3, 4])
    show.table(
        [t("box"), "", t("amount")],
        [[b.name, translated(b.title), amount(b.amount, told.currency)] for b in told.boxes],
        right=[2],
    )
    if told.total is not None:
        show.say(f"{t('to pay')}: [bold]{amount(told.total, told.currency)}[/]")
    for text in told.notes:
        show.say(f"[dim]{show.clean(translated(text))}[/]")
    for text in told.open:
        show.say(f"[{show.WARN}]{show.clean(translated(text))}[/]")
    read = f", {t('secondary')}" if told.secondary else ""
    read = f" ({t('read at')} {told.read_at}{read})" if told.read_at else ""
    show.say(f"[dim]{t('legal source')}: {show.clean(cited(told.source) + read)}[/]")
    for source in sorted({x.note for x in told.lines if x.note.startswith("http")}):
        show.say(f"[dim]{t('tax rate')}: {show.clean(cited(source))}[/]")
    if told.due:
        text = "it would be due on {day}" if told.wants else "due on {day}"
        show.say(f"[dim]{t(text, day=told.due.due)}: {show.clean(cited(told.due.source))}[/]")


def _brief(note: str) -> str:
    """A note as a cell: of an address, whose page it is."""
    from crossbook.tax.laws import SECONDARY

    if not note.startswith("http"):
        return translated(note)[:90]
    return note.split("/")[2] + (f" {t(SECONDARY)}" if SECONDARY in note else "")


def _style(was: Held) -> str:
    from crossbook.cli import show

    return show.GOOD if was.difference == 0 else show.WARN


def thresholds(book: BookPath = HERE, on: On = None, json: AsJson = False) -> None:
    """How near sales are to the amounts from which the business must register. 注册门槛"""
    from crossbook.cli import show
    from crossbook.tax.nearness import NO_ORDERS, nearness

    opened, database = _opened(book)
    day = day_of(database, on)
    found = nearness(database, opened, day)
    if json:
        show.as_json(found)
        return
    seen = [n for n in found if n.why != NO_ORDERS and (n.orders or n.state != "below")]
    if any(n.why == NO_ORDERS for n in found):
        show.say(f"[{show.WARN}]{t(NO_ORDERS)}[/]")
        if not seen:
            say_day(day, on)
            return
    columns = ["market", "sales", "orders", "threshold", "share", "state", "reached on", "period", "legal source"]
    show.table([t(c) for c in columns], [_near(n) for n in seen], right=[1, 2, 3, 4])
    if none := [f"{n.country} {n.region}".strip() for n in found if n not in seen and n.why != NO_ORDERS]:
        show.say(f"[dim]{t('no sales that count')}: {', '.join(none)}[/]")
    for n in seen:
        place = f"{n.country} {n.region}".strip()
        if n.why:
            show.say(f"[{show.WARN}]{show.clean(translated(n.why))}[/]")
        if n.untaxed:
            show.say(f"[{show.WARN}]{place}: {show.clean(translated(n.untaxed.words))}[/]")
        if n.holds_from and n.reached_on:
            show.say(
                t("{place}: reached on {day}, obliges from {later}", place=place, day=n.reached_on, later=n.holds_from)
            )
    say_day(day, on)


def _near(n: Nearness) -> list[str]:
    from crossbook.cli import show

    row = n.threshold
    threshold = amount(n.amount, n.currency) if n.amount is not None else "—"
    if row and row.transactions:
        word = "and {n} sales" if row.both else "or {n} sales"
        threshold += "\n" + t(word, n=row.transactions)
    sales = amount(n.sales, n.currency) if n.sales is not None else "?"
    share = "" if n.percent is None else f"{n.percent} %"
    if n.untaxed and n.sales is None:
        sales = f"{amount(n.untaxed.least, n.currency)} –\n{amount(n.untaxed.most, n.currency)}"
    if n.untaxed and n.untaxed.percent_most is not None:
        share = share or f"{n.untaxed.percent_least} – {n.untaxed.percent_most} %"
    if n.left_out:
        sales += "\n" + t("without marketplaces' {sum}", sum=amount(n.left_out, n.currency))
    reached = f"{n.reached_on}\n{show.clean(n.reached_by)}" if n.reached_on else ""
    source = "" if row is None else urlsplit(row.source).netloc + ("\n" + t("secondary") if row.secondary else "")
    return [
        f"{n.country} {n.region}".strip(),
        sales,
        f"{n.orders:,}",
        threshold,
        share,
        f"[{STYLE[n.state]}]{t(n.state)}[/]",
        reached,
        (show.clean(t(row.period)) + "\n" if row else "") + f"{n.first} – {n.last}",
        show.clean(source),
    ]


def calendar(
    book: BookPath = HERE,
    on: On = None,
    out: Annotated[Path | None, typer.Option(help="Write it as .ics. 输出日历")] = None,
    json: AsJson = False,
) -> None:
    """What is due when, and what was filed. 申报日历"""
    from crossbook.cli import show
    from crossbook.filing.taxes import as_calendar
    from crossbook.tax.laws import cited
    from crossbook.tax.owed import due, owed
    from crossbook.tax.period import TITLES

    opened, database = _opened(book)
    day = day_of(database, on)
    found = due(database, opened, day)
    if out:
        out.write_bytes(as_calendar([x.deadline for x in found], language() == "zh"))
    if json:
        show.as_json(found)
        return
    zh = language() == "zh"
    rows = [
        [str(d.due), d.kind, d.period.name, d.title_zh if zh else d.title, x.filed.on if x.filed else "—"]
        for x in found
        for d in [x.deadline]
    ]
    columns = ["due by", "return", "period", "what", "filed"]
    show.table([t(c) for c in columns], rows) if rows else show.say(t("Nothing is due."))
    for x in found:
        if x.filed:
            name = f"{x.deadline.kind} {x.deadline.period.name}"
            show.say(f"[{_style(x.filed)}]{name}: {show.clean(translated(x.filed.words))}[/]")
    for kind, source in sorted({(x.deadline.kind, x.deadline.source) for x in found}):
        show.say(f"[dim]{kind}: {show.clean(cited(source))}[/]")
    say_day(day, on)
    for o in owed(database, opened, day):
        if o.wants:
            show.say(f"[dim]{show.clean(translated(TITLES[o.kind]))}: {show.clean(translated(o.wants))}[/]")


def identities(book: BookPath = HERE, json: AsJson = False) -> None:
    """The business's tax numbers with their validity, checked. 税务识别号"""
    from crossbook.book import open_book
    from crossbook.cli import show
    from crossbook.tax.settings import sound_identities

    found, wrong = sound_identities(open_book(book))
    if json:
        show.as_json(found)
    else:
        rows = [
            [f"{i.country} {i.region}".strip(), t(i.kind), i.number, str(i.since), str(i.until or "—")] for i in found
        ]
        show.table([t(c) for c in ("country", "kind", "number", "from", "to")], rows)
    if wrong:
        raise wrong[0]
