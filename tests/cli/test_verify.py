"""The verify desk's command, end to end on the sample business: what was planted is found, decided, exported."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import run
from tests.sharing import copied


@pytest.fixture(scope="module")
def sample_book(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify")
    copied(sample / "book", folder / "book")
    return folder / "book"


@pytest.fixture(scope="module")
def planted(sample: Path) -> dict[str, list[list[str]]]:
    known = json.loads((sample / "truth" / "planted.json").read_text(encoding="utf-8"))
    found: dict[str, list[list[str]]] = known["faulty_papers"]
    return found


def told(book: Path, *words: object) -> Any:
    done = run("trade", "verify", *words, "--book", book, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_was_planted_is_found_by_its_own_rule(
    sample_book: Path, planted: dict[str, list[list[str]]], tmp_path: Path
) -> None:
    assert len(planted) >= 25
    assert run("trade", "verify", "--out", tmp_path / "all.csv", "--book", sample_book).returncode == 0
    with (tmp_path / "all.csv").open(encoding="utf-8") as file:
        broken = {r["order_id"]: r["rules"].split() for r in csv.DictReader(file)}
    for kind, pairs in planted.items():
        rule = "payer_not_buyer" if kind == "payer_is_seller" else kind  # this book goes by another name
        assert all(rule in broken[order] for order, _ in pairs), rule


def test_nothing_else_is_said_to_be_wrong(sample: Path, sample_book: Path, planted: dict[str, list[list[str]]]) -> None:
    known = json.loads((sample / "truth" / "planted.json").read_text(encoding="utf-8"))
    expected = {name for pairs in planted.values() for pair in pairs for name in pair if name}
    expected |= set(known["held_back_by_customs"])
    for verdict in ("suspicious", "contradicted"):
        for r in told(sample_book, "--verdict", verdict, "--limit", "500")["trades"]:
            # the settlement report with a lost line makes one order of Amazon look paid in part
            assert r["order_id"] in expected or (r["account"] == "amazon" and r["rules"] == ["amount_paid"])


def test_for_people_in_both_languages(sample_book: Path, planted: dict[str, list[list[str]]]) -> None:
    order = planted["payer_not_buyer"][0][0]
    english = run("trade", "verify", order, "--book", sample_book)
    assert english.returncode == 0
    assert "somebody else than the buyer paid" in english.stdout
    assert "FATF" in english.stdout
    chinese = run("trade", "verify", "--book", sample_book, lang="zh").stdout
    assert "付款人不是买家" in chinese and "已核实" in chinese
    assert run("trade", "verify", "--check", "--book", sample_book).returncode == 1


def test_a_decision_is_journalled_and_counts(sample_book: Path, planted: dict[str, list[list[str]]]) -> None:
    order = planted["payer_country"][0][0]
    assert told(sample_book, order)["verdict"] == "suspicious"
    refused = run("decide", "finding", order, "payer_country", "--book", sample_book)
    assert refused.returncode == 2 and "reason" in refused.stderr
    done = run("decide", "finding", order, "payer_country", "--why", "she moved", "--book", sample_book)
    assert done.returncode == 0, done.stderr
    found = told(sample_book, order)
    assert found["verdict"] == "verified" and found["faults"][0]["aside"]["why"] == "she moved"
    assert run("undo", "finding", order, "payer_country", "--book", sample_book).returncode == 0
    assert told(sample_book, order)["verdict"] == "suspicious"


def test_off_the_platforms_and_for_others(sample_book: Path) -> None:
    off = told(sample_book, "--offline")
    assert [o["payer"] for o in off] == ["NORDIC CAMP AB", "BLUE RIDGE OUTFITTERS LLC"]
    assert all(o["missing"] for o in off)
    bank = told(sample_book, "--for", "bank", "--on", "2026-06-30")
    assert 0 < bank["accepted"] < bank["trades"]
    assert all(r["source"] for r in bank["rejections"])
    assert (
        "payment-institution on" in run("trade", "verify", "--for", "payment-institution", "--book", sample_book).stdout
    )
    assert run("trade", "verify", "--for", "police", "--book", sample_book).returncode == 2


def test_export_and_errors(sample_book: Path, tmp_path: Path) -> None:
    path = tmp_path / "trades.csv"
    done = run("trade", "verify", "--verdict", "suspicious", "--out", path, "--book", sample_book)
    assert done.returncode == 0 and path.read_text(encoding="utf-8").count("suspicious") > 5
    for words in (("no-such-order",), ("--rule", "none"), ("--verdict", "good")):
        done = run("trade", "verify", *words, "--book", sample_book)
        assert done.returncode == 2 and "→" in done.stderr


def test_a_wrong_rule_is_told_every_rule() -> None:
    rules = [r["rule"] for r in json.loads(run("trade", "verify", "--rules", "--json").stdout)]
    told = "".join(run("trade", "verify", "--rule", "none").stderr.split("use one of")[1].split())
    assert told.strip("│╰─╯") == ",".join(rules)


def test_the_rules_are_told() -> None:
    rules = json.loads(run("trade", "verify", "--rules", "--json").stdout)
    assert len(rules) > 40 and all(r["source"] and r["why"] and r["todo"] for r in rules)
    assert "正确" not in run("trade", "verify", "--rules", lang="zh").stderr
