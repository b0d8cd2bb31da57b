"""What is left of a price advantage: a product in a market on a day, against the local alternative.

Everything is for one piece and in the currency of the cost. The full cost is the landed cost and what selling one
costs; the advantage is how far below the rival's price it could be sold without loss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from crossbook.duty.abroad import land_abroad
from crossbook.duty.bill import Landed
from crossbook.duty.claims import read
from crossbook.duty.countries import country
from crossbook.duty.foreign import ForeignDuty
from crossbook.duty.landed import land_us
from crossbook.duty.schedule import line_then
from crossbook.duty.shipment import Shipment
from crossbook.duty.tables import KNOWN_UNTIL, Law, law
from crossbook.errors import CrossbookError
from crossbook.money import exponent

# Where the buyer imports, the sale for export is that to the buyer: Agreement on Implementation of Article VII of the
# GATT 1994, article 1 (www.wto.org/english/docs_e/legal_e/20-val_01_e.htm).
PARCELS = "parcels are valued at their cost; where the buyer imports, customs take the price: see market rank"
LOT = 500  # pieces of one shipment by sea or air, over which the fees of an entry are spread; a parcel is one piece


@dataclass(frozen=True)
class Product:
    """A product in a market; amounts in minor units, cost side in `cost_currency`, prices in `currency`."""

    sku: str
    name: str
    hts: str
    origin: str
    market: str
    mode: str
    cost: int
    freight: int
    selling: int
    cost_currency: str
    price: int | None
    rival_price: int | None
    rival: str
    currency: str
    weight_kg: Decimal | None = None
    claims: Mapping[str, Any] | None = None
    evidence: str = ""
    line: int = 0

    @property
    def parcel(self) -> bool:
        """Whether each piece goes to its buyer, who may be the importer."""
        return self.mode in ("courier", "post")


@dataclass(frozen=True)
class Advantage:
    """One product and market on one day. Amounts of one piece in minor units of the cost's currency."""

    product: Product
    on: date
    landed: int | None
    duty: int | None
    full_cost: int | None
    margin: int | None  # at the current price
    margin_share: Decimal | None
    break_even: int | None  # the price at which nothing is lost, in the market's currency
    advantage: Decimal | None  # share of the rival's price
    duty_room: Decimal | None  # points of duty, as a fraction of the value, that would end it
    freight_room: Decimal | None  # times the freight that would end it
    refused: str = ""
    missing: tuple[str, ...] = ()
    bill: Landed | None = None

    def told(self) -> Standing:
        """The same without the bill, for programs."""
        p = self.product
        return Standing(
            sku=p.sku,
            name=p.name,
            hts=p.hts,
            origin=p.origin,
            market=p.market,
            mode=p.mode,
            on=self.on,
            currency=p.cost_currency,
            cost=p.cost,
            landed_cost=self.landed,
            duty=self.duty,
            full_cost=self.full_cost,
            margin=self.margin,
            margin_share=_plain(self.margin_share),
            price=p.price,
            price_currency=p.currency,
            break_even_price=self.break_even,
            rival=p.rival,
            rival_price=p.rival_price,
            advantage=_plain(self.advantage),
            duty_points_left=_plain(self.duty_room),
            freight_times_left=_plain(self.freight_room),
            refused=self.refused,
            missing=self.missing,
            evidence=p.evidence,
            line=p.line,
        )


@dataclass(frozen=True)
class Standing:
    """What is left of a product's price advantage in a market on a day; money of one piece in minor units.

    `currency` is that of costs and margin, `price_currency` that of the three prices. `advantage` is a share of the
    rival's price; `duty_points_left` is the further duty, as a fraction of the value, that would end it, and
    `freight_times_left` how many times the freight would. `refused` says why nothing could be worked out; `missing`
    are facts that could change it, `customs_value` among them where customs may take the price for the cost.
    """

    sku: str
    name: str
    hts: str
    origin: str
    market: str
    mode: str
    on: date
    currency: str
    cost: int
    landed_cost: int | None
    duty: int | None
    full_cost: int | None
    margin: int | None
    margin_share: float | None
    price: int | None
    price_currency: str
    break_even_price: int | None
    rival: str
    rival_price: int | None
    advantage: float | None
    duty_points_left: float | None
    freight_times_left: float | None
    refused: str
    missing: tuple[str, ...]
    evidence: str
    line: int


def _plain(value: Decimal | None) -> float | None:
    return None if value is None else float(round(value, 4))


