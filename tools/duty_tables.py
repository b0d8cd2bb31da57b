"""Make the dated tables of `src/crossbook/data/duty` that are too long to type: schedule.parquet and scopes.csv.

    python tools/duty_tables.py EXPORTS NOTES LISTS

EXPORTS is a folder of schedule exports named hts_<revision>.json.gz (https://hts.usitc.gov), NOTES the text of the
notes to chapter 99, LISTS a folder of product lists by measure (The Budget Lab at Yale, tariff-rate-tracker, MIT),
each list with the Federal Register document that it renders. Typed by hand and not made here: measures.csv,
stacking.csv and the lists in tools/scopes_by_hand.csv, which the notes of this revision no longer carry.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import re
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from crossbook.sources.usitc_hts import Line, lines_of, rows_of

OUT = Path(__file__).parent.parent / "src/crossbook/data/duty"

# Each export, and the day from which its lines of chapters 1 to 97 differ from the export before it. A revision is
# published on other days than its changes take force: statistical lines changed on 2025-07-01 (revision 16) and
# 2026-02-01 (2026 revision 2), which fall between exports.
REVISIONS = {
    "2025_basic": "2025-01-01",
    "2025_rev_2": "2025-02-01",
    "2025_rev_5": "2025-03-05",
    "2025_rev_10": "2025-04-09",
    "2025_rev_14": "2025-05-02",
    "2025_rev_18": "2025-07-01",
    "2025_rev_22": "2025-09-03",
    "2025_rev_29": "2025-10-31",
    "2026_rev_1": "2026-01-01",
    "2026_rev_4": "2026-02-01",
    "2026_rev_5": "2026-04-06",
    "2026_rev_9": "2026-05-01",
    "2026_rev_10": "2026-06-08",
}
FIELDS = ("path", "general", "special", "other", "units", "footnotes")

Row = tuple[str, str, str, str, str]  # scope, prefix, from, to, source


def schedule(exports: Path) -> pa.Table:
    """All lines of all exports with the days between which each was in force; the last one is open."""
    open_: dict[str, tuple[str, Line]] = {}
    done: list[tuple[str, str, str, Line]] = []
    for revision, since in REVISIONS.items():
        lines = lines_of(rows_of((exports / f"hts_{revision}.json.gz").read_bytes()))
        found = {line.code: line for line in lines}
        until = (date.fromisoformat(since) - timedelta(days=1)).isoformat()
        for code, (start, line) in list(open_.items()):
            now = found.get(code)
            if now is None or any(getattr(now, f) != getattr(line, f) for f in FIELDS):
                done.append((code, start, until, line))
                del open_[code]
        for code, line in found.items():
            open_.setdefault(code, (since, line))
    done += [(code, start, "", line) for code, (start, line) in open_.items()]
    done.sort(key=lambda r: (r[0], r[1]))
    columns = {"code": [r[0] for r in done], "valid_from": [r[1] for r in done], "valid_to": [r[2] for r in done]}
    table = pa.table(columns)
    for name in FIELDS:
        table = table.append_column(name, pa.array([getattr(r[3], name) for r in done]))
    days = {
        n: pa.array([date.fromisoformat(v) if v else None for v in table[n].to_pylist()], pa.date32())
        for n in ("valid_from", "valid_to")
    }
    for name, values in days.items():
        table = table.set_column(table.schema.get_field_index(name), name, values)
    return table


def listed(lists: Path, name: str) -> list[dict[str, str]]:
    with (lists / name).open(encoding="utf-8") as file:
        return [{k: "" if v == "NA" else (v or "").strip() for k, v in row.items()} for row in csv.DictReader(file)]


CODE = re.compile(r"(?<![\d.])\d{4}(?:\.\d\d(?:\.\d\d(?:\d\d)?)?)?(?![\d.]|\s*[-–])")


class Notes:
    """The notes' text, and the codes that stand between two phrases of it."""

    def __init__(self, path: Path) -> None:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8", "replace")
        keep = [
            x
            for x in text.replace("\0", "").split("\n")
            if not re.search(r"Harmonized Tariff Schedule of|Annotated for Stat|99 - III|^\s*XXII\s*$", x)
        ]
        self.text = "\n".join(re.sub(r"[ \t]+", " ", x) for x in keep)

    def between(self, start: str, end: str, after: str = "") -> str:
        at = self.text.index(after) if after else 0
        begin = self.text.index(start, at)
        return self.text[begin + len(start) : self.text.index(end, begin + len(start))]

    def codes(self, start: str, end: str, after: str = "", shortest: int = 8) -> list[str]:
        found = (c.replace(".", "") for c in CODE.findall(self.between(start, end, after)))
        return sorted({c for c in found if len(c) >= shortest and not c.startswith(("98", "99"))})


