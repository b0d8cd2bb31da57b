"""The mailbox: what comes is read once and kept, what goes is whole, in its envelope, once, and after a yes."""

from __future__ import annotations

import base64
import os
from contextlib import closing
from pathlib import Path

import pytest
from lxml import etree

from crossbook.book import Book
from crossbook.ceb import ENVELOPE
from crossbook.engine import connect
from crossbook.errors import CrossbookError
from crossbook.filing.customs import mailbox, sending
from crossbook.filing.customs.collecting import collect
from crossbook.filing.customs.envelope import mailbox_of
from crossbook.filing.customs.settings import customs_of
from crossbook.filing.customs.signing import pem_signer
from tests.conftest import GOLDEN
from tests.filing.customs.mailboxes import (
    MAILBOX,
    NOW,
    answer,
    come,
    configured,
    gone_round,
    letter,
    listed,
    refusal,
    states,
    written,
)
from tests.filing.test_customs import self_signed


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "box").mkdir()
    return tmp_path / "box"


def files(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_what_comes_is_read_once_and_kept(book: Book, root: Path) -> None:
    book = configured(book)
    for name in ("900", "dxp", "604_bare", "506_unprefixed"):
        content = (GOLDEN / f"ceb_returns_{name}.xml").read_text(encoding="utf-8")
        come(root, f"{name}.xml", content)
    come(root, "same.xml", (GOLDEN / "ceb_returns_900.xml").read_text(encoding="utf-8"))
    come(root, "words.xml", "not an answer")
    come(root, "mine.xml", answer("A1", "120").replace("CEB604", "CEB603"))
    come(root, "half.part", "<CEB604Message")
    settings = MAILBOX.replace("signed_by", 'sender_id = "DXPENTSAMPLE0001"\nsigned_by')
    done = gone_round(configured(book, settings), root)
    assert {t.name: t.state for t in done.taken} == {
        "900.xml": "added",
        "dxp.xml": "added",
        "604_bare.xml": "added",
        "506_unprefixed.xml": "added",
        "same.xml": "duplicate",
        "words.xml": "aside",
        "mine.xml": "aside",
    }
    assert "in the book already, as 900.xml" in next(t.said for t in done.taken if t.name == "same.xml")
    assert files(root / "in") == ["half.part"]
    assert files(root / "read") == ["506_unprefixed.xml", "604_bare.xml", "900.xml", "dxp.xml", "same.xml"]
    assert files(root / "aside") == ["mine.xml", "mine.xml.txt", "words.xml", "words.xml.txt"]
    note = (root / "aside" / "mine.xml.txt").read_text(encoding="utf-8")
    assert "CEB603Message is no return of an export message" in note and "不是出口报文的回执" in note
    assert len(book.evidence()) == 4 and done.findings
    assert {r["message"] for r in done.strays} == {"900", "604", "506"}  # the book sent nothing
    assert not gone_round(book, root).did


def test_good_returns_are_read_beside_bad_ones(book: Book, root: Path) -> None:
    book = configured(book)
    good, bad = answer("A1", "120"), answer("A2", "?")
    come(root, "both.xml", good.replace("</CEB604Message>", bad[bad.index("<InventoryReturn>") :]))
    come(root, "bad.xml", bad)
    done = gone_round(book, root)
    told = {t.name: t for t in done.taken}
    assert (told["both.xml"].state, told["both.xml"].returns) == ("partial", 1)
    assert "column 'returnStatus': '?': not a status code" in told["both.xml"].said
    assert told["bad.xml"].state == "aside" and files(root / "read") == ["both.xml"]


def test_a_file_that_still_grows_is_left(book: Book, root: Path) -> None:
    book, whole = configured(book), answer("A1", "120")
    places = [root / n for n in ("in", "read", "aside")]
    for p in places:
        p.mkdir()
    path = root / "in" / "a.xml"
    clock = [1000.0]

    def look(content: str, changed: float) -> list[str]:
        path.write_text(content, encoding="utf-8")
        os.utime(path, (changed, changed))
        waited: list[float] = []
        done = collect(book, *places, settle=3, now=lambda: clock[0] + sum(waited), wait=waited.append)
        return [t.state for t in done]

    assert look(whole[:100], 999) == ["growing"]  # changed a second ago; after three more it is cut off still
    assert look(whole, 1002.5) == ["growing"]  # changed again while we waited
    assert look(whole[:100], 500) == ["growing"] and files(root / "in") == ["a.xml"]
    assert look("", 500) == ["growing"]
    assert look(whole[:100], 50) == ["aside"]  # nobody has written to it for a quarter of an hour
    assert look(whole, 900) == ["added"] and files(root / "read") == ["a.xml"]
    assert look(whole, 900) == ["duplicate"] and len(files(root / "read")) == 2


def test_what_is_for_others_is_put_aside(book: Book, root: Path) -> None:
    come(root, "dxp.xml", (GOLDEN / "ceb_returns_dxp.xml").read_text(encoding="utf-8"))
    done = gone_round(configured(book), root)  # whose number is DXPENT0000000001
    assert [t.said for t in done.taken] == [
        "is addressed to DXPENTSAMPLE0001, not to DXPENT0000000001\ngive it to whom it is for"
    ]


def test_a_message_goes_in_its_envelope(book: Book, root: Path) -> None:
    book = configured(book)
    guid = written(book, "A1", "A2")
    done = gone_round(book, root)
    (path,) = (root / "out").iterdir()
    assert [p.file for p in done.posted] == [path] and states(done) == {guid: "out"}
    assert files(root / ".crossbook") == ["lock"]
    message = etree.fromstring(path.read_bytes())
    told = [(e.tag.removeprefix(f"{{{ENVELOPE}}}"), e.text) for e in message.iter()]
    kept = (book.path / "customs" / path.name).read_bytes()
    assert message.get("ver") == "1.0" and told[:3] == [("DxpMsg", None), ("TransInfo", None), ("CopMsgId", guid)]
    assert told[3:6] == [("SenderId", "DXPENT0000000001"), ("ReceiverIds", None), ("ReceiverId", "DXPEDCCEB0000003")]
    assert [name for name, _ in told[6:]] == ["CreatTime", "MsgType", "Data"] and told[7][1] == "CEB603Message"
    assert base64.b64decode(told[8][1] or "") == kept and guid.encode() in kept
    assert not gone_round(book, root).did  # once
    path.unlink()  # the client fetches it
    assert not gone_round(book, root).did and states(gone_round(book, root)) == {guid: "waiting"}


def test_a_client_that_makes_the_envelope_gets_the_message_bare(book: Book, root: Path) -> None:
    book = configured(book, "\n[customs.mailbox]\nenvelope = false\nsigned_by = 'client'\nout = 'send/new'\n")
    written(book, "A1")
    gone_round(book, root)
    (path,) = (root / "send" / "new").iterdir()
    assert path.read_bytes() == (book.path / "customs" / path.name).read_bytes()


def test_nothing_goes_without_a_yes(book: Book, root: Path, tmp_path: Path) -> None:
    guid = written(configured(book, ""), "A1")  # before there was a mailbox
    elsewhere = written(configured(book), "A2", folder=tmp_path / "own")
    book = configured(book)
    assert states(gone_round(book, root)) == {guid: "asks", elsewhere: "asks"}
    with pytest.raises(CrossbookError, match="no message 'X' was written"):
        gone_round(book, root, yes=["X"])
    assert files(root / "out") == []
    done = gone_round(book, root, yes=["all"])
    assert states(done) == {guid: "out", elsewhere: "ready"}
    assert [why for _, why in done.kept] == ["its file is not in the book's folder customs: it was written elsewhere"]
    with pytest.raises(CrossbookError, match="was laid out already"):
        gone_round(book, root, yes=[guid])
    with pytest.raises(CrossbookError, match="was laid out already"):
        gone_round(book, root, no=[guid])


def test_a_message_that_was_withdrawn_is_written_anew(book: Book, root: Path) -> None:
    book = configured(book, MAILBOX.replace("signed_by", "#"))
    guid = written(book, "A1")
    done = gone_round(book, root, no=[guid])
    assert states(done) == {guid: "withdrawn"} and not done.kept
    with closing(connect(book)) as database:
        (again,) = sending.once_more([listed(book, "A1")], book, database)
    assert again.after == guid


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ('\n[customs.mailbox]\nsigned_by = "client"\n', "receiver_id is not set"),
        ('\n[customs.mailbox]\nreceiver_id = "X"\n', "it is not signed"),
    ],
)
def test_what_is_wanting_is_said_and_nothing_goes(book: Book, root: Path, settings: str, why: str) -> None:
    book = configured(book, settings)
    written(book, "A1")
    done = gone_round(book, root)
    assert [why in told for _, told in done.kept] == [True] and done.findings
    assert files(root / "out") == [] and files(root / ".crossbook") == ["lock"]


