"""A case as China's large value or suspicious transaction report: its fields as a table, for the institution's channel.

The fields, their names, lengths and codes are those of the China Anti-Money Laundering Monitoring and Analysis Center,
金融机构大额交易和可疑交易报告数据报送接口规范 V1.0 (May 2017), the formats for banks (BSTR, HVTR), chapters 4.3 and 9,
read in the document itself as copied (https://github.com/soldiers1989/work-1, Barclays/报文格式比较). Other kinds of
institutions have formats of their own there, with few fields else. What is not known is left empty: "@N" is for what
does not apply or cannot be had (9.7), and only people can say which that is. The part of a time that is not known is
written as "t" (9.7); remarks on a transaction are "@N" for now, so that the lines of the files stand on a sheet apart.
Where the customer stands on both sides there are two records with two numbers (9.7).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.filing.suspicion.draft import NOT_TOLD, SETTING, Asked, Missing, Report, cut
from crossbook.spreadsheets import Workbook

NOT_APPLICABLE = "@N"
STORY = 10_000  # characters of STCB
CRIME = "a person decides it: 10.6 疑似涉罪类型代码表"
NATION = "no file of the book tells a nationality: the country of an account is none"
LINES, MISSING = "lines 依据", "missing 缺失"  # sheets beside those of the report
# The kind of large value (CRCD) of a limit.
FEATURES = {
    "cn_cash_cny": "0501",
    "cn_cash_usd": "0501",
    "cn_firm_cny": "0502",
    "cn_firm_usd": "0502",
    "cn_person_cny": "0503",
    "cn_person_usd": "0503",
    "cn_person_abroad_cny": "0504",
    "cn_person_abroad_usd": "0504",
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of the report: its tag, the block that it stands in, its name, and its kind and length."""

    report: str
    block: str
    tag: str
    name: str
    kind: str

    @property
    def most(self) -> int:
        """How many characters it takes."""
        return int(re.findall(r"\d+", self.kind)[-1])


@lru_cache(maxsize=1)
def fields() -> tuple[Field, ...]:
    """The fields of both reports, in their order."""
    text = (files("crossbook") / "data" / "watch" / "camlmac_fields.csv").read_text(encoding="utf-8")
    return tuple(Field(**row) for row in csv.DictReader(text.splitlines()))


@dataclass(frozen=True, kw_only=True)
class _Made:
    """Rows of a report by block, each with values by tag, lists where a tag may stand several times, and the reason
    why a tag is empty under `TAG why`; and the transfers behind them, by their number in the report."""

    blocks: Mapping[str, list[dict[str, Any]]]
    lines: Mapping[str, dict[str, Any]]


def china(asked: Asked) -> Report:
    """The report as a workbook: a sheet for each block of it, one for the lines behind it and one for what is missing.

    Raises CrossbookError for a large value that reaches no limit of China's.
    """
    case = asked.told.case
    large = case.report == "large"
    made = _large(asked) if large else _suspicious(asked)
    missing: dict[tuple[str, str], str] = {}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        with Workbook(path) as book:
            for block, rows in made.blocks.items():
                known = [f for f in fields() if f.report == case.report and f.block == block]
                _sheet(book, block, *_laid_out(known, rows, missing))
            found = [[number, row["file"], str(row["line"])] for number, row in made.lines.items()]
            _sheet(book, LINES, ["TICD 业务标识号", "file 文件", "line 行"], found)
            names = {(f.block, f.tag): f.name for f in fields() if f.report == case.report}
            told = [[f"{block} {tag}", names[block, tag], why] for (block, tag), why in missing.items()]
            _sheet(book, MISSING, ["field 字段", "name 名称", "why 原因"], told)
        data = path.read_bytes()
    return Report(
        name=f"china-{'large' if large else 'suspicious'}-{case.id}.xlsx",
        data=data,
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        missing=tuple(Missing(path=f"{block} {tag}", why=why) for (block, tag), why in missing.items()),
    )


