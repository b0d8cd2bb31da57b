"""Cases: which transfers one chain ties together, worked by hand."""

from __future__ import annotations

import pytest

from crossbook.watch.chains import Rule, Walk
from crossbook.watch.gathering import gather

HOUR = 3600
A, B, C, D, E, F, G, H = range(8)


def test_a_long_chain_and_what_hangs_on_it() -> None:
    """A to F passes all of it on but for 10 in each hand; G pays B and H is paid by B beside it, which is no part."""
    steps = [
        (0, A, B, 1000),
        (1, B, C, 990),
        (2, G, B, 500),  # an honest receipt
        (3, C, D, 980),
        (4, B, H, 500),  # and payment: depth 2 only
        (5, D, E, 970),
        (6, E, F, 960),
    ]
    columns = list(zip(*((hour * HOUR, *step) for hour, *step in steps), strict=True))
    traced = Walk(rule=Rule()).follow(*columns)
    assert traced.depth.tolist() == [1, 2, 1, 3, 2, 4, 5]
    cases = gather(traced.depth, columns[3], traced.links, least=5)
    assert cases.case.tolist() == [0, 0, -1, 0, -1, 0, 0]
    assert cases.transfers.tolist() == [5] and cases.depth.tolist() == [5]
    assert cases.passed_on.tolist() == [pytest.approx((990 / 1000 + 980 / 990 + 970 / 980 + 960 / 970) / 4)]


def test_two_chains_are_two_cases_and_one_that_splits_is_one() -> None:
    """B splits to C and D, which both pay E; beside it a chain of three that passes on 90 in the hundred."""
    one = [(0, A, B, 1000), (1, B, C, 500), (2, B, D, 500), (3, C, E, 500), (4, D, E, 500), (5, E, F, 1000)]
    other = [(0, 10, 11, 1000), (1, 11, 12, 900), (2, 12, 13, 810)]
    steps = sorted([*one, *other], key=lambda s: s[0])
    columns = list(zip(*((hour * HOUR, *step) for hour, *step in steps), strict=True))
    traced = Walk(rule=Rule()).follow(*columns)
    cases = gather(traced.depth, columns[3], traced.links, least=3)
    assert cases.transfers.tolist() == [6, 3] and cases.depth.tolist() == [4, 3]
    assert cases.passed_on.tolist() == [1.0, pytest.approx(0.9)]
    assert [int(n) for n, s in zip(cases.case, steps, strict=True) if s in other] == [1, 1, 1]


def test_what_takes_a_crumb_of_a_lot_is_no_part() -> None:
    """F, at the end of a chain of five, buys something for 9 of the 960 that came: depth 6, and not of the case."""
    steps = [(0, A, B, 1000), (1, B, C, 990), (2, C, D, 980), (3, D, E, 970), (4, E, F, 960), (5, F, G, 9)]
    columns = list(zip(*((hour * HOUR, *step) for hour, *step in steps), strict=True))
    traced = Walk(rule=Rule()).follow(*columns)
    assert traced.depth.tolist() == [1, 2, 3, 4, 5, 6]
    cases = gather(traced.depth, columns[3], traced.links, least=5, crumb=50)
    assert cases.case.tolist()[:5] == [0] * 5 and cases.transfers.tolist() == [5, 1]
    assert cases.passed_on.tolist() == [pytest.approx((0.99 + 980 / 990 + 970 / 980 + 960 / 970) / 4), 0.0]


def test_what_bears_a_crumb_of_a_payment_is_no_part() -> None:
    """B had 20 of G before the 1000 of A came, and pays both to C: G is no part of the chain."""
    steps = [(0, G, B, 20), (1, A, B, 1000), (2, B, C, 1020), (3, C, D, 1000), (4, D, E, 990), (5, E, F, 980)]
    columns = list(zip(*((hour * HOUR, *step) for hour, *step in steps), strict=True))
    traced = Walk(rule=Rule()).follow(*columns)
    assert traced.depth.tolist() == [1, 1, 2, 3, 4, 5] and [2, 0, 20] in traced.links.tolist()
    assert gather(traced.depth, columns[3], traced.links, least=5).case.tolist() == [0] * 6
    assert gather(traced.depth, columns[3], traced.links, least=5, crumb=50).case.tolist() == [-1, 0, 0, 0, 0, 0]


def test_a_chain_ends_with_who_kept_most_of_it_and_not_with_who_split_it() -> None:
    """B hands 300 of 1000 on, which goes through five more hands: the case begins behind B. Had B paid 300 and 690, to
    another who pays the same hand, its lot would have been passed on."""
    steps = [(0, A, B, 1000), (1, B, C, 300), (3, C, D, 300), (4, D, E, 300), (5, E, F, 300), (6, F, G, 300)]
    columns = list(zip(*((hour * HOUR, *step) for hour, *step in steps), strict=True))
    traced = Walk(rule=Rule()).follow(*columns)
    assert traced.depth.tolist() == [1, 2, 3, 4, 5, 6]
    assert gather(traced.depth, columns[3], traced.links, least=5, passed=700).case.tolist() == [-1, 0, 0, 0, 0, 0]
    split = [*steps[:2], (2, B, H, 690), (3, H, D, 690), steps[2], (4, D, E, 990), (5, E, F, 990), (6, F, G, 990)]
    columns = list(zip(*((hour * HOUR, *step) for hour, *step in split), strict=True))
    traced = Walk(rule=Rule()).follow(*columns)
    assert gather(traced.depth, columns[3], traced.links, least=5, passed=700).case.tolist() == [0] * 8


def test_none_is_long_enough() -> None:
    cases = gather([1, 2], [5, 5], [(1, 0, 5)], least=3)
    assert cases.case.tolist() == [-1, -1] and len(cases.transfers) == 0


def test_what_lies_before_the_window_is_not_followed() -> None:
    cases = gather([4, 5], [95, 90], [(10, 9, 95), (11, 10, 90)], least=5, number=10)
    assert cases.case.tolist() == [0, 0] and cases.transfers.tolist() == [2]