def rows(scope: str, codes: Iterable[str], source: str, since: str = "", until: str = "") -> list[Row]:
    return [(scope, code, since, until, source) for code in codes]


# Subheadings that notes 20(g) and 20(s)(ii) take but for the statistical lines named; 2931.90.9051 is 9052 now.
LIST_3_BUT = """
29319090:51,52 85176200:90 94016140:01 94016960:01 94017100:01,05,06,07 94017900:01,02,03,04 94018020:01 94018040:01
94018060:21,23 94037040:03 94037080:03
"""
LIST_4A_BUT = """
49019900:40 85176200:10,20 94016960:11,31 94017100:01,05,06,08,11,31 63079098:42,44,50,70,75
"""


def all_but(text: str, children: dict[str, set[str]]) -> list[str]:
    return [line for code, out in refined(text).items() for line in sorted(children[code] - set(out))]


def section_301(lists: Path, notes: Notes, children: dict[str, set[str]]) -> list[Row]:
    found: list[Row] = []
    for scope, start, end, source in (
        (
            "s301-1",
            "(b) Heading 9903.88.01 applies",
            "(c) For the purposes of heading 9903.88.02",
            "note 20(b); 83 FR 28710",
        ),
        (
            "s301-2",
            "(d) Heading 9903.88.02 applies",
            "(e) For the purposes of heading 9903.88.03",
            "note 20(d); 83 FR 40823",
        ),
        (
            "s301-3",
            "(f) Heading 9903.88.03 applies",
            "(g) For the purposes of heading 9903.88.04",
            "note 20(f); 83 FR 47974",
        ),
        (
            "s301-4a",
            "(s) Heading 9903.88.15 applies to",
            "(ii) the following products of China",
            "note 20(s)(i); 84 FR 43304",
        ),
    ):
        found += rows(scope, notes.codes(start, end), source)
    found += rows("s301-3-part", all_but(LIST_3_BUT, children), "note 20(g); 83 FR 47974")
    found += rows("s301-4a", all_but(LIST_4A_BUT, children), "note 20(s)(ii); 84 FR 43304")
    annex = "89 FR 76581, annex A"  # what the notes of 2026 no longer name, as it stood in 2025
    found += rows("s301-4a", ["8507600020"], f"84 FR 43304; {annex}", "", "2025-12-31")
    respirators = ["6307909842", "6307909844", "6307909850", "6307909875"]
    found += rows("s301-review-25", ["8507600010", *respirators], annex, "", "2025-12-31")
    found += rows("s301-review-2025-50", ["40151210"], annex, "", "2025-12-31")
    review = "note 31({}); 89 FR 76581"
    b = notes.codes("(b) Heading 9903.91.01 applies", "(c) Heading 9903.91.02 applies")
    found += rows("s301-review-25", b, review.format("b"))
    found += rows("s301-review-50", ["85414200", "85414300"], review.format("c"))
    found += rows(
        "s301-review-100", notes.codes("(d) Heading 9903.91.03", "(e) Heading 9903.91.04"), review.format("d")
    )
    found += rows("s301-review-masks", ["6307909870"], review.format("e"))
    found += rows(
        "s301-review-2025-50", notes.codes("(i) Heading 9903.91.05", "(ii) The additional rate"), review.format("f")
    )
    found += rows(
        "s301-review-2026-25", notes.codes("(g) Heading 9903.91.06", "(h) Heading 9903.91.07"), review.format("g")
    )
    found += rows(
        "s301-review-2026-50", notes.codes("(h) Heading 9903.91.07", "(i) Heading 9903.91.08"), review.format("h")
    )
    found += rows("s301-review-2026-100", ["40151210"], review.format("i"))
    found += rows("s301-review-2025-25", ["81019400", "81019910", "81019980"], review.format("j") + "; 89 FR 101682")
    found += rows("s301-chassis", ["8716390090", "87169030", "87169050"], "note 31(k)(i)", "2026-11-10")
    found += rows("s301-cranes", ["84261900"], "note 31(l)", "2026-11-10")
    found += rows("s301-sts-cranes", ["84261900"], "heading 9903.92.10; 89 FR 76581")
    for heading, scope in (("9903.88.69", "s301-exclusion-69"), ("9903.88.70", "s301-exclusion-70")):
        codes = [r["hts10"] for r in listed(lists, "s301_exclusion_lines.csv") if r["ch99_code"] == heading]
        start, end = ("(vvv)", "(www)") if scope.endswith("69") else ("(www)", "\n21. (a)")
        tail = notes.text[notes.text.rindex("\n" + start if "\n" + start in notes.text else start) :]
        text = tail[: tail.index(end)]
        codes += [c.replace(".", "") for c in re.findall(r"\d{4}\.\d\d\.\d{4}", text)]
        found += rows(scope, sorted(set(codes)), f"note 20{start}; heading {heading}")
    return found


