"""How long a test waits for what must happen: so long that only what never happens fails, on a busy machine too."""

from __future__ import annotations

import time
from collections.abc import Callable

LONG = 600.0  # seconds


def until(happened: Callable[[], bool], pause: float = 0.05) -> None:
    """Wait until something has happened; fails where it has not for LONG."""
    end = time.monotonic() + LONG
    while not happened():
        assert time.monotonic() < end, f"nothing happened for {LONG:.0f} s"
        time.sleep(pause)
