"""The runner of a fleet on Apache Spark: a task a book."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossbook.engine.sessions import CODE
from crossbook.fleet.places import place
from crossbook.fleet.results import folder_of
from crossbook.fleet.together import figures_together
from crossbook.fleet.working import Outcome, Task, work

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

    from crossbook.fleet.running import Runner

# Settings of a JVM that hands numbers of books over and no more: what it compiles, and how, takes cores from the books.
LIGHT = {"spark.driver.extraJavaOptions": f"{CODE} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
_COLUMNS = "book string, status string, seconds double, verdict string, what string, where string, todo string"


def runner(
    spark: SparkSession, each: Callable[[Task], Outcome] = work, together: Collection[str] = frozenset()
) -> Runner:
    """Who works books on a session: a partition a book in the order given, so that the largest begin first. `each` is
    what works one. Books that `together` names are worked by all workers at once, one after the other, before the
    rest."""

    def run(tasks: Sequence[Task], jobs: int) -> Iterator[Outcome]:
        for task in tasks:
            if task.book in together:
                yield _together(spark, task)
        if alone := [task for task in tasks if task.book not in together]:
            yield from each_alone(alone)

    def each_alone(tasks: Sequence[Task]) -> Iterator[Outcome]:
        from pyspark.accumulators import AccumulatorParam

        class Listed(AccumulatorParam):  # type: ignore[misc]
            def zero(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
                return []

            def addInPlace(  # noqa: N802 - Spark's name
                self, value1: list[dict[str, Any]], value2: list[dict[str, Any]]
            ) -> list[dict[str, Any]]:
                return value1 + value2

        told = [asdict(task) for task in tasks]
        ended = spark.sparkContext.accumulator([], Listed())

        def books(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for outcome in worked(told, batches, each):
                ended.add([outcome])
                yield as_batch([outcome])

        frame = spark.range(0, len(told), 1, len(told)).mapInArrow(books, _COLUMNS)
        gathered: list[dict[str, Any]] = []

        def collect() -> None:
            from pyspark.errors import PySparkException

            try:
                gathered.extend(row.asDict() for row in frame.collect())
            except (PySparkException, OSError, *_py4j()):
                return  # a process was ended from outside, more often than it is tried again: who runs us finds out

        thread = threading.Thread(target=collect, daemon=True)
        thread.start()
        known: set[str] = set()
        try:
            while True:
                alive = thread.is_alive()
                for outcome in [*ended.value, *(() if alive else gathered)]:
                    if outcome["book"] not in known:
                        known.add(outcome["book"])
                        yield Outcome(**outcome)
                if not alive:
                    return
                time.sleep(0.1)
        finally:
            if thread.is_alive():
                spark.sparkContext.cancelAllJobs()

    return run


def _together(spark: SparkSession, task: Task) -> Outcome:
    near = folder_of(place(task.results), task.book)
    return work(task, partial(figures_together, spark=spark, folder=near if isinstance(near, Path) else None))


def worked(
    told: Sequence[Mapping[str, Any]], batches: Iterator[pa.RecordBatch], each: Callable[[Task], Outcome]
) -> Iterator[dict[str, Any]]:
    """The outcomes of the books whose numbers Spark hands to this process."""
    from crossbook.fleet import local

    local.bounded(local.cores())
    for batch in batches:
        for number in batch.column(0).to_pylist():
            yield asdict(each(Task(**told[number])))


def as_batch(outcomes: list[dict[str, Any]]) -> pa.RecordBatch:
    """Outcomes as Spark takes them."""
    import pyarrow as pa

    kinds = [part.split() for part in _COLUMNS.split(", ")]
    schema = pa.schema([(name, pa.float64() if kind == "double" else pa.string()) for name, kind in kinds])
    return pa.RecordBatch.from_pylist(outcomes, schema=schema)


def _py4j() -> tuple[type[Exception], ...]:
    from py4j.protocol import Py4JError

    return (Py4JError,)
