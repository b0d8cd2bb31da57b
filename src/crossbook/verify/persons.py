"""How many people stand behind the names that share a sign (a waybill, an address, a card): a name that is written in
two ways, in two scripts or before and after a marriage is one of them, and so are the members of a family."""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa

from crossbook.engine import Database
from crossbook.trade.degree import Degree

NEAR = (Degree.SAME.value, Degree.MAY_BE.value)
MOST = 40  # names of one sign that are held against each other; of more, each counts as somebody

_FOLDED = """
SELECT sign, lower(trim(name)) AS folded, min(name) AS name FROM ({select})
WHERE sign IS NOT NULL AND nullif(trim(name), '') IS NOT NULL GROUP BY ALL
"""
_PAIRS = """
SELECT a.sign, a.name AS a, b.name AS b FROM {names} a JOIN {names} b ON b.sign = a.sign AND b.folded > a.folded
WHERE a.sign IN (SELECT sign FROM {names} GROUP BY sign HAVING count(*) BETWEEN 2 AND $most)
"""


def count_people(database: Database, name: str, select: str, *, families: bool = False) -> None:
    """Put a table `name`(sign, people) of the signs that `select` gives as sign and name.

    With `families` two of one family are one. A sign of which no row names anybody is not in the table.
    """
    from crossbook.trade.name_pairs import degrees  # its alphabets take a while, and tables are often kept

    names = f"{name}_names"
    database.scratch(names, _FOLDED.format(select=select))
    people = {r["sign"]: int(r["n"]) for r in database.rows(f"SELECT sign, count(*) AS n FROM {names} GROUP BY sign")}
    near = (*NEAR, Degree.FAMILY.value) if families else NEAR
    pairs = database.arrow(_PAIRS.format(names=names), most=MOST)
    tied: dict[str, list[tuple[str, str]]] = defaultdict(list)
    columns = (pairs["sign"].to_pylist(), pairs["a"].to_pylist(), pairs["b"].to_pylist())
    told = degrees(pairs["a"], pairs["b"]).to_pylist()
    for sign, a, b, degree in zip(*columns, told, strict=True):
        if degree is None or degree in near:
            tied[sign].append((a, b))
    for sign, ties in tied.items():
        people[sign] -= _joined(ties)
    table = {"sign": pa.array(list(people), pa.string()), "people": pa.array(list(people.values()), pa.int64())}
    database.put(name, pa.table(table))


def _joined(ties: list[tuple[str, str]]) -> int:
    """How many groups fewer there are when these are tied together."""
    top: dict[str, str] = {}

    def root(name: str) -> str:
        while top.setdefault(name, name) != name:
            name = top[name]
        return name

    fewer = 0
    for a, b in ties:
        one, other = root(a), root(b)
        if one != other:
            top[max(one, other)] = min(one, other)
            fewer += 1
    return fewer
