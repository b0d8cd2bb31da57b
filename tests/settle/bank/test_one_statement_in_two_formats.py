"""One account in camt and in MT940, whose field 25 has the currency behind the account: its credits count once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.settle import settle
from tests.settle.making import camt

MT940 = (
    ":20:STMT\n:25:{account}\n:28C:1/1\n:60F:C260319EUR0,00\n"
    ":61:2603200320C51,00NTRFB1\n:86:WISE WD1\n:62F:C260320EUR51,00\n"
)


@pytest.mark.parametrize(
    "account",
    [
        "DE89370400440532013000EUR",
        "DE89370400440532013000",
        "DE89 3704 0044 0532 0130 00 EUR",
        "37040044/0532013000EUR",
        "37040044/532013000 EUR",
    ],
)
@pytest.mark.parametrize("camt_first", [True, False])
def test_it_counts_once(book: Book, add_text: Callable[..., Added], account: str, camt_first: bool) -> None:
    text = camt([("2026-03-20", "51.00", "B1", "WISE WD1")]).replace("USD", "EUR")
    assert "<Id>BANK1</Id>" in text
    text = text.replace("<Othr><Id>BANK1</Id></Othr>", "<IBAN>DE89370400440532013000</IBAN>")
    assert "DE89370400440532013000" in text
    files = [("a.xml", text), ("b.sta", MT940.format(account=account))]
    for name, told in files if camt_first else reversed(files):
        add_text(name, told)
    credits = settle(book).side.credits.values()
    assert [(c["amount"], c["currency"]) for c in credits] == [(5_100, "EUR")]
