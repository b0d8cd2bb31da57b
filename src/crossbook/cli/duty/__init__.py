"""The group duty: what goods cost to land, what is left of their advantage, what comes back,
and the tariffs behind it."""

from __future__ import annotations

import typer

from crossbook.cli.duty.advantage import advantage
from crossbook.cli.duty.claims import claims
from crossbook.cli.duty.landed import landed
from crossbook.cli.duty.refunds import refunds
from crossbook.cli.duty.tariff import add, coverage, diff, find, show
from crossbook.cli.options import GROUPS, Commands, group


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    commands: Commands = {
        "landed": landed,
        "advantage": advantage,
        "refunds": refunds,
        "claims": claims,
        "find": find,
        "show": show,
        "diff": diff,
        "add": add,
        "coverage": coverage,
    }
    group(app, "duty", "Duties: landed cost, price advantage, refunds, tariff lines. 关税与到岸成本", commands, GROUPS)
