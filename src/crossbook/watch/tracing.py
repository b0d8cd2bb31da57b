"""Chains and rings of the transfers of a window: followed by compiled code, laid down as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import pyarrow as pa

from crossbook.engine import Database
from crossbook.watch.chains import DAY, Rule, Traced, Walk
from crossbook.watch.gathering import gather
from crossbook.watch.rings import find

HOUR = 3600
MANY = 1_000  # links of which one account has a fifth before it is said that it may be a hub


def can_follow() -> bool:
    """Whether the extra `watch` is installed, which the walk needs."""
    return find_spec("numba") is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """Of how many transfers the money was followed in their own currency alone, or not at all where they have two, as
    no rate makes one unit of their amounts; how many payments back were not looked through for a ring, as too much
    money had come together in them; and the account, no hub by
    name, that passes on so much of what was followed that it may be one, with how many of the links are its."""

    unmeasured: int
    unsearched: int
    may_be_hub: tuple[str, int] | None


def follow(database: Database, figures: Mapping[str, Mapping[str, int]], window: str) -> Followed:
    """Make `chain_depth`, `chain_link`, `chain_member` and `ring_member` for this reader, of the transfers for which
    the SQL `window` holds; `figures` are those of the rules `chain` and `cycle`."""
    accounts, rows = _wanted(database, window)
    left = database.rows(
        f"SELECT count(*) AS n FROM watch_transfer WHERE {window} AND NOT returned AND (unit IS NULL OR unit <= 0)"
    )[0]["n"]
    ids, payer, payee, unit = (rows[name].to_numpy() for name in ("id", "payer", "payee", "amount"))
    hold = figures["chain"]
    walk = Walk(
        rule=Rule(
            hop_window=hold["hop_hours"] * HOUR,
            total_window=hold["total_days"] * DAY,
            keep=hold["share"],
            newest_first=hold["order"] == 1,
        ),
        hubs=frozenset(np.flatnonzero(_true(accounts["hub"])).tolist()),
    )
    traced = walk.follow(rows["seconds"].to_numpy(), payer, payee, unit, _true(rows["own"]))
    database.put("chain_depth", pa.table({"id": ids, "depth": traced.depth, "began": traced.start}))
    database.put(
        "chain_link",
        pa.table({"payment": ids[traced.links[:, 0]], "lot": ids[traced.links[:, 1]], "amount": traced.links[:, 2]}),
    )
    _lay_chains(database, traced, ids, unit, hold)
    party = accounts["party"].to_numpy()
    large = (unit >= figures["cycle"]["least"]) | _true(rows["alone"])
    found = find(traced.links, party[payer], party[payee], large)
    database.put("ring_member", pa.table({"id": ids[found.member], "number": ids[found.first], "partly": found.partly}))
    busiest = may_be_hub(payer[traced.links[:, 0]])
    hub = None if busiest is None else (accounts["account"][busiest[0]].as_py(), busiest[1])
    return Followed(unmeasured=int(left), unsearched=found.unsearched, may_be_hub=hub)


def may_be_hub(payers: np.ndarray) -> tuple[int, int] | None:
    """Of who passed on, link by link, the account that did so in a fifth of a great many, and how many of them."""
    if len(payers) < MANY:
        return None
    counted = np.bincount(payers)
    busiest = int(counted.argmax())
    return (busiest, int(counted[busiest])) if counted[busiest] * 5 >= len(payers) else None


# The transfers to follow, each with its `amount`: in one unit, or, where no rate makes that of it, in its own currency,
# in which money is followed within that `currency` alone, as if the account were another.
_FOLLOWED = """
  SELECT *, unit IS NULL AS alone, coalesce(unit, paid) AS amount,
    CASE WHEN unit IS NULL THEN paid_currency ELSE '' END AS currency
  FROM watch_transfer WHERE {window} AND NOT returned AND (unit > 0 OR (unit IS NULL AND paid > 0
      AND paid = received AND paid_currency = received_currency))
    AND payer_account IS NOT NULL AND payee_account IS NOT NULL
"""


def _wanted(database: Database, window: str) -> tuple[pa.Table, pa.Table]:
    """The accounts (name, party, whether a hub; in order of their numbers from 0 on) and the transfers to follow."""
    wanted = _FOLLOWED.format(window=window)
    database.scratch(
        "chain_account",
        f"""
        SELECT account, currency, row_number() OVER (ORDER BY account, currency) - 1 AS number,
          dense_rank() OVER (ORDER BY min(party)) - 1 AS party, max(hub) AS hub FROM (
            SELECT payer_account AS account, currency, payer_party AS party, payer_hub AS hub FROM ({wanted}) w
            UNION ALL SELECT payee_account, currency, payee_party, payee_hub FROM ({wanted}) v
        ) u GROUP BY account, currency
        """,
    )
    rows = database.arrow(
        f"""
        SELECT w.id, w.seconds, a.number AS payer, b.number AS payee, w.amount, w.payer_party = w.payee_party AS own,
          w.alone
        FROM ({wanted}) w JOIN chain_account a ON a.account = w.payer_account AND a.currency = w.currency
        JOIN chain_account b ON b.account = w.payee_account AND b.currency = w.currency ORDER BY w.id
        """
    )
    return database.arrow("SELECT account, party, hub FROM chain_account ORDER BY number"), rows


def _lay_chains(database: Database, traced: Traced, ids: np.ndarray, unit: np.ndarray, hold: Mapping[str, int]) -> None:
    """Make `chain_member`: the transfers of chains that are as long as the rule asks, and where each chain ends."""
    cases = gather(
        traced.depth,
        unit,
        traced.links,
        least=hold["depth"],
        crumb=hold["crumb_percent"] * 10,
        passed=hold["each_percent"] * 10,
    )
    members = np.flatnonzero(cases.case >= 0)
    of = cases.case[members]
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


def _true(column: pa.ChunkedArray) -> np.ndarray:
    found: np.ndarray = column.fill_null(False).to_numpy(zero_copy_only=False).astype(np.bool_)
    return found
