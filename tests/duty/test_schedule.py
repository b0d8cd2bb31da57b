"""Tariff lines on a day, and errors that say what to do instead."""

from __future__ import annotations

from datetime import date

import pytest

from crossbook.duty.lines import digits, dotted
from crossbook.duty.schedule import line, lines_under, table
from crossbook.duty.tables import replaced
from crossbook.errors import CrossbookError, NotFoundError

DAY = date(2026, 9, 1)


def test_a_line_inherits_the_rate_of_its_subheading() -> None:
    at = line("7326.90.8688", DAY)
    assert (at.general, at.other, at.units) == ("2.9%", "45%", ("kg",))
    assert at.path.startswith("Other articles of iron or steel > ")
    assert at.shown == "7326.90.8688"
    assert line("7326908688", DAY) == at
    assert "9903.88.03" in at.footnotes


def test_a_subheading_without_statistical_lines_may_end_in_two_noughts() -> None:
    eight = next(c for c in table()["code"].to_pylist() if len(c) == 8)
    assert line(eight + "00", DAY).code == eight


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("7326.90", "15 lines are under it"),
        ("7326.90.86", "too short"),
        ("7326.90.8699", "no tariff line 7326.90.8699; under 7326.90.86 there are"),
        ("7326.99.9999", "no tariff line"),
    ],
)
def test_a_code_that_is_none(code: str, says: str) -> None:
    with pytest.raises(NotFoundError, match=says):
        line(code, DAY)


def test_a_retired_code_names_what_replaced_it() -> None:
    old, new = next((o, n) for o, n in replaced().items() if n[0][0] and n[0][0][:8] == o[:8] and n[0][1] <= DAY)
    with pytest.raises(NotFoundError, match=f"{dotted(old)} was retired on .*replaced by .*{dotted(new[0][0])}"):
        line(old, DAY)
    assert line(old, date.fromordinal(new[0][1].toordinal() - 1)).code == old


@pytest.mark.parametrize("text", ["", "abc", "12345678901", "73-26x"])
def test_not_a_code(text: str) -> None:
    with pytest.raises(CrossbookError, match="not a tariff code"):
        digits(text)


def test_lines_never_overlap() -> None:
    seen: dict[str, date] = {}
    for r in table().select(["code", "valid_from", "valid_to"]).to_pylist():
        last = seen.get(r["code"])
        assert last is None or r["valid_from"] > last, r
        seen[r["code"]] = r["valid_to"] or date.max
    assert len(lines_under("61", DAY)) > 500
