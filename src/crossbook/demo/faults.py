"""Faults planted in papers, one kind for each rule of the verify desk: what a real business has, and a false one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from crossbook.demo.business import DAY
from crossbook.demo.papers import Papers

# Plants a fault in trade i; j is another trade that it may be mixed up with.
Plant = Callable[[Papers, int, int], None]
FAULTS: dict[str, Plant] = {}
TOUCHES_OTHER = {"tracking_reused", "list_reused", "order_repeated", "amount_paid_together"}
NAMELESS = "Ivan Petrovich Orlov"


def _fault(plant: Plant) -> Plant:
    FAULTS[plant.__name__] = plant
    return plant


@_fault
def no_order(p: Papers, i: int, j: int) -> None:
    p.has_order[i] = False


@_fault
def no_payment(p: Papers, i: int, j: int) -> None:
    p.has_payment[i] = False


@_fault
def no_shipment(p: Papers, i: int, j: int) -> None:
    p.has_parcel[i] = p.has_list[i] = p.has_receipt[i] = False


@_fault
def no_customs(p: Papers, i: int, j: int) -> None:
    p.has_list[i] = False


@_fault
def no_receipt(p: Papers, i: int, j: int) -> None:
    p.has_receipt[i], p.delivered[i] = False, 0


@_fault
def amount_paid(p: Papers, i: int, j: int) -> None:
    p.paid[i] = p.paid[i] * 80 // 100


@_fault
def amount_paid_together(p: Papers, i: int, j: int) -> None:
    p.pay_orders[i] = f"{p.order_id[i]},{p.order_id[j]}"
    p.paid[i] = (p.total[i] + p.total[j]) * 90 // 100
    p.has_payment[j] = False
    p.buyer[j] = p.invoice_buyer[j] = p.buyer[i]
    p.payer_country[i] = p.country[i]


@_fault
def currency_paid(p: Papers, i: int, j: int) -> None:
    p.pay_currency[i] = "EUR"


@_fault
def amount_declared(p: Papers, i: int, j: int) -> None:
    p.declared[i] = p.total[i] * 40 // 100


@_fault
def currency_declared(p: Papers, i: int, j: int) -> None:
    p.declared_currency[i] = "CNY"


@_fault
def amount_invoiced(p: Papers, i: int, j: int) -> None:
    p.has_invoice[i], p.invoiced[i] = True, p.total[i] * 60 // 100


@_fault
def currency_invoiced(p: Papers, i: int, j: int) -> None:
    p.has_invoice[i], p.invoice_currency[i] = True, "EUR"


@_fault
def buyer_invoiced(p: Papers, i: int, j: int) -> None:
    p.has_invoice[i], p.invoice_buyer[i] = True, NAMELESS


@_fault
def consignee_parcel(p: Papers, i: int, j: int) -> None:
    p.ship_consignee[i] = NAMELESS


@_fault
def country_parcel(p: Papers, i: int, j: int) -> None:
    p.ship_country[i] = "RU"


@_fault
def delivered_elsewhere(p: Papers, i: int, j: int) -> None:
    _event(p, i, int(p.delivered[i]), "EMI", "KZ")


@_fault
def quantity_declared(p: Papers, i: int, j: int) -> None:
    p.declared_quantity[i] += 3


@_fault
def goods_declared(p: Papers, i: int, j: int) -> None:
    p.declared_sku[i] = "STOVE-9" if p.sku[i] != "STOVE-9" else "FILTER"


@_fault
def weight_declared(p: Papers, i: int, j: int) -> None:
    p.declared_weight[i] = p.weight[i] * 2 + 500


@_fault
def waybill_declared(p: Papers, i: int, j: int) -> None:
    p.declared_tracking[i] = f"YT00{i:09d}CN"


@_fault
def paid_before_ordered(p: Papers, i: int, j: int) -> None:
    p.paid_at[i] = p.placed[i] - 9 * DAY


@_fault
def shipped_before_ordered(p: Papers, i: int, j: int) -> None:
    p.shipped[i] = p.placed[i] - 2 * DAY
    p.declared_on[i] = p.shipped[i] + 8 * 3600


@_fault
def declared_late(p: Papers, i: int, j: int) -> None:
    p.declared_on[i] = p.shipped[i] + 5 * DAY
    p.delivered[i] = max(int(p.delivered[i]), int(p.shipped[i]) + 8 * DAY)


@_fault
def declared_after_delivery(p: Papers, i: int, j: int) -> None:
    p.declared_on[i] = p.delivered[i] + 6 * DAY


@_fault
def cancelled_paid(p: Papers, i: int, j: int) -> None:
    p.status[i] = "已取消"


@_fault
def cancelled_shipped(p: Papers, i: int, j: int) -> None:
    p.status[i], p.has_payment[i] = "cancelled by buyer", False


@_fault
def lost_and_received(p: Papers, i: int, j: int) -> None:
    p.has_receipt[i] = True
    _event(p, i, int(p.delivered[i]) + DAY, "lost", "")


@_fault
def tracking_reused(p: Papers, i: int, j: int) -> None:
    p.tracking[i] = p.declared_tracking[i] = p.tracking[j]


@_fault
def tracking_check_digit(p: Papers, i: int, j: int) -> None:
    p.tracking[i] = p.declared_tracking[i] = (
        f"RR{10_000_000 + i % 80_000_000:08d}{_wrong(10_000_000 + i % 80_000_000)}CN"
    )


def _wrong(serial: int) -> int:
    total = sum(int(d) * w for d, w in zip(f"{serial:08d}", (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    right = {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)
    return (right + 3) % 10


@_fault
def tracking_unknown(p: Papers, i: int, j: int) -> None:
    p.delivered[i], p.has_receipt[i] = 0, False
    _event(p, i, int(p.shipped[i]), "announced", "")


@_fault
def list_reused(p: Papers, i: int, j: int) -> None:
    p.declaration[i] = p.declaration[j]


@_fault
def weight_impossible(p: Papers, i: int, j: int) -> None:
    p.weight[i] = p.declared_weight[i] = p.weight[i] * 4 + 2_000


@_fault
def delivered_before_shipped(p: Papers, i: int, j: int) -> None:
    p.delivered[i] = p.shipped[i] - 3 * DAY


@_fault
def received_before_shipped(p: Papers, i: int, j: int) -> None:
    p.has_receipt[i], p.received[i] = True, p.shipped[i] - 2 * DAY


@_fault
def delivered_too_fast(p: Papers, i: int, j: int) -> None:
    p.delivered[i] = p.shipped[i] + 5 * 3600


@_fault
def price_out_of_range(p: Papers, i: int, j: int) -> None:
    p.total[i] = p.paid[i] = p.declared[i] = p.invoiced[i] = p.total[i] * 6


@_fault
def paid_twice(p: Papers, i: int, j: int) -> None:
    p.more_payments.append(
        {
            "pay_id": f"{p.pay_id[i]}R",
            "pay_orders": p.order_id[i],
            "payer": p.payer[i],
            "payer_country": p.payer_country[i],
            "paid": int(p.paid[i]),
            "pay_currency": p.pay_currency[i],
            "paid_at": int(p.paid_at[i]) + 3 * DAY,
            "institution": p.institution[i],
        }
    )


@_fault
def order_repeated(p: Papers, i: int, j: int) -> None:
    for column in (
        "sku",
        "title",
        "quantity",
        "total",
        "country",
        "buyer",
        "consignee",
        "payer",
        "payer_country",
        "paid",
        "ship_country",
        "ship_consignee",
        "weight",
        "declared",
        "declared_weight",
        "declared_sku",
        "declared_quantity",
        "invoiced",
        "invoice_buyer",
    ):
        values = getattr(p, column)
        values[i] = values[j]
    late = int(p.placed[j]) + 600 - int(p.placed[i])
    for column in ("placed", "paid_at", "shipped", "delivered", "declared_on", "received"):
        getattr(p, column)[i] += late


@_fault
def payer_not_buyer(p: Papers, i: int, j: int) -> None:
    p.payer[i] = NAMELESS


@_fault
def payer_is_seller(p: Papers, i: int, j: int) -> None:
    p.payer[i] = "深圳市远山户外用品有限公司"


@_fault
def payer_country(p: Papers, i: int, j: int) -> None:
    p.payer_country[i] = "NG"


@_fault
def paid_elsewhere(p: Papers, i: int, j: int) -> None:
    p.institution[i] = "个人账户转账"


def _event(p: Papers, i: int, at: int, event: str, country: str) -> None:
    p.events.append({"tracking": p.tracking[i], "at": at, "event": event, "country": country})


def plant(
    p: Papers, rng: np.random.Generator, kinds: list[str], each: int, fit: np.ndarray
) -> dict[str, list[tuple[str, str]]]:
    """Plant `each` faults of every kind in trades drawn from `fit`, no two in one trade.

    The other trade of those that need one is the next one. Gives for each kind the order that has it and the order that
    it was mixed up with (empty for most).
    """
    free = np.flatnonzero(fit)
    places = iter(rng.permutation(len(free) - 1).tolist())
    used: set[int] = set()

    def drawn() -> int:
        place = int(next(n for n in places if n not in used and n + 1 not in used))
        used.update((place, place + 1))
        return place

    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in kinds}
    for kind in kinds:
        for _ in range(each):
            place = drawn()
            i, j = int(free[place]), int(free[place + 1] if kind in TOUCHES_OTHER else free[place])
            FAULTS[kind](p, i, j)
            found[kind].append((p.order_id[i], p.order_id[j] if j != i else ""))
    return found
