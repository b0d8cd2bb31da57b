"""The web face on large books: first answers of every page against the bare queries they rest on, memory, start.

python benchmarks/web.py [--orders 1000000] [--payouts 100000] [--book DIR]

The server runs in a process of its own, as a user starts it; one client asks for one page after another. "First answer"
is the time to the whole page, median over fresh subjects (other payouts, orders, lines each time) and several rounds.
The bare query is what the page must ask of the facts, run by DuckDB alone over the same kept database.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from statistics import median

import httpx

from crossbook.book import init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.settle import settle

LIMIT = 0.300
MEMORY = 2 << 30
START = 1.2  # seconds from start to the first page
ROUNDS = 15
COMMAND = Path(sys.executable).with_name("crossbook")


@contextmanager
def server(book: Path) -> Iterator[tuple[httpx.Client, subprocess.Popen[str], float]]:
    """A running server, a client that is logged in, and the seconds from start to the first page."""
    started = time.perf_counter()
    # as on a user's machine, where Python keeps what it compiled
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [COMMAND, "web", "--book", str(book), "--port", "0", "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout
    link = process.stdout.readline().strip()
    client = httpx.Client(base_url=link.split("/login")[0], follow_redirects=True, timeout=120)
    try:
        answer = _when_up(client, link)
        while answer.status_code == 503:
            time.sleep(0.02)
            answer = client.get("/")
        assert answer.status_code == 200, answer.text
        yield client, process, time.perf_counter() - started
    finally:
        client.close()
        process.terminate()
        process.wait()


def _when_up(client: httpx.Client, link: str) -> httpx.Response:
    while True:
        try:
            return client.get(link)
        except httpx.ConnectError:
            time.sleep(0.01)


def _get(client: httpx.Client, address: str) -> None:
    client.get(address).raise_for_status()


def memory(process: subprocess.Popen[str]) -> int:
    """The most memory that the server has held, in bytes."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) * 1024  # type: ignore[union-attr]


def timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def pages(book: Path) -> list[tuple[str, list[str], str, list[dict[str, object]]]]:
    """Every page: its name, addresses of fresh subjects, the bare query it rests on, and what that binds."""
    desk = settle(open_book(book))
    rows = desk.database.rows
    orders = [r["order_id"] for r in rows(f"SELECT order_id FROM orders USING SAMPLE {ROUNDS} ROWS (reservoir, 7)")]
    lines = rows(f"SELECT evidence, line FROM line USING SAMPLE {ROUNDS} ROWS (reservoir, 7)")
    payouts = [p.id for p in desk.payouts][-ROUNDS:]
    credits = list(desk.side.credits)[:ROUNDS]
    by_order = [{"id": o} for o in orders]
    by_payout = [{"id": desk.payout(p).payout_id} for p in payouts]
    one_order = "SELECT * FROM line WHERE order_id = $id"
    one_payout = "SELECT kind, count(*), sum(amount) FROM line WHERE payout_id = $id GROUP BY kind"
    any_payout = "SELECT * FROM payout_used ORDER BY paid_on DESC LIMIT 50"
    placed = "SELECT * FROM orders ORDER BY placed_at DESC LIMIT 50"
    totals = "SELECT account, currency, count(*), sum(total) FROM orders GROUP BY ALL"
    one_line = "SELECT * FROM line WHERE evidence = $sha AND line = $line"
    wanted = "SELECT * FROM line WHERE contains(lower(reference), $id)"
    by_line = [{"sha": r["evidence"], "line": r["line"]} for r in lines]
    return [
        ("overview", ["/"], totals, []),
        ("payouts", ["/payouts", "/payouts?sort=difference", "/payouts?status=attention"], any_payout, []),
        ("payout", [f"/payouts/{p}" for p in payouts], one_payout, by_payout),
        ("orders", ["/orders", "/orders?place=in_transit", "/orders?sort=total"], placed, []),
        ("order", [f"/orders/{o}" for o in orders], one_order, by_order),
        ("verify", ["/verify", "/verify?for=bank"], placed, []),
        ("trades", ["/verify/trades", "/verify/trades?verdict=suspicious", "/verify/trades?q=SB2025"], placed, []),
        ("bank", ["/bank", "/bank?page=2"], "SELECT * FROM bank_used WHERE amount > 0", []),
        ("evidence", ["/evidence"], "SELECT * FROM evidence", []),
        ("file", [f"/evidence/{r['evidence']}" for r in lines], one_line, by_line),
        ("line", [f"/evidence/{r['evidence']}/{r['line']}" for r in lines], one_line, by_line),
        ("why, payout", [f"/why?of={p}" for p in payouts], one_payout, by_payout),
        ("why, order", [f"/why?of={o}" for o in orders], one_order, by_order),
        ("why, credit", [f"/why?of={c}" for c in credits], "SELECT * FROM bank_used WHERE amount > 0", []),
        ("search, order", [f"/search?q={o}" for o in orders], wanted, by_order),
        ("search, amount", ["/search?q=59.99", "/search?q=5716.56"], "SELECT * FROM line WHERE abs(amount) = 5999", []),
        ("journal", ["/journal"], "", []),
        ("add", ["/add"], "", []),
    ]


