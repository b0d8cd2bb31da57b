"""Shared fixtures: an empty book, and the sample business in a book, made once per run and worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crossbook.book import Book, init_book, open_book
from crossbook.book.adding import Added, add
from crossbook.book.opening import inputs
from crossbook.demo import make, settings_for

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
    """The sample business with 3,000 orders: the folder that holds inbox, truth and book."""
    folder = tmp_path_factory.mktemp("sample")
    made = make(folder, orders=3_000)
    init_book(folder / "book", "样本公司 Sample Ltd", "CNY")
    settings_for(open_book(folder / "book"))
    opened = open_book(folder / "book")
    for item in inputs([made.inbox]):
        add(opened, item)
    return folder
