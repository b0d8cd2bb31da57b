"""Writing a sample fleet: a folder of files a seller, the truth beside them, and a book each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from crossbook.demo.fleet import planted, seller

SEED = 20_260_105
LEAST = 30  # orders of a seller
TOGETHER = 10  # sellers among whom one fault of each rule is planted
Progress = Callable[[int, int], None]


def make(folder: Path, *, books: int, orders: int = 500, seed: int = SEED, faults: bool = True) -> list[str]:
    """Write the files of so many sellers to `folder/inbox/NAME`, and what was planted to `folder/truth/planted.json`.

    The names of the sellers. Without `faults` they have nothing in common. Raises ValueError for fewer than three books
    with faults, or too few orders.
    """
    if orders < LEAST or (faults and books < 3):
        raise ValueError("too few books or orders")
    seeds = np.random.SeedSequence(seed).spawn(books)
    made = [seller.seller(np.random.default_rng(s), n + 1, orders) for n, s in enumerate(seeds)]
    told = []
    for start in range(0, max(1, books - 2), TOGETHER) if faults else ():
        told += planted.plant(made[start : start + TOGETHER], 0) if len(made[start:]) >= 3 else []
    for one in made:
        seller.write(folder / "inbox" / _name(one.number), one)
    truth = folder / "truth"
    truth.mkdir(parents=True, exist_ok=True)
    (truth / "planted.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    return [_name(one.number) for one in made]


def make_books(folder: Path, names: list[str], progress: Progress = lambda done, of: None) -> list[Path]:
    """A book of each seller's files in `folder/books/NAME`."""
    from crossbook.book import init_book, open_book
    from crossbook.book.adding import add
    from crossbook.book.book import CONFIG
    from crossbook.book.opening import inputs

    found = []
    for n, name in enumerate(names):
        progress(n, len(names))
        book = init_book(folder / "books" / name, f"Sample seller {name.rpartition('-')[2]}", "USD")
        (book.path / "mappings").mkdir(exist_ok=True)
        for called, text in seller.mappings(int(name.rpartition("-")[2])).items():
            (book.path / "mappings" / f"{called}.toml").write_text(text, encoding="utf-8")
        config = book.path / CONFIG
        config.write_text(config.read_text(encoding="utf-8") + "\n" + seller.SETTINGS, encoding="utf-8")
        opened = open_book(book.path)
        for item in inputs(sorted((folder / "inbox" / name).iterdir())):
            add(opened, item)
        found.append(book.path)
    progress(len(names), len(names))
    return found


def _name(number: int) -> str:
    return f"seller-{number:03d}"
