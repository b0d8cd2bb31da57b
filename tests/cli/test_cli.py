"""The real command line, end to end: exit codes, JSON, languages, errors without tracebacks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import SCRIPT, data, run
from tests.conftest import GOLDEN
from tests.settle.making import amazon, camt


@pytest.fixture
def new(tmp_path: Path) -> Path:
    assert run("init", "--book", tmp_path / "b", "--name", "Test").returncode == 0
    return tmp_path / "b"


def test_the_package_run_by_python_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "crossbook", "nonsense"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Usage: python -m crossbook [" in done.stderr, done.stderr


def test_what_is_wrong_with_several_files_is_told_once(new: Path) -> None:
    """Six tables that nobody described, and then a mapping that cannot be read: each told once, with the files."""
    files = [new.parent / f"table{n}.csv" for n in range(6)]
    for n, file in enumerate(files):
        file.write_text(f"foo,bar\n1,{n}\n", encoding="utf-8")
    unread = run("add", "--book", new, *files)
    assert (unread.returncode, unread.stderr.count("no source recognises this file")) == (2, 1)
    assert "6 files: table0.csv, table1.csv, table2.csv, table3.csv, table4.csv and 1 more" in unread.stderr
    assert len(json.loads(run("add", "--book", new, *files, "--json").stdout)["errors"]) == 6
    (new / "mappings").mkdir(exist_ok=True)
    (new / "mappings" / "bad.toml").write_text('kind = "order"\ncolumns = 5\n', encoding="utf-8")
    bad = run("add", "--book", new, *files[:2], lang="zh")
    assert (bad.returncode, bad.stderr.count("bad")) == (2, 1)
    assert "2 个文件：table0.csv, table1.csv" in bad.stderr


def test_help_and_version() -> None:
    shown = run("--help")
    assert shown.returncode == 0
    for command in (
        "init",
        "add",
        "map",
        "formats",
        "payouts",
        "payout",
        "restore",
        "bank",
        "money",
        "pack",
        "why",
        "book",
        "trade",
        "demo",
    ):
        assert f" {command} " in shown.stdout
    assert run("--version").stdout.startswith("crossbook 0.")
    assert run("nonsense").returncode == 2
    assert run("payouts", "--nonsense").returncode == 2


def test_a_book_from_nothing_to_a_pack(new: Path, tmp_path: Path) -> None:
    files = [GOLDEN / n for n in ("amazon_settlement.txt", "amazon_orders.txt", "camt.xml")]
    added = data("add", *files, book=new)
    assert [a["status"] for a in added["added"]] == ["added"] * 3
    assert data("add", files[0], book=new)["added"][0]["status"] == "duplicate"
    (payout,) = data("payouts", book=new)
    assert set(payout) >= {
        "id",
        "source",
        "account",
        "currency",
        "amount",
        "lines_total",
        "difference",
        "status",
        "bank_credit",
        "paid_on",
    }
    assert (payout["id"], payout["amount"], payout["status"]) == ("18906543210", 9836, "closed")
    assert data("payout", "18906543210", book=new)["kinds"]
    tree = data("why", "18906543210", book=new)
    assert tree["because"][0]["file"] == "amazon_settlement.txt"
    assert tree["because"][0]["original"].startswith("18906543210\t2026-03-01")
    pack = data("pack", "18906543210", "--out", tmp_path / "pack", book=new)
    assert sorted(Path(f).name for f in pack["files"]) == ["pack.pdf", "pack.xlsx", "remt.001.xml", "transactions.csv"]
    assert data("book", "check", book=new)["problems"] == []
    assert data("book", "rebuild", book=new)["problems"] == []
    assert data("money", "--on", "2026-03-31", book=new)["stages"]
    assert data("bank", book=new)["open_credits"]


def test_check_finds_damage(new: Path) -> None:
    run("add", GOLDEN / "amazon_settlement.txt", book=new)
    (fact,) = (new / "facts" / "payout").glob("*.parquet")
    fact.write_bytes(b"broken")
    done = run("book", "check", book=new)
    assert done.returncode == 1
    assert "changed since it was added" in done.stdout
    assert run("book", "rebuild", book=new).returncode == 0
    assert run("book", "check", book=new).returncode == 0


def test_check_names_what_no_catalog_knows(new: Path) -> None:
    run("add", GOLDEN / "amazon_settlement.txt", book=new)
    stray = new / "evidence" / "ab" / ("ab" * 32)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"an original")
    done = run("book", "check", book=new)
    assert done.returncode == 1
    assert f"evidence/ab/{'ab' * 32}: an original that the catalog does not name" in done.stdout
    assert "nothing was removed" in done.stdout and "as it was added" not in done.stdout
    assert stray.read_bytes() == b"an original"
    assert json.loads(run("book", "check", "--json", book=new).stdout)["orphans"] == [f"evidence/ab/{'ab' * 32}"]


def test_payouts_check_tells_of_what_needs_attention(new: Path, tmp_path: Path) -> None:
    text = (GOLDEN / "amazon_settlement.txt").read_text(encoding="utf-8").replace("79.99", "79.98")
    (tmp_path / "s.txt").write_text(text, encoding="utf-8")
    run("add", tmp_path / "s.txt", book=new)
    done = run("payouts", "--check", book=new)
    assert done.returncode == 1
    assert "not_closed" in done.stdout
    assert "0.01 USD" in done.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["payouts", "--book", "/nowhere"], "no book here"),
        (["add", "/nowhere/file.csv"], "no such file"),
        (["payout", "x"], "no payouts are called 'x'"),
        (["why", "x"], "nothing in the book is called 'x'"),
        (["pack", "x"], "no payouts are called 'x'"),
        (["money", "--on", "tomorrow"], "'tomorrow' is not a day"),
        (["restore", "x"], "no payouts are called 'x'"),
        (["init"], "there is a book here already"),
        (["init", "--book", "/tmp/never-made", "--currency", "XXQ"], "unknown currency 'XXQ'"),
        (["undo", "match", "x"], "no decision on x"),
    ],
)
def test_errors_are_for_people(new: Path, words: list[str], told: str) -> None:
    done = run(*words, book=new)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.startswith("error: ")


def test_errors_in_chinese(new: Path) -> None:
    assert "错误: /nowhere: 此处没有账簿" in run("payouts", "--book", "/nowhere", lang="zh").stderr
    bad = (GOLDEN / "amazon_settlement.txt").read_text(encoding="utf-8").replace("-12.00", "twelve")
    path = new.parent / "bad.txt"
    path.write_text(bad, encoding="utf-8")
    done = run("add", path, book=new, lang="zh")
    assert done.returncode == 2
    assert "第 6 行，'amount' 列：'twelve'：不是金额" in done.stderr
    assert "尚无结算，也无银行对账单" in run("--lang", "zh", "payouts", book=new).stdout


def test_one_bad_file_does_not_stop_the_others(new: Path, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    done = run("add", tmp_path / "x.csv", GOLDEN / "camt.xml", "--json", book=new)
    assert done.returncode == 2
    told = json.loads(done.stdout)
    assert [a["name"] for a in told["added"]] == ["camt.xml"]
    assert "no source recognises this file" in told["errors"][0]["error"]
    assert told["errors"][0]["tried"]["camt"] == "not XML" and told["errors"][0]["near"] == []


def test_what_a_file_lacks_is_said_and_every_reason_when_asked(new: Path, tmp_path: Path) -> None:
    wise = GOLDEN.parent / "shipped" / "wise_statement.csv"
    (tmp_path / "w.csv").write_text(wise.read_text("utf-8").replace("Running Balance", "Closing"), encoding="utf-8")
    done = run("add", tmp_path / "w.csv", book=new)
    assert done.returncode == 2 and "Wise statement (CSV): the header 'Running Balance' is missing" in done.stderr
    assert "camt" not in done.stderr + done.stdout
    asked = run("add", tmp_path / "w.csv", "--why-not", book=new)
    assert "camt: not XML" in asked.stdout


def test_map_shows_keeps_and_uses_a_mapping(new: Path, tmp_path: Path) -> None:
    table = tmp_path / "流水.csv"
    table.write_bytes(
        "招商银行\n交易日期,借方发生额,贷方发生额,余额,对方户名,摘要\n20260305,,1000.00,1000.00,亚马逊,收款\n".encode(
            "gb18030"
        )
    )
    tried = data("map", table, "--dry-run", "--currency", "CNY", "--account", "cmb", book=new)
    assert not tried["kept"]
    assert tried["rows"]["bank"][0]["amount"] == 100_000
    assert run("add", table, book=new).returncode == 2
    kept = data("map", table, "--currency", "CNY", "--account", "cmb", book=new)
    assert Path(kept["kept"]).read_text(encoding="utf-8") == kept["mapping"]
    assert data("add", table, book=new)["added"][0]["source"] == "cmb"
    (credit,) = data("bank", book=new)["open_credits"]
    assert (credit["amount"], credit["currency"], credit["counterparty"]) == (100_000, "CNY", "亚马逊")


def test_a_word_that_no_list_has_is_said_to_map_and_kept(new: Path, tmp_path: Path) -> None:
    table = tmp_path / "m.csv"
    table.write_text(
        "Date,Description,Amount,Currency,Status,Reference\n"
        "2026-11-13,Acme,-100.00,USD,Sent,r1\n2026-11-14,Shop,250.00,USD,Sent,r2\n2026-11-16,Odd,-20.00,USD,Kaput,r3\n",
        encoding="utf-8",
    )
    said = ("map", table, "--kind", "bank", "--account", "mercury", "--yes", "out")
    refused = run(*said, book=new)
    assert refused.returncode == 2 and "--word 'WORD=done' says it" in " ".join(refused.stdout.split())
    wrong = run(*said, "--word", "Sent=finished", book=new)
    assert wrong.returncode == 2 and "done, undone, in, out, neither" in wrong.stderr
    kept = data(*said, "--word", "Sent=done", "--word", "Kaput=undone", book=new)
    assert [row["amount"] for row in kept["rows"]["bank"]] == [-10_000, 25_000] and not kept["bad"]
    assert data("add", table, book=new)["added"][0]["source"] == "mercury"


def test_tables_of_one_account_are_mapped_beside_each_other(new: Path, tmp_path: Path) -> None:
    orders, paid, more = (tmp_path / f"{name}.csv" for name in ("orders", "paid", "more"))
    orders.write_text("订单编号,下单时间,买家,金额,币种\nO-1,2026-03-01 10:00,王伟,113.00,CNY\n", encoding="utf-8")
    paid.write_text(
        "支付单号,支付时间,支付机构,付款人,支付金额,币种,订单编号\nP1,2026-03-01 10:01,支付宝,王伟,113.00,CNY,O-1\n",
        encoding="utf-8",
    )
    more.write_text("订单编号,下单时间,订单金额,币种\nO-2,2026-03-02 10:00,226.00,CNY\n", encoding="utf-8")
    named = [data("map", table, "--account", "shop", book=new)["name"] for table in (orders, paid, more)]
    assert named == ["shop", "shop-payment", "shop-order"]
    added = data("add", orders, paid, more, book=new)["added"]
    assert sorted(a["source"] for a in added) == sorted(named)
    again = run(
        "map", orders, "--account", "shop", "--date-order", "dmy", book=new
    )  # one table is not read in two ways
    assert again.returncode == 2
    assert "there is another mapping of the name shop" in again.stderr


def test_a_book_is_made_where_one_says(tmp_path: Path) -> None:
    assert run("init", tmp_path / "b", "--name", "Test").returncode == 0
    assert data("payouts", book=tmp_path / "b") == []


def test_formats_lists_every_source() -> None:
    listed = json.loads(run("formats", "--json").stdout)
    assert {f["name"] for f in listed} >= {"paypal_settlement", "amazon_settlement", "camt", "mt940", "ofx"}
    assert all(f["example"] and f["title"] for f in listed)
    proven = {f["name"]: (f["proven"], f["source"]) for f in listed}
    assert proven["boc_corporate"][0] == "sample" and proven["cmb_corporate"][0] == "documentation"
    assert proven["wise_statement"][1] and proven["camt"] == ("", [])
    shown = run("--lang", "zh", "formats").stdout
    assert "已用公开样本验证: https://" in shown and "仅依据公开文档: https://" in shown


def test_retire_and_undo(new: Path) -> None:
    run("add", GOLDEN / "amazon_settlement.txt", book=new)
    assert run("decide", "file", "amazon_settlement.txt", "--why", "draft", book=new).returncode == 0
    assert data("payouts", book=new) == []
    assert run("undo", "file", "amazon_settlement.txt", book=new).returncode == 0
    assert len(data("payouts", book=new)) == 1


def test_a_payout_with_lines_is_detailed(new: Path) -> None:
    run("add", GOLDEN / "amazon_settlement.txt", book=new)
    (payout,) = data("payouts", book=new)
    (told,) = data("restore", payout["id"], book=new)
    assert (told["verdict"], told["lines"], told["difference"]) == ("detailed", payout["lines"], 0)
    assert run("restore", payout["id"], book=new).stdout.startswith("detailed: the report gave its")


def test_a_total_without_a_rule_says_what_to_set(new: Path, tmp_path: Path) -> None:
    table = tmp_path / "payouts.csv"
    table.write_text("payout id,paid on,payout amount,currency\nP1,2026-03-05,100.00,USD\n")
    run("map", table, "--kind", "payout", "--account", "mall", book=new)
    run("add", table, book=new)
    (payout,) = data("payouts", book=new)
    assert (payout["status"], payout["account"]) == ("no_rule", "mall")
    done = run("restore", "--all", book=new)
    assert done.returncode == 2
    assert "accounts.mall.release" in done.stderr


def test_colours_are_left_out_when_asked(new: Path) -> None:
    run("add", GOLDEN / "amazon_settlement.txt", book=new)
    for env in ({"NO_COLOR": "1"}, {"NO_COLOR": "1", "FORCE_COLOR": ""}, {}):
        assert "\x1b[3" not in run("payouts", book=new, env=env).stdout


def test_a_reader_that_goes_away(sample: Path) -> None:
    words = [str(SCRIPT), "payouts", "--json", "--book", str(sample / "book")]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == "[\n"
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    process.wait()


@pytest.mark.slow
def test_demo(tmp_path: Path) -> None:
    """What it prints for people is held by README.md, whose commands run as they stand."""
    folder = tmp_path / "demo"
    told = json.loads(run("demo", folder, "--orders", 2000, "--json").stdout)
    assert told["files"]["duplicate"] == 1
    right = told["restored"]["unique"]
    assert right["right"] == right["all"] > 0
    assert run("demo", folder).returncode == 2
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "x").write_text("keep")
    assert run("demo", tmp_path / "mine", "--fresh").returncode == 2
    assert (tmp_path / "mine" / "x").exists()
    assert run("demo", folder, "--orders", 400, "--fresh").returncode == 0
    shutil.rmtree(folder)


def test_a_match_by_hand_names_its_difference(new: Path, tmp_path: Path) -> None:
    (tmp_path / "P1.txt").write_text(amazon("P1", "9308.73", [("O-1", "Principal", "9308.73")]), encoding="utf-8")
    statement = camt([("2025-11-17", "7450.00", "R1", "early"), ("2026-03-20", "7450.00", "R2", "Someone")])
    (tmp_path / "bank.xml").write_text(statement, encoding="utf-8")
    run("add", tmp_path / "P1.txt", tmp_path / "bank.xml", book=new)
    early, later = sorted(data("bank", book=new)["open_credits"], key=lambda c: c["booked_on"])
    done = run("decide", "match", "P1", early["key"], book=new)
    assert done.returncode == 2
    assert "booked on 2025-11-17, 120 days before the payout was paid on 2026-03-17" in " ".join(done.stderr.split())
    done = run("decide", "match", "P1", later["key"], book=new)
    assert done.returncode == 2
    assert "1,858.73 USD less than the payout" in done.stderr and "--yes 1858.73" in done.stderr
    assert run("decide", "match", "P1", later["key"], "--difference", "1858.72", book=new).returncode == 2
    assert run("bank", "--difference", "1858.73", book=new).returncode == 2
    assert run("decide", "match", "P1", later["key"], "--difference", "1,858.73", book=new).returncode == 0
    (payout,) = data("payouts", book=new)
    assert (payout["arrival"], payout["short"], payout["bank_credit"]["short"]) == ("differs", 185_873, 185_873)
    assert payout["bank_credit"]["against"] == ["the credit is 1,858.73 USD less than the payout"]
    assert run("payouts", "--check", book=new).returncode == 1
    for words in (["payout", "P1"], ["bank"], ["why", "P1"], ["payouts"]):
        assert "1,858.73" in run(*words, book=new).stdout, words
    assert {s["place"]: s["amount"] for s in data("money", "--on", "2026-06-30", book=new)["stages"]} == {
        "not_received": 185_873,
        "at_bank": 745_000,
    }
    assert "差额" in run("payouts", book=new, lang="zh").stdout
    again = run("decide", "match", "P1", early["key"], book=new)
    assert again.returncode == 2 and "crossbook undo match P1" in again.stderr


def test_an_empty_book_has_no_good_news(new: Path) -> None:
    assert "No payout and no bank statement yet." in run("bank", book=new).stdout
    assert "尚无结算，也无银行对账单。" in run("bank", book=new, lang="zh").stdout


def test_map_says_how_to_add_a_file_of_which_rows_were_left_unread(new: Path, tmp_path: Path) -> None:
    """Rows that a person agreed to leave unread are left so by `add` with --partial: `map` says it."""
    table = tmp_path / "ledger.csv"
    rows = "2026-01-05,收入,7200.00,CNY\n2026-01-06,支出,1200.50,CNY\n2026-01-07,不计收支,300.00,CNY\n"
    table.write_text(f"交易时间,收/支,金额,币种\n{rows}", encoding="utf-8")
    asked = run("map", table, "--account", "alipay", book=new)
    assert "--yes 1" in asked.stderr
    done = run("map", table, "--account", "alipay", "--yes", "1", book=new)
    assert done.stdout.rstrip().endswith("--partial")
    assert "2 bank" in run("add", table, "--partial", book=new).stdout
