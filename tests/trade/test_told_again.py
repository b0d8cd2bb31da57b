"""Settlement lines that two formats tell count once, whichever was added first; what differs is said."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from crossbook.engine import Database
from crossbook.trade import lines
from crossbook.trade.told_again import lines_again, lines_differing
from tests.trade.making import at, traded

DAY = date(2026, 3, 1)


def line(evidence: str, amount: int, kind: str = "sale", order: str | None = "O1", day: int = 0, **more: Any) -> Any:
    """A line of so many cents, so many days after 1 March 2026; each file is of a format of its own."""
    on = DAY + timedelta(days=day)
    told = {"account": "shop", "currency": "USD", "kind": kind, "type": kind, "order_id": order, "amount": amount}
    return {"evidence": evidence, **told, "day": on, "posted_at": at(str(on)), **more}


def made(*rows: Any, **more: Any) -> Database:
    return traded(settlement=list(rows), **more)


def amounts(database: Database) -> list[tuple[str, int]]:
    return [(r["evidence"], r["amount"]) for r in database.rows("SELECT evidence, amount FROM line ORDER BY ALL")]


def total(database: Database) -> int:
    return int(database.rows("SELECT coalesce(sum(amount), 0) AS n FROM line")[0]["n"])


def test_an_order_in_two_formats_counts_once_from_the_one_that_names_payouts() -> None:
    database = made(
        line("a", 10_000, payout_id="P1"),
        line("a", -1_500, "fee", payout_id="P1"),
        line("b", 10_000, type="Verkauf", day=1),
        line("b", -1_500, "fee", type="Gebühr", day=1),
    )
    assert amounts(database) == [("a", -1_500), ("a", 10_000)]
    (again,) = lines_again(database)
    assert (again.file, again.used_file, again.count) == ("b", "a", 2)
    assert lines_differing(database) == ()


def test_two_equal_lines_of_one_file_stay_two() -> None:
    once = [line("a", 500), line("a", 500)]
    assert total(made(*once)) == 1_000
    assert total(made(*once, line("b", 500))) == 1_000
    assert total(made(*once, line("b", 500), line("b", 500), line("b", 500))) == 1_500


def test_net_amounts_of_one_format_are_the_lines_of_the_other() -> None:
    """100.00 less 15.00 of fees is 85.00."""
    database = made(line("a", 10_000), line("a", -1_500, "fee"), line("b", 8_500))
    assert total(database) == 8_500
    assert sum(a.count for a in lines_again(database)) in (1, 2)


def test_what_differs_is_counted_from_one_and_said() -> None:
    database = made(
        line("a", 10_000, payout_id="P1"), line("b", 9_900), line("a", 700, order="O2"), line("b", 700, order="O2")
    )
    assert total(database) == 10_700
    (differs,) = lines_differing(database)
    assert (differs.file, differs.amount, differs.other_file, differs.other_amount) == ("a", 10_700, "b", 10_600)
    assert differs.difference == 100


def test_what_may_be_one_is_named_until_a_person_says_which() -> None:
    rows = [line("a", -3_999, "fee", order=None), line("b", -3_999, "fee", order=None, type="Gebühr")]
    database = made(*rows)
    (doubt,) = database.rows("SELECT key, other_key FROM line_perhaps")
    pair = tuple(sorted((doubt["key"], doubt["other_key"])))
    for answer, amount in (("same", -3_999), ("two", -7_998)):
        lines.make(database, {pair: answer})
        assert total(database) == amount
        assert database.rows("SELECT * FROM line_perhaps") == []


def test_lines_that_are_one_by_their_words_are_parted_by_a_person() -> None:
    database = made(line("a", 500, payout_id="P1"), line("b", 500, type="Verkauf"))
    assert total(database) == 500
    keys = sorted(r["key"] for r in database.rows("SELECT key FROM line_row"))
    lines.make(database, {(keys[0], keys[1]): "two"})
    assert total(database) == 1_000


def payout(evidence: str, name: str, amount: int, day: int = 0) -> dict[str, Any]:
    on = DAY + timedelta(days=day)
    told = {"account": "shop", "currency": "USD", "basis": "lines", "paid_on": on}
    return {"evidence": evidence, "payout_id": name, "amount": amount, **told}


def test_a_payout_that_two_formats_call_by_two_names_is_one() -> None:
    rows = [line("a", 500, payout_id="A-1"), line("b", 500, payout_id="77", day=1)]
    database = made(*rows, payout=[payout("a", "A-1", 500), payout("b", "77", 500)])
    assert total(database) == 500
    assert len(database.rows("SELECT payout_id FROM payout_used")) == 1


def test_a_payout_without_a_day_is_known_by_its_lines() -> None:
    rows = [line("a", 500, payout_id="A-1"), line("b", 500, payout_id="77")]
    paid = [payout("a", "A-1", 500), {**payout("b", "77", 500), "paid_on": None, "basis": "implied"}]
    database = made(*rows, payout=paid)
    assert total(database) == 500
    assert len(database.rows("SELECT payout_id FROM payout_used")) == 1


def test_payouts_of_one_amount_on_two_days_or_twice_on_one_are_not_one() -> None:
    two = made(payout=[payout("a", "A-1", 500), payout("b", "77", 500, day=4)])
    assert len(two.rows("SELECT payout_id FROM payout_used")) == 2
    unsure = made(payout=[payout("a", "A-1", 500), payout("a", "A-2", 500), payout("b", "77", 500)])
    assert len(unsure.rows("SELECT payout_id FROM payout_used")) == 3


def test_another_order_kind_or_account_is_not_the_same() -> None:
    assert total(made(line("a", 500), line("b", 500, order="O2"))) == 1_000
    assert total(made(line("a", -500, "refund"), line("b", -500, "fee"))) == -1_000
    assert total(made(line("a", 500), line("b", 500, account="other"))) == 1_000
    assert total(made(line("a", 500), line("b", 500, currency="EUR"))) == 1_000


def test_the_same_order_again_in_a_later_report_stays() -> None:
    """A part of an order that one format tells in March and another, which begins later, in April."""
    assert total(made(line("a", 500), line("b", 500, day=30))) == 1_000


def test_references_that_both_formats_have_tell_lines_apart() -> None:
    database = made(
        line("a", 500, order="O9", reference="T1"),
        line("b", 500, order="O9", reference="T1"),
        line("a", -200, "refund", reference="T2"),
        line("b", -200, "refund", reference="T3"),
    )
    assert total(database) == 500 - 400


def test_fees_without_an_order_are_one_where_the_files_tell_other_lines_alike() -> None:
    fees = [line("a", -3_999, "fee", order=None), line("b", -3_999, "fee", order=None, type="Gebühr")]
    assert total(made(*fees)) == -7_998
    assert total(made(*fees, line("a", 500), line("b", 500))) == 500 - 3_999


@pytest.mark.parametrize("seed", range(12))
def test_the_second_format_changes_no_total_in_whichever_order_it_is_added(seed: int) -> None:
    rng = random.Random(seed)
    truth: list[dict[str, Any]] = []
    for n in range(rng.randint(3, 12)):
        day, price = rng.randint(0, 20), rng.randint(100, 20_000)
        parts = [("sale", price), ("fee", -price // 10), ("shipping", 499)][: rng.randint(1, 3)]
        for _ in range(1 if rng.random() < 0.8 else 2):  # two pieces, a line each
            truth += [{"order": f"O{n}", "kind": k, "amount": a, "day": day} for k, a in parts]
    plain = [line("plain", **t, payout_id="P1" if rng.random() < 0.5 else None) for t in truth]
    shifted = rng.choice((0, 1))
    orders: dict[tuple[str, int], int] = {}
    for t in truth:
        orders[t["order"], t["day"]] = orders.get((t["order"], t["day"]), 0) + t["amount"]
    other = (
        [line("other", a, order=o, day=d + shifted) for (o, d), a in orders.items()]
        if rng.random() < 0.5
        else [line("other", **{**t, "day": t["day"] + shifted}) for t in truth]
    )
    right = sum(t["amount"] for t in truth)
    assert total(made(*plain)) == right
    for files in ((plain, other), (other, plain)):
        assert total(made(*files[0], *files[1])) == right
