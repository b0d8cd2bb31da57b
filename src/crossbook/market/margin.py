"""The landed margin of one piece in a market: the price there less what it costs to land and to sell it.

Everything is of one piece, in minor units of one currency, exact decimals rounded once. A term that is not known is
null and named. It is never taken for 0: the margin is then an interval whose open end is null ("at most 8.20").

    margin = price - landed - selling - price x (platform + returns)      landed = cost + freight + duty + fees + VAT

*VAT* is that of the bill (at import). Where the price is one that holds the VAT of the sale, that is due in its place
(what was paid at import is set off against it): which of the two holds is a fact (`price_vat`). *Returns* are the share
of sales that was paid back; what comes back is counted as worth nothing. The break-even price is the price at which the
margin is 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

ONE = Decimal(1)
LANDED = ("cost", "freight", "duty", "fees", "vat")
SHARES = ("platform", "returns")


@dataclass(frozen=True, kw_only=True)
class Term:
    """One term: between `low` and `high`, with `usual` where one of them is the usual case. Amounts in minor units, or
    a share of the price. None: not known; a cost that is not known has `low` 0 as its bound, and no `high`.

    `known` says how: `stated`, `worked out`, `own` (from the book's own sales), `supposed` (a what-if), `assumed`
    (what the book has of other markets), `unknown`. `asks` is what would settle it.
    """

    name: str
    low: Decimal | None = None
    usual: Decimal | None = None
    high: Decimal | None = None
    known: str = "unknown"
    source: str = ""
    on: date | None = None
    asks: tuple[str, ...] = ()
    note: str = ""

    @property
    def point(self) -> Decimal | None:
        """The usual value, else the middle of the interval; None where it has an open end."""
        if self.usual is not None or self.low is None or self.high is None:
            return self.usual
        return (self.low + self.high) / 2

    @property
    def settled(self) -> bool:
        """Whether it is one value."""
        return self.low is not None and self.low == self.high


def exactly(name: str, value: Decimal | int, known: str, source: str, on: date | None = None, note: str = "") -> Term:
    """A term that has one value."""
    one = Decimal(value)
    return Term(name=name, low=one, usual=one, high=one, known=known, source=source, on=on, note=note)


def unknown(name: str, *asks: str, source: str = "", note: str = "") -> Term:
    """A cost or share that is not known: at least 0, and no more can be said."""
    return Term(name=name, low=Decimal(0), asks=asks, source=source, note=note)


@dataclass(frozen=True, kw_only=True)
class Span:
    """An interval with the value in the usual case; None is an open end, or no usual case."""

    low: Decimal | None
    point: Decimal | None
    high: Decimal | None

    @property
    def known(self) -> bool:
        """Whether both ends are."""
        return self.low is not None and self.high is not None


NOTHING = Span(low=None, point=None, high=None)


@dataclass(frozen=True, kw_only=True)
class Makeup:
    """What the margin of one piece is made of. `terms` has each of LANDED and SHARES and may have `selling`; `price`
    is None where nothing is known of a price; `vat_share` is the part of a price that the VAT in it is, and
    `price_vat` whether the price holds it: "inside", "outside", or "" where that is not known."""

    currency: str
    terms: Mapping[str, Term]
    price: Term | None = None
    vat_share: Decimal | None = None
    price_vat: str = ""

    def doubts(self) -> list[str]:
        """The names of the terms that are not one value, and `price_vat` where it is open."""
        found = [name for name, term in self._all().items() if not term.settled]
        return [*found, "price_vat"] if self._vat_open() else found

    def _all(self) -> dict[str, Term]:
        return ({"price": self.price} if self.price else {}) | dict(self.terms)

    def _vat_open(self) -> bool:
        return bool(self.vat_share) and self.price_vat == "" and self.price is not None

    def _ways(self) -> tuple[str, ...]:
        """Ways in which the VAT may be due, the usual one first."""
        if not self.vat_share:
            return ("outside",)
        return (self.price_vat,) if self.price_vat else ("outside", "inside")

    def margin(self) -> Span:
        """The margin: worst case, usual case, best case. Nothing where there is no price."""
        if self.price is None:
            return NOTHING
        ends = self._ends()
        return Span(
            low=_least(self._margin(values, way) for values, way in ends["worst"]),
            point=self._margin(*ends["usual"][0]),
            high=_most(self._margin(values, way) for values, way in ends["best"]),
        )

    def share(self) -> Span:
        """The margin as a share of the price."""
        if self.price is None:
            return NOTHING
        ends = self._ends()

        def part(values: Mapping[str, Decimal | None], way: str) -> Decimal | None:
            margin, price = self._margin(values, way), values["price"]
            return None if margin is None or not price else margin / price

        return Span(
            low=_least(part(values, way) for values, way in ends["worst"]),
            point=part(*ends["usual"][0]),
            high=_most(part(values, way) for values, way in ends["best"]),
        )

    def break_even(self) -> Span:
        """The price at which nothing is lost: lowest, usual, highest."""
        ends = self._ends()
        return Span(
            low=_least(self._even(values, way) for values, way in ends["best"]),
            point=self._even(*ends["usual"][0]),
            high=_most(self._even(values, way) for values, way in ends["worst"]),
        )

    def only(self, doubt: str) -> Makeup:
        """The same with all else in its usual case, so that what is left of the interval is by this doubt alone."""
        terms = {
            name: term if name == doubt or term.point is None else _at(term, term.point)
            for name, term in self.terms.items()
        }
        price = self.price
        if price is not None and doubt != "price" and price.point is not None:
            price = _at(price, price.point)
        way = self.price_vat if doubt == "price_vat" or not self.vat_share else self.price_vat or "outside"
        return replace(self, terms=terms, price=price, price_vat=way)

    def landed(self) -> Span:
        """What one piece costs landed."""
        ends = self._ends()
        return Span(
            low=self._landed(ends["best"][0][0]),
            point=self._landed(ends["usual"][0][0]),
            high=self._landed(ends["worst"][0][0]),
        )

    def _ends(self) -> dict[str, list[tuple[dict[str, Decimal | None], str]]]:
        """Values of every term with a way for the VAT: all at their worst, in the usual case, at their best."""
        worst = {name: term.high for name, term in self.terms.items()}
        usual = {name: term.point for name, term in self.terms.items()}
        best = {name: term.low for name, term in self.terms.items()}
        if self.price is not None:
            worst["price"], usual["price"], best["price"] = self.price.low, self.price.point, self.price.high
        ways = self._ways()
        dear = {price for price in (worst.get("price"), best.get("price")) if price is not None}
        prices = dear if self.price is not None and len(dear) == 2 else {worst.get("price")}
        return {
            "worst": [(worst | {"price": price}, way) for way in ways for price in prices],
            "usual": [(usual, ways[0])],
            "best": [(best | {"price": price}, way) for way in ways for price in prices],
        }

    def _landed(self, values: Mapping[str, Decimal | None], without: tuple[str, ...] = ()) -> Decimal | None:
        parts = [values[name] for name in LANDED if name not in without]
        return (
            None
            if any(part is None for part in parts)
            else whole(sum((part or Decimal(0) for part in parts), Decimal(0)))
        )

    def _shares(self, values: Mapping[str, Decimal | None], way: str) -> Decimal | None:
        parts = [values[name] for name in SHARES]
        if any(part is None for part in parts):
            return None
        inside = self.vat_share if way == "inside" and self.vat_share else Decimal(0)
        return sum((part or Decimal(0) for part in parts), inside)

    def _margin(self, values: Mapping[str, Decimal | None], way: str) -> Decimal | None:
        price, selling = values.get("price"), values.get("selling", Decimal(0))
        landed = self._landed(values, ("vat",) if way == "inside" else ())
        shares = self._shares(values, way)
        if price is None or landed is None or shares is None or selling is None:
            return None
        return whole(price - landed - selling - price * shares)

    def _even(self, values: Mapping[str, Decimal | None], way: str) -> Decimal | None:
        landed = self._landed(values, ("vat",) if way == "inside" else ())
        shares, selling = self._shares(values, way), values.get("selling", Decimal(0))
        if landed is None or shares is None or selling is None or shares >= ONE:
            return None
        return whole((landed + selling) / (ONE - shares))


def whole(amount: Decimal) -> Decimal:
    """Rounded to whole minor units, halves up."""
    return amount.quantize(ONE, ROUND_HALF_UP)


def _at(term: Term, value: Decimal) -> Term:
    return replace(term, low=value, usual=value, high=value)


def _least(found: Iterable[Decimal | None]) -> Decimal | None:
    values = list(found)
    return None if None in values else min(v for v in values if v is not None)


def _most(found: Iterable[Decimal | None]) -> Decimal | None:
    values = list(found)
    return None if None in values else max(v for v in values if v is not None)
