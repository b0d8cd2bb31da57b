"""A copy of the sample business on which people have decided things, served, and asked through all its faces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crossbook.book import open_book
from crossbook.brand import desk as brand
from crossbook.decisions.kind import Plain, plainly
from crossbook.engine import connect
from crossbook.settle import settle
from crossbook.verify.board import Asked, listed
from tests.decisions.making import all_the_same, decided, undone
from tests.faces.asking import Faces
from tests.sharing import copied
from tests.web.conftest import Served, serve

__all__ = ["serve"]


@pytest.fixture(scope="session")
def faces(serve: Callable[..., Served], sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Faces:
    """The sample business with a case, and a decision of each kind that changes a figure."""
    path = tmp_path_factory.mktemp("faces") / "book"
    copied(sample / "book", path)
    happened = {"order_entered": date(2026, 1, 19), "served": date(2026, 1, 26)}
    told = {"case": "valkore", "procedure": "us_suit", "happened": happened, "docket": "1:26-cv-00417"}
    decided(plainly(open_book(path)), "case", skus=("BAG-20",), **told)
    _decide(path)
    return Faces(path, serve(path).client())


def _decide(path: Path) -> None:
    book = open_book(path)
    database = connect(book)
    database.ask("verdict")
    row = next(r for r in listed(database, Asked(verdict="suspicious")).rows if len(r.rules) == 1)
    opened = Plain(book=book, database=database)
    decided(opened, "finding", order=row.order_id, rule=row.rules[0], why="looked at", who="ann")
    all_the_same(opened, "return", form="ioss", period="2026-05", on=date(2026, 6, 20), amount=0)
    brand.open_brand(database, book, date(2026, 6, 30))
    _, (hit, *_) = brand.queue(database, level="note", limit=1)
    all_the_same(opened, "hit", listing=hit["listing"], mark=hit["mark"], why="our own mark")
    # one payout of which a person takes the match back, and one that gets the credit of the next in its place
    desk = settle(book)
    mine = [p for p in desk.payouts if p.account == "amazon" and p.match and p.status == "closed"]
    for p in mine[3:6]:
        undone(desk, "match", payout=p.id, why="not sure", who="ann")
    desk = settle(open_book(path))
    credit = mine[4].match.credits[0] if mine[4].match else ""
    all_the_same(desk, "match", payout=mine[3].id, credit=credit, why="the bank said so")
