"""Commands of the duty desk: landed, advantage."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.errors import CrossbookError
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from crossbook.book import Book
    from crossbook.duty.abroad import ForeignDuty
    from crossbook.duty.landed import Landed
    from crossbook.duty.tables import Law

On = Annotated[str | None, typer.Option("--on", help="Day of entry, 2025-11-20; today if not said. 进口日期")]
Beyond = Annotated[bool, typer.Option(help="Answer outside what is known, labelled. 超出已知范围")]
Off = Annotated[list[str] | None, typer.Option("--measure", help="What if: IEEPA=off. 假设取消某措施")]
Rates = Annotated[list[str] | None, typer.Option("--rate", help="What if: s301:4A=25%. 假设税率")]
Fx = Annotated[list[str] | None, typer.Option("--fx", help="One unit in US dollars: EUR=1.08. 汇率")]


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    for command in (landed, advantage):
        app.command(command.__name__)(command)


def day_of(text: str | None) -> date:
    """A day as typed, today when none is. Raises CrossbookError."""
    if text is None:
        return date.today()  # noqa: DTZ011 - a day where the user is
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CrossbookError(f"{text!r} is no date", todo="write it as 2025-11-20") from None


def rates_of(texts: list[str] | None) -> dict[str, Decimal]:
    """Exchange rates as typed."""
    from decimal import Decimal, InvalidOperation

    from crossbook import money

    found: dict[str, Decimal] = {}
    for text in texts or ():
        code, _, value = text.partition("=")
        try:
            found[money.currency(code)] = Decimal(value)
        except (InvalidOperation, ValueError):
            raise CrossbookError(f"not an exchange rate: {text!r}", todo="write it as EUR=1.08") from None
    return found


def law_with(off: list[str] | None, rates: list[str] | None, book: Book | None, on: date) -> Law | None:
    """The law with the book's own cases and what is supposed, None when that is the law as shipped."""
    table = None
    if book is not None:
        from crossbook.duty.desk import law_of
        from crossbook.engine.duck import connect

        table = law_of(connect(book))
    if off or rates:
        from crossbook.duty.tables import law
        from crossbook.duty.whatif import changed

        table = changed(table or law(), off or (), rates or (), on)
    return table


def book_or_none(path: Path) -> Book | None:
    """The book at a path if there is one: the shipped tables do without."""
    if not (path / "book.toml").exists():
        return None
    from crossbook.book import open_book

    return open_book(path)


def duties_of(book: Book | None) -> list[ForeignDuty]:
    """Duty tables of other markets in the book."""
    if book is None:
        return []
    from crossbook.duty.desk import foreign_duties
    from crossbook.engine.duck import connect

    return foreign_duties(connect(book))


def facts_of(texts: list[str] | None) -> dict[str, str]:
    """Claims as typed: name=value."""
    found = {}
    for text in texts or ():
        name, sign, value = text.partition("=")
        if not sign:
            raise CrossbookError(f"not a fact: {text!r}", todo="write it as usmca=yes or steel_share=0.4")
        found[name.strip()] = value.strip()
    return found


