"""A key as proof of who decided: what a signature over an entry of the journal shows, and what it does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crossbook.book import Book, catalog, chain, heads, signing
from crossbook.book.accounts import put_user, remove_user
from crossbook.book.checking import check
from crossbook.book.journal import FIRST, SIGNED, append, entry_hash
from crossbook.book.keys import account_of, check_holds, keys, put_key
from crossbook.errors import CrossbookError, NotFoundError

cryptography = pytest.importorskip("cryptography")
NOT_OF = "is not of the key that li had, or not over what it says there"


def made(path: Path) -> signing.SigningKey:
    """A new private key, in a PEM file."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pem)
    return signing.private_key(path)


@pytest.fixture
def key(tmp_path: Path) -> signing.SigningKey:
    return made(tmp_path / "li.pem")


@pytest.fixture
def signed(either: Book, key: signing.SigningKey) -> Book:
    """A book whose third and last entry li signed: the file `sha` is out of use."""
    put_user(either, "li", "preparer", "four words are enough", "root")
    put_key(either, "li", key.public, "root")
    either.decide("retire", "sha", {"name": "x.csv", "why": "双份"}, "li", key=key)
    return either


def rewrite(book: Book, seq: int, **changed: Any) -> None:
    """Change an entry, and make every hash, the chain and the heads anew so that they fit it."""
    table, prev = catalog.journal, FIRST
    with catalog.writing(book.engine) as connection:
        for row in connection.execute(sa.select(table).order_by(table.c.seq)).mappings().all():
            told = {**row, **(changed if row["seq"] == seq else {}), "prev": prev}
            del told["hash"]
            prev = entry_hash(**told)
            connection.execute(table.update().where(table.c.seq == row["seq"]).values(**told, hash=prev))
        anew(book, connection)


def anew(book: Book, connection: sa.Connection) -> None:
    connection.execute(catalog.links.delete())
    head = chain.link(connection, *chain.everything(connection))
    (book.path / heads.FILE).write_text(f"{head}\n", encoding="utf-8")


def broken(book: Book) -> list[str]:
    return [told for told in check(book).problems if NOT_OF in told]


def test_what_is_signed(signed: Book, key: signing.SigningKey) -> None:
    """Ed25519 over the documented text, looked at without the product's own verifier."""
    from base64 import b64decode

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    entry = signed.journal()[-1]
    body = {"name": "x.csv", "signed": key.public, "why": "双份"}
    fields = json.dumps(
        [3, entry.at, "li", "retire", "sha", body, entry.prev], ensure_ascii=False, separators=(",", ":")
    )
    public = Ed25519PublicKey.from_public_bytes(b64decode(key.public))
    public.verify(b64decode(entry.body[SIGNED]["signature"]), b"entry of crossbook: " + fields.encode())
    assert check(signed).sound and "unproved" not in entry.body


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": "other"},
        {"action": "reinstate"},
        {"at": "2026-01-01T00:00:00.000000+00:00"},
    ],
    ids=lambda c: next(iter(c)),
)
def test_who_rewrites_a_signed_entry_and_all_that_fits_it_is_found(signed: Book, changed: dict[str, str]) -> None:
    rewrite(signed, 3, **changed)
    assert check(signed).problems == [f"journal: the signature of entry 3 {NOT_OF}"]


def test_another_name_another_body_and_another_history_before_it_are_found(signed: Book) -> None:
    entry = signed.journal()[-1]
    rewrite(signed, 3, body=json.dumps({**entry.body, "why": "a draft"}))
    assert broken(signed)
    rewrite(signed, 3, body=json.dumps(entry.body))
    assert check(signed).sound
    rewrite(signed, 3, who="wang")
    assert "the signature of entry 3 is not of the key that wang had" in check(signed).problems[0]
    rewrite(signed, 3, who="li")
    rewrite(signed, 1, at="2026-01-01T00:00:00.000000+00:00")  # no entry that was signed, but one before it
    assert broken(signed)


UNGUARDED = ("crossbook.book.journal.SIGNED", "")  # a hand that keeps no word for the journal


