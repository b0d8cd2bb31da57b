"""Two books, each of one side, talk by files: what they find, what is on the wire, and what becomes of messages that
come twice, too late, changed or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from crossbook import money
from crossbook.book import Book, open_book
from crossbook.engine import Database
from crossbook.engine.duck import connect
from crossbook.errors import CrossbookError, NotFoundError
from crossbook.exchange import adopting, keys, reading, store, telling
from crossbook.exchange.allowance import DisclosureError
from crossbook.exchange.envelope import Content, Head, MessageError, seal
from crossbook.exchange.rounds import NO_CASE
from crossbook.exchange.side import OUT
from crossbook.exchange.talk import SUMMARY, Talk
from crossbook.watch.chains import Walk
from tests.exchange.making import COUNTRIES, Paid, agreed, book_of, country, signatures, text_of, transfers

DAYS = date(2026, 3, 1), date(2026, 4, 15)


@dataclass(kw_only=True)
class Desk:
    """One side: its book, its keys."""

    book: Book
    keys: keys.Keys

    @property
    def database(self) -> Database:
        return connect(self.book)

    def answer(self, message: bytes) -> Path | None:
        return store.answer(self.book, self.database, self.keys, message)[1]

    def session(self) -> store.Session:
        return store.sessions(self.book)[0]


@dataclass(kw_only=True)
class World:
    """Both sides, what was paid, and every message on its way."""

    paid: list[Paid]
    desks: dict[str, Desk]
    sha: str
    wire: list[bytes]

    def start(self, days: tuple[date, date] = DAYS) -> bytes:
        first = self.desks["CN"]
        agreement = adopting.agreement_of(first.book, self.sha)
        _, path = store.start(first.book, first.database, agreement, first.keys, *days)
        self.wire.append(path.read_bytes())
        return self.wire[-1]

    def turn(self, message: bytes, number: int) -> bytes | None:
        """Have the side whose turn it is answer message `number`."""
        path = self.desks[COUNTRIES[number % 2]].answer(message)
        if path is None:
            return None
        self.wire.append(path.read_bytes())
        return self.wire[-1]

    def talk(self) -> None:
        message: bytes | None = self.start()
        for number in range(1, 100):
            assert message is not None
            message = self.turn(message, number)
            if message is None:
                return
        raise AssertionError("it never ended")


PAID = transfers(7, 500, 4)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the books of both, their transfers in order."""
    folder = tmp_path_factory.mktemp("books")
    for side in COUNTRIES:
        connect(book_of(folder, side, PAID)).ask("transfers")
    return folder


def world(folder: Path, books: Path, **more: str) -> World:
    party, path = agreed(folder, **more)
    desks = {}
    for side in COUNTRIES:
        shutil.copytree(books / side, folder / side)
        book = open_book(folder / side)
        adopting.adopt(book, path, signatures(party, path))
        desks[side] = Desk(book=book, keys=party[side])
    return World(paid=PAID, desks=desks, sha=hashlib.sha256(path.read_bytes()).hexdigest(), wire=[])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, books: Path) -> World:
    made = world(tmp_path_factory.mktemp("told"), books)
    made.talk()
    return made


def pooled(paid: list[Paid]) -> dict[tuple[str, str, int, int], int]:
    """The depth of each transfer where one book holds all."""
    names = {name: n for n, name in enumerate(sorted({a for p in paid for a in (p.payer, p.payee)}))}
    seconds = [int(p.moment.timestamp()) for p in paid]
    payers, payees = ([names[getattr(p, end)] for p in paid] for end in ("payer", "payee"))
    depth = Walk().follow(seconds, payers, payees, [p.amount for p in paid]).depth
    return {(p.payer, p.payee, s, p.amount): int(d) for p, s, d in zip(paid, seconds, depth, strict=True)}


def depths(session: store.Session) -> dict[tuple[str, str, int, int], int]:
    rows = session.talk.border.rows.to_pylist()
    found = session.talk.following.traced.depth.tolist()
    return {
        (r["payer_account"], r["payee_account"], r["seconds"], r["unit"]): d for r, d in zip(rows, found, strict=True)
    }


