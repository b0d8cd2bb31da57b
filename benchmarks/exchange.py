"""Two sides of a border find planted chains: each alone, by the exchange, and with all in one book.

    python benchmarks/exchange.py --transfers 300000 --seeds 3
    python benchmarks/exchange.py --transfers 100000 --seeds 2 --lost 0.3 --fees 10 --late 5
    python benchmarks/exchange.py --transfers 100000 --seeds 1 --lost 0.3 --fees 10 --late 5 --often 0.3
    python benchmarks/exchange.py --transfers 100000 --seeds 1 --lost 0.1 --short 10000 --lone 0
    python benchmarks/exchange.py --curious --transfers 100000
    python benchmarks/exchange.py --small
    python benchmarks/exchange.py --transfers 100000 --seeds 3 --span 24
    python benchmarks/exchange.py --meet 100000
    python benchmarks/exchange.py --meet 100000 --sm2
    python benchmarks/exchange.py --meet 1000000 --online rr22

Transfers are those of `crossbook exchange demo` (seven in a hundred cross), with a chain of eight hops for each two
thousand. A chain is found where more than half of its hops are in a case. Both sides run in this process, without disk
or channel: what is measured is what is told, and the processor's seconds of a side. With `--lost`, `--fees` and
`--late` the payee's side of what crosses has no reference of that share, gets up to so many per mille less, and dates
it up to so many hours later. With `--short` payers number their payments themselves, by so many numbers, and either
side lacks the number of that share. `beyond pooled` are transfers in cases that pooling does not find, `met wrongly`
two that met and are not the same; a false case is one of which pooling finds no transfer. `--meet` meets two sets of so
many references, half of them in both: the seconds of one side; with `--online` both sides, each SPU in a process of its
own, through the tunnel but without HTTPS.
"""

from __future__ import annotations

import argparse
import json
import resource
import threading
import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from crossbook.demo import authorities
from crossbook.demo.authorities import Transfers
from crossbook.exchange import meeting, psi
from crossbook.exchange.agreement import MATCHES, Agreement, Look, Most, Party
from crossbook.exchange.border import Border, of_rows
from crossbook.exchange.envelope import Content
from crossbook.exchange.rounds import NO_CASE
from crossbook.exchange.side import IN, OUT, WITHIN, reached
from crossbook.exchange.talk import Talk
from crossbook.exchange.tunnel import Tunnel, free_port
from crossbook.watch.chains import Walk

SIDES = ("CN", "US")
PAIRS = 50  # of accounts that pay often, each way
DAYS = authorities.SINCE.date(), authorities.UNTIL.date() + timedelta(days=10)


def table(rows: Transfers) -> dict[str, Any]:
    """The transfers as columns."""
    told = rows.table(np.arange(len(rows)))
    sides = np.array(SIDES)
    return {
        "id": np.arange(len(rows)),
        "transfer_id": np.array(told["transfer id"].to_pylist()),
        "seconds": rows.moment,
        "payer": rows.payer * 2 + rows.payer_side,
        "payee": rows.payee * 2 + rows.payee_side,
        "payer_account": np.array(told["payer account"].to_pylist()),
        "payee_account": np.array(told["payee account"].to_pylist()),
        "unit": rows.amount,
        "payer_side": sides[rows.payer_side],
        "payee_side": sides[rows.payee_side],
    }


def between_few(told: dict[str, Any], share: float, planted: set[str], seed: int) -> None:
    """Give a share of what crosses each way, planted chains apart, to `PAIRS` pairs of accounts that pay often."""
    rng = np.random.default_rng(seed)
    free = ~np.isin(told["transfer_id"], list(planted)) & (rng.random(len(told["id"])) < share)
    for side in SIDES:
        at = np.flatnonzero(free & (told["payer_side"] == side) & (told["payee_side"] != side))
        as_pair = at[:PAIRS][rng.integers(0, min(PAIRS, len(at)), len(at))]
        for name in ("payer", "payee", "payer_account", "payee_account"):
            told[name][at] = told[name][as_pair]


@dataclass(frozen=True, kw_only=True)
class Wrongs:
    """How the payee's side of what crosses differs from the payer's."""

    lost: float = 0.0  # share without a reference
    fees: int = 0  # up to so many per mille less
    late: int = 0  # up to so many hours later
    short: int = 0  # of so many numbers is each reference; either side lacks the lost ones

    def of(self, told: dict[str, Any], comes_in: Any, seed: int) -> dict[str, Any]:
        """The columns of the payee's side, in its own order."""
        rng, count = np.random.default_rng(seed), len(comes_in)
        less = told["unit"] * rng.integers(0, self.fees + 1, count) // 1000
        later = rng.integers(0, self.late * 3600 + 1, count)
        changed = {
            **told,
            "transfer_id": np.where(comes_in & (rng.random(count) < self.lost), "", told["transfer_id"]),
            "unit": np.where(comes_in, told["unit"] - less, told["unit"]),
            "seconds": np.where(comes_in, told["seconds"] + later, told["seconds"]),
        }
        order = np.argsort(changed["seconds"], kind="stable")
        return {name: column[order] for name, column in changed.items()}


