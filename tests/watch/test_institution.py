"""The sample institution: every planted typology is found by its rule, and what is called besides is known."""

from __future__ import annotations

import json
from pathlib import Path

from crossbook.book import open_book
from crossbook.cli.demo_institution import found_in

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
