"""What to say to who adds a statement whose entries do not make its closing balance of its opening one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crossbook import money
from crossbook.sources.source import Reading


def note_differences(reading: Reading, balances: Iterable[dict[str, Any]]) -> None:
    """Note each of these rows of `balance` that does not add up: such a statement is taken, and shown with what is
    missing. What has no opening balance, or an entry that could not be read, proves nothing."""
    for row in balances:
        opening, moved, closing = (row.get(name) for name in ("opening", "moved", "closing"))
        if opening is None or moved is None or closing is None or closing == opening + moved:
            continue
        account, code = row["account"], row["currency"]
        reading.notes.append(
            f"the statement of {account} does not add up: {money.show(opening, code)} and entries of "
            f"{money.show(moved, code)} are not {money.show(closing, code)}, "
            f"difference {money.show(closing - opening - moved, code)}"
        )
