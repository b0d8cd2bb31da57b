"""Make the table of import duty of Japan that ships, `JP.csv` beside the others.

    python tools/jp_schedule.py FOLDER

It is read from Japan Customs' tariff tables in force on 2026-07-09 (customs.go.jp/tariff/2026_07_09/data/j_42.htm and
so on), as they are in github.com/qlitre/japan-tariff-mcp (MIT licence) at commit
715eff92066635603d701c7d410c6bb6c8260a0c, folder `src/tariffdata`: a tree of lines with the columns of the page. Figures
and the short official designations are carried over, for chapters 33 to 97.

What goods of a member of the WTO bear is the temporary rate, or the general one where there is none; a WTO rate without
brackets is lower and takes its place (one in brackets is not). Columns of the RCEP have one rate for China, one for
Korea, one for ASEAN, Australia and New Zealand. Where one line has several rates by what the goods are, the dearest is
taken and the row says so. Agreements with single countries are not carried over.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from market_rows import CHAPTERS, Row, write

EDITION = "2026-07-09"
MFN = ("基本", "暫定", "WTO協定")
RCEP = {
    "EPA_RCEP_中国": "CN",
    "EPA_RCEP_韓国": "KR",
    "EPA_RCEP_アセアン豪州NZ": "AU BN ID KH LA MM MY NZ PH SG TH VN",
}
UNITS = {"kg": "kg", "足": "pr.", "本": "each", "個": "each", "㎡": "m2", "m2": "m2", "l": "liter", "ｍ": "m", "m": "m"}
WORDS = {
    "ししゅうしたもの、レースを使用したもの及び模様編みの組織を有するもの": "with embroidery, lace or figured knitting",
    "ししゅうしたもの、レース製のもの及びレースを使用したもの": "with embroidery or lace",
    "ゴムを染み込ませ、塗布し又は被覆したもの": "impregnated, coated or covered with rubber",
    "人造繊維製のもの": "of man-made fibres",
    "合成繊維製のもの": "of synthetic fibres",
    "羊毛製又は繊獣毛製のもの": "of wool or fine animal hair",
    "保護用の金属製トーキャップを有するもの": "with a protective metal toe-cap",
    "ひざを覆うもの": "covering the knee",
    "膝を覆うもの": "covering the knee",
    "油、脂又はろうをもととした調製品": "preparations based on oils, fats or waxes",
    "殺虫剤(農薬及び小売用の形状又は包装にしたもの)": "pesticides put up for retail sale",
    "その他のもの": "other",
}


@dataclass(frozen=True)
class Rate:
    """A rate read: a duty as crossbook writes it ("" for none), and what it turns on."""

    duty: str
    note: str = ""


@dataclass(frozen=True)
class Line:
    """A line of nine digits with the rates of its columns."""

    code: str
    name: str
    mfn: Rate
    rcep: tuple[Rate, ...]


def amount(text: str) -> str:
    """One rate of a page: 無税, 5.3%, 20円/kg, or two of which the higher or the lower is due."""
    flat = re.sub(r"\s+", "", text).replace("％", "%").replace("＋", "+").replace(",", "").lstrip("◎●")
    if flat == "無税":
        return "Free"
    if re.fullmatch(r"[\d.]+%", flat):
        return flat
    if found := re.fullmatch(r"(.+?)又は(.+?)のうちいずれか(高|低)い税率", flat):
        one, other = (amount(x) for x in found.groups()[:2])
        return "" if "" in (one, other) else f"{one} {'MIN' if found[3] == '高' else 'MAX'} {other}"
    if found := re.fullmatch(r"([\d.]+%)\+(.+)", flat):
        return f"{found[1]} + {rest}" if (rest := amount(found[2])) else ""
    if (found := re.fullmatch(r"([\d.]+)円/(.+)", flat)) and found[2] in UNITS:
        return f"{found[1]} JPY/{UNITS[found[2]]}"
    return ""


def share(duty: str) -> float:
    """How dear a duty is, by its first share; raises ValueError where it has none."""
    if not (found := re.match(r"[\d.]+|Free", duty)):
        raise ValueError(duty)
    return 0.0 if duty == "Free" else float(found[0])


def rate(text: str) -> Rate:
    """What a cell says. "" for a cell without a rate that is due: empty, or in brackets."""
    flat = text.replace("（", "(").replace("）", ")").strip()
    if not flat or "非譲許" in flat:
        return Rate("")
    parts = [p for p in re.split(r"\n+", flat) if p.strip()]
    if len(parts) > 1 or "\u3000" in flat:
        return _by_goods(parts)
    if flat.startswith("(") and flat.endswith(")") and "課税価格" not in flat:
        return Rate("")
    if "〜" in flat:
        ends = [amount(x.strip("()")) for x in flat.lstrip("●◎").split("〜")]
        if "" in ends:
            return Rate("" if flat.startswith("(") else f"see the tariff: {flat}")
        dear = max(ends, key=share)
        return Rate(dear, f"ask: from {ends[0]} to {ends[1]}, by what the goods are")
    return Rate(amount(flat) or f"see the tariff: {flat}")


def _by_goods(parts: list[str]) -> Rate:
    told = []
    for part in parts:
        found = re.fullmatch(r"(.+?)[\u3000 ]+(\S+)", part.strip())
        if not found or found[2].startswith("("):
            return Rate("")  # a rate that is not due for some goods of the line: none is offered
        told.append((WORDS.get(found[1], found[1]), amount(found[2])))
    if len(told) == 1:
        return Rate("")
    return Rate(max((d for _, d in told), key=share), "ask: " + ", ".join(f"{words} {duty}" for words, duty in told))


def due(cells: dict[str, str]) -> Rate:
    """What goods of a member of the WTO bear."""
    base = rate(cells["暫定"]) if cells["暫定"] else rate(cells["基本"])
    bound = rate(cells["WTO協定"])
    if not bound.duty and cells["WTO協定"] and "(" not in cells["WTO協定"].replace("（", "("):
        raise ValueError(cells)
    if not bound.duty:
        several = [x for x in cells["WTO協定"].split("\n") if x.strip()] if "\n" in cells["WTO協定"] else []
        return Rate(base.duty, f"ask: {'; '.join(several)}" if several else base.note)
    return bound


def named(text: str) -> str:
    """The designation without the marks of its level, cut at forty characters."""
    clean = re.sub(r"^[−\s]*(\d+\s|\(\d+\)|〔\d+〕|[A-Z]\s)?\s*", "", " ".join(text.split()))
    return clean if len(clean) <= 40 else clean[:39] + "…"


def lines(nodes: list[dict[str, Any]], above: dict[str, str]) -> Iterator[Line]:
    """The lines of a tree; a cell that is empty is that of the line above it."""
    for n in nodes:
        cells = {k: n["rate"].get(k, "") or above.get(k, "") for k in (*MFN, *RCEP)}
        if n["children"]:
            yield from lines(n["children"], cells)
        elif re.fullmatch(r"\d{4}\.\d{2}", n["stat_code"]) and n["hs_code"] and (mfn := due(cells)).duty:
            code = n["stat_code"].replace(".", "") + n["hs_code"]
            offers = tuple(_lower(rate(cells[k]), mfn) for k in RCEP)
            yield Line(code, named(n["desc"]), mfn, offers)


def _lower(offer: Rate, mfn: Rate) -> Rate:
    if not offer.duty or mfn.duty == "Free" or offer.duty == mfn.duty:
        return Rate("")
    return offer


def rows(found: list[Line]) -> Iterator[Row]:
    """Rows of six digits where all lines of a subheading agree in every column, else of nine."""
    source = f"Japan Customs, tariff of {EDITION}"
    for six, group in groupby(sorted(found, key=lambda x: x.code), key=lambda x: x.code[:6]):
        of = list(group)
        if len({(x.mfn, x.rcep) for x in of}) == 1:
            of = [Line(six, of[0].name if len(of) == 1 else "", of[0].mfn, of[0].rcep)]
        for x in of:
            yield Row(x.code, x.name, x.mfn.duty, EDITION, source, note=x.mfn.note)
            for whose, offer in zip(RCEP.values(), x.rcep, strict=True):
                if offer.duty:
                    yield Row(x.code, "", offer.duty, EDITION, source, whose, "RCEP", note=offer.note)


def main(folder: Path) -> None:
    """JP from the chapters of the tariff."""
    found: list[Line] = []
    for chapter in sorted(CHAPTERS):
        nodes = json.loads((folder / f"j_{chapter}_tariff_data.json").read_text(encoding="utf-8"))
        found += lines(nodes, {})
    write("JP", list(rows(found)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
