"""Layouts of banks in Japan and Brazil, hidden sheets, formulas without values, names of currencies."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book.mapping import preview
from crossbook.errors import CrossbookError
from crossbook.sources.spreadsheet import without_value
from crossbook.sources.table.amounts import bare, code_in, is_amount
from tests.sources.workbooks import xlsx

SMBC = (
    "年月日,お引出し,お預入れ,お取り扱い内容,残高\n2026/1/5,,120000,振込 アマゾン,220000\n"
    "2026/1/6,3300,,手数料,216700\n"
)
ERA = (
    "口座番号,1234567\n取引日,お引出し,お預入れ,お取引内容,残高\n"
    '令和8年1月5日,,"120,000",振込 アマゾン,"220,000"\n令和8年1月6日,"3,300",,手数料,"216,700"\n'
)
RAKUTEN = (
    "取引日,入出金(円),取引後残高(円),入出金内容\n20260105,120000,220000,振込 アマゾン\n20260106,-3300,216700,手数料\n"
)
MIZUHO = (
    "操作日,勘定日,起算日,入出金区分,取引区分,取引金額,残高,摘要\n20260105,20260105,,入金,振込,120000,220000,アマゾン\n"
    "20260106,20260106,,出金,手数料,3300,216700,手数料\n"
)
MUFG = (
    "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ,未資金化区分,入払区分\n"
    '2026/1/5,振込,アマゾン,,"120,000","220,000",,,入金\n2026/1/6,手数料,手数料,"3,300",,"216,700",,,出金\n'
)


@pytest.mark.parametrize("text", [SMBC, ERA, RAKUTEN, MIZUHO, MUFG], ids=["smbc", "era", "rakuten", "mizuho", "mufg"])
def test_banks_in_japan_are_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "meisai.csv"
    path.write_bytes(text.encode("cp932"))
    seen = preview(path, kind="bank")
    assert [(r["amount"], r["balance"]) for r in seen.rows["bank"]] == [(120_000, 220_000), (-3_300, 216_700)]
    assert not seen.bad and {d.answer for d in seen.doubts} <= {"JPY"}


def test_letters_behind_an_amount_say_which_way_it_went(tmp_path: Path) -> None:
    path = tmp_path / "extrato.csv"
    rows = "05/01/2026;PIX RECEBIDO;1.234,56 C;2.234,56 C\n16/01/2026;TARIFA;3,30 D;2.231,26 C\n"
    path.write_text(f"Data;Histórico;Valor;Saldo\n{rows}", encoding="utf-8")
    seen = preview(path, currency="BRL")
    assert [(r["amount"], r["balance"]) for r in seen.rows["bank"]] == [(123_456, 223_456), (-330, 223_126)]
    assert not seen.bad and not seen.doubts


@pytest.mark.parametrize(
    ("text", "figures"), [("3,30 D", "-3,30"), ("72,00 H", "72,00"), ("12,00S", "-12,00"), ("1.234,56 C", "1.234,56")]
)
def test_how_a_letter_is_read(text: str, figures: str) -> None:
    assert bare(text)[0] == figures


def test_a_letter_behind_a_whole_number_is_part_of_a_number() -> None:
    assert not is_amount("12D") and not is_amount("7 C")


@pytest.mark.parametrize(
    ("text", "code"), [("新台幣", "TWD"), ("新台币", "TWD"), ("débit euros", "EUR"), ("Europe", None)]
)
def test_names_of_currencies(text: str, code: str | None) -> None:
    assert code_in(text) == code


def rows_of(lines: list[list[str]]) -> str:
    """Rows of texts as XML; a text that begins with = is a formula without a value."""
    made = ""
    for n, cells in enumerate(lines, 1):
        made += f'<row r="{n}">'
        for letter, text in zip("ABCDEF", cells, strict=False):
            if text.startswith("="):
                made += f'<c r="{letter}{n}"><f>{text[1:]}</f><v></v></c>'
            elif text:
                made += f'<c r="{letter}{n}" t="inlineStr"><is><t>{text}</t></is></c>'
        made += "</row>"
    return made


HEAD = [["账号：", "6222000000000009", "币种：", "人民币"], ["交易日期", "收入", "支出", "余额", "摘要"]]


def test_a_sheet_that_people_see_comes_before_a_hidden_one(tmp_path: Path) -> None:
    path = tmp_path / "hidden.xlsx"
    old = rows_of([*HEAD, ["2025-01-05", "1.00", "", "1.00", "旧"]])
    new = rows_of([*HEAD, ["2026-01-05", "7200.00", "", "17200.00", "收款"]])
    main, office = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org"
    of = f"{office}/officeDocument/2006/relationships"
    names = '<sheet name="old" sheetId="1" state="hidden" r:id="rId1"/><sheet name="new" sheetId="2" r:id="rId2"/>'
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{of}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in (1, 2)
    )
    parts = {
        "xl__workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{of}"><sheets>{names}</sheets></workbook>',
        "xl___rels__workbook.xml.rels": f'<Relationships xmlns="{office}/package/2006/relationships">{links}'
        "</Relationships>",
        "xl__worksheets__sheet2.xml": f'<worksheet xmlns="{main}"><sheetData>{new}</sheetData></worksheet>',
    }
    xlsx(path, old, **parts)
    assert [r["amount"] for r in preview(path).rows["bank"]] == [720_000]


def test_a_formula_without_a_value_is_named(tmp_path: Path) -> None:
    path = tmp_path / "formula.xlsx"
    rows = [
        *HEAD,
        ["2026-01-05", "7200.00", "", "17200.00", "收款"],
        ["2026-01-06", "", "=1000+200.5", "=D3-C4", "运费"],
    ]
    xlsx(path, rows_of(rows))
    assert without_value(path) == "C4"
    with pytest.raises(CrossbookError, match="a formula has no value stored"):
        preview(path)


def test_a_settlement_without_a_column_of_types_is_proved_by_its_net_and_asks_of_a_column(tmp_path: Path) -> None:
    path = tmp_path / "jiesuan.csv"
    rows = "2026-03-01,A1,100.00,8.00,5.00,87.00,USD,B1\n2026-03-02,A2,50.00,4.00,5.00,41.00,USD,B1\n"
    path.write_text(f"结算日期,订单编号,商品金额,平台服务费,物流费,结算金额,币种,结算批次号\n{rows}", encoding="utf-8")
    seen = preview(path, kind="settlement")
    assert [(r["order_id"], r["amount"], r["kind"]) for r in seen.rows["settlement"]] == [
        ("A1", 10_000, "sale"),
        ("A1", -800, "fee"),
        ("A1", -500, "fee"),
        ("A2", 5_000, "sale"),
        ("A2", -400, "fee"),
    ]  # 100 - 8 - 5 = 87: what is left, whatever the costs are called
    assert {d.answer for d in seen.doubts} == {"商品金额", "平台服务费", "物流费"}  # two rows show too little