def test_both_find_what_pooling_finds(told: World) -> None:
    expected = pooled(told.paid)
    for side, desk in told.desks.items():
        found = depths(desk.session())
        assert found == {key: expected[key] for key in found}
        assert len(found) == sum(side in (country(p.payer), country(p.payee)) for p in told.paid)
        stands = reading.of_session(desk.session())
        assert stands["phase"] == "ended"
        assert stands["together"] > stands["alone"], "by neither alone"
    ours, theirs = (reading.cases(desk.session()) for desk in told.desks.values())
    assert ours
    assert {row["case"] for row in ours} == {row["case"] for row in theirs}
    for row in ours:
        other = next(r for r in theirs if r["case"] == row["case"])
        low, high = reading.band(row["theirs"], "transfers").replace(",", "").split("–")
        assert int(low) <= other["transfers"] <= int(high)
        assert {member["file"] for member in row["members"]} == {"CN.csv"}


def test_nothing_of_the_other_side_is_on_the_wire_or_in_the_folder(told: World) -> None:
    """No account or reference of a transfer that the other side does not hold: in clear, or as any plain hash."""
    for side, desk in told.desks.items():
        mine = [p for p in told.paid if side in (country(p.payer), country(p.payee))]
        seen = {text for p in mine for text in (p.reference, p.payer, p.payee)}
        secret = {text for p in told.paid for text in (p.reference, p.payer, p.payee)} - seen
        assert secret
        needles = {form for text in secret for form in _forms(text)}
        held = b"".join(path.read_bytes() for path in (desk.book.path / "exchange").rglob("*") if path.is_file())
        for place in (held, b"".join(told.wire)):
            assert not [needle for needle in needles if needle in place]
    every = {form for p in told.paid for text in (p.reference, p.payer, p.payee) for form in _forms(text)}
    assert not [needle for needle in every if needle in b"".join(told.wire)], "on the wire not even what both have"


def _forms(text: str) -> set[bytes]:
    raw = text.encode()
    hashes = [getattr(hashlib, name)(raw) for name in ("md5", "sha1", "sha256", "sha512")]
    return {raw, *(h.digest()[:16] for h in hashes), *(h.hexdigest()[:24].encode() for h in hashes)}


def test_what_is_kept_is_the_keepers_alone_and_no_secret_number_stays(told: World) -> None:
    for desk in told.desks.values():
        session = desk.session()
        assert (session.talk.secret, session.talk.points, session.talk.theirs_twice) == (b"", b"", b"")
        for path in (desk.book.path / "exchange").rglob("*"):
            assert path.stat().st_mode & 0o077 == 0, path


def test_what_was_told_is_in_the_ledger(told: World) -> None:
    for desk in told.desks.values():
        sent = reading.ledger(desk.book)
        assert [row["bytes"] for row in sent] == [len(m) for m in told.wire if _sha(m) in {r["sha"] for r in sent}]
        assert all(row["answered"] for row in sent[:-1])
        assert sent[-1]["answered"] is (True if sent[-1]["number"] < len(told.wire) else None), "the end gets none"
        session = desk.session()
        known = telling.known(desk.book, session)
        assert len(known) == sent[-1]["transfers"] == reading.of_session(session)["told"]
        real, cases = depths(session), {case["case"] for case in reading.cases(session)}
        for row in known:
            assert row["case"] is None or row["case"] in cases, "the number that both came to, not the first"
            key = next(k for k in real if k[:2] == (row["payer_account"], row["payee_account"]) and row["paid"] == k[3])
            assert row["depth"] is None or (row["depth"] >= 2 and row["depth"] == real[key])
    assert len(reading.ledger(told.desks["CN"].book)) + len(reading.ledger(told.desks["US"].book)) == len(told.wire)


def _sha(message: bytes) -> str:
    return hashlib.sha256(message).hexdigest()


