"""The options of commands that may run on Apache Spark, and the session that they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.errors import CrossbookError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Master = Annotated[
    str, typer.Option(help="Run on this Spark: local[2], spark://HOST:7077, yarn, k8s://HOST:443. 集群地址")
]
Conf = Annotated[
    list[str] | None, typer.Option(help="A setting of Spark: spark.executor.memory=4g; may be said again. Spark参数")
]


def session_of(master: str, conf: list[str] | None, usual: Mapping[str, str] | None = None) -> SparkSession | None:
    """The session of Spark that is asked for, if one is; with `usual` settings where `conf` says no other."""
    if not master:
        if conf:
            raise CrossbookError("--conf is for Spark", todo="say --master as well")
        return None
    from crossbook.engine.sessions import session

    return session(master, {**(usual or {}), **_settings(conf)})


def _settings(conf: list[str] | None) -> dict[str, str]:
    found = {}
    for told in conf or ():
        name, equals, value = told.partition("=")
        if not equals or not name.startswith("spark."):
            raise CrossbookError(f"not a setting of Spark: {told!r}", todo="write it as spark.executor.memory=4g")
        found[name] = value
    return found
