"""The group exchange: two sides, each by its own commands, hand each other files until both know the chains."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from crossbook.book import durable, init_book
from crossbook.cli.exchange_options import put
from crossbook.cli.exchange_reading import _not_whole
from crossbook.cli.tree import tree
from crossbook.errors import CrossbookError
from crossbook.exchange import retention
from tests.cli.running import data, run
from tests.exchange.making import COUNTRIES, book_of, text_of, transfers


def card(folder: Path, side: str) -> str:
    done = run(
        *("exchange", "key", folder / f"{side}.key", "--name", f"{side} authority", "--country", side.lower()),
        *("--contact", f"desk@{side}.example"),
    )
    assert done.returncode == 0
    return done.stdout


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both books, keys made by the command, and the agreement that both adopted."""
    folder = tmp_path_factory.mktemp("desks")
    cards = {side: card(folder, side) for side in COUNTRIES}
    told = text_of({}) + "".join(
        f'{text}\n[[basis]]\nparty = "{side} authority"\nlaw = "a law"\nsource = "its page"\n'
        for side, text in cards.items()
    )
    (folder / "agreement.toml").write_text(told, encoding="utf-8")
    signed = [
        run("exchange", "sign", folder / "agreement.toml", "--key", folder / f"{side}.key").stdout.strip()
        for side in COUNTRIES
    ]
    paid = transfers(7, 300, 3)
    for side in COUNTRIES:
        book = book_of(folder, side, paid)
        done = run("exchange", "adopt", folder / "agreement.toml", *signed, book=book.path)
        assert "Pilot (CN authority · US authority)" in done.stdout
    return folder


def test_a_session_from_the_first_message_to_its_cases(desks: Path) -> None:
    sha = hashlib.sha256((desks / "agreement.toml").read_bytes()).hexdigest()[:12]
    keys = {side: ("--key", desks / f"{side}.key", "--out", desks / "mail") for side in COUNTRIES}
    window = ("--since", "2026-03-01", "--until", "2026-04-15")
    told = data("exchange", "start", sha, *window, *keys["CN"], book=desks / "CN")
    begun = run("exchange", "cases", told["session"], book=desks / "CN")
    assert "no chain" not in begun.stdout, "nothing is known yet, which is no good news"
    assert "has not ended, it stands at: meeting" in begun.stderr
    turn = 1
    while told["message"]:
        side = COUNTRIES[turn % 2]
        told = data("exchange", "answer", told["message"], *keys[side], book=desks / side)
        turn += 1
    for side in COUNTRIES:
        (stands,) = data("exchange", "sessions", book=desks / side)
        assert stands["phase"] == "ended"
        cases = data("exchange", "cases", stands["session"][:6], book=desks / side)
        assert len(cases) == stands["cases"] >= 2
        ended = run("exchange", "cases", stands["session"], book=desks / side)
        shown = ended.stdout
        assert ended.stderr == "", "all met, none was left out"
        assert f"desk@{COUNTRIES[side == 'CN']}.example" in shown
        known = run("exchange", "ledger", stands["session"], book=desks / side).stdout
        assert "fresh money at depth" in known
        sent = data("exchange", "ledger", book=desks / side)
        assert sent[-1]["transfers"] == stands["told"]
        assert "对方签收" in run("exchange", "ledger", book=desks / side, lang="zh").stdout
        assert run("book", "check", book=desks / side).returncode == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["answer", "nothing.message"], "there is no such file or folder"),
        (["start", "0123456789ab", "--since", "2026-03-01", "--until", "2026-03-02"], "is not adopted here"),
        (["start", "0123456789ab", "--since", "2026-03-02", "--until", "2026-03-01"], "ends before it begins"),
    ],
)
def test_what_cannot_be_is_said(desks: Path, words: list[str], told: str) -> None:
    done = run("exchange", *words, "--key", desks / "CN.key", book=desks / "CN")
    assert done.returncode == 2
    assert told in done.stderr
    assert "→" in done.stderr


