"""What Amazon's reports share: which of their numbers are orders."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.frame import Column, Frame

# A shipment of goods to Amazon's warehouse: the order column names it beside its fees.
# https://developer-docs.amazon.com/sp-api/docs/fulfillment-inbound-api-v0-reference (ShipmentId, "FBA…")
_SHIPMENT = r"^FBA[0-9A-Z]{6,12}$"
# An order, of Amazon (3-7-7 digits) or of another channel that Amazon ships for (S01-7-7 and its like).
# https://developer-docs.amazon.com/sp-api/docs/orders-api-v0-reference (AmazonOrderId, in 3-7-7 format)
_ORDER = r"^[0-9A-Z]{3}-[0-9]{7}-[0-9]{7}$"
_NO_SALES = re.compile(r"inbound|removal|disposal|liquidation order|fba ?fees|shipment fee", re.IGNORECASE)


def numbers(frame: Frame, name: str, words: Column) -> tuple[Column, Column | None]:
    """(order ids, other numbers) of the column `name`: shipments and removals of stock are no orders.

    `words` are what each line is called; a number of no order's form beside words of inbound shipments or removals is
    none, either. The second is None where there are none.
    """
    texts = frame.text(name).cast(pa.string())
    plain = words if isinstance(words, pa.DictionaryArray) else words.cast(pa.string()).dictionary_encode()
    meant = pa.array([bool(_NO_SALES.search(t or "")) for t in plain.dictionary.to_pylist()], pa.bool_())
    aside = pc.fill_null(meant.take(plain.indices), False) if len(meant) else pa.array([False] * len(frame), pa.bool_())
    doubtful = pc.and_(pc.is_valid(texts), pc.or_(pc.fill_null(pc.starts_with(texts, "FBA"), False), aside))
    if not pc.any(doubtful).as_py():
        return texts, None
    few = texts.filter(doubtful)
    shipment = pc.match_substring_regex(few, _SHIPMENT)
    no_order = pc.or_(shipment, pc.and_(aside.filter(doubtful), pc.invert(pc.match_substring_regex(few, _ORDER))))
    other = pc.replace_with_mask(doubtful, doubtful, no_order)
    return pc.if_else(other, None, texts), pc.if_else(other, texts, None)
