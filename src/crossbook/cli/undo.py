"""Taking a decision back: one command for each kind of decision. That is journalled, too."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from crossbook.cli.decide import (
    PANEL,
    Case,
    Event,
    File,
    Limit,
    Listing,
    Mapping,
    Mark,
    Notice,
    Number,
    Order,
    Payout,
    Period,
    Return,
    Rule,
    Step,
)
from crossbook.cli.deciding import As, LookOnly, Yes, decide
from crossbook.cli.options import HERE, AsJson, BookPath, Commands, Why, as_day, group


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
    group(app, "undo", "Take a decision back: that is journalled too. 撤销决定", commands, PANEL)


def _undo(
    kind: str, book: Path, wish: dict[str, Any], yes: list[str] | None, look: bool, as_user: str | None, json: bool
) -> None:
    decide(kind, book, wish, yes=yes, look_only=look, as_user=as_user, json=json, back=True)


def match(
    payout: Payout,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """The match of a payout does not hold, whoever made it. 撤销匹配"""
    _undo("match", book, {"payout": payout, "why": why}, yes, look, as_user, json)


def explanation(
    payout: Payout,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """The explanation that was accepted does not hold. 撤销订单组合"""
    _undo("explanation", book, {"payout": payout, "why": why}, yes, look, as_user, json)


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
    """A rule counts again for a trade. 恢复核验规则"""
    _undo("finding", book, {"order": order, "rule": rule, "why": why}, yes, look, as_user, json)


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
    """A hit on a mark counts again for a listing. 恢复商标命中"""
    _undo("hit", book, {"listing": listing, "mark": mark, "why": why}, yes, look, as_user, json)


def file(
    file: File,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """Use a file again. 恢复使用证据"""
    _undo("file", book, {"file": file, "why": why}, yes, look, as_user, json)


def approval(
    entry: Number,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """An approval that you gave is taken back: needs --as. 撤销复核"""
    _undo("approval", book, {"entry": entry, "why": why}, yes, look, as_user, json)


def return_(
    form: Return,
    period: Period,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A return is not filed. 撤销已申报"""
    _undo("return", book, {"form": form, "period": period, "why": why}, yes, look, as_user, json)


def case(
    case: Case,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A case was opened in error. 撤销案件"""
    _undo("case", book, {"case": case, "why": why}, yes, look, as_user, json)


def about(
    case: Case,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """What was told last of a case does not hold. 撤销案件信息"""
    _undo("about", book, {"case": case, "why": why}, yes, look, as_user, json)


def event(
    case: Case,
    event: Event,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """An event did not happen. 撤销案件事件"""
    _undo("event", book, {"case": case, "event": event, "why": why}, yes, look, as_user, json)


def limit(
    case: Case,
    limit: Limit,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A time limit was not kept. 撤销期限履行"""
    _undo("limit", book, {"case": case, "limit": limit, "why": why}, yes, look, as_user, json)


def closing(
    case: Case,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A case is open again. 重新立案"""
    _undo("closing", book, {"case": case, "why": why}, yes, look, as_user, json)


def notice(
    notice: Notice,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A notice was journalled in error. 撤销通知"""
    _undo("notice", book, {"notice": notice, "why": why}, yes, look, as_user, json)


def step(
    notice: Notice,
    step: Step,
    book: BookPath = HERE,
    why: Why = "",
    on: Annotated[
        date | None, typer.Option(metavar="DAY", parser=as_day, help="Which of that name; the last else. 日期")
    ] = None,
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """A step was journalled in error. 撤销步骤"""
    _undo("step", book, {"notice": notice, "step": step, "on": on, "why": why}, yes, look, as_user, json)


def reading(
    mapping: Mapping,
    book: BookPath = HERE,
    why: Why = "",
    yes: Yes = None,
    look: LookOnly = False,
    as_user: As = None,
    json: AsJson = False,
) -> None:
    """No table is read by a mapping any more. 停用映射"""
    _undo("reading", book, {"mapping": mapping, "why": why}, yes, look, as_user, json)
