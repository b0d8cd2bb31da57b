"""One pass over a table by its mapping: rows told from totals and notes, their cells made plain, what the file says of
account, currency and order of days held against the mapping, and the proofs drawn at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.errors import CrossbookError
from crossbook.facts.kind import DAY, INSTANT, MINOR
from crossbook.sources import line_types, settlement_spec
from crossbook.sources.frame import Column, Frame
from crossbook.sources.mapping_spec import COUNTS, NEEDED, column_type
from crossbook.sources.settlement_spec import AND, OF_A_BALANCE, STATUS
from crossbook.sources.source import Reading
from crossbook.sources.table import amounts, cells, days, directions, minus, naming, owner, proofs, whose
from crossbook.sources.table.amounts import bare, is_amount
from crossbook.sources.table.decimal_mark import Mark, judged
from crossbook.sources.table.labels import balance_in
from crossbook.sources.table.layout import CARRIED, CLOSING, Layout, Row, roles, rows
from crossbook.sources.table.ledger import Ledger
from crossbook.sources.table.sections import Sections

BATCH = 100_000
ALL = 3  # sums that all have a minus: so many entries of one column are not all taken back
SHOWN = 20  # lines that were left out, for people to see
SUMS = ("credit", "debit", "amount", "balance")
BALANCES = ("balance", "credit", "amount")  # where the line of an opening or closing balance has it
DIRECTION = "direction"  # the canonical name of the column of words


@dataclass(kw_only=True)
class Following:
    """A pass over `path` (UTF-8). After `frames` ran, the rest tells what was seen."""

    spec: dict[str, Any]
    layout: Layout
    path: Path
    reading: Reading
    mark: Mark = field(default_factory=Mark)  # of the amounts
    account: str = ""
    currency: str = ""
    from_1904: bool = False  # whether the file is a workbook that counts its days from then
    of_account: frozenset[str] = frozenset()  # headers that name a row's account
    stated: owner.Stated = field(init=False)
    told: proofs.Told = field(default_factory=proofs.Told)
    entries: list[proofs.Entry] = field(default_factory=list)
    left_out: list[tuple[int, str, str]] = field(default_factory=list)  # line, role, text
    codes: set[str] = field(default_factory=set)  # the currencies that rows name, in a column or behind amounts
    not_done: int = 0  # rows whose status says that no money moved
    looked: dict[int, tuple[str, ...]] = field(default_factory=dict)  # the first rows, by line
    dated: list[tuple[int, str]] = field(default_factory=list)  # line and text of each row's day
    written: set[str] = field(default_factory=set)  # the accounts that rows name, where a person says another name
    others: set[str] = field(default_factory=set)  # the accounts in a column that nothing is read of
    signs: dict[str, list[int]] = field(default_factory=dict)  # of a column: amounts without a minus, and with one
    minuses: set[int] = field(default_factory=set)  # the lines of sums with a minus
    repeats: bool | None = None  # whether a minus only repeats the word of the direction; None until a row has one
    ledger: Ledger = field(default_factory=Ledger)

    def __post_init__(self) -> None:
        self.kind: str = self.spec["kind"]
        self.stated = owner.stated(self.layout.above)
        self.account = whose.account(self.spec, self.stated, self.reading)
        self.currency = self._currency()
        columns = {n: h for n, h in self.spec["columns"].items() if not h.startswith("=")}
        if DIRECTION in self.spec:
            columns[DIRECTION] = self.spec[DIRECTION]["column"]
        way_words = self.spec.get(DIRECTION, {})
        self.words = {way: set(map(directions.plain, way_words.get(way, ()))) for way in ("in", "out", "none")}
        columns |= settlement_spec.places(self.spec, self.layout.plain)
        told = columns.pop("type", "").split(AND)
        self.places = {name: self._place(header) for name, header in columns.items()}
        if len(told) == 1 and told[0]:
            self.places["type"] = self._place(told[0])
        amounts_found = {n for n in self.spec.get("find", {}) if self._type(n) == MINOR}
        self.derived = cells.derived(self.spec, self._place, sums=amounts_found)
        self.done, self.undone = (
            {directions.plain(w) for w in self.spec.get(STATUS, {}).get(way, ())} | shipped
            for way, shipped in zip(("done", "none"), line_types.statuses(), strict=True)
        )
        self.aside = whose.column_aside(self.spec, self.layout.plain, self.of_account)
        heads = settlement_spec.HEADS in self.spec.get("payout", {})
        self.carried = {n: "" for n in ("payout_id", "currency") if heads and n in self.places}  # from row to row
        sums = [self.places[n] for n in self.places if n in SUMS or (self._type(n) == MINOR and n not in COUNTS)]
        naming.refuse_scaled(self.layout, [] if self.reading.again else sums, self.reading.name)
        for number, row in enumerate(self.layout.above, start=1):
            self._note(number, "  ".join(c for c in row if c))

    @property
    def point(self) -> str:
        """The decimal sign of the amounts."""
        return self.mark.point

    @property
    def statement(self) -> bool:
        """Whether the table is an account's, with balances and notes among its rows."""
        return self.kind in ("bank", "wallet")

    def _place(self, header: str) -> int:
        return self.layout.plain.index(" ".join(header.split()).lower())

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

    def one_account(self, written: Column) -> str | None:
        """The account that a person says a file is of, whose rows name theirs; None where nobody says it.

        Raises CrossbookError where the rows are of several.
        """
        if self.reading.account is None:
            return None
        self.written |= {str(text) for text in pc.unique(written).to_pylist() if text}
        if len(self.written) > 1:
            raise CrossbookError(
                f"the rows of the file are of the accounts {', '.join(sorted(self.written)[:5])}",
                where=self.reading.name,
                todo="add it without --account: each row goes to the account that it names",
            )
        return self.reading.account

    def _currency(self) -> str:
        said = str(self.spec.get("currency", ""))
        if "shipped" not in self.spec:
            return self.stated.currency or said
        codes = {amounts.code_in(h) for n, h in self.spec["columns"].items() if n in SUMS} - {None}
        found = self.stated.currency or (codes.pop() if len(codes) == 1 else None)
        if found and said and found != said:
            raise CrossbookError(f"the file is in {found}, not in {said}", where=self.reading.name)
        found = found or said or self.stated.named or ""
        if not found and "currency" not in self.spec["columns"] and self._has_currency:
            todo = "say it: crossbook add FILE --currency CODE"
            raise CrossbookError("the file does not say its currency", where=self.reading.name, todo=todo)
        return found

    @property
    def _has_currency(self) -> bool:
        return column_type(self.kind, "currency") is not None

    def _note(self, line: int, text: str) -> None:
        self.told.notes.append((line, text))
        if self.statement:
            for sign, balances in ((CARRIED, self.told.opening), (CLOSING, self.told.closing)):
                if stated := balance_in(text, sign.search(text)):
                    balances.append((line, stated))

    def frames(self) -> Iterator[Frame]:
        """The rows as plain text, block by block: amounts without units, days with the year first."""
        reading, memory, batch = self.reading, dict[Any, Any](), list[Row]()
        reading.headers = {n: self.layout.header[i] for n, i in self.places.items()}
        used = set(self.places.values())
        reading.unused = [h for i, h in enumerate(self.layout.header) if h and i not in used]
        needed = {i for n, i in self.places.items() if n in (*NEEDED[self.kind], "credit", "debit", "posted_at")}
        names = settlement_spec.SIDES if settlement_spec.sided(self.spec) else ("credit", "debit", "amount")
        amounts = [self.places[n] for n in names if n in self.places]
        dated = ("booked_on", "day", "posted_at")
        day = [self.places[n] for n in dated if n in self.places] if self.statement else []
        role = roles(day, amounts, needed, statement=self.statement)
        first = True

        def broken(line: int, reason: str) -> None:
            reading.report(line, "(row)", "", reason)

        sections = self._sections(day, amounts)
        counted = [self.places[n] for n in self.places if self._type(n) in (DAY, INSTANT)]
        for row in rows(self.path, self.layout, role, broken):
            for place in counted if self.from_1904 else ():
                row.cells[place] = days.from_1904(row.cells[place])
            if sections is not None:
                sections.look(row)
            if row.role == "row":
                batch.append(row)
            elif row.role != "header":
                self._tell(row)
            if len(batch) == BATCH:
                yield from self._frame(batch, memory, first)
                batch, first = [], False
        if batch:
            yield from self._frame(batch, memory, first)

    def accounts_aside(self) -> list[tuple[str, str]]:
        """Where a column that nothing is read of says that rows are of other accounts: a key, and a sentence."""
        header = self.layout.header[self.aside] if self.aside is not None else ""
        return whose.aside(header, self.others, str(self.spec.get("stated", "")), self.account)

    def _sections(self, day: list[int], sums: list[int]) -> Sections | None:
        """What looks for a second table in a statement that is read for the first time."""
        if not self.statement or self.reading.again:
            return None
        found = Sections(
            name=self.reading.name,
            stated=self.stated,
            currency="" if "currency" in self.places else self.currency,
            own="account" in self.places,
            day=day,
            sums=sums,
        )
        found.refuse_above(self.layout.above)
        return found

    def _tell(self, row: Row) -> None:
        text = " ".join(c.strip() for c in row.cells if c.strip())
        self.left_out += [(row.line, row.role, text)][: max(SHOWN - len(self.left_out), 0)]
        if row.role == "total":
            found = {n: row.cells[self.places[n]] for n in SUMS if n in self.places}
            self.told.totals.append((row.line, {n: t for n, t in found.items() if t.strip()}))
        if row.role in ("opening", "closing"):
            stated = next((row.cells[self.places[n]] for n in BALANCES if self._states(row, n)), None)
            if stated is not None:
                (self.told.opening if row.role == "opening" else self.told.closing).append((row.line, stated))
                self.told.notes.append((row.line, text))
                return
        if row.role != "page":
            self._note(row.line, text)

    def _states(self, row: Row, name: str) -> bool:
        return name in self.places and is_amount(row.cells[self.places[name]])

    def _frame(self, batch: list[Row], memory: dict[Any, Any], first: bool) -> Iterator[Frame]:
        money_columns = [n for n in self.places if n in ("credit", "debit") or self._type(n) == MINOR]
        if first:
            self.mark = self._mark(batch, money_columns)
        width, kept = len(self.layout.header), list[Row]()
        for row in batch:
            if len(row.cells) > width and any(c.strip() for c in row.cells[width:]):
                reason = f"{len(row.cells)} fields where the header has {width}"
                self.reading.report(row.line, "(row)", row.cells[width], reason)
            elif self._readable(row, money_columns):
                kept.append(row)
        if not kept:
            return
        columns: dict[str, pa.Array] = {}
        for name, place in self.places.items():
            texts: dict[str, str] = {}
            column = []
            for row in kept:
                text = row.cells[place]
                if name in self.carried:
                    text = self.carried[name] = text.strip() or self.carried[name]
                if text not in texts:
                    texts[text] = self._plain(name, text)
                column.append(texts[text])
            columns[name] = pa.array(column, pa.string()).dictionary_encode()
        for name, read in self.derived.items():
            columns[name] = pa.array([read(row.cells) for row in kept], pa.string()).dictionary_encode()
        columns["line"] = pa.array([row.line for row in kept], pa.int64())
        yield Frame(pa.table(columns), self.reading, memory, self.point, self.order)

    def _type(self, name: str) -> pa.DataType | None:
        return column_type(self.kind, name)

    def _mark(self, batch: list[Row], names: list[str]) -> Mark:
        """How the amounts are written: as the mapping says, or by those that admit one reading."""
        if said := self.spec.get("decimal"):
            return Mark(point=said)
        codes = {self.currency}
        if "currency" in self.places:
            codes |= {row.cells[self.places["currency"]].strip().upper() for row in batch}
        rows = [[bare(row.cells[self.places[n]])[0] for n in names] for row in batch]
        sums = [names.index(n) for n in SUMS if n in names]
        return judged(rows, sums, codes, self.reading.name)

    def _readable(self, row: Row, money_columns: list[str]) -> bool:
        """Whether a row's direction, days and units fit the mapping; else it is reported."""
        report = self.reading.report
        if DIRECTION in self.spec:
            word = directions.plain(row.cells[self.places[DIRECTION]])
            if word in self.words["none"]:
                self._leave_out(row, "neither")
                return False
            if word not in self.words["in"] | self.words["out"]:
                self.told.neither.append(row.line)
                reason = "neither money in nor out: say it under [direction] as in, out or none"
                report(row.line, DIRECTION, word, reason)
                return False
        if STATUS in self.spec:  # an order has a status of its own, which keeps no line out
            word = directions.plain(row.cells[self.places[STATUS]])
            if word in self.undone:
                self.not_done += 1
                self._leave_out(row, "not done")
                return False
            if word not in self.done:
                report(row.line, STATUS, word, "neither done nor undone: say it under [status] as done or none")
                return False
        for name in self.places:
            if self._type(name) in (DAY, INSTANT) and name not in COUNTS:
                text = row.cells[self.places[name]].strip()
                found = days.written(text, self.order) if text else ""
                if text and days.undecided(found):
                    report(row.line, name, text, days.refusal(text, self.order))
                    return False
        code = self.currency
        if "currency" in self.places:
            code = owner.code(row.cells[self.places["currency"]]) or code
            self.codes.add(code)
        for name in money_columns:
            figures, unit = bare(row.cells[self.places[name]])
            if name != "balance" and figures.strip("-0.,"):
                self.signs.setdefault(name, [0, 0])[figures.startswith("-")] += 1
                if figures.startswith("-") and name in ("credit", "debit", "amount"):
                    self.minuses.add(row.line)
            if unit and self._in_currency(name) and code and unit != code:
                report(row.line, name, row.cells[self.places[name]], f"an amount in {unit}, not in {code}")
                return False
            if unit and self._in_currency(name):
                self.codes.add(unit)
        if self.aside is not None and (text := row.cells[self.aside].strip()) and len(self.others) < SHOWN:
            self.others.add(self._plain("account", text))
        if len(self.looked) < SHOWN:
            self.looked[row.line] = tuple(c.strip() for c in row.cells)
        if (place := self.places.get(self.day_column())) is not None:
            self.dated.append((row.line, row.cells[place]))
        return True

    def _leave_out(self, row: Row, what: str) -> None:
        self.told.neither.append(row.line)
        if len(self.left_out) < SHOWN:
            self.left_out.append((row.line, what, " ".join(c.strip() for c in row.cells if c.strip())))

    def _in_currency(self, name: str) -> bool:
        """Whether a column's amounts are in the currency of the row."""
        if self.kind not in OF_A_BALANCE:
            return name in SUMS
        return self._type(name) == MINOR and name not in COUNTS and not name.startswith(("from_", "to_"))

    def day_column(self) -> str:
        """The first column of days that a row needs."""
        needed = (*NEEDED[self.kind], "posted_at") if self.kind in OF_A_BALANCE else NEEDED[self.kind]
        found = [n for n in needed if self._type(n) in (DAY, INSTANT)]
        return next((n for n in found if n in self.places), found[0] if found else "")

    def _plain(self, name: str, text: str) -> str:
        type_ = self._type(name)
        if name in ("credit", "debit") or (type_ == MINOR and name not in COUNTS):
            return bare(text)[0]
        if type_ in (DAY, INSTANT):
            return days.written(text, self.order) if text.strip() else ""
        if name.endswith("currency"):
            return owner.code(text) or text if text.strip() else ""
        if name == "account":
            return text.strip().removeprefix('="').removesuffix('"')
        return text[2:-1] if text.startswith('="') and text.endswith('"') else text

    def note_entries(self, table: pa.Table) -> None:
        """Keep what the proofs are drawn from: a block of entries as read."""
        names = ("line", "amount", "balance", "account", "currency")
        columns = [table[n].to_pylist() for n in names]
        for line, amount, balance, account, currency in zip(*columns, strict=True):
            if amount is not None and currency:
                entry = proofs.Entry(
                    line=line, amount=amount, balance=balance, account=account or "", currency=currency
                )
                self.entries.append(entry)

    def directed(self, written: list[proofs.Entry], ways: list[int | None]) -> None:
        """Note what a minus means beside the words of the direction, by the first block of rows that has one."""
        if self.repeats is None and any(e.amount < 0 for e in written):
            broken = sorted(self.reading.bad_lines)
            said = self.spec.get("red")
            self.repeats = not said if said is not None else minus.repeats(written, ways, broken, self.told, self.point)

    def unproved(self) -> tuple[proofs.Against, ...]:
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
        told = self.told
        if self.kind in OF_A_BALANCE and "amount" in self.spec["columns"] and "credit" in self.spec["columns"]:
            told = proofs.Told(opening=told.opening, neither=told.neither)
        if (
            self.minus
            and not self.shown_minus
            and not self.repeats
            and ("credit" in self.spec["columns"] or DIRECTION in self.spec)
        ):
            # what a column takes back with a minus is in its total, and went the other way
            told = proofs.Told(opening=told.opening, closing=told.closing, neither=told.neither)
        found = proofs.prove(self.entries, sorted(self.reading.bad_lines), told, self.point)
        return (*found, *self.ledger.proofs(proved=any(p.held for p in found)))

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
        if "currency" in self.places:
            return naming.rows(self.stated, self.codes - {""}, self.spec) if self.statement else []
        read = self.currency or self.spec["columns"].get("currency", "")[1:]
        return naming.by_name(Path(self.reading.name).stem, read, self.stated, headers, self.codes)
