"""How soon a decision is seen: seconds until the server's figures are those of the book again.

python benchmarks/effect.py [--book DIR]

The book is copied, and its figures are made once. Then one decision after another goes into its journal, and the
snapshot that pages read is made anew, in the same process, as the server does it.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crossbook.settle import Desk, Payout
from crossbook.web.live import Live

COMMAND = Path(sys.executable).with_name("crossbook")
LIMIT = 2.0
Decision = tuple[str, str, str, dict[str, Any]]  # what it is called; action, subject and body of its entry


def decisions(desk: Desk) -> Iterator[Decision]:
    """Each kind of decision and taking it back; explanations of every payout that several fit."""
    for p in desk.payouts:
        if p.status == "ambiguous" and p.restoration and len(p.restoration.rivals) > 1:
            yield f"accept {p.id}", "accept", p.id, _first_rival(p)
            yield f"unaccept {p.id}", "unaccept", p.id, {}
    pair = next(m for m in desk.side.matches if len(m.payouts) == len(m.credits) == 1)
    between = {"payouts": list(pair.payouts), "credits": list(pair.credits), "why": "", "difference": 0}
    yield "unmatch", "unmatch", pair.payouts[0], between
    yield "match", "match", pair.payouts[0], between
    row = desk.database.reader().rows("SELECT subject, rule FROM verify_finding ORDER BY subject, rule LIMIT 1")[0]
    yield "set aside", "set aside", row["subject"], {"rule": row["rule"], "why": "seen"}
    yield "take up again", "take up again", row["subject"], {"rule": row["rule"]}


def _first_rival(p: Payout) -> dict[str, Any]:
    assert p.restoration
    rival = p.restoration.rivals[0]
    told = {"missing": list(rival.missing), "added": list(rival.added), "probability": rival.probability}
    return {**told, "rivals": len(p.restoration.rivals), "why": "asked"}


def measure(book: Path) -> bool:
    """Print a row a decision; whether all were seen within the limit."""
    live = Live(book)
    snapshot, _ = live.snapshot(patience=600)
    assert snapshot
    answers = book / "cache" / "answers.sqlite"
    before = answers.read_bytes() if answers.exists() else b""
    good = True
    print(f"{'decision':24}{'seconds':>9}{'of work':>9}")
    for name, action, subject, body in decisions(snapshot.desk):
        if before:  # no decision is to profit from one before
            answers.write_bytes(before)
        live.book.decide(action, subject, body, "bench")
        started, worked = time.perf_counter(), time.process_time()
        _, fresh = live.snapshot(patience=600)
        took = time.perf_counter() - started
        print(f"{name:24}{took:9.2f}{time.process_time() - worked:9.2f}", flush=True)
        good &= fresh and took < LIMIT
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--book", type=Path, help="A book made before, instead of the demo's; it is copied.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = given.book
        if source is None:
            subprocess.run([COMMAND, "demo", Path(folder) / "demo"], check=True, stdout=subprocess.DEVNULL)
            source = Path(folder) / "demo" / "book"
        shutil.copytree(source, Path(folder) / "book")
        return 0 if measure(Path(folder) / "book") else 1


if __name__ == "__main__":
    sys.exit(main())
