"""A flag may be withdrawn also after the agreement ended: that tells nothing, and lets the other side forget."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from crossbook.cli.tree import tree
from crossbook.exchange import adopting, flags, folder, letters, lookup, retention, taking
from crossbook.exchange.allowance import DisclosureError
from crossbook.watch import outside
from tests.exchange.test_flags import BOTH, RULE, agreement_of, case_on, sides, tell, told
from tests.exchange.test_folder import deliver
from tests.exchange.test_session import World, books

__all__ = ["books", "sides"]  # fixtures

HELD = "the agreement does not hold today"


@pytest.fixture
def end(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What ends the agreement: from then on its last day is over."""

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Later:
            return cls(2037, 1, 1, tzinfo=tz)

    return lambda: monkeypatch.setattr(adopting, "datetime", Later)


def given(made: World) -> str:
    """A flag that the US side told and the CN side took, and signed for."""
    name = tell(made, "US", "provide", case_on(made, "US", BOTH).id)
    deliver(made)
    assert [x.name for x in outside.outside(made.desks["CN"].book.journal())] == [name]
    return name


def leaves(made: World, side: str) -> tuple[list[bytes], str]:
    desk = made.desks[side]
    paths, held = taking.to_hand_over(desk.book, agreement_of(made), desk.keys)
    return [path.read_bytes() for path in paths], held.what if held else ""


def take(made: World, side: str, message: bytes) -> taking.Taken:
    desk = made.desks[side]
    return taking.take(desk.book, desk.database, desk.keys, message)


def stands(made: World) -> list[str]:
    """The flags that count on the CN side."""
    return [x.name for x in outside.outside(made.desks["CN"].book.journal())]


def test_a_flag_is_withdrawn_after_the_end_though_letters_wait_that_may_not_leave(
    sides: World, end: Callable[[], None]
) -> None:
    desk, name = sides.desks["US"], given(sides)
    tell(sides, "US", "alert", case_on(sides, "US", BOTH).id)  # waits, and may not leave any more
    before = told(sides, "US", "provide", case_on(sides, "US", BOTH).id)
    end()
    with pytest.raises(DisclosureError, match=HELD):
        flags.tell(desk.book, desk.keys, agreement_of(sides), "provide", before)
    flags.withdraw(desk.book, desk.keys, name)
    (message,), held = leaves(sides, "US")
    assert held == HELD
    taken = take(sides, "CN", message)
    assert (taken.letter and taken.letter.part, taken.letter and taken.letter.refused) == (flags.BACK, "")
    assert stands(sides) == []
    assert [x.withdrawn for x in flags.flags(sides.desks["CN"].book)] == [True]
    (receipt,) = taken.waiting
    assert take(sides, "US", receipt.read_bytes()).waiting == []
    assert leaves(sides, "US") == ([], HELD), "what waits stays, the withdrawal is signed for"
    assert take(sides, "CN", message).letter is None, "taken before"


def test_one_that_waited_when_the_agreement_ended_goes_all_the_same(sides: World, end: Callable[[], None]) -> None:
    desk, name = sides.desks["US"], given(sides)
    flags.withdraw(desk.book, desk.keys, name)
    end()
    for _ in range(2):
        (message,), held = leaves(sides, "US")
        assert held == HELD
    take(sides, "CN", message)
    assert stands(sides) == []


