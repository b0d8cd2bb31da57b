"""One pass over a table by its mapping: rows told from totals and notes, their cells made plain, what the file says of
account, currency and order of days held against the mapping."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.errors import CrossbookError
from crossbook.facts.kind import DAY, INSTANT, MINOR
from crossbook.sources import cut_off, line_types, settlement_spec
from crossbook.sources.frame import Column, Frame
from crossbook.sources.mapping_spec import BEFORE, COUNTS, MOMENTS, NEEDED, TIME
from crossbook.sources.settlement_spec import AND, OF_A_BALANCE, STATUS
from crossbook.sources.table import (
    amounts,
    cells,
    clock,
    days,
    directions,
    naming,
    owner,
    proofs,
    subtotals,
    whose,
    yearless,
)
from crossbook.sources.table.amounts import bare, is_amount
from crossbook.sources.table.decimal_mark import Mark, judged
from crossbook.sources.table.flags import Flags
from crossbook.sources.table.foot import foot
from crossbook.sources.table.labels import balance_in
from crossbook.sources.table.layout import CARRIED, CLOSING, Row, roles, rows
from crossbook.sources.table.sections import Sections
from crossbook.sources.table.seen import DIRECTION, SUMS, Seen

_OF_A_YEAR = re.compile(r"[本今当全]年|year|ytd|jahres|annuel|anual", re.IGNORECASE)
_NO_WAY = "neither money in nor out: crossbook map FILE --word 'WORD=in' says it (in, out or neither)"
_NO_STATUS = "neither done nor undone: crossbook map FILE --word 'WORD=done' says it (done or undone)"
BATCH = 100_000
SHOWN = 20  # lines that were left out, for people to see
BALANCES = ("balance", "credit", "amount")  # where the line of an opening or closing balance has it


@dataclass(kw_only=True)
class Following(Seen):
    """A pass over `path` (UTF-8). After `frames` ran, the rest tells what was seen."""

    def __post_init__(self) -> None:
        self.kind = self.spec["kind"]
        self.stated = owner.stated(self.layout.above, foot(self.path, self.layout) if self.kind == "bank" else ())
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
        of_status = self.spec.get(STATUS, {})
        done, undone = ({directions.plain(w) for w in of_status.get(way, ())} for way in ("done", "none"))
        known = line_types.statuses()  # of which a mapping may say otherwise
        self.done, self.undone = done | (known[0] - undone), undone | (known[1] - done)
        if self.kind == "bank" and "shipped" not in self.spec and not self.reading.again:
            used = {*self.places.values()}
            self.flags = Flags(
                header=self.layout.header,
                places=[i for i, h in enumerate(self.layout.header) if h and i not in used],
            )
            self.of_fees = [i for i, h in enumerate(self.layout.plain) if i not in used and h in self.naming_fees]
        self.plainly = {i for n, i in self.places.items() if n in ("currency", DIRECTION, STATUS)} | self.told_apart
        self.aside = whose.column_aside(self.spec, self.layout.plain, self.of_account)
        self.cut = None if self.reading.again else cut_off.last_row(self.path, self.layout.delimiter)
        heads = settlement_spec.HEADS in self.spec.get("payout", {})
        self.carried = {n: "" for n in ("payout_id", "currency") if heads and n in self.places}  # from row to row
        sums = [self.places[n] for n in self.places if n in SUMS or (self._type(n) == MINOR and n not in COUNTS)]
        naming.refuse_cut(self.layout, self.reading.name)
        naming.refuse_scaled(self.layout, [] if self.reading.again else sums, self.reading.name)
        for number, row in enumerate(self.layout.above, start=1):
            self._note(number, "  ".join(c for c in row if c))

    def _place(self, header: str) -> int:
        return self.layout.plain.index(" ".join(header.split()).lower())

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
        counted = [self.places[n] for n in self.places if self._type(n) in (DAY, INSTANT)]
        period = yearless.ends(self.layout.above, Path(reading.name).stem)
        role = yearless.completing(roles(day, amounts, needed, statement=self.statement), counted, period)
        first = True

        def broken(line: int, reason: str) -> None:
            reading.report(line, "(row)", "", reason)

        sections = self._sections(day, amounts)
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
            # of a year or of all time: the file may begin later
            names = () if _OF_A_YEAR.search(text) else SUMS
            found = {n: row.cells[self.places[n]] for n in names if n in self.places}
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
            if self.cut is not None and row.line == self.cut[0]:
                self.reading.report(row.line, "(row)", self.cut[1], cut_off.REASON)
            elif len(row.cells) > width and any(c.strip() for c in row.cells[width:]):
                reason = f"{len(row.cells)} fields where the header has {width}"
                self.reading.report(row.line, "(row)", row.cells[width], reason)
            elif self._readable(row, money_columns):
                kept.append(row)
        if not kept:
            return
        columns: dict[str, pa.Array] = {}
        moment = MOMENTS[self.kind] if TIME in self.places else ""
        for name, place in self.places.items():
            texts: dict[str, str] = {}
            column = []
            for row in kept:
                text = row.cells[place]
                if name == moment:
                    column.append(self._joined(row))
                    continue
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
                self._unmoved(row, "neither", DIRECTION)
                return False
            if word not in self.words["in"] | self.words["out"]:
                self.told.neither.append(row.line)
                self.unsaid.setdefault((DIRECTION, word))
                report(row.line, DIRECTION, word, _NO_WAY)
                return False
        if STATUS in self.spec:  # an order has a status of its own, which keeps no line out
            word = directions.plain(row.cells[self.places[STATUS]])
            if word in self.undone:
                self._unmoved(row, "not done", STATUS)
                return False
            if word not in self.done:
                self.unsaid.setdefault((STATUS, word))
                report(row.line, STATUS, word, _NO_STATUS)
                return False
        for name in self.places:
            if self._type(name) in (DAY, INSTANT) and name not in COUNTS:
                text = row.cells[self.places[name]].strip()
                found = days.written(text, self.order) if text else ""
                if text and days.undecided(found):
                    report(row.line, name, text, days.refusal(text, self.order))
                    return False
                if text and yearless.is_one(text):
                    report(row.line, name, text, yearless.REFUSAL)
                    return False
        if TIME in self.places:
            try:
                self._joined(row)
            except ValueError as error:
                report(row.line, TIME, row.cells[self.places[TIME]], str(error))
                return False
        code = self.currency
        if "currency" in self.places:
            code = owner.code(row.cells[self.places["currency"]]) or code
            self.codes.add(code)
        for name in money_columns:
            figures, unit = bare(row.cells[self.places[name]])
            if not name.startswith("balance") and figures.strip("-0.,"):
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
        if self.kind == "bank" and not self.reading.again and subtotals.is_bare(row.cells, self.plainly):
            self.bare.add(row.line)
        if self.flags is not None:
            self.flags.look(row.line, row.cells)
        if any(bare(row.cells[place])[0].strip("-0.,") for place in self.of_fees):
            self.bearing.add(row.line)
        if len(self.looked) < SHOWN:
            self.looked[row.line] = tuple(c.strip() for c in row.cells)
        if (place := self.places.get(self.day_column())) is not None:
            self.dated.append((row.line, row.cells[place]))
        return True

    def _joined(self, row: Row) -> str:
        """A row's moment of its day and its time of day. Raises ValueError for a time that is none."""
        name = MOMENTS[self.kind]
        time = clock.read(row.cells[self.places[TIME]], str(self.spec.get("clock", "")))
        day = self._plain(name, row.cells[self.places[name]])
        return clock.joined(day, time) if day else ""

    def _unmoved(self, row: Row, what: str, column: str) -> None:
        """Leave out a row that says itself that it moved no money."""
        key = (what, self.reading.headers.get(column, column), row.cells[self.places[column]].strip())
        count, first = self.unmoved.get(key, (0, row.line))
        self.unmoved[key] = (count + 1, min(first, row.line))
        self._leave_out(row, what)

    def _leave_out(self, row: Row, what: str) -> None:
        self.told.neither.append(row.line)
        if len(self.left_out) < SHOWN:
            self.left_out.append((row.line, what, " ".join(c.strip() for c in row.cells if c.strip())))

    def _in_currency(self, name: str) -> bool:
        """Whether a column's amounts are in the currency of the row."""
        if self.kind not in OF_A_BALANCE:
            return name in (*SUMS, BEFORE)
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
