"""The command that asks for a time stamp over a book's head, and takes one in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.errors import CrossbookError
from crossbook.i18n import t

_SENT = "curl -H 'Content-Type: application/timestamp-query' --data-binary @"


def stamp(
    reply: Annotated[
        Path | None, typer.Argument(metavar="REPLY", help="What the authority sent (.tsr). 时间戳回复")
    ] = None,
    book: BookPath = HERE,
    authority: Annotated[
        Path | None,
        typer.Option(metavar="CERTIFICATES", help="The authority's certificates, PEM, its root among them. 机构证书"),
    ] = None,
    query: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write what to send to an authority (.tsq). 生成请求")
    ] = None,
    json: AsJson = False,
) -> None:
    """Have the head of the book stamped by a time-stamping authority of yours (RFC 3161): write the query, then take in
    its reply, verified. Nothing is sent. 时间戳"""
    from crossbook.book import open_book, stamps
    from crossbook.book.checking import check
    from crossbook.cli import show

    if (reply is None) == (query is None):
        raise CrossbookError("name the authority's reply, or --query FILE", todo="see `crossbook book stamp --help`")
    opened = open_book(book)
    if query is not None:
        report = check(opened)
        if report.head and not report.sound:
            raise CrossbookError(
                "nothing is stamped, for the book is not as it should be", todo="see `crossbook book check`"
            )
        head = stamps.newest(report.head)
        try:
            query.write_bytes(stamps.query(head))
        except OSError as error:
            raise CrossbookError(f"cannot be written ({error.strerror})", where=str(query)) from None
        if json:
            show.as_json({"head": str(head), "query": query})
            return
        show.say(t("head {head}", head=head))
        show.say(t("send {path} to the authority of your choice, for instance so:", path=show.clean(query)))
        show.say(f"{_SENT}{show.clean(query)} ADDRESS -o reply.tsr")
        return
    if reply is None or authority is None:
        raise CrossbookError(
            "the authority's certificates are needed", where=str(reply), todo="name them: --authority CERTIFICATES"
        )
    kept = stamps.take(opened, reply, stamps.authority(authority))
    if json:
        show.as_json({"head": str(kept.head), "at": kept.stamp.at, "by": kept.stamp.by, "kept": kept.path})
        return
    show.say(
        t(
            "time stamp of {at} by {by}, over head {n}: kept as {path}",
            at=f"{kept.stamp.at:%Y-%m-%dT%H:%M:%S}Z",
            by=show.clean(kept.stamp.by),
            n=kept.head.count,
            path=show.clean(kept.path),
        )
    )
