"""What a document shows: its fenced blocks, the commands in them and what it says that they print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = re.compile(r"<!-- not run: (.+?) -->\n+\Z")
RULE = re.compile(r"[\s─━═]*")


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block: its language, its text, the line on which it begins, and why it is not run ("" where it is)."""

    language: str
    text: str
    line: int
    not_run: str


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command as a document shows it, and the lines that the document says it prints (none: nothing is said)."""

    words: str
    shown: tuple[str, ...]
    line: int


def blocks(path: Path) -> list[Block]:
    """The fenced blocks of a document that name a language, in order."""
    text = path.read_text(encoding="utf-8")
    found = []
    for m in FENCE.finditer(text):
        reason = NOT_RUN.search(text, 0, m.start())
        line = text.count("\n", 0, m.start()) + 1
        found.append(Block(language=m[1], text=m[2], line=line, not_run=reason[1] if reason else ""))
    assert len(found) * 2 == len(re.findall(r"^```", text, re.MULTILINE)), f"{path.name}: a fence names no language"
    return found


def commands(block: Block) -> list[Command]:
    """The commands of a `console` block: a line behind `$`, and what stands below it up to the next."""
    found: list[Command] = []
    for number, line in enumerate(block.text.splitlines(), block.line + 1):
        if line.startswith("$ "):
            found.append(Command(words=line[2:], shown=(), line=number))
        else:
            assert found, f"line {number}: what is printed stands before any command"
            last = found[-1]
            found[-1] = Command(words=last.words, shown=(*last.shown, line), line=last.line)
    return found


READING = re.compile(
    r"crossbook (money|payouts?|why|market|decisions|restore --all|marks screen|cases deadlines|tax calendar"
    r"|trade (show|verify)|duty (landed|find|refunds|claims|advantage))(?! .*--(out|cape)) ?.*"
)


def plain(words: str) -> str:
    """The words of a command without the comment behind them."""
    return re.sub(r"\s+# .*", "", words)


def told_elsewhere(documents: list[Path]) -> dict[str, Path]:
    """By its words each command that changes nothing, and which of the documents has it first: one that shows what it
    prints before others. In another that shows nothing of it, it need not be run again."""
    found: dict[str, Path] = {}
    shown = [
        (path, c)
        for path in documents
        for b in blocks(path)
        if b.language == "console" and not b.not_run
        for c in commands(b)
    ]
    for path, command in sorted(shown, key=lambda told: not told[1].shown):
        if READING.fullmatch(plain(command.words)):
            found.setdefault(plain(command.words), path)
    return found


def squeezed(lines: list[str] | tuple[str, ...]) -> list[str]:
    """Lines with runs of spaces as one, without empty ones and without the rules of tables."""
    return [" ".join(line.split()) for line in lines if not RULE.fullmatch(line)]


def misses(shown: tuple[str, ...], printed: str) -> str:
    """What a document shows of a command that the command does not print; "" when it is all there.

    Lines are compared in order and without gaps but where the document has a line `…`; `…` in a line stands for
    any text. Spaces, empty lines and the rules of tables are not compared, for they follow the width of the terminal.
    """
    parts: list[list[str]] = [[]]
    for line in squeezed(shown):
        if line == "…":
            parts.append([])
        else:
            parts[-1].append(line)
    lines, at = squeezed(printed.splitlines()), 0
    for number, part in enumerate(parts):
        starts = range(at, len(lines) - len(part) + 1)
        if number == 0:
            starts = starts[:1]
        if number == len(parts) - 1 and part:
            starts = range(max(at, len(lines) - len(part)), len(lines) - len(part) + 1) if number else starts
        start = next((s for s in starts if all(like(a, b) for a, b in zip(part, lines[s:], strict=False))), None)
        if start is None:
            wrong = next((line for line in part if not any(like(line, other) for other in lines[at:])), part[0])
            return f"not printed here: {wrong!r}"
        at = start + len(part)
    if parts[-1] and at != len(lines):
        return f"printed and not shown: {lines[at]!r}"
    return ""


def like(shown: str, printed: str) -> bool:
    """A line as shown, where `…` stands for any text."""
    return re.fullmatch(".*".join(map(re.escape, shown.split("…"))), printed) is not None
