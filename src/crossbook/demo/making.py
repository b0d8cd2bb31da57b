"""Writing the whole sample business to a folder, with its truth beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from crossbook.book import Book, private
from crossbook.book.book import CONFIG
from crossbook.demo import amazon, banks, brand, customs, oddities, paypal, platform, shop, statistics, tiktok, wallet
from crossbook.demo.business import MONTHS, sales

SEED = 20_250_101
NAME = "深圳市远山户外用品有限公司 (Shenzhen Yuanshan Outdoor)"


@dataclass(frozen=True)
class Made:
    """Where the files are (`inbox`), where the truth is, and how many orders there are."""

    inbox: Path
    truth: Path
    orders: int


def in_all(orders: int) -> int:
    """How many orders a sample of `orders` has with those of TikTok Shop, a twentieth more."""
    return orders + orders // 20


def make(folder: Path, *, orders: int = 20_000, seed: int = SEED) -> Made:
    """Write 18 months of `orders` orders: 45 % on Amazon, 30 % in the own shop, 25 % on a platform of totals only.

    A twentieth more of them is on TikTok Shop, which pays into a wallet.
    """
    inbox, truth = folder / "inbox", folder / "truth"
    for place in (inbox, truth):
        place.mkdir(parents=True, exist_ok=True)
    seeds = np.random.SeedSequence(seed).spawn(19)
    rngs = [np.random.default_rng(s) for s in seeds]
    counts = (orders * 45 // 100, orders * 30 // 100, orders - orders * 45 // 100 - orders * 30 // 100)
    from_amazon = amazon.write(inbox, rngs[0], sales(rngs[1], counts[0]))
    in_shop = oddities.to_romania(sales(rngs[3], counts[1]))
    shop_papers, shop_faults = shop.papers_of(rngs[12], in_shop)
    from_paypal, _ = paypal.write(inbox, rngs[2], in_shop, shop_papers)
    shop.write(inbox, shop_papers)
    on_platform = sales(rngs[4], counts[2])
    from_platform, payouts = platform.write(inbox, rngs[5], on_platform, rngs[11])
    table = banks.rates(rngs[6])
    usd, cny = banks.running_costs(rngs[7])
    banks.write_rates(inbox, table, banks.other_rates(rngs[8], table))
    customs.write_products(inbox, rngs[9], rngs[18])
    planted = customs.write_entries(inbox, rngs[10])
    brand.write(inbox, rngs[13])
    statistics.write(inbox, rngs[17])
    banks.write_usd(inbox, [*from_amazon, *from_paypal, *usd])
    banks.write_cny(inbox, [*(banks.in_yuan(rngs[7], e, table) for e in from_platform), *cny])
    on_tiktok = sales(rngs[14], in_all(orders) - orders)
    from_tiktok = tiktok.write(inbox, rngs[15], replace(on_tiktok, country=np.zeros(len(on_tiktok), np.int64)))
    drawn = wallet.write(inbox, rngs[16], from_tiktok, table)
    banks.write_icbc(inbox, [*drawn, *banks.icbc_costs(rngs[16])])
    rows = [
        {"payout": number, "paid_on": str(paid), "amount": amount, "orders": [platform.order_name(i) for i in inside]}
        for number, paid, amount, inside in zip(
            payouts.number, payouts.paid_on, payouts.amount, payouts.orders, strict=True
        )
    ]
    (truth / "seabridge-payouts.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    paid = [
        {"payout": p.payment, "paid_on": str(p.paid_on), "amount": p.amount, "orders": p.orders} for p in from_tiktok
    ]
    (truth / "tiktok-payouts.json").write_text(json.dumps(paid), encoding="utf-8")
    known = {
        "months": MONTHS,
        "statistics_of_trade": "made up, as all else here: no figure is one of the world",
        "orders": orders,
        "lost_paypal_reports": [str(d) for d in paypal.LOST_DAYS],
        "amazon_settlement_with_a_lost_line": str(amazon.FIRST_ID + 24 * 11_317),
        "entries_filed_wrongly": planted,
        "held_back_by_customs": payouts.held_back,
        "faulty_papers": payouts.faults | shop_faults,
        "odd_but_right": payouts.oddities,
        "sold_to_romania": oddities.told(in_shop, paypal.order_name),
        "amazon_settlement_carried": str(amazon.FIRST_ID + 17 * 11_317),
    }
    (truth / "planted.json").write_text(json.dumps(known, indent=1), encoding="utf-8")
    return Made(inbox, truth, in_all(orders))


def settings_for(book: Book) -> None:
    """What the seller tells the book once: how her tables are laid out, and how the platform settles."""
    folder = book.path / "mappings"
    folder.mkdir(exist_ok=True)
    for name, text in (platform.MAPPINGS | banks.MAPPINGS | tiktok.MAPPINGS | wallet.MAPPINGS).items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    brand.pictures(book.path / "pictures")
    for made in (folder, book.path / "pictures"):
        private.keep_all(made, book.path)
    config = book.path / CONFIG
    told = platform.SETTINGS + tiktok.SETTINGS + banks.SETTINGS
    config.write_text(config.read_text(encoding="utf-8") + "\n" + told, encoding="utf-8")
