"""Amounts as tables write them: units of currencies, brackets, minus signs of all kinds, debit and credit marks."""

from __future__ import annotations

import re
import unicodedata

from crossbook import money

NOTHING = frozenset({"-", "--", "---", "—", "–", "/", "n/a", "nil"})  # what stands where there is no amount
_WIDE = str.maketrans("０１２３４５６７８９．，＋－−–—﹣‐‑（）", "0123456789.,+-------()")
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u200b\u202f'’`]+")
_INDIAN = re.compile(r"\d{1,2}(,\d{2})+,\d{3}(\.\d*)?")
# Units whose currency is not in doubt; those without one ("元", "$", "¥") are used for several.
UNITS = {
    "元": None,
    "圆": None,
    "$": None,
    "¥": None,
    "￥": None,
    "kr": None,
    "人民币": "CNY",
    "人民币元": "CNY",
    "美元": "USD",
    "欧元": "EUR",
    "英镑": "GBP",
    "港元": "HKD",
    "港币": "HKD",
    "日元": "JPY",
    "円": "JPY",
    "us$": "USD",
    "hk$": "HKD",
    "r$": "BRL",
    "c$": "CAD",
    "ca$": "CAD",
    "au$": "AUD",
    "nz$": "NZD",
    "a$": "AUD",
    "s$": "SGD",
    "nt$": "TWD",
    "€": "EUR",
    "£": "GBP",
    "₩": "KRW",
    "원": "KRW",
    "₹": "INR",
    "zł": "PLN",
    "rmb": "CNY",
    "新台幣": "TWD",
    "新臺幣": "TWD",
    "新台币": "TWD",
    "台幣": "TWD",
    "臺幣": "TWD",
    "台币": "TWD",
    "澳门元": "MOP",
    "澳門幣": "MOP",
    "mx$": "MXN",
    "ar$": "ARS",
    "cl$": "CLP",
    "rm": "MYR",
    "rp": "IDR",
    "rp.": "IDR",
    "₱": "PHP",
    "฿": "THB",
    "บาท": "THB",
    "₫": "VND",
    "đ": "VND",
    "đồng": "VND",
    "vnđ": "VND",
    "kč": "CZK",
    "ft": "HUF",
    "₺": "TRY",
    "tl": "TRY",
    "₽": "RUB",
    "₴": "UAH",
    "грн": "UAH",
    "грн.": "UAH",
    "₸": "KZT",
    "тг": "KZT",
    "₪": "ILS",
    "лв": "BGN",
    "лв.": "BGN",
    "₦": "NGN",
    "ksh": "KES",
    "s/": "PEN",
    "s/.": "PEN",
    "fr.": "CHF",
    "sfr.": "CHF",
    "r": "ZAR",
    # used for several: rupees, roubles, lei, dirhams, riyals
    "rs": None,
    "rs.": None,
    "₨": None,
    "руб": None,
    "руб.": None,
    "р.": None,
    "lei": None,
    "dh": None,
    "dhs": None,
    "sr": None,
    "kr.": None,
}
_UNIT = r"[^\d.,+()\-]{1,4}\.?"
_AMOUNT = re.compile(
    rf"(?P<open>\()?(?P<s1>[+-])?(?P<u1>{_UNIT})?(?P<s2>[+-])?(?P<n>\d[\d.,]*|[.,]\d+)"
    rf"(?P<s3>[+-])?(?P<u2>{_UNIT})?(?P<s4>[+-])?(?P<close>\))?(?P<u3>{_UNIT})?"
)
# Words of a header, or of a line above it, for amounts that are no whole units of a currency.
_PARTS_ZH = r"(?<!\d)[十百千万萬亿億]+\s*[美欧港日]?[元圆円]|[백천만억]+원"
_PARTS = (
    r"(?<![^\W_])(?:(?<!per )cents?|pence|centimes?|céntimos?|centavos?|centesimi|öre|minor units?|thousands?|"
    r"millions?|lakhs?|crores?|tausend|tsd|milliers|migliaia|тыс|млн|копе[а-я]+|[tk](?:eur|usd|gbp|€|\$))(?![^\W_])"
)
_SCALED = re.compile(
    rf"{_PARTS_ZH}|{_PARTS}|[(（\[【/：:]\s*(?:单位[:：])?(?:人民币)?(?P<one>[分角千万萬亿億百])\s*(?=[)）\]】]|$)|"
    r"[($€£'’]\s*000'?s?(?![\d.,])|[(\[]\s*[km]\s*[)\]]",
    re.IGNORECASE,
)
_SCALED_ABOVE = re.compile(
    rf"[单單単]位\s*[:：]?\s*(?:人民币)?\s*(?:{_PARTS_ZH}|(?P<one>[分角千万萬亿億])(?=[)）\]】\s,，;]|$))|"
    rf"(?<![^\W_])in\s+(?:(?-i:[A-Z]{{3}})\s+)?{_PARTS}",
    re.IGNORECASE,
)
_BEFORE = frozenset({"r"})  # a unit before an amount alone: behind it the letter marks something else
_MARKS = {"cr": "", "dr": "-", "db": "-"}  # behind an amount: credited, debited
_LETTERS = {"c": "", "d": "-", "h": "", "s": "-"}  # as banks in Brazil and in Germany write it, behind decimals


