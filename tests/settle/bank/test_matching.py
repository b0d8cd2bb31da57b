"""Payouts and bank credits: one to one, groups, conversions, fees; each credit once, each match with its reasons."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbook.settle.bank.matching import Credit, Match, PaidOut, _pairs, _score, implied_rate, match

DAY = date(2026, 3, 2)


def no_rates(base: str, quote: str, day: date) -> Decimal | None:
    return None


def rates(base: str, quote: str, day: date) -> Decimal | None:
    return {("USD", "CNY"): Decimal("7.00")}.get((base, quote))


def paid(key: str, amount: int, after: int = 0, **more: object) -> PaidOut:
    return PaidOut(
        key=key, account="amazon", currency="USD", amount=amount, paid_on=DAY + timedelta(days=after), **more
    )  # type: ignore[arg-type]


def credit(key: str, amount: int, after: int = 1, **more: object) -> Credit:
    return Credit(
        key=key,
        account="bank",
        currency=str(more.pop("currency", "USD")),
        amount=amount,
        booked_on=DAY + timedelta(days=after),
        **more,
    )  # type: ignore[arg-type]


def pairs(found: list[Match]) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
    return {(m.payouts, m.credits) for m in found}


def test_the_same_amount_in_time() -> None:
    found = match(
        [paid("p", 5_000)], [credit("early", 5_000, -9), credit("c", 5_000, 2), credit("late", 5_000, 40)], no_rates
    )
    assert pairs(found) == {(("p",), ("c",))}
    assert "same amount and currency" in found[0].reasons


@pytest.mark.parametrize("day", [0, 3, 4, 5, 6])  # of a week: on a working day, at its end, on the Monday after
def test_a_credit_of_the_day_before_is_told_as_such(day: int) -> None:
    """China is half a day ahead of the United States: the bank's day can be the earlier one."""
    (found,) = match([paid("p", 10_000, day)], [credit("c", 10_000, day - 1)], no_rates)
    assert "booked on the day before it was paid, as calendars of time zones differ" in found.reasons
    assert not match([paid("p", 10_000, day)], [credit("c", 10_000, day - 2)], no_rates)


def test_a_reference_beats_the_calendar() -> None:
    found = match(
        [paid("p", 5_000, names=("REF7",))],
        [credit("a", 5_000, 1), credit("b", 5_000, 3, text="PAYMENT ref7")],
        no_rates,
    )
    assert pairs(found) == {(("p",), ("b",))}
    assert "the bank's text has 'REF7'" in found[0].reasons


def test_equal_amounts_go_in_order() -> None:
    found = match(
        [paid("p1", 5_000, 0), paid("p2", 5_000, 3)], [credit("c1", 5_000, 1), credit("c2", 5_000, 4)], no_rates
    )
    assert pairs(found) == {(("p1",), ("c1",)), (("p2",), ("c2",))}
    unsure = match([paid("p", 5_000)], [credit("c1", 5_000, 1), credit("c2", 5_000, 1)], no_rates)
    assert unsure[0].rivals == 1
    assert "1 other credit(s) fit as well" in unsure[0].reasons[-1]


def test_bank_fees() -> None:
    stated = match([paid("p", 5_000)], [credit("c", 3_500, fee=1_500)], no_rates)
    assert (stated[0].short, "stated fee" in stated[0].reasons[0]) == (1_500, True)
    taken = match([paid("p", 500_000, most_fee=5_000)], [credit("c", 497_500)], no_rates)
    assert taken[0].short == 2_500
    assert not match([paid("p", 500_000, most_fee=5_000)], [credit("c", 494_000)], no_rates)


def test_conversion_is_held_against_the_rate_table() -> None:
    fair = match([paid("p", 10_000)], [credit("c", 69_800, currency="CNY")], rates)
    assert fair[0].rate == Decimal("6.98")
    assert fair[0].table_rate == Decimal("7.00")
    assert not match([paid("p", 10_000)], [credit("c", 60_000, currency="CNY")], rates)
    assert not match([paid("p", 10_000)], [credit("c", 69_800, currency="CNY")], no_rates)
    named = match([paid("p", 10_000, names=("X1",))], [credit("c", 69_800, currency="CNY", text="x1")], no_rates)
    assert "no rate table" in named[0].reasons[0]
    assert named[0].short is None  # what should have come, nobody can know
    stated = credit("c", 61_000, currency="CNY", original_amount=10_000, original_currency="USD")
    assert "states this amount before conversion" in match([paid("p", 10_000)], [stated], rates)[0].reasons[0]


