"""Who declares, through which office, for which platforms, carriers and goods: the table [customs] of book.toml."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from crossbook import customs_codes
from crossbook.book import Book
from crossbook.ceb import FLAGS
from crossbook.errors import CrossbookError

MODES = {
    "9610": "跨境贸易电子商务",
    "9710": "跨境电商B2B直接出口",
    "9810": "跨境电商出口海外仓",
    "1210": "保税跨境贸易电子商务",
}


@dataclass(frozen=True)
class Party:
    """A firm as customs has it registered."""

    code: str
    name: str


@dataclass(frozen=True)
class Platform(Party):
    """A platform; `statistics_flag` is of its trades, the book's else."""

    statistics_flag: str = ""


@dataclass(frozen=True)
class Goods:
    """How one product is declared: China's commodity code, name, specification, units, bar code.

    `export_duty`, `licence` (or inspection) and `refund` (claimed) decide whether it may be declared simply; None is
    not said. `per_piece` says how much of a legal unit is in one piece, by the unit's code.
    """

    code: str
    name: str
    model: str
    unit: str
    unit1: str
    unit2: str = ""
    bar_code: str = "无"
    origin: str = "CN"
    statistics_flag: str = ""
    export_duty: bool | None = None
    licence: bool | None = None
    refund: bool | None = None
    record_number: str = ""  # of the zone's account book (1210)
    per_piece: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Customs:
    """All of [customs]."""

    mode: str
    office: str  # customsCode: where it is declared
    port: str  # portCode: where it leaves
    transport: str  # trafMode
    packing: str  # wrapType
    order_type: str  # orderType
    freight_flag: str  # fFlag and iFlag: how freight and insurance are stated
    seller: Party
    agent: Party
    owner: Party
    transfer: Party  # copCode, copName of who sends the message
    transfer_id: str  # dxpId
    platforms: dict[str, Platform] = field(default_factory=dict)
    institutions: dict[str, Party] = field(default_factory=dict)
    carriers: dict[str, Party] = field(default_factory=dict)
    goods: dict[str, Goods] = field(default_factory=dict)
    yard: str = ""
    statistics_flag: str = ""  # A or B for what neither product nor platform says otherwise
    zone: str = ""  # the comprehensive pilot zone whose customs takes the lists
    account_book: str = ""  # emsNo: the account book of the bonded warehouse (1210)
    zone_operator: Party = Party("", "")  # iacCode, iacName: who keeps it


def customs_of(book: Book) -> Customs:
    """The settings. Raises CrossbookError naming the first that is missing or cannot be."""
    table = book.config.get("customs")
    if not isinstance(table, dict):
        raise CrossbookError(
            "book.toml has no [customs]", where="book.toml", todo="say who declares and where (docs/customs.md)"
        )
    seller = _party(table, "seller")
    found = Customs(
        mode=_text(table, "mode", "9610"),
        office=_text(table, "office"),
        port=_text(table, "port"),
        transport=_text(table, "transport", "5"),
        packing=_text(table, "packing", "2"),
        order_type=_text(table, "order_type"),
        freight_flag=_text(table, "freight_flag"),
        seller=seller,
        agent=_party(table, "agent", seller),
        owner=_party(table, "owner", seller),
        transfer=_party(table, "transfer", seller),
        transfer_id=_text(table, "transfer_id"),
        platforms=_platforms(table),
        institutions=_parties(table, "institutions"),
        carriers=_parties(table, "carriers"),
        goods={sku: _goods(g, f"[customs.goods.{sku!r}]") for sku, g in _table(table, "goods").items()},
        yard=_text(table, "yard", ""),
        statistics_flag=_flag(table, "[customs]"),
        zone=_text(table, "zone", ""),
        account_book=_text(table, "account_book", ""),
        zone_operator=_party(table, "zone_operator", Party("", "")),
    )
    if found.mode not in MODES:
        raise CrossbookError(f"no supervision mode {found.mode!r}", where="[customs]", todo=f"use {', '.join(MODES)}")
    _listed("transport", found.transport, "[customs] transport")
    _listed("packing", found.packing, "[customs] packing")
    return found


