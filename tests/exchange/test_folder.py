"""The folder of a joint case: two officers write each other and send documents, over files and over HTTPS; what the
agreement does not allow is not sent, and not accepted from a side that sends it all the same."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path

import pytest

from crossbook.errors import CrossbookError, NotFoundError
from crossbook.exchange import adopting, channel, envelope, folder, letters, reading, taking
from crossbook.exchange.allowance import DisclosureError
from crossbook.exchange.envelope import Content, Head, MessageError
from tests.exchange.test_session import Desk, World, books, world

__all__ = ["books"]  # the fixture

FOLDER = """per_mille = 200
smallest = 5

[folder]
kinds = ["pdf", "table", "text"]
largest = 2000
documents = 2
words = 40
fields = ["day", "amount"]
"""
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture(scope="module")
def joint(tmp_path_factory: pytest.TempPathFactory, books: Path) -> World:
    """Both sides after a session, with a folder of its first case open on both."""
    made = world(tmp_path_factory.mktemp("joint"), books, most=FOLDER)
    made.talk()
    ours = made.desks["CN"]
    session = ours.session()
    folder.begin(ours.book, ours.keys, session.name, reading.cases(session)[0]["case"])
    deliver(made)
    return made


def box(desk: Desk, made: World) -> letters.Box:
    return letters.box(desk.book, adopting.agreement_of(desk.book, made.sha))


def deliver(made: World) -> None:
    """Carry files between the two until neither has one that the other lacks."""
    for _ in range(10):
        moved = False
        for one, two in (("CN", "US"), ("US", "CN")):
            stands = box(made.desks[one], made)
            for path in stands.waiting() if stands.says_something else []:
                taken = taking.take(
                    made.desks[two].book, made.desks[two].database, made.desks[two].keys, path.read_bytes()
                )
                for answer in taken.waiting:
                    taking.take(
                        made.desks[one].book, made.desks[one].database, made.desks[one].keys, answer.read_bytes()
                    )
                moved = True
        if not moved:
            return
    raise AssertionError("it never ended")


def of(made: World, side: str) -> folder.Joint:
    return folder.folders(made.desks[side].book)[0]


def test_messages_and_documents_go_both_ways_and_are_signed_for(joint: World, tmp_path: Path) -> None:
    ours, theirs = joint.desks["CN"], joint.desks["US"]
    folder.say(ours.book, ours.keys, of(joint, "CN"), "谁是第三笔的收款人？")
    table = tmp_path / "part.csv"
    table.write_text("day,amount\n2026-03-05,12.00\n", encoding="utf-8")
    sha = folder.attach(theirs.book, theirs.keys, of(joint, "US"), table)
    deliver(joint)
    for side, desk in joint.desks.items():
        told = of(joint, side)
        texts = [letter.told.get("text") for letter in told.letters if letter.part == folder.SAY]
        assert texts == ["谁是第三笔的收款人？"]
        assert [letter.told["sha"] for letter in told.documents] == [sha]
        assert all(letter.seen for letter in told.letters if letter.mine)
        row = desk.book.find_evidence(sha)
        assert (row["source"], row["name"]) == ("document", "part.csv")
        assert desk.book.evidence_path(sha).read_bytes() == table.read_bytes()
    ledger = reading.ledger(theirs.book)[-2:]
    assert "a document of 28 bytes" in " ".join(str(row["what"]) for row in ledger)
    wire = b"".join(p.read_bytes() for d in joint.desks.values() for p in box(d, joint).folder.glob("*.message"))
    assert "收款人".encode() not in wire and b"2026-03-05" not in wire and sha.encode() not in wire


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.csv", b"day,amount,payer\n1,2,3\n", "does not allow the column 'payer'"),
        ("a.txt", b"day\tpayer\n1\t2\n", "does not allow the column 'payer'"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n rest", "that is png"),
        ("a.csv", b"PK\x03\x04rest\xff", "of a kind that is not known"),
        ("a.pdf", PDF + b"x" * 2000, "the agreement allows 2,000"),
        ("a.txt", b"", "an empty document"),
        ("a\n.txt", b"words", "whose name is none"),
    ],
)
def test_a_document_that_may_not_go_does_not(joint: World, tmp_path: Path, name: str, data: bytes, told: str) -> None:
    desk = joint.desks["CN"]
    before = box(desk, joint)
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DisclosureError, match=told):
        folder.attach(desk.book, desk.keys, of(joint, "CN"), tmp_path / name)
    assert box(desk, joint) == before
    assert hashlib.sha256(data).hexdigest() not in {row["sha"] for row in desk.book.evidence()}


def test_what_may_not_be_said(joint: World) -> None:
    desk = joint.desks["CN"]
    for text, told in (("x" * 41, "41 characters"), (" ", "without words")):
        with pytest.raises(DisclosureError, match=told):
            folder.say(desk.book, desk.keys, of(joint, "CN"), text)
    with pytest.raises(NotFoundError, match="found no case"):
        folder.begin(desk.book, desk.keys, desk.session().name, 10**6)


def test_what_comes_against_the_agreement_is_not_accepted_and_its_sender_learns_it(
    joint: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk = joint.desks["US"]
    path = tmp_path / "secret.csv"
    path.write_bytes(b"day,payer\n1,2\n")
    with monkeypatch.context() as patched:
        patched.setattr(folder, "_allow", lambda *told: None)  # a sender that keeps to nothing
        sha = folder.attach(desk.book, desk.keys, of(joint, "US"), path)
    deliver(joint)
    for side in joint.desks:
        (last,) = [letter for letter in of(joint, side).letters if letter.told.get("sha") == sha]
        assert "does not allow the column 'payer'" in last.refused
        assert sha not in [letter.told["sha"] for letter in of(joint, side).documents]
    assert sha not in {row["sha"] for row in joint.desks["CN"].book.evidence()}


def test_letters_go_over_mutual_tls_and_not_to_a_stranger(joint: World, tmp_path: Path) -> None:
    """A message of the folder and a document go to a server of the other side, a process of its own, and its own letter
    comes back in the answers; who proves to be somebody else takes and leaves nothing."""
    from tests.exchange.test_channel import serving

    ours, theirs = joint.desks["CN"], joint.desks["US"]
    agreement = adopting.agreement_of(ours.book, joint.sha)
    folder.say(ours.book, ours.keys, of(joint, "CN"), "over the wire")
    (tmp_path / "wire.csv").write_text("day,amount\n2026-03-09,4.00\n", encoding="utf-8")
    sha = folder.attach(ours.book, ours.keys, of(joint, "CN"), tmp_path / "wire.csv")
    folder.say(theirs.book, theirs.keys, of(joint, "US"), "and back")
    with serving(tmp_path, joint, keys=theirs.book.path.parent) as (address, proofs):
        before = box(theirs, joint)
        with pytest.raises(CrossbookError, match=r"does not prove to be who it must be|cannot be reached"):
            taking.carry(ours.book, ours.database, agreement, ours.keys, channel.post(address, proofs["stranger"]))
        assert box(theirs, joint).heard == before.heard
        post = channel.post(address, proofs["CN"])
        went, came = taking.carry(ours.book, ours.database, agreement, ours.keys, post)
    assert (went, came) == (2, 1)
    for side in joint.desks.values():
        assert not box(side, joint).says_something, "all are signed for"
        last = folder.folders(side.book)[0].letters[-3:]
        assert {letter.told.get("text") for letter in last} == {"over the wire", "and back", None}
        assert not any(letter.refused for letter in last)
        assert sha in {row["sha"] for row in side.book.evidence()}


def test_a_letter_that_says_no_words_breaks_no_folder(joint: World) -> None:
    desk, name = joint.desks["US"], of(joint, "US").name
    agreed = adopting.agreement_of(desk.book, joint.sha)
    for part, told in (
        (folder.ATTACH, {"sha": 5, "name": ["x"]}),
        (folder.SAY, {"text": {"a": 1}}),
        (letters.SEEN, {"refused": {"²": "no", "9" * 5000: 7}}),
    ):
        letters.send(desk.book, agreed, desk.keys, part, name, told, what="", clause=folder.CLAUSE)
    deliver(joint)
    for side in joint.desks:
        last = of(joint, side).letters[-2:]
        assert all(letter.refused for letter in last)
        assert all(isinstance(text, str) for letter in last for text in letter.told.values())


def test_words_that_no_file_can_keep_are_not_taken(joint: World) -> None:
    ours, theirs = joint.desks["CN"], joint.desks["US"]
    agreed = adopting.agreement_of(ours.book, joint.sha)
    with pytest.raises(CrossbookError, match="cannot be kept"):
        folder.say(ours.book, ours.keys, of(joint, "CN"), "half of a pair: \ud800")
    stands = box(theirs, joint)
    head = Head(
        agreement=agreed.sha,
        session=stands.channel,
        sender=agreed.side(theirs.keys.sign)[0].key,
        receiver=agreed.side(ours.keys.sign)[0].key,
        number=len(stands.sent) + 1,
        before=stands.sent[-1],
    )
    words = {"part": folder.SAY, "about": of(joint, "CN").name, "at": "", "text": "\ud800"}
    content = Content(told={"letter": words, "signs": 0, "signed": ""}, columns={})
    for other in (head, replace(head, number=0), replace(head, number=-1)):
        message = envelope.seal(other, content, theirs.keys, ours.keys.receive)
        with pytest.raises(MessageError):
            taking.take(ours.book, ours.database, ours.keys, message)


def test_letters_that_come_twice_out_of_order_or_changed(joint: World) -> None:
    ours, theirs = joint.desks["CN"], joint.desks["US"]
    for text in ("one", "two"):
        folder.say(ours.book, ours.keys, of(joint, "CN"), text)
    one, two = (path.read_bytes() for path in box(ours, joint).waiting()[-2:])
    with pytest.raises(MessageError, match="was not taken yet"):
        taking.take(theirs.book, theirs.database, theirs.keys, two)
    with pytest.raises(MessageError, match="signature"):
        taking.take(theirs.book, theirs.database, theirs.keys, one[:-1] + bytes([one[-1] ^ 1]))
    deliver(joint)
    heard = len(box(theirs, joint).heard)
    again = taking.take(theirs.book, theirs.database, theirs.keys, one)
    assert again.letter is None
    assert len(box(theirs, joint).heard) == heard
    assert [x.told["text"] for x in of(joint, "US").letters if x.part == folder.SAY][-2:] == ["one", "two"]
    path, kept = next(
        (path, text)
        for path in sorted(box(ours, joint).folder.glob("*.sent.json"))
        if b'"one"' in (text := path.read_bytes())
    )
    path.write_bytes(kept.replace(b'"one"', b'"won"'))
    with pytest.raises(Exception, match="were changed"):
        letters.read(ours.book, adopting.agreement_of(ours.book, joint.sha))
    path.write_bytes(kept)


def test_a_channel_carries_both_ways_until_nothing_waits(joint: World) -> None:
    ours, theirs = joint.desks["CN"], joint.desks["US"]
    agreement = adopting.agreement_of(ours.book, joint.sha)
    folder.say(ours.book, ours.keys, of(joint, "CN"), "over the wire")
    folder.say(theirs.book, theirs.keys, of(joint, "US"), "and back")
    folder.say(theirs.book, theirs.keys, of(joint, "US"), "twice")

    def post(message: bytes) -> bytes | None:
        answer = taking.take(theirs.book, theirs.database, theirs.keys, message).answer
        return answer.read_bytes() if answer else None

    assert taking.carry(ours.book, ours.database, agreement, ours.keys, post) == (1, 2)
    for side in joint.desks:
        texts = {letter.told.get("text") for letter in of(joint, side).letters}
        assert {"over the wire", "and back", "twice"} <= texts
        assert all(letter.seen for letter in of(joint, side).letters if letter.mine)
    assert taking.carry(ours.book, ours.database, agreement, ours.keys, post) == (0, 0)


def test_without_a_clause_there_is_no_folder(joint: World) -> None:
    desk, its = joint.desks["CN"], of(joint, "CN")
    with pytest.raises(DisclosureError, match=r"no \[folder\]"):
        folder.say(desk.book, desk.keys, replace(its, agreement=replace(its.agreement, folder=None)), "words")


def test_a_closed_folder_takes_nothing_more(joint: World) -> None:
    desk = joint.desks["US"]
    folder.say(desk.book, desk.keys, of(joint, "US"), "handed to the court", close=True)
    deliver(joint)
    for side, its in joint.desks.items():
        assert not of(joint, side).open
        with pytest.raises(DisclosureError, match="is closed"):
            folder.say(its.book, its.keys, of(joint, side), "more")


def test_a_letter_that_waits_when_the_agreement_ends_stays(
    tmp_path: Path, books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written while it held, it leaves no more afterwards: not by courier, not over HTTPS, not as an answer; and one
    that comes then is not accepted. What came before is signed for all the same."""
    joint = world(tmp_path, books, most=FOLDER)
    joint.talk()
    ours, theirs = joint.desks["CN"], joint.desks["US"]
    folder.begin(ours.book, ours.keys, ours.session().name, reading.cases(ours.session())[0]["case"])
    deliver(joint)
    folder.say(theirs.book, theirs.keys, of(joint, "US"), "on its way")
    came = box(theirs, joint).waiting()[-1].read_bytes()
    folder.say(ours.book, ours.keys, of(joint, "CN"), "too late")
    agreed_on = adopting.agreement_of(ours.book, joint.sha)
    assert letters.to_hand_over(box(ours, joint), agreed_on)

    class After(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> After:
            return cls(2037, 1, 1, tzinfo=tz)

    monkeypatch.setattr(adopting, "datetime", After)
    posted: list[bytes] = []

    def post(message: bytes) -> None:
        posted.append(message)

    with pytest.raises(DisclosureError, match="does not hold today"):
        letters.to_hand_over(box(ours, joint), agreed_on)
    with pytest.raises(DisclosureError, match="does not hold today"):
        taking.carry(ours.book, ours.database, agreed_on, ours.keys, post)
    assert posted == []
    taken = taking.take(ours.book, ours.database, ours.keys, came)
    assert taken.letter and (taken.answer, taken.waiting) == (None, [])
    assert taken.held == "the agreement does not hold today"
    assert "on its way" not in [x.told.get("text") for x in of(joint, "CN").letters if not x.refused]
    assert box(ours, joint).parts[-1] == letters.SEEN, "why it is not accepted"
