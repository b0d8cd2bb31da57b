"""What the landed margin of a product in a market is made of: terms from the duty desk's bill, the book's own sales and
what a reader states or supposes.

Nothing of a bill is worked out again here: duty, fees and VAT are those of `duty.advantage.bill_of`, and their ends the
least and the most that they are by each answer to the facts that it asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import product

from crossbook.duty.abroad import market_of
from crossbook.duty.advantage import LOT, Product, bill_of, in_dollars, pieces_of
from crossbook.duty.bill import Landed
from crossbook.duty.foreign import ForeignDuty
from crossbook.duty.lines import digits
from crossbook.duty.shipment import FOB_MARKETS
from crossbook.duty.tables import Law
from crossbook.errors import CrossbookError
from crossbook.market.margin import Makeup, Term, exactly, unknown
from crossbook.market.own import Own, fees_term, returns_term
from crossbook.money import exponent

ALL = "all"
CONVERTED = "from {currency} at the book's rate; customs takes the one of 19 CFR 159.32"
PARCEL = (  # as `duty.advantage.PARCELS` says of it
    "from what it is on the cost up to what it is on the price: of a parcel customs take the price that the buyer pays"
)
CONSUMERS = {"to_business": "no"}  # what is sold by the parcel is taken to go to consumers where the law asks who buys
ENOUGH = 30  # orders of a market by which what it sent back says something of others; of fewer markets, all together


@dataclass(frozen=True, kw_only=True)
class Supposed:
    """What a reader states or supposes, by market (or `all`). Money is (minor units, currency); shares are 0 to 1; a
    price may also be another market's ("US"); a duty is a text of a tariff table ("5%")."""

    price: Mapping[str, tuple[int, str] | str] = field(default_factory=dict)
    freight: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    platform: Mapping[str, Decimal] = field(default_factory=dict)
    returns: Mapping[str, Decimal] = field(default_factory=dict)
    duty: Mapping[str, str] = field(default_factory=dict)
    price_vat: Mapping[str, str] = field(default_factory=dict)
    claims: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""

    def of(self, name: str, market: str) -> object | None:
        """What is supposed of one thing in a market: its own, else that for all, else None."""
        told: Mapping[str, object] = getattr(self, name)
        return told.get(market, told.get(ALL))


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What all makeups of a book on a day rest on. `fx` is one unit of a currency in US dollars; `told` says of a row
    of a product (evidence and line) whether it states freight and selling cost."""

    on: date
    law: Law
    duties: Sequence[ForeignDuty]
    fx: Mapping[str, Decimal]
    own: Own
    rows: Sequence[Product]
    told: Mapping[tuple[str, int], tuple[bool, bool]]
    lot: int = LOT

    def row(self, sku: str, market: str) -> Product | None:
        """The book's row of a product in a market."""
        return next((p for p in self.rows if (p.sku, p.market) == (sku, market)), None)

    def to(self, amount: int | Decimal, currency: str, other: str) -> Decimal | None:
        """An amount in minor units of another currency; None without a rate."""
        if currency == other:
            return Decimal(amount)
        rates = {**self.fx, "USD": Decimal(1)}
        if currency not in rates or other not in rates:
            return None
        return Decimal(amount) * rates[currency] / rates[other] * Decimal(10) ** (exponent(other) - exponent(currency))


@dataclass(frozen=True, kw_only=True)
class Landing:
    """A product in a market: the row that it was worked out by, its makeup, the bill of the usual case, or why there is
    none (`refused`). `taken` are facts that nobody stated and that this desk takes: they are in the bills, named."""

    product: Product
    makeup: Makeup
    bill: Landed | None
    refused: CrossbookError | None
    borrowed: bool  # the row is another market's: how it ships is assumed
    taken: Mapping[str, str] = field(default_factory=dict)


