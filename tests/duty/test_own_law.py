"""Steps of law that a user adds in a file beside the book."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from crossbook.duty import quote, quote_table
from crossbook.duty.own_law import with_own
from crossbook.duty.tables import law
from crossbook.errors import CrossbookError

HEAD = "id,programme,name,authority,heading,origins,scope,kind,rate,on,when,from,to,source\n"
RISE = "s301:4A,s301,Section 301 list 4A,Trade Act,9903.88.15,CN,s301-4a,add,25%,,,2026-10-01,,91 FR 99999\n"
TOYS = (
    "toys,,Surcharge on toys,Trade Act,9903.99.01,VN,9503.00 6109,add,5%,,usmca=no,2026-10-01,2026-10-31,91 FR 99998\n"
)


def own(folder: Path, *rows: str) -> Path:
    (folder / "measures.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    return folder


def test_a_row_takes_the_place_of_the_shipped_one_from_its_day_on(tmp_path: Path) -> None:
    table = with_own(law(), own(tmp_path, RISE))
    before = quote("6109.10.0012", "CN", value=100, on="2026-09-30", law=table)
    after = quote("6109.10.0012", "CN", value=100, on="2026-10-01", law=table)
    assert before.total_duty == quote("6109.10.0012", "CN", value=100, on="2026-09-30").total_duty
    assert [x.rate for x in after.lines if x.heading_9903 == "9903.88.15"] == ["25%"]
    assert after.total_duty is not None
    assert before.total_duty is not None
    assert after.total_duty - before.total_duty == 1_750, "25 in place of 7.5 % of 100 USD"
    assert any("91 FR 99999 (measures.csv)" in x.legal_source for x in after.lines)


def test_a_new_measure_adds_in_full_between_its_days(tmp_path: Path) -> None:
    table = with_own(law(), own(tmp_path, TOYS))
    for on, found in (("2026-09-30", []), ("2026-10-31", [500]), ("2026-11-01", [])):
        bill = quote("9503.00.0073", "VN", value=100, on=on, law=table)
        assert [x.amount for x in bill.lines if x.heading_9903 == "9903.99.01"] == found, on
    assert not [x for x in quote("9506.62.8020", "VN", value=100, on="2026-10-31", law=table).lines if x.id == "toys"]


def test_many_lines_at_once_follow_it(tmp_path: Path) -> None:
    table = with_own(law(), own(tmp_path, RISE, TOYS))
    rows = [("6109100012", "CN"), ("6109100012", "VN"), ("9503000073", "VN")]
    on = date(2026, 10, 20)
    lines = pa.table(
        {"hts": [r[0] for r in rows], "origin": [r[1] for r in rows], "on": [on] * 3, "value": [10_000] * 3}
    )
    one_by_one = [quote(h, o, value=100, on=on, law=table).total_duty for h, o in rows]
    assert quote_table(lines, law=table)["total_duty"].to_pylist() == one_by_one
    assert quote_table(lines)["total_duty"].to_pylist() != one_by_one


def test_without_a_file_the_law_is_as_it_was(tmp_path: Path) -> None:
    assert with_own(law(), tmp_path) is law()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (RISE.replace("25%", "25"), "rate"),
        (RISE.replace(",CN,", ",China,"), "origins"),
        (RISE.replace("s301-4a", "list-9"), "scope"),
        (RISE.replace("2026-10-01", "1 October"), "from"),
        (TOYS.replace("usmca=no", "sunny=yes"), "when"),
        (RISE.replace(",add,", ",plus,"), "kind"),
        (RISE.replace("91 FR 99999", ""), "source"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, row: str, column: str) -> None:
    with pytest.raises(CrossbookError, match=column) as caught:
        with_own(law(), own(tmp_path, TOYS, row))
    assert caught.value.where == f"{tmp_path / 'measures.csv'}, line 3"
    assert caught.value.todo
