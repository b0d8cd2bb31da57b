"""The mappings that ship with the product: layouts of banks and wallets, each with the addresses where it was seen.

They are tried where no source and no mapping of the book reads a file, and are tested against it like any mapping. With
each file that one of them read the book keeps its text as it was, so that a later release reads it no other way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.sources import word_meanings
from crossbook.sources.encoding import heads
from crossbook.sources.mapping import MappedTable, mapping_from_text
from crossbook.sources.mapping_toml import as_toml, with_setting
from crossbook.sources.settlement_spec import OF_A_BALANCE
from crossbook.sources.source import Head
from crossbook.sources.table.layout import find


@lru_cache(maxsize=1)
def mappings() -> dict[str, MappedTable]:
    """Every shipped mapping by name, sorted. Read once, when a file is first met that no source knows."""
    folder = files("crossbook.data") / "mappings"
    found = sorted((p for p in folder.iterdir() if p.name.endswith(".toml")), key=lambda p: p.name)
    return {m.name: m for m in (mapping_from_text(p.name[:-5], p.read_text(encoding="utf-8")) for p in found)}


def recognise(head: Head) -> MappedTable | None:
    """The shipped mapping whose headers a file has, that with the most of them; None where none fits.

    Raises CrossbookError where several fit as well.
    """
    sheets = heads(head.path, head.name) if head.path is not None else iter([head])
    found = next((f for i, sheet in enumerate(sheets) if (f := _fitting(sheet, i))), [])
    if len(found) > 1:
        names = ", ".join(m.name for m in found)
        raise CrossbookError(
            f"the file may be read by {names}", where=head.name, todo="say which: crossbook add FILE --source NAME"
        )
    return found[0] if found else None


def in_currency(mapped: MappedTable, currency: str) -> MappedTable:
    """The mapping with the currency that a person says, for a file that does not name its own.

    Raises CrossbookError for no currency, for a mapping that is not shipped, or whose file has a column of currencies.
    """
    try:
        code = money.currency(currency)
    except ValueError:
        raise CrossbookError(f"unknown currency {currency!r}", todo="use an ISO 4217 code such as USD") from None
    spec = mapped.spec
    if "shipped" not in spec or "currency" in spec["columns"]:
        raise CrossbookError(
            f"{mapped.name} takes the currency from the file or from its own text",
            todo="leave out --currency, or correct the mapping",
        )
    return MappedTable(mapped.name, with_setting(mapped.text, {"currency": code}))


def told(head: Head, kinds: Mapping[str, str], meant: Sequence[tuple[str, str]] = ()) -> MappedTable | None:
    """The shipped mapping that a file fits, with what kinds of lines further type words of a balance are and what words
    of status and direction mean; None where none fits."""
    mapped = recognise(head)
    if mapped is None or (mapped.spec["kind"] not in OF_A_BALANCE and not meant):
        return None
    spec = word_meanings.taken(mapped.spec, meant)
    if kinds:
        spec["types"] = {**mapped.spec.get("types", {}), **kinds}
    return MappedTable(mapped.name, as_toml(spec))


def _fitting(head: Head, sheet: int) -> list[MappedTable]:
    """The mappings with the most headers of those whose headers one line has."""
    fit = [m for m in mappings().values() if find(head.heading, m.headers, sheet) is not None]
    most = max((len(m.headers) for m in fit), default=0)
    return [m for m in fit if len(m.headers) == most]
