"""The sample business: the same seed, the same bytes; its files are in native formats and tell one story."""

from __future__ import annotations

import json
from pathlib import Path

from crossbook.demo import make
from crossbook.money import parse


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    one, two, other = (make(tmp_path / n, orders=400, seed=s) for n, s in (("a", 1), ("b", 1), ("c", 2)))
    files = {p.relative_to(one.inbox): p.read_bytes() for p in sorted(one.inbox.rglob("*")) if p.is_file()}
    assert files == {p.relative_to(two.inbox): p.read_bytes() for p in sorted(two.inbox.rglob("*")) if p.is_file()}
    different = {p.relative_to(other.inbox): p.read_bytes() for p in sorted(other.inbox.rglob("*")) if p.is_file()}
    assert files != different


def test_truth_and_notices_agree(sample: Path) -> None:
    truth = json.loads((sample / "truth" / "seabridge-payouts.json").read_text(encoding="utf-8"))
    rows = (sample / "inbox" / "海桥打款通知.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    told = [(r.split('","')[0].strip('"'), parse(r.split('","')[2], 2)) for r in rows]
    assert told == [(t["payout"], t["amount"]) for t in truth]
    orders = [o for t in truth for o in t["orders"]]
    assert len(orders) == len(set(orders))
