"""Counts with noise: the mechanism against its own law, the budget in the journal, and the same answer to the same
question."""

from __future__ import annotations

import math
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crossbook.errors import CrossbookError
from crossbook.exchange import adopting, agreement, letters, reading, statistics
from crossbook.exchange.allowance import DisclosureError
from crossbook.exchange.clauses import Statistic
from tests.exchange.making import agreed, country
from tests.exchange.test_folder import box, deliver
from tests.exchange.test_session import PAID, World, books, world

__all__ = ["books"]  # the fixture

CLAUSES = """smallest = 5

[counts]
budget = "1.25"
period = "year"

[[statistic]]
name = "payments by month"
count = "transfers"
by = ["month"]
epsilon = "0.5"
contributes = 2

[[statistic]]
name = "parties by currency"
count = "parties"
by = ["currency"]
epsilon = "0.5"
currencies = ["USD", "CNY"]
"""
BANDS = """smallest = 5

[counts]
budget = "100"

[[statistic]]
name = "payments by band"
count = "transfers"
by = ["band"]
epsilon = "50"
contributes = 1
"""


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, books: Path) -> World:
    return world(tmp_path_factory.mktemp("counts"), books, most=CLAUSES)


def ask(made: World, statistic: str, since: str = "2026-03", until: str = "2026-03") -> statistics.Count:
    desk = made.desks["CN"]
    name = statistics.ask(desk.book, desk.keys, adopting.agreement_of(desk.book, made.sha), statistic, since, until)
    deliver(made)
    (found,) = [c for c in statistics.counts(desk.book) if c.name == name]
    return found


def test_the_noise_is_the_discrete_laplace_of_its_scale() -> None:
    """P(X = k) = (1 - r) / (1 + r) * r ** |k| with r = exp(-1 / scale) (Ghosh, Roughgarden and Sundararajan 2009). By
    hand, at a scale of 4: r = 0.7788, P(|X| > 12) = 2 r ** 13 / (1 + r) = 0.0436, P(|X| > 11) = 0.0560."""
    values, scale, half = statistics.noisy([1000] * 20_000, 2, Decimal("0.5"))
    assert (scale, half) == (4.0, 12)
    r = math.exp(-1 / 4)
    found = Counter(value - 1000 for value in values)
    for k in (0, 1, -1, 5, -5):
        expected = (1 - r) / (1 + r) * r ** abs(k)
        assert abs(found[k] / 20_000 - expected) < 6 * math.sqrt(expected / 20_000)
    assert 0.945 < sum(n for k, n in found.items() if abs(k) <= half) / 20_000 < 0.967


def test_one_party_changes_a_table_by_no_more_than_it_may() -> None:
    rows = [("a", {"month": "2026-03"})] * 9 + [("b", {"month": "2026-04"}), ("a", {"month": "2026-04"})]
    asked = Statistic(name="x", count="transfers", epsilon="1", by=("month",), contributes=3)
    months = ["2026-03", "2026-04", "2026-05"]
    assert statistics.table(asked, rows, months, []) == {("2026-03",): 3, ("2026-04",): 1, ("2026-05",): 0}
    asked = Statistic(name="x", count="parties", epsilon="1", by=("month",), contributes=1)
    assert list(statistics.table(asked, rows, months, []).values()) == [1, 1, 0]


def test_a_count_is_answered_once_and_the_budget_is_kept(two: World) -> None:
    first = ask(two, "payments by month")
    used: Counter[str] = Counter()
    for p in PAID:  # by hand: each transfer is of its payer, or of the payee where the payer is elsewhere; two at most
        if "US" in (country(p.payer), country(p.payee)):
            used[p.payer if country(p.payer) == "US" else p.payee] += 1
    true = sum(min(n, 2) for n in used.values())
    ((month, value),) = first.cells
    assert month == "2026-03" and abs(value - true) < 100, "but for one in 10**11"
    assert (first.epsilon, first.scale, first.half, first.contributes) == ("0.5", 4.0, 12, 2)
    again = ask(two, "payments by month")
    assert again.cells == first.cells
    theirs = two.desks["US"].book
    costs = {c.name: c.spent for c in statistics.counts(theirs)}
    assert costs == {first.name: "0.5", again.name: ""}
    other = ask(two, "parties by currency")
    assert [cell for cell, _ in other.cells] == ["USD", "CNY", "other"]
    refused = ask(two, "payments by month", "2026-02", "2026-03")
    assert refused.refused == "1.0 of the budget of 1.25 is spent in this year"
    assert refused.cells == ()
    assert ask(two, "parties by currency").cells == other.cells
    told = [row["what"] for row in reading.ledger(theirs) if row["clause"] == "statistic"]
    assert told[0] == ("a count: payments by month, 2026-03 to 2026-03, within 12 of 1 cells, for an epsilon of 0.5")
    wire = b"".join(path.read_bytes() for path in box(two.desks["US"], two).folder.glob("*.message"))
    assert b"payments by month" not in wire


