"""Proposing a mapping for an unknown table, by the words in its header."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from crossbook.errors import CrossbookError
from crossbook.facts import KINDS
from crossbook.sources.encoding import read_head
from crossbook.sources.mapping import DELIMITERS, NEEDED
from crossbook.sources.report import HEADER_WITHIN, split_header

_CURRENCY_WORDS = {
    "CNY": ("人民币", "CNY", "RMB"),
    "USD": ("美元", "USD"),
    "EUR": ("欧元", "EUR"),
    "HKD": ("港币", "港元", "HKD"),
    "JPY": ("日元", "JPY"),
    "GBP": ("英镑", "GBP"),
}
_TELLING = {
    "payment": "payer",
    "tracking": "event",
    "receipt": "received_at",
    "invoice": "invoice_id",
    "shipment": "tracking",
    "customs": "declaration",
    "dispute": "opened_on",
    "payout": "payout_id",
    "rate": "rate",
    "entry_line": "duty",
    "product": "cost",
    "tariff": "general",
}

_ACCOUNT = re.compile(
    r"(?:账号|账户号码|帐号|卡号|account (?:number|no\.?))\s*[:：]\s*\[?(\d[\d -]{4,30}\d)(?![\d*xX])", re.IGNORECASE
)


@dataclass(frozen=True)
class Proposal:
    """A proposed mapping: its TOML, and the headers that it leaves unused."""

    name: str
    text: str
    unused: list[str]


def propose(
    path: Path, *, kind: str | None = None, account: str | None = None, currency: str | None = None
) -> Proposal:
    """A mapping for the table in `path`, judged by the words in its header.

    Raises CrossbookError when no header line is found or no kind of fact fits.
    """
    if kind is not None:
        columns_of(kind)
    head = read_head(path, path.name)
    best: tuple[int, str, dict[str, str], list[str]] | None = None
    header_at = 0
    for i, line in enumerate(head.lines[:HEADER_WITHIN]):
        for delimiter in DELIMITERS:
            header = [h for h in split_header(line, delimiter) if h]
            for candidate in [kind] if kind else words():
                columns = _match(candidate, header)
                if columns is None:
                    continue
                score = 2 * len(columns) + 3 * (_TELLING.get(candidate, "") in columns)
                if best is None or score > best[0]:
                    header_at = i
                    best = (score, candidate, columns, [h for h in header if h not in columns.values()])
    if best is None:
        raise CrossbookError(
            "no header was found that names a kind of fact" + (f" {kind!r}" if kind else ""),
            where=path.name,
            todo="name the kind with --kind, or write the mapping by hand (docs/mapping.md)",
        )
    _, chosen, columns, unused = best
    name = account or (_stated_account(head.lines[:header_at]) if chosen == "bank" else None) or path.stem
    stated, remark = currency, ""
    if "currency" not in columns and "currency" in KINDS[chosen].columns and not stated:
        stated = _stated_currency(head.lines[:header_at])
        if not stated:
            stated = "CNY" if chosen == "bank" and not "".join(columns.values()).isascii() else "USD"
            remark = "      # a guess, for the file does not say: correct it if wrong"
    given = None if "currency" in columns or "currency" not in KINDS[chosen].columns else stated
    return Proposal(mapping_name(name), as_toml(chosen, name, columns, given, remark=remark), unused)


def likely_header(path: Path) -> list[str]:
    """The cells of the line that looks most like a header: the widest without figures; empty when none does."""
    best: list[str] = []
    for line in read_head(path, path.name).lines[:HEADER_WITHIN]:
        for delimiter in DELIMITERS:
            cells = [h for h in split_header(line, delimiter) if h]
            figures = any(c.replace(".", "").replace("-", "").replace("/", "").isdigit() for c in cells)
            if len(cells) > max(1, len(best)) and not figures:
                best = cells
    return best


def mapping_name(account: str) -> str:
    """What a mapping is called: the account's name in letters, digits, - and _."""
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in account)


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
    return tuple(words()[kind])


def as_toml(
    kind: str,
    account: str,
    columns: dict[str, str],
    currency: str | None,
    *,
    date_order: str = "ymd",
    zone: str = "Asia/Shanghai",
    remark: str = "",
) -> str:
    """A mapping's text."""
    lines = [f'kind = "{_quoted(kind)}"', f'account = "{_quoted(account)}"']
    if currency:
        lines.append(f'currency = "{_quoted(currency)}"{remark}')
    lines += [f'date_order = "{_quoted(date_order)}"      # ymd, mdy or dmy', f'zone = "{_quoted(zone)}"', ""]
    lines += ["[columns]", *(f'{_key(column)} = "{_quoted(header)}"' for column, header in columns.items())]
    return "\n".join(lines) + "\n"


def _key(column: str) -> str:
    return column if column.isidentifier() and column.isascii() else f'"{_quoted(column)}"'


def _stated_currency(preamble: list[str]) -> str | None:
    """The one currency that the lines above a header name."""
    text = " ".join(preamble).upper()
    named = {code for code, words in _CURRENCY_WORDS.items() if any(w in text for w in words)}
    return named.pop() if len(named) == 1 else None


def _stated_account(preamble: list[str]) -> str | None:
    """The one account number that the lines above a header state, without its spaces; none that is masked."""
    named = {re.sub(r"[ -]", "", number) for line in preamble for number in _ACCOUNT.findall(line)}
    return named.pop() if len(named) == 1 else None


def _quoted(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return printable.replace("\\", "\\\\").replace('"', '\\"')


def _match(kind: str, header: list[str]) -> dict[str, str] | None:
    columns: dict[str, str] = {}
    for column, told in words()[kind].items():
        free = [h for h in header if h not in columns.values() and not h.startswith("=")]
        hit = next((h for w in told for h in free if h == w.removeprefix("=")), None) or next(
            (h for w in told for h in free if not w.startswith("=") and w in h), None
        )
        if hit:
            columns[column] = hit
    if ("credit" in columns) != ("debit" in columns):
        columns.pop("credit", None)
        columns.pop("debit", None)
    if "credit" in columns:
        columns.pop("amount", None)
    given = set(columns) | ({"amount"} if "credit" in columns else set())
    return columns if all(n in given for n in NEEDED[kind]) else None
