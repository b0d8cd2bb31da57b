"""Payouts, one of them, and where the money is: payouts, payout, money."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.amounts import amount
from crossbook.cli.choices import Account, choice, of
from crossbook.cli.day import On, day_of, say_day
from crossbook.cli.options import HERE, PAYOUTS, AsJson, BookPath, command
from crossbook.cli.restore import show_restoration
from crossbook.cli.settling import STYLE, open_desk, problems
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.settle import Desk, Payout
    from crossbook.settle.adding_up import AddedUp
    from crossbook.settle.unplaced import Unplaced
    from crossbook.views.withdrawals import Went


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    for function in (payouts, payout, money):
        command(app, function, panel=PAYOUTS)


def payouts(
    book: BookPath = HERE,
    account: Account = None,
    status: Annotated[
        str | None, choice("status", of("settle.desk", "STATUSES"), text="Only of this status. 状态")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Exit code 1 when one needs attention. 有异常时退出码为1")
    ] = False,
    json: AsJson = False,
) -> None:
    """List payouts: what was paid, whether its lines add up, whether it arrived. 结算单列表"""
    from crossbook.cli import show
    from crossbook.trade.accounts import known_account

    desk = open_desk(book, quiet=json)
    if account:
        known_account(desk.book, desk.database, account)
    found = [p for p in desk.payouts if account in (None, p.account) and status in (None, p.status)]
    if json:
        show.as_json([as_record(desk, p) for p in found])
        problems(desk, json)
    elif not desk.payouts:
        show.say(t(desk.side.nothing))
    else:
        rows = [
            [
                show.clean(p.id),
                show.clean(p.account),
                str(p.paid_on or ""),
                amount(p.amount, p.currency),
                f"{p.lines:,}",
                differences(desk, p),
                f"[{STYLE[p.status]}]{t(p.status)}[/]",
                show.clean(arrived(desk, p)),
            ]
            for p in found
        ]
        columns = ["payout", "account", "paid on", "amount", "lines", "difference", "status", "at the bank"]
        show.table([t(c) for c in columns], rows, right=[3, 4, 5])
        problems(desk)
    if check and any(desk.needs_attention(p) for p in found):
        raise typer.Exit(1)


def as_record(desk: Desk, p: Payout) -> dict[str, Any]:
    """A payout as `payouts --json` gives it; money in whole minor units."""
    credit = None
    if p.match:
        credits = [desk.side.credits[c] for c in p.match.credits]
        credit = {
            "credits": list(p.match.credits),
            "booked_on": desk.booked_on(p),
            "amount": sum(c["amount"] for c in credits),
            "currency": credits[0]["currency"],
            "short": p.match.short,
            "rate": p.match.rate,
            "reasons": list(p.match.reasons),
            "decided": p.match.decided,
            "against": list(p.match.against),
        }
    return {
        "id": p.id,
        "account": p.account,
        "source": p.source,
        "currency": p.currency,
        "amount": p.amount,
        "lines": p.lines,
        "lines_total": p.lines_total,
        "difference": p.difference,
        "status": p.status,
        "arrival": desk.arrival(p),
        "short": desk.short(p),
        "bank_credit": credit,
        "paid_on": p.paid_on,
        "evidence": p.evidence,
        "line": p.line,
        "file": p.file,
    }


def differences(desk: Desk, p: Payout) -> str:
    """What a payout lacks: its lines of its amount, and a credit that a person took for it of it."""
    told = [amount(p.difference, p.currency)] if p.difference else []
    if p.match and p.match.against and p.match.short != 0:
        told.append(t("missing at the bank: {amount}", amount=missing(p)))
    return "; ".join(told)


def missing(p: Payout) -> str:
    """What is missing of a payout in its credit."""
    return t("unknown") if p.match is None or p.match.short is None else amount(p.match.short, p.currency)


def arrived(desk: Desk, p: Payout) -> str:
    """Whether a payout is at the bank, in a few words."""
    if p.match:
        credits = [desk.side.credits[c] for c in p.match.credits]
        text = str(desk.booked_on(p))
        if credits[0]["currency"] != p.currency:
            text += " " + amount(sum(c["amount"] for c in credits), credits[0]["currency"])
        if p.match.against:
            text += f" {t('differs')}"
        return text + (f" ({t('short {amount}', amount=missing(p))})" if p.match.short != 0 else "")
    state = desk.arrival(p)
    if state == "returned":
        return t("came back")
    return "—" if state == "none" else t("overdue") if state == "overdue" else t("on its way")


def payout(
    name: Annotated[str, typer.Argument(metavar="ID", help="The payout. 结算单号")],
    book: BookPath = HERE,
    every: Annotated[bool, typer.Option("--all", help="Show every order of it. 显示全部订单")] = False,
    json: AsJson = False,
) -> None:
    """One payout: its closure sum, its lines by kind, what it is made of, and where it arrived. 结算单详情"""
    from crossbook.cli import show
    from crossbook.settle.closure import breakdown
    from crossbook.views.contents import hints

    desk = open_desk(book, quiet=json)
    p = desk.payout(name)
    kinds = [] if p.restoration else breakdown(desk.database, p.account, p.payout_id, p.currency, p.basis)
    if json:
        record = as_record(desk, p) | {
            "closure": p.closure,
            "kinds": kinds,
            "hints": hints(desk, p),
            "restoration": p.restoration,
        }
        show.as_json(record)
        return
    day = p.paid_on or t("day unknown")
    show.say(
        f"[bold]{show.clean(p.id)}[/]  {show.clean(p.account)}  {amount(p.amount, p.currency)}  {day}  "
        f"[{STYLE[p.status]}]{t(p.status)}[/]"
    )
    show.say(f"[dim]{show.clean(p.file)}:{p.line}[/]")
    if p.closure:
        rows = [[t(what), amount(a, p.currency)] for what, a in p.closure.parts]
        rows += [
            [t("sum"), amount(p.lines_total, p.currency)],
            [t("paid"), amount(p.amount, p.currency)],
            [t("difference"), amount(p.difference, p.currency)],
        ]
        show.table([t("closure"), ""], rows, right=[1])
    if kinds:
        rows = [[t(k["kind"]), f"{k['lines']:,}", amount(k["amount"], p.currency)] for k in kinds]
        show.table([t("lines by kind"), "", ""], rows, right=[1, 2])
    for h in hints(desk, p):
        show.say(f"[{show.WARN}]{amount(h.amount, p.currency)}: {show.clean(translated(h.what))}[/]")
    if p.restoration:
        show_restoration(p.restoration, every)
    show.say(f"{t('at the bank')}: {show.clean(arrived(desk, p))}")
    for text in p.match.against if p.match else ():
        show.say(f"  [red]! {show.clean(translated(text))}[/]")
    for reason in p.match.reasons if p.match else ():
        show.say(f"  · {show.clean(translated(reason))}")


def money(
    book: BookPath = HERE,
    on: On = None,
    json: AsJson = False,
) -> None:
    """Where the money is on a day (the last of the book's files else), and when the rest is expected. 资金在哪里"""
    from crossbook.cli import show
    from crossbook.settle.adding_up import added_up
    from crossbook.settle.position import in_doubt, position
    from crossbook.settle.unplaced import unplaced
    from crossbook.views.withdrawals import went

    desk = open_desk(book, quiet=json)
    day = day_of(desk.database, on)
    stages, sums, nowhere = position(desk, day), added_up(desk, day), unplaced(desk, day)
    if json:
        names = ("of_no_order", "converted", "difference")
        told = [asdict(a) | {name: getattr(a, name) for name in names} for a in sums]
        doubted = [{"currency": c, "payouts": n, "amount": a} for c, (n, a) in in_doubt(desk, day).items()]
        found = {"on": day, "stages": stages, "unplaced": nowhere, "adds_up": told, "in_doubt": doubted}
        show.as_json(found | {"withdrawals": went(desk, day)})
        problems(desk, json)
        return
    if not stages and not desk.payouts and not nowhere:
        show.say(t("No orders are in the book yet."))
        return
    rows = []
    for s in stages:
        days = (str(found or "") for found in (s.earliest, s.likely, s.latest))
        orders = f"{s.orders:,}" if s.orders else ""
        rows.append([show.clean(s.account), t(s.place), orders, amount(s.amount, s.currency), *days])
        rows += [["", f"· {t(b.what)}", "", amount(b.amount, s.currency), "", "", ""] for b in s.beside]
    show.table(
        [t("account"), t("where"), t("orders"), t("brings"), t("earliest"), t("likely by"), t("latest")],
        rows,
        right=[2, 3],
        title=t("Where the money is on {day}", day=day),
    )
    _nowhere(nowhere)
    if any(s.beside for s in stages):
        show.say(f"[dim]{t('· of it beside the listed orders, by its kind')}[/]")
    for currency, (payouts, minor) in in_doubt(desk, day).items():
        doubt = t(
            "{amount} at the bank in {n} payouts is in doubt: crossbook bank", amount=amount(minor, currency), n=payouts
        )
        show.say(f"[{show.WARN}]{doubt}[/]")
    _adds_up(sums)
    _went(went(desk, day))
    say_day(day, on)
    problems(desk)


def _nowhere(found: list[Unplaced]) -> None:
    """What is in no place, as a file would have to say more."""
    from crossbook.cli import show
    from crossbook.settle.unplaced import WHAT

    rows = []
    for u in found:
        minor = t("unknown") if u.amount is None or u.currency is None else amount(u.amount, u.currency)
        names = ", ".join(u.names) + (", …" if u.count > len(u.names) else "")
        rows.append([show.clean(u.account), t(WHAT[u.what]), f"{u.count:,}", minor, show.clean(names)])
    if rows:
        heads = [t(h) for h in ("account", "what is not known", "how many", "amount", "which")]
        show.table(heads, rows, right=[2, 3], title=t("In no place, as no file says enough"))


def _went(withdrawals: list[Went]) -> None:
    """Which account withdrawals went to."""
    from crossbook.cli import show

    rows = []
    for w in withdrawals:
        into = show.clean(w.into) if w.into else f"[{show.WARN}]{t('not arrived yet')}[/]"
        came = amount(w.arrived, w.arrived_in) if w.arrived is not None and w.arrived_in else ""
        rows.append(
            [show.clean(w.account), into, f"{w.payouts:,}", amount(w.paid, w.currency), came, str(w.last or "")]
        )
    heads = ("account", "went to", "payouts", "paid out", "came in", "newest")
    if rows:
        show.table(
            [t(h) for h in heads], rows, right=[2, 3, 4], title=t("Where withdrawals went (crossbook why PAYOUT)")
        )


def _adds_up(sums: list[AddedUp]) -> None:
    """Orders and lines of no order against what was paid and is held."""
    from crossbook.cli import show

    rows = []
    for a in sums:
        held = a.held + a.reserve + a.undated
        figures = (a.orders + a.opening, a.of_no_order, a.converted, a.paid, held, a.difference)
        told = [amount(minor, a.currency) for minor in figures]
        if a.difference:
            told[-1] = f"[{show.WARN}]{told[-1]}[/]"
        rows.append([show.clean(a.account), *told])
    heads = ("account", "of orders", "of no order", "converted", "paid out", "still held", "difference")
    show.table(
        [t(h) for h in heads], rows, right=[*range(1, len(heads))], title=t("Does it meet what was paid and is held?")
    )