def _table(table: dict[str, Any], name: str) -> dict[str, Any]:
    found = table.get(name, {})
    if not isinstance(found, dict):
        raise CrossbookError(f"customs.{name} must be a table", where="book.toml")
    return found


def _text(table: dict[str, Any], name: str, default: str | None = None, where: str = "[customs]") -> str:
    value = table.get(name, default)
    if not isinstance(value, str):
        raise CrossbookError(f"{where} lacks {name}", where="book.toml", todo=f'write {name} = "…"')
    return value


def _party(table: dict[str, Any], name: str, default: Party | None = None) -> Party:
    if name not in table and default is not None:
        return default
    inner = _table(table, name)
    where = f"[customs.{name}]"
    return Party(_text(inner, "code", None, where), _text(inner, "name", None, where))


def _parties(table: dict[str, Any], name: str) -> dict[str, Party]:
    whole = _table(table, name)
    return {key: _party({key: whole[key]}, key) for key in whole}


def _platforms(table: dict[str, Any]) -> dict[str, Platform]:
    whole = _table(table, "platforms")
    return {
        key: Platform(p.code, p.name, _flag(whole[key], f"[customs.platforms.{key}]"))
        for key, p in _parties(table, "platforms").items()
    }


def _flag(table: dict[str, Any], where: str) -> str:
    flag = _text(table, "statistics_flag", "", where)
    if flag and flag not in FLAGS:
        raise CrossbookError(
            f"{where} statistics_flag {flag!r} is not known",
            where="book.toml",
            todo="write A (simplified declaration) or B (summary declaration)",
        )
    return flag


def _goods(given: Any, where: str) -> Goods:
    if not isinstance(given, dict):
        raise CrossbookError(f"{where} must be a table", where="book.toml")
    texts = {
        n: _text(given, n, d, where)
        for n, d in (
            ("code", None),
            ("name", None),
            ("model", None),
            ("unit", "011"),
            ("unit1", "035"),
            ("unit2", ""),
            ("bar_code", "无"),
            ("origin", "CN"),
            ("record_number", ""),
        )
    }
    if not (texts["code"].isdigit() and len(texts["code"]) in (4, 6, 10)):
        raise CrossbookError(
            f"{where} code {texts['code']!r} is not a commodity code",
            where="book.toml",
            todo="write its ten digits; its first four or six will do for simplified lists alone",
        )
    for name in ("unit", "unit1", "unit2"):
        if texts[name]:
            _listed("unit", texts[name], f"{where} {name}")
    return Goods(
        **texts,
        statistics_flag=_flag(given, where),
        export_duty=_yes(given, "export_duty", where),
        licence=_yes(given, "licence", where),
        refund=_yes(given, "refund", where),
        per_piece=_per_piece(given, where),
    )


def _yes(table: dict[str, Any], name: str, where: str) -> bool | None:
    value = table.get(name)
    if value is not None and not isinstance(value, bool):
        raise CrossbookError(f"{where} {name} must be true or false", where="book.toml")
    return value


def _per_piece(given: dict[str, Any], where: str) -> dict[str, Decimal]:
    found = {}
    for unit, text in _table(given, "per_piece").items():
        _listed("unit", unit, f"{where} per_piece")
        try:
            value = Decimal(text) if isinstance(text, str) else Decimal(0)
        except InvalidOperation:
            value = Decimal(0)
        if not value.is_finite() or value <= 0:
            raise CrossbookError(
                f"{where} per_piece {unit} must be a number as text, over 0",
                where="book.toml",
                todo='write per_piece."036" = "12.5"',
            )
        found[unit] = value
    return found


def _listed(name: str, code: str, where: str) -> None:
    if code not in customs_codes.codes(name):
        raise CrossbookError(
            f"{where}: customs has no code {code!r}", where="book.toml", todo="see `crossbook customs codes`"
        )
