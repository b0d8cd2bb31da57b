"""How near sales are to the thresholds: on which day, and with which order, each was reached."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from crossbook import money
from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.tax.sales import converted, rate
from crossbook.tax.settings import sound_identities
from crossbook.tax.thresholds import Threshold, in_force, states
from crossbook.tax.windows import SLIDING, Window, a_year_to, windows
from crossbook.trade.days import UTC_ZONE, bounds, local_day, zone_of

NEAR = 80  # percent
UNPLACED = "—"
NO_ORDERS = "the book has no orders: nothing shows how near its sales are to a threshold"

# Sales to some regions of a country by their own days; "" is the region of countries that have none.
_BY_DAY = """
SELECT CASE WHEN market = 'US' THEN coalesce(region, '') ELSE '' END AS region, {day} AS day, currency,
       count(*) AS orders, sum(coalesce(net, total)) AS sales,
       count(*) FILTER (by_marketplace) AS their_orders,
       coalesce(sum(coalesce(net, total)) FILTER (by_marketplace), 0) AS theirs,
       count(*) FILTER (net IS NULL AND NOT by_marketplace) AS untold_orders,
       coalesce(sum(total) FILTER (net IS NULL AND NOT by_marketplace), 0) AS untold,
       count(*) FILTER (net IS NULL AND by_marketplace) AS their_untold_orders,
       coalesce(sum(total) FILTER (net IS NULL AND by_marketplace), 0) AS their_untold
FROM tax_order
WHERE counts = '' AND market = $country AND placed_at < $over
  AND ($country <> 'US' OR list_contains($regions, coalesce(region, '')))
GROUP BY ALL ORDER BY day
"""
_OF_A_DAY = """
SELECT order_id, coalesce(net, total) AS net, net IS NULL AS untold, currency, by_marketplace FROM tax_order
WHERE counts = '' AND market = $country AND placed_at >= $begins AND placed_at < $over
  AND ($region = '' OR region = $region)
ORDER BY placed_at, order_id
"""
_UNPLACED = """
SELECT currency, coalesce(upper(trim(region)), '') AS told, count(*) AS orders, sum(coalesce(net, total)) AS sales,
       count(*) FILTER (net IS NULL) AS untold_orders, coalesce(sum(total) FILTER (net IS NULL), 0) AS untold
FROM tax_order
WHERE counts = '' AND market = 'US' AND placed_at < $over AND placed_at >= $begins
  AND NOT list_contains($regions, coalesce(region, ''))
GROUP BY ALL ORDER BY sales DESC, told
"""


@dataclass(frozen=True)
class Untaxed:
    """Orders that count and whose tax no file says, and what buyers `paid` for them: sales are between `least`, without
    them, and `most`, with all that was paid. Minor units; percent None where there is no threshold. `words`: all that
    as a sentence, with what it leaves open."""

    orders: int
    paid: int
    least: int
    most: int
    percent_least: int | None
    percent_most: int | None
    words: str


@dataclass(frozen=True)
class Nearness:
    """Sales beside a threshold, in its currency. `state` is registered, over, near, below, was over or unknown (`why`).

    `sales` and `orders` are those that count between `first` and `last`; `left_out` is what a marketplace pays the tax
    on, where that does not count. `reached_on` is the day, `reached_by` the order, with which the threshold was
    reached, `holds_from` the day from which that obliges, where it is still to come. State `was over`: reached in
    a time that no longer counts. Sales to the United States that name no state have the region "—" and no threshold.
    Where no file says the tax of some orders, `untaxed` says so; `sales` and `percent` are null then, and the state is
    unknown where it rests on that tax.
    """

    country: str
    region: str
    amount: int | None
    sales: int | None
    orders: int
    percent: int | None
    state: str
    currency: str
    first: date
    last: date
    threshold: Threshold | None
    why: str = ""
    left_out: int = 0
    reached_on: date | None = None
    reached_by: str = ""
    holds_from: date | None = None
    untaxed: Untaxed | None = None


def nearness(database: Database, book: Book, on: date) -> list[Nearness]:
    """Every threshold in force on a day with the sales that count, the nearest first. Needs `sales.prepare`."""
    numbers = {
        (i.country, i.region) for i in sound_identities(book)[0] if i.since <= on and (i.until is None or on <= i.until)
    }
    rows = in_force(on)
    sold = _by_day(database, rows, on)
    found = [_near(database, t, sold.get((t.country, t.region), []), on) for t in rows]
    if not database.rows("SELECT 1 AS one FROM tax_order LIMIT 1"):
        return [
            n
            if n.state == "registered"
            else replace(n, sales=None, percent=None, left_out=0, state="unknown", why=NO_ORDERS)
            for n in _registered(found, numbers)
        ]
    found = [*_registered(found, numbers), *_unplaced(database, on)]
    return sorted(found, key=lambda n: (-_most(n), n.country, n.region))


def _registered(found: Iterable[Nearness], numbers: Collection[tuple[str, str]]) -> list[Nearness]:
    return [
        replace(n, state="registered")
        if (n.country, n.region) in numbers and (n.state != "unknown" or n.untaxed)
        else n
        for n in found
    ]


def _most(n: Nearness) -> int:
    """The share of a threshold that sales may have reached."""
    return (n.untaxed.percent_most if n.untaxed else n.percent) or 0


def _by_day(database: Database, rows: Sequence[Threshold], on: date) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Sales by country and region, a row a day and currency, each by the days of its own zone."""
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for t in rows:
        places[t.country, zone_of(t.country, t.region) or UTC_ZONE].append(t.region)
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for (country, zone), regions in places.items():
        _, over = bounds(zone, on, on)
        asked = _BY_DAY.format(day=local_day("placed_at", zone))
        for r in database.rows(asked, country=country, regions=sorted(set(regions)), over=over):
            found[country, r["region"]].append(r)
    return found


