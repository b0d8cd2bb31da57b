"""Customs returns that are broken, incomplete, or in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook import ceb
from crossbook.errors import BadRowsError, CrossbookError
from crossbook.sources.ceb_returns import SOURCE
from crossbook.sources.source import Reading

ROOT = f'<ceb:CEB304Message xmlns:ceb="{ceb.NAMESPACE}" guid="{"A" * 36}" version="1.0">'


def answer(order: str, code: str, at: str) -> str:
    told = {"orderNo": order, "returnStatus": code, "returnTime": at}
    return "<ceb:OrderReturn>" + "".join(f"<ceb:{n}>{v}</ceb:{n}>" for n, v in told.items()) + "</ceb:OrderReturn>"


def reading(tmp_path: Path, text: str) -> Reading:
    path = tmp_path / "CEB304Message.xml"
    path.write_text(text, encoding="utf-8")
    return Reading(path, path.name, "utf-8")


def test_bad_returns_are_named_and_the_others_kept(tmp_path: Path) -> None:
    good, at = answer("SB1", "120", "20260506091502118"), "20260506091502118"
    bad = answer("SB2", "ok", at) + answer("", "120", at) + answer("SB3", "100", "20261306091502118")
    told = reading(tmp_path, ROOT + good + bad + "</ceb:CEB304Message>")
    rows = [row for _, table in SOURCE.read(told) for row in table.to_pylist()]
    assert [r["order_id"] for r in rows] == ["SB1"]
    assert [(b.column, b.value) for b in told.bad] == [
        ("returnStatus", "ok"),
        ("orderNo", ""),
        ("returnTime", "20261306091502118"),
    ]
    with pytest.raises(BadRowsError, match="cannot be read"):
        told.finish(partial=False)


def test_a_message_cut_off_says_where(tmp_path: Path) -> None:
    told = reading(tmp_path, ROOT + "\n" + answer("SB1", "120", "20260506091502118") + "\n<ceb:OrderRet")
    with pytest.raises(CrossbookError) as caught:
        list(SOURCE.read(told))
    assert caught.value.where.startswith("CEB304Message.xml:3:") and "not well-formed" in caught.value.what


def test_a_message_without_returns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CrossbookError, match="holds no return"):
        list(SOURCE.read(reading(tmp_path, ROOT + "</ceb:CEB304Message>")))


def test_entities_are_never_expanded(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + ROOT + answer("&a;", "120", "20260506091502118")
    with pytest.raises(CrossbookError, match="document type declaration"):
        list(SOURCE.read(reading(tmp_path, bomb + "</ceb:CEB304Message>")))


def test_a_prefix_that_is_not_declared_is_an_error(tmp_path: Path) -> None:
    text = (ROOT + answer("SB1", "120", "20260506091502118") + "</ceb:CEB304Message>").replace("xmlns:ceb", "xmlns:cab")
    with pytest.raises(CrossbookError, match="not well-formed XML: a prefix that it does not declare"):
        list(SOURCE.read(reading(tmp_path, text)))
