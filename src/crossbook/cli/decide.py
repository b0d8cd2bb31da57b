"""Deciding what the book cannot: one command for each kind of decision, all in the same words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.cases.procedure import days_named
from crossbook.cli.choices import Accounts, choice, choice_of, of, procedures, steps
from crossbook.cli.deciding import As, LookOnly, Yes, a_text, decide
from crossbook.cli.options import HERE, AsJson, BookPath, Commands, Why, as_day, group

PANEL = "Decisions 人工决定"
Payout = Annotated[str, typer.Argument(metavar="PAYOUT", help="The payout, as `crossbook payouts` lists it. 结算单号")]
Order = Annotated[str, typer.Argument(metavar="ORDER", help="The order. 订单号")]
Rule = Annotated[str, typer.Argument(metavar="RULE", help="The rule, as `crossbook trade show` names it. 规则")]
Listing = Annotated[str, typer.Argument(metavar="LISTING", help="The listing, by its id. 商品编号")]
Mark = Annotated[str, typer.Argument(metavar="MARK", help="The mark that it is near. 商标")]
File = Annotated[str, typer.Argument(metavar="FILE", help="Its name or the start of its SHA-256. 文件名或哈希")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The entry's number in `crossbook decisions`. 记录编号")]
Return = Annotated[
    str, choice_of("return", of("tax.period", "RETURNS"), text="ioss, oss, uk_vat, us_sales, cn_refund, ... 税种")
]
Period = Annotated[str, typer.Argument(metavar="PERIOD", help="2026-06, 2026-Q2 or 2026. 期间")]
Case = Annotated[str, typer.Argument(metavar="CASE", help="The case's name. 案件名称")]
Event = Annotated[str, typer.Argument(metavar="EVENT", help="As `crossbook cases procedures NAME` lists it. 事件")]
Limit = Annotated[str, typer.Argument(metavar="LIMIT", help="The time limit, by its name: answer. 期限")]
Notice = Annotated[str, typer.Argument(metavar="NOTICE", help="The notice's own name. 通知编号")]
Step = Annotated[str, choice_of("step", steps, metavar="STEP", text="seller_told, taken_down, put_back, ... 步骤")]
Mapping = Annotated[str, typer.Argument(metavar="MAPPING", help="The mapping's name. 映射名称")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    commands: Commands = {
        "match": match,
        "explanation": explanation,
        "finding": finding,
        "hit": hit,
        "file": file,
        "approval": approval,
        "return": return_,
        "case": case,
        "about": about,
        "event": event,
        "limit": limit,
        "closing": closing,
        "notice": notice,
        "step": step,
        "reading": reading,
    }
    group(app, "decide", "Decide what the book cannot: each decision is journalled. 作出决定", commands, PANEL)


def match(
    payout: Payout,
    credit: Annotated[str, typer.Argument(metavar="CREDIT", help="The credit, as `crossbook bank` lists it. 入账")],
    book: BookPath = HERE,
    why: Why = "",
    difference: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="So much is missing in it, and it is this payout. 接受差额")
    ] = None,
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A payout arrived as this bank credit. 结算对应此笔入账"""
    wish = {"payout": payout, "credit": credit, "why": why, "difference": difference}
    decide("match", book, wish, yes=yes, look_only=look, as_user=as_user, json=json)


