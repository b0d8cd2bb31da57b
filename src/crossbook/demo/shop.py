"""Papers of the own shop's orders: manifests of the forwarder and export lists of the broker, some with wrong dates."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from crossbook.demo import faults, paypal, trades
from crossbook.demo.business import DAY, END, IN_EURO, MONTHS, Sales, month_name, month_of, stamp
from crossbook.demo.papers import Papers, papers

# Faults that change when a parcel left or arrived: in this shop no payout depends on that.
PLANTED = """no_shipment no_receipt shipped_before_ordered declared_late delivered_before_shipped delivered_too_fast
tracking_unknown""".split()
CARRIER = "4PX"


def papers_of(rng: np.random.Generator, sales: Sales) -> tuple[Papers, dict[str, list[tuple[str, str]]]]:
    """The papers of the shop's orders, and which orders have which fault."""
    n = len(sales)
    shipped = sales.placed + rng.integers(6 * 3600, 50 * 3600, n)
    delivered = shipped + rng.integers(6 * DAY, 15 * DAY, n)
    numbers = range(n)
    p = papers(
        rng=rng,
        sales=sales,
        names=[paypal.order_name(i) for i in numbers],
        waybills=[f"4PX3001{i:09d}CN" for i in numbers],
        lists=[f"531620268{i:09d}" for i in numbers],
        shipped=shipped,
        delivered=delivered,
        end=stamp(END),
    )
    euro = np.isin(sales.country, IN_EURO)
    p.currency[euro] = p.declared_currency[euro] = "EUR"
    month = month_of(p.shipped)
    return p, faults.plant(p, rng, PLANTED, 1, (month < MONTHS - 2) & (month > 0))


def write(folder: Path, p: Papers) -> None:
    """Manifests and export lists by month, and what the carrier tells of planted faults."""
    sent = month_of(p.shipped)
    for month in range(MONTHS):
        shipped = np.flatnonzero(sent == month)
        name = month_name(month)
        trades.write_parcels(folder / f"独立站发货-{name}.csv", p, shipped, [CARRIER] * len(shipped), stamp(END))
        trades.write_lists(folder / f"独立站出口清单-{name}.csv", p, shipped)
    trades.write_events(folder / "独立站物流轨迹.csv", p)
