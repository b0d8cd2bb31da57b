"""The data sheet that a broker in the United States makes an entry from."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.amounts import amount
from crossbook.cli.choices import choice, of
from crossbook.cli.options import HERE, AsJson, BookPath, as_day, today
from crossbook.errors import CrossbookError
from crossbook.i18n import t, translated


def broker(
    goods: Annotated[list[str], typer.Argument(metavar="SKU=PIECES", help="What is shipped. 货号=件数")],
    book: BookPath = HERE,
    on: Annotated[
        date | None, typer.Option(metavar="DAY", parser=as_day, help="Day of entry; today else. 申报日")
    ] = None,
    mode: Annotated[
        str, choice("mode", of("duty.shipment", "MODES"), text="ocean, air, truck, rail, courier, post. 运输方式")
    ] = "ocean",
    out: Annotated[Path | None, typer.Option(help="Write it as XLSX. 输出表格")] = None,
    beyond: Annotated[
        bool, typer.Option("--beyond", help="Past what is known, by the law as last known. 超出已知法规日期")
    ] = False,
    json: AsJson = False,
) -> None:
    """The data sheet a US broker needs: HTS-10, origin, value, quantities, MID, duty and fees. 美国报关数据表"""
    from crossbook.book import open_book
    from crossbook.cli import show
    from crossbook.duty.desk import law_of, products
    from crossbook.engine import connect
    from crossbook.filing.broker import as_record, as_workbook, data_sheet

    try:
        wanted = [(sku, int(pieces)) for sku, _, pieces in (g.rpartition("=") for g in goods)]
    except ValueError:
        raise CrossbookError("goods are written SKU=PIECES") from None
    opened = open_book(book)
    database = connect(opened)
    known = {p.sku: p for p in products(database) if p.market == "US"}
    sheet = data_sheet(opened, known, wanted, on or today(), mode, law_of(database), beyond=beyond)
    if out:
        importer = str(
            opened.config.get("business", {}).get("importer") or opened.config.get("business", {}).get("name")
        )
        as_workbook(out, sheet, importer)
    if json:
        show.as_json(as_record(sheet))
        return
    rows = [
        [
            show.clean(x.sku),
            x.hts,
            x.origin,
            f"{x.pieces:,}",
            ", ".join(f"{n} {u}" for u, n in x.quantities),
            amount(x.value, "USD"),
            amount(x.duty, "USD") if x.duty is not None else "?",
            ", ".join(x.headings),
            x.mid,
        ]
        for x in sheet.lines
    ]
    columns = ["product", "HTS-10", "origin", "pieces", "quantity", "value", "duty", "chapter 99", "MID"]
    show.table([t(c) for c in columns], rows, right=[3, 5, 6])
    for fee in sheet.fees:
        show.say(f"{fee.fee}: {amount(fee.amount, 'USD')}  [dim]{show.clean(fee.rate)}  {show.clean(fee.source)}[/]")
    for gap in sheet.gaps:
        show.say(f"[{show.WARN}]{t('not in the book')}: {show.clean(translated(gap))}[/]")
    if out:
        show.say(show.clean(out))
