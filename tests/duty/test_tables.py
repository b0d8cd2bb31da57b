"""The shipped tables agree with each other and say where each row is from."""

from __future__ import annotations

from datetime import date

import pytest

from crossbook.duty.claims import FACTS
from crossbook.duty.countries import COUNTRIES
from crossbook.duty.schedule import table
from crossbook.duty.stacking import named
from crossbook.duty.tables import EU, KNOWN_UNTIL, condition, is_origin, law, percent, rows


def test_every_measure_has_its_scope_its_dates_and_its_source() -> None:
    known = {scope for group in law().scopes.by_prefix.values() for scope, *_ in group}
    for m in law().measures:
        assert m.source, m
        assert m.authority, m
        assert m.since <= m.until, m
        assert m.effective >= m.since, m
        assert all(s == "*" or s.lstrip("+-") in known for s in m.scopes), m
        assert all(name in FACTS or name == "mode" for name, _, _ in m.when), m
        assert m.kind in ("add", "total", "instead", "exempt"), m
        assert (m.rate is None) == (m.kind == "exempt"), m
        for token in m.origins:
            assert token.lstrip("-") in ("ALL", "EU", "COL2") or token.lstrip("-") in COUNTRIES, m


def test_every_scope_row_names_its_source() -> None:
    for group in law().scopes.by_prefix.values():
        for scope, since, until, source in group:
            assert source, scope
            assert since <= until, scope


def test_every_stacking_rule_names_programmes_that_exist() -> None:
    programmes = {m.programme for m in law().measures}
    for rule in law().rules:
        assert rule.source, rule
        assert rule.since <= rule.until, rule
        for name in (rule.winner, rule.loser):
            known = name in programmes or any(named(m, name) for m in law().measures)
            assert not name or known or name == "column 1", rule


def test_no_two_rows_of_one_measure_overlap() -> None:
    seen: dict[tuple[object, ...], list[tuple[date, date]]] = {}
    for m in law().measures:
        key = (m.id, m.heading, m.origins, m.scopes, m.when, m.sailed_before)
        for since, until in seen.setdefault(key, []):
            assert m.until < since or until < m.since, m
        seen[key].append((m.since, m.until))


def test_destinations_name_a_source_that_can_be_read() -> None:
    for r in rows("destinations.csv"):
        assert r["source"].startswith("http") or r["source"], r
        date.fromisoformat(r["from"])
        if r["rate"]:
            percent(r["rate"])


def test_origins() -> None:
    assert is_origin("DE", ["EU"])
    assert len(EU) == 27
    assert not is_origin("US", ["ALL"])
    assert not is_origin("CN", ["ALL", "-CN"])
    assert is_origin("RU", ["COL2"])
    assert condition("metal_weight>=0.15") == ("metal_weight", ">=", "0.15")
    with pytest.raises(ValueError, match="not a rate"):
        percent("7.5")


def test_the_day_known_until_lies_before_the_first_unknown_step() -> None:
    assert date(2026, 11, 9) == KNOWN_UNTIL


def test_no_line_is_on_two_lists_of_section_301() -> None:
    """The lists of notes 20(b), (d), (f), (g) and (s) are of different goods; the four-year review replaces them."""
    lists = {"s301-1", "s301-2", "s301-3", "s301-3-part", "s301-4a"}
    for code in set(table()["code"].to_pylist()):
        assert len(lists & set(law().scopes.of(code))) < 2, code


def test_the_lists_are_those_the_schedule_s_own_footnotes_name() -> None:
    lists = {"9903.88.01": "s301-1", "9903.88.02": "s301-2", "9903.88.03": "s301-3"}
    for row in table().select(["code", "footnotes"]).to_pylist():
        inside = law().scopes.of(row["code"])
        for heading, scope in lists.items():
            assert (heading in row["footnotes"]) == (scope in inside), row
