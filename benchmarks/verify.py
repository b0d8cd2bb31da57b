"""Faults of every kind planted at random in trades with all their papers: how many are found, and what else is said.

    python benchmarks/verify.py --trades 1000000 --seed 7

The trades are written as the tables that a seller gets, added to a book, and verified; beside that the bare joins of
the same tables in DuckDB, each in a process of its own. Prints for each kind how many of those planted its own rule
found; how many of the clean trades got a verdict of contradicted or suspicious (false alarms), or were not verified;
seconds, their ratio, and peak memory.

    python benchmarks/verify.py --typologies [--trades 50000 --seed 7 --each 12 --json FILE]

plants what published typologies tell (`typologies.py`) and honest oddities (`trade_oddities.py`), names in nine
scripts, neither made from the rules: recall of each kind, false alarms of each oddity and of clean trades, and the same
ratio. With --json, an example of all that was missed or falsely called is written, with its papers.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from crossbook.book import Book, init_book
from crossbook.demo import customs, faults, trades
from crossbook.demo.business import DAY, END, sales, stamp
from crossbook.demo.papers import Papers, papers

OWN = "深圳市远山户外用品有限公司 (Shenzhen Yuanshan Outdoor)"
JOINS = """
CREATE TABLE joined AS
SELECT o.*, i.item, i.quantity, p.payment_id, p.payer, p.amount AS paid, p.paid_at, s.tracking, s.consignee AS to_whom,
       s.weight_g, s.delivered_at, c.declaration, c.amount AS declared, c.weight_g AS declared_weight,
       r.received_at, v.invoice_id, t.handed_at
FROM "order" o FULL JOIN payment p USING (order_id) FULL JOIN shipment s USING (order_id)
FULL JOIN customs c USING (order_id) LEFT JOIN order_item i USING (order_id) LEFT JOIN receipt r USING (order_id)
LEFT JOIN invoice v USING (order_id)
LEFT JOIN (SELECT tracking, max(happened_at) AS handed_at FROM tracking GROUP BY tracking) t ON t.tracking = s.tracking
"""


def made(count: int, seed: int, each: int) -> tuple[Papers, dict[str, list[tuple[str, str]]]]:
    """Trades with faults, and which orders have which."""
    rngs = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(4)]
    sold = sales(rngs[0], count, last_days=40)
    shipped = sold.placed + rngs[1].integers(8 * 3600, 60 * 3600, count)
    delivered = shipped + rngs[1].integers(6 * DAY, 16 * DAY, count)
    numbers = np.arange(count)
    p = papers(
        rngs[2],
        sold,
        [f"SB{20_250_000_000 + i * 37 + 11}" for i in numbers.tolist()],
        [f"YT26{i:09d}CN" for i in numbers.tolist()],
        [f"531620269{i:09d}" for i in numbers.tolist()],
        shipped,
        delivered,
        stamp(END),
    )
    planted = faults.plant(p, rngs[3], list(faults.FAULTS), each, np.ones(count, bool))
    return p, planted


def fill(folder: Path, p: Papers) -> Book:
    """A book with the papers in it."""
    from crossbook.book import open_book
    from crossbook.book.adding import add
    from crossbook.book.opening import inputs

    book = init_book(folder / "book", OWN)
    (book.path / "mappings").mkdir(exist_ok=True)
    for name, text in trades.MAPPINGS.items():
        (book.path / "mappings" / f"{name}.toml").write_text(text, encoding="utf-8")
    inbox = folder / "inbox"
    inbox.mkdir()
    rows = np.arange(len(p))
    end = stamp(END)
    trades.write_orders(inbox / "orders.csv", p, rows)
    trades.write_payments(inbox / "payments.csv", p, rows)
    trades.write_parcels(inbox / "parcels.csv", p, rows, ["云途物流"] * len(p), end)
    trades.write_lists(inbox / "lists.csv", p, rows)
    trades.write_receipts(inbox / "receipts.csv", p, rows, end)
    trades.write_invoices(inbox / "invoices.csv", p, rows)
    trades.write_events(inbox / "events.csv", p, rows)
    customs.write_products(inbox, np.random.default_rng(1), np.random.default_rng(2))
    book = open_book(book.path)
    for item in inputs([inbox]):
        add(book, item)
    return book


def verified(path: Path) -> tuple[float, float]:
    from crossbook.book import open_book
    from crossbook.engine import connect

    book = open_book(path)
    began = time.perf_counter()
    database = connect(book)
    database.ask("verdict")
    database.rows("SELECT verdict, count(*) AS n, sum(stake) AS stake FROM verdict GROUP BY ALL")
    return time.perf_counter() - began, peak()


def joined(path: Path) -> tuple[float, float]:
    import duckdb

    from crossbook.book import open_book
    from crossbook.facts import KINDS

    book = open_book(path)
    kept = path / "joins.duckdb"
    began = time.perf_counter()
    database = duckdb.connect(str(kept))
    for kind in KINDS:
        files = [str(book.fact_path(kind, e["sha"])) for e in book.evidence() if kind in e["facts"]]
        if files:
            database.execute(f'CREATE TABLE "{kind}" AS SELECT * FROM read_parquet({files})')
    database.execute(JOINS)
    database.close()
    seconds = time.perf_counter() - began
    kept.unlink()
    return seconds, peak()


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def apart(work: Any, path: Path) -> tuple[float, float]:
    """Seconds and peak memory (GiB) of `work` in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, path).result()


