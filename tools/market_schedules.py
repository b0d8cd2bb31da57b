"""Make the tables of import duty of other markets that ship: `src/crossbook/data/duty/markets/XX.csv`.

    python tools/market_schedules.py uk global-uk-tariff.csv
    python tools/market_schedules.py au tariff-schedule3.json tariff-schedules-fta.json
    python tools/market_schedules.py ca ca_by_hand.csv
    python tools/market_schedules.py ch

What each reads, and where it was had:
* `uk` (GB and EU): "UK Global Tariff", final version of 2021-01-27, Crown copyright, Open Government Licence v3:
  github.com/uktrade/global-uk-tariff, `global-uk-tariff.csv` at commit ab1e6029071ee8262289f44a4928dc0cf52f90cd.
  It gives the UK's duty and that of the EU's Common External Tariff for each commodity, as of 2021-01-01.
* `au`: Schedule 3 of the Customs Tariff Act 1995 and the schedules of the agreements, from the pages of the
  Australian Border Force as taken on 2026-04-01: github.com/networkneedsau/australian-tariff-classification, folder
  `data` at commit 9a8f3f3751a015314cd297b3ccfc409ea00059d3. Lines that are missing there are missing here.
* `ca`: lines that were read one by one from the export of the Customs Tariff of the Canada Border Services Agency,
  third revision of 2026, effective 2026-09-01: github.com/SAIL-Engineering/tariff-rate-tracker,
  `data/ca_tariff_source/ca_tariff_2026_rev_3.csv` at commit ac5225f24dd5e91d7050085335677c298b8f87e3, the column MFN
  of tariff items of eight digits, which goods of China bear. `crossbook duty add` reads the whole of such a file.
* `ch` reads nothing: since 2024-01-01 Switzerland takes no duty on goods of chapters 25 to 97, but for some
  agricultural products of chapters 35 and 38 (Federal Council, 2022-02-02, as the customs office's own page has it:
  www.bazg.admin.ch/bazg/en/home/topics/aufhebung_industriezoelle.html).

Figures only are carried over, with the short official designations, for chapters 33 to 97. Lines of one subheading that
bear one duty become one row of six digits. Kazakhstan and Russia: `eaeu_schedule.py`.
"""

from __future__ import annotations

import csv
import html
import json
import re
import sys
from pathlib import Path

from market_rows import CHAPTERS, Row, folded, of_headings, of_later, short, write

UNITS = {"item": "each", "tonne": "t", "m2": "m2", "100 m": "100 m", "100 kg": "100 kg", "100kg": "100 kg"}
SURTAX = "ask: a surtax on steel and aluminum goods may come on top (SOR/2024-187, SOR/2025-154)"
REMEDY = "ask: a trade remedy may come on top, as the EU and the UK had one on it in 2021"
# Duties of the EU on goods of China that were read, by subheading: wisetechacademy.com and taxera.com.tr on Regulations
# (EU) 2025/120 and 2025/114, eur-lex.europa.eu/eli/reg_impl/2025/2146.
EU_REMEDIES = {
    "871160": "ask: electric bicycles of China bear 62.1% anti-dumping and 17.2% countervailing duty, or their maker's"
    " rates, since 2025-01-25 (EU 2025/120, 2025/114)",
    "871200": "ask: bicycles of China bear an anti-dumping duty (EU 2025/2146)",
}
AMOUNT = re.compile(r"(EUR|GBP)\s*/\s*(.+?)(?=\s+(?:MIN|MAX|\+)|$)")


def plain(text: str) -> str:
    """A duty of the UK's table as crossbook writes it: "4.50% MIN 0.30 EUR / item" is "4.5% MIN 0.3 EUR/each"."""
    flat = " ".join(text.split())
    if any(unit.strip() not in UNITS for _, unit in AMOUNT.findall(flat)) or "EA" in flat:
        return f"see the tariff: {flat}"
    flat = re.sub(r"\d+\.\d+", lambda found: found[0].rstrip("0").rstrip("."), flat)
    flat = AMOUNT.sub(lambda found: f"{found[1]}/{UNITS[found[2].strip()]}", flat)
    return "Free" if flat == "0%" else flat


def uk(path: Path) -> None:
    """GB and EU from the UK's table."""
    lines = [r for r in csv.DictReader(path.open(encoding="utf-8")) if r["commodity"][:2] in CHAPTERS]
    eights = {r["commodity"] for r in lines if len(r["commodity"]) == 8}
    by_code = {r["commodity"]: r for r in lines}
    for market, column, who in (
        ("GB", "ukgt_duty_rate", "UK Global Tariff, 2021-01-27"),
        ("EU", "cet_duty_rate", "Common External Tariff of 2021-01-01, in: UK Global Tariff, 2021-01-27"),
    ):
        rows = []
        for r in lines:
            code, parent = r["commodity"], r["commodity"][:8]
            if len(code) == 10 and parent in eights:  # civil aircraft and other special uses, free
                continue
            flagged = any(x["trade_remedy_applies"] == "True" for c, x in by_code.items() if c.startswith(code))
            rows.append(
                Row(
                    code=code,
                    description=short(r["description"]),
                    duty=plain(r[column]),
                    since="2021-01-01",
                    note=EU_REMEDIES.get(code[:6], "")
                    if market == "EU" and code[:6] in EU_REMEDIES
                    else REMEDY * flagged,
                    source=who,
                )
            )
        rows = folded(rows, {})
        write(market, sorted(rows + of_headings(rows) + of_later(rows), key=lambda r: r.code))


