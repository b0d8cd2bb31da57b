"""What a table says of its amounts' currency and unit that contradicts how they are read: thousands or cents in its
header, another currency above it or in its file's name."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from crossbook.errors import CrossbookError
from crossbook.sources.frame import CUT
from crossbook.sources.table import amounts, owner
from crossbook.sources.table.amounts import unquoted
from crossbook.sources.table.layout import Layout

# What a mapping says under `agreed` of a contradiction, beginning with the currency that is read; and a sentence.
Otherwise = list[tuple[str, str]]
MOST = 3  # currencies of one sign that are named


def refuse_scaled(layout: Layout, sums: Sequence[int], name: str) -> None:
    """Raise CrossbookError where the columns of amounts, at the places `sums`, are in thousands or cents: amounts are
    read in whole units."""
    texts = [(layout.line, layout.header[place], False) for place in sums]
    texts += [(n, " ".join(row), True) for n, row in enumerate(layout.above, start=1) if sums]
    for line, text, above_ in texts:
        if unit := amounts.scaled(text, above=above_):
            raise CrossbookError(
                f"amounts in {unit} are not read: they must be in whole units of a currency",
                where=f"{name}:{line} {text}",
                todo="export the table in whole units, or work them out in a copy and take the unit off",
            )


def refuse_cut(layout: Layout, name: str) -> None:
    """Raise CrossbookError where a line above the table has a number, such as an account's, that a spreadsheet left in
    scientific notation: several accounts would be one with it."""
    for line, row in enumerate(layout.above, start=1):
        parts = [part for cell in row for part in re.split(r"[:：]", unquoted(cell))]
        if cut := next((part.strip() for part in parts if CUT.fullmatch(part.strip())), None):
            raise CrossbookError(
                f"the number {cut} was cut short by a spreadsheet",
                where=f"{name}:{line}",
                todo="export the file anew, or write the whole number there as text",
            )


def rows(stated: owner.Stated, codes: Collection[str], spec: Mapping[str, Any]) -> Otherwise:
    """Whether none of the rows, which name their currencies, is in that of the lines above them or of the mapping."""
    read = sorted(codes)
    if stated.currency and codes and stated.currency not in codes:
        text = f"the lines above the table say {stated.currency}, its rows {', '.join(read)}"
        return [(f"{read[0]} though it says {stated.currency}", text)]
    of = spec.get("currency")
    elsewhere = stated.currency or (stated.account and stated.account != spec.get("stated"))  # an account of its own
    if of and spec["kind"] == "bank" and codes and of not in codes and not elsewhere:
        return [
            (f"{read[0]} though of {of}", f"the mapping is of an account in {of}, the rows are in {', '.join(read)}")
        ]
    return []


def by_name(stem: str, read: str, stated: owner.Stated, headers: Sequence[str], codes: Collection[str]) -> Otherwise:
    """Whether the file's name has another currency than the one that is read, and nothing in the file has that."""
    said = {*codes, *map(amounts.code_in, headers), stated.currency, stated.named}
    named = owner.currency_in_name(stem)
    if not read or read in said or named in (None, read):
        return []
    return [(f"{read} though named {named}", f"the name of the file says {named}, and nothing in it {read}")]


def above(
    lines: Sequence[Sequence[str]], read: str, stated: owner.Stated, headers: Sequence[str], codes: Collection[str]
) -> Otherwise:
    """Whether the lines above the table name another currency than the one that is read, in a title or behind a name
    (美元账户交易明细, USD Account Statement), and neither a label there nor its columns and rows have that."""
    if stated.currency is not None or read in {*codes, *map(amounts.code_in, headers)}:
        return []
    named = owner.currency_in_title(" ".join(text for row in lines for text in row if text))
    if not read or named in (None, read):
        return []
    return [(f"{read} though {named} above", f"the lines above the table name {named}, and nothing in it {read}")]


def shown(formats: Mapping[frozenset[str], tuple[int, int]], read: Collection[str]) -> Otherwise:
    """Whether a workbook shows amounts in a currency that none is read in. `formats` are the currencies that a format
    may show, with how many cells have it and the first row."""
    other = sorted((row, n, codes) for codes, (n, row) in formats.items() if not codes & set(read))
    if not other or not read:
        return []
    row, n, codes = other[0]
    named, mine = "/".join(sorted(codes)[:MOST]), ", ".join(sorted(read))
    text = f"the workbook shows {n:,} amounts in {named}, first in row {row}: they are read in {mine}"
    return [(f"{sorted(read)[0]} though shown in {named}", text)]


def refuse(found: Otherwise, agreed: Collection[str], name: str) -> None:
    """Raise CrossbookError for a contradiction that nobody agreed to."""
    for key, text in found:
        if key not in agreed:
            todo = f"map the file anew, or agree to the currency that is read: --yes {key.split()[0]}"
            raise CrossbookError(text, where=name, todo=todo)