def test_references_are_not_needed(tmp_path: Path) -> None:
    """One side has no reference of three in ten that cross, and dates them up to five hours later."""
    book_of(tmp_path / "books", "CN", PAID)
    book_of(tmp_path / "books", "US", PAID, lost=0.3, late=timedelta(hours=5))
    made = world(tmp_path, tmp_path / "books")
    made.talk()
    for desk in made.desks.values():
        stands = reading.of_session(desk.session())
        assert stands["met"] == stands["border"] == stands["others_border"]


def test_messages_that_come_twice_late_or_wrong(tmp_path: Path, books: Path) -> None:
    made = world(tmp_path, books)
    ours, theirs = made.desks["CN"], made.desks["US"]
    first = made.start()
    with pytest.raises(MessageError, match="not from US authority to CN authority"):
        ours.answer(first)  # its own
    second = made.turn(first, 1)
    assert second is not None
    again = theirs.answer(first)
    assert again is not None and again.read_bytes() == second, "the same answer"
    third = made.turn(second, 2)
    assert third is not None
    fourth = made.turn(third, 3)
    assert fourth is not None
    before = (theirs.session().folder / "state.npz").read_bytes()
    broken = third[:-1] + bytes([third[-1] ^ 1])
    with pytest.raises(MessageError, match="signature"):
        theirs.answer(broken)
    other = world(tmp_path / "other", books)
    with pytest.raises(NotFoundError, match="not adopted here"):
        other.desks["US"].answer(first)
    assert (theirs.session().folder / "state.npz").read_bytes() == before
    # A side that stopped after it sent, before it knew so, goes on from what is on disk.
    fifth = made.turn(fourth, 4)
    assert fifth is not None
    left = ours.session().folder
    (left / "0007.message").write_bytes(b"half of a message")
    sixth = made.turn(fifth, 5)
    assert sixth is not None
    assert made.turn(sixth, 6) is not None


def test_a_message_that_is_missing_is_named(tmp_path: Path, books: Path) -> None:
    made = world(tmp_path, books)
    first = made.start()
    second = made.turn(first, 1)
    assert second is not None
    third = made.turn(second, 2)
    assert third is not None
    (made.desks["US"].session().folder / "state.npz").unlink()
    with pytest.raises(MessageError, match="not known here"):
        made.desks["US"].answer(third)


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ("smallest = 1000", "fewer than the 1,000"),
        ("border = 20\nsmallest = 5", "the agreement allows 20"),
        ("days = 7\nsmallest = 5", "more than the 7 days"),
        ('tells = ["mark"]\nsmallest = 5', "does not allow to tell depth"),
        ("per_mille = 1\nsmallest = 5", "the agreement allows 1 in a thousand"),
        ("rounds = 2\nper_mille = 500\nsmallest = 5", "2 turns were made"),
    ],
)
def test_what_the_agreement_does_not_allow_is_not_sent(tmp_path: Path, books: Path, limits: str, told: str) -> None:
    made = world(tmp_path, books, most=limits)
    with pytest.raises(DisclosureError, match=told):
        made.talk()
    last = [reading.ledger(desk.book) for desk in made.desks.values()]
    assert sum(map(len, last)) == len(made.wire), "and what was not sent is not in the ledger"


