"""After any decisions the figures are those that the same journal gives a book with nothing kept."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from crossbook.book import Book, init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.demo import platform, settings_for
from crossbook.demo.business import sales
from crossbook.errors import CrossbookError
from crossbook.settle import Desk, settle
from crossbook.settle.restoration.acceptance import acceptances
from crossbook.settle.restoration.known import FILE
from crossbook.verify.aside import set_aside
from tests.decisions.making import all_the_same, undone
from tests.decisions.whole import anew, apart, figures
from tests.effort import times
from tests.sharing import copied

SEQUENCES, LENGTH = times(2, long=4), 6
BANK = """kind = "bank"
account = "bank"
currency = "USD"
[columns]
booked_on = "day"
amount = "amount"
description = "text"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A platform of totals only, 1,500 orders; most of its payouts have a credit, some have two to choose from."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "inbox").mkdir()
    platform.write(folder / "inbox", np.random.default_rng(3), sales(np.random.default_rng(4), 1_500))
    book = init_book(folder / "book", "样本公司 Sample Ltd", "CNY")
    settings_for(book)
    (book.path / "mappings").mkdir(exist_ok=True)
    (book.path / "mappings" / "bank.toml").write_text(BANK)
    for item in inputs([folder / "inbox"]):
        add(open_book(book.path), item)
    paid = [p for p in settle(open_book(book.path)).payouts if p.amount > 0 and p.paid_on]
    lines = ["day,amount,text"]
    for i, p in enumerate(paid):
        if i % 7 != 3:
            lines.append(f"{p.paid_on},{p.amount / 100:.2f},{'payout ' + p.payout_id if i % 3 else 'transfer'}")
        if i % 10 == 5:
            lines.append(f"{p.paid_on},{p.amount / 100:.2f},transfer")
    (folder / "bank.csv").write_text("\n".join(lines) + "\n")
    for item in inputs([folder / "bank.csv"]):
        add(open_book(book.path), item)
    return book.path


def accept(desk: Desk, rng: random.Random) -> None:
    known = acceptances(desk.book)
    p = rng.choice([p for p in desk.payouts if p.restoration and len(p.restoration.rivals) > 1 and p.id not in known])
    assert p.restoration
    number = rng.randint(1, len(p.restoration.rivals))
    all_the_same(desk, "explanation", payout=p.id, number=number, why="asked")


def unaccept(desk: Desk, rng: random.Random) -> None:
    undone(desk, "explanation", payout=rng.choice(sorted(acceptances(desk.book))), who="Li Na")


def match(desk: Desk, rng: random.Random) -> None:
    payout = rng.choice(sorted(desk.side.payouts))
    credits = [c["key"] for c in desk.side.open_credits] or sorted(desk.side.credits)
    all_the_same(desk, "match", payout=payout, credit=rng.choice(credits))


def unmatch(desk: Desk, rng: random.Random) -> None:
    undone(desk, "match", payout=rng.choice(desk.side.matches).payouts[0], who="Li Na")


def aside(desk: Desk, rng: random.Random) -> None:
    desk.database.ask("verdict")
    found = desk.database.rows("SELECT subject, rule FROM verify_finding ORDER BY subject, rule")
    chosen = rng.choice(found)
    all_the_same(desk, "finding", order=chosen["subject"], rule=chosen["rule"], why="seen")


def again(desk: Desk, rng: random.Random) -> None:
    order, rule = rng.choice(sorted(set_aside(desk.book)))
    undone(desk, "finding", order=order, rule=rule, who="Li Na")


def other(desk: Desk, rng: random.Random) -> None:
    """A decision that no figure here rests on."""
    desk.book.decide("case opened", f"case {rng.randint(1, 9)}", {"procedure": "us_suit"}, "Li Na")


KINDS: list[Callable[[Desk, random.Random], None]] = [accept, accept, unaccept, match, unmatch, aside, again, other]


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_figures_are_those_of_a_book_with_nothing_kept(made: Path, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    shutil.copytree(made, tmp_path / "book")
    decided = 0
    while decided < LENGTH:
        book = open_book(tmp_path / "book")
        before = len(book.journal())
        try:
            rng.choice(KINDS)(settle(book), rng)
        except (CrossbookError, IndexError):  # refused, or nothing there to decide on
            continue
        decided += len(book.journal()) - before
        shown = figures(open_book(book.path))
        if decided in (LENGTH // 2, LENGTH):
            assert apart(shown, anew(book, tmp_path)) == {}


def test_the_comparison_finds_a_wrong_figure(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "book")
    book = open_book(tmp_path / "book")
    before = figures(book)
    accept(settle(book), random.Random(1))
    assert apart(before, anew(book, tmp_path))


def test_a_walk_after_a_decision_weighs_only_what_it_changed(totals: Path, tmp_path: Path) -> None:
    copied(totals, tmp_path / "book")
    book = open_book(tmp_path / "book")
    desk = settle(book)
    whole = _answers(book)
    last = [p for p in desk.payouts if p.restoration and len(p.restoration.rivals) > 1][-1]
    all_the_same(desk, "explanation", payout=last.id, number=2, why="asked")
    settle(open_book(book.path))
    assert _answers(book) - whole < whole / 4


def _answers(book: Book) -> int:
    with sqlite3.connect(book.path / "cache" / FILE) as connection:
        return int(connection.execute("SELECT count(*) FROM answer").fetchone()[0])
