"""The demo's brand side: a small made register in the USPTO's own XML, a day file, listings, licences, suits, dossiers.

All marks and owners are invented. Some listings stand too close to one on purpose.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

from crossbook.demo.business import PRODUCTS

GOODS = {
    "009": "Power banks; Charging cables; Battery chargers; Phone cases; Cameras; Loudspeakers; Headphones",
    "011": "Lamps; Head torches; Gas stoves; Water filters; Camping stoves; Lanterns",
    "014": "Watches; Watch straps; Bracelets for watches; Clocks",
    "018": "Backpacks; Day packs; Trekking packs; Trekking poles; Hiking sticks; Travel bags",
    "020": "Self-inflating mats; Sleeping pads; Camping furniture; Cushions",
    "021": "Cook sets; Pots; Pans; Bottles; Mugs; Kitchen utensils",
    "022": "Tents; Awnings; Ropes; Nets; Tarpaulins",
    "025": "Jackets; Trousers; Hats; Shoes; Gloves",
    "028": "Games; Toys; Balls; Sporting articles; Fishing tackle",
}
# mark, owner, class, status
MARKS = (
    ("VALKORE", "Valkore Outdoor Inc.", "018", "700"),
    ("VALKORE", "Valkore Outdoor Inc.", "022", "800"),
    ("TREKLUND", "Treklund AB", "018", "700"),
    ("NORDVIK SUMMIT", "Nordvik Holding AS", "022", "700"),
    ("LUMENARA", "Lumenara Lighting LLC", "011", "700"),
    ("AQUAVIRE", "Aquavire Water Corp.", "011", "800"),
    ("ZEPHYRON", "Zephyron Audio Ltd", "009", "700"),
    ("VOLTARIS", "Voltaris Power Inc.", "009", "700"),
    ("CHRONAVEL", "Maison Chronavel SA", "014", "700"),
    ("KESTRELLE", "Kestrelle Group", "025", "700"),
    ("北狼", "北狼户外用品有限公司", "018", "700"),
    ("PEAK", "Peak Brands LLC", "025", "700"),
    ("TRAIL", "Trail Apparel Inc.", "025", "700"),
    ("CAMP", "Camp Stores Inc.", "021", "602"),
    ("EMBERJACK", "Emberjack Stove Co.", "011", "900"),
    ("HALCYRA", "Halcyra Optics GmbH", "009", "630"),
)
TITLES = {
    "BAG-20": ("Valk0re style day pack 20 l, light", "Soft straps; fits a 15 inch laptop"),
    "BAG-45": ("Trekking pack 45 l for men and women", "Rain cover; same quality as Treck-Lund"),
    "LAMP-02": ("Head torch 600 lm, Lumanara bright", "Rechargeable"),
    "FILTER": ("Water filter replacement cartridge compatible with Aquavire bottle", "Fits most bottles"),
    "SPEAKER": ("Zefyron outdoor speaker, waterproof", "Bluetooth"),
    "POWER-20K": ("Power bank 20000 mAh officialvoltaris", "Two ports"),
    "WATCH-B": ("Watch strap, silicone, for Chronavel 20 mm", "Soft"),
    "POLES": ("登山杖 一对 北郎 同款", "轻便"),
    "TENT-2P": ("Peak trail tent, 2 persons, camp", "Weighs 2.4 kg"),
}
_SYLLABLES = (
    "bar cor dan fel gim hol jor kal lem mor nav orm pel qua rin sol tam und vex wil yor zan bri cla dro".split()
)


def write(folder: Path, rng: np.random.Generator) -> None:
    """`uspto-marks.xml` and a day file after it, `listings.csv`, `licences.csv`, `suits.csv`, `dossiers.csv`."""
    cases = [*MARKS, *_others(rng, 240)]
    _register(folder / "uspto-marks-2026.xml", cases, date(2026, 1, 31))
    _register(
        folder / "apc260620.xml",
        [("LUMENARA", "Lumenara Lighting LLC", "011", "700"), ("BRIGHTFERN", "Brightfern LLC", "011", "630")],
        date(2026, 6, 20),
        [4, len(cases)],
    )
    _table(
        folder / "listings.csv",
        ("listing", "sku", "title", "bullets", "brand", "category", "market", "picture"),
        [
            (
                f"B0YS{n:06d}",
                sku,
                *TITLES.get(sku, (title, chinese)),
                "Yuanshan",
                "Outdoor",
                "US",
                f"{sku}.png" if sku in TITLES else "",
            )
            for n, (sku, title, _, _, chinese) in enumerate(PRODUCTS, 1)
        ],
    )
    _table(
        folder / "licences.csv",
        ("brand", "basis", "owner", "register", "number", "classes", "markets", "since", "until", "paper"),
        [
            (
                "Yuanshan",
                "own",
                "深圳市远山户外用品有限公司",
                "CN",
                "61234567",
                "18 22",
                "",
                "2024-05-14",
                "2034-05-13",
                "商标注册证.pdf",
            ),
            (
                "Chronavel",
                "authorisation",
                "Maison Chronavel SA",
                "US",
                "97000009",
                "14",
                "US",
                "2025-09-01",
                "2026-12-31",
                "chronavel-letter.pdf",
            ),
        ],
    )
    _table(
        folder / "suits.csv",
        ("owner", "mark", "forum", "docket", "kind", "goods", "day", "until", "reference"),
        [
            (
                "Valkore Outdoor Inc.",
                "VALKORE",
                "N.D. Ill.",
                "1:26-cv-00417",
                "suit",
                "packs",
                "2026-01-19",
                "",
                "made up for the demo",
            ),
            (
                "Zephyron Audio Ltd",
                "ZEPHYRON",
                "USITC",
                "337-TA-9999",
                "exclusion order",
                "loudspeakers",
                "2025-11-04",
                "",
                "made up for the demo",
            ),
        ],
    )
    papers = [
        (sku, "supplier invoice", f"采购-{sku}.pdf", "东莞市顺达户外", "2025-01-06", "", "")
        for sku, *_ in PRODUCTS
        if sku not in ("SPEAKER", "CAM-SOLAR")
    ]
    papers.append(("BAG-45", "design", "BAG-45-sketch.pdf", "李薇", "2024-08-12", "", "first drawing"))
    _table(folder / "dossiers.csv", ("sku", "paper kind", "paper", "by", "day", "until", "note"), papers)


def pictures(folder: Path) -> None:
    """Made pictures of the listings that stand close to a mark (`SKU.png`), and of those marks (`logos/MARK.png`)."""
    import typst

    (folder / "logos").mkdir(parents=True, exist_ok=True)
    cards = [(folder / f"{sku}.png", title.split(",")[0], "#eef2ee", "#22333b") for sku, (title, _) in TITLES.items()]
    cards += [
        (folder / "logos" / f"{mark}.png", mark, "#ffffff", "#b3001b") for mark in dict.fromkeys(m for m, *_ in MARKS)
    ]
    pages = "\n".join(
        f'#page(fill: rgb("{ground}"))[#align(center + horizon)['
        f'#text(size: 17pt, weight: "bold", fill: rgb("{ink}"))[{words}]]]'
        for _, words, ground, ink in cards
    )
    text = f'#set page(width: 180pt, height: 120pt, margin: 8pt)\n#set text(font: ("WenQuanYi Micro Hei",))\n{pages}'
    drawn: Any = typst.compile(text.encode(), format="png", ppi=144)
    for (path, *_), picture in zip(cards, drawn, strict=True):
        path.write_bytes(picture)


def _others(rng: np.random.Generator, number: int) -> list[tuple[str, str, str, str]]:
    """More cases, so that goods of every class are met and ordinary words are ordinary."""
    words = ("TRAIL", "CAMP", "OUTDOOR", "PEAK", "LIGHT", "WATER", "FAMILY", "SOLAR")
    classes, out = list(GOODS), []
    for n in range(number):
        made = "".join(rng.choice(_SYLLABLES, 3)).upper()
        mark = f"{made} {words[int(rng.integers(len(words)))]}" if rng.random() < 0.5 else made
        out.append(
            (mark, f"{made.title()} {n} LLC", classes[n % len(classes)], str(rng.choice(["700", "800", "630", "710"])))
        )
    return out


def _register(path: Path, cases: list[tuple[str, str, str, str]], day: date, numbers: list[int] | None = None) -> None:
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<trademark-applications-daily><version><version-no>2.0</version-no>'
        "<version-date>20041108</version-date></version><application-information><file-segments><file-segment>TRMK"
        "</file-segment><action-keys><action-key>TX</action-key>\n"
    ]
    for n, (mark, owner, nice, status) in zip(numbers or range(len(cases)), cases, strict=True):
        filed = date(2015, 3, 2) + timedelta(days=11 * n % 3600)
        registered = (
            "" if status == "630" else f"<registration-date>{filed + timedelta(days=330):%Y%m%d}</registration-date>"
        )
        number = 0 if status == "630" else 5_000_000 + n
        parts.append(
            f"<case-file><serial-number>{97_000_000 + n}</serial-number>"
            f"<registration-number>{number:07d}</registration-number>"
            f"<transaction-date>{day:%Y%m%d}</transaction-date>"
            f"<case-file-header><filing-date>{filed:%Y%m%d}</filing-date>{registered}"
            f"<status-code>{status}</status-code><status-date>{day:%Y%m%d}</status-date>"
            f"<mark-identification>{escape(mark)}</mark-identification>"
            "<mark-drawing-code>4000</mark-drawing-code></case-file-header>"
            "<case-file-statements><case-file-statement>"
            f"<type-code>GS{nice}1</type-code><text>{escape(GOODS[nice])}</text>"
            "</case-file-statement></case-file-statements>"
            "<classifications><classification><international-code-total-no>1</international-code-total-no>"
            f"<international-code>{nice}</international-code><status-code>6</status-code>"
            "</classification></classifications>"
            "<case-file-owners><case-file-owner><entry-number>1</entry-number><party-type>30</party-type>"
            f"<party-name>{escape(owner)}</party-name></case-file-owner></case-file-owners></case-file>\n"
        )
    parts.append("</action-keys></file-segments></application-information></trademark-applications-daily>\n")
    path.write_text("".join(parts), encoding="utf-8")


def _table(path: Path, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
