"""The same obligation of a platform under several laws, side by side, the stricter marked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from crossbook.cases.clock import Span
from crossbook.cases.procedure import deadlines, procedure

REGIMES = {
    "cn_ecl": ("China: E-Commerce Law", "中国:《电子商务法》"),
    "phase_one": ("China and United States: Phase One agreement", "中美第一阶段经贸协议"),
    "us_dmca": ("United States: 17 U.S.C. 512 (copyright)", "美国:17 U.S.C. 512(版权)"),
}
SILENT = "was not read here"


@dataclass(frozen=True)
class Rule:
    """What one law asks: in words, or as a day counted from the event; `strictest` marks what binds a platform most."""

    regime: str
    says: str
    says_zh: str
    due: Span | None
    kind: str
    source: str
    link: str
    strictest: bool = False


@dataclass(frozen=True)
class Obligation:
    """An obligation, its rules by regime, and what satisfies all of them; `conflict` when no day does."""

    name: str
    title: str
    title_zh: str
    rules: tuple[Rule, ...]
    must: str
    must_zh: str
    conflict: bool


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, Any], ...]:
    text = files("crossbook.data").joinpath("cases/compare.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["obligation"])


def compare(on: date) -> list[Obligation]:
    """Every obligation, its days counted from an event on a day."""
    return [_obligation(row, on) for row in _rows()]


def _obligation(row: dict[str, Any], on: date) -> Obligation:
    told: list[tuple[Rule, int]] = [_rule(r, on) for r in row["rule"]]
    limits = [r for r, _ in told if r.due]
    waits = [r.due.latest for r in limits if r.due and r.kind != "act by"] or [date.min]
    last = [r.due.earliest for r in limits if r.due and r.kind == "act by" and r.regime == "us_dmca"]
    if limits:
        longest = max(r.due.latest for r in limits if r.due)
        rules = tuple(replace(r, strictest=bool(r.due and r.due.latest == longest)) for r, _ in told)
    else:
        most = max(strict for _, strict in told)
        rules = tuple(replace(r, strictest=strict == most) for r, strict in told)
    conflict = bool(last) and min(last) < max(max(waits), max(r.due.latest for r in limits if r.due))
    return Obligation(
        name=row["name"],
        title=row["title"],
        title_zh=row["title_zh"],
        rules=rules,
        must=row["must"],
        must_zh=row["must_zh"],
        conflict=conflict,
    )


def _rule(raw: dict[str, Any], on: date) -> tuple[Rule, int]:
    if "limit" not in raw:
        return Rule(
            regime=raw["regime"],
            says=raw["says"],
            says_zh=raw["says_zh"],
            due=None,
            kind="",
            source=raw["source"],
            link=raw["link"],
        ), raw["strict"]
    name, limit = raw["limit"].split(":")
    of = procedure(name)
    wanted = next(x for x in of.limits if x.name == limit)
    found = next(d for d in deadlines(of, {wanted.after: on}) if d.limit.name == limit)
    return Rule(
        regime=raw["regime"],
        says=wanted.title,
        says_zh=wanted.title_zh,
        due=found.due,
        kind=wanted.kind,
        source=wanted.source,
        link=wanted.link,
    ), 0
