"""Each mapping that ships reads a file of its layout into these facts, and no other claims that file.

The layouts are those of the public samples that the mappings cite; the values are made up, and worked out by hand.
"""

from __future__ import annotations

import csv
import importlib.util
import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
import xlsxwriter

from crossbook.errors import CrossbookError
from crossbook.sources import shipped
from crossbook.sources.encoding import read_head
from crossbook.sources.registry import SURE, formats, recognise, sources
from crossbook.sources.source import Reading
from crossbook.sources.table.refusing import refuse_contradicted

FOLDER = Path(__file__).parent / "shipped"
ROOT = Path(__file__).parents[2]


class Row(NamedTuple):
    """An entry: day, amount and balance in minor units, currency."""

    day: date
    amount: int
    currency: str
    balance: int | None = None


class Case(NamedTuple):
    """A file of a layout, whose account it is and its entries; what a person says of it where the file does not."""

    file: str
    account: str
    rows: tuple[Row, ...]
    mapping: str = ""
    said: str | None = None  # the account
    currency: str | None = None
    proof: str = "1 of 1 balances agree"  # each with the one before it

    @property
    def name(self) -> str:
        return self.mapping or self.file.partition(".")[0]


def entry(day: int, amount: int, balance: int | None, currency: str = "CNY", month: int = 1) -> Row:
    return Row(date(2026, month, day), amount, currency, balance)


# 50,000.00 + 7,200.00 = 57,200.00; - 1,200.50 = 55,999.50
CORPORATE = (entry(5, 720_000, 5_720_000), entry(6, -120_050, 5_599_950))

CASES = (
    Case("abc_corporate.csv", "41000000000000001", CORPORATE),
    Case("abc_corporate_older.csv", "41000000000000001", CORPORATE, mapping="abc_corporate", currency="CNY"),
    Case("abc_corporate_detail.csv", "41000000000000001", CORPORATE, currency="CNY"),
    Case(
        "abc_personal.csv",
        "ABC",
        (entry(5, 1_000_000, 1_100_000), entry(6, -1_000, 1_099_000), entry(21, 1, 1_099_001, month=3)),
        said="ABC",
        currency="CNY",
        proof="2 of 2 balances agree",
    ),
    Case(
        "airwallex_balance_activity.csv",
        "AWX",
        (entry(5, 442_000, 442_000, "USD"), entry(6, -21_168, 420_832, "USD")),
        said="AWX",
    ),
    Case(
        "alipay_ledger.csv",
        "20880000000000000156",
        (entry(6, -100_000, 1_353_303), entry(5, 227_400, 1_453_303)),
    ),
    Case(
        "boc_corporate.csv",
        "770000000001",
        (entry(5, -400_000, 3_242_832, "USD"), entry(8, 1_296_438, 4_539_270, "USD")),
    ),
    Case("boc_personal.csv", "BOC", (entry(6, -7_189, 324_028), entry(5, 300_000, 331_217)), said="BOC"),
    Case("bocom_corporate.csv", "443000000000000001", CORPORATE),
    Case(
        "bocom_personal.csv",
        "BOCOM",
        (entry(5, 720_000, 818_469), entry(6, -10_079, 808_390)),
        said="BOCOM",
        currency="CNY",
    ),
    Case("ccb_corporate_detail.csv", "44250100000000000001", CORPORATE),
    Case("ccb_corporate_download.csv", "44250100000000000001", CORPORATE, proof="2 of 2 balances agree"),
    Case("ccb_corporate_query.csv", "44250100000000000001", CORPORATE),
    Case("ccb_personal.csv", "CCB", (entry(5, -6_700, 217_691), entry(6, 130_009, 347_700)), said="CCB"),
    Case("ceb_corporate.csv", "CEB", CORPORATE, said="CEB", currency="CNY"),
    Case("cib_corporate.csv", "337000000000000001", CORPORATE),
    Case("cib_corporate_ascii.csv", "337000000000000001", CORPORATE),
    Case("cmb_corporate.csv", "755900000000001", CORPORATE),
    Case("cmb_personal.csv", "CMB", (entry(5, 720_000, 827_166), entry(6, -100_000, 727_166)), said="CMB"),
    Case("cmbc_corporate.csv", "600000001", CORPORATE),
    Case("icbc_corporate.csv", "4000023319200000001", CORPORATE, currency="CNY"),
    Case("icbc_corporate_statement.csv", "4000023319200000001", CORPORATE),
    Case("icbc_corporate_transfers.csv", "4000023319200000001", CORPORATE, currency="CNY"),
    Case(
        "icbc_personal.csv",
        "ICBC",
        (entry(5, 720_000, 838_610, month=3), entry(2, -1_390, 118_610, month=3)),
        said="ICBC",
    ),
    Case("psbc_corporate.csv", "944000000000000001", CORPORATE, currency="CNY"),
    Case("spdb_corporate.csv", "79100000000000001", CORPORATE, currency="CNY"),
    Case(
        "spdb_personal.csv",
        "6200000000001230",
        (entry(5, 720_000, 918_521), entry(6, -388, 918_133)),
        currency="CNY",
    ),
    Case(
        "wise_statement.csv",
        "WISE-EUR",
        (
            entry(4, -45, None, "EUR", month=2),  # the fee within the 250.00
            entry(4, -24_955, 104_950, "EUR", month=2),
            entry(3, 130_000, 129_950, "EUR", month=2),
            entry(2, -50, -50, "EUR", month=2),
        ),
        said="WISE-EUR",
        proof="2 of 2 balances agree",
    ),
    Case(
        "wise_statement_older.csv",
        "WISE-EUR",
        (
            entry(4, -25_000, 104_950, "EUR", month=2),
            entry(3, 130_000, 129_950, "EUR", month=2),
            entry(2, -50, -50, "EUR", month=2),
        ),
        said="WISE-EUR",
        proof="2 of 2 balances agree",
    ),
)


