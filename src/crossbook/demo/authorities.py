"""Two authorities with a border between them: transfers of accounts in China and in the United States, of which each
has its own half, with chains planted that cross. All that is written is made up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from crossbook.book import init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.exchange import adopting, agreement, keys

SIDES = {"CN": "China desk", "US": "US desk"}
SINCE, UNTIL = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC)
HOPS = 8
Whole = npt.NDArray[np.int64]
_PIECE = 1 << 18  # rows that are put in words at once
_AGREEMENT = """\
[agreement]
name = "Pilot on long chains of payments"
purpose = "find chains of payments that cross the border and are seen whole by neither side"
case_type = "money laundering"
valid_from = 2026-01-01
valid_to = 2035-12-31
retention_days = 365
match = ["reference", "amount", "accounts"]

meet = {meet}

[look]
long = 5

[most]
per_mille = {per_mille}
smallest = 50
"""


@dataclass(frozen=True, kw_only=True)
class Made:
    """Where the two desks are: the folder of each, the agreement's number, the transfers of both, and the planted
    chains as references."""

    folders: dict[str, Path]
    sha: str
    transfers: Transfers
    planted: list[list[str]]


@dataclass(frozen=True, kw_only=True)
class Transfers:
    """Transfers in order, in columns: moment in seconds, the side of payer and payee (a place in `SIDES`) and each
    one's number there, cents, and the planted chain of each, -1 where it is of none."""

    moment: Whole
    payer_side: Whole
    payer: Whole
    payee_side: Whole
    payee: Whole
    amount: Whole
    chain: Whole

    def __len__(self) -> int:
        return len(self.moment)

    def planted(self) -> list[Whole]:
        """Of each planted chain the rows of its hops."""
        rows = np.flatnonzero(self.chain >= 0)
        return [rows[self.chain[rows] == chain] for chain in np.unique(self.chain[rows])]

    def of(self, side: int) -> npt.NDArray[np.bool_]:
        """Which of them a side sees."""
        seen: npt.NDArray[np.bool_] = (self.payer_side == side) | (self.payee_side == side)
        return seen

    def tables(self, side: int, lost: float = 0.0) -> Iterator[pa.Table]:
        """What a side sees, as a table to add, in pieces; a share of what comes in from the other has no reference."""
        seen = np.flatnonzero(self.of(side))
        comes_in = (self.payee_side[seen] == side) & (self.payer_side[seen] != side)
        lacks = comes_in & (np.random.default_rng(side).random(len(seen)) < lost)
        for at in range(0, len(seen), _PIECE):
            yield self.table(seen[at : at + _PIECE], lacks[at : at + _PIECE])

    def table(self, rows: Whole, lacks: npt.NDArray[np.bool_] | None = None) -> pa.Table:
        """These rows as a table to add; those that `lacks` marks without reference."""
        moment = pa.array(self.moment[rows], pa.int64()).cast(pa.timestamp("s"))
        whole, cents = np.divmod(self.amount[rows], 100)
        payer, payee = self.payer_side[rows], self.payee_side[rows]
        codes = np.array(list(SIDES))
        return pa.table(
            {
                "transfer id": references(rows) if lacks is None else pc.if_else(pa.array(lacks), "", references(rows)),
                "executed at": pc.strftime(moment, "%Y-%m-%dT%H:%M:%S+00:00"),
                "payer account": _accounts(payer, self.payer[rows]),
                "payee account": _accounts(payee, self.payee[rows]),
                "paid": pc.binary_join_element_wise(pa.array(whole).cast(pa.string()), _padded(cents, 2), "."),
                "currency": pa.repeat("USD", len(rows)),
                "payer country": codes[payer],
                "payee country": codes[payee],
                "kind": pa.repeat("transfer", len(rows)),
            }
        )