def unquoted(text: str) -> str:
    """The text that a cell shows: without ="…" around it, and the mark that keeps a workbook from reading a number."""
    clean = text.strip()
    if clean.startswith('="') and clean.endswith('"'):
        clean = clean[2:-1]
    return clean.strip().removeprefix("'")


def bare(text: str) -> tuple[str, str | None]:
    """The amount in `text` with a leading minus and nothing else around its figures, and the currency of its unit.

    A text that is no amount comes back as it is; what stands for no amount comes back empty.
    """
    clean = _SPACES.sub("", unquoted(text).translate(_WIDE))
    if text.strip().lower() in NOTHING or clean in {"-", "--", "---"}:
        return "", None
    match = _AMOUNT.fullmatch(clean)
    if match is None or bool(match["open"]) != bool(match["close"]):
        return text, None
    code, minus = None, bool(match["open"]) or "-" in {match["s1"], match["s2"], match["s3"], match["s4"]}
    for unit in (u.lower() for u in (match["u1"], match["u2"], match["u3"]) if u):
        if unit in _MARKS:
            minus = minus or _MARKS[unit] == "-"
        elif unit in _LETTERS and not match["u1"] and re.search(r"[.,]\d\d$", match["n"]):
            minus = minus or _LETTERS[unit] == "-"
        elif unit in UNITS and not (unit in _BEFORE and not match["u1"]):
            code = UNITS[unit] or code
        elif unit.upper() in money.EXPONENT:
            code = unit.upper()
        else:
            return text, None
    figures = match["n"].replace(",", "") if _INDIAN.fullmatch(match["n"]) else match["n"]
    return ("-" if minus else "") + figures, code


def is_amount(text: str) -> bool:
    """Whether a cell holds an amount, in any way of writing one."""
    figures, _ = bare(text)
    return bool(figures) and re.fullmatch(r"-?[\d.,]+", figures) is not None


def scaled(text: str, *, above: bool = False) -> str | None:
    """What a header says of amounts that are no whole units of a currency, as it writes it: 万元, cents, in thousands;
    None where it says nothing such. `above`: whether the text is of a line above the table, which must name the unit as
    one."""
    match = (_SCALED_ABOVE if above else _SCALED).search(text)
    return None if match is None else match["one"] or match[0].strip("([（【 ")


_CODED = {name: code for name, code in UNITS.items() if code}
_IN_CHINESE = {name: code for name, code in _CODED.items() if len(name) > 1 and re.search(r"[\u4e00-\u9fff]", name)}
_SIGNS = {name: code for name, code in _CODED.items() if len(name) == 1 and unicodedata.category(name) == "Sc"}
# Units of letters stand anywhere where no other word is written so, else in brackets alone: "amount (RM)", "Kwota zł".
_WORDS = [n for n in _CODED if n.endswith("$") or (len(n) > 1 and not n.isascii() and n not in _IN_CHINESE)]
_UNIT_WORD = re.compile(
    "|".join(rf"(?<![^\W_]){re.escape(n)}(?![^\W_])" for n in sorted(_WORDS, key=len, reverse=True))
)
_BRACKETED = re.compile(r"[(\[（【]\s{0,9}([^()\[\]（）【】]{1,5}?)\s{0,9}[)\]）】]")


def code_in(text: str) -> str | None:
    """The one currency that a header or a label names, by its code, its name or its unit (S$, RM, zł); None where it
    names none or several."""
    found = {w for w in re.findall(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])", text.upper()) if w in money.EXPONENT}
    if "RMB" in text.upper():
        found.add("CNY")
    found |= {code for name, code in _IN_CHINESE.items() if name in text}
    found |= {code for sign, code in _SIGNS.items() if sign in text}
    found |= {_CODED[unit] for unit in _UNIT_WORD.findall(text.lower())}
    found |= {_CODED[unit] for told in _BRACKETED.findall(text.lower()) if (unit := told.replace(" ", "")) in _CODED}
    found |= {"USD" for name in ("美金",) if name in text}
    found |= {"EUR" for _ in re.findall(r"(?<![^\W_])euros?(?![^\W_])", text, re.IGNORECASE)}
    return found.pop() if len(found) == 1 else None
