"""The publication `flow`: every piece of money of the running balances, from where it began to where it is.

Tables: `flow_event` (each movement of a balance, by `id`; `borne_by` is the outgo that bears a fee, -1 for others),
`flow_sending` (what became what: conversions, reserves, payouts in wallets) and `flow`, a row each piece of money in a
balance: from the receipt (`came`) to the outgo that took it (`went`, NULL while it is there), whose money it is
(`order_id` and the receipt where it began, NULL where no file says so), its amount there and where it began, and what
it became (`into`, `into_amount`) where it was sent on. Amounts are minor units.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from crossbook.book import Book
from crossbook.engine import Database, Publication
from crossbook.engine.publishing import publish
from crossbook.settle.bank.by_hand import standing
from crossbook.settle.desk import Desk, settle
from crossbook.settle.flow.events import Sendings, movements, rule_of
from crossbook.settle.flow.tracing import NONE, Movements, Pieces, borne_by, follow
from crossbook.settle.restoration.acceptance import accepted_in

# What is read of a piece, beside its amounts: the movements that it stands between, and the one where it began.
PIECES = """
SELECT p.*, c.account, c.currency, c.held, c.day AS came_on, w.day AS went_on, w.kind AS went_as,
       CASE WHEN w.kind = 'withdrawal' THEN w.reference END AS payout_id,
       o.order_id, o.account AS origin_account, o.currency AS origin_currency, o.day AS origin_on,
       i.account AS into_account, i.currency AS into_currency, i.day AS into_on, s.how
FROM flow_piece p
LEFT JOIN flow_event w ON w.id = p.went
JOIN flow_event c ON c.id = coalesce(p.came, p.went)
LEFT JOIN flow_event o ON o.id = p.origin
LEFT JOIN flow_event i ON i.id = p.into
LEFT JOIN flow_sending s ON s.number = w.out_of
"""


def make(database: Database, book: Book) -> None:
    """Make `flow_event`, `flow_sending` and `flow`."""
    desk, sendings = settle(book), Sendings()
    events = movements(desk, sendings)
    balance, rules, named = _balances(book, events)
    moved = _columns(events, balance)
    pieces = follow(moved, rules)
    events = events.append_column("id", pa.array(np.arange(events.num_rows), pa.int64()))
    borne = moved.borne if moved.borne is not None else np.full(events.num_rows, NONE)
    events = events.append_column("borne_by", pa.array(borne, pa.int64()))
    database.keep("flow_event", events.append_column("rule", pa.array(named, pa.string()).take(pa.array(balance))))
    database.keep(
        "flow_sending",
        pa.table(
            {
                "number": pa.array(range(len(sendings.how)), pa.int64()),
                "how": pa.array(sendings.how, pa.string()),
                "why": pa.array(sendings.why, pa.string()),
            }
        ),
    )
    database.keep("flow_piece", _pieces(pieces))
    database.make("flow", PIECES)
    database.drop("flow_piece")


def _balances(book: Book, events: pa.Table) -> tuple[Any, list[str], list[str]]:
    """The number of each movement's balance, the rule of each balance, and the rule that book.toml names ("" for
    none)."""
    change = np.zeros(events.num_rows, bool)
    change[:1] = True
    for name in ("account", "currency", "held", "payout"):
        codes = events[name].combine_chunks().dictionary_encode().indices.to_numpy()
        change[1:] |= codes[1:] != codes[:-1]
    first = np.flatnonzero(change)
    accounts = events["account"].take(pa.array(first)).to_pylist()
    set_ = {account: rule_of(book, account) for account in set(accounts)}
    held = events["held"].take(pa.array(first)).to_pylist()
    named = [set_[a] if h == "balance" else "" for a, h in zip(accounts, held, strict=True)]
    return np.cumsum(change) - 1, [rule or "fifo" for rule in named], named


def _columns(events: pa.Table, balance: Any) -> Movements:
    into = events["into"].to_numpy()
    account = events["account"].combine_chunks().dictionary_encode().indices.to_numpy()
    order = events["order_id"].combine_chunks().dictionary_encode().indices
    known = order.is_valid().to_numpy(zero_copy_only=False)
    number = order.fill_null(0).to_numpy().astype(np.int64)
    width = int(account.max(initial=0)) + 1
    owner = np.where(known & (into == NONE), number * width + account, NONE)
    sent, amount = events["sent"].combine_chunks().to_numpy(zero_copy_only=False), events["amount"].to_numpy()
    fee = (events["kind"].to_numpy() == "fee") & (events["held"].to_numpy() == "balance")
    moved = Movements(
        balance=balance.astype(np.int64),
        amount=amount,
        owner=owner,
        sent=sent,
        out_of=events["out_of"].to_numpy(),
        into=into,
    )
    return replace(moved, borne=borne_by(moved, fee))


def _pieces(pieces: Pieces) -> pa.Table:
    def known(values: Any) -> pa.Array:
        return pa.array(values, pa.int64(), mask=values == NONE)

    return pa.table(
        {
            "came": known(pieces.lot),
            "went": known(pieces.out),
            "origin": known(pieces.origin),
            "amount": pa.array(pieces.amount, pa.int64()),
            "origin_amount": pa.array(pieces.origin_amount, pa.int64()),
            "into": known(pieces.into),
            "into_amount": pa.array(pieces.into_amount, pa.int64(), mask=pieces.into == NONE),
            "lacking": pa.array(pieces.lacking),
        }
    )


def _state(book: Book) -> str:
    """Settings and decisions that the lots rest on."""
    entries = book.journal()
    decided = standing(entries)
    matched = sorted((d.payout, d.credit, d.difference, subject) for subject, d in decided.decided.items())
    accepted = sorted((payout, a.missing, a.added) for payout, a in accepted_in(entries).items())
    return repr((book.config, accepted, matched, sorted(decided.barred)))


FLOWS = Publication(name="flow", make=make, rests_on=("trade", "balances"), state=_state)


def followed(desk: Desk) -> Database:
    """The desk's database, with the tables of `flow` in it."""
    database = desk.database
    with database.making:
        if FLOWS.name not in database.shared.published:
            publish(database, desk.book, FLOWS)
    return database
