"""The movements of all balances of a book as columns: lines, what no file explains, reserves, payouts into wallets.

A balance is an account in one currency whose lines are drawn upon (its payouts name no lines), what a platform holds of
it in reserve, or a payout that arrived in a wallet, as the orders that it paid.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.settle.desk import Desk, Payout
from crossbook.settle.flow.lots import RULES
from crossbook.settle.flow.pairs import pairs_sql
from crossbook.settle.flow.sharing import shares_of
from crossbook.settle.flow.tracing import NONE
from crossbook.settle.sold import NAMED, ORDER_OF

# The lines of running balances, each with the order that it is of: its own, or that of the line which it refers to. An
# order that no line names is called by the reference of its sale.
LINES = f"""
WITH named AS ({NAMED})
SELECT row_number() OVER (ORDER BY l.account, l.currency, l.place) - 1 AS id, l.account, l.currency, l.place,
       l.day, l.posted_at, l.kind, l.type, l.amount, l.reference, l.related, l.evidence, l.line,
       CASE WHEN lead(l.line) OVER w = l.line AND lead(l.evidence) OVER w = l.evidence THEN NULL
            ELSE l.after END AS after,  -- of a row that is several lines, the balance after the last
       CASE WHEN l.fee <> 0 AND l.gross + l.fee = l.amount AND l.kind = 'conversion' AND l.gross * l.amount > 0
            THEN l.fee ELSE 0 END AS fee,
       CASE WHEN l.kind <> 'withdrawal' THEN {ORDER_OF} END AS order_id
FROM balance_line l LEFT JOIN named r ON r.account = l.account AND r.reference = l.related
WINDOW w AS (PARTITION BY l.account, l.currency ORDER BY l.place)
ORDER BY id
"""

# What payouts of stated lines paid for each order, and what else was added, by kind.
PAID_FOR = """
SELECT l.account, l.payout_id, l.currency, l.order_id, CASE WHEN l.order_id IS NULL THEN l.type END AS type,
       CASE WHEN l.order_id IS NULL THEN min(l.kind) ELSE 'sale' END AS kind,
       sum(l.amount) AS amount, min_by(l.evidence, (l.day, l.line, l.evidence)) AS evidence,
       min_by(l.line, (l.day, l.line, l.evidence)) AS line, min(l.day) AS day
FROM line l SEMI JOIN flow_paid p ON p.account = l.account AND p.payout_id = l.payout_id AND p.currency = l.currency
WHERE l.kind <> 'withdrawal'
GROUP BY l.account, l.payout_id, l.currency, l.order_id, CASE WHEN l.order_id IS NULL THEN l.type END
HAVING sum(l.amount) > 0 ORDER BY min(l.day), min(l.posted_at), l.order_id, type
"""

SCHEMA = pa.schema(
    [
        ("account", pa.string()),
        ("currency", pa.string()),
        ("held", pa.string()),  # balance, reserve or payout
        ("payout", pa.string()),  # of a payout: its id
        ("at", pa.int64()),  # its place among the movements of the balance
        ("day", pa.date32()),
        ("kind", pa.string()),
        ("type", pa.string()),
        ("amount", pa.int64()),
        ("order_id", pa.string()),
        ("reference", pa.string()),
        ("evidence", pa.string()),
        ("line", pa.int64()),
        ("out_of", pa.int64()),
        ("into", pa.int64()),
        ("sent", pa.bool_()),
    ]
)


class Sendings:
    """What goes from one balance to another: its number, and how it was found."""

    def __init__(self) -> None:
        self.how: list[str] = []
        self.why: list[str] = []

    def new(self, how: str, why: str = "") -> int:
        """Number the next one."""
        self.how.append(how)
        self.why.append(why)
        return len(self.how) - 1


def rule_of(book: Book, account: str) -> str:
    """The rule of an account as book.toml sets it, "" when it sets none. Raises CrossbookError for an unknown one."""
    told = book.account(account).get("lots", "")
    if told and told not in RULES:
        raise CrossbookError(
            f"[accounts.{account}] lots {told!r} is not known", where="book.toml", todo=f"use one of {', '.join(RULES)}"
        )
    return str(told)


def movements(desk: Desk, sendings: Sendings) -> pa.Table:
    """All movements, sorted by balance and then in their order, as SCHEMA names them."""
    database = desk.database
    database.scratch("flow_line", LINES)
    lines = database.arrow("SELECT * FROM flow_line ORDER BY id")
    out_of, into = (np.full(lines.num_rows, NONE) for _ in range(2))
    for row in database.rows(pairs_sql("flow_line")):
        out_of[row["out_id"]] = into[row["in_id"]] = sendings.new(row["how"])
    place = (
        {
            key: i
            for i, key in enumerate(zip(*(lines[n].to_pylist() for n in ("account", "currency", "place")), strict=True))
        }
        if desk.returned
        else {}
    )
    for back in desk.returned.values():
        if back.drawn is None:
            continue
        gone, came = (place[back.account, back.currency, at] for at in (back.drawn, back.place))
        out_of[gone] = into[came] = sendings.new("returned")
    found = [_payouts_in_wallets(desk, lines, out_of, into, sendings)]
    found.append(_reserves(lines, out_of, into, sendings))
    found.append(_unexplained(lines))
    found.append(_fees(lines))
    kind, amount = lines["kind"].to_numpy(zero_copy_only=False), _ints(lines, "amount")
    sent = (amount < 0) & np.isin(kind, ("withdrawal", "conversion"))  # a reserve may take more than there is
    found.append(
        _table(
            lines,
            np.arange(lines.num_rows),
            at=4 * _ints(lines, "place"),
            amount=amount - _ints(lines, "fee"),
            out_of=out_of,
            into=into,
            sent=sent,
        )
    )
    whole = pa.concat_tables(found)
    return whole.sort_by([(n, "ascending") for n in ("account", "currency", "held", "payout", "at")])


def _ints(table: pa.Table, name: str) -> Any:
    return table[name].fill_null(0).to_numpy().astype(np.int64)


def _table(lines: pa.Table, rows: Any, **columns: Any) -> pa.Table:
    """Movements that stand on some of the lines; columns that are given replace the line's own."""
    chosen, n = lines.take(pa.array(rows, pa.int64())), len(rows)
    filled: dict[str, Any] = {"held": "balance", "payout": "", "out_of": NONE, "into": NONE, "sent": False, **columns}
    made = []
    for field in SCHEMA:
        value = filled.get(field.name)
        if value is None:
            made.append(chosen[field.name].cast(field.type).combine_chunks() if n else pa.array([], field.type))
        elif isinstance(value, str | int):
            made.append(pa.array([value] * n, field.type))
        else:
            made.append(pa.array(value, field.type))
    return pa.table([a.combine_chunks() if isinstance(a, pa.ChunkedArray) else a for a in made], schema=SCHEMA)