COUNTED: dict[str, Any] = {
    "by": ["month"],
    "cells": [["2026-03", 7]],
    "epsilon": "0.5",
    "contributes": 2,
    "scale": 4.0,
    "half": 11,
}


@pytest.mark.parametrize(
    "other",
    [
        {"cells": [1, 2]},
        {"cells": [["[/bold]", "7"]]},
        {"by": ["[red]"]},
        {"half": None},
        {"half": -1},
        {"scale": math.nan},
        {"epsilon": "[/]"},
        {"cells": {}},
        {"refused": ""},
    ],
)
def test_an_answer_that_is_no_table_of_the_question_is_not_accepted(
    two: World, monkeypatch: pytest.MonkeyPatch, other: dict[str, Any]
) -> None:
    def answers(book: Any, database: Any, agreed: Any, keys: Any, asked: Any) -> None:
        told = {"refused": ""} if "refused" in other else {**COUNTED, **other}
        letters.send(book, agreed, keys, statistics.ANSWER, asked.about, told, what="a count", clause="statistic")

    monkeypatch.setattr(statistics, "_answer", answers)  # a side that says what it likes
    found = ask(two, "payments by month")
    assert found.cells == () and found.half is None and not found.answered_at


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (("nothing of the kind", "2026-03", "2026-03"), "has no statistic"),
        (("payments by month", "2026-13", "2026-03"), "is no month"),
        (("payments by month", "2026-03", "2026-02"), "ends before it begins"),
        (("payments by month", "2026-03", "2126-03"), "is not over"),
        (("payments by month", "２０２６-03", "２０２６-03"), "is no month"),  # digits of another script
        (("payments by month", "0000-01", "0000-02"), "is no month"),
        (("payments by month", "9999-12", "9999-12"), "is no month"),
    ],
)
def test_what_may_not_be_asked(two: World, asked: tuple[str, str, str], named: str) -> None:
    with pytest.raises(DisclosureError, match=named):
        ask(two, *asked)


@pytest.mark.parametrize(
    ("clause", "named"),
    [
        ('count = "transfers"\nby = ["rule"]\nepsilon = "1"', "count and by"),
        ('count = "transfers"\nepsilon = "0"', "epsilon cannot be '0'"),
        ('count = "transfers"\nepsilon = "NaN"', "epsilon cannot be 'NaN'"),
        ('count = "transfers"\nepsilon = "1"\ncontributes = 0', "contributes cannot be 0"),
    ],
)
def test_a_clause_that_cannot_be(tmp_path: Path, clause: str, named: str) -> None:
    most = f'smallest = 5\n\n[counts]\nbudget = "1"\n\n[[statistic]]\nname = "a"\n{clause}\n'
    _, path = agreed(tmp_path, most=most)
    with pytest.raises(CrossbookError, match=named):
        agreement.read(path)


def test_bands_of_a_count_say_their_currency(tmp_path: Path, books: Path) -> None:
    made = world(tmp_path, books, most=BANDS)
    found = ask(made, "payments by band")
    assert found.currency == "USD"
    shown = {statistics.labels(found, cell[:-1])[0]: cell[-1] for cell in found.cells}
    assert shown["1,000.00 USD – 9,999.99 USD"] > 10, "a band of 5: six digits of cents"
    assert list(shown)[-1] == "other", "what has no rate is in no band of amounts"
    assert (statistics._band(None), statistics._band(0)) == ("other", "0")


def test_bands_in_a_currency_that_is_none_are_not_accepted() -> None:
    asked = Statistic(name="x", count="transfers", epsilon="50", by=("band",), contributes=1)
    told: dict[str, Any] = {"by": ["band"], "cells": [["5", 3]], "half": 1, "scale": 0.5, "epsilon": "50"}
    told["contributes"] = 1
    assert statistics._sound({**told, "currency": "USD"}, asked)
    assert statistics._sound(told, asked), "of an earlier version"
    assert not statistics._sound({**told, "currency": "XXX"}, asked)
