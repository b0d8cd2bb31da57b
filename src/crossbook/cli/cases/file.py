"""Commands on case files: open, list, show, add what happened, deadlines, calendar, close."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.choices import Accounts, choice, of, procedures
from crossbook.cli.options import HERE, AsJson, BookPath, as_day, today
from crossbook.errors import CrossbookError
from crossbook.i18n import language, t, translated

if TYPE_CHECKING:
    from crossbook.book import Book
    from crossbook.cases.file import Case, Due
    from crossbook.views.casefile import CaseFile

STYLE = {"act by": "red", "ends": "yellow", "not before": "green"}
Name = Annotated[str, typer.Argument(help="The case's name. 案件名称")]
Happened = Annotated[list[str] | None, typer.Option("--event", metavar="EVENT=DAY", help="What happened. 事件=日期")]
Skus = Annotated[list[str] | None, typer.Option("--sku", help="An accused product. 涉案货号")]
Right = Annotated[
    str,
    choice("right", of("cases.file", "RIGHTS"), text="Which right: trademark, copyright, patent or other. 权利种类"),
]
NO_ADVICE = "This counts days and sums from the book and is no legal advice."


def new(
    name: Name,
    procedure: Annotated[str, choice("procedure", procedures, text="As `crossbook cases procedures` lists it. 程序")],
    book: BookPath = HERE,
    letter: Annotated[Path | None, typer.Option(help="The letter, complaint or order (PDF). 来函或裁定")] = None,
    happened: Happened = None,
    sku: Skus = None,
    account: Accounts = None,
    state: Annotated[str, typer.Option(help="Where the federal court sits: IL. 法院所在州")] = "",
    court: Annotated[str, typer.Option(help="The court or office. 法院或机构")] = "",
    docket: Annotated[str, typer.Option(help="Its number. 案号")] = "",
    parties: Annotated[str, typer.Option(help="Who against whom. 当事人")] = "",
    mark: Annotated[str, typer.Option(help="The mark or work. 商标或作品")] = "",
    right: Right = "",
    json: AsJson = False,
) -> None:
    """Open a case from a letter or from typed facts; listings that the letter names become accused products.
    新建案件"""
    from crossbook.book import open_book
    from crossbook.cases.file import open_case
    from crossbook.cli import show
    from crossbook.cli.cases.procedure import _days

    days = _days(happened or [])
    opened = open_book(book)
    _check_accounts(opened, account)
    told: dict[str, Any] = {
        "state": state.upper(),
        "court": court,
        "docket": docket,
        "parties": parties,
        "mark": mark,
        "right": right,
        "skus": tuple(sku or ()),
        "accounts": tuple(account or ()),
        "happened": days,
    }
    if letter is not None:
        told = _from_letter(opened, letter) | {k: v for k, v in told.items() if v}
    case = open_case(opened, name, procedure, **told)
    if json:
        show.as_json(case)
        return
    show.say(t("journalled: the case {name} is open", name=show.clean(name)))
    _show_case(case, book)


def _check_accounts(book: Book, named: list[str] | None) -> None:
    """Raise ParameterError for an account that a book with accounts does not know: its money would not be found."""
    from crossbook.engine import connect
    from crossbook.errors import one_of
    from crossbook.views.accounts import accounts

    known = accounts(book, connect(book)) if named else ()
    for account in named or () if known else ():
        one_of("account", account, known)


def _from_letter(book: Book, path: Path) -> dict[str, Any]:
    """What a letter tells of a case, the letter added to the book first."""
    from crossbook.book.adding import add
    from crossbook.book.opening import inputs
    from crossbook.cli import show
    from crossbook.engine import connect

    (item,) = inputs([path])
    added = add(book, item, source="letter")
    database = connect(book)
    rows = database.rows("SELECT * FROM letter WHERE evidence = $sha ORDER BY line", sha=added.sha)
    first = rows[0]
    listings = (first["listings"] or "").split()
    known = database.rows("SELECT DISTINCT sku FROM listing WHERE list_contains($ids, listing)", ids=listings)
    show.say(
        t(
            "read in {name}: {court} {docket}, {plaintiff}; days named: {days}",
            name=show.clean(path.name),
            court=show.clean(first["court"] or "—"),
            docket=show.clean(first["docket"] or "—"),
            plaintiff=show.clean(first["plaintiff"] or "—"),
            days=first["days"] or "—",
        )
    )
    if listings and not known:
        show.say(t("it names {listings}, which are no listings of the book: give --sku", listings=" ".join(listings)))
    return {
        "letter": added.sha,
        "court": first["court"] or "",
        "state": first["state"] or "",
        "docket": first["docket"] or "",
        "parties": first["plaintiff"] or "",
        "skus": tuple(sorted(r["sku"] for r in known)),
    }


def list_(book: BookPath = HERE, json: AsJson = False) -> None:
    """The cases of the book, with what falls due next. 案件一览"""
    from crossbook.book import open_book
    from crossbook.cases.file import calendar_of, cases
    from crossbook.cli import show

    opened = open_book(book)
    found = list(cases(opened).values())
    if json:
        show.as_json(found)
        return
    if not found:
        show.say(t("no case is open: crossbook cases new"))
        return
    following = {d.case: d for d in reversed([d for d in calendar_of(opened) if not d.done])}
    rows = []
    for c in found:
        due = following.get(c.name)
        told = f"{due.safe} {_title(due)}" if due else "—"
        rows.append(
            [
                show.clean(c.name),
                c.procedure,
                show.clean(c.docket),
                show.clean(c.mark),
                t("closed") if c.closed else t("open"),
                told,
            ]
        )
    show.table([t(x) for x in ("case", "procedure", "docket", "mark", "state", "next")], rows)


def show_(
    name: Name,
    book: BookPath = HERE,
    on: Annotated[
        date | None, typer.Option(metavar="DAY", parser=as_day, help="Where the money is on this day. 日期")
    ] = None,
    marks: Annotated[int, typer.Option(min=1, help="Counterfeit marks alleged. 被控商标数")] = 1,
    types: Annotated[int, typer.Option(min=1, help="Types of goods. 商品种类数")] = 1,
    answer: Annotated[str, typer.Option(help="Counsel's quote to answer, in US dollars. 应诉报价")] = "",
    settle: Annotated[str, typer.Option(help="A settlement, with counsel. 和解金额")] = "",
    judgment: Annotated[str, typer.Option(help="What a judgment could take. 可能判赔")] = "",
    json: AsJson = False,
) -> None:
    """One case: its clocks, the money held back, accused sales by day, the range of damages, what to do first.
    案件详情"""
    from crossbook.book import open_book
    from crossbook.cases.file import case
    from crossbook.cli import show

    opened = open_book(book)
    known = case(opened, name)
    if json:
        show.as_json(_case_json(known, book, on, marks, types, (answer, settle, judgment)))
        return
    _show_case(known, book, on, marks, types, (answer, settle, judgment))


def _gathered(case: Case, path: Path, on: date | None, marks: int, types: int, quiet: bool = False) -> CaseFile:
    """The case as the book has it on a day: the last of its evidence, when none is given."""
    from crossbook.cli.day import day_of
    from crossbook.cli.desk import open_desk
    from crossbook.views.casefile import case_file

    desk = open_desk(path, quiet=quiet)
    return case_file(desk, case, day_of(desk.database, on), marks, types)


def _weighed(found: CaseFile, figures: tuple[str, str, str]) -> Any:
    from crossbook import money
    from crossbook.cases.exposure import Quotes, weigh

    if not any(figures):
        return None
    if not all(figures):
        raise CrossbookError("weighing needs three figures of your own", todo="give --answer, --settle and --judgment")
    try:
        answer, settle, judgment = (money.parse(f, 2, ".") for f in figures)
    except ValueError as error:
        raise CrossbookError(f"not a sum: {error}", todo="write it as 25000 or 25000.00") from None
    return weigh(Quotes(answer=answer, settle=settle, judgment=judgment, frozen=found.frozen.get("USD", 0)))


def _case_json(
    case: Case, path: Path, on: date | None, marks: int, types: int, figures: tuple[str, str, str]
) -> dict[str, Any]:
    found = _gathered(case, path, on, marks, types, quiet=True)
    return {
        "case": case,
        "deadlines": found.deadlines,
        "held": found.held,
        "on": found.on,
        "sales": found.sales,
        "exposure": found.exposure,
        "weighed": _weighed(found, figures),
        "first": found.first,
        "note": NO_ADVICE,
    }


def _show_case(
    case: Case,
    path: Path,
    on: date | None = None,
    marks: int = 1,
    types: int = 1,
    figures: tuple[str, str, str] = ("", "", ""),
) -> None:
    from crossbook.cases.procedure import procedure
    from crossbook.cli import show
    from crossbook.cli.desk import amount

    of, zh = procedure(case.procedure), language() == "zh"
    show.say(f"[bold]{show.clean(case.name)}[/]  {of.title_zh if zh else of.title}")
    told = [
        (t("court"), case.court),
        (t("docket"), case.docket),
        (t("parties"), case.parties),
        (t("mark"), case.mark),
        (t("right"), t(case.right)),
        (t("accused"), " ".join(case.skus)),
        (t("letter"), case.letter[:12]),
    ]
    show.say("  ".join(f"{k}: {show.clean(v)}" for k, v in told if v))
    _deadline_table(case)
    found = _gathered(case, path, on, marks, types)
    if found.held:
        show.say(f"\n[bold]{t('Money that has not reached the bank on {day}', day=found.on)}[/]")
        show.table(
            [t("account"), t("where"), t("orders"), t("amount")],
            [[show.clean(s.account), t(s.place), f"{s.orders:,}", amount(s.amount, s.currency)] for s in found.held],
            right=[2, 3],
        )
    sales = found.sales
    if sales and sales.totals:
        days = t(
            "Accused sales from {first} to {last}, {n} days", first=sales.first, last=sales.last, n=len(sales.days)
        )
        show.say(f"[bold]{days}[/]")
        show.table(
            [t("product"), t("orders"), t("units"), t("revenue")],
            [[show.clean(s), f"{o:,}", f"{u:,}", amount(r, c)] for s, c, u, r, o in sales.totals],
            right=[1, 2, 3],
        )
    for unsold in sales.unsold if sales else ():
        show.say(f"[{show.WARN}]{show.clean(translated(unsold.said))}[/]")
    if e := found.exposure:
        show.say(
            t(
                "statutory damages: {least} to {most}, up to {wilful} if wilful "
                "({marks} marks, {types} types of goods; {law})",
                least=amount(e.least, "USD"),
                most=amount(e.most, "USD"),
                wilful=amount(e.most_wilful, "USD"),
                marks=marks,
                types=types,
                law=e.source,
            )
        )
        show.say(f"[dim]{translated(e.note)}[/]")
    weighed = _weighed(found, figures)
    if weighed:
        show.table(
            [t("choice"), t("if it goes well"), t("if it goes ill"), t("rests on")],
            [[t(c.name), amount(c.well, "USD"), amount(c.ill, "USD"), translated(c.rests_on)] for c in weighed.choices],
            right=[1, 2],
        )
        for other, chance in (
            (t("settling"), weighed.answer_beats_settle),
            (t("letting judgment be entered"), weighed.answer_beats_default),
        ):
            show.say(
                t("at no chance of winning does answering cost less than {other}", other=other)
                if chance is None
                else t(
                    "answering costs less than {other} from a chance of winning of {chance} %",
                    other=other,
                    chance=chance / 10,
                )
            )
    if found.first:
        show.say(f"\n[bold]{t('The first 48 hours')}[/]")
        for step in found.first:
            show.say(f"  [ ] {step.do_zh if zh else step.do}".replace("[ ]", r"\[ ]"))
    show.say(f"[dim]{of.note_zh if zh else of.note}\n{t(NO_ADVICE)}[/]")


def _deadline_table(case: Case) -> None:
    from crossbook.cli import show
    from crossbook.cli.cases.procedure import OPEN, _span

    zh = language() == "zh"
    found = case.deadlines()
    if not found:
        show.say(t("nothing runs from this"))
        return
    show.table(
        [t(c) for c in ("day", "kind", "what", "whose", "law", "usual", "kept")],
        [
            [
                f"[{STYLE[d.limit.kind]}]{_span(d.due)}[/]",
                t(d.limit.kind),
                d.limit.title_zh if zh else d.limit.title,
                t(d.limit.who),
                d.limit.source,
                (d.limit.usual_zh if zh else d.limit.usual) or "—",
                case.done.get(d.limit.name, "—"),
            ]
            for d in found
        ],
    )
    if any(not d.due.settled for d in found):
        show.say(f"[{show.WARN}]{t(OPEN)}[/]")


def event(
    name: Name,
    happened: Annotated[
        list[str] | None, typer.Argument(metavar="EVENT=DAY", help="served=2026-06-13. 事件=日期")
    ] = None,
    book: BookPath = HERE,
    sku: Skus = None,
    account: Accounts = None,
    right: Right = "",
    done: Annotated[str, typer.Option(metavar="LIMIT=DAY", help="A time limit that was kept. 已履行的期限")] = "",
    json: AsJson = False,
) -> None:
    """Journal what became known of a case: events, accused products, frozen accounts, a time limit kept. 更新案件"""
    from crossbook.book import open_book
    from crossbook.cases.file import case, change_case, keep_limit
    from crossbook.cli import show
    from crossbook.cli.cases.procedure import _days

    days, kept = _days(happened or []), _days([done] if done else [])
    opened = open_book(book)
    _check_accounts(opened, account)
    for limit, day in kept.items():
        keep_limit(opened, name, limit, day)
    told: dict[str, Any] = {
        "happened": days,
        "skus": tuple(sku or ()),
        "accounts": tuple(account or ()),
        "right": right,
    }
    if any(told.values()):
        change_case(opened, name, **told)
    elif not done:
        raise CrossbookError("nothing to journal", todo="give EVENT=DAY, --sku, --account, --right or --done")
    if json:
        show.as_json(case(opened, name))
        return
    show.say(t("journalled: {name}", name=show.clean(name)))


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
    from crossbook.cases.file import calendar_of, case
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
    _deadline_table(known)


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
    from crossbook.cases.file import calendar_of
    from crossbook.cli import show
    from crossbook.cli.cases.procedure import _span

    day = on or today()
    found = [d for d in calendar_of(open_book(book)) if (d.safe - day).days <= within]
    if out:
        _write(out, found)
    if json:
        show.as_json([{"case": d.case, "safe": d.safe, "done": d.done, "deadline": d.deadline} for d in found])
    elif found:
        show.table(
            [t(c) for c in ("in", "day", "case", "kind", "what", "kept")],
            [
                [
                    _away(d, day),
                    _span(d.deadline.due),
                    show.clean(d.case),
                    f"[{STYLE[d.deadline.limit.kind]}]{t(d.deadline.limit.kind)}[/]",
                    _title(d),
                    d.done or "—",
                ]
                for d in found
            ],
        )
        show.say(f"[dim]{t(NO_ADVICE)}[/]")
    else:
        show.say(t("nothing falls due"))
    if check and any(d.deadline.limit.kind == "act by" and not d.done and (d.safe - day).days <= 3 for d in found):
        raise typer.Exit(1)


def _away(due: Due, day: date) -> str:
    days = (due.safe - day).days
    return t("{n} days", n=days) if days >= 0 else f"[bold red]{t('past')}[/]" if not due.done else t("past")


def _title(due: Due) -> str:
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
            summary=f"{d.case}: {_title(d)}",
            description=f"{d.deadline.limit.source} {d.deadline.limit.link}",
        )
        for d in found
    ]
    out.write_bytes(calendar_file("cases", entries))
    show.say(t("{n} days written to {path}", n=len(entries), path=show.clean(out)))


def close(
    name: Name,
    why: Annotated[str, typer.Option(help="How it ended. 结果")],
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Journal that a case is over, and how. 结案"""
    from crossbook.book import open_book
    from crossbook.cases.file import case, close_case
    from crossbook.cli import show

    opened = open_book(book)
    close_case(opened, name, why)
    if json:
        show.as_json(case(opened, name))
        return
    show.say(t("journalled: the case {name} is closed", name=show.clean(name)))
