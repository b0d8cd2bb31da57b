"""Words of goods as the search compares them: English stems, Chinese pairs of characters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

STOP = frozenset(
    "a an and any are as at be by for from has have in into is it its not of on or other others otherwise such than "
    "that the their them these this to used use with without whether which kind elsewhere specified provided articles "
    "article including containing nesoi nesi classification tariff country origin marking applicability modification "
    "ruling affirmation revocation section set sets pcs pc piece pieces pack new hot sale style high quality various "
    "one two three four five six eligibility status agreement program under".split()
)
WORD = re.compile(r"[a-z0-9][a-z0-9'-]*|[\u4e00-\u9fff]+")
NUMBER = re.compile(r"(?!(?:925|304|316|18650)$)\d+|\d+(cm|mm|m|ml|l|g|kg|oz|w|v|mah|inch|in|ft|pcs|pc|pack|hz|x\d+)")
MARKS = str.maketrans({"™": " ", "®": " ", "©": " ", "’": "'", "ʼ": "'"})
AFTER = re.compile(
    r"\b(?:with|in|for|from|without|including|featuring|using|having|containing|compatible|fits)\b", re.I
)
ENDINGS = (("sses", "ss"), ("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("ves", "f"))


def is_chinese(word: str) -> bool:
    """Whether a word is of Chinese characters."""
    return "\u4e00" <= word[0] <= "\u9fff"


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A plain English stem: plurals and the commonest endings."""
    clean = word.strip("-")
    for end, put in ENDINGS:
        if clean.endswith(end) and len(clean) > len(end) + 1:
            return clean[: -len(end)] + put
    if clean.endswith("s") and not clean.endswith(("ss", "us", "is")) and len(clean) > 3:
        clean = clean[:-1]
    for end in ("ing", "ed"):
        if clean.endswith(end) and len(clean) > len(end) + 3:
            return clean[: -len(end)]
    return clean


def plain(text: str) -> list[str]:
    """Words that tell goods apart, in order: no stop words, sizes or counts; joined ones also one by one.

    Full-width letters, curly quotes and signs are levelled first; emojis are no words.
    """
    found = []
    level = unicodedata.normalize("NFKC", text.translate(MARKS)).lower()
    for word in WORD.findall(level):
        if is_chinese(word):
            found.append(word)
            continue
        for part in [word, *word.split("-")] if "-" in word else [word]:
            clean = part.replace("'s", "").replace("'", "").strip("-")
            if len(clean) > 1 and clean not in STOP and not NUMBER.fullmatch(clean):
                found.append(clean)
    return found


def stems(text: str) -> list[str]:
    """What is looked up: stems of the English words; of the Chinese ones pairs of characters, and the last by itself,
    which says what kind of thing it is (a 水杯 and a 塑料杯 are both 杯)."""
    found = []
    for word in plain(text):
        if is_chinese(word):
            *before, end = [word[i : i + 2] for i in range(len(word) - 1)] or [word]
            found += [*before, *([word[-1]] if len(word) > 1 else []), end]
        else:
            found.append(stem(word))
    return found


def goods_themselves(text: str) -> str:
    """The part of a description that says what the thing is: before "with", "in", "for" and the like.

    The whole where that part has no word.
    """
    head = AFTER.split(text, maxsplit=1)[0]
    return head if plain(head) else text
