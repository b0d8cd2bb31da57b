"""Drawback: what it reaches by CBP's answers, once, within five years, matched to exports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from crossbook.duty.drawback import Export, candidates, designated, eligible
from crossbook.duty.filed import EntryLine
from crossbook.duty.refunds import refunds
from crossbook.duty.state import TYPES, state
from crossbook.errors import CrossbookError

TODAY = date(2026, 9, 1)
ENTERED = date(2025, 5, 20)
LINE = EntryLine(
    entry="BX1-0000101-4",
    number=1,
    entered_on=ENTERED,
    origin="CN",
    hts="6109100012",
    value=1_000_000,
    paid={"": 165_000, "99038815": 75_000, "99030124": 200_000, "99030125": 100_000},
    state=state(ENTERED, entry_type="01"),
    programme="",
    quantities={"No.": Decimal(1_000)},
    evidence="e",
    lines=(2,),
)


def test_section_301_comes_back_and_section_232_does_not() -> None:
    assert eligible("s301", ENTERED)[0] == "yes"
    assert eligible("metals", ENTERED)[0] == "no"
    assert eligible("fentanyl", ENTERED)[0] == "no"
    assert eligible("surcharge", date(2026, 3, 1))[0] == "", "no row tells: not known"


def test_what_goes_by_cape_is_not_in_it() -> None:
    found, _ = refunds([LINE], TODAY)
    (c,) = candidates([LINE], found, TODAY)
    assert (c.paid, c.back) == (240_000, 237_600)  # 1,650.00 and 750.00, 99 % of it
    assert (c.barred, c.unknown, c.until) == (0, 0, date(2030, 5, 20))


def test_steel_is_barred_and_the_surcharge_not_known() -> None:
    steel = replace(LINE, hts="7326908688", paid={"": 29_000, "99038191": 500_000, "99030301": 100_000})
    (c,) = candidates([steel], [], TODAY)
    assert (c.paid, c.barred, c.unknown) == (29_000, 500_000, 100_000)


def test_a_drawback_entry_is_no_candidate() -> None:
    assert not candidates([replace(LINE, state=state(ENTERED, entry_type="47"))], [], TODAY)


@pytest.mark.parametrize("kind", ["05", "08", "09", "21", "22", "23", "86"])
def test_what_was_not_entered_for_consumption_is_not_designated(kind: str) -> None:
    """19 U.S.C. 1313(u), 19 CFR 190.151(a)(2); duty deferral has its own reduction, 19 CFR 182.53."""
    assert designated(kind)[0] == "no" and designated(kind)[1]
    assert not candidates([replace(LINE, state=state(ENTERED, entry_type=kind))], [], TODAY)


def test_every_type_of_entry_has_a_row() -> None:
    assert all(designated(kind)[0] for kind in TYPES)
    assert all(designated(kind)[0] == "yes" for kind in ("01", "03", "06", "07", "11", "31", "34", "38"))


@pytest.mark.parametrize("kind", ["", "01", "03", "11", "21", "23", "47", "86"])
def test_each_cent_is_certain_in_one_claim_at_most(kind: str) -> None:
    line = replace(LINE, state=state(ENTERED, entry_type=kind))
    found, _ = refunds([line], TODAY)
    certain = sum(r.amount for r in found if r.certain and r.amount > 0)
    drawn = sum(c.paid - c.rival for c in candidates([line], found, TODAY))
    assert certain + drawn <= sum(LINE.paid.values())


def test_of_an_entry_whose_type_is_not_told_the_same_duty_stands_once() -> None:
    """1,650.00 and 750.00, and 1,000.00 of the reciprocal duty, which may come back by CAPE instead."""
    line = replace(LINE, state=state(ENTERED))
    found, _ = refunds([line], TODAY)
    (c,) = candidates([line], found, TODAY)
    assert (c.type, c.paid, c.rival, c.barred) == ("", 340_000, 100_000, 200_000)


def test_exports_take_from_the_oldest_entry_and_only_once() -> None:
    later = replace(LINE, entry="BX1-0000102-2", entered_on=date(2025, 9, 1), paid={"": 165_000})
    first = replace(LINE, paid={"": 165_000})
    sent = [
        Export("6109.10.0012", Decimal(1_200), date(2026, 1, 10), "AES-1"),
        Export("6109.10.0012", Decimal(5_000), date(2025, 6, 1), "AES-0"),
        Export("6109.10.0012", Decimal(9), date(2025, 5, 1), "before the import"),
        Export("8544.42.9090", Decimal(9), date(2026, 1, 10), "other goods"),
    ]
    a, b = candidates([later, first], [], TODAY, exports=sent)
    assert (a.entry, a.matched, a.exports) == (LINE.entry, 163_350, ("AES-0",))
    assert (b.matched, b.exports) == (163_350, ("AES-1",)), "1,000 pieces at most were entered"
    (c,) = candidates([replace(first, quantities={})], [], TODAY, exports=[])
    assert (c.quantity, c.matched) == (None, 0)


def test_exports_of_goods_entered_in_dozens_say_their_unit() -> None:
    """100 dozen, 1,650.00 of duty, of which 99 % is 1,633.50: 100 dozen are all of it, 100 pieces a twelfth."""
    dozens = replace(LINE, paid={"": 165_000}, quantities={"No.": Decimal(1_200)}, dozens=True)

    def matched(unit: str) -> int:
        sent = [Export(LINE.hts, Decimal(100), date(2026, 1, 10), "AES-1", unit=unit)]
        (c,) = candidates([dozens], [], TODAY, exports=sent)
        assert (c.quantity, c.unit) == (1_200, "No.")
        return c.matched

    assert (matched("DOZ"), matched("no.")) == (163_350, 13_612)
    with pytest.raises(CrossbookError, match="entered in dozens"):
        matched("")
    with pytest.raises(CrossbookError, match=r"entered in No\., the export AES-1 is in KG"):
        matched("KG")
