"""The group cases: case files, the procedures they run in, and notices with their takedowns."""

from __future__ import annotations

import typer

from crossbook.cli.cases import deadlines, journal, procedure, sheet, takedown
from crossbook.cli.options import GROUPS, Commands, group


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    of_cases: Commands = {
        "new": journal.new,
        "list": sheet.list_,
        "show": sheet.show_,
        "event": journal.event,
        "deadlines": deadlines.deadlines,
        "calendar": deadlines.calendar,
        "close": journal.close,
        "procedures": procedure.procedures,
        "compare": procedure.compare,
        "replay": procedure.replay,
    }
    of_notices: Commands = {
        "new": takedown.new,
        "step": takedown.step,
        "show": takedown.show_,
        "list": takedown.list_,
        "letter": takedown.letter,
        "log": takedown.log,
    }
    cases = group(
        app, "cases", "Cases, procedures and their time limits, takedowns. 案件、程序与期限", of_cases, GROUPS
    )
    group(cases, "takedown", "Notices and takedowns, each step journalled. 通知与下架", of_notices)
