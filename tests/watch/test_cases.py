"""Alerts gathered into cases, their limits of days, and what people decide about them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crossbook.book import Book, open_book
from crossbook.book.accounts import put_user
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.decisions import RefusedError, look
from crossbook.decisions.registry import kind_of
from crossbook.watch.casework import Case, cases, queue
from crossbook.watch.deciding.common import opens
from crossbook.watch.due import dues
from crossbook.watch.joining import Known, Slice, gather
from crossbook.watch.scoring import parts, total
from tests.decisions.making import decided, undone
from tests.watch.writing import COLUMNS, transfer, watched

TODAY = date(2026, 3, 20)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crossbook.calendars.today", lambda: TODAY)


def a_slice(alert: str, subject: str, first: str, last: str = "", *, tenant: str = "A", large: bool = False) -> Slice:
    return Slice(
        tenant=tenant,
        alert=alert,
        subject=subject,
        large=large,
        since=int(first[-2:]),
        first_on=date.fromisoformat(first),
        last_on=date.fromisoformat(last or first),
    )


def grouped(found: dict[Slice, str]) -> set[frozenset[str]]:
    return {frozenset(s.alert for s, case in found.items() if case == number) for number in found.values()}


def test_alerts_of_one_party_are_one_case_until_ninety_days_lie_between() -> None:
    found = gather(
        [
            a_slice("a", "P", "2026-01-01", "2026-01-10"),
            a_slice("b", "P", "2026-04-10"),  # the 90th day after the tenth of January
            a_slice("c", "P", "2026-07-10"),  # the 91st after that
            a_slice("d", "Q", "2026-01-01"),
        ],
        [],
        [],
    )
    assert grouped(found) == {frozenset("ab"), frozenset("c"), frozenset("d")}


def test_what_rests_on_one_chain_is_one_case_but_never_across_institutions() -> None:
    one, two = a_slice("chain", "P", "2026-01-01"), a_slice("pass", "Q", "2026-01-01")
    elsewhere = a_slice("chain", "P", "2026-01-01", tenant="B")
    found = gather([one, two, elsewhere], [(one, two)], [])
    assert found[one] == found[two] != found[elsewhere]


def test_a_large_value_is_no_suspicion_and_is_one_case_a_day() -> None:
    found = gather(
        [
            a_slice("in", "P", "2026-01-01", large=True),
            a_slice("out", "P", "2026-01-01", large=True),
            a_slice("next", "P", "2026-01-02", large=True),
            a_slice("fan", "P", "2026-01-01"),
        ],
        [],
        [],
    )
    assert grouped(found) == {frozenset(("in", "out")), frozenset(("next",)), frozenset(("fan",))}


def test_a_case_keeps_its_number_when_earlier_alerts_join_it() -> None:
    later = a_slice("b", "P", "2026-02-01")
    number = gather([later], [], [])[later]
    earlier = a_slice("a", "P", "2026-01-01")
    assert gather([earlier, later], [], [])[later] != number  # of itself it would be called by the earlier one

    def known(case: str, *alerts: str, **parties: tuple[date, date]) -> Known:
        return Known(case=case, tenant="A", large=False, alerts=frozenset(alerts), parties=parties)

    assert set(gather([earlier, later], [], [known(number, "b")]).values()) == {number}
    assert set(gather([earlier, later], [], [known("first", "a"), known(number, "b")]).values()) == {"first"}
    span = (date(2026, 3, 1), date(2026, 3, 9))
    assert set(gather([earlier, later], [], [known("party", P=span)]).values()) == {"party"}
    old = (date(2025, 1, 1), date(2025, 1, 9))
    assert "past" not in gather([earlier, later], [], [known("past", P=old)]).values()


def test_limits_of_days() -> None:
    friday = date(2026, 3, 6)

    def days(report: str, law: str, confirmed: date | None = None, *, known: bool = True) -> dict[str, date | None]:
        found = dues(report=report, laws=(law,), last=friday, detected=friday, confirmed=confirmed, known=known)
        return {d.name: d.day for d in found}

    assert days("large", "CN") == {"cn_large": date(2026, 3, 13)}  # five working days, a week of March without holidays
    assert days("large", "US") == {"us_ctr": date(2026, 3, 21)}
    assert days("suspicious", "US") == {"us_sar": date(2026, 4, 5)}
    assert days("suspicious", "US", known=False) == {"us_sar_unknown": date(2026, 5, 5)}
    assert days("suspicious", "CN", friday) == {"cn_suspicious": None}  # at once: the law names no days
    old = date(2018, 1, 5)
    found = dues(report="suspicious", laws=("CN",), last=old, detected=old, confirmed=old, known=True)
    assert [(d.name, d.day) for d in found] == [("cn_suspicious_2017", date(2018, 1, 12))]


def test_a_score_is_the_sum_of_its_parts() -> None:
    found = parts(
        rules={"chain": True, "fan_in": False},
        gravity={"chain": "high", "fan_in": "medium"},
        hands=8,
        least=5,
        cny=50_000_000,
        crossing=2,
        border_told=True,
    )
    assert [(p.part, p.points) for p in found] == [
        ("rule", 30),
        ("rule", 7),
        ("hands", 6),
        ("amount", 5),
        ("border", 5),
    ]
    assert total(found) == 53
    unknown = parts(
        rules={"chain": True},
        gravity={"chain": "high"},
        hands=5,
        least=5,
        cny=None,
        crossing=0,
        border_told=False,
    )
    assert [(p.part, p.points, p.value) for p in unknown[1:]] == [("amount", 0, None), ("border", 0, None)]


def paid_in(parties: int, first: int = 0) -> list[str]:
    return [
        transfer(f"F{n}", f"2026-03-{2 + n % 7:02d}", f"payer{n}", "SHOP", f"{1000 + n}.11")
        for n in range(first, first + parties)
    ]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Ten pay SHOP within a week; nine pay CAFE."""
    cafe = [transfer(f"G{n}", f"2026-03-{2 + n % 7:02d}", f"guest{n}", "CAFE", f"{500 + n}.13") for n in range(9)]
    return watched(tmp_path, [*paid_in(10), *cafe], (), "[watch]\nown_money = false\n")