def _fees(lines: pa.Table) -> pa.Table:
    """Fees that are stated within the line of a conversion: movements of their own, just after it."""
    fee = _ints(lines, "fee")
    rows = np.flatnonzero(fee)
    return _table(
        lines, rows, at=4 * _ints(lines, "place")[rows] + 1, amount=fee[rows], kind="fee", order_id=_nulls(rows)
    )


def _nulls(rows: Any) -> pa.Array:
    return pa.nulls(len(rows), pa.string())


def _unexplained(lines: pa.Table) -> pa.Table:
    """What the stated balances say beyond the lines: what was there before the first, what moved between two."""
    rows, amounts, kinds = [], [], []
    if lines.num_rows:
        account, currency = (
            lines[n].combine_chunks().dictionary_encode().indices.to_numpy() for n in ("account", "currency")
        )
        amount, after = _ints(lines, "amount"), _ints(lines, "after")
        stated = lines["after"].is_valid().to_numpy()
        edges = np.flatnonzero(np.diff(account, prepend=-1) | np.diff(currency, prepend=-1)).tolist()
        for low, high in zip(edges, [*edges[1:], lines.num_rows], strict=True):
            known = np.flatnonzero(stated[low:high])
            if not len(known):
                continue
            beyond = (after[low:high] - np.cumsum(amount[low:high]))[known]
            steps = np.diff(beyond, prepend=0)
            for k in np.flatnonzero(steps).tolist():
                first = k == 0
                rows.append(low if first else low + int(known[k]))
                amounts.append(int(steps[k]))
                kinds.append("carried" if first else "gap")
    at = 4 * _ints(lines, "place")[rows] - 1 if rows else []
    none = _nulls(rows)
    return _table(lines, rows, at=at, amount=amounts, kind=kinds, type=none, order_id=none, reference=none)


def _reserves(lines: pa.Table, out_of: Any, into: Any, sendings: Sendings) -> pa.Table:
    """What is held back of no order in particular, and given back later, as a balance beside the account's own."""
    kind, amount = lines["kind"].to_numpy(zero_copy_only=False), _ints(lines, "amount")
    alone = lines["order_id"].is_null().to_numpy()
    held = np.flatnonzero((kind == "reserve_hold") & (amount < 0) & alone)
    freed = np.flatnonzero((kind == "reserve_release") & (amount > 0) & alone)
    for row in held.tolist():
        out_of[row] = sendings.new("reserve")
    for row in freed.tolist():
        into[row] = sendings.new("reserve")
    rows = np.concatenate([held, freed])
    return _table(
        lines,
        rows,
        held="reserve",
        at=4 * _ints(lines, "place")[rows],
        amount=-amount[rows],
        out_of=np.concatenate([np.full(len(held), NONE), into[freed]]),
        into=np.concatenate([out_of[held], np.full(len(freed), NONE)]),
        sent=np.repeat([False, True], [len(held), len(freed)]),
    )


