"""No text of outsiders makes an expression of ours work without end: by its shape, and by texts made for it."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest

import crossbook
from crossbook import apart, identifiers, spreadsheets
from crossbook.apart_inside import Limits
from crossbook.book import bank_names
from crossbook.duty import expressions
from crossbook.sources import letter
from crossbook.trade import name_parts
from tests.patterns import patterns, worse_than_linear

SOURCE = Path(crossbook.__file__).parent
# Files with patterns that may do more than linear work, how many, and what holds the work.
HELD = {
    "ceb.py": (1, "our own tables"),
    "duty/expressions.py": (2, "texts longer than LONGEST are refused before"),
    # single cells and lines, and only in processes apart, which have a limit of time
    "sources/mt940.py": (1, "apart"),
    "sources/proposing_balance.py": (1, "apart"),
    "sources/table/amounts.py": (2, "apart"),
    "sources/table/days.py": (1, "apart"),
    "sources/table/labels.py": (1, "apart"),
    "sources/table/layout.py": (3, "apart"),
    "sources/table/owner.py": (2, "apart"),
    "sources/table/proofs.py": (2, "apart"),
    "sources/table/subtotals.py": (2, "apart"),
    "sources/table/totals.py": (1, "apart"),
    "sources/trademap.py": (1, "apart"),
    "sources/values.py": (1, "apart"),
}


@pytest.mark.parametrize(
    ("pattern", "searched", "wrong"),
    [
        (r"(a+)+b", False, True),
        (r"(?:a|b+)*c", False, True),
        (r".*a.*b", False, True),
        (r"\bword\s*\n?\s*x", True, True),
        (r"\s+x", True, True),
        (r"<[^>]+>", True, True),
        (r"([A-Z0-9][^\n]{2,1200}?),?\s*\n?\s*Plaintiffs?\b", True, True),
        (r"<[^<>]+>", True, False),
        (r"\s+", True, False),
        (r"\s+x", False, False),
        (r"(?<!\d)\d+x", True, False),
        (r"\b\w+:", True, False),
        (r"(?:a+b)*c", False, False),
        (r"[^\W_]+(?:'[^\W_]+)*", True, False),
        (r"x\s{0,9}y", True, False),
    ],
)
def test_shapes_are_told_apart(pattern: str, searched: bool, wrong: bool) -> None:
    assert bool(worse_than_linear(pattern, searched=searched)) == wrong


def test_no_other_pattern_may_work_without_end() -> None:
    found = [
        (p.path, why, p.pattern)
        for p in patterns(SOURCE)
        if (why := worse_than_linear(p.pattern, p.flags, searched=p.searched))
    ]
    held = {path: number for path, (number, _) in HELD.items()}
    assert Counter(path for path, _, _ in found) == held, [f for f in found if f[0] not in held]
    assert all(path.startswith("sources/") for path, (_, how) in HELD.items() if how == "apart")


LONG = 40_000
WORK = {
    "letter": lambda text: letter.read_text(text),
    "csv": spreadsheets.safe,
    "brackets": name_parts._BRACKETS.findall,
    "words": identifiers._words,
    "bank": lambda text: bank_names.compact(text),
    "duty": lambda text: _parsed(text),
}


def _parsed(text: str) -> object:
    try:
        return expressions.parse(text)
    except ValueError:
        return None


def read(name: str, text: str) -> bool:
    WORK[name](text)
    return True


@pytest.mark.parametrize("name", sorted(WORK))
def test_texts_that_are_made_for_it_are_read_in_a_few_seconds_of_work(name: str) -> None:
    rng = random.Random(17)
    pumps = [" ", "\n", "\t", "A", "9", "(", "<", "((", "\n ", ";\t", "A ", "-", "1,", "Plaintiff", "Reg. No. ", "= "]
    pumps += ["".join(rng.choices("AB19 \n\t()<>;-=.,'", k=rng.randrange(2, 6))) for _ in range(20)]
    few = Limits(memory=800 << 20, seconds=20, output=1 << 20)
    for pump in pumps:
        text = "BX 1" + pump * (LONG // len(pump)) + "!"
        assert apart.run(read, name, text, name=repr(pump), limits=few)


def test_what_was_bounded_reads_as_before() -> None:
    assert spreadsheets._INSIDE.findall("a;\n =1+1;x") == [("\n ", "=1+1")]
    assert letter.read_text("WIDGET HOLDINGS, INC.,\n   Plaintiff,")["plaintiff"] == "WIDGET HOLDINGS, INC."
    assert letter.read_text("BX" + " " * 9000)["plaintiff"] is None
    assert re.sub(r"\s", "", identifiers._words("Alpha  -  Beta & Co")[0]) == "ALPHABETA"
