"""Taking a decision back: one command for each kind of decision. That is journalled, too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated

import typer

from crossbook.cli.decide import (
    PANEL,
    Case,
    Event,
    Fact,
    Figure,
    File,
    First,
    Limit,
    Listing,
    Mapping,
    Mark,
    Notice,
    Number,
    OfWatch,
    Order,
    Payout,
    Period,
    Return,
    Rule,
    Second,
    Step,
    Story,
    WatchRule,
)
from crossbook.cli.deciding import Wish, a_command
from crossbook.cli.options import as_day, group


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
    made = {name: a_command(name, asks, back=True) for name, asks in asked.items()}
    group(app, "undo", "Take a decision back: that is journalled too. 撤销决定", made, PANEL)


def match(
    payout: Payout,
) -> Wish:
    """The match of a payout does not hold, whoever made it. 撤销匹配"""
    return {"payout": payout}


def entry(
    first: First,
    second: Second,
) -> Wish:
    """Whether two entries are one is left to the files again. 撤销同一笔的判断"""
    return {"first": first, "second": second}


def explanation(
    payout: Payout,
) -> Wish:
    """The explanation that was accepted does not hold. 撤销订单组合"""
    return {"payout": payout}


def fact(
    payout: Payout,
    fact: Fact,
) -> Wish:
    """A fact of a payout that was stated does not hold. 撤销结算信息"""
    return {"payout": payout, "fact": fact}


def finding(
    order: Order,
    rule: Rule,
) -> Wish:
    """A rule counts again for a trade. 恢复核验规则"""
    return {"order": order, "rule": rule}


def hit(
    listing: Listing,
    mark: Mark,
) -> Wish:
    """A hit on a mark counts again for a listing. 恢复商标命中"""
    return {"listing": listing, "mark": mark}


def file(
    file: File,
) -> Wish:
    """Use a file again. 恢复使用证据"""
    return {"file": file}


def approval(
    entry: Number,
) -> Wish:
    """An approval that you gave is taken back: needs --as. 撤销复核"""
    return {"entry": entry}


def return_(
    form: Return,
    period: Period,
) -> Wish:
    """A return is not filed. 撤销已申报"""
    return {"form": form, "period": period}


def case(
    case: Case,
) -> Wish:
    """A case was opened in error. 撤销案件"""
    return {"case": case}


def about(
    case: Case,
) -> Wish:
    """What was told last of a case does not hold. 撤销案件信息"""
    return {"case": case}


def event(
    case: Case,
    event: Event,
) -> Wish:
    """An event did not happen. 撤销案件事件"""
    return {"case": case, "event": event}


def limit(
    case: Case,
    limit: Limit,
) -> Wish:
    """A time limit was not kept. 撤销期限履行"""
    return {"case": case, "limit": limit}


def closing(
    case: Case,
) -> Wish:
    """A case is open again. 重新立案"""
    return {"case": case}


def notice(
    notice: Notice,
) -> Wish:
    """A notice was journalled in error. 撤销通知"""
    return {"notice": notice}


def step(
    notice: Notice,
    step: Step,
    on: Annotated[
        date | None, typer.Option(metavar="DAY", parser=as_day, help="Which of that name; the last else. 日期")
    ] = None,
) -> Wish:
    """A step was journalled in error. 撤销步骤"""
    return {"notice": notice, "step": step, "on": on}


def reading(
    mapping: Mapping,
) -> Wish:
    """No table is read by a mapping any more. 停用映射"""
    return {"mapping": mapping}


def intake() -> Wish:
    """The last intake of cases was made in error. 撤销入队"""
    return {}


def outcome(
    case: OfWatch,
) -> Wish:
    """What was decided last about a case of the watch does not hold. 撤销案例结论"""
    return {"case": case}


def remark(
    case: OfWatch,
) -> Wish:
    """The last note on a case of the watch does not hold. 撤销案例备注"""
    return {"case": case}


def figure(
    rule: WatchRule,
    figure: Figure,
) -> Wish:
    """A figure of a rule is what it was before people decided on it. 恢复规则参数"""
    return {"rule": rule, "figure": figure}


def narrative(
    case: OfWatch,
    language: Story,
) -> Wish:
    """The story of a watch case is the draft again. 恢复叙述草稿"""
    return {"case": case, "language": language}