def metals(lists: Path, notes: Notes) -> list[Row]:
    found: list[Row] = []
    for row in listed(lists, "s232_metal_chapter_products.csv"):
        kind = "mill" if row["kind"] == "mill" else "article"
        scope = f"s232-{row['metal_type']}-{kind}"
        since = "2025-04-04" if row["hts_prefix"] == "76129010" else row["effective_date"]
        own = "-73" if row["hts_prefix"].startswith("73") else ""  # of these the duty is on the steel from 2025-06-04
        if "Proc 9980" in row["source"]:
            own = "-76" if row["hts_prefix"].startswith("76") else own
            found.append((f"s232-{row['metal_type']}-9980{own}", row["hts_prefix"], "", "", row["source"]))
            continue
        found.append((scope + own, row["hts_prefix"], since, "2026-04-05", row["source"]))
    found += rows("s232-aluminum-mill", ["7616995160", "7616995170"], "note 19(b); Proc 9704 (2018)", "", "2026-04-05")
    found += derivatives(lists)
    found += [
        ("russian-aluminum", code, "2026-04-06", "", "note 19(i)-(k), heading 9903.85.68")
        for code in sorted({r[1] for r in found if re.match(r"s232-aluminum-(9980|article|content)", r[0])})
    ]
    for row in listed(lists, "s232_copper_products.csv"):
        found.append(("s232-copper", row["hts10"], "2025-08-01", "2026-04-05", "note 36(b); Proc 10962, 2025-14893"))
    tail = notes.text[notes.text.index("(c) Headings 9903.82.02") :]
    part = Notes.__new__(Notes)
    part.text = tail[: tail.index("\n17. (a)")]
    marks = [
        "(i) Articles of aluminum:",
        "(ii) Derivative aluminum articles:",
        "(iii) Articles of steel:",
        "(vi) Derivative aluminum articles:",
        "(vii) Derivative steel articles:",
        "(viii) Articles of copper:",
        "(ix) Derivative aluminum articles:",
        "(x) Derivative steel articles:",
        "(d) Headings 9903.82.04",
    ]
    lists16 = {a.split(" ")[0]: part.codes(a, b, shortest=4) for a, b in pairwise(marks)}
    source = "note 16(c){}; Proc 11021, 91 FR 18201"
    start = "2026-04-06"
    mixed = lists16.pop("(iii)")  # steel, derivative steel and copper, printed in columns across each other
    metal = {"72": "steel", "73": "steel", "74": "copper", "76": "steel"}
    for code in mixed:
        found.append((f"metals-50-{metal[code[:2]]}", code, start, "", source.format("(iii)-(v)")))
    moved = {
        r["hts_prefix"]: r for r in listed(lists, "s232_annex_products.csv") if r["effective_date"] == "2026-06-08"
    }
    gone = {c for c, r in moved.items() if r["annex"] in ("1c", "2", "3")} - {"8708292120", "8708292130"}
    names = {
        "(i)": "metals-50-aluminum",
        "(ii)": "metals-50-aluminum",
        "(vi)": "metals-25-aluminum",
        "(vii)": "metals-25-steel",
        "(viii)": "metals-25-copper",
        "(ix)": "metals-15-aluminum",
        "(x)": "metals-15-steel",
    }
    for mark, codes in lists16.items():
        for code in codes:
            until = "2026-06-07" if mark in ("(vi)", "(vii)") and code in gone else ""
            found.append((names[mark], code, start, until, source.format(mark)))
    to = {"1b": "metals-25", "1c": "metals-mobile", "3": "metals-15"}
    for code, row in moved.items():
        if name := to.get(row["annex"]):
            scope = name if name == "metals-mobile" else f"{name}-{row['metal_type']}"
            if not any(r[0] == scope and code.startswith(r[1]) and not r[3] for r in found):
                found.append((scope, code, "2026-06-08", "", "Proc 11032, 91 FR 34085"))
    mill = [r[1] for r in found if r[0] in ("s232-steel-mill", "s232-steel-mill-73")]
    for scope, code, since, until, source in list(found):  # of which 95 % of the metal may be American, note 16(e)
        derived = scope == "metals-50-aluminum" and "(ii)" in source
        if scope == "metals-50-steel":
            derived = not any(code.startswith(m) or m.startswith(code) for m in mill)
        metal = scope.removeprefix("metals-50-").removeprefix("metals-25-")
        if scope == "metals-mobile":
            metal = "steel"
        if derived or scope.startswith("metals-25") or scope == "metals-mobile":
            own = "chapter" if code[:2] in ("72", "73", "74", "76") else "other"
            found.append((f"us-{metal}-{own}", code, since, until, source))
    # 8415.90.80 left (vii) as a whole for (x); its aluminum lines are named one by one in (ix).
    return [
        (f"{r[0]}-{'chapter' if r[1][:2] in ('72', '73', '74', '76') else 'other'}", *r[1:])
        if re.match(r"metals-(25|15|mobile)", r[0])
        else r
        for r in found
    ]


