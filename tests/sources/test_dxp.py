"""Customs returns as the transfer client hands them over: in an envelope, with any prefix, with or without a mark."""

from __future__ import annotations

import base64
import gzip
from pathlib import Path
from typing import Any

import pytest

from crossbook import ceb
from crossbook.errors import CrossbookError
from crossbook.sources.ceb_returns import SOURCE
from crossbook.sources.encoding import read_head
from crossbook.sources.source import Reading

DXP = "http://www.chinaport.gov.cn/dxp"
AT = "20260506091502118"


def message(kind: str, node: str, *returns: dict[str, str], prefix: str = "ceb:", space: str = ceb.NAMESPACE) -> str:
    declared = f' xmlns{":" if prefix else ""}{prefix[:-1]}="{space}"' if space else ""
    told = "".join(
        f"<{prefix}{node}>" + "".join(f"<{prefix}{n}>{v}</{prefix}{n}>" for n, v in r.items()) + f"</{prefix}{node}>"
        for r in returns
    )
    root = f"{prefix}CEB{kind}Message"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}{declared} guid="{"A" * 36}" version="1.0">{told}</{root}>'


def answer(order: str, code: str = "120") -> dict[str, str]:
    return {"orderNo": order, "returnStatus": code, "returnTime": AT}


def envelope(data: str, prefix: str = "", kind: str = "CEB304Message") -> str:
    p = f"{prefix}:" if prefix else ""
    declared = f'xmlns{":" if prefix else ""}{prefix}="{DXP}"'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{p}DxpMsg {declared} ver="1.0">\n<{p}TransInfo><{p}CopMsgId>M1'
        f"</{p}CopMsgId><{p}SenderId>DXPEDCCEB0000003</{p}SenderId><{p}ReceiverIds><{p}ReceiverId>DXPENT1"
        f"</{p}ReceiverId></{p}ReceiverIds><{p}MsgType>{kind}</{p}MsgType></{p}TransInfo>\n<{p}Data>{data}</{p}Data>"
        f"<{p}AddInfo><{p}FileName>x</{p}FileName></{p}AddInfo></{p}DxpMsg>"
    )


def packed(text: str | bytes) -> str:
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def read(tmp_path: Path, content: str | bytes) -> tuple[list[dict[str, Any]], Reading]:
    path = tmp_path / "r.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert SOURCE.recognise(read_head(path, path.name)).confidence > 0.9
    reading = Reading(path=path, name=path.name, encoding="utf-8")
    return [row for _, table in SOURCE.read(reading) for row in table.to_pylist()], reading


INNER = message("304", "OrderReturn", answer("SB1"), answer("SB2", "100"))


@pytest.mark.parametrize(
    "content",
    [
        envelope(packed(INNER)),
        envelope(packed(INNER), "dxp"),
        envelope(packed(INNER), "ns2"),
        "\ufeff" + envelope(packed("\ufeff" + INNER)),
        "\r\n" + envelope(packed("\n  " + INNER)),
        envelope("\n" + "\n".join(packed(INNER)[k : k + 76] for k in range(0, len(packed(INNER)), 76)) + "\n"),
        envelope(f"<![CDATA[{packed(INNER)}]]>"),
        envelope(packed(gzip.compress(INNER.encode(), mtime=0))),
        envelope(packed(envelope(packed(INNER)))),
        envelope(packed(INNER.replace("UTF-8", "GB18030").encode("gb18030"))),
        envelope(packed(INNER)).encode("utf-16"),
        f'<DxpMsgSv xmlns="{DXP}"><SvNo/>{envelope(packed(INNER)).partition("?>")[2]}</DxpMsgSv>',
    ],
)
def test_returns_are_read_out_of_envelopes(tmp_path: Path, content: str | bytes) -> None:
    rows, reading = read(tmp_path, content)
    assert [(r["reference"], r["state"]) for r in rows] == [("SB1", "accepted"), ("SB2", "refused")]
    assert not reading.bad and len({r["line"] for r in rows}) == 1 and rows[0]["line"] > 0


@pytest.mark.parametrize(
    ("prefix", "space"), [("ceb:", ceb.NAMESPACE), ("", ceb.NAMESPACE), ("a.b:", "urn:x"), ("", "")]
)
def test_bare_returns_are_read_under_any_prefix(tmp_path: Path, prefix: str, space: str) -> None:
    rows, _ = read(tmp_path, message("304", "OrderReturn", answer("SB1"), prefix=prefix, space=space))
    assert [r["reference"] for r in rows] == ["SB1"]


