"""Sellers of whom the institution has the orders, too: payments that name no order, and orders that nobody pays."""

from __future__ import annotations

from dataclasses import dataclass

from crossbook.demo.institution.ledger import ABROAD, USD, Ledger

EACH = 60  # orders of each such seller


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order as the seller's shop tells it; `total` in cents, `placed` seconds since 1970."""

    number: str
    placed: float
    buyer: str
    country: str
    total: int


def traded(ledger: Ledger, sellers: int) -> dict[str, list[Order]]:
    """By the seller's account the orders of so many sellers, whose payments are written.

    The first has payments without an order, the second orders without a payment; of the others all agree.
    """
    found: dict[str, list[Order]] = {}
    for n in range(sellers):
        seller = ledger.open("legal")
        buyers = [ledger.open("natural", country=ABROAD[k % len(ABROAD)]) for k in range(12)]
        account = ledger.accounts[seller]
        orders, unpaid, extra = [], 0, []
        for k in range(EACH):
            buyer = buyers[k % len(buyers)]
            told = ledger.accounts[buyer]
            amount = ledger.odd(120, 900)
            at = ledger.moment(8 + 5.5 * k, 9 + k % 8)
            number = f"{account.number[-6:]}-{1001 + k}"
            orders.append(
                Order(number=number, placed=at, buyer=told.name, country=told.country, total=round(amount * 100))
            )
            if n % 6 == 1 and k % 3 == 0 and k < EACH - 8:
                unpaid += 1
                continue
            ledger.pay(at + 7_200, buyer, seller, amount, USD, reference=number)
        if n % 6 == 0:
            other = ledger.open("legal", country="US")
            extra = [
                ledger.pay(
                    ledger.moment(40 + 4 * k, 11), other, seller, ledger.odd(4_000, 9_000), USD, reference=f"INV{k}"
                )
                for k in range(6)
            ]
            ledger.plant("untraded", [account.holder], extra)
        if unpaid:
            ledger.plant("unpaid", [account.holder], [])
        found[account.number] = orders
    return found
