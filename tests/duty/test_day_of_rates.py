"""The day whose rates an entry bears is not always that of entry: goods of a warehouse bear those of their withdrawal
(19 CFR 141.69(a)), of a zone in privileged status those of its day (146.65(a)(1)), moved under bond those of its
acceptance (141.69(b)). What such a day explains is neither claimed nor called owed for certain."""

from __future__ import annotations

from datetime import date

import pytest

from crossbook.duty.filed import EntryLine
from crossbook.duty.refunds import Refund, refunds
from crossbook.duty.state import state

TODAY = date(2026, 9, 1)
TSHIRT, PAN = "6109100012", "7323930060"  # 16.5 %; of steel, 2 %
ORDINARY, LIST_4A = 165_000, 75_000  # of 10,000.00 USD


def worked(
    paid: dict[str, int], kind: str, entered: date, *, hts: str = TSHIRT, origin: str = "CN", rated: date | None = None
) -> tuple[list[Refund], list[str]]:
    line = EntryLine(
        entry="BX1-0000101-4",
        number=1,
        entered_on=entered,
        origin=origin,
        hts=hts,
        value=1_000_000,
        paid=paid,
        state=state(entered, entry_type=kind),
        programme="",
        quantities={},
        evidence="e",
        lines=(2,),
        rated_on=rated,
    )
    found, refused = refunds([line], TODAY)
    return found, [why for _, why in refused]


def test_a_warehouse_entry_is_not_held_against_the_law_of_its_entry() -> None:
    """Withdrawn in March 2026 they bear the Section 122 surcharge, which did not exist when they were entered."""
    paid = {"": ORDINARY, "99038815": LIST_4A, "99030301": 100_000}
    found, refused = worked(paid, "21", date(2025, 5, 20))
    assert not found
    assert len(refused) == 1 and "19 CFR 141.69(a)" in refused[0] and "Rate Date" in refused[0]
    assert worked(paid, "21", date(2025, 5, 20), rated=date(2026, 3, 10)) == ([], [])


def test_what_a_warehouse_entry_has_not_paid_yet_is_not_owed() -> None:
    assert worked({"": 0, "99038815": 0}, "21", date(2025, 5, 20)) == ([], [])


def test_ieepa_duty_of_a_withdrawal_comes_back_whatever_the_day_of_the_warehouse_entry() -> None:
    """Entered for the warehouse on 2025-01-20, before the first IEEPA duty, withdrawn under it."""
    (x,), _ = worked({"": ORDINARY, "99030124": 200_000}, "21", date(2025, 1, 20))
    assert (x.reason, x.amount, x.certain) == ("ieepa", 200_000, False)
    assert "estimated duty" in x.why
    assert x.interest is None  # it runs from the withdrawal, whose day is not told
    told, _ = worked(
        {"": ORDINARY, "99038815": LIST_4A, "99030124": 200_000}, "21", date(2025, 1, 20), rated=date(2025, 3, 10)
    )
    (x,) = told
    assert (x.reason, x.amount) == ("ieepa", 200_000)
    assert x.interest is not None and x.interest.since == date(2025, 3, 10)


@pytest.mark.parametrize("kind", ["06", "01"])
def test_what_the_rate_of_a_day_before_explains_is_not_owed_for_certain(kind: str) -> None:
    """Steel bore 25 % until 2025-06-03 and 50 % after (Proclamation 10947): goods of a zone in privileged status, or
    that were accepted for transport under bond before, entered on 2025-06-20, bear 25 %."""
    found, _ = worked({"": 20_000, "99038190": 250_000}, kind, date(2025, 6, 20), hts=PAN, origin="VN")
    owed = next(x for x in found if x.heading == "9903.81.90")
    assert (owed.amount, owed.certain) == (-250_000, False)
    assert "2025-06-03 gives what was paid: ask which day counted" in owed.why


@pytest.mark.parametrize(("entered", "certain"), [(date(2026, 3, 20), False), (date(2026, 4, 10), True)])
def test_under_bond_only_the_thirty_days_before_count(entered: date, certain: bool) -> None:
    """Section 122 began on 2026-02-24: accepted on the day before, goods were entered by 2026-03-25."""
    (owed,), _ = worked({"": ORDINARY, "99038815": LIST_4A}, "01", entered)
    assert (owed.heading, owed.amount, owed.certain) == ("9903.03.01", -100_000, certain)


def test_a_surcharge_that_began_after_the_status_of_the_zone_may_not_be_due() -> None:
    """Section 122 began on 2026-02-24."""
    found, _ = worked({"": ORDINARY, "99038815": LIST_4A, "99030124": 200_000}, "06", date(2026, 3, 20))
    told = {x.heading: (x.reason, x.amount, x.certain) for x in found}
    assert told == {
        "9903.01.24": ("ieepa", 200_000, True),
        "9903.03.01": ("underpaid", -100_000, False),
    }
    (back,), _ = worked(
        {"": ORDINARY, "99038815": LIST_4A, "99030124": 200_000}, "06", date(2026, 3, 20), rated=date(2026, 1, 15)
    )
    assert (back.reason, back.amount) == ("ieepa", 200_000)


@pytest.mark.parametrize(
    ("kind", "rated"),
    [
        ("21", date(2025, 5, 19)),  # withdrawn before it was entered
        ("21", date(2030, 5, 21)),  # more than five years after
        ("01", date(2025, 4, 1)),  # 49 days before: no transport under bond takes as long
        ("06", date(2026, 5, 20)),  # a status given a year after the goods had left the zone
    ],
)
def test_a_day_that_cannot_be_is_refused(kind: str, rated: date) -> None:
    found, refused = worked({"": ORDINARY, "99030124": 200_000}, kind, date(2025, 5, 20), rated=rated)
    assert not found
    assert len(refused) == 1 and str(rated) in refused[0]


def test_what_a_fact_could_spare_is_owed_at_most() -> None:
    """Whether they were loaded before a day, which is asked of the reciprocal duty, leaves Section 301 as it is; how
    much of a pan is steel does not leave its duty."""
    (owed,), _ = worked({"": ORDINARY}, "01", date(2025, 5, 20))
    assert (owed.heading, owed.amount, owed.certain) == ("9903.88.15", -LIST_4A, True)
    found, _ = worked({"": 20_000, "99038190": 0}, "01", date(2025, 8, 20), hts=PAN, origin="VN")
    assert [x.certain for x in found if x.heading == "9903.81.90"] == [False]
