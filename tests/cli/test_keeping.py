"""Checking against a kept head, signing, repairing and upgrading on the command line: words and exit codes."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from crossbook.book import Book, open_book
from crossbook.cli.former import NOW
from tests.cli.running import run
from tests.cli.test_tree import EVERY
from tests.conftest import GOLDEN

KEPT = Path(__file__).parents[1] / "book" / "kept" / "0.8.zip"


def test_a_head_that_was_kept(book: Book) -> None:
    first = run("book", "check", book=book.path)
    assert first.returncode == 0
    head = next(line.split()[1] for line in first.stdout.splitlines() if line.startswith("head "))
    book.decide("match", "p1", {}, "ann")
    told = run("book", "check", "--against", head, book=book.path)
    assert told.returncode == 0
    assert "the book is a later state of the head that was kept, 2: 1 changes since" in told.stdout
    with book.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM journal")
    cut = run("book", "check", "--against", head, "--lang", "zh", book=book.path)
    assert cut.returncode == 1 and "journal 1：被其他程序从目录中删除" in cut.stdout
    assert "keep it elsewhere" not in run("book", "check", book=book.path).stdout
    wrong = run("book", "check", "--against", "no-head", book=book.path)
    assert wrong.returncode == 2 and "neither a head nor a file of heads" in wrong.stderr


def test_signing(book: Book, tmp_path: Path) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("no ssh-keygen")
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    unsigned = run("book", "check", "--signed-by", f"{key}.pub", book=book.path)
    assert unsigned.returncode == 1 and "no head of this book is signed by that key" in unsigned.stdout
    told = json.loads(run("book", "check", "--sign", key, "--json", book=book.path).stdout)
    assert told["signature"].startswith(f"{told['head']} signed ")
    assert (book.path / "heads").read_text().splitlines()[-1] == told["signature"]
    assert run("book", "check", "--signed-by", f"{key}.pub", book=book.path).returncode == 0
    (book.path / "heads").unlink()
    refused = run("book", "check", "--sign", key, book=book.path)
    assert refused.returncode == 2 and "nothing was signed" in refused.stderr


def test_a_query_for_a_time_stamp(book: Book, tmp_path: Path) -> None:
    query = tmp_path / "head.tsq"
    told = run("book", "stamp", "--query", query, book=book.path)
    assert told.returncode == 0 and "timestamp-query" in told.stdout and query.stat().st_size > 50
    public = Path(__file__).parents[1] / "book" / "stamped" / "sigstage.tsr"
    other = run("book", "stamp", public, "--authority", public.with_suffix(".pem"), book=book.path)
    assert other.returncode == 2 and "the time stamp is over no head of this book" in other.stderr
    for words in ((), (public,), (public, "--query", query)):
        assert run("book", "stamp", *words, book=book.path).returncode == 2


def test_names_of_before(book: Book) -> None:
    """Scripts of the first versions go on: what they call is done, and how it is called now is said."""
    for number in range(2):
        done = run("add", GOLDEN / ("stripe_payouts.csv", "camt.xml")[number], book=book.path)
        assert done.returncode == 0, done.stderr
    retired = run("retire", "camt.xml", "--why", "x", book=book.path)
    assert retired.returncode == 0 and "crossbook retire is called crossbook book retire now" in retired.stderr
    assert run("retire", "camt.xml", "--undo", "--why", "y", book=book.path).returncode == 0
    assert [e.action for e in book.journal()] == ["retire", "reinstate"]
    told = run("check", "--json", book=book.path)
    assert told.returncode == 0 and json.loads(told.stdout)["evidence"] == 2
    assert all(tuple(now.split()) in EVERY for now in NOW.values())
    assert not any((name,) in EVERY for name in NOW)


def test_repair_and_upgrade(tmp_path: Path) -> None:
    with zipfile.ZipFile(KEPT) as archive:
        archive.extractall(tmp_path / "book")
    book = tmp_path / "book"
    assert "crossbook book upgrade" in run("book", "repair", book=book).stderr
    done = run("book", "upgrade", book=book)
    assert done.returncode == 0 and "the book has layout 2 now, before it had 1" in done.stdout
    assert run("book", "upgrade", book=book).stdout.strip() == "the book has the layout of today, 2; nothing was to do"
    assert run("book", "repair", book=book).stdout.strip() == "nothing was to be repaired"
    (book / "evidence" / "x.part").write_bytes(b"half")
    mended = run("book", "repair", book=book)
    assert mended.returncode == 0 and "evidence/x.part: moved to quarantine/1" in mended.stdout
    assert [e.action for e in open_book(book).journal()][-2:] == ["upgrade", "repair"]
