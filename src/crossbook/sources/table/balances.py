"""What tells a running balance: the header of one before each row, or of what is owed; the order in which the rows
stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

# A balance that stands before its row moved it; beside it many tables have the one after.
_BEFORE = re.compile(
    r"(?<![当目现])前.{0,2}(?:余额|结余)|(?:原|期初|上期|上次|上笔|初始|起始)(?:账户)?(?:余额|结余)|"
    r"(?<![當目])前.{0,2}餘額|(?:原|期初|上期)餘額|(?<!現)前.{0,2}残高|거래\s?전\s?잔액|이전\s?잔액|"
    r"\b(?:opening|starting|beginning|previous|prior|initial|old|last)\s+(?:\w+\s+)?balance|"
    r"\bbalance\s+(?:before|b/?f)|"
    r"\b(?:pre|before)[ -](?:transaction\s+)?balance|"
    r"\b(?:alter|vorheriger|voriger|bisheriger|ursprünglicher)\s+(?:konto)?(?:saldo|stand)|"
    r"\b(?:anfangs|ausgangs|vor)(?:konto)?(?:saldo|stand)|(?:konto)?(?:saldo|stand)\s+vor(?:her)?\b|"
    r"\b(?:ancien|précédent)\s+solde|\bsolde\s+(?:initial|précédent|antérieur|avant|d.ouverture)|"
    r"\bsaldo\s+(?:inicial|iniziale|anterior|precedente|prima|antes|previo|de apertura|przed|początkowe|vóór|voor)|"
    r"\b(?:vorig|oud|begin)\s?saldo|\b(?:начальный|входящий|предыдущий)\s+остаток|\bостаток\s+до\b|"
    r"\b(?:önceki|eski|açılış)\s+bakiye",
    re.IGNORECASE,
)
# A balance that rises with what is spent: of a card, a loan, a bill.
_OWED = re.compile(
    r"\bow(?:ed|ing)\b|\boutstanding\b|\b(?:amount|balance)\s+due\b|欠款|应还|未还|待还|应付余额|已用额度|透支余额|"
    r"\bdû\b|\brestant\s+dû|geschuldet|offener\s+(?:saldo|betrag)|restschuld|\bdeuda|adeudado|\bdebito\s+residuo|"
    r"\bdevedor|利用残高|請求残高|未払|ご利用残高|openstaand",
    re.IGNORECASE,
)


def is_before(header: str) -> bool:
    """Whether a header names the balance before its row: 交易前余额, Starting Balance, Alter Saldo."""
    return _BEFORE.search(header.replace("_", " ")) is not None


def is_owed(header: str) -> bool:
    """Whether a header names a balance that is owed, so that it rises with what is spent."""
    return _OWED.search(header.replace("_", " ")) is not None


def ascending(readings: Sequence[Sequence[date | None]]) -> bool | None:
    """Whether rows run from old to new by their days, of which there is a reading in each order of day and month that
    is open; None where they do not run in order, are all of one day, or the readings tell different things."""
    found = {_ascending(days) for days in readings}
    return found.pop() if len(found) == 1 else None


def _ascending(read: Sequence[date | None]) -> bool | None:
    days = [day for day in read if day is not None]
    if len(days) != len(read) or len(set(days)) < 2:
        return None
    if all(a <= b for a, b in pairwise(days)):
        return True
    return False if all(a >= b for a, b in pairwise(days)) else None
