"""The command bank: what matches, and what is left on either side."""

from __future__ import annotations

from typing import Annotated

import typer

from crossbook.cli.amounts import amount
from crossbook.cli.options import HERE, PAYOUTS, AsJson, BookPath, command
from crossbook.cli.settling import open_desk
from crossbook.i18n import t, translated


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    command(app, bank, panel=PAYOUTS)


def bank(
    book: BookPath = HERE,
    every: Annotated[bool, typer.Option("--all", help="List every match, with its reasons. 显示全部匹配")] = False,
    json: AsJson = False,
) -> None:
    """Match payouts with bank credits; list what is left on either side. 银行匹配"""
    from crossbook.cli import show
    from crossbook.views.statements import said

    desk = open_desk(book, quiet=json, restore=False)
    side = desk.side
    waiting = side.open_payouts
    told = said(desk.database)
    if json:
        show.as_json(
            {
                "matches": side.matches,
                "differing": side.differing,
                "open_payouts": [
                    {
                        "id": p.key,
                        "account": p.account,
                        "amount": p.amount,
                        "currency": p.currency,
                        "paid_on": p.paid_on,
                        "overdue": side.overdue(p),
                    }
                    for p in waiting
                ],
                "open_credits": side.open_credits,
                "statements": told,
            }
        )
        return
    show.say(t("{n} matches", n=len(side.matches)) if side.looked_for or side.credits else t(side.nothing))
    for text in told:
        line = f"{show.clean(text.file)}:{text.line}: {show.clean(translated(text.text))}"
        show.say(line if text.kind == "again" else f"[{show.WARN}]{line}[/]")
        if text.pair:
            show.say("  " + t("say which it is: crossbook decide entry {pair} same|two", pair=_quoted(text.pair)))
    for m in side.differing:
        show.say(
            f"[red]{show.clean(', '.join(m.payouts))} → {show.clean(', '.join(m.credits))}: "
            f"{show.clean('; '.join(translated(text) for text in m.against))}[/]"
        )
    for m in (
        side.matches if every else [m for m in side.matches if len(m.payouts) + len(m.credits) > 2 or m.short != 0]
    ):
        show.say(
            f"  {show.clean(', '.join(m.payouts))} → {show.clean(', '.join(m.credits))}: "
            f"{show.clean('; '.join(translated(reason) for reason in m.reasons))}"
        )
    if waiting:
        rows = [
            [
                show.clean(p.key),
                show.clean(p.account),
                str(p.paid_on),
                amount(p.amount, p.currency),
                f"[red]{t('overdue')}[/]" if side.overdue(p) else t("on its way"),
            ]
            for p in waiting
        ]
        show.table(
            [t("payout"), t("account"), t("paid on"), t("amount"), ""],
            rows,
            right=[3],
            title=t("payouts without a credit"),
        )
    open_credits = side.open_credits
    if open_credits:
        rows = [
            [
                c["key"],
                show.clean(c["account"]),
                str(c["booked_on"]),
                amount(c["amount"], c["currency"]),
                show.clean(" ".join(str(c[n]) for n in ("counterparty", "description") if c[n])),
            ]
            for c in open_credits[:50]
        ]
        show.table(
            [t("credit"), t("account"), t("booked on"), t("amount"), t("text")],
            rows,
            right=[3],
            title=t("credits without a payout"),
        )


def _quoted(keys: tuple[str, ...]) -> str:
    """Names of entries as a shell takes them."""
    from shlex import quote

    return " ".join(quote(key) for key in keys)
