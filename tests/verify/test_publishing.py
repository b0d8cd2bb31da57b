"""What the desk publishes: verdicts with decisions, made anew without the trades;
a row for each rule that is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book import Book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.decisions.kind import Plain
from crossbook.demo.trades import MAPPINGS
from crossbook.engine import connect
from crossbook.errors import CrossbookError
from tests.decisions.making import decided, undone
from tests.verify.facts_of import facts, papers, prepare
from tests.verify.test_planted import PLANTED

CLEAN = "SBW2026000001"


@pytest.fixture
def small(book: Book) -> Book:
    (book.path / "mappings").mkdir(exist_ok=True)
    for name, text in MAPPINGS.items():
        (book.path / "mappings" / f"{name}.toml").write_text(text, encoding="utf-8")
    opened = open_book(book.path)
    for name in ("payments", "parcels", "lists", "receipts"):
        for item in inputs([PLANTED / f"{name}.csv"]):
            add(opened, item)
    return opened


def kept(book: Book, name: str) -> list[Path]:
    return sorted((book.path / "cache").glob(f"{name}-*.duckdb"))


def verdict(book: Book, order_id: str) -> str:
    database = connect(book)
    database.ask("verdict")
    return str(database.rows("SELECT verdict FROM verdict WHERE order_id = $id", id=order_id)[0]["verdict"])


def test_a_decision_leaves_the_trades(small: Book) -> None:
    assert verdict(small, CLEAN) == "incomplete"  # its order is not in the book
    trades, verdicts = kept(small, "trade_match"), kept(small, "verdict")
    desk = Plain(book=small, database=connect(small))
    desk.database.ask("verdict")
    decided(desk, "finding", order=CLEAN, rule="no_order", why="seen on the platform", who="mei")
    assert verdict(small, CLEAN) == "verified"
    assert kept(small, "trade_match") == trades and kept(small, "verdict") != verdicts
    undone(desk, "finding", order=CLEAN, rule="no_order", who="mei")
    assert verdict(small, CLEAN) == "incomplete"
    assert kept(small, "verdict") == verdicts


def test_a_setting_makes_the_trades_anew_and_a_wrong_one_is_named(small: Book) -> None:
    assert verdict(small, CLEAN) == "incomplete"
    config = small.path / "book.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text + '\n[verify]\npapers = ["payment"]\n', encoding="utf-8")
    assert verdict(open_book(small.path), CLEAN) == "verified"
    config.write_text(text + "\n[verify]\nslack = 3\n", encoding="utf-8")
    with pytest.raises(CrossbookError, match="slack"):
        verdict(open_book(small.path), CLEAN)


def test_a_row_for_each_broken_rule_and_what_was_set_aside() -> None:
    rows = papers(payment__payer="Ivan Orlov", payment__amount=2000)
    database = prepare(facts(**rows), aside=[("A1", "amount_paid"), ("A1", "a rule of long ago")])
    found = database.rows("SELECT * FROM verify_finding ORDER BY rule")
    same = {"desk": "verify", "subject": "A1", "amount": 2500, "currency": "USD", "as_of": None}
    assert found == [
        same | {"rule": "amount_paid", "verdict": "set aside"},
        same | {"rule": "payer_not_buyer", "verdict": "suspicious"},
    ]
    assert database.rows("SELECT verdict FROM verdict") == [{"verdict": "suspicious"}]


def test_columns_that_others_read() -> None:
    database = prepare(facts(**papers()))
    told = {name: database.arrow(f"SELECT * FROM {name}").column_names for name in ("verdict", "verify_finding")}
    assert told == {
        "verdict": ["order_id", "account", "currency", "stake", "day", "witnesses", "broken", "broken_2", "verdict"],
        "verify_finding": ["desk", "rule", "subject", "verdict", "amount", "currency", "as_of"],
    }
