"""Statistics of trade: amounts to the cent, years, revisions, and nothing that counts twice."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from crossbook.errors import BadRowsError
from crossbook.sources.encoding import read_head
from crossbook.sources.registry import recognise
from crossbook.sources.source import Reading

BACI = "t,i,j,k,v,q\n"


def rows(folder: Path, name: str, text: str | bytes, account: str | None = None) -> tuple[list[dict], Reading]:
    """The facts of a file, and what its reading says."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    reading = Reading(path, name, "utf-8", account=account)
    found = [row for _, table in recognise(read_head(path, name)).read(reading) for row in table.to_pylist()]
    return found, reading


def test_baci_is_in_thousand_dollars_and_tons(tmp_path: Path) -> None:
    text = BACI + "2022,156,842,610910,1234.567,89.012\n2022,156,842,610990,0.001,\n"
    found, reading = rows(tmp_path, "BACI_HS17_Y2022_V202401.csv", text)
    assert [r["value"] for r in found] == [123_456_700, 100]  # 1,234,567 dollars; one dollar
    assert [r["net_g"] for r in found] == [89_012_000, None]
    assert [r["quantity"] for r in found] == [Decimal("89.012"), None]
    assert {(r["exporter"], r["importer"], r["revision"]) for r in found} == {("CN", "US", "HS2017")}
    assert not reading.notes


def test_baci_without_its_name_says_that_the_revision_is_not_known(tmp_path: Path) -> None:
    found, reading = rows(tmp_path, "trade.csv", BACI + "2022,156,842,610910,1,1\n")
    assert found[0]["revision"] is None
    assert "does not say which revision" in reading.notes[0]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2022,156,842,610910,-1,1", "0 or more"),
        ("2022,156,842,610910,x,1", "not a number"),
        ("2022,156,842,shirts,1,1", "not an HS code"),
        ("202201,156,842,610910,1,1", "not a year"),
        ("2022,,842,610910,1,1", "empty"),
        ("2022,156,842,610910,1e30,1", "over 10^17"),
    ],
)
def test_a_row_that_cannot_be_read_stops_the_file(tmp_path: Path, row: str, reason: str) -> None:
    _, reading = rows(tmp_path, "BACI_HS17_Y2022_V202401.csv", BACI + "2022,156,842,610910,1,1\n" + row + "\n")
    with pytest.raises(BadRowsError) as error:
        reading.finish(partial=False)
    assert reason in error.value.rows[0].reason and error.value.rows[0].line == 3
