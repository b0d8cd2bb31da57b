"""Which of several columns of a statement has the amounts: what a row comes to after its fee, and columns that nothing
tells apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import permutations

from crossbook import money
from crossbook.sources.table.amounts import bare, is_amount
from crossbook.sources.table.following import Following

_AMOUNT = re.compile(
    r"amount|betrag|umsatz|montant|importe|importo|bedrag|kwota|金额|金額|发生额|tutar|\bvalor|сумма|importância|"
    r"\bnett?o?\b|\bgross\b|brutto|净额|實收|实收|到账",
    re.IGNORECASE,
)
_FEE = re.compile(
    r"fee|gebühr|entgelt|frais|comis+i|comiss[aã]o|commission|provision|手续费|服务费|佣金|"
    r"手数料|taxa|tarifa|kosten|prowizja",
    re.IGNORECASE,
)
_OF_SALES = re.compile(
    r"売上|販売額|入金額|sales? (?:price|total)|earnings|proceeds|erlös|ventas?\b|vendite|recettes", re.IGNORECASE
)
_NO_AMOUNT = re.compile(
    r"balance|saldo|solde|余额|餘額|残高|잔액|kontostand|rate|kurs|汇率|税率|currency|währung|币种|"
    r"original|fremd|foreign|原币|外币",
    re.IGNORECASE,
)


def net(headers: Sequence[str], column: Callable[[str], list[str]]) -> tuple[str, str, str] | None:
    """The columns of gross amount, fee and net amount, where every row has one less or plus the other make the third
    and a fee is charged at all; None where no columns do."""
    names = [h for h in headers if h and (_AMOUNT.search(h) or _FEE.search(h)) and not _NO_AMOUNT.search(h)]
    sums = {h: found for h in names if (found := _sums(column(h))) is not None}
    for gross, fee, rest in permutations(sums, 3):
        if not _FEE.search(fee) or _FEE.search(gross) or _FEE.search(rest):
            continue
        rows = list(zip(sums[gross], sums[fee], sums[rest], strict=True))
        if not any(f for _, f, _ in rows) or not all(abs(g - n) == abs(f) for g, f, n in rows):
            continue
        if sum(abs(g) for g, _, _ in rows) >= sum(abs(n) for _, _, n in rows):
            return gross, fee, rest
    return None


def makes_net(headers: Sequence[str], column: Callable[[str], list[str]]) -> tuple[str, str, str] | None:
    """The columns of gross amount, fee and net amount, whatever they are called, where the first two have opposite
    signs and make the third in every row that has any of them; None where no columns do, or several.

    A row with the third alone is of one amount, such as a payout, and proves nothing.
    """
    names = [h for h in dict.fromkeys(headers) if h and not _NO_AMOUNT.search(h)]
    sums = {h: found for h in names if (found := _sums(column(h))) is not None and any(found)}
    triples = [three for three in permutations(sums, 3) if _nets(*(sums[h] for h in three))]
    return triples[0] if len(triples) == 1 else None


def _nets(gross: list[int], fee: list[int], net: list[int]) -> bool:
    rows = [(g, f, n) for g, f, n in zip(gross, fee, net, strict=True) if g or f]
    charged = [(g, f) for g, f, _ in rows if g and f]
    return (
        bool(charged) and all(g + f == n for g, f, n in rows) and all(g * f < 0 and abs(f) < abs(g) for g, f in charged)
    )


def unread(followed: Following) -> Iterator[str]:
    """The headers of columns of money that nothing is read of, though a row has a sum there."""
    used = set(followed.places.values())
    for place, header in enumerate(followed.layout.plain):
        if place in used or not (_AMOUNT.search(header) or _FEE.search(header) or _OF_SALES.search(header)):
            continue
        cells = [row[place] for row in followed.looked.values() if place < len(row) and row[place]]
        if not _NO_AMOUNT.search(header) and any(map(_is_some, cells)) and all(map(is_amount, cells)):
            yield header


def _is_some(text: str) -> bool:
    return any(c in "123456789" for c in text)


def others(followed: Following) -> Iterator[str]:
    """The headers of further columns, all of whose cells are amounts, that may be those meant."""
    used = set(followed.places.values())
    for place, header in enumerate(followed.layout.plain):
        if place in used or not _AMOUNT.search(header) or _NO_AMOUNT.search(header) or _FEE.search(header):
            continue
        cells = [row[place] for row in followed.looked.values() if place < len(row)]
        if any(cells) and all(is_amount(c) for c in cells if c):
            yield header


def _sums(texts: Sequence[str]) -> list[int] | None:
    """The amounts of a column in the smallest unit; an empty cell is none. None where a cell is no amount."""
    if not any(t.strip() for t in texts) or not all(is_amount(t) for t in texts if t.strip()):
        return None
    figures = [bare(t)[0] for t in texts]
    try:
        point = money.decimal_point(sorted({f for f in figures if f}), 2)
        return [money.parse(f, 2, point) if f else 0 for f in figures]
    except ValueError:
        return None