def test_an_agreement_that_ends_in_the_middle_ends_the_session(
    tmp_path: Path, books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even what was told before is told once more."""

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Later:
            return cls(2036, 12, 31, tzinfo=tz) + timedelta(days=ended)

    made = world(tmp_path, books)
    first = made.start()
    second = made.turn(first, 1)
    assert second
    monkeypatch.setattr(adopting, "datetime", Later)
    ended = 0  # the last day of the agreement
    third = made.turn(second, 2)
    assert third
    ended = 1
    for message, number in ((third, 3), (second, 2)):
        with pytest.raises(DisclosureError, match="does not hold today"):
            made.turn(message, number)
    assert len(reading.ledger(made.desks["US"].book)) == 1


def test_a_depth_that_was_taken_back_is_said(told: World) -> None:
    """Where a depth falls below what may be told, the other side hears 0, and still knows that there was one."""
    book, session = told.desks["CN"].book, told.desks["CN"].session()
    talk = session.talk
    row = max(talk.allowance.told)
    assert not any(line["taken_back"] for line in telling.known(book, session))
    assert talk.depths and talk.marks
    talk.depths.said[row] = 0
    talk.marks.said[row] = NO_CASE
    assert [line["id"] for line in telling.known(book, session) if line["taken_back"]] == [int(talk.border.ids[row])]


def test_what_was_told_of_a_transfer_is_kept_message_by_message(told: World) -> None:
    """Each telling stands, also what was told otherwise since: as many as the ledger counts, and as the other side
    heard them."""
    often = 0
    for side, desk in told.desks.items():
        session = desk.session()
        known = telling.known(desk.book, session)
        counted = {row["number"]: {x["what"]: x["number"] for x in row["told"]} for row in reading.ledger(desk.book)}
        by_message: dict[int, int] = {}
        for line in known:
            assert line["told"], "each of which something was told"
            for one in line["told"]:
                by_message[one["message"]] = by_message.get(one["message"], 0) + 1
            depths_told = [one for one in line["told"] if one["depth"] is not None]
            often += len(depths_told) > 1
            assert not depths_told or (depths_told[-1]["depth"] or None, depths_told[-1]["since"]) == (
                line["depth"],
                line["since"],
            )
        said = {n: what.get("depth", 0) + what.get("mark", 0) for n, what in counted.items()}
        assert by_message == {n: many for n, many in said.items() if many}
        other = told.desks[COUNTRIES[side == "CN"]]
        heard = {
            (line["paid"], line["payer_account"])
            for line in other.session().lines(np.flatnonzero(other.session().talk.border.side.told[:, 0]))
        }
        last = {(r["paid"], r["payer_account"]) for r in known if r["depth"]}
        assert heard == last
    assert often, "of some a depth was told more than once"


def test_what_was_told_before_that_was_changed_or_not_kept_is_said(tmp_path: Path, told: World) -> None:
    desk = told.desks["CN"]
    shutil.copytree(desk.book.path, tmp_path / "CN")
    book = open_book(tmp_path / "CN")
    session = store.sessions(book)[0]
    path = sorted(session.folder.glob("*.said.json"))[0]
    path.write_bytes(path.read_bytes().replace(b"[", b"[ ", 1))
    with pytest.raises(CrossbookError, match="missing or was changed"):
        telling.known(book, session)


def test_a_message_that_was_made_and_did_not_leave_is_not_signed_for(
    tmp_path: Path, books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stop after the journal has it and before the session stands: it is made anew, and no second session begun."""
    made = world(tmp_path, books, most="sessions = 1\nsmallest = 5\nper_mille = 200")
    first = made.start()

    def stopped(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(store, "_save", stopped)
        with pytest.raises(KeyboardInterrupt):
            made.turn(first, 1)
    second = made.turn(first, 1)
    assert second
    third = made.turn(second, 2)
    assert third and made.turn(third, 3)
    ledger = reading.ledger(made.desks["US"].book)
    assert [(row["left"], row["answered"]) for row in ledger] == [(False, False), (True, True), (True, False)]
    assert list(map(reading.signed_for, ledger)) == ["did not leave: made anew after a stop", "yes", "not yet"]


def test_no_more_sessions_in_a_day_than_agreed(tmp_path: Path, books: Path) -> None:
    made = world(tmp_path, books, most="sessions = 2\nsmallest = 5")
    made.start()
    made.start()
    with pytest.raises(DisclosureError, match="2 sessions were begun today"):
        made.start()


def test_a_session_of_before_there_were_other_ways_to_meet_goes_on(tmp_path: Path, books: Path) -> None:
    made = world(tmp_path, books)
    first = made.start()
    state = made.desks["CN"].session().folder / "state.npz"
    with np.load(state, allow_pickle=False) as kept:
        columns = {name: kept[name] for name in kept.files}
    told = {n: v for n, v in json.loads(columns["told"].tobytes()).items() if n not in ("meet", "theirs_number")}
    np.savez_compressed(state, **{**columns, "told": np.frombuffer(json.dumps(told).encode(), np.uint8)})
    answer = made.turn(first, 1)
    assert answer and made.turn(answer, 2) and made.desks["CN"].session().talk.meet == "ecdh"


def test_a_book_speaks_as_one_party(told: World) -> None:
    """The other party's key in this book would tell its transfers under the other's name."""
    desk = told.desks["CN"]
    agreement = adopting.agreement_of(desk.book, told.sha)
    with pytest.raises(DisclosureError, match=r"this book spoke as .* and the key is .*'s"):
        store.start(desk.book, desk.database, agreement, told.desks["US"].keys, *DAYS)


Change = Callable[[Content], Content]


def changed(**columns: Any) -> Change:
    return lambda said: Content(
        told=said.told, columns=said.columns | {k: v(said.columns[k]) for k, v in columns.items()}
    )


@pytest.fixture(scope="module")
def depths_told(told: World) -> tuple[Talk, Content]:
    """A side that is about to hear the first depths, and these."""
    halves = []
    for desk in told.desks.values():
        its = desk.session().talk
        border = replace(its.border, side=replace(its.border.side))  # nothing told yet
        halves.append(
            Talk(
                **{k: getattr(its, k) for k in ("agreement", "mine", "other", "session")},
                border=border,
                since=DAYS[0],
                until=DAYS[1],
            )
        )
    said, turn = halves[0].open(), 1
    while "depth" not in said.columns or not len(said.columns["depth"]):
        answered = halves[turn % 2].answer(Content.unpack(said.pack()))
        assert answered is not None
        said, turn = answered, turn + 1
    return halves[turn % 2], said


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (changed(transfers=lambda x: x + 10_000), "did not meet"),
        (changed(transfers=lambda x: x * 0 - 1), "did not meet"),
        (changed(transfers=lambda x: b"x" * 32), "transfers is told otherwise"),
        (changed(depth=lambda x: x[:-1]), "depth is told otherwise"),
        (changed(depth=lambda x: -x), "a depth or a start that cannot be"),
        (changed(depth=lambda x: x * 0 + 1), "a depth or a start that cannot be"),
        (changed(depth=lambda x: x * 0 + 10**12), "a depth or a start that cannot be"),
        (changed(start=lambda x: x + 10**9), "a depth or a start that cannot be"),
        (lambda said: Content(told={"summary": 0}, columns={}), "another turn than the one that is due"),
        (lambda said: Content(told={"marks": 1}, columns={"transfers": [10_000], "case": [0]}), "did not meet"),
        (lambda said: Content(told={"marks": 0}, columns={"case": [1]}), "case is told otherwise"),
    ],
)
def test_what_cannot_be_is_not_heard(depths_told: tuple[Talk, Content], change: Change, named: str) -> None:
    half, said = depths_told
    with pytest.raises(MessageError, match=named):
        deepcopy(half).answer(Content.unpack(change(said).pack()))


