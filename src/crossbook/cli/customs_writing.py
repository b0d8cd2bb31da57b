"""What commands that write customs messages share: their options, the preview, and the yes without which nothing is
written."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.errors import CrossbookError
from crossbook.i18n import language, t, translated

if TYPE_CHECKING:
    from crossbook.book import Book
    from crossbook.engine import Database
    from crossbook.filing.customs.message import Problem, Written
    from crossbook.filing.customs.settings import Customs

SHOWN = 20
WIDEST = 200  # characters of a value: it may name several payments or parcels
Out = Annotated[Path | None, typer.Option(help="Folder to write to; customs/ in the book else. 输出文件夹")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would go out, write nothing. 试运行")]
Yes = Annotated[bool, typer.Option("--yes", help="Write what is shown, without asking. 确认生成")]
Key = Annotated[Path | None, typer.Option(help="Private key that signs (PEM). 私钥")]
Certificate = Annotated[Path | None, typer.Option("--cert", help="Its certificate (PEM). 证书")]


def opened_with_customs(path: Path) -> tuple[Book, Database, Customs]:
    """A book, its tables of verified trades, and its settings for customs. Raises CrossbookError."""
    from crossbook.book import open_book
    from crossbook.engine import connect
    from crossbook.filing.customs.settings import customs_of

    book = open_book(path)
    customs = customs_of(book)
    database = connect(book)
    database.ask("verdict")
    return book, database, customs


def show_problems(found: Sequence[Problem]) -> None:
    """The first things that are wanting, and how many there are."""
    from crossbook.cli import show

    if not found:
        return
    rows = [
        [
            f"CEB{p.number}",
            show.clean(p.reference),
            show.clean(p.field),
            show.clean(p.value[:WIDEST]),
            show.clean(translated(p.why)),
        ]
        for p in found[:SHOWN]
    ]
    title = t("{n} things are wanting", n=f"{len(found):,}")
    show.table([t("message"), t("document"), t("field"), t("value"), t("what is wrong")], rows, title=title)


def write_or_show(
    book: Book,
    written: Sequence[Written],
    out: Path | None,
    key: Path | None,
    cert: Path | None,
    yes: bool,
    dry_run: bool,
    json: bool,
    problems: Sequence[Problem] = (),
) -> None:
    """Show what would go out; with a yes, write it. Without one nothing is written, and the command ends with 1."""
    from crossbook.cli import show
    from crossbook.filing.customs.envelope import mailbox_of
    from crossbook.filing.customs.preview import rows
    from crossbook.filing.customs.sending import send as send_all
    from crossbook.filing.customs.signing import pem_signer

    if (key is None) != (cert is None):
        raise CrossbookError("--key and --cert go together")
    signer = pem_signer(key, cert) if key and cert else None
    if not json:
        _preview(written)
        if written and out is None and mailbox_of(book).is_set:
            show.say(t("with a yes they go out by the mailbox"))
    asked = yes or dry_run or not written
    if not asked and not json and sys.stdin.isatty() and sys.stdout.isatty():
        asked = yes = typer.confirm(t("write these messages?"))
    told: list[dict[str, Any]] = [
        {"message": w.number, "guid": w.guid, "documents": [d.reference for d in w.documents]} for w in written
    ]
    if yes and not dry_run:
        sent = send_all(book, written, out or book.path / "customs", signer)
        told = [one | {"file": s.file} for one, s in zip(told, sent, strict=True)]
    if json:
        show.as_json(
            {
                "dry_run": dry_run,
                "written": yes and not dry_run,
                "signed": signer is not None,
                "messages": told,
                "rows": rows(written),
                "problems": problems,
            }
        )
    else:
        _said(told, signed=signer is not None)
    if not asked:
        if not json:
            show.say(f"[{show.WARN}]" + t("nothing was written: say --yes to write these messages") + "[/]")
        raise typer.Exit(1)


def _preview(written: Sequence[Written]) -> None:
    from crossbook.cli import show
    from crossbook.filing.customs.preview import Row, rows

    found = rows(written)
    if not found:
        return
    chinese = language() == "zh"

    def says(row: Row) -> str:
        return " · ".join(f"{x.name_zh if chinese else x.name} {x.value}" for x in row.told if x.value)

    listed = [[f"CEB{r.number}", show.clean(r.reference), show.clean(r.order_id), show.clean(says(r))] for r in found]
    more = len(listed) - SHOWN
    title = t("{n} documents", n=f"{len(listed):,}") + (t(", the first {n} of them", n=SHOWN) if more > 0 else "")
    show.table([t("message"), t("document"), t("order"), t("what it says")], listed[:SHOWN], title=title)


def _said(told: Sequence[dict[str, Any]], signed: bool) -> None:
    from crossbook.cli import show

    if not told:
        show.say(t("Nothing is to be sent."))
    for one in told:
        where = one.get("file") or t("would be written")
        n = len(one["documents"])
        show.say(f"CEB{one['message']} {one['guid']}: {t('{n} documents', n=n)} → {show.clean(where)}")
    if not signed and any("file" in one for one in told):
        show.say(f"[{show.WARN}]" + t("not signed: customs takes messages signed with your card only") + "[/]")
