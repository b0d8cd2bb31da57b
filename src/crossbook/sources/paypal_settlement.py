"""PayPal Settlement Report (STL-yyyymmdd….CSV), every version up to 12.

Rows start with their type: RH report header, FH file header, SH section header, CH column header, SB body, SF section
footer with balances per currency, SC section count, RF, RC, FF. Amounts are unsigned, in the smallest unit, with a
CR/DR column. A footer's fields: currency, gross credits and debits, fee credits and debits, then pairs of CR/DR and
amount: beginning balance, ending balance, and further balances.
Specification: https://developer.paypal.com/docs/reports/sftp-reports/settlement-report/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from crossbook import money
from crossbook.sources import paypal, values
from crossbook.sources.frame import Frame
from crossbook.sources.report import TableReport, rows_table

COLUMNS = {
    "row": ("ch",),
    "transaction_id": ("transaction id",),
    "invoice": ("invoice id",),
    "related": ("paypal reference id",),
    "related_type": ("paypal reference id type",),
    "code": ("transaction event code",),
    "initiated": ("transaction initiation date",),
    "completed": ("transaction completion date",),
    "side": ("transaction debit or credit",),
    "gross": ("gross transaction amount",),
    "currency": ("gross transaction currency",),
    "fee_side": ("fee debit or credit",),
    "fee": ("fee amount",),
    "fee_currency": ("fee currency",),
    "custom": ("custom field",),
    "consumer": ("consumer id",),
    "tracking": ("payment tracking id",),
    "store": ("store id",),
    "bank_reference": ("bank reference id",),
    "credit_fee": ("credit transactional fee",),
    "credit_promotion": ("credit promotional fee",),
    "credit_term": ("credit term",),
}
_NAMES = list(COLUMNS)


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    state.setdefault("period", paypal.section_before(state))
    frame = paypal.sections(frame, state, frame.reading)
    yield from paypal.body(paypal.rows(frame, "SB"))
    yield from _balances(paypal.rows(frame, "SH", "SF"), state)


def _balances(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    found = []
    cells = {n: frame.raw(n).cast(pa.string()).to_pylist() for n in _NAMES[:10]}
    accounts = frame.raw("account").cast(pa.string()).to_pylist()
    for i, line in enumerate(frame.line.to_pylist()):
        row = [cells[n][i].strip() for n in _NAMES[:10]]
        if row[0] == "SH":
            state["period"] = row
            continue
        try:
            found.append(_balance(row, state["period"], accounts[i], line))
        except ValueError as error:
            frame.reading.report(line, "SF", ",".join(row), str(error))
    if found:
        yield rows_table("balance", found)


def _balance(row: list[str], period: list[str], account: str, line: int) -> dict[str, Any]:
    if len(period) < 3:
        raise ValueError("no section header (SH) with its period stands before it")
    opening, closing = (int(row[i + 1]) * (-1 if row[i].upper() == "DR" else 1) for i in (6, 8))
    if max(abs(opening), abs(closing)) > money.MAX_MINOR:
        raise ValueError("amount over 10^17 minor units")
    return {
        "line": line,
        "account": account,
        "currency": money.currency(row[1]),
        "period_from": values.instant(period[1], "ymd"),
        "period_to": values.instant(period[2], "ymd"),
        "opening": opening,
        "closing": closing,
    }


SOURCE = TableReport(
    name="paypal_settlement",
    title="PayPal Settlement Report (STL)",
    columns=COLUMNS,
    required=("row", "transaction_id", "code", "completed", "side", "gross", "currency"),
    absent=("transactional status",),
    build=_build,
    finish=paypal.ended,
    delimiters=",\t",
    wide=frozenset({"transaction_id", "invoice", "completed"}),
    account=paypal.ACCOUNT,
    authority=90,
    example='"RH",2026/03/02 02:44:19 -0800,"A","MERCHANTID01",009\n"FH",01\n'
    '"SH",2026/03/01 00:00:00 -0800,2026/03/01 23:59:59 -0800,"MERCHANTID01",""\n'
    '"CH","Transaction ID","Invoice ID","PayPal Reference ID",…\n'
    '"SB","6AB12345CD678901E","SO-10021","","","T0006",2026/03/01 09:12:44 -0800,…,"CR",4599,"USD","DR",208,"USD",…\n'
    '"SF","USD",4599,0,0,208,"CR",10000,"CR",14391,…',
)
