"""IBM's AMLworld: transfers between made-up accounts, some of them laundering and called so, and the accounts' holders.

Headers and rows as in the public files `HI-Small_Trans.csv` and `HI-Small_accounts.csv`
(https://www.kaggle.com/datasets/ealtman2019/ibm-transactions-for-anti-money-laundering-aml; seen with rows in
https://github.com/bjain853/AML-project and https://github.com/euph00/AML-GNN-project). `Account` stands there twice:
the payer's, then the payee's, each behind its bank. Currencies go by names, amounts of all of them have decimals, those
of bitcoin six; moments name no zone and are taken as UTC. An account is one of its bank: `bank:account` is what
it is called here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.frame import Column, Frame
from crossbook.sources.plain_table import DELIMITERS
from crossbook.sources.report import TableReport, constant, fact_table
from crossbook.sources.transfer_rows import currency, day_of, kinds, labelled, minor, plain

_KINDS = {
    "wire": "transfer",
    "ach": "transfer",
    "reinvestment": "transfer",
    "bitcoin": "transfer",
    "cheque": "cheque",
    "credit card": "card",
    "cash": "transfer",  # between two accounts all the same
}


def _account(bank: Column, number: Column) -> Column:
    """`bank:account`: two banks may call an account alike. Banks are numbers, which programs write without noughts."""
    banks = pc.utf8_ltrim(plain(bank), "0")
    return pc.binary_join_element_wise(banks, plain(number), ":")


def _transfers(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    paid_in, received_in = currency(frame, "paid_currency"), currency(frame, "received_currency")
    moment = frame.instant("moment", "ymd", required=True)
    banks = frame.codes("payer_bank", required=True), frame.codes("payee_bank", required=True)
    yield fact_table(
        "transfer",
        frame,
        "",
        payer_institution=banks[0],
        payer_account=_account(banks[0], frame.text("payer_account", required=True)),
        payee_institution=banks[1],
        payee_account=_account(banks[1], frame.text("payee_account", required=True)),
        paid=minor(frame, "paid", paid_in),
        paid_currency=paid_in,
        received=minor(frame, "received", received_in),
        received_currency=received_in,
        moment=moment,
        day=day_of(moment),
        dated_by="executed",
        kind=kinds(frame, "kind", _KINDS),
        kind_told=frame.codes("kind"),
        labelled=labelled(frame, "labelled"),
    )


def _accounts(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    bank = frame.codes("institution", required=True)
    yield fact_table(
        "payment_account",
        frame,
        "",
        institution=bank,
        number=_account(bank, frame.text("number", required=True)),
        holder_id=frame.text("holder_id", required=True),
        holder=frame.text("holder"),
        hub=pa.nulls(len(frame), pa.bool_()),
        kind=constant(None, len(frame)),
    )


ACCOUNTS = TableReport(
    name="aml_world_accounts",
    title="AMLworld accounts (IBM, made-up data)",
    columns={
        "institution": ("bank id",),
        "bank_name": ("bank name",),
        "number": ("account number",),
        "holder_id": ("entity id",),
        "holder": ("entity name",),
    },
    required=("institution", "number", "holder_id", "holder"),
    build=_accounts,
    delimiters=DELIMITERS,
    wide=frozenset({"number", "holder_id", "holder"}),
    example="Bank Name,Bank ID,Account Number,Entity ID,Entity Name\n"
    "Portugal Bank #4507,331579,80B779D80,80062E240,Sole Proprietorship #50438",
)
SOURCE = TableReport(
    name="aml_world",
    title="AMLworld transactions (IBM, made-up data)",
    columns={
        "moment": ("timestamp",),
        "payer_bank": ("from bank",),
        "payer_account": ("account",),
        "payee_bank": ("to bank",),
        "payee_account": ("account.1", "account"),
        "received": ("amount received",),
        "received_currency": ("receiving currency",),
        "paid": ("amount paid",),
        "paid_currency": ("payment currency",),
        "kind": ("payment format",),
        "labelled": ("is laundering",),
    },
    required=("moment", "payer_bank", "payer_account", "payee_bank", "received", "paid", "kind", "labelled"),
    build=_transfers,
    delimiters=DELIMITERS,
    wide=frozenset({"payer_account", "payee_account", "received", "paid"}),
    example="Timestamp,From Bank,Account,To Bank,Account,Amount Received,Receiving Currency,Amount Paid,"
    "Payment Currency,Payment Format,Is Laundering\n"
    "2022/09/01 00:20,010,8000EBD30,010,8000EBD30,3697.34,US Dollar,3697.34,US Dollar,Reinvestment,0",
    also=(ACCOUNTS,),
    beside=(("payer_account", "payer_bank"), ("payee_account", "payee_bank")),
)