def test_a_flag_that_comes_after_its_withdrawal_does_not_stand(
    sides: World, end: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The courier is late, and by the clock of who takes it the agreement still holds."""
    desk = sides.desks["US"]
    name = tell(sides, "US", "provide", case_on(sides, "US", BOTH).id)
    ((late,), _) = leaves(sides, "US")
    end()
    flags.withdraw(desk.book, desk.keys, name)
    ((message,), _) = leaves(sides, "US")
    monkeypatch.setattr(adopting, "datetime", datetime)
    taken = take(sides, "CN", message)
    assert taken.letter and taken.letter.refused == "there is no such flag"
    taken = take(sides, "CN", late)
    assert taken.letter and taken.letter.refused == "a flag that was withdrawn before it came"
    assert stands(sides) == []


def test_a_flag_whose_words_were_forgotten_is_withdrawn(sides: World, end: Callable[[], None]) -> None:
    name, theirs = given(sides), sides.desks["CN"].book
    retention.forget(theirs, datetime.now(UTC).date() + timedelta(days=400))
    assert (flags.flags(theirs), stands(sides)) == ([], [name]), "what came as evidence stays"
    end()
    flags.withdraw(sides.desks["US"].book, sides.desks["US"].keys, name)
    take(sides, "CN", leaves(sides, "US")[0][0])
    assert stands(sides) == []


def test_nothing_else_goes_by_that_row(sides: World, end: Callable[[], None]) -> None:
    desk = sides.desks["US"]
    good = told(sides, "US", "provide", case_on(sides, "US", BOTH).id)
    for part, words in ((flags.PROVIDE, good), (folder.SAY, {"text": "x"}), (lookup.ASK, {})):
        letters.send(
            desk.book,
            agreement_of(sides),
            desk.keys,
            part,
            "flag-00000001",
            words,
            what="x",
            clause="x",
            row=letters.WITHDRAWALS,
        )
    for message in leaves(sides, "US")[0]:
        taken = take(sides, "CN", message)
        assert taken.letter
        assert taken.letter.refused == "a letter of another kind than withdrawals, in the row of those"
    end()
    assert stands(sides) == []


def test_over_https_it_goes_before_what_is_held_back(sides: World, end: Callable[[], None]) -> None:
    """What the server answers is what `take` gives; here it is called in this process."""
    desk, name = sides.desks["US"], given(sides)
    tell(sides, "US", "alert", case_on(sides, "US", BOTH).id)
    end()
    flags.withdraw(desk.book, desk.keys, name)

    def post(message: bytes) -> bytes | None:
        answer = take(sides, "CN", message).answer
        return answer.read_bytes() if answer else None

    for _ in range(2):
        with pytest.raises(DisclosureError, match=HELD):
            taking.carry(desk.book, desk.database, agreement_of(sides), desk.keys, post)
    assert stands(sides) == []
    row = letters.box(desk.book, agreement_of(sides), row=letters.WITHDRAWALS)
    assert row.sent and not row.says_something


def test_words_past_their_retention_are_not_read_before_they_are_forgotten(
    sides: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(sides)
    book, over = sides.desks["CN"].book, datetime.now(UTC).date() + timedelta(days=366)

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Later:
            return cls(over.year, over.month, over.day, tzinfo=tz)

    assert [x.flags[0]["rule"] for x in flags.flags(book)] == [RULE]
    monkeypatch.setattr(letters, "datetime", Later)
    assert flags.flags(book) == []


def test_the_commands_hand_over_the_withdrawal_and_say_what_is_held_back(
    sides: World, end: Callable[[], None], tmp_path: Path
) -> None:
    name = given(sides)
    tell(sides, "US", "alert", case_on(sides, "US", BOTH).id)
    end()

    def command(side: str, *words: object) -> Result:
        key, book = tmp_path / f"{side}.key", sides.desks[side].book.path
        given = ["exchange", *words, "--key", key, "--book", book]
        return CliRunner().invoke(tree("exchange"), list(map(str, given)))

    assert command("US", "flag", "withdraw", name).exit_code == 0
    for _ in range(2):
        done = command("US", "mail", "--out", tmp_path / "mail")
        assert done.exit_code == 0 and HELD in " ".join(done.output.split())
        (file,) = (tmp_path / "mail").iterdir()
        assert file.name.startswith("withdrawal-") and file.name.endswith("-0001.message")
    taken = command("CN", "answer", file, "--out", tmp_path / "back")
    assert taken.exit_code == 0 and "taken: flag withdrawn" in taken.output
    (receipt,) = (tmp_path / "back").iterdir()
    assert command("US", "answer", receipt, "--out", tmp_path / "mail").exit_code == 0
    refused = command("US", "mail", "--out", tmp_path / "mail").exception
    assert isinstance(refused, DisclosureError), "nothing more may leave"
    assert stands(sides) == []
