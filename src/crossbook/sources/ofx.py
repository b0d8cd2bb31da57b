"""OFX bank statements (1.x in SGML and 2.x in XML), read by the library ofxtools."""

from __future__ import annotations

import io
import re
import warnings
from datetime import UTC, date
from typing import Any

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.sources.encoding import decode_all
from crossbook.sources.report import rows_table
from crossbook.sources.source import Facts, Head, Reading, Recognition


class Ofx:
    """The source for OFX and QFX statements."""

    name = "ofx"
    title = "OFX bank statement"
    authority = 70
    example = (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n…\n<OFX>…<STMTRS><CURDEF>USD…<STMTTRN><TRNTYPE>CREDIT"
        "<DTPOSTED>20260305<TRNAMT>1847.32<FITID>202603050001<NAME>AMAZON…"
    )

    def recognise(self, head: Head) -> Recognition:
        if "OFXHEADER" not in head.text[:2000] or "<OFX>" not in head.text:
            return Recognition(0.0, "no OFXHEADER")
        return Recognition(0.95, "has an OFX header")

    def read(self, reading: Reading) -> Facts:
        from ofxtools.Parser import OFXTree

        text = decode_all(reading.path, reading.name)
        if "<!ENTITY" in text or "<!DOCTYPE" in text:
            raise CrossbookError("a document type declaration is refused", where=reading.name)
        if "</OFX>" not in text:
            raise CrossbookError("no </OFX>: the file is cut off", where=reading.name, todo="download it again")
        lines = [text.count("\n", 0, m.start()) + 1 for m in re.finditer(r"<STMTTRN>", text)]
        tree = OFXTree()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of banks' own tags; that no entry is skipped is looked at below
                tree.parse(io.BytesIO(_as_utf8(text)))
                parsed = tree.convert()
            statements = [(money.currency(str(s.curdef)), s) for s in parsed.statements]
        except Exception as error:  # noqa: BLE001 - the library raises many kinds for bad content
            raise CrossbookError(
                f"not a valid OFX file: {error or type(error).__name__}", where=reading.name, todo="download it again"
            ) from None
        read = sum(len(s.transactions or []) for _, s in statements)
        if read != len(lines):
            raise CrossbookError(f"{len(lines)} entries, but only {read} can be read", where=reading.name)
        bank: list[dict[str, Any]] = []
        for currency, statement in statements:
            rows = list(statement.transactions or [])
            self._rows(statement, currency, rows, lines[len(bank) : len(bank) + len(rows)], reading, bank)
        yield rows_table("bank", bank)

    def _rows(
        self,
        statement: Any,
        currency: str,
        rows: list[Any],
        lines: list[int],
        reading: Reading,
        bank: list[dict[str, Any]],
    ) -> None:
        name = reading.account or str(getattr(statement.account, "acctid", "") or "bank")
        for row, line in zip(rows, lines, strict=True):
            try:
                amount = money.parse(f"{row.trnamt:f}", money.exponent(currency))
            except ValueError as error:
                reading.report(line, "TRNAMT", str(row.trnamt), str(error))
                continue
            original = getattr(row, "origcurrency", None)
            bank.append(
                {
                    "line": line,
                    "account": name,
                    "booked_on": _day(row.dtposted),
                    "valued_on": _day(getattr(row, "dtavail", None) or row.dtposted),
                    "amount": amount,
                    "currency": currency,
                    "reference": str(row.fitid or ""),
                    "description": " ".join(str(t) for t in (row.name, row.memo) if t),
                    "counterparty": str(row.name or ""),
                    "original_currency": str(original.cursym) if original else None,
                }
            )


def _as_utf8(text: str) -> bytes:
    """The text with a header that says UTF-8, which is what the bytes are."""
    text = re.sub(r"(?m)^ENCODING:.*$", "ENCODING:UTF-8", text)
    text = re.sub(r"(?m)^CHARSET:.*$", "CHARSET:NONE", text)
    return re.sub(r'(<\?xml[^>]*encoding=")[^"]+', r"\1UTF-8", text).encode()


def _day(moment: Any) -> date:
    day: date = moment.astimezone(UTC).date() if moment.utcoffset() else moment.date()
    return day


SOURCE = Ofx()
