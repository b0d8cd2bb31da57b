"""`--key FILE`: who has the key of an account decides on the command line, proved and without a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from crossbook.book import Book, init_book, open_book
from crossbook.book.accounts import put_user, remove_user
from crossbook.book.adding import add
from crossbook.book.checking import check
from crossbook.book.opening import Input
from crossbook.cli.tree import tree
from crossbook.decisions.telling import journal
from crossbook.errors import CrossbookError
from tests.conftest import GOLDEN

pytest.importorskip("cryptography")
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

OUT = ("decide", "file", "a.csv")


def called(book: Book, *words: str | Path, env: dict[str, str] | None = None) -> Any:
    """What a command says as JSON. Raises what it refuses."""
    done = CliRunner().invoke(tree(str(words[0])), [*map(str, words), "--book", str(book.path), "--json"], env=env)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def a_key(folder: Path, name: str, word: str = "") -> Path:
    """A private key of OpenSSH in `name`, and the public one in `name.pub`."""
    key = Ed25519PrivateKey.generate()
    lock = BestAvailableEncryption(word.encode()) if word else NoEncryption()
    form = PrivateFormat.PKCS8 if word else PrivateFormat.OpenSSH
    (folder / name).write_bytes(key.private_bytes(Encoding.PEM, form, lock))
    told = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    (folder / f"{name}.pub").write_bytes(told)
    return folder / name


@pytest.fixture
def team(tmp_path: Path) -> Book:
    """A book with mei, who prepares, and lin, who approves; each with a key."""
    book = init_book(tmp_path / "b", "Test")
    add(book, Input(GOLDEN / "stripe_payouts.csv", "a.csv"))
    for name, role in (("mei", "preparer"), ("lin", "approver")):
        put_user(book, name, role, "four words are enough")
        told = called(book, "book", "user", "key", name, f"{a_key(tmp_path, name)}.pub")
        assert told["name"] == name and told["key"].startswith("SHA256:") and not told["replaced"]
    return book


def test_four_eyes_with_two_keys(team: Book, tmp_path: Path) -> None:
    entry = called(team, *OUT, "--key", tmp_path / "mei")["entry"]
    assert entry["who"] == "mei" and "unproved" not in entry["body"]
    number = str(entry["seq"])
    with pytest.raises(CrossbookError, match="this needs the role approver; mei has preparer"):
        called(team, "decide", "approval", number, "--key", tmp_path / "mei")
    called(team, "decide", "approval", number, env={"CROSSBOOK_KEY": str(tmp_path / "lin")})
    first, *_ = called(team, "decisions", "--kind", "file")
    assert (first["proof"], first["unproved"], first["approved_by"]) == ("key", False, "lin")
    shown = (
        CliRunner().invoke(tree("decisions"), ["decisions", "--book", str(team.path)], env={"COLUMNS": "200"}).stdout
    )
    assert shown.count("proved by a key") == 2
    called(team, "undo", "approval", number, "--key", tmp_path / "lin")
    assert check(open_book(team.path)).sound


def test_who_prepared_it_with_a_key_does_not_approve_it_with_the_next(team: Book, tmp_path: Path) -> None:
    entry = called(team, *OUT, "--key", tmp_path / "lin")["entry"]
    assert called(team, "book", "user", "key", "lin", f"{a_key(tmp_path, 'new')}.pub")["replaced"]
    with pytest.raises(CrossbookError, match="lin prepared entry"):
        called(team, "decide", "approval", str(entry["seq"]), "--key", tmp_path / "new")


def test_what_is_refused(team: Book, tmp_path: Path) -> None:
    with pytest.raises(CrossbookError, match="is of no account of this book"):
        called(team, *OUT, "--key", a_key(tmp_path, "eve"))
    with pytest.raises(CrossbookError, match="--as and --key both say who decides"):
        called(team, *OUT, "--key", tmp_path / "mei", "--as", "mei")
    with pytest.raises(CrossbookError, match="no private Ed25519 key"):
        called(team, *OUT, "--key", tmp_path / "mei.pub")
    with pytest.raises(CrossbookError, match="cannot be read"):
        called(team, *OUT, env={"CROSSBOOK_KEY": str(tmp_path / "none")})
    put_user(team, "mei", "reader", "four words are enough")
    with pytest.raises(CrossbookError, match="this needs the role preparer; mei has reader"):
        called(team, *OUT, "--key", tmp_path / "mei")
    remove_user(team, "lin")
    with pytest.raises(CrossbookError, match="is of no account of this book"):
        called(team, *OUT, "--key", tmp_path / "lin")
    with pytest.raises(CrossbookError, match="one of PUB and --remove is needed"):
        called(team, "book", "user", "key", "mei")
    assert called(team, "book", "user", "key", "mei", "--remove")["key"] is None
    assert [u["key"] for u in called(team, "book", "user", "list")] == [None]
    assert [d.kind for d in journal(team)][:7] == ["user"] * 7


def test_a_locked_key(team: Book, tmp_path: Path) -> None:
    """Where nobody can be asked for the passphrase it is refused; nothing is decided under another name instead."""
    called(team, "book", "user", "key", "mei", f"{a_key(tmp_path, 'locked', 'open sesame')}.pub")
    with pytest.raises(CrossbookError, match="the key is locked with a passphrase"):
        called(team, *OUT, "--key", tmp_path / "locked")
    assert all(d.kind == "user" for d in journal(team))


def test_a_signature_that_does_not_hold_counts_for_nothing(
    team: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither as what was prepared, nor as its approval; it is shown as what it is."""
    entry = called(team, *OUT, "--key", tmp_path / "mei")["entry"]
    monkeypatch.setattr("crossbook.book.journal.SIGNED", "")  # a hand that keeps no word for the journal
    copied = team.decide("retire", "0" * 64, entry["body"], "mei")
    with pytest.raises(CrossbookError, match=f"the signature of entry {copied.seq} does not hold"):
        called(team, "decide", "approval", str(copied.seq), "--key", tmp_path / "lin")
    team.decide(
        "approve", entry["subject"], {"entry": entry["seq"], "hash": "", "signed": entry["body"]["signed"]}, "lin"
    )
    monkeypatch.undo()
    told = {d.seq: (d.proof, d.approved_by) for d in journal(team)}
    assert told[entry["seq"]] == ("key", None) and told[copied.seq] == ("broken", None)
