"""What two processes with two books say to each other over a wire that a third records, and what is left of it in the
folder of the other side: nothing of a transfer that it does not hold. And what was recorded cannot be tried out."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from crossbook.exchange import meeting, store
from crossbook.exchange.side import IN, OUT
from tests.cli.running import SCRIPT
from tests.exchange.making import Paid, country
from tests.exchange.test_channel import certified
from tests.exchange.test_session import DAYS, World, books, world

__all__ = ["books"]  # the fixture

HASHES = ("md5", "sha1", "sha256", "sha512", "blake2b", "blake2s")
_SIX = (1 << 48) - 1


def forms(text: str) -> set[bytes]:
    """A text in clear, and as any plain hash: raw, in hexadecimal or in base64, shortened as one might."""
    found = {text.encode()}
    for name in HASHES:
        digest = hashlib.new(name, text.encode()).digest()
        found |= {digest[:12], digest.hex()[:24].encode(), digest.hex().upper()[:24].encode()}
        found |= {base64.b64encode(digest)[:16], base64.urlsafe_b64encode(digest)[:16]}
    return found


def texts(paid: Iterable[Paid]) -> set[str]:
    """What tells who paid whom how much: references, accounts, amounts as they are written and counted in cents."""
    found = set()
    for row in paid:
        found |= {row.reference, row.payer, row.payee}
        found |= {f"{row.amount / 100:.2f}", f"{row.amount / 100:,.2f}", str(row.amount)}
    return found


def leaks(data: bytes, secret: Iterable[str]) -> list[str]:
    """Which of these texts stand in the data, in some form. All begin with six bytes: what begins so is looked for."""
    padded = data + b"\0" * 16
    spans = [np.frombuffer(padded, "<u8", (len(data) + 8 - at) // 8, at) & np.uint64(_SIX) for at in range(8)]
    begins = set(np.unique(np.concatenate(spans)).tolist())
    return [
        text
        for text in secret
        if any(int.from_bytes(form[:6], "little") in begins and form in data for form in forms(text))
    ]


def sides(made: World, side: str) -> tuple[set[str], set[str]]:
    """What a side holds of its own, and what the other alone holds: long enough that no chance writes it."""
    mine = texts(p for p in made.paid if side in (country(p.payer), country(p.payee)))
    others = texts(p for p in made.paid if side not in (country(p.payer), country(p.payee)))
    own = "\n".join(mine)
    return mine, {text for text in others if len(text) >= 7 and text not in own}


def held(folder: Path) -> bytes:
    """Every byte in a folder."""
    return b"\0".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """Both sides after a session, and what passed between them."""

    made: World
    wire: bytes


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, books: Path) -> Iterator[Recorded]:
    """A server, a caller and a relay between them, each a process."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl")
    folder = tmp_path_factory.mktemp("wire")
    made = world(folder, books)
    proofs = {side: certified(folder, side) for side in ("CN", "US")}

    def words(side: str, other: str) -> list[object]:
        certificate, key = proofs[side]
        its = ["--certificate", certificate, "--tls-key", key, "--peer", proofs[other][0], "--book", folder / side]
        return ["--key", folder / f"{side}.key", *its]

    serve = [SCRIPT, "exchange", "serve", *words("US", "CN"), "--port", "0"]
    server = subprocess.Popen([str(w) for w in serve], stdout=subprocess.PIPE, text=True)
    relay = None
    try:
        assert server.stdout
        port = server.stdout.readline().strip().rpartition(":")[2]
        command = [sys.executable, str(Path(__file__).with_name("relay.py")), port, str(folder / "wire")]
        relay = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert relay.stdout
        address = f"https://127.0.0.1:{relay.stdout.readline().strip()}"
        days = ["--agreement", made.sha[:12], "--since", DAYS[0], "--until", DAYS[1]]
        talk = [SCRIPT, "exchange", "talk", address, *words("CN", "US"), *days, "--json"]
        done = subprocess.run([str(w) for w in talk], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        yield Recorded(made=made, wire=(folder / "wire").read_bytes())
    finally:
        for process in (relay, server):
            if process:
                process.terminate()
                process.wait(30)


@pytest.mark.slow
def test_nothing_of_a_transfer_is_on_the_wire_or_in_the_other_sides_folder(recorded: Recorded) -> None:
    made, wire = recorded.made, recorded.wire
    messages = [path.read_bytes() for desk in made.desks.values() for path in desk.session().folder.glob("*.message")]
    assert len(messages) > 10
    assert len(wire) > sum(map(len, messages)), "all of them passed here"
    every = texts(made.paid)
    assert not leaks(wire, {text for text in every if len(text) >= 7})
    assert not leaks(b"\0".join(messages), {text for text in every if len(text) >= 7})
    for side, desk in made.desks.items():
        mine, secret = sides(made, side)
        assert len(secret) > 500
        told = b"\0".join(_opened(made, side))
        assert not leaks(told, {text for text in mine | secret if len(text) >= 7}), "nor in what was told, decrypted"
        folder = held(desk.book.path)
        assert not leaks(folder, secret)
        reference = next(p.reference for p in made.paid if side in (country(p.payer), country(p.payee)))
        assert leaks(folder, [reference]), "what it holds itself is found"
        (desk.book.path / "exchange" / "planted").write_text(hashlib.sha256(min(secret).encode()).hexdigest())
        assert leaks(held(desk.book.path), secret) == [min(secret)], "and so is what is planted"


@pytest.mark.parametrize("name", HASHES)
@pytest.mark.parametrize("written", ["raw", "hex", "base64", "clear"])
def test_a_leak_would_be_found(name: str, written: str) -> None:
    account = "620000004711"
    digest = hashlib.new(name, account.encode()).digest()
    shown = {"raw": digest, "hex": digest.hex().encode(), "base64": base64.b64encode(digest), "clear": account.encode()}
    assert leaks(b"\x00\x17" + shown[written] + b"\xff", [account, "620000004712"]) == [account]


@pytest.mark.slow
def test_accounts_cannot_be_tried_out_on_what_was_told(tmp_path: Path, books: Path) -> None:
    """The other side knows all of a transfer but the account that paid, and has its own keys and every message. It
    tries a thousand accounts of twelve digits, the true one among them: none fits. With the secret number of who sent
    the points, kept for the meeting alone, the true one is found at once."""
    made = world(tmp_path, books, match='match = ["amount"]')
    message: bytes | None = made.start()
    for number in (1, 2):
        assert message
        message = made.turn(message, number)
    assert message
    ours, theirs = made.desks["CN"], made.desks["US"]
    recorded = set(meeting.split(store.opened(theirs.book, theirs.keys, message)[2].points("once")))
    talk = ours.session().talk
    assert talk.secret and theirs.session().talk.secret not in (b"", talk.secret)
    row = talk.border.crossing[talk.border.side.crossing[talk.border.crossing] == OUT][:1]
    payers = {OUT: talk.mine.key, IN: talk.other.key}
    (text,), _ = talk.border.texts("amount", row, talk.agreement, payers)
    payer = talk.border.rows["payer_account"][int(row[0])].as_py()
    tried = [text.replace(payer, f"62{n:010d}") for n in range(1000)]
    assert text in tried
    salt = f"{talk.session}\x1f1".encode()
    for secret in (theirs.session().talk.secret, meeting.secret(), (1).to_bytes(32, "little")):
        assert not recorded & set(meeting.split(meeting.blind(tried, secret, salt)))
    for name in HASHES:
        for before in (b"", salt):
            assert not recorded & {hashlib.new(name, before + t.encode()).digest()[:32] for t in tried}
    with_key = meeting.split(meeting.blind(tried, talk.secret, salt))
    assert [t for t, point in zip(tried, with_key, strict=True) if point in recorded] == [text]


def _opened(made: World, side: str) -> list[bytes]:
    """What a side was told, decrypted."""
    desk = made.desks[side]
    folder = desk.session().folder
    return [store.opened(desk.book, desk.keys, path.read_bytes())[2].pack() for path in sorted(folder.glob("*.heard"))]
