"""Which fact is asked for: one that tells the rivals apart, the easiest of those that do; and its answer is used."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from asking import OPEN, answered
from books import CYCLE, DAY, make

from crossbook.settle.restoration.history import NEVER, NONE, Notice, Orders, Rule
from crossbook.settle.restoration.question import most_telling
from crossbook.settle.restoration.succession import restore_all

SHARP = Rule(near=0)


def orders(net: list[int], placed: list[int], fee: list[int] | None = None) -> Orders:
    n = len(net)
    return Orders(
        day=np.array(placed, np.int64),
        net=np.array(net, np.int64),
        fee=np.array(fee or [0] * n, np.int64),
        released=np.arange(1, n + 1, dtype=np.int64) * DAY // 2,
        disputed=np.full(n, NEVER),
        settled=np.full(n, NEVER),
        state=np.full(n, NONE, np.int8),
    )


# 2_500 are missing of 12_777: the third order, or the first two
NET, PAID = [1_000, 1_500, 2_500, 7_777], 12_777 - 2_500


def test_the_number_of_orders_is_asked_for_where_it_is_enough() -> None:
    given, notice = orders(NET, [5, 5, 5, 5]), Notice(PAID, CYCLE)
    (answer,) = restore_all(given, [notice], SHARP)
    assert {d.missing for d in answer.deviations} == {(2,), (0, 1)}
    question = most_telling(answer, given, notice)
    assert question and (question.name, round(question.settles, 3)) == ("count", 1.0)
    (again,) = restore_all(given, [replace(notice, count=2)], SHARP)
    assert again.orders.tolist() == [2, 3]
    assert most_telling(again, given, replace(notice, count=2)) is None


def test_what_says_nothing_is_not_asked_for() -> None:
    # two of 2_500 alike in fee, and of one day: only the order itself tells
    given, notice = orders([2_500, 2_500, 7_777], [5, 5, 5]), Notice(12_777 - 2_500, CYCLE)
    (answer,) = restore_all(given, [notice], SHARP)
    question = most_telling(answer, given, notice)
    assert question and question.name == "order" and question.subject in (0, 1)
    for there in (0, 1):
        (again,) = restore_all(given, [replace(notice, inside=(there,))], SHARP)
        assert sorted(again.orders.tolist()) == [there, 2]
        (other,) = restore_all(given, [replace(notice, outside=(there,))], SHARP)
        assert sorted(other.orders.tolist()) == [1 - there, 2]


def test_a_day_tells_what_the_number_does_not() -> None:
    # one of two of 2_500 is missing, placed on day 5 or day 9
    given, notice = orders([2_500, 2_500, 7_777], [5, 9, 9]), Notice(12_777 - 2_500, CYCLE)
    (again,) = restore_all(given, [replace(notice, parts=((5, 2_500),))], SHARP)
    assert sorted(again.orders.tolist()) == [0, 2]
    (other,) = restore_all(given, [replace(notice, parts=((5, 0), (9, 12_777 - 2_500)))], SHARP)
    assert sorted(other.orders.tolist()) == [1, 2]


def test_an_order_that_is_known_to_be_elsewhere_is_expected_nowhere_else() -> None:
    # 1_000 was due with the first and is stated to be in the second: in no other, and not missed in the second
    given = orders([1_000, 1_500, 7_777] + [5_005] * 20, [5] * 23)
    first = Notice(int(given.net[given.released <= CYCLE].sum()) - 1_000, CYCLE)
    second = Notice(int(given.net[given.released > CYCLE].sum()) + 1_000, 2 * CYCLE, inside=(0,))
    one, two = restore_all(given, [first, second], SHARP)
    assert 0 not in one.orders.tolist()
    assert 0 in two.orders.tolist()
    assert [d.missing for d in one.deviations] == [(0,)]
    assert two.deviations[0].added == (0,)


def test_a_fact_that_cannot_be_leaves_the_payout_unexplained() -> None:
    given = orders(NET, [5, 5, 5, 5])
    (answer,) = restore_all(given, [Notice(PAID, CYCLE, count=4)], SHARP)
    assert answer.verdict == "unexplained"
    (answer,) = restore_all(given, [Notice(PAID, CYCLE, parts=((5, PAID - 1),))], SHARP)
    assert answer.verdict == "unexplained"


def test_one_fact_settles_most_of_what_is_open() -> None:
    told: Counter[str] = Counter()
    for seed, (size, blur) in enumerate(((50, 0.0), (200, 6.0))):
        book = make(np.random.default_rng(seed), size, 6, None, known=0.5, blur_hours=blur)
        before = restore_all(book.orders, book.notices, book.rule)
        notices, _ = answered(book, before)
        for k, r in enumerate(restore_all(book.orders, notices, book.rule)):
            if r.verdict == "unique":
                assert frozenset(r.orders.tolist()) == book.inside[k]
            if before[k].verdict in OPEN:
                told["open"] += 1
                told["settled"] += r.verdict in ("unique", "likely")
    assert told["open"] >= 5
    assert told["settled"] >= 0.6 * told["open"]
