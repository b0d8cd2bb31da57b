"""Shared fixtures: an empty book, and the sample business in a book, made once in a run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples

from crossbook.book import Book, init_book, open_book
from crossbook.book.adding import Added, add
from crossbook.book.opening import inputs
from crossbook.cli.demo_institution import add_all
from crossbook.demo import make, platform, settings_for
from crossbook.demo.business import sales
from crossbook.demo.institution import make as make_institution
from crossbook.demo.institution import settings_for as institution_settings
from crossbook.engine import connect
from crossbook.errors import CrossbookError
from crossbook.settle import settle
from tests.sharing import made_once

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# no test depends on speed: neither an example nor drawing it has a limit of time
examples.register_profile("crossbook", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("crossbook")

GOLDEN = Path(__file__).parent / "sources" / "golden"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """A new, empty book."""
    return init_book(tmp_path / "book", "Test business", "CNY")


@pytest.fixture
def add_text(book: Book, tmp_path: Path) -> Callable[..., Added]:
    """Adds a file with this text to the book."""

    def put(name: str, text: str | bytes, **options: object) -> Added:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        (item,) = inputs([path])
        return add(book, item, **options)  # type: ignore[arg-type]

    return put


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample business with 3,000 orders: the folder that holds inbox, truth and book. To read; change a copy."""
    return made_once(tmp_path_factory, "sample", _sample)


def _sample(folder: Path) -> None:
    made = make(folder, orders=3_000)
    init_book(folder / "book", "样本公司 Sample Ltd", "CNY")
    settings_for(open_book(folder / "book"))
    opened = open_book(folder / "book")
    for item in inputs([made.inbox]):
        add(opened, item)
    settle(opened).database.ask("verdict", "stage")  # kept, for copies too


@pytest.fixture(scope="session")
def institution(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample payment institution with 3,000 transfers: the folder that holds inbox, truth and book. To read."""
    return made_once(tmp_path_factory, "institution", _institution)


def _institution(folder: Path) -> None:
    made = make_institution(folder, transfers=3_000)
    institution_settings(init_book(folder / "book", "样本支付 Sample Payment", "CNY"))
    opened = open_book(folder / "book")
    add_all(opened, made.inbox, quiet=True)
    connect(opened).ask("watch_cases")  # kept, for copies too


@pytest.fixture(scope="session")
def totals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with a platform of totals only, 2,500 orders: some of its payouts admit several explanations. To read."""
    return made_once(tmp_path_factory, "totals", _totals) / "book"


def _totals(folder: Path) -> None:
    (folder / "inbox").mkdir()
    platform.write(folder / "inbox", np.random.default_rng(1), sales(np.random.default_rng(2), 2_500))
    init_book(folder / "book", "样本公司 Sample Ltd", "CNY")
    opened = open_book(folder / "book")
    settings_for(opened)
    opened = open_book(folder / "book")
    for item in inputs([folder / "inbox"]):
        add(opened, item)
    settle(opened)


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """One session on local[2] for all tests of a process. They are skipped where Spark or Java is missing."""
    from crossbook.engine.sessions import need, session
    from crossbook.fleet.spark import LIGHT

    try:
        need()
    except CrossbookError as error:
        if os.environ.get("CROSSBOOK_TEST_SERVICES"):  # who asked for these tests must not take none for a pass
            raise
        pytest.skip(str(error))
    quick = {"spark.sql.codegen.wholeStage": "false", "spark.sql.adaptive.enabled": "false"}  # for rows that are few
    quick |= {"spark.driver.memory": "1g", "spark.sql.shuffle.partitions": "1"}
    made = session("local[2]", LIGHT | quick)
    yield made
    made.stop()
