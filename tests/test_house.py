"""How the house is kept: nothing taken out of the formatter, lines keep to 120, short files, no circle of imports."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
WIDTH = 120
LONGEST = 450  # lines of a file in src; one file is one idea
FOLDERS = ("src", "tests", "benchmarks", "tools", "docs")
OUT = re.compile(r"#\s*(fmt\s*:\s*(skip|off)|yapf\s*:\s*disable|ruff\s*:\s*noqa|noqa:.*E501)")


def python_files(*folders: str) -> Iterator[tuple[Path, list[str]]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8").splitlines()


def wide(line: str) -> int:
    """The columns that a line takes: a Chinese character two, a word to a linter or a type checker at its end none."""
    told = re.sub(r"\s+# (noqa|type: ignore).*", "", line)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in told)


def test_nothing_is_taken_out_of_the_formatter() -> None:
    found = [f"{p}:{n}" for p, lines in python_files(*FOLDERS) for n, line in enumerate(lines, 1) if OUT.search(line)]
    assert found == []
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
    assert not {"exclude", "extend-exclude", "force-exclude", "include"} & set(ruff)
    assert not {"exclude", "docstring-code-line-length"} & set(ruff.get("format", {}))
    lint = ruff["lint"]
    exempt = [*lint["ignore"], *(code for codes in lint["per-file-ignores"].values() for code in codes)]
    assert ruff["line-length"] == WIDTH and "pycodestyle" not in lint and not {"E", "E501"} & set(exempt)


def test_lines_keep_to_their_width() -> None:
    found = [f"{p}:{n}" for p, lines in python_files(*FOLDERS) for n, line in enumerate(lines, 1) if wide(line) > WIDTH]
    assert found == []


def test_files_stay_short() -> None:
    found = {str(path): len(lines) for path, lines in python_files("src") if len(lines) > LONGEST}
    assert found == {}


def circles(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """The sets of more than one name that reach each other: the strongly connected components (Tarjan)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    open_: list[str] = []
    found: list[list[str]] = []

    def walk(name: str) -> None:
        number[name] = low[name] = len(number)
        open_.append(name)
        for other in imports[name]:
            if other not in number:
                walk(other)
                low[name] = min(low[name], low[other])
            elif other in open_:
                low[name] = min(low[name], number[other])
        if low[name] == number[name]:
            at = open_.index(name)
            if len(open_) - at > 1:
                found.append(sorted(open_[at:]))
            del open_[at:]

    for name in imports:
        if name not in number:
            walk(name)
    return found


def test_circles_are_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": set(), "d": {"a"}}) == []
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"d", "a"}}) == [["b", "c"]]


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """{module: what it imports}, in functions and for types alone too."""
    graph = grimp.build_graph("crossbook", exclude_type_checking_imports=False)
    return {module: set(graph.find_modules_directly_imported_by(module)) for module in graph.modules}


def test_no_module_imports_itself_by_way_of_others(imports: dict[str, set[str]]) -> None:
    assert circles(imports) == []


def test_no_circle_of_rooms_or_inside_a_room(imports: dict[str, set[str]]) -> None:
    rooms = {module.rpartition(".")[0] for module in imports} - {""}
    for room in rooms:
        inside: dict[str, set[str]] = {}
        for module, others in imports.items():
            if child := _child(room, module):
                inside.setdefault(child, set()).update(filter(None, (_child(room, other) for other in others)))
        assert circles(inside) == [], room


def _child(room: str, module: str) -> str:
    """What stands in a room and holds a module, or is it; empty for a module that is elsewhere."""
    inside = module.removeprefix(f"{room}.")
    return "" if inside == module else inside.partition(".")[0]
