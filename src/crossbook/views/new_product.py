"""A product that is in no book yet, as a person states it, so that its markets can be ranked like any other's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from crossbook import money
from crossbook.duty.advantage import Product
from crossbook.duty.countries import country
from crossbook.duty.lines import digits
from crossbook.errors import ParameterError
from crossbook.views.landing import ALL, Ground, Supposed
from crossbook.views.markets import market_named

SKU = "new"
MODES = ("courier", "post", "air", "ocean")


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What a person states of a product: texts as they were typed, "" for what was not. Freight and selling cost are of
    one piece and in the currency of the cost; price is what it sells for in `market`."""

    name: str = ""
    hts: str = ""
    origin: str = "CN"
    cost: str = ""
    cost_currency: str = "USD"
    weight_g: str = ""
    mode: str = "courier"
    freight: str = ""
    selling: str = ""
    market: str = "US"
    price: str = ""
    currency: str = "USD"
    everywhere: bool = False  # price and freight are the same in every market


def with_product(at: Ground, stated: Stated) -> Ground:
    """The ground with this product alone. What was not stated is not known. Raises ParameterError, naming the field."""
    code = digits(stated.hts)
    if len(code) < 6:
        raise ParameterError(
            "hts", stated.hts, what="a tariff number of 6 to 10 digits is wanted", todo="find it by words: /find"
        )
    cost_currency = _currency("cost_currency", stated.cost_currency)
    currency = _currency("currency", stated.currency)
    cost = _amount("cost", stated.cost, cost_currency)
    if cost is None:
        raise ParameterError("cost", "", what="what does one piece cost?", todo="write it as 4.20")
    freight = _amount("freight", stated.freight, cost_currency)
    selling = _amount("selling", stated.selling, cost_currency)
    if stated.mode not in MODES:
        raise ParameterError("mode", stated.mode, what="no way to ship", todo=", ".join(MODES))
    product = Product(
        sku=SKU,
        name=stated.name.strip() or code,
        hts=code,
        origin=country(stated.origin, "origin"),
        market=market_named(stated.market),
        mode=stated.mode,
        cost=cost,
        freight=freight or 0,
        selling=selling or 0,
        cost_currency=cost_currency,
        price=_amount("price", stated.price, currency),
        rival_price=None,
        rival="",
        currency=currency,
        weight_kg=_weight(stated.weight_g),
        claims={},
    )
    return replace(at, rows=[product], told={("", 0): (freight is not None, selling is not None)})


def supposed_of(stated: Stated) -> Supposed:
    """What is supposed of every market: price and freight, where they are stated to be the same everywhere."""
    if not stated.everywhere:
        return Supposed()
    currency, cost_currency = _currency("currency", stated.currency), _currency("cost_currency", stated.cost_currency)
    price = _amount("price", stated.price, currency)
    freight = _amount("freight", stated.freight, cost_currency)
    return Supposed(
        price={} if price is None else {ALL: (price, currency)},
        freight={} if freight is None else {ALL: (freight, cost_currency)},
    )


def _currency(field: str, text: str) -> str:
    try:
        return money.currency(text)
    except ValueError:
        raise ParameterError(field, text, what=f"unknown currency {text!r}", todo="write it as USD or CNY") from None


def _amount(field: str, text: str, currency: str) -> int | None:
    """Minor units, None where nothing was typed."""
    if not text.strip():
        return None
    try:
        found = money.parse(text.strip(), money.exponent(currency))
    except ValueError as error:
        raise ParameterError(field, text, what=f"{text!r}: {error}", todo="write it as 4.20") from None
    if found < 0:
        raise ParameterError(field, text, what=f"{text!r} is below 0", todo="write it as 4.20")
    return found


def _weight(text: str) -> Decimal | None:
    """Kilograms, from grams."""
    if not text.strip():
        return None
    try:
        grams = Decimal(text.strip())
    except InvalidOperation:
        grams = Decimal(-1)
    if not grams.is_finite() or grams <= 0:
        raise ParameterError("weight_g", text, what=f"{text!r} is no weight", todo="write grams: 350")
    return grams / 1000