def make(
    folder: Path,
    count: int = 6_000,
    chains: int = 12,
    seed: int = 1,
    per_mille: int = 50,
    meet: tuple[str, ...] = ("ecdh",),
    lost: float = 0.0,
) -> Made:
    """Write both books, their keys and the agreement that both signed, each side in a folder of its own. Of a share of
    what comes in from the other side (`lost`) a book has no reference."""
    rows = transfers(np.random.default_rng(seed), count, chains)
    party: dict[str, keys.Keys] = {}
    folders = {side: folder / side.lower() for side in SIDES}
    for number, (side, its) in enumerate(folders.items()):
        its.mkdir(parents=True)
        party[side] = keys.make(its / "key.pem")
        _write(its / "transfers.csv", rows.tables(number, lost))
        init_book(its / "book", SIDES[side], "USD")
        book = open_book(its / "book")
        for item in inputs([its / "transfers.csv"]):
            add(book, item)
    terms = _AGREEMENT.format(per_mille=per_mille, meet=json.dumps(meet))
    text = terms + "".join(_party(side, its) for side, its in party.items())
    (folder / "agreement.toml").write_text(text, encoding="utf-8")
    planted = [references(chain).to_pylist() for chain in rows.planted()]
    (folder / "planted.json").write_text(json.dumps(planted), encoding="utf-8")
    agreed = agreement.read(folder / "agreement.toml")
    signatures = [agreement.sign(agreed, its) for its in party.values()]
    for its in folders.values():
        adopting.adopt(open_book(its / "book"), folder / "agreement.toml", signatures)
    return Made(folders=folders, sha=agreed.sha, transfers=rows, planted=planted)


def _write(path: Path, tables: Iterator[pa.Table]) -> None:
    first = next(tables)
    with csv.CSVWriter(path, first.schema, write_options=csv.WriteOptions(quoting_style="none")) as out:
        out.write(first)
        for table in tables:
            out.write(table)


def _party(side: str, its: keys.Keys) -> str:
    return (
        f'\n[[party]]\nname = "{SIDES[side]}"\ncountry = "{side}"\nsign = "{its.sign}"\nreceive = "{its.receive}"\n'
        f'contact = "desk@{side.lower()}.example"\n'
        f'\n[[basis]]\nparty = "{SIDES[side]}"\nlaw = "none: this is a demonstration"\nsource = "none"\n'
    )


def transfers(rng: np.random.Generator, count: int, chains: int) -> Transfers:
    """So many transfers, seven in a hundred across the border, and chains of `HOPS` hops; each third hop crosses."""
    accounts, begin = count // 3, int(SINCE.timestamp())
    seconds = int(UNTIL.timestamp()) - begin
    home = rng.integers(0, 2, count)
    away = np.where(rng.random(count) < 0.93, home, 1 - home)
    payer, payee = rng.integers(0, accounts, (2, count))
    amount = np.exp(rng.normal(11, 1.2, count)).astype(np.int64) + 100
    moment = begin + rng.integers(0, seconds, count)
    drawn = np.column_stack([moment, home, payer, away, payee, amount, np.full(count, -1)])
    hops = []
    for chain in range(chains):
        at = begin + int(rng.integers(86_400, seconds - 9 * 86_400))
        worth = int(rng.integers(2_000_000, 9_000_000))
        hands = [(int(n % 3 == 2), int(rng.integers(0, accounts))) for n in range(HOPS + 1)]
        for one, two in pairwise(hands):
            hops.append((at, *one, *two, worth, chain))
            at += 60 * int(rng.integers(40, 1_000))
            worth = worth * int(rng.integers(955, 995)) // 1000
    rows: Any = np.concatenate([drawn, np.array(hops, np.int64).reshape(-1, 7)])
    rows = rows[(rows[:, 1] != rows[:, 3]) | (rows[:, 2] != rows[:, 4])]  # nobody pays himself
    rows = rows[np.lexsort(rows.T[5::-1])]
    return Transfers(**{name: np.ascontiguousarray(rows[:, n]) for n, name in enumerate(Transfers.__annotations__)})


def references(rows: Whole) -> pa.StringArray:
    """What the transfers of these rows are called on both sides."""
    return pc.binary_join_element_wise("TX", _padded(rows, 7), "")


def _accounts(sides: Whole, numbers: Whole) -> pa.StringArray:
    there = pc.binary_join_element_wise("US", _padded(numbers, 8), "")
    return pc.if_else(pa.array(sides == 1), there, pc.binary_join_element_wise("62", _padded(numbers, 12), ""))


def _padded(numbers: Whole, width: int) -> pa.StringArray:
    return pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
