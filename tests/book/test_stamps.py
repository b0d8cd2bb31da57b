"""Time stamps over heads: replies of an authority made here with OpenSSL, and one that a public authority gave."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crossbook.book import Book, catalog, chain, open_book, stamps
from crossbook.book.chain import Head
from crossbook.book.checking import Report, check
from crossbook.errors import CrossbookError

HERE = Path(__file__).parent / "stamped"
CONFIG = """\
[req]
distinguished_name = dn
prompt = no
x509_extensions = ca
[dn]
CN = Root of {name}
[ca]
basicConstraints = critical,CA:true
[tsa]
extendedKeyUsage = critical,timeStamping
[tsa_config]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/root.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384
ess_cert_id_alg = sha256
"""


class Authority:
    """A time-stamping authority of one's own."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir()
        self.folder, self.certificates = folder, folder / "root.pem"
        (folder / "conf").write_text(CONFIG.format(folder=folder, name=name), encoding="utf-8")
        (folder / "serial").write_text("01\n", encoding="utf-8")
        new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", folder / "conf"]
        self._openssl("req", "-x509", *new, "-keyout", folder / "root.key", "-out", folder / "root.pem", "-days", "9")
        self._openssl("req", *new, "-subj", f"/CN={name}", "-keyout", folder / "tsa.key", "-out", folder / "csr")
        of = ["-CA", folder / "root.pem", "-CAkey", folder / "root.key", "-CAcreateserial", "-days", "9"]
        ext = ["-extfile", folder / "conf", "-extensions", "tsa"]
        self._openssl("x509", "-req", "-in", folder / "csr", *of, *ext, "-out", folder / "tsa.pem")

    def _openssl(self, *words: object) -> None:
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, cwd=self.folder)

    def reply(self, query: bytes) -> Path:
        (self.folder / "query").write_bytes(query)
        path = self.folder / "reply.tsr"
        conf = ["-config", self.folder / "conf", "-section", "tsa_config"]
        self._openssl("ts", "-reply", "-queryfile", self.folder / "query", *conf, "-out", path)
        return path


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl")
    return Authority(tmp_path / "tsa", "An Authority")


def stamped_by(book: Book, authority: Path) -> Report:
    return check(open_book(book.path), authority=stamps.authority(authority))


def test_a_head_that_an_authority_stamped(book: Book, authority: Authority, tmp_path: Path) -> None:
    head = stamps.newest(check(book).head)
    reply = authority.reply(stamps.query(head))
    assert stamped_by(book, authority.certificates).problems == [
        "no head of this book has a time stamp of that authority"
    ]
    book.decide("match", "p1", {}, "ann")  # until the reply comes
    taken = stamps.take(book, reply, stamps.authority(authority.certificates))
    assert taken.head == head and taken.stamp.by == "An Authority"
    assert abs((taken.stamp.at - datetime.now(UTC)).total_seconds()) < 86_400
    assert (taken.path.stat().st_mode & 0o777) == 0o400 and taken.path.read_bytes() == reply.read_bytes()
    report = stamped_by(book, authority.certificates)
    said = f"time stamp of {taken.stamp.at:%Y-%m-%dT%H:%M:%S}Z, over head {head.count}: 1 changes since"
    assert report.sound and report.notes == [f"{said}; verified: An Authority"]
    plain = check(open_book(book.path))
    assert plain.sound
    assert plain.notes == [f"{said}; whose it is was not verified: --stamped-by CERTIFICATES"]
    other = Authority(tmp_path / "other", "Another")
    report = stamped_by(book, other.certificates)
    assert report.notes == [f"{said}; it is not of that authority"] and len(report.problems) == 1
    with pytest.raises(CrossbookError, match="not of these certificates"):
        stamps.take(book, reply, stamps.authority(other.certificates))
    with book.engine.begin() as connection:  # what was stamped is rewritten, with chain and heads
        connection.exec_driver_sql("UPDATE journal SET who = 'eve'")
        connection.execute(catalog.links.delete())
        last = chain.link(connection, *chain.everything(connection))
    (book.path / "heads").write_text(f"{last}\n", encoding="utf-8")
    problems = check(open_book(book.path)).problems
    assert any(p.endswith("over no head of this book: it was rewritten, or this is another book") for p in problems)
    taken.path.chmod(0o600)
    taken.path.write_bytes(reply.read_bytes()[:-400])
    assert any(
        p.endswith("no time stamp that can be read: it was changed") for p in check(open_book(book.path)).problems
    )


def test_what_a_public_authority_gave() -> None:
    """The reply of timestamp.sigstage.dev over "hello" with its certificates, from the tests of rfc3161-client
    (https://github.com/trailofbits/rfc3161-client, test/fixtures/sigstage, made on 2025-05-09)."""
    stamp = stamps.read((HERE / "sigstage.tsr").read_bytes(), "sigstage.tsr")
    assert stamp.at == datetime(2025, 5, 9, 11, 58, 55, tzinfo=UTC) and stamp.by == "sigstore-tsa"
    assert stamp.imprint.hex().startswith("2cf24dba5fb0a30e26e83b2ac5b9e29e")  # SHA-256 of hello
    certificates = stamps.authority(HERE / "sigstage.pem")
    assert stamps.holds(stamp, certificates)
    flipped = bytearray(stamp.reply)
    flipped[-5] ^= 1
    assert not stamps.holds(stamps.read(bytes(flipped), ""), certificates)
    assert not stamp.of(Head(1, "a" * 64, "2026-01-01T00:00:00+00:00"))


@pytest.mark.parametrize("reply", [b"", b"0", b"\x30\x03\x02\x01\x00", b"\x30\x80" * 5_000, bytes(60_000)])
def test_what_is_no_reply(reply: bytes) -> None:
    with pytest.raises(CrossbookError, match="no reply of a time-stamping authority"):
        stamps.read(reply, "x.tsr")


def test_what_are_no_certificates(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("x", encoding="utf-8")
    for path, said in ((tmp_path / "x.pem", "no certificates"), (tmp_path / "none", "cannot be read")):
        with pytest.raises(CrossbookError, match=said):
            stamps.authority(path)
