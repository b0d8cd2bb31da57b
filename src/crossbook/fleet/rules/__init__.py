"""The rules across books, a file each: whatever module here has a RULE."""

from __future__ import annotations

import pkgutil
from functools import lru_cache
from importlib import import_module

from crossbook.errors import CrossbookError
from crossbook.fleet.rule import Rule


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Every rule, by name."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").RULE for name in names)


def rule(name: str) -> Rule:
    """One rule. Raises CrossbookError naming those that there are."""
    for one in rules():
        if one.name == name:
            return one
    raise CrossbookError(f"no rule {name!r}", todo=f"use {', '.join(r.name for r in rules())}")
