"""The same payment in two books."""

from itertools import combinations

from crossbook.fleet.rule import Rows, Rule, in_two_books

SHORT = 12  # letters and digits: a number below that may be a counter, that another shop reaches, too


def one_payment(rows: Rows) -> bool:
    """Whether the number is no counter, or two books tell the same amount, as far as they know it."""
    if len(str(rows[0]["subject"]).split("|")[0]) >= SHORT:
        return True
    return any(
        None in (a["amount"], b["amount"]) or (a["amount"], a["currency"]) == (b["amount"], b["currency"])
        for a, b in combinations(rows, 2)
        if a["book"] != b["book"]
    )


RULE = Rule(
    name="same_payment",
    title="The same payment in two books",
    verdict="suspicious",
    select=in_two_books("payment"),
    unless="one payment was split over orders of two sellers of one group",
    sift=one_payment,
)
