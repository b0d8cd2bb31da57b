"""A seller's tables with trades that must be called and trades that must not: what is called, held against the truth.

In `planted/truth.csv` a kind that begins with FN must be called, one with FP or clean must not.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from crossbook.book import init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.demo.trades import MAPPINGS
from crossbook.engine import connect
from crossbook.verify.verdicts import broken

PLANTED = Path(__file__).parent / "planted"
# The three orders of this kind have one waybill in common, YW26000000077CN, beside a parcel of their own. That is said,
# mildly, and nothing else: that two parcels with a list each are no fault is tested in `test_several`.
SHARE_A_WAYBILL = "FP two parcels two lists"


@pytest.fixture(scope="module")
def called(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Verdict and rules by order, without `order_repeated`: some of these orders are copies of each other."""
    made = init_book(tmp_path_factory.mktemp("planted") / "book")
    (made.path / "mappings").mkdir(exist_ok=True)
    texts = MAPPINGS | {"trade-orders": (PLANTED / "orders.toml").read_text(encoding="utf-8")}
    for name, text in texts.items():
        (made.path / "mappings" / f"{name}.toml").write_text(text, encoding="utf-8")
    book = open_book(made.path)
    for name in ("orders", "payments", "parcels", "lists", "receipts"):
        for item in inputs([PLANTED / f"{name}.csv"]):
            add(book, item)
    database = connect(book)
    database.ask("verdict")
    rows = database.rows("SELECT order_id, verdict, broken, broken_2 FROM verdict")
    told = {
        r["order_id"]: tuple(rule for rule in broken(r["broken"], r["broken_2"]) if rule != "order_repeated")
        for r in rows
    }
    return {r["order_id"]: (r["verdict"], told[r["order_id"]]) for r in rows}


def test_what_is_called(called: dict[str, tuple[str, tuple[str, ...]]]) -> None:
    wrong: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    with (PLANTED / "truth.csv").open(encoding="utf-8") as file:
        truth = [(r["order_id"], r["kind"]) for r in csv.DictReader(file)]
    assert {order for order, _ in truth} == set(called)
    for order, kind in truth:
        rules = called[order][1]
        if kind == SHARE_A_WAYBILL:
            assert rules == ("tracking_shared_in_part",)
            assert called[order][0] == "incomplete"
        elif bool(rules) != kind.startswith("FN"):
            wrong.setdefault(kind, []).append((order, rules))
    assert wrong == {}
