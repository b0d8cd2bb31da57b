"""Commands of the settle desk: payouts, payout, bank, money, why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.desk import STYLE, amount, minor_units, open_desk, problems
from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.cli.restoring import show_restoration
from crossbook.errors import CrossbookError
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.settle import Desk, Payout
    from crossbook.views.why import Reason


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    for command in (payouts, payout, bank, money, why):
        app.command(command.__name__)(command)


def payouts(
    book: BookPath = HERE,
    account: Annotated[str | None, typer.Option(help="Only of this account. 账户")] = None,
    status: Annotated[str | None, typer.Option(help="Only of this status. 状态")] = None,
    check: Annotated[bool, typer.Option(help="Exit code 1 when one needs attention. 有异常时退出码为 1")] = False,
    json: AsJson = False,
) -> None:
    """List payouts: what was paid, whether its lines add up, whether it arrived. 结算单列表"""
    from crossbook.cli import show

    desk = open_desk(book, quiet=json)
    found = [p for p in desk.payouts if account in (None, p.account) and status in (None, p.status)]
    if json:
        show.as_json([as_record(desk, p) for p in found])
    else:
        rows = [
            [show.clean(p.id), show.clean(p.account), str(p.paid_on or ""), amount(p.amount, p.currency),
             f"{p.lines:,}", differences(desk, p),
             f"[{STYLE[p.status]}]{t(p.status)}[/]", show.clean(arrived(desk, p))]
            for p in found
        ]  # fmt: skip
        columns = ["payout", "account", "paid on", "amount", "lines", "difference", "status", "at the bank"]
        show.table([t(c) for c in columns], rows, right=[3, 4, 5])  # fmt: skip
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
        "id": p.id, "account": p.account, "source": p.source, "currency": p.currency, "amount": p.amount,
        "lines": p.lines, "lines_total": p.lines_total, "difference": p.difference, "status": p.status,
        "arrival": desk.arrival(p), "short": desk.short(p), "bank_credit": credit,
        "paid_on": p.paid_on, "evidence": p.evidence, "line": p.line, "file": p.file,
    }  # fmt: skip


def differences(desk: Desk, p: Payout) -> str:
    """What a payout lacks: its lines of its amount, and a credit that a person took for it of it."""
    told = [amount(p.difference, p.currency)] if p.difference else []
    if p.match and p.match.against:
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
    show.say(f"[bold]{show.clean(p.id)}[/]  {show.clean(p.account)}  {amount(p.amount, p.currency)}  {p.paid_on}  "
             f"[{STYLE[p.status]}]{t(p.status)}[/]")  # fmt: skip
    show.say(f"[dim]{show.clean(p.file)}:{p.line}[/]")
    if p.closure:
        rows = [[t(what), amount(a, p.currency)] for what, a in p.closure.parts]
        rows += [[t("sum"), amount(p.lines_total, p.currency)], [t("paid"), amount(p.amount, p.currency)],
                 [t("difference"), amount(p.difference, p.currency)]]  # fmt: skip
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


def bank(
    book: BookPath = HERE,
    match: Annotated[
        tuple[str, str] | None, typer.Option(metavar="PAYOUT CREDIT", help="Decide a match. 人工匹配")
    ] = None,
    unmatch: Annotated[str | None, typer.Option(metavar="PAYOUT", help="Take a decided match back. 撤销匹配")] = None,
    why: Annotated[str, typer.Option(help="Why you decide so. 原因")] = "",
    difference: Annotated[
        str | None,
        typer.Option(metavar="AMOUNT", help="Accept that so much is missing in the credit of --match. 接受差额"),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="List every match, with its reasons. 显示全部匹配")] = False,
    json: AsJson = False,
) -> None:
    """Match payouts with bank credits; list what is left on either side. 银行匹配"""
    from crossbook.cli import show
    from crossbook.settle.match_decisions import decide_match, undo_match

    desk = open_desk(book, quiet=json, restore=False)
    side = desk.side
    if difference is not None and not match:
        raise CrossbookError("--difference goes with --match", todo="give the payout and the credit, too")
    if match:
        named = minor_units(difference, desk.payout(match[0]).currency) if difference is not None else None
        decide_match(desk, match[0], match[1], why, difference=named)
        show.say(
            t("journalled: {payout} arrived as {credit}", payout=show.clean(match[0]), credit=show.clean(match[1]))
        )
        return
    if unmatch:
        undo_match(desk, unmatch, why)
        show.say(t("journalled: the decision on {payout} is taken back", payout=show.clean(unmatch)))
        return
    waiting = side.open_payouts
    if json:
        show.as_json({
            "matches": side.matches,
            "differing": side.differing,
            "open_payouts": [{"id": p.key, "account": p.account, "amount": p.amount, "currency": p.currency,
                              "paid_on": p.paid_on, "overdue": side.overdue(p)} for p in waiting],
            "open_credits": side.open_credits,
        })  # fmt: skip
        return
    show.say(t("{n} matches", n=len(side.matches)) if side.looked_for or side.credits else t(side.nothing))
    for m in side.differing:
        show.say(f"[red]{show.clean(', '.join(m.payouts))} → {show.clean(', '.join(m.credits))}: "
                 f"{show.clean('; '.join(translated(text) for text in m.against))}[/]")  # fmt: skip
    for m in side.matches if every else [m for m in side.matches if len(m.payouts) + len(m.credits) > 2 or m.short]:
        show.say(
            f"  {show.clean(', '.join(m.payouts))} → {show.clean(', '.join(m.credits))}: "
            f"{show.clean('; '.join(translated(reason) for reason in m.reasons))}"
        )
    if waiting:
        rows = [[show.clean(p.key), show.clean(p.account), str(p.paid_on), amount(p.amount, p.currency),
                 f"[red]{t('overdue')}[/]" if side.overdue(p) else t("on its way")] for p in waiting]  # fmt: skip
        show.table(
            [t("payout"), t("account"), t("paid on"), t("amount"), ""],
            rows,
            right=[3],
            title=t("payouts without a credit"),
        )
    open_credits = side.open_credits
    if open_credits:
        rows = [[c["key"], show.clean(c["account"]), str(c["booked_on"]), amount(c["amount"], c["currency"]),
                 show.clean(" ".join(str(c[n]) for n in ("counterparty", "description") if c[n]))]
                for c in open_credits[:50]]  # fmt: skip
        show.table([t("credit"), t("account"), t("booked on"), t("amount"), t("text")], rows, right=[3],
                   title=t("credits without a payout"))  # fmt: skip


def money(
    book: BookPath = HERE,
    on: Annotated[str | None, typer.Option(metavar="DAY", help="As of this day (2026-06-30); today else. 日期")] = None,
    json: AsJson = False,
) -> None:
    """Where the money is on a day, and when the rest is expected. 资金在哪里"""
    from crossbook.cli import show
    from crossbook.settle.position import position

    try:
        day = date.fromisoformat(on) if on else date.today()  # noqa: DTZ011 - a day where the reader is
    except ValueError:
        raise CrossbookError(f"{on!r} is not a day", todo="write it as 2026-06-30") from None
    desk = open_desk(book, quiet=json)
    stages = position(desk, day)
    if json:
        show.as_json({"on": day, "stages": stages})
        return
    rows = [
        [show.clean(s.account), t(s.place), f"{s.orders:,}" if s.orders else "", amount(s.amount, s.currency),
         str(s.earliest or ""), str(s.likely or ""), str(s.latest or "")]
        for s in stages
    ]  # fmt: skip
    show.table([t("account"), t("where"), t("orders"), t("brings"), t("earliest"), t("likely by"), t("latest")], rows,
               right=[2, 3], title=t("Where the money is on {day}", day=day))  # fmt: skip
    problems(desk)


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
        "text": reason.text, "amount": reason.amount, "currency": reason.currency,
        "because": [{"evidence": sha, "line": line, "file": origin.get((sha, line), ("", ""))[0],
                     "original": origin.get((sha, line), ("", ""))[1]} for sha, line in reason.because],
        "reasons": [_reason_record(child, origin) for child in reason.reasons],
    }  # fmt: skip
