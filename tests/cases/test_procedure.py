"""Procedures as they ship, what follows from events, and events that cannot be."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from crossbook.cases.clock import Span
from crossbook.cases.days import closed_by_order
from crossbook.cases.procedure import deadlines, names, procedure, read
from crossbook.errors import CrossbookError, NotFoundError


def due(name: str, state: str = "", **happened: str) -> dict[str, tuple[str, str]]:
    found = deadlines(procedure(name), {k: date.fromisoformat(v) for k, v in happened.items()}, state)
    return {d.limit.name: (str(d.due.earliest), str(d.due.latest)) for d in found}


@pytest.mark.parametrize("name", names())
def test_every_limit_has_its_law_and_both_languages(name: str) -> None:
    of = procedure(name)
    assert of.counting and of.counting_link.startswith("http") and bool(of.note) == bool(of.note_zh)
    for limit in of.limits:
        assert limit.source and limit.link.startswith("http") and limit.kind in ("act by", "ends", "not before")
        assert bool(limit.note) == bool(limit.note_zh)
    for told in (of, *of.events, *of.limits):
        assert told.title and any("一" <= c <= "鿿" for c in told.title_zh)


def test_a_suit_runs_two_clocks() -> None:
    assert due("us_suit", served="2025-06-13", order_entered="2025-06-10") == {
        "order_lapses": ("2025-06-24", "2025-06-24"),
        "order_lapses_after_extension": ("2025-07-08", "2025-07-08"),
        "answer": ("2025-07-07", "2025-07-07"),
    }


def test_a_waiver_replaces_the_answer_and_an_extension_the_first_end() -> None:
    found = due(
        "us_suit",
        served="2025-06-13",
        waiver_sent_abroad="2025-06-02",
        order_entered="2025-06-10",
        order_extended="2025-06-23",
    )
    assert found == {
        "answer_after_waiver_abroad": ("2025-09-02", "2025-09-02"),
        "order_lapses_after_extension": ("2025-07-08", "2025-07-08"),
    }


def test_days_of_the_court_s_state_widen_only_what_counts_on() -> None:
    assert due("us_suit", "il", served="2026-01-22") == {"answer": ("2026-02-12", "2026-02-13")}


def test_a_declaration_in_china_and_a_counter_notice() -> None:
    assert due("cn_platform_notice", declaration_delivered="2026-09-20") == {
        "measures_end": ("2026-10-08", "2026-10-08")
    }
    assert due("cn_platform_notice", declaration_delivered="2026-09-20", complaint_told="2026-09-30") == {}
    assert due("us_dmca", counter_notice_received="2025-06-13") == {
        "put_back_from": ("2025-06-30", "2025-06-30"),
        "put_back_by": ("2025-07-07", "2025-07-07"),
    }


def test_consultations_of_ds543() -> None:
    """The request of 4 April 2018, at DSU 4.3 and 4.7."""
    assert list(due("wto_dispute", request_received="2018-04-04").values()) == [
        ("2018-04-14", "2018-04-14"),
        ("2018-05-04", "2018-05-04"),
        ("2018-06-03", "2018-06-03"),
    ]
    assert "Only WTO Members" in procedure("wto_dispute").note


@pytest.mark.parametrize(
    ("happened", "says"),
    [
        ({"sued": "2025-01-01"}, "has no event 'sued'"),
        ({"order_entered": "2025-06-10", "order_extended": "2025-06-01"}, "cannot come before order_entered"),
        ({"served": "2009-11-30"}, "is known from 2009-12-01"),
    ],
)
def test_events_that_cannot_be(happened: dict[str, str], says: str) -> None:
    with pytest.raises(CrossbookError, match=says):
        due("us_suit", **happened)


def test_an_unknown_procedure_and_a_limit_that_hangs_in_the_air() -> None:
    with pytest.raises(NotFoundError, match="us_suit"):
        procedure("small claims")
    text = "\n".join(f'{k} = "x"' for k in ("title", "title_zh", "calendar", "counting", "counting_link"))
    with pytest.raises(CrossbookError, match="counts from born"):
        read(
            "x",
            f"""{text}
            [[event]]
            name = "a"
            title = "x"
            title_zh = "x"
            [[limit]]
            name = "b"
            after = "born"
            length = 1
            unit = "day"
            kind = "act by"
            valid_from = 2020-01-01
            title = "x"
            title_zh = "x"
            who = "x"
            source = "x"
            link = "x"
        """,
        )


def test_a_limit_may_count_from_another() -> None:
    of = procedure("us_suit")
    lapses = next(x for x in of.limits if x.name == "order_lapses")
    chained = replace(of, limits=(lapses, replace(lapses, name="more", after="order_lapses")))
    found = {d.limit.name: d.due for d in deadlines(chained, {"order_entered": date(2025, 6, 20)})}
    assert found["more"] == Span(date(2025, 7, 18), date(2025, 7, 21))


CLOCKS = list(csv.DictReader(Path(__file__).with_name("clocks.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("row", CLOCKS, ids=lambda r: f"{r['limit']} {r['day']}")
def test_days_that_were_told_wrong_once(row: dict[str, str]) -> None:
    found = due(row["procedure"], **{row["event"]: row["day"]})
    assert found[row["limit"]] == (row["right_earliest"], row["right_latest"]), row["why"]


def test_what_may_be_done_when_nobody_acted_within_some_days_begins_the_day_after() -> None:
    # DSU 8.7: within 20 days of 2019-01-28 is up to 2019-02-17
    assert due("wto_dispute", panel_established="2019-01-28")["compose"] == ("2019-02-18", "2019-02-18")
    assert [x.name for n in names() for x in procedure(n).limits if x.after_last] == ["compose", "retaliation_from"]


def test_closed_days_reach_back_to_1990() -> None:
    days = closed_by_order()
    for day in (
        "1994-04-27",
        "2001-12-24",
        "2003-12-26",
        "2004-06-11",
        "2007-01-02",
        "2007-12-24",
        "2008-12-26",
        "2012-12-24",
        "2014-12-26",
        "2018-12-05",
        "2018-12-24",
        "2019-12-24",
        "2020-12-24",
        "2024-12-24",
        "2025-01-09",
        "2025-12-24",
        "2025-12-26",
    ):
        assert date.fromisoformat(day) in days, day


def test_every_closed_day_has_its_source() -> None:
    assert all(day.weekday() < 5 and "rder" in told and len(told) > 25 for day, told in closed_by_order().items())


def test_a_rule_that_is_no_longer_in_force_is_refused() -> None:
    of = procedure("us_301")
    ended = replace(of, limits=(replace(of.limits[0], valid_to=date(2025, 1, 31)),))
    assert deadlines(ended, {"petition_received": date(2025, 1, 31)})
    with pytest.raises(CrossbookError, match="in force until 2025-01-31"):
        deadlines(ended, {"petition_received": date(2025, 2, 1)})


def test_an_appeal_into_the_void_ends_the_adoption_clock() -> None:
    assert due("wto_dispute", circulated="2020-09-15")["adopted_by"] == ("2020-11-14", "2020-11-14")
    assert due("wto_dispute", circulated="2020-09-15", appealed_into_void="2020-10-26") == {}
    assert (
        due("wto_dispute", circulated="2014-07-14", appealed="2014-08-22")["appeal_report_longest"][0] == "2014-11-20"
    )


def test_a_trade_barrier_investigation_as_the_ministry_counts_it() -> None:
    assert due("cn_trade_barrier", announced="2023-04-12")["ends"] == ("2023-10-12", "2023-10-12")
    found = due("cn_trade_barrier", announced="2023-04-12", extended="2023-10-09")
    assert found == {"ends_extended": ("2024-01-12", "2024-01-12")}


def test_notice_of_a_default_hearing_is_counted_back() -> None:
    assert due("us_suit", default_hearing="2025-07-14")["default_notice"] == ("2025-07-07", "2025-07-07")
    # seven days before 2025-07-11 is the Fourth of July: counting on in the same direction gives Thursday the 3rd
    assert due("us_suit", default_hearing="2025-07-11")["default_notice"] == ("2025-07-03", "2025-07-03")


def test_section_337_counts_from_the_first_business_day_where_its_rule_may_still_stand() -> None:
    # plain: 20 days from Friday 2024-06-14 fall on the Fourth of July; from Monday the 17th as day one, on Saturday
    # 2024-07-06 and so on Monday the 8th (19 CFR 201.14(a))
    assert due("us_337", served="2024-06-14") == {"response": ("2024-07-04", "2024-07-08")}
    found = due("us_337", served="2024-06-14", motion_served="2024-06-14")
    assert found == {"motion_response": ("2024-06-24", "2024-06-26")}
    found = due("us_337", served="2024-06-14", motion_served="2024-06-14", more_complicated="2024-06-14")
    assert set(found) == {"response_complicated", "motion_response_complicated"}
    found = due("us_337", complaint_filed="2024-01-29", motion_filed="2024-01-29", instituted="2024-03-02")
    assert found["relief_initial"] == ("2024-05-13", "2024-05-13")
    assert "institution" not in found and found["institution_with_motion"][0] == "2024-03-04"
    assert due("us_337", president_receives="2024-12-20")["policy_review"] == ("2025-02-18", "2025-02-18")


def test_a_domain_owner_has_ten_business_days_to_show_a_suit() -> None:
    assert due("udrp", decision_told="2025-06-13")["court"] == ("2025-06-27", "2025-06-27")


def test_retaliation_and_a_marketplace_s_own_days() -> None:
    found = due("wto_dispute", period_expired="2016-04-01")
    assert found["retaliation_granted"][0] == "2016-05-01" and found["retaliation_level"][0] == "2016-05-31"
    assert due("amazon_listing", removed="2026-01-05") == {"information": ("2026-04-05", "2026-04-05")}
    assert due("amazon_listing", removed="2026-01-05", forwarded="2026-01-12") == {"suit": ("2026-01-22", "2026-01-22")}


def test_the_day_to_serve_binds_in_the_united_states_only() -> None:
    # 90 days from Tuesday 2025-06-10 end on Monday 2025-09-08
    assert due("us_suit", complaint_filed="2025-06-10") == {"serve_by": ("2025-09-08", "2025-09-08")}
    assert due("us_suit", complaint_filed="2025-06-10", sent_abroad="2025-06-20") == {}