# The eight-digit subheadings of the derivative lists of which only some statistical lines are in scope, as CBP's lists
# to CSMS 64348288, 65236574 (aluminum), 64348411 and 65936570 (steel) print them. Note 19(k) names no line of 7302.90,
# which a list of products has.
STEEL_LINES = """
21069099:98 27101930:50 27111200:20 28042900:10 30049092:44 38249993:97 82023900:40 82072000:70 82073060:62,95
84129090:70,75 84139190:55,60,96 84542000:10,60 84779086:01 84804900:10 84807180:45,60 84807990:10
84821050:04,08,12,16,24,28,32,36,52,56,60,64,68 84822000:64,67,90 84831010:10,50 84834050:20 85016401:10
85049096:34,38,42 86073010:10,50,90 87012100:80 87012200:80 87012300:80 87012400:80 87012900:80 87059000:10,20
94039990:10,15,40,45,51,61
"""
ALUMINUM_LINES = """
73029000: 73082000:35 21069099:98 27101930:50 30049092:44 38249993:97 83023030:10,60 83024160:15,45,50,80
83024230:10,15,65 83024960:35,45,55,85 83051000:50 83099000:20,25 84129090:70,75 84145965:90 84159080:25,45,85
84189980:05,50,60 84229006:40 84249090:80 84798995:99 84799095:96 84819090:60,85 84834050:20 84839050:20 84879000:80
85016401:10 85169080:50 85299097:60 85369085:85 85439088:85 85479000:20,30,40 87081030:50 87082951:60
87088065:90 87089968:90 87163900:40 87168050:10 88073000:60 90319091:95 94019990:81 94039910:40 94039990:10,15,20,40,45
94059940:20 95061140:80 95065940:40 95067020:90 95069100:10,20,30 95069905:10,20,30 95069925:80 95069960:80 96039080:50
"""