def test_what_the_statement_states_weighs_more_than_what_a_rate_allows() -> None:
    """By hand: 693.00 CNY are 99.00 USD at 7.00: within the margin of 100.00; the statement says 98.00, or 80.00."""
    paid_out = paid("p", 10_000, most_fee=5_000)
    told = credit("c", 69_300, currency="CNY", original_amount=9_800, original_currency="USD")
    (found,) = match([paid_out], [told], rates)
    assert (found.short, found.table_rate) == (200, Decimal("7.00"))
    assert found.reasons[0] == (
        "the statement states this amount less 2.00 USD before conversion, taken to be a bank fee"
    )
    far = credit("c", 69_300, currency="CNY", original_amount=8_000, original_currency="USD")
    assert not match([paid_out], [far], rates)
    unrated = credit("c", 69_300, currency="CNY", original_amount=9_800, original_currency="USD")
    assert match([paid_out], [unrated], no_rates)[0].short == 200


def test_yen_have_no_decimals() -> None:
    assert implied_rate(10_000, "USD", 15_000, "JPY") == Decimal(150)


def test_several_payouts_in_one_credit_and_the_other_way() -> None:
    many = match([paid("p1", 1_111), paid("p2", 2_222, 1)], [credit("c", 3_333, 2)], no_rates)
    assert pairs(many) == {(("p1", "p2"), ("c",))}
    split = match([paid("p", 5_000)], [credit("a", 1_234, 1), credit("b", 3_766, 2), credit("x", 9_999, 2)], no_rates)
    assert pairs(split) == {(("p",), ("a", "b"))}


def test_decisions_stand() -> None:
    decided = Match(("p",), ("odd",), ("decided by ann",))
    found = match([paid("p", 5_000)], [credit("c", 5_000), credit("odd", 4_000)], no_rates, [decided])
    assert found == [decided]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 20)), max_size=12),
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 20)), max_size=12),
)
def test_each_is_used_once_and_sums_agree(
    given_payouts: list[tuple[int, int]], given_credits: list[tuple[int, int]]
) -> None:
    payouts = {f"p{i}": paid(f"p{i}", a * 100, d) for i, (a, d) in enumerate(given_payouts)}
    credits = {f"c{i}": credit(f"c{i}", a * 100, d) for i, (a, d) in enumerate(given_credits)}
    found = match(payouts.values(), credits.values(), no_rates)
    used = [k for m in found for k in (*m.payouts, *m.credits)]
    assert len(used) == len(set(used))
    for m in found:
        assert sum(payouts[k].amount for k in m.payouts) == sum(credits[k].amount for k in m.credits)
        assert m.reasons


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_ruling_out_by_arrays_loses_no_pair(data: st.DataObject) -> None:
    """What `_score` finds among all pairs is found among those that were not ruled out."""
    amounts = st.integers(1, 30_000)
    currencies = st.sampled_from(["USD", "CNY", "JPY", "EUR"])
    payouts = {
        str(i): paid(str(i), data.draw(amounts), data.draw(st.integers(0, 20)), names=(f"REF{i}",)) for i in range(4)
    }
    credits = {}
    for i in range(8):
        amount = data.draw(st.one_of(amounts, st.sampled_from([p.amount for p in payouts.values()])))
        factor = data.draw(st.sampled_from([1, 7]))
        original = data.draw(st.sampled_from([None, payouts["0"].amount]))
        credits[str(i)] = credit(
            str(i),
            amount * factor,
            data.draw(st.integers(0, 40)),
            currency=data.draw(currencies),
            text=data.draw(st.sampled_from(["", "REF1"])),
            fee=data.draw(st.sampled_from([0, 15])),
            original_amount=original,
            original_currency="USD" if original else None,
        )
    for table in (rates, no_rates):
        by_day = sorted(credits.values(), key=lambda c: c.booked_on)
        whole = [
            _score(p, c, table)
            for p in payouts.values()
            for c in by_day
            if -1 <= (c.booked_on - p.paid_on).days <= p.transit * 2 + 7
        ]
        assert _pairs(payouts, credits, table) == [pair for pair in whole if pair]
