"""The bank pack: which transactions a payout is made of, for the clerk who books the receipt.

`transactions` asks the book what is inside, `lists` lays it out as lists that each end with a total, `closing` holds
the totals against what was paid, `parties` and `declared` say who paid whom and under which codes, `wanting` names what
the book does not know and what to add. `pdf`, `tables` and `remittance` write the same lists in four forms: another
list is one function (in `lists` or a file of its own) that gives a `Listing`.
"""

from crossbook.filing.pack.writing import Pack, write_pack

__all__ = ["Pack", "write_pack"]
