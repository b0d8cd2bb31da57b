"""The accounts of a payment system as a plain table: number, holder, side of the border, whether it is a hub."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from crossbook.identifiers import account_of
from crossbook.sources.frame import Frame, identifier
from crossbook.sources.plain_table import day, one_of, plain_table, text
from crossbook.sources.transfer_rows import country_of

_KINDS = {
    "natural": "natural",
    "legal": "legal",
    "institution": "institution",
    "个人": "natural",
    "自然人": "natural",
    "单位": "legal",
    "非自然人": "legal",
    "机构": "institution",
}
_YES = {"yes": True, "true": True, "1": True, "是": True, "no": False, "false": False, "0": False, "否": False}


def _number(told: str) -> str:
    return account_of(identifier(told) or "")


def _yes(told: str) -> bool:
    found = _YES.get(told.casefold())
    if found is None:
        raise ValueError("not yes or no")
    return found


def _hub(frame: Frame) -> dict[str, Any]:
    return {"hub": frame.convert("hub_told", _yes, pa.bool_(), "hub")}


SOURCE = plain_table(
    "payment_accounts",
    title="Accounts of a payment institution (plain table)",
    kind="payment_account",
    cells={
        "number": text("account number", "account_number", "支付账户", required=True, read=_number),
        "institution": text("institution", "开户机构"),
        "holder_id": text("holder id", "holder_id", "客户号", required=True),
        "holder": text("holder", "户名"),
        "country": text("country", "国家", read=country_of),
        "kind": text("holder kind", "holder_kind", "客户类型", read=one_of(_KINDS)),
        "hub_told": text("hub", "归集户"),
        "opened_on": day("opened", "开户日期"),
        "closed_on": day("closed", "销户日期"),
        "address": text("address", "地址"),
        "phone": text("phone", "电话"),
        "device": text("device", "设备号"),
    },
    needs=("number", "holder_id"),
    wide=frozenset({"number", "holder_id", "holder", "address", "phone", "device"}),
    more=_hub,
    example="account number,holder id,holder,country,holder kind,hub,opened\n6222-01,C-1,张伟,CN,natural,no,2024-05-01",
)
