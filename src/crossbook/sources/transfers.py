"""Transfers as a plain table: an institution's own record, one row a transfer, moments with their offset.

A moment without an offset is taken as UTC, under a Chinese header as Beijing's; a day alone is that day, wherever.
A time of day alone is joined to the day beside it (`day`); a whole moment is not, for that day is then of the booking.
Amounts are in units of the currency beside them; without `received` what was paid arrived. `sequence` declares an
order; 序号 and 顺序号, which often number lines alone, do not. Headers of one's own are mapped (`rows`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.facts.transfer import TRANSFER_KINDS
from crossbook.sources import values
from crossbook.sources.frame import Frame
from crossbook.sources.plain_table import DELIMITERS, one_of
from crossbook.sources.report import TableReport, fact_table
from crossbook.sources.table import clock
from crossbook.sources.transfer_rows import account, country, day_of, plain

_TIMED = r"[:时時点點]|[Tt][0-9]"  # what a text has that tells a time of day
_A_TIME = r"^(?:[0-9]{1,2}[:时時]|[0-9]{5,6}$)"  # how a time of day alone begins, as Arrow reads it
_KINDS = {kind: kind for kind in TRANSFER_KINDS} | {
    "payment": "transfer",
    "wire": "transfer",
    "remittance": "transfer",
    "转账": "transfer",
    "汇款": "transfer",
    "同业": "institution",
    "头寸": "cover",
    "退汇": "return",
    "退款": "return",
    "refund": "return",
    "reversal": "return",
    "冲正": "return",
    "现金存入": "cash_in",
    "现金支取": "cash_out",
    "银行卡": "card",
    "支票": "cheque",
    "代扣": "debit",
    "期初": "opening",
}


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    chinese = not frame.reading.headers["moment"].isascii()
    frame = _with_days(frame, state)
    yield rows(frame, order="ymd", zone="Asia/Shanghai" if chinese else "UTC", chinese=chinese)


def rows(
    frame: Frame, *, order: str, zone: str, chinese: bool = True, currency: str | None = None
) -> tuple[str, pa.Table]:
    """The transfers of a frame whose columns go by the names of `SOURCE`. `order` is that of days, `zone` that of
    moments without an offset, `currency` that of rows that tell none."""
    paid_in = frame.currency("currency", currency)
    told_in = frame.convert("received_currency", money.currency, pa.string(), "currency")
    received_in = pc.coalesce(told_in, plain(paid_in)).dictionary_encode()
    paid = frame.money("paid", paid_in, required=True)
    received = frame.money("received", received_in)
    same = pc.equal(plain(paid_in), plain(received_in))
    moment = frame.instant("moment", order, zone, chinese=chinese, required=True)
    alone = _days_alone(frame, order)
    day = frame.day("day", order)
    if alone is not None:
        moment = pc.if_else(pc.is_valid(alone), pa.scalar(None, moment.type), moment)
        day = pc.coalesce(day, alone)
    kinds = frame.convert("kind", one_of(_KINDS), pa.string(), "kind")
    return fact_table(
        "transfer",
        frame,
        "",
        transfer_id=frame.text("transfer_id"),
        payer_institution=frame.codes("payer_institution"),
        payer_account=account(frame, "payer_account"),
        payer=frame.text("payer"),
        payer_country=country(frame, "payer_country"),
        payee_institution=frame.codes("payee_institution"),
        payee_account=account(frame, "payee_account"),
        payee=frame.text("payee"),
        payee_country=country(frame, "payee_country"),
        paid=paid,
        paid_currency=paid_in,
        received=pc.coalesce(received, pc.if_else(same, paid, None)),
        received_currency=received_in,
        moment=moment,
        day=pc.coalesce(day, day_of(moment)),
        dated_by="executed" if alone is None else pc.if_else(pc.is_valid(alone), "day", "executed").dictionary_encode(),
        sequence=frame.units("sequence"),
        kind=pc.fill_null(kinds, "transfer").dictionary_encode(),
        kind_told=frame.codes("kind"),
        purpose=frame.codes("purpose"),
        reference=frame.text("reference"),
        description=frame.text("description"),
        original=frame.text("original"),
    )


def _with_days(frame: Frame, state: dict[str, Any]) -> Frame:
    """The frame with the day before each moment that is a time of day alone. In a table that has such, which `state`
    keeps, a row without a time is its day alone."""
    if "day" not in frame.names:
        return frame
    text = pc.utf8_trim_whitespace(plain(frame.raw("moment")))
    times = pc.match_substring_regex(text, _A_TIME)
    state["timed"] = state.get("timed", False) or pc.any(times).as_py()
    if not state["timed"]:
        return frame
    day = pc.cast(frame.day("day", "ymd"), pa.string())
    told = plain(frame.convert("moment", _time, pa.string(), "time beside its day"))
    whole = pc.if_else(times, pc.binary_join_element_wise(day, told, " "), pc.if_else(pc.equal(text, ""), day, text))
    place = frame.table.column_names.index("moment")
    joined = pc.coalesce(whole, text).dictionary_encode()
    return frame.over(frame.table.set_column(place, "moment", joined))


def _time(text: str) -> str:
    """A time of day as 09:30:15; the text as it is where it is none, for the moment that it makes is then none."""
    try:
        return clock.read(text)
    except ValueError:
        return text


def _days_alone(frame: Frame, order: str) -> Any:
    """The day of each row whose moment is written as a day alone, which is one in every zone; null for others. None
    where all have a time of day."""
    text = plain(frame.raw("moment"))
    digits = pc.utf8_length(pc.replace_substring_regex(text, r"[^0-9]", ""))
    alone = pc.and_(pc.invert(pc.match_substring_regex(text, _TIMED)), pc.less_equal(digits, 8))
    if not pc.any(alone).as_py():
        return None

    def read(text: str) -> date | None:
        return None if re.search(_TIMED, text) or len(re.sub(r"[^0-9]", "", text)) > 8 else values.day(text, order)

    return frame.convert("moment", read, pa.date32(), f"day alone{order}")


SOURCE = TableReport(
    name="transfers",
    title="Transfers of a payment institution (plain table)",
    columns={
        "transfer_id": ("transfer id", "transfer_id", "交易流水号"),
        "moment": ("executed at", "executed_at", "交易时间"),
        "day": ("day", "交易日期"),
        "payer_account": ("payer account", "payer_account", "付款账号", "付款账户"),
        "payer": ("payer", "payer name", "payer_name", "付款人", "付款人名称", "付款人姓名", "付款户名", "付款方"),
        "payer_country": ("payer country", "payer_country", "付款国家"),
        "payer_institution": ("payer institution", "payer_institution", "付款机构"),
        "payee_account": ("payee account", "payee_account", "收款账号", "收款账户"),
        "payee": ("payee", "payee name", "payee_name", "收款人", "收款人名称", "收款人姓名", "收款户名", "收款方"),
        "payee_country": ("payee country", "payee_country", "收款国家"),
        "payee_institution": ("payee institution", "payee_institution", "收款机构"),
        "paid": ("paid", "amount", "付款金额", "交易金额"),
        "currency": ("currency", "币种", "交易币种"),
        "received": ("received", "收款金额"),
        "received_currency": ("received currency", "received_currency", "收款币种"),
        "sequence": ("sequence", "先后顺序"),
        "kind": ("kind", "交易类型"),
        "purpose": ("purpose", "用途代码"),
        "reference": ("reference", "参考号"),
        "description": ("description", "附言"),
        "original": ("original", "原交易流水号"),
    },
    required=("transfer_id", "moment", "payer_account", "payee_account", "paid", "currency"),
    build=_build,
    delimiters=DELIMITERS,
    wide=frozenset({"transfer_id", "payer_account", "payee_account", "paid", "received", "moment", "reference"}),
    example="transfer id,executed at,payer account,payee account,paid,currency,payer country,payee country,kind\n"
    "T-1,2026-03-01T09:30:00+08:00,6222-01,6222-02,49800.00,CNY,CN,CN,transfer",
)
