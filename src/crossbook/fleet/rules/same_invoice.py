"""The same invoice in two books: its number, buyer, amount and day.

Sellers count their invoices from one, and of many buyers some have the same name. Two short numbers that agree by
chance belong to two orders, each of which knows that buyer by an e-mail, a phone or an account of his own.
"""

from collections import defaultdict
from itertools import combinations

import pyarrow as pa

from crossbook.fleet.rule import Rows, Rule, counts, in_two_books
from crossbook.trade.name_pairs import degrees
from crossbook.trade.parties import NEAR


def one_sale(rows: Rows) -> list[Rows]:
    """The rows of each buyer, however his name is written, whose invoice stands in two books; all rows where the number
    is no counter. Two books that show two buyers of one name, each by signs of his own, show two sales."""
    if not counts(str(rows[0]["subject"]).split("|")[0]):
        return [rows]
    return [part for part in _of_one_buyer(rows) if _one_buyer(part)]


def _of_one_buyer(rows: Rows) -> list[Rows]:
    names = sorted({str(row["name"]) for row in rows if row["name"] is not None})
    pairs = list(combinations(names, 2))
    told = degrees(pa.array([a for a, _ in pairs], pa.string()), pa.array([b for _, b in pairs], pa.string()))
    first = {name: name for name in names}
    for (a, b), degree in zip(pairs, told.to_pylist(), strict=True):
        if degree in NEAR:
            kept, given = sorted((first[a], first[b]))
            first = {name: kept if of == given else of for name, of in first.items()}
    return [[row for row in rows if first.get(str(row["name"])) == one] for one in sorted(set(first.values()))]


def _one_buyer(rows: Rows) -> bool:
    signs: defaultdict[object, set[object]] = defaultdict(set)
    names = {str(row["name"]) for row in rows}
    for row in rows:
        if row["sign"] is not None and row["called"] is not None and _is_one_of(str(row["called"]), names):
            signs[row["book"]].add(row["sign"])
    books = sorted({str(row["book"]) for row in rows})
    return any(not signs[a] or not signs[b] or signs[a] & signs[b] for a, b in combinations(books, 2))


def _is_one_of(name: str, names: set[str]) -> bool:
    others = sorted(names)
    told = degrees(pa.array([name] * len(others), pa.string()), pa.array(others, pa.string()))
    return any(degree in NEAR for degree in told.to_pylist())


RULE = Rule(
    name="same_invoice",
    title="The same invoice in two books: its number, buyer, amount and day",
    verdict="suspicious",
    select=f"""
SELECT p.*, s.sign, s.name AS called
FROM ({in_two_books("invoice")}) p LEFT JOIN sign s ON s.book = p.book AND s.order_id = p.order_id
""",
    unless="two firms of one group keep the same papers",
    parts=one_sale,
)
