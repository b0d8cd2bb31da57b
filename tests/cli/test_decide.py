"""Deciding, taking back and the journal on the command line; a trade's passport."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import data, run
from tests.conftest import GOLDEN
from tests.sharing import copied


@pytest.fixture
def small(tmp_path: Path) -> Path:
    book = tmp_path / "b"
    assert run("init", "--book", book, "--name", "Test").returncode == 0
    assert run("add", GOLDEN / "amazon_settlement.txt", GOLDEN / "amazon_orders.txt", book=book).returncode == 0
    return book


def decided(book: Path, *words: object) -> str:
    done = run(*words, book=book)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("journalled: ")
    return done.stdout.removeprefix("journalled: ").strip()


def test_a_file_is_taken_out_of_use_and_put_back(small: Path) -> None:
    for words in (("decide", "file"), ("book", "retire")):
        assert (
            decided(small, *words, "amazon_settlement.txt", "--why", "draft")
            == "amazon_settlement.txt is no longer used"
        )
        assert data("payouts", book=small) == []
        assert run(*words, "amazon_settlement.txt", book=small).returncode == 2
        assert decided(small, "undo", "file", "amazon_settlement.txt") == "amazon_settlement.txt is in use again"
        assert len(data("payouts", book=small)) == 1
    told: list[Any] = data("decisions", book=small)
    assert [(d["kind"], d["standing"], d["why"]) for d in told] == [("file", True, ""), ("file", False, "draft")] * 2
    assert len(data("decisions", "--standing", book=small)) == 2
    assert data("decisions", "--kind", "match", book=small) == []
    shown = run("decisions", "--limit", "1", book=small, lang="zh").stdout
    assert "已恢复使用" in shown and "另有 3 条" in shown
    assert "nothing was decided" in run("decisions", "--kind", "hit", book=small).stdout


def test_an_explanation_is_accepted_and_taken_back(totals: Path, tmp_path: Path) -> None:
    copied(totals, tmp_path / "b")
    book = tmp_path / "b"
    payout = next(
        p["id"] for p in data("payouts", book=book) if p["status"] not in ("unique", "unexplained", "no_rule", "closed")
    )
    refused = run("decide", "explanation", payout, "1", book=book)
    assert refused.returncode == 2 and "a reason is needed" in refused.stderr
    assert run("decide", "explanation", payout, "99", "--why", "x", book=book).returncode == 2
    assert decided(book, "decide", "explanation", payout, "1", "--why", "mail").startswith(
        f"explanation of {payout} accepted, odds "
    )
    assert [p["id"] for p in data("payouts", "--status", "accepted", book=book)] == [payout]
    assert decided(book, "undo", "explanation", payout) == f"the explanation of {payout} is taken back"
    assert run("undo", "explanation", payout, book=book).returncode == 2
    assert data("payouts", "--status", "accepted", book=book) == []
    (done, _) = reversed(data("decisions", "--kind", "explanation", book=book))
    assert (done["standing"], done["why"]) == (False, "mail")


def test_the_passport_of_a_trade(small: Path) -> None:
    """Order, payment, settlement and payout are in two files; parcel, customs, receipt and bank in none."""
    order = next(
        line.split("\t")[0]
        for line in (GOLDEN / "amazon_orders.txt").read_text(encoding="utf-8").splitlines()[1:]
        if line.split("\t")[0] in (GOLDEN / "amazon_settlement.txt").read_text(encoding="utf-8")
    )
    told = data("trade", "show", order, book=small)
    assert told["order_id"] == order and told["account"] == "amazon"
    assert [s["name"] for s in told["steps"]] == [
        "order",
        "payment",
        "shipment",
        "customs",
        "receipt",
        "settlement",
        "payout",
        "bank",
    ]
    assert set(told["gaps"]) >= {"customs", "bank"} and "settlement" not in told["gaps"]
    assert told["verdict"] in ("verified", "incomplete", "contradicted", "suspicious")
    shown = run("trade", "show", order, book=small)
    assert shown.returncode == 0 and "amazon_settlement.txt:" in shown.stdout and "→ 18906543210" in shown.stdout
    assert "Nothing in the book proves: " in shown.stdout
    assert "账簿中没有凭证的环节" in run("trade", "show", order, book=small, lang="zh").stdout
    done = run("trade", "show", "nobody", book=small)
    assert done.returncode == 2 and "names an order 'nobody'" in done.stderr


def test_what_is_decided_is_told_as_json(small: Path) -> None:
    told = json.loads(run("decide", "file", "amazon_orders.txt", "--json", book=small).stdout)
    assert told["text"] == "amazon_orders.txt is no longer used" and told["entry"]["action"] == "retire"
