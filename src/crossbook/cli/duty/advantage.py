"""The command advantage: what is left of the price advantage, by product and market."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from crossbook.cli.day import On, day_of, say_day
from crossbook.cli.duty.options import Beyond, Fx, Off, Rates, law_with, rates_of
from crossbook.cli.options import HERE, AsJson, BookPath, as_day, in_order
from crossbook.errors import CrossbookError, one_of
from crossbook.i18n import t, translated


def advantage(
    book: BookPath = HERE,
    sku: Annotated[str | None, typer.Option(help="Only this product. 货号")] = None,
    market: Annotated[str | None, typer.Option(help="Only this market. 市场")] = None,
    on: On = None,
    since: Annotated[
        date | None, typer.Option("--from", metavar="DAY", parser=as_day, help="A series from this day. 起始日")
    ] = None,
    origin: Annotated[str | None, typer.Option(help="What if it were made in VN. 假设原产地")] = None,
    lot: Annotated[int, typer.Option(min=1, help="Pieces of one shipment by sea or air. 每批件数")] = 500,
    measure: Off = None,
    rate: Rates = None,
    fx: Fx = None,
    beyond: Beyond = False,
    json: AsJson = False,
) -> None:
    """What is left of the price advantage, by product and market. 价格优势"""
    from crossbook.book import open_book
    from crossbook.cli import show
    from crossbook.duty.advantage import advantage as work_out
    from crossbook.duty.advantage import from_elsewhere, series
    from crossbook.duty.countries import country
    from crossbook.duty.desk import day_of_law, foreign_duties, products, rates
    from crossbook.engine.duck import connect

    in_order(since, on)
    opened = open_book(book)
    database = connect(opened)
    day = day_of_law(on, day_of(database, None))
    in_order(since, day)
    every = products(database)
    if not every:
        raise CrossbookError("no products in the book", todo="crossbook add products.csv; see `crossbook formats`")
    one_of("sku", sku or "", sorted({p.sku for p in every}))
    one_of("market", market or "", sorted({p.market for p in every}))
    found = [p for p in every if sku in (None, p.sku) and market in (None, p.market)]
    found = [from_elsewhere(p, country(origin, "origin")) for p in found] if origin else found
    options: dict[str, Any] = {
        "table": law_with(measure, rate, opened, day),
        "duties": foreign_duties(database),
        "fx": {**rates(database, day), **rates_of(fx)},
        "lot": lot,
        "beyond": beyond,
    }
    worked = []
    with show.progress(quiet=json) as step:
        for i, p in enumerate(found):
            step(t("working out"), i, len(found))
            worked += series(p, since, day, **options) if since else [work_out(p, day, **options)]
        step(t("working out"), len(found), len(found))
    if json:
        show.as_json([a.told() for a in worked])
        return
    show_advantages(worked)
    say_day(day, on)


def show_advantages(worked: list[Any]) -> None:
    """Advantages for people; refusals below."""
    from crossbook.cli import show
    from crossbook.cli.amounts import amount
    from crossbook.duty.advantage import PARCELS

    def percent(value: Any) -> str:
        return "" if value is None else f"{value * 100:.1f} %"

    rows = []
    for a in worked:
        p = a.product
        if a.refused:
            continue
        colour = show.BAD if a.advantage is not None and a.advantage < 0 else show.GOOD
        rows.append(
            [
                show.clean(p.sku),
                show.clean(p.market),
                str(a.on),
                amount(a.landed, p.cost_currency),
                amount(a.duty, p.cost_currency),
                amount(a.margin, p.cost_currency),
                amount(a.break_even, p.currency),
                amount(p.rival_price, p.currency),
                f"[{colour}]{percent(a.advantage)}[/]",
                percent(a.duty_room),
            ]
        )
    columns = (
        "product",
        "market",
        "day",
        "landed cost",
        "duty",
        "margin",
        "break-even price",
        "rival's price",
        "advantage",
        "duty to spare",
    )
    show.table([t(c) for c in columns], rows, right=list(range(3, 10)))
    if any(not a.refused and a.product.parcel for a in worked):
        show.say(t(PARCELS))
    for a in worked:
        if a.refused:
            where = f"{show.clean(a.product.sku)} {show.clean(a.product.market)}"
            show.say(f"[{show.WARN}]{where}: {show.clean(translated(a.refused))}[/]")
