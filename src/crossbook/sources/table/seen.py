"""What a pass over a table saw: its entries, days and signs; the proofs drawn of them, and what contradicts the reading
or stays open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from crossbook import money
from crossbook.facts.kind import DAY, INSTANT, MINOR
from crossbook.sources.mapping_spec import column_type
from crossbook.sources.settlement_spec import OF_A_BALANCE
from crossbook.sources.source import Against, Reading
from crossbook.sources.table import agreed, days, minus, naming, owner, proofs, subtotals, whose
from crossbook.sources.table.decimal_mark import Mark
from crossbook.sources.table.flags import Flags
from crossbook.sources.table.layout import Layout
from crossbook.sources.table.ledger import Ledger

ALL = 3  # sums that all have a minus: so many entries of one column are not all taken back
LATEST = 9998  # a year that every day of a table is before
SUMS = ("credit", "debit", "amount", "balance")
DIRECTION = "direction"  # the canonical name of the column of words


@dataclass(kw_only=True)
class Seen:
    """What is known of a table by a mapping (`spec`); a pass over its rows fills it."""

    spec: dict[str, Any]
    layout: Layout
    path: Path
    reading: Reading
    mark: Mark = field(default_factory=Mark)  # of the amounts
    account: str = ""
    currency: str = ""
    from_1904: bool = False  # whether the file is a workbook that counts its days from then
    of_account: frozenset[str] = frozenset()  # headers that name a row's account
    shown: Mapping[frozenset[str], tuple[int, int]] = field(default_factory=dict)  # currencies of a workbook's formats
    stated: owner.Stated = field(init=False)
    told: proofs.Told = field(default_factory=proofs.Told)
    entries: list[proofs.Entry] = field(default_factory=list)
    left_out: list[tuple[int, str, str]] = field(default_factory=list)  # line, role, text
    codes: set[str] = field(default_factory=set)  # the currencies that rows name, in a column or behind amounts
    # rows whose status or direction says that no money moved: how many, and the first, by what they are, column, word
    unmoved: dict[tuple[str, str, str], tuple[int, int]] = field(default_factory=dict)
    unsaid: dict[tuple[str, str], None] = field(
        default_factory=dict
    )  # words that tell nothing, by table of the mapping
    looked: dict[int, tuple[str, ...]] = field(default_factory=dict)  # the first rows, by line
    dated: list[tuple[int, str]] = field(default_factory=list)  # line and text of each row's day
    written: set[str] = field(default_factory=set)  # the accounts that rows name, where a person says another name
    others: set[str] = field(default_factory=set)  # the accounts in a column that nothing is read of
    signs: dict[str, list[int]] = field(default_factory=dict)  # of a column: amounts without a minus, and with one
    minuses: set[int] = field(default_factory=set)  # the lines of sums with a minus
    repeats: bool | None = None  # whether a minus only repeats the word of the direction; None until a row has one
    ledger: Ledger = field(default_factory=Ledger)
    before_only: bool = False  # whether balances stand before their rows, and none after them
    _days_of: int = 0  # of how many rows the days are kept
    kind: str = field(init=False)
    places: dict[str, int] = field(init=False)  # of the columns that are read, by name
    bare: set[int] = field(default_factory=set)  # the lines of rows without a text but that of a month
    flags: Flags | None = None  # the columns of few words that nothing is read of, in a bank's table
    naming_fees: frozenset[str] = frozenset()  # headers that name fees
    of_fees: list[int] = field(default_factory=list)  # the places of columns of fees that are not read, in such a table
    bearing: set[int] = field(default_factory=set)  # the lines of rows with such a fee
    cut: tuple[int, str] | None = field(init=False)  # the line and text of a row within which the file ends
    aside: int | None = field(init=False)  # the place of a column of accounts that is not read

    @cached_property
    def agreed(self) -> frozenset[str]:
        """What a person agreed to of this file, or of all files of its kind, as the mapping lists it."""
        return agreed.of_file(self.spec.get("agreed", ()), self.reading.path)

    @property
    def point(self) -> str:
        """The decimal sign of the amounts."""
        return self.mark.point

    @property
    def statement(self) -> bool:
        """Whether the table is an account's, with balances and notes among its rows."""
        return self.kind in ("bank", "wallet")

    @property
    def minus(self) -> bool:
        """Whether an amount is written with a minus."""
        return any(with_minus for _, with_minus in self.signs.values())

    @property
    def shown_minus(self) -> bool:
        """Whether a minus is only how a column for money in or out writes all of its sums."""
        sides = [self.signs.get(n, [0, 0]) for n in ("credit", "debit")]
        if "shipped" in self.spec and "credit" in self.spec["columns"] and not self.spec.get("red"):
            return all(not p or not m for p, m in sides)  # the layout is known: its minus takes nothing back
        return all(not m or (not p and m >= ALL) for p, m in sides) and any(m for _, m in sides)

    @property
    def told_apart(self) -> set[int]:
        """The places of the columns that differ from row to row whatever they tell: sums and days."""
        return {i for n, i in self.places.items() if self._type(n) in (MINOR, DAY, INSTANT) or n in ("credit", "debit")}

    @property
    def order(self) -> str:
        """The order of day, month and year that the mapping says."""
        return str(self.spec.get("date_order", "ymd"))

    def _type(self, name: str) -> pa.DataType | None:
        return column_type(self.kind, name)

    @property
    def _has_currency(self) -> bool:
        return column_type(self.kind, "currency") is not None

    def accounts_aside(self) -> list[tuple[str, str]]:
        """Where a column that nothing is read of says that rows are of other accounts: a key, and a sentence."""
        if self.aside is None:
            return []
        header, plain = self.layout.header[self.aside], self.layout.plain[self.aside]
        reference = str(self.spec.get("stated", "")) if plain in self.of_account else ""
        return whose.aside(header, self.others, reference, self.account)

    def unread(self, *, undone: bool = False) -> list[tuple[str, str]]:
        """The columns of few words that nothing is read of, though they may say which rows count or which way money
        went, and no proof holds for all rows as they are read: a key, and a sentence. `undone`: of those alone that say
        of a row that no money moved."""
        if self.flags is None or not self.entries or self.all_proved:
            return []
        found, by_line = [], {e.line: e for e in self.entries}
        for header, word, line, said in self.flags.doubtful():
            if line in by_line and (said or not undone):
                e = by_line[line]
                shown, way = money.show(abs(e.amount), e.currency), "in" if e.amount > 0 else "out"
                text = f"{header} is not read, and says {word} of line {line}: {shown} is read as money {way}"
                found.append((f"{'_'.join(header.split())} is not read: {word}", text))
        return found

    def turned(self) -> list[tuple[str, str]]:
        """Days that a spreadsheet may have turned round, beside others that it left as text: a key, and a sentence."""
        found = days.turned([text for _, text in self.dated])
        if found is None:
            return []
        day, other = found
        text = "some days are dates and others text, as where a spreadsheet took the month for the day:"
        text += f" {day} may be {other}"
        return [(f"{day} though others are text", text)]

    def out_of_order(self) -> list[tuple[str, str]]:
        """Whether the rows stand in the order of their days only where these are read in another order of day and month
        than the mapping's: a key, and a sentence."""
        left = self.orders(LATEST)
        running = days.running([text for _, text in self.dated], left)
        if self.order not in left or running in (None, self.order):
            return []
        text = f"the rows are in the order of their days only as {running}, and the mapping says {self.order}"
        return [(f"{self.order} though in order as {running}", text)]

    @property
    def all_proved(self) -> bool:
        """Whether a balance or a total of the file holds with all of its rows."""
        found = [p for p in self.proofs() if p.held and not p.against]
        groups = len({(e.account, e.currency) for e in self.entries})
        return any(p.name in ("total", "closing") or p.held >= len(self.entries) - groups for p in found)

    def directed(self, written: list[proofs.Entry], ways: list[int | None]) -> None:
        """Note what a minus means beside the words of the direction, by the first block of rows that has one."""
        if self.repeats is None and any(e.amount < 0 for e in written):
            self._note_days()
            broken = sorted(self.reading.bad_lines)
            said = self.spec.get("red")
            self.repeats = not said if said is not None else minus.repeats(written, ways, broken, self.told, self.point)

    def unproved(self) -> tuple[Against, ...]:
        """What a minus means in a column for money in or out, or beside a word, where neither the mapping nor the file
        decides it: the first such row."""
        if self.kind != "bank" or not self.minuses or any(p.against for p in self.proofs()):
            return ()
        red = self.spec.get("red")
        if "credit" in self.spec["columns"]:
            mixed = any(p and m for n, (p, m) in self.signs.items() if n in ("credit", "debit"))
            said = red is False or "shipped" in self.spec  # how the columns write their sums is known
            if red or self.shown_minus or (said and not mixed):
                return ()
        elif DIRECTION not in self.spec or red is not None or self._all_repeat:
            return ()
        self._note_days()
        broken = sorted(self.reading.bad_lines)
        return minus.unproved(self.entries, self.minuses, broken, self.told, self.point)

    @property
    def _all_repeat(self) -> bool:
        """Whether each sum with a minus is money out by its word, and no other is."""
        return bool(self.repeats) and all((e.line in self.minuses) == (e.amount < 0) for e in self.entries if e.amount)

    def proofs(self) -> tuple[proofs.Proof, ...]:
        """What proves or contradicts the reading."""
        if not self.entries:
            return tuple(self.ledger.proofs(proved=False))
        self._note_days()
        told = self.told
        if self.kind in OF_A_BALANCE and "amount" in self.spec["columns"] and "credit" in self.spec["columns"]:
            told = proofs.Told(opening=told.opening, neither=told.neither, days=told.days)
        if (
            self.minus
            and not self.shown_minus
            and not self.repeats
            and ("credit" in self.spec["columns"] or DIRECTION in self.spec)
        ):
            # what a column takes back with a minus is in its total, and went the other way
            told = proofs.Told(opening=told.opening, closing=told.closing, neither=told.neither, days=told.days)
        found = proofs.prove(self.entries, sorted(self.reading.bad_lines), told, self.point)
        if self.bare and not any(p.name == "balance" and p.held and not p.against for p in found):
            totals = subtotals.against(self.entries, self.bare)
            found += (proofs.Proof(name="subtotal", held=0, tests=len(totals), against=totals),) if totals else ()
        return (*found, *self.ledger.proofs(proved=any(p.held for p in found)))

    def _note_days(self) -> None:
        """Keep on which day each row stands, in each order of day and month that the rows leave open."""
        if not self.statement or self._days_of == len(self.dated):
            return
        self._days_of = len(self.dated)
        read = {o: {t: days.read(t, o) for t in {t for _, t in self.dated}} for o in self.orders(LATEST)}
        self.told.days = [{line: of[text] for line, text in self.dated} for of in read.values()]

    def orders(self, latest: int, *, chained: bool = False) -> tuple[str, ...]:
        """The orders of day, month and year that the rows leave open."""
        texts = [text for _, text in self.dated]
        return days.decided(texts, latest, chained=chained, within=self.stated.period, words=self.of_place)

    @property
    def of_place(self) -> str:
        """What tells of which country the file is: the words above its rows, and its currencies."""
        return " ".join((self.layout.words, self.currency, *sorted(self.codes)))

    def otherwise(self) -> list[tuple[str, str]]:
        """Where the file names another currency than its amounts are read in."""
        if not self._has_currency:
            return []
        headers = [self.layout.header[self.places[n]] for n in SUMS if n in self.places]
        read = self.currency or self.spec["columns"].get("currency", "")[1:]
        if "currency" in self.places:
            found = naming.rows(self.stated, self.codes - {""}, self.spec) if self.statement else []
            return found or naming.shown(self.shown, self.codes - {""} or {read} - {""})
        if found := naming.shown(self.shown, {read} - {""}):
            return found
        found = naming.above(self.layout.above, read, self.stated, headers, self.codes)
        return found or naming.by_name(Path(self.reading.name).stem, read, self.stated, headers, self.codes)
