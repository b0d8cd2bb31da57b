"""The mechanism of deciding, with a kind made for it: look, compare, append; ask, refuse, take back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from crossbook.book import Book, open_book
from crossbook.book.journal import Entry
from crossbook.decisions import (
    Asked,
    AskedError,
    ChangedError,
    Kind,
    Look,
    Objection,
    Opened,
    Question,
    RefusedError,
    Wish,
    decide,
    look,
    look_back,
    standing,
    taken_back,
    undo,
)
from crossbook.decisions.kind import plainly
from crossbook.errors import CrossbookError


def _seat(opened: Opened, wish: Wish, who: str | None) -> Look:
    """A seat is given once; the back row asks."""
    taken = standing(opened.book.journal(), "seat", "free")
    seat = str(wish["seat"])
    return Look(
        subject=seat,
        body={"guest": wish["guest"]},
        effects=(f"{wish['guest']} sits on {seat}", f"{len(taken) + 1} of 4 are taken"),
        refused=(Objection(f"{seat} is taken", "choose another"),) if (seat,) in taken else (),
        asks=(Question("the back row sees little", "back"),) if seat == "D" else (),
    )


def _free(opened: Opened, wish: Wish, who: str | None) -> Look:
    seat = str(wish["seat"])
    return taken_back(opened, SEAT, (seat,), (f"{seat} is free",), f"nobody sits on {seat}")


SEAT = Kind(
    name="seat",
    title="A guest gets a seat",
    done="seat",
    undone="free",
    asked=(Asked(name="seat", text="Which", key=True), Asked(name="guest", text="Who sits there")),
    look=_seat,
    back=_free,
    key=lambda e: (e.subject,),
    sentence=lambda e: f"{e.subject} {e.action}",
    links=lambda e: {},
    checks=("The seat is free.",),
    refuses=("It is taken.",),
    why="say who asked for it",
)


def given(book: Book, seat: str, guest: str = "Li", **more: object) -> Entry:
    return decide(plainly(book), SEAT, {"seat": seat, "guest": guest, "why": "asked"}, who="mei", **more)  # type: ignore[arg-type]


def test_looking_changes_nothing_and_deciding_journals_what_was_shown(book: Book) -> None:
    found = look(plainly(book), SEAT, {"seat": "A", "guest": "Li", "why": " asked "})
    assert found.effects == ("Li sits on A", "1 of 4 are taken") and book.journal() == []
    entry = given(book, "A", seen=found.seen)
    assert (entry.action, entry.subject, entry.body) == ("seat", "A", {"guest": "Li", "why": "asked"})
    assert book.journal() == [entry]


def test_what_is_missing_or_refused(book: Book) -> None:
    with pytest.raises(CrossbookError, match="a seat needs guest"):
        decide(plainly(book), SEAT, {"seat": "A", "why": "x"})
    with pytest.raises(RefusedError, match="a reason is needed") as refused:
        decide(plainly(book), SEAT, {"seat": "A", "guest": "Li", "why": " "})
    assert refused.value.todo == "say who asked for it"
    given(book, "A")
    with pytest.raises(RefusedError, match="A is taken") as refused:
        given(book, "A", "Wang")
    assert refused.value.look.subject == "A" and len(book.journal()) == 1


def test_a_question_needs_its_own_answer(book: Book) -> None:
    for yes in ((), ("yes",), ("front",)):
        with pytest.raises(AskedError, match="the back row sees little") as asked:
            given(book, "D", yes=yes)
        assert "--yes back" in asked.value.todo
    entry = given(book, "D", yes=["back"])
    assert entry.body["yes"] == ["the back row sees little"]


def test_what_changed_since_it_was_shown_is_shown_again(book: Book) -> None:
    seen = look(plainly(book), SEAT, {"seat": "A", "guest": "Li", "why": "asked"}).seen
    given(book, "B")
    with pytest.raises(ChangedError) as changed:
        given(book, "A", seen=seen)
    assert changed.value.look.effects[1] == "2 of 4 are taken"
    assert given(book, "A", seen=changed.value.look.seen).subject == "A"


def test_the_reason_is_no_part_of_what_was_shown(book: Book) -> None:
    seen = look(plainly(book), SEAT, {"seat": "A", "guest": "Li"}).seen  # before anything was typed
    assert given(book, "A", seen=seen).body["why"] == "asked"


def test_taking_back(book: Book) -> None:
    with pytest.raises(RefusedError, match="nobody sits on A"):
        undo(plainly(book), SEAT, {"seat": "A"})
    given(book, "A")
    assert look_back(plainly(book), SEAT, {"seat": "A"}).effects == ("A is free",)
    entry = undo(plainly(book), SEAT, {"seat": "A", "why": "she left"}, who="mei")
    assert (entry.action, entry.subject, entry.body) == ("free", "A", {"why": "she left"})
    given(book, "A", "Wang")
    forever = replace(SEAT, undone="")
    with pytest.raises(CrossbookError, match="is not taken back"):
        undo(plainly(book), forever, {"seat": "A"})


def test_what_is_decided_while_one_looks_is_looked_at_again(book: Book) -> None:
    """Between look and append another seat is given: the effect is counted anew; the same seat: refused."""
    looks: list[str] = []

    def meanwhile(seat: str) -> Callable[[Opened, Wish, str | None], Look]:
        def slow(opened: Opened, wish: Wish, who: str | None) -> Look:
            found = _seat(opened, wish, who)
            looks.append(found.effects[1])
            if len(looks) == 1:
                given(open_book(book.path), seat, "Wang")
            return found

        return slow

    entry = decide(plainly(book), replace(SEAT, look=meanwhile("B")), {"seat": "A", "guest": "Li", "why": "x"})
    assert looks == ["1 of 4 are taken", "2 of 4 are taken"] and entry.seq == 2
    looks.clear()
    with pytest.raises(RefusedError, match="C is taken"):
        decide(plainly(book), replace(SEAT, look=meanwhile("C")), {"seat": "C", "guest": "Li", "why": "x"})
    assert [e.body["guest"] for e in book.journal() if e.subject == "C"] == ["Wang"]


def test_of_many_at_one_moment_one_gets_the_seat(book: Book) -> None:
    for seat in "ABC":
        ready, outcome = threading.Barrier(4), []

        def ask(n: int, seat: str = seat, ready: threading.Barrier = ready, outcome: list[str] = outcome) -> None:
            mine = open_book(book.path)
            ready.wait()
            try:
                given(mine, seat, f"guest {n}")
                outcome.append("seated")
            except RefusedError as error:
                outcome.append(error.what)

        threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcome) == [*[f"{seat} is taken"] * 3, "seated"]
    assert len(book.journal()) == 3
