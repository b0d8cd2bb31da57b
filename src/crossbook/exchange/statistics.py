"""Counts that the agreement names, told with noise: of any one party they say next to nothing.

The mechanism is the discrete Laplace one of OpenDP: to each cell of a table whole-numbered noise of scale contributes /
epsilon is added. The cells are those that there can be, not those that there are; of each party at most `contributes`
transfers (or cells, or cases) count, the first ones. A party is who holds an account on this side: the payer's, or the
payee's where the payer is elsewhere. Epsilons add up; what was spent stands in the journal, with each answer.
"""

from __future__ import annotations

import math
import re
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.util import find_spec
from itertools import product
from typing import Any

from crossbook.book import Book
from crossbook.book.journal import Entry
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.exchange import adopting, letters
from crossbook.exchange.agreement import Agreement, Party
from crossbook.exchange.allowance import DisclosureError
from crossbook.exchange.clauses import PERIODS, Statistic
from crossbook.exchange.keys import Keys
from crossbook.exchange.letters import Letter
from crossbook.money import EXPONENT
from crossbook.money import band as money_band

PARTS = QUESTION, ANSWER = "count question", "count answer"
CLAUSE = "statistic"
MECHANISM = "discrete Laplace"
BANDS = range(13)  # powers of ten, in minor units of the book
OTHER = "other"
_NAME = re.compile(r"count-[0-9a-f]{8}")
_MONTH = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")
_OURS = "({end}_institution IN (SELECT unnest($institutions)) OR (len($institutions) = 0 AND {end}_country = $country))"
_TRANSFERS = f"""
WITH held AS (
  SELECT *, coalesce({_OURS.format(end="payer")}, false) AS payer_ours,
    coalesce({_OURS.format(end="payee")}, false) AS payee_ours
  FROM watch_transfer WHERE day BETWEEN $since AND $until AND NOT returned
)
SELECT id, strftime(day, '%Y-%m') AS month, paid_currency AS currency, unit,
  CASE WHEN payer_ours THEN coalesce(payer_party, payer_account) ELSE coalesce(payee_party, payee_account) END AS party
FROM held WHERE (payer_ours AND coalesce(payer_party, payer_account) IS NOT NULL)
  OR (NOT payer_ours AND payee_ours AND coalesce(payee_party, payee_account) IS NOT NULL) ORDER BY id
"""
Cell = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Count:
    """A question and its answer. `mine`: this side asked. `cells` has the labels and the value of each, noise in it;
    the true count (of at most `contributes` a party) lies within `half` of the value in 95 of 100 cases. `refused` says
    why there is no answer. `currency` is that of bands: a label n stands for amounts of n + 1 digits of its minor
    units; empty where there are none, or an answer of an earlier version did not tell. `spent` is the epsilon that it
    cost, nothing where the same was answered before."""

    name: str
    agreement: str
    mine: bool
    other: str
    statistic: str
    since: str
    until: str
    at: str
    by: tuple[str, ...] = ()
    cells: tuple[tuple[Any, ...], ...] = ()
    epsilon: str = ""
    scale: float | None = None
    half: int | None = None
    contributes: int | None = None
    currency: str = ""
    spent: str = ""
    answered_at: str = ""
    refused: str = ""


def ask(book: Book, keys: Keys, agreement: Agreement, statistic: str, since: str, until: str) -> str:
    """Ask for a count of whole months, as 2026-03: the question's name. Raises DisclosureError."""
    _asked_for(agreement, statistic, since, until)
    name = f"count-{secrets.token_hex(4)}"
    told = {"statistic": statistic, "since": since, "until": until}
    what = f"a question for a count: {statistic}, {since} to {until}"
    letters.send(book, agreement, keys, QUESTION, name, told, what=what, clause=CLAUSE)
    return name


