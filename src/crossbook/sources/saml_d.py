"""SAML-D: made-up transfers of a bank with 28 typologies, normal ones and laundering, and where the banks are.

Header and rows as https://github.com/anjalirathod310/aml-transaction-monitoring-dashboard shows them of the public file
`SAML-D.csv` (Oztas and others, "Enhancing Anti-Money Laundering: Development of a Synthetic Transaction Monitoring
Dataset", 2023). One amount is told, in the payer's currency: what arrived is known where both are the same. Day and
time of day name no zone and are taken as UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.frame import Frame
from crossbook.sources.plain_table import DELIMITERS
from crossbook.sources.report import TableReport, fact_table
from crossbook.sources.transfer_rows import country, currency, day_of, kinds, labelled, minor, plain

_KINDS = {
    "ach": "transfer",
    "cross-border": "transfer",
    "cheque": "cheque",
    "credit card": "card",
    "debit card": "card",
    "cash deposit": "cash_in",
    "cash withdrawal": "cash_out",
}


def _transfers(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    frame.reading.headers["moment"] = "Date, Time"
    written = pc.binary_join_element_wise(plain(frame.raw("date")), plain(frame.raw("time")), " ")
    whole = frame.over(frame.table.append_column("moment", written))
    moment = whole.instant("moment", "ymd", required=True)
    paid_in, received_in = currency(frame, "paid_currency"), currency(frame, "received_currency")
    paid = minor(frame, "amount", paid_in)
    yield fact_table(
        "transfer",
        frame,
        "",
        payer_account=frame.text("payer_account", required=True),
        payer_country=country(frame, "payer_country"),
        payee_account=frame.text("payee_account", required=True),
        payee_country=country(frame, "payee_country"),
        paid=paid,
        paid_currency=paid_in,
        received=pc.if_else(pc.equal(plain(paid_in), plain(received_in)), paid, None),
        received_currency=received_in,
        moment=moment,
        day=day_of(moment),
        dated_by="executed",
        kind=kinds(frame, "kind", _KINDS),
        kind_told=frame.codes("kind"),
        label=frame.codes("label"),
        labelled=labelled(frame, "labelled"),
    )


SOURCE = TableReport(
    name="saml_d",
    title="SAML-D transactions (made-up data)",
    columns={
        "time": ("time",),
        "date": ("date",),
        "payer_account": ("sender_account",),
        "payee_account": ("receiver_account",),
        "amount": ("amount",),
        "paid_currency": ("payment_currency",),
        "received_currency": ("received_currency",),
        "payer_country": ("sender_bank_location",),
        "payee_country": ("receiver_bank_location",),
        "kind": ("payment_type",),
        "labelled": ("is_laundering",),
        "label": ("laundering_type",),
    },
    required=("time", "date", "payer_account", "payee_account", "amount", "paid_currency", "kind", "labelled"),
    build=_transfers,
    delimiters=DELIMITERS,
    wide=frozenset({"time", "payer_account", "payee_account", "amount"}),
    example="Time,Date,Sender_account,Receiver_account,Amount,Payment_currency,Received_currency,Sender_bank_location,"
    "Receiver_bank_location,Payment_type,Is_laundering,Laundering_type\n"
    "10:35:19,2022-10-07,8724731955,2769355426,1459.15,UK pounds,UK pounds,UK,UK,Cash Deposit,0,Normal_Cash_Deposits",
)
