"""Money is whole minor units: exact both ways, strict about what is no amount."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbook import money
from crossbook.errors import CrossbookError


@given(st.integers(-money.MAX_MINOR, money.MAX_MINOR), st.sampled_from(["USD", "JPY", "KWD", "CLF"]))
def test_plain_and_parse_are_inverse(minor: int, code: str) -> None:
    assert money.parse(money.plain(minor, code), money.exponent(code)) == minor


@given(st.integers(-(10**12), 10**12))
def test_grouped_text_reads_back(minor: int) -> None:
    shown = money.show(minor, "USD").removesuffix(" USD")
    assert money.parse(shown, 2) == minor
    continental = shown.translate(str.maketrans(",.", ".,"))
    assert money.parse(continental, 2, ",") == minor


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("$1,234.50", 123450),
        ("(12.00)", -1200),
        ("12.00-", -1200),
        ("￥１２．３４", 1234),
        ("١٬٢٣٤٫٥٠", 123450),
        ("۱۲۳۴٫۵۰-", -123450),
        ("১,২৩৪.৫০", 123450),
        ("๑๒๓.๔๐", 12340),
        (".5", 50),
        ("+7", 700),
        ("1.50000", 150),
    ],
)
def test_ways_of_writing(text: str, minor: int) -> None:
    assert money.parse(text, 2) == minor


@pytest.mark.parametrize(
    "text", ["", "abc", "1.234", "1,23.4", "1e5", "NaN", "--1", "12..3", "92233720368547758.08", "1,2345"]
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        money.parse(text, 2)


@pytest.mark.parametrize(
    ("samples", "point"),
    [
        (["1.234,56"], ","),
        (["1,234.56"], "."),
        (["12,5"], ","),
        (["1,234"], "."),
        (["1.234"], ","),
        (["5"], "."),
        (["0,125"], ","),
    ],
)
def test_decimal_point(samples: list[str], point: str) -> None:
    assert money.decimal_point(samples) == point


def test_decimal_point_refuses_to_guess() -> None:
    with pytest.raises(ValueError, match="cannot tell"):
        money.decimal_point(["1.234"], decimals=3)
    with pytest.raises(ValueError, match="in one file"):
        money.decimal_point(["1.5", "1,5"])


@pytest.mark.parametrize(("text", "code"), [("usd", "USD"), ("人民币", "CNY"), ("RMB", "CNY"), (" eur ", "EUR")])
def test_currencies(text: str, code: str) -> None:
    assert money.currency(text) == code


def test_unknown_currency() -> None:
    with pytest.raises(ValueError, match="unknown currency"):
        money.currency("XYZ")
    with pytest.raises(CrossbookError, match="unknown currency"):
        money.exponent("XYZ")


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("10.924370", 1092),
        ("10.925", 1093),
        ("-10.925", -1093),
        ("4.2", 420),
        ("1,234.5678", 123457),
        ("-0.004", 0),
        ("5.25E-01", 53),
        ("1e-06", 0),
    ],
)
def test_parts_finer_than_the_currency_are_rounded_half_away_from_zero(text: str, minor: int) -> None:
    assert money.parse_rounded(text, 2) == minor


def test_rounding_makes_no_amount_of_other_text() -> None:
    for text in ("ten", "1.0055x", "1.00.555", "1.23E+08", "1e3", "1e-123"):
        with pytest.raises(ValueError, match="amount"):
            money.parse_rounded(text, 2)
