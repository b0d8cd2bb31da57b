"""Adding files by the browser: recognised or not, bad rows by line, tables mapped, limits, names that would escape."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import httpx

from crossbook.web.uploads import Uploads, safe_name
from tests.conftest import GOLDEN
from tests.web.conftest import Served, csrf

BANK = """某某银行 交易明细
币种：人民币
日期,收入,支出,余额,对方户名,摘要
2026-01-05,100.00,,1100.00,甲公司,货款
2026-01-06,,50.00,1050.00,乙公司,=1+1
"""
RATES = "day,base,quote,rate\n2026-01-05,USD,CNY,7.1\n2026-01-06,USD,CNY,seven\n"


def send(client: httpx.Client, *files: tuple[str, bytes], **form: str) -> list[dict[str, object]]:
    headers = {"X-CSRF-Token": csrf(client)}
    answer = client.post("/api/files", files=[("files", f) for f in files], data=form, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


def golden(name: str) -> tuple[str, bytes]:
    path = next(p for p in sorted(GOLDEN.rglob("*")) if p.is_file() and name in p.name)
    return path.name, path.read_bytes()


def test_a_recognised_file_is_added_once_and_journalled(fresh: Served) -> None:
    client = fresh.client()
    name, content = golden("camt")
    (first,) = send(client, (name, content))
    assert first["status"] == "added" and first["source"] == "camt" and first["facts"]["bank"] > 0  # type: ignore[index]
    entry = fresh.live.book.journal()[-1]
    assert (entry.action, entry.subject) == ("add", first["sha"]) and entry.who
    (again,) = send(client, (name, content))
    assert again["status"] == "duplicate"
    assert fresh.live.book.journal()[-1].seq == entry.seq
    assert name in client.get("/evidence").text
    fresh.take_new_figures()
    assert client.get(f"/evidence/{first['sha']}").status_code == 200


def test_one_file_that_cannot_be_read_does_not_stop_the_others(fresh: Served) -> None:
    client = fresh.client()
    good, unknown, broken = send(
        client, golden("camt"), ("notes.txt", b"just words"), ("broken.zip", b"PK\x03\x04nothing")
    )
    assert good["status"] == "added"
    assert unknown["status"] == "unrecognised" and unknown["upload"] and len(unknown["tried"]) > 10  # type: ignore[arg-type]
    assert broken["status"] == "failed" and "archive" in str(broken["error"])


def test_a_file_that_nothing_reads_is_told_what_it_lacks(fresh: Served) -> None:
    client = fresh.client()
    wise = (GOLDEN.parent / "shipped" / "wise_statement.csv").read_bytes().replace(b"Running Balance", b"Closing")
    (told,) = send(client, ("w.csv", wise))
    near: Any = told["near"]
    assert (near[0]["name"], near[0]["missing"]) == ("wise_statement", "the header 'Running Balance' is missing")
    page = client.post("/add", files={"files": ("w.csv", wise)}, data={"csrf": csrf(client)}).text
    assert "it looks most like" in page and "the header &#39;Running Balance&#39; is missing" in page


def test_bad_rows_are_listed_by_line_and_may_be_left_out(fresh: Served) -> None:
    client = fresh.client()
    (unknown,) = send(client, ("rates.csv", RATES.encode()))
    headers = {"X-CSRF-Token": csrf(client)}
    told = client.post("/api/mapping", json={"upload": unknown["upload"]}, headers=headers).json()
    kept = client.post(
        "/api/mapping", json={"upload": unknown["upload"], "mapping": told["mapping"], "keep": True}, headers=headers
    )
    assert kept.status_code == 409 and kept.json()["because"] == "asks"
    (question,) = kept.json()["look"]["asks"]
    assert "line 3" in question["text"] and "seven" in question["text"] and question["answer"] == "1"
    assert not fresh.live.book.journal()  # nothing is read by it before somebody says so
    body = {"upload": unknown["upload"], "mapping": told["mapping"], "keep": True, "yes": ["1"]}
    (partial,) = client.post("/api/mapping", json=body, headers=headers).json()["results"]
    assert partial["status"] == "partial" and partial["facts"] == {"rate": 1}
    assert (partial["bad"][0]["line"], partial["bad"][0]["value"]) == (3, "seven")
    (failed,) = send(client, ("rates.csv", RATES.replace("7.1", "7.2").encode()))  # known now, and not agreed to
    assert failed["status"] == "failed" and failed["bad_count"] == 1


def test_a_table_is_mapped_by_its_form(fresh: Served) -> None:
    client = fresh.client()
    page = client.post("/add", data={"csrf": csrf(client)}, files={"files": ("银行.csv", BANK.encode("gb18030"))}).text
    upload = re.search(r'name="upload" value="(\w+)"', page)
    assert upload
    form = client.post("/map", data={"csrf": csrf(client), "upload": upload[1]}).text
    assert "甲公司" in form and "2026" in form and ">日期<" in form
    chosen = {"booked_on": "日期", "credit": "收入", "debit": "支出", "counterparty": "对方户名", "description": "摘要"}
    tried = {
        "csrf": csrf(client),
        "upload": upload[1],
        "kind": "bank",
        "was": "bank",
        "account": "我的银行",
        "currency": "CNY",
        "date_order": "ymd",
        "zone": "Asia/Shanghai",
        "column": list(chosen),
        "header": list(chosen.values()),
    }
    assert "−50.00" in client.post("/map", data=tried).text
    wrong = tried | {"currency": "XXQ"}
    assert "unknown currency" in client.post("/map", data=wrong).text
    done = client.post("/map", data=tried | {"keep": "true"}).text
    assert "added" in done and 'href="/evidence/' in done
    actions = [e.action for e in fresh.live.book.journal()]
    assert actions[-2:] == ["map", "add"]
    (known,) = send(client, ("next month.csv", BANK.replace("2026-01", "2026-02").encode("gb18030")))
    assert known["status"] == "added" and known["source"] == "我的银行"


SETTLEMENT = """结算时间,订单号,业务类型,结算金额,币种,结算单号
2026-03-01,A1,订单,92.00,USD,JS1
2026-03-02,A1,Zorp,-2.00,USD,JS1
"""


def test_the_words_of_a_settlement_are_explained_in_the_form(fresh: Served) -> None:
    client = fresh.client()
    page = client.post("/add", data={"csrf": csrf(client)}, files={"files": ("店.csv", SETTLEMENT.encode())}).text
    upload = re.search(r'name="upload" value="(\w+)"', page)
    assert upload
    form = client.post("/map", data={"csrf": csrf(client), "upload": upload[1], "kind": "settlement"}).text
    assert "Zorp" in form and "nobody says what kind of line this is" in form
    further = re.search(r'name="further" value="([^"]*)"', form)
    assert further
    chosen = {
        "posted_at": "结算时间",
        "order_id": "订单号",
        "type": "业务类型",
        "amount": "结算金额",
        "currency": "币种",
    }
    tried = {
        "csrf": csrf(client),
        "upload": upload[1],
        "kind": "settlement",
        "was": "settlement",
        "account": "shop",
        "date_order": "ymd",
        "further": html.unescape(further[1]),
        "column": [*chosen, "payout_id"],
        "header": [*chosen.values(), "结算单号"],
        "word": ["订单", "Zorp"],
        "line": ["sale", "advertising"],
    }
    assert "nobody says" not in client.post("/map", data=tried).text
    done = client.post("/map", data=tried | {"keep": "true"}).text
    assert "added" in done
    text = (fresh.live.book.path / "mappings" / "shop.toml").read_text(encoding="utf-8")
    assert 'Zorp = "advertising"' in text


STATES = """日期,金额,收/支,对方户名,状态,流水号
2026-01-05,100.00,收入,甲公司,Sent,1
2026-01-06,50.00,支出,乙公司,Kaput,2
2026-01-07,20.00,/,丙公司,Sent,3
"""


def test_words_of_status_and_direction_are_explained_in_the_form(fresh: Served) -> None:
    client = fresh.client()
    page = client.post("/add", data={"csrf": csrf(client)}, files={"files": ("行.csv", STATES.encode())}).text
    upload = re.search(r'name="upload" value="(\w+)"', page)
    assert upload
    tried: dict[str, Any] = {"csrf": csrf(client), "upload": upload[1], "kind": "bank"}
    form = client.post("/map", data=tried).text
    assert re.findall(r'name="asked" value="([^"]*)"', form) == ["sent", "kaput", "/"]
    chosen = {"booked_on": "日期", "amount": "金额", "counterparty": "对方户名", "reference": "流水号"}
    further = re.search(r'name="further" value="([^"]*)"', form)
    assert further and "[status]" in html.unescape(further[1])
    tried |= {
        "was": "bank",
        "account": "州行",
        "currency": "CNY",
        "date_order": "ymd",
        "zone": "Asia/Shanghai",
        "further": html.unescape(further[1]),
        "column": list(chosen),
        "header": list(chosen.values()),
        "asked": ["sent", "kaput", "/"],
        "meaning": ["done", "undone", "neither"],
    }
    tested = client.post("/map", data=tried).text
    assert "100.00" in tested and 'name="asked"' not in tested
    assert "line 3 is no row (not done)" in tested and "line 4 is no row (neither)" in tested
    client.post("/map", data=tried | {"keep": "true"})
    text = (fresh.live.book.path / "mappings" / "州行.toml").read_text(encoding="utf-8")
    assert 'done = ["sent"]\nnone = ["kaput"]' in text and 'none = ["/"]' in text


def test_what_a_file_says_is_no_markup(fresh: Served) -> None:
    client = fresh.client()
    name = "<img src=x onerror=alert(1)>.csv"
    page = client.post(
        "/add", data={"csrf": csrf(client)}, files={"files": (name, b"<script>alert(1)</script>,b\n1,2\n")}
    ).text
    assert "<img src=x" not in page and "<script>alert" not in page
    assert "<script>alert" not in client.get("/search", params={"q": "<script>alert(1)</script>"}).text


def test_more_than_the_limit_is_refused(serve, totals: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    small = serve(totals, limit=20_000)
    client = small.client()
    token = csrf(client)
    big = client.post("/api/files", files={"files": ("big.csv", b"x" * 30_000)}, headers={"X-CSRF-Token": token})
    assert big.status_code == 413
    pieces = (b"x" * 5_000 for _ in range(10))
    headers = {"X-CSRF-Token": token, "Content-Type": "multipart/form-data; boundary=b"}
    try:
        answer = client.post("/api/files", content=pieces, headers=headers)
        assert answer.status_code in (400, 413)
    except httpx.RemoteProtocolError:
        pass  # cut off, as it should be
    assert client.get("/").status_code == 200


def test_names_of_uploads_never_leave_their_folder(tmp_path: Path) -> None:
    for name in (
        "../../etc/passwd",
        "..\\..\\boot.ini",
        "/etc/passwd",
        "a/../b",
        "..",
        ".",
        "",
        "\x00",
        "con\n.csv",
        "x" * 500 + ".csv",
    ):
        safe = safe_name(name)
        assert safe and "/" not in safe and "\\" not in safe and safe not in (".", "..") and len(safe.encode()) < 255, (
            name
        )
    uploads = Uploads()
    import io

    token = uploads.put("../../escape.csv", io.BytesIO(b"x"))
    assert uploads.path(token).name == "escape.csv" and uploads.path(token).parent.name == token
    for i in range(40):
        uploads.put(f"{i}.csv", io.BytesIO(b"x"))
    assert len(uploads._held) <= 21
