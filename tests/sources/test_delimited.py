"""Control characters in cells: dropped, the lines keep their numbers, with quotation marks and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossbook.sources.delimited import Layout, read_blocks
from crossbook.sources.source import Reading


@pytest.mark.parametrize("quote", ["", '"'])
def test_control_characters_are_dropped(tmp_path: Path, quote: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(f"name,n\nDa\x01vid\x1b[31m,1\n{quote}王\x00伟{quote},2\nMüller,3\n".encode())
    (table,) = read_blocks(
        path, Layout(delimiter=",", header_line=1, width=2, wanted={0: "name", 1: "n"}), Reading(path, "t.csv", "utf-8")
    )
    assert table["name"].to_pylist() == ["David[31m", "王伟", "Müller"]
    assert table["line"].to_pylist() == [2, 3, 4]


def test_a_line_end_within_quotation_marks_stays(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b'name,n\n"two\x02\nlines",1\nz,2\n')
    (table,) = read_blocks(
        path, Layout(delimiter=",", header_line=1, width=2, wanted={0: "name", 1: "n"}), Reading(path, "t.csv", "utf-8")
    )
    assert table["name"].to_pylist() == ["two\nlines", "z"] and table["line"].to_pylist() == [2, 4]


def test_each_control_character_is_found_wherever_it_stands(tmp_path: Path) -> None:
    layout = Layout(delimiter=",", header_line=1, width=2, wanted={0: "name", 1: "n"})
    filler = "x" * 50
    for code in (*range(9), 11, 12, *range(14, 32), 127):
        path = tmp_path / f"{code}.csv"
        lines = [f"{filler},{i}" for i in range(6_000)]
        lines[-2] = f"a{chr(code)}b,1"
        path.write_text("name,n\n" + "\n".join(lines) + "\n")
        (table,) = read_blocks(path, layout, Reading(path, "t.csv", "utf-8"))
        assert table["name"].to_pylist()[-2:] == ["ab", filler], code
