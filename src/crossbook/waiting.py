"""Work that may take long says so here; whoever shows things to people says how that is shown."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

_shown: list[Callable[[], AbstractContextManager[None]]] = [nullcontext]


def long_work() -> AbstractContextManager[None]:
    """A context for work that may take long: whoever waits is told while it lasts, where somebody does the telling."""
    return _shown[-1]()


def show_by(show: Callable[[], AbstractContextManager[None]]) -> None:
    """Have this process show long work by `show`, which is called as it begins."""
    _shown.append(show)
