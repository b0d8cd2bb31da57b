"""A return as the file that an authority takes, where its form is published and was read: HMRC's for the UK return.

Of the One Stop Shops no schema could be read: Belgium takes XML and Germany CSV by portal, in versions whose text is
not to be had; their returns are typed from the lines.
"""

from __future__ import annotations

from typing import Any

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.tax.returned import Return

# The fields of HMRC's VAT (Making Tax Digital) API by box; developer.service.hmrc.gov.uk, submit a VAT return.
FIELDS = {
    "1": "vatDueSales",
    "2": "vatDueAcquisitions",
    "3": "totalVatDue",
    "4": "vatReclaimedCurrPeriod",
    "5": "netVatDue",
    "6": "totalValueSalesExVAT",
    "7": "totalValuePurchasesExVAT",
    "8": "totalValueGoodsSuppliedExVAT",
    "9": "totalAcquisitionsExVAT",
}
WHOLE = ("6", "7", "8", "9")  # boxes in pounds


def portal(told: Return, settings: Any) -> bytes:
    """The body of `POST /organisations/vat/{vrn}/returns` of HMRC's API, as JSON with exact amounts.

    `settings` is [tax.uk_vat."2026-Q2"]: its `period_key` is the one that HMRC gave with the obligation, nobody makes
    one up. `finalised` is false: it is the declaration of whoever sends it. Raises CrossbookError for a return without
    such a form, without its key, or with a figure that no file holds.
    """
    if told.kind != "uk_vat":
        raise CrossbookError(
            f"no form of a file is known for the {told.kind} return",
            todo="type its lines into the portal: --out writes them as a workbook",
        )
    where = f'[tax.uk_vat."{told.period.name}"]'
    key = settings.get("period_key") if isinstance(settings, dict) else None
    if not isinstance(key, str) or not key:
        raise CrossbookError(
            "the period key of this return is not set",
            where=where,
            todo='write period_key = "…" as HMRC gives it with the obligation to file',
        )
    if told.total is None:
        raise CrossbookError("a figure of this return is in no file: it cannot be sent", where=told.period.name)
    amounts = {FIELDS[b.name]: _amount(b.name, b.amount) for b in told.boxes}
    lines = [f'  "periodKey": {_text(key)}', *(f'  "{name}": {amount}' for name, amount in amounts.items())]
    return ("{\n" + ",\n".join([*lines, '  "finalised": false']) + "\n}\n").encode()


def _amount(box: str, pence: int) -> str:
    return str(pence // 100) if box in WHOLE else money.plain(pence, "GBP")


def _text(text: str) -> str:
    import json

    return json.dumps(text)
