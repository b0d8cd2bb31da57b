"""The USPTO's Trademark Case Files Dataset as CSV: case_file, intl_class, owner and statement.

Each table is a file of its own; rows of all four meet by serial number. Column names are those of the dataset's
releases; the later ones call the status `status_cd`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import trademarks
from crossbook.sources.frame import Column, Frame
from crossbook.sources.report import TableReport, fact_table


def _serial(frame: Frame) -> Column:
    return frame.convert("serial_no", _eight_digits, pa.string(), "serial", required=True)


def _eight_digits(text: str) -> str:
    digits = text.removesuffix(".0")
    if not digits.isdigit() or len(digits) > 8:
        raise ValueError("not a serial number of eight digits")
    return digits.zfill(8)


def _case_files(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    status = frame.convert("status", lambda t: t.removesuffix(".0"), pa.string(), "status")
    live = frame.convert("status", lambda t: trademarks.us_live(t.removesuffix(".0")), pa.string(), "live")
    ended = pc.or_(pc.is_valid(frame.day("abandoned", "ymd")), pc.is_valid(frame.day("cancelled", "ymd")))
    yield fact_table(
        "mark",
        frame,
        "",
        register="US",
        number=_serial(frame),
        registration=frame.text("registration"),
        mark=frame.text("mark"),
        status=status,
        live=pc.if_else(ended, "dead", pc.fill_null(live, "unknown")),
        filed=frame.day("filed", "ymd"),
        registered=frame.day("registered", "ymd"),
        updated=frame.day("updated", "ymd"),
    )


def _classes(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    def read(text: str) -> str | None:
        number = text.removesuffix(".0").lstrip("0")
        return number if number.isdigit() and 1 <= int(number) <= 45 else None  # A, B and 200 are no Nice classes

    yield fact_table(
        "mark",
        frame,
        "",
        register="US",
        number=_serial(frame),
        classes=frame.convert("class", read, pa.string(), "class"),
    )


def _owners(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    yield fact_table("mark", frame, "", register="US", number=_serial(frame), owner=frame.text("owner", required=True))


def _statements(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    kind = frame.convert("kind", lambda t: t[:2], pa.string(), "kind")
    for of, column in (("GS", "goods"), ("TR", "translation")):
        part = frame.where(pc.fill_null(pc.equal(kind, of), False))
        if len(part):
            yield fact_table("mark", part, "", register="US", number=_serial(part), **{column: part.text("text")})


_SERIAL = {"serial_no": ("serial_no", "serial_number")}
CASE_FILES = TableReport(
    name="uspto_case_files",
    title="USPTO Trademark Case Files Dataset: case_file.csv",
    columns={
        **_SERIAL,
        "registration": ("registration_no",),
        "mark": ("mark_id_char",),
        "status": ("cfh_status_cd", "status_cd"),
        "updated": ("cfh_status_dt", "status_dt"),
        "filed": ("filing_dt",),
        "registered": ("registration_dt",),
        "abandoned": ("abandon_dt",),
        "cancelled": ("reg_cancel_dt", "cancel_dt"),
    },
    required=("serial_no", "mark"),
    build=_case_files,
    wide=frozenset({"serial_no", "mark", "registration"}),
    example="abandon_dt,amend_reg_dt,…,cfh_status_cd,cfh_status_dt,filing_dt,mark_id_char,registration_dt,"
    "registration_no,…\n"
    ",,…,800,2019-06-10,2008-01-15,NORTHWIND,2009-03-17,3590001,…",
)
CLASSES = TableReport(
    name="uspto_classes",
    title="USPTO Trademark Case Files Dataset: intl_class.csv",
    columns={**_SERIAL, "class": ("intl_class_cd",)},
    required=("serial_no", "class"),
    build=_classes,
    wide=frozenset({"serial_no"}),
    example="class_id,intl_class_cd,serial_no\n1,025,77000001",
)
OWNERS = TableReport(
    name="uspto_owners",
    title="USPTO Trademark Case Files Dataset: owner.csv",
    columns={**_SERIAL, "owner": ("own_name",)},
    required=("serial_no", "owner"),
    build=_owners,
    wide=frozenset({"serial_no"}),
    example="own_entity_cd,own_name,own_seq,own_type_cd,serial_no\n3,NORTHWIND OUTDOOR INC.,1,30,77000001",
)
STATEMENTS = TableReport(
    name="uspto_statements",
    title="USPTO Trademark Case Files Dataset: statement.csv",
    columns={**_SERIAL, "kind": ("statement_type_cd",), "text": ("statement_text",)},
    required=("serial_no", "kind", "text"),
    build=_statements,
    wide=frozenset({"serial_no", "text"}),
    example='serial_no,statement_text,statement_type_cd\n77000001,"Jackets; hats",GS0251',
)
