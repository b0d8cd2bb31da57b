"""A fleet on Spark: the same rows as from processes of one machine, whoever is killed on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from crossbook.fleet import figures, results
from crossbook.fleet import spark as on_spark
from crossbook.fleet.across import find
from crossbook.fleet.listing import Fleet, Member, open_fleet
from crossbook.fleet.reading import status
from crossbook.fleet.rules import rules
from crossbook.fleet.running import run_fleet
from crossbook.fleet.working import Outcome, Task, work
from tests.effort import LONG
from tests.fleet.comparing import same_figures

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FEW = figures.Kept(
    desk="trade",
    publications=(),
    tables=("evidence",),
    findings="SELECT 'trade' AS desk, source AS rule, name AS subject, 'read' AS verdict, seq AS amount, "
    "'USD' AS currency, list({'evidence': sha, 'line': seq}) AS because, DATE '2026-01-31' AS as_of "
    "FROM evidence GROUP BY source, name, seq",
)


@pytest.mark.services
def test_the_same_rows_as_the_local_runner(worked: Path, tmp_path: Path, spark: SparkSession) -> None:
    there = open_fleet(worked / "fleet")
    books = tuple(Member(m.id, m.path.resolve()) for m in there.books)
    mine = Fleet(path=tmp_path, name="", books=books)
    assert run_fleet(mine, runner=on_spark.runner(spark)).counts() == {"done": 3, "same": 0, "failed": 0}
    assert same_figures(there, mine) > 45
    assert run_fleet(mine, runner=on_spark.runner(spark)).counts() == {"done": 0, "same": 3, "failed": 0}


@pytest.mark.services
def test_a_book_that_all_workers_work(
    worked: Path, tmp_path: Path, spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same rows, in the same types, as of a book that one worker works, and nothing is left beside them."""
    if not LONG:  # of two tables, for Spark takes a second or two for each of all
        monkeypatch.setattr(figures, "KEPT", (FEW, replace(figures.WATCH, tables=("alert",), findings="")))
        monkeypatch.setattr(figures, "CARRIED", {})
    first = Member("seller-001", (worked / "books" / "seller-001").resolve())
    one, other = (Fleet(path=tmp_path / name, name="", books=(first,)) for name in ("alone", "together"))
    for fleet, runner in ((one, _here), (other, on_spark.runner(spark, together={"seller-001"}))):
        assert run_fleet(fleet, runner=runner).counts() == {"done": 1, "same": 0, "failed": 0}
    assert same_figures(one, other) > (20 if LONG else 1)
    mine, twin = _files(one), _files(other)
    assert [pq.read_schema(p) for p in mine] == [pq.read_schema(p) for p in twin]
    assert {p for p in (other.results / "book=seller-001").iterdir() if p.is_dir()} == {twin[0].parents[1]}


def _here(tasks: Sequence[Task], jobs: int) -> Iterator[Outcome]:
    yield from map(work, tasks)


def _files(fleet: Fleet) -> list[Path]:
    return sorted(fleet.results.rglob("*.parquet"), key=lambda p: (p.parent.name, p.name))


@pytest.mark.services
def test_the_same_is_found_across_books(worked: Path, spark: SparkSession) -> None:
    fleet = open_fleet(worked / "fleet")
    there, here = find(fleet, spark=spark), find(fleet)
    assert there == here and {c.rule for c in here.found} == {r.name for r in rules()}


@pytest.mark.services
def test_workers_that_are_killed(mine: Fleet, spark: SparkSession) -> None:
    """A worker killed once is tried again; a book that kills each is named, and the others are worked."""
    (mine.path / "once").touch()
    ended = run_fleet(mine, runner=on_spark.runner(spark, _killed))
    assert [o.status for o in ended.outcomes] == ["same", "failed", "same"]
    assert ended.outcomes[1].verdict == "ended" and status(mine)[1].status == "stale"
    assert not (mine.path / "once").exists()
    assert run_fleet(mine, runner=on_spark.runner(spark)).counts() == {"done": 0, "same": 3, "failed": 0}
    assert [line.status for line in status(mine)] == ["done"] * 3


def _killed(task: Any) -> Any:
    folder = results.folder_of(Path(task.results), task.book)
    once = Path(task.results).parent / "once"
    if task.book == "seller-002" or (task.book == "seller-001" and once.exists()):
        if task.book == "seller-001":
            once.unlink()
        (folder / results.BEGUN).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return work(task)
