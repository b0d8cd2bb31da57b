"""How an export list is declared: A, simplified, or B, summarised into a declaration (statisticsFlag of CEB603).

The conditions of A are rows of `data/customs/simplified.csv`, each with its source.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from crossbook import money
from crossbook.ceb import FLAGS, SIMPLIFIED, SUMMARY, list_flag
from crossbook.filing.customs.settings import Customs, Goods
from crossbook.filing.customs.trade import ToDeclare, Want


@dataclass(frozen=True)
class Simplified:
    """What a mode of supervision lets be declared simply: by how many digits of the commodity code, up to which value
    of one list in minor units of `currency`. `read` says at whom the source was read."""

    mode: str
    digits: int
    limit: int
    currency: str
    source: str
    read: str


@lru_cache(maxsize=1)
def simplified() -> dict[str, Simplified]:
    """The conditions by mode of supervision."""
    path = files("crossbook") / "data" / "customs" / "simplified.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {
        r["mode"]: Simplified(
            mode=r["mode"],
            digits=int(r["digits"]),
            limit=int(r["limit"]),
            currency=r["currency"],
            source=r["source"],
            read=r["read"],
        )
        for r in rows
    }


def flag_of(customs: Customs, account: str | None, skus: Iterable[str | None]) -> str:
    """The flag that is set for a list of these products (`crossbook.ceb.list_flag`); "" where none is set."""
    platform = customs.platforms.get(account or "")
    goods = (customs.goods.get(s or "") for s in skus)
    products = [g.statistics_flag if g else "" for g in goods]
    return list_flag(customs.statistics_flag, platform.statistics_flag if platform else "", products)


def against(flag: str, trade: ToDeclare, customs: Customs, goods_value: int | None) -> list[Want]:
    """What stands against declaring a trade under a flag: one that is not set, and the conditions of A.

    `goods_value` is in minor units of the trade's currency.
    """
    if flag not in FLAGS:
        return [Want("statisticsFlag", flag, UNSET)]
    goods = [(i.sku or "", g) for i in trade.items if (g := customs.goods.get(i.sku or ""))]
    if flag == SUMMARY:
        return [
            Want("gcode", g.code, "a summary declaration (B) needs the ten digits of the commodity code")
            for _, g in goods
            if len(g.code) != 10
        ]
    rule = simplified().get(customs.mode)
    if rule is None:
        return [Want("statisticsFlag", flag, f"mode {customs.mode} knows no simplified declaration (A): set B")]
    found = [] if customs.zone else [Want("zone", "", NO_ZONE)]
    for sku, g in goods:
        found += _of_goods(sku, g)
    return found + _over(rule, trade, goods_value)


UNSET = (
    'is not set: write statistics_flag = "B" (summary declaration) or "A" (simplified declaration: no refund, no export'
    " duty, no licence) in [customs], for a platform or for a product"
)
NO_ZONE = (
    "a simplified declaration (A) is for lists declared in a comprehensive pilot zone:"
    " write zone in [customs], or set B"
)


def _of_goods(sku: str, g: Goods) -> list[Want]:
    found = []
    for name, value, said in (
        ("export_duty", g.export_duty, "bears an export duty"),
        ("licence", g.licence, "needs a licence or an inspection"),
    ):
        if value is None:
            why = f"a simplified declaration (A) is for goods without: write {name} = false or true in [customs.goods]"
            found.append(Want(name, sku, why))
        elif value:
            found.append(Want(name, sku, f"{said}: a simplified declaration (A) may not hold it, set B"))
    if g.refund:
        found.append(Want("refund", sku, "a refund is claimed for it: a simplified declaration (A) gives none, set B"))
    return found


def _over(rule: Simplified, trade: ToDeclare, goods_value: int | None) -> list[Want]:
    limit = money.show(rule.limit, rule.currency)
    if goods_value is None or trade.currency is None:
        return []  # said as wanting already
    if trade.cny is None:
        return [
            Want(
                "rate",
                trade.currency,
                f"a simplified declaration (A) is for up to {limit}, and the book has no"
                f" rate of {trade.currency} in {rule.currency}: add a table of rates",
            )
        ]
    value = money.to_decimal(goods_value, trade.currency) * trade.cny
    if value <= money.to_decimal(rule.limit, rule.currency):
        return []
    return [
        Want("goodsValue", f"{value:.2f} {rule.currency}", f"a simplified declaration (A) is for up to {limit}: set B")
    ]


def code_of(flag: str, mode: str, code: str) -> str:
    """A commodity code as it stands in a list: under A its heading alone, filled with zeros to ten digits."""
    rule = simplified().get(mode)
    return f"{code[: rule.digits]:0<10}" if flag == SIMPLIFIED and rule else code
