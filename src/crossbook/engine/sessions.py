"""Sessions of Apache Spark: on this machine or a cluster, by its master. They need the extra `spark`, and Java."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from crossbook.errors import CrossbookError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

JAVA = 17  # the least that this Spark runs on
RETRIES = 3  # of a task on local masters, which else try once
PARTS = 4  # a core, of what is shuffled on this machine: Spark's 200 are of a cluster
_LOCAL = re.compile(r"local(?:\[(\d+|\*)\])?")
# What Spark writes for a row of many columns is long, which the JVM else interprets; most of it runs for one table
# alone, so that to compile it with care is worth it later than the JVM thinks (ten times, of its 5,000 to 40,000).
# Where compiled code has no room left Spark's own calls fail, and what the JVM reserves (240 MB, or 48 MB where it
# compiles lightly) a long run fills.
CODE = "-XX:ReservedCodeCacheSize=512m"
_JVM = (
    f"{CODE} "
    "-XX:-DontCompileHugeMethods -XX:+UseParallelGC -XX:Tier4InvocationThreshold=50000 "
    "-XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000"
)
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.codegen.maxFields": "2000",  # a trade with all that stands beside it has more than Spark's 100
    "spark.sql.adaptive.maxShuffledHashJoinLocalMapThreshold": "16MB",  # up to so much is joined without sorting it
    "spark.driver.extraJavaOptions": _JVM,
    "spark.executor.extraJavaOptions": _JVM,
    "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "2",  # a table that was not finished is not read
    # tables are written for one reading by ourselves: quickly, without what helps to find single rows or bad disks
    "spark.sql.parquet.compression.codec": "lz4_raw",
    "spark.hadoop.parquet.column.statistics.enabled": "false",
    "spark.hadoop.parquet.size.statistics.enabled": "false",
    "spark.hadoop.parquet.page.write-checksum.enabled": "false",
    "spark.hadoop.parquet.page.size.row.check.min": "1000",
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
        told["spark.sql.shuffle.partitions"] = str(PARTS * _cores(found[1]))
        told["spark.sql.sources.parallelPartitionDiscovery.threshold"] = "10000"  # a disk is listed without a job
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.master(master).appName("crossbook")
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


def _cores(told: str | None) -> int:
    return (os.cpu_count() or 1) if told == "*" else int(told or 1)


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
