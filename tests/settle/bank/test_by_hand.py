"""What a payout and a credit say for and against being one: worked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from crossbook.book.journal import Entry
from crossbook.settle.bank.by_hand import as_matches, judge, standing
from crossbook.settle.bank.matching import Credit, PaidOut

PAID = PaidOut(key="18906930046", account="amazon", currency="USD", amount=930_873, paid_on=date(2026, 7, 3))


def credit(amount: int, day: str, currency: str = "USD", **more: object) -> Credit:
    return Credit(
        key="c:1", account="bank", currency=currency, amount=amount, booked_on=date.fromisoformat(day), **more
    )  # type: ignore[arg-type]


def no_rates(base: str, quote: str, day: date) -> Decimal | None:
    return None


def seven(base: str, quote: str, day: date) -> Decimal | None:
    return Decimal(7) if (base, quote) == ("USD", "CNY") else None


def entry(seq: int, action: str, subject: str, **body: object) -> Entry:
    return Entry(
        seq=seq,
        at=f"2026-07-0{seq}T10:00:00+00:00",
        who="li",
        action=action,
        subject=subject,
        body=body,
        prev="",
        hash="",
    )


def test_a_credit_booked_120_days_before_the_payout() -> None:
    """5 March to 3 July 2026: 26 + 30 + 31 + 30 + 3 = 120 days; 9,308.73 − 7,450.00 = 1,858.73."""
    found = judge(PAID, credit(745_000, "2026-03-05"), no_rates)
    assert [o.text for o in found.against] == [
        "the credit was booked on 2026-03-05, 120 days before the payout was paid on 2026-07-03"
    ]
    assert found.short == 185_873 and found.asks
    assert found.words == "the credit is 1,858.73 USD less than the payout"


@pytest.mark.parametrize(("day", "refused"), [("2026-07-01", True), ("2026-07-02", False), ("2026-07-03", False)])
def test_a_bank_may_be_a_day_behind(day: str, refused: bool) -> None:
    assert bool(judge(PAID, credit(930_873, day), no_rates).against) is refused


def test_months_later_is_no_contradiction() -> None:
    found = judge(PAID, credit(930_873, "2026-12-03"), no_rates)
    assert (found.against, found.short, found.asks) == ((), 0, False)


def test_more_than_the_payout_is_a_difference_too() -> None:
    found = judge(PAID, credit(930_973, "2026-07-06"), no_rates)
    assert (found.short, found.asks, found.words) == (-100, True, "the credit is 1.00 USD more than the payout")


def test_a_fee_that_the_statement_states_explains_the_rest() -> None:
    found = judge(PAID, credit(929_373, "2026-07-06", fee=1_500), no_rates)
    assert (found.short, found.asks) == (1_500, False)
    assert judge(PAID, credit(929_273, "2026-07-06", fee=1_500), no_rates).asks


def test_another_currency_without_a_rate() -> None:
    found = judge(PAID, credit(6_500_000, "2026-07-06", "CNY"), no_rates)
    assert found.short is None
    assert found.against[0].text == ("the credit is in CNY, the payout in USD, and the book has no rate for 2026-07-06")


def test_another_currency_that_a_rate_explains() -> None:
    """9,308.73 × 7 = 65,161.11 CNY; 64,500.00 is 1.0 % under it, within a bank's margin."""
    found = judge(PAID, credit(6_450_000, "2026-07-06", "CNY"), seven)
    assert (found.against, found.short, found.asks) == ((), 0, False)


def test_another_currency_that_a_rate_does_not_explain() -> None:
    """52,150.00 CNY ÷ 7 = 7,450.00 USD: 1,858.73 USD are missing."""
    found = judge(PAID, credit(5_215_000, "2026-07-06", "CNY"), seven)
    assert (found.against, found.short, found.asks) == ((), 185_873, True)
    assert found.words == "the credit is 1,858.73 USD less than the payout, at the book's rate of 7.000000"


def test_a_statement_that_states_the_amount_before_conversion() -> None:
    stated = {"original_amount": 930_873, "original_currency": "USD"}
    assert judge(PAID, credit(6_000_000, "2026-07-06", "CNY", **stated), no_rates).short == 0
    less = {"original_amount": 745_000, "original_currency": "USD"}
    assert judge(PAID, credit(6_000_000, "2026-07-06", "CNY", **less), no_rates).short == 185_873


def test_a_debit_and_a_payout_of_nothing() -> None:
    assert "is a debit of -5.00 USD" in judge(PAID, credit(-500, "2026-07-06"), no_rates).against[0].text
    owed = PaidOut(key="p", account="a", currency="USD", amount=-500, paid_on=date(2026, 7, 3))
    assert "nothing was sent to the bank" in judge(owed, credit(500, "2026-07-06"), no_rates).against[0].text


def test_what_was_decided_before_is_held_against_the_facts() -> None:
    known = standing([entry(1, "match", PAID.key, payouts=[PAID.key], credits=["c:1"], why="")])
    (found,) = as_matches(known, {PAID.key: PAID}, {"c:1": credit(745_000, "2026-03-05")}, no_rates)
    assert (found.short, found.contradicted, found.decided) == (185_873, True, True)
    assert found.against[1:] == ("the credit is 1,858.73 USD less than the payout", "no difference was accepted")


def test_an_accepted_difference_is_shown_and_a_changed_one_says_so() -> None:
    body = {"payouts": [PAID.key], "credits": ["c:1"], "why": "the rest came in cash", "difference": 185_873}
    known = standing([entry(1, "match", PAID.key, **body)])
    (found,) = as_matches(known, {PAID.key: PAID}, {"c:1": credit(745_000, "2026-07-06")}, no_rates)
    assert (found.short, found.contradicted) == (185_873, False)
    assert found.against == ("the credit is 1,858.73 USD less than the payout",)
    assert "the difference was accepted by name" in found.reasons
    (found,) = as_matches(known, {PAID.key: PAID}, {"c:1": credit(740_000, "2026-07-06")}, no_rates)
    assert found.short == 190_873 and found.against[1] == "a difference of 1,858.73 USD was accepted"


def test_one_credit_in_two_old_matches() -> None:
    other = PaidOut(key="p2", account="amazon", currency="USD", amount=930_873, paid_on=date(2026, 7, 3))
    known = standing([entry(i, "match", key, payouts=[key], credits=["c:1"]) for i, key in ((1, PAID.key), (2, "p2"))])
    found = as_matches(known, {PAID.key: PAID, "p2": other}, {"c:1": credit(930_873, "2026-07-06")}, no_rates)
    assert [m.against for m in found] == [
        ("c:1 is matched with p2, too",),
        ("c:1 is matched with 18906930046, too",),
    ]
    assert all(m.contradicted for m in found)


def test_taking_back_a_match_that_was_made_by_itself_bars_it() -> None:
    taken = entry(1, "unmatch", "p", payouts=["p", "q"], credits=["c"])
    assert standing([taken]).barred == {("p", "c"), ("q", "c")}
    again = entry(2, "match", "p", payouts=["p"], credits=["c"])
    assert standing([taken, again]).barred == {("q", "c")}


def test_a_decision_follows_its_credit_into_the_file_that_tells_it_better() -> None:
    known = standing(
        [
            entry(1, "match", "p1", payouts=["p1"], credits=["old:5"]),
            entry(2, "unmatch", "p2", payouts=["p2"], credits=["old:7"]),
        ]
    ).renamed({"old:5": "new:2", "old:7": "new:3"})
    assert known.decided["p1"].credit == "new:2"
    assert known.barred == {("p2", "new:3")}
