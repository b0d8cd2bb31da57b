"""The group trade: is each one real, all that is known of one, its papers, the numbers on them."""

from __future__ import annotations

import typer

from crossbook.cli.options import GROUPS, Commands, group
from crossbook.cli.trade.identify import identify
from crossbook.cli.trade.papers import papers
from crossbook.cli.trade.passport import show
from crossbook.cli.trade.screen import screen
from crossbook.cli.trade.verify import verify


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    commands: Commands = {"verify": verify, "show": show, "papers": papers, "identify": identify, "screen": screen}
    group(app, "trade", "Trades: verify them, show one, write its papers. 交易核验与单据", commands, GROUPS)
