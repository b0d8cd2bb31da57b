"""A tiny sample fleet, made once in a run: three sellers of thirty orders with what is planted, in a fleet."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.demo.fleet import make, make_books
from crossbook.fleet.listing import Fleet, add_books, init_fleet, open_fleet
from crossbook.fleet.running import run_fleet
from tests.sharing import copied, made_once


@pytest.fixture(scope="session")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds inbox, truth, books and the fleet, worked by the local runner. To read; change a copy."""
    return made_once(tmp_path_factory, "fleet", _make)


def _make(folder: Path) -> None:
    books = make_books(folder, make(folder, books=3, orders=30))
    fleet, _ = add_books(init_fleet(folder / "fleet", "Sample fleet"), books)
    assert run_fleet(fleet).counts() == {"done": 3, "same": 0, "failed": 0}


@pytest.fixture
def mine(worked: Path, tmp_path: Path) -> Fleet:
    """A copy of the fleet with its books, to be changed: the paths in its list lead to the copies."""
    copied(worked, tmp_path / "copy")
    (tmp_path / "copy" / "fleet" / "fleet.toml").unlink()
    fleet, _ = add_books(init_fleet(tmp_path / "copy" / "fleet"), [tmp_path / "copy" / "books"])
    return open_fleet(fleet.path)
