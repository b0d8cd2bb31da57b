"""Control characters go, file names stay short and apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crossbook.printable import file_name, is_text, legible, printable


def test_control_characters_go() -> None:
    assert printable("a\x1b[31mb\x07\r\x9bc\x00") == "a[31mbc"
    assert printable("two\nlines\tand 王伟 Ü") == "two\nlines\tand 王伟 Ü"


def test_what_turns_the_order_of_text_round_goes() -> None:
    """A file called invoice[RLO]fdp.exe is shown as invoiceexe.pdf where the override stays."""
    assert printable("invoice\u202efdp.exe\u2066x\u2069") == "invoicefdp.exex"
    assert printable("שלום\u200f") == "שלום\u200f"  # a mark of direction is part of how such text is written


def test_the_name_of_a_file_is_text_of_one_line() -> None:
    assert legible("对账单.csv") == "对账单.csv"
    assert legible("bad\udcff\udcfe.txt") == r"bad\xff\xfe.txt"  # bytes of a disk, as Python has them
    assert legible("half \ud800") == r"half \ud800"
    assert legible("all is well\nall is as it was added") == "all is well all is as it was added"


@given(st.text(st.characters(exclude_categories=[]), max_size=40))
def test_any_name_of_a_file_is_made_text(name: str) -> None:
    assert is_text(legible(name)) and "\n" not in legible(name)


def test_file_names() -> None:
    assert file_name("SB20250000270") == "SB20250000270" and file_name("订单-1") == "订单-1"
    assert file_name("A/1") != file_name("A-1") != file_name("A:1") and file_name("A/1").startswith("A-1-")
    assert "/" not in file_name("../../etc/passwd") and not file_name("..").startswith(".")


@given(st.text(min_size=1, max_size=400), st.text(min_size=1, max_size=400))
def test_names_fit_on_a_disk_and_differ(a: str, b: str) -> None:
    assert 0 < len(file_name(a).encode()) <= 140
    assert a == b or file_name(a) != file_name(b)
