"""Deciding what the book cannot: one command for each kind of decision, all in the same words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.cases.procedure import days_named
from crossbook.cli.choices import Accounts, choice, choice_of, of, procedures, steps
from crossbook.cli.deciding import Wish, a_command, a_text
from crossbook.cli.options import as_day, group

PANEL = "Decisions 人工决定"
Payout = Annotated[str, typer.Argument(metavar="PAYOUT", help="The payout, as `crossbook payouts` lists it. 结算单号")]
Fact = Annotated[str, typer.Argument(metavar="FACT", help="count, fee_total, orders or sums. 哪项信息")]
Order = Annotated[str, typer.Argument(metavar="ORDER", help="The order. 订单号")]
Rule = Annotated[str, typer.Argument(metavar="RULE", help="The rule, as `crossbook trade show` names it. 规则")]
Listing = Annotated[str, typer.Argument(metavar="LISTING", help="The listing, by its id. 商品编号")]
Mark = Annotated[str, typer.Argument(metavar="MARK", help="The mark that it is near. 商标")]
First = Annotated[str, typer.Argument(metavar="ENTRY", help="A bank entry, as `crossbook bank` lists it. 一笔入账")]
Second = Annotated[str, typer.Argument(metavar="OTHER", help="The entry in the other file. 另一笔")]
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
Skus = Annotated[list[str] | None, typer.Option("--sku", help="An accused product. 涉案货号")]
State = Annotated[str | None, typer.Option(help="Where the federal court sits: IL. 法院所在州")]
Court = Annotated[str | None, typer.Option(help="The court or office. 法院或机构")]
Docket = Annotated[str | None, typer.Option(help="Its number. 案号")]
Parties = Annotated[str | None, typer.Option(help="Who against whom. 当事人")]
OfMark = Annotated[str | None, typer.Option(help="The mark or work. 商标或作品")]
Right = Annotated[str | None, choice("right", of("cases.case", "RIGHTS"), text="Which right it is on. 权利种类")]
Letter = Annotated[str | None, typer.Option(help="The letter, by its name in the book. 来函文件")]


OfWatch = Annotated[str, typer.Argument(metavar="CASE", help="As `crossbook watch queue` lists it. 监测案例号")]
Outcome = Annotated[
    str, choice_of("outcome", of("watch.history", "OUTCOMES"), text="dismissed, escalated, to_report, reported. 结论")
]
WatchRule = Annotated[str, typer.Argument(metavar="RULE", help="As `crossbook watch rules` names it. 监测规则")]
Figure = Annotated[str, typer.Argument(metavar="FIGURE", help="One of its figures: days. 参数")]
Story = Annotated[str, choice_of("language", of("watch.narrative", "LANGUAGES"), text="en or zh. 语言")]
Documents = Annotated[list[str] | None, typer.Option("--document", help="A file of the book that shows it. 依据文件")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    asked: dict[str, Callable[..., Wish]] = {
        "match": match,
        "entry": entry,
        "explanation": explanation,
        "fact": fact,
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
        "intake": intake,
        "outcome": outcome,
        "remark": remark,
        "figure": figure,
        "narrative": narrative,
    }
    made = {name: a_command(name, asks) for name, asks in asked.items()}
    group(app, "decide", "Decide what the book cannot: each decision is journalled. 作出决定", made, PANEL)


def match(
    payout: Payout,
    credit: Annotated[str, typer.Argument(metavar="CREDIT", help="The credit, as `crossbook bank` lists it. 入账")],
    difference: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="So much is missing in it, and it is this payout. 接受差额")
    ] = None,
) -> Wish:
    """A payout arrived as this bank credit. 结算对应此笔入账"""
    return {"payout": payout, "credit": credit, "difference": difference}


def entry(
    first: First,
    second: Second,
    answer: Annotated[
        str, choice_of("answer", of("trade.deciding.entry", "ANSWERS"), text="same, or two. 同一笔或两笔")
    ],
) -> Wish:
    """Two bank entries in two files are the same one, or are two. 是否同一笔入账"""
    return {"first": first, "second": second, "answer": answer}


def explanation(
    payout: Payout,
    number: Annotated[int, typer.Argument(metavar="N", help="Which, as `crossbook restore PAYOUT` counts. 第几种组合")],
) -> Wish:
    """Of several sets of orders that explain a total, this one is right. 确认订单组合"""
    return {"payout": payout, "number": number}


def fact(
    payout: Payout,
    fact: Fact,
    value: Annotated[
        list[str], typer.Argument(metavar="VALUE...", help="14, 81.20, ORDER=yes, or DAY=AMOUNT for each day. 内容")
    ],
) -> Wish:
    """A fact of a payout that is known by its total alone. 补充结算信息"""
    return {"payout": payout, "fact": fact, "value": value}


def finding(
    order: Order,
    rule: Rule,
) -> Wish:
    """A rule is not to be held against a trade: it is real all the same. 排除核验规则"""
    return {"order": order, "rule": rule}


def hit(
    listing: Listing,
    mark: Mark,
) -> Wish:
    """A listing may stay as it is, though it is near a mark. 排除商标命中"""
    return {"listing": listing, "mark": mark}


def file(
    file: File,
) -> Wish:
    """Take a file out of use: it stays in the book, and so does the decision. 停用证据"""
    return {"file": file}


def approval(
    entry: Number,
) -> Wish:
    """A decision that someone else prepared is right: needs --as. 复核决定"""
    return {"entry": entry}


def return_(
    form: Return,
    period: Period,
    on: Annotated[
        date | None, typer.Option(metavar="DAY", parser=as_day, help="When it was filed; today else. 日期")
    ] = None,
    amount: Annotated[str | None, typer.Option(help="What was filed as to pay; as computed else. 申报金额")] = None,
) -> Wish:
    """A return was filed. 标记已申报"""
    return {"form": form, "period": period, "on": on, "amount": amount}


def case(
    case: Case,
    procedure: Annotated[
        str, choice_of("procedure", procedures, text="As `crossbook cases procedures` lists it. 程序")
    ],
    happened: Annotated[
        list[str] | None, typer.Option("--event", metavar="EVENT=DAY", help="What happened. 事件=日期")
    ] = None,
    skus: Skus = None,
    accounts: Accounts = None,
    state: State = None,
    court: Court = None,
    docket: Docket = None,
    parties: Parties = None,
    mark: OfMark = None,
    right: Right = None,
    letter: Letter = None,
) -> Wish:
    """A case is open. 新建案件"""
    return {
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
    }


def about(
    case: Case,
    skus: Skus = None,
    accounts: Accounts = None,
    state: State = None,
    court: Court = None,
    docket: Docket = None,
    parties: Parties = None,
    mark: OfMark = None,
    right: Right = None,
    letter: Letter = None,
) -> Wish:
    """What a case concerns became known: only what is said is changed. 案件信息"""
    return {
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
    }


def event(
    case: Case,
    event: Event,
    on: Annotated[date, typer.Argument(metavar="DAY", parser=as_day, help="When it happened. 日期")],
) -> Wish:
    """Something happened in a case. 案件事件"""
    return {"case": case, "event": event, "on": on}


def limit(
    case: Case,
    limit: Limit,
    on: Annotated[
        date | None, typer.Option(metavar="DAY", parser=as_day, help="When it was done; today else. 日期")
    ] = None,
) -> Wish:
    """A time limit was kept. 期限已履行"""
    return {"case": case, "limit": limit, "on": on}


def closing(
    case: Case,
) -> Wish:
    """A case is over; --why says how it ended. 结案"""
    return {"case": case}


def notice(
    notice: Notice,
    regime: Annotated[str, choice_of("law", of("cases.takedown", "REGIMES"), text="cn or us_dmca. 适用法")],
    listing: Listing,
    complainant: Annotated[str, typer.Argument(metavar="COMPLAINANT", help="Who complains. 投诉人")],
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
) -> Wish:
    """A notice of infringement came. 收到通知"""
    return {
        "notice": notice,
        "regime": regime,
        "listing": listing,
        "complainant": complainant,
        "side": side,
        "seller": seller,
        "right": right,
        "evidence": evidence,
        "on": on,
    }


def step(
    notice: Notice,
    step: Step,
    on: Annotated[
        date | None, typer.Option(metavar="DAY", parser=as_day, help="When it was done; today else. 日期")
    ] = None,
    note: Annotated[str | None, typer.Option(help="What is to be said of it. 说明")] = None,
) -> Wish:
    """A step was taken on a notice. 记录步骤"""
    return {"notice": notice, "step": step, "on": on, "note": note}


def reading(
    mapping: Mapping,
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="A table that it reads. 表格文件")],
    text: Annotated[Path | None, typer.Option(help="The mapping as TOML; as proposed else. 映射文件")] = None,
) -> Wish:
    """A table of one's own is read by this mapping. 确认映射"""
    return {"mapping": mapping, "table": table, "text": a_text(text)}