@dataclass(frozen=True)
class _Sums:
    """What counts toward a threshold, added up from the first sale to each day of sales: `sales` with all that was paid
    for orders whose tax no file says, and these alone."""

    days: list[date]
    sales: list[int]
    orders: list[int]
    theirs: list[int]
    untold: list[int]
    untold_orders: list[int]

    def between(self, first: date, last: date) -> tuple[int, int, int]:
        """Sales and orders that count, and what marketplaces pay the tax on and does not, of some days."""
        a, b = bisect_left(self.days, first), bisect_right(self.days, last)
        return self.sales[b] - self.sales[a], self.orders[b] - self.orders[a], self.theirs[b] - self.theirs[a]

    def untaxed(self, first: date, last: date) -> tuple[int, int]:
        """What was paid for orders whose tax no file says, and how many they are, of some days."""
        a, b = bisect_left(self.days, first), bisect_right(self.days, last)
        return self.untold[b] - self.untold[a], self.untold_orders[b] - self.untold_orders[a]

    @property
    def least(self) -> _Sums:
        """Without what was paid for orders whose tax no file says; they still count as orders."""
        return replace(self, sales=[s - u for s, u in zip(self.sales, self.untold, strict=True)])

    def reached(self, t: Threshold, first: date, last: date) -> date | None:
        """The first of some days on which what was sold since the first reaches a threshold."""
        a, b = bisect_left(self.days, first), bisect_right(self.days, last)
        for n in range(a + 1, b + 1):
            if t.reached(self.sales[n] - self.sales[a], self.orders[n] - self.orders[a]):
                return self.days[n - 1]
        return None


def _sums(t: Threshold, rows: Iterable[dict[str, Any]], by: dict[str, Any]) -> _Sums:
    days: dict[date, list[int]] = {}
    for r in rows:
        theirs = 0 if t.marketplaces else int(r["theirs"])
        told = (
            int(r["sales"]) - theirs,
            r["orders"] - (0 if t.marketplaces else r["their_orders"]),
            theirs,
            int(r["untold"]) + (int(r["their_untold"]) if t.marketplaces else 0),
            r["untold_orders"] + (r["their_untold_orders"] if t.marketplaces else 0),
        )
        day = days.setdefault(r["day"], [0] * len(told))
        for n, value in enumerate(told):
            day[n] += value if n in (1, 4) else converted(value, r["currency"], t.currency, by[r["currency"]])
    sales, orders, theirs_, untold_, many = ([0, *accumulate(d[n] for d in days.values())] for n in range(5))
    return _Sums(list(days), sales=sales, orders=orders, theirs=theirs_, untold=untold_, untold_orders=many)


