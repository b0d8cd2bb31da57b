"""The body of HMRC's API: nine boxes under its names, pence exact, pounds whole; nothing is declared for anybody."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from crossbook.errors import CrossbookError
from crossbook.filing.portal import portal
from crossbook.tax.period import period
from crossbook.tax.returned import Return
from crossbook.tax.uk import boxes

# 507.29 of output tax, 124.00 of input tax: 383.29; 2,537.21 sold and 620.00 bought
TOLD = Return(
    kind="uk_vat",
    period=period("2026-Q2"),
    currency="GBP",
    number="GB980780684",
    lines=(),
    boxes=boxes(output=50_729, reclaimed=12_400, net=253_721, bought=62_000),
    total=38_329,
    due=None,
    source="",
)


def test_the_nine_boxes() -> None:
    sent = json.loads(portal(TOLD, {"period_key": "26A2"}), parse_float=Decimal)
    assert sent == {
        "periodKey": "26A2",
        "vatDueSales": Decimal("507.29"),
        "vatDueAcquisitions": 0,
        "totalVatDue": Decimal("507.29"),
        "vatReclaimedCurrPeriod": 124,
        "netVatDue": Decimal("383.29"),
        "totalValueSalesExVAT": 2537,
        "totalValuePurchasesExVAT": 620,
        "totalValueGoodsSuppliedExVAT": 0,
        "totalAcquisitionsExVAT": 0,
        "finalised": False,
    }


def test_more_inputs_than_outputs_are_no_negative_box() -> None:
    told = replace(TOLD, boxes=boxes(output=1_000, reclaimed=12_400, net=5_000, bought=62_000), total=-11_400)
    assert json.loads(portal(told, {"period_key": "26A2"}), parse_float=Decimal)["netVatDue"] == 114


@pytest.mark.parametrize(
    ("told", "settings", "says"),
    [
        (TOLD, {}, "period key"),
        (TOLD, None, "period key"),
        (replace(TOLD, total=None), {"period_key": "26A2"}, "in no file"),
        (replace(TOLD, kind="ioss"), {"period_key": "26A2"}, "no form of a file is known for the ioss return"),
    ],
)
def test_what_cannot_be_sent(told: Return, settings: object, says: str) -> None:
    with pytest.raises(CrossbookError, match=says):
        portal(told, settings)
