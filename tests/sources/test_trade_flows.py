"""Statistics of trade: amounts to the cent, years, revisions, and nothing that counts twice."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from crossbook.errors import BadRowsError, CrossbookError
from crossbook.sources.encoding import read_head
from crossbook.sources.registry import recognise
from crossbook.sources.source import Reading

BACI = "t,i,j,k,v,q\n"


def rows(folder: Path, name: str, text: str | bytes, account: str | None = None) -> tuple[list[dict], Reading]:
    """The facts of a file, and what its reading says."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    reading = Reading(path, name, "utf-8", account=account)
    found = [row for _, table in recognise(read_head(path, name)).read(reading) for row in table.to_pylist()]
    return found, reading


def test_baci_is_in_thousand_dollars_and_tons(tmp_path: Path) -> None:
    text = BACI + "2022,156,842,610910,1234.567,89.012\n2022,156,842,610990,0.001,\n"
    found, reading = rows(tmp_path, "BACI_HS17_Y2022_V202401.csv", text)
    assert [r["value"] for r in found] == [123_456_700, 100]  # 1,234,567 dollars; one dollar
    assert [r["net_g"] for r in found] == [89_012_000, None]
    assert [r["quantity"] for r in found] == [Decimal("89.012"), None]
    assert {(r["exporter"], r["importer"], r["revision"]) for r in found} == {("CN", "US", "HS2017")}
    assert not reading.notes


def test_baci_without_its_name_says_that_the_revision_is_not_known(tmp_path: Path) -> None:
    found, reading = rows(tmp_path, "trade.csv", BACI + "2022,156,842,610910,1,1\n")
    assert found[0]["revision"] is None
    assert "does not say which revision" in reading.notes[0]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2022,156,842,610910,-1,1", "0 or more"),
        ("2022,156,842,610910,x,1", "not a number"),
        ("2022,156,842,shirts,1,1", "not an HS code"),
        ("202201,156,842,610910,1,1", "not a year"),
        ("2022,,842,610910,1,1", "empty"),
        ("2022,156,842,610910,1e30,1", "over 10^17"),
    ],
)
def test_a_row_that_cannot_be_read_stops_the_file(tmp_path: Path, row: str, reason: str) -> None:
    _, reading = rows(tmp_path, "BACI_HS17_Y2022_V202401.csv", BACI + "2022,156,842,610910,1,1\n" + row + "\n")
    with pytest.raises(BadRowsError) as error:
        reading.finish(partial=False)
    assert reason in error.value.rows[0].reason and error.value.rows[0].line == 3


NOW = (
    "typeCode,freqCode,refYear,period,reporterCode,flowCode,partnerCode,partner2Code,classificationCode,cmdCode,"
    "customsCode,mosCode,motCode,qtyUnitAbbr,qty,netWgt,primaryValue\n"
)


def comtrade(**told: str) -> str:
    """A row of a Comtrade download: Germany's imports of T-shirts from China in 2023, but for what is `told`."""
    row = dict.fromkeys(NOW.strip().split(","), "0") | {
        "typeCode": "C",
        "freqCode": "A",
        "refYear": "2023",
        "period": "2023",
        "reporterCode": "276",
        "flowCode": "M",
        "partnerCode": "156",
        "classificationCode": "H6",
        "cmdCode": "610910",
        "customsCode": "C00",
        "primaryValue": "100.5",
    }
    return ",".join((row | told).values()) + "\n"


def test_comtrade_keeps_the_world_without_a_country(tmp_path: Path) -> None:
    found, _ = rows(tmp_path, "c.csv", NOW + comtrade() + comtrade(partnerCode="0", primaryValue="300"))
    assert [(r["exporter"], r["exporter_told"], r["importer"], r["value"]) for r in found] == [
        ("CN", "156", "DE", 10050),
        (None, "0", "DE", 30000),
    ]


def test_comtrade_turns_exports_round(tmp_path: Path) -> None:
    found, _ = rows(tmp_path, "c.csv", NOW + comtrade(flowCode="X") + comtrade(flowCode="RM"))
    assert [(r["exporter"], r["importer"], r["reporter"], r["flow"]) for r in found] == [
        ("DE", "CN", "exporter", "export"),
        ("CN", "DE", "importer", "re-import"),
    ]


