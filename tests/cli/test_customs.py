"""The customs commands, end to end on the sample business: dry run, sending once, cancelling, consignments, codes."""

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
    folder = tmp_path_factory.mktemp("customs")
    copied(sample / "book", folder / "book")
    return folder / "book"


def told(book: Path, *words: object) -> Any:
    done = run("customs", *words, "--book", book, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


DAYS = ("--from", "2025-06-01", "--to", "2025-06-10")


def test_what_a_dry_run_shows_is_what_goes_out_once(sample_book: Path) -> None:
    shown = told(sample_book, "send", *DAYS, "--dry-run")
    assert shown["dry_run"] and {m["message"] for m in shown["messages"]} == {"303", "403", "505", "603"}
    assert not (sample_book / "customs").exists()
    unasked = run("customs", "send", *DAYS, "--book", sample_book)
    assert unasked.returncode == 1 and "nothing was written: say --yes" in unasked.stdout
    assert "value of the goods" in unasked.stdout and not (sample_book / "customs").exists()
    sent = told(sample_book, "send", *DAYS, "--yes")
    assert [r["reference"] for r in sent["rows"]] == [d for m in sent["messages"] for d in m["documents"]]
    assert [m["guid"] for m in sent["messages"]] == [m["guid"] for m in shown["messages"]]
    files = list((sample_book / "customs").iterdir())
    assert len(files) == len(sent["messages"])
    assert told(sample_book, "send", *DAYS, "--yes")["messages"] == []
    assert len(list((sample_book / "customs").iterdir())) == len(files)
    counts = told(sample_book, "status", *DAYS)["counts"]
    assert all(set(c) == {"waiting"} for c in counts.values())
    assert "Nothing is to be sent" in run("customs", "send", *DAYS, "--book", sample_book).stdout


def test_counts_lead_to_their_documents(sample_book: Path) -> None:
    whole = told(sample_book, "status")["counts"]["603"]
    listed = told(sample_book, "status", "--message", "603", "--state", "accepted")["documents"]
    assert len(listed) == whole["accepted"] and {d["state"] for d in listed} == {"accepted"}
    shown = run("customs", "status", "--message", "603", "--state", "accepted", "--book", sample_book).stdout
    assert all(d["reference"] in shown for d in listed)


def test_one_order_and_one_message(sample_book: Path) -> None:
    order = told(sample_book, "status", "--from", "2025-12-01", "--to", "2025-12-10")["documents"][0]["order_id"]
    shown = told(sample_book, "send", "--order", order, "--message", "603", "--dry-run")
    assert [m["documents"] for m in shown["messages"]] == [[order]]
    chinese = run("customs", "status", "--order", order, "--book", sample_book, lang="zh").stdout
    assert "可发送" in chinese and "清单" in chinese
    for words in (("--order", "nothing"), ("--message", "999"), ("--from", "yesterday"), ("--key", "k.pem")):
        done = run("customs", "send", *words, "--book", sample_book)
        assert done.returncode == 2 and "error" in done.stderr


def test_a_list_that_customs_released_can_be_cancelled_once(sample_book: Path) -> None:
    documents = told(sample_book, "status")["documents"]
    order = next(d["order_id"] for d in documents if d["message"] == "603" and d["state"] == "accepted")
    done = run("customs", "cancel", order, "--reason", "the buyer cancelled", "--yes", "--book", sample_book)
    assert done.returncode == 0 and "CEB605" in done.stdout
    again = run("customs", "cancel", order, "--reason", "the buyer cancelled", "--book", sample_book)
    assert again.returncode == 2 and "already" in again.stderr


def test_a_consignment(sample: Path, sample_book: Path, tmp_path: Path) -> None:
    documents = told(sample_book, "status")["documents"]
    released = {d["order_id"] for d in documents if d["message"] == "603" and d["state"] == "accepted"}
    carriers = dict(w for p in (sample / "inbox").glob("海桥物流-*.csv") for w in carried(p))
    orders = [o for o in sorted(released) if carriers[o] == "4PX"][:3]
    other = next(o for o in sorted(released) if carriers[o] != "4PX")
    path = consigned(tmp_path, orders)
    for step, number in (("arrive", "507"), ("bills", "607"), ("depart", "509"), ("summarise", "701")):
        shown = told(sample_book, step, path, "--dry-run")
        assert [m["message"] for m in shown["messages"]] == [number] and not shown["written"]
        assert [r["lines"] for r in shown["rows"]] == [3]
    assert run("customs", "consign", path, "--book", sample_book).returncode == 1  # nobody said yes
    sent = told(sample_book, "consign", path, "--yes")
    assert [m["message"] for m in sent["messages"]] == ["507", "607", "509", "701"] and not sent["problems"]
    assert told(sample_book, "consign", path, "--yes")["messages"] == []
    wrong = run("customs", "consign", consigned(tmp_path, [*orders, other]), "--book", sample_book, "--json")
    assert wrong.returncode == 1
    found = json.loads(wrong.stdout)
    assert found["messages"] == []
    assert {(p["number"], p["reference"], p["field"], p["value"]) for p in found["problems"]} == {
        (number, other, "carrier", carriers[other]) for number in ("507", "607", "509", "701")
    }


def carried(path: Path) -> list[tuple[str, str]]:
    """Order and carrier of each parcel of the platform's list."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return [(r["订单编号"], r["物流公司"]) for r in csv.DictReader(lines)]


def consigned(folder: Path, orders: list[str]) -> Path:
    path = folder / "c.toml"
    path.write_text(
        f'bill = "784-1"\nvoyage = "CZ471"\nvessel = "CZ471"\ndomestic_vehicle = "粤B1"\ncarrier = "4PX"\n'
        f"leave_time = 2026-06-30T22:10:00+08:00\norders = {json.dumps(orders)}\n"
        'operator = { code = "5301980001", name = "货站" }\nbroker = { code = "4403980002", name = "报关行" }\n'
        'summary_flag = "1"\nitem_name_flag = "1"\n',
        encoding="utf-8",
    )
    return path


def test_code_lists(sample_book: Path) -> None:
    assert told(sample_book, "codes", "currency")["502"] == "美元"
    assert run("customs", "codes", "nothing", "--book", sample_book).returncode == 2


def test_what_is_wanting_names_its_setting(sample_book: Path, tmp_path: Path) -> None:
    copied(sample_book, tmp_path / "b")
    config = tmp_path / "b" / "book.toml"
    text = config.read_text(encoding="utf-8").replace('statistics_flag = "B"', 'statistics_flag = "A"')
    config.write_text(text, encoding="utf-8")
    told = run("customs", "status", "--from", "2025-12-01", "--to", "2025-12-03", "--book", tmp_path / "b").stdout
    assert "false or true in [customs.goods]" in told


def test_a_book_without_settings(tmp_path: Path) -> None:
    run("init", tmp_path / "b")
    done = run("customs", "status", "--book", tmp_path / "b")
    assert done.returncode == 2 and "[customs]" in done.stderr
