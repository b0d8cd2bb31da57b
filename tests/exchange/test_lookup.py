"""Private look-up: who asks learns which of the identifiers that it asked for the other side has, the other side learns
none, what lies about says nothing without the key, and who asks too much is refused."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from crossbook.errors import CrossbookError
from crossbook.exchange import adopting, identifiers, letters, lookup, meeting, oprf, reading
from crossbook.exchange.agreement import Agreement
from crossbook.exchange.allowance import DisclosureError
from crossbook.exchange.envelope import unseal
from crossbook.exchange.lookup import WIDTH
from tests.exchange.making import country
from tests.exchange.test_folder import box, deliver
from tests.exchange.test_session import PAID, World, books, world

__all__ = ["books"]  # the fixture

LOOKUP = """smallest = 5

[lookup]
kinds = ["account"]
at_once = 4
a_month = 6
smallest = 100
"""
THEIRS = sorted({a for p in PAID for a in (p.payer, p.payee) if country(a) == "US"})
KNOWN, STRANGER = THEIRS[0], "US99999999"


@pytest.fixture
def sides(tmp_path: Path, books: Path) -> World:
    return world(tmp_path, books, most=LOOKUP)


def ask(made: World, *accounts: str) -> lookup.Asked:
    desk = made.desks["CN"]
    named = [identifiers.given("account", text) for text in accounts]
    return lookup.ask(desk.book, agreement_of(made), desk.keys, named, "a payee of the chain")


def agreement_of(made: World) -> Agreement:
    return adopting.agreement_of(made.desks["CN"].book, made.sha)


@pytest.mark.parametrize(
    ("text", "blinded", "evaluated", "output"),
    [
        (
            "00",
            "609a0ae68c15a3cf6903766461307e5c8bb2f95e7e6550e1ffa2dc99e412803c",
            "7ec6578ae5120958eb2db1745758ff379e77cb64fe77b0b2d8cc917ea0869c7e",
            "527759c3d9366f277d8c6020418d96bb393ba2afb20ff90df23fb7708264e2f3"
            "ab9135e3bd69955851de4b1f9fe8a0973396719b7912ba9ee8aa7d0b5e24bcf6",
        ),
        (
            "5a" * 17,
            "da27ef466870f5f15296299850aa088629945a17d1f5b7f5ff043f76b3c06418",
            "b4cbf5a4f1eeda5a63ce7b77c7d23f461db3fcab0dd28e4e17cecb5c90d02c25",
            "f4a74c9c592497375e796aa837e907b1a045d34306a749db9f34221f7e750cb4"
            "f2a6413a6bf6fa5e19ba6348eb673934a722a7ede2e7621306d18951e7cf2c73",
        ),
    ],
)
def test_the_function_is_that_of_rfc_9497(text: str, blinded: str, evaluated: str, output: str) -> None:
    """Appendix A.1.1, ristretto255-SHA512, base mode."""
    secret = bytes.fromhex("5ebcea5ee37023ccb9fc2d2019f9d7737be85591ae8652ffa9ef0f4d37063b0e")
    number = bytes.fromhex("64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706")
    asked = bytes.fromhex(text)
    assert oprf.blind(asked, number).hex() == blinded
    answered = meeting.again(bytes.fromhex(blinded), secret)
    assert answered.hex() == evaluated
    assert oprf.finish([asked], number, answered)[0].hex() == oprf.worked_out(asked, secret).hex() == output


def test_known_and_not_known_and_nothing_else(sides: World) -> None:
    name = ask(sides, f" {KNOWN[:4]}-{KNOWN[4:].lower()} ", STRANGER).name
    ours, theirs = sides.desks["CN"], sides.desks["US"]
    assert lookup.find(ours.book, name).known is None
    deliver(sides)
    told = lookup.find(ours.book, name)
    assert told.known == (("account", KNOWN),)
    assert told.held == 256  # 167 at most, filled up
    (given,) = lookup.answered(theirs.book)
    assert (given.number, given.held) == (2, 256)
    (row,) = reading.ledger(theirs.book)[:1]
    assert row["what"] == "which of 2 identifiers that it asked for are among our 256 at most"
    assert row["clause"] == "lookup"
    assert "points for 2 identifiers" in reading.ledger(ours.book)[0]["what"]
    assert '"secret": ""' in next(ours.book.path.glob("exchange/*/lookups/*.json")).read_text()


def test_neither_wire_nor_folder_says_who_was_asked_for_or_who_is_known(sides: World) -> None:
    ask(sides, KNOWN, STRANGER)
    deliver(sides)
    theirs = sides.desks["US"]
    wire = b"".join(p.read_bytes() for d in sides.desks.values() for p in box(d, sides).folder.glob("*.message"))
    read = [  # what a thief of both keys reads
        unseal(p.read_bytes(), sides.desks[to].keys, sides.desks[of].keys.sign)[1].pack()
        for of, to in (("CN", "US"), ("US", "CN"))
        for p in box(sides.desks[of], sides).folder.glob("*.message")
    ]
    folder = b"".join(p.read_bytes() for p in (theirs.book.path / "exchange").rglob("*") if p.is_file())
    journal = repr(theirs.book.journal()).encode()
    got = b"".join(read) + wire
    for account in (KNOWN, STRANGER, *THEIRS):
        forms = [account.encode()]
        for text in (account, f"account\x1f{account}", account.lower()):
            for name in ("md5", "sha1", "sha256", "sha512"):
                digest = hashlib.new(name, text.encode()).digest()
                forms += [digest[:WIDTH], digest.hex()[: 2 * WIDTH].encode()]
        for form in forms:
            assert form not in got
            assert account not in (KNOWN, STRANGER) or (form not in folder and form not in journal)


def test_a_space_of_numbers_cannot_be_tried_out_over_what_was_recorded(
    sides: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every message in clear, and every number that an account can have: with the secret number of who answered all
    accounts are found, without it, by guessed numbers or by the points of the look-up, none is."""
    secrets: list[bytes] = []
    made = meeting.secret
    monkeypatch.setattr(meeting, "secret", lambda: secrets.append(made()) or secrets[-1])
    agreement = agreement_of(sides)
    asked = ask(sides, KNOWN)
    deliver(sides)
    ours, theirs = sides.desks["CN"], sides.desks["US"]
    _, said = unseal(next(box(ours, sides).folder.glob("0001.message")).read_bytes(), theirs.keys, ours.keys.sign)
    _, told = unseal(next(box(theirs, sides).folder.glob("0001.message")).read_bytes(), ours.keys, theirs.keys.sign)
    points, answer = said.points("document"), told.points("document")
    tags = {answer[k : k + WIDTH] for k in range(meeting.WIDTH, len(answer), WIDTH)}
    space = [f"US{n:08d}" for n in range(170)]
    texts = {a: identifiers.text_of(agreement, asked.name, ("account", a)) for a in space}
    assert set(THEIRS) < set(space)

    def found(number: bytes) -> set[str]:
        return {a for a, text in texts.items() if oprf.worked_out(text, number)[:WIDTH] in tags}

    guessed = hashlib.sha256(agreement.sha.encode()).digest()[:31] + b"\x00"
    for number in (b"\x01" + bytes(31), made(), guessed):
        assert not found(number)
        assert all(oprf.blind(text, number) not in (points, answer[: meeting.WIDTH]) for text in texts.values())
    assert [found(number) for number in secrets if found(number)] == [set(THEIRS)]


