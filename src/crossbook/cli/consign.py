"""Commands for a consignment's messages, a step each: arrival (507), bills (607), departure (509), summary (701)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.choices import choice, of
from crossbook.cli.customs_writing import (
    Certificate,
    DryRun,
    Key,
    Out,
    Yes,
    opened_with_customs,
    show_problems,
    write_or_show,
)
from crossbook.cli.options import HERE, AsJson, BookPath

File = Annotated[Path, typer.Argument(help="The consignment as TOML (docs/customs.md). 批次文件")]


def consign(
    file: File,
    book: BookPath = HERE,
    message: Annotated[
        str | None,
        choice("message", of("filing.customs.consigned", "NUMBERS"), text="Only 507, 607, 509 or 701. 报文"),
    ] = None,
    out: Out = None,
    key: Key = None,
    cert: Certificate = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: AsJson = False,
) -> None:
    """Show and, with a yes, write a consignment's messages, all steps at once. 运抵、总分单、离境、汇总"""
    from crossbook.filing.customs import consigned, consigning, consignment

    opened, database, customs = opened_with_customs(book)
    numbers = [message] if message else list(consigned.NUMBERS)
    told = consignment.read(file)
    written, wanting = consigning.messages(database, opened, customs, told, numbers, datetime.now(UTC))
    if not json:
        show_problems(wanting)
    write_or_show(
        book=opened,
        written=written,
        out=out,
        key=key,
        cert=cert,
        yes=yes,
        dry_run=dry_run,
        json=json,
        problems=wanting,
    )
    if wanting:
        raise typer.Exit(1)


def _step(number: str, name: str, text: str) -> Callable[..., None]:
    """The command of one step: `consign` with its message alone."""

    def step(
        file: File,
        book: BookPath = HERE,
        out: Out = None,
        key: Key = None,
        cert: Certificate = None,
        yes: Yes = False,
        dry_run: DryRun = False,
        json: AsJson = False,
    ) -> None:
        consign(file, book, number, out, key, cert, yes, dry_run, json)

    step.__name__, step.__doc__ = name, text
    return step


arrive = _step("507", "arrive", "The arrival of a consignment at the yard (507). 运抵单")
bills = _step("607", "bills", "The master and house bills of a consignment (607). 清单总分单")
depart = _step("509", "depart", "The departure of a consignment (509). 离境单")
summarise = _step("701", "summarise", "The summary application of a consignment's lists under B (701). 汇总申请单")
