"""The bank pack: every file of it holds the same transactions, adds up, and validates."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest
import python_calamine
from lxml import etree

from crossbook.book import open_book
from crossbook.errors import CrossbookError
from crossbook.filing import Pack, write_pack
from crossbook.filing.pack.lists import lists
from crossbook.filing.pack.remittance import NAMESPACE, _schema
from crossbook.filing.pack.transactions import contents
from crossbook.identifiers import problem
from crossbook.settle import Desk, settle

MADE = datetime(2026, 7, 2, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def desk(sample: Path) -> Desk:
    return settle(open_book(sample / "book"))


@pytest.fixture(scope="module", params=["seabridge", "amazon", "paypal", "not_closed"])
def pack(request: pytest.FixtureRequest, desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    want = request.param
    chosen = [p for p in desk.payouts if want in (p.account, p.status) and p.amount > 0]
    return write_pack(desk, chosen[len(chosen) // 2].id, tmp_path_factory.mktemp("pack"), made=MADE)


def rows(pack: Pack) -> list[dict[str, str]]:
    text = (pack.folder / "transactions.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_contents_are_the_payout(pack: Pack) -> None:
    inside = pack.contents
    total = sum(t.net for t in inside.transactions) + sum(i.amount for i in inside.items)
    assert total + inside.difference == pack.payout.amount
    assert all(t.amount + t.fees == t.net for t in inside.transactions)
    assert sum(i.amount for i in inside.fees) == sum(t.fees for t in inside.transactions)
    assert inside.difference == pack.closing.difference == pack.payout.difference
    assert bool(inside.difference) == (pack.payout.status == "not_closed") and not pack.closing.fees_differ


def test_a_wallets_payout_tells_what_the_platform_kept(desk: Desk) -> None:
    payout = next(p for p in desk.payouts if p.account == "haihui")
    inside = contents(desk, payout)
    (totals,) = lists(payout, inside)[-1].totals().values()
    assert totals["used"] == sum(t.began or 0 for t in inside.transactions) > 0
    assert totals["sales"] + totals["platform fees"] + totals["refunds"] + totals["difference"] == totals["used"]
    assert totals["platform fees"] < 0 and totals["sales"] > totals["used"]


def test_the_sample_fills_in_both_sides(pack: Pack) -> None:
    assert not [w.what[1] for w in pack.wanting if "code" not in w.what[1] and w.orders is None]
    assert not [w for w in pack.wanting if "social credit" in w.what[1]] and not problem("uscc", "91440300MA5EXAMP0C")


def test_csv(pack: Pack) -> None:
    found = rows(pack)
    assert len(found) == len(pack.contents.transactions)
    net = sum(Decimal(r["net 净额"]) for r in found)
    assert net * 100 == sum(t.net for t in pack.contents.transactions)
    assert all(r["evidence file 依据文件"] and int(r["evidence line 行号"]) > 0 for r in found)
    if pack.payout.account == "amazon":
        assert {r["tracking 运单号"] for r in found if r["type 类型"] == "销售 sale"} == {"缺 missing"}


def test_workbook(pack: Pack) -> None:
    book = python_calamine.CalamineWorkbook.from_path(str(pack.folder / "pack.xlsx"))
    found = [book.get_sheet_by_name(name).to_python() for name in ("订单 Orders", "退款与纠纷 Refunds and disputes")]
    assert sum(len(sheet) - 2 for sheet in found) == len(pack.contents.transactions)  # less head and total
    place = found[0][0].index("净额\nnet")
    nets = [float(row[place] or 0) for sheet in found for row in sheet[1:-1]]
    assert round(sum(nets) * 100) == sum(t.net for t in pack.contents.transactions)
    assert round(sum(float(sheet[-1][place] or 0) for sheet in found) * 100) == round(sum(nets) * 100)


def test_remittance_advice_validates(pack: Pack) -> None:
    root = etree.fromstring((pack.folder / "remt.001.xml").read_bytes())
    assert _schema().validate(root)
    ns = {"r": NAMESPACE}
    numbers = root.xpath("//r:RfrdDocInf/r:Nb/text()", namespaces=ns)
    assert numbers == [t.order_id for t in pack.contents.transactions]
    (amount,) = root.xpath("//r:OrgnlPmtInf/r:Amt/r:InstdAmt", namespaces=ns)
    assert Decimal(amount.text) * 100 == pack.payout.amount
    assert amount.get("Ccy") == "USD"


def test_pdf(pack: Pack) -> None:
    reader = pypdf.PdfReader(pack.folder / "pack.pdf")
    cover = reader.pages[0].extract_text()
    for text in (
        "收款还原说明",
        "Payout statement",
        "样本公司 Sample Ltd",
        pack.payout.payout_id,
    ):
        assert text in cover, text
    inside = "".join(page.extract_text() for page in reader.pages)
    assert "Prepared by" in inside and "公司盖章" in inside
    for t in (pack.contents.transactions[0], pack.contents.transactions[-1]):
        assert t.order_id in inside
    if pack.payout.account == "amazon":
        assert "缺 missing" in inside


def test_the_same_payout_gives_the_same_papers(desk: Desk, tmp_path: Path) -> None:
    name = next(p.id for p in desk.payouts if p.restoration)
    one, two = (write_pack(desk, name, tmp_path / n, made=MADE) for n in "ab")
    for file in ("transactions.csv", "remt.001.xml", "pack.pdf"):
        assert (one.folder / file).read_bytes() == (two.folder / file).read_bytes(), file


def test_unknown_payout(desk: Desk) -> None:
    with pytest.raises(CrossbookError, match="no payouts are called 'x'"):
        write_pack(desk, "x")


def test_facts_without_a_parcel_or_entry_are_counted(desk: Desk, sample: Path, tmp_path: Path) -> None:
    truth = json.loads((sample / "truth" / "seabridge-payouts.json").read_text(encoding="utf-8"))
    made = write_pack(desk, truth[3]["payout"], tmp_path / "p", made=MADE)
    assert made.without_parcel == 0
    assert made.without_customs == sum(not t.declaration for t in made.contents.transactions)
