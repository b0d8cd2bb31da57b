"""Amazon date range transaction report (CSV), in the languages of its marketplaces.

A few lines of notes, then a header, then one row per transaction whose columns add up to its total. Transfers are
payouts. A report is cut by dates, not by settlements, so the first and last settlement in it may be incomplete.
What a report since 2025 calls deferred is in no payout yet, whatever settlement it stands beside: it is a release to
come, no line of a settlement.
Words of the languages: `data/sources/amazon_date_range.toml`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.sources import amazon, own_total
from crossbook.sources.frame import Column, Frame
from crossbook.sources.heading import split
from crossbook.sources.report import PART, TableReport, constant, fact_table
from crossbook.sources.source import Reading
from crossbook.sources.words import words

_WORDS = words("amazon_date_range")
_CURRENCY_OF_SITE = {
    "amazon.com": "USD",
    "amazon.ca": "CAD",
    "amazon.com.mx": "MXN",
    "amazon.com.br": "BRL",
    "amazon.co.uk": "GBP",
    "amazon.de": "EUR",
    "amazon.fr": "EUR",
    "amazon.it": "EUR",
    "amazon.es": "EUR",
    "amazon.nl": "EUR",
    "amazon.ie": "EUR",
    "amazon.com.be": "EUR",
    "amazon.se": "SEK",
    "amazon.pl": "PLN",
    "amazon.com.tr": "TRY",
    "amazon.co.jp": "JPY",
    "amazon.com.au": "AUD",
    "amazon.sg": "SGD",
    "amazon.ae": "AED",
    "amazon.sa": "SAR",
    "amazon.in": "INR",
}


_AMOUNTS = ("gross", "selling_fees", "fba_fees", "other_fees")


def _currency(frame: Frame, state: dict[str, Any]) -> str:
    """The report's currency: from its notes ("All amounts in USD, …"), else from its marketplace."""
    notes = " ".join(state["head"].lines[: state["header_line"] - 1])
    for word in re.findall(r"[A-Z]{3}|Euro?\b", notes):
        code = "EUR" if word.startswith("Eu") else word
        if code in money.EXPONENT:
            return code
    if "円" in notes:
        return "JPY"
    sites = [str(s).strip().lower() for s in pc.unique(frame.raw("marketplace").cast(pa.string())).to_pylist()]
    found = next((_CURRENCY_OF_SITE[s] for s in sites if s in _CURRENCY_OF_SITE), None)
    if found is None:
        raise CrossbookError(
            "neither the notes above the header nor the marketplace column tell the currency",
            where=frame.reading.name,
            todo="export the report again with its notes",
        )
    return found


