"""A case as China's large value or suspicious transaction report: its fields as a table, for the institution's channel.

The fields, their names, lengths and codes are those of the China Anti-Money Laundering Monitoring and Analysis Center,
金融机构大额交易和可疑交易报告数据报送接口规范 V1.0 (May 2017), the formats for banks (BSTR, HVTR), as copied:
https://github.com/soldiers1989/work-1 (Barclays/报文格式比较). Other kinds of institutions have formats of their own
there, with few fields else. What is not known is left empty: "@N" is for fields that do not apply, and only people can
say which those are.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crossbook import money
from crossbook.filing.suspicion.draft import NOT_TOLD, SETTING, Asked, Missing, Report, cut
from crossbook.spreadsheets import Workbook

NOT_APPLICABLE = "@N"
STORY = 10_000  # characters of STCB
CRIME = "a person decides it: 10.6 疑似涉罪类型代码表"
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


@lru_cache(maxsize=1)
def fields() -> tuple[Field, ...]:
    """The fields of both reports, in their order."""
    text = (files("crossbook") / "data" / "watch" / "camlmac_fields.csv").read_text(encoding="utf-8")
    return tuple(Field(**row) for row in csv.DictReader(text.splitlines()))


def china(asked: Asked) -> Report:
    """The report as a workbook: a sheet for each block of it, and one for what is missing."""
    case = asked.told.case
    large = case.report == "large"
    sheets = _large(asked) if large else _suspicious(asked)
    missing: dict[tuple[str, str], str] = {}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        with Workbook(path) as book:
            bold = book.style({"bold": True, "bg_color": "#eef2f7", "border": 1, "text_wrap": True, "valign": "top"})
            for block, rows in sheets.items():
                page = book.sheet(block)
                known = [f for f in fields() if f.report == case.report and f.block == block]
                page.layout.set_column(0, len(known), 22)
                for column, f in enumerate(known):
                    page.text(0, column, f"{f.tag} {f.name}", bold)
                for n, row in enumerate(rows, start=1):
                    for column, f in enumerate(known):
                        value = row.get(f.tag)
                        if f"{f.tag} cut" in row:
                            missing.setdefault((block, f.tag), row[f"{f.tag} cut"])
                        if value is None:
                            missing.setdefault((block, f.tag), row.get(f"{f.tag} why") or NOT_TOLD)
                        else:
                            page.text(n, column, str(value))
            page = book.sheet("missing 缺失")
            page.layout.set_column(0, 2, 40)
            for column, name in enumerate(("field 字段", "name 名称", "why 原因")):
                page.text(0, column, name, bold)
            names = {(f.block, f.tag): f.name for f in fields() if f.report == case.report}
            for n, ((block, tag), why) in enumerate(missing.items(), start=1):
                for column, text in enumerate((f"{block} {tag}", names[block, tag], why)):
                    page.text(n, column, text)
        data = path.read_bytes()
    return Report(
        name=f"china-{'large' if large else 'suspicious'}-{case.id}.xlsx",
        data=data,
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        missing=tuple(Missing(path=f"{block} {tag}", why=why) for (block, tag), why in missing.items()),
    )


def _suspicious(asked: Asked) -> dict[str, list[dict[str, Any]]]:
    case, reporter = asked.told.case, asked.reporter
    parties = _parties(asked)
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
        "STCR": " ".join(case.rules),
        "SETN": len(parties),
        "STNM": len(asked.told.transfers),
        "RPNM": reporter.get("contact"),
        "RPNM why": SETTING.format(name="contact"),
        "MIRS": NOT_APPLICABLE,
    }
    subjects = [
        {"CSNM": party, "SENM": row[end] or None, "STNT": row[f"{end}_country"]}
        for party, (row, end) in parties.items()
    ]
    return {"RBIF": [head], "SEIF": subjects, "STIF": [_paid(row, party, end) for row, party, end in _sides(asked)]}


def _large(asked: Asked) -> dict[str, list[dict[str, Any]]]:
    reporter = asked.reporter
    head = {"RICD": reporter.get("ricd"), "RICD why": SETTING.format(name="ricd"), "CTTN": len(_parties(asked))}
    rows = []
    features = {a["what"].rpartition(" ")[0] for a in asked.told.alerts}
    codes = " ".join(sorted({FEATURES[name] for name in features if name in FEATURES}))
    for row, party, end in _sides(asked):
        more = {
            "CSNM": party,
            "CTNT": row[f"{end}_country"],
            "HTDT": f"{asked.told.case.last_on:%Y%m%d}",
            "CRCD": codes or None,
            "TTNM": len(asked.told.transfers),
            "CRMB": _worth(row["paid_cny"], "CNY"),
            "CRMB why": "no rate into CNY",
            "CUSD": _worth(row["paid_usd"], "USD"),
            "CUSD why": "no rate into USD",
        }
        rows.append({**_paid(row, party, end), **more})
    return {"RBIF": [head], "TSDT": rows}


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


def _paid(row: Mapping[str, Any], party: str, end: str) -> dict[str, Any]:
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
        "OATM": f"{opened:%Y%m%d}000000" if opened else None,
        "TSTM": row["told_at"],
        "TSTM why": "a day alone is told",
        "TICD": row["transfer_id"] or f"{row['evidence'][:12]}:{row['line']}",
        "TSDR": "02" if end == "payer" else "01",
        "CRTP": row[currency],
        "CRAT": money.plain(int(row[amount]), row[currency]),
        "CFIN": row[f"{other}_institution"],
        "TCNM": row[other],
        "TCAC": None if not counter or named else counter,
        "ROTF": f"{row['file']}:{row['line']}",
    }
