"""SWIFT MT940 customer statements, read by the library mt-940; each entry keeps the line of its :61: field.

Also the variants that banks send: several statements in a file, SWIFT block headers, Chinese text in GB18030.
"""

from __future__ import annotations

import logging
import re
import warnings
from decimal import Decimal
from typing import Any

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.sources.encoding import decode_all
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition

_START = re.compile(r"^(?:\{4:\s*)?:20:", re.MULTILINE)


_SIGN = {"C": 1, "D": -1, "RC": -1, "RD": 1}  # credit, debit, and reversals of either


class Mt940:
    """The source for MT940 statements."""

    name = "mt940"
    title = "SWIFT MT940 bank statement"
    authority = 70
    example = (
        ":20:STMT260301\n:25:DE89370400440532013000\n:28C:00042/001\n:60F:C260228USD10000,00\n"
        ":61:2603050305C1847,32NTRFNONREF//AMZ1890654\n:86:AMAZON PAYMENTS 18906543210\n:62F:C260331USD11847,32"
    )

    def recognise(self, head: Head) -> Recognition:
        missing = [
            tag for tag in (":20:", ":25:", ":60") if not re.search(rf"^(?:{{4:\s*)?{tag}", head.text, re.MULTILINE)
        ]
        if missing:
            return Recognition(0.0, f"no line starts with {missing[0]}")
        return Recognition(0.95, "has the fields :20:, :25: and :60:")

    def read(self, reading: Reading) -> Facts:
        text = decode_all(reading.path, reading.name).replace("\r\n", "\n")
        starts = [m.start() for m in _START.finditer(text)]
        if not starts:
            raise CrossbookError("no statement begins (:20:)", where=reading.name)
        bank: list[dict[str, Any]] = []
        balances: list[dict[str, Any]] = []
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
            first = text.count("\n", 0, start) + 1
            self._statement(text[start:end].replace("{4:\n", "").replace("{4:", ""), first, reading, bank, balances)
        yield rows_table("bank", bank)
        if balances:
            yield rows_table("balance", balances)

    def _statement(
        self, text: str, first: int, reading: Reading, bank: list[dict[str, Any]], balances: list[dict[str, Any]]
    ) -> None:
        import mt940

        logging.getLogger("mt940").setLevel(logging.CRITICAL)  # what it cannot read is raised too, and reported below
        text = re.sub(r"\n-\}?\s*(?:\{5:.*)?$", "\n", text.rstrip() + "\n", flags=re.DOTALL)
        lines = [first + i for i, line in enumerate(text.split("\n")) if line.startswith(":61:")]
        if not re.search(r"^:62[FM]:", text, re.MULTILINE):
            reading.report(first, ":62F:", "", "the statement has no closing balance: it is cut off")
            return
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                statement = mt940.parse(text)
            data = statement.data
            account = reading.account or str(data.get("account_identification") or "bank").strip()
            opening, closing = (
                data.get(f"final_{side}_balance") or data.get(f"intermediate_{side}_balance")
                for side in ("opening", "closing")
            )
            currency = money.currency(str(opening.amount.currency))
            start, end = _minor(opening.amount.amount, currency), _minor(closing.amount.amount, currency)
            entries = [self._entry(t.data, line, account, currency) for t, line in _pairs(statement, lines)]
        except ValueError as error:
            reading.report(first, "(statement)", text[:40], str(error))
            return
        except Exception as error:  # noqa: BLE001 - the library raises whatever its fields raise
            reading.report(first, "(statement)", text[:40], f"cannot be read: {error or type(error).__name__}")
            return
        if start + sum(e["amount"] for e in entries) != end:
            reading.report(first, ":62F:", money.show(end, currency), "opening balance and entries do not add up to it")
            return
        bank += entries
        balances.append(
            {
                "line": first,
                "account": account,
                "currency": currency,
                "opening": start,
                "closing": end,
                "period_from": _moment(opening.date),
                "period_to": _moment(closing.date),
            }
        )

    def _entry(self, data: dict[str, Any], line: int, account: str, currency: str) -> dict[str, Any]:
        details = " ".join(str(data.get("transaction_details") or "").split())
        parts = [str(data.get(k) or "").strip() for k in ("extra_details", "purpose")]
        booked = data.get("entry_date") or data["date"]
        return {
            "line": line,
            "account": account,
            "booked_on": _plain_date(booked),
            "valued_on": _plain_date(data["date"]),
            "amount": _SIGN[str(data["status"])] * abs(_minor(data["amount"].amount, currency)),
            "currency": currency,
            "reference": _reference(data),
            "description": " ".join(dict.fromkeys(p for p in (details, *parts) if p)),
            "counterparty": str(data.get("applicant_name") or "").strip(),
        }


def _pairs(statement: Any, lines: list[int]) -> list[tuple[Any, int]]:
    if len(statement) != len(lines):
        raise ValueError(f"{len(lines)} fields :61:, but {len(statement)} can be read")
    return list(zip(statement, lines, strict=True))


def _reference(data: dict[str, Any]) -> str:
    for key in ("bank_reference", "customer_reference"):
        text = str(data.get(key) or "").strip()
        if text and text != "NONREF":
            return text
    return ""


def _minor(amount: Decimal, currency: str) -> int:
    return money.parse(f"{amount:f}", money.exponent(currency))


def _plain_date(value: Any) -> Any:
    from datetime import date

    return date(value.year, value.month, value.day)


def _moment(value: Any) -> Any:
    from datetime import UTC, datetime

    return datetime(value.year, value.month, value.day, tzinfo=UTC)


SOURCE = Mt940()
