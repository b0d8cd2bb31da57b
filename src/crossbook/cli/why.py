"""The command why: the chain of reasons, down to file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.amounts import amount
from crossbook.cli.options import HERE, PAYOUTS, AsJson, BookPath, command
from crossbook.cli.settling import open_desk
from crossbook.i18n import translated

if TYPE_CHECKING:
    from crossbook.views.reason import Reason


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    command(app, why, panel=PAYOUTS)


def why(
    name: Annotated[
        str, typer.Argument(metavar="ID", help="A payout, order, credit or file. 结算单、订单、入账或文件")
    ],
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """The chain of reasons behind a payout, an order, a credit or a file, down to file and line. 依据追溯"""
    from crossbook.cli import show
    from crossbook.views.why import sources_of
    from crossbook.views.why import why as reasons

    desk = open_desk(book, quiet=json)
    top = reasons(desk, name)
    origin = sources_of(desk, top)
    if json:
        show.as_json(_reason_record(top, origin))
        return
    from rich.tree import Tree

    tree = Tree(_reason_text(top))
    _grow(tree, top, origin)
    show.console().print(tree)


def _reason_text(reason: Reason) -> str:
    from crossbook.cli import show

    money_text = (
        f"  [bold]{amount(reason.amount, reason.currency)}[/]" if reason.amount is not None and reason.currency else ""
    )
    return show.clean(translated(reason.text)) + money_text


def _grow(tree: Any, reason: Reason, origin: dict[tuple[str, int], tuple[str, str]]) -> None:
    from crossbook.cli import show

    for ref in reason.because:
        file, text = origin.get(ref, (ref[0][:12], ""))
        tree.add(f"[dim]{show.clean(file)}:{ref[1]}  {show.clean(text.strip()[:140])}[/]")
    for child in reason.reasons:
        _grow(tree.add(_reason_text(child)), child, origin)


def _reason_record(reason: Reason, origin: dict[tuple[str, int], tuple[str, str]]) -> dict[str, Any]:
    return {
        "text": reason.text,
        "amount": reason.amount,
        "currency": reason.currency,
        "because": [
            {
                "evidence": sha,
                "line": line,
                "file": origin.get((sha, line), ("", ""))[0],
                "original": origin.get((sha, line), ("", ""))[1],
            }
            for sha, line in reason.because
        ],
        "reasons": [_reason_record(child, origin) for child in reason.reasons],
    }