def _build(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    if "currency" not in state:
        state["currency"] = _currency(frame, state)
        _refuse_unknown_end(frame, state)
    _hold(frame, state)
    frame = frame.over(frame.table.append_column("kind", _kinds(frame, state)))
    states = frame.convert("state", _state, pa.string(), "state")
    deferred = pc.fill_null(pc.equal(states, "deferred"), False)
    yield from _settled(frame.where(pc.invert(deferred)), state)
    told = pc.and_(pc.is_valid(states), pc.not_equal(frame.raw("kind").cast(pa.string()), "withdrawal"))
    if pc.any(told).as_py():
        yield _releases(frame.where(told), states.filter(told), state)


def _refuse_unknown_end(frame: Frame, state: dict[str, Any]) -> None:
    """Refuse a report that has columns behind its total, where the state of a line stands, and none that is known.

    Read without it, deferred lines would pass for paid ones.
    """
    reading, line = frame.reading, state["head"].lines[state["header_line"] - 1]
    cells = next(c for d in ",\t;" if reading.headers["total"] in (c := split(line, d)))
    behind = [text for text in cells[cells.index(reading.headers["total"]) + 1 :] if text in reading.unused]
    if behind and "state" not in frame.names:
        raise CrossbookError(
            f"columns behind the total that are not known: {', '.join(behind)}; "
            "one of them may say which lines are deferred",
            where=f"{reading.name}:{state['header_line']}",
            todo="export the report in English, or describe its columns once: crossbook map FILE --kind settlement",
        )


def _hold(frame: Frame, state: dict[str, Any]) -> None:
    """Hold each row's total against the columns from the sales of products on, which make it in every marketplace."""
    currency = constant(state["currency"], len(frame))
    more = sorted((name for name in frame.names if name.startswith(PART)), key=lambda name: int(name[len(PART) :]))
    names = [*(name for name in _AMOUNTS if name in frame.names), *more]
    told = " … ".join(frame.reading.headers[name] for name in (names[0], names[-1]))
    made = own_total.parts(frame, currency, names)
    state["unheld"] = state.get("unheld", 0) + made.null_count
    own_total.hold(frame, "total", frame.money("total", currency, lenient=True), currency, (told, made))


def _settled(frame: Frame, state: dict[str, Any]) -> Iterator[tuple[str, pa.Table]]:
    if not len(frame):
        return
    currency = constant(state["currency"], len(frame))
    total = frame.money("total", currency, required=True)
    kind = frame.raw("kind")
    fee: Column = pa.array([0] * len(frame), pa.int64())
    for name in ("selling_fees", "fba_fees", "other_fees"):
        fee = pc.add(fee, pc.fill_null(frame.money(name, currency), 0))
    settlement = frame.text("settlement")
    order_id, other_id = amazon.numbers(frame, "order_id", frame.raw("type"))
    yield fact_table(
        "settlement",
        frame,
        state["account"],
        payout_id=settlement,
        posted_at=frame.instant("at", required=True),
        day=frame.day("at"),
        kind=kind,
        type=frame.text("type"),
        order_id=order_id,
        item=frame.text("sku"),
        related=other_id,
        amount=total,
        gross=frame.money("gross", currency),
        fee=fee,
        currency=currency,
        quantity=frame.units("quantity"),
    )
    out = pc.and_(pc.equal(kind.cast(pa.string()), "withdrawal"), pc.is_valid(settlement))
    paid = frame.where(out)
    if len(paid):
        yield fact_table(
            "payout",
            paid,
            state["account"],
            payout_id=paid.text("settlement"),
            currency=constant(state["currency"], len(paid)),
            amount=pc.negate(total.filter(out)),
            paid_on=paid.day("at"),
            basis="lines",
            reference=paid.text("settlement"),
        )


def _releases(frame: Frame, states: Column, state: dict[str, Any]) -> tuple[str, pa.Table]:
    currency = constant(state["currency"], len(frame))
    amount = frame.money("total", currency, required=True)
    held = amount.filter(pc.equal(states, "deferred"))
    state["deferred"] = state.get("deferred", 0) + len(held)
    state["deferred_sum"] = state.get("deferred_sum", 0) + (pc.sum(held).as_py() or 0)
    return fact_table(
        "release",
        frame,
        state["account"],
        order_id=amazon.numbers(frame, "order_id", frame.raw("type"))[0],
        item=frame.text("sku"),
        type=frame.text("type"),
        kind=frame.raw("kind"),
        posted_at=frame.instant("at", required=True),
        day=frame.day("at"),
        amount=amount,
        currency=currency,
        state=states,
        release_on=frame.day("release_on"),
    )


def _kinds(frame: Frame, state: dict[str, Any]) -> Column:
    """What each line is; texts that no list has are `other`, and counted for `_say`."""
    texts = frame.raw("type").dictionary_encode() if len(frame) else frame.raw("type")
    distinct = [str(text).strip() for text in texts.dictionary.to_pylist()]
    found = [_WORDS.meaning("types", text) for text in distinct]
    unknown: Counter[str] = state.setdefault("unknown", Counter())
    for place, times in zip(*_counts(texts.indices), strict=True):
        if found[place] is None and distinct[place]:
            unknown[distinct[place]] += times
    return pa.DictionaryArray.from_arrays(texts.indices, pa.array([f or "other" for f in found], pa.string()))


def _counts(indices: Column) -> tuple[list[int], list[int]]:
    counted = pc.value_counts(indices)
    return counted.field("values").to_pylist(), counted.field("counts").to_pylist()


def _state(text: str) -> str:
    if (found := _WORDS.meaning("states", text)) is None:
        raise ValueError("neither released nor deferred: whether it is paid out hangs on this word")
    return found


def _say(state: dict[str, Any], reading: Reading) -> Iterator[tuple[str, pa.Table]]:
    """Note what a reader would not expect: what is deferred, and types of lines that no list has."""
    if count := state.get("deferred"):
        total = money.show(state["deferred_sum"], state["currency"])
        reading.notes.append(f"{count} deferred, {total}: in no payout yet, they await release")
    if count := state.get("unheld"):
        reading.notes.append(f"rows not held against their total, as a column before it has no amount there: {count}")
    reading.notes += [
        f"type {text!r}, {times} times, is not known: read as other"
        for text, times in sorted(state.get("unknown", {}).items())
    ]
    yield from ()


SOURCE = TableReport(
    name="amazon_date_range",
    title="Amazon date range transaction report",
    columns=_WORDS.columns,
    required=("at", "settlement", "type", "order_id", "gross", "selling_fees", "total"),
    build=_build,
    finish=_say,
    delimiters=",\t;",
    wide=frozenset({"order_id", "at"}),
    amounts=("total", "gross", "selling_fees", "fba_fees"),
    dates=("at", "release_on"),
    between=("gross", "total"),
    account="amazon",
    authority=60,
    example='"Includes Amazon Marketplace, Fulfillment by Amazon (FBA), and Amazon Webstore transactions"\n'
    '"All amounts in USD, unless specified"\n'
    '"date/time","settlement id","type","order id","sku",…,"total","Transaction Status","Transaction Release Date"\n'
    '"Mar 4, 2026 1:05:07 AM PST","18906543210","Order","114-1234567-8901234","TENT-2P",…,"62.14","Released",…',
)