def accept(book: Book, agreement: Agreement, letter: Letter) -> str:
    """Why a question or an answer of the other side is not accepted, empty where it is."""
    known = letters.read(book, agreement)
    told = letter.told
    if letter.part == QUESTION:
        words = [told.get(name) for name in ("statistic", "since", "until")]
        if not _NAME.fullmatch(letter.about) or any(x.about == letter.about for x in known):
            return "a question whose name is none, or was given before"
        if not all(isinstance(word, str) for word in words):
            return "a message without words"
        try:
            _asked_for(agreement, *map(str, words))
        except CrossbookError as error:
            return error.what
        return ""
    asked = [x for x in known if x.mine and x.part == QUESTION and x.about == letter.about]
    if not asked or any(x.part == ANSWER and x.about == letter.about for x in known):
        return "an answer to a question that is not open"
    if told.get("refused") and isinstance(told["refused"], str):
        return ""
    statistic = next((s for s in agreement.statistics if s.name == asked[0].told["statistic"]), None)
    return "" if statistic and _sound(told, statistic) else "an answer that is no count of what was asked for"


def _sound(told: dict[str, Any], statistic: Statistic) -> bool:
    """Whether an answer is a table of this statistic: its labels, whole numbers, and the noise that was agreed."""
    cells, half, scale = told.get("cells"), told.get("half"), told.get("scale")
    rows = [row if isinstance(row, list) else [] for row in cells] if isinstance(cells, list) else [[]]
    return (
        told.get("by") == list(statistic.by)
        and all(len(row) == len(statistic.by) + 1 and type(row[-1]) is int for row in rows)
        and all(isinstance(label, str) for row in rows for label in row[:-1])
        and (type(half) is int and half >= 0)
        and (isinstance(scale, (int, float)) and 0 < scale < math.inf)
        and (told.get("epsilon"), told.get("contributes")) == (statistic.epsilon, statistic.contributes)
        and (told.get("currency", "") == "" or ("band" in statistic.by and told["currency"] in EXPONENT))
    )


def settle(book: Book, database: Database, agreement: Agreement, keys: Keys) -> None:
    """Answer the questions that came and were not answered: with the answer that the same question got before, else
    with a new one within the budget, else with the reason why there is none."""
    known = letters.read(book, agreement)
    answered = {x.about for x in known if x.mine and x.part == ANSWER}
    for asked in known:
        if asked.mine or asked.part != QUESTION or asked.refused or asked.about in answered:
            continue
        _answer(book, database, agreement, keys, asked)


def counts(book: Book) -> list[Count]:
    """All questions and answers of a book, the newest first."""
    cost = {
        (entry.subject, entry.body["about"]): entry.body["epsilon"]
        for entry in book.journal()
        if entry.action == letters.SENT and "epsilon" in entry.body
    }
    found = []
    for agreement in adopting.adopted(book):
        known = letters.read(book, agreement)
        answers = {x.about: x for x in known if x.part == ANSWER and not x.refused}
        for x in known:
            if x.part != QUESTION or (x.refused and not x.mine):
                continue
            got = answers.get(x.about)
            told: dict[str, Any] = got.told if got else {}
            asked: dict[str, Any] = {n: str(x.told[n]) for n in ("statistic", "since", "until")}
            noise: dict[str, Any] = {n: told.get(n) for n in ("scale", "half", "contributes")}
            found.append(
                Count(
                    name=x.about,
                    agreement=agreement.sha[:12],
                    mine=x.mine,
                    other=x.other,
                    **asked,
                    at=x.at,
                    by=tuple(told.get("by", ())),
                    cells=tuple(tuple(row) for row in told.get("cells", ())),
                    **noise,
                    currency=str(told.get("currency", "")),
                    epsilon=str(told.get("epsilon", "")),
                    spent=str(cost.get((letters.channel(agreement), x.about), "")),
                    answered_at=got.at if got else "",
                    refused=x.refused or str(told.get("refused", "")),
                )
            )
    return sorted(found, key=lambda count: count.at, reverse=True)


def labels(count: Count, cell: Iterable[Any]) -> list[str]:
    """The labels of a cell as people read them: a band as the money that it stands for."""
    return [
        money_band(int(label), count.currency)
        if name == "band" and count.currency and str(label).isdecimal() and len(str(label)) < 3
        else str(label)
        for name, label in zip(count.by, cell, strict=False)
    ]