@pytest.mark.parametrize(
    ("kind", "node", "name", "document"),
    [
        ("304", "OrderReturn", "orderNo", "303"),
        ("404", "ReceiptsReturn", "payNo", "403"),
        ("506", "LogisticsReturn", "logisticsNo", "505"),
        ("508", "ArrivalReturn", "copNo", "507"),
        ("510", "DepartureReturn", "copNo", "509"),
        ("604", "InventoryReturn", "copNo", "603"),
        ("606", "InvtCancelReturn", "copNo", "605"),
        ("608", "WayBillReturn", "copNo", "607"),
        ("702", "SummaryReturn", "copNo", "701"),
    ],
)
def test_every_return_names_its_document(tmp_path: Path, kind: str, node: str, name: str, document: str) -> None:
    told = {name: "N1", "returnStatus": "120", "returnTime": AT}
    rows, _ = read(tmp_path, envelope(packed(message(kind, node, told)), kind=f"CEB{kind}Message"))
    assert [(r["message"], r["document"], r["reference"]) for r in rows] == [(kind, document, "N1")]


def refusal(**changed: str) -> str:
    told = {"returnStatus": "-1", "returnTime": AT, "returnInfo": "no", "oriCopMsgId": "G1"}
    return message("900", "MessageReturn", {**told, "oriMessageType": "CEB603Message", "oriBizMessage": "", **changed})


def test_a_format_refusal_names_the_message(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, envelope(packed(refusal()), kind="CEB900Message"))
    assert [(r["message"], r["document"], r["reference"], r["state"]) for r in rows] == [
        ("900", "603", "G1", "refused")
    ]
    guid = "1C8377D6-3856-5CFD-B5EC-412F72AF4BC4"
    inside = f'&lt;ceb:CEB603Message guid="{guid}"&gt;'
    rows, _ = read(tmp_path, refusal(oriCopMsgId="", oriBizMessage=inside))
    assert rows[0]["reference"] == guid
    rows, reading = read(tmp_path, refusal(oriCopMsgId="", oriMessageType="?"))
    assert rows == [] and [b.column for b in reading.bad] == ["oriCopMsgId", "oriMessageType"]


def test_an_envelope_that_says_another_message_is_noted(tmp_path: Path) -> None:
    _, reading = read(tmp_path, envelope(packed(INNER), kind="CEB604Message"))
    assert reading.notes == ["its envelope says CEB604Message, the message in it is CEB304Message"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("&lt;no", "not well-formed"),
        ("abc*", "not base64"),
        ("YWJj\u202e", "not base64"),
        (packed(INNER)[:-9], "not "),
        (packed(gzip.compress(INNER.encode(), mtime=0)[:-9]), "cut off"),
        (packed(gzip.compress(INNER.encode()[:90], mtime=0) + b"x")[:60], "cut off"),
        (packed(INNER.replace("304", "303").replace("OrderReturn", "Order")), "CEB303Message is no return"),
        (packed(message("622", "InventoryReturn", answer("X")).replace("Inv", "X")), "CEB622Message is no return"),
        (packed('<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'), "document type declaration"),
    ],
)
def test_what_cannot_be_read_in_an_envelope_says_why(tmp_path: Path, data: str, told: str) -> None:
    path = tmp_path / "r.xml"
    path.write_text(envelope(data), encoding="utf-8")
    with pytest.raises(CrossbookError, match=told):
        list(SOURCE.read(Reading(path=path, name=path.name, encoding="utf-8")))


def test_a_notice_of_the_exchange_platform_is_told(tmp_path: Path) -> None:
    path = tmp_path / "r.xml"
    path.write_text(
        f'<DxpRep xmlns="{DXP}" ver="1.0"><RecevierId>DXPENT1</RecevierId><Response><ResponseCode>1201</ResponseCode>'
        "<ResponseInfo>接收方不存在</ResponseInfo><NoticeTime>2026-03-03</NoticeTime><OriHead><CopMsgId>M1</CopMsgId>"
        "</OriHead></Response></DxpRep>",
        encoding="utf-8",
    )
    found = SOURCE.recognise(read_head(path, path.name))
    assert found.confidence == 0
    assert found.reason == "a notice of the exchange platform (DxpRep): 1201 接收方不存在 M1"


def test_other_envelopes_are_not_taken_for_returns(tmp_path: Path) -> None:
    path = tmp_path / "r.xml"
    for data, told in ((packed("<DecMessage/>"), "without a message"), (packed(INNER.replace("304", "303")), "CEB303")):
        path.write_text(envelope(data), encoding="utf-8")
        found = SOURCE.recognise(read_head(path, path.name))
        assert found.confidence == 0 and told in found.reason
