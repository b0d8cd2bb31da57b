"""Negative numbers as values: `-8` is a number that somebody typed, not an option that nobody knows."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperCommand

_NEGATIVE = re.compile(r"-[.,]?[0-9].*", re.DOTALL)


class Command(TyperCommand):
    """A command whose arguments may begin with a minus and a digit: no option of ours does."""

    def make_parser(self, ctx: Any) -> Any:
        """The parser of this command."""
        parser: Any = super().make_parser(ctx)
        known = parser._process_opts

        def process(word: str, state: Any) -> None:
            if _NEGATIVE.fullmatch(word):
                state.largs.append(word)
            else:
                known(word, state)

        parser._process_opts = process
        return parser
