"""What of a book's transfers crosses to the other party, as the exchange needs it: columns, and words to meet by."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from weakref import WeakValueDictionary

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.exchange.agreement import Agreement, Party
from crossbook.exchange.side import IN, OUT, WITHIN, Side, Whole
from crossbook.watch.chains import Rule

HOUR = 3600
_LEFT = b"left out"  # of a file of transfers: how many are not in it, and why
MEMORY = "3GB"  # of a query here; what is more goes to disk
# What stands in the place of a reference where there is none: ISO 20022's and SWIFT's words for it, and usual ones.
_NO_REFERENCE = frozenset({"NOTPROVIDED", "NONREF", "NONE", "NULL", "NA"})
# Which side of the border an account is on: its institution where the agreement names some, else its country.
_OURS = "({end}_institution IN (SELECT unnest($institutions)) OR (len($institutions) = 0 AND {end}_country = $country))"
_THEIRS = "({end}_institution IN (SELECT unnest($others)) OR (len($others) = 0 AND {end}_country = $other))"
COLUMNS = f"""
WITH wanted AS (
  SELECT *, coalesce({_OURS.format(end="payer")}, false) AS payer_ours,
    coalesce({_OURS.format(end="payee")}, false) AS payee_ours,
    coalesce({_THEIRS.format(end="payer")}, false) AS payer_theirs,
    coalesce({_THEIRS.format(end="payee")}, false) AS payee_theirs
  FROM watch_transfer
  WHERE seconds >= $begin AND seconds < $end AND NOT returned AND unit > 0
    AND payer_account IS NOT NULL AND payee_account IS NOT NULL
), ours AS (SELECT * FROM wanted WHERE payer_ours OR payee_ours),
named AS (
  SELECT account, row_number() OVER (ORDER BY account) - 1 AS number, max(hub) AS hub, max(ours) AS ours FROM (
    SELECT payer_account AS account, payer_hub AS hub, payer_ours AS ours FROM ours
    UNION ALL SELECT payee_account, payee_hub, payee_ours FROM ours
  ) u GROUP BY account
)
SELECT w.id, w.seconds, w.unit, a.number AS payer, b.number AS payee, a.hub AS payer_hub, b.hub AS payee_hub,
  a.ours AS payer_ours, b.ours AS payee_ours, w.payer_party = w.payee_party AS own, w.dn,
  CASE WHEN a.ours AND w.payee_theirs AND NOT b.ours THEN {OUT} WHEN b.ours AND w.payer_theirs AND NOT a.ours THEN {IN}
    ELSE {WITHIN} END AS crossing,
  w.transfer_id, w.day, w.payer_account, w.payee_account, w.paid, w.paid_currency, w.unit_currency, w.evidence, w.line,
  e.name AS file
FROM ours w JOIN evidence e ON e.sha = w.evidence
JOIN named a ON a.account = w.payer_account
JOIN named b ON b.account = w.payee_account ORDER BY w.id
"""


# How many transfers of the window are left out, and why; and how many have an end of which no side is known.
_NO_SIDE = f"""(NOT coalesce({_OURS} OR {_THEIRS}, false) AND {{end}}_institution IS NULL
  AND (len($institutions) + len($others) > 0 OR {{end}}_country IS NULL))"""
_LEFT_OUT = f"""
WITH told AS (
  SELECT *, payer_account IS NOT NULL AND payee_account IS NOT NULL AND NOT returned AS whole,
    coalesce({_OURS.format(end="payer")}, false) OR coalesce({_OURS.format(end="payee")}, false) AS ours,
    {_NO_SIDE.format(end="payer")} OR {_NO_SIDE.format(end="payee")} AS no_side
  FROM watch_transfer WHERE seconds >= $begin AND seconds < $end
)
SELECT count(*) FILTER (ours AND returned) AS returned,
  count(*) FILTER (ours AND NOT returned AND NOT whole) AS account,
  count(*) FILTER (ours AND whole AND coalesce(unit, 0) <= 0) AS rate, count(*) FILTER (whole AND no_side) AS side
