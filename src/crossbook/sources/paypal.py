"""What PayPal's reports share: event codes, signed amounts, the row types of its SFTP reports.

Event codes: https://developer.paypal.com/docs/reports/reference/tcodes/
Row types: https://developer.paypal.com/docs/reports/sftp-reports/settlement-report/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook.sources.frame import Column, Frame
from crossbook.sources.heading import split
from crossbook.sources.report import fact_table
from crossbook.sources.source import Reading

ACCOUNT = "paypal"
_POSITIONS = ("transaction_id", "related")  # names of the second and fourth column, for rows that are not SB

# The first three digits name the group; a whole code is listed where its group is not enough.
_GROUPS = {
    "T00": "sale",
    "T01": "fee",
    "T02": "conversion",
    "T03": "deposit",
    "T04": "withdrawal",
    "T05": "other",
    "T06": "other",
    "T07": "other",
    "T08": "adjustment",
    "T09": "promotion",
    "T10": "other",
    "T11": "reversal",
    "T12": "adjustment",
    "T14": "other",
    "T15": "reserve_hold",
    "T16": "other",
    "T17": "withdrawal",
    "T18": "other",
    "T19": "adjustment",
    "T20": "other",
    "T21": "reserve_hold",
    "T22": "other",
}
_CODES = {
    "T0001": "other",  # MassPay, sent
    "T1107": "refund",
    "T1108": "fee",
    "T1109": "refund_fee",
    "T1110": "dispute_hold",
    "T1111": "dispute_release",
    "T1105": "reserve_release",
    "T1113": "refund",
    "T1201": "chargeback",
    "T1202": "chargeback",
    "T1205": "reimbursement",
    "T1207": "chargeback",
    "T1208": "chargeback",
}
NO_BALANCE = ("T13", "T97", "T98")  # authorizations and entries for display: the balance does not move

HOLD_OR_RELEASE = {"dispute_hold": "dispute_release", "reserve_hold": "reserve_release"}


def kind_of_code(code: str) -> str:
    """The kind of settlement line that an event code stands for, holds and releases not yet told apart."""
    return _CODES.get(code) or _GROUPS.get(code[:3]) or "other"


def told_apart(kind: Column, amount: Column) -> Column:
    """Holds give money back when their amount is positive: they are releases then."""
    plain = kind.cast(pa.string())
    positive = pc.fill_null(pc.greater(amount, 0), False)
    for hold, release in HOLD_OR_RELEASE.items():
        plain = pc.if_else(pc.and_(pc.equal(plain, hold), positive), release, plain)
        plain = pc.if_else(pc.and_(pc.equal(plain, release), pc.invert(positive)), hold, plain)
    return plain.dictionary_encode()


def signed(frame: Frame, amount: str, side: str) -> Column:
    """An unsigned amount in the smallest unit with the sign of its "CR" or "DR" column; empty is 0."""
    units = pc.fill_null(frame.units(amount), 0)
    sides = frame.convert(side, _side, pa.int64(), "side")
    unclear = pc.and_(pc.is_null(sides), pc.not_equal(units, 0))
    for line in frame.line.filter(unclear).to_pylist():
        frame.reading.report(line, side, "", "neither CR nor DR")
    return pc.multiply(pc.abs(units), pc.fill_null(sides, 0))


def _side(text: str) -> int:
    if text.upper() not in ("CR", "DR"):
        raise ValueError("neither CR nor DR")
    return 1 if text.upper() == "CR" else -1


def body(frame: Frame) -> Iterator[tuple[str, pa.Table]]:
    """Settlement lines and payouts from the SB rows of an SFTP report, whose column `account` is filled in."""
    if not len(frame):
        return
    account, currency = frame.text("account"), frame.currency("currency")
    gross, fee = signed(frame, "gross", "side"), signed(frame, "fee", "fee_side")
    amount = pc.add(gross, fee)
    kind = told_apart(frame.lookup("code", _lower_codes(frame), "other"), amount)
    at = frame.instant("completed", "ymd", required=True)
    yield fact_table(
        "settlement",
        frame,
        account,
        posted_at=at,
        day=frame.day("completed", "ymd"),
        kind=kind,
        type=frame.text("code"),
        order_id=frame.text("invoice"),
        reference=frame.text("transaction_id", required=True),
        related=frame.text("related"),
        amount=amount,
        gross=gross,
        fee=fee,
        currency=currency,
        country=frame.text("country"),
    )
    out = pc.and_(pc.equal(kind.cast(pa.string()), "withdrawal"), pc.less(amount, 0))
    yield from payouts(
        frame.where(out), account.filter(out), pc.negate(amount.filter(out)), "completed", "bank_reference"
    )


def payouts(
    frame: Frame, account: Column | str, amount: Column, day: str, reference: str = "transaction_id"
) -> Iterator[tuple[str, pa.Table]]:
    """Payouts drawn from a running balance: one for each withdrawal in `frame`."""
    if len(frame):
        ids = frame.text("transaction_id", required=True)
        bank = frame.text(reference)
        yield fact_table(
            "payout",
            frame,
            account,
            payout_id=ids,
            currency=frame.currency("currency"),
            amount=amount,
            paid_on=frame.day(day),
            basis="balance",
            reference=pc.if_else(pc.is_valid(bank), bank, ids),
        )


def _lower_codes(frame: Frame) -> dict[str, str]:
    texts = pc.unique(frame.raw("code").cast(pa.string())).to_pylist()
    return {t.strip().lower(): kind_of_code(t.strip().upper()) for t in texts}


def rows(frame: Frame, *types: str) -> Frame:
    """The rows whose first column is one of `types`."""
    return frame.where(pc.is_in(frame.raw("row").cast(pa.string()), pa.array(types)))


def sections(frame: Frame, state: dict[str, Any], reading: Reading) -> Frame:
    """The frame with the account of each row's section as a column.

    A section of the report's own merchant id belongs to the account as named; one of another merchant id to
    "name/id". Holds the number of SB rows against the section's own count (SC), and notes whether a footer was seen.
    """
    names, second, fourth = (frame.raw(n).cast(pa.string()).to_pylist() for n in ("row", *_POSITIONS))
    if "owner" not in state:
        state["owner"], state["count"] = _row_before(state, "rh")[3:4], 0
        state["section"] = _section_account(state, _row_before(state, "sh")[3:4])
    accounts = []
    for name, value, owner, line in zip(names, second, fourth, frame.line.to_pylist(), strict=True):
        if name == "SH":
            state["count"] = 0
            state["section"] = _section_account(state, [owner.lower()])
        elif name == "SB":
            state["count"] += 1
        elif name == "SC" and value.strip() != str(state["count"]):
            reading.report(line, "SC", value, f"the section says {value} rows, {state['count']} are there")
        elif name not in ("SF", "RF", "RC", "FF", "FH", "RH", "CH", "SC"):
            reading.report(line, "row type", name, "not a row type of this report")
        state["last"] = name
        accounts.append(state["section"])
    return frame.over(frame.table.append_column("account", pa.array(accounts, pa.string()).dictionary_encode()))


def _section_account(state: dict[str, Any], merchant: list[str]) -> str:
    account: str = state["account"]
    if not merchant or not state["owner"] or merchant == state["owner"]:
        return account
    return f"{account}/{merchant[0].upper()}"


def ended(state: dict[str, Any], reading: Reading) -> Iterator[tuple[str, pa.Table]]:
    """Report a file that stops without a footer."""
    if state.get("last") not in ("SC", "SF", "RF", "RC", "FF"):
        reading.report(state["header_line"], "(file)", "", "no footer (SC, RC or FF): the file is cut off")
    yield from ()


def section_before(state: dict[str, Any]) -> list[str]:
    """The SH row that stands before the first header line, in lower case; empty when there is none."""
    return _row_before(state, "sh")


def _row_before(state: dict[str, Any], kind: str) -> list[str]:
    found: list[str] = []
    for text in state["head"].lines[: state["header_line"]]:
        row = [cell.lower() for cell in split(text, "\t" if "\t" in text else ",")]
        if row and row[0] == kind:
            found = row
    return found