def refined(text: str) -> dict[str, list[str]]:
    pairs = (item.split(":") for item in text.split())
    return {code: [code + suffix for suffix in suffixes.split(",") if suffix] for code, suffixes in pairs}


def derivatives(lists: Path) -> list[Row]:
    """Derivatives outside chapters 73 and 76: duty on the metal's value, from 2025-03-12, until 2026-04-05."""
    found: list[Row] = []
    end = "2026-04-05"
    steel, aluminum = refined(STEEL_LINES), refined(ALUMINUM_LINES)
    for row in listed(lists, "s232_derivative_products.csv"):
        code, since = row["hts_prefix"], row["effective_date"] or "2025-03-12"
        if row["ch99_code"] == "9903.81.91":
            source = "note 16(n); 90 FR 40326" if code[:2] != "76" else "note 16(m); 90 FR 40326"
            found += rows("s232-steel-content", steel.get(code, [code]), source, since, end)
        elif row["ch99_code"] == "9903.85.08":
            source = "note 19(k); " + ("Proc 10895, 90 FR 9807" if since == "2025-03-12" else "90 FR 40326")
            lines = aluminum.get(code, [code])
            if code == "85030095":
                found += rows(
                    "s232-aluminum-content", ["8503009520"], "note 19(k); Proc 10895, 90 FR 9807", "2025-03-12", end
                )
                lines = ["8503009546", "8503009570"]
                since, source = "2025-08-18", "note 19(k); 90 FR 40326"
            found += rows("s232-aluminum-content", lines, source, since, end)
    return found


def other_232(lists: Path, notes: Notes) -> list[Row]:
    found = rows(
        "autos",
        notes.codes("(b) The rates of duty set forth in headings 9903.94.01", "(c) Heading 9903.94.02", shortest=4),
        "note 33(b); Proc 10908, 90 FR 14705",
    )
    parts = [x.strip() for x in (lists / "s232_auto_parts.txt").read_text().split("\n") if x.strip() and x[0] != "#"]
    found += rows("auto-parts", parts, "note 33(g); Proc 10908, 90 FR 14705")
    found += rows(
        "mhd-vehicles",
        notes.codes("(b) The rate of duty set forth in heading 9903.74.01", "(c) Heading 9903.74.02"),
        "note 38(b); Proc 10984, 90 FR 48451",
    )
    found += rows(
        "buses",
        notes.codes("(c) Heading 9903.74.02 applies to buses", "(d) Heading 9903.74.03"),
        "note 38(c); Proc 10984, 90 FR 48451",
    )
    found += rows(
        "mhd-parts",
        notes.codes("(i) The rates of duty set forth in heading 9903.74.08", "(j) Heading 9903.74.09"),
        "note 38(i); Proc 10984, 90 FR 48451",
    )
    wood = "note 37({}); Proc 10976, 2025-19482"
    found += rows(
        "softwood",
        notes.codes("(b) The rates of duty set forth in heading 9903.76.01", "(c) Heading 9903.76.02"),
        wood.format("b"),
    )
    found += rows(
        "upholstered",
        notes.codes("(d) The rates of duty set forth in headings 9903.76.02", "(e) Except for as provided"),
        wood.format("d"),
    )
    found += rows(
        "cabinets", notes.codes("(f) Except for as provided by 9903.76.04", "(g) Heading 9903.76.04"), wood.format("f")
    )
    found += rows("semiconductors", ["847150", "847180", "847330"], "note 39(b); 2026-01052")
    found += rows("solar-cells", ["8541420010"], "note 18(c); Proc 10339, 87 FR 7357")
    aircraft = notes.codes(
        "(b) For purposes of subheading 9903.89.05", "(u) The U.S. Trade Representative has determined that additional"
    )
    found += rows("s301-aircraft", aircraft, "note 21(b)-(s)")
    modules = ["8541430010", "8541430080", "85017100", "85017210"]
    found += rows("solar-modules", modules, "note 18(g); Proc 10339, 87 FR 7357")
    return found


