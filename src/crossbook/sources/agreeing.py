"""What a person agrees to of a file that contradicts itself, or leaves open, and how a mapping keeps that."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from crossbook.sources.mapping import MappedTable
from crossbook.sources.mapping_toml import with_setting
from crossbook.sources.table.following import Following
from crossbook.sources.table.refusing import agreed_lines
from crossbook.sources.weighing import Trial, trial


def contradictions(read: Trial) -> list[str]:
    """Everything that does not agree, or is not proved, as a mapping's setting `agreed` lists it."""
    against = [a for p in read.proofs for a in p.against]
    told = [f"{a.line} {a.value}" for a in (*against, *read.followed.unproved())]
    aside = (*read.followed.otherwise(), *read.followed.accounts_aside(), *_further(read.followed))
    return [*told, *(key for key, _ in aside)]


def _further(followed: Following) -> list[tuple[str, str]]:
    return [*followed.unread(), *followed.turned(), *followed.out_of_order()]


def agreed_to(mapped: MappedTable, path: Path, name: str, yes: Sequence[str]) -> tuple[MappedTable, list[str]]:
    """The mapping with what a file contradicts of itself, and that, as far as `yes` has the numbers of its lines."""
    read = trial(path, name, mapped.spec)
    currency = [key for key, _ in read.followed.otherwise()]
    accounts = [key for key, _ in read.followed.accounts_aside()]
    further = [[key] for key, _ in _further(read.followed)]
    others = {*currency, *accounts, *(key for keys in further for key in keys)}
    proofs = [key for key in contradictions(read) if key not in others]
    lines = agreed_lines([int(key.split()[0]) for key in proofs if key not in read.followed.agreed], yes)
    found = [key for key in proofs if int(key.split()[0]) in lines]
    found += [key for keys in (currency, accounts, *further) if keys and keys[0].split()[0] in yes for key in keys]
    if not found:
        return mapped, []
    return MappedTable(mapped.name, agreeing(mapped.text, found)), found


def agreeing(text: str, agreed: list[str]) -> str:
    """The text of a mapping with what a person agreed to, though it contradicts a proof."""
    if not agreed:
        return text
    before = tomllib.loads(text).get("agreed", [])
    rest = re.sub(r"(?m)^agreed = .*\n", "", text, count=1) if before else text
    return with_setting(rest, {"agreed": list(dict.fromkeys([*before, *agreed]))})


def unguessed(text: str) -> str:
    """The text of a mapping whose guesses a person confirmed."""
    return re.sub(r'(?m)(= "[a-z_]+)\?"$', r'\1"', text)