def _sheet(book: Workbook, name: str, head: list[str], rows: list[list[str]]) -> None:
    bold = book.style({"bold": True, "bg_color": "#eef2f7", "border": 1, "text_wrap": True, "valign": "top"})
    page = book.sheet(name)
    page.layout.set_column(0, len(head), 22)
    for n, row in enumerate([head, *rows]):
        for column, text in enumerate(row):
            if text:
                page.text(n, column, text, *([bold] if n == 0 else []))


def _laid_out(
    known: list[Field], rows: list[dict[str, Any]], missing: dict[tuple[str, str], str]
) -> tuple[list[str], list[list[str]]]:
    """The head of a block's sheet and its rows; a field of several values has a column for each. What is empty, or
    longer than the field takes, is added to `missing`."""
    columns = {f.tag: max([1, *(len(v) for r in rows if isinstance(v := r.get(f.tag), list))]) for f in known}
    head = [f"{f.tag} {f.name}{f' {n}' if columns[f.tag] > 1 else ''}" for f in known for n in _each(columns[f.tag])]
    laid = []
    for row in rows:
        texts = []
        for f in known:
            value = row.get(f.tag)
            values = [str(v) for v in (value if isinstance(value, list) else [] if value is None else [value])]
            if not values:
                missing.setdefault((f.block, f.tag), row.get(f"{f.tag} why") or NOT_TOLD)
            longest = max(map(len, values), default=0)
            if f"{f.tag} cut" in row:
                missing.setdefault((f.block, f.tag), row[f"{f.tag} cut"])
            elif longest > f.most:
                why = f"it has {longest} characters, the form takes {f.most}: shorten it"
                missing.setdefault((f.block, f.tag), why)
            texts += [*values, *[""] * (columns[f.tag] - len(values))]
        laid.append(texts)
    return head, laid


def _each(count: int) -> range:
    return range(1, count + 1)


def _suspicious(asked: Asked) -> _Made:
    case, reporter = asked.told.case, asked.reporter
    parties = _parties(asked)
    paid = _paid(asked)
    story = asked.stories.get("zh", "")
    head = {
        "RICD": reporter.get("ricd"),
        "RICD why": SETTING.format(name="ricd"),
        "RPNC": reporter.get("rpnc"),
        "RPNC why": SETTING.format(name="rpnc"),
        "DETR": None,
        "DETR why": "a person decides it: 01 not urgent, 02 urgent",
        "TORP": 1,
        "ORXN": NOT_APPLICABLE,
        "DORP": "01",
        "ODRP": NOT_APPLICABLE,
        "TPTR": "01",
        "OTPR": NOT_APPLICABLE,
        "STCB": story[:STORY] or None,
        **({"STCB cut": cut(len(story), STORY)} if len(story) > STORY else {}),
        "AOSP": None,
        "AOSP why": "a person writes it: 疑点分析",
        "TOSC": None,
        "TOSC why": CRIME,
        "STCR": list(case.rules),
        "SETN": len(parties),
        "STNM": len(paid),
        "RPNM": reporter.get("contact"),
        "RPNM why": SETTING.format(name="contact"),
        "MIRS": NOT_APPLICABLE,
    }
    subjects = [{"CSNM": party, "SENM": row[end] or None, "STNT why": NATION} for party, (row, end) in parties.items()]
    return _Made(
        blocks={"RBIF": [head], "SEIF": subjects, "STIF": [told for told, _, _ in paid]},
        lines={told["TICD"]: row for told, row, _ in paid},
    )