def _near(database: Database, t: Threshold, rows: list[dict[str, Any]], on: date) -> Nearness:
    first = a_year_to(on)
    told = Nearness(
        country=t.country,
        region=t.region,
        amount=t.amount,
        sales=0,
        orders=0,
        percent=0,
        state="below",
        currency=t.currency,
        first=first,
        last=on,
        threshold=t,
    )
    by = {}
    for currency in sorted({r["currency"] for r in rows}):
        try:
            by[currency], _ = rate(database, currency, t.currency, on)
        except CrossbookError as error:
            many = sum(r["orders"] for r in rows if r["day"] >= first)
            return replace(told, sales=None, orders=many, percent=None, state="unknown", why=str(error.what))
    sums = _sums(t, rows, by)
    # a threshold of nothing is reached by any sale, whatever the tax on it
    most, least = _found(t, sums, on), _found(t, sums.least if t.amount else sums, on)
    told = _figured(told, t, sums, most, on)
    if most.reached != least.reached or most.state != least.state:
        told = replace(told, **_between(least, most))
    since = min(told.first, most.start or told.first) if told.reached_on is None else told.first
    paid, many = sums.untaxed(since, told.last)
    if many:
        told = _untaxed(told, t, sums, least=least, most=most, paid=paid, many=many)
    if told.reached_on is None or most.start is None:
        return told
    before = (most.start, told.reached_on - timedelta(days=1))
    least_, times = (sums.least, 0) if t.amount else (sums, 1)
    names = {
        _order(database, t, told.reached_on, some.between(*before), by, untold=n)
        for some, n in ((least_, times), (sums, 1))
    }
    return replace(told, reached_by=names.pop() if len(names) == 1 else "")


def _found(t: Threshold, sums: _Sums, on: date) -> _Found:
    since = sums.days[0] if sums.days else on
    return _sliding(t, sums, on) if t.period == SLIDING else _fixed(t, sums, windows(t.period, since, on), on)


def _between(least: _Found, most: _Found) -> dict[str, Any]:
    """How a threshold stands where it rests on tax that no file says: on no day that is known."""
    state = "over" if least.state == "over" else "unknown" if most.reached else most.state
    return {"state": state, "reached_on": None, "holds_from": None}


def _untaxed(
    told: Nearness, t: Threshold, sums: _Sums, *, least: _Found, most: _Found, paid: int, many: int
) -> Nearness:
    low, orders, _ = sums.least.between(told.first, told.last)
    high = sums.between(told.first, told.last)[0]
    percents = t.percent(low, orders), t.percent(high, orders)
    words = _untaxed_words(many, paid, low, high, t.currency)
    if least.reached != most.reached:
        words += f"; the threshold may have been reached on {most.reached}"
        words += f", and was by {least.reached}" if least.reached else ""
    return replace(
        told,
        sales=high if low == high else None,
        percent=percents[0] if percents[0] == percents[1] else None,
        untaxed=Untaxed(many, paid, low, high, percent_least=percents[0], percent_most=percents[1], words=words),
    )


def _untaxed_words(many: int, paid: int, low: int, high: int, currency: str) -> str:
    """Of how many orders no file says the tax, and between which sums sales are."""
    sums = (money.show(m, currency) for m in (paid, low, high))
    return "no file says the tax of {n} orders ({} paid): sales are between {} and {}".format(*sums, n=many)


@dataclass(frozen=True)
class _Found:
    """The window that tells most, how it stands, and when the threshold was reached, in which window (None: in the year
    to that day)."""

    window: Window
    state: str
    reached: date | None = None
    reached_in: Window | None = None

    @property
    def start(self) -> date | None:
        """The first day of what reached it."""
        return self.reached_in.first if self.reached_in else a_year_to(self.reached) if self.reached else None


