"""How often a test repeats what is random: enough when everything is tested, more on `make soak`."""

from __future__ import annotations

import os

LONG = os.environ.get("CROSSBOOK_SOAK") == "1"


def times(usually: int, *, long: int) -> int:
    """So often when every test is run, and `long` when `make soak` repeats what is random."""
    return long if LONG else usually
