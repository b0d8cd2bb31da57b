"""Commands that show cases: all of them with what falls due next, and one with what the book knows of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.cases.deadlines import deadline_table, kept, title_of
from crossbook.cli.cases.procedure import NO_ADVICE
from crossbook.cli.options import HERE, AsJson, BookPath, as_day
from crossbook.errors import CrossbookError
from crossbook.i18n import language, t, translated

if TYPE_CHECKING:
    from crossbook.cases.case import Case
    from crossbook.cases.exposure import Weighed
    from crossbook.views.case import CaseFile

Name = Annotated[str, typer.Argument(help="The case's name. 案件名称")]


def list_(book: BookPath = HERE, json: AsJson = False) -> None:
    """The cases of the book, with what falls due next. 案件一览"""
    from crossbook.book import open_book
    from crossbook.cases.case import calendar_of, cases
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
        told = f"{due.safe} {title_of(due)}" if due else "—"
        rows.append(
            [
                show.clean(c.name),
                c.procedure,
                show.clean(c.docket),
                show.clean(c.mark),
                t("closed") if c.closed else t("open"),
                told,
                "\n".join(f"{title_of(d)}: {kept(d)}" for d in c.dues() if d.late) or "—",
            ]
        )
    show.table([t(x) for x in ("case", "procedure", "docket", "mark", "state", "next", "kept late")], rows)


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
    from crossbook.cases.case import case
    from crossbook.cli import show

    opened = open_book(book)
    known = case(opened, name)
    if json:
        show.as_json(_case_json(known, book, on, marks, types, (answer, settle, judgment)))
        return
    show_case(known, book, on, marks, types, (answer, settle, judgment))


def _gathered(case: Case, path: Path, on: date | None, marks: int, types: int, quiet: bool = False) -> CaseFile:
    """The case as the book has it on a day: the last of its evidence, when none is given."""
    from crossbook.cli.day import day_of
    from crossbook.cli.settling import open_desk
    from crossbook.views.case import case_file

    desk = open_desk(path, quiet=quiet)
    return case_file(desk, case, day_of(desk.database, on), marks, types)


def _weighed(found: CaseFile, figures: tuple[str, str, str]) -> Weighed | None:
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


def show_case(
    case: Case,
    path: Path,
    on: date | None = None,
    marks: int = 1,
    types: int = 1,
    figures: tuple[str, str, str] = ("", "", ""),
) -> None:
    from crossbook.cases.procedure import procedure
    from crossbook.cli import show

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
    deadline_table(case)
    found = _gathered(case, path, on, marks, types)
    _show_money(found)
    _show_range(found, marks, types)
    _show_weighed(_weighed(found, figures))
    if found.first:
        show.say(f"\n[bold]{t('The first 48 hours')}[/]")
        for step in found.first:
            show.say(f"  [ ] {step.do_zh if zh else step.do}".replace("[ ]", r"\[ ]"))
    show.say(f"[dim]{of.note_zh if zh else of.note}\n{t(NO_ADVICE)}[/]")


def _show_money(found: CaseFile) -> None:
    """The money of the case's accounts that is not at the bank, and what was sold of the accused products."""
    from crossbook.cli import show
    from crossbook.cli.amounts import amount

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


def _show_range(found: CaseFile, marks: int, types: int) -> None:
    """The range of statutory damages."""
    from crossbook.cli import show
    from crossbook.cli.amounts import amount

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


def _show_weighed(weighed: Weighed | None) -> None:
    """What each choice costs, and from which chance of winning on answering costs less."""
    from crossbook.cli import show
    from crossbook.cli.amounts import amount

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
