"""One module a page; each is found by being here. See `crossbook.web.frame`."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

FIRST = ("login", "overview", "status")  # what somebody sees who has just started the server
FIRST_PATHS = ("/", "/login", "/fresh")  # theirs, of which no other module has one


def first_pages() -> Iterator[ModuleType]:
    """The modules of the first pages."""
    return (import_module(f"{__name__}.{name}") for name in FIRST)


def other_pages() -> Iterator[ModuleType]:
    """Every other module in `crossbook.web.pages`."""
    names = (info.name for info in pkgutil.iter_modules(__path__))
    return (import_module(f"{__name__}.{name}") for name in names if name not in FIRST)