def landing(ground: Ground, sku: str, market: str, supposed: Supposed) -> Landing:
    """What the margin of a product in a market is made of, in the currency of its costs (for the United States in US
    dollars where a rate is known). The book must have a row of the product."""
    paid_in = {p.cost_currency for p in ground.rows if p.sku == sku}
    if market == "US":
        ground = replace(ground, rows=[in_dollars(p, ground.fx) if p.sku == sku else p for p in ground.rows])
    mine = [p for p in ground.rows if p.sku == sku]
    row = ground.row(sku, market)
    base = row or _borrowed(mine)
    p = replace(
        base, market=market, origin=supposed.origin or base.origin, claims={**(base.claims or {}), **supposed.claims}
    )
    freight = _freight(ground, row, mine, p, supposed)
    price, taxed = _price(ground, sku, market, p.cost_currency, supposed)
    values = _values(ground, p, price)
    bills = _bills(ground, p, freight, values, supposed)
    turned = "" if p.cost_currency in paid_in else CONVERTED.format(currency=" ".join(sorted(paid_in)))
    terms = {"cost": exactly("cost", p.cost, "stated", p.evidence, note=turned), "freight": freight}
    terms |= _of_bills(ground, p, freight, bills)
    if len(values) > 1:
        terms |= {n: replace(terms[n], note=PARCEL) for n in ("duty", "vat") if terms[n].low != terms[n].high}
    usual = bills.usual
    if row is not None and ground.told[row.evidence, row.line][1] and supposed.of("platform", market) is None:
        terms["selling"] = exactly("selling", row.selling, "stated", row.evidence)
    terms["platform"] = _platform(ground, market, supposed, "selling" in terms)
    terms["returns"] = _returns(ground, market, supposed)
    share = _vat_share(usual)
    told = supposed.of("price_vat", market)
    makeup = Makeup(
        currency=p.cost_currency,
        terms=terms,
        price=price,
        vat_share=share,
        price_vat=str(told or ("outside" if taxed else "")) if share else "",
    )
    return Landing(product=p, makeup=makeup, bill=usual, refused=bills.refused, borrowed=row is None, taken=bills.taken)


def _borrowed(mine: Sequence[Product]) -> Product:
    """The row after which a product would ship to a market that it has none of: by courier where one goes so."""
    return next((p for p in mine if p.parcel), mine[0])


def _freight(ground: Ground, row: Product | None, mine: Sequence[Product], p: Product, supposed: Supposed) -> Term:
    given = supposed.of("freight", p.market)
    if isinstance(given, tuple):
        there = ground.to(given[0], given[1], p.cost_currency)
        if there is None:
            raise CrossbookError(f"freight in {given[1]} needs its rate", todo=f"--fx {given[1]}=0.14")
        return exactly("freight", there, "supposed", "")
    if row is not None and ground.told[row.evidence, row.line][0]:
        return exactly("freight", row.freight, "stated", row.evidence)
    like = [x for x in mine if x.mode == p.mode and x.market != p.market and ground.told[x.evidence, x.line][0]]
    if row is None and len(like) > 1:
        return Term(
            name="freight",
            low=Decimal(min(x.freight for x in like)),
            high=Decimal(max(x.freight for x in like)),
            known="assumed",
            source=", ".join(sorted(x.market for x in like)),
            asks=("freight",),
        )
    return unknown("freight", "freight")


@dataclass(frozen=True, kw_only=True)
class _Bills:
    """The bill of the usual case, and one for each amount of freight and each way to answer what is open; `refused`
    says why a way has none. `taken` are the facts that one of them asked for and that were taken for consumers."""

    usual: Landed | None
    ends: Sequence[Landed]
    refused: CrossbookError | None
    taken: Mapping[str, str]


def _values(ground: Ground, p: Product, price: Term | None) -> list[int]:
    """What customs may take for the value of the goods: their cost, and of a parcel to its buyer the price as well."""
    most = None if price is None else price.high
    if pieces_of(p, ground.lot) > 1 or most is None:
        return [p.cost]
    return list(dict.fromkeys((p.cost, int(most.to_integral_value()))))


def _bills(ground: Ground, p: Product, freight: Term, values: Sequence[int], supposed: Supposed) -> _Bills:
    duties = ground.duties
    if "US" in supposed.duty:
        raise CrossbookError(
            "the duty of the United States is worked out by law, no other is supposed",
            todo="state a fact with --claim, or change a measure: crossbook duty landed --help",
        )
    if (rate := supposed.of("duty", p.market)) is not None and p.market != "US":
        duties = _with(duties, p, str(rate))
    low = freight.low or Decimal(0)
    usual_freight = low if freight.point is None else freight.point
    usual: Landed | None = None
    refused: CrossbookError | None = None
    ends: list[Landed] = []
    taken: dict[str, str] = {}
    try:
        usual, taken = _bill(ground, _shipped(p, usual_freight), duties)
        for amount, value in product(dict.fromkeys((low, freight.high or usual_freight)), values):
            bill, more = _bill(ground, replace(_shipped(p, amount), cost=value), duties)
            ends += bill.ends or (bill,)
            refused = refused or bill.refused
            taken |= more
    except CrossbookError as error:
        refused = refused or error
    return _Bills(usual=usual, ends=ends, refused=refused, taken=taken)


