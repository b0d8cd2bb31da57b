"""What a row of a wallet is beside its amount: a fee within it, both sides of a conversion, an entry of its account."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.identifiers import account_of
from crossbook.sources import settlement_spec
from crossbook.sources.frame import Column, Frame

Leg = tuple[str, int, str]  # kind of line, amount in minor units, currency


@dataclass(frozen=True)
class Wallet:
    """How a mapping says that the rows of the file at `path` (UTF-8) tell fees and conversions."""

    spec: Mapping[str, Any]
    path: Path

    def fee_of_withdrawal(self, row: Mapping[str, Any], kind: str, amount: int) -> int:
        """The fee within a withdrawal, which never left the wallet for the bank; 0 where there is none, or it has a row
        of its own."""
        return self._fee(row, amount) if kind == "withdrawal" and amount < 0 else 0

    def fee_of_conversion(self, row: Mapping[str, Any], kind: str, amount: int) -> int:
        """The fee within the side of a conversion that left; 0 as above."""
        return self._fee(row, amount) if kind == "conversion" and amount < 0 else 0

    def _fee(self, row: Mapping[str, Any], amount: int) -> int:
        fee = abs(row.get("fee") or 0)
        within = self.spec["kind"] == "wallet" and self.spec.get("fees") == "within"
        if not within or "gross" in self.spec["columns"] or fee >= -amount:
            return 0
        return 0 if row.get("reference") in self._with_rows else fee

    @cached_property
    def _with_rows(self) -> frozenset[str]:
        """The references of rows whose fee has a row of its own."""
        before = self.spec.get("fee_rows")
        if not before:
            return frozenset()
        text = self.path.read_text(encoding="utf-8", errors="replace")
        return frozenset(re.findall(rf"(?<!\w){re.escape(before)}([^\s\"',;|]+)", text))

    def legs(self, row: Mapping[str, Any], kind: str, amount: int) -> list[Leg]:
        """The lines of a row that is a conversion, or a withdrawal that was converted on its way: what left in one
        currency, what came in the other, and what was withdrawn of that. Empty for others, and for a side alone."""
        if kind not in ("conversion", "withdrawal"):
            return []
        if kind == "conversion" and settlement_spec.apart(self.spec):
            return []
        own = (abs(amount), row["currency"])
        source, target = own, own
        if kind == "conversion" and row.get("from_amount") is not None and row.get("from_currency"):
            source = (abs(row["from_amount"]), row["from_currency"])
        if row.get("to_amount") and row.get("to_currency"):
            target = (abs(row["to_amount"]), row["to_currency"])
        if source[1] == target[1] or (kind == "withdrawal" and amount >= 0):
            return []
        both: list[Leg] = [("conversion", -source[0], source[1]), ("conversion", *target)]
        return both if kind == "conversion" else [*both, ("withdrawal", -target[0], target[1])]


def currency(frame: Frame) -> Column:
    """The currency of each row that has two sides: of the sum that left, of the other one where none did."""
    left, came = (frame.convert(f"{n}_currency", money.currency, pa.string(), "currency") for n in ("from", "to"))
    has = pc.match_substring_regex(frame.raw("from_amount").cast(pa.string()), "[1-9]")
    found = pc.coalesce(pc.if_else(pc.fill_null(has, False), left, came), left, came)
    for line in frame.line.filter(pc.is_null(found)).to_pylist():
        frame.reading.report(line, "from_currency", "", "empty")
    return pc.fill_null(found, "USD")  # of rows that are reported


def own_or_side(frame: Frame, said: str) -> Column:
    """The currency of each row of a table with a column for it, `said` where that is empty; of a row that has no amount
    and both sides of a conversion that of the sum that left."""
    own, left = (frame.convert(n, money.currency, pa.string(), "currency") for n in ("currency", "from_currency"))
    two = [pc.match_substring_regex(frame.raw(n).cast(pa.string()), "[1-9]") for n in settlement_spec.SIDES]
    found = pc.coalesce(own, pc.if_else(pc.fill_null(pc.and_(*two), False), left, None))
    if said:
        return pc.fill_null(found, said)
    for line in frame.line.filter(pc.is_null(found)).to_pylist():
        frame.reading.report(line, "currency", "", "empty")
    return pc.fill_null(found, "USD")  # of rows that are reported


def converts(row: Mapping[str, Any]) -> bool:
    """Whether a row has a sum that left in one currency and one that came in another."""
    told = [(row.get(f"{n}_amount"), row.get(f"{n}_currency")) for n in ("from", "to")]
    return all(amount and code for amount, code in told) and told[0][1] != told[1][1]


def moved(row: Mapping[str, Any], kind: str | None) -> int | None:
    """What a row of two sides does to the balance of its currency; None where neither has a sum, or both have and it is
    neither a conversion nor a withdrawal."""
    left, came = abs(row.get("from_amount") or 0), abs(row.get("to_amount") or 0)
    if left and came and kind not in ("conversion", "withdrawal"):
        return None
    return -left or came or None


def entry(line: Mapping[str, Any]) -> dict[str, Any]:
    """A wallet's line as an entry of its account. Of a payer and a payee the other one is the counterparty."""
    sided = line.get("payer" if line["amount"] >= 0 else "payee")
    return {
        **{n: line.get(n) for n in ("line", "account", "amount", "currency", "reference", "balance")},
        "counterparty": line.get("counterparty") or sided,
        "counterparty_account": account_of(line.get("counterparty_account") or "") or None,
        "booked_on": line["day"],
        "valued_on": line["day"],
        "description": line.get("description") or line.get("type"),
    }