def waiting(book: Book, **asked: object) -> list[Case]:
    opened = opens(open_book(book.path))
    return queue(opened.database, opened.book, **asked)  # type: ignore[arg-type]


def test_from_the_queue_to_a_report_and_back(book: Book, tmp_path: Path) -> None:
    (case,) = waiting(book, fresh=True)
    assert (case.subject, case.rules, case.status, case.taken_on) == ("SHOP", ("fan_in",), "open", None)
    decided(opens(book), "intake")
    (case,) = waiting(book)
    assert case.taken_on == TODAY and case.fresh
    with pytest.raises(RefusedError, match="nothing new"):
        decided(opens(book), "intake")
    assert case.due and case.due.day == date(2026, 4, 3)  # ten working days: the house's own limit

    decided(opens(book), "remark", case=case.id, text="its owner was called", documents=("transfers.csv",))
    decided(opens(book), "outcome", case=case.id, outcome="dismissed", why="a shop; see its till")
    assert waiting(book) == []
    (case,) = waiting(book, status="dismissed")
    assert list(case.told.documents.values()) == ["transfers.csv"]

    more = tmp_path / "more.csv"
    more.write_text("\n".join([COLUMNS, *paid_in(3, first=20)]) + "\n", encoding="utf-8")
    for item in inputs([more]):
        add(book, item)
    (again,) = waiting(book)
    assert (again.id, again.status) == (case.id, "open again")
    assert again.changed and "alerts" in again.changed[0]

    with pytest.raises(RefusedError, match="nobody decided that watch case"):
        decided(opens(book), "outcome", case=case.id, outcome="reported", why="sent")
    decided(opens(book), "outcome", case=case.id, outcome="to_report", why="no till", who="li")
    found = look(opens(book), kind_of("outcome"), {"case": case.id, "outcome": "reported", "why": "sent"})
    assert [q.answer for q in found.asks] == ["alone"]  # without users nobody can approve: it is asked
    put_user(book, "li", "preparer", "correct horse battery")
    with pytest.raises(RefusedError, match="nobody else approved entry"):
        decided(opens(book), "outcome", case=case.id, outcome="reported", why="sent", who="li")
    entry = waiting(book)[0].outcome
    assert entry is not None
    decided(opens(book), "approval", entry=entry.seq, who="wang")
    decided(opens(book), "outcome", case=case.id, outcome="reported", reference="R-1", why="sent", who="li")
    assert waiting(book) == []
    for other in ("dismissed", "escalated"):  # what was reported is not made another thing unasked
        found = look(opens(book), kind_of("outcome"), {"case": case.id, "outcome": other, "why": "x"})
        assert [q.answer for q in found.asks] == ["reported"]
    undone(opens(book), "outcome", case=case.id, why="not that one")
    assert [c.status for c in waiting(book)] == ["to_report"]


