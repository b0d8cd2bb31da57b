"""What is inside a payout, as a page shows it: the equation that proves it, and its orders a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from crossbook.findings import Reference
from crossbook.settle.closure import Hint, breakdown, narrow
from crossbook.settle.desk import Desk, Payout
from crossbook.settle.flow.inside import inside_sql
from crossbook.views.lists import PAGE, pages_of


@dataclass(frozen=True)
class Term:
    """One term of the equation. `role` is part, sum, paid or gap (what is left); `count` is its lines or orders."""

    what: str
    amount: int
    role: str = "part"
    count: int | None = None


@dataclass(frozen=True)
class Inside:
    """An order in a payout: what it brought there, from how many lines; `probability` where it was restored.

    `began` is what its money was before it was converted or sent on, in `began_currency`; None where it was neither."""

    order_id: str
    amount: int
    lines: int
    probability: float | None
    because: Reference
    began: int | None = None
    began_currency: str | None = None


@dataclass(frozen=True)
class InsidePage:
    """One page of a payout's orders."""

    rows: tuple[Inside, ...]
    total: int
    page: int
    pages: int


def equation(desk: Desk, p: Payout) -> list[Term]:
    """What adds up to a payout: carried, lines by kind and left over, or orders expected, missing and added."""
    terms: list[Term] = []
    if p.restoration:
        r = p.restoration
        first = r.rivals[0] if r.rivals and r.verdict != "unexplained" else None
        added = sum(o.net for o in r.orders if first and o.order_id in first.added)
        total = sum(o.net for o in r.orders)
        terms.append(Term("expected by the rule", r.expected, count=len(r.orders) + _less(first)))
        if first and first.missing:
            terms.append(Term("not in it though expected", total - added - r.expected, count=len(first.missing)))
        if first and first.added:
            terms.append(Term("in it though not expected", added, count=len(first.added)))
        terms.append(Term("sum", total, "sum"))
        terms.append(Term("paid", p.amount, "paid"))
        if total != p.amount:
            terms.append(Term("difference", p.amount - total, "gap"))
        return terms
    if p.closure is None:
        return [Term("paid", p.amount, "paid")]
    for what, amount in p.closure.parts:
        if what == "lines":
            kinds = breakdown(desk.database, p.account, p.payout_id, p.currency, p.basis)
            terms += [Term(k["kind"], k["amount"], count=k["lines"]) for k in kinds]
        else:
            terms.append(Term(what, amount))
    if p.lines_total is not None:
        terms.append(Term("sum", p.lines_total, "sum"))
    terms.append(Term("paid", p.amount, "paid"))
    if p.difference:
        terms.append(Term("difference", p.difference, "gap"))
    return terms


def hints(desk: Desk, p: Payout) -> list[Hint]:
    """What the difference of a payout that does not close may be; empty for others."""
    if p.status != "not_closed" or not p.difference:
        return []
    return narrow(
        database=desk.database,
        account=p.account,
        payout=p.payout_id,
        currency=p.currency,
        basis=p.basis,
        difference=p.difference,
        closure=p.closure,
    )


def _less(first: object) -> int:
    missing, added = getattr(first, "missing", ()), getattr(first, "added", ())
    return len(missing) - len(added)


ORDERS = """
SELECT order_id, sum(amount) AS amount, count(*) FILTER (NOT apart) AS lines,
       min_by(evidence, (apart, line, evidence)) AS evidence, min_by(line, (apart, line, evidence)) AS line,
       CAST(sum(began) AS BIGINT) AS began, min(began_currency) AS began_currency, count(*) OVER () AS total
FROM ({lines}) WHERE order_id IS NOT NULL GROUP BY order_id ORDER BY min(posted_at), order_id
LIMIT {limit} OFFSET {offset}
"""


def orders_inside(desk: Desk, p: Payout, page: int = 1, doubtful: bool = False) -> InsidePage:
    """A page of the orders in a payout; with `doubtful` the candidates whose place in it is not certain."""
    if p.restoration:
        told = p.restoration.doubtful if doubtful else p.restoration.orders
        rows = tuple(
            Inside(order_id=o.order_id, amount=o.net, lines=1, probability=o.probability, because=(o.evidence, o.line))
            for o in told[(page - 1) * PAGE : page * PAGE]
        )
        return InsidePage(rows=rows, total=len(told), page=page, pages=pages_of(len(told), PAGE))
    values = {"account": p.account, "payout": p.payout_id, "currency": p.currency}
    sql = ORDERS.format(lines=inside_sql(desk, p), limit=PAGE, offset=(page - 1) * PAGE)
    found = desk.database.rows(sql, **values)
    if not found and page > 1:
        first = orders_inside(desk, p, 1)
        return InsidePage(rows=(), total=first.total, page=page, pages=first.pages)
    total = found[0]["total"] if found else 0
    rows = tuple(
        Inside(
            order_id=r["order_id"],
            amount=int(r["amount"]),
            lines=r["lines"],
            probability=None,
            because=(r["evidence"], r["line"]),
            began=r["began"],
            began_currency=r["began_currency"],
        )
        for r in found
    )
    return InsidePage(rows=rows, total=total, page=page, pages=pages_of(total, PAGE))
