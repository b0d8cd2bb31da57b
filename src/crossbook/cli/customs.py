"""Commands for China's customs: what is declared, what is to be sent, consignments, cancellations, code lists."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.broker import broker
from crossbook.cli.choices import choice, choice_of, of
from crossbook.cli.consign import arrive, bills, consign, depart, summarise
from crossbook.cli.customs_writing import (
    SHOWN,
    Certificate,
    DryRun,
    Key,
    Out,
    Yes,
    opened_with_customs,
    show_problems,
    write_or_show,
)
from crossbook.cli.mailbox import mailbox, say_refused
from crossbook.cli.options import GROUPS, HERE, AsJson, BookPath, Commands, as_day, group, in_order
from crossbook.errors import CrossbookError
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.book import Book
    from crossbook.engine import Database
    from crossbook.filing.customs.sending import Planned
    from crossbook.filing.customs.settings import Customs

From = Annotated[
    date | None, typer.Option("--from", metavar="DAY", parser=as_day, help="Shipped from this day. 发货起始日")
]
Until = Annotated[
    date | None, typer.Option("--to", metavar="DAY", parser=as_day, help="Shipped until this day. 发货截止日")
]


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    commands: Commands = {
        "status": status,
        "send": send,
        "consign": consign,
        "arrive": arrive,
        "bills": bills,
        "depart": depart,
        "summarise": summarise,
        "cancel": cancel,
        "mailbox": mailbox,
        "codes": codes,
        "broker": broker,
    }
    text = "Messages to China's customs (CEB), and the US broker's data sheet. 海关申报"
    group(app, "customs", text, commands, GROUPS)


def _plan(
    book: Book,
    database: Database,
    customs: Customs,
    message: str | None,
    order: str | None,
    first: date | None,
    last: date | None,
) -> list[Planned]:
    from crossbook.filing.customs import gather, sending
    from crossbook.filing.customs.documents import OF_TRADES

    found = gather.trades(database, customs, order=order, first=first, last=last)
    numbers = [message] if message else list(OF_TRADES)
    return sending.plan(database, book, customs, found, numbers, datetime.now(UTC))


def status(
    book: BookPath = HERE,
    message: Annotated[
        str | None,
        choice("message", of("filing.customs.documents", "OF_TRADES"), text="Only 303, 403, 505 or 603. 报文"),
    ] = None,
    state: Annotated[
        str | None,
        choice(
            "state", of("filing.customs.sending", "STATES"), text="List the documents in this state. 列出该状态单证"
        ),
    ] = None,
    order: Annotated[str | None, typer.Option(help="Only this order. 订单号")] = None,
    first: From = None,
    last: Until = None,
    json: AsJson = False,
) -> None:
    """Where the documents of every shipped trade stand: ready, wanting, waiting, accepted, refused. 申报状态"""
    from crossbook.cli import show
    from crossbook.filing.customs import gather, sending
    from crossbook.filing.customs.letters import letters

    in_order(first, last)
    opened, database, customs = opened_with_customs(book)
    planned = _plan(
        book=opened, database=database, customs=customs, message=message, order=order, first=first, last=last
    )
    if state:
        planned = [p for p in planned if p.state == state]
    left = gather.left_out(database, customs, order=order, first=first, last=last)
    stray = sending.strays(database, opened)
    messages = letters(opened, database)
    if json:
        show.as_json(
            {
                "counts": sending.counts(planned),
                "documents": [_record(p) for p in planned],
                "strays": stray,
                "refused": [
                    {"message": x.number, "guid": x.guid, "reference": r.reference, "code": r.code, "info": r.info}
                    for x in messages
                    for r in x.refusals
                ],
                "left_out": left,
            }
        )
        return
    _counts(planned)
    for said in left.said:
        show.say(f"[{show.WARN}]{show.clean(translated(said))}[/]")
    if state:
        listed = [[f"CEB{p.number}", show.clean(p.reference), show.clean(p.order_id)] for p in planned]
        show.table([t("message"), t("document"), t("order")], listed)
    show_problems([x for p in planned for x in p.problems])
    if stray:
        show.say(
            f"[{show.WARN}]"
            + t("{n} answers of customs are to documents that this book does not know", n=len(stray))
            + "[/]"
        )
        for r in stray[:SHOWN]:
            show.say(f"  CEB{r['message']} {show.clean(r['reference'])} {str(r['evidence'])[:12]}:{r['line']}")
    say_refused(messages)


def _record(p: Planned) -> dict[str, Any]:
    return {
        "message": p.number,
        "reference": p.reference,
        "order_id": p.order_id,
        "state": p.state,
        "problems": p.problems,
    }


def _counts(planned: list[Planned]) -> None:
    from crossbook import ceb
    from crossbook.cli import show
    from crossbook.filing.customs.sending import STATES, counts

    rows = [
        [f"CEB{n}", t(ceb.messages()[f"CEB{n}Message"].title), *(f"{c[s]:,}" if c[s] else "" for s in STATES)]
        for n, c in counts(planned).items()
    ]
    if not rows:
        show.say(t("No shipped trade is to be declared."))
        return
    show.table([t("message"), "", *(t(s) for s in STATES)], rows, right=range(2, 7))


def send(
    book: BookPath = HERE,
    message: Annotated[
        str | None,
        choice("message", of("filing.customs.documents", "OF_TRADES"), text="Only 303, 403, 505 or 603. 报文"),
    ] = None,
    order: Annotated[str | None, typer.Option(help="Only this order. 订单号")] = None,
    first: From = None,
    last: Until = None,
    out: Out = None,
    key: Key = None,
    cert: Certificate = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: AsJson = False,
) -> None:
    """Show the messages that are ready (orders, receipts, waybills, export lists) and, with a yes, write them; none
    twice. 预览并生成报文"""
    from crossbook.filing.customs import sending

    in_order(first, last)
    opened, database, customs = opened_with_customs(book)
    planned = _plan(
        book=opened, database=database, customs=customs, message=message, order=order, first=first, last=last
    )
    written = sending.messages(customs, planned, datetime.now(UTC))
    if not json:
        _counts(planned)
        show_problems([x for p in planned for x in p.problems])
    write_or_show(
        book=opened,
        written=written,
        out=out,
        key=key,
        cert=cert,
        yes=yes,
        dry_run=dry_run,
        json=json,
        problems=[x for p in planned for x in p.problems],
    )


def cancel(
    order: Annotated[str, typer.Argument(help="The order whose export list is to be cancelled. 订单号")],
    reason: Annotated[str, typer.Option(help="Why. 撤销原因")],
    book: BookPath = HERE,
    out: Out = None,
    key: Key = None,
    cert: Certificate = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: AsJson = False,
) -> None:
    """Write the cancellation of an export list that customs has given a number. 撤销清单"""
    from crossbook.filing.customs import gather, sending
    from crossbook.filing.customs.documents import cancellation

    opened, database, customs = opened_with_customs(book)
    found = gather.trades(database, customs, order=order, declared=True)
    now = datetime.now(UTC)
    made = cancellation(found[0], customs, now, reason)
    if isinstance(made, list):
        problem = made[0]
        raise CrossbookError(f"{problem.field}: {problem.why}", where=order, todo="add the returns of customs first")
    again = sending.once_more([made], opened, database)
    if not again:
        raise CrossbookError(f"the cancellation of {order!r} was written already")
    planned = [sending.Planned("605", made.reference, order, "ready", again[0])]
    write_or_show(
        book=opened,
        written=sending.messages(customs, planned, now),
        out=out,
        key=key,
        cert=cert,
        yes=yes,
        dry_run=dry_run,
        json=json,
    )


def codes(
    name: Annotated[
        str,
        choice_of("list", of("customs_codes", "LISTS"), text="currency, country, unit, transport or packing. 参数表"),
    ] = "currency",
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """A code list of China's customs. 海关参数表"""
    from crossbook.cli import show
    from crossbook.customs_codes import codes as listed

    found = listed(name)
    if json:
        show.as_json(found)
        return
    show.table([t("code"), ""], [[code, title] for code, title in found.items()])