def test_a_figure_that_cannot_be_is_refused_and_another_is_versioned(book: Book) -> None:
    for value, said in ((0, "whole number from 1"), (10, "is 10 already")):
        with pytest.raises(RefusedError, match=said):
            decided(opens(book), "figure", rule="fan_in", figure="parties", value=value, why="x")
    found = look(opens(book), kind_of("figure"), {"rule": "fan_in", "figure": "parties", "value": 9, "why": "x"})
    assert found.effects[1] == "alerts that rule fan_in calls: 2 with 9, 1 with 10"
    decided(opens(book), "figure", rule="fan_in", figure="parties", value=9, why="the cafe was missed")
    assert {c.subject for c in waiting(book)} == {"SHOP", "CAFE"}
    undone(opens(book), "figure", rule="fan_in", figure="parties", why="too many")
    assert {c.subject for c in waiting(book)} == {"SHOP"}
    assert [e.action for e in book.journal() if e.subject == "fan_in"] == ["watch figure", "watch figure back"]


def test_what_no_rule_calls_any_more_keeps_its_decision(book: Book) -> None:
    (case,) = waiting(book)
    decided(opens(book), "outcome", case=case.id, outcome="escalated", why="to the board")
    decided(opens(book), "figure", rule="fan_in", figure="parties", value=11, why="a shop of ten is none")
    (left,) = waiting(book, status="not called")
    assert (left.id, left.subject, left.changed) == (case.id, "SHOP", ("no rule calls it any more",))


def test_a_chain_over_two_institutions_is_a_case_of_each(tmp_path: Path) -> None:
    rows = [
        transfer(f"C{n}", f"2026-03-02T{10 + n}:00:00", f"H{n}", f"H{n + 1}", f"{80000 * 99**n / 100**n:.2f}")
        for n in range(5)
    ]
    path = tmp_path / "banks.csv"
    book = watched(tmp_path, rows, (), "[watch]\nown_money = false\n")
    lines = ["account number,holder id,institution", *(f"H{n},H{n},{'A' if n < 3 else 'B'}" for n in range(6))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for item in inputs([path]):
        add(book, item)
    opened = opens(open_book(book.path))
    chains = {c.tenant: c for c in cases(opened.database, opened.book).values() if "chain" in c.rules}
    assert set(chains) == {"A", "B"}
    seen = {
        tenant: [
            r["transfer_id"]
            for r in opened.database.rows(
                "SELECT DISTINCT t.transfer_id FROM watch_slice s JOIN watch_slice_transfer x ON x.tenant = s.tenant "
                "AND x.alert = s.alert JOIN watch_transfer t ON t.id = x.id WHERE s.case_id = $c ORDER BY 1",
                c=case.id,
            )
        ]
        for tenant, case in chains.items()
    }
    assert seen == {"A": ["C0", "C1", "C2"], "B": ["C2", "C3", "C4"]}
