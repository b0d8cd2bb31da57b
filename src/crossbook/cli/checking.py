"""The command that checks a book: against itself, against heads that somebody kept, and signing its head."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.errors import CrossbookError
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.book import Book
    from crossbook.book.checking import Report


def check(
    book: BookPath = HERE,
    against: Annotated[
        list[str] | None,
        typer.Option(metavar="HEAD", help="A head that you kept, or a file of them: is this a later state? 曾留存的头"),
    ] = None,
    sign: Annotated[
        Path | None, typer.Option(metavar="KEY", help="Sign the head with this private Ed25519 key. 签名私钥")
    ] = None,
    signed_by: Annotated[
        Path | None, typer.Option(metavar="PUB", help="Is this a later state of what that key signed? 签名公钥")
    ] = None,
    stamped_by: Annotated[
        Path | None,
        typer.Option(
            metavar="CERTIFICATES", help="Is this a later state of what that authority stamped? 时间戳机构证书"
        ),
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the evidence instead. 列出证据")] = False,
    json: AsJson = False,
) -> None:
    """Re-hash evidence and facts, verify catalog and journal by their chain, name files that the catalog does not know.
    Exit 1 on findings. 核查账簿"""
    from crossbook.book import open_book, signing, stamps
    from crossbook.book.checking import BUSY
    from crossbook.book.checking import check as check_book
    from crossbook.book.heads import given
    from crossbook.cli import show

    opened = open_book(book)
    if listing:
        evidence = opened.evidence()
        if json:
            show.as_json(evidence)
            return
        rows = [
            [
                e["sha"][:12],
                show.clean(e["name"]),
                e["source"],
                e["added_at"][:16].replace("T", " "),
                f"{sum(e['facts'].values()):,}",
            ]
            for e in evidence
        ]
        show.table([t("evidence"), t("name"), t("source"), t("added"), t("rows")], rows, right=[4])
        return
    kept = [head for told in against or () for head in given(told)]
    signer = signing.public(signed_by) if signed_by else ""
    authority = stamps.authority(stamped_by) if stamped_by else None
    total = sum(1 + len(e["facts"]) for e in opened.evidence())
    with show.progress(quiet=json) as step:
        count = Counter[str]()

        def one(done: int) -> None:
            count["done"] += done
            step(t("checking"), count["done"], total)

        report = check_book(opened, one, kept=kept, signer=signer, authority=authority)
    signature = _signed(opened, report, sign) if sign else ""
    if json:
        show.as_json({**asdict(report), **({"signature": signature} if sign else {})})
    else:
        show.say(
            t(
                "{e} evidence files, {f} fact files, {j} journal entries",
                e=report.evidence,
                f=report.fact_files,
                j=report.journal,
            )
        )
        for text in report.notes:
            show.say(show.clean(translated(text)))
        for text in report.problems:
            show.say(f"[{show.BAD}]{show.clean(translated(text))}[/]")
        for path in report.orphans:
            show.say(f"[{show.BAD}]{t(_orphan(path), path=show.clean(path))}[/]")
        if report.orphans:
            show.say(
                t(
                    "nothing was removed; put back the newest catalog, or have it moved away and added again: "
                    "crossbook book repair --adopt"
                )
            )
        if report.head:
            show.say(t("head {head}", head=report.head))
        if report.head and report.sound:
            show.say(t("keep it elsewhere: crossbook book check --against HEAD shows later what was changed since"))
        if signature:
            show.say(signature)
        if report.sound:
            told = "what the catalog names is as it was added" if BUSY in report.notes else "all is as it was added"
            show.say(f"[{show.GOOD}]{t(told)}[/]")
    if not report.sound:
        raise typer.Exit(1)


def _orphan(path: str) -> str:
    """What a file is that the catalog does not name, by where it lies."""
    if path.endswith(".part"):
        return "{path}: left half-written by an adder that was cut off"
    if path.startswith("evidence/"):
        return "{path}: an original that the catalog does not name"
    return "{path}: facts that the catalog does not name"


def _signed(book: Book, report: Report, key: Path) -> str:
    """Sign the head of a book that was found sound; the line that stands beside the book then.

    Asks for the passphrase of a locked key at a terminal. Raises CrossbookError.
    """
    from crossbook.book import chain, heads, signing

    head = chain.read_head(report.head)
    if head is None or not report.sound:
        raise CrossbookError(
            "nothing was signed, for the book is not as it should be", todo="see `crossbook book check`"
        )
    try:
        told = signing.sign(head, key)
    except signing.LockedKeyError:
        if not sys.stdin.isatty():
            raise
        told = signing.sign(head, key, typer.prompt(t("passphrase"), hide_input=True))
    try:
        heads.write(book.path, head, heads.SIGNED, *told)
    except OSError as error:
        raise CrossbookError(f"cannot be written ({error.strerror})", where=str(book.path / heads.FILE)) from None
    return " ".join((str(head), heads.SIGNED, *told))
