"""One module a page; each is found by being here. See `crossbook.web.frame`."""

from __future__ import annotations

import pkgutil
from functools import lru_cache
from importlib import import_module
from types import ModuleType

from crossbook.web.frame import Page


@lru_cache(maxsize=1)
def pages() -> tuple[ModuleType, ...]:
    """Every module in `crossbook.web.pages`."""
    return tuple(import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))


@lru_cache(maxsize=1)
def navigation() -> tuple[Page, ...]:
    """The pages that have a place in the navigation, in order."""
    found = [module.PAGE for module in pages() if hasattr(module, "PAGE")]
    return tuple(sorted(found, key=lambda page: page.rank))