def test_two_look_ups_of_one_account_have_nothing_in_common(sides: World) -> None:
    ask(sides, KNOWN)
    ask(sides, KNOWN)
    deliver(sides)
    seen: list[set[bytes]] = []
    for side, other in (("CN", "US"), ("US", "CN")):
        desk = sides.desks[side]
        for path in sorted(box(desk, sides).folder.glob("*.message")):
            _, content = unseal(path.read_bytes(), sides.desks[other].keys, desk.keys.sign)
            if "document" in content.columns:
                data = content.points("document")
                seen.append({data[k : k + WIDTH] for k in range(0, len(data), WIDTH)})
    assert len(seen) == 4
    assert all(not one & other for k, one in enumerate(seen) for other in seen[k + 1 :])


def test_what_the_agreement_does_not_allow_is_not_asked(sides: World) -> None:
    desk, agreement = sides.desks["CN"], agreement_of(sides)
    with pytest.raises(DisclosureError, match="5 identifiers in one look-up; the agreement allows 4"):
        ask(sides, *(f"US{n:08d}" for n in range(5)))
    with pytest.raises(DisclosureError, match="by phone"):
        lookup.ask(desk.book, agreement, desk.keys, [("phone", "13800138000")], "a reason")
    with pytest.raises(CrossbookError, match="for no reason"):
        lookup.ask(desk.book, agreement, desk.keys, [("account", KNOWN)], " ")
    with pytest.raises(DisclosureError, match=r"no \[lookup\]"):
        lookup.ask(desk.book, replace(agreement, lookup=None), desk.keys, [("account", KNOWN)], "a reason")
    ask(sides, *(f"US{n:08d}" for n in range(4)))
    with pytest.raises(DisclosureError, match="4 identifiers were looked up this month and 3 would be more"):
        ask(sides, *(f"US{n:08d}" for n in range(3)))
    assert len(box(desk, sides).sent) == 1


def test_a_side_that_asks_more_than_it_may_is_refused_and_learns_nothing(
    sides: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(lookup, "_room", lambda *told: None)  # an asker that keeps to nothing
        many = ask(sides, *THEIRS[:5])
        few = [ask(sides, *THEIRS[k : k + 3]) for k in (0, 3, 6)]
    deliver(sides)
    desk = sides.desks["CN"]
    assert "5 identifiers in one look-up" in lookup.find(desk.book, many.name).refused
    assert lookup.find(desk.book, many.name).known is None
    found = [lookup.find(desk.book, one.name) for one in few]
    assert [len(one.known or ()) for one in found] == [3, 3, 0]
    assert "6 identifiers were looked up this month" in found[2].refused
    assert sum(one.number for one in lookup.answered(sides.desks["US"].book)) == 6


def test_a_side_that_knows_few_does_not_answer(tmp_path: Path, books: Path) -> None:
    made = world(tmp_path, books, most=LOOKUP.replace("smallest = 100", "smallest = 1000"))
    asked = ask(made, KNOWN)
    deliver(made)
    told = lookup.find(made.desks["CN"].book, asked.name)
    assert told.known is None
    assert "fewer than 1,000 identifiers" in told.refused


def test_answers_that_are_none(sides: World) -> None:
    desk, agreement = sides.desks["CN"], agreement_of(sides)
    asked = ask(sides, KNOWN)
    letter = letters.Letter(
        number=1,
        mine=False,
        at="",
        who="US authority",
        other="US authority",
        part=lookup.ANSWER,
        about=asked.name,
        told={"held": 1},
        sha="x",
    )
    point = oprf.blind(b"x", meeting.secret())

    def heard(letter: letters.Letter, document: bytes) -> str:
        return lookup.accept(desk.book, desk.database, agreement, letter, document)

    assert "not made" in heard(replace(letter, about="0" * 16), point)
    assert "name is none" in heard(replace(letter, about="../../x"), point)
    assert "another number of identifiers" in heard(letter, point)
    assert "no points" in heard(letter, b"\xff" * 32 + bytes(WIDTH))
    assert lookup.find(desk.book, asked.name).known is None
