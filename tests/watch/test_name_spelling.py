"""A party whose account nobody tells is one, however its name was typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book import init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.engine.duck import connect

HEAD = "transfer id,executed at,payer account,payer,payee account,payee,paid,currency\n"


@pytest.mark.parametrize(
    ("received", "paid", "one"),
    [
        ("Müller GmbH", "Mu\u0308ller GmbH", True),  # composed by one system, in parts by another
        ("Li  Wei", "LI WEI", True),
        ("李伟", "李　伟", True),
        ("ＡＣＭＥ Ltd", "Acme Ltd", True),
        ("Acme\u200b Ltd", "Acme Ltd", True),
        ("Müller GmbH", "Muller GmbH", False),
        ("Anna Li", "Annali", False),
        ("김 민수", "김민수", False),  # a family's name of two signs may end anywhere
    ],
)
def test_a_name_typed_otherwise_is_the_same_party(received: str, paid: str, one: bool, tmp_path: Path) -> None:
    init_book(tmp_path / "book", "Watch", "CNY")
    rows = [f"1,2026-03-02T08:00:00Z,A,,,{received},100.00,CNY", f"2,2026-03-02T09:00:00Z,,{paid},C,,100.00,CNY"]
    (tmp_path / "t.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    book = open_book(tmp_path / "book")
    for item in inputs([tmp_path / "t.csv"]):
        add(book, item)
    database = connect(book)
    database.ask("alerts")
    depths = [r["depth"] for r in database.rows("SELECT depth FROM chain_of ORDER BY id")]
    assert depths == [1, 2 if one else 1]