def explanation(
    payout: Payout,
    number: Annotated[int, typer.Argument(metavar="N", help="Which, as `crossbook restore PAYOUT` counts. 第几种组合")],
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """Of several sets of orders that explain a total, this one is right. 确认订单组合"""
    wish = {"payout": payout, "number": number, "why": why}
    decide("explanation", book, wish, yes=yes, look_only=look, as_user=as_user, json=json)


def finding(
    order: Order,
    rule: Rule,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A rule is not to be held against a trade: it is real all the same. 排除核验规则"""
    wish = {"order": order, "rule": rule, "why": why}
    decide("finding", book, wish, yes=yes, look_only=look, as_user=as_user, json=json)


def hit(
    listing: Listing,
    mark: Mark,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A listing may stay as it is, though it is near a mark. 排除商标命中"""
    wish = {"listing": listing, "mark": mark, "why": why}
    decide("hit", book, wish, yes=yes, look_only=look, as_user=as_user, json=json)


def file(
    file: File,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """Take a file out of use: it stays in the book, and so does the decision. 停用证据"""
    decide("file", book, {"file": file, "why": why}, yes=yes, look_only=look, as_user=as_user, json=json)


def approval(
    entry: Number,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A decision that someone else prepared is right: needs --as. 复核决定"""
    decide("approval", book, {"entry": entry, "why": why}, yes=yes, look_only=look, as_user=as_user, json=json)


def return_(
    form: Return,
    period: Period,
    book: BookPath = HERE,
    why: Why = "",
    on: Annotated[
        date | None, typer.Option(metavar="DAY", parser=as_day, help="When it was filed; today else. 日期")
    ] = None,
    amount: Annotated[str | None, typer.Option(help="What was filed as to pay; as computed else. 申报金额")] = None,
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A return was filed. 标记已申报"""
    wish = {"form": form, "period": period, "on": on, "amount": amount, "why": why}
    decide("return", book, wish, yes=yes, look_only=look, as_user=as_user, json=json)


def case(
    case: Case,
    procedure: Annotated[
        str, choice_of("procedure", procedures, text="As `crossbook cases procedures` lists it. 程序")
    ],
    book: BookPath = HERE,
    why: Why = "",
    happened: Annotated[
        list[str] | None, typer.Option("--event", metavar="EVENT=DAY", help="What happened. 事件=日期")
    ] = None,
    skus: Annotated[list[str] | None, typer.Option("--sku", help="An accused product. 涉案货号")] = None,
    accounts: Accounts = None,
    state: Annotated[str | None, typer.Option(help="Where the federal court sits: IL. 法院所在州")] = None,
    court: Annotated[str | None, typer.Option(help="The court or office. 法院或机构")] = None,
    docket: Annotated[str | None, typer.Option(help="Its number. 案号")] = None,
    parties: Annotated[str | None, typer.Option(help="Who against whom. 当事人")] = None,
    mark: Annotated[str | None, typer.Option(help="The mark or work. 商标或作品")] = None,
    right: Annotated[
        str | None, choice("right", of("cases.case", "RIGHTS"), text="Which right it is on. 权利种类")
    ] = None,
    letter: Annotated[str | None, typer.Option(help="The letter, by its name in the book. 来函文件")] = None,
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A case is open. 新建案件"""
    wish = {
        "case": case,
        "procedure": procedure,
        "happened": days_named(happened or []),
        "skus": skus,
        "accounts": accounts,
        "state": state,
        "court": court,
        "docket": docket,
        "parties": parties,
        "mark": mark,
        "right": right,
        "letter": letter,
        "why": why,
    }
    decide("case", book, wish, yes=yes, look_only=look, as_user=as_user, json=json)


def about(
    case: Case,
    book: BookPath = HERE,
    why: Why = "",
    skus: Annotated[list[str] | None, typer.Option("--sku", help="An accused product. 涉案货号")] = None,
    accounts: Accounts = None,
    state: Annotated[str | None, typer.Option(help="Where the federal court sits: IL. 法院所在州")] = None,
    court: Annotated[str | None, typer.Option(help="The court or office. 法院或机构")] = None,
    docket: Annotated[str | None, typer.Option(help="Its number. 案号")] = None,
    parties: Annotated[str | None, typer.Option(help="Who against whom. 当事人")] = None,
    mark: Annotated[str | None, typer.Option(help="The mark or work. 商标或作品")] = None,
    right: Annotated[
        str | None, choice("right", of("cases.case", "RIGHTS"), text="Which right it is on. 权利种类")
    ] = None,
    letter: Annotated[str | None, typer.Option(help="The letter, by its name in the book. 来函文件")] = None,
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """What a case concerns became known: only what is said is changed. 案件信息"""
    wish = {
        "case": case,
        "skus": skus,
        "accounts": accounts,
        "state": state,
        "court": court,
        "docket": docket,
        "parties": parties,
        "mark": mark,
        "right": right,
        "letter": letter,
        "why": why,
    }
    decide("about", book, wish, yes=yes, look_only=look, as_user=as_user, json=json)


def event(
    case: Case,
    event: Event,
    on: Annotated[date, typer.Argument(metavar="DAY", parser=as_day, help="When it happened. 日期")],
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """Something happened in a case. 案件事件"""
    wish = {"case": case, "event": event, "on": on, "why": why}
    decide("event", book, wish, yes=yes, look_only=look, as_user=as_user, json=json)


def limit(
    case: Case,
    limit: Limit,
    book: BookPath = HERE,
    why: Why = "",
    on: Annotated[
        date | None, typer.Option(metavar="DAY", parser=as_day, help="When it was done; today else. 日期")
    ] = None,
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A time limit was kept. 期限已履行"""
    wish = {"case": case, "limit": limit, "on": on, "why": why}
    decide("limit", book, wish, yes=yes, look_only=look, as_user=as_user, json=json)


def closing(
    case: Case,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A case is over; --why says how it ended. 结案"""
    wish = {"case": case, "why": why}
    decide("closing", book, wish, yes=yes, look_only=look, as_user=as_user, json=json)


def notice(
    notice: Notice,
    regime: Annotated[str, choice_of("law", of("cases.takedown", "REGIMES"), text="cn or us_dmca. 适用法")],
    listing: Listing,
    complainant: Annotated[str, typer.Argument(metavar="COMPLAINANT", help="Who complains. 投诉人")],
    book: BookPath = HERE,
    why: Why = "",
    side: Annotated[
        str | None,
        choice("side", of("cases.takedown", "SIDES"), text="platform or seller: who keeps this book. 我方身份"),
    ] = None,
    seller: Annotated[str | None, typer.Option(help="Whose listing it is. 商家")] = None,
    right: Annotated[str | None, typer.Option(help="The mark or work. 权利")] = None,
    evidence: Annotated[list[str] | None, typer.Option(help="A paper that came with it. 证据")] = None,
    on: Annotated[
        date | None, typer.Option(metavar="DAY", parser=as_day, help="When it came; today else. 日期")
    ] = None,
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A notice of infringement came. 收到通知"""
    wish = {
        "notice": notice,
        "regime": regime,
        "listing": listing,
        "complainant": complainant,
        "side": side,
        "seller": seller,
        "right": right,
        "evidence": evidence,
        "on": on,
        "why": why,
    }
    decide("notice", book, wish, yes=yes, look_only=look, as_user=as_user, json=json)


def step(
    notice: Notice,
    step: Step,
    book: BookPath = HERE,
    why: Why = "",
    on: Annotated[
        date | None, typer.Option(metavar="DAY", parser=as_day, help="When it was done; today else. 日期")
    ] = None,
    note: Annotated[str | None, typer.Option(help="What is to be said of it. 说明")] = None,
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A step was taken on a notice. 记录步骤"""
    wish = {"notice": notice, "step": step, "on": on, "note": note, "why": why}
    decide("step", book, wish, yes=yes, look_only=look, as_user=as_user, json=json)


def reading(
    mapping: Mapping,
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="A table that it reads. 表格文件")],
    book: BookPath = HERE,
    why: Why = "",
    text: Annotated[Path | None, typer.Option(help="The mapping as TOML; as proposed else. 映射文件")] = None,
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A table of one's own is read by this mapping. 确认映射"""
    wish = {"mapping": mapping, "table": table, "text": a_text(text), "why": why}
    decide("reading", book, wish, yes=yes, look_only=look, as_user=as_user, json=json)
