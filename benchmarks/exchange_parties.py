"""Two parties with a book and a server or a command each, and a process between them that records what passes.

    python benchmarks/exchange_parties.py --transfers 300000 --seeds 0-19
    python benchmarks/exchange_parties.py --transfers 1870000 --seeds 0 --meet rr22 --lost 0.01 --folder big

Transfers are those of `benchmarks/exchange.py`, written to two books; the agreement allows to tell of ten in a
thousand (`--most`). `crossbook exchange serve` answers for one side, `crossbook exchange talk` speaks for the other,
through HTTPS with mutual TLS and through `tests/exchange/relay.py`. What each side came to is then held against one
walk over all transfers: the depth of every transfer, and every case. With `--folder` the books stay, and a run that was
stopped goes on with them.

A line for each seed: `seconds` from the command's begin until it ended, by what was told in a turn (`meeting` has the
library's processes in it) and for the longest turn alone; `processor's seconds` and `MB of memory` of each side's
process and what it started; `MB on the wire` as recorded. With `--lost` a share of what comes in has
no reference, and meets by accounts, amount and time.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from crossbook.book import open_book
from crossbook.demo import authorities
from crossbook.demo.authorities import SIDES, Transfers
from crossbook.exchange import adopting, psi, reading, store
from crossbook.exchange.agreement import Look
from crossbook.exchange.rounds import NO_CASE
from crossbook.exchange.side import reached
from crossbook.watch.chains import Walk

PROGRAM = [Path(sys.executable).with_name("crossbook"), "exchange"]
RELAY = Path(__file__).parents[1] / "tests" / "exchange" / "relay.py"
PARTS = {"border": "meeting", "points": "meeting", "offered": "meeting", "met": "meeting", "depth": "depths"}
PARTS |= {"mark": "marks", "summary": "bands", "end": "bands"}


@dataclass(frozen=True, kw_only=True)
class Used:
    """What a process and those that it started used."""

    processor: float
    memory: int  # bytes, of the one that had most


def ended(process: subprocess.Popen[str]) -> Used:
    """Wait for a process. Raises SystemExit where it failed."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, -15):
        raise SystemExit(f"a process ended with {process.returncode}")
    return Used(processor=used.ru_utime + used.ru_stime, memory=used.ru_maxrss << 10)


def certificate(folder: Path, side: str) -> tuple[Path, Path]:
    """A certificate that signs itself, for this machine, and its key."""
    out, key = folder / f"{side}.crt", folder / f"{side}.tls"
    words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "9"]
    more = ["-subj", f"/CN={side}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(out)]
    subprocess.run(["openssl", *words, *more], check=True, capture_output=True)
    return out, key


def started(words: list[object], **more: Any) -> subprocess.Popen[str]:
    return subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE, text=True, **more)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def hold(folder: Path, sha: str) -> dict[str, Any]:
    """One session between both sides: what it took and what passed."""
    proofs = {side: certificate(folder, side) for side in SIDES}
    wire = folder / "wire"
    wire.unlink(missing_ok=True)

    def words(side: str, other: str) -> list[object]:
        its = folder / side.lower()
        tls = ["--certificate", proofs[side][0], "--tls-key", proofs[side][1], "--peer", proofs[other][0]]
        return ["--key", its / "key.pem", "--book", its / "book", *tls]

    days = ["--since", authorities.SINCE.date(), "--until", authorities.UNTIL.date()]
    with (folder / "log").open("w", encoding="utf-8") as log:
        server = started([*PROGRAM, "serve", *words("US", "CN"), "--port", 0], stderr=log)
    try:
        relay = started([sys.executable, RELAY, first_line(server).rpartition(":")[2], wire], stdin=subprocess.PIPE)
        address = f"https://127.0.0.1:{first_line(relay)}"
        began = time.time()
        caller = started([*PROGRAM, "talk", address, *words("CN", "US"), "--agreement", sha[:12], *days, "--json"])
        said = caller.stdout.read() if caller.stdout else ""
        used = {"CN": ended(caller)}
        seconds = time.time() - began
        relay.communicate()
    finally:
        server.terminate()
        used_by_server = ended(server)
    used["US"], told = used_by_server, json.loads(said)
    parts, longest = turns(folder, began)
    return {
        "cross": told["border"],
        "met": told["met"],
        "messages": told["turns"],
        "MB on the wire": round(wire.stat().st_size / 1e6, 2),
        "seconds": {"in all": round(seconds, 1), **parts, "longest turn": longest},
        "processor's seconds": {side: round(its.processor, 1) for side, its in used.items()},
        "MB of memory": {side: round(its.memory / 1e6) for side, its in used.items()},
    }