def _large(asked: Asked) -> _Made:
    reporter = asked.reporter
    rows, lines = [], {}
    counted: dict[tuple[str, str], int] = {}
    for told, row, end in _paid(asked):
        side = "out" if end == "payer" else "in"
        reached = {what for rule, what in row["called"] if rule == "large_value"}
        codes = {code for name, code in FEATURES.items() if f"{name} {side}" in reached}
        unsure = {what for what in reached if what.startswith("unknown")}
        for code in sorted(codes) or [""] * bool(unsure):
            key = (told["CSNM"] or "", code)
            counted[key] = counted.get(key, 0) + 1
            more = {
                "CTNT why": NATION,
                "HTDT": f"{asked.told.case.last_on:%Y%m%d}",
                "CRCD": code or None,
                "CRCD why": "which limit it is depends on what is not told: " + ", ".join(sorted(unsure)),
                "CRMB": _worth(row["paid_cny" if end == "payer" else "received_cny"], "CNY"),
                "CRMB why": "no rate into CNY",
                "CUSD": _worth(row["paid_usd" if end == "payer" else "received_usd"], "USD"),
                "CUSD why": "no rate into USD",
            }
            rows.append({**told, **more})
            lines[told["TICD"]] = row
    if not rows:
        raise CrossbookError(
            f"watch case {asked.told.case.id} reaches no limit of China's",
            todo="take the form of the law that it reaches",
        )
    for made in rows:
        made["TTNM"] = counted[made["CSNM"] or "", made["CRCD"] or ""]
    head = {
        "RICD": reporter.get("ricd"),
        "RICD why": SETTING.format(name="ricd"),
        "CTTN": len({made["CSNM"] for made in rows}),
    }
    return _Made(blocks={"RBIF": [head], "TSDT": rows}, lines=lines)


def _worth(minor: int | None, currency: str) -> str | None:
    return None if minor is None else money.plain(int(minor), currency)


def _parties(asked: Asked) -> dict[str, tuple[dict[str, Any], str]]:
    """The parties that are reported on: the case's, and others whose accounts the institution has."""
    return {party: (row, end) for row, party, end in reversed(list(_sides(asked)))}


def _sides(asked: Asked) -> Iterable[tuple[dict[str, Any], str, str]]:
    """Each transfer as the customer sees it: its row, the customer, and on which side it stands."""
    chief = asked.told.case.subject
    for row in asked.told.transfers:
        ends = [end for end in ("payer", "payee") if row[f"{end}_party"] == chief]
        ends = ends or [end for end in ("payer", "payee") if row[f"{end}_tenant"] is not None][:1] or ["payer"]
        for end in ends:
            yield row, str(row[f"{end}_party"] or ""), end


def _paid(asked: Asked) -> list[tuple[dict[str, Any], dict[str, Any], str]]:
    """Each transfer as a record of the report, with its row and the side on which the customer stands. Numbers are
    those of the institution; of a transfer that is recorded on both sides, or whose number is used again, with the
    number of the record behind it."""
    found = [(_record(row, party, end), row, end) for row, party, end in _sides(asked)]
    used: dict[str, int] = {}
    for told, _, _ in found:
        number = told["TICD"]
        used[number] = used.get(number, 0) + 1
        told["TICD"] = number if used[number] == 1 else f"{number}-{used[number]}"
    return found


def _record(row: Mapping[str, Any], party: str, end: str) -> dict[str, Any]:
    other = "payee" if end == "payer" else "payer"
    amount, currency = ("paid", "paid_currency") if end == "payer" else ("received", "received_currency")
    account = row[f"{end}_account"]
    counter = row[f"{other}_account"]
    named = counter and counter.startswith("name:")
    opened = row[f"{end}_opened"]
    return {
        "CTNM": row[end],
        "CSNM": party or None,
        "CTAC": None if not account or account.startswith("name:") else account,
        "OATM": f"{opened:%Y%m%d}tttttt" if opened else None,
        "TSTM": row["told_at"] or f"{row['day']:%Y%m%d}tttttt",
        "TICD": row["transfer_id"] or f"{row['evidence'][:12]}:{row['line']}",
        "TSDR": "02" if end == "payer" else "01",
        "CRTP": row[currency],
        "CRAT": money.plain(int(row[amount]), row[currency]),
        "CFIN": row[f"{other}_institution"],
        "TCNM": row[other],
        "TCAC": None if not counter or named else counter,
        "ROTF": NOT_APPLICABLE,
    }
