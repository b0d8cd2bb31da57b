"""The same invoice in two books: its number, buyer, amount and day.

Sellers count their invoices from one, and of many buyers some have the same name. Two short numbers that agree by
chance belong to two orders, each of which knows that buyer by an e-mail, a phone or an account of his own.
"""

from collections import defaultdict
from itertools import combinations

from crossbook.fleet.rule import Rows, Rule, in_two_books

SHORT = 12  # letters and digits: below that a seller's own counter, from there on a number that others give, too


def one_sale(rows: Rows) -> bool:
    """Whether the number is no counter, or two books do not show two buyers of one name, each by signs of his own."""
    if len(str(rows[0]["subject"]).split("|")[0]) >= SHORT:
        return True
    signs: defaultdict[object, set[object]] = defaultdict(set)
    for row in rows:
        buyer = str(row["subject"]).split("|")[1]
        if row["sign"] is not None and _key(str(row["called"])) == buyer:
            signs[row["book"]].add(row["sign"])
    books = sorted({str(row["book"]) for row in rows})
    return any(not signs[a] or not signs[b] or signs[a] & signs[b] for a, b in combinations(books, 2))


def _key(name: str) -> str:
    return "".join(letter for letter in name.upper() if letter.isalnum())


RULE = Rule(
    name="same_invoice",
    title="The same invoice in two books: its number, buyer, amount and day",
    verdict="suspicious",
    select=f"""
SELECT p.*, s.sign, s.name AS called
FROM ({in_two_books("invoice")}) p LEFT JOIN sign s ON s.book = p.book AND s.order_id = p.order_id
""",
    unless="two firms of one group keep the same papers",
    sift=one_sale,
)
