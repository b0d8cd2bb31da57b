"""The command show: one trade's passport, step by step, each with the line of a file that proves it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.amounts import amount
from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.cli.settling import open_desk
from crossbook.errors import NotFoundError
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.settle import Desk
    from crossbook.views.passport import Passport, Step


def show(
    order: Annotated[str, typer.Argument(help="The order. 订单号")],
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """All that the book knows of one trade, from its order to the bank, and what nothing proves. 交易档案"""
    from crossbook.cli import show as out
    from crossbook.views.passport import passport

    desk = open_desk(book, quiet=json)
    found = passport(desk, order)
    verdict = _verdict(desk, order)
    if json:
        out.as_json({**asdict(found), "gaps": found.gaps, "verdict": verdict})
        return
    _head(found, verdict)
    names = {e["sha"]: e["name"] for e in desk.book.evidence()}
    rows: list[list[str]] = []
    for step in found.steps:
        rows += _rows(step, names)
    out.table([t(c) for c in ("step", "day", "amount", "what proves it", "where it is read")], rows, right=[2])
    if found.gaps:
        told = t("Nothing in the book proves: {steps}", steps=", ".join(t(g) for g in found.gaps))
        out.say(f"[{out.WARN}]{told}[/]")
    else:
        out.say(f"[{out.GOOD}]{t('Every step is proved.')}[/]")


def _verdict(desk: Desk, order: str) -> str | None:
    """What the rules say of the trade; None when the book has no order for them to judge."""
    from crossbook.cli.trade.verify import judged
    from crossbook.verify.trade import trade

    opened, database = judged(desk)
    try:
        return trade(database, opened, order).verdict
    except NotFoundError:
        return None


def _head(found: Passport, verdict: str | None) -> None:
    from crossbook.cli import show as out
    from crossbook.cli.trade.verify import STYLE

    total = t("unknown") if found.total is None or not found.currency else amount(found.total, found.currency)
    judged = f"[{STYLE[verdict]}]{t(verdict)}[/]" if verdict else ""
    out.say(f"[bold]{out.clean(found.order_id)}[/]  {out.clean(found.account or '')}  {total}  {judged}".rstrip())
    goods = [" × ".join(str(x) for x in (g["quantity"], g["title"] or g["item"]) if x) for g in found.goods]
    if goods:
        out.say(out.clean(", ".join(goods)))


def _rows(step: Step, names: dict[str, str]) -> list[list[str]]:
    from crossbook.cli import show as out

    money = amount(step.amount, step.currency) if step.amount is not None and step.currency else ""
    state = f"[{out.WARN}]{translated(step.note) if step.note else t('missing')}[/]" if step.missing else ""
    leads = out.clean(f"→ {step.link}") if step.link else ""
    rows = [[f"[bold]{t(step.name)}[/]", str(step.day or ""), f"[bold]{money}[/]", state or leads, ""]]
    for p in step.proofs:
        sha, line = p.because
        worth = amount(p.amount, p.currency) if p.amount is not None and p.currency else ""
        where = f"[dim]{out.clean(names.get(sha, sha[:12]))}:{line}[/]"
        rows.append(["", str(p.day or ""), worth, out.clean(translated(p.text)), where])
    return rows
