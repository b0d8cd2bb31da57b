"""The desk over a book: board, queue, one trade, decisions, what an authority rejects, trades off the platforms."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crossbook.book import Book, init_book
from crossbook.decisions.kind import Plain
from crossbook.engine import Database
from crossbook.errors import CrossbookError, NotFoundError
from crossbook.verify.aside import set_aside
from crossbook.verify.audience import AUDIENCES, answer, requirements
from crossbook.verify.board import Asked, board, export, listed
from crossbook.verify.needs import Needs, needs_of, tolerance_of
from crossbook.verify.offline import offline
from crossbook.verify.trade import findings, trade
from tests.decisions.making import decided, undone
from tests.verify.facts_of import at, day, facts, papers, prepare


def two_trades() -> dict[str, list[dict[str, Any]]]:
    """A1 is good; A2 was paid by somebody else, and in part."""
    first = papers("A1")
    second = papers(
        "A2",
        order__placed_at=at("2026-03-05"),
        payment__paid_at=at("2026-03-05"),
        shipment__shipped_at=at("2026-03-06"),
        customs__declared_on=day("2026-03-06"),
        payment__payer="Ivan Orlov",
        payment__amount=2000,
    )
    return {kind: first[kind] + second[kind] for kind in first}


def opened(book: Book, rows: dict[str, list[dict[str, Any]]]) -> Database:
    return prepare(facts(**rows), aside=set_aside(book))


def test_the_board_counts_trades_and_money(book: Book) -> None:
    found = board(opened(book, two_trades()))
    assert [(c.account, c.verdict, c.trades, c.stakes) for c in found.counts] == [
        ("shop", "suspicious", 1, {"USD": 2500}),
        ("shop", "verified", 1, {"USD": 2500}),
    ]
    assert [(b.rule, b.trades) for b in found.broken] == [("payer_not_buyer", 1), ("amount_paid", 1)]
    assert found.total("contradicted").trades == 0


def test_the_queue_is_filtered_and_sorted(book: Book) -> None:
    database = opened(book, two_trades())
    assert [r.order_id for r in listed(database, Asked(sort="day", descending=False)).rows] == ["A1", "A2"]
    assert [r.order_id for r in listed(database, Asked(rule="amount_paid")).rows] == ["A2"]
    assert listed(database, Asked(verdict="verified", search="a1", account="shop")).n == 1
    for wrong in (Asked(verdict="good"), Asked(rule="none"), Asked(sort="evidence")):
        with pytest.raises(CrossbookError):
            listed(database, wrong)


def test_export(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "trades.csv"
    assert export(opened(book, two_trades()), Asked(), path) == 2
    with path.open(encoding="utf-8") as file:
        told = {r["order_id"]: r["rules"] for r in csv.DictReader(file)}
    assert told == {"A1": "", "A2": "payer_not_buyer amount_paid"}


def unknown_amount() -> dict[str, list[dict[str, Any]]]:
    """A1 is good; of A0, an order in AUD, no paper says an amount."""
    rows = papers("A1")
    order = rows["order"][0] | {"order_id": "A0", "currency": "AUD", "total": None, "placed_at": at("2026-03-02")}
    return rows | {"order": [*rows["order"], order]}


def test_an_amount_that_no_paper_says_is_unknown(book: Book, tmp_path: Path) -> None:
    database = opened(book, unknown_amount())
    found = board(database)
    mine = next(c for c in found.counts if c.verdict != "verified")
    assert (mine.trades, mine.stakes, mine.unknown) == (1, {}, 1)
    assert found.broken and all((b.stakes, b.unknown) == ({}, 1) for b in found.broken)
    assert (found.total("verified").unknown, found.total(mine.verdict).unknown) == (0, 1)
    for descending in (True, False):  # what is not known is neither most nor least
        rows = listed(database, Asked(descending=descending)).rows
        assert [(r.order_id, r.stake, r.currency) for r in rows] == [("A1", 2500, "USD"), ("A0", None, "AUD")]
    assert trade(database, book, "A0").stake is None
    assert {f.amount for f in findings(database, book, ["A0"])} == {None}
    assert {r["amount"] for r in database.rows("SELECT amount FROM verify_finding WHERE subject = 'A0'")} == {None}
    export(database, Asked(), tmp_path / "trades.csv")
    with (tmp_path / "trades.csv").open(encoding="utf-8") as file:
        assert [(r["order_id"], r["stake"]) for r in csv.DictReader(file)] == [("A1", "2500"), ("A0", "")]
    told = {r.name: r for r in answer(database, "bank", date(2026, 6, 1)).rejections}
    assert (told["total"].stakes, told["total"].unknown, told["total"].orders) == ({}, 1, ("A0",))


def test_a_trade_has_the_day_of_its_account(book: Book) -> None:
    """1 March, 10:00 and 17:00 UTC are 1 March, 18:00 and 2 March, 1:00 in Shanghai."""
    config = book.path / "book.toml"
    config.write_text(
        config.read_text(encoding="utf-8") + '\n[accounts.shop]\nzone = "Asia/Shanghai"\n', encoding="utf-8"
    )
    rows = papers("A1")
    rows["order"].append(rows["order"][0] | {"order_id": "A2", "placed_at": at("2026-03-01 17:00")})
    database = prepare(facts(**rows), book=book)
    days = {r.order_id: str(r.day) for r in listed(database, Asked()).rows}
    assert days == {"A1": "2026-03-01", "A2": "2026-03-02"}
    assert answer(database, "bank", date(2026, 3, 1)).trades == 1
    assert answer(database, "bank", date(2026, 3, 2)).trades == 2


def test_one_trade_says_what_each_paper_says_and_where(book: Book) -> None:
    found = trade(opened(book, two_trades()), book, "A2")
    assert (found.verdict, found.stake, found.currency) == ("suspicious", 2500, "USD")
    fault = next(f for f in found.faults if f.rule == "amount_paid")
    assert [(s.paper, s.text) for s in fault.said] == [("order", "25.00 USD"), ("payment", "20.00 USD")]
    match = {m.field: m for m in found.match}
    assert (match["amount"].state, match["amount"].rules) == ("differs", ("amount_paid",))
    assert (match["parties"].state, match["consignee"].state, match["weight"].state) == ("differs", "agrees", "agrees")
    assert found.because["payment"] == (("payment", 2),)
    told = findings(opened(book, two_trades()), book, ["A2"])
    assert {(f.rule, f.verdict) for f in told} == {("payer_not_buyer", "suspicious"), ("amount_paid", "contradicted")}
    assert all(f.because for f in told)
    with pytest.raises(NotFoundError):
        trade(opened(book, two_trades()), book, "A3")


def test_a_rule_set_aside_does_not_count_until_it_is_taken_up_again(book: Book) -> None:
    desk = Plain(book=book, database=opened(book, two_trades()))
    said = "her husband; see the chat of 2026-03-06"
    decided(desk, "finding", order="A2", rule="payer_not_buyer", why=said, who="mei")
    found = trade(opened(book, two_trades()), book, "A2")
    assert found.verdict == "contradicted"
    assert next(f for f in found.faults if f.rule == "payer_not_buyer").aside.who == "mei"  # type: ignore[union-attr]
    decided(desk, "finding", order="A2", rule="amount_paid", why="a voucher", who="mei")
    assert trade(opened(book, two_trades()), book, "A2").verdict == "verified"
    undone(desk, "finding", order="A2", rule="amount_paid", who="lin")
    assert board(opened(book, two_trades())).total("contradicted").trades == 1
    assert [e.action for e in book.journal()] == ["set aside", "set aside", "take up again"]
    for rule, why, told in (
        ("payer_not_buyer", "again", "payer_not_buyer is set aside for A2 already"),
        ("nothing", "x", "rule cannot be 'nothing'"),
        ("amount_paid", "  ", "a reason is needed"),
        ("no_order", "seen", "A2 does not break no_order"),
    ):
        with pytest.raises(CrossbookError, match=told):
            decided(desk, "finding", order="A2", rule=rule, why=why)
    with pytest.raises(CrossbookError, match="amount_paid is not set aside for A1"):
        undone(desk, "finding", order="A1", rule="amount_paid")
    assert len(set_aside(book)) == 1


def test_what_each_authority_rejects(book: Book) -> None:
    rows = two_trades()
    rows["order"][0] |= {"total": 25_000_000}
    rows["payment"][0] |= {"amount": 25_000_000}
    rows["customs"][0] |= {"amount": 25_000_000, "tracking": "YT-A1"}
    rows["shipment"][1]["weight_g"] = None
    database = opened(book, rows)
    told = {a: {(r.kind, r.name): r for r in answer(database, a, date(2026, 6, 1)).rejections} for a in AUDIENCES}
    assert told["payment-institution"]["limit", "single_transaction"].orders == ("A1",)
    assert ("field", "weight_g") in told["customs"] and ("field", "weight_g") not in told["bank"]
    assert ("rule", "payer_not_buyer") in told["bank"]
    assert told["bank"]["yearly", "directory"].stakes == {"USD": 25_002_000}
    assert told["bank"]["witness", "witnesses"].trades == 2  # rows of no file: nobody but the seller says them
    registered = answer(database, "bank", date(2026, 6, 1), listed=True)
    assert all(r.kind != "yearly" for r in registered.rejections)
    assert not answer(database, "payment-institution", date(2014, 1, 1)).trades
    with pytest.raises(CrossbookError):
        answer(database, "police", date(2026, 6, 1))


def test_a_limit_in_another_currency_needs_a_rate(book: Book) -> None:
    rows = papers(order__currency="JPY", order__total=9_000_000, payment__currency="JPY", payment__amount=9_000_000)
    told = answer(opened(book, rows), "payment-institution", date(2026, 6, 1)).rejections
    assert ("rate", "USD") in {(r.kind, r.name) for r in told}
    from decimal import Decimal

    rates = [
        {"day": day("2026-03-01"), "base": "USD", "quote": "CNY", "rate": Decimal("7.2")},
        {"day": day("2026-03-01"), "base": "CNY", "quote": "JPY", "rate": Decimal("20.6")},
    ]
    told = answer(opened(book, rows | {"rate": rates}), "payment-institution", date(2026, 6, 1)).rejections
    assert ("limit", "single_transaction") in {(r.kind, r.name) for r in told}  # 9,000,000 yen are 60,680 dollars


def test_every_requirement_has_a_source_and_a_column(book: Book) -> None:
    columns = set(opened(book, two_trades()).arrow("SELECT * FROM trade").column_names)
    for r in requirements():
        assert r.source and r.title and r.title_zh and r.audience in AUDIENCES
        assert r.kind in ("limit", "yearly") or r.name in columns


def test_a_credit_off_the_platforms_and_what_may_be_behind_it(book: Book) -> None:
    rows = two_trades()
    rows["invoice"] = [
        {
            "invoice_id": "I7",
            "order_id": "B7",
            "issued_on": day("2026-02-20"),
            "amount": 99_000,
            "currency": "EUR",
            "buyer": "Nordic Camp AB",
        }
    ]
    credit = {
        "key": "c:1",
        "account": "bank",
        "booked_on": day("2026-03-20"),
        "amount": 99_000,
        "currency": "EUR",
        "counterparty": "NORDIC CAMP AB",
        "description": "I7",
        "reference": None,
        "evidence": "bank",
        "line": 9,
    }
    other = credit | {"key": "c:2", "amount": 123_456}
    big, small = offline(opened(book, rows), [credit, other])
    assert (big.credit, big.candidates, big.missing) == ("c:2", (), ("order", "invoice", "shipment", "customs"))
    assert [(c.order_id, c.paper) for c in small.candidates] == [("B7", "invoice")]
    assert small.missing == ("order", "shipment", "customs")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[verify]\npaid_percent = 2.5", "whole number"),
        ("[verify]\nslack = 3", "slack"),
        ("verify = 3", "table"),
        ('[verify]\npapers = ["letter"]', "list of"),
        ('[accounts.shop]\npapers = "order"', "list of"),
    ],
)
def test_settings_that_cannot_be(tmp_path: Path, text: str, told: str) -> None:
    book = init_book(tmp_path / "b")
    (book.path / "book.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CrossbookError, match=told):
        needs_of(book)
        tolerance_of(book)


def test_settings(tmp_path: Path) -> None:
    book = init_book(tmp_path / "b")
    (book.path / "book.toml").write_text(
        '[verify]\npaid_percent = 3\npapers = ["order"]\n[accounts.shop]\npapers = ["order", "payment"]\n',
        encoding="utf-8",
    )
    assert tolerance_of(book).paid_percent == 3
    assert needs_of(book) == {"": Needs(("order",)), "shop": Needs(("order", "payment"))}


def test_a_bank_takes_no_trade_of_which_only_the_seller_speaks(book: Book) -> None:
    database = opened(book, two_trades())
    told = trade(database, book, "A1")
    said = next(m for m in told.match if m.field == "who says it")
    assert told.witnesses == () and said.state == "alone" and {s.text for s in said.said} == {"", "the seller"}
    found = answer(database, "bank", date(2026, 6, 30))
    assert found.accepted == 0 and found.witnessed == {}
    assert next(r for r in found.rejections if r.kind == "witness").trades == 2


def test_a_list_that_customs_released_is_witnessed_by_customs(book: Book) -> None:
    answered = {"document": "603", "number": "L-A1", "state": "released", "code": "800"}
    rows = papers("A1") | {"customs_return": [answered | {"order_id": "A1", "returned_at": at("2026-03-03")}]}
    database = opened(book, rows)
    told = trade(database, book, "A1")
    assert told.witnesses == ("customs",) and told.match[-2].state == "witnessed"
    assert answer(database, "bank", date(2026, 6, 30)).witnessed == {"customs": 1}
