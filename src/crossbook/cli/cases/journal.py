"""Commands that write of a case in the journal: open it, add what became known, close it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.cases.procedure import days_named
from crossbook.cli.cases.sheet import show_case
from crossbook.cli.choices import Accounts, choice, of, procedures
from crossbook.cli.deciding import Yes, decided
from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.errors import CrossbookError
from crossbook.i18n import t

if TYPE_CHECKING:
    from crossbook.book import Book

Name = Annotated[str, typer.Argument(help="The case's name. 案件名称")]
Happened = Annotated[list[str] | None, typer.Option("--event", metavar="EVENT=DAY", help="What happened. 事件=日期")]
Skus = Annotated[list[str] | None, typer.Option("--sku", help="An accused product. 涉案货号")]
Right = Annotated[
    str,
    choice("right", of("cases.case", "RIGHTS"), text="Which right: trademark, copyright, patent or other. 权利种类"),
]


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
    yes: Yes = None,
    json: AsJson = False,
) -> None:
    """Open a case from a letter or from typed facts; listings that the letter names become accused products.
    新建案件"""
    from crossbook.book import open_book
    from crossbook.cases.case import case
    from crossbook.cli import show

    told: dict[str, Any] = {
        "happened": days_named(happened or []),
        "skus": tuple(sku or ()),
        "accounts": tuple(account or ()),
        "state": state,
        "court": court,
        "docket": docket,
        "parties": parties,
        "mark": mark,
        "right": right,
    }
    opened = open_book(book)
    if letter is not None:
        told = _from_letter(opened, letter) | {k: v for k, v in told.items() if v}
    decided("case", opened, {"case": name, "procedure": procedure, **told}, yes)
    found = case(opened, name)
    if json:
        show.as_json(found)
        return
    show.say(t("journalled: the case {name} is open", name=show.clean(name)))
    show_case(found, book)


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
    yes: Yes = None,
    json: AsJson = False,
) -> None:
    """Journal what became known of a case: events, accused products, frozen accounts, a time limit kept. 更新案件"""
    from crossbook.book import open_book
    from crossbook.cases.case import case
    from crossbook.cli import show

    days, kept = days_named(happened or []), days_named([done] if done else [])
    about = {"skus": tuple(sku or ()), "accounts": tuple(account or ()), "right": right}
    opened = open_book(book)
    if not (days or kept or any(about.values())):
        raise CrossbookError("nothing to journal", todo="give EVENT=DAY, --sku, --account, --right or --done")
    for what, day in sorted(days.items(), key=lambda d: d[1]):
        decided("event", opened, {"case": name, "event": what, "on": day}, yes)
    for limit, day in kept.items():
        decided("limit", opened, {"case": name, "limit": limit, "on": day}, yes)
    if any(about.values()):
        decided("about", opened, {"case": name, **about}, yes)
    if json:
        show.as_json(case(opened, name))
        return
    show.say(t("journalled: {name}", name=show.clean(name)))


def close(
    name: Name,
    why: Annotated[str, typer.Option(help="How it ended. 结果")],
    book: BookPath = HERE,
    yes: Yes = None,
    json: AsJson = False,
) -> None:
    """Journal that a case is over, and how. 结案"""
    from crossbook.book import open_book
    from crossbook.cases.case import case
    from crossbook.cli import show

    opened = open_book(book)
    decided("closing", opened, {"case": name, "why": why}, yes)
    if json:
        show.as_json(case(opened, name))
        return
    show.say(t("journalled: the case {name} is closed", name=show.clean(name)))
