"""What a platform's words say a settlement line is: by a mapping's table, then by the shipped vocabulary."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from crossbook.facts.settlement import LINE_KINDS

GUESS = "?"  # behind a kind that is only proposed; alone where none is

# Which way a kind moves money by itself; the others go either way.
WAYS = dict.fromkeys(("sale", "shipping", "reimbursement", "deposit", "dispute_release", "reserve_release"), 1) | (
    dict.fromkeys(
        ("fee", "refund", "chargeback", "dispute_hold", "reserve_hold", "withdrawal", "advertising", "storage"), -1
    )
)
IN_A_REFUND = {"sale": "refund", "shipping": "refund", "tax": "refund", "promotion": "refund", "fee": "refund_fee"}


def plain(word: str) -> str:
    """A word as it is compared."""
    return " ".join(word.split()).lower()


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Any]:
    return tomllib.loads(files("crossbook.data").joinpath("mapping/types.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _whole() -> dict[str, str]:
    return {plain(word): kind for kind, words in _shipped()["whole"].items() for word in words}


@lru_cache(maxsize=1)
def _within() -> list[tuple[str, str]]:
    found = [(word, kind) for kind, words in _shipped()["within"].items() for word in words]
    last = {
        "withdrawal": 1,
        "deposit": 1,
        "sale": 2,
    }  # "fees of orders" are no sale, nor a "withdrawal fee" a withdrawal
    return sorted(found, key=lambda pair: (last.get(pair[1], 0), -len(pair[0])))


# behind what a column is of
_WITH_TAX = re.compile(r"\s{0,3}[(（](?:(?:price )?incl|excl|含|未|termasuk)[^()（）]{0,99}[)）]$")


def shipped(word: str) -> str | None:
    """The kind of line that a word means on every platform; None where there is none."""
    text = plain(word)
    return _whole().get(text) or _whole().get(_WITH_TAX.sub("", text))


def proposed(word: str) -> str:
    """A kind for a word: sure, a guess (`fee?`), or `?` alone."""
    if kind := shipped(word):
        return kind
    text = plain(word)
    return next((f"{kind}{GUESS}" for told, kind in _within() if told in text), GUESS)


def is_type(kind: Any) -> bool:
    """Whether a mapping may say this of a word."""
    return isinstance(kind, str) and (kind == GUESS or kind.removesuffix(GUESS) in LINE_KINDS)


def signed(kind: str) -> tuple[str, int]:
    """The kind of a column of amounts, and -1 where a minus before it says that they are taken off, else 1."""
    return kind.removeprefix("-"), -1 if kind.startswith("-") else 1


class Types:
    """The words of a mapping: whole ones first, then those with `*`, the longest first, then the shipped vocabulary."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self._whole = {plain(w): kind for w, kind in told.items() if "*" not in w}
        parts = sorted((w for w in told if "*" in w), key=lambda w: -len(w))
        self.any = "*" in told  # it takes whatever stands there
        self._parts = [(re.compile(".*".join(map(re.escape, plain(w).split("*")))), told[w], w) for w in parts]

    def kind(self, word: str) -> str | None:
        """The kind of a word, a guess taken as it is; None where nobody said."""
        text = plain(word)
        found = self._whole.get(text) or next((k for p, k, _ in self._parts if p.fullmatch(text)), None)
        kind = found or shipped(text) or ""
        return kind.removesuffix(GUESS) or None

    def named(self, word: str) -> bool:
        """Whether the mapping says it of this word, and not of whatever stands there (`"*"`)."""
        text = plain(word)
        return text in self._whole or any(p.fullmatch(text) and p.pattern != ".*" for p, _, _ in self._parts)

    def as_told(self, word: str) -> str:
        """The words of the mapping that this word is read by: with `*` where numbers differ; else the word itself."""
        text = plain(word)
        return word if text in self._whole else next((w for p, _, w in self._parts if p.fullmatch(text)), word)

    def guessed(self, word: str) -> bool:
        """Whether the mapping marks what it says of a word as a guess."""
        text = plain(word)
        found = self._whole.get(text) or next((k for p, k, _ in self._parts if p.fullmatch(text)), "")
        return found.endswith(GUESS) and found != GUESS


def statuses() -> tuple[frozenset[str], frozenset[str]]:
    """Words for what is done, and for what moved no money (yet)."""
    told = _shipped()["status"]
    return frozenset(map(plain, told["done"])), frozenset(map(plain, told["none"]))


def sent(words: Collection[str]) -> list[str]:
    """Of the words of a payout's status those for money that has left the platform and is not at the bank yet."""
    on_its_way = set(_shipped()["status"]["sent"])
    return sorted(found for w in words if (found := plain(w)) in on_its_way)


FEW = 6  # different words of a status
_YES = ("y", "yes", "true", "是", "1", "t", "s", "成功")
_NO = ("n", "no", "false", "否", "0", "f", "失败")
_STATUS = re.compile(
    r"(?:处理|交易|支付|付款|转账|扣款)结果|状态|狀態|状態|상태|status(?![^\W_])|"
    r"(?<![^\W_])(?:statut|статус|state|estado|stato|[ée]tat|estatus|stav|durum)(?![^\W_])",
    re.I,
)
_OF_MONEY = re.compile(
    r"(?:交易|支付|付款|处理|转账)?(?:状态|狀態)|(?:处理|交易|支付|付款|转账|扣款)结果|"
    r"(?:(?:transaction|payment) )?status|(?:umsatz|buchungs|transaktions|zahlungs)status|statut|статус|상태",
    re.I,
)
_OF_OTHERS = re.compile(r"对账|勾对|发票|打印|回单|导出|reconcil|invoice|match|print|export", re.I)  # not of the money


def yes_or_no(header: str, words: Collection[str]) -> tuple[list[str], list[str]]:
    """The words for done and for not done of a column of results that says yes or no; both empty for any other."""
    seen = {plain(w) for w in words} - {""}
    if not re.search(r"结果|result|成功|success", header, re.IGNORECASE) or not seen <= {*_YES, *_NO}:
        return [], []
    return [w for w in _YES if w in seen], [w for w in _NO if w in seen]


def says_status(header: str, words: Collection[str]) -> bool:
    """Whether a column under any header says of some rows that no money moved, in words that are nothing else."""
    seen, (done, none) = {plain(w) for w in words} - {""}, statuses()
    return len(seen) <= FEW and seen <= done | none and bool(seen & none) and not _OF_OTHERS.search(header)


def tells_status(header: str, words: Collection[str]) -> bool:
    """Whether a column says if each row's money moved: by its header, and its words where other things have such a
    header too (the state of an address)."""
    seen = {plain(w) for w in words} - {""}
    if not seen or not _STATUS.search(header) or _OF_OTHERS.search(header):
        return False
    return bool(_OF_MONEY.fullmatch(plain(header)) or seen & frozenset().union(*statuses()))