def intake() -> Wish:
    """What the rules of the watch call now is taken into the queue. 预警入队"""
    return {}


def outcome(
    case: OfWatch,
    outcome: Outcome,
    on: Annotated[
        date | None, typer.Option(metavar="DAY", parser=as_day, help="When it was so; today else. 日期")
    ] = None,
    reference: Annotated[str | None, typer.Option(help="The number that the authority gave. 回执编号")] = None,
    documents: Documents = None,
) -> Wish:
    """What is done about a case of the watch. 监测案例结论"""
    return {"case": case, "outcome": outcome, "on": on, "reference": reference, "documents": documents}


def remark(
    case: OfWatch,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to be kept in mind. 备注")],
    documents: Documents = None,
) -> Wish:
    """A note on a case of the watch. 监测案例备注"""
    return {"case": case, "text": text, "documents": documents}


def figure(
    rule: WatchRule,
    figure: Figure,
    value: Annotated[int, typer.Argument(metavar="VALUE", help="A whole number. 数值")],
) -> Wish:
    """A figure of a rule of the watch is another. 调整监测规则参数"""
    return {"rule": rule, "figure": figure, "value": value}


def narrative(
    case: OfWatch,
    language: Story,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The text, or @FILE to read it from a file. 文本")],
) -> Wish:
    """The story of a watch case as you edited it. 编辑案例叙述"""
    return {"case": case, "language": language, "text": a_text(Path(text[1:])) if text.startswith("@") else text}
