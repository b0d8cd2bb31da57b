"""The group market: where else a product would sell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.day import On, day_of, say_day
from crossbook.cli.duty.options import Fx, Off, Rates, facts_of, law_with, rates_of
from crossbook.cli.options import GROUPS, HERE, AsJson, BookPath, Commands, group
from crossbook.errors import CrossbookError
from crossbook.i18n import t

if TYPE_CHECKING:
    from crossbook.views.landing import Supposed
    from crossbook.views.markets import Ranking

Product = Annotated[str | None, typer.Argument(help="Its sku or name; every product else. 货号")]
Weights = Annotated[list[str] | None, typer.Option("--weight", help="demand=0.5; 1 each else. 权重")]
Prices = Annotated[list[str] | None, typer.Option("--price", help="JP=39USD; JP=US: as there; all=39USD. 售价")]
Freights = Annotated[list[str] | None, typer.Option("--freight", help="Of one: JP=5.20USD. 单件运费")]
Fees = Annotated[list[str] | None, typer.Option("--fee", help="Of the platform: JP=15%. 平台费")]
Returned = Annotated[list[str] | None, typer.Option("--returns", help="Share paid back: JP=5%. 退货率")]
DutyRates = Annotated[list[str] | None, typer.Option("--duty", help="Outside the US: JP=4%. 关税税率")]
Vats = Annotated[list[str] | None, typer.Option("--vat", help="VAT in the price: DE=inside, outside. 价内增值税")]
Claims = Annotated[list[str] | None, typer.Option("--claim", help="A fact: seller_registered=yes. 事实")]
Origin = Annotated[str | None, typer.Option("--origin", help="Made elsewhere: VN. 原产地")]


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    commands: Commands = {"rank": rank, "show": show_country, "what-if": what_if}
    group(app, "market", "Markets: where else a product would sell. 市场", commands, GROUPS)


def rank(
    product: Product = None,
    weight: Weights = None,
    on: On = None,
    fx: Fx = None,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Put the markets of a product in order, or the first of every product, each rank with its range. 市场排名"""
    _answer(product, None, weight, on, fx, book, json)


