"""A source as it is shown: the law in the reader's language, the address as it is."""

from __future__ import annotations

import pytest

from crossbook.i18n import choose
from crossbook.tax.laws import cited


@pytest.mark.parametrize(
    ("source", "chinese"),
    [
        (
            "Directive 2006/112/EC, article 369s; https://x.example/a",
            "欧盟第 2006/112/EC 号指令第 369s 条; https://x.example/a",
        ),
        (
            "STA Announcement 5 of 2026; secondary: https://x.example/b",
            "国家税务总局公告2026年第5号; 二手资料: https://x.example/b",
        ),
        ("HMRC manual VDSOG400; https://x.example/c", "英国税务海关总署手册 VDSOG400; https://x.example/c"),
    ],
)
def test_a_source_in_chinese(source: str, chinese: str) -> None:
    assert cited(source) == source
    choose("zh")
    try:
        assert cited(source) == chinese
    finally:
        choose("en")