def turns(folder: Path, began: float) -> tuple[dict[str, float], float]:
    """Seconds of the turns by what they told, from when each message was written, and those of the longest."""
    when: dict[int, tuple[float, str]] = {}
    for side in SIDES:
        book = open_book(folder / side.lower() / "book")
        session = store.sessions(book)[0]
        for row in reading.ledger(book):
            if row["session"] == session.name and row["number"]:
                part = next((PARTS[told["what"]] for told in reversed(row["told"])), "meeting")
                message = session.folder / f"{row['number']:04}.message"
                when[row["number"]] = (message.stat().st_mtime, part)
    spent: dict[str, float] = {"first turn": when[1][0] - began}
    each = [(when[n][0] - when[n - 1][0], when[n][1]) for n in sorted(when)[1:]]
    for took, part in each:
        spent[part] = spent.get(part, 0.0) + took
    return {part: round(took, 1) for part, took in spent.items()}, round(max(took for took, _ in each), 1)


def compared(folder: Path, rows: Transfers) -> dict[str, Any]:
    """What each side came to, beside what one walk over all transfers finds."""
    look = Look()
    pooled = Walk().follow(rows.moment, rows.payer * 2 + rows.payer_side, rows.payee * 2 + rows.payee_side, rows.amount)
    together, root = reached(pooled, rows.amount, pooled.depth >= look.long, look.crumb)
    case, both = np.full(len(rows), NO_CASE), np.zeros(len(rows), np.bool_)
    alone: dict[str, Any] = {}
    told: dict[str, float] = {}
    same = True
    for number, side in enumerate(SIDES):
        talk = store.sessions(open_book(folder / side.lower() / "book"))[0].talk
        at = np.flatnonzero(rows.of(number))
        assert (talk.border.side.moment == rows.moment[at]).all() and (talk.border.side.amount == rows.amount[at]).all()
        same &= bool((talk.following.traced.depth == pooled.depth[at]).all())
        both[at] |= talk.marking.found
        same_case = (case[at] == NO_CASE) | (talk.marking.case == NO_CASE) | (case[at] == talk.marking.case)
        same &= bool(same_case.all())
        case[at] = np.where(talk.marking.case == NO_CASE, case[at], talk.marking.case)
        told[side] = round(1000 * len(talk.allowance.told) / len(at), 2)
        side_alone = talk.border.side
        side_alone.told[:] = 0
        traced = side_alone.follow()
        found, _ = reached(traced, side_alone.amount, traced.depth >= look.long, look.crumb)
        alone[side] = np.zeros(len(rows), np.bool_)
        alone[side][at] = found
    crosses = np.zeros(len(rows), np.bool_)
    crosses[np.isin(root, root[together & (rows.payer_side != rows.payee_side)]) & together] = True
    pairs = np.unique(np.column_stack([case, root])[crosses], axis=0)
    cases = bool((both == together).all() and ((case != NO_CASE) == crosses).all())
    cases &= len(np.unique(pairs[:, 0])) == len(np.unique(pairs[:, 1])) == len(pairs)
    planted = rows.planted()
    found = {**alone, "either alone": alone["CN"] | alone["US"], "exchange": both, "pooled": together}
    return {
        "told per mille": told,
        "depths as pooled": same,
        "cases": len(pairs),
        "cases as pooled": cases,
        "recall": {
            name: round(sum(mine[chain].sum() * 2 > len(chain) for chain in planted) / len(planted), 3)
            for name, mine in found.items()
        },
    }


def one(folder: Path, seed: int, count: int, meet: str, per_mille: int, lost: float) -> dict[str, Any]:
    """A seed: the books, unless they are there, a session about them, and what came of it."""
    began = time.time()
    chains = count // 2000
    if (folder / "agreement.toml").is_file():
        rows = authorities.transfers(np.random.default_rng(seed), count, chains)
    else:
        if folder.exists():
            shutil.rmtree(folder)  # it was stopped before the books were there
        rows = authorities.make(folder, count, chains, seed, per_mille, (meet,), lost).transfers
    books = time.time() - began
    agreed = adopting.adopted(open_book(folder / "us" / "book"))[0]
    held = hold(folder, agreed.sha)
    return {"seed": seed, "transfers": len(rows), "meet": meet, "seconds to write books": round(books, 1), **held} | (
        compared(folder, rows)
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--transfers", type=int, default=300_000)
    parser.add_argument("--seeds", default="0-19", help="one, or the first and the last")
    parser.add_argument("--meet", choices=list(psi.MEET), default=psi.ECDH)
    parser.add_argument("--folder", type=Path, help="where the books stay; without it they are removed")
    parser.add_argument("--lost", type=float, default=0.0, help="share of what comes in that has no reference")
    parser.add_argument("--most", type=int, default=10, help="of so many in a thousand may be told")
    options = parser.parse_args()
    first, _, last = options.seeds.partition("-")
    for seed in range(int(first), int(last or first) + 1):
        with tempfile.TemporaryDirectory() as made:
            folder = (options.folder or Path(made)) / f"{seed}"
            told = one(folder, seed, options.transfers, options.meet, options.most, options.lost)
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
