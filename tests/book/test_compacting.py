"""Compacting merges files of facts and loses nothing: whatever is stopped, retired, damaged or backed up around it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from crossbook.book import Book, compacting, init_book, layout, open_book, sharing
from crossbook.book.adding import add
from crossbook.book.backup import backup
from crossbook.book.checking import check, rebuild
from crossbook.book.compacting import compact
from crossbook.book.opening import inputs
from crossbook.book.recovery import recover
from crossbook.book.repair import repair
from crossbook.decisions.telling import journal
from crossbook.engine import raw_facts
from crossbook.engine.duck import fact_rows
from crossbook.errors import CrossbookError
from tests.conftest import GOLDEN

SETTLEMENT = (GOLDEN / "amazon_settlement.txt").read_text(encoding="utf-8")


def put(book: Book, folder: Path, *numbers: int) -> list[str]:
    """Add settlement reports of 11 lines and a payout each, and give their hashes."""
    made = []
    for n in numbers:
        path = folder / f"in-{n}.txt"
        path.write_text(SETTLEMENT.replace("18906543210", str(10_000_000 + n)), encoding="utf-8")
        (item,) = inputs([path])
        made.append(add(book, item).sha)
    return made


def rows(book: Book) -> list[dict[str, Any]]:
    """All facts of both kinds, with their evidence and lines."""
    opened = open_book(book.path)
    database = raw_facts(opened)
    told = "SELECT * FROM {} ORDER BY evidence, line, kind, type, amount, item"
    found = database.rows(told.format("settlement"))
    found += database.rows("SELECT * FROM payout ORDER BY evidence, line")
    database.close()
    opened.engine.dispose()
    return found


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with three reports, to copy."""
    folder = tmp_path_factory.mktemp("three")
    made = init_book(folder / "book", "Test business", "CNY")
    put(made, folder, 1, 2, 3)
    made.engine.dispose()
    return made.path


@pytest.fixture
def held(three: Path, tmp_path: Path) -> Book:
    return open_book(shutil.copytree(three, tmp_path / "held"))


def files(book: Book) -> set[Path]:
    return {file.path for file in book.fact_files()}


def test_few_sorted_files_have_the_same_rows(either: Book, tmp_path: Path) -> None:
    shas = put(either, tmp_path, 1, 2, 3)
    before, one = rows(either), fact_rows(either, "settlement", shas[1])
    done = compact(either)
    assert (done.files_before, done.files_after, done.kinds, done.notes) == (6, 2, ["payout", "settlement"], [])
    assert rows(either) == before and len(before) == 3 * 12
    assert fact_rows(either, "settlement", shas[1]) == one and len(one) == 11
    (path,) = (path for path in files(either) if path.parent.name == "settlement")
    table = pq.read_table(path).to_pylist()
    assert [r["order_id"] or "~" for r in table] == sorted(r["order_id"] or "~" for r in table)
    assert {(r["evidence"], r["line"]) for r in table} == {(r["evidence"], r["line"]) for r in before if "gross" in r}
    assert check(either).sound
    assert len(list(either.path.glob("set-aside/facts/*/*.parquet"))) == 6
    assert journal(either)[-1].text == "6 files of facts were merged into 2"
    seen = files(either)
    assert compact(either).kinds == [] and files(either) == seen and len(either.journal()) == 1
    put(either, tmp_path, 4)
    either.decide("match", "p1", {}, "li")
    assert compact(either).files_before == 4 and len(rows(either)) == 4 * 12 and check(either).sound


def test_what_is_out_of_use_is_not_read(book: Book, tmp_path: Path) -> None:
    shas = put(book, tmp_path, 1, 2, 3, 4, 5)
    book.decide("retire", shas[3], {}, "li")
    book.decide("retire", shas[4], {}, "li")
    compact(book)
    assert len(files(book)) == 4  # those out of use lie apart
    book.decide("retire", shas[0], {}, "li")
    assert {r["evidence"] for r in rows(book)} == {shas[1], shas[2]}
    for sha in shas:
        book.decide("reinstate", sha, {}, "li")
    assert len(rows(book)) == 5 * 12
    compact(book)
    assert len(files(book)) == 2 and len(rows(book)) == 5 * 12 and check(book).sound


