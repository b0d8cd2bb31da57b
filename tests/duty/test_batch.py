"""Many lines at once come out as one by one."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from crossbook.duty import quote, quote_table
from crossbook.duty.quoting import duty
from crossbook.duty.schedule import line, table
from crossbook.duty.tables import FIRST_DAY, KNOWN_UNTIL
from crossbook.errors import CrossbookError

ORIGINS = ["CN", "VN", "MX", "DE", "JP", "CA", "KR", "IN", "RU", "BR", "GB", "CH", "HK"]


def random_lines(size: int, seed: int = 7) -> pa.Table:
    rng = np.random.default_rng(seed)
    days = FIRST_DAY.toordinal() + rng.integers(0, (KNOWN_UNTIL - FIRST_DAY).days + 1, size)
    return pa.table(
        {
            "hts": pa.array(rng.choice(table()["code"].to_pylist(), size)),
            "origin": pa.array(rng.choice(ORIGINS, size)),
            "on": pa.array([date.fromordinal(int(d)) for d in days]),
            "value": pa.array(rng.integers(0, 10**8, size)),
        }
    )


def one_by_one(row: dict[str, Any]) -> tuple[Any, ...]:
    try:
        at = line(row["hts"], row["on"])
        q = duty(at, row["origin"], row["on"], row["value"])
    except CrossbookError:
        return ("refused", None, None, None, None)
    if q.outcome.total is None or q.lowest.total is None or q.highest.total is None:
        return ("quantity", None, None)
    status = "priced" if q.lowest.total == q.highest.total else "interval"
    rate = q.outcome.rate
    return (status, q.outcome.total, rate and round(rate, 8), q.lowest.total, q.highest.total)


def test_as_one_by_one() -> None:
    for row in quote_table(random_lines(1_500)).to_pylist():
        wanted = one_by_one(row)
        got = tuple(
            row[n] for n in ("status", "total_duty", "total_ad_valorem_rate", "total_duty_low", "total_duty_high")
        )
        assert got[: len(wanted)] == wanted, row


def test_claims_and_quantities_are_columns() -> None:
    lines = pa.table(
        {
            "hts": ["8516.60.4070", "8516604070", "6109100012", "2204.10.0030"],
            "origin": ["CN", "cn", "MX", "DE"],
            "on": pa.array([date(2025, 7, 1)] * 4),
            "value": [100_000] * 4,
            "steel_share": ["0.4", None, None, None],
            "exclusion": ["no", "no", None, None],
            "usmca": [None, None, "yes", None],
            "weight_kg": pa.array([None, Decimal("10.5"), None, None], pa.decimal128(18, 3)),
        }
    )
    rows = quote_table(lines).to_pylist()
    assert [r["total_duty"] for r in rows] == [71_000, 95_000, 0, None]
    assert [r["status"] for r in rows] == ["priced", "interval", "priced", "quantity"]
    assert rows[1]["missing"] == "steel_share"
    assert "9903.81.91" in rows[0]["measures"]
    assert rows[0]["total_ad_valorem_rate"] == Decimal("0.71")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"hts": "9999.99.9999"}, "no tariff line"),
        ({"hts": "7326.90"}, "7326.90 is too short"),
        ({"origin": "XX"}, "unknown origin 'XX'"),
        ({"value": -1}, "negative"),
        ({"value": None}, "negative or missing"),
        ({"value": 10**13}, "over 300,000,000 USD"),
        ({"on": date(2027, 1, 1)}, "after 2026-11-09"),
        ({"on": date(2010, 1, 1)}, "2010-01-01 is before 2025-01-01"),
        ({"on": None}, "no day of entry"),
        ({"hts": None}, "not a tariff code"),
        ({"origin": None}, "unknown origin"),
        ({"hts": "9006591520"}, "states no duty that can be read"),
    ],
)
def test_what_cannot_be_priced_is_refused_with_a_reason(change: dict[str, Any], reason: str) -> None:
    fine = {"hts": "7326908688", "origin": "CN", "on": date(2026, 9, 1), "value": 125_000}
    rows = [fine, {**fine, **change}]
    schema = pa.schema({"hts": pa.string(), "origin": pa.string(), "on": pa.date32(), "value": pa.int64()})
    good, bad = quote_table(pa.Table.from_pylist(rows, schema)).to_pylist()
    assert (good["status"], good["total_duty"]) == ("interval", 97_375)
    assert (bad["status"], bad["total_duty"], bad["total_duty_high"]) == ("refused", None, None)
    assert reason in bad["reason"]


def test_beyond_and_missing_columns() -> None:
    row = pa.table({"hts": ["7326908688"], "origin": ["CN"], "on": pa.array([date(2027, 1, 1)]), "value": [125_000]})
    assert quote_table(row, beyond=True)["total_duty"].to_pylist() == [97_375]
    with pytest.raises(CrossbookError, match="no column value"):
        quote_table(row.drop_columns(["value"]))
    assert quote_table(row.slice(0, 0)).num_rows == 0


SHIRT: dict[str, Any] = {"hts": ["6109100012"], "origin": ["CN"], "on": [date(2026, 3, 1)], "value": [10_000]}


@pytest.mark.parametrize(
    ("column", "word", "says", "todo"),
    [
        ("market", "GB", "market says GB in row 1: duty into the United States alone", "quote(hts, origin, market"),
        ("Ship-to Country", "DE", "says DE in row 1", "quote(hts, origin, market"),
        ("currency", "CNY", "currency says CNY in row 1: values are whole US cents", "convert them"),
        ("incoterm", "DDP", "says DDP in row 1: values are customs values", "incoterm="),
        ("Steel Share", "0.4", "the column Steel Share is not read", "call it steel_share"),
        ("steel_shares", "0.4", "the column steel_shares is not read", "call it steel_share"),
        ("qty", "3", "the column qty is not read", "call it quantity"),
        ("total_duty", "3", "the answer has columns of the name total_duty", "rename"),
    ],
)
def test_a_column_that_would_change_the_answer_is_refused(column: str, word: str, says: str, todo: str) -> None:
    with pytest.raises(CrossbookError, match=re.escape(says)) as refused:
        quote_table(pa.table({**SHIRT, column: [word]}))
    assert todo in (refused.value.todo or "")


def test_a_market_that_is_the_united_states_is_taken() -> None:
    """16.5 % is the column of the schedule, list 4A 7.5 %, Section 122 10 %: 34 % of 100.00."""
    more = {"market": pa.array(["us"]).dictionary_encode(), "currency": ["USD"], "incoterm": [None]}
    assert quote_table(pa.table({**SHIRT, **more}))["total_duty"].to_pylist() == [3_400]


def test_other_columns_are_carried_along_and_named() -> None:
    with pytest.warns(UserWarning, match="not looked at: sku, title"):
        found = quote_table(pa.table({**SHIRT, "sku": ["A-1"], "title": ["shirt"]}))
    assert found.select(["sku", "title", "total_duty"]).to_pylist() == [
        {"sku": "A-1", "title": "shirt", "total_duty": 3_400}
    ]


def test_the_table_goes_to_pandas_and_polars() -> None:
    polars = pytest.importorskip("polars")
    lines = pa.table(
        {
            "hts": ["6109100012", "8544429090", "6109100012", "0000000000"],
            "origin": ["CN", "CN", "VN", "CN"],
            "on": [date(2026, 3, 1)] * 4,
            "value": [10_000] * 4,
        }
    )
    found = quote_table(lines)
    for name in ("measures", "missing", "status", "reason"):  # each text once, as categories must be
        words = found[name].combine_chunks().dictionary.to_pylist()
        assert len(words) == len(set(words)), name
    frame = found.to_pandas()
    assert list(frame["status"]) == ["priced", "interval", "priced", "refused"]
    assert list(frame["measures"][:3]) == [
        "9903.88.15 7.5% + 9903.03.01 10%",
        "9903.88.03 25% + 9903.85.08 50%",
        "9903.03.01 10%",
    ]
    assert frame["measures"].isna()[3]
    assert polars.from_arrow(found)["total_duty"].to_list() == found["total_duty"].to_pylist()


def test_text_columns_of_every_kind_are_read() -> None:
    base = {"on": [date(2026, 3, 1)] * 3, "value": [10_000] * 3}
    codes, origins = ["6109.10.0012", "6109100012", "6109 10 0012"], ["CN", " cn", "XX"]
    wanted = quote_table(pa.table({"hts": codes, "origin": origins, **base}))
    assert wanted["status"].to_pylist() == ["priced", "priced", "refused"]
    for kind in (pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())):
        lines = pa.table({"hts": pa.array(codes).cast(kind), "origin": pa.array(origins).cast(kind), **base})
        assert quote_table(lines)["total_duty"].to_pylist() == wanted["total_duty"].to_pylist()
    assert quote_table(wanted.select(["hts", "origin", "on", "value"]).slice(0, 0)).num_rows == 0


def test_an_unknown_way_of_transport_is_refused() -> None:
    lines = pa.table(
        {"hts": ["6109100012"], "origin": ["CN"], "on": [date(2026, 3, 1)], "value": [100], "mode": ["rocket"]}
    )
    with pytest.raises(CrossbookError, match="unknown mode 'rocket'"):
        quote_table(lines)


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ({"steel_share": ["", "0.7"], "aluminum_share": ["0.9", "0.4"]}, "more than the whole value"),
        ({"sailed": ["2025-11-20", "2025-11-21"]}, "sailed=2025-11-21 is after the entry on 2025-11-20"),
    ],
)
def test_facts_that_cannot_hold_together_are_refused(stated: dict[str, list[str]], says: str) -> None:
    day = date(2025, 11, 20)
    lines = pa.table({"hts": ["7326908688"] * 2, "origin": ["CN"] * 2, "on": [day] * 2, "value": [100] * 2, **stated})
    with pytest.raises(CrossbookError, match=says):
        quote_table(lines)


@pytest.mark.parametrize(
    ("hts", "origin", "on"),
    [
        ("3004.90.92", "IE", date(2026, 9, 1)),
        ("8507.60.0020", "CN", date(2020, 1, 1)),
        ("x", "CN", date(2026, 9, 1)),
        ("7326.90.8688", "XX", date(2026, 9, 1)),
        ("9999.00.0000", "CN", date(2026, 9, 1)),
    ],
)
def test_a_row_is_refused_with_the_reason_of_the_single_quote(hts: str, origin: str, on: date) -> None:
    (row,) = quote_table(pa.table({"hts": [hts], "origin": [origin], "on": [on], "value": [1000]})).to_pylist()
    assert row["status"] == "refused"
    if on < date(2025, 1, 1):
        assert row["reason"] == "2020-01-01 is before 2025-01-01, the first schedule"
        return
    with pytest.raises(CrossbookError) as error:
        quote(hts, origin, value=10, on=on)
    assert row["reason"].startswith(error.value.what.splitlines()[0])