def test_a_signed_entry_that_is_copied_is_found(signed: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind its own place, word for word; on another subject with the old signature."""
    entry = signed.journal()[-1]
    monkeypatch.setattr(*UNGUARDED)
    for subject in ("sha", "other"):
        signed.decide("retire", subject, entry.body, "li")
    monkeypatch.undo()
    assert check(signed).problems == [f"journal: the signature of entry {seq} {NOT_OF}" for seq in (4, 5)]


def test_a_forged_signature_is_found(
    signed: Book, key: signing.SigningKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of another key under this account; and one that claims the account's key."""
    other = made(tmp_path / "eve.pem")
    signed.decide("retire", "a", {}, "li", key=other)
    signed.decide("retire", "b", {}, "li", key=signing.SigningKey(key.public, other.sign))
    with monkeypatch.context() as context:
        context.setattr(*UNGUARDED)
        signed.decide("retire", "c", {SIGNED: {"key": key.public, "signature": "no base64"}}, "li")
        signed.decide("retire", "d", {SIGNED: "li"}, "li")
    good = signed.decide("retire", "e", {}, "li", key=key)
    more = {**good.body[SIGNED], "note": "not signed"}
    rewrite(signed, good.seq, body=json.dumps({SIGNED: more}))
    assert len(broken(signed)) == 5


def test_a_key_replaced_or_removed_later_and_an_account_since_taken_away(
    signed: Book, key: signing.SigningKey, tmp_path: Path
) -> None:
    """What was signed stands by the key of its time; the old key signs nothing more."""
    second = made(tmp_path / "second.pem")
    assert put_key(signed, "li", second.public, "root")
    assert check(signed).sound
    with pytest.raises(CrossbookError, match="of no account of this book"):
        account_of(signed, key.public, tmp_path / "li.pem")
    assert account_of(signed, second.public, tmp_path).name == "li"
    signed.decide("reinstate", "sha", {}, "li", key=second)
    signed.decide("retire", "sha", {}, "li", key=key)  # as somebody may who goes around the commands
    assert broken(signed) == [f"journal: the signature of entry 6 {NOT_OF}"]
    with pytest.raises(CrossbookError, match="li has another key now, or none"):
        check_holds(signed.journal(), "li", key.public)
    put_user(signed, "li", "approver", "four other words here", "root")
    assert keys(signed.journal()) == {"li": second.public}  # another role and password
    remove_user(signed, "li", "root")
    with pytest.raises(CrossbookError, match="of no account of this book"):
        account_of(signed, second.public, tmp_path)
    put_user(signed, "li", "preparer", "four words are enough", "root")
    assert keys(signed.journal()) == {}
    assert len(broken(signed)) == 1


def test_one_key_is_of_one_account(signed: Book, key: signing.SigningKey, tmp_path: Path) -> None:
    """For good: else who has it could decide under one name, and approve under the next."""
    put_user(signed, "wang", "approver", "four words are enough", "root")
    with pytest.raises(CrossbookError, match="that key is, or was, of li"):
        put_key(signed, "wang", key.public)
    with pytest.raises(CrossbookError, match="li has that key already"):
        put_key(signed, "li", key.public)
    put_key(signed, "li", "")
    with pytest.raises(CrossbookError, match="li has no key"):
        put_key(signed, "li", "")
    with pytest.raises(CrossbookError, match="that key is, or was, of li"):
        put_key(signed, "wang", key.public)
    with pytest.raises(NotFoundError, match="no user 'zhao'"):
        put_key(signed, "zhao", key.public)
    put_key(signed, "li", key.public)
    assert keys(signed.journal()) == {"li": key.public} and check(signed).sound


def test_what_a_signature_does_not_show(signed: Book, tmp_path: Path) -> None:
    """SECURITY.md says so: one who may rewrite all can take the signature off, cut off the last entries, or give an
    account a key of his own; only the last leaves a word, in the journal."""
    mine = made(tmp_path / "eve.pem")
    put_key(signed, "li", mine.public)
    signed.decide("reinstate", "sha", {}, "li", key=mine)
    assert check(signed).sound and signed.journal()[3].body["unproved"]
    rewrite(signed, 3, body="{}")
    assert [told[:35] for told in broken(signed)] == ["journal: the signature of entry 5 i"]  # signed behind it
    with catalog.writing(signed.engine) as connection:
        connection.execute(catalog.journal.delete().where(catalog.journal.c.seq > 3))
        anew(signed, connection)
    assert check(signed).sound


def test_without_the_package_it_is_said(signed: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "installed", lambda: False)
    assert "signatures of decisions were not looked at: pip install 'crossbook[sign]'" in check(signed).notes


def test_a_body_is_signed_as_it_will_be_read(signed: Book, key: signing.SigningKey) -> None:
    """Numbers as keys, and tuples, are texts and lists in the journal."""
    told = {"parts": {10: (1, 2), 9: "a"}, "share": 0.1}
    with signed.writing() as connection:
        entry = append(connection, "li", "retire", "y", told, key)
    assert signed.journal()[-1] == entry and check(signed).sound
    assert entry.body["parts"] == {"10": [1, 2], "9": "a"}


def test_a_fingerprint_is_that_of_openssh(tmp_path: Path) -> None:
    """A key of OpenSSH 9.2, and what `ssh-keygen -lf` said of it."""
    pub = tmp_path / "key.pub"
    pub.write_text("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKhBnV+xnmpdD6U0EXJuw4abzMHelrt8T35oFPjBvcya x\n")
    assert signing.fingerprint(signing.public(pub)) == "SHA256:jFK8RLIV1JmennuqtivMKtO/47hNMfPlXd1Afg2r1SY"
    assert signing.fingerprint("?") == ""