def path_of(case: Case) -> Path:
    return FOLDER / case.file


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.file)
def test_it_reads_its_layout(case: Case, tmp_path: Path) -> None:
    source = shipped.mappings()[case.name]
    assert recognise(read_head(path_of(case), case.file)) is source
    if case.currency:
        with pytest.raises(CrossbookError, match="does not say its currency"):
            list(source.read(Reading(path_of(case), case.file, "utf-8", account=case.said)))
        source = shipped.in_currency(source, case.currency)
    reading = Reading(path_of(case), case.file, "utf-8", account=case.said)
    followed = source.follow(reading, tmp_path)
    found = [row for kind, table in source.facts(followed) if kind == "bank" for row in table.to_pylist()]
    refuse_contradicted(followed)
    assert not reading.bad
    rows = tuple(Row(r["booked_on"], r["amount"], r["currency"], r["balance"]) for r in found)
    assert rows == case.rows
    assert {r["account"] for r in found} == {case.account}
    assert case.proof in [p.text for p in followed.proofs()]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.file)
def test_nothing_else_claims_it(case: Case) -> None:
    head = read_head(path_of(case), case.file)
    assert not [s.name for s in sources().values() if s.recognise(head).confidence >= SURE]
    fit = [n for n, m in shipped.mappings().items() if m.recognise(head).confidence >= SURE]
    most = max(len(shipped.mappings()[n].headers) for n in fit)
    assert [n for n in fit if len(shipped.mappings()[n].headers) == most] == [case.name]


def test_a_workbook_is_read_as_its_text_is(tmp_path: Path) -> None:
    """Banks give workbooks: the same cells, amounts as numbers, here on the second sheet."""
    path = tmp_path / "明细.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("说明").write(0, 0, "说明")
        sheet = book.add_worksheet("明细")
        for y, row in enumerate(csv.reader((FOLDER / "ccb_corporate_query.csv").read_text("utf-8").splitlines())):
            for x, text in enumerate(row):
                sheet.write(y, x, float(text) if re.fullmatch(r"\d+\.\d\d", text) else text)
    source = recognise(read_head(path, path.name))
    assert source.name == "ccb_corporate_query"
    found = [r for _, table in source.read(Reading(path, path.name, "utf-8")) for r in table.to_pylist()]
    assert tuple(Row(r["booked_on"], r["amount"], r["currency"], r["balance"]) for r in found) == CORPORATE


def test_a_second_sheet_of_a_shipped_layout_is_named(tmp_path: Path) -> None:
    """One month a sheet: the second is not read, and is not left out in silence."""
    path = tmp_path / "明细.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("一月", "二月"):
            sheet = book.add_worksheet(name)
            for y, row in enumerate(csv.reader((FOLDER / "ccb_corporate_query.csv").read_text("utf-8").splitlines())):
                for x, text in enumerate(row):
                    sheet.write(y, x, float(text) if re.fullmatch(r"\d+\.\d\d", text) else text)
    reading = Reading(path, path.name, "utf-8")
    assert sum(t.num_rows for k, t in shipped.mappings()["ccb_corporate_query"].read(reading) if k == "bank") == 2
    assert reading.notes == ["sheet 2 has a table, too, which is not read: save it as a file of its own"]


def test_a_currency_is_said_only_where_the_file_does_not(tmp_path: Path) -> None:
    found = shipped.mappings()
    with pytest.raises(CrossbookError, match="takes the currency from the file"):
        shipped.in_currency(found["wise_statement"], "USD")
    with pytest.raises(CrossbookError, match="unknown currency 'XYZ'"):
        shipped.in_currency(found["spdb_corporate"], "XYZ")
    path = FOLDER / "cmb_corporate.csv"
    with pytest.raises(CrossbookError, match="the file is in CNY, not in USD"):
        list(shipped.in_currency(found["cmb_corporate"], "usd").read(Reading(path, path.name, "utf-8")))


