"""What SECURITY.md says is found of a changed history, with and without a head that was kept, on either catalog."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from crossbook.book import Book, catalog, chain, heads, journal, layout, open_book, signing
from crossbook.book.accounts import put_user, remove_user
from crossbook.book.adding import add
from crossbook.book.checking import Report, check, rebuild
from crossbook.book.opening import Input
from crossbook.engine import raw_facts
from crossbook.errors import CrossbookError
from tests.conftest import GOLDEN

SETTING = "setting facts: its row in the catalog was changed by another program"
EDITS = {
    "update evidence set source = 'camt', account = 'evil'": (
        "evidence a.csv ({sha}): its row in the catalog was changed by another program"
    ),
    "update evidence set added_at = '2024-01-01T00:00:00.000000+00:00'": (
        "evidence a.csv ({sha}): its row in the catalog was changed by another program"
    ),
    "update fact_file set rows = rows + 1": (
        "facts of a.csv ({sha}): its row in the catalog was changed by another program"
    ),
    """update "user" set role = 'approver'""": "user bo: its row in the catalog was changed by another program",
    """delete from "user" """: "user bo: removed from the catalog by another program",
    """insert into "user" values ('eve', 'approver', 'x', 'y')""": "user eve: put into the catalog by another program",
    "update setting set value = 'by evidence' where name = 'facts'": SETTING,
    "delete from journal where seq = 3": "journal 3: removed from the catalog by another program",
    "delete from journal": "journal 1: removed from the catalog by another program",
    "update journal set who = 'eve' where seq = 3": "journal: entry 3 was changed, removed or reordered",
    "delete from link where seq = 5": "chain: link 5 was changed, removed or reordered",
    "update link set at = '2024-01-01T00:00:00.000000+00:00' where seq = 5": (
        "chain: link 5 was changed, removed or reordered"
    ),
}


@pytest.fixture
def lived(either: Book) -> Book:
    """A book with a file, an account and two decisions: eight links."""
    add(either, Input(GOLDEN / "stripe_payouts.csv", "a.csv"))
    put_user(either, "bo", "preparer", "four words are enough", "root")
    either.decide("retire", "x", {}, "ann")
    either.decide("reinstate", "x", {}, "ann")
    return either


def sql(book: Book, *statements: str) -> None:
    with book.engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def found(book: Book, *kept: str) -> Report:
    return check(open_book(book.path), kept=[head for told in kept for head in heads.given(told)])


def forge(book: Book, statement: str) -> None:
    """Change a row, and make chain and heads anew so that they fit it, as somebody who may write both can."""
    sql(book, statement)
    with catalog.writing(book.engine) as connection:
        connection.execute(catalog.links.delete())
        head = chain.link(connection, *chain.everything(connection))
    (book.path / heads.FILE).write_text(f"{head}\n", encoding="utf-8")


def test_the_head_is_printed_and_stands_beside_the_book(lived: Book) -> None:
    report = found(lived)
    assert report.sound and not report.notes
    lines = (lived.path / heads.FILE).read_text(encoding="utf-8").splitlines()
    assert report.head == lines[-1] and report.head.startswith("8:")
    assert [line.split(":")[0] for line in lines] == ["2", "4", "5", "6", "7", "8"]  # one a transaction
    remove_user(lived, "bo", "root")
    assert rebuild(lived).problems == [] and found(lived, report.head).sound


@pytest.mark.parametrize("statement", EDITS)
def test_what_another_program_does_to_a_row_is_found(lived: Book, statement: str) -> None:
    sha = lived.evidence()[0]["sha"][:12]
    sql(lived, statement)
    assert EDITS[statement].format(sha=sha) in found(lived).problems


def test_an_original_and_its_facts_taken_out_of_the_catalog(lived: Book) -> None:
    sha = lived.evidence()[0]["sha"]
    sql(lived, "delete from fact_file", "delete from evidence")
    report = found(lived)
    assert f"evidence {sha[:12]}: removed from the catalog by another program" in report.problems
    assert f"evidence/{sha[:2]}/{sha}" in report.orphans


def test_many_rows_are_not_all_named(lived: Book) -> None:
    for n in range(9):
        lived.decide("match", f"p{n}", {}, "ann")
    sql(lived, "delete from journal")
    assert "and 7 more: removed from the catalog by another program" in found(lived).problems


CUT = ("delete from journal where seq > 1", "delete from link where seq > 6")


def test_last_changes_cut_off_with_their_links_are_found_by_the_heads_beside_the_book(lived: Book) -> None:
    sql(lived, *CUT)
    (problem,) = found(lived).problems
    assert (
        problem.startswith("heads: the catalog is no later state of head 8 of 2") and "it ends at link 6 of" in problem
    )
    lived.decide("match", "p1", {}, "ann")
    lived.decide("match", "p2", {}, "ann")
    (problem,) = found(lived).problems  # as many links again, but others
    assert "it has another link 7" in problem


def test_who_sets_back_catalog_and_heads_together_is_found_by_a_kept_head_alone(lived: Book, tmp_path: Path) -> None:
    kept = found(lived).head
    sql(lived, *CUT)
    beside = lived.path / heads.FILE
    lines = beside.read_text(encoding="utf-8").splitlines(keepends=True)
    beside.write_text("".join(lines[:-2]), encoding="utf-8")
    assert found(lived).sound
    assert "no later state of head 8" in found(lived, kept).problems[0]
    assert "no later state of head 8" in found(lived, kept.split("@")[0][:20]).problems[0]  # as one writes it down
    (tmp_path / "file").write_text("".join(lines), encoding="utf-8")
    assert "no later state of head 8" in found(lived, str(tmp_path / "file")).problems[0]


def test_who_rewrites_catalog_chain_and_heads_together_is_found_by_a_kept_head_alone(lived: Book) -> None:
    kept = found(lived).head
    forge(lived, "update evidence set account = 'evil'")
    assert found(lived).sound
    assert "it has another link 8" in found(lived, kept).problems[0]


def test_what_is_rewritten_after_a_kept_head_is_not_found_by_it(lived: Book) -> None:
    kept = found(lived).head
    lived.decide("match", "p1", {}, "ann")
    sql(lived, "delete from journal where seq > 3", "delete from link where seq > 8")
    beside = lived.path / heads.FILE
    beside.write_text("".join(beside.read_text().splitlines(keepends=True)[:-1]))
    report = found(lived, kept)
    assert report.sound and report.notes == ["the book is a later state of the head that was kept, 8: 0 changes since"]


def test_a_head_with_another_time_is_not_of_this_book(lived: Book) -> None:
    head = chain.read_head(found(lived).head)
    assert head is not None
    earlier = chain.Head(head.count, head.hash, "2024" + head.at[4:])
    assert "it has another link 8" in found(lived, str(earlier)).problems[0]


def test_what_is_dated_before_the_change_ahead_of_it_is_found(lived: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    class Back(datetime):
        @classmethod
        def now(cls, tz: object = None) -> Back:  # type: ignore[override]
            return cls.fromtimestamp((datetime.now(UTC) - timedelta(days=40)).timestamp(), UTC)

    for module in (chain, journal):
        monkeypatch.setattr(module, "datetime", Back)
    lived.decide("match", "p1", {}, "ann")
    monkeypatch.undo()
    (problem,) = found(lived).problems
    assert problem.startswith("chain: link 9 (journal 4) is dated ") and problem.endswith("or it was backdated")


def test_heads_that_were_removed_or_changed_are_found(lived: Book) -> None:
    beside = lived.path / heads.FILE
    text = beside.read_text(encoding="utf-8")
    beside.write_text(text.replace("8:", "8;"), encoding="utf-8")
    assert "heads: line 6 cannot be read: it was changed" in found(lived).problems
    flipped = text[:-100] + ("0" if text[-100] != "0" else "1") + text[-99:]
    beside.write_text(flipped, encoding="utf-8")
    assert not found(lived).sound
    beside.unlink()
    assert found(lived).problems == [heads.MISSING]
    lived.decide("match", "p1", {}, "ann")
    assert found(lived).problems == [heads.MISSING]  # a change does not hide it


def test_heads_may_lag_and_a_torn_line_is_left_out(lived: Book) -> None:
    beside = lived.path / heads.FILE
    text = beside.read_text(encoding="utf-8")
    beside.write_text(text[:-30], encoding="utf-8")
    report = found(lived)
    assert report.sound
    assert report.notes == ["the file heads ends at link 7 of 8; the next change adds it"]
    lived.decide("match", "p1", {}, "ann")
    report = found(lived)
    assert report.sound and report.notes == ["heads: line 6 was torn off by a crash"]


def test_heads_that_were_emptied_shortened_or_say_that_there_was_a_recovery(lived: Book) -> None:
    beside = lived.path / heads.FILE
    lines = beside.read_text(encoding="utf-8").splitlines()

    def put(*told: str) -> Report:
        beside.write_text("".join(f"{line}\n" for line in told), encoding="utf-8")
        return found(lived)

    assert put().problems == [heads.EMPTY]
    assert put(*lines[:-1], lines[-1][:40]).problems == ["heads: line 6 was changed"]
    (problem,) = put(*lines[:-1], f"{lines[-1]} recovered 1").problems
    assert problem == "heads: line 6 tells of a recovery that the journal does not have: it was changed"
    cut = ("delete from journal where seq > 1", "delete from link where seq > 6")
    put()
    lived.decide("match", "p1", {}, "ann")
    assert found(lived).problems == [heads.EMPTY]  # a change does not hide it
    sql(lived, *cut)
    assert len(put(*lines, f"{lines[3]} recovered 6").problems) == 2  # that line, and the cut


def test_a_catalog_that_says_an_older_layout_is_held_against_its_chain(lived: Book) -> None:
    sql(lived, "update setting set value = '1' where name = 'schema'", "update evidence set account = 'evil'")
    report = found(lived)
    assert "the catalog says that it has layout 1, of which no book has a chain" in report.problems
    assert any("another program" in problem for problem in report.problems)
    with pytest.raises(CrossbookError, match="no book has a chain"), lived.engine.begin() as connection:
        layout.bring_over(connection, "ann", {})


@pytest.mark.parametrize(
    "statement",
    [
        "delete from fact_file",
        "update fact_file set rows = 0",
        "update evidence set account = 'evil'",
        "delete from journal where seq = 3",
        "update journal set body = '{' where seq = 3",
        "update journal set action = 'retire' where seq = 3",
    ],
)
def test_a_catalog_that_another_program_changed_gives_no_figures(lived: Book, statement: str) -> None:
    raw_facts(lived)
    sql(lived, statement)
    with pytest.raises(CrossbookError, match="changed by another program"):
        raw_facts(open_book(lived.path))
    assert not found(lived).sound


@pytest.mark.parametrize(
    "place", ["evidence.name", "evidence.seq", "fact_file.kind", "link.key", "link.hash", "journal.who"]
)
def test_what_is_no_text_in_a_row_is_named(book: Book, place: str) -> None:
    add(book, Input(GOLDEN / "stripe_payouts.csv", "a.csv"))
    book.decide("retire", "x", {}, "ann")
    table, _, column = place.partition(".")
    last = f"rowid = (select max(rowid) from {table})"
    with book.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql(f"UPDATE {table} SET {column} = x'ff00' WHERE {last}")
        connection.commit()
    assert not found(book).sound


def test_an_index_that_lost_rows_is_named_and_gives_no_figures(book: Book) -> None:
    """A lost block of an index hides rows from some queries and from others not."""
    add(book, Input(GOLDEN / "stripe_payouts.csv", "a.csv"))
    with book.engine.connect() as connection:
        (root,) = connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_fact_file_1'"
        ).one()
        (size,) = connection.exec_driver_sql("PRAGMA page_size").one()
    book.engine.dispose()
    with (book.path / "catalog.sqlite").open("r+b") as file:
        file.seek((root - 1) * size + 3)
        file.write(b"\0\0")  # how many entries its page has
    assert found(book).problems[0].startswith("the catalog is damaged: its tables and indexes do not agree; recover it")
    with pytest.raises(CrossbookError, match="tables and indexes do not agree"):
        raw_facts(open_book(book.path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_in_the_place_of_a_file_is_named(book: Book) -> None:
    """It would be waited for without end."""
    added = add(book, Input(GOLDEN / "stripe_payouts.csv", "a.csv"))
    facts = book.fact_files()[0].path
    for path in (book.evidence_path(added.sha), facts):
        path.unlink()
        os.mkfifo(path)
    assert [p.split("(")[-1] for p in found(book).problems] == [
        f"it is no file); {todo}" for todo in ("restore it from a backup", "run `crossbook book rebuild`")
    ]
    with pytest.raises(CrossbookError, match="changed since they were read"):
        raw_facts(book)
    book.engine.dispose()
    for name, said in (("heads", "it is no file"), ("catalog.sqlite", "the catalog is no file")):
        (book.path / name).unlink()
        os.mkfifo(book.path / name)
        with pytest.raises(CrossbookError, match=said):
            found(book)
        (book.path / name).unlink()


@pytest.mark.parametrize("told", ["", "x", "8", "0:" + "a" * 64, "8:abc", "/dev/null", "/"])
def test_what_is_no_head(told: str) -> None:
    with pytest.raises(CrossbookError, match="head"):
        heads.given(told)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("no ssh-keygen")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"], check=True)
    return tmp_path / "key"


def test_a_signed_head(book: Book, key: Path, tmp_path: Path) -> None:
    """As with a kept head, but for this: who sets the book back to a head that was signed before is not found."""
    head = chain.read_head(check(book).head)
    assert head is not None
    public, of = signing.public(key.with_name("key.pub")), signing.sign(head, key)
    assert public == of[0] and signing.holds(head, *of)
    before = check(book, signer=public)
    assert before.problems == ["no head of this book is signed by that key"]
    heads.write(book.path, head, heads.SIGNED, *of)
    book.decide("match", "p1", {}, "ann")
    report = check(book, signer=public)
    assert report.sound
    assert report.notes == ["the book is a later state of the last head that this key signed, 2: 1 changes since"]
    other = chain.Head(head.count, head.hash[:-1] + ("1" if head.hash[-1] == "0" else "0"), head.at)
    assert not signing.holds(other, *of)
    beside = book.path / heads.FILE
    beside.write_text(beside.read_text().replace(of[1], of[1][::-1]))
    assert "heads: line 2 has a signature that is not of its key" in check(book, signer=public).problems
    with pytest.raises(CrossbookError, match="no public Ed25519 key"):
        signing.public(key)
    with pytest.raises(CrossbookError, match="no private Ed25519 key"):
        signing.sign(head, key.with_name("key.pub"))


def test_a_locked_key(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl")
    key = tmp_path / "key"
    words = ["-algorithm", "ed25519", "-aes-256-cbc", "-pass", "pass:open sesame", "-out", key]
    subprocess.run(["openssl", "genpkey", *words], check=True)
    head = chain.Head(1, "a" * 64, "")
    for word in (None, "open barley"):
        with pytest.raises(signing.LockedKeyError):
            signing.sign(head, key, word)
    assert signing.holds(head, *signing.sign(head, key, "open sesame"))


def test_a_key_of_openssl(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl")
    key, public, head = tmp_path / "key", tmp_path / "pub", chain.Head(1, "a" * 64, "")
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
    subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", public], check=True)
    told = signing.sign(head, key)
    assert told[0] == signing.public(public) and signing.holds(head, *told)
    # the same bytes, as OpenSSL itself sees them
    (tmp_path / "told").write_text(f"head of crossbook: {head}", encoding="utf-8")
    import base64

    (tmp_path / "signature").write_bytes(base64.b64decode(told[1]))
    words = ["-rawin", "-pubin", "-inkey", public, "-in", tmp_path / "told", "-sigfile", tmp_path / "signature"]
    subprocess.run(["openssl", "pkeyutl", "-verify", *words], check=True, stdout=subprocess.DEVNULL)
