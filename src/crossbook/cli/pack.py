"""Commands that write papers: pack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.options import HERE, PAYOUTS, AsJson, BookPath, command
from crossbook.i18n import t

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
    if made.payout.status not in PROVED:
        show.say(t("[yellow]not proved: {status}[/]; the pack's cover says so", status=t(made.payout.status)))
