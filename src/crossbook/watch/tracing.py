"""Chains of the transfers of a window: followed by the compiled walk, laid down as tables for rules and readers."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pyarrow as pa

from crossbook.engine import Database
from crossbook.watch.chains import DAY, Rule, Walk
from crossbook.watch.gathering import gather

HOUR = 3600


def can_follow() -> bool:
    """Whether the extra `watch` is installed, which the walk needs."""
    return find_spec("numba") is not None


def follow(database: Database, figures: dict[str, int], window: str) -> int:
    """Make `chain_depth`, `chain_link` and `chain_member` for this reader, of the transfers for which the SQL `window`
    holds; gives how many could not be followed, as their amount is not known in one unit."""
    rows = database.arrow(
        f"""
        WITH wanted AS (
          SELECT * FROM watch_transfer WHERE {window} AND NOT returned AND unit > 0
            AND payer_account IS NOT NULL AND payee_account IS NOT NULL
        ), named AS (
          SELECT account, row_number() OVER (ORDER BY account) - 1 AS number, max(hub) AS hub FROM (
            SELECT payer_account AS account, payer_hub AS hub FROM wanted
            UNION ALL SELECT payee_account, payee_hub FROM wanted
          ) u GROUP BY account
        )
        SELECT w.id, w.seconds, a.number AS payer, b.number AS payee, a.hub AS payer_hub, b.hub AS payee_hub, w.unit,
          w.payer_party = w.payee_party AS own
        FROM wanted w JOIN named a ON a.account = w.payer_account JOIN named b ON b.account = w.payee_account
        ORDER BY w.id
        """
    )
    left = database.rows(
        f"SELECT count(*) AS n FROM watch_transfer WHERE {window} AND NOT returned AND (unit IS NULL OR unit <= 0)"
    )[0]["n"]
    ids, payer, payee, unit = (rows[name].to_numpy() for name in ("id", "payer", "payee", "unit"))
    hubs = {int(n) for end in ("payer", "payee") for n in np.unique(rows[end].to_numpy()[_true(rows[f"{end}_hub"])])}
    rule = Rule(
        hop_window=figures["hop_hours"] * HOUR,
        total_window=figures["total_days"] * DAY,
        keep=figures["share"],
        newest_first=figures["order"] == 1,
    )
    walk = Walk(rule=rule, hubs=frozenset(hubs))
    traced = walk.follow(rows["seconds"].to_numpy(), payer, payee, unit, _true(rows["own"]))
    cases = gather(
        traced.depth,
        unit,
        traced.links,
        least=figures["depth"],
        crumb=figures["crumb_percent"] * 10,
        passed=figures["each_percent"] * 10,
    )
    members = np.flatnonzero(cases.case >= 0)
    of = cases.case[members]
    database.put(
        "chain_depth",
        pa.table({"id": ids, "depth": traced.depth, "began": traced.start}),
    )
    database.put(
        "chain_link",
        pa.table({"payment": ids[traced.links[:, 0]], "lot": ids[traced.links[:, 1]], "amount": traced.links[:, 2]}),
    )
    last = np.zeros(len(cases.depth), np.int64)
    np.maximum.at(last, of, members)
    ends = database.rows(
        "SELECT id, payee_party FROM watch_transfer SEMI JOIN (SELECT unnest($ids) AS id) u USING (id)",
        ids=[int(i) for i in ids[last]],
    )
    named = {r["id"]: r["payee_party"] for r in ends}
    first = np.full(len(cases.depth), np.iinfo(np.int64).max)
    np.minimum.at(first, of, members)
    database.put(
        "chain_member",
        pa.table(
            {
                "id": ids[members],
                "number": ids[first[of]] if len(of) else np.empty(0, np.int64),
                "subject": pa.array([named.get(int(ids[last[c]]), "") for c in of], pa.string()),
                "deepest": cases.depth[of],
                "passed_on": cases.passed_on[of],
                "transfers": cases.transfers[of],
            }
        ),
    )
    return int(left)


def _true(column: pa.ChunkedArray) -> np.ndarray:
    found: np.ndarray = column.fill_null(False).to_numpy(zero_copy_only=False).astype(np.bool_)
    return found
