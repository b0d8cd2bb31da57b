"""Hubs and own accounts of book.toml that no transfer is of: named, and those that are used are not."""

from __future__ import annotations

import json
from pathlib import Path

from crossbook.engine import connect
from crossbook.watch.reading import summary
from tests.cli.running import run
from tests.watch.test_own_money import OURS, add_statements, entry, statement
from tests.watch.writing import transfer, watched

ROWS = [
    transfer("T1", "2026-03-02", "A", "HUB-1", "100.00"),
    transfer("T2", "2026-03-03", "6222 0000 1111", "B", "100.00"),
]


def unused(folder: Path, settings: str) -> list[tuple[str, str]]:
    found = summary(connect(watched(folder, ROWS, settings=settings))).unused
    return [(one["what"], one["name"]) for one in found]


def test_a_hub_that_no_transfer_is_of_is_named(tmp_path: Path) -> None:
    settings = '[watch]\nhubs = ["HUB-1", "HUB-l", "6222-0000-1111", "62220000 1111"]\n'
    assert unused(tmp_path, settings) == [("hub", "6222-0000-1111"), ("hub", "HUB-l")]


def test_an_own_account_that_no_transfer_is_of_is_named(tmp_path: Path) -> None:
    """A shop has no number and no transfers; a number may stand within an IBAN, or go by another name."""
    settings = (
        '[accounts.CMB]\nnumber = "6222000011112"\n[accounts.ICBC]\nnumber = "622200001111"\n'
        '[accounts.shop]\ntotal_is = "goods"\n[accounts.DB]\nnumber = "0000202051"\n'
        '[accounts.B]\nnumber = "777777"\n'
    )
    book = watched(tmp_path, ROWS, settings=settings)
    add_statements(book, "a.xml", statement(entry("2026-03-03", "-990.00")))
    assert OURS.endswith("0000202051")
    assert summary(connect(book)).unused == [{"what": "own account", "name": "CMB"}]


def test_a_book_that_names_none_or_watches_not_its_own_money_says_nothing(tmp_path: Path) -> None:
    assert unused(tmp_path / "a", "") == []
    assert unused(tmp_path / "b", '[watch]\nown_money = false\n[accounts.CMB]\nnumber = "6222000011112"\n') == []


def test_the_command_says_it_and_a_mended_name_takes_it_away(tmp_path: Path) -> None:
    book = watched(tmp_path, ROWS, settings='[watch]\nhubs = ["HUB-2"]\n')
    where = ["watch", "run", "--book", str(book.path)]
    assert "no transfer is of the hub HUB-2" in " ".join(run(*where).stdout.split())
    assert json.loads(run(*where, "--json").stdout)["unused"] == [{"what": "hub", "name": "HUB-2"}]
    toml = book.path / "book.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("HUB-2", "HUB-1"), encoding="utf-8")
    assert json.loads(run(*where, "--json").stdout)["unused"] == []
