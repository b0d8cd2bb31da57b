"""Delimited text: every cell as it stands, but for control characters, and its line, whatever blocks it is read in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbook.errors import CrossbookError
from crossbook.printable import CONTROL_BYTES
from crossbook.sources import delimited
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


def test_a_line_without_end_is_an_error_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "BLOCK_BYTES", 8)
    monkeypatch.setattr(delimited, "LONGEST_LINE", 1_000)
    path = tmp_path / "part"
    layout = Layout(delimiter=",", header_line=1, width=2, wanted={0: "name", 1: "n"})
    path.write_bytes(b"name,n\na,1\n" + b"x" * 5_000 + b",2\n")
    with pytest.raises(CrossbookError, match="line 2 or one behind it has more than") as caught:
        list(read_blocks(path, layout, Reading(path, "t.csv", "utf-8")))
    assert caught.value.where == "t.csv"


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


_CELLS = st.one_of(st.just(""), st.sampled_from(["Order", "王伟", "-1.50", "a\x01b", "\x7f", "\x00", "é"]))
_RUNS = st.lists(st.tuples(st.tuples(_CELLS, _CELLS, _CELLS), st.integers(1, 9)), min_size=1, max_size=25)


@pytest.mark.parametrize("delimiter", [",", "\t"])
@settings(deadline=None)
@given(runs=_RUNS, block=st.integers(1, 60))
def test_cells_and_lines_do_not_depend_on_the_blocks(
    tmp_path_factory: pytest.TempPathFactory, delimiter: str, runs: list[tuple[tuple[str, str, str], int]], block: int
) -> None:
    rows = [row for row, times in runs for _ in range(times)]  # columns without text for a while, then with
    path = tmp_path_factory.mktemp("blocks") / "t.txt"
    path.write_text("\n".join(delimiter.join(row) for row in [("a", "b", "c"), *rows]) + "\n")
    layout = Layout(
        delimiter=delimiter,
        header_line=1,
        width=3,
        wanted={0: "a", 1: "b", 2: "c"},
        wide=frozenset("b"),
        quoted=False,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "BLOCK_BYTES", block)
        tables = list(read_blocks(path, layout, Reading(path, "t.txt", "utf-8")))
    found = [row for t in tables for row in zip(*(t[n].to_pylist() for n in ("a", "b", "c", "line")), strict=True)]
    clean = [tuple(cell.translate(dict.fromkeys(CONTROL_BYTES)) for cell in row) for row in rows]
    assert found == [(*row, line) for line, row in enumerate(clean, 2) if any(row)]


@pytest.mark.parametrize("quoted", ["", '"'])
def test_rows_that_end_early_are_said_once(tmp_path: Path, quoted: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"name,n,m\na,1,2\n{quoted}b{quoted}\nc\nd,4,\n", encoding="utf-8")
    reading = Reading(path, "t.csv", "utf-8")
    layout = Layout(delimiter=",", header_line=1, width=3, wanted={0: "name", 1: "n"})
    (table,) = read_blocks(path, layout, reading)
    assert table["n"].to_pylist() == ["1", "", "", "4"]
    (note,) = reading.notes
    assert note.startswith("rows with fewer fields than the header: 2, the first in line 3 (1 of 3)")
    alone = Layout(delimiter=",", header_line=1, width=3, wanted={0: "name"})
    list(read_blocks(path, alone, reading))
    assert reading.notes == [note], "no row lacks what is read"
