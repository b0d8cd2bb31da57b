"""Codes of countries by what files write for them: two or three letters, a number, a name in one of many languages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from babel import Locale

from crossbook import countries as known
from crossbook import customs_codes
from crossbook.countries import countries
from crossbook.engine import Database

# Languages in which papers of cross-border trade name countries: those of markets, and of their neighbours.
_LANGUAGES = (
    *("en", "zh", "zh_Hant", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sk", "sl", "hr", "sv", "da", "nb", "fi"),
    *("et", "lv", "lt", "hu", "ro", "el", "bg", "tr", "ru", "uk", "sr", "ja", "ko", "ar", "he", "th", "vi", "id", "ms"),
)
# What else files write, as `_plain` has it: short forms, parts of a country as addresses name them, other names.
_OTHERWISE = {
    **dict.fromkeys(("uk", "great britain", "britain", "england", "scotland", "wales"), "GB"),
    **dict.fromkeys(("united kingdom of great britain and northern ireland", "大不列颠", "联合王国"), "GB"),
    **dict.fromkeys(("grossbritannien", "england und wales", "grande bretagne", "gran bretagna", "gran bretana"), "GB"),
    **dict.fromkeys(("groot brittannie", "wielka brytania", "gra bretanha", "storbritannien", "великобритания"), "GB"),
    **dict.fromkeys(("islas canarias", "the canary islands"), "IC"),
    **dict.fromkeys(("northern ireland", "北爱尔兰"), "XI"),  # whose goods are in the VAT area of the Union
    **dict.fromkeys(("us", "united states of america", "the united states", "美利坚合众国"), "US"),
    **dict.fromkeys(("el", "hellas", "hellenic republic"), "GR"),
    **dict.fromkeys(("holland", "the netherlands"), "NL"),
    **dict.fromkeys(("czech republic", "tschechische republik", "republique tcheque", "捷克共和国"), "CZ"),
    **dict.fromkeys(("federal republic of germany", "brd", "德意志联邦共和国"), "DE"),
    **dict.fromkeys(("korea", "republic of korea", "korea, republic of", "한국", "大韩民国"), "KR"),
    **dict.fromkeys(("russian federation", "俄罗斯联邦"), "RU"),
    **dict.fromkeys(("uae", "the united arab emirates", "阿联酋"), "AE"),
    **dict.fromkeys(("prc", "p.r. china", "people's republic of china", "中华人民共和国", "mainland china"), "CN"),
    **dict.fromkeys(("hong kong", "hongkong", "hong kong sar", "香港", "中国香港"), "HK"),
    **dict.fromkeys(("macau", "macao", "澳门", "澳門", "中国澳门"), "MO"),
    **dict.fromkeys(("taiwan", "taiwan, province of china", "台湾", "臺灣", "中国台湾"), "TW"),
    **dict.fromkeys(("ksa", "kingdom of saudi arabia", "沙特"), "SA"),
    **dict.fromkeys(("turkey", "土耳其"), "TR"),
    **dict.fromkeys(("vietnam", "viet nam"), "VN"),
    **dict.fromkeys(("vatican", "vatican city", "holy see"), "VA"),
    **dict.fromkeys(("ivory coast",), "CI"),
    **dict.fromkeys(("éire", "republic of ireland", "ireland, republic of", "ireland (republic of)"), "IE"),
    **dict.fromkeys(("bosnia and herzegovina", "bosnia herzegovina", "bosnia"), "BA"),
}
# Places with a code of their own, in ISO 3166-1 or, as the Canaries, Ceuta and Melilla, and Northern Ireland, by use,
# to which parcels go under the code of the country that they belong to or share its post with.
_POST_OF = {
    **dict.fromkeys(("GP", "MQ", "GF", "RE", "YT", "BL", "MF", "PM", "MC"), "FR"),
    **dict.fromkeys(("IC", "EA", "XC", "XL"), "ES"),
    **dict.fromkeys(("XI", "GG", "JE", "IM"), "GB"),
    **dict.fromkeys(("PR", "GU", "VI", "AS", "MP"), "US"),
    **dict.fromkeys(("VA", "SM"), "IT"),
    **dict.fromkeys(("AX",), "FI"),
    **dict.fromkeys(("SJ",), "NO"),
    **dict.fromkeys(("LI",), "CH"),
}
_MORE = ("XI", "IC", "EA", "XC", "XL", "XK")  # codes that are none of ISO 3166-1 and yet known
_PARTS = re.compile(r"[-–—/|:()（）]")


def _plain(text: str) -> str:
    return " ".join(known.plain(text).replace("&", " and ").replace("-", " ").rstrip(".").split())


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Codes by names as `_plain` has them; of a name that languages give to two countries none."""
    found = defaultdict(set)
    for language in _LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if code in countries() or code in _MORE:
                found[_plain(name)].add(code)
    alone = {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}
    return alone | {_plain(name): code for name, code in _OTHERWISE.items()}


