"""The same invoice in two books: its number, buyer, amount and day.

Sellers count their invoices from one, and of many buyers some have the same name. Two short numbers that agree by
chance belong to two orders, each of which knows that buyer by an e-mail, a phone or an account of his own.
"""

from collections import defaultdict
from itertools import combinations

from crossbook.fleet.rule import ONE_NAME, Rows, Rule, counts, in_two_books
from crossbook.trade.names import same_name


def one_sale(rows: Rows) -> list[Rows]:
    """The rows of each buyer, however his name is written, whose invoice stands in two books; all rows where the number
    is no counter. Two books that show two buyers of one name, each by signs of his own, show two sales."""
    if not counts(str(rows[0]["subject"]).split("|")[0]):
        return [rows]
    return [part for part in _of_one_buyer(rows) if _one_buyer(part)]


def _of_one_buyer(rows: Rows) -> list[Rows]:
    """The rows of each buyer who stands in two books."""
    names = sorted({str(row["name"]) for row in rows if row["name"] is not None})
    first = {name: name for name in names}
    for a, b in combinations(names, 2):
        if first[a] != first[b] and same_name(a, b) in ONE_NAME:
            kept, given = sorted((first[a], first[b]))
            first = {name: kept if of == given else of for name, of in first.items()}
    parts = [[row for row in rows if first.get(str(row["name"])) == one] for one in sorted(set(first.values()))]
    return [part for part in parts if len({row["book"] for row in part}) > 1]


def _one_buyer(rows: Rows) -> bool:
    signs: defaultdict[object, set[object]] = defaultdict(set)
    names = {str(row["name"]) for row in rows}
    for row in rows:
        called = row["called"]
        if row["sign"] is not None and any(same_name(str(called), name) in ONE_NAME for name in names):
            signs[row["book"]].add(row["sign"])
    books = sorted({str(row["book"]) for row in rows})
    return any(not signs[a] or not signs[b] or signs[a] & signs[b] for a, b in combinations(books, 2))


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
