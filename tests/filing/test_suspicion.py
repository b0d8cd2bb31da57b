"""Reports on cases: FinCEN's XML against FinCEN's schema, goAML's and China's by their elements; what is missing is
named."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from crossbook.book import Book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.errors import CrossbookError
from crossbook.filing.suspicion.draft import Report
from crossbook.filing.suspicion.writing import report
from crossbook.watch.casework import cases
from crossbook.watch.deciding.common import opens
from tests.decisions.making import decided
from tests.watch.writing import transfer, watched

FINCEN = Path(__file__).parent / "fincen" / "EFL_SARXBatchSchema.xsd"
NS = {"f": "www.fincen.gov/base"}
TODAY = date(2026, 3, 20)
SETTINGS = """[watch]
own_money = false
laws = ["CN", "US"]
[watch.reporter]
name = "Sample Payment Co"
contact = "Compliance office"
rentity_id = "17"
rentity_branch = "HQ"
reporting_user_code = "li.na"
address = "1 Harbour Road"
city = "Shenzhen"
country = "CN"
ricd = "C0000000000001"
"""
# The order of a report's and a transaction's elements in goAML's schema 5.0.1, those that are written.
OF_REPORT = (
    "rentity_id rentity_branch submission_code report_code entity_reference submission_date currency_code_local "
    "reporting_user_code location reason transaction report_indicators"
).split()
OF_TRANSACTION = (
    "transactionnumber transaction_location transaction_description date_transaction transmode_code amount_local"
).split()


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A chain of five hands, of which the institution holds three accounts; a large value of a firm."""
    folder = tmp_path_factory.mktemp("reports")
    rows = [
        transfer(f"C{n}", f"2026-03-02T{10 + n}:00:00", f"H{n}", f"H{n + 1}", f"{80000 * 99**n / 100**n:.2f}")
        for n in range(5)
    ]
    rows.append(transfer("L1", "2026-03-03T09:30:00", "FIRM", "FAR", "3000000.00", countries=("CN", "US")))
    made = watched(folder, rows, (), SETTINGS)
    path = folder / "held.csv"
    lines = ["account number,holder id,holder,holder kind,institution,opened"]
    lines += [f"H{n},P{n},Hand {n},legal,Sample Payment Co,2025-01-0{n + 1}" for n in (1, 2, 3)]
    lines.append("FIRM,F1,Firm Ltd,legal,Sample Payment Co,2024-05-06")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for item in inputs([path]):
        add(made, item)
    return made


def written(book: Book, form: str, rule: str) -> Report:
    opened = opens(open_book(book.path))
    found = cases(opened.database, opened.book, today=TODAY)
    (case,) = (c for c in found.values() if rule in c.rules and c.subject in ("H5", "F1"))
    return report(opened.database, opened.book, case.id, form, TODAY)


def test_fincen_takes_the_report_by_its_schema(book: Book) -> None:
    made = written(book, "fincen", "chain")
    told = etree.fromstring(made.data)
    schema = etree.XMLSchema(etree.parse(FINCEN))
    assert schema.validate(told), schema.error_log
    assert told.xpath("string(//f:SuspiciousActivityFromDateText)", namespaces=NS) == "20260302"
    assert told.xpath("//f:SuspiciousActivitySubtypeID/text()", namespaces=NS) == ["805"]  # suspicious wire transfers
    accounts = told.xpath("//f:AccountNumberText/text()", namespaces=NS)
    assert accounts[0] == "H5" and set(accounts) == {"H1", "H2", "H3", "H5"}
    assert "C1" not in told.xpath("string(//f:ActivityNarrativeText)", namespaces=NS)  # lines are cited, no invention
    assert "transfers.csv:2" in told.xpath("string(//f:ActivityNarrativeText)", namespaces=NS)
    missing = {m.path: m.why for m in made.missing}
    assert missing["SuspiciousActivity/TotalSuspiciousAmountText"] == "no rate makes every amount US dollars"
    assert missing["party 35/PartyIdentification (tcc)"].startswith("not set")
    assert "party 35/PartyName" not in missing


