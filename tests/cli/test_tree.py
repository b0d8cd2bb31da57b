"""The tree of commands: what is in it, help that is whole, options that every command has, values that are refused."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from crossbook.cli.tree import PARTS, tree
from crossbook.decisions import kinds
from tests.cli.running import SCRIPT, run
from tests.conftest import GOLDEN

DECISIONS = (
    "match explanation fact finding hit file approval return case about event limit closing notice step reading entry "
    "intake outcome remark figure narrative"
)
TREE = {
    "": "init add map formats payouts payout restore money bank pack why decide undo decisions web demo book trade "
    "customs duty market watch exchange fleet tax marks cases",
    "decide": DECISIONS,
    "undo": DECISIONS,
    "book": "alias backup check compact rebuild recover repair retire stamp upgrade user",
    "book user": "add key remove list",
    "trade": "verify show papers identify screen",
    "customs": "status send consign arrive bills depart summarise cancel mailbox codes broker",
    "duty": "landed advantage refunds claims find show diff add coverage",
    "market": "rank show what-if",
    "watch": "run alerts show chain backtest rules queue case report statistics",
    "exchange": "key sign adopt start answer serve talk mail sessions cases ledger forget demo case request count"
    " lookup flag",
    "exchange case": "open say attach show close",
    "fleet": "init add status work findings find web",
    "exchange request": "ask answer list",
    "exchange count": "ask list",
    "exchange lookup": "ask show",
    "exchange flag": "ask provide alert answer withdraw list",
    "tax": "return thresholds calendar identities",
    "marks": "add search screen clear plan",
    "cases": "new list show event deadlines calendar close procedures compare replay takedown",
    "cases takedown": "new step show list letter log",
}
ROOT: Any = typer.main.get_command(tree())


def walk(command: Any = ROOT, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group below, with the words that call it."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from walk(below, (*path, name))


EVERY = dict(walk())
LEAVES = {path: c for path, c in EVERY.items() if not hasattr(c, "commands")}


def test_each_file_of_commands_adds_what_it_is_asked_for() -> None:
    """So that a command is found without the others: the whole tree has what the table of parts names, no more; and
    a tree of one has it alone, with all that is below."""
    assert set(ROOT.commands) == {name for names in PARTS.values() for name in names}
    for name, whole in ROOT.commands.items():
        (alone,) = typer.main.get_command(tree(name)).commands.values()  # type: ignore[attr-defined]
        assert [p for p, _ in walk(alone)] == [p for p, _ in walk(whole)], name


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_what_is_not_said_may_be_so(path: tuple[str, ...]) -> None:
    """The value that an option has unsaid is one that it takes: else the command fails for whoever does not say it."""
    for option in LEAVES[path].params:
        if isinstance(option.default, int | float) and not option.is_flag:
            least, most = getattr(option, "min", None), getattr(option, "max", None)
            assert least is None or option.default >= least, option.name
            assert most is None or option.default <= most, option.name


def test_the_tree_is_what_it_is_said_to_be() -> None:
    found = {" ".join(path): set(c.commands) for path, c in EVERY.items() if hasattr(c, "commands")}
    assert found == {path: set(words.split()) for path, words in TREE.items()}


EVERYWHERE = {"book", "why", "yes", "look", "as_user", "key", "json", "lang"}


def test_every_kind_of_decision_has_both_commands_which_ask_what_it_asks() -> None:
    for name, kind in kinds().items():
        for word, asked in (("decide", kind.asked), ("undo", kind.keys)):
            told = {p.name.rstrip("_") for p in EVERY[word, name].params} - EVERYWHERE
            assert told == {a.name for a in asked}, (word, name)
            needed = {p.name.rstrip("_") for p in EVERY[word, name].params if p.required}
            assert needed == {a.name for a in asked if a.needed}, (word, name)
    assert len(kinds()) == len(TREE["decide"].split())


def squashed(text: str) -> str:
    return re.sub(r"[\s│]", "", text)


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_help_is_whole_at_eighty_columns(path: tuple[str, ...]) -> None:
    done = CliRunner().invoke(
        tree(*path[:1]), [*path, "--help"], env={"COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"}
    )
    assert done.exit_code == 0
    assert "…" not in done.output
    lines = done.output.splitlines()
    command = EVERY[path]
    assert squashed(command.help) in squashed(done.output)
    for below in getattr(command, "commands", {}).values():
        text = squashed(below.help.split("\n\n")[0])
        assert text and text in squashed(done.output)
    for param in command.params:
        text = squashed(param.help)
        assert text, param.name
        called = param.opts[0] if param.opts[0].startswith("-") else param.display_name_raw
        start = next(i for i, line in enumerate(lines) if re.match(rf"│ [* ]? *{re.escape(called)}(\.\.\.)?\s", line))
        column = lines[start].index(param.help.split()[0])
        row = [lines[start][column:]]
        for line in lines[start + 1 :]:
            if not line.startswith("│ ") or re.match(r"│ [* ]? *(--|\w)", line[:8]):
                break
            row.append(line[column:])
        assert text in squashed("".join(row)), (called, row)


def test_panels_at_the_top() -> None:
    shown = run("--help").stdout
    for panel in ("A book and its files", "Payouts and the bank", "Decisions", "Faces", "Groups"):
        assert f"─ {panel}" in shown


@pytest.mark.parametrize("path", [p for p in LEAVES if p[-1] not in ("web", "serve")], ids=" ".join)
def test_every_command_writes_json(path: tuple[str, ...]) -> None:
    assert "--json" in {o for p in LEAVES[path].params for o in p.opts}


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_command_takes_a_language(path: tuple[str, ...]) -> None:
    assert "--lang" in {o for p in EVERY[path].params for o in p.opts}


def test_the_language_may_stand_anywhere(tmp_path: Path) -> None:
    words = ["book", "check", "--book", str(tmp_path)]
    for place in range(len(words) + 1):
        if place == 3:
            continue  # between --book and its value
        done = run(*words[:place], "--lang", "zh", *words[place:])
        assert (done.returncode, done.stderr.split(":")[0]) == (2, "错误"), place
    assert "此处没有账簿" in run("book", "check", "--book", tmp_path, lang="zh").stderr
    assert "no book here" in run("--lang", "zh", "book", "check", "--lang", "en", "--book", tmp_path).stderr
    for words in (["--lang", "fr", "formats"], ["formats", "--lang", "fr"]):
        done = run(*words)
        assert done.returncode == 2 and "use en or zh" in done.stderr


DAYS = [(path, o) for path, c in LEAVES.items() for p in c.params if p.metavar == "DAY" for o in p.opts if o[0] == "-"]


def test_days_are_known() -> None:
    """Every option that is a day by its name is one by its type."""
    assert len(DAYS) >= 20
    named = {
        (path, o) for path, c in LEAVES.items() for p in c.params for o in p.opts if o in ("--on", "--from", "--day")
    }
    assert named <= set(DAYS)


@pytest.mark.parametrize(("path", "option"), DAYS, ids=lambda x: x if isinstance(x, str) else " ".join(x))
def test_a_day_is_checked_before_work_begins(path: tuple[str, ...], option: str) -> None:
    """There is no book: that would be said next."""
    for bad in ("soon", "2026-02-30", "30/06/2026"):
        done = CliRunner().invoke(
            tree(*path[:1]), [*path, option, bad, *(["--book", "/nowhere"] if _has(path, "--book") else [])]
        )
        assert type(done.exception).__name__ == "CrossbookError", done.output
        assert str(done.exception).startswith(f"{bad!r} is not a day")
    for bad in ("9999-12-31", "2200-01-01", "1969-12-31"):
        done = CliRunner().invoke(
            tree(*path[:1]), [*path, option, bad, *(["--book", "/nowhere"] if _has(path, "--book") else [])]
        )
        assert type(done.exception).__name__ == "CrossbookError", done.output
        assert str(done.exception).startswith(f"{bad} is out of range") and "1970-01-01 to 2199-12-31" in str(
            done.exception
        )


def _has(path: tuple[str, ...], option: str) -> bool:
    return option in {o for p in EVERY[path].params for o in p.opts}


def test_spans_and_periods_are_checked_before_work_begins() -> None:
    for words in (
        ("customs", "send", "--from", "2026-06-02", "--to", "2026-06-01"),
        ("customs", "status", "--from", "2026-06-02", "--to", "2026-06-01"),
        ("duty", "advantage", "--from", "2026-06-02", "--on", "2026-06-01"),
    ):
        done = run(*words, "--book", "/nowhere")
        assert done.returncode == 2 and "it ends before it begins" in done.stderr
    done = run("tax", "return", "ioss", "2026-13", "--book", "/nowhere")
    assert done.returncode == 2 and "is no period" in done.stderr
    done = run("cases", "event", "x", "served=2026-13-01", "--book", "/nowhere")
    assert done.returncode == 2 and "is not a day" in done.stderr
    done = run("cases", "event", "x", "served=9999-12-31", "--book", "/nowhere")
    assert done.returncode == 2 and "9999-12-31 is out of range" in done.stderr


CHOICES = [
    ("payouts --status", "not_closed"),
    ("trade verify --verdict", "contradicted"),
    ("trade verify --for", "payment-institution"),
    ("trade verify --rule", "payer_not_buyer"),
    ("trade papers --kind", "cn23"),
    ("trade identify --kind", "uscc"),
    ("customs send --message", "505"),
    ("customs consign --message", "701"),
    ("customs codes", "transport"),
    ("customs broker --mode", "courier"),
    ("duty landed --mode", "courier"),
    ("tax return", "uk_vat"),
    ("marks screen --level", "look"),
    ("marks plan --route", "madrid"),
    ("marks add --source", "st66"),
    ("add --source", "camt"),
    ("map --kind", "payout"),
    ("cases new --procedure", "us_suit"),
    ("cases new --right", "patent"),
    ("cases event --right", "patent"),
    ("cases takedown new --regime", "us_dmca"),
    ("cases takedown new --side", "seller"),
    ("book user add --role", "preparer"),
    ("decisions --kind", "explanation"),
]


@pytest.mark.parametrize(("words", "known"), CHOICES, ids=lambda x: x.replace(" ", "_"))
def test_an_unknown_value_is_refused_and_the_known_ones_named(words: str, known: str) -> None:
    done = CliRunner().invoke(tree(words.partition(" ")[0]), [*words.split(), "nonsense"])
    assert type(done.exception).__name__ == "ParameterError", done.output
    assert "'nonsense'" in str(done.exception) and known in str(done.exception).split("use one of")[1]


def test_a_negative_number_is_a_value_and_no_option() -> None:
    done = run("decide", "figure", "fan_in", "parties", "-8", "--book", "/nowhere")
    assert done.returncode == 2 and "no book here" in done.stderr
    done = run("cases", "calendar", "-8")  # which takes no value
    assert done.returncode == 2 and "unexpected" in done.stderr
    done = run("decide", "figure", "fan_in", "parties", "-x")
    assert done.returncode == 2 and "No such option" in done.stderr


def test_unknown_steps_and_letters_of_a_notice_are_refused() -> None:
    for command, known in (("step", "taken_down"), ("letter", "counter_notice")):
        done = run("cases", "takedown", command, "n1", "nonsense", "--book", "/nowhere")
        assert done.returncode == 2 and known in done.stderr


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with one settlement report of Amazon."""
    book = tmp_path_factory.mktemp("small") / "b"
    assert run("init", "--book", book, "--name", "Test").returncode == 0
    assert run("add", GOLDEN / "amazon_settlement.txt", GOLDEN / "amazon_orders.txt", book=book).returncode == 0
    return book


