"""Where a legal citation can be read: Federal Register, U.S. Code, C.F.R. and the tariff schedule online."""

from __future__ import annotations

import re

_WHERE = (
    (r"https?://\S+", "{0}"),
    (r"(\d+) FR (\d+)", "https://www.federalregister.gov/citation/{1}-FR-{2}"),
    (r"\b(20\d\d-\d{5})\b", "https://www.federalregister.gov/d/{1}"),
    (
        r"(\d+) U\.S\.C\. (\d+[a-z]?)",
        "https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title{1}-section{2}",
    ),
    (r"(\d+) CFR (\d+\.\d+)", "https://www.ecfr.gov/current/title-{1}/section-{2}"),
    (r"\b(99\d\d\.\d\d\.\d\d)\b", "https://hts.usitc.gov/search?query={1}"),
    (r"HTSUS (\d{4}\.\d\d(?:\.\d\d(?:\d\d)?)?)", "https://hts.usitc.gov/search?query={1}"),
)
_ANY = re.compile("|".join(f"(?:{pattern})" for pattern, _ in _WHERE))


def cites(text: str) -> list[tuple[str, str]]:
    """A source in pieces, each with its address or "": of "84 FR 20459; note 20(f)" the first has one."""
    pieces, at = [], 0
    for found in _ANY.finditer(text):
        if found.start() > at:
            pieces.append((text[at : found.start()], ""))
        pieces.append((found[0], _address(found[0])))
        at = found.end()
    return [*pieces, (text[at:], "")] if at < len(text) else pieces


def _address(piece: str) -> str:
    for pattern, address in _WHERE:
        if match := re.fullmatch(pattern, piece):
            return address.format(match[0], *match.groups())
    return ""
