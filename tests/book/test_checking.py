"""Check finds what was changed or lost; rebuild makes the same facts again; the journal shows tampering."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from crossbook.book import Book, open_book
from crossbook.book.adding import Added
from crossbook.book.checking import BUSY, check, rebuild
from tests.conftest import GOLDEN

Put = Callable[..., Added]


def filled(add_text: Put) -> list[Added]:
    return [add_text(p.name, p.read_bytes()) for p in sorted(GOLDEN.iterdir()) if p.suffix != ".json"]


def test_a_sound_book(book: Book, add_text: Put) -> None:
    added = filled(add_text)
    report = check(book)
    assert not report.problems
    assert report.evidence == len(added)
    assert report.fact_files == sum(len(a.facts) for a in added)


def test_changed_and_missing_files_are_found(book: Book, add_text: Put) -> None:
    first, second, *_ = filled(add_text)
    evidence = book.evidence_path(first.sha)
    evidence.chmod(0o644)
    evidence.write_bytes(evidence.read_bytes() + b" ")
    book.fact_path("settlement", second.sha).unlink()
    problems = "\n".join(check(book).problems)
    assert f"evidence {first.name} ({first.sha[:12]}): changed since it was added" in problems
    assert f"facts settlement/{second.sha[:12]}: missing; run `crossbook book rebuild`" in problems


def everything(book: Book) -> dict[str, bytes]:
    """All files of a book but the database's own working files, with their bytes."""
    files = [p for p in book.path.rglob("*") if p.is_file() and not p.name.startswith("catalog.sqlite-")]
    return {str(p.relative_to(book.path)): p.read_bytes() for p in files}


def test_leftovers_are_named_and_kept(book: Book, add_text: Put) -> None:
    filled(add_text)
    (book.evidence_dir / "0123.part").write_bytes(b"half")
    (book.facts_dir / "settlement" / "gone.parquet").write_bytes(b"half")
    before = everything(book)
    for _ in range(2):
        report = check(book)
        assert report.orphans == ["evidence/0123.part", "facts/settlement/gone.parquet"]
        assert not report.problems and not report.sound
    assert everything(book) == before


def test_originals_that_an_older_catalog_does_not_name_survive(book: Book, add_text: Put) -> None:
    add_text("a.txt", (GOLDEN / "amazon_settlement.txt").read_bytes())
    book.engine.dispose()
    older = (book.path / "catalog.sqlite").read_bytes()
    second = add_text("b.csv", (GOLDEN / "stripe_payouts.csv").read_bytes())
    facts = [str(p.relative_to(book.path)) for p in book.facts_dir.rglob("*.parquet")]
    book.engine.dispose()
    named = {str(book.fact_path(kind, second.sha).relative_to(book.path)) for kind in second.facts}
    for left in book.path.glob("catalog.sqlite-*"):
        left.unlink()
    (book.path / "catalog.sqlite").write_bytes(older)
    before = everything(book)
    report = check(open_book(book.path))
    assert report.orphans == sorted([f"evidence/{second.sha[:2]}/{second.sha}", *named])
    assert not report.sound and set(facts) >= named
    assert everything(book) == before


def test_check_leaves_no_trace(book: Book) -> None:
    before = set(everything(book))
    assert check(book).sound
    assert set(everything(book)) == before


def test_while_files_are_added_nothing_is_called_an_orphan(book: Book, add_text: Put) -> None:
    filled(add_text)
    (book.evidence_dir / "0123.part").write_bytes(b"half")
    with book.lock(shared=True):
        report = check(book)
    assert (report.orphans, report.notes) == ([], [BUSY])


def test_what_cannot_be_read_is_a_problem(book: Book, add_text: Put) -> None:
    first, *_ = filled(add_text)
    path = book.evidence_path(first.sha)
    path.unlink()
    path.mkdir()
    (problem,) = check(book).problems
    assert problem.startswith(f"evidence {first.name} ({first.sha[:12]}): cannot be read (")


def test_rebuild_makes_the_same_bytes(book: Book, add_text: Put) -> None:
    filled(add_text)
    before = {p: p.read_bytes() for p in book.facts_dir.rglob("*.parquet")}
    for path in before:
        path.unlink()
    report = rebuild(book)
    assert not report.problems
    assert {p: p.read_bytes() for p in book.facts_dir.rglob("*.parquet")} == before
    assert not check(book).problems


def test_history_cannot_be_changed_unseen(book: Book) -> None:
    for i in range(5):
        book.decide("match", f"p{i}", {"why": "測試"}, "ann")
    assert not check(book).problems
    with book.engine.begin() as connection:
        connection.execute(sa.text("UPDATE journal SET who = 'bob' WHERE seq = 3"))
    assert check(open_book(book.path)).problems == ["journal: entry 3 was changed, removed or reordered"]
    with book.engine.begin() as connection:
        connection.execute(sa.text("UPDATE journal SET who = 'ann' WHERE seq = 3"))
        connection.execute(sa.text("DELETE FROM journal WHERE seq = 2"))
    assert check(open_book(book.path)).problems == [
        "journal 2: removed from the catalog by another program",
        "journal: entry 3 was changed, removed or reordered",
    ]


def test_retired_evidence_is_not_used(book: Book, add_text: Put) -> None:
    from crossbook.engine import raw_facts

    added = add_text("s.txt", (GOLDEN / "amazon_settlement.txt").read_bytes())
    book.decide("retire", added.sha, {"why": "a draft"})
    assert raw_facts(book).rows("SELECT count(*) AS n FROM settlement") == [{"n": 0}]
    book.decide("reinstate", added.sha, {})
    assert raw_facts(book).rows("SELECT count(*) AS n FROM settlement") == [{"n": 11}]


def test_a_mapping_that_was_decided_and_is_not_there(book: Book) -> None:
    """As after a crash between the journal's entry and the file."""
    book.decide("map", "my bank", {"mapping": "kind = 'bank'"})
    book.decide("map", "old", {"mapping": "kind = 'bank'"})
    book.decide("unmap", "old", {})
    assert check(book).problems == ["mapping my bank: missing; decide the reading again: crossbook decide reading"]