def spent(entries: Iterable[Entry], agreement: Agreement, day: date) -> Decimal:
    """The epsilons that this side spent under an agreement in the period in which the day lies."""
    kind = agreement.counts.period if agreement.counts else PERIODS[0]
    period, mine = _period(kind, day.isoformat()), letters.channel(agreement)
    costs = [
        Decimal(e.body["epsilon"])
        for e in entries
        if e.action == letters.SENT and e.subject == mine and "epsilon" in e.body
        if _period(kind, e.at[:10]) == period
    ]
    return sum(costs, Decimal(0))


def noisy(values: list[int], contributes: int, epsilon: Decimal) -> tuple[list[int], float, int]:
    """Values with noise, the scale of the noise, and within how much of the true value 95 in 100 lie. Raises
    CrossbookError where OpenDP is not installed."""
    need()
    import opendp.prelude as dp

    dp.enable_features("contrib")
    scale = float(contributes / epsilon)
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")
    mechanism = dp.m.make_laplace(*space, scale=scale)
    if mechanism.map(contributes) > float(epsilon) * (1 + 1e-9):
        raise CrossbookError("the noise is not what the agreement asks for", todo="ask for help")
    half = math.floor(dp.discrete_laplacian_scale_to_accuracy(scale=scale, alpha=0.05))
    return list(mechanism(values)) if values else [], scale, half


def need() -> None:
    """Raise CrossbookError where OpenDP is not installed."""
    if not find_spec("opendp"):
        raise CrossbookError("counts need the extra counts", todo="pip install 'crossbook[counts]'")


def table(
    statistic: Statistic, rows: Iterable[tuple[str, dict[str, str]]], months: list[str], rules: list[str]
) -> dict[Cell, int]:
    """The true count of each cell that there can be, of rows of (party, labels) in order, of each party at most
    `contributes`: of its rows, or where parties are counted of the cells that it is in."""
    domain = {
        "month": months,
        "currency": [*statistic.currencies, OTHER],
        "band": [*(str(band) for band in BANDS), OTHER],
        "rule": rules,
    }
    cells: Counter[Cell] = Counter(dict.fromkeys(product(*(domain[name] for name in statistic.by)), 0))
    used: Counter[str] = Counter()
    seen: set[tuple[str, Cell]] = set()
    for party, labels in rows:
        cell = tuple(labels[name] if labels[name] in domain[name] else OTHER for name in statistic.by)
        if cell not in cells or used[party] >= statistic.contributes:
            continue
        if statistic.count == "parties":
            if (party, cell) in seen:
                continue
            seen.add((party, cell))
        used[party] += 1
        cells[cell] += 1
    return dict(cells)


def _answer(book: Book, database: Database, agreement: Agreement, keys: Keys, asked: Letter) -> None:
    words = [str(asked.told[name]) for name in ("statistic", "since", "until")]
    before = [x for x in letters.read(book, agreement) if x.mine and x.part == ANSWER and "cells" in x.told]
    same = [x for x in before if [x.told[name] for name in ("statistic", "since", "until")] == words]
    what = f"a count: {words[0]}, {words[1]} to {words[2]}"
    if same:
        told = {**same[0].told, "again": True}
        letters.send(
            book, agreement, keys, ANSWER, asked.about, told, what=f"{what}, the same as before", clause=CLAUSE
        )
        return
    try:
        statistic = _asked_for(agreement, *words)
        epsilon = Decimal(statistic.epsilon)
        need()
        _within(book.journal(), agreement, epsilon)
        cells = _counted(book, database, agreement, agreement.side(keys.sign)[0], statistic, words[1], words[2])
        values, scale, half = noisy(list(cells.values()), statistic.contributes, epsilon)
    except DisclosureError as error:
        _refuse(book, agreement, keys, asked, error.what)
        return
    except CrossbookError:
        _refuse(book, agreement, keys, asked, "it cannot be counted there now")
        return
    told = {
        **dict(zip(("statistic", "since", "until"), words, strict=True)),
        "by": list(statistic.by),
        "cells": [[*cell, value] for cell, value in zip(cells, values, strict=True)],
        "mechanism": MECHANISM,
        "epsilon": statistic.epsilon,
        "contributes": statistic.contributes,
        "currency": _currency(database) if "band" in statistic.by else "",
        "scale": scale,
        "half": half,
    }
    letters.send(
        book,
        agreement,
        keys,
        ANSWER,
        asked.about,
        told,
        what=f"{what}, within {half} of {len(values)} cells, for an epsilon of {statistic.epsilon}",
        clause=CLAUSE,
        noted={"epsilon": statistic.epsilon},
        check=lambda entries: _within(entries, agreement, epsilon),
    )