def code_of(told: str, customs: bool = False) -> str | None:
    """The code of a country as a paper writes it: `de`, `DEU`, `Deutschland`, `德国`, `DE - Germany`, a number of
    China's customs (304) or of ISO 3166-1 (276). A number that is one country to one of them and another to the other
    is customs' on papers of `customs`, and on others none. None for what is no country."""
    text = " ".join(told.split())
    if text.isascii() and text.isdigit():
        ours, iso = customs_codes.country_of(text), known.of_number(text) or ""
        return (ours or iso or None) if customs or not (ours and iso) or ours == iso else None
    letters = text.replace(".", "").upper()
    if letters in _MORE or letters in countries():
        return letters
    found = _names().get(_plain(text)) or _names().get(letters.casefold()) or known.of_name(text)
    found = found or (known.of_letters(letters) if len(letters) == 3 else None)
    if found is None and len(parts := [part for part in map(str.strip, _PARTS.split(text)) if part]) > 1:
        of_parts = {code_of(part, customs) for part in parts}
        found = of_parts.pop() if len(of_parts) == 1 else None
    return found


def codes_told(database: Database, source: str, column: str, customs: bool = False) -> dict[str, str]:
    """By each text of a column of countries that is no code in capitals, its code; those that are no country are left
    out."""
    texts: Iterable[str] = (
        row["told"]
        for row in database.rows(
            f"SELECT DISTINCT {column} AS told FROM {source} WHERE {column} IS NOT NULL "
            f"AND (NOT regexp_full_match({column}, '[A-Z][A-Z]') OR {column} IN ('UK', 'EL'))"
        )
    )
    return {told: code for told in texts if (code := code_of(told, customs)) is not None}


def code_or_name(column: str, told: Mapping[str, str]) -> str:
    """A country as papers tell it, as SQL: its code by `told`, so that papers can be held against each other, or what
    stands there where that is none."""
    whens = " ".join(f"WHEN '{text.replace(chr(39), chr(39) * 2)}' THEN '{code}'" for text, code in told.items())
    return f"CASE {column} {whens} ELSE {column} END" if whens else column


def unknown(column: str) -> str:
    """SQL of whether a country, as `code_or_name` gives it, is told and is none."""
    return f"({column} IS NOT NULL AND {column} NOT IN ({', '.join(map(repr, (*countries(), *_MORE)))}))"


def differ(one: str, other: str) -> str:
    """SQL of whether two countries are known to be two: a parcel to Réunion may say that it goes to France."""
    return f"({_coded(one)} AND {_coded(other)} AND {_post(one)} <> {_post(other)})"


def _coded(column: str) -> str:
    return f"(regexp_full_match({column}, '[A-Z][A-Z]') AND {column} NOT IN ('ZZ', 'XX'))"


def _post(column: str) -> str:
    whens = " ".join(f"WHEN '{place}' THEN '{country}'" for place, country in _POST_OF.items())
    return f"CASE {column} {whens} ELSE {column} END"