def landed(
    files: Annotated[
        list[Path] | None, typer.Argument(help="A catalogue, CSV: hts, origin, value, ... 商品目录")
    ] = None,
    hts: Annotated[str | None, typer.Option(help="Tariff number, 7326.90.8688. 税号")] = None,
    origin: Annotated[str, typer.Option(help="Country of origin. 原产地")] = "CN",
    to: Annotated[str, typer.Option("--to", help="Country of destination. 目的地")] = "US",
    value: Annotated[str | None, typer.Option(help="Value of one, 12.50USD. 单价")] = None,
    qty: Annotated[str, typer.Option(help="How many. 数量")] = "1",
    on: On = None,
    mode: Annotated[str, typer.Option(help="ocean, air, truck, rail, courier, post. 运输方式")] = "ocean",
    incoterm: Annotated[str, typer.Option(help="What the value includes: FOB, CIF, DDP, ... 贸易术语")] = "FOB",
    freight: Annotated[str, typer.Option(help="For all of it, in the value's currency. 运费")] = "0",
    insurance: Annotated[str, typer.Option(help="For all of it. 保险费")] = "0",
    brokerage: Annotated[str, typer.Option(help="The broker's charge. 报关费")] = "0",
    weight: Annotated[str | None, typer.Option(help="Net kilograms in all. 净重")] = None,
    units: Annotated[list[str] | None, typer.Option(help="Other quantities: liters=12. 其他计量")] = None,
    claim: Annotated[
        list[str] | None, typer.Option(help="A fact: usmca=yes, steel_share=0.4, sailed=2025-04-03. 事实")
    ] = None,
    codes: Annotated[int, typer.Option(help="Distinct six-digit codes in the consignment (EU). 六位税号数")] = 1,
    measure: Off = None,
    rate: Rates = None,
    fx: Fx = None,
    out: Annotated[Path | None, typer.Option(help="Where to write a catalogue's answer. 输出文件")] = None,
    beyond: Beyond = False,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """What goods cost to land on a day: every duty with its reason, fees, taxes. 到岸成本"""
    from crossbook.cli import show

    if files:
        from crossbook.cli.catalogue import price_catalogue

        price_catalogue(files, out, beyond=beyond, json=json, duties=duties_of(book_or_none(book)), fx=rates_of(fx))
        return
    if hts is None or value is None:
        raise CrossbookError(
            "landed needs --hts and --value, or a FILE.csv",
            todo="crossbook landed --hts 7326.90.8688 --value 12.50USD --qty 100 --on 2025-11-20",
        )
    from crossbook.cli.amounts import minor, split
    from crossbook.duty import quote

    day = day_of(on)
    number, currency = split(value)
    opened = book_or_none(book)
    more: dict[str, Any] = {"mode": mode, "incoterm": incoterm.upper()}
    for name, text in (("freight", freight), ("insurance", insurance), ("brokerage", brokerage)):
        more[name] = minor(text, currency, name)
    if weight is not None:
        more["weight_kg"] = _decimal(weight, "--weight")
    if units:
        more["quantities"] = {n: _decimal(v, "--units") for n, v in facts_of(units).items()}
        _check_units(more["quantities"])
    bill = quote(
        hts,
        origin,
        to,
        number,
        day,
        currency=currency,
        quantity=_decimal(qty, "--qty"),
        claims=facts_of(claim),
        beyond=beyond,
        law=law_with(measure, rate, opened, day),
        duties=duties_of(opened),
        fx=rates_of(fx),
        codes=codes,
        **more,
    )
    if json:
        show.as_json(bill.as_dict())
    else:
        show_bill(bill)


def _decimal(text: str, what: str) -> Decimal:
    from decimal import Decimal, InvalidOperation

    try:
        return Decimal(text)
    except InvalidOperation:
        raise CrossbookError(f"{what}: {text!r} is no number") from None


def _check_units(quantities: Mapping[str, Decimal]) -> None:
    from crossbook.duty.expressions import UNITS

    known = sorted({unit for unit, _ in UNITS.values()})
    for name in quantities:
        base = name.split(" of ")[0]
        if base not in known and base != "value":
            raise CrossbookError(f"unknown unit {name!r}", todo="units of quantity: " + ", ".join(known))


def show_bill(bill: Landed) -> None:
    """The bill for people."""
    from crossbook.cli import show
    from crossbook.cli.desk import amount
    from crossbook.duty.lines import dotted

    s = bill.shipment
    say, clean = show.say, show.clean
    say(f"[bold]{clean(dotted(bill.code))}[/] {clean(bill.path)}")
    say(
        clean(
            t(
                "{quantity} from {origin} to {to} on {day}, by {mode}, {term}: customs value {value}",
                quantity=f"{s.quantity:f}",
                origin=s.origin,
                to=s.destination,
                day=s.on,
                mode=t(s.mode),
                term=s.incoterm,
                value=amount(bill.customs_value, s.currency),
            )
        )
    )
    if bill.beyond:
        say(f"[{show.WARN}]" + t("outside what is known: by the law as last known") + "[/]")
    rows = [
        [
            clean(translated(x.measure)),
            clean(x.heading_9903 or ""),
            clean(x.rate),
            amount(x.base, s.currency),
            t("not known") if x.amount is None else amount(x.amount, s.currency),
            clean(x.legal_source),
        ]
        for x in bill.lines
    ]
    rows += [[clean(f.fee), "", clean(f.rate), "", amount(f.amount, s.currency), clean(f.source)] for f in bill.fees]
    rows += [
        [
            clean(translated(x.measure)),
            "",
            clean(x.rate),
            amount(x.base, s.currency),
            amount(x.amount or 0, s.currency),
            clean(translated(x.note)),
        ]
        for x in bill.taxes
    ]
    show.table([t(c) for c in ("measure", "heading", "duty rate", "on", "amount", "legal source")], rows, right=[3, 4])
    for x in bill.suppressed:
        what = f"{clean(x['heading_9903'])} {clean(translated(x['measure']))} {clean(x['rate'])}"
        say(f"[dim]0  {what}: {clean(translated(x['reason']))}[/]")
    _totals(bill)


def _totals(bill: Landed) -> None:
    from crossbook.cli import show
    from crossbook.cli.desk import amount

    s, say, clean = bill.shipment, show.say, show.clean
    rate = "" if bill.rate is None else f" ({(bill.rate * 100).normalize():f} %)"
    total = t("not known") if bill.total_duty is None else amount(bill.total_duty, s.currency)
    say(f"[bold]{t('duty')}  {total}{rate}[/]")
    if bill.duty_high is not None and bill.duty_low != bill.duty_high:
        say(
            f"[{show.WARN}]"
            + clean(
                t(
                    "between {low} and {high}, by what is not known:",
                    low=amount(bill.duty_low, s.currency),
                    high=amount(bill.duty_high, s.currency),
                )
            )
            + "[/]"
        )
    for m in bill.missing:
        say(f"[{show.WARN}]  {clean(m.fact)}: {clean(t(m.ask))}[/]")
    for note in bill.notes:
        say(clean(note))
    if bill.landed_cost is not None:
        each = ""
        if s.quantity != 1:
            each = t(", {each} each", each=amount(round(bill.landed_cost / s.quantity), s.currency))
        say(f"[bold]{t('landed cost')}  {amount(bill.landed_cost, s.currency)}{clean(each)}[/]")


def advantage(
    book: BookPath = HERE,
    sku: Annotated[str | None, typer.Option(help="Only this product. 货号")] = None,
    market: Annotated[str | None, typer.Option(help="Only this market. 市场")] = None,
    on: On = None,
    since: Annotated[str | None, typer.Option("--from", help="A series from this day. 起始日")] = None,
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
    from crossbook.duty.desk import foreign_duties, products, rates
    from crossbook.engine.duck import connect

    opened = open_book(book)
    database = connect(opened)
    day = day_of(on)
    found = [p for p in products(database) if sku in (None, p.sku) and market in (None, p.market)]
    if not found:
        raise CrossbookError("no products in the book", todo="crossbook add products.csv; see `crossbook formats`")
    found = [from_elsewhere(p, origin) for p in found] if origin else found
    options: dict[str, Any] = {
        "table": law_with(measure, rate, opened, day), "duties": foreign_duties(database),
        "fx": {**rates(database, day), **rates_of(fx)}, "lot": lot, "beyond": beyond,
    }  # fmt: skip
    worked = []
    with show.progress(quiet=json) as step:
        for i, p in enumerate(found):
            step(t("working out"), i, len(found))
            worked += series(p, day_of(since), day, **options) if since else [work_out(p, day, **options)]
        step(t("working out"), len(found), len(found))
    if json:
        show.as_json([a.told() for a in worked])
        return
    show_advantages(worked)


def show_advantages(worked: list[Any]) -> None:
    """Advantages for people; refusals below."""
    from crossbook.cli import show
    from crossbook.cli.desk import amount

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
    for a in worked:
        if a.refused:
            where = f"{show.clean(a.product.sku)} {show.clean(a.product.market)}"
            show.say(f"[{show.WARN}]{where}: {show.clean(translated(a.refused))}[/]")