def test_a_message_signed_since_goes_and_one_changed_does_not(book: Book, root: Path, tmp_path: Path) -> None:
    book = configured(book, '\n[customs.mailbox]\nreceiver_id = "X"\n')
    for order in ("A1", "A2"):
        written(book, order)
    one, other = sorted((book.path / "customs").iterdir())
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    self_signed(key, cert)
    sign = pem_signer(key, cert)
    one.write_bytes(sign(one.read_bytes()))
    other.write_bytes(sign(other.read_bytes().replace(b"812", b"813").replace(b"0.64", b"0.65")))
    done = gone_round(book, root)
    assert [p.file.name for p in done.posted] == [one.name]
    assert [told for _, told in done.kept] == ["its file says something else than when it was written"]


def test_answers_are_told_by_message(book: Book, root: Path) -> None:
    book = configured(book)
    guid = written(book, "A1", "A2")
    gone_round(book, root)
    come(root, "1.xml", answer("A1", "800"))
    done = gone_round(book, root)
    assert (letter(done, guid).answered, letter(done, guid).state, done.strays) == (1, "out", ())
    come(root, "2.xml", answer("A2", "100"))
    done = gone_round(book, root)
    assert letter(done, guid).state == "answered"
    assert [(r.reference, r.code, r.info) for r in letter(done, guid).refusals] == [("A2", "100", "因此")]