def show_country(
    country: Annotated[str, typer.Argument(help="Letters or a name: JP, Japan, 日本. 国家")],
    weight: Weights = None,
    on: On = None,
    fx: Fx = None,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Every product in one market. 市场详情"""
    _answer(None, country, weight, on, fx, book, json)


def what_if(
    product: Annotated[str, typer.Argument(help="Its sku or name. 货号")],
    price: Prices = None,
    freight: Freights = None,
    fee: Fees = None,
    returns: Returned = None,
    duty: DutyRates = None,
    vat: Vats = None,
    claim: Claims = None,
    origin: Origin = None,
    measure: Off = None,
    rate: Rates = None,
    fx: Fx = None,
    weight: Weights = None,
    on: On = None,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """The ranking with something supposed, beside the one without. 假设分析"""
    from crossbook.cli import show
    from crossbook.cli.market_showing import show_ranking
    from crossbook.duty.claims import read
    from crossbook.duty.countries import country
    from crossbook.views.landing import Supposed
    from crossbook.views.market_told import as_dict

    vats = _by_market(vat)
    if wrong := [v for v in vats.values() if v not in ("inside", "outside")]:
        raise CrossbookError(f"--vat: {wrong[0]!r}", todo="write it as DE=inside or DE=outside")
    supposed = Supposed(
        price={m: _price(text) for m, text in _by_market(price).items()},
        freight={m: _money(text) for m, text in _by_market(freight).items()},
        platform={m: _share(text) for m, text in _by_market(fee).items()},
        returns={m: _share(text) for m, text in _by_market(returns).items()},
        duty={m: _rate(text) for m, text in _by_market(duty).items()},
        price_vat=vats,
        claims={name: str(read(name, text)) for name, text in facts_of(claim).items()},
        origin=country(origin, "origin") if origin else "",
    )
    before, day = _rankings(product, weight, on, None, book)
    after, _ = _rankings(product, weight, on, fx, book, supposed, measure, rate)
    if json:
        show.as_json({"before": as_dict(before[0]), "after": as_dict(after[0])})
        return
    show_ranking(after[0], before[0])
    if as_dict(after[0]) == as_dict(before[0]):
        show.say(f"[{show.WARN}]{t('nothing that is supposed changes anything here')}[/]")
    say_day(day, on)


def _answer(
    product: str | None,
    market: str | None,
    weight: list[str] | None,
    on: date | None,
    fx: list[str] | None,
    book: Any,
    json: bool,
) -> None:
    from crossbook.cli import show
    from crossbook.cli.market_showing import show_first, show_market, show_ranking
    from crossbook.views.market_told import as_dict
    from crossbook.views.markets import market_named

    wanted = market_named(market) if market else None
    found, day = _rankings(product, weight, on, fx, book)
    if json:
        told = [as_dict(r, wanted) for r in found]
        show.as_json(told[0] if product else told)
        return
    if wanted:
        show_market(wanted, found)
    elif product:
        show_ranking(found[0])
    else:
        show_first(found)
    say_day(day, on)


def _rankings(
    product: str | None,
    weight: list[str] | None,
    on: date | None,
    fx: list[str] | None,
    book: Any,
    supposed: Supposed | None = None,
    measure: list[str] | None = None,
    rate: list[str] | None = None,
) -> tuple[list[Ranking], date]:
    from crossbook.book import open_book
    from crossbook.duty.desk import day_of_law
    from crossbook.engine.duck import connect
    from crossbook.views.markets import ground, known_product
    from crossbook.views.markets import rank as ranked

    opened = open_book(book)
    database = connect(opened)
    day = day_of_law(on, day_of(database, None))
    at = ground(database, day, fx=rates_of(fx), law=law_with(measure, rate, opened, day) if measure or rate else None)
    skus = [known_product(at, product)] if product else sorted({p.sku for p in at.rows})
    weigh = {name: float(_number(text)) for name, text in facts_of(weight).items()}
    return [ranked(database, at, sku, supposed=supposed, weigh=weigh) for sku in skus], day


def _by_market(texts: list[str] | None) -> dict[str, str]:
    from crossbook.views.markets import market_named

    found = {}
    for text in texts or ():
        name, sign, value = text.partition("=")
        if not sign or not value.strip():
            raise CrossbookError(f"not a market and a value: {text!r}", todo="write it as JP=5% or all=5%")
        found["all" if name.strip() == "all" else market_named(name)] = value.strip()
    return found


def _price(text: str) -> tuple[int, str] | str:
    from crossbook.views.markets import market_named

    return _money(text) if any(c.isdigit() for c in text) else market_named(text)


def _money(text: str) -> tuple[int, str]:
    from crossbook.cli.amounts import minor, split

    _, currency = split(text)
    return minor(text, currency, "amount"), currency


def _rate(text: str) -> str:
    """A duty as a tariff table writes it. Raises CrossbookError for what is none."""
    from crossbook.duty.foreign_rates import worth

    try:
        known = worth(text, 100, {}, "USD", {}).low >= 0
    except ValueError:
        known = False
    except CrossbookError:  # an amount of a currency, of which the rate is asked where it is met
        known = True
    if not known:
        raise CrossbookError(f"--duty: {text!r} is no duty", todo="write it as JP=4% or JP=Free")
    return text


def _share(text: str) -> Decimal:
    found = _number(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    if not 0 <= found <= 1:
        raise CrossbookError(f"{text!r} is not between 0 and 1", todo="write a share such as 0.15 or 15%")
    return found


def _number(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise CrossbookError(f"{text!r} is no number") from None
    if not found.is_finite():
        raise CrossbookError(f"{text!r} is no number")
    return found
