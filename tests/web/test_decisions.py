"""Deciding by forms: explanations accepted and taken back, matches by hand and undone, files out of use and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from crossbook.book import init_book
from tests.web.conftest import Served, csrf
from tests.web.test_access import doubtful
from tests.web.test_add import send

STATEMENT = "日期,币种,收入,支出,余额,对方户名,摘要\n2026-05-02,{currency},{amount},,0.00,Someone,unknown\n"


def test_accept_and_take_back(fresh: Served) -> None:
    client = fresh.client()
    payout = doubtful(client)
    before = client.get(f"/api/payouts/{payout}").json()
    form = {"csrf": csrf(client), "payout": payout, "number": 2, "why": "the buyer says so"}
    assert client.post("/accept", data=form | {"why": ""}).status_code == 400
    assert client.post("/accept", data=form).headers["location"] == f"/payouts/{payout}"
    assert "the buyer says so" in client.get(f"/payouts/{payout}").text  # at once, from the journal
    assert client.post("/accept", data=form | {"number": 1}).status_code == 400  # taken already
    fresh.take_new_figures()
    after = client.get(f"/api/payouts/{payout}").json()
    assert after["status"] == "accepted" and after["accepted"]["why"] == "the buyer says so"
    rival = before["rivals"][1]
    assert (after["accepted"]["missing"], after["accepted"]["added"]) == (rival["missing"], rival["added"])
    assert after["equation"][-1]["role"] == "paid"
    assert client.post("/unaccept", data={"csrf": csrf(client), "payout": payout}).status_code == 303
    fresh.take_new_figures()
    assert client.get(f"/api/payouts/{payout}").json() == before
    assert [e.action for e in fresh.live.book.journal()] == ["accept", "unaccept"]


def test_match_by_hand_and_undo(fresh: Served) -> None:
    client = fresh.client()
    side = client.get("/api/bank").json()
    assert side["total"] == 0 and side["open_payouts"]
    payout = side["open_payouts"][0]
    (unknown,) = send(client, ("own bank.csv", STATEMENT.format(amount="123.45", currency=payout["currency"]).encode()))
    headers = {"X-CSRF-Token": csrf(client)}
    client.post("/api/mapping", json={"upload": unknown["upload"], "keep": True}, headers=headers).raise_for_status()
    fresh.take_new_figures()
    (credit,) = client.get("/api/bank").json()["open_credits"]
    form = {"csrf": csrf(client), "payout": payout["id"], "credit": credit["key"], "why": "same reference on paper"}
    assert client.post("/match", data=form | {"credit": "nothing:1"}).status_code == 400
    short = payout["amount"] - 12_345
    asked = client.post("/match", data=form)
    assert asked.status_code == 400 and "same reference on paper" in asked.text  # the form as it was filled
    assert f'<option value="{payout["id"]}" selected>' in asked.text
    assert f'name="difference" value="{short}"' in asked.text
    refused = client.post("/api/match", json=form | {"difference": short + 1}, headers=headers)
    assert refused.status_code == 400 and f'"difference": {short}' in refused.json()["todo"]
    assert client.post("/match", data=form | {"difference": short}).status_code == 303
    taken = client.post("/match", data=form | {"difference": short})
    assert taken.status_code == 400 and f"is matched with {payout['id']}, decided by" in taken.text
    fresh.take_new_figures()
    row = client.get("/api/payouts", params={"arrival": "differs"}).json()["rows"][0]
    assert (row["id"], row["short"]) == (payout["id"], short)
    assert client.get(f"/api/payouts/{payout['id']}").json()["short"] == short
    alert = next(a for a in client.get("/api/overview").json()["alerts"] if a["kind"] == "differs")
    assert alert["amounts"] == {payout["currency"]: short}
    shown = f"{short / 100:,.2f}"
    for page in ("/bank", f"/payouts/{payout['id']}", "/payouts?arrival=differs", "/", "/orders?place=not_received"):
        text = client.get(page).text
        assert shown in text and "Every payout has arrived" not in text, page
    assert shown in client.get("/why", params={"of": payout["id"]}).text
    side = client.get("/api/bank").json()
    assert side["total"] == 1 and side["matches"][0]["match"]["decided"] and not side["open_credits"]
    assert "same reference on paper" in client.get("/bank").text
    assert client.post("/unmatch", data={"csrf": csrf(client), "payout": payout["id"]}).status_code == 303
    assert client.post("/unmatch", data={"csrf": csrf(client), "payout": payout["id"]}).status_code == 400
    fresh.take_new_figures()
    assert client.get("/api/bank").json()["total"] == 0


def test_a_file_out_of_use_and_back(fresh: Served) -> None:
    client = fresh.client()
    file = next(f for f in client.get("/api/evidence?q=打款").json()["rows"] if "payout" in f["facts"])
    number = client.get("/api/payouts").json()["total"]
    form = {"csrf": csrf(client), "sha": file["sha"], "why": "a draft"}
    assert client.post("/retire", data=form).status_code == 303
    assert client.post("/retire", data=form).status_code == 400
    fresh.take_new_figures()
    assert client.get("/api/payouts").json()["total"] < number
    assert "out of use" in client.get(f"/evidence/{file['sha']}").text
    assert client.post("/retire", data=form | {"undo": "true"}).status_code == 303
    fresh.take_new_figures()
    assert client.get("/api/payouts").json()["total"] == number


def test_an_empty_book_has_no_good_news(serve: Callable[..., Served], tmp_path: Path) -> None:
    init_book(tmp_path / "empty")
    client = serve(tmp_path / "empty").client()
    for path in ("/bank", "/"):
        text = client.get(path).text
        assert "No payout and no bank statement yet." in text and "has arrived" not in text, path
        chinese = client.get(path, headers={"Accept-Language": "zh-CN"}).text
        assert "尚无结算，也无银行对账单。" in chinese and "都已到账" not in chinese, path
    assert "Every credit has its payout." not in client.get("/bank").text
