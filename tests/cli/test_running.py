"""A command in a forked process says and returns what the same command says and returns in one started from nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import run


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("words", [("--help",), ("formats",), ("payouts",), ("payouts", "--nonsense"), ("payout", "x")])
def test_it_is_the_same(words: tuple[str, ...], lang: str, sample: Path) -> None:
    forked, started = (run(*words, book=sample / "book", lang=lang, env=env) for env in (None, {}))
    assert (forked.returncode, forked.stdout, forked.stderr) == (started.returncode, started.stdout, started.stderr)


def test_each_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the folder nor the environment of a command before it is left."""
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    assert run("init", "--book", "b").returncode == 0
    assert (tmp_path / "mine" / "b" / "book.toml").exists()
    assert run("payouts", book=tmp_path / "mine" / "b").returncode == 0
    assert run("payouts").returncode == 2