def border(told: dict[str, Any], side: str, agreement: Agreement, wrongs: Wrongs, seed: int) -> Border:
    """One side's half, as its book gives it."""
    comes_in = (told["payee_side"] == side) & (told["payer_side"] != side)
    if wrongs.short:
        rng, count = np.random.default_rng(seed), len(comes_in)
        numbers = np.char.add("INV", rng.integers(0, wrongs.short, count).astype(str))
        lacks = np.random.default_rng((seed, SIDES.index(side))).random(count) < wrongs.lost
        told = {**told, "transfer_id": np.where(lacks & ~comes_in, "", numbers)}
    told = wrongs.of(told, comes_in, seed)
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
                "unit_currency": ["USD"] * len(ours),
            }
        ),
        agreement,
    )


def agreement(most: Most, match: tuple[str, ...], lone: int = 12) -> Agreement:
    parties = [Party(name=s, country=s, sign=s[0] * 43 + "=", receive="B" * 43 + "=", contact="") for s in SIDES]
    return Agreement(
        name="",
        purpose="",
        case_type="",
        valid_from=date(2026, 1, 1),
        valid_to=date(2027, 1, 1),
        retention_days=1,
        match=match,
        meet=(psi.ECDH,),
        bucket_hours=24,
        lone=lone,
        parties=(parties[0], parties[1]),
        basis=(),
        look=Look(),
        most=most,
        sha="",
    )


def share(found: set[str], planted: list[list[str]]) -> float:
    return sum(len(found.intersection(chain)) * 2 > len(chain) for chain in planted) / len(planted)