def _payouts_in_wallets(desk: Desk, lines: pa.Table, out_of: Any, into: Any, sendings: Sendings) -> pa.Table:
    """Payouts whose credits are receipts of a running balance; those without one of their own as the orders they
    paid."""
    database, payouts = desk.database, {p.id: p for p in desk.payouts}
    receipt: dict[tuple[Any, ...], int] = {}
    names = ("account", "currency", "amount", "reference", "evidence", "line", "id")
    for account, currency, amount, reference, evidence, line, row in (
        zip(*(lines[n].to_pylist() for n in names), strict=True) if desk.side.matches else ()
    ):
        if amount > 0:
            receipt.setdefault((evidence, line, currency), row)
            receipt.setdefault((account, currency, amount, reference), row)
    drawn = {
        (r["account"], r["payout_id"], r["currency"]): r["id"]
        for r in database.rows(
            "SELECT d.account, d.payout_id, d.currency, f.id FROM balance_drawn d JOIN flow_line f "
            "ON f.account = d.account AND f.currency = d.currency AND f.place = d.place"
        )
    }
    others: list[tuple[Payout, int]] = []
    for match in desk.side.matches:
        credits = [desk.side.credits[c] for c in match.credits]
        receipts = [
            receipt.get(
                (c["evidence"], c["line"], c["currency"]),
                receipt.get((c["account"], c["currency"], c["amount"], c["reference"])),
            )
            for c in credits
        ]
        told = [payouts[key] for key in match.payouts]
        if match.contradicted or None in receipts or len({c["currency"] for c in credits}) > 1:
            continue
        number = sendings.new("match", "; ".join(match.reasons))
        into[receipts] = number
        for p in told:
            row = drawn.get((p.account, p.payout_id, p.currency))
            if row is None:
                others.append((p, number))
            else:
                out_of[row] = number
    used, known = {p.account for p, _ in others}, {p.id for p, _ in others}
    others += [  # an order of theirs may be in another payout, too
        (p, NONE)
        for p in desk.payouts
        if p.account in used and p.id not in known and p.amount > 0 and p.basis not in ("balance", "failed")
    ]
    return _as_orders(database, others)


def _as_orders(database: Database, paid: list[tuple[Payout, int]]) -> pa.Table:
    """Payouts as balances of their own: a receipt for each order that was paid, and the payout itself, which took all.

    What a payout took off (fees, refunds) its orders bear in proportion."""
    names = ("account", "payout_id", "currency")
    database.put("flow_paid", pa.table({n: pa.array([getattr(p, n) for p, _ in paid], pa.string()) for n in names}))
    by: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in database.rows(PAID_FOR) if paid else ():
        by.setdefault((row["account"], row["payout_id"], row["currency"]), []).append(row)
    rows: list[dict[str, Any]] = []
    for p, number in paid:
        parts = by.get((p.account, p.payout_id, p.currency), [])
        if p.restoration is not None and p.restoration.verdict != "unexplained":
            parts = [
                {"order_id": o.order_id, "kind": "sale", "amount": o.net, "evidence": o.evidence, "line": o.line}
                for o in p.restoration.orders
                if o.net > 0
            ]
        sizes = np.array([int(r["amount"]) for r in parts], np.int64)
        if sizes.sum() > p.amount:
            sizes = shares_of(p.amount, sizes)
        shared: dict[str, Any] = {"account": p.account, "currency": p.currency, "held": "payout", "payout": p.payout_id}
        shared |= {"out_of": NONE, "into": NONE, "sent": False}
        for at, (part, size) in enumerate(zip(parts, sizes.tolist(), strict=True)):
            if size:
                rows.append({**shared, "day": p.paid_on, **part, "at": at, "amount": size})
        last = {
            "kind": "withdrawal",
            "evidence": p.evidence,
            "line": p.line,
            "reference": p.payout_id,
            "day": p.paid_on,
        }
        rows.append({**shared, **last, "at": len(parts), "amount": -p.amount, "out_of": number, "sent": True})
    return pa.Table.from_pylist([{n: r.get(n) for n in SCHEMA.names} for r in rows], SCHEMA)
