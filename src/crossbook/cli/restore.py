"""The command restore: the orders in payouts of which only the total is known."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.amounts import amount
from crossbook.cli.options import HERE, PAYOUTS, AsJson, BookPath, command
from crossbook.cli.settling import STYLE, open_desk, problems
from crossbook.errors import CrossbookError
from crossbook.i18n import t, translated
from crossbook.odds import odds

if TYPE_CHECKING:
    from crossbook.settle import Desk, Payout
    from crossbook.settle.restoration.result import Restoration


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    command(app, restore, panel=PAYOUTS)


def restore(
    name: Annotated[str | None, typer.Argument(metavar="[ID]", help="One payout. 结算单号")] = None,
    book: BookPath = HERE,
    every: Annotated[bool, typer.Option("--all", help="All payouts known by their total only. 全部")] = False,
    json: AsJson = False,
) -> None:
    """Find the orders in payouts of which only the total is known. 还原仅有总额的结算"""
    from crossbook.cli import show

    if name is None and not every:
        raise CrossbookError("restore what?", todo="name a payout, or say --all")
    desk = open_desk(book, quiet=json)
    if name:
        _restore_one(desk, desk.payout(name), every, json)
        return
    found = [p for p in desk.payouts if p.restoration]
    if desk.problems and not found:
        raise CrossbookError("\n".join(desk.problems))
    if json:
        show.as_json([p.restoration for p in found])
        problems(desk, json)
        return
    problems(desk)
    if not found:
        show.say(t("No payout is known by its total only.") if desk.payouts else t(desk.side.nothing))
        return
    rows = []
    for p in found:
        r = p.restoration
        assert r is not None  # noqa: S101 - looked at above
        rows.append(
            [
                show.clean(p.id),
                str(p.paid_on),
                amount(p.amount, p.currency),
                f"{len(r.orders):,}",
                f"[{STYLE[p.status]}]{t(p.status)}[/]",
                t(odds(r.rivals[0].probability)) if r.rivals else "",
                show.clean(_one_more(r)),
            ]
        )
    columns = ["payout", "paid on", "amount", "orders", "verdict", "odds", "would settle it"]
    show.table([t(c) for c in columns], rows, right=[2, 3, 5])
    counts = Counter(p.status for p in found)
    show.say(", ".join(f"{n} {t(status)}" for status, n in counts.most_common()))


def _restore_one(desk: Desk, p: Payout, every: bool, json: bool) -> None:
    from crossbook.cli import show

    r = p.restoration
    if r is None and p.status == "no_rule":
        raise CrossbookError("\n".join(desk.problems) or f"{p.id} is not restored")
    if json:
        given = {
            "account": p.account,
            "payout_id": p.payout_id,
            "currency": p.currency,
            "amount": p.amount,
            "verdict": "detailed",
            "lines": p.lines,
            "difference": p.difference,
            "status": p.status,
        }
        show.as_json([r or given])
    elif r is None:
        show.say(
            t(
                "detailed: the report gave its {n} lines ({status}); crossbook payout {name} shows how they close",
                n=f"{p.lines:,}",
                status=t(p.status),
                name=show.clean(p.id),
            )
        )
    else:
        show_restoration(r, every)


def _one_more(r: Restoration) -> str:
    if r.fact is None:
        return ""
    name = {
        "count": t("the number of orders"),
        "fee_total": t("the fee total"),
        "order": t("whether {order} is in it", order=r.fact.subject),
        "part": t("the sum of its orders placed up to {day}", day=r.fact.subject),
        "days": t("the sums of its orders by the day they were placed"),
    }[r.fact.name]
    return f"{name} ({t(odds(r.fact.settles, 0))})"


def show_restoration(r: Restoration, every: bool) -> None:
    """A restoration's verdict, orders and rivals."""
    from crossbook.cli import show
    from crossbook.settle.restoration.result import in_words

    show.say(f"[{STYLE[r.verdict]}]{t(r.verdict)}[/]: {show.clean(translated(in_words(r)))}")
    shown = r.orders if every else r.orders[:20]
    rows = [[show.clean(o.order_id), amount(o.net, r.currency), t(odds(o.probability))] for o in shown]
    if rows:
        show.table([t("order"), t("net"), t("probability")], rows, right=[1, 2])
    if len(r.orders) > len(shown):
        show.say(t("… and {n} more (--all shows them)", n=len(r.orders) - len(shown)))
    for i, rival in enumerate(r.rivals[:5], start=1):
        missing, added = ", ".join(rival.missing) or "—", ", ".join(rival.added) or "—"
        if len(r.rivals) == 1 and missing == added:
            continue
        values = {"i": i, "p": t(odds(rival.probability)), "missing": show.clean(missing), "added": show.clean(added)}
        show.say(
            t(
                "explanation {i}, odds {p}: expected but not in it {missing}; in it though not expected {added}",
                **values,
            )
        )
    if r.unlisted > 0.0005:
        show.say(t("odds of explanations too many to list: {p}", p=t(odds(r.unlisted))))
    if r.fact:
        show.say(t("to settle it, find out: {fact}", fact=show.clean(_one_more(r))))
