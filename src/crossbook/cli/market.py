"""The group market: where else a product would sell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.day import On, day_of, say_day
from crossbook.cli.duty.options import Fx, facts_of, rates_of
from crossbook.cli.options import GROUPS, HERE, AsJson, BookPath, Commands, group
from crossbook.errors import CrossbookError
from crossbook.i18n import language, t, translated

if TYPE_CHECKING:
    from crossbook.market.access import Access, Item
    from crossbook.market.margin import Span
    from crossbook.views.landing import Supposed
    from crossbook.views.markets import Place, Ranking

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
    commands: Commands = {"rank": rank, "show": show_market, "what-if": what_if}
    group(app, "market", "Markets: where else a product would sell. 市场", commands, GROUPS)


def rank(
    product: Product = None,
    weight: Weights = None,
    on: On = None,
    fx: Fx = None,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """The markets of a product in order, with the range of each rank and what would change it. 市场排名"""
    _answer(product, None, weight, on, fx, book, json)


def show_market(
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
    fx: Fx = None,
    weight: Weights = None,
    on: On = None,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """The ranking with something supposed, beside the one without. 假设分析"""
    from crossbook.cli import show
    from crossbook.duty.countries import country
    from crossbook.views.landing import Supposed

    vats = _by_market(vat)
    if wrong := [v for v in vats.values() if v not in ("inside", "outside")]:
        raise CrossbookError(f"--vat: {wrong[0]!r}", todo="write it as DE=inside or DE=outside")
    supposed = Supposed(
        price={m: _price(text) for m, text in _by_market(price).items()},
        freight={m: _money(text) for m, text in _by_market(freight).items()},
        platform={m: _share(text) for m, text in _by_market(fee).items()},
        returns={m: _share(text) for m, text in _by_market(returns).items()},
        duty=_by_market(duty),
        price_vat=vats,
        claims=facts_of(claim),
        origin=country(origin, "origin") if origin else "",
    )
    before, day = _rankings(product, weight, on, None, book, None)
    after, _ = _rankings(product, weight, on, fx, book, supposed)
    if json:
        show.as_json({"before": _told(before[0]), "after": _told(after[0])})
        return
    show_ranking(after[0], before[0])
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
    from crossbook.views.markets import market_named

    wanted = market_named(market) if market else None
    found, day = _rankings(product, weight, on, fx, book, None)
    if json:
        told = [_told(r, wanted) for r in found]
        show.as_json(told[0] if product else told)
        return
    for ranking in found:
        if wanted is None or any(p.market == wanted for p in ranking.places):  # not where it is made
            show_ranking(ranking, only=wanted)
    reached = [p.access for ranking in found for p in ranking.places if p.market == wanted and p.access]
    if reached:
        show_access(reached[0])
    say_day(day, on)


def _rankings(
    product: str | None,
    weight: list[str] | None,
    on: date | None,
    fx: list[str] | None,
    book: Any,
    supposed: Supposed | None,
) -> tuple[list[Ranking], date]:
    from crossbook.book import open_book
    from crossbook.duty.desk import day_of_law
    from crossbook.engine.duck import connect
    from crossbook.views.markets import ground, known_product
    from crossbook.views.markets import rank as ranked

    database = connect(open_book(book))
    day = day_of_law(on, day_of(database, None))
    at = ground(database, day, fx=rates_of(fx))
    skus = [known_product(at, product)] if product else sorted({p.sku for p in at.rows})
    weigh = {name: float(_number(text)) for name, text in facts_of(weight).items()}
    return [ranked(database, at, sku, supposed=supposed, weigh=weigh) for sku in skus], day


def show_ranking(ranking: Ranking, before: Ranking | None = None, only: str | None = None) -> None:
    """A ranking for people; with the one before a what-if beside it."""
    from crossbook.cli import show

    show.say(f"[bold]{show.clean(ranking.sku)}[/] {show.clean(ranking.name)}")
    earlier = {p.market: p for p in before.places} if before else {}
    rows = []
    for p in ranking.places:
        if only and p.market != only:
            continue
        was = [_rank(earlier[p.market])] if p.market in earlier else [""] if before else []
        swing = p.placed.swings[0].doubt if p.placed.swings else ""
        rows.append(
            [
                _rank(p),
                *was,
                show.clean(_name(p.market)),
                _money_span(p.margin, p.currency),
                _money_span(p.break_even, p.currency),
                _imports(p),
                show.clean(", ".join(t(name) for name in p.unknown)),
                show.clean(t(swing)) if swing else "",
            ]
        )
    shown = [p for p in ranking.places if only in (None, p.market)]
    columns = ["rank", *(["before"] if before else []), "market", "margin", "break-even price", "imports a year"]
    columns += ["not known", "would change it most"]
    show.table([t(c) for c in columns], rows)
    for p in shown:
        for item in p.access.bars if p.access else ():
            _say_item(p.market, item)
    if ranking.compared == 0:
        show.say(
            f"[{show.WARN}]"
            + t("no market could be compared: add statistics of trade of {code}, see docs/markets.md", code=ranking.hts)
            + "[/]"
        )


def show_access(found: Access) -> None:
    """What stands open in a market, and what is not known of it."""
    from crossbook.cli import show

    for item in found.items:
        if item not in found.bars:
            _say_item("", item)
    for unknown in found.unknown:
        names = ": " + ", ".join(unknown.names) if unknown.names else ""
        show.say(f"[{show.WARN}]{show.clean(t(unknown.text) + names)}[/]")


def _say_item(market: str, item: Item) -> None:
    from crossbook.cli import show

    told = f"{market + ': ' if market else ''}{t(item.what)}: {t(item.value)}"
    days = [t("since {day}", day=item.since)] if item.since else []
    doubts = [translated(text) for text in item.doubt]
    show.say(show.clean("; ".join([told, *days, *doubts, item.source])))


def _rank(p: Place) -> str:
    placed = p.placed
    if placed.rank is None:
        return t("facts missing" if placed.status == "open" else placed.status)
    if placed.best == placed.worst:
        return str(placed.rank)
    return t("{rank} ({best} to {worst})", rank=placed.rank, best=placed.best, worst=placed.worst)


def _name(code: str) -> str:
    from crossbook.countries import countries

    found = countries().get(code)
    return f"{code} {found.name_zh if language() == 'zh' else found.name}" if found else code


def _money_span(span: Span, currency: str) -> str:
    from crossbook.cli.amounts import amount

    low, high = (None if x is None else amount(int(x), currency) for x in (span.low, span.high))
    if low is None and high is None:
        return t("not known")
    if low is None or high is None:
        return t("at most {most}", most=high) if low is None else t("at least {least}", least=low)
    return low if low == high else f"{low} … {high}"


def _imports(p: Place) -> str:
    from crossbook.cli.amounts import amount

    told = p.demand.chosen
    if told is None or told.imports is None:
        return t("not known")
    return f"{amount(told.imports, 'USD')} ({told.dataset} {told.year})"


def _told(ranking: Ranking, only: str | None = None) -> dict[str, Any]:
    """A ranking for programs: amounts in minor units, shares as fractions, null for what is not known."""
    places = [_place(p) for p in ranking.places if only in (None, p.market)]
    return {
        "product": ranking.sku,
        "name": ranking.name,
        "hts": ranking.hts,
        "origin": ranking.origin,
        "on": ranking.on,
        "weights": dict(ranking.weights),
        "compared": ranking.compared,
        "markets": places,
    }


def _place(p: Place) -> dict[str, Any]:
    makeup, placed = p.landing.makeup, p.placed
    terms = {**({"price": makeup.price} if makeup.price else {}), **makeup.terms}
    told = p.demand.chosen
    refused = p.landing.refused
    return {
        "market": p.market,
        "status": placed.status,
        "rank": placed.rank,
        "rank_best": placed.best,
        "rank_worst": placed.worst,
        "reason": placed.reason,
        "would_change": [{"doubt": s.doubt, "rank_best": s.best, "rank_worst": s.worst} for s in placed.swings],
        "currency": p.currency,
        "margin": _span(p.margin),
        "margin_share": _span(p.share),
        "break_even": _span(p.break_even),
        "landed_cost": _span(p.landed),
        "terms": {
            name: {
                "low": _plain(x.low),
                "usual": _plain(x.usual),
                "high": _plain(x.high),
                "known": x.known,
                "source": x.source,
                "on": x.on,
                "asks": list(x.asks),
                "note": x.note,
            }
            for name, x in terms.items()
        },
        "imports": told.imports if told else None,
        "imports_year": told.year if told else None,
        "imports_source": told.dataset if told else None,
        "growth": p.demand.growth,
        "own_pieces": p.units,
        "unknown": list(p.unknown),
        "assumed": list(p.assumed),
        "access": [
            {
                "what": item.what,
                "value": item.value,
                "since": item.since,
                "until": item.until,
                "doubt": list(item.doubt),
                "source": item.source,
            }
            for item in (p.access.items if p.access else ())
        ],
        "access_unknown": [
            {"what": u.what, "text": u.text, "names": list(u.names)} for u in (p.access.unknown if p.access else ())
        ],
        "refused": translated(refused.what) if refused else None,
    }


def _span(span: Span) -> dict[str, float | None]:
    return {"low": _plain(span.low), "usual": _plain(span.point), "high": _plain(span.high)}


def _plain(value: Decimal | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else round(float(value), 6)


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
