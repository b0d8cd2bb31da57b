"""Money that comes back: rings planted by hand, a slow search of every way, and many whose money comes together."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from crossbook.engine import connect
from crossbook.watch.chains import Walk
from crossbook.watch.rings import find
from crossbook.watch.tracing import may_be_hub
from tests.watch.writing import transfer, watched

HOUR = 3600
MANY = 300


class Planted:
    """Rows of a table of transfers, an hour apart from each other in each plant, and what is to be found of them."""

    def __init__(self) -> None:
        self.rows: list[str] = []

    def hops(self, *hops: tuple[str, str, str], gap: int = 60) -> None:
        for n, (payer, payee, paid) in enumerate(hops):
            minutes = 8 * 60 + n * gap
            day, minute = divmod(minutes, 24 * 60)
            moment = f"2026-03-{3 + day:02d}T{minute // 60:02d}:{minute % 60:02d}:00"
            self.rows.append(transfer(f"T{len(self.rows)}", moment, payer, payee, paid))


def rings() -> list[str]:
    made = Planted()
    for size in range(2, 12):  # R2 is a refund, R11 is too long
        names = [f"R{size}", *(f"r{size}-{n}" for n in range(1, size)), f"R{size}"]
        made.hops(*((a, b, "9000.00") for a, b in pairwise(names)))
    made.hops(  # what splits and merges on its way comes back as one
        ("SPLIT", "s1", "8000.00"),
        ("s1", "s2", "4000.00"),
        ("s1", "s3", "4000.00"),
        ("s2", "s4", "4000.00"),
        ("s3", "s4", "4000.00"),
        ("s4", "SPLIT", "8000.00"),
    )
    made.hops(  # and what comes back by two hands is one ring
        ("TWICE", "t1", "8000.00"),
        ("t1", "t2", "4000.00"),
        ("t1", "t3", "4000.00"),
        ("t2", "TWICE", "4000.00"),
        ("t3", "TWICE", "4000.00"),
    )
    made.hops(("SMALL", "u1", "1000.00"), ("u1", "u2", "1000.00"), ("u2", "SMALL", "999.99"))
    made.hops(("LEAST", "v1", "1000.00"), ("v1", "v2", "1000.00"), ("v2", "LEAST", "1000.00"))
    made.hops(("SLOW", "w1", "9000.00"), ("w1", "w2", "9000.00"), ("w2", "SLOW", "9000.00"), gap=73 * 60)
    made.hops(("THREEDAYS", "x1", "9000.00"), ("x1", "x2", "9000.00"), ("x2", "THREEDAYS", "9000.00"), gap=72 * 60)
    made.hops(("MIXED", "y1", "9000.00"), ("z", "y1", "9000.00"), ("y1", "y2", "18000.00"), ("y2", "MIXED", "9000.00"))
    made.hops(  # the others' money alone goes on: what MIXED-OUT had paid lies where it was
        ("OTHER", "q1", "9000.00"), ("q", "q1", "9000.00"), ("q1", "q2", "9000.00"), ("q2", "OTHER", "9000.00")
    )
    return made.rows


def test_rings_are_found_and_what_only_looks_like_one_is_not(tmp_path: Path) -> None:
    database = connect(watched(tmp_path, rings()))
    database.ask("alerts")
    found = database.rows("SELECT subject, transfers, what, alert FROM alert WHERE rule = 'cycle'")
    assert {r["subject"]: r["transfers"] for r in found} == {
        **{f"R{n}": n for n in range(3, 11)},
        "SPLIT": 6,
        "TWICE": 5,
        "LEAST": 3,
        "THREEDAYS": 3,
        "MIXED": 3,
    }
    assert {r["what"] for r in found} == {"cycle"} and len({r["alert"] for r in found}) == len(found)


def test_many_who_pay_one_and_are_all_paid_back_by_another(tmp_path: Path) -> None:
    """More than are looked at way by way: of each the shortest way round is shown, and that there may be others."""
    made = Planted()
    payers = [f"P{n}" for n in range(MANY)]
    made.hops(*((p, "F", "1000.00") for p in payers), ("F", "G", f"{MANY * 1000}.00"), gap=1)
    made.rows += [transfer(f"B{p}", "2026-03-04T12:00:00", "G", p, "1000.00") for p in payers]
    database = connect(watched(tmp_path, made.rows))
    database.ask("alerts")
    found = database.rows("SELECT subject, transfers, what FROM alert WHERE rule = 'cycle' ORDER BY subject")
    assert found == [{"subject": p, "transfers": 3, "what": "cycle, one way round"} for p in sorted(payers)]
    assert database.rows("SELECT * FROM alert_rule WHERE rule = 'cycle'")[0]["left"] == 0


@pytest.mark.parametrize("seed", range(6))
def test_every_way_round_is_found_that_a_slow_search_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count, parties = 400, 7
    payer = rng.integers(0, parties, count)
    payee = (payer + rng.integers(1, parties, count)) % parties
    amount = rng.integers(1, 9, count) * 100
    links = Walk().follow(np.arange(count) * HOUR, payer, payee, amount).links
    wanted = amount >= 200
    found = find(links, payer, payee, wanted)
    told: dict[int, set[int]] = defaultdict(set)
    for first, member in zip(found.first.tolist(), found.member.tolist(), strict=True):
        told[first].add(member)
    assert told == every_ring(links.tolist(), payer.tolist(), payee.tolist(), wanted.tolist())
    assert told and found.unsearched == 0 and not found.partly.any()


def every_ring(links: list[list[int]], payer: list[int], payee: list[int], wanted: list[bool]) -> dict[int, set[int]]:
    """The transfers of each ring, by its first: every way of at most ten transfers back from each that closes one."""
    took: dict[int, list[int]] = defaultdict(list)
    for payment, lot, _ in links:
        took[payment].append(lot)
    found: dict[int, set[int]] = defaultdict(set)
    for last in range(len(payer)):
        if not wanted[last]:
            continue
        closed: dict[int, set[int]] = defaultdict(set)
        ways = [(last,)]
        while ways:
            way = ways.pop()
            if len(way) > 1 and payer[way[-1]] == payee[last] and payee[way[-1]] != payer[last]:
                closed[way[-1]] |= set(way)
            if len(way) < 10:
                ways += [(*way, lot) for lot in took[way[-1]]]
        if closed:
            found[max(closed)] |= closed[max(closed)]
    return found


def test_what_is_not_looked_through_is_counted() -> None:
    payer, payee = np.array([1, 2, 3, 4, 5, 5]), np.array([4, 4, 4, 5, 1, 2])
    links = Walk().follow(np.arange(6) * HOUR, payer, payee, np.array([10, 10, 10, 30, 15, 15])).links
    whole = find(links, payer, payee, np.full(6, True))
    assert sorted(set(payer[whole.first].tolist())) == [1, 2] and whole.unsearched == 0
    assert find(links, payer, payee, np.full(6, True), effort=2).unsearched == 2


def test_an_account_that_much_passes_through_may_be_a_hub() -> None:
    assert may_be_hub(np.arange(2_000)) is None
    assert may_be_hub(np.concatenate([np.full(250, 7), np.arange(1_000) + 8])) == (7, 250)
    assert may_be_hub(np.concatenate([np.full(240, 7), np.arange(1_000) + 8])) is None
    assert may_be_hub(np.full(900, 7)) is None
