"""PayPal Transaction Detail Report (TRR-yyyymmdd….CSV).

Row types as in the Settlement Report, with more columns and a status. It lists every transaction, whether or not it
moves the balance: authorizations, pending and denied ones are left out here.
Specification: https://developer.paypal.com/docs/reports/sftp-reports/transaction-detail
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources import paypal, paypal_settlement
from crossbook.sources.frame import Frame
from crossbook.sources.report import TableReport

# S success, V successful and later reversed, F partially refunded; D denied and P pending do not move the balance.
_MOVED = ("S", "V", "F")


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    lines = paypal.rows(paypal.sections(frame, state, frame.reading), "SB")
    status = pc.utf8_upper(pc.utf8_trim_whitespace(lines.raw("status").cast(pa.string())))
    group = pc.utf8_slice_codeunits(lines.raw("code").cast(pa.string()), 0, 3)
    moved = pc.and_(pc.is_in(status, pa.array([*_MOVED, ""])), pc.invert(pc.is_in(group, pa.array(paypal.NO_BALANCE))))
    yield from paypal.body(lines.where(moved))


SOURCE = TableReport(
    name="paypal_transactions",
    title="PayPal Transaction Detail Report (TRR)",
    columns={
        **paypal_settlement.COLUMNS,
        "status": ("transactional status",),
        "country": ("shipping address country",),
    },
    required=("row", "transaction_id", "code", "completed", "side", "gross", "currency", "status"),
    build=_build,
    finish=paypal.ended,
    delimiters=",\t",
    wide=frozenset({"transaction_id", "invoice", "completed"}),
    account=paypal.ACCOUNT,
    authority=80,
    example='"CH","Transaction ID","Invoice ID","PayPal Reference ID","PayPal Reference ID Type",'
    '"Transaction Event Code",…,"Fee Currency","Transactional Status","Insurance Amount",…\n'
    '"SB","6AB12345CD678901E","SO-10021","","","T0006",2026/03/01 09:12:44 -0800,…,"USD","S",…',
)
