"""Deciding, taking back, and what was decided: decide, undo, decisions. One way for all kinds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.choices import choice, of
from crossbook.cli.options import HERE, AsJson, BookPath, Commands, Why, command, group
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.book import Book
    from crossbook.engine import Database

PANEL = "Decisions 人工决定"
Payout = Annotated[str, typer.Argument(metavar="PAYOUT", help="The payout, as `crossbook payouts` lists it. 结算单号")]
Order = Annotated[str, typer.Argument(metavar="ORDER", help="The order. 订单号")]
Rule = Annotated[str, typer.Argument(metavar="RULE", help="The rule, as `crossbook trade show` names it. 规则")]
Listing = Annotated[str, typer.Argument(metavar="LISTING", help="The listing, by its id. 商品编号")]
Mark = Annotated[str, typer.Argument(metavar="MARK", help="The mark that it is near. 商标")]
File = Annotated[str, typer.Argument(metavar="FILE", help="Its name or the start of its SHA-256. 文件名或哈希")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    decided: Commands = {"match": match, "explanation": explanation, "finding": finding, "hit": hit, "file": file}
    taken_back: Commands = {
        "match": undo_match,
        "explanation": undo_explanation,
        "finding": undo_finding,
        "hit": undo_hit,
        "file": undo_file,
    }
    group(app, "decide", "Decide what the book cannot: each decision is journalled. 作出决定", decided, PANEL)
    group(app, "undo", "Take a decision back: that is journalled too. 撤销决定", taken_back, PANEL)
    command(app, decisions, panel=PANEL)


def match(
    payout: Payout,
    credit: Annotated[str, typer.Argument(metavar="CREDIT", help="The credit, as `crossbook bank` lists it. 入账")],
    book: BookPath = HERE,
    why: Why = "",
    difference: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="So much is missing in it, and it is this payout. 接受差额")
    ] = None,
    json: AsJson = False,
) -> None:
    """A payout arrived as this bank credit. 结算对应此笔入账"""
    from crossbook.cli.amounts import minor_units
    from crossbook.cli.settling import open_desk
    from crossbook.settle.match_decisions import decide_match

    desk = open_desk(book, quiet=json, restore=False)
    named = minor_units(difference, desk.payout(payout).currency) if difference is not None else None
    decide_match(desk, payout, credit, why, difference=named)
    _journalled(desk.book, json)


def explanation(
    payout: Payout,
    number: Annotated[int, typer.Argument(metavar="N", help="Which, as `crossbook restore PAYOUT` counts. 第几种组合")],
    book: BookPath = HERE,
    why: Why = "",
    json: AsJson = False,
) -> None:
    """Of several sets of orders that explain a total, this one is right. 确认订单组合"""
    from crossbook.cli.settling import open_desk
    from crossbook.settle.restoration.acceptance import accept_explanation

    desk = open_desk(book, quiet=json)
    found = desk.payout(payout)
    accept_explanation(desk.book, found.id, found.restoration, number, why)
    _journalled(desk.book, json)


def finding(order: Order, rule: Rule, book: BookPath = HERE, why: Why = "", json: AsJson = False) -> None:
    """A rule is not to be held against a trade: it is real all the same. 排除核验规则"""
    from crossbook.verify.deciding import put_aside
    from crossbook.verify.trade import trade

    opened, database = _verified(book)
    trade(database, opened, order)
    put_aside(opened, order, rule, why)
    _journalled(opened, json)


def hit(listing: Listing, mark: Mark, book: BookPath = HERE, why: Why = "", json: AsJson = False) -> None:
    """A listing may stay as it is, though it is near a mark. 排除商标命中"""
    from crossbook.brand.desk import dismiss, open_brand
    from crossbook.cli import show
    from crossbook.cli.day import day_of
    from crossbook.cli.marks.register import open_marks

    opened, database = open_marks(book)
    with show.progress(json) as step:
        open_brand(database, opened, day_of(database, None), step)
    dismiss(opened, database, listing, mark, why)
    _journalled(opened, json)


def file(name: File, book: BookPath = HERE, why: Why = "", json: AsJson = False) -> None:
    """Take a file out of use: it stays in the book, and so does the decision. 停用证据"""
    from crossbook.book import open_book
    from crossbook.book.deciding import retire

    opened = open_book(book)
    retire(opened, name, why)
    _journalled(opened, json)


def undo_match(payout: Payout, book: BookPath = HERE, why: Why = "", json: AsJson = False) -> None:
    """The match of a payout does not hold, whoever made it. 撤销匹配"""
    from crossbook.cli.settling import open_desk
    from crossbook.settle.match_decisions import undo_match as take_back

    desk = open_desk(book, quiet=json, restore=False)
    take_back(desk, payout, why)
    _journalled(desk.book, json)


def undo_explanation(payout: Payout, book: BookPath = HERE, json: AsJson = False) -> None:
    """The explanation that was accepted does not hold. 撤销订单组合"""
    from crossbook.book import open_book
    from crossbook.settle.restoration.acceptance import undo_acceptance

    opened = open_book(book)
    undo_acceptance(opened, payout)
    _journalled(opened, json)


def undo_finding(order: Order, rule: Rule, book: BookPath = HERE, json: AsJson = False) -> None:
    """A rule counts again for a trade. 恢复核验规则"""
    from crossbook.book import open_book
    from crossbook.verify.deciding import take_up_again

    opened = open_book(book)
    take_up_again(opened, order, rule)
    _journalled(opened, json)


def undo_hit(listing: Listing, mark: Mark, book: BookPath = HERE, json: AsJson = False) -> None:
    """A hit on a mark counts again for a listing. 恢复商标命中"""
    from crossbook.book import open_book
    from crossbook.brand.desk import reopen

    opened = open_book(book)
    reopen(opened, listing, mark)
    _journalled(opened, json)


def undo_file(name: File, book: BookPath = HERE, why: Why = "", json: AsJson = False) -> None:
    """Use a file again. 恢复使用证据"""
    from crossbook.book import open_book
    from crossbook.book.deciding import reinstate

    opened = open_book(book)
    reinstate(opened, name, why)
    _journalled(opened, json)


def _verified(path: Path) -> tuple[Book, Database]:
    from crossbook.cli.settling import open_desk
    from crossbook.cli.trade.verify import judged

    return judged(open_desk(path, quiet=True, restore=False))


def _journalled(book: Book, json: bool) -> None:
    """Say what the newest entry of the journal says."""
    from crossbook.cli import show
    from crossbook.views.decisions import sentence

    entry = book.journal()[-1]
    if json:
        show.as_json({"text": sentence(entry), "entry": entry})
        return
    show.say(t("journalled: {text}", text=show.clean(translated(sentence(entry)))))


def decisions(
    book: BookPath = HERE,
    kind: Annotated[
        str,
        choice("kind", of("views.decisions", "OF_KIND"), text="Only match, explanation, finding, hit, file, ... 种类"),
    ] = "",
    standing: Annotated[bool, typer.Option("--standing", help="Only what was not taken back. 仅有效")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many to list, newest first. 条数")] = 50,
    json: AsJson = False,
) -> None:
    """The journal: what was decided, by whom, when and why; what was taken back or approved. 决定记录"""
    from crossbook.book import open_book
    from crossbook.cli import show
    from crossbook.views.decisions import journal

    every = [d for d in journal(open_book(book), kind) if d.standing or not standing]
    if json:
        show.as_json(every)
        return
    if not every:
        show.say(t("nothing was decided"))
        return
    rows = [
        [
            str(d.seq),
            d.at[:16].replace("T", " "),
            show.clean(d.who),
            t(d.kind) if d.kind else "",
            show.clean(translated(d.text)) + ("" if d.standing else f" [dim]({t('taken back')})[/]"),
            show.clean(d.why),
            show.clean(d.approved_by or ""),
        ]
        for d in every[:limit]
    ]
    show.table([t(c) for c in ("no.", "when", "who", "kind", "decision", "why", "approved by")], rows, right=[0])
    if len(every) > limit:
        show.say(t("and {count} more: --limit or --json", count=f"{len(every) - limit:,}"))
