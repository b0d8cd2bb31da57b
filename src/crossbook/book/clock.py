"""A clock that was set back: what is journalled on a day before the last entry's is marked, and said."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from crossbook.book import catalog

SET_BACK = "clock set back"  # in a decision's body: the moment of the last change, which is of a later day


def set_back(connection: sa.Connection) -> dict[str, str]:
    """What an entry that is written now is marked with: nothing, or the moment of the last change of the book, when
    that is of a later day than it is now by this computer's clock."""
    columns = catalog.links.c
    last = connection.execute(sa.select(columns.at).order_by(columns.seq.desc()).limit(1)).scalar()
    return {SET_BACK: last} if last and datetime.now(UTC).isoformat()[:10] < last[:10] else {}


def said(now: str, last: str) -> str:
    """The sentence for people, of two moments (UTC, ISO 8601)."""
    return f"the clock was set back: it says {now[:10]}, and the last entry is of {last[:10]}"
