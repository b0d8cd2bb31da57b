"""Templates and the words, numbers, dates and money in them, by the reader's language."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from babel import Locale, dates, numbers
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from crossbook import money as m
from crossbook.facts import KINDS
from crossbook.facts.kind import MINOR
from crossbook.i18n import cited, kind_of_decision, language, t, translated
from crossbook.odds import odds
from crossbook.printable import printable
from crossbook.sources.mapping_spec import COSTS, COUNTS
from crossbook.sources.registry import PROVEN
from crossbook.version import __version__
from crossbook.web.citations import cites

HERE = Path(__file__).parent
THEMES = ("auto", "light", "dark")
_LOCALES = {"en": "en_US", "zh": "zh_Hans_CN"}
DASH = "—"


@lru_cache(maxsize=8)
def _locale(name: str) -> Locale:
    return Locale.parse(_LOCALES[name])


def _here() -> Locale:
    return _locale(language())


def cash(minor: int | None, currency: str | None) -> str:
    """Money as the reader writes numbers, with its ISO code: 1,234.56 USD."""
    if minor is None or currency is None:
        return DASH
    digits = m.exponent(currency)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    text = numbers.format_decimal(m.to_decimal(abs(minor), currency), format=pattern, locale=_here())
    return f"{'−' if minor < 0 else ''}{text}\u00a0{currency}"


def about(minor: int | None, currency: str) -> str:
    """A large sum to four digits or so, as the reader shortens numbers: 997.6M USD, 9.98亿 USD."""
    if minor is None:
        return DASH
    text = numbers.format_compact_decimal(float(m.to_decimal(minor, currency)), locale=_here(), fraction_digits=1)
    return f"{text}\u00a0{currency}"


def number(value: Decimal | int | float | None) -> str:
    """A number with the reader's separators."""
    return DASH if value is None else str(numbers.format_decimal(value, locale=_here()))


def percent(value: float) -> str:
    """A probability with one decimal, in the reader's words where it would round to 100 % or to nothing."""
    return t(odds(value, 1))


def share(value: Decimal | float, decimals: int = 2) -> str:
    """A rate or share in percent, with as many decimals as it has, `decimals` at most."""
    pattern = "0." + "#" * decimals + "%" if decimals else "0%"
    return str(numbers.format_percent(value, format=pattern, locale=_here())).replace("-", "−")


def day(value: date | None) -> str:
    """A day in the reader's words."""
    if value is None:
        return DASH
    if isinstance(value, datetime):
        value = value.date()
    return str(dates.format_date(value, format="medium", locale=_here()))


def moment(value: str | datetime | None) -> str:
    """A moment in UTC, to the minute."""
    if value is None:
        return DASH
    when = datetime.fromisoformat(value) if isinstance(value, str) else value
    return str(dates.format_datetime(when, format="yyyy-MM-dd HH:mm", locale=_here())) + " UTC"


def label(code: str) -> str:
    """A code of ours (not_closed, in_transit) in the reader's words."""
    return t(code) if language() == "zh" else code.replace("_", " ")


_TONES = {
    "good": "closed unique accepted at_bank added verified agrees witnessed registered below",
    "info": "likely implied on_its_way in_balance in_transit awaiting_release untraced duplicate",
    "warn": "late_order ambiguous unproved no_rule partial unrecognised in_dispute in_reserve not_shipped incomplete "
    "near unknown credit_twice",
    "bad": "contradiction not_closed unexplained overdue credit_without_order failed contradicted suspicious differs "
    "over not_received statement_differs",
}
_TONE = {code: name for name, codes in _TONES.items() for code in codes.split()} | {"was over": "warn"}


def tone(code: str) -> str:
    """How good or bad a code is: good, info, warn or bad; plain for what is neither."""
    return _TONE.get(code, "plain")


_IN = {"original_amount": "original_currency"} | dict.fromkeys(COSTS, "cost_currency")  # elsewhere in "currency"


@lru_cache(maxsize=100)
def money_columns(kind: str) -> frozenset[str]:
    """The columns of a kind of fact that hold money: what else is whole is a count or a weight."""
    columns = KINDS[kind].columns
    return frozenset(
        name for name, type_ in columns.items() if type_ == MINOR and name not in (*COUNTS, "net_weight_g")
    )


def fact(row: dict[str, Any], column: str, kind: str) -> str:
    """One value of a fact of a kind: money with the row's currency, moments and days in the reader's words."""
    value = row[column]
    if value is None:
        return ""
    if column in money_columns(kind):
        currency = row.get(_IN.get(column, "currency"))
        return cash(value, currency) if currency in m.EXPONENT else number(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    return number(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else str(value)


def plain_json(value: Any) -> str:
    """JSON that may stand inside a script element."""
    return json.dumps(value, ensure_ascii=False, default=str).replace("<", "\\u003c")


def address(path: str, **query: Any) -> str:
    """A path with a query; parts left empty are left out."""
    told = {k: v for k, v in query.items() if v not in (None, "", 1)}
    return path + ("?" + urlencode(told) if told else "")


def linked(text: str, links: Mapping[str, str]) -> Markup:
    """A sentence with each name in it that has a page as a link to it; a name inside a longer word is none."""
    names = "|".join(re.escape(n) for n in sorted(links, key=len, reverse=True) if n)
    if not names:
        return escape(text)
    pieces = re.split(rf"(?<![0-9A-Za-z])({names})(?![0-9A-Za-z])", text)
    anchor = Markup('<a href="{}">{}</a>')
    return Markup("").join(anchor.format(links[p], p) if i % 2 else p for i, p in enumerate(pieces))


def part(text: object) -> str:
    """Text as one part of a path."""
    return quote(str(text), safe="")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": day,
        "moment": moment,
        "number": number,
        "percent": percent,
        "share": share,
        "part": part,
        "plain_json": plain_json,
        "label": label,
        "linked": linked,
    }
    environment.globals |= {
        "t": t,
        "kind_of_decision": kind_of_decision,
        "translated": translated,
        "cited": cited,
        "cash": cash,
        "about": about,
        "address": address,
        "version": __version__,
        "DASH": DASH,
        "proven": PROVEN,
        "tone": tone,
        "fact": fact,
        "money_columns": money_columns,
        "cites": cites,
    }
    return environment


def render(request: Request, template: str, status: int = 200, /, **context: Any) -> HTMLResponse:
    """A page from its template; `context` beside what every page needs."""
    theme = request.cookies.get("theme", "auto")
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    text = (
        _environment()
        .get_template(template)
        .render(
            {
                "request": request,
                "lang": language(),
                "theme": theme if theme in THEMES else "auto",
                "here": here,
                "session": getattr(request.state, "session", None),
                "business": getattr(request.app.state, "business", ""),
                "navigation": request.app.state.navigation,
                "names": getattr(request.state, "names", {}),
                "fresh": getattr(request.state, "fresh", True),
                "local": not request.app.state.access.accounts,
                "command": getattr(request.app.state, "command", "crossbook web"),
                "above": getattr(request.app.state, "above", None),
                "search": getattr(request.app.state, "search", "/search"),
            }
            | context
        )
    )
    return HTMLResponse(printable(text), status)  # a name of a file may hold orders to a terminal
