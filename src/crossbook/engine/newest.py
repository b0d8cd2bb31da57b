"""Facts that stand in several files, once: as the newest file has them."""

from __future__ import annotations

from crossbook.engine.duck import Database
from crossbook.facts import KINDS


def newest(database: Database, kind: str) -> str:
    """A kind's rows to select from: those that stand in several files once, as the newest file has them."""
    files = database.rows(f'SELECT count(*) AS n FROM (SELECT DISTINCT evidence FROM "{kind}")')[0]["n"]
    key = ", ".join(f'"{column}"' for column in KINDS[kind].key)
    if files < 2:
        return f'"{kind}"'
    counted = database.rows(f'SELECT count(*) - count(DISTINCT hash({key})) AS again FROM "{kind}"')
    if not counted[0]["again"]:
        return f'"{kind}"'
    database.run(
        f'CREATE OR REPLACE TEMP TABLE "newest_{kind}" AS SELECT x.* FROM "{kind}" x '
        "JOIN evidence e ON e.sha = x.evidence "
        f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY e.seq DESC, x.line) = 1"
    )
    return f'"newest_{kind}"'
