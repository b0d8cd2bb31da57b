"""English and Chinese: chosen by option or environment; every text shown has a Chinese one; errors are translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crossbook import i18n
from crossbook.settle.position import PLACES

SOURCE = Path(i18n.__file__).parent


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    i18n.choose("en")


def test_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CROSSBOOK_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    i18n.choose(None)
    assert i18n.language() == "en"
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    i18n.choose(None)
    assert i18n.language() == "zh"
    with pytest.raises(ValueError, match="language 'fr'"):
        i18n.choose("fr")


def texts() -> set[str]:
    """Every literal text that the command line translates."""
    found: set[str] = set()
    for path in (SOURCE / "cli").glob("*.py"):
        code = path.read_text(encoding="utf-8")
        found |= {a or b for a, b in re.findall(r"""\bt\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""", code)}
        for listed in re.findall(r"columns = \[([^\]]*)\]", code):
            found |= set(re.findall(r'"([^"]+)"', listed))
    return found


def test_every_text_has_a_chinese_one() -> None:
    missing = sorted(text for text in texts() | set(PLACES) if text not in i18n._catalogue())
    assert not missing, missing


def test_places_agree_between_languages() -> None:
    for english, chinese in i18n._catalogue().items():
        assert set(re.findall(r"\{(\w+)\}", english)) == set(re.findall(r"\{(\w+)\}", chinese)), english


def test_errors_are_translated_by_template() -> None:
    i18n.choose("zh")
    assert i18n.translated("no such file") == "文件不存在"
    assert i18n.translated("unknown currency 'XYZ'") == "未知币种 'XYZ'"
    assert i18n.translated("nobody wrote a template for this") == "nobody wrote a template for this"
