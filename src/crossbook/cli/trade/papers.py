"""The command papers: a trade's invoice, packing list and postal forms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.choices import choice, of
from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.errors import CrossbookError
from crossbook.i18n import t, translated


def papers(
    order: Annotated[str, typer.Argument(help="The order. 订单号")],
    book: BookPath = HERE,
    kind: Annotated[
        list[str] | None,
        choice(
            "paper", of("filing.papers.pdf", "KINDS"), text="invoice, packing-list, cn22, cn23; all of them else. 单据"
        ),
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