def _shipped(p: Product, freight: Decimal) -> Product:
    return replace(p, freight=int(freight.to_integral_value()))


def _bill(ground: Ground, p: Product, duties: Sequence[ForeignDuty]) -> tuple[Landed, dict[str, str]]:
    """The bill, and what it took: of a parcel whose bill asks who receives it, the one for a consumer."""

    def of(claims: Mapping[str, str]) -> Landed:
        return bill_of(
            p=replace(p, claims={**(p.claims or {}), **claims}),
            on=ground.on,
            pieces=pieces_of(p, ground.lot),
            table=ground.law,
            duties=duties,
            fx=ground.fx,
            beyond=True,
        )

    bill = of({})
    asked = {m.fact for m in bill.missing}
    taken = {fact: value for fact, value in CONSUMERS.items() if fact in asked} if p.parcel else {}
    return (of(taken), taken) if taken else (bill, {})


def _with(duties: Sequence[ForeignDuty], p: Product, rate: str) -> list[ForeignDuty]:
    """The tables with another duty for a product in its market."""
    market, code = market_of(p.market), digits(p.hts)
    kept = [d for d in duties if d.market != market or not code.startswith(d.code)]
    one = ForeignDuty(
        market=market,
        code=code,
        description="",
        duty=rate,
        origins=("ALL",),
        measure="import duty",
        since=date.min,
        until=None,
        cite="supposed",
    )
    return [*kept, one]


def _of_bills(ground: Ground, p: Product, freight: Term, bills: _Bills) -> dict[str, Term]:
    """Duty, fees and VAT of one piece: the usual is that of the usual freight and the usual answers."""
    usual, ends, refused = bills.usual, bills.ends, bills.refused
    if usual is None:
        what, todo = (refused.what, refused.todo) if refused else ("", "")
        return {name: unknown(name, todo or what, note=what) for name in ("duty", "fees", "vat")}
    pieces = Decimal(pieces_of(p, ground.lot))
    market = market_of(p.market)
    loose = freight.high is None  # an unknown freight is in the value where that holds it
    asks = (*(m.fact for m in usual.missing if m.fact != "vat"), *((refused.todo or refused.what,) if refused else ()))

    def spread(name: str, of: Callable[[Landed], Sequence[int | None]], usually: int | None, *, wide: bool) -> Term:
        values = [value for bill in ends for value in of(bill)]
        known = [Decimal(v) / pieces for v in values if v is not None]
        low = min(known, default=Decimal(0)) if refused is None else Decimal(0)
        high = None if wide or refused is not None or None in values else max(known, default=None)
        return Term(
            name=name,
            low=low,
            usual=None if usually is None or wide else Decimal(usually) / pieces,
            high=high,
            known="worked out",
            asks=tuple(dict.fromkeys(asks)) if high != low else (),
        )

    def vat_of(bill: Landed) -> list[int | None]:
        if any(m.fact == "vat" for m in bill.missing):
            return [None]
        most = None if bill.duty_high is None else bill.tax_high
        return [bill.tax(), bill.tax()] if bill.tax_low is None else [bill.tax_low, most]

    no_vat = any(m.fact == "vat" for m in usual.missing)
    vat = spread("vat", vat_of, None if no_vat else usual.tax(), wide=loose and market not in ("US", "CA"))
    if no_vat:
        vat = replace(vat, asks=("vat", *vat.asks))
    return {
        "duty": spread(
            "duty", lambda b: (b.duty_low, b.duty_high), usual.total_duty, wide=loose and market not in FOB_MARKETS
        ),
        "fees": spread(
            "fees", lambda b: [sum(f.amount for f in b.fees)], sum(f.amount for f in usual.fees), wide=False
        ),
        "vat": vat,
    }


