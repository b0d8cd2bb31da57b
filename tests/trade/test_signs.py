"""Phones: written with their country's code and without, they are one; what can be either stays as it is written.

Expectations by the numbering plans: mobiles of China have eleven digits from 13 on (MIIT), numbers of North America
ten, of which the first and the fourth are 2 to 9 (NANPA); + and 00 stand before a country's code (ITU-T E.164).
"""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbook.trade.signs import phone, phone_of

ONE = {
    "13800138000": [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "8613800138000",
        "0086-138-0013-8000",
        "011 86 13800138000",  # as dialled from North America
        "＋８６　１３８００１３８０００",
        "(+86) 13800138000",
        "Tel: +86 13800138000",
    ],
    "4155550132": [
        "415-555-0132",
        "(415) 555-0132",
        "+1 415 555 0132",
        "1-415-555-0132",
        "1 (415) 555-0132",
        "001 4155550132",
    ],
    "2125550132": ["212.555.0132", "12125550132", "+12125550132"],  # no mobile of China begins with 12
    "3802138000": ["380-213-8000", "+13802138000", "1 380 213 8000"],
    "13802138000": ["13802138000", "138 0213 8000"],  # a mobile of China, or of North America: as it is written
    "02079460018": ["020 7946 0018", "+44 20 7946 0018", "+44 (0)20 7946 0018", "0044 20 7946 0018"],
    "09012345678": ["090-1234-5678", "+81 90-1234-5678"],
    "85291234567": ["+852 9123 4567", "00852 91234567"],
}
NONE = ["", "123456", "138****8000", "138＊＊＊＊8000", "n/a", "+12 34 56"]


def in_sql(text: str) -> str | None:
    found = duckdb.execute(f"SELECT {phone('x')} FROM (SELECT $1 AS x)", [text]).fetchone()
    assert found
    return None if found[0] is None else str(found[0])


@pytest.mark.parametrize(("sign", "text"), [(sign, text) for sign, texts in ONE.items() for text in texts])
def test_a_phone_with_and_without_its_code_is_one(sign: str, text: str) -> None:
    assert (in_sql(text), phone_of(text)) == (sign, sign)


@pytest.mark.parametrize("text", NONE)
def test_what_is_hidden_or_too_short_is_no_phone(text: str) -> None:
    assert (in_sql(text), phone_of(text)) == (None, "")


@given(st.text(alphabet="0123456789+＋ -()（）x*１", max_size=20))
def test_what_is_typed_is_spelled_as_what_is_read(text: str) -> None:
    assert (in_sql(text) or "") == phone_of(text) == phone_of(phone_of(text))
