"""A balance that is owed, of a card or a loan: it rises with what is spent, and is no balance of money at a bank."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

from crossbook.sources.table import balances
from crossbook.sources.table.seen import DIRECTION
from crossbook.sources.weighing import flipped, trial

_CARD = re.compile(
    r"信用卡|信用金账单|credit[ -]?card|kreditkarte|carte de cr[ée]dit|tarjeta de cr[ée]dito|carta di credito|"
    r"cart[ãa]o de cr[ée]dito|クレジットカード|신용카드",
    re.IGNORECASE,
)


def left_unread(path: Path, spec: dict[str, Any], words: str) -> dict[str, Any]:
    """The mapping without such a balance, which its header or a heading (`words`) names; amounts without a column for
    money in and one for money out that rise with it are money out. Nothing proves that, so that a person is asked."""
    columns = spec["columns"]
    if "balance" not in columns or not (balances.is_owed(columns["balance"]) or _CARD.search(words)):
        return spec
    read = trial(path, path.name, spec)
    stated = [e.balance for e in read.followed.entries if e.balance]
    if not balances.is_owed(columns["balance"]) and 2 * sum(b > 0 for b in stated) <= len(stated):
        return spec  # a bank's own: below zero where something is owed
    other = copy.deepcopy(spec)
    if "credit" not in columns and DIRECTION not in spec and read.held and not read.against:
        other = flipped(other)
    other["columns"] = {n: h for n, h in other["columns"].items() if n not in ("balance", "balance_before")}
    return other
