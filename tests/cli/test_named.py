"""No document, text or error names a command, or an option of one, that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.test_tree import EVERY

HERE = Path(__file__).parents[2]
READ = [
    *HERE.glob("*.md"),
    *HERE.glob("docs/*.md"),
    HERE / "Makefile",
    *HERE.glob("benchmarks/*.py"),
    *HERE.glob("docs/*.py"),
    *(p for p in (HERE / "src").rglob("*") if p.suffix in (".py", ".po", ".toml", ".html", ".txt")),
]
LATER = re.compile(r"^## 0\.5\.0", re.MULTILINE)  # the change log calls what was before as it was called then
# Words behind the product's name where it does something, and is not called.
PROSE = set(
    """is be can cannot counts asks explains lists writes never also knows needs reads tells does has gives with for on
    and or the find itself s version alone shows must what that looks import promises""".split()
)
CALLED = re.compile(r"(?<![\w./-])crossbook +([a-z][a-z-]*(?: +[a-z][a-z-]*)*)((?:(?!crossbook )[^`\n#;\"])*)")


def named(text: str) -> list[tuple[str, str]]:
    """(words, what follows on the line) of whatever may be a command in a text."""
    return [(m[1], m[2]) for m in CALLED.finditer(text)]


def wrong(words: str, rest: str) -> str:
    """What is wrong with a command as a text names it; empty when nothing is."""
    path: tuple[str, ...] = ()
    for word in words.split():
        if not hasattr(EVERY[path], "commands"):
            break
        if (*path, word) not in EVERY:
            if path or word not in PROSE:
                return f"no command {' '.join((*path, word))!r}"
            return ""
        path = (*path, word)
    known = {o for p in EVERY[path].params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
    strange = [o for o in re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest.split(" | ")[0]) if o not in known]
    return f"{' '.join(path)} has no {strange[0]}" if strange else ""


@pytest.mark.parametrize("path", READ, ids=lambda p: str(p.relative_to(HERE)))
def test_commands_that_are_named_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.name == "CHANGELOG.md":
        text = LATER.split(text)[0]
    found = [f"{words}{rest}: {said}" for words, rest in named(text) if (said := wrong(words, rest))]
    assert not found, "\n".join(found)


def test_old_names_would_be_found() -> None:
    """The test can fail: names and options that there are no more, in the places where they stood."""
    for text in (
        "see `crossbook check --list`",
        "todo='crossbook takedown step adds to it'",
        "$ crossbook verify --for bank",
        "crossbook brand clear",
        "crossbook restore X --accept 2",
        "run crossbook screen, then",
        "`crossbook cases tell`",
    ):
        assert any(wrong(words, rest) for words, rest in named(text)), text
    for text in (
        "crossbook is a book",
        "`crossbook tax return ioss 2026-05 --out ioss.xlsx`",
        "crossbook.facts",
        "crossbook 0.6",
    ):
        assert not any(wrong(words, rest) for words, rest in named(text)), text


def test_the_table_of_commands_in_the_readme() -> None:
    """Each name in its left column is a command at the top, or of the group that the row names first."""
    table = (HERE / "README.md").read_text(encoding="utf-8").split("| command | |\n|---|---|\n")[1].split("\n\n")[0]
    told: set[tuple[str, ...]] = set()
    for row in table.splitlines():
        group: tuple[str, ...] = ()
        for cell in re.findall(r"`([^`]+)`", row.split("|")[1]):
            words = tuple(w for w in cell.split() if w.islower() and not w.startswith("-"))
            full = (*group, *words) if (*group, *words) in EVERY else words
            assert full in EVERY, cell
            told.add(full)
            group = full[:-1] if not hasattr(EVERY[full], "commands") else full
    tops = {path[0] for path in EVERY if path} - {"demo"}
    assert {path[0] for path in told} == tops
