"""Make the table of import duty of Kazakhstan and Russia that ships, `EAEU.csv` beside the others.

    python tools/eaeu_schedule.py OLDER-FOLDER NEWER-FOLDER NOTES.pdf

They are read from the chapters of the Common Customs Tariff of the Eurasian Economic Union as its commission publishes
them (eec.eaeunion.org/comission/department/catr/ett/), `ru.61_2022_25.04.2022.pdf` and so on, the last day in the name
being the day of the wording, with the notes to the tariff of 2025-09-21, as they are in
github.com/ivan88810900-star/tnved_starter_kit_v2 at commit 9712c7b1380af7457fb6c89ef7710d8cda0e968b, folders
`data/raw/tariff_cet/2025-01-01` (older) and `backend/app/services/source_sync/data` (newer). Needs poppler's tools.

What a rate says that is neither a share of the value nor an amount for a unit of quantity stays as it is printed.
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from market_rows import CHAPTERS, Row, folded, short, write

TEXT = re.compile(r'<text top="(-?\d+)" left="(\d+)" width="\d+" height="\d+" font="(\d+)">(.*?)</text>')
FONT = re.compile(r'<fontspec id="(\d+)" size="(\d+)"')
CODE = re.compile(r"[+*]?\s*(\d{4}(?: \d{2}(?: \d{3}(?: \d)?)?)?)(?=\s|$)\s*(.*)")
HEAD = re.compile(
    r"Ставка|ввозной|таможенной|пошлины|\(в процентах|стоимости либо|в евро, либо|в долларах США\)|либо"
    r"|Доп\.|ед\.|изм\.|Код|ТН ВЭД|Наименование позиции"
)
UNITS_RU = {
    "кг": "kg",
    "шт": "each",
    "пар": "pr.",
    "л": "liter",
    "м2": "m2",
    "м3": "m3",
    "т": "t",
    "1000 шт": "1000",
    "пару": "pr.",
}
MONEY_RU = {"евро": "EUR", "доллара США": "USD", "долларов США": "USD", "доллар США": "USD"}


@dataclass
class Line:
    """A line of a chapter as it is read off the page."""

    code: str
    words: list[str]
    rate: list[str]
    notes: list[str]


def output(*command: str) -> str:
    """What a program of poppler prints."""
    return subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")  # noqa: S603


def lines_of(pdf: Path) -> Iterator[Line]:
    """The lines of a chapter: code, designation, rate, and the notes whose numbers stand raised behind the rate."""
    xml = output("pdftohtml", "-xml", "-i", "-stdout", str(pdf))
    sizes = dict(FONT.findall(xml))
    now: Line | None = None
    for page in xml.split("<page ")[1:]:
        for _, left, font, raw in TEXT.findall(page):
            text = html.unescape(re.sub(r"<[^>]+>", "", raw)).replace("\xa0", " ")
            if int(left) < 200 and (found := CODE.match(text)) and int(left) > 60:
                if now:
                    yield now
                now = Line(found[1].replace(" ", ""), [found[2]], [], [])
            elif now and int(sizes[font]) <= 14 and int(left) > 590:
                now.notes += re.findall(r"\d+(?=[СC]\))", text)
                if now.rate and text.strip() in ("2", "3"):  # m2, raised
                    now.rate[-1] += text.strip()
            elif now and int(left) >= 590 and not HEAD.search(text):
                rest = text if int(left) >= 660 else re.sub(r"^\s*(?:[а-яa-z]+\d?|–|1000 шт)\s*", "", text)
                now.rate += [rest.strip()] if rest.strip() else []
            elif now and 200 <= int(left) < 600 and not HEAD.search(text):
                now.words.append(text.strip())
    if now:
        yield now


def russian(text: str) -> str:
    """A rate of the tariff as crossbook writes it: "10, но не менее 0,2 евро за 1 кг" is "10% MIN 0.2 EUR/kg"."""
    clean = " ".join(text.replace(",", ".").split())
    clean = re.sub(r"(?<=\d)\.(?=\s)", ",", clean)
    number = r"(\d+(?:\.\d+)?)"
    specific = rf"{number} ({'|'.join(MONEY_RU)}) за (?:1 )?(1000 шт|[а-я]+\d?)"

    def amount(found: tuple[str, str, str]) -> str:
        value, money, unit = found
        if unit not in UNITS_RU:
            raise ValueError(text)
        return f"{value} {MONEY_RU[money]}/{UNITS_RU[unit]}"

    if re.fullmatch(number, clean):
        return "Free" if float(clean) == 0 else f"{clean}%"
    if found := re.fullmatch(specific, clean):
        return amount((found[1], found[2], found[3]))
    if found := re.fullmatch(rf"{number},? но не менее {specific}", clean):
        return f"{found[1]}% MIN {amount((found[2], found[3], found[4]))}"
    if found := re.fullmatch(rf"{number},? плюс {specific}", clean):
        return f"{found[1]}% + {amount((found[2], found[3], found[4]))}"
    if found := re.fullmatch(
        r"(?:[.,] м|1000|100|90% /в|\(колод\)|\d\)) (.+)", clean
    ):  # what is left of a unit in two lines
        return russian(found[1])
    raise ValueError(text)


def notes_of(pdf: Path) -> dict[str, str]:
    """The notes to the tariff by number. On the page the number stands a little under the first line of its note."""
    text = output("pdftotext", "-layout", str(pdf), "-")
    rows = [" ".join(x.split()) for x in text.splitlines() if x.strip()]
    found: dict[str, str] = {}
    starts = [i for i, x in enumerate(rows) if re.fullmatch(r"\d+[СC]\)", x)]
    for i, at in enumerate(starts):
        upto = starts[i + 1] if i + 1 < len(starts) else len(rows)
        body = rows[at + 1 : upto]
        above = rows[at - 1] if re.match(r"Ставка|Примечание", rows[at - 1]) else ""
        if body and re.match(r"Ставка|Примечание", body[-1]) and i + 1 < len(starts) and not body[-1].endswith("."):
            body = body[:-1]  # the first line of the next note
        found[rows[at][:-2]] = " ".join(([above] if above else []) + body)
    return found


def of_note(number: str, notes: dict[str, str], market: str, since: str) -> tuple[str, str, str]:
    """What a note makes of a printed rate: (rate for a time, until when, what to ask)."""
    text = notes.get(number)
    if text is None:
        return "", "", f"ask: note {number}C of the tariff, not read"
    if "утратило силу" in text or (market != "RU" and "в Российскую Федерацию" in text and "Казахстан" not in text):
        return "", "", ""
    ends = [date(int(y), int(m), int(d)).isoformat() for d, m, y in re.findall(r"по (\d\d)\.(\d\d)\.(\d{4})", text)]
    if ends and max(ends) < since:
        return "", "", ""
    simple = re.fullmatch(
        r"Ставка ввозной таможенной пошлины в размере (\d+(?:,\d+)?)(?: \(ноль\))? % от таможенной стоимости "
        r"применяется (?:с .+?)?по [\d.]+ включительно\.",
        text,
    )
    if simple and len(ends) == 1 and "ввозимых" not in text:
        return russian(simple[1]), ends[0], ""
    return "", "", f"ask: note {number}C of the tariff gives another rate"


def chapters_of(folder: Path, names: dict[str, str]) -> dict[str, tuple[Line, str, str]]:
    """The ten-digit lines of a folder of chapters: line, day of the wording, file; designations go into `names`."""
    found = {}
    for pdf in sorted(folder.glob("ru.*.pdf")):
        if pdf.name[3:5] not in CHAPTERS:
            continue
        day = re.search(r"_(\d\d)\.(\d\d)\.(\d{4})\.pdf", pdf.name)
        since = f"{day[3]}-{day[2]}-{day[1]}" if day else "2022-01-01"
        for line in lines_of(pdf):
            names.setdefault(line.code, " ".join(line.words))
            if len(line.code) == 10 and line.code[:2] == pdf.name[3:5]:
                found[line.code] = (line, since, pdf.name)
    return found


def eaeu_row(line: Line, since: str, file: str) -> Row | None:
    """The row of a line as printed, None where its rate is not on the page."""
    text = " ".join(line.rate)
    try:
        duty = russian(text)
    except ValueError:
        if not text:
            return None
        duty = f"see the tariff: {text}"
        print(f"left as it stands: {line.code} {text!r}", file=sys.stderr)
    return Row(code=line.code, description=short(" ".join(line.words), 45), duty=duty, since=since, source=file)


def noted(line: Line, row: Row, notes: dict[str, str], market: str) -> list[Row]:
    """A row, and before it the one that a note of the tariff sets for a time."""
    rate, until, asks = "", "", ""
    for number in line.notes:
        one = of_note(number, notes, market, row.since)
        rate, until, asks = one[0] or rate, one[1] or until, one[2] or asks
    if not rate or asks:
        return [replace(row, note=asks)]
    after = (date.fromisoformat(until) + timedelta(1)).isoformat()
    if row.until and row.until < after:
        return [replace(row, duty=rate)]
    return [replace(row, duty=rate, until=until), replace(row, since=after)]


def eaeu(older: Path, newer: Path, notes_pdf: Path) -> None:
    """The table that KZ and RU share, from two editions of the chapters of the tariff."""
    tables = {}
    notes = notes_of(notes_pdf)
    names: dict[str, str] = {}
    new = chapters_of(newer, names)
    old = chapters_of(older, names)
    for market in ("KZ", "RU"):
        rows = []
        for code in sorted(new.keys() | old.keys()):
            now, then = new.get(code), old.get(code)
            row, before = now and eaeu_row(*now), then and eaeu_row(*then)
            if now and row and before and then and row.duty == before.duty and now[0].notes == then[0].notes:
                row = replace(row, since=before.since)
            elif then and before and (not now or now[1] > then[1]):
                change = now[1] if now else "2026-03-08"
                last = (date.fromisoformat(change) - timedelta(1)).isoformat()
                rows += noted(then[0], replace(before, until=last), notes, market)
            if now and row:
                rows += noted(now[0], row, notes, market)
        tables[market] = folded(rows, names)
    write("EAEU", [shared(*both) for both in zip(tables["KZ"], tables["RU"], strict=True)])


def shared(of_kz: Row, of_ru: Row) -> Row:
    """The row of both: Russia's own doubt is marked as hers; rows that differ in more would need files of their own."""
    if of_kz == of_ru:
        return of_kz
    if of_kz.note or replace(of_ru, note="") != of_kz:
        raise SystemExit(f"{of_kz.code}: the rows of KZ and RU differ in more than a doubt of RU")
    return replace(of_ru, note=of_ru.note.replace("ask: ", "ask RU: ", 1))


if __name__ == "__main__":
    eaeu(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
