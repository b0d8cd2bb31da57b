"""Commands that write papers: pack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.amounts import amount
from crossbook.cli.options import HERE, PAYOUTS, AsJson, BookPath, command
from crossbook.i18n import language, t

PROVED = ("closed", "unique")


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    command(app, pack, panel=PAYOUTS)


def pack(
    name: Annotated[str, typer.Argument(metavar="PAYOUT", help="The payout. 结算单号")],
    book: BookPath = HERE,
    out: Annotated[Path | None, typer.Option(help="Folder to write to; packs/ in the book else. 输出文件夹")] = None,
    json: AsJson = False,
) -> None:
    """Write the bank pack: PDF, workbook, CSV and ISO 20022 remittance advice. 生成银行资料包"""
    from crossbook.cli import show
    from crossbook.cli.settling import open_desk
    from crossbook.filing import write_pack

    desk = open_desk(book, quiet=json)
    with show.progress(quiet=json) as step:
        done: list[str] = []

        def stage(text: str) -> None:
            done.append(text)
            step(t("writing the pack"), len(done) - 1, 4)

        made = write_pack(desk, name, out, progress=stage)
    if json:
        show.as_json(
            {
                "folder": made.folder,
                "files": made.files,
                "payout": made.payout.id,
                "status": made.payout.status,
                "transactions": len(made.contents.transactions),
                "without_parcel": made.without_parcel,
                "without_customs": made.without_customs,
                "needs_no_parcel": made.needs_no_parcel,
                "adds_up": made.closing.agrees,
                "difference": made.closing.difference,
                "wanting": [{"what": w.what[1], "orders": w.orders, "todo": w.todo[1]} for w in made.wanting],
            }
        )
        return
    for path in made.files:
        show.say(show.clean(path))
    show.say(
        t(
            "{n} transactions; {p} without a tracking number, {c} without a customs entry",
            n=len(made.contents.transactions),
            p=made.without_parcel,
            c=made.without_customs,
        )
    )
    if made.needs_no_parcel:
        show.say(t("{n} need no tracking number", n=made.needs_no_parcel))
    if not made.closing.agrees:
        left = amount(made.closing.difference, made.closing.currency)
        show.say(t("[yellow]the totals under the lists leave {left} of what was paid[/]", left=left))
    for w in made.wanting:
        which = 0 if language() == "zh" else 1
        orders = t(" ({n} orders)", n=w.orders) if w.orders is not None else ""
        show.say(
            t("wanting: {what}{orders}: {todo}", what=w.what[which], orders=orders, todo=show.clean(w.todo[which]))
        )
    if made.payout.status not in PROVED:
        show.say(t("[yellow]not proved: {status}[/]; the pack's cover says so", status=t(made.payout.status)))