@pytest.mark.parametrize("part", [{"motCode": "2100"}, {"customsCode": "C01"}, {"partner2Code": "528"}])
def test_comtrade_counts_no_part_beside_its_whole(tmp_path: Path, part: dict[str, str]) -> None:
    found, reading = rows(tmp_path, "c.csv", NOW + comtrade() + comtrade(**part) + comtrade(flowCode="DX"))
    assert len(found) == 1
    assert [note.rpartition(" ")[2] for note in reading.notes] == ["1", "1"]


def test_comtrade_does_not_take_nought_for_a_weight(tmp_path: Path) -> None:
    (row,), _ = rows(tmp_path, "c.csv", NOW + comtrade(netWgt="0", qty="0"))
    assert row["net_g"] is None and row["quantity"] is None


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"freqCode": "M", "period": "202301"}, "annual"),
        ({"typeCode": "S"}, "services"),
        ({"classificationCode": "S4", "cmdCode": "8454"}, "Harmonized System"),
        ({"period": "202301"}, "not a year"),
        ({"flowCode": "Q"}, "not a flow"),
        ({"flowCode": ""}, "empty"),
    ],
)
def test_comtrade_that_is_no_annual_hs_stops(tmp_path: Path, told: dict[str, str], reason: str) -> None:
    _, reading = rows(tmp_path, "c.csv", NOW + comtrade() + comtrade(**told))
    assert any(reason in bad.reason for bad in reading.bad) and reading.bad_lines == {3}


def test_comtrade_as_reported_has_no_revision(tmp_path: Path) -> None:
    (row,), _ = rows(tmp_path, "c.csv", NOW + comtrade(classificationCode="HS"))
    assert row["revision"] is None


def test_comtrade_rows_of_one_more_field_and_latin_letters(tmp_path: Path) -> None:
    head = NOW.replace("partnerCode,", "partnerCode,partnerDesc,", 1)
    row = comtrade(partnerCode='384,"Côte d\'Ivoire"').strip() + ",\n"
    (found,), reading = rows(tmp_path, "c.csv", (head + row).encode("latin-1"))
    assert found["exporter"] == "CI" and found["value"] == 10050 and not reading.bad


WITS = "Nomenclature,ReporterISO3,ProductCode,PartnerISO3,Year,TradeFlowName,TradeValue in 1000 USD\n"


def test_wits_is_in_thousand_dollars_and_counts_gross_trade_once(tmp_path: Path) -> None:
    text = WITS + "H5,DEU,610910,CHN,2022,Gross Imports,900.0015\nH5,DEU,610910,CHN,2022,Import,899\n"
    (row,), reading = rows(tmp_path, "w.csv", text)
    assert (row["value"], row["exporter"], row["importer"]) == (90_000_150, "CN", "DE")
    assert len(reading.notes) == 1


def test_wits_without_gross_trade_takes_the_rest(tmp_path: Path) -> None:
    (row,), reading = rows(tmp_path, "w.csv", WITS + "H5,DEU,610910,WLD,2022,Import,899\n")
    assert row["value"] == 89_900_000 and row["exporter"] is None and not reading.notes


LIST = "Exporters\tImported value in 2022\tImported value in 2023\nWorld\t4500\t4700\nChina\t900\t\n"
SUPPLYING = "Trade_Map_-_List_of_supplying_markets_for_a_product_imported_by_Viet_Nam.txt"


def test_trade_map_takes_country_and_product_from_name_and_account(tmp_path: Path) -> None:
    found, reading = rows(tmp_path, SUPPLYING, LIST, "610910")
    assert [(r["exporter"], r["importer"], r["year"], r["value"], r["product"]) for r in found] == [
        (None, "VN", 2022, 450_000_000, "610910"),
        (None, "VN", 2023, 470_000_000, "610910"),
        ("CN", "VN", 2022, 90_000_000, "610910"),
        ("CN", "VN", 2023, None, "610910"),
    ]
    assert {(r["reporter"], r["flow"]) for r in found} == {("importer", "import")}
    assert len(reading.notes) == 1 and "no unit" in reading.notes[0]