def score(book: Book, planted: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    from crossbook.engine import connect
    from crossbook.verify.rules import rules
    from crossbook.verify.verdicts import broken

    database = connect(book)
    database.ask("verdict")
    touched = {name for pairs in planted.values() for pair in pairs for name in pair if name}
    found = dict.fromkeys(planted, 0)
    of = {order: kind for kind, pairs in planted.items() for order, _ in pairs}
    alarms: dict[str, int] = {}
    clean = wrong = unproved = 0
    some = "broken <> 0 OR broken_2 <> 0"
    for row in database.rows(f"SELECT order_id, verdict, broken, broken_2 FROM verdict WHERE {some}"):
        names = broken(row["broken"], row["broken_2"])
        kind = of.get(row["order_id"])
        if kind in names:
            found[kind] += 1
        if row["order_id"] not in touched:
            wrong += row["verdict"] in ("suspicious", "contradicted")
            unproved += row["verdict"] == "incomplete"
            for name in names:
                alarms[name] = alarms.get(name, 0) + 1
    clean = database.rows("SELECT count(*) AS n FROM verdict")[0]["n"] - len(touched)
    return {
        "rules": len(rules()),
        "kinds": len(planted),
        "planted": {kind: len(pairs) for kind, pairs in planted.items()},
        "found": found,
        "clean": clean,
        "false_alarms": wrong,
        "false_alarm_percent": round(100 * wrong / clean, 4),
        "clean_incomplete": unproved,
        "said_of_clean": alarms,
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--typologies", action="store_true")
    arguments.add_argument("--json", type=Path, help="with --typologies: everything, with examples")
    arguments.add_argument("--trades", type=int, default=None, help="1,000,000; with --typologies 50,000")
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--each", type=int, default=None, help="cases of each kind: 40; with --typologies 12")
    arguments.add_argument("--rounds", type=int, default=3)
    asked = arguments.parse_args()
    if asked.typologies:
        typologies(asked.trades or 50_000, asked.seed, asked.each or 12, asked.rounds, asked.json)
        return
    with tempfile.TemporaryDirectory() as name:
        folder, trades_made = Path(name), asked.trades or 1_000_000
        p, planted = made(trades_made, asked.seed, asked.each or 40)
        book = fill(folder, p)
        del p
        times = timed(book, asked.rounds)
        print(json.dumps({"trades": trades_made, "rounds": times} | score(book, planted), indent=1))


def timed(book: Book, rounds: int) -> list[dict[str, float]]:
    """Verifying from an empty cache beside bare joins, several times."""
    times = []
    for _ in range(rounds):
        for old in (book.path / "cache").glob("*.duckdb"):
            old.unlink()
        bare, bare_memory = apart(joined, book.path)
        ours, memory = apart(verified, book.path)
        times.append(
            {
                "joins_seconds": round(bare, 2),
                "verify_seconds": round(ours, 2),
                "ratio": round(ours / bare, 2),
                "verify_gib": round(memory, 2),
                "joins_gib": round(bare_memory, 2),
            }
        )
    return times


def typologies(count: int, seed: int, each: int, rounds: int, out: Path | None) -> None:
    """Prints recall and false alarms as tables, and the sums as JSON."""
    import planted

    with tempfile.TemporaryDirectory() as name:
        clean, faulty, odd = planted.made(count, seed, each)
        inside = [*clean, *(t for kinds in (faulty, odd) for cases in kinds.values() for case in cases for t in case)]
        book = planted.fill(Path(name), inside)
        times = timed(book, rounds)
        result = {"trades": len(inside), "seed": seed, "rounds": times} | planted.score(book.path, clean, faulty, odd)
    if out:
        out.write_text(json.dumps(result, indent=1, ensure_ascii=False), encoding="utf-8")
    print(planted.table(result))
    sums = {k: v for k, v in result.items() if k not in ("recall", "oddities", "examples")}
    print(json.dumps(sums, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
