"""Each line of the tariff schedule is cited where it stands in the export: CSV, JSON on one line, JSON on many."""

from __future__ import annotations

import json
from pathlib import Path

from crossbook.sources.usitc_hts import lines_of, rows_of
from tests.sources.test_golden import GOLDEN


def test_a_code_stands_on_the_line_that_is_cited() -> None:
    content = (GOLDEN / "usitc_hts.csv").read_bytes()
    text = content.decode("utf-8-sig").split("\n")
    for line in lines_of(rows_of(content)):
        assert line.code in text[line.number - 1].replace(".", ""), line


def test_json_on_one_line_and_on_many() -> None:
    content: bytes = Path(GOLDEN / "usitc_hts.json").read_bytes()
    assert {line.number for line in lines_of(rows_of(content))} == {1}
    spread = "[\n" + ",\n".join(json.dumps(row) for row in json.loads(content)) + "\n]\n"
    text = spread.split("\n")
    lines = list(lines_of(rows_of(spread.encode())))
    assert len({line.number for line in lines}) == len(lines)
    for line in lines:
        assert json.loads(text[line.number - 1].rstrip(","))["htsno"].replace(".", "") == line.code