def advantage(
    p: Product,
    on: date,
    *,
    table: Law | None = None,
    duties: Sequence[ForeignDuty] = (),
    fx: Mapping[str, Decimal] | None = None,
    lot: int = LOT,
    beyond: bool = False,
) -> Advantage:
    """Work out one product in one market on one day; what cannot be worked out is refused with its reason."""
    fx = fx or {}
    pieces = pieces_of(p, lot)
    p = in_dollars(p, fx) if p.market == "US" else p
    try:
        bill = bill_of(p=p, on=on, pieces=pieces, table=table, duties=duties, fx=fx, beyond=beyond)
        if bill.landed_cost is None:
            raise CrossbookError(
                "the duty needs a fact: " + "; ".join(m.ask for m in bill.missing if m.fact == "quantity")
            )
        rate = _rate(p.currency, fx) / _rate(p.cost_currency, fx)
    except CrossbookError as error:
        none = None
        return Advantage(
            product=p,
            on=on,
            landed=none,
            duty=none,
            full_cost=none,
            margin=none,
            margin_share=none,
            break_even=none,
            advantage=none,
            duty_room=none,
            freight_room=none,
            refused=error.what + (f" ({error.todo})" if error.todo else ""),
        )
    landed = _each(bill.landed_cost, pieces)
    full = landed + p.selling
    to_cost = rate * Decimal(10) ** (exponent(p.cost_currency) - exponent(p.currency))
    price = None if p.price is None else Decimal(p.price) * to_cost
    rival = None if p.rival_price is None else Decimal(p.rival_price) * to_cost
    room = None if rival is None else rival - full
    value = Decimal(bill.customs_value) / pieces
    return Advantage(
        product=p,
        on=on,
        landed=landed,
        duty=None if bill.total_duty is None else _each(bill.total_duty, pieces),
        full_cost=full,
        margin=None if price is None else _whole(price - full),
        margin_share=None if not price else (price - full) / price,
        break_even=_whole(Decimal(full) / to_cost),
        advantage=None if not rival or room is None else room / rival,
        duty_room=None if room is None or not value else room / value,
        freight_room=None if room is None or not p.freight else room / p.freight,
        refused="",
        missing=(*(m.fact for m in bill.missing), *(("customs_value",) if p.parcel else ())),
        bill=bill,
    )


def in_dollars(p: Product, fx: Mapping[str, Decimal]) -> Product:
    """A product with its costs in US dollars, in which the United States takes customs values; as it is without a rate.

    The rates are those of the book: customs takes the one of 19 CFR 159.32, so that a bill is an estimate.
    """
    if p.cost_currency == "USD" or p.cost_currency not in fx:
        return p
    rate = fx[p.cost_currency] * Decimal(10) ** (exponent("USD") - exponent(p.cost_currency))
    return replace(
        p,
        cost=_whole(p.cost * rate),
        freight=_whole(p.freight * rate),
        selling=_whole(p.selling * rate),
        cost_currency="USD",
    )


def pieces_of(p: Product, lot: int = LOT) -> int:
    """How many pieces a shipment of a product has."""
    return 1 if p.parcel else lot


def bill_of(
    p: Product,
    on: date,
    pieces: int,
    *,
    table: Law | None = None,
    duties: Sequence[ForeignDuty] = (),
    fx: Mapping[str, Decimal] | None = None,
    beyond: bool = False,
) -> Landed:
    """The bill of one shipment of a product into its market. Raises CrossbookError where there can be none."""
    claims = {name: read(name, str(v)) for name, v in (p.claims or {}).items()}
    weight = None if p.weight_kg is None else p.weight_kg * pieces
    s = Shipment(
        hts=line_then(p.hts, on, (table or law()).newer).code if p.market == "US" else p.hts,
        origin=country(p.origin, "origin"),
        destination=p.market if p.market == "EU" else country(p.market, "market"),
        on=on,
        price=p.cost * pieces,
        currency=p.cost_currency,
        quantity=Decimal(pieces),
        freight=p.freight * pieces,
        mode=p.mode,
        weight_kg=weight,
        claims=claims,
        delivered=p.parcel,
    )
    return land_us(s, beyond=beyond, table=table) if s.destination == "US" else land_abroad(s, duties, fx)


def _rate(currency: str, fx: Mapping[str, Decimal]) -> Decimal:
    if currency == "USD":
        return Decimal(1)
    if currency not in fx:
        raise CrossbookError(
            f"prices in {currency} need its rate", todo=f"--fx {currency}=0.14 (one unit in US dollars)"
        )
    return fx[currency]


def _each(total: int, pieces: int) -> int:
    return _whole(Decimal(total) / pieces)


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def series(p: Product, since: date, until: date, **more: Any) -> list[Advantage]:
    """The advantage on the first day and on each later day on which the law changes something for it."""
    table: Law = more.get("table") or law()
    days = [since, *(d for d in table.breaks if since < d <= min(until, KNOWN_UNTIL))]
    found: list[Advantage] = []
    for day in days:
        now = advantage(p, day, **more)
        if not found or _outcome(now) != _outcome(found[-1]):
            found.append(now)
    return found


def _outcome(a: Advantage) -> tuple[Any, ...]:
    return a.landed, a.refused, tuple(x.id for x in a.bill.lines) if a.bill else ()


def from_elsewhere(p: Product, origin: str) -> Product:
    """The same product made in another country: a what-if."""
    return replace(p, origin=origin)
