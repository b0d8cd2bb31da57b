"""Commands that write a trade's papers and the data sheet for a US broker."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.desk import amount
from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.errors import CrossbookError
from crossbook.i18n import t, translated


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    for command in (papers, broker):
        app.command(command.__name__)(command)


def papers(
    order: Annotated[str, typer.Argument(help="The order. 订单号")],
    book: BookPath = HERE,
    kind: Annotated[
        list[str] | None, typer.Option(help="invoice, packing-list, cn22, cn23; all of them else. 单据")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write to; papers/ in the book else. 输出文件夹")] = None,
    json: AsJson = False,
) -> None:
    """Write a trade's papers: commercial invoice (PDF, UBL), packing list, CN22, CN23 with their data. 商业单据"""
    import json as j

    from crossbook.book import open_book
    from crossbook.cli import show
    from crossbook.engine import connect
    from crossbook.filing.papers.data import postal_item, ubl_invoice
    from crossbook.filing.papers.gather import gather
    from crossbook.filing.papers.pdf import KINDS, as_pdf
    from crossbook.printable import file_name

    opened = open_book(book)
    trade = gather(connect(opened), opened, order)
    wanted = kind or list(KINDS)
    if unknown := [k for k in wanted if k not in KINDS]:
        raise CrossbookError(f"no paper {unknown[0]!r}", todo=f"use {', '.join(KINDS)}")
    folder = out or opened.path / "papers"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CrossbookError(f"cannot be made: {error.strerror}", where=str(folder)) from None
    name = file_name(order)
    files = [folder / f"{name}-{k}.pdf" for k in wanted]
    for path, one in zip(files, wanted, strict=True):
        as_pdf(path, one, trade)
    if "invoice" in wanted:
        files.append(folder / f"{name}-invoice.xml")
        files[-1].write_bytes(ubl_invoice(trade))
    if "cn22" in wanted or "cn23" in wanted:
        files.append(folder / f"{name}-itmatt.json")
        files[-1].write_text(j.dumps(postal_item(trade), ensure_ascii=False, indent=1), encoding="utf-8")
    if json:
        show.as_json({"files": files, "gaps": trade.gaps, "trade": trade})
        return
    for path in files:
        show.say(show.clean(path))
    for gap in trade.gaps:
        show.say(f"[{show.WARN}]{t('not in the book')}: {translated(gap)}[/]")


def broker(
    goods: Annotated[list[str], typer.Argument(metavar="SKU=PIECES…", help="What is shipped. 货号=件数")],
    book: BookPath = HERE,
    on: Annotated[str | None, typer.Option(metavar="DAY", help="Day of entry; today else. 申报日")] = None,
    mode: Annotated[str, typer.Option(help="ocean, air, truck, rail or courier. 运输方式")] = "ocean",
    out: Annotated[Path | None, typer.Option(help="Write it as XLSX. 输出表格")] = None,
    beyond: Annotated[
        bool, typer.Option(help="Past what is known, by the law as last known. 超出已知法规日期")
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
        day = date.fromisoformat(on) if on else date.today()  # noqa: DTZ011 - a day where the reader is
        wanted = [(sku, int(pieces)) for sku, _, pieces in (g.rpartition("=") for g in goods)]
    except ValueError:
        raise CrossbookError("goods are written SKU=PIECES and days 2026-06-30") from None
    opened = open_book(book)
    database = connect(opened)
    known = {p.sku: p for p in products(database) if p.market == "US"}
    sheet = data_sheet(opened, known, wanted, day, mode, law_of(database), beyond=beyond)
    if out:
        importer = str(
            opened.config.get("business", {}).get("importer") or opened.config.get("business", {}).get("name")
        )
        as_workbook(out, sheet, importer)
    if json:
        show.as_json(as_record(sheet))
        return
    rows = [[show.clean(x.sku), x.hts, x.origin, f"{x.pieces:,}", ", ".join(f"{n} {u}" for u, n in x.quantities),
             amount(x.value, "USD"), amount(x.duty, "USD") if x.duty is not None else "?", ", ".join(x.headings), x.mid]
            for x in sheet.lines]  # fmt: skip
    columns = ["product", "HTS-10", "origin", "pieces", "quantity", "value", "duty", "chapter 99", "MID"]
    show.table([t(c) for c in columns], rows, right=[3, 5, 6])
    for fee in sheet.fees:
        show.say(f"{fee.fee}: {amount(fee.amount, 'USD')}  [dim]{show.clean(fee.rate)}  {show.clean(fee.source)}[/]")
    for gap in sheet.gaps:
        show.say(f"[{show.WARN}]{t('not in the book')}: {show.clean(translated(gap))}[/]")
    if out:
        show.say(show.clean(out))
