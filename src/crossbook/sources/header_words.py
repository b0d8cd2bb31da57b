"""Which header of a table is which column of a kind of fact: by our own names for them, then by the shipped words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from crossbook.errors import CrossbookError
from crossbook.sources.mapping_spec import BEFORE, NEEDED, allowed
from crossbook.sources.settlement_spec import OF_A_BALANCE, STATUS, implied
from crossbook.sources.table import amounts, balances
from crossbook.sources.table.layout import JOIN

_UNIT = re.compile(r"(.{0,200}\S)\s{0,9}[(（\[]\s{0,9}([^()（）\[\]]{1,5}?)\s{0,9}[)）\]]")
# What a settlement's net amount is called last: the gross one, and what is a part of it or of something else.
_PART = re.compile(
    r"^(?!.*(?:\bnet|after|less|abzügl|nach|扣除|净|incl\w*\.? ?tax)).*(?:gross|brut|lordo|総額|毛额|refund|\bfees?\b|"
    r"\btax|\bvat\b|\bwht\b|withh|commission|discount|promotion|shipping|退款|佣金|税)",
    re.IGNORECASE,
)
_UNITS = frozenset(amounts.UNITS)


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, tuple[str, ...]]]:
    """{kind: {column: the words of headers that tell it}}, of `data/mapping/words.toml`, in the order of trying."""
    text = files("crossbook.data").joinpath("mapping/words.toml").read_text(encoding="utf-8")
    kinds: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    return {kind: {column: tuple(told) for column, told in columns.items()} for kind, columns in kinds.items()}


def columns_of(kind: str) -> tuple[str, ...]:
    """The columns that a mapping of this kind may name. Raises CrossbookError for an unknown kind."""
    if kind not in words():
        raise CrossbookError(f"no kind {kind!r}", todo=f"use one of {', '.join(words())}")
    return tuple(column for column in words()[kind] if column != STATUS)


def match(kind: str, header: Sequence[str], *, two: bool = False) -> dict[str, str] | None:
    """The columns that the headers (in lower case) name; None where one is lacking that the kind needs. `two`: whether
    the header stands on two lines, so that the lower one may name a side alone, as "amount/in" does."""
    columns = _own(kind, header)
    for column, told in words()[kind].items():
        free = [h for h in header if h not in columns.values() and not h.startswith("=")]
        if column in ("balance", BEFORE):
            free = [h for h in free if balances.is_before(h) is (column == BEFORE)]
        net = [h for h in free if not _PART.search(h)] if kind == "settlement" and column == "amount" else free
        hit = _hit(told, net, two=two)
        if hit is None and net != free and "credit" not in columns:
            hit = _hit(told, free, two=two)
        if hit:
            columns.setdefault(column, hit)
        if column == "debit" and ("credit" in columns) != ("debit" in columns):
            # one side alone is none: 入出金 has the word for money out
            columns = {n: h for n, h in columns.items() if n not in ("credit", "debit") or n == h}
    if ("credit" in columns) != ("debit" in columns):
        columns.pop("credit", None)
        columns.pop("debit", None)
    if "credit" in columns and kind != "settlement":
        columns.pop("amount", None)
    return {n: columns[n] for n in _in_order(kind) if n in columns} if _whole(kind, columns) else None


def told(kind: str, column: str, headers: Sequence[str]) -> str | None:
    """The header, in small letters, that the words of a column name first; None where none does."""
    return _hit(words()[kind][column], headers, two=False)


def _hit(told: tuple[str, ...], headers: Sequence[str], *, two: bool) -> str | None:
    """The header that a word is, else one that it stands in."""
    rank, parts = _ranked(told)
    named = [
        (rank[form], place) for place, h in enumerate(headers) for form in (*_forms(h), *_lower(h, two)) if form in rank
    ]
    if named:
        return headers[min(named)[1]]
    together = "\n".join(text for h in headers for text in _texts(h))
    return next((h for w in parts if w in together for h in headers if _holds(h, w)), None)


@lru_cache(maxsize=1024)
def _ranked(told: tuple[str, ...]) -> tuple[dict[str, int], tuple[str, ...]]:
    """The place of each word in the order of trying, and the words that may stand in a header."""
    plain = [w.removeprefix("=") for w in told]
    return {w: plain.index(w) for w in plain}, tuple(w for w in told if not w.startswith("="))


def lacking(kind: str, header: Sequence[str]) -> list[str]:
    """The columns that a kind needs and none of the headers (in lower case) names."""
    told = words()[kind]
    sides = ("credit", "debit") if {"credit", "debit"} <= set(told) else ()
    other = {"day": "posted_at"} if kind in OF_A_BALANCE else {}  # either of them will do

    def told_of(column: str) -> bool:
        return any(named(h, (column, *told.get(column, ()))) for h in header)

    found = [n for n in NEEDED[kind] if not told_of(n) and not told_of(other.get(n, n))]
    return [other.get(n, n) for n in found if not (n == "amount" and sides and all(map(told_of, sides)))]


def named(header: str, told: Sequence[str]) -> bool:
    """Whether a header, in small letters, is one of these words, or holds one that may stand in it."""
    return any(_is(header, w.removeprefix("="), two=False) or (w[0] != "=" and _holds(header, w)) for w in told)


def names(kind: str, column: str, header: str) -> bool:
    """Whether a known word in a header on two lines names this column."""
    plain = [header, *header.split(JOIN)]
    return any(w.removeprefix("=") in plain or (w[0] != "=" and _holds(header, w)) for w in words()[kind][column])


def _whole(kind: str, columns: dict[str, str]) -> bool:
    given = set(columns) | ({"amount"} if {"credit", "debit"} <= set(columns) else set())
    if kind in OF_A_BALANCE:
        given |= implied({"columns": columns})
    return all(name in given for name in NEEDED[kind])


def _own(kind: str, header: Sequence[str]) -> dict[str, str]:
    """The columns whose headers are our own names for them. A name of one word, such as "total", is an ordinary word
    too, and means the column only where all that the kind needs is named so."""
    found = {name: name for name in _in_order(kind) if name in header}
    return found if _whole(kind, found) else {name: name for name in found if "_" in name}


def _in_order(kind: str) -> list[str]:
    """The columns of a kind in the order of trying, those without words at the end."""
    return list(dict.fromkeys([*words()[kind], *sorted(allowed(kind))]))


def _is(header: str, word: str, *, two: bool) -> bool:
    return word in _forms(header) or word in _lower(header, two)


def _holds(header: str, word: str) -> bool:
    return any(word in text for text in _texts(header))


@lru_cache(maxsize=4096)
def _forms(header: str) -> tuple[str, ...]:
    """A header as it stands, with spaces, and without its unit."""
    return tuple(dict.fromkeys((header, _spaced(header), _without_unit(header))))


@lru_cache(maxsize=4096)
def _texts(header: str) -> tuple[str, ...]:
    """What a word may stand in: a header as it stands, on one line, and with spaces."""
    return tuple(dict.fromkeys((header, header.replace(JOIN, ""), _spaced(header))))


def _lower(header: str, two: bool) -> tuple[str, ...]:
    """The lower line of a header on two."""
    return (header.rpartition(JOIN)[2],) if two else ()


def _without_unit(header: str) -> str:
    """A header without the unit in brackets behind it: "valor" of "valor (r$)"."""
    found = _UNIT.fullmatch(header)
    return found[1] if found and (found[2] in _UNITS or amounts.code_in(header) is not None) else header


def _spaced(header: str) -> str:
    """A header as programs write it ("order_date"), with spaces."""
    return header.replace("_", " ")


def of_fees(header: str) -> bool:
    """Whether a header, in small letters, names fees."""
    told = words()["wallet"]["fee"]
    return any(header == w.removeprefix("=") or (not w.startswith("=") and w in header) for w in told)