def _fixed(t: Threshold, sums: _Sums, every: list[Window], on: date) -> _Found:
    """Of windows with a fixed end: one that holds on the day; else one that will; the nearest; one gone by."""
    reached = [(w, day) for w in every if (day := sums.reached(t, w.first, min(w.last, on)))]
    holding = [(w, d) for w, d in reached if (w.holds_from or d) <= on <= w.holds_to]
    if holding:
        return _Found(holding[0][0], "over", holding[0][1], holding[0][0])
    if coming := [(w, d) for w, d in reached if w.holds_from and on < w.holds_from]:
        return _Found(coming[0][0], "near", coming[0][1], coming[0][0])
    counting = [w for w in every if w.first <= on and on <= max(w.last, w.holds_to)]
    sold = {w: sums.between(w.first, min(w.last, on))[:2] for w in counting}
    best = max(counting, key=lambda w: (t.percent(*sold[w]), sold[w], w.first))
    if t.percent(*sold[best]) >= NEAR:
        return _Found(best, "near")
    if reached:
        return _Found(best, "was over", reached[-1][1], reached[-1][0])
    return _Found(best, "below")


def _sliding(t: Threshold, sums: _Sums, on: date) -> _Found:
    """Of the windows that end on each day: the one to the day itself, and when it was last crossed."""

    def met(day: date) -> bool:
        return t.reached(*sums.between(a_year_to(day), day)[:2])

    crossed = [d for d in sums.days if d <= on and met(d) and not met(d - timedelta(days=1))]
    window = Window(first=a_year_to(on), last=on, holds_from=None, holds_to=on)
    if met(on):
        return _Found(window, "over", crossed[-1])
    if t.percent(*sums.between(window.first, on)[:2]) >= NEAR:
        return _Found(window, "near")
    return _Found(window, "was over", crossed[-1]) if crossed else _Found(window, "below")


def _figured(told: Nearness, t: Threshold, sums: _Sums, found: _Found, on: date) -> Nearness:
    first, last = found.window.first, min(found.window.last, on)
    sales, orders, theirs = sums.between(first, last)
    comes = found.window.holds_from if found.state == "near" and found.reached else None
    return replace(
        told,
        sales=sales,
        orders=orders,
        percent=t.percent(sales, orders),
        state=found.state,
        first=first,
        last=last,
        left_out=theirs,
        reached_on=found.reached,
        holds_from=comes,
    )


def _order(
    database: Database, t: Threshold, day: date, before: tuple[int, int, int], by: dict[str, Any], *, untold: int
) -> str:
    """The order of a day with which a threshold was reached, after the sales and orders before that day; `untold` times
    what was paid for those whose tax no file says."""
    begins, over = bounds(zone_of(t.country, t.region) or UTC_ZONE, day, day)
    sales, orders, _ = before
    for r in database.rows(_OF_A_DAY, country=t.country, region=t.region, begins=begins, over=over):
        if r["by_marketplace"] and not t.marketplaces:
            continue
        sales += converted(int(r["net"]) * (untold if r["untold"] else 1), r["currency"], t.currency, by[r["currency"]])
        orders += 1
        if t.reached(sales, orders):
            return str(r["order_id"])
    return ""


def _unplaced(database: Database, on: date) -> list[Nearness]:
    """Sales of twelve months to the United States that name no state of it, by what they name."""
    first = a_year_to(on)
    begins, over = bounds(zone_of("US") or UTC_ZONE, first, on)
    known = [s.code for s in states()]
    found = []
    for r in database.rows(_UNPLACED, begins=begins, over=over, regions=known):
        sales, currency = int(r["sales"]), r["currency"]
        why = _nowhere(r["told"], f"{r['orders']} orders ({money.show(sales, currency)})")
        untaxed = None
        if r["untold_orders"]:
            paid = int(r["untold"])
            words = _untaxed_words(r["untold_orders"], paid, sales - paid, sales, currency)
            untaxed = Untaxed(r["untold_orders"], paid, sales - paid, sales, None, None, words)
        found.append(
            Nearness(
                country="US",
                region=UNPLACED,
                amount=None,
                sales=None if untaxed else sales,
                orders=r["orders"],
                percent=None,
                state="unknown",
                currency=currency,
                first=first,
                last=on,
                threshold=None,
                why=why,
                untaxed=untaxed,
            )
        )
    return found


def _nowhere(told: str, orders: str) -> str:
    """Why orders are in no state: what their files say, where they say something."""
    if not told:
        return f"no file says the state: {orders} are in none of the states"
    if told in ("PR", "US-PR", "PUERTO RICO"):
        return f"{told} is Puerto Rico, no state of the table, with its own sales tax: {orders} are in none of them"
    return f"{told} is no state of the table: {orders} are in none of them"