def rows_by_window(lists: Path, notes: Notes, children: dict[str, set[str]]) -> list[Row]:
    """Annex II, which names subheadings of eight digits: the list writes them out by statistical line.

    What the list holds as still in force and the note does not name is left out (prints and works of art are
    informational materials, 9903.01.31); where the note names a statistical line, that line alone is in.
    """
    note = notes.codes("(a) As provided for in heading 9903.01.32", "(iv) As provided in 9903.01.26", shortest=4)
    windows: dict[tuple[str, str], dict[str, set[str]]] = {}
    for row in listed(lists, "ieepa_exempt_products.csv"):
        key = (row["effective_date_start"], row["effective_date_end"])
        windows.setdefault(key, {}).setdefault(row["hts10"][:8], set()).add(row["hts10"][:10])
    found = []
    for (since, until), groups in windows.items():
        for code, lines in groups.items():
            whole = code + "00" in lines or children.get(code, set()) <= lines
            source = "note 2(v)(iii); EO 14257 annex II as amended"
            named = [code] if whole else sorted(lines)
            if not until:
                parts = [n for n in note if len(n) == 10 and n[:8] == code]
                named = [n for n in named if any(n.startswith(p) for p in note)] or parts
            found += rows("annex-ii", named, source, since, until)
    return found


def successors(found: list[Row], replaced: list[list[str]]) -> list[Row]:
    """Statistical lines that took the place of listed ones, under the same subheading."""
    more = []
    for scope, code, since, until, source in found:
        if len(code) != 10:
            continue
        for old, new, day in replaced:
            if old == code and new[:8] == code[:8] and (not until or day <= until):
                more.append((scope, new, max(since, day), until, f"{source}; in place of {code}"))
    return more


def exemptions(lists: Path, notes: Notes, children: dict[str, set[str]]) -> list[Row]:
    found: list[Row] = []
    found += rows_by_window(lists, notes, children)
    aircraft = notes.codes("(iv) As provided in heading 9903.03.05", "(v) As provided in heading 9903.03.06")
    found += rows("civil-aircraft", aircraft, "note 2(aa)(iv); 91 FR 9339")
    surcharge = {r["hts8"] for r in listed(lists, "s122_exempt_products.csv")}
    particular = notes.codes("(iii) As provided in heading 9903.03.04", "(iv) As provided in heading 9903.03.05")
    plain = notes.codes("(ii) As provided in heading 9903.03.03", "(iii) As provided in heading 9903.03.04")
    found += rows("s122-exempt", plain, "note 2(aa)(ii); 91 FR 9339")
    found += rows("s122-particular", particular, "note 2(aa)(iii); 91 FR 9339")
    missing = surcharge - set(plain) - set(aircraft) - set(particular)
    print("in the list of exemptions and not in the note:", sorted(missing))
    groups = {"eu": "eu", "swiss": "ch", "korea": "kr"}
    since = {"eu": "2025-09-01", "swiss": "2025-11-14", "korea": "2025-11-14"}
    sources = {
        "eu": "note 2(v)(xx)-(xxiii); 2025-18660",
        "swiss": "note 2(v)(xxv); 90 FR 59281",
        "korea": "note 2(v)(xxiv); 2025-21940",
    }
    for row in listed(lists, "floor_exempt_products.csv"):
        who = groups[row["country_group"]]
        kind = {"civil_aircraft": "aircraft", "ptaap": "unavailable", "particular": "particular"}.get(
            row["category"], row["category"]
        )
        found.append((f"{who}-{kind}", row["hts8"], since[row["country_group"]], "", sources[row["country_group"]]))
    pharma = {r["hts8"] for r in listed(lists, "floor_exempt_products.csv") if r["category"] == "pharma"}
    with (Path(__file__).parent / "note52b.txt").open() as file:
        unconditional = set(file.read().split())
    for row in listed(lists, "s301fl_exempt_products.csv"):
        code = row["hts8"]
        if code in aircraft and code not in plain:
            scope, part = "s301fl-aircraft", "(d)"
        elif code[:2] == "98":
            continue
        elif code in pharma and code not in unconditional:
            scope, part = "s301fl-pharma", "(e)"
        elif code in particular:
            scope, part = "s301fl-particular", "(c)"
        else:
            scope, part = "s301fl-exempt", "(b)"
        found.append((scope, code, "", "", f"note 52{part}; 91 FR 47318, list of CSMS 69326983"))
    japan = notes.text[notes.text.index("\n35. ") :]
    japan = japan[: japan.index("36. [Note deleted.]")]
    note35 = sorted({c.replace(".", "") for c in re.findall(r"\d{4}\.\d\d\.\d\d", japan)} - set())
    for scope in ("note30b", "note30d"):
        found += rows(scope, russia(notes, scope), f"note 30({scope[-1]})")
    found += rows("note35-aircraft", [c for c in note35 if not c.startswith(("98", "99"))], "note 35")
    return found