def test_originals_read_again_leave_a_merged_file_one_by_one(held: Book, tmp_path: Path) -> None:
    shas = [e["sha"] for e in held.evidence()]
    before, apart = rows(held), files(held)
    compact(held)
    rebuild(held, only=shas[0])
    assert rows(held) == before and len(files(held)) == 4 and check(held).sound
    rebuild(held)
    assert files(held) == apart and rows(held) == before and check(held).sound


def test_a_damaged_merged_file_is_named_with_its_cure(held: Book, tmp_path: Path) -> None:
    before = rows(held)
    compact(held)
    (path,) = (path for path in files(held) if path.parent.name == "settlement")
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    digits = path.stem[:12]
    (problem,) = check(held).problems
    assert problem == (
        f"facts settlement of 3 originals ({digits}): changed since it was added; run `crossbook book rebuild {digits}`"
    )
    with pytest.raises(CrossbookError, match="no figure is made of them") as error:
        rows(held)
    assert error.value.todo == f"make them anew: crossbook book rebuild {digits}"
    assert rebuild(held, only=digits).evidence == 3
    assert rows(held) == before and check(held).sound


def test_backups_before_between_and_after(held: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, kept = rows(held), tmp_path / "kept"
    assert backup(held, kept).fact_files == 6
    whole = sharing.set_aside_unnamed
    between = []

    def backed_up(of: Book, paths: set[Path]) -> None:
        between.append(backup(open_book(of.path), kept))
        whole(of, paths)

    monkeypatch.setattr("crossbook.book.compacting.set_aside_unnamed", backed_up)
    compact(held)
    assert [(b.fact_files, b.problems) for b in between] == [(2, [])] and backup(held, kept).copied == 0
    for number in (1, 2, 3):
        recover(kept, tmp_path / f"again-{number}", number=number)
        again = open_book(tmp_path / f"again-{number}")
        assert rows(again) == before and check(again).sound


STEPS = ("fact_writer", "hash_and_sync", "place", "chain.link", "journal.append", "set_aside_unnamed")


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_nothing_is_lost(held: Book, tmp_path: Path, step: str) -> None:
    before, named = rows(held), files(held)
    held.engine.dispose()
    process = os.fork()
    if not process:
        owner: Any = compacting
        *rooms, name = step.split(".")
        for room in rooms:
            owner = getattr(owner, room)
        setattr(owner, name, lambda *a, **k: os._exit(9))
        compact(open_book(held.path))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 9
    report = check(held)
    assert not report.problems and rows(held) == before
    assert (files(held) == named) == (step != "set_aside_unnamed")
    held.engine.dispose()
    assert repair(held).after.sound
    assert len(files(held)) in (2, 6) and compact(open_book(held.path)).files_after == 2
    assert rows(held) == before and check(open_book(held.path)).sound


def test_another_who_reads_an_original_anew_meanwhile_is_not_overruled(
    held: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shas = [e["sha"] for e in held.evidence()]
    before = rows(held)
    compact(held)
    put(held, tmp_path, 4)
    naming: Callable[..., bool] = compacting._name
    tries = list[bool]()

    def late(of: Book, made: Any) -> bool:
        if not tries:
            rebuild(open_book(of.path), only=shas[1])
        tries.append(naming(of, made))
        return tries[-1]

    monkeypatch.setattr(compacting, "_name", late)
    assert compact(held).files_after == 2 and tries == [False, True]
    assert [r for r in rows(held) if r["evidence"] in shas] == before and check(held).sound


def test_a_program_that_would_read_every_row_leaves_the_book_alone(
    held: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compact(held)
    monkeypatch.setattr(layout, "NEWEST", 2)
    with pytest.raises(CrossbookError, match="has layout 3, of a newer crossbook; this one reads up to 2"):
        open_book(held.path).evidence()


def test_files_are_shared_out_by_rows(book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compacting, "MOST", 22)
    monkeypatch.setattr(compacting, "LARGE", 12)
    put(book, tmp_path, 1, 2, 3, 4, 5)
    before = rows(book)
    compact(book)
    held = sorted(len(of) for path, of in sharing.by_path(book.fact_files()).items() if path.parent.name != "payout")
    assert held == [1, 2, 2] and rows(book) == before