def test_a_depth_of_ones_own_payer_is_not_heard(depths_told: tuple[Talk, Content]) -> None:
    half, said = depths_told
    ours = np.flatnonzero((half.border.side.crossing == OUT) & (half.shared >= 0))[: len(said.columns["depth"])]
    wrong = {**{k: v[: len(ours)] for k, v in said.columns.items() if k != "drop"}, "transfers": half.shared[ours]}
    with pytest.raises(MessageError, match="whose payer it does not hold"):
        deepcopy(half).answer(Content(told=said.told, columns=wrong))


@pytest.mark.parametrize(("name", "add"), [("first", 9_999), ("last", -9_999), ("amount", 30)])
def test_bands_that_cannot_be_are_not_heard(told: World, name: str, add: int) -> None:
    """The last that a side tells of its cases: weeks beyond the window, sums that no book has."""
    half, other = (deepcopy(desk.session().talk) for desk in told.desks.values())
    half.phase = other.phase = SUMMARY
    said = Content.unpack(other._summary().pack())
    assert len(said.columns[name])
    deepcopy(half).answer(said)
    with pytest.raises(MessageError, match="bands"):
        half.answer(changed(**{name: lambda x: x + add})(said))


@pytest.mark.parametrize("currency", [None, "", "XXX", 5])
def test_bands_in_no_currency_are_not_heard(told: World, currency: Any) -> None:
    half, other = (deepcopy(desk.session().talk) for desk in told.desks.values())
    half.phase = other.phase = SUMMARY
    said = other._summary()
    with pytest.raises(MessageError, match="bands of amounts in no currency"):
        half.answer(Content(told={**said.told, "currency": currency}, columns=said.columns))


