"""A copy of the sample business on which people have decided things, served, and asked through all its faces."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crossbook.book import open_book
from crossbook.brand import desk as brand
from crossbook.cases.case import open_case
from crossbook.engine import connect
from crossbook.settle import settle
from crossbook.settle.match_decisions import DifferenceError, decide_match, undo_match
from crossbook.tax.period import mark_filed, period
from crossbook.verify.board import Asked, listed
from crossbook.verify.deciding import put_aside
from tests.faces.asking import Faces
from tests.web.conftest import Served, serve

__all__ = ["serve"]


@pytest.fixture(scope="session")
def faces(serve: Callable[..., Served], sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Faces:
    """The sample business with a case, and a decision of each kind that changes a figure."""
    path = tmp_path_factory.mktemp("faces") / "book"
    shutil.copytree(sample / "book", path)
    happened = {"order_entered": date(2026, 1, 19), "served": date(2026, 1, 26)}
    open_case(open_book(path), "valkore", "us_suit", happened=happened, skus=("BAG-20",), docket="1:26-cv-00417")
    _decide(path)
    return Faces(path, serve(path).client())


def _decide(path: Path) -> None:
    book = open_book(path)
    database = connect(book)
    database.ask("verdict")
    row = next(r for r in listed(database, Asked(verdict="suspicious")).rows if len(r.rules) == 1)
    put_aside(book, row.order_id, row.rules[0], "looked at", "ann")
    mark_filed(book, "ioss", period("2026-05"), date(2026, 6, 20), 0, "EUR", "ann")
    brand.open_brand(database, book, date(2026, 6, 30))
    _, (hit, *_) = brand.queue(database, level="note", limit=1)
    brand.dismiss(book, database, hit["listing"], hit["mark"], "our own mark", "ann")
    # one payout of which a person takes the match back, and one that gets the credit of the next in its place
    desk = settle(book)
    mine = [p for p in desk.payouts if p.account == "amazon" and p.match and p.status == "closed"]
    for p in mine[3:6]:
        undo_match(desk, p.id, "not sure", "ann")
    desk = settle(open_book(path))
    credit = mine[4].match.credits[0] if mine[4].match else ""
    try:
        decide_match(desk, mine[3].id, credit, "the bank said so", who="ann")
    except DifferenceError as asked:
        decide_match(desk, mine[3].id, credit, "the bank said so", difference=asked.difference, who="ann")