def test_letters_of_a_book_with_no_agreement_or_two_ask_for_its_number(desks: Path, tmp_path: Path) -> None:
    init_book(tmp_path / "CN", "CN", "USD")
    keys = ("--key", desks / "CN.key", "--out", tmp_path / "mail")
    done = run("exchange", "mail", *keys, book=tmp_path / "CN")
    assert (done.returncode, "0 agreements are adopted here" in done.stderr) == (2, True)
    told = (desks / "agreement.toml").read_text(encoding="utf-8")
    shas = set()
    for name in ("Pilot", "Another"):
        path = tmp_path / f"{name}.toml"
        path.write_text(told.replace('"Pilot"', f'"{name}"'), encoding="utf-8")
        signed = [run("exchange", "sign", path, "--key", desks / f"{s}.key").stdout.strip() for s in COUNTRIES]
        shas.add(data("exchange", "adopt", path, *signed, book=tmp_path / "CN")["agreement"])
    done = run("exchange", "mail", *keys, book=tmp_path / "CN")
    assert (done.returncode, "2 agreements are adopted here" in done.stderr) == (2, True)
    assert all(sha in done.stderr for sha in shas)
    assert data("exchange", "mail", min(shas), *keys, book=tmp_path / "CN") == {"messages": []}


def test_a_session_that_there_is_not(desks: Path) -> None:
    done = run("exchange", "cases", "ffff", book=desks / "CN")
    assert (done.returncode, "no session 'ffff'" in done.stderr) == (2, True)


def test_the_demo_finds_together_what_neither_side_sees(tmp_path: Path) -> None:
    done = run("exchange", "demo", tmp_path / "demo", "--transfers", "2000", "--seed", "3", "--json")
    told = json.loads(done.stdout)
    for side in told.values():
        assert side["found"] == side["planted"] == 4
        assert side["alone"] < side["together"]
        assert side["told"] / side["transfers"] <= 0.05


@pytest.mark.parametrize(
    ("lacks", "told"),
    [
        ({}, ""),
        ({"met": 0}, "only 0 of 33 transfers that cross met"),
        ({"phase": "marks of cases"}, "stands at: marks of cases"),
        ({"left_out": {"rate": 4}}, "4 in a currency without a rate"),
    ],
)
def test_why_cases_may_be_too_few_is_said(lacks: dict[str, Any], told: str) -> None:
    stands = {"phase": "ended", "met": 33, "border": 33, "left_out": {}}
    assert told in "".join(_not_whole({**stands, **lacks}))
    assert bool(_not_whole({**stands, **lacks})) == bool(told)


COMMANDS = {
    "case open": ["0" * 16, "1"],
    "case say": ["0-1", "words"],
    "case close": ["0-1", "--why", "over"],
    "request ask": ["0" * 12, "kind", "words"],
    "request answer": ["request-00000000", "words", "--outcome", "nothing found"],
    "count ask": ["0" * 12, "payments", "--since", "2026-01", "--until", "2026-01"],
    "lookup ask": ["0" * 12, "--account", "621", "--why", "x"],
    "flag ask": ["0" * 12, "case"],
    "flag provide": ["0" * 12, "case"],
    "flag alert": ["0" * 12, "case"],
    "flag answer": ["flag-00000000"],
    "flag withdraw": ["flag-00000000"],
    "mail": ["--out", "mail"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_what_tells_forgets_first(desks: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is past its retention is neither told nor read for what is told."""

    class ForgottenError(Exception):
        pass

    def forget(book: object) -> None:
        raise ForgottenError

    def tried(*more: str) -> BaseException | None:
        words = ["exchange", *command.split(), *COMMANDS[command], "--key", str(desks / "CN.key"), *more]
        return CliRunner().invoke(tree("exchange"), [*words, "--book", str(desks / "CN")]).exception

    monkeypatch.setattr(retention, "forget", forget)
    assert isinstance(tried(), ForgottenError)
    if command.startswith("flag") and command != "flag withdraw":
        assert not isinstance(tried("--preview"), ForgottenError), "what only shows changes nothing"


def test_a_message_to_hand_over_is_whole_or_not_there(
    desks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that is killed while it writes leaves neither half of one nor spoils one that was there."""
    first, second = tmp_path / "1", tmp_path / "2"
    first.write_bytes(b"a message")
    second.write_bytes(b"another")
    target = put(first, tmp_path / "mail", "x.message")

    def stopped(path: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(durable, "move", stopped)
    with pytest.raises(CrossbookError):
        put(second, tmp_path / "mail", "x.message")
    assert target.read_bytes() == b"a message"
    assert list((tmp_path / "mail").glob("*.message")) == [target]