def test_an_account_is_said_of_a_file_whose_rows_name_one_only(tmp_path: Path) -> None:
    source, path = shipped.mappings()["cib_corporate"], FOLDER / "cib_corporate.csv"
    facts = list(source.read(Reading(path, path.name, "utf-8", account="CIB-MAIN")))
    assert {a for _, table in facts for a in table["account"].to_pylist()} == {"CIB-MAIN"}
    several = tmp_path / path.name
    several.write_text(path.read_text("utf-8").replace("I2,337000000000000001", "I2,337000000000000002"), "utf-8")
    with pytest.raises(CrossbookError, match="of the accounts 337000000000000001, 337000000000000002"):
        list(source.read(Reading(several, path.name, "utf-8", account="CIB-MAIN")))


def test_every_mapping_of_an_account_is_read_here() -> None:
    assert {c.name for c in CASES} == {n for n, m in shipped.mappings().items() if m.spec["kind"] in ("bank", "wallet")}


def test_the_document_lists_them_all() -> None:
    """`python tools/formats.py` writes it."""
    spec = importlib.util.spec_from_file_location("formats", ROOT / "tools/formats.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs/formats.md").read_text(encoding="utf-8") == module.text()


def test_a_sale_and_a_withdrawal_of_a_wallet(tmp_path: Path) -> None:
    """Alipay's ledger says what each line is, of which order, and what left for the bank."""
    path = FOLDER / "alipay_ledger.csv"
    facts = dict(shipped.mappings()["alipay_ledger"].read(Reading(path, path.name, "utf-8")))
    lines = [(r["kind"], r["order_id"], r["amount"]) for r in facts["settlement"].to_pylist()]
    assert lines == [("withdrawal", "3226565", -100_000), ("sale", "3226563", 227_400)]
    (payout,) = facts["payout"].to_pylist()
    assert (payout["amount"], payout["paid_on"], payout["currency"]) == (100_000, date(2026, 1, 6), "CNY")


def test_a_word_of_a_wallet_that_nobody_knows_is_named(tmp_path: Path) -> None:
    text = (FOLDER / "alipay_ledger.csv").read_bytes().decode("gb18030").replace("在线支付", "新业务代扣")
    path = tmp_path / "alipay.csv"
    path.write_bytes(text.encode("gb18030"))
    reading = Reading(path, path.name, "gb18030")
    kinds = {
        r["kind"] for k, t in shipped.mappings()["alipay_ledger"].read(reading) for r in t.to_pylist() if "kind" in r
    }
    assert kinds == {"withdrawal", "other"}
    assert reading.notes == ["type '新业务代扣', 1 times, is not known: read as other"]


def test_a_total_of_a_wallet_that_its_rows_do_not_make_stops_it(tmp_path: Path) -> None:
    """Two receipts of 150.00 in all are said below a single one of 2274.00; what went out has a minus."""
    text = (FOLDER / "alipay_ledger.csv").read_bytes().decode("gb18030")
    assert "#收入合计：1笔，共2274.00元" in text
    path = tmp_path / "alipay.csv"
    path.write_bytes(text.replace("1笔，共2274.00元", "2笔，共150.00元").encode("gb18030"))
    with pytest.raises(CrossbookError, match=r"total of line \d+ is not the sum of the rows: 收入合计：2笔，共150\.00"):
        list(shipped.mappings()["alipay_ledger"].read(Reading(path, path.name, "gb18030")))


def test_each_says_where_its_layout_was_seen_and_no_account() -> None:
    for mapping in shipped.mappings().values():
        assert "account" not in mapping.spec and "stated" not in mapping.spec
        assert all(address.startswith("https://") for address in mapping.spec["shipped"]["source"])
    told = {f.name: f.proven for f in formats()}
    assert told["wise_statement"] == "sample" and told["camt"] == ""


def test_no_name_is_a_source_s() -> None:
    assert not set(sources()) & set(shipped.mappings())


def test_an_account_that_the_file_does_not_name_is_asked_for() -> None:
    path = FOLDER / "wise_statement.csv"
    with pytest.raises(CrossbookError, match="does not say whose account it is") as error:
        list(shipped.mappings()["wise_statement"].read(Reading(path, path.name, "utf-8")))
    assert "--account" in error.value.todo


def test_an_account_in_the_file_s_name_is_taken() -> None:
    path = FOLDER / "wise_statement.csv"
    name = "statement_31415926_EUR_2026-02-01_2026-02-28.csv"
    facts = list(shipped.mappings()["wise_statement"].read(Reading(path, name, "utf-8")))
    assert {a for _, table in facts for a in table["account"].to_pylist()} == {"31415926"}
