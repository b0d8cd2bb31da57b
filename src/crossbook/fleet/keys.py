"""How numbers of papers are written so that two books' can be one: letters and digits alone, in plain capitals."""

from __future__ import annotations

from crossbook.trade.signs import plain

KEY = "nullif(regexp_replace(upper({0}), '[^\\p{{L}}\\p{{N}}]', '', 'g'), '')"
LEAST = 6
LONG = 16  # letters and digits of a number that no two institutions, or tax offices, give
ZONE = "Asia/Shanghai"  # of the days that limits are held against


def key(column: str) -> str:
    """The SQL of a number in that writing; null where nothing is left."""
    return KEY.format(plain(column))


# A payment's number, of its institution where it is short.
PAID = f"""CASE WHEN length({key("payment_id")}) >= {LONG} THEN {key("payment_id")}
    ELSE concat({key("payment_id")}, '|', {key("institution")}) END"""
