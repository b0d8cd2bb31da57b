"""What the rows of a balance's table come to: payouts with their lines, and whether each row proves itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crossbook import money
from crossbook.sources.line_types import WAYS
from crossbook.sources.source import Against
from crossbook.sources.table.proofs import Proof

Key = tuple[str, str, str]  # account, payout id, currency


@dataclass(kw_only=True)
class Paid:
    """A payout as a table tells it: what it says was paid (None where it does not), and the sum of the lines in it."""

    line: int
    stated: int | None = None
    lines: int = 0
    count: int = 0
    paid_on: date | None = None
    reference: str | None = None
    balance: bool = False  # drawn from a running balance
    conflicting: int | None = None


@dataclass(kw_only=True)
class Ledger:
    """Kept over the blocks of one pass."""

    paid: dict[Key, Paid] = field(default_factory=dict)
    kinds: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)  # kind, currency: first line, sum
    tests: Counter[str] = field(default_factory=Counter)
    against: dict[str, list[Against]] = field(default_factory=dict)
    signs: Counter[str] = field(default_factory=Counter)  # how fees were found to stand to gross and net
    unsigned: bool = True  # no amount had a minus
    words: Counter[str] = field(default_factory=Counter)  # type words that nobody said the kind of
    guessed: dict[str, str] = field(default_factory=dict)

    def payout(self, key: Key, line: int) -> Paid:
        """The payout of that key, begun where it is new."""
        return self.paid.setdefault(key, Paid(line=line))

    def state(self, key: Key, line: int, amount: int) -> Paid:
        """Note what a table says was paid; a second sum that differs is kept as conflicting."""
        found = self.payout(key, line)
        if found.stated is None:
            found.stated, found.line = amount, line
        elif found.stated != amount:
            found.conflicting = amount
        return found

    def test(self, name: str, holds: bool, line: int, column: str, value: str, text: str) -> None:
        """Note one row's proof of itself."""
        self.tests[name] += 1
        if not holds:
            self.against.setdefault(name, []).append(Against(line=line, column=column, value=value, text=text))

    def count(self, kind: str, currency: str, amount: int, line: int) -> None:
        """Add a line to what is known of its kind."""
        first, total = self.kinds.get((kind, currency), (line, 0))
        self.kinds[kind, currency] = (first, total + amount)

    def proofs(self, *, proved: bool) -> Iterator[Proof]:
        """Each proof that the rows offer. That lines come to what was paid is no contradiction where they do not: the
        other lines may be in another file, and the closure of the payout says so. Amounts without any minus, some of
        lines that take money, contradict a reading by signs that nothing else proves (`proved` or by the rows)."""
        found = list(self._by_rows())
        yield from found
        against = tuple(
            Against(
                line=self.kinds[kind, code][0],
                column="amount",
                value=money.show(total, code),
                text=f"no amount has a minus, and all lines of {kind} together are {money.show(total, code)} in",
            )
            for kind, code, total in self.contrary()
        )
        if self.unsigned and against and not proved and not any(p.held for p in found):
            yield Proof(name="signs", held=0, tests=len(against), against=against)

    def _by_rows(self) -> Iterator[Proof]:
        for name in ("net", "parts", "before"):
            if tests := self.tests[name]:
                wrong = tuple(self.against.get(name, ()))
                said = "plus" if name == "net" and self.signs["plus"] >= self.signs["minus"] else ""
                yield Proof(name=f"{name}{said}", held=tests - len(wrong), tests=tests, against=wrong)
        proved = [p for p in self.paid.values() if p.stated is not None and not p.balance]
        wrong = tuple(
            Against(
                line=p.line,
                column="total",
                value=str(p.conflicting),
                text=f"payout {key[1]} is stated as {money.show(p.stated or 0, key[2])} and as "
                f"{money.show(p.conflicting, key[2])}",
            )
            for key, p in self.paid.items()
            if p.conflicting is not None
        )
        if proved:
            held = sum(p.stated == p.lines for p in proved)
            yield Proof(name="payout", held=held, tests=len(proved), against=wrong)

    def contrary(self) -> list[tuple[str, str, int]]:
        """Kinds whose money as a whole goes the way that they cannot: kind, currency, sum."""
        return [
            (kind, code, total)
            for (kind, code), (_, total) in sorted(self.kinds.items())
            if total * WAYS.get(kind, 0) < 0
        ]

    def facts(self) -> list[dict[str, Any]]:
        """The payouts as facts. One of which no sum is stated is what its lines come to, and says so."""
        return [
            {
                "line": p.line,
                "account": account,
                "payout_id": name,
                "currency": code,
                "amount": p.lines if p.stated is None else p.stated,
                "paid_on": p.paid_on,
                "basis": "balance" if p.balance else "implied" if p.stated is None else "lines",
                "reference": p.reference or name,
            }
            for (account, name, code), p in self.paid.items()
        ]
