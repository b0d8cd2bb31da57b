"""Reports held field by field against what goAML's schema and China's interface publish of their fields."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from crossbook.book import Book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.errors import CrossbookError
from crossbook.filing.suspicion.china import fields
from crossbook.filing.suspicion.draft import Report
from crossbook.filing.suspicion.writing import report
from crossbook.watch.casework import cases
from crossbook.watch.deciding.common import opens
from tests.filing.test_suspicion import SETTINGS, TODAY
from tests.watch.writing import transfer, watched

PUBLISHED = Path(__file__).parent / "published"
IBAN, BIC = "DE02120300000000202051", "COBADEFFXXX"  # a published example, a bank's


def listed(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((PUBLISHED / name).read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A chain of five hands in euros, the institution's account among them, an account known by its IBAN and its bank's
    BIC, a payer known by name alone, a day without a time; a firm that reaches two limits on a day, and money that it
    moves between its own accounts."""
    folder = tmp_path_factory.mktemp("published")
    hands = ["", "H1", IBAN, "H3", "H4", "H5"]
    rows = [
        transfer(
            f"C{n}",
            f"2026-03-02T{10 + n}:00:00" if n else "2026-03-02T00:00:00",
            hands[n],
            hands[n + 1],
            f"{80000 * 99**n / 100**n:.2f}",
            "EUR",
            institutions=(BIC if hands[n] == IBAN else "", BIC if hands[n + 1] == IBAN else ""),
        )
        for n in range(1, 5)
    ]
    rows.insert(0, transfer("C0", "2026-03-02T09:00:00", "H0", "H1", "80000.00", "EUR"))
    rows.append(transfer("L1", "2026-03-03T00:00:00", "FIRM", "FAR", "3000000.00"))
    rows.append(transfer("L2", "2026-03-03T10:30:00", "FIRM", "", "70000.00", kind="cash_out"))
    rows.append(transfer("L3", "2026-03-03T11:30:00", "FIRM", "FIRM2", "2500000.00"))
    made = watched(folder, rows, (), SETTINGS.replace('laws = ["CN", "US"]', 'laws = ["CN", "US"]\n'))
    path = folder / "held.csv"
    lines = ["account number,holder id,holder,holder kind,institution,opened,country"]
    lines += [f"H{n},P{n},Hand {n},legal,Sample Payment Co,2025-01-0{n + 1},CN" for n in (1, 3)]
    lines += [f"{n},F1,Firm Ltd,legal,Sample Payment Co,2024-05-06,CN" for n in ("FIRM", "FIRM2")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for item in inputs([path]):
        add(made, item)
    return made


def written(book: Book, form: str, rule: str) -> Report:
    opened = opens(book)
    found = cases(opened.database, opened.book, today=TODAY).values()
    case = next(c for c in found if rule in c.rules and c.subject in ("H5", "F1"))
    return report(opened.database, opened.book, case.id, form, TODAY)


def test_goaml_has_only_known_elements_in_their_order_and_what_it_lacks_is_named(book: Book) -> None:
    made = written(book, "goaml", "chain")
    named = {m.path for m in made.missing}
    known: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in listed("goaml_5_0_1.csv"):
        known[row["within"]].append(row)
    looked = set()

    def look(element: etree._Element, path: str) -> None:
        looked.add(path)
        order = [row["element"] for row in known[path]]
        tags = [e.tag for e in element]
        assert set(tags) <= set(order), path
        assert [order.index(t) for t in tags] == sorted(order.index(t) for t in tags), path
        groups: dict[str, list[str]] = defaultdict(list)
        for row in known[path]:
            if row["need"] == "required":
                groups[row["choice"] or row["element"]].append(row["element"])
            texts = [e.text or "" for e in element.findall(row["element"])]
            assert not row["most"] or all(len(text) <= int(row["most"]) for text in texts), row
        for members in groups.values():
            assert set(members) & set(tags) or {f"{path}/{m}" for m in members} & named, (path, members)
        for child in element:
            if f"{path}/{child.tag}" in known:
                look(child, f"{path}/{child.tag}")

    root = etree.fromstring(made.data)
    look(root, "report")
    assert {"report/transaction/t_from/from_account", "report/transaction/t_to_my_client/to_account"} <= looked
    bank = root.xpath(f"//to_account[account = '{IBAN}']")[0]
    assert (bank.findtext("swift"), bank.findtext("iban"), bank.find("institution_code")) == (BIC, IBAN, None)


def test_chinas_fields_are_those_published_in_their_order_with_kind_and_length() -> None:
    """The table has one row for each record: parts of it that are structures of their own stand behind one another, and
    a type of paper that is "another" stands behind the type that it explains."""
    kinds = {"characters": "字符型", "number": "数值型"}
    for form, blocks in (("suspicious", ("RBIF", "SEIF", "STIF")), ("large", ("RBIF", "TSDT"))):
        wanted = []
        for row in listed("camlmac_v1.csv"):
            if row["report"] == form:
                inside = row["within"] in ("TBIF", "TCIF") and row["tag"] == "OITP"
                tag = f"{row['within']}/OITP" if inside else row["tag"]
                wanted.append((tag, f"{kinds[row['kind']]}，{row['most']}位"))
        ours = [(f.tag, f.kind) for block in blocks for f in fields() if (f.report, f.block) == (form, block)]
        assert ours == wanted


def table(made: Report, sheet: str) -> list[dict[str, str]]:
    head, *rows = CalamineWorkbook.from_filelike(BytesIO(made.data)).get_sheet_by_name(sheet).to_python()
    tags = [str(name).partition(" ")[0] for name in head]
    return [dict(zip(tags, map(str, row), strict=True)) for row in rows]


# What chapter 9 says of how values are written, of those that the book tells or that are always so.
RULES = {
    "TSTM": r"\d{8}(\d{6}|t{6})",  # 9.7: what is not known of a time is "t"
    "OATM": r"\d{8}(\d{6}|t{6})",
    "HTDT": r"\d{8}",
    "TSDR": "01|02",
    "CRCD": "0501|0502|0503|0504",
    "CRTP": "[A-Z]{3}",
    "CRAT": r"\d+(\.\d{1,3})?",
    "CRMB": r"\d+(\.\d{1,3})?",
    "CUSD": r"\d+(\.\d{1,3})?",
    "ROTF": "@N",  # "暂填写“@N”"
    "CTNT": "[A-Z]{3}",  # GB/T 2659-2000, three letters
    "STNT": "[A-Z]{3}",
    "TPTR": "01|02|03|04|05|06|99",
    "DORP": "01|02|03|04|99",
    "TORP": r"\d{1,4}",
}


@pytest.mark.parametrize(("rule", "sheets"), [("chain", ("RBIF", "SEIF", "STIF")), ("large_value", ("RBIF", "TSDT"))])
def test_chinas_values_are_written_as_published(book: Book, rule: str, sheets: tuple[str, ...]) -> None:
    made = written(book, "china", rule)
    for sheet in sheets:
        for row in table(made, sheet):
            for tag, value in row.items():
                assert not value or re.fullmatch(RULES.get(tag, ".*"), value, re.DOTALL), (tag, value)


def test_a_day_alone_has_t_for_its_time_and_lines_stand_apart(book: Book) -> None:
    made = written(book, "china", "large_value")
    (first,) = (r for r in table(made, "TSDT") if r["TICD"] == "L1")
    assert (first["TSTM"], first["OATM"], first["ROTF"]) == ("20260303tttttt", "20240506tttttt", "@N")
    assert {n: r[n] for r in table(made, "lines 依据") for n in ("TICD", "file") if r["TICD"] == "L1"} == {
        "TICD": "L1",
        "file": "transfers.csv",
    }


def test_each_limit_of_a_day_has_its_own_records_and_each_side_its_number(book: Book) -> None:
    """3,000,000.00 and 2,500,000.00 by transfer reach 0502, 70,000.00 of cash 0501. What the firm moves between its own
    accounts is a record on each side, with two numbers: three records of 0502."""
    rows = table(written(book, "china", "large_value"), "TSDT")
    out = [(r["CRCD"], r["TICD"], r["CRAT"], r["TTNM"]) for r in rows if r["TSDR"] == "02"]
    assert sorted(out) == [
        ("0501", "L2", "70000.00", "1"),
        ("0502", "L1", "3000000.00", "3"),
        ("0502", "L3", "2500000.00", "3"),
    ]
    assert len({(r["CRCD"], r["TICD"]) for r in rows}) == len(rows)


def test_what_reaches_no_limit_of_chinas_is_no_report_of_chinas(tmp_path: Path) -> None:
    rows = [transfer("T1", "2026-03-03T10:00:00", "A", "", "10000.01", "USD", kind="cash_out", countries=("US", "US"))]
    made = watched(tmp_path, rows, ["A,P,legal,,"], SETTINGS.replace('"CN", "US"', '"US"'))
    opened = opens(made)
    (case,) = cases(opened.database, opened.book, today=TODAY).values()
    with pytest.raises(CrossbookError, match="reaches no limit of China's"):
        report(opened.database, opened.book, case.id, "china", TODAY)
