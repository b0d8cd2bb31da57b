"""An empty book: no command takes it for good news that nothing is in it, and none that is out of date for a duty."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crossbook.book import init_book
from tests.cli.running import run


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return init_book(tmp_path_factory.mktemp("empty") / "book").path


@pytest.mark.parametrize(
    ("words", "said", "in_chinese"),
    [
        (("payouts",), "No payout and no bank statement yet.", "尚无结算，也无银行对账单。"),
        (("payouts", "--check"), "No payout and no bank statement yet.", "尚无结算，也无银行对账单。"),
        (("restore", "--all"), "No payout and no bank statement yet.", "尚无结算，也无银行对账单。"),
        (("bank",), "No payout and no bank statement yet.", "尚无结算，也无银行对账单。"),
        (("money",), "No orders are in the book yet.", "账簿中还没有"),
        (("trade", "verify"), "No order, payment, parcel or export list is in the book yet.", ""),
        (("trade", "verify", "--for", "bank"), "No order, payment, parcel or export list is in the book yet.", ""),
        (("trade", "verify", "--offline"), "No bank statement yet.", ""),
        (("cases", "calendar"), "no case is open", ""),
        (("tax", "return", "oss", "2026-Q1"), "nothing shows that there were no sales", "不能说明没有销售"),
        (("tax", "return", "uk_vat", "2026-Q1"), "nothing shows that there were no sales", "不能说明没有销售"),
        (("tax", "return", "uk_vat", "2026-Q1"), "not due: no gb_vat number is in book.toml", "无需申报: "),
        (("tax", "return", "cn_refund", "2026-03"), "not due: the book has no export of 2026-03", "无需申报: "),
        (("tax", "thresholds"), "the book has no orders: nothing shows how near", "账簿中没有订单"),
        (("watch", "statistics"), "no transfers yet", "还没有交易"),
    ],
)
def test_what_is_not_there_is_said(empty: Path, words: tuple[str, ...], said: str, in_chinese: str) -> None:
    assert said in run(*words, book=empty).stdout
    chinese = run(*words, book=empty, lang="zh")
    assert chinese.returncode == 0 and said not in chinese.stdout and in_chinese in chinese.stdout


@pytest.mark.parametrize(("kind", "period"), [("ioss", "2021-06"), ("oss", "2021-Q2"), ("oss", "1999-Q1")])
def test_a_return_that_there_was_not_is_none(empty: Path, kind: str, period: str) -> None:
    done = run("tax", "return", kind, period, book=empty)
    assert done.returncode == 2 and f"no {kind} return before 2021-07-01" in done.stderr and not done.stdout


@pytest.mark.parametrize(("kind", "period"), [("ioss", "2021-07"), ("oss", "2021-Q3")])
def test_the_first_return_of_a_scheme_is_one(empty: Path, kind: str, period: str) -> None:
    assert run("tax", "return", kind, period, book=empty).returncode == 0


def test_no_threshold_is_called_far_where_no_order_is_there_to_count(empty: Path) -> None:
    """ "below" with 0.00 sold would be good news that nobody told."""
    found = json.loads(run("tax", "thresholds", "--json", book=empty).stdout)
    assert len(found) > 45 and {(n["state"], n["sales"], n["percent"]) for n in found} == {("unknown", None, None)}
    assert "below" not in run("tax", "thresholds", book=empty).stdout
