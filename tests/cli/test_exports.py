"""Every CSV export, with an order, an entry, a product and a seller that would run as formulas in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.cases.takedown import write_log
from crossbook.cli.duty.catalogue import price_catalogue
from crossbook.cli.duty.refunds import write_refunds
from crossbook.cli.marks.screen import write_hits
from crossbook.duty.refunds import Refund
from crossbook.verify.board import Asked, export
from tests.cases.test_takedown import come
from tests.verify.facts_of import facts, papers, prepare

EVIL, WIDE = '=HYPERLINK("http://example.com")', "＝1+1"


def trades(_book: Book, path: Path) -> None:
    first, second = papers(EVIL), papers(WIDE)
    export(prepare(facts(**{kind: first[kind] + second[kind] for kind in first})), Asked(), path)


def refunds(_book: Book, path: Path) -> None:
    told = Refund(
        entry=EVIL,
        number=1,
        hts="7326.90.8688",
        origin="CN",
        entered_on=date(2026, 3, 1),
        heading="9903.01.24",
        paid=500,
        due=1000,
        amount=-500,
        reason=WIDE,
        why="",
        source="",
        certain=True,
        remedy="",
        deadline=None,
        open=True,
        evidence="",
        lines=(1,),
    )
    write_refunds([told], path)


def catalogue(_book: Book, path: Path) -> None:
    given = path.with_name("in.csv")
    rows = [f"{sku},7326.90.8688,CN,2026-03-01,12.50" for sku in ('"' + EVIL.replace('"', '""') + '"', WIDE)]
    given.write_text("\n".join(["sku,hts,origin,on,value", *rows]), encoding="utf-8")
    price_catalogue([given], path, beyond=False, json=False, duties=(), fx={})


def hits(_book: Book, path: Path) -> None:
    columns = "level risk account sku field span mark kind sight sound meaning classes mark_classes register".split()
    row = dict.fromkeys([*columns, "number", "live", "owner", "owners", "marks", "title"], "")
    write_hits(path, [row | {"listing": EVIL, "title": WIDE, "why": [WIDE]}])


def notices(book: Book, path: Path) -> None:
    for number, seller in enumerate((EVIL, WIDE)):
        come(book, f"n{number}", seller=seller)
    write_log(book, path)


@pytest.mark.parametrize("made", [trades, refunds, catalogue, hits, notices])
def test_no_export_holds_a_formula(book: Book, tmp_path: Path, made: Callable[[Book, Path], None]) -> None:
    made(book, tmp_path / "out.csv")
    told = (tmp_path / "out.csv").read_bytes().decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(told, newline="")) for cell in row]
    assert {"'" + EVIL, "'" + WIDE} <= set(cells)
    assert not any(cell.startswith(("=", "＝")) for cell in cells)
    assert made is not refunds or "-5.00" in cells