def measure(book: Path) -> bool:
    """Time every page of a book, print a row each; whether all are within the limits."""
    asked = pages(book)
    bare = settle(open_book(book)).database
    good = True
    with server(book) as (client, process, start):
        print(f"start to first page {start:.2f} s", flush=True)
        print(f"{'page':16}{'median':>9}{'slowest':>9}{'bare query':>12}{'ratio':>8}")
        for name, addresses, sql, bound in asked:
            took = [timed(partial(_get, client, addresses[i % len(addresses)])) for i in range(ROUNDS)]
            line = f"{name:16}{median(took) * 1000:6.0f} ms{max(took) * 1000:6.0f} ms"
            if sql:
                values = bound or [{}]
                alone = [timed(partial(bare.rows, sql, **values[i % len(values)])) for i in range(ROUNDS)]
                line += f"{median(alone) * 1000:9.1f} ms{median(took) / median(alone):8.1f}"
            print(line, flush=True)
            good &= median(took) < LIMIT
        held = memory(process)
        print(f"most memory {held / 2**20:,.0f} MiB, limit {MEMORY >> 20:,}")
    return good and held < MEMORY


MAPPINGS = {
    "payouts": """kind = "payout"
account = "shop"
currency = "USD"
[columns]
account = "account"
payout_id = "payout id"
paid_on = "paid on"
amount = "amount"
reference = "reference"
""",
    "bank": """kind = "bank"
account = "bank"
currency = "USD"
[columns]
booked_on = "booked on"
amount = "credit amount"
description = "text"
""",
}


def many_payouts(folder: Path, number: int, seed: int = 5) -> Path:
    """A book of so many payouts on forty accounts over five years; all but three in a hundred have a bank credit."""
    book = init_book(folder / "book", "Many Ltd", "USD")
    (book.path / "mappings").mkdir()
    for name, text in MAPPINGS.items():
        (book.path / "mappings" / f"{name}.toml").write_text(text)
    rng = random.Random(seed)
    payouts, credits = ["account,payout id,paid on,amount,reference"], []
    for i in range(number):
        day = date(2021, 1, 1) + timedelta(days=rng.randrange(1800))
        amount = f"{rng.randrange(100_00, 9_000_00) / 100:.2f}"
        payouts.append(f"shop{i % 40},PO{i:07d},{day},{amount},REF{i:07d}")
        if rng.random() < 0.97:
            text = f"TRANSFER REF{i:07d}" if rng.random() < 0.7 else "TRANSFER"
            credits.append(f"{day + timedelta(days=rng.randrange(1, 4))},{amount},{text}")
    (folder / "payouts.csv").write_text("\n".join(payouts))
    (folder / "bank.csv").write_text("\n".join(["booked on,credit amount,text", *sorted(credits)]))
    for item in inputs([folder / "payouts.csv", folder / "bank.csv"]):
        add(open_book(book.path), item)
    return book.path


def listed(book: Path) -> bool:
    """The table of very many payouts: filtered, sorted, searched, and its last page."""
    good = True
    with server(book) as (client, process, start):
        print(f"many payouts: start to first page {start:.1f} s")
        for address in (
            "/payouts",
            "/payouts?sort=amount",
            "/payouts?arrival=overdue&account=shop7",
            "/payouts?q=PO00567",
            "/payouts?page=100000",
        ):
            took = [timed(partial(_get, client, address)) for _ in range(ROUNDS)]
            print(f"{address:40}{median(took) * 1000:6.0f} ms", flush=True)
            good &= median(took) < LIMIT
        print(f"most memory {memory(process) / 2**20:,.0f} MiB")
        return good and memory(process) < MEMORY


def started(book: Path) -> bool:
    """Start on a book that was settled before; seconds to the first page."""
    took = []
    for _ in range(6):
        with server(book) as (_client, _process, start):
            took.append(start)
    took = took[1:]  # the first compiled the modules
    print(
        f"start to first page, demo book: median {median(took):.2f} s of {[f'{t:.2f}' for t in took]}, limit {START} s"
    )
    return median(took) < START


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--payouts", type=int, default=100_000)
    parser.add_argument("--book", type=Path, help="A book made before, instead of a new one of so many orders.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder) / "demo"
        subprocess.run([COMMAND, "demo", demo], check=True, stdout=subprocess.DEVNULL)
        good = started(demo / "book")
        book = given.book
        if book is None:
            large = Path(folder) / "large"
            print(f"writing and booking {given.orders:,} orders", flush=True)
            subprocess.run(
                [COMMAND, "demo", large, "--orders", str(given.orders)], check=True, stdout=subprocess.DEVNULL
            )
            book = large / "book"
        good &= measure(book)
        good &= listed(many_payouts(Path(folder), given.payouts))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
