"""Rival readings of one statement, each read to the end: which of them its proofs hold for."""

from __future__ import annotations

import copy
import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossbook.errors import CrossbookError
from crossbook.sources import rival_columns
from crossbook.sources.mapping import MappedTable
from crossbook.sources.mapping_spec import BEFORE
from crossbook.sources.mapping_toml import as_toml
from crossbook.sources.settlement_spec import STATUS
from crossbook.sources.source import Reading
from crossbook.sources.table.following import Following
from crossbook.sources.table.proofs import Proof
from crossbook.sources.table.seen import DIRECTION


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One reading of a file: its mapping, its proofs, how many rows it could not read, and the pass itself."""

    spec: dict[str, Any]
    proofs: tuple[Proof, ...]
    bad: int
    followed: Following

    @property
    def held(self) -> int:
        """How many tests hold of those that a row read the other way would fail."""
        return sum(p.held for p in self.proofs if p.name not in ("net", "netplus"))

    @property
    def against(self) -> int:
        return sum(len(p.against) for p in self.proofs)


def trial(path: Path, name: str, spec: dict[str, Any]) -> Trial:
    """Read a file by a mapping, whatever contradicts it. Raises CrossbookError when it cannot be read at all."""
    mapped = MappedTable("trial", as_toml(spec))
    reading = Reading(path=path, name=name, encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        followed = mapped.follow(reading, Path(folder))
        for _ in mapped.facts(followed):
            pass
    return Trial(spec=spec, proofs=followed.proofs(), bad=len(reading.bad_lines), followed=followed)


def flipped(spec: dict[str, Any]) -> dict[str, Any]:
    """The reading in which all money went the other way."""
    other = copy.deepcopy(spec)
    columns = other["columns"]
    if "credit" in columns:
        columns["credit"], columns["debit"] = columns["debit"], columns["credit"]
    elif DIRECTION in other:
        told = other[DIRECTION]
        told["in"], told["out"] = told["out"], told["in"]
    else:
        other["sign"] = "in" if other.get("sign") == "out" else "out"
    return other


def rivals(spec: dict[str, Any], *, minus: bool) -> Iterator[dict[str, Any]]:
    """The other readings of a statement's signs, the likelier first. `minus`: whether an amount is written with one."""
    if minus and "credit" in spec["columns"]:
        other = copy.deepcopy(spec)
        other["red"] = not other.get("red")
        yield other
        yield flipped(other)
    if {"amount", "balance", BEFORE} <= set(spec["columns"]) and DIRECTION not in spec:
        other = copy.deepcopy(spec)
        other["sign"] = "balance"
        yield other
    if minus and DIRECTION in spec:
        other = copy.deepcopy(spec)
        del other[DIRECTION]
        yield other
    yield flipped(spec)


def best(path: Path, name: str, spec: dict[str, Any]) -> Trial:
    """Of a reading and its rivals the one that the proofs hold for; the reading itself where they do not tell."""
    first = trial(path, name, spec)
    if spec["kind"] != "bank" or (first.held and not first.against and not first.bad):
        return first
    found = [first, *of_other_signs(path, name, first), *of_other_columns(path, name, first)]
    if first.against:
        found += [t for t in of_two_words(path, name, first) if t.held > 1 and not t.against and not t.bad]
    if STATUS in spec and first.against:  # what was taken back has an entry for that too, perhaps
        found.append(trial(path, name, {key: told for key, told in spec.items() if key != STATUS}))
    return min(found, key=lambda t: (t.against, t.bad, -t.held))


def of_other_signs(path: Path, name: str, chosen: Trial) -> Iterator[Trial]:
    """The readings whose signs are others, as far as the file can be read so."""
    followed = chosen.followed
    for other in rivals(chosen.spec, minus=followed.minus and not followed.shown_minus):
        try:
            yield trial(path, name, other)
        except CrossbookError:
            continue


def of_two_words(path: Path, name: str, chosen: Trial) -> Iterator[Trial]:
    """The readings in which one of the two words of a column that is not read, such as 1 and 2, is for money out."""
    flags = chosen.followed.flags
    if flags is None or DIRECTION in chosen.spec or "amount" not in chosen.spec["columns"]:
        return
    for place, words in flags.found.items():
        if len(words) == 2 and all(words):
            for in_, out in itertools.permutations(words):
                told = {"column": flags.header[place], "in": [in_], "out": [out]}
                spec = {key: value for key, value in chosen.spec.items() if key != "sign"}
                yield trial(path, name, {**spec, DIRECTION: told})


def of_other_columns(path: Path, name: str, chosen: Trial) -> Iterator[Trial]:
    """The readings that take the amounts from another column."""
    columns = chosen.spec["columns"]
    for header in rival_columns.others(chosen.followed) if "amount" in columns else ():
        other = copy.deepcopy(chosen.spec)
        other["columns"] = {n: h for n, h in columns.items() if n not in ("gross", "fee")} | {"amount": header}
        try:
            yield trial(path, name, other)
        except CrossbookError:
            continue
