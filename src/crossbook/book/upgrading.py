"""Bringing a book of an older layout over to that of today; its catalog as it was is kept."""

from __future__ import annotations

from dataclasses import dataclass, field

from crossbook.book import catalog, chain, heads, journal, layout, seals
from crossbook.book.backup import snapshot_catalog
from crossbook.book.book import OWN_CATALOG, UNPROVED, Book, system_user
from crossbook.book.durable import sync
from crossbook.book.resting import at_rest
from crossbook.book.snapshots import make_folder, told

ASIDE = "set-aside"


@dataclass(frozen=True)
class Upgrade:
    """What an upgrade did: the layouts before and after, where the catalog as it was lies ("" where nothing was to do),
    and what was wrong with the book before."""

    before: int
    after: int
    kept: str = ""
    problems: list[str] = field(default_factory=list)


def upgrade(book: Book) -> Upgrade:
    """Give the book the layout of today. Raises CrossbookError when somebody has it open.

    The rows of the catalog are taken into the chain as they are: what another program changed in them before is not
    found by it. In a journal that was changed before, the break stays where it is.
    """
    with book.engine.connect() as connection:
        before = layout.of(connection)
    if before >= layout.CURRENT:
        return Upgrade(before=before, after=before)
    book.engine.dispose()
    with told(book.path, "the book cannot be upgraded"), at_rest(book.path):
        number = 1
        while (aside := book.path / ASIDE / f"before-upgrade-{number}").exists():
            number += 1
        make_folder(aside)
        snapshot_catalog(book, aside / OWN_CATALOG)
        sync(aside / OWN_CATALOG)
        sync(aside)
        with catalog.writing(book.engine) as connection:
            broken = journal.broken_at(connection)
            layout.bring_over(connection, system_user(), {UNPROVED: True})
            head = chain.newest(connection)
        if head is not None:
            heads.append(book.path, head, begin=True)
        seals.forget(book)
    problems = [] if broken is None else [f"journal: entry {broken} was changed, removed or reordered"]
    kept = (aside / OWN_CATALOG).relative_to(book.path).as_posix()
    return Upgrade(before=before, after=layout.CURRENT, kept=kept, problems=problems)
