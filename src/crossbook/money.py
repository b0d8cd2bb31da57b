"""Money: whole minor units (cents, fen, yen) with an ISO 4217 code, never floats."""

from __future__ import annotations

import re
from decimal import Decimal

from crossbook.errors import CrossbookError

MAX_MINOR = 10**17  # of one stated amount: a row's columns, added up, then stay well within 64 bits

# ISO 4217 list one (SIX, https://www.six-group.com/en/products-services/financial-information/data-standards.html):
# every active currency has two decimals but for these.
_EXPONENTS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_TWO = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHE CHF CHW CNH CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ "
    "GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK "
    "MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB "
    "SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN "
    "UYU UZS VED VES WST XCD YER ZAR ZMW ZWG"
)
EXPONENT: dict[str, int] = dict.fromkeys(_TWO.split(), 2)
EXPONENT |= {code: exponent for exponent, codes in _EXPONENTS.items() for code in codes.split()}
EXPONENT["XBT"] = 8  # bitcoin, by the code that markets use: ISO 4217 has none

# What people and bank exports write instead of the code.
_ALIASES = {
    "RMB": "CNY",
    "人民币": "CNY",
    "美元": "USD",
    "欧元": "EUR",
    "英镑": "GBP",
    "日元": "JPY",
    "港币": "HKD",
}


def currency(text: str) -> str:
    """The ISO 4217 code meant by `text` ("usd", "RMB", "美元"). Raises ValueError when there is none."""
    code = _ALIASES.get(text.strip(), text.strip().upper())
    code = _ALIASES.get(code, code)
    if code not in EXPONENT:
        raise ValueError("unknown currency")
    return code


def exponent(code: str) -> int:
    """How many decimals the currency has (USD 2, JPY 0, KWD 3)."""
    try:
        return EXPONENT[code]
    except KeyError:
        raise CrossbookError(f"unknown currency {code!r}", todo="use an ISO 4217 code such as USD") from None


_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+")
_SMALL = re.compile(r"[+-]?\d{1,20}(\.\d{0,20})?[eE]-\d{1,2}")  # as programs write what is near nothing: 1e-06
_SYMBOLS = str.maketrans("", "", "$€£¥￥ \u00a0\u202f'’\t")
_DIGITS = "".join(chr(zero + n) for zero in (0xFF10, 0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50) for n in range(10))
# Full-width, Arabic, Persian, Devanagari, Bengali and Thai digits, and the marks written with them.
_WIDE = str.maketrans(_DIGITS + "．，٫٬－＋−–（）", "0123456789" * 6 + ".,.,-+--()")


def parse(text: str, decimals: int, point: str = ".") -> int:
    """Minor units in `text`, which writes its decimals after `point` ("." or ",").

    Takes thousands separators, currency signs, digits of other scripts, a trailing minus and accountants' brackets.
    Raises ValueError with the reason when the text is no amount, is finer than the currency, or is over 10^17.
    """
    clean = text.translate(_WIDE).translate(_SYMBOLS)
    negative = False
    if clean.startswith("(") and clean.endswith(")"):
        negative, clean = True, clean[1:-1]
    if clean.endswith("-"):
        negative, clean = True, clean[:-1]
    other = "," if point == "." else "."
    if other in clean:
        head, _, tail = clean.partition(point)
        groups = head.lstrip("+-").split(other)
        if other in tail or not all(len(g) == 3 for g in groups[1:]) or not 1 <= len(groups[0]) <= 3:
            raise ValueError(f"not an amount (decimals are written after {point!r} here)")
        clean = clean.replace(other, "")
    clean = clean.replace(point, ".")
    if not _NUMBER.fullmatch(clean):
        raise ValueError("not an amount")
    whole, _, fraction = clean.partition(".")
    if fraction[decimals:].strip("0"):
        raise ValueError(f"finer than the currency's smallest unit ({decimals} decimals)")
    sign = -1 if negative ^ whole.startswith("-") else 1
    minor = int((whole.lstrip("+-") or "0") + fraction[:decimals].ljust(decimals, "0"))
    if minor > MAX_MINOR:
        raise ValueError("amount over 10^17 minor units")
    return sign * minor


