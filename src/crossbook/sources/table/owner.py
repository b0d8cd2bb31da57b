"""Whose account a table is and in which currency, as the lines above it and its headers say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crossbook import money
from crossbook.sources.table import days, labels
from crossbook.sources.table.amounts import UNITS, code_in

_LABEL = re.compile(r"#?[^\W\d][^\d:：\t]{3,30}[:：]?")


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What the lines above a table say: the account as they write it, a currency under its label, or one only named.
    `called` is an account's name without figures, `several` are accounts of which none is its own, `others` those of
    the other side of a payment."""

    account: str | None
    currency: str | None
    named: str | None
    line: int = 0
    period: tuple[date, date] | None = None
    called: str | None = None
    several: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    bank: bool = False  # whether they are the heading of an account's own statement, not of a bookkeeper's ledger


# Twelve and fourteen figures that begin with this century are mostly the moment of an export.
_NUMBER = re.compile(r"(?!20\d{6}(?:\d{4}|\d{6})?$)\d{10,30}|[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
# An account's number in a title, right behind the word (账户3333交易明细, Account 3333 Statement); a year is none.
_IN_TITLE = re.compile(
    r"(?:[账帐賬帳][户戶戸号號]|尾[号號]|(?<![a-z])(?:account|acct|konto|compte|cuenta|conto|conta)(?![a-z])|口座)"
    r"\s*(?:尾[号號]|no\.?|nr\.?|#)?\s*(?!20\d\d(?!\d))(?!20\d{4}(?:\d\d)?(?!\d))"
    r"(\d{3,})(?!\d*\s*[-/.年月:]\s*\d|[年月日])",
    re.IGNORECASE,
)
_YUAN = re.compile(r"\d\s*元")
_OTHER_YUAN = re.compile(r"[美港欧日台澳加]元")
_STATEMENT = re.compile(
    r"交易明细|账户明细|对账单|流水|交易记录|活期|statement of account|account statement|kontoauszug", re.I
)
_LEDGER = re.compile(r"日记账|明细账|总账|科目|ledger|journal|cash ?book|kassenbuch", re.IGNORECASE)


def _is_banks(text: str) -> bool:
    return bool(_STATEMENT.search(text)) and not _LEDGER.search(text)


_MARKS = ("=", ":", "：")


def stated(above: Sequence[Sequence[str]], foot: Sequence[Sequence[str]] = ()) -> Stated:
    """Read the lines above a header; where none of them names an account, those at the foot of the table.

    A mark in a cell of its own (account | = | 123) is none of their texts, nor is the mark before a number that a
    spreadsheet is to leave as it is ('0123)."""
    above = [[re.sub(r"^'(?=\d)", "", c) for c in row if c.strip() not in _MARKS] for row in above]
    currency = None
    accounts: dict[str, tuple[str, int]] = {}
    for number, row in enumerate(above, start=1):
        text = own = "\t".join(c for c in row if c)
        if number < len(above) and (_LABEL.fullmatch(text) or labels.is_account(text)):  # its value stands below it
            text = "\t".join((text, *(c for c in above[number] if c)))
        for told in labels.accounts(text):
            accounts.setdefault(compact(told), (told, number if told in own else number + 1))
        if currency is None:
            currency = next((found for told in labels.currencies(text) if (found := code(told))), None)
    for number, row in enumerate(above, start=1) if not accounts else ():
        title = " ".join(c for c in row if c)
        if (match := _IN_TITLE.search(title)) and not labels.of_others(title, match.start()):
            accounts.setdefault(match[1], (match[1], number))
    if not accounts and not any(labels.others("\t".join(row)) for row in above):
        below = (told for row in foot for told in labels.accounts("\t".join(c for c in row if c)))
        accounts = {compact(told): (told, 0) for told in below if re.search(r"[0-9@]", told)}
    called = next((told for told, _ in accounts.values() if not re.search(r"[0-9@]", told)), None)
    numbers = [(told, at) for told, at in accounts.values() if re.search(r"[0-9@]", told)]
    one = bool(numbers) and all(same(numbers[0][0], told) for told, _ in numbers)
    account, at = numbers[0] if one else (None, 0)  # of several, none is its own
    text = " ".join(c for row in above for c in row)
    named = code_in(text) or ("CNY" if _YUAN.search(text) and not _OTHER_YUAN.search(text) else None)
    lines = (" ".join(c for c in row if c) for row in above)
    period = next((p for line in lines if (p := days.period(line)) is not None), None)
    return Stated(
        account=account,
        currency=currency,
        named=named,
        line=at or next((at for _, at in accounts.values()), 0),
        period=period,
        called=called,
        several=() if one else tuple(told for told, _ in numbers),
        others=tuple(told for row in above for told in labels.others("\t".join(c for c in row if c))),
        bank=_is_banks(text),
    )


def in_name(stem: str) -> str | None:
    """The number of an account in a file's name (statement_6222021234567890_2026): an IBAN, or ten figures or more that
    are no day or time; None where there is none or more than one."""
    found = [t for t in re.split(r"[^0-9A-Za-z]+", stem) if _NUMBER.fullmatch(t)]
    return found[0] if len(found) == 1 else None


# Codes that are no words of a language, nor parts of names, where they stand alone; the commonest in small letters too.
_CODE_IN_NAME = re.compile(
    r"(?<![A-Za-z])(?:USD|EUR|GBP|CNY|RMB|HKD|JPY|usd|eur|gbp|cny|rmb|hkd|jpy|CHF|AUD|CAD|SGD|NZD|SEK|NOK|DKK|PLN|"
    r"CZK|HUF|MXN|BRL|INR|KRW|TWD|THB|AED|MYR|IDR|VND)(?![A-Za-z])"
)

_NAMES = {n: code for n, code in UNITS.items() if code and len(n) > 1 and re.search(r"[\u4e00-\u9fff]", n)} | {
    "美金": "USD",
    "澳元": "AUD",
    "加元": "CAD",
}


def currency_in_name(stem: str) -> str | None:
    """The one currency that a file's name has, as a code or in Chinese (招行美元户流水, card_USD_2026); None where it
    has none or several."""
    found = {FORMER.get(text.upper(), text.upper()) for text in _CODE_IN_NAME.findall(stem)}
    found |= {code for name, code in _NAMES.items() if name in stem}
    return found.pop() if len(found) == 1 else None


_IN_WORDS = {
    "USD": r"\b(?:us|u\.s\.|american)[ -]?dollars?\b|\bdollar (?:account|statement)|\bdollarkonto|"
    r"dólares|美金|美元|美圆|ドル建|米ドル|달러",
    "EUR": r"\beuro? (?:account|statement)|\beurokonto|ユーロ|유로",
    "GBP": r"\bpounds? sterling\b|\bsterling (?:account|statement)",
    "HKD": r"\bhong kong dollars?\b|港纸",
    "CNY": r"\brenminbi\b|\bchinese yuan\b",
    "JPY": r"\bjapanese yen\b|\byen account",
}


def currency_in_title(text: str) -> str | None:
    """The one currency that a title or a name has, as a code, in Chinese or in words (US dollar account); None where it
    has none or several."""
    found = {code for code, words in _IN_WORDS.items() if re.search(words, text, re.IGNORECASE)}
    found |= {FORMER.get(told.upper(), told.upper()) for told in _CODE_IN_NAME.findall(text)}
    found |= {code for name, code in _NAMES.items() if name in text}
    return found.pop() if len(found) == 1 else None


FORMER = {"RUR": "RUB", "RMB": "CNY"}  # codes that banks still write


def code(text: str) -> str | None:
    """The currency that a label's value means."""
    clean = text.strip()
    try:
        return money.currency(FORMER.get(clean.upper(), clean))
    except ValueError:
        return code_in(clean)


def compact(account: str) -> str:
    """An account's number without the spaces that people read it by."""
    return re.sub(r"[\s\-]", "", account)


def same(account: str, other: str) -> bool | None:
    """Whether two names can be of one account; None where one of them has no number to compare.

    Banks mask numbers with stars and people shorten them to their end: what is shown must be the same. Two of one
    length, nothing of them masked, are of two accounts.
    """
    a, b = compact(account).lower(), compact(other).lower()
    if a == b:
        return True
    if len(a) == len(b) and a[-1:].isdigit() and b[-1:].isdigit() and not re.search(r"[*x•#.…]", a + b):
        return False
    if "@" in a or "@" in b:
        return False if "@" in a and "@" in b else None
    left, right = _end(a), _end(b)
    if not left or not right:
        return None
    length = min(len(left), len(right))
    return left[-length:] == right[-length:]


def is_one(account: str, other: str) -> bool:
    """Whether two names that files give are of one account: without a number, or with a short one, they must be the
    same as they are written."""
    told = same(account, other)
    return compact(account).lower() == compact(other).lower() if told is None else told


def _end(account: str) -> str:
    """The digits at the end of an account's name, three at least."""
    match = re.search(r"(\d{3,})\D*$", account)
    return match[1] if match else ""
