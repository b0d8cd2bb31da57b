"""How long a regular expression may take, by its shape: whether a text exists on which it does more than linear work.

Python's `re` tries again from each place and each length. Its work is more than linear where two repeats without a
bound can share a run of the same characters, one inside the other or behind it, or where a search begins anew within
the run that such a repeat eats.
"""

from __future__ import annotations

import ast
import re
import re._constants as sre  # type: ignore[import-not-found] # what Python's own compiler reads
import re._parser as parser  # type: ignore[import-not-found]
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

MANY = 300  # a repeat of fewer is taken as bounded
LETTERS = frozenset(
    string.ascii_letters + string.digits + "_-+.,:;/\\'\"()[]{}<>*#$%&=@!?|~^` \t\n\r\x00éß中年月日０٣　\x85€–"
)
ENDS = {sre.AT_END, sre.AT_END_STRING, sre.AT_BOUNDARY, sre.AT_NON_BOUNDARY}
CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}


@dataclass(frozen=True)
class Node:
    """One thing that a pattern matches in its turn: the characters it may consist of, those it may begin with, whether
    it may be empty, whether it repeats without a bound, and what is inside."""

    chars: frozenset[str]
    first: frozenset[str]
    empty: bool
    endless: bool = False
    inside: tuple[tuple[Node, ...], ...] = ()
    behind: frozenset[str] | None = None  # of a look behind: what must not stand before


def nodes(parsed: Any, flags: int) -> tuple[Node, ...]:
    """The nodes of a parsed pattern."""
    return tuple(n for op, told in parsed for n in _node(op, told, flags))


def _node(op: Any, told: Any, flags: int) -> list[Node]:
    if op in (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY):
        chars = frozenset(c for c in LETTERS if _holds(op, told, c, flags))
        return [Node(chars, chars, empty=not chars and op is not sre.LITERAL)]
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, most, inner = told
        body = nodes(inner, flags)
        chars, first, empty = _all(body)
        endless = most is sre.MAXREPEAT or most > MANY
        return [Node(chars, first, empty or least == 0, endless and op is not sre.POSSESSIVE_REPEAT, (body,))]
    if op is sre.SUBPATTERN:
        return list(nodes(told[3], flags | told[1]))
    if op is sre.ATOMIC_GROUP:
        chars, first, empty = _all(nodes(told, flags))
        return [Node(chars, first, empty)]
    if op is sre.BRANCH:
        ways = tuple(nodes(way, flags) for way in told[1])
        parts = [_all(way) for way in ways]
        return [
            Node(
                frozenset().union(*(c for c, _, _ in parts)),
                frozenset().union(*(f for _, f, _ in parts)),
                empty=any(e for _, _, e in parts),
                inside=ways,
            )
        ]
    if op is sre.ASSERT_NOT and told[0] < 0:
        return [Node(frozenset(), frozenset(), empty=True, behind=_all(nodes(told[1], flags))[1])]
    if op is sre.ASSERT and told[0] < 0:
        return [Node(frozenset(), frozenset(), empty=True, behind=LETTERS - _all(nodes(told[1], flags))[0])]
    if op is sre.AT and told in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING):
        every = LETTERS if told is sre.AT_BEGINNING_STRING or not flags & re.MULTILINE else LETTERS - {"\n"}
        return [Node(frozenset(), frozenset(), empty=True, behind=every)]
    if op is sre.AT and told is sre.AT_BOUNDARY:
        return [Node(frozenset(), frozenset(), empty=True, behind=_of(sre.CATEGORY_WORD))]
    return [Node(frozenset(), frozenset(), empty=True)]


def _holds(op: Any, told: Any, char: str, flags: int) -> bool:
    if op is sre.ANY:
        return char != "\n" or bool(flags & re.DOTALL)
    if op is sre.NOT_LITERAL:
        return ord(char) != told
    ways = {char, char.lower(), char.upper()} if flags & re.IGNORECASE else {char}
    if op is sre.LITERAL:
        return any(len(c) == 1 and ord(c) == told for c in ways)
    no = bool(told) and told[0][0] is sre.NEGATE
    return any(_one(o, t, c) for o, t in told for c in ways if len(c) == 1) != no


def _one(op: Any, told: Any, char: str) -> bool:
    if op is sre.LITERAL:
        return ord(char) == told
    if op is sre.RANGE:
        return bool(told[0] <= ord(char) <= told[1])
    return op is sre.CATEGORY and char in _of(told)


@cache
def _of(category: Any) -> frozenset[str]:
    every = {v for c in LETTERS for v in (c, c.lower(), c.upper()) if len(v) == 1}
    return frozenset(c for c in every if re.match(CATEGORIES[category], c))


