"""The runner of a fleet on Apache Spark: a task a book, any master. It needs the extra `spark`, and Java."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crossbook.errors import CrossbookError
from crossbook.fleet.working import Outcome, Task, work

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

    from crossbook.fleet.running import Runner

JAVA = 17  # the least that this Spark runs on
RETRIES = 3  # of a task on local masters, which else try once
_LOCAL = re.compile(r"local(?:\[(\d+|\*)\])?")
_COLUMNS = "book string, status string, seconds double, verdict string, what string, where string, todo string"
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1",
}


def session(master: str, settings: Mapping[str, str] | None = None) -> SparkSession:
    """A Spark session on a master: local[2], spark://HOST:7077, yarn, k8s://https://HOST:443.

    `settings` are Spark's own, as spark.executor.memory. Python's workers are this Python. Raises CrossbookError where
    Java or PySpark is missing, or the master does not answer.
    """
    need()
    from pyspark.sql import SparkSession

    # only Arrow passes between Spark and us, no pandas
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    found = _LOCAL.fullmatch(master)
    told = dict(_SETTINGS)
    if found:
        master = f"local[{found[1] or 1},{RETRIES}]"
        told |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.master(master).appName("crossbook fleet")
    for name, value in (told | dict(settings or {})).items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:  # noqa: BLE001 - of Java, of the launcher or of py4j, by what fails
        raise CrossbookError(
            f"Spark could not be started ({type(error).__name__})",
            where=master,
            todo="see what it wrote above; name a master that answers, as local[2]",
        ) from None


def need() -> None:
    """Raise CrossbookError, with the cure, where Java or PySpark is missing."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        raise CrossbookError(
            "Spark is not installed", todo="pip install 'crossbook[spark]', or leave --master out"
        ) from None
    version = java()
    if version < JAVA:
        what = f"Java {version} is too old for Spark" if version else "Spark needs Java, which is not installed"
        raise CrossbookError(what, todo="install Java 17 (openjdk-17-jre-headless), or leave --master out")


def java() -> int:
    """The version of the Java that Spark would run on; 0 where there is none."""
    home = os.environ.get("JAVA_HOME", "")
    path = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if not path:
        return 0
    try:
        told = subprocess.run([path, "-version"], capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', told.stderr + told.stdout)
    return int(found[1]) if found else 0


def runner(spark: SparkSession, each: Callable[[Task], Outcome] = work) -> Runner:
    """Who works books on a session: a partition a book in the order given, so that the largest begin first. `each` is
    what works one."""

    def run(tasks: Sequence[Task], jobs: int) -> Iterator[Outcome]:
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
