"""The rules: one file each. A new file is a new rule; nothing else names them."""

from __future__ import annotations

import pkgutil
from dataclasses import replace
from functools import lru_cache
from importlib import import_module

from crossbook.verify.rule import VERDICTS, Rule


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Every rule, the worst verdicts first and then by name."""
    names = [info.name for info in pkgutil.iter_modules(__path__)]
    found = [replace(import_module(f"{__name__}.{name}").RULE, name=name) for name in names]
    return tuple(sorted(found, key=lambda r: (VERDICTS.index(r.verdict), r.name)))


def rule(name: str) -> Rule:
    """The rule called `name`. Raises KeyError."""
    return {r.name: r for r in rules()}[name]
