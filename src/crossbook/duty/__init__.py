"""Duties: which apply on a day and why, what it costs to land goods, what of a price advantage is left.

from crossbook.duty import quote, quote_table
quote("7326.90.8688", origin="CN", value="1250.00", on=date(2026, 9, 1)).as_dict()
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from crossbook.errors import CrossbookError

if TYPE_CHECKING:
    import pyarrow as pa

    from crossbook.duty.bill import Landed
    from crossbook.duty.foreign import ForeignDuty
    from crossbook.duty.tables import Law

__all__ = ["quote", "quote_table"]
LARGEST = 10**12  # of a value and of a quantity


def quote(
    hts: str,
    origin: str,
    destination: str = "US",
    value: Decimal | str | int | float = 0,
    on: date | str | None = None,
    *,
    currency: str = "USD",
    quantity: Decimal | int | str = 1,
    claims: Mapping[str, Any] | None = None,
    beyond: bool = False,
    law: Law | None = None,
    duties: Sequence[ForeignDuty] = (),
    fx: Mapping[str, Decimal] | None = None,
    codes: int = 1,
    **more: Any,
) -> Landed:
    """The whole bill of landing goods: `value` is in units of `currency` and for one of `quantity`.

    `claims` states facts of `crossbook.duty.claims.FACTS` ("usmca": "yes", "steel_share": "0.4"). `more` are fields of
    `crossbook.duty.shipment.Shipment`: incoterm, mode, weight_kg, and freight, insurance, brokerage in minor units;
    of freight that is not among them a note says what the bill is without.
    `duties` are rows of tables that were added for other markets, `fx` one unit of a currency in US dollars. Raises
    CrossbookError for what is not known: a code, an origin, a day, a destination that is not covered.
    """
    from crossbook.duty.abroad import land_abroad, market_of
    from crossbook.duty.claims import read
    from crossbook.duty.countries import country
    from crossbook.duty.landed import land_us
    from crossbook.duty.shipment import Shipment, freight_unsaid
    from crossbook.money import EXPONENT, exponent

    try:
        pieces, each = Decimal(str(quantity)), Decimal(str(value))
    except InvalidOperation:
        raise CrossbookError(f"not a number: {value!r} or {quantity!r}") from None
    if not (each.is_finite() and pieces.is_finite() and abs(each) <= LARGEST and abs(pieces) <= LARGEST):
        raise CrossbookError(f"too large to be money: {value} x {quantity}")
    if each < 0:
        raise CrossbookError(f"a negative value: {value}", todo="give a value of zero or more")
    if currency not in EXPONENT:
        raise CrossbookError(f"unknown currency {currency!r}", todo="use an ISO 4217 code such as USD")
    price = each * pieces * 10 ** exponent(currency)
    day = date.fromisoformat(on) if isinstance(on, str) else on or date.today()  # noqa: DTZ011 - a day where the user is
    facts = {name: read(name, str(v)) for name, v in (claims or {}).items()}
    to = destination.upper() if destination.upper() == "EU" else country(destination, "destination")
    shipment = Shipment(
        hts=hts,
        origin=country(origin, "origin"),
        destination=to,
        on=day,
        price=int(price.quantize(Decimal(1))),
        currency=currency,
        quantity=pieces,
        claims=facts,
        **more,
    )
    bill = land_us(shipment, beyond=beyond, table=law) if to == "US" else land_abroad(shipment, duties, fx, codes)
    unsaid = "" if "freight" in more else freight_unsaid(market_of(to), shipment.incoterm)
    return replace(bill, notes=(*bill.notes, unsaid)) if unsaid else bill


def quote_table(table: pa.Table, *, beyond: bool = False, law: Law | None = None) -> pa.Table:
    """Duty into the United States for many lines: see `crossbook.duty.batch.quote_table`.

    Columns that are only carried along are named in a warning, for a fact that is misspelled would be one of them.
    """
    from crossbook.duty.batch import quote_table as many

    return many(table, beyond=beyond, law=law)
