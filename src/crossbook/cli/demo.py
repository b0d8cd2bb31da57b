"""The command demo: a sample business, from empty folder to summary."""

from __future__ import annotations

import json as jsonlib
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.options import AsJson, command
from crossbook.errors import CrossbookError
from crossbook.i18n import t

if TYPE_CHECKING:
    from crossbook.settle import Desk

MARKS = (".demo", "truth/planted.json")  # a folder with one was made by this command, and may be made anew


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    command(app, demo, panel="Faces 界面")


def demo(
    folder: Annotated[Path | None, typer.Argument(help="Where to put it; demo-book if not said. 文件夹")] = None,
    orders: Annotated[int, typer.Option(min=400, max=10_000_000, help="How many orders. 订单数")] = 20_000,
    institution: Annotated[
        bool, typer.Option("--institution", help="A payment institution instead, for watch. 支付机构")
    ] = False,
    fleet: Annotated[
        int | None, typer.Option(min=3, max=1_000, help="So many sellers instead, a book each, for fleet. 多账簿")
    ] = None,
    transfers: Annotated[
        int, typer.Option(min=3000, max=10_000_000, help="How many transfers an institution has. 交易笔数")
    ] = 300_000,
    seed: Annotated[int | None, typer.Option(help="Another seed, another business. 随机种子")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Remove an earlier demo first. 覆盖旧演示")] = False,
    files_only: Annotated[bool, typer.Option("--files-only", help="Write the files, make no book. 只生成文件")] = False,
    json: AsJson = False,
) -> None:
    """Write a sample business in native formats, add it to a book, and say what the book finds. 演示"""
    from crossbook.book import init_book, open_book
    from crossbook.book.adding import add
    from crossbook.book.opening import inputs
    from crossbook.cli import show
    from crossbook.demo.making import NAME, SEED, in_all, make, settings_for
    from crossbook.settle import settle

    folder = folder or Path("demo-institution" if institution else "demo-fleet" if fleet else "demo-book")
    _clear(folder, fresh)
    if fleet:
        from crossbook.cli.demo_fleet import fleet as write_fleet

        write_fleet(folder, fleet, seed, files_only, json)
        return
    if institution:
        from crossbook.cli.demo_institution import institution as write_institution

        write_institution(folder, transfers, seed, files_only, json)
        return
    if not json:
        show.say(
            t(
                "writing 18 months of a Shenzhen outdoor-gear seller, {n} orders, to {folder}",
                n=f"{in_all(orders):,}",
                folder=show.clean(folder),
            )
        )
    made = make(folder, orders=orders, seed=SEED if seed is None else seed)
    if files_only:
        return
    book = init_book(folder / "book", NAME, "CNY")
    settings_for(book)
    book = open_book(folder / "book")
    found = inputs([made.inbox])
    statuses: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    with show.progress(quiet=json) as step:
        for i, item in enumerate(found):
            step(t("adding"), i, len(found))
            added = add(book, item)
            statuses[added.status] += 1
            sources[added.source] += 1
        step(t("adding"), len(found), len(found))
        desk = settle(book, progress=step)
    truth = jsonlib.loads((made.truth / "seabridge-payouts.json").read_text(encoding="utf-8"))
    accuracy = _accuracy(desk, {row["payout"]: set(row["orders"]) for row in truth})
    if json:
        show.as_json(
            {
                "folder": folder,
                "files": dict(statuses),
                "sources": dict(sources),
                "payouts": Counter(p.status for p in desk.payouts),
                "matches": len(desk.side.matches),
                "restored": {status: {"right": right, "all": number} for status, (right, number) in accuracy.items()},
            }
        )
        return
    _summary(desk, folder, statuses, sources, accuracy)


def _clear(folder: Path, fresh: bool) -> None:
    if folder.exists() and any(folder.iterdir()):
        if not fresh:
            raise CrossbookError(
                "there is something here already", where=str(folder), todo="name another folder, or say --fresh"
            )
        if not any((folder / mark).exists() for mark in MARKS):
            what = "not a demo's folder, so it is not removed"
            raise CrossbookError(what, where=str(folder), todo="name another folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKS[0]).touch()  # before all else: one that was stopped is a demo's, too


def _accuracy(desk: Desk, truth: dict[str, set[str]]) -> dict[str, tuple[int, int]]:
    """By verdict: how many restored payouts hold exactly the right orders, of how many."""
    right: Counter[str] = Counter()
    number: Counter[str] = Counter()
    for p in desk.payouts:
        if p.restoration and p.payout_id in truth:
            number[p.status] += 1
            right[p.status] += {o.order_id for o in p.restoration.orders} == truth[p.payout_id]
    return {status: (right[status], number[status]) for status in number}


def _summary(
    desk: Desk, folder: Path, statuses: Counter[str], sources: Counter[str], accuracy: dict[str, tuple[int, int]]
) -> None:
    from crossbook.cli import show
    from crossbook.cli.amounts import amount
    from crossbook.cli.day import day_of
    from crossbook.cli.settling import STYLE
    from crossbook.settle.position import position

    show.say("")
    show.say(
        t(
            "[bold]{n} files[/] in {s} formats were added; {d} was there twice",
            n=statuses["added"],
            s=len(sources),
            d=statuses["duplicate"],
        )
    )
    rows: list[list[str]] = []
    for account in sorted({p.account for p in desk.payouts}):
        mine = [p for p in desk.payouts if p.account == account]
        counts = Counter(p.status for p in mine)
        told = ", ".join(f"[{STYLE[s]}]{n} {t(s)}[/]" for s, n in counts.most_common())
        arrived = sum(p.match is not None for p in mine)
        rows.append(
            [account, f"{len(mine)}", amount(sum(p.amount for p in mine), mine[0].currency), told, f"{arrived}"]
        )
    show.table([t("account"), t("payouts"), t("paid"), t("status"), t("at the bank")], rows, right=[1, 2, 4])
    show.say(f"[bold]{t('Needs attention')}[/]")
    for p in desk.payouts:
        if p.status in ("not_closed", "unexplained"):
            show.say(
                f"  {show.clean(p.id)}  {amount(p.amount, p.currency)}: [{STYLE[p.status]}]{t(p.status)}[/], "
                f"{t('difference')} {amount(p.difference, p.currency)}"
            )
    waiting = [p for p in desk.payouts if p.status == "ambiguous"]
    if waiting:
        show.say(
            "  "
            + t(
                "{n} payouts of seabridge admit several sets of orders; one more fact would settle each", n=len(waiting)
            )
        )
    for c in desk.side.open_credits:
        party = show.clean(c["counterparty"] or c["description"])
        text = t(
            "{money} from {party} on {day}: no platform order behind it",
            money=amount(c["amount"], c["currency"]),
            party=party,
            day=c["booked_on"],
        )
        show.say(f"  {text}")
    show.say("")
    show.say(f"[bold]{t('Restored from totals alone, held against the truth')}[/]")
    for status, (right, number) in sorted(accuracy.items()):
        show.say(
            f"  [{STYLE[status]}]{t(status)}[/]: "
            + t("{right} of {number} have exactly the right orders", right=right, number=number)
        )
    last = day_of(desk.database, None)
    _places(position(desk, last), last)
    _next(desk, folder)


def _places(stages: list[Any], day: Any) -> None:
    from crossbook.cli import show
    from crossbook.cli.amounts import amount

    sums: dict[tuple[str, str], int] = {}
    for s in stages:
        sums[s.place, s.currency] = sums.get((s.place, s.currency), 0) + s.amount
    rows = [[t(place), amount(total, currency)] for (place, currency), total in sums.items()]
    show.table([t("Where the money is on {day}", day=day), ""], rows, right=[1])


def _next(desk: Desk, folder: Path) -> None:
    from crossbook.cli import show

    book = show.clean(folder / "book")
    unclosed = next((p.id for p in desk.payouts if p.status == "not_closed"), "ID")
    restored = next((p.id for p in desk.payouts if p.restoration), "ID")
    show.say(f"[bold]{t('Next')}[/]")
    command = Path(sys.argv[0]).resolve()
    path = [] if shutil.which("crossbook") else [(f"export PATH={show.clean(command.parent)}:$PATH", "")]
    for line, text in (
        *path,
        (f"export CROSSBOOK_BOOK={book}", ""),
        ("crossbook payouts", t("every payout")),
        (f"crossbook payout {unclosed}", t("one that does not close, and why")),
        (f"crossbook restore {restored}", t("the orders behind a total")),
        (f"crossbook why {restored}", t("down to file and line")),
        (f"crossbook pack {restored}", t("the papers for the bank")),
        ("crossbook trade verify", t("is each trade real")),
        ("crossbook tax calendar --on 2026-06-30", t("what is due when")),
        ("crossbook duty advantage --on 2026-06-30", t("what is left of the price advantage")),
        ("crossbook duty refunds --on 2026-06-30", t("duty that can be claimed back")),
        ("crossbook market rank --on 2026-06-30", t("where else each product would sell, by made-up statistics")),
        ("crossbook marks screen", t("whose marks listings come too close to")),
        ("crossbook cases procedures", t("what must be answered by when")),
        ("crossbook web", t("all of it in a browser")),
    ):
        show.say(f"  {line:<44} [dim]{text}[/]")
