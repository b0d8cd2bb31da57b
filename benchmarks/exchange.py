"""Two sides of a border find planted chains: each alone, by the exchange, and with all in one book.

    python benchmarks/exchange.py --transfers 300000 --seeds 3

Transfers are those of `crossbook exchange demo` (seven in a hundred cross), with a chain of eight hops for each two
thousand. A chain is found where more than half of its hops are in a case. Both sides run in this process, without disk
or channel: what is measured is what is told, and the processor's seconds of a side.
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from crossbook.demo import authorities
from crossbook.exchange.agreement import Agreement, Look, Most, Party
from crossbook.exchange.border import Border, of_rows
from crossbook.exchange.envelope import Content
from crossbook.exchange.side import IN, OUT, WITHIN, reached
from crossbook.exchange.talk import Talk
from crossbook.watch.chains import Walk

SIDES = ("CN", "US")
DAYS = authorities.SINCE.date(), authorities.UNTIL.date() + timedelta(days=10)


def table(rows: list[list[str]]) -> dict[str, Any]:
    """The transfers as columns."""
    from datetime import datetime

    accounts = {name: n for n, name in enumerate(sorted({a for row in rows for a in (row[2], row[3])}))}
    return {
        "id": np.arange(len(rows)),
        "transfer_id": np.array([row[0] for row in rows]),
        "seconds": np.array([int(datetime.fromisoformat(row[1]).timestamp()) for row in rows]),
        "payer": np.array([accounts[row[2]] for row in rows]),
        "payee": np.array([accounts[row[3]] for row in rows]),
        "payer_account": np.array([row[2] for row in rows]),
        "payee_account": np.array([row[3] for row in rows]),
        "unit": np.array([int(row[4].replace(".", "")) for row in rows]),
        "payer_side": np.array([row[6] for row in rows]),
        "payee_side": np.array([row[7] for row in rows]),
    }


def border(told: dict[str, Any], side: str, agreement: Agreement) -> Border:
    """One side's half, as its book gives it."""
    ours, theirs = told["payer_side"] == side, told["payee_side"] == side
    keep = ours | theirs
    ours, theirs = ours[keep], theirs[keep]
    columns = {name: column[keep] for name, column in told.items() if not name.endswith("_side")}
    nothing = np.zeros(len(ours), np.bool_)
    return of_rows(
        pa.table(
            {
                **columns,
                "dn": columns["seconds"] // 86_400,
                "crossing": np.where(ours & ~theirs, OUT, np.where(theirs & ~ours, IN, WITHIN)),
                "payer_hub": nothing,
                "payee_hub": nothing,
                "payer_ours": ours,
                "payee_ours": theirs,
                "own": nothing,
                "paid": columns["unit"],
                "paid_currency": ["USD"] * len(ours),
            }
        ),
        agreement,
    )


def agreement(most: Most) -> Agreement:
    parties = [Party(name=s, country=s, sign="A" * 43 + "=", receive="B" * 43 + "=", contact="") for s in SIDES]
    return Agreement(
        name="",
        purpose="",
        case_type="",
        valid_from=date(2026, 1, 1),
        valid_to=date(2027, 1, 1),
        retention_days=1,
        match=("reference",),
        bucket_hours=24,
        parties=(parties[0], parties[1]),
        basis=(),
        look=Look(),
        most=most,
        sha="",
    )


def share(found: set[str], planted: list[list[str]]) -> float:
    return sum(len(found.intersection(chain)) * 2 > len(chain) for chain in planted) / len(planted)


def one(seed: int, count: int, most: Most) -> dict[str, Any]:
    rows, planted = authorities.transfers(np.random.default_rng(seed), count, count // 2000)
    told, agreed = table(rows), agreement(most)
    look = agreed.look
    pooled = Walk().follow(told["seconds"], told["payer"], told["payee"], told["unit"])
    together, _ = reached(pooled, told["unit"], pooled.depth >= look.long, look.crumb)
    talks, alone, used = {}, {}, {}
    for side, other in (SIDES, SIDES[::-1]):
        its = border(told, side, agreed)
        traced = its.side.follow()
        found, _ = reached(traced, its.side.amount, traced.depth >= look.long, look.crumb)
        alone[side] = set(its.rows["transfer_id"].filter(pa.array(found)).to_pylist())
        mine, others = (agreed.parties[SIDES.index(s)] for s in (side, other))
        talks[side] = Talk(
            agreement=agreed, mine=mine, other=others, border=its, session="s", since=DAYS[0], until=DAYS[1]
        )
        used[side] = 0.0
    said: Content | None = talks["CN"].open()
    sizes, turn = [], 0
    while said is not None:
        data = said.pack()
        sizes.append(len(data))
        turn += 1
        side = SIDES[turn % 2]
        before = time.process_time()
        said = talks[side].answer(Content.unpack(data))
        used[side] += time.process_time() - before
    both: set[str] = set()
    same = True
    for talk in talks.values():
        both |= set(talk.border.rows["transfer_id"].filter(pa.array(talk.marking.found)).to_pylist())
        ids = talk.border.ids
        same &= bool((talk.following.traced.depth == pooled.depth[ids]).all())
    pooled_ids = set(told["transfer_id"][together].tolist())
    return {
        "seed": seed,
        "transfers": len(rows),
        "cross": len(talks["CN"].border.crossing),
        "told per mille": round(1000 * max(len(t.allowance.told) / len(t.border.ids) for t in talks.values()), 2),
        "messages": len(sizes),
        "kB": round(sum(sizes) / 1000),
        "seconds a side": round(max(used.values()), 1),
        "depths as pooled": same,
        "cases as pooled": both == pooled_ids,
        "recall": {
            **{side: round(share(alone[side], planted), 3) for side in SIDES},
            "exchange": round(share(both, planted), 3),
            "pooled": round(share(pooled_ids, planted), 3),
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--transfers", type=int, default=300_000)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--caps", action="store_true", help="what least depths and amounts cost")
    options = parser.parse_args()
    if not options.caps:
        for seed in range(options.seeds):
            print(json.dumps(one(seed, options.transfers, Most(per_mille=1000, span_hours=1))), flush=True)
        return
    for depth in (2, 3, 4):
        for amount in (0, 1_000_000, 3_000_000):
            most = Most(per_mille=1000, least_depth=depth, least_amount=amount)
            found = one(0, options.transfers, most)
            shown = {"least depth": depth, "least amount": amount, "told per mille": found["told per mille"]}
            print(json.dumps({**shown, "recall": found["recall"]["exchange"]}), flush=True)


if __name__ == "__main__":
    main()
