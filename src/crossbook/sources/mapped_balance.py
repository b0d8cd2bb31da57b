"""The rows of a mapped balance (a platform's settlement lines, a wallet, a list of fees) as facts.

A row is one line of the kind that its type word means, or, where several columns of amounts are named, a line for each
of them. Withdrawals and payout rows state what was paid. A wallet's rows are entries of an account as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.facts.kind import DAY, INSTANT, MINOR
from crossbook.sources import line_types as types
from crossbook.sources import settlement_spec, wallet_rows
from crossbook.sources.frame import Column, Frame
from crossbook.sources.line_types import IN_A_REFUND, WAYS, Types
from crossbook.sources.mapping_spec import COUNTS
from crossbook.sources.paypal import HOLD_OR_RELEASE
from crossbook.sources.report import constant, rows_table
from crossbook.sources.table import days, directions, minus, proofs
from crossbook.sources.table.amounts import NOTHING, bare
from crossbook.sources.table.following import Following
from crossbook.sources.table.seen import DIRECTION
from crossbook.sources.wallet_rows import Wallet

_RELEASES = {release: hold for hold, release in HOLD_OR_RELEASE.items()}
BESIDE = ("apart", "added")  # of `fees`: they are not in the amounts
_NUMBERS = ("order_id", "payout_id", "reference", "related", "item", "bank_reference")  # "-" is none of them
_OF_AN_ORDER = ("sale", "shipping", "refund", "refund_fee", "tax", "promotion")
_UNKNOWN_TO_OURS = "nobody says what kind of line this is: crossbook map FILE --type 'WORD=KIND' says it"
_UNKNOWN = "nobody says what kind of line this is: say it under [types]"


@dataclass(kw_only=True)
class Balance:
    """What turns the blocks of one pass into facts."""

    followed: Following
    name: str  # the account where neither file nor person says one
    seen: dict[str, int] = field(default_factory=dict)  # names made for withdrawals without one
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)  # type words not known, and how they were read

    @property
    def spec(self) -> dict[str, Any]:
        return self.followed.spec

    @cached_property
    def types(self) -> Types:
        return Types(self.spec.get("types", {}))

    @cached_property
    def wallet(self) -> Wallet:
        return Wallet(self.spec, self.followed.path)

    @cached_property
    def parts(self) -> dict[str, tuple[str, str]]:
        """Columns of amounts in a frame: header, and the kind of their lines."""
        told = settlement_spec.parts(self.spec)
        return {n: (h, k.removesuffix("?")) for n, (h, k) in told.items() if n in self.followed.places}

    @cached_property
    def payout(self) -> dict[str, str]:
        """What the lines above the table say of the payout that it is of. Raises CrossbookError where they do not."""
        found = {}
        for what, label in self.spec.get("payout", {}).items():
            if what == settlement_spec.HEADS:
                continue
            text = settlement_spec.labelled(self.followed.layout.above, label)
            if not text:
                where = self.followed.reading.name
                raise CrossbookError(f"no line above the table says {label!r}", where=where, todo="map the file anew")
            found[what] = text
        return found

    def facts(self, frame: Frame, currency: Column) -> Iterator[tuple[str, pa.Table]]:
        """The facts of one block."""
        if settlement_spec.sided(self.spec):
            currency = wallet_rows.currency(frame)
        rows = [row for row in self._rows(frame, currency) if row["line"] not in frame.reading.bad_lines]
        lines: list[dict[str, Any]] = []
        for row in rows:
            lines += self._lines(row)
        if lines:
            yield rows_table("settlement", lines)
        if lines and self.spec["kind"] == "wallet":
            yield rows_table("bank", [wallet_rows.entry(line) for line in lines])

    def finish(self) -> Iterator[tuple[str, pa.Table]]:
        """The payouts, after the last block; type words that nobody named are noted with how they were read."""
        self.followed.reading.notes += [
            f"type {word!r}, {n} times, is not known: {how}" for (word, how), n in sorted(self.taken.items())
        ]
        if self.spec["kind"] != "fee" and (payouts := self.followed.ledger.facts()):
            yield rows_table("payout", payouts)

    def _rows(self, frame: Frame, currency: Column) -> list[dict[str, Any]]:
        """The rows with what each column says, converted."""
        columns, kind = self.spec["columns"], self.spec["kind"]
        order, zone = self.spec.get("date_order", "ymd"), self.spec.get("zone", "Asia/Shanghai")
        made: dict[str, list[Any]] = {"line": frame.line.to_pylist(), "currency": currency.to_pylist()}
        for name in (*columns, *self.parts, *self.spec.get("find", {})):
            if name in ("currency", "account"):
                continue
            if columns.get(name, "").startswith("="):
                made[name] = [columns[name][1:]] * len(frame)
                continue
            type_ = settlement_spec.column_type(kind, name)
            if name.endswith("_currency"):
                made[name] = _optional(frame, name)
                continue
            if type_ == MINOR and name in COUNTS:
                column = frame.units(name)
            elif type_ == MINOR:
                column = frame.money(name, self._code(frame, name, currency))
            elif type_ == DAY:
                column = frame.day(name, order)
            elif type_ == INSTANT:
                column = frame.instant(name, order, zone, chinese=True)
            else:
                column = frame.text(name)
            made[name] = column.to_pylist()
            if name in _NUMBERS:
                made[name] = [None if text and text.lower() in NOTHING else text for text in made[name]]
        if "day" not in made:
            made["day"] = frame.day("posted_at", order, required=True).to_pylist()
        if "posted_at" not in made:
            made["posted_at"] = frame.instant("day", order, zone, chinese=True, required=True).to_pylist()
        said = self.followed.account or self.name
        made["account"] = [said] * len(frame)
        if "account" in columns:
            written = frame.text("account", required="shipped" in self.spec)
            one = self.followed.one_account(written)
            made["account"] = [one] * len(frame) if one else [text or said for text in written.to_pylist()]
        if DIRECTION in self.spec:
            made[DIRECTION] = _ways(frame, self.spec[DIRECTION]).to_pylist()
            if self.followed.repeats is None and self.followed.minus and "amount" in made:
                self.followed.repeats = minus.agree(made["amount"], made[DIRECTION]) and not self.spec.get("red")
        names = list(made)
        return [dict(zip(names, values, strict=True)) for values in zip(*made.values(), strict=True)]

    def _code(self, frame: Frame, name: str, currency: Column) -> Column:
        """The currency of a column of amounts, where it has one of its own."""
        other = name.removesuffix("_amount") + "_currency"
        header = self.spec["columns"].get(other) if name.startswith(("from_", "to_")) else None
        if header is None:
            return currency
        if header.startswith("="):
            return constant(money.currency(header[1:]), len(frame))
        return pc.coalesce(frame.convert(other, money.currency, pa.string(), "currency"), currency.cast(pa.string()))

    def _lines(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        """The settlement lines of one row; none where it is reported, or only states a payout."""
        row["payout_id"] = row.get("payout_id") or self.payout.get("id")
        kind = self._kind(row)
        if self._adjusts(kind):
            row["reference"], row["order_id"] = row.get("reference") or row.get("order_id"), None
        amount = self._amount(row, kind)
        key = (row["account"], row["payout_id"] or "", row["currency"])
        ledger = self.followed.ledger
        if row.get("total") is not None and row["payout_id"]:
            ledger.state(key, row["line"], row["total"]).paid_on = row.get("paid_on") or row["day"]
            if amount is None:
                return []
        if amount is None and kind == "withdrawal" and row.get("total") is not None:
            amount = -abs(row["total"])
        if amount is None:
            if row["line"] not in self.followed.reading.bad_lines:
                self._report(row, "amount", "", "empty")
            return []
        lines = self._split(row, amount, kind)
        if kind is None and not lines:
            reason = _UNKNOWN_TO_OURS if "shipped" in self.spec else _UNKNOWN
            self._report(row, "type", row.get("type") or "", reason)
            return []
        if (word := row.get("type")) and not self.types.named(word):
            if kind is None:
                self.taken[word, "its columns of amounts say what it is"] += 1
            elif self.types.any:
                self.taken[word, f"read as {kind}"] += 1
        if "total" in self.payout and row["payout_id"]:
            stated = money.parse(bare(self.payout["total"])[0], money.exponent(row["currency"]), self.followed.point)
            ledger.state(key, row["line"], stated)
        lines = lines or self._converted(row, kind or "", amount)
        self._note(row, lines, key)
        return lines

    def _adjusts(self, kind: str | None) -> bool:
        """Whether the number in a column "order/adjustment ID" is an adjustment's: its row is of no order's kind."""
        return "/adjustment" in self.spec["columns"].get("order_id", "").lower() and kind not in _OF_AN_ORDER

    def _kind(self, row: dict[str, Any]) -> str | None:
        word = row.get("type")
        if not word and self.spec["kind"] == "wallet" and wallet_rows.converts(row):
            return "conversion"
        if word is None and "type" not in self.spec["columns"]:
            return "fee" if self.spec["kind"] == "fee" else None
        kind = self.types.kind(word or "")
        if self.types.guessed(word or ""):
            self.followed.ledger.guessed[self.types.as_told(word or "")] = kind or ""
        if kind is None:
            self.followed.ledger.words[word or ""] += 1
        return kind

    def _amount(self, row: dict[str, Any], kind: str | None) -> int | None:
        """What a row does to the balance, without a fee that stands apart; None where nothing says it."""
        amount: int | None = row.get("amount")
        pair = self._pair(row)
        if pair is not None and "amount" in self.spec["columns"] and amount is not None:
            shown = f"{_shown(row, pair)} in less out, {_shown(row, amount)} net"
            self.followed.ledger.test("parts", pair == amount, row["line"], "amount", _shown(row, amount), shown)
        if amount is None:
            amount = pair
        if settlement_spec.sided(self.spec):
            amount = wallet_rows.moved(row, kind)
            if amount is None and row.get("from_amount") and row.get("to_amount"):
                shown = money.show(row["to_amount"], row["to_currency"] or row["currency"])
                self._report(row, "to_amount", shown, "both money in and money out")
        elif amount is None and kind == "conversion" and wallet_rows.converts(row):
            amount = -abs(row["from_amount"])
        if amount is None and self.parts and "amount" not in self.spec["columns"]:
            found = [types.signed(of)[1] * row[n] for n, (_, of) in self.parts.items() if row[n] is not None]
            amount = sum(found) if found else None
        if amount is None:
            return None
        self.followed.ledger.unsigned &= amount >= 0
        sign = self.spec.get("sign") or ("out" if self.spec["kind"] == "fee" and pair is None else "in")
        if DIRECTION in self.spec:
            amount = abs(amount) if self.followed.repeats else amount
            return None if row[DIRECTION] is None else int(amount * row[DIRECTION])
        if sign == "type":
            way = WAYS.get(kind or "")
            if way is None:
                self._report(row, "type", row.get("type") or "", "its type does not say which way money went")
                return None
            return abs(amount) * way
        return -amount if sign == "out" else amount

    def _pair(self, row: dict[str, Any]) -> int | None:
        credit: int | None = row.get("credit")
        debit: int | None = row.get("debit")
        if credit is None and debit is None:
            return None
        if credit and debit and "amount" not in self.spec["columns"]:  # a net amount proves such a row
            self._report(row, "debit", _shown(row, debit), "both money in and money out")
            return None
        if self.spec.get("red"):
            return (credit or 0) - (debit or 0)
        return abs(credit or 0) - abs(debit or 0)

    def _split(self, row: dict[str, Any], amount: int, of: str | None) -> list[dict[str, Any]]:
        """A line for each column of amounts that holds one; none where all are empty and the row is of one amount."""
        signs = {name: types.signed(kind) for name, (_, kind) in self.parts.items()}
        named = [(self.parts[n][0], kind, sign * row[n]) for n, (kind, sign) in signs.items() if row[n]]
        if not named:
            return []
        if {"amount", "credit"} & set(self.spec["columns"]):
            total = sum(value for _, _, value in named)
            text = f"the columns of amounts make {_shown(row, total)}, the row says {_shown(row, amount)}"
            self.followed.ledger.test("parts", total == amount, row["line"], "amount", _shown(row, amount), text)
        return [self._line(row, _within(of, kind), value, type=header) for header, kind, value in named]

    def _converted(self, row: dict[str, Any], kind: str, amount: int) -> list[dict[str, Any]]:
        """The one line of a row, with its fee apart before it; of a conversion the leg of each currency."""
        fee, gross = self._fee(row, kind, amount)
        kept = self.wallet.fee_of_withdrawal(row, kind, amount)
        legs = self.wallet.legs(row, kind, amount + kept)
        if legs:
            lines = [self._line(row, of, value, currency=code) for of, value, code in legs]
        else:
            lines = [self._line(row, kind, amount + kept, gross=gross, fee=None if kept else fee)]
        beside = self.spec.get("fees")
        if beside in BESIDE and row.get("fee"):
            kept = abs(row["fee"]) if beside == "apart" else -row["fee"]
        if kept:  # before a withdrawal, whose balance is that after both
            of = IN_A_REFUND["fee"] if kind == "refund" and self.spec["kind"] == "settlement" else "fee"
            lines = [self._line(row, of, -kept, type=self.spec["columns"].get("fee")), *lines]
        return lines

    def _fee(self, row: dict[str, Any], kind: str, amount: int) -> tuple[int | None, int | None]:
        """A row's fee, negative where it costs, and its gross amount; together they are the net amount."""
        fee, gross, ledger = row.get("fee"), row.get("gross"), self.followed.ledger
        if self.spec.get("fees") in BESIDE:
            return None, None
        if within := self.wallet.fee_of_conversion(row, kind, amount):
            return -within, amount + within
        if {"fee", "gross"} <= set(self.spec["columns"]) and (fee is not None or gross is not None):
            fee, gross = fee or 0, gross or 0  # an empty cell beside a sum is none
        if fee is None or gross is None:
            return (fee if fee is None or fee < 0 else None), gross
        plus, minus = gross + fee == amount, gross - fee == amount
        ledger.signs.update({"plus": plus and not minus, "minus": minus and not plus})
        text = f"gross {_shown(row, gross)} and fee {_shown(row, fee)} do not make {_shown(row, amount)}"
        ledger.test("net", plus or minus, row["line"], "amount", _shown(row, amount), text)
        return amount - gross, gross

    def _line(self, row: dict[str, Any], kind: str, amount: int, /, **more: Any) -> dict[str, Any]:
        if (kind in HOLD_OR_RELEASE and amount > 0) or (kind in _RELEASES and amount < 0):
            kind = HOLD_OR_RELEASE.get(kind) or _RELEASES[kind]
        told = {n: v for n, v in row.items() if n not in ("gross", "fee", "balance", "amount")}
        if kind in ("withdrawal", "reversal") and amount > 0:  # what came back may repeat what the bank was told
            told["related"] = told.get("related") or told.get("bank_reference")
        return {**told, "kind": kind, "amount": amount, **more}

    def _note(self, row: dict[str, Any], lines: list[dict[str, Any]], key: tuple[str, str, str]) -> None:
        """Keep what payouts and proofs are made of."""
        ledger, effect = self.followed.ledger, 0
        own: dict[str, Any] | None = None  # the last line in the currency of the balance
        for line in lines:
            ledger.count(line["kind"], line["currency"], line["amount"], row["line"])
            if line["kind"] == "withdrawal":
                self._paid(line, key)
            elif line["payout_id"] and self.spec["kind"] != "wallet":
                paid = ledger.payout(key, row["line"])
                paid.lines += line["amount"]
                paid.paid_on = paid.paid_on or row.get("paid_on") or self._paid_on()
            if line["currency"] == row["currency"]:
                effect += line["amount"]
                own = line
            else:
                self._enter(row, line["amount"], None, line["currency"])
        if own is not None:
            own["balance"] = row.get("balance")
        self._enter(row, effect, row.get("balance"), row["currency"])

    def _enter(self, row: dict[str, Any], amount: int, balance: int | None, currency: str) -> None:
        entry = proofs.Entry(
            line=row["line"], amount=amount, balance=balance, account=row["account"], currency=currency
        )
        self.followed.entries.append(entry)

    def _paid(self, line: dict[str, Any], key: tuple[str, str, str]) -> None:
        """Note the payout that a withdrawal is: by its number, or drawn from the running balance."""
        ledger, day = self.followed.ledger, line.get("paid_on") or line["day"]
        if line["payout_id"] and self.spec["kind"] != "wallet":
            ledger.state(key, line["line"], -line["amount"]).paid_on = day
            return
        line["payout_id"] = None
        if line["amount"] >= 0:
            return
        name = line.get("reference")
        if not name:  # a name that another export of the same days gives it, too
            name = f"{line['day']} {_shown(line, -line['amount'])}"
            self.seen[name] = self.seen.get(name, 0) + 1
            name += f" ({self.seen[name]})" if self.seen[name] > 1 else ""
            line["reference"] = name
        paid = ledger.state((line["account"], name, line["currency"]), line["line"], -line["amount"])
        paid.balance, paid.paid_on, paid.reference = True, day, line.get("bank_reference")

    def _paid_on(self) -> date | None:
        return days.read(self.payout["paid_on"], self.followed.order) if "paid_on" in self.payout else None

    def _report(self, row: dict[str, Any], column: str, value: str, reason: str) -> None:
        self.followed.reading.report(row["line"], column, value, reason)


def _within(of: str | None, kind: str) -> str:
    """The kind of a column's line in a row of another kind: what a refund takes back, what a payout calls its sum."""
    if of == "refund":
        return IN_A_REFUND.get(kind, kind)
    return of if of is not None and kind in ("sale", "other") else kind


def _optional(frame: Frame, name: str) -> list[Any]:
    found: list[Any] = frame.convert(name, money.currency, pa.string(), "currency").to_pylist()
    return found


def _ways(frame: Frame, told: dict[str, Any]) -> Column:
    ways = {directions.plain(w): way for key, way in (("in", 1), ("out", -1)) for w in told[key]}
    return frame.convert(DIRECTION, lambda text: ways[directions.plain(text)], pa.int64(), "ways", required=True)


def _shown(row: dict[str, Any], amount: int) -> str:
    return money.show(amount, row["currency"])
