"""Which encoding of before Unicode makes known words of a text: those of headers, in the script that it is made for.

The bytes of Korean text are Chinese text too, those of Russian or Polish text are Western letters: only what they say
tells which it is.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

LOOKED_AT = 8192  # bytes: the lines above a table, its header and some rows
# An encoding, the letters that its words have, and how many words must be found: two signs may be chance.
_MADE_FOR = {
    "cp949": (r"[가-힣]", 2),
    "euc_jp": (r"[ぁ-んァ-ン残高円駅払]|日付|取引|入金|出金", 2),
    "cp1251": (r"[а-яё]{4}", 1),
    "koi8_r": (r"[а-яё]{4}", 1),
    "cp1250": (r"[ąćęłńśźżěščřžůťďňőű]", 1),
    "iso8859_2": (r"[ąśźšťž]", 1),
    "cp1254": (r"[ğışİ]", 1),
    "cp1253": (r"[α-ωά-ώ]{4}", 1),
    "cp1256": (r"[\u0621-\u064a]{4}", 2),
    "cp874": (r"[ก-๙]{3}", 2),
    # of DOS and of the Macintosh before Unicode: whole words of headers, as letters alone prove less there
    "cp852": (r"[ąćęłńśźżěščřžůťďňőű]", 1),
    "cp850": (r"[äöüßéèêáíóúñçãõ]", 2),
    "mac_roman": (r"[äöüßéèêáíóúñçãõ]", 2),
    "mac_latin2": (r"[ąćęłńśźżěščřžůťďňőű]", 1),
}
# Of languages whose headers `words.toml` has in letters without marks alone.
_FURTHER = (
    *("쿠팡", "네이버", "스마트스토어", "정산", "이체", "송금", "환불", "결제", "입금", "출금"),
    *("거래일자", "거래일시", "입금액", "출금액", "거래내용", "구분", "수수료", "합계", "금액", "날짜", "은행", "계좌"),
    *("日付", "残高", "入金", "出金", "取引", "取引日", "お支払", "お預", "支払", "振込", "円"),
    *("дата", "счет", "счёт", "баланс", "комиссия", "контрагент", "плательщик", "получатель"),
    *("księgowania", "tytuł", "obciążenia", "wpłata", "wypłata", "wartość", "płatność", "złoty", "zleceń", "szczegóły"),
    *(
        "částka",
        "zůstatek",
        "zaúčtování",
        "měna",
        "příjem",
        "účtu",
        "összegű",
        "könyvelési időpont",
        "jóváírás időpontja",
    ),
)


def by_words(raw: bytes, taken: str) -> str:
    """The encoding in which more known words stand than in `taken`, and enough of them; else `taken`."""
    found = {name: _count(raw[:LOOKED_AT], name, *told) for name, told in _MADE_FOR.items()}
    best = max(found, key=lambda name: found[name])
    return best if found[best] > _plain(raw[:LOOKED_AT], taken) else taken


def _count(raw: bytes, encoding: str, letters: str, least: int) -> int:
    """How many known words with such letters a text has in an encoding; 0 where they are fewer than `least`."""
    text = raw.decode(encoding, "replace").lower()
    count = sum(word in text for word in _words() if re.search(letters, word))
    return count if count >= least else 0


def _plain(raw: bytes, encoding: str) -> int:
    text = raw.decode(encoding, "replace").lower()
    return sum(word in text for word in _words())


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    text = files("crossbook.data").joinpath("mapping/words.toml").read_text(encoding="utf-8")
    kinds: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    told = {w.removeprefix("=") for columns in kinds.values() for words in columns.values() for w in words}
    return frozenset(w.lower() for w in (*told, *_FURTHER) if not w.isascii())
