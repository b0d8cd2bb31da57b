"""Any other table: a mapping from its columns to a kind of fact, written once as TOML and kept in the book."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.errors import CrossbookError, place_in_toml
from crossbook.facts import KINDS
from crossbook.facts.bank import REVERSAL
from crossbook.facts.kind import DAY, INSTANT, MINOR
from crossbook.sources import (
    header_words,
    settlement_spec,
    spreadsheet,
    tracking,
    transfer_rows,
    transfers,
    values,
    wallet_rows,
)
from crossbook.sources.encoding import heads, read_head, to_utf8
from crossbook.sources.frame import Column, Frame
from crossbook.sources.heading import WITHIN
from crossbook.sources.mapped_balance import Balance
from crossbook.sources.mapped_entries import by_balances, directed, prove_before, prove_entries, prove_payouts
from crossbook.sources.mapping_spec import (
    BEFORE,
    COSTS,
    COUNTS,
    KILOS,
    LINES,
    NEEDED,
    PARTIES,
    PARTY_ACCOUNTS,
    POSITIVE,
    TIME,
    TRANSFER,
    WORDS,
    check_spec,
    column_type,
)
from crossbook.sources.order_parts import product
from crossbook.sources.other_sheets import other_sheets
from crossbook.sources.report import constant, fact_table
from crossbook.sources.settlement_spec import AND, OF_A_BALANCE
from crossbook.sources.source import Facts, Head, Reading, Recognition
from crossbook.sources.table.following import Following
from crossbook.sources.table.layout import Layout, find
from crossbook.sources.table.refusing import refuse_contradicted
from crossbook.sources.table.seen import DIRECTION, SUMS


@dataclass(frozen=True)
class MappedTable:
    """A source made from a mapping. `text` is the TOML; `columns` maps a fact column to a header or "=constant"."""

    name: str
    text: str

    @cached_property
    def spec(self) -> dict[str, Any]:
        try:
            spec = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise CrossbookError("not valid TOML", where=f"mapping {self.name}{place_in_toml(error)}") from None
        check_spec(spec, self.name)
        return spec

    @property
    def title(self) -> str:
        return str(self.spec.get("shipped", {}).get("title") or f"mapped table: {self.spec['kind']}")

    @property
    def needs(self) -> tuple[tuple[str, ...], ...]:
        """The headers that a file must have, each as the one text that it may be written with."""
        return tuple((header,) for header in self.written)

    @property
    def example(self) -> str:
        return ",".join(self.written)

    @cached_property
    def written(self) -> tuple[str, ...]:
        """The headers that a file must have, as it writes them: those of the columns, and those that tell a shipped
        layout from others."""
        told = [h for h in self.spec["columns"].values() if not h.startswith("=")]
        told = [part for h in told for part in h.split(AND)] + settlement_spec.headers(self.spec)
        told += [self.spec[DIRECTION]["column"]] if DIRECTION in self.spec else []
        return tuple(dict.fromkeys([*told, *self.spec.get("shipped", {}).get("header", ())]))

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """The same, as they are compared."""
        return tuple(" ".join(h.split()).lower() for h in self.written)

    def recognise(self, head: Head) -> Recognition:
        found = self.found(head)
        if found is None:
            return Recognition(0.0, self.declined)
        known, of = len(self.headers), len(self.headers)
        return Recognition(1.0, f"line {found.line} is its header ({known} of {of} known columns)")

    @property
    def declined(self) -> str:
        """Why a file is not its own."""
        needed = ", ".join(repr(h) for h in self.headers[:4])
        return f"no line among the first {WITHIN} has the columns {needed}"

    def found(self, head: Head) -> Layout | None:
        """The header, in the first sheet that has it."""
        sheets = heads(head.path, head.name) if head.path is not None else iter([head])
        return next((f for i, s in enumerate(sheets) if (f := find(s.heading, self.headers, i))), None)

    def layout(self, path: Path, name: str) -> Layout:
        """Where the table stands in a file. Raises CrossbookError when it is not there."""
        found = self.found(read_head(path, name))
        if found is None:
            raise CrossbookError(f"no header of a {self.title}", where=name, todo="run crossbook formats")
        return found

    def read(self, reading: Reading) -> Facts:
        """The facts of a file that agrees with the mapping. Raises CrossbookError where it contradicts it."""
        with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
            followed = self.follow(reading, Path(folder))
            yield from self.facts(followed)
            for word, kind in followed.ledger.guessed.items():
                raise CrossbookError(
                    f"that {word!r} is {kind} is only a guess",
                    where=f"mapping {self.name}",
                    todo="take the question mark away under [types], or say what it is",
                )
            refuse_contradicted(followed)
            reading.notes += [text for _, text in self.beside(reading)]

    def beside(self, reading: Reading) -> list[tuple[int, str]]:
        """The sheets of a workbook that are left unread, though they look like a bank's statement, or have the very
        headers of this layout."""
        sheet = self.layout(reading.path, reading.name).sheet
        bank = self.spec["kind"] == "bank"
        if not bank and self.spec["kind"] not in OF_A_BALANCE:
            return []
        return other_sheets(reading.path, reading.name, sheet, self.headers, bank=bank)

    def follow(self, reading: Reading, folder: Path) -> Following:
        """A pass over a file, whose text is written into `folder` where it is not in UTF-8."""
        layout = self.layout(reading.path, reading.name)
        encoding = read_head(reading.path, reading.name).encoding
        if encoding == spreadsheet.ENCODING and not reading.again and (cell := spreadsheet.without_value(reading.path)):
            raise CrossbookError(
                "a formula has no value stored: the program that wrote the workbook did not work it out",
                where=f"{reading.name}:{cell}",
                todo="open the workbook in a spreadsheet program and save it, then take it anew",
            )
        path = to_utf8(reading.path, encoding, folder / "utf8", reading.name, layout.sheet)
        from_1904 = encoding == spreadsheet.ENCODING and spreadsheet.from_1904(reading.path)
        named = frozenset(w[1:] for w in header_words.words()["bank"]["account"] if w.startswith("="))
        return Following(
            spec=self.spec,
            layout=layout,
            path=path,
            reading=reading,
            from_1904=from_1904,
            of_account=named,
            naming_fees=frozenset(filter(header_words.of_fees, layout.plain)),
            shown=self._shown(reading, layout) if encoding == spreadsheet.ENCODING else {},
        )

    def _shown(self, reading: Reading, layout: Layout) -> dict[frozenset[str], tuple[int, int]]:
        """The currencies that a workbook shows the sums in, of a file that is read for the first time."""
        wanted = [h.lower() for n, h in self.spec["columns"].items() if n in SUMS]
        places = [i for i, h in enumerate(layout.plain) if h in wanted]
        if reading.again:
            return {}
        return spreadsheet.shown_in(reading.path, reading.name, layout.sheet, places, layout.line)

    def facts(self, followed: Following) -> Facts:
        """What the rows of a pass say."""
        if self.spec["kind"] in OF_A_BALANCE:
            balance = Balance(followed=followed, name=self.name)
            for frame in followed.frames():
                yield from balance.facts(frame, self._currency(frame, followed.currency))
            yield from balance.finish()
            return
        for frame in followed.frames():
            for kind, table in self._build(frame, followed):
                if kind == "bank":
                    followed.note_entries(table)
                yield kind, table

    def _type(self, column: str) -> pa.DataType | None:
        return column_type(self.spec["kind"], column)

    def _build(self, frame: Frame, followed: Following) -> Iterator[tuple[str, pa.Table]]:
        kind, columns = self.spec["kind"], self.spec["columns"]
        if kind == TRANSFER:
            order, zone = self.spec.get("date_order", "ymd"), self.spec.get("zone", "Asia/Shanghai")
            yield transfers.rows(frame, order=order, zone=zone, currency=followed.currency or None)
            return
        currency = self._currency(frame, followed.currency)
        bought = frame.currency("cost_currency", None) if "cost_currency" in columns else currency
        other = dict.fromkeys(COSTS, bought)  # amounts that are not in the currency of the row
        if "original_currency" in columns:
            other["original_amount"] = self._convert(frame, "original_currency", columns["original_currency"], currency)
        made: dict[str, Column | str | None] = {}
        for name, header in columns.items():
            if name in KILOS and column_type(kind, KILOS[name]) is not None:
                made[KILOS[name]] = frame.convert(name, _grams, pa.int64(), "grams")
            elif name not in ("credit", "debit", "account", TIME):
                made[name] = self._convert(frame, name, header, other.get(name, currency))
        if kind == "product":
            made["cost_currency"] = bought
        if "credit" in columns:
            made["amount"] = self._two_columns(frame, currency, made)
        if kind == "bank":
            prove_entries(frame, followed, made)
        if "credit" not in columns and DIRECTION in self.spec:
            made["amount"] = directed(frame, followed, made, currency)
        elif "credit" not in columns and self.spec.get("sign") == "out":
            made["amount"] = pc.negate(made["amount"])
        elif self.spec.get("sign") == "balance" and {"balance", BEFORE} <= set(made):
            made["amount"] = by_balances(made)
        if kind == "bank" and self.spec.get("fees") == "apart" and "fee" in made:
            made["fee"] = pc.abs(made["fee"])
            made["amount"] = pc.subtract(made["amount"], pc.fill_null(made["fee"], 0))
        if kind == "bank":
            prove_before(frame, followed, made)
        if kind == "bank" and "payer" in columns:
            incoming = pc.greater_equal(made["amount"], 0)
            made["counterparty"] = pc.if_else(incoming, *(_plain(made.pop(n)) for n in PARTIES))
        if kind == "bank" and PARTY_ACCOUNTS[0] in columns:
            incoming = pc.greater_equal(made["amount"], 0)
            made["counterparty_account"] = pc.if_else(incoming, *(_plain(made.pop(n)) for n in PARTY_ACCOUNTS))
        if "currency" in KINDS[kind].columns:
            made["currency"] = currency
        if kind == "payout":
            made.setdefault("basis", "total")
            prove_payouts(frame, followed, made)
        if kind == "dispute":
            made["state"] = frame.lookup("state", _STATES, "open")
        if kind == "tracking":
            made["code"] = frame.text("event", required=True)
            made["event"] = frame.lookup("event", tracking.WORDS, "exception")
        account: Column | str = followed.account or self.name
        if "account" in columns:
            needed = "shipped" in self.spec or (kind == "bank" and not frame.reading.again)
            written = frame.text("account", required=needed)
            account = followed.one_account(written) or written
        if kind == "order":
            item = {column: made.pop(n) for n, column in LINES.items() if n in made}
            if "amount" not in item and {"price", "quantity"} <= set(item):
                item["amount"] = product(frame, "price", item["price"], item["quantity"])
            if item:
                yield fact_table("order_item", frame, account, order_id=made["order_id"], currency=currency, **item)
        yield fact_table(kind, frame, account, **made)

    def _currency(self, frame: Frame, said: str) -> Column:
        header = self.spec["columns"].get("currency", "=")
        if header.startswith("="):
            return constant(money.currency(said or header[1:] or "USD"), len(frame))
        if self.spec["kind"] == "wallet" and settlement_spec.two_sides(self.spec["columns"]):
            return wallet_rows.own_or_side(frame, said)
        return frame.currency("currency", said or None)

    def _two_columns(self, frame: Frame, currency: Column, made: dict[str, Column | str | None]) -> Column:
        """One signed amount of a column for money in and one for money out. A minus takes an entry back where the
        mapping says `red`, which `made` then says of it, and is only how the column writes its sums else. A row with
        neither, or both, is reported."""
        credit, debit = (frame.money(n, currency) for n in ("credit", "debit"))
        for line in frame.line.filter(pc.and_(pc.is_null(credit), pc.is_null(debit))).to_pylist():
            if line not in frame.reading.bad_lines:
                frame.reading.report(line, "credit", "", "neither money in nor money out")
        credit, debit = pc.fill_null(credit, 0), pc.fill_null(debit, 0)
        both = pc.and_(pc.not_equal(credit, 0), pc.not_equal(debit, 0))
        for line, text in zip(frame.line.filter(both).to_pylist(), frame.raw("debit").filter(both), strict=True):
            frame.reading.report(line, "debit", str(text), "both money in and money out")
        if self.spec.get("red"):
            if self.spec["kind"] == "bank":
                back = pc.or_(pc.less(credit, 0), pc.less(debit, 0))
                made["given_back"] = pc.if_else(back, REVERSAL, pa.scalar(None, pa.string())).dictionary_encode()
            return pc.subtract(credit, debit)
        return pc.subtract(pc.abs(credit), pc.abs(debit))

    def _convert(self, frame: Frame, name: str, header: str, currency: Column) -> Column | str:
        if header.startswith("="):
            return WORDS[name][header[1:].lower()] if name in WORDS else header[1:]
        if name in ("counterparty_account", *PARTY_ACCOUNTS):
            return transfer_rows.other_account(frame, name)
        type_ = self._type(name)
        required = name in NEEDED[self.spec["kind"]]
        order, zone = self.spec.get("date_order", "ymd"), self.spec.get("zone", "Asia/Shanghai")
        if type_ == MINOR and name in COUNTS:
            return frame.units(name, required=required)
        if name == "hs" or (name in ("hts", "code") and self.spec["kind"] in ("entry_line", "tariff")):
            return frame.convert(name, values.tariff_number, pa.string(), name, required=required)
        if name in WORDS:
            return frame.convert(name, _one_of(WORDS[name]), pa.string(), name)
        if type_ == MINOR:
            amount = frame.money(name, currency, required=required)
            return pc.abs(amount) if name in POSITIVE else amount
        if type_ == DAY:
            return frame.day(name, order, required=required)
        if type_ == INSTANT:
            return frame.instant(name, order, zone, chinese=True, required=required)
        if name == "rate":
            return frame.convert(name, _rate, pa.decimal128(18, 8), "rate", required=True)
        if name in ("currency", "original_currency", "base", "quote"):
            return frame.currency(name, None if required else self.spec.get("currency", "USD"))
        return frame.text(name, required=required)


_STATES = {
    word: state
    for state, words in {
        "open": "open/under review/held/处理中/冻结",
        "won": "won/resolved/released/closed/seller/胜诉/已解冻",
        "lost": "lost/buyer/败诉",
        "refunded": "refunded/refund/已退款/退款",
    }.items()
    for word in words.split("/")
}


def _plain(column: Column | str | None) -> pa.Array:
    """A column of text, not encoded."""
    return pc.cast(column, pa.string())


def _one_of(words: dict[str, str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(f"none of {', '.join(words)}")
        return words[text.lower()]

    return read


def _grams(text: str) -> int:
    try:
        grams = Decimal(text.replace(",", "")) * 1000
        if not 0 <= grams < 10**12:
            raise ValueError("a weight lies between 0 and 10^9 kg")
        return int(grams.to_integral_value())
    except InvalidOperation:
        raise ValueError("not a number") from None


def _rate(text: str) -> Decimal:
    try:
        rate = Decimal(text)
        if not 0 < rate < 10**9:
            raise ValueError("a rate lies over 0 and under 10^9")
        return rate.quantize(Decimal("1e-8"))
    except InvalidOperation:
        raise ValueError("not a number") from None


@lru_cache(maxsize=256)  # a book's mappings are the same from file to file
def mapping_from_text(name: str, text: str) -> MappedTable:
    """The source that a mapping's TOML describes. Raises CrossbookError when it is not a valid mapping."""
    table = MappedTable(name, text)
    _ = table.spec
    return table


def load_mappings(folder: Path) -> list[MappedTable]:
    """Every mapping kept in the folder, by file name."""
    if not folder.is_dir():
        return []
    return [mapping_from_text(p.stem, read_mapping(p)) for p in sorted(folder.glob("*.toml"))]


def read_mapping(path: Path) -> str:
    """The text of a mapping's file. Raises CrossbookError when it is no file, may not be read or is not UTF-8."""
    try:
        if not path.is_file():  # of a pipe there may be no end
            raise CrossbookError("it is no file", where=str(path), todo="move it away")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CrossbookError("not valid TOML", where=str(path), todo="save it as UTF-8") from None
    except PermissionError:
        raise CrossbookError("may not be read", where=str(path), todo="check its permissions") from None