def test_bands_are_in_the_currency_of_who_tells_them(told: World) -> None:
    """1,000,000 yen and 1,000,000 cents are one power of ten and not the same money."""
    ours, other = (deepcopy(desk.session()) for desk in told.desks.values())
    ours.talk.phase = other.talk.phase = SUMMARY
    rows = other.talk.border.rows
    at, yen = rows.column_names.index("unit_currency"), pa.array(["JPY"] * rows.num_rows)
    other.talk.border = replace(other.talk.border, rows=rows.set_column(at, "unit_currency", yen))
    ours.talk.answer(other.talk._summary())
    found = reading.cases(ours)
    assert {(row["currency"], row["theirs"]["currency"]) for row in found if row["theirs"]} == {("USD", "JPY")}
    assert money.band(6, "JPY") == "1,000,000 JPY – 9,999,999 JPY"
    assert money.band(6, "USD") == "10,000.00 USD – 99,999.99 USD"


@pytest.mark.parametrize("opened", ["2026-03-01", None, {}])
def test_a_message_that_opens_nothing(told: World, opened: Any) -> None:
    ours, theirs = told.desks["CN"], told.desks["US"]
    agreement = adopting.agreement_of(ours.book, told.sha)
    mine, other = agreement.side(ours.keys.sign)
    head = Head(agreement=told.sha, session="0" * 16, sender=mine.key, receiver=other.key, number=1, before="")
    message = seal(head, Content(told={"open": opened}, columns={}), ours.keys, theirs.keys.receive)
    with pytest.raises(MessageError, match=r"not known here|opens no window"):
        theirs.answer(message)
    assert len(store.sessions(theirs.book)) == 1


def test_the_same_days_are_spoken_of_no_oftener_than_agreed(tmp_path: Path, books: Path) -> None:
    made = world(tmp_path, books, most="per_mille = 200\nsmallest = 5\nagain = 2")
    made.start()
    made.start((DAYS[0] + timedelta(days=1), DAYS[1]))  # the day between the two windows would be told apart
    with pytest.raises(DisclosureError, match="2 sessions were about days from 2026-03-03 to 2026-04-15"):
        made.start((DAYS[0] + timedelta(days=2), DAYS[1]))


@pytest.mark.parametrize(("limit", "named"), [("again", "2 sessions were about days"), ("sessions", "2 sessions were")])
def test_two_agreements_that_hold_at_once_are_counted_together(
    tmp_path: Path, books: Path, limit: str, named: str
) -> None:
    """What is told under one is known under the other too; one that is over counts no more: a new one begins anew."""
    most = f"per_mille = 200\nsmallest = 5\n{limit} = 2"
    made = world(tmp_path, books, most=most)
    party = {side: desk.keys for side, desk in made.desks.items()}
    text = text_of(party, most=most)
    shas = []
    for n, (name, valid_to) in enumerate((("Second", "2036-12-31"), ("Old", "2026-06-30"))):
        path = tmp_path / f"{n}.toml"
        other = text.replace('"Pilot"', f'"{name}"').replace("2036-12-31", valid_to)
        path.write_text(other, encoding="utf-8")
        shas += [adopting.adopt(desk.book, path, signatures(party, path)).sha for desk in made.desks.values()]
    desk = made.desks["CN"]
    second, first = adopting.agreement_of(desk.book, shas[0]), adopting.agreement_of(desk.book, made.sha)
    for agreement in (first, second):
        store.start(desk.book, desk.database, agreement, desk.keys, *DAYS)
    for agreement in (first, second):
        with pytest.raises(DisclosureError, match=named):
            store.start(desk.book, desk.database, agreement, desk.keys, *DAYS)
    assert [one.name for one in adopting.beside(desk.book, first)] == ["Second"]
