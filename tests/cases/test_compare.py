"""Laws side by side, and disputes replayed."""

from __future__ import annotations

from datetime import date

import pytest

from crossbook.cases.compare import REGIMES, compare
from crossbook.cases.replay import disputes, replay
from crossbook.errors import NotFoundError


def test_the_longest_wait_is_the_stricter_and_may_leave_no_day() -> None:
    wait = next(o for o in compare(date(2026, 3, 2)) if o.name == "wait")
    days = {(r.regime, r.kind): r.due for r in wait.rules}
    assert days["cn_ecl", "ends"] and days["cn_ecl", "ends"].latest == date(2026, 3, 17)
    assert days["us_dmca", "act by"] and days["us_dmca", "act by"].earliest == date(2026, 3, 20)
    assert [r.regime for r in wait.rules if r.strictest] == ["phase_one"] and wait.conflict


def test_each_obligation_has_a_stricter_rule_and_both_languages() -> None:
    for o in compare(date(2026, 3, 2)):
        assert any(r.strictest for r in o.rules) and o.must and o.must_zh and o.title_zh
        for r in o.rules:
            assert r.regime in REGIMES and r.source and r.link.startswith("http") and r.says_zh


def test_replayed_disputes_stand_beside_the_law() -> None:
    found = {r.limit: r for r in replay("DS543")}
    assert found["reply"].due.latest == date(2018, 4, 14) and found["reply"].actual == date(2018, 4, 13)
    assert found["reply"].days == -1
    assert found["panel_longest"].due.latest == date(2019, 10, 28) and found["panel_longest"].days == 323
    void = found["adopted_by"]
    assert void.due.latest == date(2020, 11, 14) and void.actual is None
    assert void.stopped is not None and void.stopped.name == "appealed_into_void"
    assert void.stopped_on == date(2020, 10, 26)
    found = {r.limit: r for r in replay("ds437")}
    assert found["panel_from"].due.latest == date(2012, 7, 24) and found["panel_from"].days == 27
    assert found["panel_longest"].due.latest == date(2013, 6, 28)
    assert set(disputes()) == {"DS437", "DS543"}
    with pytest.raises(NotFoundError):
        replay("DS1")