def test_trade_map_mirror_is_told_by_the_other_side(tmp_path: Path) -> None:
    name = "Trade_Map_-_List_of_importing_markets_for_a_product_exported_by_Iraq_(Mirror).txt"
    (row,), _ = rows(tmp_path, name, "Importers\tExported value in 2023\nTürkiye\t5\n", "2709")
    assert (row["exporter"], row["importer"], row["reporter"], row["flow"]) == ("IQ", "TR", "importer", "import")


def test_trade_map_lists_of_all_importers_are_of_trade_with_the_world(tmp_path: Path) -> None:
    name = "Trade_Map_-_List_of_importers_for_the_selected_product_(All_products).txt"
    (row,), _ = rows(tmp_path, name, "Importers\tImported value in 2023\nJapan\t5\n")
    assert (row["exporter_told"], row["importer"], row["product"]) == ("World", "JP", "TOTAL")


@pytest.mark.parametrize(
    ("name", "text", "account", "reason"),
    [
        (SUPPLYING, LIST, None, "which product"),
        ("list.txt", LIST, "610910", "whose list"),
        (SUPPLYING, "Unit: Euro thousand\t\n" + LIST, "610910", "Euro"),
        (SUPPLYING, LIST, "shirts", "not an HS code"),
    ],
)
def test_trade_map_asks_for_what_the_file_does_not_say(
    tmp_path: Path, name: str, text: str, account: str | None, reason: str
) -> None:
    with pytest.raises(CrossbookError, match=reason):
        rows(tmp_path, name, text, account)


def test_trade_map_by_the_month_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(CrossbookError):
        rows(tmp_path, SUPPLYING, LIST.replace("2022", "2022-M03"), "610910")


def test_trade_map_names_what_it_takes_for_no_country(tmp_path: Path) -> None:
    _, reading = rows(tmp_path, SUPPLYING, "Unit: US Dollar thousand\t\n" + LIST + "Area Nes\t1\t1\n", "610910")
    assert reading.notes == ["read as no country, as no list of countries has these names: Area Nes"]


CODES = "reporterCd,reporterLabel,partnerCd,partnerLabel,productCd,productLabel,2024 (USD Thousand)\n"
BY_IMPORTER = "chinas-exports-to-world-by-importer_851310.csv"


def test_the_new_trade_map_is_read_by_its_codes_in_any_language(tmp_path: Path) -> None:
    text = CODES + "156,中国,000,世界,851310,灯,4500\n156,中国,392,日本,851310,灯,\n"
    found, _ = rows(tmp_path, BY_IMPORTER, text)
    assert [(r["exporter"], r["importer"], r["importer_told"], r["value"]) for r in found] == [
        ("CN", None, "World", 450_000_000),
        ("CN", "JP", "392", None),
    ]
    (row,), _ = rows(tmp_path, "importing-economies_851310.csv", CODES + "392,Japan,000,World,851310,Lamps,5\n")
    assert (row["exporter_told"], row["importer"], row["flow"]) == ("World", "JP", "import")


def test_the_new_trade_map_mirror_is_told_by_the_other_side(tmp_path: Path) -> None:
    name = "chinas-exports-to-world-by-importer-mirror_851310.csv"
    (row,), _ = rows(tmp_path, name, CODES + "156,China,566,Nigeria,851310,Lamps,5\n")
    assert (row["exporter"], row["importer"], row["reporter"], row["flow"]) == ("CN", "NG", "importer", "import")


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("table.csv", CODES + "156,China,0,World,851310,Lamps,5\n", "exports or imports"),
        (BY_IMPORTER, CODES.replace("USD Thousand", "Tons") + "156,China,0,World,851310,Lamps,5\n", "tons"),
        (BY_IMPORTER, CODES.replace("2024 (USD Thousand)", "Value (kUSD)") + "156,,0,,851310,,5\n", "which year"),
    ],
)
def test_the_new_trade_map_asks_for_what_the_file_does_not_say(
    tmp_path: Path, name: str, text: str, reason: str
) -> None:
    with pytest.raises(CrossbookError, match=reason):
        rows(tmp_path, name, text)
