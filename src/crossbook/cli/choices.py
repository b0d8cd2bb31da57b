"""Options and arguments that take one of a few values: checked before any work, named in the error, completed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from crossbook.errors import CrossbookError, one_of

Known = Callable[[], Iterable[str]]


def choice(kind: str, known: Known, *names: str, text: str) -> Any:
    """An option of `known` values; `kind` is what the error calls them."""
    return typer.Option(*names, help=text, callback=_checked(kind, known), autocompletion=lambda: list(known()))


def choice_of(kind: str, known: Known, *, text: str, metavar: str | None = None) -> Any:
    """An argument of `known` values."""
    return typer.Argument(
        metavar=metavar, help=text, callback=_checked(kind, known), autocompletion=lambda: list(known())
    )


def _checked(kind: str, known: Known) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        for one in value if isinstance(value, list | tuple) else [value]:
            if one:
                one_of(kind, str(one), tuple(known()))
        return value

    return check


def _accounts(ctx: typer.Context, incomplete: str) -> list[str]:
    """The accounts of the book that the command line names so far."""
    from crossbook.book import open_book
    from crossbook.engine import connect
    from crossbook.trade.accounts import accounts

    with suppress(CrossbookError, OSError):
        opened = open_book(Path(ctx.params.get("book") or ""))
        return [a for a in accounts(opened, connect(opened)) if a.startswith(incomplete)]
    return []


Account = Annotated[str | None, typer.Option(help="Only of this account. 账户", autocompletion=_accounts)]
Accounts = Annotated[
    list[str] | None, typer.Option("--account", help="A frozen account. 被冻结账户", autocompletion=_accounts)
]


def of(module: str, name: str) -> Known:
    """The values that a desk lists under a name, imported when they are wanted:
    the command line starts without desks."""

    def known() -> Iterable[str]:
        return tuple(getattr(import_module(f"crossbook.{module}"), name))

    return known


def rule_names() -> Iterable[str]:
    """The rules that trades are held to."""
    from crossbook.verify.rules import rules

    return [r.name for r in rules()]


def procedures() -> Iterable[str]:
    """Procedures whose time limits are known."""
    from crossbook.cases.procedure import names

    return names()


def steps() -> Iterable[str]:
    """Steps of a notice that may be journalled."""
    from crossbook.cases.takedown import STEPS

    return [s for s in STEPS if s != "notice_received"]


def formats() -> Iterable[str]:
    """Formats that are read."""
    from crossbook.sources import registry

    return [f.name for f in registry.formats()]
