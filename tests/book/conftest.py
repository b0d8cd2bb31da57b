"""Books with the catalog of either kind: a SQLite file, or a database on a server that the tests start."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crossbook.book import Book, init_book
from tests.book.server import Server, binaries, start, stop


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server, one to a worker."""
    programs = binaries()
    if programs is None:
        if os.environ.get("CROSSBOOK_TEST_SERVICES"):  # who asked for these tests must not take none for a pass
            pytest.fail("no PostgreSQL server is installed: apt-get install postgresql, or `make services`")
        pytest.skip("no PostgreSQL server is installed: apt-get install postgresql, or `make services`")
    made = start(programs)
    yield made
    stop(made)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def catalog_url(request: pytest.FixtureRequest) -> str:
    """Where to keep the catalog of a new book: "" is a SQLite file in its folder."""
    if request.param == "sqlite":
        return ""
    server: Server = request.getfixturevalue("server")
    return server.url(server.database())


@pytest.fixture
def either(tmp_path: Path, catalog_url: str) -> Book:
    """A new, empty book, with the catalog of either kind."""
    return init_book(tmp_path / "either", "样本公司 Sample Ltd", "CNY", catalog_url)
