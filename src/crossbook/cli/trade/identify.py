"""The command that says whether a number can be what it is given out for."""

from __future__ import annotations

from typing import Annotated

import typer

from crossbook.cli.choices import choice, of
from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.i18n import t, translated


def identify(
    number: Annotated[str, typer.Argument(help="A waybill, tax or customs number. 号码")],
    kind: Annotated[
        str | None,
        choice("kind", of("identifiers", "KINDS"), text="s10, uscc, eu_vat, gb_vat, ioss, oss, ein or eori. 类型"),
    ] = None,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Check the format and check digit of a number: UPU S10, USCC, VAT, IOSS, EIN, EORI. 校验号码"""
    from crossbook.cli import show
    from crossbook.identifiers import kinds_of, problem

    told = {k: problem(k, number) for k in ([kind] if kind else kinds_of(number))}
    good = [k for k, why in told.items() if not why]
    if json:
        show.as_json({"number": number, "kinds": good, "problems": {k: why for k, why in told.items() if why}})
    elif good:
        show.say(f"[{show.GOOD}]{show.clean(number)}[/]: {', '.join(t(k) for k in good)}")
    else:
        why = "; ".join(f"{t(k)}: {translated(w)}" for k, w in told.items())
        show.say(f"[{show.BAD}]{show.clean(number)}[/]: {why or t('fits no kind that crossbook knows')}")
    if not good:
        raise typer.Exit(1)
