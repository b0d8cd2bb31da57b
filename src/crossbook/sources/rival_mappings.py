"""Which of a book's mappings a file is read by where several have its headers: the one whose account and currency the
file itself tells, such as of two accounts at one bank."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from crossbook.errors import CrossbookError
from crossbook.sources import header_words
from crossbook.sources.encoding import heads
from crossbook.sources.mapping import MappedTable
from crossbook.sources.source import Head, Reading
from crossbook.sources.table import owner, whose
from crossbook.sources.table.layout import Layout

_OF_ACCOUNT = ("account", "stated", "named", "currency", "agreed")  # what mappings of one layout may differ in


def choose(head: Head, mapped: Sequence[MappedTable], account: str | None = None) -> MappedTable | None:
    """The one of the mappings that fits the file; None where none has its headers. `account` is what a person says.

    Of several those are left whose account the file tells (else those that it does not contradict), then the same by
    currency, then those with the most headers. Raises CrossbookError where these would read it differently.
    """
    fit = [(m, layout) for m in mapped if (layout := m.found(head)) is not None]
    if len(fit) < 2:
        return fit[0][0] if fit else None
    rivals = [_Rival(head, m, layout, account) for m, layout in fit]
    if all(r.account is None for r in rivals):
        return rivals[0].mapped  # it says itself whose the file is
    rivals = _left([r for r in rivals if r.account is not None], lambda r: r.of_account)
    rivals = _left(rivals, lambda r: r.of_currency)
    most = max(len(r.mapped.headers) for r in rivals)
    rivals = [r for r in rivals if len(r.mapped.headers) == most]
    if any(r.reads != rivals[0].reads for r in rivals):
        names = ", ".join(r.mapped.name for r in rivals)
        raise CrossbookError(
            f"the file may be read by {names}: it has the headers of each, and does not say which account it is of",
            where=head.name,
            todo="say which: crossbook add FILE --source NAME",
        )
    return rivals[0].mapped


class _Rival:
    """What a file says for or against one mapping: `of_account`, `of_currency` are None where it says nothing.

    `account` is whose it would be read as, None where the mapping refuses it; `reads` is how it would be read.
    """

    def __init__(self, head: Head, mapped: MappedTable, layout: Layout, account: str | None) -> None:
        self.mapped = mapped
        spec, stated = mapped.spec, owner.stated(layout.above)
        said, reference = str(spec.get("account", "")), str(spec.get("stated") or spec.get("named") or "")
        reading = Reading(path=head.path or Path(head.name), name=head.name, encoding=head.encoding, account=account)
        try:
            self.account: str | None = whose.account(spec, stated, reading)
        except CrossbookError:
            self.account = None
        own = _accounts(head, mapped, layout, stated)
        self.of_account: bool | None = None
        if account is not None:
            self.of_account = account == said or None
        elif own and reference:
            self.of_account = any(owner.is_one(told, reference) for told in own)
        elif own:
            found = [owner.same(told, said) for told in own]
            self.of_account = True if True in found else None if None in found else False
        currency, constant = _currency(head, layout, stated), spec.get("currency")
        self.of_currency = currency == constant if currency and constant else None
        rest = {name: told for name, told in spec.items() if name not in _OF_ACCOUNT}
        self.reads: tuple[Any, ...] = (self.account, stated.currency or constant, rest)


def _left(rivals: list[_Rival], told: Callable[[_Rival], bool | None]) -> list[_Rival]:
    """Those that the file speaks for, else those that it does not speak against, else all."""
    return [r for r in rivals if told(r)] or [r for r in rivals if told(r) is None] or rivals


def _accounts(head: Head, mapped: MappedTable, layout: Layout, stated: owner.Stated) -> list[str]:
    """The accounts that a file names: above its table, else in a column that its mapping leaves aside, else in its
    name."""
    if above := [told for told in (stated.account, *stated.several, stated.called) if told]:
        return above
    named = frozenset(w[1:] for w in header_words.words()["bank"]["account"] if w.startswith("="))
    if (place := whose.column_aside(mapped.spec, layout.plain, named)) is not None:
        sheets = list(heads(head.path, head.name)) if head.path is not None else [head]
        rows = sheets[layout.sheet].heading.rows(layout.delimiter)[layout.line :]
        found = {row[place] for row in rows if len(row) == len(layout.header) and row[place]}
        if len(found) == 1:
            return list(found)
    number = owner.in_name(Path(head.name).stem)
    return [number] if number else []


def _currency(head: Head, layout: Layout, stated: owner.Stated) -> str | None:
    """The currency that a file says: under its label, in the lines above its table, or in its name."""
    title = "\n".join(" ".join(row) for row in layout.above)
    return stated.currency or owner.currency_in_title(title) or owner.currency_in_name(Path(head.name).stem)
