"""What a trade's goods, freight and tax come to, so that order (303), receipt (403) and export list (603) say the same.

Everything is in minor units. A part that no file says is wanting, unless the others leave nothing for it: then it is 0,
for the sum proves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crossbook import money
from crossbook.filing.customs.trade import UNSAID, Parts, ToDeclare, Want

NO_VALUE = "a value of 0 is no customs value: say what the goods are worth"
NO_PRICE = "no file says the price of this line: map a column to price or amount"
NO_PRICE_OF_ONE = (
    'no file says the price: map a column to price or amount, or write total_is = "goods" in [accounts] if its'
    " totals hold neither freight nor tax"
)


@dataclass(frozen=True)
class Value:
    """What each line came to, the goods together (after discounts), freight and tax; None where it is wanting."""

    lines: tuple[int | None, ...]
    goods: int | None
    freight: int | None
    tax: int | None
    wants: tuple[Want, ...] = ()


def spread(amounts: Sequence[int], discount: int) -> tuple[int, ...]:
    """Amounts less their shares of a discount, in proportion, whole; what rounding leaves goes to the largest shares.

    >>> spread([12900, 999], 3000)
    (10116, 783)
    """
    whole = sum(amounts)
    if not whole or not discount:
        return tuple(amounts)
    shares = [divmod(a * discount, whole) for a in amounts]
    left = discount - sum(s for s, _ in shares)
    first = sorted(range(len(shares)), key=lambda i: (-shares[i][1], i))[:left]
    return tuple(a - s - (i in first) for i, (a, (s, _)) in enumerate(zip(amounts, shares, strict=True)))


def value_of(parts: Parts, amounts: Sequence[int | None], currency: str) -> Value:
    """The value of a trade from its parts and the net amounts of its lines, or what is wanting for it."""
    lines, wants = list(amounts), list[Want]()
    freight, tax = parts.freight, parts.tax
    whole = parts.goods - parts.discount if parts.goods is not None and parts.discount is not None else None
    if lines == [None] and whole is not None:
        lines[0] = whole
    for n, amount in enumerate(lines, start=1):
        if amount is None:
            wants.append(Want(f"price[{n}]", "", NO_PRICE if len(lines) > 1 else NO_PRICE_OF_ONE))
        elif amount <= 0 and len(lines) > 1:
            wants.append(Want(f"price[{n}]", money.show(amount, currency), NO_VALUE))
    for name, part in (("freight", freight), ("tax", tax), ("discount", parts.discount)):
        if part is not None and part < 0:
            wants.append(Want(name, money.show(part, currency), "is less than 0"))
    known = sum(a for a in lines if a is not None) if lines and None not in lines else None
    if whole is None:
        whole = known
    elif known is not None and known != whole:
        wants.append(
            _differ("goodsValue", currency, "the lines come to {a}, the goods after discount to {b}", known, whole)
        )
    if whole is not None and whole <= 0 and not wants:
        wants.append(Want("goodsValue", money.show(whole, currency), NO_VALUE))
    if parts.total is None:
        wants.append(Want("total", "", UNSAID))
    if whole is None or parts.total is None:
        wants += [Want(n, "", UNSAID) for n, x in (("freight", freight), ("tax", tax)) if x is None]
        if whole is None and not any(w.field.startswith("price") for w in wants):
            wants.append(Want("goodsValue", "", UNSAID))
        return Value(lines=tuple(lines), goods=whole, freight=freight, tax=tax, wants=tuple(wants))
    rest = parts.total - whole - (freight or 0) - (tax or 0)
    if rest == 0:
        freight, tax = freight or 0, tax or 0
    elif rest > 0 and (freight is None or tax is None):
        unsaid = [n for n, x in (("freight", freight), ("tax", tax)) if x is None]
        more, which = money.show(rest, currency), " or ".join(unsaid)
        why = f"the total holds {more} more, and no file says how much of it is {which}"
        wants.append(Want(unsaid[0], "", why))
    elif parts.discount is None and rest < 0:
        why = f"the total is {money.show(-rest, currency)} less than its parts, and no file says a discount"
        wants.append(Want("discount", "", why))
    else:
        said = "goods after discount, freight and tax come to {a}, the order's total is {b}"
        wants.append(_differ("total", currency, said, parts.total - rest, parts.total))
    return Value(lines=tuple(lines), goods=whole, freight=freight, tax=tax, wants=tuple(wants))


def against_receipt(trade: ToDeclare) -> list[Want]:
    """Where what was paid, in one payment or several, is not what the order comes to. A receipt that the book does not
    have says nothing here."""
    if trade.payments:
        return _against_several(trade)
    if trade.paid is None or trade.parts.total is None or not trade.pay_currency or not trade.currency:
        return []
    if trade.pay_currency != trade.currency:
        return [_other_currency(trade.paid, trade.pay_currency, trade.currency)]
    if trade.paid == trade.parts.total:
        return []
    return [_differ("charge", trade.currency, "the receipt says {a}, the order {b}", trade.paid, trade.parts.total)]


def _against_several(trade: ToDeclare) -> list[Want]:
    if trade.parts.total is None or not trade.currency:
        return []
    found, whole = [], 0
    for p in trade.payments:
        if p.amount is None or p.currency is None:
            found.append(Want("charge", p.payment_id or "", UNSAID))
        elif p.currency != trade.currency:
            found.append(_other_currency(p.amount, p.currency, trade.currency))
        else:
            whole += p.amount
    if found or whole == trade.parts.total:
        return found
    said = f"its {len(trade.payments)} receipts say {{a}}, the order {{b}}"
    return [_differ("charge", trade.currency, said, whole, trade.parts.total)]


def _other_currency(amount: int, currency: str, of_order: str) -> Want:
    return Want("charge", money.show(amount, currency), f"was paid in {currency}, the order is in {of_order}")


def _differ(name: str, currency: str, said: str, a: int, b: int) -> Want:
    told = said.format(a=money.show(a, currency), b=money.show(b, currency))
    return Want(name, money.show(a, currency), f"{told}: {money.show(b - a, currency)} is in no part")
