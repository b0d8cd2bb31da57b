"""Entries and payouts of a mapped table: the sign of each amount, and what its row itself proves: gross, fee and net,
the balances before and after."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.frame import Column, Frame
from crossbook.sources.mapping_spec import BEFORE
from crossbook.sources.table import directions
from crossbook.sources.table.following import Following
from crossbook.sources.table.proofs import Entry
from crossbook.sources.table.seen import DIRECTION


def prove_payouts(frame: Frame, followed: Following, made: dict[str, Column | str | None]) -> None:
    """Hold each payout's gross amount and fee, where a table has both, against what it says was paid."""
    gross: Column = made.pop("gross", None)
    fees: Column = made.get("fee_total")
    paid_: Column = made["amount"]
    if gross is None or fees is None:
        return
    columns = (frame.line, gross, fees, paid_)
    for line, total, fee, paid in zip(*(c.to_pylist() for c in columns), strict=True):
        if None not in (total, fee, paid):
            text = f"line {line}: the gross amount less the fee is not what was paid"
            followed.ledger.test("net", total - fee == paid, line, "amount", str(paid), text)
            followed.ledger.signs["minus"] += 1


def prove_entries(frame: Frame, followed: Following, made: dict[str, Column | str | None]) -> None:
    """Hold each entry's gross amount and fee, where a statement has both, against what it came to; what lies between
    is the fee, whichever sign its column has."""
    gross: Column = made.pop("gross", None)
    fee: Column = made.get("fee")
    net: Column = made["amount"]
    if gross is None or fee is None:
        return
    columns = (frame.line, gross, fee, net)
    for line, total, part, rest in zip(*(c.to_pylist() for c in columns), strict=True):
        if None not in (total, rest):
            plus, minus = total + (part or 0) == rest, total - (part or 0) == rest
            followed.ledger.signs.update({"plus": plus and not minus, "minus": minus and not plus})
            text = f"line {line}: gross amount and fee do not make the net amount"
            followed.ledger.test("net", plus or minus, line, "amount", str(rest), text)
    out = followed.spec.get("sign") == "out"
    made["fee"] = pc.subtract(net, gross) if out else pc.subtract(gross, net)


def by_balances(made: dict[str, Any]) -> Column:
    """Amounts without a sign, each with that of what its row did to the balance, where it is that much."""
    moved = pc.subtract(made["balance"], made[BEFORE])
    same = pc.fill_null(pc.equal(pc.abs(moved), pc.abs(made["amount"])), False)
    return pc.if_else(same, moved, made["amount"])


def prove_before(frame: Frame, followed: Following, made: dict[str, Any]) -> None:
    """Hold the balance before each entry, where a statement has it, against its amount and the balance after; where
    that has no column it is what both make, and follows from row to row."""
    before: Column = made.pop(BEFORE, None)
    if before is None:
        return
    if "balance" not in made:
        made["balance"] = pc.add(before, made["amount"])
        followed.before_only = True
        return
    columns = (frame.line, before, made["amount"], made["balance"])
    for line, was, amount, balance in zip(*(c.to_pylist() for c in columns), strict=True):
        if None not in (was, amount, balance):
            text = f"line {line}: the balance before and the amount do not make the balance after"
            followed.ledger.test("before", was + amount == balance, line, "balance", str(balance), text)


def _ways(frame: Frame, told: dict[str, Any]) -> Column:
    """1 for money in, -1 for money out, by the words of the direction's column."""
    ways = {directions.plain(w): way for key, way in (("in", 1), ("out", -1)) for w in told[key]}
    return frame.convert(DIRECTION, lambda text: ways[directions.plain(text)], pa.int64(), "ways", required=True)


def directed(frame: Frame, followed: Following, made: dict[str, Any], currency: Column) -> Column:
    """Amounts with the sign of their words; a minus takes an entry back unless it only repeats the word."""
    ways = _ways(frame, followed.spec[DIRECTION])
    if followed.repeats is None and followed.minus:
        accounts = frame.text("account").to_pylist()  # empty where the file does not have it
        balances = made["balance"].to_pylist() if "balance" in made else [None] * len(frame)
        columns = (c.to_pylist() for c in (frame.line, made["amount"], currency, ways))
        written, told = [], []
        for line, amount, code, way, account, balance in zip(*columns, accounts, balances, strict=True):
            if None not in (amount, code, way):
                written.append(Entry(line=line, amount=amount, balance=balance, account=account or "", currency=code))
                told.append(way)
        followed.directed(written, told)
    return pc.multiply(pc.abs(made["amount"]) if followed.repeats else made["amount"], ways)
