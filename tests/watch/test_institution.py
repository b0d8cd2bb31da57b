"""The sample institution: every planted typology is found by its rule, and what is called besides is known."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from crossbook.book import open_book
from crossbook.cli.demo_institution import found_in
from crossbook.errors import CrossbookError
from crossbook.filing.suspicion.writing import FORMS, report
from crossbook.watch.casefile import case_file
from crossbook.watch.casework import cases
from crossbook.watch.deciding.common import opens
from tests.cli.running import run

# Look-alikes that a rule calls though they are honest, each with why it cannot tell (docs/watch.md).
KNOWN_ALIKE = {
    "fan_in": {"marketplace"},  # forty buyers a week
    "fan_out": {"payroll"},  # thirty wages
    "gather_scatter": {"marketplace", "forwarder"},  # both hand on most of what they get
    "pass_through": {"forwarder", "treasury"},
    "shared_device": {"family"},  # four of one address
}


def test_every_planted_typology_is_found_by_its_rule(institution: Path) -> None:
    planted = json.loads((institution / "truth" / "planted.json").read_text(encoding="utf-8"))
    told, weighed = found_in(open_book(institution / "book"), planted)
    assert told.transfers == 3000 and not told.aside and not told.unmeasured
    assert all(r["ran"] for r in told.rules)
    assert {w.rule: w.planted - w.found for w in weighed if w.planted - w.found} == {}
    assert {w.rule for w in weighed if w.planted} >= {r["rule"] for r in told.rules} - {"large_value"}
    assert {w.rule: set(w.alike) - KNOWN_ALIKE.get(w.rule, set()) for w in weighed if w.rule != "large_value"} == {
        w.rule: set() for w in weighed if w.rule != "large_value"
    }


def test_sellers_whose_trades_and_money_agree_are_not_called(institution: Path) -> None:
    """Of three sellers with orders one has payments without a trade, one trades without payment, one neither."""
    planted = json.loads((institution / "truth" / "planted.json").read_text(encoding="utf-8"))
    _, weighed = found_in(open_book(institution / "book"), planted)
    called = {w.rule: w.alerts for w in weighed if w.rule in ("untraded", "unpaid", "listed")}
    assert called == {"untraded": 1, "unpaid": 1, "listed": 2}


def test_a_case_of_orders_alone_has_their_days_and_a_story_but_no_form_of_transfers(institution: Path) -> None:
    """The seller with trades without payment: her file of orders has each, and no transfer is in the case."""
    opened = opens(open_book(institution / "book"))
    (case,) = (c for c in cases(opened.database, opened.book).values() if c.rules == ("unpaid",))
    told = case_file(opened.database, opened.book, case.id)
    assert not told.transfers and len(told.trades) >= 3
    days = [o["placed_on"] for o in told.trades]
    assert (case.first_on, case.last_on) == (min(days), max(days)) and case.first_on.year >= 2025
    story = report(opened.database, opened.book, case.id, "text", date(2026, 7, 1)).data.decode()
    total = sum(o["total"] for o in told.trades)
    assert f"{len(told.trades)} orders, {total // 100:,}.{total % 100:02d} USD in all" in story
    assert f"{len(told.trades)} 笔订单" in story
    assert all(f"{o['file']}:{o['line']}" in story for o in told.trades[:30])
    for form in set(FORMS) - {"text"}:
        with pytest.raises(CrossbookError, match=f"rests on orders alone, and {form} reports transfers"):
            report(opened.database, opened.book, case.id, form, date(2026, 7, 1))


def test_what_programs_read_is_whole_where_nobody_says_how_many(institution: Path) -> None:
    """People are told that a list goes on; a list in JSON cannot say so."""
    for words in (("alerts",), ("queue", "--all")):
        done = run("watch", *words, "--json", book=institution / "book")
        listed = run("watch", *words, book=institution / "book").stdout
        assert len(json.loads(done.stdout)) > 30 and f"30 of {len(json.loads(done.stdout))};" in listed
    assert len(json.loads(run("watch", "alerts", "--json", "--limit", "3", book=institution / "book").stdout)) == 3
