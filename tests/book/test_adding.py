"""Adding: evidence, facts and catalog together or not at all; the same bytes once."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from crossbook import apart
from crossbook.book import Book
from crossbook.book.adding import Added, add
from crossbook.book.checking import check
from crossbook.book.opening import inputs
from crossbook.engine import raw_facts
from crossbook.errors import BadRowsError, CrossbookError, UnrecognisedError
from tests.conftest import GOLDEN

Put = Callable[..., Added]


def untouched(book: Book) -> bool:
    """Whether nothing was added and nothing lies about."""
    files = [p for folder in (book.evidence_dir, book.facts_dir) for p in folder.rglob("*") if p.is_file()]
    return not book.evidence() and not files


def golden(name: str) -> str:
    return (GOLDEN / name).read_text(encoding="utf-8")


def test_add_keeps_the_original_and_reads_it(book: Book, add_text: Put) -> None:
    text = golden("amazon_settlement.txt")
    added = add_text("s.txt", text)
    assert (added.status, added.source) == ("added", "amazon_settlement")
    assert added.facts == {"payout": 1, "settlement": 11}
    original = book.evidence_path(added.sha)
    assert original.read_text(encoding="utf-8") == text
    assert not original.stat().st_mode & 0o222
    (row,) = raw_facts(book).rows("SELECT sum(amount) AS total, max(line) AS last FROM settlement")
    assert (row["total"], row["last"]) == (9836, 13)


def test_the_same_bytes_again_change_nothing(book: Book, add_text: Put) -> None:
    text = golden("amazon_settlement.txt")
    add_text("s.txt", text)
    again = add_text("copy of s.txt", text)
    assert (again.status, again.known_as) == ("duplicate", "s.txt")
    assert len(book.evidence()) == 1


def test_archives_are_opened(book: Book, tmp_path: Path) -> None:
    text = golden("stripe_payouts.csv").encode()
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("x/ebay.csv", (GOLDEN / "ebay_transactions.csv").read_bytes())
        archive.writestr("__MACOSX/x", b"junk")
    found = inputs([tmp_path / "a.csv.gz", tmp_path / "b.zip"])
    assert [add(book, item).source for item in found] == ["stripe_payouts", "ebay_transactions"]
    assert [e["name"] for e in book.evidence()] == ["a.csv", "b.zip/x/ebay.csv"]


def test_unknown_file_keeps_the_reason_of_each_source(book: Book, add_text: Put) -> None:
    with pytest.raises(UnrecognisedError, match="no source recognises this file") as caught:
        add_text("x.csv", "a,b\n1,2\n")
    tried = dict(caught.value.tried)
    assert tried["camt"] == "not XML" and tried["amazon_settlement"].startswith("no line among the first")
    assert "not XML" not in str(caught.value)  # not forty reasons unasked
    assert untouched(book)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda s: s.replace("-12.00", "twelve"), "'twelve': not an amount"),
        (lambda s: s.replace("-12.00", "92233720368547758.08"), "over 10^17"),
        (lambda s: s.replace("\tUSD\t", "\tXQX\t"), "'XQX': unknown currency"),
        (lambda s: s.replace("2026-03-03\t", "2026-02-30\t", 1), "no such day"),
        (lambda s: s.replace("-12.00", "-12.001"), "finer than the currency's smallest unit"),
        (lambda s: s.replace("\t-12.00\t", "\t\t"), "empty"),
    ],
)
def test_bad_rows_are_refused_and_named(book: Book, add_text: Put, change: Callable[[str], str], told: str) -> None:
    with pytest.raises(BadRowsError) as caught:
        add_text("s.txt", change(golden("amazon_settlement.txt")))
    assert told in str(caught.value)
    assert "line " in str(caught.value)
    assert untouched(book)


def test_partial_leaves_bad_rows_out_and_says_so(book: Book, add_text: Put) -> None:
    added = add_text("s.txt", golden("amazon_settlement.txt").replace("-12.00", "twelve"), partial=True)
    assert added.status == "partial"
    assert [(b.line, b.column, b.value) for b in added.bad] == [(6, "amount", "twelve")]
    assert added.facts["settlement"] == 10
    assert book.evidence()[0]["bad_rows"] == 1


def test_at_most_twenty_bad_rows_are_listed(add_text: Put) -> None:
    head = golden("stripe_payouts.csv").split("\n")[0]
    row = "po_1,2026-03-05 00:00:00,txn_{i},2026-03-01 09:12:44,2026-03-03 00:00:00,usd,x,0,1,charge,,,,,,,"
    with pytest.raises(BadRowsError) as caught:
        add_text("p.csv", "\n".join([head, *(row.format(i=i) for i in range(50))]))
    assert "50 row(s) cannot be read" in str(caught.value)
    assert "and 30 more" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("wrong delimiter", golden("amazon_settlement.txt").replace("\t", "|"), "no source recognises"),
        ("missing column", golden("amazon_settlement.txt").replace("\tamount\t", "\tamnt\t"), "no source recognises"),
        ("empty", "", "empty"),
        ("header only", golden("stripe_balance.csv").split("\n")[0] + "\n", "holds no rows"),
        (
            "lines before the summary",
            "\n".join([golden("amazon_settlement.txt").split("\n")[i] for i in (0, 2, 3)]),
            "no summary row",
        ),
        ("both number formats", golden("amazon_settlement_de.txt").replace("-187,35", "-187.35"), "in one file"),
        ("cut-off PayPal report", golden("paypal_settlement.csv")[:2500], "cut off"),
        ("a count that does not hold", golden("paypal_settlement.csv").replace('"SC",8', '"SC",9'), "says 9 rows, 8"),
        ("cut-off statement", golden("camt.xml")[:900], "not well-formed XML"),
        ("cut-off OFX", golden("ofx.ofx")[:700], "cut off"),
    ],
    ids=lambda v: v if isinstance(v, str) and len(v) < 40 else "",
)
def test_broken_files(book: Book, add_text: Put, name: str, text: str, told: str) -> None:
    with pytest.raises(CrossbookError) as caught:
        add_text("file.txt", text)
    assert told in str(caught.value), name
    assert untouched(book)


def test_entities_are_refused(book: Book, add_text: Put) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)
    )
    text = golden("camt.xml").replace("<Document", bomb + "]>\n<Document", 1).replace("AMAZON DIS", "&j;")
    with pytest.raises(CrossbookError, match="document type declaration"):
        add_text("bomb.xml", text)
    stolen = golden("camt.xml").replace(
        "<Document", '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Document', 1
    )
    with pytest.raises(CrossbookError, match="document type declaration"):
        add_text("steal.xml", stolen.replace("AMAZON DIS", "&f;"))
    assert untouched(book)


def test_zip_bombs_are_refused(book: Book, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb.csv", "w") as member:
        for _ in range(160):
            member.write(b"0" * (1 << 20))
    (tmp_path / "bomb.zip").write_bytes(out.getvalue())
    (item,) = inputs([tmp_path / "bomb.zip"])
    with pytest.raises(CrossbookError, match="unpacks to more than"):
        add(book, item)
    assert untouched(book)


@pytest.mark.parametrize("content", [b"PK\x03\x04 not a zip", gzip.compress(b"x" * 100, mtime=0)[:-12]])
def test_damaged_archives(book: Book, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(CrossbookError, match=r"damaged|no source"):
        add(book, inputs([path])[0])
    assert untouched(book)


def test_folders_and_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CrossbookError, match="holds no files"):
        inputs([tmp_path / "empty"])
    with pytest.raises(CrossbookError, match="no such file"):
        inputs([tmp_path / "nothing.csv"])
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CrossbookError, match="not a regular file"):
        inputs([tmp_path / "pipe"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(CrossbookError, match="may not be read"):
        inputs([path])


@pytest.mark.parametrize("how", ["grows", "is replaced", "goes"])
def test_a_file_that_changes_while_it_is_read_is_not_added(book: Book, tmp_path: Path, how: str) -> None:
    path = tmp_path / "s.txt"
    path.write_text(golden("amazon_settlement.txt"), encoding="utf-8")
    (item,) = inputs([path])

    def change(stage: str, done: int) -> None:
        if stage == "store" and how == "grows":
            with path.open("ab") as file:
                file.write(b"more")
        elif stage == "store":
            path.unlink()
            if how == "is replaced":
                path.write_text(golden("amazon_settlement.txt"), encoding="utf-8")

    with pytest.raises(CrossbookError, match="it changed while it was read"):
        add(book, item, progress=change)
    assert untouched(book)


def test_a_full_disk_leaves_the_book_as_it_was(book: Book, add_text: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    import pyarrow.parquet as pq

    def full(*args: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(apart, "run", apart.direct)
    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    with pytest.raises(CrossbookError, match="the disk is full; nothing was written"):
        add_text("s.txt", golden("amazon_settlement.txt"))
    monkeypatch.undo()
    assert untouched(book)
    assert not check(book).problems


def test_a_file_of_which_no_row_can_be_read_says_why_in_part_too(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "transfer id,executed at,payer account,payee account,paid,currency\nT1,2026-03-01,A,B,1.234.5,EUR\n"
    )
    with pytest.raises(BadRowsError, match=r"line 2, column 'paid'"):
        add(book, next(iter(inputs([path]))), partial=True)
    assert book.evidence() == []