def test_a_format_refusal_is_shown_until_its_documents_are_written_again(book: Book, root: Path) -> None:
    book = configured(book)
    guid = written(book, "A1")
    gone_round(book, root)
    come(root, "900.xml", refusal(guid))
    done = gone_round(book, root)
    assert letter(done, guid).state == "format refused" and done.findings and not done.strays
    assert [(r.reference, r.info) for r in letter(done, guid).refusals] == [("", "验签失败")]
    with closing(connect(book)) as database:
        (again,) = sending.once_more([listed(book, "A1")], book, database)
    messages = sending.messages(customs_of(book), [sending.Planned("603", "A1", "A1", "ready", again)], NOW)
    (sent,) = sending.send(book, messages, book.path / "customs", None)
    done = gone_round(book, root)
    assert sent.guid != guid and states(done) == {guid: "format refused", sent.guid: "out"}
    assert not done.findings


def test_what_customs_has_answered_is_not_sent_again(book: Book, root: Path) -> None:
    book = configured(book)
    guid = written(book, "A1", "A2")
    come(root, "1.xml", answer("A1", "800"))
    done = gone_round(book, root)
    assert states(done) == {guid: "ready"} and not done.posted
    assert [told for _, told in done.kept] == ["customs has answered 1 of its 2 documents already"]


def test_two_programs_do_not_work_on_one_mailbox(book: Book, root: Path) -> None:
    book = configured(book)
    gone_round(book, root)
    with mailbox.alone(root), pytest.raises(CrossbookError, match="in use by another process"):
        gone_round(book, root)
    with pytest.raises(CrossbookError, match="no such folder"):
        mailbox.one_round(book, root / "none")


@pytest.mark.parametrize(
    "settings",
    [
        'receiver_id = "DXPEDCCEB00000031"',
        "receiver_id = 3",
        'receiver_id = ["a", "b", "c", "d", "e", "f"]',
        'signed_by = "nobody"',
        'envelope = "yes"',
        'in = "/tmp"',
        'out = "../out"',
    ],
)
def test_settings_that_cannot_be(book: Book, settings: str) -> None:
    with pytest.raises(CrossbookError):
        mailbox_of(configured(book, f"\n[customs.mailbox]\n{settings}\n"))


def test_folders_that_are_the_same_are_refused(book: Book, root: Path) -> None:
    with pytest.raises(CrossbookError, match="are the same"):
        gone_round(configured(book, "\n[customs.mailbox]\nread = 'in'\n"), root)
