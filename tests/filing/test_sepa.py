"""Letters as the European Payments Council writes them out (EPC217-08); slashes as its clarification paper says."""

from __future__ import annotations

import pytest

from crossbook.errors import CrossbookError
from crossbook.filing.sepa import ALLOWED, identifier, sepa


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Bundeskasse Trier", "Bundeskasse Trier"),
        ("Müller & Söhne, Straße 5", "Muller + Sohne, Strase 5"),
        ("Łódź Żółć", "Lodz Zolc"),
        ("Ørsted Ægir", "Orsted Agir"),
        ("Δ.Ο.Υ. Αθηνών", "D.O.Y. Athinon"),
        ("НАП София", "NAP Sofiya"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ；＝１＋１", "Full width,.1+1"),
        ("“quoted” – dash…", "quoted - dash..."),
        ("a\tb\n c", "a b c"),
        ("DE/DE136695976/Q3.2025", "DE/DE136695976/Q3.2025"),
    ],
)
def test_letters_are_written_out(text: str, told: str) -> None:
    assert sepa(text, 140, what="name") == told and set(told) <= ALLOWED


def test_what_has_no_latin_letters_is_not_guessed() -> None:
    with pytest.raises(CrossbookError, match="name '远山 Ltd' has letters that no bank takes in a payment: 远山"):
        sepa("远山 Ltd", 70, what="name")
    with pytest.raises(CrossbookError, match="name is empty"):
        sepa(" « ", 70, what="name")


def test_a_name_is_cut_and_ends_in_no_space() -> None:
    assert sepa("a" * 69 + " b", 70, what="name") == "a" * 69


@pytest.mark.parametrize(
    ("text", "told"),
    [("/A//B/", "A/B"), ("A/B", "A/B"), ("x" * 34 + "/y", "x" * 34), ("//", None)],
)
def test_slashes_of_a_reference(text: str, told: str | None) -> None:
    assert identifier(text) == (told or "")
