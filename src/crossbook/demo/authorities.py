"""Two authorities with a border between them: transfers of accounts in China and in the United States, of which each
has its own half, with chains planted that cross. All that is written is made up.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from crossbook.book import init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.exchange import agreement, keys, store

SIDES = {"CN": "China desk", "US": "US desk"}
SINCE, UNTIL = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC)
HOPS = 8
_COLUMNS = "transfer id,executed at,payer account,payee account,paid,currency,payer country,payee country,kind"
_AGREEMENT = """\
[agreement]
name = "Pilot on long chains of payments"
purpose = "find chains of payments that cross the border and are seen whole by neither side"
case_type = "money laundering"
valid_from = 2026-01-01
valid_to = 2035-12-31
retention_days = 365
match = ["reference", "amount", "accounts"]

[look]
long = 5

[most]
per_mille = 50
smallest = 50
"""


@dataclass(frozen=True, kw_only=True)
class Made:
    """Where the two desks are: the folder of each, the agreement's number, and the planted chains as references."""

    folders: dict[str, Path]
    sha: str
    planted: list[list[str]]


def make(folder: Path, count: int = 6_000, chains: int = 12, seed: int = 1) -> Made:
    """Write both books, their keys and the agreement that both signed, each side in a folder of its own."""
    rows, planted = transfers(np.random.default_rng(seed), count, chains)
    party: dict[str, keys.Keys] = {}
    folders = {side: folder / side.lower() for side in SIDES}
    for side, its in folders.items():
        its.mkdir(parents=True)
        party[side] = keys.make(its / "key.pem")
        with (its / "transfers.csv").open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(_COLUMNS.split(","))
            out.writerows(row for row in rows if side in (row[6], row[7]))
        init_book(its / "book", SIDES[side], "USD")
        book = open_book(its / "book")
        for item in inputs([its / "transfers.csv"]):
            add(book, item)
    text = _AGREEMENT + "".join(_party(side, its) for side, its in party.items())
    (folder / "agreement.toml").write_text(text, encoding="utf-8")
    (folder / "planted.json").write_text(json.dumps(planted), encoding="utf-8")
    agreed = agreement.read(folder / "agreement.toml")
    signatures = [agreement.sign(agreed, its) for its in party.values()]
    for its in folders.values():
        store.adopt(open_book(its / "book"), folder / "agreement.toml", signatures)
    return Made(folders=folders, sha=agreed.sha, planted=planted)


def _party(side: str, its: keys.Keys) -> str:
    return (
        f'\n[[party]]\nname = "{SIDES[side]}"\ncountry = "{side}"\nsign = "{its.sign}"\nreceive = "{its.receive}"\n'
        f'contact = "desk@{side.lower()}.example"\n'
        f'\n[[basis]]\nparty = "{SIDES[side]}"\nlaw = "none: this is a demonstration"\nsource = "none"\n'
    )


def transfers(rng: np.random.Generator, count: int, chains: int) -> tuple[list[list[str]], list[list[str]]]:
    """Rows of the table in order, and of each planted chain the references of its hops."""
    accounts = count // 3
    seconds = int((UNTIL - SINCE).total_seconds())
    paid: list[tuple[datetime, str, str, int, int]] = []
    home = rng.integers(0, 2, count)
    away = np.where(rng.random(count) < 0.93, home, 1 - home)
    payer, payee = rng.integers(0, accounts, (2, count))
    amount = np.exp(rng.normal(11, 1.2, count)).astype(np.int64) + 100
    moment = rng.integers(0, seconds, count)
    for k in range(count):
        one, two = _account(int(home[k]), int(payer[k])), _account(int(away[k]), int(payee[k]))
        if one != two:
            paid.append((SINCE + timedelta(seconds=int(moment[k])), one, two, int(amount[k]), -1))
    for chain in range(chains):
        at = SINCE + timedelta(seconds=int(rng.integers(86_400, seconds - 9 * 86_400)))
        worth = int(rng.integers(2_000_000, 9_000_000))
        hands = [_account(int(n % 3 == 2), int(rng.integers(0, accounts))) for n in range(HOPS + 1)]
        for one, two in pairwise(hands):
            if one != two:
                paid.append((at, one, two, worth, chain))
            at += timedelta(minutes=int(rng.integers(40, 1_000)))
            worth = worth * int(rng.integers(955, 995)) // 1000
    paid.sort(key=lambda row: row[:4])
    planted: list[list[str]] = [[] for _ in range(chains)]
    rows = []
    for n, (at, one, two, worth, chain) in enumerate(paid):
        reference = f"TX{n:07d}"
        if chain >= 0:
            planted[chain].append(reference)
        whole, cents = divmod(worth, 100)
        ends = ["US" if a.startswith("US") else "CN" for a in (one, two)]
        rows.append([reference, at.isoformat(), one, two, f"{whole}.{cents:02d}", "USD", *ends, "transfer"])
    return rows, planted


def _account(side: int, number: int) -> str:
    return f"US{number:08d}" if side else f"62{number:012d}"
