"""One payout by its total: what is called unique is right, odds add up, and nothing is claimed without proof."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbook.settle.restoration.case import Case, Split
from crossbook.settle.restoration.explanation import restore

QUICK = settings(max_examples=60, deadline=None)


def amounts(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(500, 20_000, count)


def test_a_sum_that_is_as_expected_is_proved_without_bounds() -> None:
    answer = restore(Case(0, amounts(1, 300)))
    assert (answer.verdict, answer.explanations[0].size, answer.within) == ("unique", 0, 1)


def test_one_missing_order_is_found() -> None:
    values = amounts(2, 40)
    answer = restore(Case(-int(values[7]), values))
    assert answer.explanations[0].outs == (7,)
    assert answer.out[7] > 0.95


def test_equal_amounts_are_never_told_apart() -> None:
    values = np.append(amounts(3, 30), [4_999, 4_999])
    answer = restore(Case(-4_999, values))
    assert answer.verdict == "ambiguous"
    assert answer.explanations[0].outs + answer.explanations[1].outs in ((30, 31), (31, 30))
    assert abs(answer.out[30] - answer.out[31]) < 1e-9


def test_a_dispute_on_record_settles_it() -> None:
    values = np.append(amounts(3, 30), [4_999])
    news = Case(-4_999, values, news=np.array([-4_999]), news_odds=np.array([0.9]))
    answer = restore(news)
    assert answer.explanations[0].news == (0,)
    assert answer.newly[0] > 0.9


def test_the_number_of_orders_is_used() -> None:
    values = amounts(5, 60)
    gap = -int(values[[4, 9]].sum())
    loose, tight = restore(Case(gap, values)), restore(Case(gap, values, count_gap=-2))
    assert tight.explanations[0].outs == (4, 9)
    assert tight.explanations[0].probability >= loose.explanations[0].probability
    assert all(len(e.outs) - len(e.ins) == 2 for e in tight.explanations)


def test_the_fee_total_is_used() -> None:
    values = np.array([1_000, 1_500, 2_500, 7_777, 9_001])
    fees = np.array([30, 40, 90, 77, 91])
    none = np.zeros(0, np.int64)
    extra = {"outs_fee": fees, "ins_fee": none, "news_fee": none, "edge_fee": none}
    assert len(restore(Case(-2_500, values)).explanations) == 2
    one = restore(Case(-2_500, values, fee_gap=-70, **extra))  # type: ignore[arg-type]
    assert [e.outs for e in one.explanations] == [(0, 1)]


def test_a_blurred_cut_off_moves_as_a_whole() -> None:
    values, edge = amounts(6, 30), np.array([1_111, 2_222, 4_444])
    answer = restore(Case(1_111 + 2_222, values, edge=edge, edge_odds=np.ones(4)))
    assert answer.explanations[0].edge == 2
    assert answer.edge_in[0] > 0.9
    assert answer.edge_in[2] < 0.1


def test_what_nothing_explains_says_how_near_it_came() -> None:
    answer = restore(Case(-105, np.array([100, 5_000, 9_000])))
    assert (answer.verdict, answer.nearest) == ("unexplained", -5)
    assert restore(Case(12, np.zeros(0, np.int64))).verdict == "unexplained"


@QUICK
@given(st.integers(0, 10**6), st.integers(5, 120), st.integers(0, 3))
def test_odds_add_up_and_the_truth_is_among_them(seed: int, count: int, missing: int) -> None:
    values = amounts(seed, count)
    rng = np.random.default_rng(seed + 1)
    truth = tuple(sorted(rng.choice(count, missing, replace=False).tolist()))
    answer = restore(Case(-int(values[list(truth)].sum()), values))
    assert abs(sum(e.probability for e in answer.explanations) + answer.unlisted - 1) < 1e-6
    assert all(0 <= p <= 1 + 1e-9 for p in answer.out)
    if answer.unlisted < 1e-6 and len(answer.explanations) < 400:
        assert truth in [e.outs for e in answer.explanations]
    for e in answer.explanations:
        assert -int(values[list(e.outs)].sum()) == -int(values[list(truth)].sum())


def test_unique_claims_are_right() -> None:
    rng = np.random.default_rng(8)
    claimed = wrong = 0
    for _ in range(400):
        count, missing = int(rng.integers(8, 150)), int(rng.integers(0, 4))
        values = rng.integers(500, 20_000, count)
        truth = tuple(sorted(rng.choice(count, missing, replace=False).tolist()))
        answer = restore(Case(-int(values[list(truth)].sum()), values))
        if answer.verdict == "unique":
            claimed += 1
            wrong += answer.explanations[0].outs != truth
    assert claimed > 100
    assert wrong == 0


def test_what_lies_around_the_cut_off_before_is_in_from_some_order_on() -> None:
    # of the three around the cut-off before, the first was paid then; 700 + 90 are left of the gap
    values, head = amounts(6, 30), np.array([1_111, 700, 90])
    answer = restore(Case(790, values, head=head, head_odds=np.ones(4)))
    assert (answer.explanations[0].head, answer.explanations[0].outs) == (1, ())
    assert answer.head_in[0] < 0.1
    assert answer.head_in[2] > 0.9


def test_both_cut_offs_move_at_once() -> None:
    # head 30 + 500 (1 paid before), edge 2_000: 30 + 500 + 2_000 = 2_530
    case = Case(
        2_530,
        np.array([9_999, 8_888]),
        edge=np.array([2_000, 4_000]),
        edge_odds=np.ones(3),
        head=np.array([7_000, 30, 500]),
        head_odds=np.ones(4),
    )
    (only,) = restore(case).explanations
    assert (only.head, only.edge, only.outs) == (1, 1, ())


def test_sums_of_two_days_tell_explanations_apart() -> None:
    # 2_500 are missing: the third order, or the first two, or the fourth and fifth. The first day has 1_000 + 1_500 and
    # paid nothing of them; so the third, of the other day, is there.
    values = np.array([1_000, 1_500, 2_500, 2_100, 400])
    none = np.zeros(0, np.int64)
    assert {e.outs for e in restore(Case(-2_500, values)).explanations} == {(0, 1), (2,), (3, 4)}
    split = Split(gaps=(-2_500, 0), outs=np.array([0, 0, 1, 1, 1]), ins=none, news=none, edge=none, head=none)
    answer = restore(Case(-2_500, values, split=split))
    assert [e.outs for e in answer.explanations] == [(0, 1)]
    assert answer.out.round(3).tolist() == [1.0, 1.0, 0.0, 0.0, 0.0]
    rest = Split(gaps=(0, -2_500), outs=split.outs, ins=none, news=none, edge=none, head=none)
    assert {e.outs for e in restore(Case(-2_500, values, split=rest)).explanations} == {(2,), (3, 4)}
    neither = Split(gaps=(-1, -2_499), outs=split.outs, ins=none, news=none, edge=none, head=none)
    assert restore(Case(-2_500, values, split=neither)).verdict == "unexplained"


def test_a_day_that_has_news_and_the_edge_of_the_cut_off() -> None:
    # day 0: 5_000 expected, a dispute of 300 comes in; day 1: the first of the edge (80) is in, 5_000 is missing
    case = Case(
        300 + 80 - 5_000,
        np.array([5_000, 5_000]),
        news=np.array([300]),
        news_odds=np.array([0.3]),
        edge=np.array([80, 70]),
        edge_odds=np.ones(3),
        split=Split(
            gaps=(300, 80 - 5_000),
            outs=np.array([0, 1]),
            ins=np.zeros(0, np.int64),
            news=np.array([0]),
            edge=np.array([1, 1]),
            head=np.zeros(0, np.int64),
        ),
    )
    (only,) = restore(case).explanations
    assert (only.outs, only.news, only.edge) == ((1,), (0,), 1)


@QUICK
@given(st.integers(0, 10**6), st.integers(20, 150), st.integers(0, 5), st.integers(2, 8))
def test_sums_of_days_keep_the_truth_and_leave_fewer(seed: int, count: int, missing: int, days: int) -> None:
    rng = np.random.default_rng(seed)
    values, day = amounts(seed, count), rng.integers(0, days, count)
    truth = tuple(sorted(rng.choice(count, missing, replace=False).tolist()))
    gaps = [0] * days
    for i in truth:
        gaps[int(day[i])] -= int(values[i])
    none = np.zeros(0, np.int64)
    split = Split(gaps=tuple(gaps), outs=day, ins=none, news=none, edge=none, head=none)
    loose = restore(Case(sum(gaps), values))
    tight = restore(Case(sum(gaps), values, split=split))
    assert tight.verdict != "unexplained"
    assert abs(sum(e.probability for e in tight.explanations) + tight.unlisted - 1) < 1e-6
    if tight.unlisted < 1e-6:
        assert truth in [e.outs for e in tight.explanations]
    if tight.verdict == "unique":
        assert tight.explanations[0].outs == truth
    if loose.unlisted < 1e-6 and tight.unlisted < 1e-6:
        found = {e.outs for e in tight.explanations}
        assert found <= {e.outs for e in loose.explanations} or len(truth) > loose.bound


def test_an_order_around_the_cut_off_may_be_held_all_the_same() -> None:
    # the cut-off lies behind the third of 10, 200, 3_000, and 200 is held: 10 + 3_000. Neither 3_000 nor what is
    # behind the cut-off can be missing from it.
    edge = np.array([10, 200, 3_000])
    case = Case(
        3_010, np.concatenate([np.array([9_999]), edge]), edge=edge, edge_odds=np.array([1.0, 1, 1, 1]), held=True
    )
    (only,) = restore(case).explanations
    assert (only.outs, only.edge) == ((2,), 3)
    assert [case.may_be((3,), length, 0) for length in (1, 2, 3)] == [False, False, False]
    assert [case.may_be((1,), length, 0) for length in (0, 1, 2, 3)] == [False, False, True, True]
