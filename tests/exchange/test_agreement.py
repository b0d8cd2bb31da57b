"""An agreement is of two who both signed its very bytes, and says all that it must."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.book import init_book, open_book
from crossbook.errors import CrossbookError
from crossbook.exchange import adopting, agreement, keys
from tests.exchange.making import agreed, signatures, text_of


def test_signed_by_both(tmp_path: Path) -> None:
    party, path = agreed(tmp_path)
    init_book(tmp_path / "book", "CN", "CNY")
    book = open_book(tmp_path / "book")
    both = signatures(party, path)
    with pytest.raises(CrossbookError, match="no signature of US authority"):
        adopting.adopt(book, path, both[:1])
    with pytest.raises(CrossbookError, match="no signature of US authority"):
        adopting.adopt(book, path, [both[0], both[0]])
    found = adopting.adopt(book, path, both)
    assert adopting.agreement_of(book, found.sha).name == "Pilot"
    kept = book.path / "exchange" / found.sha[:12] / "agreement.toml"
    kept.write_text(kept.read_text(encoding="utf-8").replace("per_mille = 200", "per_mille = 900"), encoding="utf-8")
    with pytest.raises(CrossbookError, match="changed after it was signed"):
        adopting.agreement_of(book, found.sha)


def test_of_a_third(tmp_path: Path) -> None:
    _, path = agreed(tmp_path)
    with pytest.raises(CrossbookError, match="neither party"):
        agreement.sign(agreement.read(path), keys.make(tmp_path / "third"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('law = "a law"', "", "lacks one of law"),
        ('[[basis]]\nparty = "US authority"', '[[basis]]\nparty = "CN authority"', r"no \[\[basis\]\] of US authority"),
        ("per_mille = 200", "per_mil = 200", "has no 'per_mil'"),
        ("per_mille = 200", "per_mille = -1", "per_mille cannot be -1"),
        ("per_mille = 200", 'per_mille = "all"', "per_mille cannot be 'all'"),
        ("per_mille = 200", "least_depth = 1", "least_depth cannot be 1"),
        ("per_mille = 200", 'tells = ["accounts"]', "tells"),
        ("valid_from = 2026-01-01\n", "", "no valid_from"),
        ('name = "Pilot"', 'name = "Pilot', "no TOML"),
        ('purpose = "long', 'aim = "x"\npurpose = "long', "no 'aim'"),
    ],
)
def test_what_is_missing_or_unknown_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    party, path = agreed(tmp_path)
    text = text_of(party)
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CrossbookError, match=told):
        agreement.read(path)