def meet(count: int, group: meeting.Group) -> dict[str, Any]:
    """What one side works to meet `count` references with as many of the other, of which it has half."""
    salt, number = b"a session", group.secret()
    texts = [f"reference\x1fTX{n:09d}" for n in range(count)]
    theirs = meeting.blind(
        [f"reference\x1fTX{n:09d}" for n in range(count // 2, count // 2 * 3)], other := group.secret(), salt, group
    )
    before, used = time.perf_counter(), time.process_time()
    mine = meeting.blind(texts, number, salt, group)
    twice = meeting.again(theirs, number, group)
    seconds, used = time.perf_counter() - before, time.process_time() - used
    found = meeting.met(meeting.again(mine, other, group), twice, group)
    return {
        "references": count,
        "met": len(found),
        "seconds a side": round(seconds, 1),
        "processor's seconds": round(used, 1),
        "MB a side": round((len(mine) + len(twice)) / 1e6, 1),
    }


def meet_online(count: int, way: str) -> dict[str, Any]:
    """Both sides meet `count` references by SPU, half of them in both: seconds and bytes of both together."""
    began = time.perf_counter()
    both = 2 * count
    ends = {}
    for rank, first in ((0, 0), (1, count // 2)):
        own = free_port()
        tunnel = Tunnel(rank, own, psi.most_bytes(way, both))
        items = psi.items([f"reference\x1fTX{n:09d}" for n in range(first, first + count)], b"a session")
        ends[rank] = (tunnel, own, items)
    over = threading.Event()

    def carry(one: Tunnel, other: Tunnel) -> None:
        while not over.is_set():
            other.give(one.take(0.2))

    for one, other in ((0, 1), (1, 0)):
        threading.Thread(target=carry, args=(ends[one][0], ends[other][0]), daemon=True).start()
    before, children = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    workers = [
        psi.Worker(way=way, session="0", rank=rank, own=own, other=tunnel.port, items=items)
        for rank, (tunnel, own, items) in ends.items()
    ]
    met = {len(worker.met()) for worker in workers}
    seconds = time.perf_counter() - before
    over.set()
    for worker in workers:
        worker.stop()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    sent = {rank: tunnel.sent for rank, (tunnel, _, _) in ends.items()}
    return {
        "references": count,
        "way": way,
        "met": met.pop() if len(met) == 1 else "not the same on both sides",
        "seconds to prepare": round(before - began, 1),
        "seconds of both at once": round(seconds, 1),
        "processor's seconds of both": round(used.ru_utime + used.ru_stime - children.ru_utime - children.ru_stime, 1),
        "MB of each side": [round(sent[rank] / 1e6, 1) for rank in (0, 1)],
        "bytes for each item": round(max(sent.values()) / both, 1),
    }


def wrongly(talks: dict[str, Talk]) -> int:
    """Transfers that met another than themselves."""
    called = [{int(n): int(i) for n, i in zip(t.shared, t.border.ids, strict=True) if n >= 0} for t in talks.values()]
    return sum(called[1].get(number) != row for number, row in called[0].items())


def false_cases(talks: dict[str, Talk], ids: Any, pooled: set[str]) -> int:
    """Cases of which pooling finds no transfer."""
    of: dict[int, set[str]] = {}
    for t in talks.values():
        for case, row in zip(t.marking.case.tolist(), t.border.ids.tolist(), strict=True):
            if case != NO_CASE:
                of.setdefault(case, set()).add(str(ids[row]))
    return sum(not members & pooled for members in of.values())


def curious(seed: int, count: int) -> None:
    """What the US side learns of hops that it does not see, from sessions about the same days that begin a day later
    each: where a depth falls from one session to the next, a hop of that chain lies on the day between."""
    rows = authorities.transfers(np.random.default_rng(seed), count, count // 1000)
    planted = [authorities.references(chain).to_pylist() for chain in rows.planted()]
    told = table(rows)
    day = dict(zip(told["transfer_id"].tolist(), (told["seconds"] // 86_400).tolist(), strict=True))
    unseen = set(told["transfer_id"][(told["payer_side"] == "CN") & (told["payee_side"] == "CN")].tolist())
    hidden = [(hop, n) for n, chain in enumerate(planted) for hop in chain if hop in unseen]
    of = {hop: n for n, chain in enumerate(planted) for hop in chain}
    known: set[tuple[int, int]] = set()  # of which chain a hop lies on which day
    before: dict[str, int] = {}
    first = min(day.values())
    for sessions in range(1, 25):
        since = first + sessions - 1
        window = {name: column[told["seconds"] // 86_400 >= since] for name, column in told.items()}
        its = border(window, "CN", agreement(Most(per_mille=1000), ("reference",)), Wrongs(), seed)
        # What CN tells: the depths on which both sides settle, those of pooling.
        pooled = Walk().follow(window["seconds"], window["payer"], window["payee"], window["unit"])
        out = its.ids[its.side.crossing == OUT] - window["id"][0]
        heard = {str(window["transfer_id"][row]): int(pooled.depth[row]) for row in out if pooled.depth[row] >= 2}
        if sessions == 1:  # when the chain began is told
            starts = {str(window["transfer_id"][row]): int(pooled.start[row]) // 86_400 for row in out}
            known |= {(of[reference], starts[reference]) for reference in heard if reference in of}
        for reference, depth in before.items():
            if reference in of and heard.get(reference, 1) < depth and day[reference] >= since:
                known.add((of[reference], since - 1))
        before = heard
        if sessions in (1, 2, 4, 8, 16, 24):
            pinned = sum((n, day[hop]) in known for hop, n in hidden)
            print(json.dumps({"sessions": sessions, "unseen hops": len(hidden), "day known": pinned}), flush=True)


def small(count: int) -> None:
    """Of hops in China between a payment that came from the US side and one that goes back to it (the third and the
    sixth of a planted chain): how often the US side can tell both ends of the hop, as one alone of its own payments to
    China, the deepest that fits, fits the depth and span that it is told."""
    hours = (1, 24, 168)
    lone, hops, cross, seed = dict.fromkeys(hours, 0), 0, 0, 0
    while hops < 100:
        rows = authorities.transfers(np.random.default_rng(seed), count, max(1, count // 1000))
        seed += 1
        payer, payee = rows.payer * 2 + rows.payer_side, rows.payee * 2 + rows.payee_side
        pooled = Walk().follow(rows.moment, payer, payee, rows.amount)
        sent = np.flatnonzero((rows.payer_side == 1) & (rows.payee_side == 0))
        cross += int((rows.payer_side != rows.payee_side).sum())
        for chain in rows.planted():
            for before, after in ((2, 4), (5, 7)):
                if len(chain) <= after or pooled.depth[chain[after]] != after + 1:
                    continue
                told, hops = chain[after], hops + 1
                for span in hours:
                    begun = pooled.start // (span * 3600)
                    fits = sent[(sent < told) & (begun[sent] == begun[told]) & (pooled.depth[sent] < after + 1)]
                    fits = fits[rows.amount[fits] * 2 > rows.amount[told]]
                    fits = fits[rows.moment[told] - rows.moment[fits] <= 2 * Look().hop_hours * 3600]
                    deepest = fits[pooled.depth[fits] == pooled.depth[fits].max(initial=0)]
                    lone[span] += deepest.tolist() == [chain[before]]
    shares = {f"told by {span} h": round(found / hops, 2) for span, found in lone.items()}
    print(json.dumps({"cross": round(cross / seed), "hops": hops, **shares}), flush=True)


def one(seed: int, count: int, most: Most, wrongs: Wrongs, often: float = 0.0, lone: int = 12) -> dict[str, Any]:
    rows = authorities.transfers(np.random.default_rng(seed), count, count // 2000)
    planted = [authorities.references(chain).to_pylist() for chain in rows.planted()]
    told = table(rows)
    if often:
        between_few(told, often, {reference for chain in planted for reference in chain}, seed)
    agreed = agreement(most, MATCHES if wrongs != Wrongs() else ("reference",), lone)
    look = agreed.look
    pooled = Walk().follow(told["seconds"], told["payer"], told["payee"], told["unit"])
    together, _ = reached(pooled, told["unit"], pooled.depth >= look.long, look.crumb)
    talks, alone, used = {}, {}, {}
    for side, other in (SIDES, SIDES[::-1]):
        its = border(told, side, agreed, wrongs, seed)
        traced = its.side.follow()
        found, _ = reached(traced, its.side.amount, traced.depth >= look.long, look.crumb)
        alone[side] = set(told["transfer_id"][its.ids[found]].tolist())
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
        ids = talk.border.ids
        both |= set(told["transfer_id"][ids[talk.marking.found]].tolist())
        same &= bool((talk.following.traced.depth == pooled.depth[ids]).all())
    pooled_ids = set(told["transfer_id"][together].tolist())
    return {
        "seed": seed,
        "transfers": len(rows),
        "cross": len(talks["CN"].border.crossing),
        "met": int((talks["CN"].shared >= 0).sum()),
        "met wrongly": wrongly(talks),
        "told per mille": round(1000 * max(len(t.allowance.told) / len(t.border.ids) for t in talks.values()), 2),
        "messages": len(sizes),
        "kB": round(sum(sizes) / 1000),
        "seconds a side": round(max(used.values()), 1),
        "depths as pooled": same,
        "cases as pooled": both == pooled_ids,
        "beyond pooled": len(both - pooled_ids),
        "short of pooled": len(pooled_ids - both),
        "false cases": false_cases(talks, told["transfer_id"], pooled_ids),
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
    parser.add_argument("--span", type=int, default=1, help="hours of the span in which a chain began, as told")
    parser.add_argument("--lost", type=float, default=0.0)
    parser.add_argument("--fees", type=int, default=0)
    parser.add_argument("--late", type=int, default=0)
    parser.add_argument("--often", type=float, default=0.0, help="share of what crosses between pairs that pay often")
    parser.add_argument("--short", type=int, default=0, help="references are of so many numbers; both sides lose them")
    parser.add_argument("--lone", type=int, default=12, help="letters and digits of a reference that names one alone")
    parser.add_argument("--meet", type=int, default=0)
    parser.add_argument("--sm2", action="store_true", help="--meet on the curve of SM2")
    parser.add_argument("--small", action="store_true", help="what few transfers tell")
    parser.add_argument("--curious", action="store_true", help="what sessions about almost the same days tell")
    parser.add_argument("--online", choices=list(psi.PROTOCOLS))
    options = parser.parse_args()
    wrongs = Wrongs(lost=options.lost, fees=options.fees, late=options.late, short=options.short)
    if options.small:
        for count in (1_000, 3_000, 10_000, 30_000, 100_000, 300_000):
            small(count)
        return
    if options.curious:
        curious(0, options.transfers)
        return
    if options.meet:
        group = meeting.SM2 if options.sm2 else meeting.RISTRETTO255
        print(json.dumps(meet_online(options.meet, options.online) if options.online else meet(options.meet, group)))
        return
    if not options.caps:
        for seed in range(options.seeds):
            most = Most(per_mille=1000, span_hours=options.span)
            found = one(seed, options.transfers, most, wrongs, options.often, options.lone)
            print(json.dumps(found), flush=True)
        return
    for depth in (2, 3, 4):
        for amount in (0, 1_000_000, 3_000_000):
            most = Most(per_mille=1000, least_depth=depth, least_amount=amount)
            found = one(0, options.transfers, most, wrongs)
            shown = {"least depth": depth, "least amount": amount, "told per mille": found["told per mille"]}
            print(json.dumps({**shown, "recall": found["recall"]["exchange"]}), flush=True)


if __name__ == "__main__":
    main()
