"""What of a book's transfers crosses to the other party, as the exchange needs it: columns, and words to meet by."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from weakref import WeakValueDictionary

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.exchange.agreement import Agreement, Party
from crossbook.exchange.meeting import numbered
from crossbook.exchange.side import IN, OUT, WITHIN, Side, Whole
from crossbook.watch.chains import Rule

HOUR = 3600
MEMORY = "3GB"  # of a query here; what is more goes to disk
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
  WHERE day BETWEEN $since AND $until AND NOT returned AND unit > 0
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


@dataclass(frozen=True, kw_only=True)
class Border:
    """A book's side. `ids` are the numbers of its transfers in the book; `crossing` the rows of those that cross."""

    side: Side
    ids: Whole
    days: Whole
    crossing: Whole
    rows: pa.Table
    read: Border | None = field(default=None, repr=False)  # what it is a copy of

    def texts(self, match: str, rows: Whole, bucket_hours: int, payers: dict[int, str]) -> tuple[list[str], Whole]:
        """What these transfers are met by, and the row of each text: whose payer it is (`payers`, by crossing), and the
        reference, or the accounts with or without the amount. There a moment is told by the span of hours in which it
        lies, and of those that come in by the ones before and behind it too, so that clocks may differ by that much."""
        table = self.rows.take(pa.array(rows))
        told = {name: table[name].to_pylist() for name in table.column_names}
        crossing = self.side.crossing[rows].tolist()
        texts: list[str] = []
        of: list[int] = []
        for k, row in enumerate(rows.tolist()):
            begun = f"{match}\x1f{payers[crossing[k]]}"
            if match == "reference":
                if told["transfer_id"][k]:
                    texts.append(f"{begun}\x1f{told['transfer_id'][k].strip().upper()}")
                    of.append(row)
                continue
            span = told["seconds"][k] // (bucket_hours * HOUR)
            accounts = f"{told['payer_account'][k]}\x1f{told['payee_account'][k]}"
            what = f"{told['paid'][k]}\x1f{told['paid_currency'][k]}" if match == "amount" else ""
            for other in (span - 1, span, span + 1) if crossing[k] == IN else (span,):
                texts.append(f"{begun}\x1f{accounts}\x1f{what}\x1f{other}")
                of.append(row)
        return numbered(texts), np.array(of, np.int64)


def border_of(database: Database, agreement: Agreement, mine: Party, other: Party, since: date, until: date) -> Border:
    """The transfers of these days on this party's side; queries of `database` are held to `MEMORY` from then on.
    Raises CrossbookError where there is none."""
    database.ask("transfers")
    database.bound(MEMORY)
    rows = database.arrow(
        COLUMNS,
        institutions=list(mine.institutions),
        country=mine.country,
        others=list(other.institutions),
        other=other.country,
        since=since,
        until=until,
    )
    if not rows.num_rows:
        raise CrossbookError(
            f"no transfers of {mine.name} from {since} to {until}",
            todo="add them, with the country or the institution of both sides: crossbook add FILES",
        )
    for at, name in enumerate(rows.column_names):
        if name in ("paid_currency", "unit_currency", "evidence", "file"):  # the same in most rows
            rows = rows.set_column(at, name, rows[name].dictionary_encode())
    return of_rows(rows, agreement)


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
    return Border(side=side, ids=columns["id"], days=columns["dn"], crossing=crossing, rows=rows)


def _whole(column: pa.ChunkedArray) -> Whole:
    return np.ascontiguousarray(column.to_numpy(), np.int64)