def test_goaml_has_its_elements_in_order_and_names_what_is_missing(book: Book) -> None:
    made = written(book, "goaml", "chain")
    root = etree.fromstring(made.data)
    assert list(dict.fromkeys(e.tag for e in root)) == OF_REPORT
    transactions = root.findall("transaction")
    assert len(transactions) == 5
    for one in transactions:
        sides = [e.tag for e in one][len(OF_TRANSACTION) :]
        assert [e.tag for e in one][: len(OF_TRANSACTION)] == OF_TRANSACTION and len(sides) == 2
    assert [[e.tag for e in one][-2:] for one in transactions[:2]] == [
        ["t_from", "t_to_my_client"],
        ["t_from_my_client", "t_to_my_client"],
    ]
    times = [one.findtext("date_transaction") for one in transactions]
    assert times == [f"2026-03-02T{10 + n}:00:00" for n in range(5)]  # in the book's zone, Beijing's
    client = root.find(".//t_to_my_client/to_account")
    assert client is not None
    assert {e.tag: e.text for e in client} == {
        "institution_name": "Sample Payment Co",
        "institution_code": "Sample Payment Co",
        "account": "H1",
        "currency_code": "CNY",
        "account_name": "Hand 1",
        "client_number": "P1",
        "account_type": "-",
        "opened": "2025-01-02T00:00:00",
        "status_code": "-",
    }
    named = {m.path for m in made.missing}
    assert "report/transaction/t_to_my_client/to_account/branch" in named
    assert "report/transaction/transmode_code" in named and "report/rentity_id" not in named


def test_chinas_report_is_a_table_of_its_fields(book: Book) -> None:
    made = written(book, "china", "chain")
    sheets = CalamineWorkbook.from_filelike(BytesIO(made.data))
    assert sheets.sheet_names == ["RBIF", "SEIF", "STIF", "lines 依据", "missing 缺失"]
    head, row = sheets.get_sheet_by_name("RBIF").to_python()
    told = {str(name).partition(" ")[0]: value for name, value in zip(head, row, strict=True)}
    assert (told["RICD"], told["STNM"], told["TPTR"], told["ODRP"]) == ("C0000000000001", "5", "01", "@N")
    assert told["AOSP"] == "" and "RBIF AOSP" in {m.path for m in made.missing}  # people write their own suspicion
    rows = sheets.get_sheet_by_name("STIF").to_python()
    names = [str(name).partition(" ")[0] for name in rows[0]]
    second = dict(zip(names, rows[2], strict=True))
    assert (second["TSTM"], second["TSDR"], second["CRAT"], second["CTAC"], second["TCAC"]) == (
        "20260302110000",
        "02",
        "79200.00",
        "H1",
        "H2",
    )
    assert second["CTID"] == "" and "STIF CTID" in {m.path for m in made.missing}


def test_a_large_value_has_its_kind_and_is_no_suspicious_report(book: Book) -> None:
    made = written(book, "china", "large_value")
    rows = CalamineWorkbook.from_filelike(BytesIO(made.data)).get_sheet_by_name("TSDT").to_python()
    told = {str(name).partition(" ")[0]: value for name, value in zip(rows[0], rows[1], strict=True)}
    assert (told["CRCD"], told["HTDT"], told["CRMB"], told["OATM"]) == (
        "0502",
        "20260303",
        "3000000.00",
        "20240506tttttt",  # the hour is not told
    )
    with pytest.raises(CrossbookError, match="takes it as a CTR"):
        written(book, "fincen", "large_value")


def test_a_narrative_is_a_draft_until_a_person_edits_it(book: Book) -> None:
    draft = written(book, "text", "chain").data.decode()
    assert "The money began with H0 on 2026-03-02: 80,000.00 CNY to Hand 1 (H1) (transfers.csv:2)." in draft
    assert "资金始于 2026-03-02 H0 向 Hand 1 (H1) 支付 80,000.00 CNY（transfers.csv:2）。" in draft
    opened = opens(open_book(book.path))
    (case,) = (c for c in cases(opened.database, opened.book).values() if "chain" in c.rules)
    decided(opens(book), "narrative", case=case.id, language="en", text="Five hands, no goods.", why="shorter")
    made = written(book, "text", "chain").data.decode()
    assert made.startswith("Five hands, no goods.\n\n本报告涉及")
    with pytest.raises(CrossbookError, match="a narrative needs text"):  # blanks are no story to report
        decided(opens(book), "narrative", case=case.id, language="en", text=" \n ", why="shorter")


def test_what_a_form_has_no_room_for_is_said(book: Book) -> None:
    """goAML's reason takes 8 000 characters, China's STCB 10 000, FinCEN's narrative five parts of 4 000."""
    opened = opens(open_book(book.path))
    (case,) = (c for c in cases(opened.database, opened.book, today=TODAY).values() if "chain" in c.rules)
    for language in ("en", "zh"):
        decided(opens(book), "narrative", case=case.id, language=language, text="x" * 10_001, why="long")
    left = {m.path: m.why for m in written(book, "goaml", "chain").missing}
    assert left["report/reason"] == "it has 10001 characters, the form takes 8000: the rest is left out"
    left = {m.path: m.why for m in written(book, "china", "chain").missing}
    assert left["RBIF STCB"] == "it has 10001 characters, the form takes 10000: the rest is left out"
    assert not any("left out" in m.why for m in written(book, "fincen", "chain").missing)
    told = etree.fromstring(written(book, "goaml", "chain").data).getroottree().getroot().getprevious()
    assert "report/reason: it has 10001 characters" in told.text  # at the head of the file
