"""The group marks: a register of trademarks, listings held against it, and a mark of one's own."""

from __future__ import annotations

import typer

from crossbook.cli.marks.clear import clear, plan
from crossbook.cli.marks.register import add, search
from crossbook.cli.marks.screen import screen
from crossbook.cli.options import GROUPS, Commands, group


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    commands: Commands = {"add": add, "search": search, "screen": screen, "clear": clear, "plan": plan}
    text = "Trademarks: the register, screening of listings, a brand of one's own. 商标库、筛查与自有品牌"
    group(app, "marks", text, commands, GROUPS)
