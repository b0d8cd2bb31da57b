"""Writing the sample institution's files to a folder, with its truth beside them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crossbook.book import Book, private
from crossbook.book.book import CONFIG
from crossbook.demo import banks
from crossbook.demo import writing as w
from crossbook.demo.institution.alike import ALIKE
from crossbook.demo.institution.honest import business, people
from crossbook.demo.institution.ledger import CURRENCIES, KINDS, NOBODY, OWN, START, Ledger
from crossbook.demo.institution.planted import PLANTS
from crossbook.demo.institution.traded import Order, traded

SEED = 20_260_701
NAME = "前海汇通支付有限公司 (Qianhai Huitong Payment)"
LEAST = 3_000  # transfers, fewer of which would hold nothing but what is planted
LISTED = ("KURBANOV, Timur Rashidovich", "GOLDEN HARBOUR SHIPPING CO LTD")
MAPPING = """\
kind = "order"
witness = "platform"
date_order = "ymd"
zone = "Asia/Shanghai"

[columns]
order_id = "order no"
placed_at = "placed"
buyer = "buyer"
country = "ship to"
currency = "currency"
total = "total"
status = "status"
"""
SETTINGS = """
[watch]
laws = ["CN"]
zone = "Asia/Shanghai"
"""


@dataclass(frozen=True)
class Made:
    """Where the files are (`inbox`), where the truth is, and how many transfers there are.

    Orders of a seller lie in `inbox` in a folder called by the seller's account, under which they are added.
    """

    inbox: Path
    truth: Path
    transfers: int


def make(folder: Path, *, transfers: int = 300_000, seed: int = SEED) -> Made:
    """Write a year of about so many transfers; what is planted grows with them, one of each kind in 30 000."""
    inbox, truth = folder / "inbox", folder / "truth"
    for place in (inbox, truth):
        place.mkdir(parents=True, exist_ok=True)
    seeds = np.random.SeedSequence(seed).spawn(3)
    rates = banks.rates(np.random.default_rng(seeds[1]))
    ledger = Ledger(np.random.default_rng(seeds[0]), rates)
    of = people(ledger, transfers)
    each = max(1, transfers // 30_000)
    for _ in range(each):
        for one in (*PLANTS.values(), *ALIKE.values()):
            one(ledger)
    _listed(ledger)
    orders = traded(ledger, max(3, each))
    business(ledger, of, max(transfers - ledger.count, 0))
    number = _write_transfers(inbox, ledger)
    _write_accounts(inbox, ledger)
    banks.write_rates(inbox, rates, {})
    _write_list(inbox)
    for account, told in orders.items():
        _write_orders(inbox / account, told)
    for plant in ledger.planted:
        plant["transfers"] = sorted(number[n] for n in plant["transfers"])
    text = json.dumps(ledger.planted, ensure_ascii=False, indent=1)
    (truth / "planted.json").write_text(text + "\n", encoding="utf-8")
    return Made(inbox, truth, ledger.count)


def settings_for(book: Book) -> None:
    """What the institution tells the book once: whose limits hold, and how rates and orders are laid out."""
    folder = book.path / "mappings"
    folder.mkdir(exist_ok=True)
    for name, text in (("safe-rates", banks.MAPPINGS["safe-rates"]), ("merchant-orders", MAPPING)):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    private.keep_all(folder, book.path)
    config = book.path / CONFIG
    config.write_text(config.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")


def _listed(ledger: Ledger) -> None:
    """Two who stand on a list, one under another spelling, and one who only has a name that many have."""
    day = ledger.some_day(30)
    seller = ledger.open("legal")
    for n, name in enumerate(("Timur Rashidovich Kurbanov", "Golden Harbour Shipping Company Limited")):
        party = ledger.open("legal" if n else "natural", country="AE", name=name)
        sent = [ledger.pay(ledger.moment(day + 3 * n, 10), party, seller, ledger.odd(9_000, 40_000))]
        ledger.plant("listed", [ledger.holder(party)], sent)


def _write_transfers(inbox: Path, ledger: Ledger) -> list[str]:
    """A table a month, in order of time; gives the number that each transfer goes by."""
    moments, payers, payees, paid, paid_in, received, received_in, kinds = ledger.columns()
    order = np.argsort(moments, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    number = [f"HT{n + 1:09d}" for n in place.tolist()]
    accounts = ledger.accounts
    names = ["", *(a.number for a in accounts)]
    people_ = ["", *(a.name for a in accounts)]
    countries = ["CN", *(a.country for a in accounts)]
    institutions = ["", *(a.institution for a in accounts)]
    references, originals, places = (np.full(len(order), "", object) for _ in range(3))
    for n, told in ledger.references.items():
        references[n] = told
    for n, original in ledger.originals.items():
        originals[n] = number[original]
    for n, told in ledger.places.items():
        places[n] = told

    def at_counter(own: list[str], index: Any) -> Any:
        """The account's institution; of nobody's, the place where cash was paid."""
        counters = pa.array(places[order], pa.string())
        return pc.if_else(pa.array(index == NOBODY), counters, w.chosen(own, index + 1))

    payer, payee = payers[order], payees[order]
    table = {
        "transfer id": pa.array(np.array(number, object)[order], pa.string()),
        "executed at": w.joined(
            w.times((moments[order] + 8 * 3600).astype("datetime64[s]"), "%Y-%m-%dT%H:%M:%S"), "+08:00"
        ),
        "payer account": w.chosen(names, payer + 1),
        "payer": w.chosen(people_, payer + 1),
        "payer country": w.chosen(countries, payer + 1),
        "payer institution": at_counter(institutions, payer),
        "payee account": w.chosen(names, payee + 1),
        "payee": w.chosen(people_, payee + 1),
        "payee country": w.chosen(countries, payee + 1),
        "payee institution": at_counter(institutions, payee),
        "paid": w.amounts(paid[order]),
        "currency": w.chosen(list(CURRENCIES), paid_in[order]),
        "received": w.amounts(received[order]),
        "received currency": w.chosen(list(CURRENCIES), received_in[order]),
        "kind": w.chosen(list(KINDS), kinds[order]),
        "reference": pa.array(references[order], pa.string()),
        "original": pa.array(originals[order], pa.string()),
    }
    whole = pa.table(table)
    months = (moments[order] + 8 * 3600).astype("datetime64[s]").astype("datetime64[M]")
    for month in np.unique(months):
        part = whole.filter(pa.array(months == month))
        columns = dict(zip(part.column_names, part.columns, strict=True))
        (inbox / f"transfers-{month}.csv").write_bytes(w.delimited(columns))
    return number


def _write_accounts(inbox: Path, ledger: Ledger) -> None:
    rows = ledger.accounts
    columns = {
        "account number": [a.number for a in rows],
        "institution": [a.institution for a in rows],
        "holder id": [a.holder for a in rows],
        "holder": [a.name for a in rows],
        "country": [a.country for a in rows],
        "holder kind": [a.kind for a in rows],
        "hub": ["yes" if a.hub else "no" for a in rows],
        "opened": [str(a.opened) for a in rows],
        "address": [a.address for a in rows],
        "phone": [a.phone for a in rows],
        "device": [a.device for a in rows],
    }
    (inbox / "accounts.csv").write_bytes(w.delimited({name: w.texts(values) for name, values in columns.items()}))


def _write_orders(folder: Path, orders: list[Order]) -> None:
    folder.mkdir(exist_ok=True)
    placed = np.array([int(o.placed) + 8 * 3600 for o in orders]).astype("datetime64[s]")
    columns = {
        "order no": w.texts(o.number for o in orders),
        "placed": w.times(placed),
        "buyer": w.texts(o.buyer for o in orders),
        "ship to": w.texts(o.country for o in orders),
        "currency": w.constant("USD", len(orders)),
        "total": w.amounts(np.array([o.total for o in orders])),
        "status": w.constant("paid", len(orders)),
    }
    (folder / "orders.csv").write_bytes(w.delimited(columns))


def _write_list(inbox: Path) -> None:
    """The institution's own list of names to look for, made up as all else here."""
    lines = ["list,entry,name,quality,type,countries,program,listed on,published"]
    for n, name in enumerate(LISTED):
        kind = ("individual", "entity")[n]
        lines.append(f'{OWN} internal,{n + 1},"{name}",primary,{kind},AE,internal,{START},{START}')
    (inbox / "names to look for.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
