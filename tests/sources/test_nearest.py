"""What a file that nothing reads is told: the formats that it looks most like, and what is missing for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook import i18n
from crossbook.cli.complaints import message
from crossbook.errors import UnrecognisedError
from crossbook.sources.encoding import read_head
from crossbook.sources.registry import recognise, sources
from crossbook.sources.shipped import mappings

WISE = (Path(__file__).parent / "shipped" / "wise_statement.csv").read_text(encoding="utf-8")


def refused(folder: Path, name: str, text: str) -> UnrecognisedError:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnrecognisedError) as caught:
        recognise(read_head(path, name))
    return caught.value


def test_one_header_is_missing(tmp_path: Path) -> None:
    error = refused(tmp_path, "w.csv", WISE.replace("Running Balance", "Closing"))
    first = error.near[0]
    assert (first.name, first.missing) == ("wise_statement", "the header 'Running Balance' is missing")
    assert len(error.near) <= 3 and first.share == round(14 / 15, 2)
    assert error.what.splitlines()[:2] == [
        "no source recognises this file",
        "  it looks most like Wise statement (CSV): the header 'Running Balance' is missing",
    ]
    assert "crossbook map" in error.todo
    assert len(error.what.splitlines()) <= 4  # three formats, whatever the number that were tried
    assert {name for name, _ in error.tried} == {*sources(), *mappings()}


def test_headers_that_are_written_otherwise_are_named(tmp_path: Path) -> None:
    error = refused(tmp_path, "w.csv", WISE.replace("Running Balance", "running_balance"))
    assert error.near[0].missing == "headers are written otherwise ('Running Balance' as 'running_balance')"


def test_a_header_below_others_is_found(tmp_path: Path) -> None:
    text = "某银行,,\n币种:,人民币,\n交易时间,交易流水号,借方发生额,贷方发生额,余额,客户附言,对方账号,对方账号名称\n"
    error = refused(tmp_path, "b.csv", text)
    assert error.near[0].name == "cmbc_corporate"
    assert error.near[0].missing == "lacks 2 of its 9 headers ('账户余额', '凭证号')"


def test_a_table_like_no_other_looks_like_nothing(tmp_path: Path) -> None:
    error = refused(tmp_path, "t.csv", "colour,weather,mood\nred,rain,good\n")
    assert error.near == () and error.what == "no source recognises this file"


def test_xml_is_told_by_its_root(tmp_path: Path) -> None:
    error = refused(
        tmp_path, "x.xml", '<?xml version="1.0"?>\n<!-- a -->\n<p:Invoice xmlns:p="urn:x"><p:a/></p:Invoice>\n'
    )
    assert error.summary == "no source recognises this file: XML, root Invoice"
    assert error.near[0].name == "camt" and "namespace" in error.near[0].missing
    assert "crossbook map" not in error.todo  # its columns cannot be described: it has none


def test_json_is_told(tmp_path: Path) -> None:
    error = refused(tmp_path, "x.json", '{"a": 1}')
    assert error.kind == "JSON" and {n.name for n in error.near} == {"aftership", "seventeen_track"}


def test_a_statement_without_its_first_field_is_near_mt940(tmp_path: Path) -> None:
    error = refused(tmp_path, "s.sta", ":20:START\n:28C:1/1\n:60F:C260105CNY1,00\n")
    (near,) = error.near
    assert near.name == "mt940" and near.missing.startswith("no line starts with :25")


def test_it_is_said_in_chinese(tmp_path: Path) -> None:
    error = refused(tmp_path, "w.csv", WISE.replace("Running Balance", "Closing"))
    i18n.choose("zh")
    try:
        told = message(error).splitlines()
    finally:
        i18n.choose("en")
    assert told[0] == "w.csv: 没有任何来源能识别此文件"
    assert told[1] == "  它最像 Wise 对账单（CSV）：缺少表头 'Running Balance'"
    assert told[2].startswith("  或者像 Wise 账户流水") and "个表头中缺少" in told[3]
    assert told[-1].startswith("  → 请说明一次各列的含义")


def test_rows_of_a_report_under_other_headers_are_known_by_their_cells(tmp_path: Path) -> None:
    """A copy of ES-003 whose headers somebody translated: what they must be is said."""
    text = "报关单号,行号,原产国,税号,关税\nABC-1234567-8,1,CN,6109.10.0012,1650.00\n"
    (near, *_) = refused(tmp_path, "es003.csv", text).near
    assert near.name == "entry_lines"
    assert "'entry summary number'" in near.missing and "'hts number - full'" in near.missing


def test_an_e_mail_is_named_as_one(tmp_path: Path) -> None:
    path = tmp_path / "notice.eml"
    path.write_text(
        "Received: from a.example by b.example; Thu, 26 Nov 2026 02:14:00 +0000\nFrom: notice@payments.example\n"
        "To: shop@example.com\nSubject: funds held\n\nHello, your funds are held.\n"
    )
    with pytest.raises(UnrecognisedError, match="an e-mail") as caught:
        recognise(read_head(path, path.name))
    assert "print it to a PDF" in (caught.value.todo or "")
