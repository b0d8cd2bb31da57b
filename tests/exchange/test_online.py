"""Two sides that are online meet their transfers by SPU, through the channel; where it lacks they meet by ECDH."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import nullcontext
from importlib.util import find_spec
from pathlib import Path

import pytest

from crossbook.errors import CrossbookError
from crossbook.exchange import adopting, channel, online, psi, reading, sm2, store
from crossbook.exchange.allowance import DisclosureError
from crossbook.exchange.envelope import MessageError, NotMetError
from tests.exchange.test_channel import serving
from tests.exchange.test_session import DAYS, Desk, World, books, depths, pooled, world
from tests.patience import LONG

__all__ = ["books"]  # the fixture

OPENSSL = pytest.mark.skipif(not sm2.there(), reason="no OpenSSL with the curve of SM2")
NEEDS = pytest.mark.skipif(find_spec("spu") is None, reason=f"SPU is not here: {psi.INSTALL}")


def begun(desk: Desk, made: World) -> store.Session:
    agreement = adopting.agreement_of(desk.book, made.sha)
    return store.start(desk.book, desk.database, agreement, desk.keys, *DAYS, psi.ways(online=True))[0]


@NEEDS
@pytest.mark.slow
def test_they_meet_by_a_library_and_find_what_pooling_finds(tmp_path: Path, books: Path) -> None:
    made = world(tmp_path, books, match='meet = ["rr22", "ecdh"]')
    desk = made.desks["CN"]
    with serving(tmp_path, made) as (address, proofs):
        send, meetings = channel.post(address, proofs["CN"]), channel.calls(address, proofs["CN"])
        ended = channel.talk(desk.book, desk.database, desk.keys, begun(desk, made), send, meetings=meetings)
        with pytest.raises(MessageError, match="no meeting is due"):
            meetings()("0123456789abcdef/up", b"")
    assert ended.talk.meet == "rr22"
    expected = pooled(made.paid)
    for side in made.desks.values():
        found = depths(side.session())
        assert found == {key: expected[key] for key in found}
        stands = reading.of_session(side.session())
        assert (stands["phase"], stands["met"]) == ("ended", stands["border"])
        rows = [row for row in reading.ledger(side.book) if row["meeting"]]
        assert [row["meeting"] for row in rows] == [1], "all met by their references"
        assert all(row["bytes"] > 0 and row["answered"] for row in rows)


@NEEDS
def test_a_meeting_that_breaks_is_tried_again_and_no_oftener_than_thrice(tmp_path: Path, books: Path) -> None:
    made = world(tmp_path, books, match='meet = ["rr22"]')
    desk, other = made.desks["CN"], made.desks["US"]
    session = begun(desk, made)
    message: Path | None = session.folder / "0001.message"
    for turn in range(2):  # both say how many they offer
        assert message
        answer = store.answer(other.book, other.database, other.keys, message.read_bytes(), psi.ways(online=True))[1]
        assert answer
        with pytest.raises(NotMetError, match="RR22, for which both sides are online") if turn else nullcontext():
            message = store.answer(desk.book, desk.database, desk.keys, answer.read_bytes(), psi.ways(online=True))[1]

    def gone() -> online.Call:
        raise CrossbookError("the other side cannot be reached")

    for _ in range(online.TRIES):
        with pytest.raises(CrossbookError, match="cannot be reached"):
            online.hold(desk.book, desk.session(), gone)
    with pytest.raises(DisclosureError, match="were to meet 3 times and did not"):
        online.hold(desk.book, desk.session(), gone)
    assert not [row for row in reading.ledger(desk.book) if row["meeting"] and row["answered"]]


@pytest.mark.parametrize("way", ["ecdh", pytest.param("sm2", marks=OPENSSL)])
def test_by_courier_they_meet_by_points(tmp_path: Path, books: Path, way: str) -> None:
    made = world(tmp_path, books, match=f'meet = ["rr22", "{way}"]')
    made.talk()
    expected = pooled(made.paid)
    for desk in made.desks.values():
        session = desk.session()
        assert session.talk.meet == way
        assert depths(session) == {key: expected[key] for key in depths(session)}


def test_where_one_side_has_no_openssl_they_meet_by_ecdh(
    tmp_path: Path, books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world(tmp_path, books, match='meet = ["sm2", "ecdh"]')
    monkeypatch.setattr("crossbook.exchange.sm2.there", lambda: False)
    answer = made.turn(made.start(), 1)
    assert answer and {desk.session().talk.meet for desk in made.desks.values()} == {"ecdh"}


def test_by_courier_what_only_a_library_may_meet_is_not_begun(tmp_path: Path, books: Path) -> None:
    made = world(tmp_path, books, match='meet = ["kkrt"]')
    with pytest.raises(DisclosureError, match="the agreement allows to meet by kkrt, which cannot be done here"):
        made.start()


@NEEDS
def test_a_process_of_a_meeting_ends_with_who_began_it(tmp_path: Path) -> None:
    """As when that is killed: its set lies in a folder, which goes too."""
    folder = tmp_path / "meet"
    folder.mkdir()
    (folder / "in.csv").write_text("item\n", encoding="ascii")
    program, gone = Path(psi.__file__).with_name("psi_worker.py"), json.dumps({"parent": 0})
    ended = subprocess.run([sys.executable, program], input=gone, text=True, cwd=folder, timeout=LONG)
    assert ended.returncode == 1
    assert not folder.exists()


def test_the_sets_that_meet_are_never_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """SPU tells a hash of the whole set: with something in it that nobody knows it cannot be tried out."""
    monkeypatch.setattr("subprocess.Popen", lambda *words, **more: None)
    written = []
    for _ in range(2):
        worker = psi.Worker(way="rr22", session="0", rank=0, own=1, other=2, items=["a" * 32, "b" * 32])
        written.append((Path(worker.folder.name) / "in.csv").read_text(encoding="ascii").splitlines())
        worker.folder.cleanup()
    assert all(lines[:3] == ["item", "a" * 32, "b" * 32] and len(lines[3]) == 32 for lines in written)
    assert written[0] != written[1]
