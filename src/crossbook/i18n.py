"""English and Chinese. Texts are written in English where they are used; the catalogue has the Chinese."""

from __future__ import annotations

import os
import re
from contextvars import ContextVar
from functools import lru_cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "zh")
_OURS = set(
    "status verdict kind state action words role mine held odds best missing added era title reason todo".split()
)  # places of our texts
FEW = 8  # letters of a template's own: one with fewer may fit any sentence
# What places of such a template hold: "{n} of {all}" fits figures, not every sentence with an "of" in it.
SHAPES = {
    **dict.fromkeys(("n", "all", "count", "number"), r"[\d.,]+"),
    "day": r"\d{4}-\d\d-\d\d(?:(?![;:] ).)*",
    "decision": r"\w+",
}
DECISION = "decision"  # the context, and the place in messages, of the names of kinds of decisions
SECONDARY = "(secondary)"  # ends a citation of which only another's telling was read
LAW = "law"  # the context of words for places in a law
_chosen: ContextVar[str | None] = ContextVar("language", default=None)  # each web request has its own


def choose(language: str | None) -> None:
    """Use "en" or "zh"; with None what CROSSBOOK_LANG, LC_ALL, LC_MESSAGES or LANG say. Raises ValueError."""
    if language is None:
        names = (os.environ.get(n, "") for n in ("CROSSBOOK_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))
        language = "zh" if next((n for n in names if n), "").lower().startswith("zh") else "en"
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}: use {' or '.join(LANGUAGES)}")
    _chosen.set(language)


def language() -> str:
    """The language in use."""
    if _chosen.get() is None:
        choose(None)
    return _chosen.get() or "en"


def t(text: str, /, **values: Any) -> str:
    """`text` in the language in use, with `values` filled into its {places}."""
    if language() == "zh":
        text = _catalogue().get(text, text)
    return text.format(**values) if values else text


def word(text: str, context: str) -> str:
    """A word in the language in use, as it is meant in a context: `msgctxt` of the catalogue, as gettext has it. A word
    that the catalogue does not have in this context is taken as `t` takes it."""
    if language() == "zh":
        return _homonyms().get((context, text)) or t(text)
    return text


def kind_of_decision(name: str) -> str:
    """The name of a kind of decision as readers see it: `closing` is the end of a case, no balance."""
    return word(name, DECISION)


def translated(message: str) -> str:
    """A finished message (of an error, say) in the language in use, found by the catalogue's templates."""
    return _in_chinese(message) if language() == "zh" else message


def cited(source: str) -> str:
    """A citation or note in the language in use: our own words of it, part by part between semicolons; titles stay."""
    if language() != "zh":
        return source
    return _catalogue().get(source) or "；".join(_part(part) for part in source.split("; "))


def _part(part: str) -> str:
    """One part of a citation: "note 16(e): on the full value" is a place in a law, and what of it."""
    if part.endswith(SECONDARY):
        return _part(part.removesuffix(SECONDARY).rstrip()) + t(SECONDARY)
    first, _, rest = part.partition(" ")
    place = _homonyms().get((LAW, first))
    if not place or not rest:
        return _in_chinese(part)
    number, colon, what = rest.partition(": ")
    return f"{place} {number}" + (f"：{_in_chinese(what)}" if colon else "")


def in_chinese(message: str) -> str:
    """A finished message in Chinese, for papers that have both languages."""
    return _in_chinese(message)


@lru_cache(maxsize=4096)
def _in_chinese(message: str) -> str:
    if message in _catalogue():
        return _catalogue()[message]
    lines = "\n" in message  # several statements, a line each, but for templates that have lines themselves
    for pattern, text in _templates():
        if lines and "\n" not in pattern.pattern:
            continue
        match = pattern.fullmatch(message)
        if match:
            return text.format(**{n: _place(n, v) for n, v in match.groupdict().items()})
    if lines:
        return "\n".join(_in_chinese(line) for line in message.split("\n"))
    return message


def _place(name: str, value: str) -> str:
    """What is filled into a place of a message, in Chinese where it is a text of ours."""
    if name == DECISION:
        return _homonyms().get((DECISION, value)) or _in_chinese(value)
    if name not in _OURS:
        return value
    parts = value.split(", ")  # a list of words of ours
    each = [_in_chinese(part) for part in parts]
    return "、".join(each) if len(parts) > 1 and value == _in_chinese(value) and each != parts else _in_chinese(value)


def _catalogue() -> dict[str, str]:
    return _read()[0]


def _homonyms() -> dict[tuple[str, str], str]:
    """Words by context, where one English word has several in Chinese."""
    return _read()[1]


@lru_cache(maxsize=1)
def _read() -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    from babel.messages.pofile import read_po

    path = files("crossbook") / "data" / "locale" / "zh.po"
    with path.open("rb") as file:
        told = [m for m in read_po(file) if m.id and m.string]
    return (
        {str(m.id): str(m.string) for m in told if not m.context},
        {(m.context, str(m.id)): str(m.string) for m in told if m.context},
    )


@lru_cache(maxsize=1)
def _templates() -> list[tuple[re.Pattern[str], str]]:
    """Catalogue entries as patterns, the longest first, {places} matching anything; in one of few words of its own,
    such as "{length} from {day}", no place holds a sentence that goes on behind a semicolon or a colon."""
    found = []
    for text, chinese in sorted(_catalogue().items(), key=lambda item: -len(item[0])):
        own = re.sub(r"\{\w+\}|\W", "", text)
        few = len(own) < FEW
        anything = r"(?:(?![;:] ).)*" if few else ".*"

        def held(place: re.Match[str], few: bool = few, anything: str = anything) -> str:
            return f"(?P<{place[1]}>{SHAPES.get(place[1], anything) if few else anything})"

        pattern = re.sub(r"\\\{(\w+)\\\}", held, re.escape(text))
        found.append((re.compile(pattern, re.DOTALL), chinese))
    return found