def _vat_share(bill: Landed | None) -> Decimal | None:
    """The part of a price that the VAT in it is, by the rates of the bill."""
    if bill is None or any(m.fact == "vat" for m in bill.missing):
        return None
    rate = sum((x.fraction or Decimal(0) for x in bill.taxes if x.id == "vat"), Decimal(0))
    return rate / (1 + rate) if rate else None


def _platform(ground: Ground, market: str, supposed: Supposed, in_selling: bool) -> Term:
    given = supposed.of("platform", market)
    if isinstance(given, Decimal):
        return exactly("platform", given, "supposed", "")
    if in_selling:
        return exactly("platform", 0, "stated", "", note="the selling cost of the product's row holds it")
    found = fees_term([x for x in ground.own.taken if x.market == market], ground.fx, ground.own.on)
    if found is not None:
        return replace(found, asks=("platform",))
    elsewhere = fees_term(ground.own.taken, ground.fx, ground.own.on)
    if elsewhere is None or elsewhere.settled:
        return unknown("platform", "platform")
    return replace(elsewhere, usual=None, known="assumed", asks=("platform",))


def _returns(ground: Ground, market: str, supposed: Supposed) -> Term:
    given = supposed.of("returns", market)
    if isinstance(given, Decimal):
        return exactly("returns", given, "supposed", "")
    own = ground.own
    found = returns_term([x for x in own.back if x.market == market], own.on, ground.fx)
    if found is not None:
        return replace(found, asks=("returns",))
    markets = sorted({x.market for x in own.back if sum(y.orders for y in own.back if y.market == x.market) >= ENOUGH})
    groups = [[x for x in own.back if x.market == m] for m in markets] or [list(own.back)]
    told = [term for rows in groups if (term := returns_term(rows, own.on, ground.fx)) is not None]
    if not told:
        return unknown("returns", "returns")
    return Term(
        name="returns",
        low=min(x.low for x in told if x.low is not None),
        high=max(x.high for x in told if x.high is not None),
        known="assumed",
        source=", ".join(markets or sorted({x.market for x in own.back})),
        on=own.on,
        asks=("returns",),
    )


def _price(ground: Ground, sku: str, market: str, currency: str, supposed: Supposed) -> tuple[Term | None, bool]:
    """What a piece sells for there, and whether tax is known to be out of it: as supposed, as the book sold it, as its
    row has it; else between the least and the most that the book has of other markets, if it has two."""
    given = supposed.of("price", market)
    if isinstance(given, str) and given != market:
        other, taxed = _told_price(ground, sku, given, currency)
        if other is None:
            raise CrossbookError(f"no price of {sku} in {given}", todo=f"give one: --price {market}=39.99USD")
        return replace(other, known="supposed", source=given), taxed
    if isinstance(given, tuple):
        there = ground.to(given[0], given[1], currency)
        if there is None:
            raise CrossbookError(f"a price in {given[1]} needs its rate", todo=f"--fx {given[1]}=0.14")
        return exactly("price", there, "supposed", ""), False
    found, taxed = _told_price(ground, sku, market, currency)
    if found is not None:
        return found, taxed
    others = {p.market for p in ground.rows if p.sku == sku} | {s.market for s in ground.own.sold if s.sku == sku}
    told = {m: term.usual for m in others if m != market and (term := _told_price(ground, sku, m, currency)[0])}
    values = [value for value in told.values() if value is not None]
    if len(values) < 2:
        return None, False
    assumed = Term(
        name="price",
        low=min(values),
        high=max(values),
        known="assumed",
        source=", ".join(sorted(told)),
        on=ground.own.on,
        asks=("price",),
    )
    return assumed, False


def _told_price(ground: Ground, sku: str, market: str, currency: str) -> tuple[Term | None, bool]:
    sold = [(s, ground.to(s.revenue, s.currency, currency)) for s in ground.own.sold_in(sku, market)]
    known = [(s, amount) for s, amount in sold if amount is not None]
    units = sum(s.units for s, _ in known)
    if units:
        revenue = sum((amount for _, amount in known), Decimal(0))
        taxed = all(s.taxed for s, _ in known)
        return exactly("price", revenue / units, "own", f"{units} pieces", ground.own.on), taxed
    row = ground.row(sku, market)
    there = None if row is None or row.price is None else ground.to(row.price, row.currency, currency)
    return (None if row is None or there is None else exactly("price", there, "stated", row.evidence)), False
