"""The command landed: what goods cost to land on a day."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.choices import choice, of
from crossbook.cli.duty.options import Beyond, Fx, Off, On, Rates, book_or_none, duties_of, facts_of, law_with, rates_of
from crossbook.cli.options import HERE, AsJson, BookPath, today
from crossbook.errors import CrossbookError
from crossbook.i18n import cited, t, translated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from crossbook.duty.bill import Landed


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
    mode: Annotated[
        str, choice("mode", of("duty.shipment", "MODES"), text="ocean, air, truck, rail, courier, post. 运输方式")
    ] = "ocean",
    incoterm: Annotated[str, typer.Option(help="What the value includes: FOB, CIF, DDP, ... 贸易术语")] = "FOB",
    freight: Annotated[str | None, typer.Option(help="For all of it, in the value's currency. 运费")] = None,
    insurance: Annotated[str, typer.Option(help="For all of it. 保险费")] = "0",
    brokerage: Annotated[str, typer.Option(help="The broker's charge. 报关费")] = "0",
    weight: Annotated[str | None, typer.Option(help="Net kilograms in all. 净重")] = None,
    units: Annotated[list[str] | None, typer.Option(help="Other quantities: liters=12. 其他计量")] = None,
    claim: Annotated[
        list[str] | None, typer.Option(help="A fact: usmca=yes, steel_share=0.4, sailed=2025-04-03. 事实")
    ] = None,
    entry: Annotated[
        str, choice("entry", of("duty.fees", "ENTRIES"), text="formal or informal, US; by value if not said. 报关方式")
    ] = "",
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
        from crossbook.cli.duty.catalogue import price_catalogue

        opened = book_or_none(book)
        price_catalogue(
            files,
            out,
            beyond=beyond,
            json=json,
            duties=duties_of(opened),
            fx=rates_of(fx),
            law=law_with(measure, rate, opened, on or today()),
        )
        return
    if hts is None or value is None:
        raise CrossbookError(
            "landed needs --hts and --value, or a FILE.csv",
            todo="crossbook duty landed --hts 7326.90.8688 --value 12.50USD --qty 100 --on 2025-11-20",
        )
    from crossbook.cli.amounts import minor, split
    from crossbook.cli.duty.catalogue import NO_VALUE, VALUED
    from crossbook.duty import quote
    from crossbook.duty.countries import country

    day = on or today()
    home = to.upper() != "EU" and country(to, "destination") == "US"
    number, currency = split(value, "USD" if home else "")
    if not _decimal(number, "--value"):
        raise CrossbookError(NO_VALUE, todo=VALUED)
    opened = book_or_none(book)
    more: dict[str, Any] = {"mode": mode, "incoterm": incoterm.upper()}
    for name, text in (("freight", freight), ("insurance", insurance), ("brokerage", brokerage)):
        if text is not None:
            more[name] = minor(text, currency, name)
    if entry:
        more["formal"] = entry == "formal"
    if weight is not None:
        more["weight_kg"] = _decimal(weight, "--weight")
    if units:
        more["quantities"] = {n: _decimal(v, "--units") for n, v in facts_of(units).items()}
        _check_units(more["quantities"])

    def priced(off: list[str], rates: list[str]) -> Landed:
        return quote(
            hts,
            origin,
            to,
            number,
            day,
            currency=currency,
            quantity=_decimal(qty, "--qty"),
            claims=facts_of(claim),
            beyond=beyond,
            law=law_with(off, rates, opened, day),
            duties=duties_of(opened),
            fx=rates_of(fx),
            codes=codes,
            **more,
        )

    off, rates = list(measure or ()), list(rate or ())
    bill = priced(off, rates)
    idle = [
        *(text for text in off if _same(bill, priced([o for o in off if o != text], rates))),
        *(text for text in rates if _same(bill, priced(off, [r for r in rates if r != text]))),
    ]
    told = [f"changes nothing: {text}" for text in idle]
    if not any(c.isalpha() for c in value):
        told.append("the value names no currency: taken as US dollars, in which customs values are stated")
    bill = replace(bill, notes=(*bill.notes, *told))
    if json:
        show.as_json(bill.as_dict())
    else:
        show_bill(bill)


def _same(bill: Landed, other: Landed) -> bool:
    """Whether two bills come to the same, least and most."""
    return all(
        getattr(bill, name) == getattr(other, name) for name in ("total_duty", "duty_low", "duty_high", "fees", "taxes")
    )


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
    from crossbook.cli.amounts import amount
    from crossbook.duty.lines import dotted

    s = bill.shipment
    say, clean = show.say, show.clean

    def told(minor: int | None) -> str:
        return t("not known") if minor is None else amount(minor, s.currency)

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
            told(x.base),
            told(x.amount),
            clean(cited(x.legal_source)),
        ]
        for x in bill.lines
    ]
    rows += [
        [clean(f.fee), "", clean(translated(f.rate)), "", amount(f.amount, s.currency), clean(cited(f.source))]
        for f in bill.fees
    ]
    rows += [
        [
            clean(translated(x.measure)),
            "",
            clean(x.rate),
            told(x.base),
            told(x.amount),
            clean(cited(x.note)),
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
    from crossbook.cli.amounts import amount

    s, say, clean = bill.shipment, show.say, show.clean
    rate = "" if bill.rate is None else f" ({(bill.rate * 100).normalize():f} %)"
    total = t("not known") if bill.total_duty is None else amount(bill.total_duty, s.currency)
    say(f"[bold]{t('duty')}  {total}{rate}[/]")
    low = amount(bill.duty_low, s.currency)
    if bill.duty_high is None:
        say(f"[{show.WARN}]" + clean(t("at least {low}; the most is not known:", low=low)) + "[/]")
    elif bill.duty_low != bill.duty_high:
        high = amount(bill.duty_high, s.currency)
        say(f"[{show.WARN}]" + clean(t("between {low} and {high}, by what is not known:", low=low, high=high)) + "[/]")
    for m in bill.missing:
        say(f"[{show.WARN}]  {clean(m.fact)}: {clean(translated(m.ask))}[/]")
    for f in bill.fees:
        if f.note:
            say(clean(f"{f.fee}: {translated(f.note)}"))
    for note in bill.notes:
        say(clean(translated(note)))
    if bill.landed_cost is not None:
        each = ""
        if s.quantity != 1:
            each = t(", {each} each", each=amount(round(bill.landed_cost / s.quantity), s.currency))
        say(f"[bold]{t('landed cost')}  {amount(bill.landed_cost, s.currency)}{clean(each)}[/]")
    least, most = bill.landed_low, bill.landed_high
    if bill.ends and least is not None and most is not None and least != most:
        low, high = amount(least, s.currency), amount(most, s.currency)
        told = t("the landed cost is between {low} and {high}, by what is not known", low=low, high=high)
        say(f"[{show.WARN}]{clean(told)}[/]")
