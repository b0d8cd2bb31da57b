"""PayPal activity download and statement (CSV), as the web site gives them, in its languages.

One row a transaction with signed gross, fee and net, a date, a time and a zone column, and often the balance behind
it. An activity download has a type and a status; it also lists what moves no balance: authorizations, memos, payments
that wait. A statement has one description. The whole file is held against itself before anything is read of it: the
order of day and month (`day_order.py`), and which lines move the balance (`running_balance.py`).
Columns: https://developer.paypal.com/docs/reports/reference/changed-download-fields/
Words of the languages: `data/sources/paypal_activity.toml`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.sources import day_order, paypal
from crossbook.sources.frame import Column, Frame
from crossbook.sources.own_total import hold, parts
from crossbook.sources.report import TableReport, fact_table
from crossbook.sources.running_balance import Line, follow
from crossbook.sources.source import Reading
from crossbook.sources.words import words

_WORDS = words("paypal_activity")
_UNKNOWN_SHOWN = 10


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    """Keep the block: what a line means hangs on the whole file."""
    state.setdefault("blocks", []).append(frame)
    yield from ()


def _finish(state: dict[str, Any], reading: Reading) -> Iterator[tuple[str, pa.Table]]:
    blocks: list[Frame] = state.get("blocks", [])
    if not blocks:
        return
    table = pa.concat_tables([b.table for b in blocks]).unify_dictionaries().combine_chunks()
    frame = Frame(table, reading, {}, blocks[0].point)
    chinese = "交易号" in state["head"].lines[state["header_line"] - 1]
    frame = _dated(frame)
    currency = frame.currency("currency")
    amount = frame.money("net", currency, required=True)
    balance = frame.money("balance", currency)
    moment = frame.joined("moment", ("date", "time", "zone")).instant("moment", chinese=chinese, required=True)
    counts = _counting(frame, currency, amount, balance, moment)
    moment = _in_sequence(moment)
    frame, currency, amount, balance, moment = (
        frame.where(counts),
        *(c.filter(counts) for c in (currency, amount, balance, moment)),
    )
    if not len(frame):
        return
    made = parts(frame, currency, ("gross", "fee"))
    hold(frame, "net", amount, currency, (" + ".join(reading.headers[n] for n in ("gross", "fee")), made))
    kind = paypal.told_apart(_kinds(frame, amount, currency), amount)
    bought = pc.and_(pc.equal(kind.cast(pa.string()), "sale"), pc.less(amount, 0))
    kind = pc.if_else(pc.fill_null(bought, False), "other", kind.cast(pa.string())).dictionary_encode()
    yield fact_table(
        "settlement",
        frame,
        state["account"],
        posted_at=moment,
        day=frame.day("date", required=True),
        kind=kind,
        type=frame.text("type"),
        order_id=frame.text("invoice"),
        item=frame.text("item"),
        reference=frame.text("transaction_id", required=True),
        related=frame.text("related"),
        amount=amount,
        gross=frame.money("gross", currency),
        fee=frame.money("fee", currency),
        currency=currency,
        quantity=frame.units("quantity"),
        country=frame.text("country"),
        balance=balance,
    )
    out = pc.fill_null(pc.and_(pc.equal(kind.cast(pa.string()), "withdrawal"), pc.less(amount, 0)), False)
    yield from paypal.payouts(frame.where(out), state["account"], pc.negate(amount.filter(out)), "date")


def _dated(frame: Frame) -> Frame:
    """The frame with the order of day and month that its rows prove. Raises CrossbookError where they prove none."""
    days, hours, zones = (frame.raw(name).to_pylist() for name in ("date", "time", "zone"))

    def follows(moments: Sequence[datetime]) -> bool:
        return _chained(frame, moments)

    try:
        order = day_order.decide(days, hours, zones, comma=frame.point == ",", follows=follows)
    except ValueError as error:
        raise CrossbookError(
            str(error), where=frame.reading.name, todo="export the report again in one date format"
        ) from None
    if order is None:
        raise day_order.undecided(
            days,
            frame.reading.name,
            "export a period that has a day after the 12th, or say it once: "
            "crossbook map FILE --kind settlement --date-order dmy",
        )
    return Frame(frame.table, frame.reading, {}, frame.point, order)


def _chained(frame: Frame, moments: Sequence[datetime]) -> bool:
    """Whether the rows, in the order of `moments`, make their balance in each currency."""
    currency = frame.currency("currency")
    amounts, balances = (frame.money(n, currency).to_pylist() for n in ("net", "balance"))
    last: dict[str, int] = {}
    codes = currency.to_pylist()
    for place in sorted(range(len(moments)), key=lambda n: moments[n]):
        code, amount, balance = codes[place], amounts[place], balances[place]
        if balance is None or amount is None or last.get(code, balance - amount) not in (balance - amount, balance):
            return False
        last[code] = balance
    return True


def _counting(frame: Frame, currency: Column, amount: Column, balance: Column, moment: Column) -> Column:
    """Which lines move the balance: by their words, corrected by the balance itself. Notes what is left out and why."""
    reasons = _reasons(frame)
    reading = frame.reading
    lines = frame.line.to_pylist()
    codes = currency.to_pylist()
    amounts, balances, moments = (c.to_pylist() for c in (amount, balance, moment))
    moves = [reason is None for reason in reasons]
    by_code: dict[str, list[int]] = {}
    for place, code in enumerate(codes):
        if code and amounts[place] is not None and moments[place] is not None:
            by_code.setdefault(code, []).append(place)
    at = {line: place for place, line in enumerate(lines)}
    broken: list[int] = []
    for code, places in sorted(by_code.items()):
        found = follow(
            [
                Line(line=lines[n], moment=moments[n], amount=amounts[n], balance=balances[n], moves=moves[n])
                for n in places
            ]
        )
        for line in found.counted:
            moves[at[line]] = True
            reading.notes.append(f"line {line} counts: the balance moves by it, though it says {reasons[at[line]]!r}")
        for line in found.left_out:
            moves[at[line]] = False
            shown = money.show(balances[at[line]], code)
            reading.notes.append(f"line {line} is left out: the balance stays at {shown}")
        broken += found.broken
    if broken:
        reading.notes.append(
            f"lines whose balance does not follow from the line before: {len(broken)}, the first is line {min(broken)}"
        )
    still = Counter(r for r, moved in zip(reasons, moves, strict=True) if r is not None and not moved)
    reading.notes += [
        f"lines left out, as they do not move the balance: {count} ({text})" for text, count in sorted(still.items())
    ]
    return pa.array(moves, pa.bool_())


def _in_sequence(moments: Column) -> Column:
    """Moments that keep the order of lines of one second in a file that has the newest line first: each line from
    the end is a microsecond later than the one behind it."""
    found = moments.to_pylist()
    told = [m for m in found if m is not None]
    if not told or told[0] <= told[-1]:
        return moments
    later: Counter[datetime] = Counter()
    sequence: list[datetime | None] = []
    for at in reversed(found):
        sequence.append(None if at is None else at + timedelta(microseconds=later[at]))
        if at is not None:
            later[at] += 1
    return pa.array(sequence[::-1], moments.type)


def _reasons(frame: Frame) -> list[str | None]:
    """By row, the word by which a line says that it does not move the balance; None where it says nothing of that."""
    found: list[str | None] = [None] * len(frame)
    for name, group in (("impact", "still"), ("status", "still"), ("type", "authorization")):
        texts = frame.raw(name).cast(pa.string()).to_pylist()
        meant = {text: bool(text and _WORDS.meaning(group, text)) for text in set(texts)}
        impact = frame.raw("impact").cast(pa.string()).to_pylist() if name == "type" else [""] * len(frame)
        for place, text in enumerate(texts):
            # an authorization that says itself that it moves the balance is believed
            if found[place] is None and meant[text] and not impact[place]:
                found[place] = text.strip()
    return found


def _kinds(frame: Frame, amount: Column, currency: Column) -> Column:
    """What each line is; texts that no list has are `other` and named, with the money that they take out."""
    texts = frame.raw("type").cast(pa.string()).to_pylist()
    meant = {text: _WORDS.meaning("types", text) for text in set(texts)}
    unknown = Counter(text.strip() for text in texts if text.strip() and meant[text] is None)
    taken: Counter[tuple[str, str]] = Counter()
    for text, units, code in zip(texts, amount.to_pylist(), currency.to_pylist(), strict=True):
        if meant[text] is None and code and units is not None and units < 0:
            taken[text.strip(), code] += units
    frame.reading.notes += [
        f"type {text!r}, {count} times, is not known: read as other"
        for text, count in unknown.most_common(_UNKNOWN_SHOWN)
    ]
    frame.reading.notes += [
        f"type {text!r} takes {money.show(-units, code)} out and is not known: if it is a withdrawal, "
        "no payout is made of it"
        for (text, code), units in taken.most_common()[: -_UNKNOWN_SHOWN - 1 : -1]
    ]
    return pa.array([meant[text] or "other" for text in texts], pa.string()).dictionary_encode()


_NOT_STATED = ("type", "description", "status", "impact")
_COLUMNS = {name: texts for name, texts in _WORDS.columns.items() if name not in _NOT_STATED}

STATEMENT = TableReport(
    name="paypal_statement",
    title="PayPal statement (CSV)",
    columns={**_COLUMNS, "type": _WORDS.columns["description"]},
    required=("date", "time", "zone", "type", "currency", "gross", "fee", "net", "balance", "transaction_id"),
    build=_build,
    finish=_finish,
    absent=_WORDS.columns["type"],
    delimiters=",\t;",
    wide=frozenset({"transaction_id"}),
    amounts=("gross", "fee", "net", "balance"),
    account=paypal.ACCOUNT,
    authority=65,
    example='"Date","Time","TimeZone","Description","Currency","Gross","Fee","Net","Balance","Transaction ID",…\n'
    '"1/13/2026","10:00:00","America/Los_Angeles","Express Checkout Payment","USD","1,250.00","-43.40","1,206.60",…',
)

SOURCE = TableReport(
    name="paypal_activity",
    title="PayPal activity download (CSV)",
    columns={name: texts for name, texts in _WORDS.columns.items() if name != "description"},
    required=("date", "time", "zone", "type", "currency", "gross", "fee", "net", "transaction_id"),
    build=_build,
    finish=_finish,
    delimiters=",\t;",
    wide=frozenset({"transaction_id"}),
    amounts=("gross", "fee", "net", "balance"),
    account=paypal.ACCOUNT,
    authority=70,
    also=(STATEMENT,),
    example='"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net",…,"Transaction ID",…\n'
    '"03/01/2026","09:12:44","PST","A. Buyer","Express Checkout Payment","Completed","USD","45.99","-2.08","43.91",…\n'
    '"日期","时间","时区","名称","类型","状态","币种","总额","费用","净额",…,"交易号",…',
)
