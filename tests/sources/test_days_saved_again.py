"""Reports of platforms that write days one way, saved again by a spreadsheet that writes 3/4/2026.

Of 3/4/2026 nobody can say which month it is. A day over 12 anywhere in the file says it for all of its columns.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crossbook.errors import CrossbookError
from tests.sources.reading import Read, read

AMAZON = (
    "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\t"
    "transaction-type\torder-id\tamount-type\tamount-description\tamount\tposted-date\tposted-date-time\n"
    "77\t{start} 8:00\t{end} 8:00\t{paid} 8:00\t85.00\tUSD\n"
    "77\t\t\t\t\t\tOrder\t114-1111111-1111111\tItemPrice\tPrincipal\t85.00\t{end}\t{end} 10:11\n"
)
STRIPE = (
    "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Description,Transfer\n"
    "txn_1P,payout,po_1,-85.00,0.00,-85.00,usd,{end} 0:10,{paid} 0:00,STRIPE PAYOUT,po_1\n"
    "txn_1A,charge,ch_1A,85.00,0.00,85.00,usd,{start} 9:12,{end} 0:00,A1,po_1\n"
)
SHOPIFY = (
    "Transaction Date,Type,Order,Payout Status,Payout Date,Payout ID,Amount,Fee,Net,Checkout,Currency\n"
    "{start} 9:12,charge,#1001,paid,{paid},1234,90.00,0.00,90.00,#c1,USD\n"
    "{end} 9:12,refund,#1001,paid,{paid},1234,-5.00,0.00,-5.00,#c1,USD\n"
)
EBAY = (
    "Transaction creation date,Type,Order number,Net amount,Payout currency,Payout date,Payout ID,Transaction ID\n"
    "{start},Order,11-00000-00001,85.00,USD,{paid},61,81\n{end},Payout,--,-85.00,USD,{paid},61,--\n"
)
REPORTS = {"amazon": AMAZON, "stripe": STRIPE, "shopify": SHOPIFY, "ebay": EBAY}


def saved(folder: Path, platform: str, start: str, end: str, paid: str) -> Path:
    path = folder / f"{platform}.txt"
    path.write_text(REPORTS[platform].format(start=start, end=end, paid=paid))
    return path


def paid_on(found: Read) -> list[object]:
    return found.column("payout", "paid_on")


@pytest.mark.parametrize("platform", list(REPORTS))
def test_days_that_can_be_read_both_ways_are_refused(platform: str, tmp_path: Path) -> None:
    """Read month first the money came on 7 March, read day first on 3 July."""
    with pytest.raises(CrossbookError) as refused:
        read(saved(tmp_path, platform, "3/1/2026", "3/5/2026", "3/7/2026"))
    assert "whether the day or the month comes first is not decided by this file" in str(refused.value)
    assert "as the platform wrote it" in str(refused.value)


@pytest.mark.parametrize("platform", list(REPORTS))
@pytest.mark.parametrize("days", [("3/1/2026", "3/15/2026", "3/7/2026"), ("1/3/2026", "15/3/2026", "7/3/2026")])
def test_a_day_over_12_tells_the_order_of_every_column(
    platform: str, days: tuple[str, str, str], tmp_path: Path
) -> None:
    """The day of the payment, 7 March, could be read both ways; another column has the fifteenth."""
    found = read(saved(tmp_path, platform, *days))
    assert not found.bad
    assert paid_on(found) == [date(2026, 3, 7)]


def test_the_days_of_one_settlement_are_all_read_one_way(tmp_path: Path) -> None:
    """Once the lines were read month first, and what was paid day first."""
    found = read(saved(tmp_path, "amazon", "3/1/2026", "3/15/2026", "3/7/2026"))
    assert found.column("payout", "period_from", "period_to") == [
        (datetime(2026, 3, 1, 8, tzinfo=UTC), datetime(2026, 3, 15, 8, tzinfo=UTC))
    ]
    assert found.column("settlement", "day") == [date(2026, 3, 15)]


@pytest.mark.parametrize("platform", list(REPORTS))
def test_a_year_of_two_digits_is_no_day(platform: str, tmp_path: Path) -> None:
    """3/15/26 is 15 March 2026, and nothing of 2003."""
    assert paid_on(read(saved(tmp_path, platform, "3/1/26", "3/15/26", "3/7/26"))) == [date(2026, 3, 7)]


@pytest.mark.parametrize("platform", list(REPORTS))
def test_days_over_12_in_both_places_are_refused(platform: str, tmp_path: Path) -> None:
    with pytest.raises(CrossbookError, match="days over 12 stand in both places"):
        read(saved(tmp_path, platform, "13/3/2026", "3/15/2026", "3/7/2026"))
