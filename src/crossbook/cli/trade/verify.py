"""The command verify: verdicts on trades, and what an authority would reject."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.amounts import amount
from crossbook.cli.choices import Account, choice, of, rule_names
from crossbook.cli.day import HELP, day_of, say_day
from crossbook.cli.options import HERE, AsJson, BookPath, as_day
from crossbook.cli.settling import open_desk
from crossbook.i18n import language, t, translated

if TYPE_CHECKING:
    from crossbook.book import Book
    from crossbook.engine import Database
    from crossbook.settle import Desk
    from crossbook.verify.audience import Rejection
    from crossbook.verify.board import Broken, Count, Row
    from crossbook.verify.trade import Trade

STYLE = {"verified": "green", "incomplete": "yellow", "contradicted": "red", "suspicious": "bold red"}


def verify(
    order: Annotated[str | None, typer.Argument(metavar="[ORDER]", help="One trade in full. 订单号")] = None,
    book: BookPath = HERE,
    audience: Annotated[
        str | None,
        choice(
            "authority",
            of("verify.audience", "AUDIENCES"),
            "--for",
            text="bank, payment-institution or customs: what it would reject. 查看机构",
        ),
    ] = None,
    on: Annotated[date | None, typer.Option(metavar="DAY", parser=as_day, help=f"With --for: {HELP}")] = None,
    listed: Annotated[
        bool, typer.Option("--listed", help="The business is in SAFE's directory of trading firms. 已列入名录")
    ] = False,
    verdict: Annotated[
        str | None, choice("verdict", of("verify.rule", "VERDICTS"), text="Only trades with this verdict. 结论")
    ] = None,
    rule: Annotated[str | None, choice("rule", rule_names, text="Only trades that break this rule. 规则")] = None,
    account: Account = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many trades to list. 条数")] = 20,
    offline: Annotated[
        bool, typer.Option("--offline", help="Bank credits with no order behind them. 线下交易")
    ] = False,
    rules: Annotated[bool, typer.Option("--rules", help="Every rule, with its reason and source. 规则清单")] = False,
    out: Annotated[Path | None, typer.Option(help="Write every trade that fits as CSV. 导出")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Exit code 1 when trades need somebody. 有异常时退出码为1")
    ] = False,
    json: AsJson = False,
) -> None:
    """Is each trade real: order, payment, parcel, customs and receipt held against each other. 交易真实性核验"""
    if rules:
        _rules(json)
        return
    desk = open_desk(book, quiet=json, restore=False)
    opened, database = judged(desk)
    if order:
        _trade(database, opened, order, json)
    elif audience:
        _audience(database, audience, on, listed, json)
    elif offline:
        _offline(database, desk, json)
    else:
        _board(database=database, verdict=verdict, rule=rule, account=account, limit=limit, out=out, json=json)
        if check and _wanting(database):
            raise typer.Exit(1)


def judged(desk: Desk) -> tuple[Book, Database]:
    """The book of a desk, and its database with the verdict on each trade."""
    desk.database.ask("verdict")
    return desk.book, desk.database


def _wanting(database: Database) -> bool:
    return bool(database.rows("SELECT 1 FROM verdict WHERE verdict IN ('suspicious', 'contradicted') LIMIT 1"))


def _worth(told: Count | Broken | Rejection) -> str:
    parts = [amount(value, currency) for currency, value in sorted(told.stakes.items())]
    return "  ".join([*parts, t("{n} of unknown amount", n=f"{told.unknown:,}")] if told.unknown else parts)


def _stake(told: Row | Trade) -> str:
    return amount(told.stake if told.currency else None, told.currency or "")


def _board(
    database: Database,
    verdict: str | None,
    rule: str | None,
    account: str | None,
    limit: int,
    out: Path | None,
    json: bool,
) -> None:
    from crossbook.cli import show
    from crossbook.verify.board import Asked, board, export, listed
    from crossbook.verify.rule import VERDICTS

    asked = Asked(verdict or "", rule or "", account or "", per_page=limit)
    narrowed = bool(verdict or rule or account)
    found = listed(database, asked)
    if out:
        rows = export(database, asked, out)
        show.say(t("{n} trades written to {path}", n=f"{rows:,}", path=show.clean(out)))
        return
    whole = board(database)
    if json:
        show.as_json({"board": whole, "n": found.n, "trades": found.rows})
        return
    if not whole.trades:
        show.say(t("No order, payment, parcel or export list is in the book yet."))
        return
    if not narrowed:
        totals = [whole.total(v) for v in VERDICTS]
        rows_ = [[f"[{STYLE[c.verdict]}]{t(c.verdict)}[/]", f"{c.trades:,}", _worth(c)] for c in totals]
        show.table([t("verdict"), t("trades"), t("worth")], rows_, right=[1, 2])
        rows_ = [
            [
                f"[{STYLE[b.verdict]}]{t(b.verdict)}[/]",
                show.clean(b.rule),
                translated(b.title),
                f"{b.trades:,}",
                _worth(b),
            ]
            for b in whole.broken
        ]
        if rows_:
            show.table([t("verdict"), t("rule"), t("what is wrong"), t("trades"), t("at stake")], rows_, right=[3, 4])
    shown = [r for r in found.rows if narrowed or r.verdict != "verified"]
    if shown:
        cells = [
            [
                show.clean(r.order_id),
                show.clean(r.account or ""),
                str(r.day or ""),
                _stake(r),
                f"[{STYLE[r.verdict]}]{t(r.verdict)}[/]",
                ", ".join(r.rules),
            ]
            for r in shown
        ]
        title = t("{shown} of {n} trades, most at stake first", shown=len(shown), n=f"{found.n:,}") if narrowed else ""
        columns = ["order", "account", "day", "at stake", "verdict", "rules"]
        show.table([t(c) for c in columns], cells, right=[3], title=title)


def _trade(database: Database, book: Book, order: str, json: bool) -> None:
    from crossbook.cli import show
    from crossbook.trade.witnesses import WORDS
    from crossbook.verify.trade import trade

    found = trade(database, book, order)
    if json:
        show.as_json(found)
        return
    show.say(
        f"[bold]{show.clean(order)}[/]  {show.clean(found.account or '')}  {_stake(found)}  "
        f"[{STYLE[found.verdict]}]{t(found.verdict)}[/]"
    )
    if found.witnesses:
        named = ", ".join(translated(WORDS[who]) for who in found.witnesses)
        show.say(f"[dim]{t('witnessed by {witnesses}', witnesses=named)}[/]")
    else:
        show.say(f"[yellow]{t('nobody but the seller says that it took place')}[/]")
    for f in found.faults:
        style = "dim" if f.aside else STYLE[f.verdict]
        show.say(f"\n[{style}]{f.rule}: {translated(f.title)}[/]")
        if f.aside:
            said_so = t("set aside by {who}: {why}", who=f.aside.who, why=f.aside.why)
            show.say(f"  {show.clean(said_so)}")
        said = "; ".join(f"{t(s.paper)}: {show.clean(s.text) or '—'}" for s in f.said)
        show.say(f"  {said}")
        show.say(f"  [dim]{translated(f.why)} {t('source')}: {show.clean(f.source)}[/]")
        show.say(f"  → {translated(f.todo)}")
    rows = [[t(m.field), *_cells(m), f"[{_COLOUR[m.state]}]{t(m.state)}[/]"] for m in found.match]
    columns = ["field", "order", "payment", "shipment", "customs", "receipt", "invoice", ""]
    show.table([t(c) if c else "" for c in columns], rows)
    for paper, refs in found.because.items():
        show.say(f"[dim]{t(paper)}: {', '.join(f'{sha[:12]}:{line}' for sha, line in refs)}[/]")


_COLOUR = {"agrees": "green", "witnessed": "green", "differs": "red", "missing": "yellow", "alone": "dim"}


def _cells(matched: Any) -> list[str]:
    from crossbook.cli import show
    from crossbook.verify.trade import MATCHED, WITNESS

    said = {s.paper: translated(s.text) if matched.field == WITNESS else s.text for s in matched.said}
    return [show.clean(said.get(p, "")) for p in MATCHED]


def _audience(database: Database, audience: str, on: date | None, listed: bool, json: bool) -> None:
    from crossbook.cli import show
    from crossbook.trade.witnesses import WORDS
    from crossbook.verify.audience import answer

    day = day_of(database, on)
    found = answer(database, audience, day, listed=listed)
    if json:
        show.as_json(found)
        return
    if not found.trades:
        show.say(t("No order, payment, parcel or export list is in the book yet."))
        return
    show.say(
        t(
            "{audience} on {day}: {accepted} of {n} trades would be accepted",
            audience=t(audience),
            day=day,
            accepted=f"{found.accepted:,}",
            n=f"{found.trades:,}",
        )
    )
    if found.witnessed:
        named = [f"{translated(WORDS[who])} {n:,}" for who, n in found.witnessed.items()]
        show.say(t("witnessed by {witnesses}", witnesses=", ".join(named)))
    say_day(day, on)
    zh = language() == "zh"
    rows = [
        [
            t(r.kind),
            (r.title_zh if zh and r.title_zh else translated(r.title)),
            f"{r.trades:,}",
            _worth(r),
            ", ".join(show.clean(o) for o in r.orders[:3]),
        ]
        for r in found.rejections
    ]
    if rows:
        show.table(["", t("what would be rejected"), t("trades"), t("worth"), t("for example")], rows, right=[2, 3])
    for source in dict.fromkeys(r.source for r in found.rejections if r.source and r.kind != "rule"):
        show.say(f"[dim]{show.clean(source)}[/]")


def _offline(database: Database, desk: Desk, json: bool) -> None:
    from crossbook.cli import show
    from crossbook.verify.offline import offline

    found = offline(database, desk.side.open_credits)
    if json:
        show.as_json(found)
        return
    rows = [
        [
            str(o.booked_on),
            amount(o.amount, o.currency),
            show.clean(o.payer),
            show.clean(o.text),
            ", ".join(f"{show.clean(c.order_id)} ({t(c.paper)})" for c in o.candidates) or "—",
            ", ".join(t(p) for p in o.missing) or "—",
        ]
        for o in found
    ]
    if not rows:
        show.say(t(desk.side.no_credit))
        return
    columns = ["booked on", "amount", "payer", "text", "may be for", "papers still wanted"]
    show.table([t(c) for c in columns], rows, right=[1], title=t("Trades off the platforms"))


def _rules(json: bool) -> None:
    from crossbook.cli import show
    from crossbook.verify.rules import rules

    if json:
        show.as_json(
            [
                {
                    "rule": r.name,
                    "verdict": r.verdict,
                    "field": r.field,
                    "papers": r.papers,
                    "title": r.title,
                    "why": r.why,
                    "source": r.source,
                    "todo": r.todo,
                }
                for r in rules()
            ]
        )
        return
    for r in rules():
        show.say(f"[{STYLE[r.verdict]}]{r.name}[/]  {translated(r.title)}")
        show.say(f"  [dim]{translated(r.why)} {t('source')}: {show.clean(r.source)}[/]")
