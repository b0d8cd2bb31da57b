"""What an order is made of: goods - discount + shipping + gift wrap, and tax on top where prices do not include it."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.sources.frame import Column, Frame


def tax_included(total: Column, before_tax: Column, tax: Column) -> Column:
    """ "yes" or "no": whether prices include their tax, as the sum proves that makes the total.

    `before_tax` is goods - discount + shipping + gift wrap as they are stated. Null where a part is unknown, where
    there is no tax to tell it by, and where neither sum makes the total.
    """
    without = pc.equal(before_tax, total)
    on_top = pc.equal(pc.add(before_tax, tax), total)
    told = pc.case_when(pc.make_struct(without, on_top), pa.scalar("yes"), pa.scalar("no"))
    return pc.if_else(pc.fill_null(pc.not_equal(tax, 0), False), told, pa.scalar(None, pa.string()))


def product(frame: Frame, name: str, price: Column, quantity: Column) -> Column:
    """Price times quantity, row by row; what is over 10^17 minor units is reported of the column called `name`."""
    try:
        return pc.multiply_checked(price, quantity)
    except pa.ArrowInvalid:
        for line, p, q in zip(frame.line.to_pylist(), price.to_pylist(), quantity.to_pylist(), strict=True):
            if p is not None and q is not None and abs(p * q) > money.MAX_MINOR:
                frame.reading.report(line, name, str(p), "price times quantity is over 10^17 minor units")
        return pa.nulls(len(price), pa.int64())
