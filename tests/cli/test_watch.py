"""The group watch on a book of a payment institution with planted patterns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crossbook.book import open_book
from crossbook.book.accounts import put_user
from tests.cli.running import data, run
from tests.watch.test_rules import ACCOUNTS, planted
from tests.watch.writing import transfer, watched


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        *planted(),
        transfer("EUR", "2026-03-03", "A", "B", "5.00", "EUR"),
        transfer("NEG", "2026-03-03", "A", "B", "-5"),
    ]
    return watched(tmp_path_factory.mktemp("watch"), rows, ACCOUNTS).path


def test_a_run_says_what_was_held_and_what_was_not(book: Path) -> None:
    done = run("watch", "run", book=book)
    assert done.returncode == 1
    assert "155 transfers, 2025-08-24 to 2026-05-11" in done.stdout
    assert "1 set aside: negative amount" in done.stdout
    assert "1 in a currency without a rate" in done.stdout
    told = json.loads(run("watch", "run", "--json", book=book).stdout)
    assert told["aside"] == {"negative amount": 1}
    assert {r["rule"]: r["alerts"] for r in told["rules"]}["fan_in"] == 1
    (limits,) = (r for r in told["rules"] if r["rule"] == "structuring")
    assert (limits["alerts"], limits["certain"]) == (1, 1)
    assert told["alerts"] == sum(r["alerts"] for r in told["rules"])


def test_a_book_without_transfers_says_so_and_not_that_nothing_is_called(tmp_path: Path) -> None:
    empty = watched(tmp_path, ()).path
    for command in ("run", "alerts", "queue", "statistics"):
        assert "no transfers yet" in run("watch", command, book=empty).stdout, command
    for command in ("alerts", "queue"):
        done = run("watch", command, "--json", book=empty)
        assert (done.stdout.strip(), done.stderr.strip()) == ("[]", "no transfers yet: crossbook add their files")
    assert "还没有交易" in run("watch", "alerts", "--json", book=empty, lang="zh").stderr
    assert json.loads(run("watch", "run", "--json", book=empty).stdout)["transfers"] == 0
    counted = run("watch", "statistics", "--json", book=empty)
    assert json.loads(counted.stdout)[0]["alerts"] == 0 and "no transfers yet" in counted.stderr
    tried = run("watch", "backtest", "fan_in", "--from", "2026-03-01", "--to", "2026-03-31", book=empty).stdout
    assert tried.strip() == "no transfer of the book lies in these days"


def test_that_a_rule_did_not_run_is_said_where_nothing_is_called(book: Path) -> None:
    """The book has no list of names: that nobody is called by `listed` shows nothing."""
    told = "did not run: listed; crossbook watch run says why"
    done = run("watch", "alerts", "--rule", "listed", "--json", book=book)
    assert (done.stdout.strip(), done.stderr.strip()) == ("[]", told)
    shown = run("watch", "alerts", "--rule", "listed", book=book).stdout
    assert "no alerts" in shown and told in shown
    assert run("watch", "alerts", "--rule", "fan_in", "--json", book=book).stderr == ""


def test_four_eyes_each_step_says_the_next_and_its_number(tmp_path: Path) -> None:
    """What a first officer decides says which entry another approves; who decides without a name is told that nobody
    can approve it."""
    path = watched(tmp_path, planted(), ACCOUNTS).path
    for name, role in (("chen", "preparer"), ("wang", "approver")):
        put_user(open_book(path), name, role, f"four words of {name}")
    case = next(c["id"] for c in data("watch", "queue", book=path) if "chain" in c["rules"])

    def told(*words: str, who: str) -> dict[str, Any]:
        proof = {"CROSSBOOK_PASSWORD": f"four words of {who}"}
        done = run("decide", *words, "--as", who, "--json", book=path, env=proof)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    nameless = run("decide", "outcome", case, "to_report", "--why", "no contract", book=path)
    assert "nobody can give it" in nameless.stdout
    assert run("undo", "outcome", case, "--why", "nameless", book=path).returncode == 0
    to_report = told("outcome", case, "to_report", "--why", "no contract", who="chen")
    seq = to_report["entry"]["seq"]
    assert to_report["next"] == {
        "text": f"entry {seq} needs another's approval",
        "command": f"crossbook decide approval {seq} --as NAME",
    }
    early = run("decide", "outcome", case, "reported", "--why", "sent", book=path)
    assert early.returncode == 2 and f"crossbook decide approval {seq}" in early.stderr
    assert told("approval", str(seq), who="wang")["next"] is None
    assert told("outcome", case, "reported", "--why", "sent", who="chen")["next"] is not None


def test_an_alert_is_followed_to_its_lines_and_its_chain(tmp_path: Path) -> None:
    rows = [r for r in planted() if "CHAIN" in r]
    path = watched(tmp_path, rows).path
    (called,) = data("watch", "alerts", "--rule", "chain", book=path)
    assert (called["subject"], called["transfers"], called["amount"]) == ("CHAIN5", 5, 7684768)
    shown = run("watch", "show", called["alert"], book=path)
    assert "transfers.csv:6" in shown.stdout and "honest forwarder" in shown.stdout
    last = data("watch", "show", called["alert"], book=path)["because"][-1]
    chain = data("watch", "chain", last["transfer_id"], book=path)
    assert [row["depth"] for row in chain] == [1, 2, 3, 4, 5]
    assert [row["amounts"] for row in chain] == [None, [7920000], [7840800], [7762392], [7684768]]
    assert "资金经多手流转" in run("watch", "show", called["alert"], book=path, lang="zh").stdout


def test_a_backtest_and_the_rules(book: Path) -> None:
    told = data(
        "watch", "backtest", "fan_in", "--from", "2026-03-01", "--to", "2026-03-31", "--set", "parties=9", book=book
    )
    assert (len(told["now"]["alerts"]), len(told["tried"]["alerts"])) == (1, 2)
    words = ("watch", "backtest", "fan_in", "--from", "2026-03-01", "--to", "2026-03-31", "--set", "parties=9")
    assert "1 of 2; --limit 0 for all" in run(*words, "--limit", "1", book=book).stdout  # of those tried
    assert "--limit 0" not in run(*words, book=book).stdout
    listed = data("watch", "rules", book=book)
    assert {limit["law"] for limit in listed["limits"]} == {"CN"}
    assert next(r for r in listed["rules"] if r["rule"] == "fan_in")["figures"] == {"parties": 10, "days": 7}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "nothing"), "no alert 'nothing'"),
        (("chain", "nothing"), "no transfer 'nothing'"),
        (("alerts", "--rule", "fans"), "no rule 'fans'"),
        (("alerts", "--subject", "nobody"), "no party or account 'nobody'"),
        (("queue", "--institution", "nobody"), "institution cannot be 'nobody'"),
        (("queue", "--rule", "fans"), "use one of large_value"),
        (("backtest", "fan_in", "--from", "2026-03-01", "--to", "2026-03-31", "--set", "parties"), "not a figure"),
        (
            ("backtest", "fan_in", "--from", "2026-03-01", "--to", "2026-03-31", "--set", "parties=-8"),
            "parties must be a whole number from 1 to 1000000000000000",
        ),
        (("backtest", "fan_in", "--from", "2026-03-31", "--to", "2026-03-01"), "ends before it begins"),
    ],
)
def test_what_cannot_be_is_an_error_with_a_way_out(book: Path, words: tuple[str, ...], said: str) -> None:
    done = run("watch", *words, book=book)
    assert done.returncode == 2 and said in done.stderr and "→" in done.stderr


def test_nothing_to_take_in_is_no_error_for_a_job_that_asks_every_day(tmp_path: Path) -> None:
    kept = watched(tmp_path, planted(), ACCOUNTS).path
    assert "journalled" in run("decide", "intake", book=kept).stdout
    again = run("decide", "intake", book=kept)
    assert (again.returncode, again.stdout.strip()) == (0, "there is nothing new to take in")
    assert json.loads(run("decide", "intake", "--json", book=kept).stdout)["entry"] is None
    refused = run("decide", "figure", "structuring", "days", "-8", "--why", "x", book=kept)
    assert refused.returncode == 2 and "a whole number from 1" in refused.stderr
