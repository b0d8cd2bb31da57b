"""Facts that stand in several files, once: as the newest file has them."""

from __future__ import annotations

from crossbook.engine.database import Database

# Kinds whose rows are lines of a larger paper: all of its lines are as the newest file has them, and two lines that
# are alike in one file are two lines.
_LINES_OF = {"order_item": ("account", "order_id"), "customs": ("order_id", "declaration")}


def newest(database: Database, kind: str) -> str:
    """A kind's rows to select from: those that stand in several files once, as the newest file has them."""
    from crossbook.facts import KINDS

    paper = _LINES_OF.get(kind)
    key = ", ".join(f'"{column}"' for column in paper or KINDS[kind].key)
    files = database.rows(f'SELECT count(*) AS n FROM (SELECT DISTINCT evidence FROM "{kind}")')[0]["n"]
    if files < 2:
        return f'"{kind}"'
    distinct = f"SELECT DISTINCT {key}, evidence FROM {kind}" if paper else f'SELECT {key} FROM "{kind}"'
    counted = database.rows(f"SELECT count(*) - count(DISTINCT hash({key})) AS again FROM ({distinct})")
    if not counted[0]["again"]:
        return f'"{kind}"'
    place = f"rank() OVER (PARTITION BY {key} ORDER BY e.seq DESC)"
    if not paper:
        place = f"row_number() OVER (PARTITION BY {key} ORDER BY e.seq DESC, x.line)"
    database.scratch(
        f"newest_{kind}",
        f'SELECT x.* FROM "{kind}" x JOIN evidence e ON e.sha = x.evidence QUALIFY {place} = 1',
    )
    return f'"newest_{kind}"'
