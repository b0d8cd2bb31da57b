"""Phones: written with their country's code and without, they are one; what can be either stays as it is written.

Expectations by the numbering plans: mobiles of China have eleven digits from 13 on (MIIT), numbers of North America
ten, of which the first and the fourth are 2 to 9 (NANPA); + and 00 stand before a country's code (ITU-T E.164).
"""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbook.trade.signs import further_phones, phone, phone_of

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


# An extension is no part of the number, and the number alone is not whoever is behind one of them.
BEHIND_ONE = {
    "02155550132x12": [
        "021-55550132转12",
        "021-5555 0132 x12",
        "(021) 55550132 ext. 12",
        "021-55550132-12",
        "０２１－５５５５０１３２ 分机 12",
        "021-55550132#12",
    ],
    "4155550132x09742": ["+1 415-555-0132 ext. 09742", "1 (415) 555-0132, x09742", "415.555.0132 Extension 09742"],
    "18412345678x1234": ["18412345678-1234", "+86 18412345678转1234"],  # as platforms hide a buyer's own
}
# Several numbers in one cell: 030/1234567 is one number of Berlin, and what is behind /33 no number of its own.
IN_ONE_CELL = {
    "13800138000/13900139000": ["13800138000", "13900139000"],
    "13800138000 13900139000": ["13800138000", "13900139000"],
    "13800138000，13900139000；021-55550132转5": ["13800138000", "13900139000", "02155550132x5"],
    "+1 415 555 0132 or (415) 555-0133": ["4155550132", "4155550133"],
    "13800138000\n021-55550132": ["13800138000", "02155550132"],
    "138****8000/13900139000": ["13900139000"],
    "030/1234567": ["0301234567"],
    "030/1234567/0171 2345678": ["0301234567", "01712345678"],
    "021-55550132/33": ["02155550132"],
    "010-12345678转801/802": ["01012345678x801"],
    "#13800138000": ["13800138000"],
}


@pytest.mark.parametrize(("sign", "text"), [(sign, text) for sign, texts in BEHIND_ONE.items() for text in texts])
def test_an_extension_tells_who_is_behind_a_number(sign: str, text: str) -> None:
    assert (in_sql(text), phone_of(text)) == (sign, sign)


@pytest.mark.parametrize(("cell", "signs"), IN_ONE_CELL.items())
def test_each_number_of_a_cell_is_a_sign(cell: str, signs: list[str]) -> None:
    further = f"SELECT unnest({further_phones('x')}) AS x FROM (SELECT $1 AS x)"
    rest = duckdb.execute(f"SELECT {phone('x')} FROM ({further})", [cell]).fetchall()
    assert [sign for sign in (in_sql(cell), *(told for (told,) in rest)) if sign] == signs


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


def test_what_stands_behind_an_extension_is_no_part_of_it() -> None:
    assert {(in_sql(text), phone_of(text)) for text in ("010-62345678x12#3", "010-62345678 转12 转 3")} == {
        ("01062345678x12", "01062345678x12")
    }


@given(st.text(alphabet="0123456789+＋ -()（）x*１/#转", max_size=30))
def test_what_is_typed_is_spelled_as_what_is_read(text: str) -> None:
    assert (in_sql(text) or "") == phone_of(text) == phone_of(phone_of(text))
