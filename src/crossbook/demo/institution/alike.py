"""Honest business that looks like laundering: each is noted as honest, so that false alarms on it can be counted."""

from __future__ import annotations

from collections.abc import Callable

from crossbook.demo.institution.ledger import CNY, DAYS, RETURN, USD, Ledger

Alike = Callable[[Ledger], None]


def forwarder(ledger: Ledger) -> None:
    """A freight forwarder: sellers pay it, it pays carriers two days later and keeps its tenth."""
    agent, sellers, carriers = ledger.open("legal"), ledger.several(6, "legal"), ledger.several(3, "legal")
    sent = []
    for week in range(0, DAYS // 7 - 1, 4):
        due = 0.0
        for n, seller in enumerate(sellers):
            amount = ledger.odd(8_000, 30_000)
            sent.append(ledger.pay(ledger.moment(7 * week + n % 3, 10 + n), seller, agent, amount))
            due += amount * 0.9
        sent += [
            ledger.pay(ledger.moment(7 * week + 5, 15), agent, c, due / 3 + 7.7 * n) for n, c in enumerate(carriers)
        ]
    ledger.plant("forwarder", [ledger.holder(agent)], sent, honest=True)


def payroll(ledger: Ledger) -> None:
    """A firm pays thirty people on the tenth of each month."""
    firm, people = ledger.open("legal"), ledger.several(30, "natural")
    wages = [ledger.odd(6_000, 18_000) for _ in people]
    sent = [
        ledger.pay(ledger.moment(9 + 30.4 * month, 14 + n / 99), firm, one, wages[n])
        for month in range(12)
        for n, one in enumerate(people)
    ]
    ledger.plant("payroll", [ledger.holder(firm)], sent, honest=True)


def marketplace(ledger: Ledger) -> None:
    """A small marketplace: forty buyers a week pay it, it pays eight sellers less an eighth on Fridays."""
    market, sellers = ledger.open("legal"), ledger.several(8, "legal")
    buyers, sent = ledger.several(120, "natural"), []
    for week in range(4, 12):
        came = [ledger.odd(80, 900) for _ in range(40)]
        for n, amount in enumerate(came):
            buyer = buyers[int(ledger.rng.integers(0, len(buyers)))]
            sent.append(ledger.pay(ledger.moment(7 * week + n % 7, 9 + n / 4), buyer, market, amount))
        due = sum(came) * 0.87 / len(sellers)
        sent += [ledger.pay(ledger.moment(7 * week + 7, 16), market, s, due + 1.3 * n) for n, s in enumerate(sellers)]
    ledger.plant("marketplace", [ledger.holder(market)], sent, honest=True)


def seasonal(ledger: Ledger) -> None:
    """A seller of Christmas lights: a few orders in July, nothing till after winter, then a new season."""
    seller, buyers = ledger.open("legal"), ledger.several(6, "legal", country="DE")
    sent = [
        ledger.pay(ledger.moment(2 + n, 9), b, seller, ledger.odd(900, 4_000), USD) for n, b in enumerate(buyers[:2])
    ]
    for n in range(24):
        sent.append(ledger.pay(ledger.moment(240 + n * 4, 11), buyers[n % 6], seller, ledger.odd(900, 6_000), USD))
    ledger.plant("seasonal", [ledger.holder(seller)], sent, honest=True)


def same_day_supplier(ledger: Ledger) -> None:
    """A trader pays its supplier on the day it is paid itself, and keeps a fifth."""
    trader, buyer, supplier = ledger.open("legal"), ledger.open("legal", country="GB"), ledger.open("legal")
    sent = []
    for n in range(20):
        amount = ledger.odd(60_000, 200_000)
        sent.append(ledger.pay(ledger.moment(12 + 17 * n, 10), buyer, trader, amount))
        sent.append(ledger.pay(ledger.moment(12 + 17 * n, 16), trader, supplier, amount * 0.8))
    ledger.plant("same_day_supplier", [ledger.holder(trader)], sent, honest=True)


def treasury(ledger: Ledger) -> None:
    """Three firms of a group sweep what they have to the parent, which pays the group's one supplier."""
    parent, firms, supplier = ledger.open("legal"), ledger.several(3, "legal"), ledger.open("legal")
    buyer, sent = ledger.open("legal", country="FR"), []
    for n in range(10):
        day = 15 + 33 * n
        came = [ledger.odd(90_000, 180_000) for _ in firms]
        sent += [ledger.pay(ledger.moment(day, 9 + k), buyer, f, came[k]) for k, f in enumerate(firms)]
        sent += [ledger.pay(ledger.moment(day + 2, 17), f, parent, came[k] * 0.98) for k, f in enumerate(firms)]
        sent.append(ledger.pay(ledger.moment(day + 5, 10), parent, supplier, sum(came) * 0.7))
    ledger.plant("treasury", [ledger.holder(parent)], sent, honest=True)


def family(ledger: Ledger) -> None:
    """Four of one household at one address, with a telephone each."""
    home = f"深圳市福田区{ledger.rng.integers(1, 999)}号{len(ledger.accounts)}"
    people = ledger.several(4, "natural", address=home)
    shop = ledger.open("legal")
    sent = [ledger.pay(ledger.moment(20 + 29 * n, 19), people[n % 4], shop, ledger.odd(100, 900)) for n in range(12)]
    ledger.plant("family", [f"address {home.lower()}"], sent, honest=True)


def rent(ledger: Ledger) -> None:
    """A shop pays its rent of a whole amount each month, and much else that is not."""
    shop, landlord, others = ledger.open("legal"), ledger.open("natural"), ledger.several(3, "legal")
    sent = [ledger.pay(ledger.moment(1 + 30 * n, 9), shop, landlord, 12_000) for n in range(12)]
    sent += [ledger.pay(ledger.moment(5 + 10 * n, 15), shop, others[n % 3], ledger.odd(300, 7_000)) for n in range(34)]
    ledger.plant("rent", [ledger.holder(shop)], sent, honest=True)


def refunds(ledger: Ledger) -> None:
    """A seller sends back what buyers return: straight back, told as returns."""
    seller, buyers, sent = ledger.open("legal"), ledger.several(5, "natural", country="US"), []
    for n in range(15):
        amount = ledger.odd(60, 700)
        sold = ledger.pay(ledger.moment(10 + 20 * n, 12), buyers[n % 5], seller, amount, USD)
        back = ledger.pay(
            ledger.moment(16 + 20 * n, 12), seller, buyers[n % 5], amount, USD, kind=RETURN, original=sold
        )
        sent += [sold, back]
    ledger.plant("refunds", [ledger.holder(seller)], sent, honest=True)


def exchange(ledger: Ledger) -> None:
    """A firm sells dollars to a bank for yuan: opposite ways, one worth, and the other side is an institution."""
    firm, bank = ledger.open("legal"), ledger.open("institution", name="招商银行深圳分行", hub=True)
    sent = []
    for n in range(8):
        dollars = ledger.odd(20_000, 60_000)
        sent.append(ledger.pay(ledger.moment(20 + 41 * n, 10), firm, bank, dollars, USD))
        sent.append(
            ledger.pay(
                ledger.moment(20 + 41 * n, 11), bank, firm, dollars * ledger.yuan(ledger.moment(20 + 41 * n)) * 0.997
            )
        )
    ledger.plant("exchange", [ledger.holder(firm)], sent, honest=True)


def shared_suppliers(ledger: Ledger) -> None:
    """Four shops of one street buy from the same four wholesalers each week, who keep what they are paid."""
    shops, wholesalers = ledger.several(4, "legal"), ledger.several(4, "legal")
    sent = [
        ledger.pay(ledger.moment(30 + 7 * week + n, 9 + k), one, other, ledger.odd(3_000, 20_000), CNY)
        for week in range(6)
        for n, one in enumerate(shops)
        for k, other in enumerate(wholesalers)
    ]
    ledger.plant("shared_suppliers", sorted(ledger.holder(a) for a in shops), sent, honest=True)


ALIKE: dict[str, Alike] = {
    alike.__name__: alike
    for alike in (
        forwarder,
        payroll,
        marketplace,
        seasonal,
        same_day_supplier,
        treasury,
        family,
        rent,
        refunds,
        exchange,
        shared_suppliers,
    )
}