def parse_rounded(text: str, decimals: int, point: str = ".") -> int:
    """As `parse`, for sources that write parts finer than the currency: those are rounded half away from zero.

    Powers of ten below one are read; those above it may have lost digits in a spreadsheet, and are none.
    """
    if _SMALL.fullmatch(text.strip()):
        text = format(Decimal(text.strip()), "f").replace(".", point)
    head, mark, tail = text.partition(point)
    fraction = tail[: len(tail) - len(tail.lstrip("0123456789"))]
    if len(fraction) <= decimals:
        return parse(text, decimals, point)
    minor = parse(head + mark + fraction[:decimals] + tail[len(fraction) :], decimals, point)
    up = fraction[decimals] >= "5"
    return minor + (0 if not up else -1 if "-" in text or "(" in text else 1)


def decimal_point(samples: list[str], decimals: int = 2) -> str:
    """The decimal separator that the amounts of one file use: "." or ",".

    Decided by amounts that admit one reading only. "1,234" alone has thousands when no currency of the file has
    more than two `decimals`; "." when nothing tells. Raises ValueError when the samples contradict each other, or
    when three decimals are possible and every sample can be read both ways.
    """
    seen, doubts = _marks(samples)
    if len(seen) > 1 or (not seen and len(doubts) > 1):
        raise ValueError("amounts with decimal point and with decimal comma in one file")
    if seen:
        return seen.pop()
    if doubts and decimals > 2:
        raise ValueError(f"cannot tell whether the {next(iter(doubts))!r} in the amounts marks thousands or decimals")
    return "." if "," in doubts or not doubts else ","


def undecided(samples: list[str]) -> str:
    """The first amount that may be read both ways, with thousands or with three decimals ("1.505"), where no amount of
    the file admits one reading only; "" where one does."""
    seen, doubts = _marks(samples)
    return next(iter(doubts.values())) if not seen and len(doubts) == 1 else ""


def _marks(samples: list[str]) -> tuple[set[str], dict[str, str]]:
    """The decimal signs that amounts show to be one, and the marks that may be either, each with the first amount."""
    seen: set[str] = set()
    doubts: dict[str, str] = {}
    for text in samples:
        clean = text.translate(_WIDE).translate(_SYMBOLS).strip("+-()")
        marks = [c for c in clean if c in ".,"]
        if not marks:
            continue
        last = clean.rindex(marks[-1])
        if len(set(marks)) == 2 or (len(marks) == 1 and len(clean) - last - 1 != 3):
            seen.add(marks[-1])
        elif len(marks) > 1:
            seen.add("," if marks[-1] == "." else ".")
        elif clean.startswith("0"):
            seen.add(marks[-1])
        else:
            doubts.setdefault(marks[-1], text)
    return seen, doubts


def to_decimal(minor: int, code: str) -> Decimal:
    """The amount in whole currency units, exact."""
    return Decimal(minor).scaleb(-exponent(code))


def plain(minor: int, code: str) -> str:
    """The amount with a decimal point and all its decimals, for files: 123456 USD -> "1234.56"."""
    return f"{to_decimal(minor, code):.{exponent(code)}f}"


def band(power: int, code: str) -> str:
    """A power of ten in minor units as the span of money that it stands for.

    >>> band(6, "USD")
    '10,000.00 USD – 99,999.99 USD'
    """
    return f"{show(10**power, code)} – {show(10 ** (power + 1) - 1, code)}"


def show(minor: int | None, code: str) -> str:
    """The amount for people, grouped by thousands, with its code: "1,234.56 USD"."""
    if minor is None:
        return "—"
    return f"{to_decimal(minor, code):,.{exponent(code)}f} {code}"
