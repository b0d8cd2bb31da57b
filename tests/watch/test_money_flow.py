"""The drawing of a case: lanes, arrows and bands, and what is left out of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from crossbook.views.money_flow import MOST, WIDEST, fitted, flow


def paid(n: int, payer: str, payee: str, unit: int | None = 100, own: int = 0) -> dict[str, Any]:
    return {
        "id": n,
        "payer_account": payer,
        "payer": None,
        "payee_account": payee,
        "payee": None,
        "unit": unit,
        "paid": own or unit,
        "paid_currency": "EUR",
        "depth": None,
        "day": date(2026, 3, 2),
        "evidence": "e" * 64,
        "line": n + 2,
        "transfer_id": f"T{n}",
    }


def test_money_that_is_passed_on_runs_along_the_lane_of_who_held_it() -> None:
    drawn = flow([paid(0, "A", "B"), paid(1, "B", "C", 64)], [{"payment": 1, "lot": 0, "amount": 64}])
    first, second = drawn.arrows
    (band,) = drawn.bands
    assert [lane.name for lane in drawn.lanes] == ["A", "B", "C"]
    assert first.y2 == second.y1 == band.y and (band.x1, band.x2) == (first.x, second.x) and first.x < second.x
    assert first.width > second.width == band.width
    assert (second.evidence, second.line) == ("e" * 64, 3)
    assert drawn.days == ((first.x, date(2026, 3, 2)),) and drawn.left_out == 0


def test_what_is_not_drawn_is_counted_and_chains_come_first() -> None:
    rows = [paid(n, "A", "B") for n in range(MOST + 10)]
    drawn = flow(rows, [{"payment": MOST + 9, "lot": MOST + 8, "amount": 1}])
    assert len(drawn.arrows) == MOST and drawn.left_out == 10
    assert [a.id for a in drawn.arrows[-2:]] == [MOST + 8, MOST + 9] and len(drawn.bands) == 1


def test_an_amount_that_is_not_known_is_drawn_thin_and_nothing_is_drawn_of_nothing() -> None:
    known, unknown = flow([paid(0, "A", "B"), paid(1, "A", "B", None)], []).arrows
    assert unknown.width < known.width
    assert flow([], []).arrows == ()


def test_a_name_takes_no_more_than_its_room() -> None:
    """Seventeen letters; a Chinese one is as wide as two: three of them, a blank and ten of the account's twelve
    letters fill it, but for one that the mark takes."""
    assert fitted("Martinez Trading", 17) == "Martinez Trading"
    assert fitted("Martinez Trading Ltd", 17) == "Martinez Trading…"
    assert fitted("曾怡远 QH8001393744", 17) == "曾怡远 QH8001393…"
    assert fitted("杭州卓越进出口有限公司", 17) == "杭州卓越进出口有…" and fitted("", 17) == ""


def test_days_are_written_where_they_do_not_touch() -> None:
    """A column is 46 wide, a day in Chinese about 100: every third one can be written."""
    rows = [{**paid(n, "A", "B"), "day": date(2026, 3, 2 + n)} for n in range(7)]
    assert [day.day for _, day in flow(rows, []).days] == [2, 5, 8]


def test_money_without_a_rate_is_drawn_by_its_own_amounts() -> None:
    """90,000.00 of a currency that no rate measures, then half of it: no line is wider than the widest there is."""
    rows = [paid(0, "A", "B", None, own=9_000_000), paid(1, "B", "C", None, own=4_500_000)]
    drawn = flow(rows, [{"payment": 1, "lot": 0, "amount": 4_500_000}])
    first, second = (a.width for a in drawn.arrows)
    assert first == WIDEST > second > 1.5 and drawn.bands[0].width == second
