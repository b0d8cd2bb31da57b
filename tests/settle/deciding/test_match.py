"""Deciding matches in a book: what is refused, what asks for a second yes, and that the difference stays in sight."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest

from crossbook import i18n
from crossbook.book import Book, open_book
from crossbook.decisions import AskedError, RefusedError, kind_of, look, look_back
from crossbook.decisions.file import ELSEWHERE
from crossbook.decisions.kind import plainly
from crossbook.decisions.telling import journal
from crossbook.errors import CrossbookError
from crossbook.settle import Desk, settle
from crossbook.settle.position import orders_on, position
from crossbook.views.lists import Choice, list_payouts, orders, payouts
from crossbook.views.overview import overview
from tests.decisions.making import decided, undone
from tests.settle.making import amazon, camt

DAY = date(2026, 6, 30)


def keys(desk: Desk) -> dict[int, str]:
    """Credits by their amount."""
    return {c["amount"]: key for key, c in desk.side.credits.items()}


@pytest.fixture
def two(book: Book, add_text: Callable[..., object]) -> Book:
    """Payouts P1 of 9,308.73 USD and P2 of 400.00 USD of 17 March 2026, and credits of which none is one of them."""
    for number, total in (("P1", "9308.73"), ("P2", "400.00")):
        add_text(f"{number}.txt", amazon(number, total, [(f"O-{number}", "Principal", total)]), account="shop")
    entries = [
        ("2025-11-17", "7450.00", "R1", "early"),
        ("2026-03-20", "7450.00", "R2", "Someone"),
        ("2026-03-20", "12.00", "R3", "Someone"),
        ("2026-03-21", "-5.00", "R4", "a fee"),
    ]
    add_text("bank.xml", camt(entries))
    add_text("euro.xml", camt([("2026-03-20", "8000.00", "R5", "Someone")], "BANK2", "EUR"))
    return book


def desk_of(book: Book) -> Desk:
    desk = settle(open_book(book.path))
    list_payouts(desk)
    return desk


def named(desk: Desk, amount: int, day: str) -> str:
    return next(k for k, c in desk.side.credits.items() if (c["amount"], str(c["booked_on"])) == (amount, day))


def test_what_contradicts_is_refused_and_named(two: Book) -> None:
    desk = desk_of(two)
    with pytest.raises(CrossbookError, match="booked on 2025-11-17, 120 days before the payout was paid on 2026-03-17"):
        decided(desk, "match", payout="P1", credit=named(desk, 745_000, "2025-11-17"), why="", difference=185_873)
    with pytest.raises(CrossbookError, match="in EUR, the payout in USD, and the book has no rate"):
        decided(desk, "match", payout="P1", credit=keys(desk)[800_000])
    evidence = desk.side.credits[keys(desk)[1_200]]["evidence"]
    with pytest.raises(CrossbookError, match=r"a debit of -5\.00 USD"):
        (debit,) = desk.database.rows("SELECT line FROM bank_used WHERE amount < 0")
        decided(desk, "match", payout="P1", credit=f"{evidence[:12]}:{debit['line']}")
    for odd in (":", "x:1", "abcdef:²", f"abcdef:{10**30}", "\ud800:1"):
        with pytest.raises(CrossbookError, match=r"no credit|credit is no text"):
            decided(desk, "match", payout="P1", credit=odd)
    assert two.journal() == []


def test_a_difference_must_be_named_and_is_shown_from_then_on(two: Book) -> None:
    desk = desk_of(two)
    credit = named(desk, 745_000, "2026-03-20")
    before = {(s.place, s.currency): s.amount for s in position(desk, DAY) if s.account == "shop"}
    with pytest.raises(AskedError, match=r"1,858\.73 USD less than the payout") as refused:
        decided(desk, "match", payout="P1", credit=credit, why="told by phone")
    assert "--yes 1858.73" in refused.value.todo and refused.value.look.body["difference"] == 185_873
    with pytest.raises(RefusedError, match=r"no difference of 1,858\.72 USD"):
        decided(desk, "match", payout="P1", credit=credit, why="told by phone", difference=185_872)
    assert two.journal() == []
    decided(desk, "match", payout="P1", credit=credit, why="told by phone", difference=185_873, who="ann")
    assert two.journal()[-1].body["difference"] == 185_873

    desk = desk_of(two)
    p = desk.payout("P1")
    assert (p.status, desk.arrival(p), desk.short(p), desk.needs_attention(p)) == ("closed", "differs", 185_873, True)
    assert [m.payouts for m in desk.side.differing] == [("P1",)]
    assert desk.side.nothing != "Every payout has arrived."
    (finding,) = [f for f in desk.findings() if f.rule == "bank" and f.subject == "P1"]
    assert (finding.verdict, finding.amount) == ("differs", 185_873)
    (row,) = payouts(desk, Choice({"arrival": "differs"})).rows
    assert (row.id, row.short) == ("P1", 185_873)
    assert "P1" in {r.id for r in payouts(desk, Choice({"status": "attention"})).rows}
    told = overview(desk, DAY)
    assert told.calm == ""
    alert = next(a for a in told.alerts if a.kind == "differs")
    assert (alert.count, alert.amounts) == (1, {"USD": 185_873})
    assert ("P1", "differs", 185_873) in [(a.id, a.problem, a.stake) for a in told.attention]
    # money: 7,450.00 at the bank, 1,858.73 not received; together what was on its way before
    after = {(s.place, s.currency): s.amount for s in position(desk, DAY) if s.account == "shop"}
    assert before[("on_its_way", "USD")] == 930_873 + 40_000
    assert after == {("at_bank", "USD"): 745_000, ("not_received", "USD"): 185_873, ("on_its_way", "USD"): 40_000}
    assert orders(desk, DAY, Choice({"place": "not_received"})).sums == {"USD": 185_873}


def test_an_old_match_that_contradicts_proves_no_arrival(two: Book) -> None:
    early = named(desk_of(two), 745_000, "2025-11-17")
    two.decide("match", "P1", {"payouts": ["P1"], "credits": [early], "why": ""}, "ann")  # as journals had it
    desk = desk_of(two)
    p = desk.payout("P1")
    assert (desk.arrival(p), desk.short(p)) == ("differs", 185_873)
    assert p.match and p.match.contradicted
    after = {(s.place, s.currency): s.amount for s in position(desk, DAY) if s.account == "shop"}
    assert after == {("on_its_way", "USD"): 970_873}
    assert desk.database.rows(f"SELECT 1 FROM {orders_on(desk, DAY)} WHERE place = 'at_bank'") == []
    with pytest.raises(CrossbookError, match="120 days before"):
        decided(desk, "approval", entry=two.journal()[-1].seq, who="bob")


def test_what_is_matched_already(two: Book) -> None:
    desk = desk_of(two)
    credit, small = named(desk, 745_000, "2026-03-20"), keys(desk)[1_200]
    decided(desk, "match", payout="P1", credit=credit, why="", difference=185_873, who="ann")
    for payout, other in (("P1", small), ("P2", credit)):
        with pytest.raises(CrossbookError, match="is matched with P1, decided by ann") as refused:
            decided(desk, "match", payout=payout, credit=other, difference=1)
        assert "crossbook undo match P1" in refused.value.todo
    undone(desk, "match", payout="P1", who="ann")
    decided(desk, "match", payout="P2", credit=small, why="", difference=38_800, who="ann")
    with pytest.raises(CrossbookError, match="no decision on P1"):
        undone(desk, "match", payout="P1")


def test_a_match_made_by_itself_is_taken_back_first(book: Book, add_text: Callable[..., object]) -> None:
    for number in ("P1", "P2"):
        add_text(
            f"{number}.txt",
            amazon(number, "100.00" if number == "P1" else "90.00", [(f"O-{number}", "Principal", "1")]),
            account="shop",
        )
    add_text("bank.xml", camt([("2026-03-19", "100.00", "R1", "x"), ("2026-03-19", "95.00", "R2", "x")]))
    desk = desk_of(book)
    right, odd = keys(desk)[10_000], keys(desk)[9_500]
    for payout, credit in (("P2", right), ("P1", odd)):
        with pytest.raises(CrossbookError, match="is matched with P1: same amount and currency") as refused:
            decided(desk, "match", payout=payout, credit=credit)
        assert "crossbook undo match P1" in refused.value.todo
    undone(desk, "match", payout="P1", why="the bank says it is another's", who="ann")
    assert desk_of(book).side.of_credit(right) is None
    decided(desk, "match", payout="P2", credit=right, difference=-1_000, who="ann")
    assert desk_of(book).payout("P2").match.credits == (right,)  # type: ignore[union-attr]


def test_what_it_will_change_is_told_before(two: Book) -> None:
    desk = desk_of(two)
    credit = named(desk, 745_000, "2026-03-20")
    found = look(desk, kind_of("match"), {"payout": "P1", "credit": credit})
    assert found.effects == (
        "P1 arrived as the credit of 7,450.00 USD booked on 2026-03-20",
        "1,858.73 USD short",
    )
    assert [(q.text, q.answer) for q in found.asks] == [("the credit is 1,858.73 USD less than the payout", "1858.73")]
    assert [(r.chosen, r.told["amount"], r.told["short"]) for r in found.rivals] == [
        (True, "7,450.00 USD", "1,858.73 USD"),
        (False, "12.00 USD", "9,296.73 USD"),
    ]
    assert two.journal() == []
    entry = decided(desk, "match", payout="P1", credit=credit, yes=["1858.73"])
    assert entry.body["difference"] == 185_873
    assert entry.body["yes"] == ["the credit is 1,858.73 USD less than the payout"]


def test_of_two_at_one_moment_one_is_refused(two: Book) -> None:
    desk = desk_of(two)
    credits = [named(desk, 745_000, "2026-03-20"), keys(desk)[1_200]]
    short = [185_873, 929_673]
    for _ in range(6):
        ready, outcome = threading.Barrier(2), ["", ""]

        def decide(i: int, ready: threading.Barrier = ready, outcome: list[str] = outcome) -> None:
            mine = settle(open_book(two.path), restore=False)
            ready.wait()
            try:
                decided(mine, "match", payout="P1", credit=credits[i], difference=short[i], who=f"person {i}")
                outcome[i] = "done"
            except CrossbookError as error:
                outcome[i] = error.what

        threads = [threading.Thread(target=decide, args=(i,)) for i in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(o == "done" for o in outcome) == [False, True], outcome
        assert any("is matched with P1, decided by person" in o for o in outcome)
        undone(desk, "match", payout="P1")


def test_an_approval_is_checked_too(two: Book, add_text: Callable[..., object]) -> None:
    desk = desk_of(two)
    credit = named(desk, 745_000, "2026-03-20")
    entry = decided(desk, "match", payout="P1", credit=credit, why="told", difference=185_873, who="ann")
    decided(desk, "approval", entry=entry.seq, who="bob")
    add_text("more.xml", camt([("2026-03-22", "1.00", "R9", "x")], "BANK3"))
    retired = two.decide("retire", "sha", {}, "ann")
    decided(desk, "approval", entry=retired.seq, who="bob")  # old figures of the bank are no hindrance to it
    desk = desk_of(two)
    two.decide("match", "P2", {"payouts": ["P2"], "credits": [credit], "why": ""}, "ann")  # past the check
    with pytest.raises(CrossbookError, match="is matched with P1, decided by ann"):
        decided(desk, "approval", entry=two.journal()[-1].seq, who="bob")


def test_who_did_not_log_in_is_not_told_apart(two: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "li")
    desk = desk_of(two)
    entry = decided(desk, "match", payout="P1", credit=named(desk, 745_000, "2026-03-20"), difference=185_873)
    with pytest.raises(CrossbookError, match="made without logging in: nothing shows that li is not approver"):
        decided(desk, "approval", entry=entry.seq, who="approver")


def test_figures_of_another_state_of_the_book_decide_nothing(two: Book, add_text: Callable[..., object]) -> None:
    desk = desk_of(two)
    credit = keys(desk)[1_200]
    add_text("more.xml", camt([("2026-03-22", "1.00", "R9", "x")], "BANK3"))
    with pytest.raises(CrossbookError, match="the book has changed since"):
        decided(desk, "match", payout="P2", credit=credit, difference=38_800)


def test_nothing_is_no_good_news(book: Book, add_text: Callable[..., object]) -> None:
    desk = desk_of(book)
    assert desk.side.nothing == "No payout and no bank statement yet."
    assert desk.side.no_credit == "No bank statement yet."
    assert overview(desk, DAY).calm == "No payout and no bank statement yet."
    add_text("P1.txt", amazon("P1", "100.00", [("O-1", "Principal", "100.00")]), account="shop")
    assert "Without a bank statement nothing shows that one arrived." in overview(desk_of(book), DAY).calm
    add_text("bank.xml", camt([("2026-03-19", "100.00", "R1", "x")]))
    desk = desk_of(book)
    assert desk.side.nothing == "Every payout has arrived."
    assert overview(desk, DAY).calm == "Nothing: every payout adds up and has arrived."


def test_two_that_both_won_in_an_older_journal(two: Book) -> None:
    """Until 0.6 two could match one payout at one moment: the later counts; taking it back leaves none to approve."""
    late, small = (named(desk_of(two), a, "2026-03-20") for a in (745_000, 1_200))
    two.decide("match", "P1", {"payouts": ["P1"], "credits": [late], "why": "a"}, "bo")
    two.decide("match", "P1", {"payouts": ["P1"], "credits": [small], "why": "b"}, "mei")
    assert [(t.seq, t.standing) for t in journal(two)] == [(2, True), (1, False)]
    assert desk_of(two).side.decided.decided["P1"].seq == 2
    with pytest.raises(RefusedError, match="another came in its place"):
        decided(plainly(two), "approval", who="cy", entry=1)
    undone(desk_of(two), "match", payout="P1", who="bo")
    assert not any(t.standing for t in journal(two) if t.entry.action == "match")
    for entry in (1, 2):
        with pytest.raises(RefusedError, match="was taken back"):
            decided(plainly(two), "approval", who="cy", entry=entry)


def test_taking_a_file_out_of_use_names_what_rests_on_it(two: Book) -> None:
    """A match falls with the file of its credit and with that of its payout; an explanation with that of its payout."""
    late = named(desk_of(two), 745_000, "2026-03-20")
    decided(desk_of(two), "match", payout="P1", credit=late, who="bo", difference=185_873)
    accepted = {"missing": [], "added": [], "probability": 0.6, "rivals": 2, "why": "seen"}
    two.decide("accept", "P2", accepted, "bo")
    of = {
        name: look(plainly(two), kind_of("file"), {"file": name})
        for name in ("bank.xml", "euro.xml", "P1.txt", "P2.txt")
    }
    match, explanation = (
        ("falls out of sight with it: the match by hand of P1",),
        ("falls out of sight with it: the accepted explanation of P2",),
    )
    told = {name: found.effects[1:] for name, found in of.items()}
    assert told == {
        "bank.xml": match,
        "euro.xml": (),
        "P1.txt": (*match, ELSEWHERE),
        "P2.txt": (*explanation, ELSEWHERE),
    }
    assert of["bank.xml"].links["P1"] == "/payouts/P1"
    undone(desk_of(two), "match", payout="P1", who="bo")
    assert len(look(plainly(two), kind_of("file"), {"file": "bank.xml"}).effects) == 1


def test_no_more_than_five_of_what_rests_on_a_file_are_named(two: Book) -> None:
    sha = named(desk_of(two), 745_000, "2026-03-20").split(":")[0]
    for n in range(1, 8):
        two.decide("match", f"Q{n}", {"payouts": [f"Q{n}"], "credits": [f"{sha}:{n}"], "why": ""}, "bo")
    (_, told) = look(plainly(two), kind_of("file"), {"file": "bank.xml"}).effects
    assert told == "fall out of sight with it: the 7 matches by hand of Q1, Q2, Q3, Q4, Q5 and 2 more"
    i18n.choose("zh")
    try:
        assert i18n.translated(told) == "随之不再显示：7 项手动匹配 Q1, Q2, Q3, Q4, Q5，另有 2 项"
    finally:
        i18n.choose("en")


def test_a_file_that_is_taken_out_of_use_meanwhile(two: Book) -> None:
    """Neither what rests on it is approved, nor is anything decided on figures that were made with it."""
    late = named(desk_of(two), 745_000, "2026-03-20")
    made = decided(desk_of(two), "match", payout="P1", credit=late, who="bo", difference=185_873)
    old = {kind: kind_of(kind).opens(two) for kind in ("match", "finding", "explanation", "return")}
    decided(plainly(two), "file", file="bank.xml", who="bo")
    with pytest.raises(RefusedError, match="no credit") as refused:
        decided(plainly(two), "approval", who="cy", entry=made.seq)
    assert "use the file again" in refused.value.todo
    wishes = {
        "match": {"payout": "P2", "credit": late},
        "finding": {"order": "O-P1", "rule": "no_shipment"},
        "explanation": {"payout": "P1", "number": 1},
        "return": {"form": "oss", "period": "2026-Q1"},
    }
    for kind, wish in wishes.items():
        with pytest.raises(CrossbookError, match="the book has changed since these figures were made"):
            decided(old[kind], kind, why="x", **wish)
    undone(plainly(two), "file", file="bank.xml", who="bo")
    assert decided(plainly(two), "approval", who="cy", entry=made.seq).body["entry"] == made.seq


def test_a_credit_whose_text_names_another_payout(book: Book, add_text: Callable[..., object]) -> None:
    """The amounts agree, and the bank's text is of the other payout: a second yes names it."""
    for number in ("18906000001", "18906000002"):
        add_text(f"{number}.txt", amazon(number, "100.00", [(f"O-{number}", "Principal", "100.00")]), account="shop")
    add_text("bank.xml", camt([("2026-03-19", "100.00", "18906000002", "AMAZON"), ("2026-03-19", "100.00", "R2", "x")]))
    desk = desk_of(book)
    for payout in ("18906000001", "18906000002"):
        if desk.side.of_payout(payout):
            undone(desk, "match", payout=payout, who="ann")
    desk = desk_of(book)
    theirs = next(
        k for k, c in desk.side.credits.items() if "18906000002" in str(c["reference"]) + str(c["description"])
    )
    with pytest.raises(AskedError, match="the bank's text names 18906000002") as asked:
        decided(desk, "match", payout="18906000001", credit=theirs)
    assert [q.answer for q in asked.value.look.asks] == ["18906000002"]
    assert look(desk, kind_of("match"), {"payout": "18906000002", "credit": theirs}).asks == ()
    entry = decided(desk, "match", payout="18906000001", credit=theirs, yes=["18906000002"], who="ann")
    assert entry.body["yes"] == ["the bank's text names 18906000002"]


def test_a_denial_stands_again_when_the_match_after_it_is_taken_back(
    book: Book, add_text: Callable[..., object]
) -> None:
    add_text("P1.txt", amazon("P1", "100.00", [("O-1", "Principal", "100.00")]), account="shop")
    add_text("bank.xml", camt([("2026-03-19", "100.00", "R1", "x")]))
    credit = keys(desk_of(book))[10_000]
    assert desk_of(book).side.of_payout("P1")
    undone(desk_of(book), "match", payout="P1", why="the bank says no", who="ann")
    assert desk_of(book).side.of_payout("P1") is None
    decided(desk_of(book), "match", payout="P1", credit=credit, why="it was", who="ann")
    told = look_back(desk_of(book), kind_of("match"), {"payout": "P1"})
    assert told.effects == ("P1 is not matched again with the credit of 100.00 USD booked on 2026-03-19",)
    undone(desk_of(book), "match", payout="P1", why="it was not", who="ann")
    assert desk_of(book).side.of_payout("P1") is None and desk_of(book).side.decided.barred == {("P1", credit)}
