"""The rules: one file each. A new file is a new rule; nothing else names them."""

from __future__ import annotations

import pkgutil
from dataclasses import replace
from functools import lru_cache
from importlib import import_module

from crossbook.errors import CrossbookError
from crossbook.watch.rule import GRAVITY, Rule


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Every rule, the gravest first and then by name."""
    names = [info.name for info in pkgutil.iter_modules(__path__)]
    found = [replace(import_module(f"{__name__}.{name}").RULE, name=name) for name in names]
    return tuple(sorted(found, key=lambda r: (GRAVITY.index(r.gravity), r.name)))


def rule(name: str) -> Rule:
    """The rule called `name`. Raises CrossbookError."""
    known = {r.name: r for r in rules()}
    if name not in known:
        raise CrossbookError(f"no rule {name!r}", todo=f"use {', '.join(sorted(known))}")
    return known[name]