# -- Australia ---------------------------------------------------------------------------------------------------------

AU = "ABF, Customs Tariff Act 1995, Schedule"


def general(text: str) -> str:
    """The general rate of Schedule 3: what stands first, or the last of the dated steps; "" where it has none."""
    clean = " ".join(html.unescape(text).replace("\u200b", " ").replace("\xa0", " ").split())
    steps = re.findall(r"From\s*\d+\s*[A-Z][a-z]+\s*\d{4}:?\s*(Free|[\d.]+%)", clean)
    if steps:
        return str(steps[-1])
    found = re.match(r"(Free|[\d.]+%(?!,))(?=\s|$|[A-Z])", clean)
    return found[1] if found else clean


def au(schedule: Path, agreements: Path) -> None:
    """AU: the general rates, and under the agreement with China all goods but those of Schedule 12 free."""
    rows, seen = [], {}
    names: dict[str, str] = {}
    for section in json.loads(schedule.read_text(encoding="utf-8")):
        for chapter in section["chapters"]:
            for heading in chapter["headings"]:
                for line in heading["classifications"]:
                    code = line["referenceNumber"].replace(".", "")
                    names.setdefault(code[:6] if len(code) == 6 else code, line["description"])
                    if code[:2] in CHAPTERS and len(code) == 8 and general(line["dutyRate"]):
                        seen[code] = line
    for code, line in seen.items():
        duty = general(line["dutyRate"])
        duty = duty if re.fullmatch(r"Free|[\d.]+%", duty) else f"see the tariff: {duty}"
        rows.append(
            Row(
                code=code,
                description=short(line["description"]),
                duty=duty,
                since="2026-04-01",
                source=f"{AU} 3",
            )
        )
    tables = json.loads(agreements.read_text(encoding="utf-8"))
    chapters = {r.code[:2] for r in rows}
    dear = {r["hsCode"].replace(".", "") for r in tables["Schedule 12"]}
    rows = folded(rows, names)
    write("AU", rows + au_clothing(tables["Schedule 8B"], chapters) + au_china(dear))


def au_clothing(cptpp: list[dict[str, str]], have: set[str]) -> list[Row]:
    """Lines of chapters that Schedule 3 lacks there: the agreement of 2018 starts at the general rate of then."""
    found = {}
    for line in cptpp:
        code = line["hsCode"].replace(".", "")
        first = re.search(r"From 30 December 2018(?:&#58;|:)\s*([\d.]+%)", line["dutyRate"])
        if code[:2] in CHAPTERS - have and first:
            found[code] = Row(
                code=code,
                description="",
                duty=first[1],
                since="2026-04-01",
                note="ask: the general rate is taken from the first step of the agreement of 2018",
                source=f"{AU} 8B",
            )
    clothing = [
        Row(
            code=chapter,
            description="Clothing",
            duty="5%",
            since="2026-04-01",
            note="ask: the general rate of clothing since 2015-01-01, from which lines may differ",
            source="border.gov.au, FAQ on ChAFTA; forwarders' notices (secondary)",
        )
        for chapter in ("61", "62")
    ]
    return sorted([*found.values(), *clothing], key=lambda r: r.code)


def au_china(dear: set[str]) -> list[Row]:
    """Chinese originating goods: free but for the lines of Schedule 12."""
    rows = [
        Row(
            code=chapter,
            description="",
            duty="Free",
            origins="CN",
            measure="ChAFTA",
            since="2026-04-01",
            note="needs a certificate or declaration of origin",
            source=f"{AU} 12 does not list it",
        )
        for chapter in sorted(CHAPTERS)
    ]
    return [r for r in rows if not any(code.startswith(r.code) for code in dear)]


# -- Canada and Switzerland --------------------------------------------------------------------------------------------


def ca(path: Path) -> None:
    """CA: the lines that were read by hand."""
    source = "CBSA, Customs Tariff, 2026-09-01, MFN"
    rows = [
        Row(
            code=r["code"],
            description=r["description"],
            duty=r["duty"],
            since="2026-09-01",
            note=SURTAX if r["code"][:2] in ("73", "76") else "",
            source=source,
        )
        for r in csv.DictReader(path.open(encoding="utf-8"))
    ]
    write("CA", rows)


def ch() -> None:
    """CH: industrial goods are free."""
    some = {"35": "agricultural products", "38": "agricultural products"}
    rows = [
        Row(
            code=chapter,
            description="",
            duty="Free",
            since="2024-01-01",
            note=f"ask: some {some[chapter]} of the chapter bear duty" if chapter in some else "",
            source="Federal Council, 2022-02-02, bazg.admin.ch, aufhebung_industriezoelle",
        )
        for chapter in sorted(CHAPTERS)
    ]
    write("CH", rows)


if __name__ == "__main__":
    if sys.argv[1] == "uk":
        uk(Path(sys.argv[2]))
    elif sys.argv[1] == "au":
        au(Path(sys.argv[2]), Path(sys.argv[3]))
    elif sys.argv[1] == "ca":
        ca(Path(sys.argv[2]))
    else:
        ch()