def russia(notes: Notes, scope: str) -> list[str]:
    text = notes.text[notes.text.index("\n30. (a)") :]
    text = text[: text.index("\n31. (a)")]
    cut = text.index("(c) For the purposes")
    part = text[:cut] if scope == "note30b" else text[cut:]
    return sorted(
        {c.replace(".", "") for c in re.findall(r"\b\d{4}\.\d\d\.\d\d\b", part) if not c.startswith(("98", "99"))}
    )


def by_hand() -> list[Row]:
    with (Path(__file__).parent / "scopes_by_hand.csv").open(encoding="utf-8") as file:
        return [
            (r["scope"], code, r["from"], r["to"], r["source"])
            for r in csv.DictReader(file)
            for code in r["codes"].split()
        ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("exports", "notes", "lists"):
        parser.add_argument(name, type=Path)
    args = parser.parse_args()
    table = schedule(args.exports)
    pq.write_table(table, OUT / "schedule.parquet", compression="zstd", compression_level=19, row_group_size=2000)
    notes = Notes(args.notes)
    children: dict[str, set[str]] = {}
    for code, until in zip(table["code"].to_pylist(), table["valid_to"].to_pylist(), strict=True):
        if until is None or until >= date(2025, 4, 5):
            children.setdefault(code[:8], set()).add(code)
    found = [
        *section_301(args.lists, notes, children),
        *metals(args.lists, notes),
        *other_232(args.lists, notes),
        *exemptions(args.lists, notes, children),
        *by_hand(),
    ]
    days = {
        "rev_1": "2025-01-27",
        "rev_16": "2025-07-01",
        "rev_17": "2025-07-01",
        "2026_rev_2": "2026-02-01",
        "2026_rev_3": "2026-02-01",
    }
    replaced = [
        [r["old_hts10"], r["new_hts10"], days[r["revision_to"]]]
        for r in listed(args.lists, "hts_concordance.csv")
        if r["old_hts10"] and r["old_hts10"] != r["new_hts10"]
    ]
    found = sorted({*found, *successors(found, replaced)})
    with (OUT / "scopes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["scope", "code", "from", "to", "source"])
        writer.writerows(found)
    with (OUT / "replaced.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "by", "from"])
        writer.writerows(replaced)
    print(f"{table.num_rows:,} dated lines, {len(found):,} rows of scope")


if __name__ == "__main__":
    main()