def _all(row: tuple[Node, ...]) -> tuple[frozenset[str], frozenset[str], bool]:
    chars = frozenset().union(*(n.chars for n in row))
    first: set[str] = set()
    for node in row:
        first |= node.first
        if not node.empty:
            return chars, frozenset(first), False
    return chars, frozenset(first), True


def worse_than_linear(pattern: str, flags: int = 0, *, searched: bool = True) -> str:
    """Why a pattern may do more than linear work on some text; empty when it does not. `searched` is whether it is
    looked for anywhere, rather than matched from the start."""
    parsed = parser.parse(pattern, flags)
    row = nodes(parsed, parsed.state.flags)
    return _shared(row, (), not searched) or (_anew(row) if searched else "")


def _may_fail(rest: tuple[Node, ...]) -> bool:
    """Whether what stands behind can be missing: something that must be there, or a look around."""
    return any(not n.empty or (not n.chars and n.behind is None) for n in rest)


def _shared(row: tuple[Node, ...], after: tuple[Node, ...], whole: bool) -> str:
    """Whether two endless repeats share a run: behind one another, or one inside the other; `whole` is whether the
    match must reach the end of the text."""
    for i, node in enumerate(row):
        rest = row[i + 1 :] + after
        if node.endless:
            run = node.chars
            for k, other in enumerate(rest):
                if not (whole or _may_fail(rest[k + 1 :])):
                    continue
                if other.endless and run & other.first:
                    return f"two repeats of {_shown(run & other.chars)} behind one another"
                if any(n.endless and run & n.chars for way in other.inside for n in way) and run & other.first:
                    return f"two repeats of {_shown(run & other.chars)} behind one another"
                if not other.empty:
                    run = run & other.chars
                    if not run:
                        break
        for way in node.inside:
            again = way if node.endless else ()
            if why := _shared(way, (*again, *rest), whole or bool(again)):
                return why
    return ""


def _anew(row: tuple[Node, ...]) -> str:
    """Whether a search begins anew within the run that an endless repeat eats, and may fail behind it."""
    lead: frozenset[str] | None = None  # what the text so far may consist of
    for i, node in enumerate(row):
        if node.behind is not None and lead is None and i == 0:
            blocked = node.behind
            following = next((n for n in row[1:] if not (n.empty and not n.chars)), None)
            if following is not None and following.chars <= blocked:
                return ""
        ends = [node] if node.endless else [n for way in node.inside for n in way[:1] if n.endless]
        for end in ends:
            run = end.chars if lead is None else end.chars & lead
            if run and any(not n.empty or not n.chars for n in row[i + 1 :]):
                return f"begins anew in a run of {_shown(run)}"
        if not node.empty:
            lead = node.chars if lead is None else lead & node.chars
            if not lead:
                return ""
    return ""


def _shown(chars: frozenset[str]) -> str:
    return repr(min(chars, key=lambda c: (not c.isalnum(), c)))


@dataclass(frozen=True)
class Found:
    """A pattern in the source: where, its text and flags, and how it is used."""

    path: str
    line: int
    pattern: str
    flags: int
    searched: bool


_CALLS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}


def patterns(folder: Path) -> Iterator[Found]:
    """Every pattern that the modules of a folder write down as a literal."""
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "re." not in text:
            continue
        tree = ast.parse(text)
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(ast.Name("re"), name), args=[given, *more]) if name in _CALLS:
                    literal = _text(given)
                    if literal is None:
                        continue
                    flags = _flags([*more, *(k.value for k in node.keywords)])
                    used = {name} if name != "compile" else _uses(text, tree, node)
                    yield Found(
                        str(path.relative_to(folder)), node.lineno, literal, flags, bool(used - {"match", "fullmatch"})
                    )


def _text(node: ast.expr) -> str | None:
    """The text of a literal; what an f-string fills in stands as a word of letters."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "(?:wort)" for p in node.values)
    return None


def _flags(nodes_: list[ast.expr]) -> int:
    names = {n.attr for given in nodes_ for n in ast.walk(given) if isinstance(n, ast.Attribute)}
    return sum(int(getattr(re, n)) for n in names & {"IGNORECASE", "I", "MULTILINE", "M", "DOTALL", "S", "ASCII", "A"})


def _uses(text: str, tree: ast.Module, call: ast.Call) -> set[str]:
    """The methods by which a compiled pattern of a module is used there; of one whose name is not known, a search."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and node.value is call and isinstance(node.targets[0], ast.Name):
            found = set(re.findall(rf"\b{node.targets[0].id}\.(\w+)\(", text))
            return found & _CALLS or {"search"}
    return {"search"}
