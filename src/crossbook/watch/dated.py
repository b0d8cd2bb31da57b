"""Dated rows of `data/watch/`, as their tables have them."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files
from typing import Any


def dated_rows(name: str, whole: str) -> list[dict[str, Any]]:
    """The rows of a table: texts by column, the days on which each holds (`valid_to` None while it does), and the
    column `whole` as a whole number."""
    text = (files("crossbook") / "data" / "watch" / f"{name}.csv").read_text(encoding="utf-8")
    return [
        {
            **row,
            whole: int(row[whole]),
            "valid_from": date.fromisoformat(row["valid_from"]),
            "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        }
        for row in csv.DictReader(text.splitlines())
    ]