def _refuse(book: Book, agreement: Agreement, keys: Keys, asked: Letter, why: str) -> None:
    letters.send(book, agreement, keys, ANSWER, asked.about, {"refused": why}, what="no count", clause=CLAUSE)


def _within(entries: Iterable[Entry], agreement: Agreement, epsilon: Decimal) -> None:
    """Raise DisclosureError where this epsilon is more than is left."""
    counts, before = agreement.counts, spent(entries, agreement, datetime.now(UTC).date())
    if counts is None or before + epsilon > Decimal(counts.budget):
        most, period = (counts.budget, counts.period) if counts else ("0", PERIODS[0])
        raise DisclosureError(
            f"{before} of the budget of {most} is spent in this {period}",
            todo="ask again in the next one, or for a count that was answered",
        )


def _counted(
    book: Book, database: Database, agreement: Agreement, mine: Party, statistic: Statistic, since: str, until: str
) -> dict[Cell, int]:
    months = _months(since, until)
    first, last = date.fromisoformat(f"{since}-01"), _end(until)
    if statistic.count == "cases":
        from crossbook.watch.casework import queue
        from crossbook.watch.rules import rules

        found = [c for c in queue(database, book, status="all", by="age") if first <= c.first_on <= last]
        found.sort(key=lambda c: (c.first_on, c.id))
        each = [
            (c.subject, {"month": c.first_on.isoformat()[:7], "rule": rule})
            for c in found
            for rule in (c.rules if "rule" in statistic.by else ("",))
        ]
        return table(statistic, each, months, [rule.name for rule in rules()])
    database.ask("transfers")
    rows = database.rows(
        _TRANSFERS, institutions=list(mine.institutions), country=mine.country, since=first, until=last
    )
    paid = [
        (
            str(row["party"]),
            {"month": row["month"], "currency": row["currency"] or OTHER, "band": _band(row["unit"])},
        )
        for row in rows
    ]
    return table(statistic, paid, months, [])


def _currency(database: Database) -> str:
    """In which the amounts are by which transfers are told apart."""
    database.ask("transfers")
    rows = database.rows("SELECT unit_currency FROM watch_transfer WHERE unit_currency IS NOT NULL LIMIT 1")
    return str(rows[0]["unit_currency"]) if rows else ""


def _band(amount: int | None) -> str:
    return OTHER if amount is None else str(min(len(str(abs(amount))) - 1, BANDS[-1]))


def _asked_for(agreement: Agreement, name: str, since: str, until: str) -> Statistic:
    found = next((s for s in agreement.statistics if s.name == name), None)
    if found is None or agreement.counts is None:
        known = ", ".join(s.name for s in agreement.statistics) or "—"
        raise DisclosureError(f"the agreement has no statistic {name!r}", todo=f"it has: {known}")
    for month in (since, until):
        if not _MONTH.fullmatch(month):
            raise DisclosureError(f"{month[:20]!r} is no month", todo="write it as 2026-03")
    if until < since:
        raise DisclosureError(f"from {since} to {until}: it ends before it begins", todo="correct a month")
    if _end(until) >= datetime.now(UTC).date():
        raise DisclosureError(f"{until} is not over", todo="ask for months that are: what is counted must not change")
    if len(_months(since, until)) > 120:
        raise DisclosureError("more than 120 months", todo="ask for fewer")
    return found


def _months(since: str, until: str) -> list[str]:
    first, last = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (since, until))
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, last + 1)]


def _end(month: str) -> date:
    year, number = int(month[:4]), int(month[5:])
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def _period(kind: str, day: str) -> str:
    if kind == "year":
        return day[:4]
    return day[:7] if kind == "month" else f"{day[:4]} {(int(day[5:7]) - 1) // 3}"