@pytest.mark.parametrize(
    "words",
    [
        ("payouts",),
        ("trade", "verify"),
        ("cases", "new", "c1", "--procedure", "us_suit", "--event", "served=2026-01-26"),
    ],
)
def test_an_unknown_account_is_refused_and_the_known_ones_named(small: Path, words: tuple[str, ...]) -> None:
    done = run(*words, "--account", "amazn", book=small)
    assert done.returncode == 2 and "'amazn'" in done.stderr and "amazon" in done.stderr
    assert "cases" not in words or "[]" in run("cases", "list", "--json", book=small).stdout


def completed(words: str, **env: str) -> list[str]:
    """What the shell is offered for the last word."""
    told = words.split(" ")
    asked = {"_CROSSBOOK_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(told) - 1)}
    done = subprocess.run([SCRIPT], capture_output=True, text=True, env={**os.environ, **asked, **env}, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout.split()


def test_commands_options_and_values_complete(small: Path) -> None:
    assert completed("crossbook pay") == ["payouts", "payout"]
    assert set(completed("crossbook cases takedown ")) == set(TREE["cases takedown"].split())
    assert completed("crossbook payouts --st") == ["--status"]
    assert "not_closed" in completed("crossbook payouts --status ")
    assert completed("crossbook payouts --status not") == ["not_closed"]
    assert set(completed("crossbook trade verify --verdict ")) == {
        "verified",
        "incomplete",
        "contradicted",
        "suspicious",
    }
    assert completed("crossbook payouts --lang ") == ["en", "zh"]
    assert completed("crossbook tax return cn_r") == ["cn_refund"]
    assert completed("crossbook payouts --account am", CROSSBOOK_BOOK=str(small)) == ["amazon"]
    assert completed(f"crossbook trade verify --book {small} --account ") == ["amazon"]
    assert completed("crossbook payouts --book /nowhere --account ") == []


def test_completion_is_installed(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    shown = run("--show-completion", "bash", env=env)
    assert shown.returncode == 0 and "_CROSSBOOK_COMPLETE" in shown.stdout
    assert run("--install-completion", "bash", env=env).returncode == 0
    written = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert any("_CROSSBOOK_COMPLETE" in p.read_text(encoding="utf-8") for p in written)