FROM told
"""
LEFT_OUT = {
    "returned": "{n} returns, or returned",
    "account": "{n} without an account of both parties (such as cash)",
    "rate": "{n} in a currency without a rate to that of most transfers",
    "side": "{n} of which the country and the institution of a party are not known, so that they cannot meet",
}
"""Why transfers of the window are no part of a session, in words."""


@dataclass(frozen=True, kw_only=True)
class Border:
    """A book's side. `ids` are the numbers of its transfers in the book; `crossing` the rows of those that cross."""

    side: Side
    ids: Whole
    days: Whole
    crossing: Whole
    rows: pa.Table
    left_out: dict[str, int]  # how many, by a word of `LEFT_OUT`; only those that there are
    read: Border | None = field(default=None, repr=False)  # what it is a copy of

    @property
    def currency(self) -> str:
        """In which amounts are: the one that most of this side's transfers are in."""
        return str(self.rows["unit_currency"][0].as_py())

    def texts(self, match: str, rows: Whole, agreed: Agreement, payers: dict[int, str]) -> tuple[list[str], Whole]:
        """What these transfers are met by, and the row of each text: whose payer it is (`payers`, by crossing), and the
        reference, or the accounts with or without the amount. There a moment is told by the span of hours in which it
        lies, and of those that come in by the ones before and behind it too, so that clocks may differ by that much.
        A reference that is shorter than the agreement's `lone` may be another payment's too, whose own this side or the
        other lacks: the accounts stand with it.

        Transfers that are told alike are each the k-th of n, so that they meet where both sides have as many, and in
        order: where one lacks, which of the others it is cannot be told, and none of them meets. Without a reference
        that is counted over those that follow one another within three spans."""
        table = self.rows.take(pa.array(rows))
        told = {name: table[name].to_pylist() for name in table.column_names}
        crossing = self.side.crossing[rows].tolist()
        by_reference = match == "reference"

        def accounts(k: int) -> str:
            return f"{plain_account(told['payer_account'][k])}\x1f{plain_account(told['payee_account'][k])}"

        def amount(k: int) -> str:
            return f"{told['paid'][k]}\x1f{told['paid_currency'][k]}"

        alike: dict[str, list[int]] = {}  # the places of those that are told alike, in the order of time
        if by_reference:
            references = [plain_reference(text) for text in told["transfer_id"]]
            times = Counter(zip(crossing, references, strict=True))
            for k, reference in enumerate(references):
                if reference:
                    once = times[crossing[k], reference] == 1
                    what = "" if once and len(reference) >= agreed.lone else f"\x1f{accounts(k)}"
                    what += "" if once else f"\x1f{amount(k)}"
                    alike.setdefault(f"{payers[crossing[k]]}\x1f{reference}{what}", []).append(k)
        else:
            for k in range(len(rows)):
                what = amount(k) if match == "amount" else ""
                alike.setdefault(f"{payers[crossing[k]]}\x1f{accounts(k)}\x1f{what}", []).append(k)
        spans = [seconds // (agreed.bucket_hours * HOUR) for seconds in told["seconds"]]
        texts: list[str] = []
        of: list[int] = []
        for words, places in alike.items():
            for run in [places] if by_reference else _runs(places, spans):
                for nth, k in enumerate(run):
                    begun = f"{match}\x1f{words}\x1f{nth}\x1f{len(run)}"
                    near = (-1, 0, 1) if crossing[k] == IN and not by_reference else (0,)
                    for other in near:
                        texts.append(begun if by_reference else f"{begun}\x1f{spans[k] + other}")
                        of.append(int(rows[k]))
        return texts, np.array(of, np.int64)


def plain_reference(text: str | None) -> str:
    """The letters and digits of a reference, in one case and width; empty where it is none, or says that there is none.

    >>> plain_reference(" inv-00\uff11 "), plain_reference("NOTPROVIDED"), plain_reference("000")
    ('INV001', '', '')
    """
    letters = _plain(text or "")
    return "" if letters in _NO_REFERENCE or not letters.strip("0") else letters


def plain_account(text: str) -> str:
    """The letters and digits of an account, in one case and width; an account known by a name alone stays that."""
    return text if text.startswith("name:") else _plain(text) or text


def _plain(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text.upper()
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())


def _runs(places: list[int], spans: list[int]) -> Iterator[list[int]]:
    """Places that follow one another within three spans of time, together: between two runs no clock errs that far."""
    run: list[int] = []
    for k in places:
        if run and spans[k] - spans[run[-1]] > 3:
            yield run
            run = []
        run.append(k)
    if run:
        yield run


def border_of(database: Database, agreement: Agreement, mine: Party, other: Party, since: date, until: date) -> Border:
    """The transfers of these days, from midnight to midnight in UTC on either side, whatever zone its book counts days
    in; queries of `database` are held to `MEMORY` from then on.
    Raises CrossbookError where there is none."""
    database.ask("transfers")
    database.bound(MEMORY)
    begin, end = ((day - date(1970, 1, 1)).days * 24 * HOUR for day in (since, until + timedelta(days=1)))
    ours = {"institutions": list(mine.institutions), "country": mine.country, "begin": begin, "end": end}
    ours |= {"others": list(other.institutions), "other": other.country}
    rows = database.arrow(COLUMNS, **ours)
    if not rows.num_rows:
        raise CrossbookError(
            f"no transfers of {mine.name} from {since} to {until}",
            todo="add them, with the country or the institution of both sides: crossbook add FILES",
        )
    left_out = {why: n for why, n in database.rows(_LEFT_OUT, **ours)[0].items() if n}
    for at, name in enumerate(rows.column_names):
        if name in ("paid_currency", "unit_currency", "evidence", "file"):  # the same in most rows
            rows = rows.set_column(at, name, rows[name].dictionary_encode())
    return of_rows(rows.replace_schema_metadata({_LEFT: json.dumps(left_out)}), agreement)


_read: WeakValueDictionary[tuple[Path, int, str], Border] = WeakValueDictionary()


def kept(path: Path, agreement: Agreement) -> Border:
    """The border of transfers as they were written to a file, told nothing yet. A million are not read anew for each
    message while somebody holds a session about them."""
    key = path, path.stat().st_mtime_ns, agreement.sha
    found = _read.get(key)
    if found is None:
        found = _read[key] = of_rows(pq.read_table(path), agreement)
    return replace(found, side=replace(found.side), read=found)


def of_rows(rows: pa.Table, agreement: Agreement) -> Border:
    """The border of transfers as `border_of` found them."""
    columns = {name: _whole(rows[name]) for name in ("id", "seconds", "unit", "payer", "payee", "crossing", "dn")}
    flags = {
        name: rows[name].fill_null(False).to_numpy(zero_copy_only=False).astype(np.bool_)
        for name in ("payer_hub", "payee_hub", "payer_ours", "payee_ours", "own")
    }
    payer, payee = columns["payer"], columns["payee"]
    outside = np.union1d(payer[~flags["payer_ours"]], payee[~flags["payee_ours"]])
    hubs = np.union1d(payer[flags["payer_hub"]], payee[flags["payee_hub"]])
    look = agreement.look
    side = Side(
        moment=columns["seconds"],
        payer=payer,
        payee=payee,
        amount=columns["unit"],
        crossing=columns["crossing"],
        own=flags["own"],
        outside=frozenset(outside.tolist()),
        hubs=frozenset(hubs.tolist()),
        rule=Rule(hop_window=look.hop_hours * HOUR, total_window=look.total_days * 24 * HOUR, keep=look.share),
    )
    crossing = np.flatnonzero(columns["crossing"] != WITHIN)
    left_out = json.loads((rows.schema.metadata or {}).get(_LEFT, b"{}"))
    return Border(side=side, ids=columns["id"], days=columns["dn"], crossing=crossing, rows=rows, left_out=left_out)


def _whole(column: pa.ChunkedArray) -> Whole:
    return np.ascontiguousarray(column.to_numpy(), np.int64)
