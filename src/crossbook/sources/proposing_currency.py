"""The currency of a table that does not say it: what a workbook shows its amounts in, else a guess."""

from __future__ import annotations

import re
from pathlib import Path

from stdnum import iban

from crossbook.sources import spreadsheet
from crossbook.sources.table_found import Found

# Countries that pay in euros: https://www.ecb.europa.eu/euro/intro/html/index.en.html
_EURO = frozenset("AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split())


def shown(path: Path, found: Found, columns: dict[str, str]) -> frozenset[str]:
    """The currencies, of which one is, that a workbook shows all amounts in; none where it shows several, or none."""
    if found.head.encoding != spreadsheet.ENCODING:
        return frozenset()
    names = [n for n in ("amount", "credit", "debit", "balance", "total") if n in columns]
    places = [found.layout.plain.index(columns[n]) for n in names if columns[n] in found.layout.plain]
    told = spreadsheet.shown_in(path, path.name, found.layout.sheet, places, found.layout.line)
    return frozenset.intersection(*told) if told else frozenset()


def guessed(found: Found, account: str, shown: frozenset[str]) -> str:
    """The currency that is usual where headers are in this script, or where the account is an IBAN of the euro area; of
    several that a workbook shows one of those."""
    guess = _likely("".join(found.layout.plain), found.head.encoding)
    if guess == "USD" and account[:2].upper() in _EURO and iban.is_valid(account):
        guess = "EUR"
    if guess == "CNY" and found.kind not in ("bank", "wallet"):
        guess = "USD"  # a platform's sheet in Chinese is of sales abroad
    if shown and guess not in shown:  # a sign of several: the one that is usual
        return next(iter([*({"CNY", "USD"} & shown), *sorted(shown)]))
    return guess


def _likely(headers: str, encoding: str) -> str:
    """The currency of the country whose script the headers are in: no more than a guess."""
    if encoding in ("cp932", "shift_jis", "euc_jp"):
        return "JPY"
    scripts = (
        ("[\u3040-\u30ff売払込発済価読駅]", "JPY"),  # kana, and characters that are written so in Japan alone
        ("[\uac00-\ud7a3]", "KRW"),
        ("[\u0400-\u04ff]", "RUB"),
        ("[\u4e00-\u9fff]", "CNY"),
        ("[\u0e00-\u0e7f]", "THB"),
        ("tanggal|keterangan", "IDR"),
        ("[ăđơư]", "VND"),
        ("[ğşı]", "TRY"),
    )
    return next((code for letters, code in scripts if re.search(letters, headers)), "USD")
