"""What a fleet tells, held for some seconds: many ask for the same, and reading a thousand books takes a while."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from crossbook.fleet.across import Crossed
from crossbook.fleet.across import find as find_across
from crossbook.fleet.listing import Fleet, open_fleet
from crossbook.fleet.money import Row, paid_out, rows
from crossbook.fleet.reading import Found, Line, earlier_state, file_names, standings, status
from crossbook.fleet.reading import findings as findings_of

Value = TypeVar("Value")
LASTS = 5.0  # seconds that an answer is given again
MOST = 32  # answers held


class Held:
    """The fleet in a folder as it was some seconds ago at the most. Safe to use from many threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._working: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def fleet(self) -> Fleet:
        """The fleet as listed. Raises CrossbookError."""
        return self._once("fleet", lambda: open_fleet(self.path))

    def lines(self) -> list[Line]:
        """How each book stands."""
        return self._once("lines", lambda: status(self.fleet()))

    def needing(self) -> Found:
        """All findings that need somebody."""
        return self._once("needing", lambda: findings_of(self.fleet(), earlier=self._earlier()))

    def findings(self, **asked: Any) -> Found:
        """Findings as `crossbook.fleet.reading.findings` gives them."""
        return self._once(
            ("findings", *sorted(asked.items())),
            lambda: findings_of(self.fleet(), earlier=self._earlier(), **asked),
        )

    def files(self, books: Iterable[str]) -> dict[tuple[str, str], str]:
        """What the files of these books were called, by book and evidence."""
        named = frozenset(books)
        return self._once(("files", named), lambda: file_names(self.fleet(), named))

    def across(self, rule_name: str = "", book: str = "") -> Crossed:
        """Findings across books."""
        return self._once(
            ("across", rule_name, book),
            lambda: find_across(self.fleet(), rule_name=rule_name, book=book, earlier=self._earlier()),
        )

    def _earlier(self) -> tuple[str, ...]:
        return self._once("earlier", lambda: earlier_state(self.fleet(), standings(self.fleet())))

    def rows(self) -> list[Row]:
        """The books by money. Of books whose figures were changed nothing is told but that: the lists of findings
        refuse them."""
        return self._once("rows", self._rows)

    def row(self, name: str) -> Row:
        """One book, also one that was listed after the others were read. Raises NotFoundError where there is none."""
        self.fleet().member(name)
        found = next((r for r in self.rows() if r.line.book == name), None)
        if found is None:
            self.forget()
            self.fleet().member(name)
            found = next(r for r in self.rows() if r.line.book == name)
        return found

    def forget(self) -> None:
        """Read anew whatever is asked for next."""
        with self._lock:
            self._kept.clear()

    def _rows(self) -> list[Row]:
        lines = self.lines()
        sound = all(line.status != "damaged" for line in lines)
        return rows(lines, paid_out(self.fleet()), self.needing() if sound else None, self.across() if sound else None)

    def _once(self, key: Hashable, make: Callable[[], Value]) -> Value:
        with self._lock:
            working = self._working.setdefault(key, threading.Lock())
        with working:  # whoever asks for the same meanwhile waits for it
            with self._lock:
                at, value = self._kept.get(key, (0.0, None))
                if key in self._kept and time.monotonic() - at < LASTS:
                    found: Value = value
                    return found
            made = make()
            with self._lock:
                self._kept[key] = (time.monotonic(), made)
                self._kept.move_to_end(key)
                while len(self._kept) > MOST:
                    self._working.pop(self._kept.popitem(last=False)[0], None)
            return made
