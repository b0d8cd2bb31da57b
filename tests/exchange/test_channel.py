"""A session over HTTPS, broken off and gone on with; and peers that are not who they must be."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from crossbook.errors import CrossbookError
from crossbook.exchange import adopting, channel, reading, store
from crossbook.exchange.channel import Certificates
from crossbook.exchange.envelope import MessageError
from tests.cli.running import SCRIPT
from tests.exchange.test_session import DAYS, World, books, world

__all__ = ["books"]  # the fixture


def certified(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate that signs itself, for this machine, and its key."""
    out, key = folder / f"{name}.crt", folder / f"{name}.tls"
    words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    more = ["-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(out)]
    subprocess.run(["openssl", *words, *more], check=True, capture_output=True)
    return out, key


@contextmanager
def serving(folder: Path, made: World, keys: Path | None = None) -> Iterator[tuple[str, dict[str, Certificates]]]:
    """The address of a server of the US side, a process of its own; how each side proves itself, and a stranger.
    Certificates are made in the folder, where the keys of both are too unless another folder has them."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl")
    files = {name: certified(folder, name) for name in ("CN", "US", "stranger")}
    proofs = {
        name: Certificates(certificate=files[name][0], key=files[name][1], peer=files[other][0])
        for name, other in (("CN", "US"), ("US", "CN"), ("stranger", "US"))
    }
    its = proofs["US"]
    words = [
        "--key",
        (keys or folder) / "US.key",
        "--certificate",
        its.certificate,
        "--tls-key",
        its.key,
        "--peer",
        its.peer,
    ]
    command = [SCRIPT, "exchange", "serve", *words, "--port", "0", "--book", made.desks["US"].book.path]
    server = subprocess.Popen([str(w) for w in command], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        yield server.stdout.readline().strip(), proofs
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture
def served(tmp_path: Path, books: Path) -> Iterator[tuple[World, str, dict[str, Certificates]]]:
    """Both sides, the US one with a server of its own; how each proves itself, and a stranger."""
    made = world(tmp_path, books)
    with serving(tmp_path, made) as (address, proofs):
        yield made, address, proofs


def test_a_session_that_breaks_off_is_gone_on_with(served: tuple[World, str, dict[str, Certificates]]) -> None:
    made, address, proofs = served
    desk = made.desks["CN"]
    agreement = adopting.agreement_of(desk.book, made.sha)
    session, _ = store.start(desk.book, desk.database, agreement, desk.keys, *DAYS)
    send, sent = channel.post(address, proofs["CN"]), 0

    def breaks(message: bytes) -> bytes | None:
        nonlocal sent
        sent += 1
        answer = send(message)
        if sent == 4:
            raise CrossbookError("the other side cannot be reached")  # its answer got lost
        return answer

    with pytest.raises(CrossbookError, match="cannot be reached"):
        channel.talk(desk.book, desk.database, desk.keys, session, breaks)
    assert reading.of_session(desk.session())["phase"] != "ended"
    ended = channel.talk(desk.book, desk.database, desk.keys, desk.session(), send)
    for side in made.desks.values():
        stands = reading.of_session(side.session())
        assert stands["phase"] == "ended"
        assert stands["together"] > stands["alone"]
    with pytest.raises(MessageError, match="does not take the message: this is no message of an exchange"):
        send(b"nonsense")
    assert ended.name == desk.session().name
    small = store.start(desk.book, desk.database, agreement, desk.keys, DAYS[0], DAYS[1])[1].read_bytes()
    assert send(small) is not None
    with pytest.raises(CrossbookError, match=r"does not prove to be who it must be|cannot be reached"):
        channel.post(address, proofs["stranger"])(small)
    with pytest.raises(CrossbookError, match="does not prove to be who it must be"):
        other = Certificates(certificate=proofs["CN"].certificate, key=proofs["CN"].key, peer=proofs["CN"].certificate)
        channel.post(address, other)(small)


def expired(folder: Path) -> tuple[Path, Path]:
    """A certificate that was good for a day in January 2025, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CN")])
    day = datetime(2025, 1, 1, tzinfo=UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = built.not_valid_before(day).not_valid_after(day + timedelta(days=1)).sign(key, SHA256())
    out, its = folder / "old.crt", folder / "old.tls"
    out.write_bytes(made.public_bytes(Encoding.PEM))
    its.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return out, its


def test_who_cannot_prove_itself_begins_no_session(
    served: tuple[World, str, dict[str, Certificates]], tmp_path: Path
) -> None:
    """A session that is begun counts against the agreement, whether or not anybody heard of it."""
    made, address, proofs = served
    desk, ours = made.desks["CN"], proofs["CN"]
    old, its = expired(tmp_path)
    wrong = {
        "closes the connection": (proofs["stranger"].certificate, proofs["stranger"].key, ours.peer),
        "it seems not to take your certificate": (old, its, ours.peer),
        "one of the two sides does not prove": (ours.certificate, ours.key, proofs["stranger"].certificate),
        "cannot be read as such": (ours.certificate, its, ours.peer),
    }
    days = ["--since", DAYS[0].isoformat(), "--until", DAYS[1].isoformat(), "--agreement", made.sha]
    for told, (certificate, key, peer) in wrong.items():
        files = ["--certificate", certificate, "--tls-key", key, "--peer", peer, "--key", tmp_path / "CN.key"]
        words = [SCRIPT, "exchange", "talk", address, *days, *files, "--book", desk.book.path]
        ended = subprocess.run([str(w) for w in words], capture_output=True, text=True, check=False)
        assert ended.returncode == 2
        assert told in ended.stderr or "does not prove" in ended.stderr, ended.stderr
    assert store.sessions(desk.book) == []
    assert reading.ledger(desk.book) == []


def test_who_takes_the_connection_and_says_nothing_is_waited_for_no_longer_than_a_proof_takes(
    served: tuple[World, str, dict[str, Certificates]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "PROOF", 1)
    reached = pytest.raises(CrossbookError, match="the other side cannot be reached")
    with socket.create_server(("127.0.0.1", 0)) as silent, reached:
        channel.prove(f"https://127.0.0.1:{silent.getsockname()[1]}", served[2]["CN"])


@pytest.mark.parametrize("address", ["http://127.0.0.1", "https://", "https://x:99999999", "127.0.0.1:80"])
def test_what_is_no_address(address: str, tmp_path: Path) -> None:
    nothing = Certificates(certificate=tmp_path, key=tmp_path, peer=tmp_path)
    with pytest.raises(CrossbookError, match="no address"):
        channel.post(address, nothing)
