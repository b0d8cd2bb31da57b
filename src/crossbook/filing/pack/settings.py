"""What book.toml says of both sides of a receipt, in the tables of its accounts, and of goods that need no parcel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from crossbook import customs_codes
from crossbook.book import Book
from crossbook.errors import CrossbookError


@dataclass(frozen=True)
class Selling:
    """Of the selling account: who pays it out, and under which code its receipts are declared. Empty: not said."""

    payer: str = ""
    payer_country: str = ""
    payer_bank: str = ""
    payer_number: str = ""
    transaction_code: str = ""
    transaction_remark: str = ""
    customs_mode: str = ""
    ships: bool = True  # false: digital goods or services alone


@dataclass(frozen=True)
class Receiving:
    """Of the bank account: who holds it, at which bank, under which number. Empty: not said."""

    holder: str = ""
    bank: str = ""
    number: str = ""


def selling(book: Book, account: str) -> Selling:
    """The settings of a selling account. Raises CrossbookError for one that cannot be."""
    table, where = book.account(account), f"book.toml, [accounts.{account}]"
    told = Selling(
        payer=_text(table, "payer", where),
        payer_country=_text(table, "payer_country", where),
        payer_bank=_text(table, "payer_bank", where),
        payer_number=_text(table, "payer_number", where),
        transaction_code=_text(table, "transaction_code", where),
        transaction_remark=_text(table, "transaction_remark", where),
        customs_mode=_text(table, "customs_mode", where),
        ships=_ships(table, where),
    )
    if told.transaction_code and not re.fullmatch(r"\d{6}", told.transaction_code):
        raise CrossbookError(
            f"{told.transaction_code!r} is no transaction code",
            where=where,
            todo='six digits: transaction_code = "122030"',
        )
    if told.customs_mode and not re.fullmatch(r"\d{4}", told.customs_mode):
        raise CrossbookError(
            f"{told.customs_mode!r} is no supervision mode", where=where, todo='four digits: customs_mode = "9610"'
        )
    if told.payer_country:
        try:
            customs_codes.country(told.payer_country)
        except KeyError:
            raise CrossbookError(
                f"{told.payer_country!r} is no country", where=where, todo='two letters: payer_country = "US"'
            ) from None
    return told


def receiving(book: Book, account: str) -> Receiving:
    """The settings of a bank account. Raises CrossbookError for one that cannot be."""
    table, where = book.account(account), f"book.toml, [accounts.{account}]"
    return Receiving(
        holder=_text(table, "holder", where), bank=_text(table, "bank", where), number=_text(table, "number", where)
    )


def without_parcel(book: Book) -> frozenset[str]:
    """SKUs that are delivered without a parcel: `no_parcel` of [pack]. Raises CrossbookError."""
    table = book.config.get("pack", {})
    told = table.get("no_parcel", []) if isinstance(table, dict) else None
    if not isinstance(told, list) or not all(isinstance(sku, str) for sku in told):
        raise CrossbookError(
            "no_parcel must be a list of SKUs", where="book.toml, [pack]", todo='no_parcel = ["EBOOK-1"]'
        )
    return frozenset(told)


def goods(book: Book) -> dict[str, tuple[str, str]]:
    """China's commodity code and the Chinese name of each SKU that [customs.goods] lists; empty where it has none."""
    customs = book.config.get("customs", {})
    listed = customs.get("goods", {}) if isinstance(customs, dict) else {}
    told = listed.items() if isinstance(listed, dict) else ()
    return {sku: (str(g.get("code") or ""), str(g.get("name") or "")) for sku, g in told if isinstance(g, dict)}


def _text(table: dict[str, Any], name: str, where: str) -> str:
    told = table.get(name, "")
    if not isinstance(told, str):
        raise CrossbookError(f"{name} must be a text", where=where, todo=f'write it in quotes: {name} = "…"')
    return told.strip()


def _ships(table: dict[str, Any], where: str) -> bool:
    told = table.get("ships", True)
    if not isinstance(told, bool):
        raise CrossbookError("ships must be true or false", where=where)
    return told
