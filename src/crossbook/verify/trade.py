"""One trade in full: its verdict, the rules that it breaks with what each paper says, and the match field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crossbook import money
from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import NotFoundError
from crossbook.findings import Finding, Reference
from crossbook.trade.witnesses import SELLER, WORDS
from crossbook.verify.aside import SetAside, set_aside
from crossbook.verify.board import row_of
from crossbook.verify.rule import Rule, Value
from crossbook.verify.rules import rule
from crossbook.verify.verdicts import broken, joined

# The papers that are held against each other, and the table in which each stands.
TABLES = {
    "order": ("orders",),
    "payment": ("payments", "refunds", "line"),
    "shipment": ("parcels",),
    "customs": ("declarations",),
    "receipt": ("receipts",),
    "invoice": ("invoices",),
}
MATCHED = ("order", "payment", "shipment", "customs", "receipt", "invoice")  # columns of the match, in order
WITNESS = "who says it"  # the row of the match that names the witness of each paper
SHOWN = 6  # rows of one paper that are cited
# What names the papers rather than the order: events of its parcels, and answers on its lists.
_BESIDE = {
    "tracking": """
SELECT evidence, line FROM parcel_events WHERE tracking IN (SELECT tracking FROM parcels WHERE order_id = $id)
ORDER BY happened_at DESC""",
    "answer": """
SELECT evidence, line FROM customs_answers
WHERE order_id = $id OR number IN (SELECT declaration FROM declarations WHERE order_id = $id)
ORDER BY returned_at DESC""",
}
# The same of all trades, with the order and the moment that they are told by.
BESIDE_ALL = {
    "tracking": """
SELECT DISTINCT p.order_id, e.happened_at AS moment, e.evidence, e.line
FROM parcel_events e JOIN parcels p ON p.tracking = e.tracking""",
    "answer": """
SELECT order_id, returned_at AS moment, evidence, line FROM customs_answers WHERE order_id IS NOT NULL
UNION
SELECT d.order_id, c.returned_at, c.evidence, c.line
FROM customs_answers c JOIN declarations d ON d.declaration = c.number""",
}

# The three-document match: on each field, what each paper says. Kinds and currencies as in `Value`.
MATCH: dict[str, tuple[Value, ...]] = {
    "order number": (
        Value("order", "CASE WHEN t.has_order THEN t.order_id END"),
        Value("payment", "CASE WHEN t.has_payment THEN t.order_id END"),
        Value("shipment", "CASE WHEN t.has_shipment THEN t.order_id END"),
        Value("customs", "CASE WHEN t.has_customs THEN t.order_id END"),
    ),
    "parties": (Value("order", "t.buyer"), Value("payment", "t.payer"), Value("invoice", "t.invoice_buyer")),
    "consignee": (Value("order", "t.consignee"), Value("shipment", "t.ship_consignee")),
    "amount": (
        Value("order", "t.total", "money"),
        Value(paper="payment", sql="coalesce(t.paid, pg.got)", kind="money", currency="t.pay_currency"),
        Value(paper="customs", sql="t.declared", kind="money", currency="t.declared_currency"),
        Value(paper="invoice", sql="t.invoiced", kind="money", currency="t.invoice_currency"),
    ),
    "currency": (
        Value("order", "t.currency"),
        Value("payment", "t.pay_currency"),
        Value("customs", "t.declared_currency"),
        Value("invoice", "t.invoice_currency"),
    ),
    "goods": (Value("order", "coalesce(t.item, t.title)"), Value("customs", "t.declared_item")),
    "quantity": (Value("order", "t.quantity", "count"), Value("customs", "t.declared_quantity", "count")),
    "weight": (
        Value("order", "t.goods_weight_g", "grams"),
        Value("shipment", "t.weight_g", "grams"),
        Value("customs", "t.declared_weight_g", "grams"),
    ),
    "country": (
        Value("order", "t.country"),
        Value("payment", "t.payer_country"),
        Value("shipment", "t.ship_country"),
    ),
    "waybill": (Value("shipment", "t.tracking"), Value("customs", "t.declared_tracking")),
    "who says it": (
        Value("order", "t.order_witness", "witness"),
        Value("payment", "t.payment_witness", "witness"),
        Value("shipment", "t.shipment_witness", "witness"),
        Value("customs", "t.customs_witness", "witness"),
        Value("receipt", "t.receipt_witness", "witness"),
        Value("invoice", "t.invoice_witness", "witness"),
    ),
    "dates": (
        Value("order", "t.placed_at", "moment"),
        Value("payment", "t.paid_at", "moment"),
        Value("shipment", "t.shipped_at", "moment"),
        Value("customs", "t.declared_on", "day"),
        Value("receipt", "coalesce(t.received_at, t.delivered_at, t.handed_at)", "moment"),
    ),
}
_OF = {"parties": {"parties"}, "consignee": {"parties"}}  # the fields of rules that a row of the match is about


@dataclass(frozen=True)
class Said:
    """What one paper says, as text."""

    paper: str
    text: str


@dataclass(frozen=True)
class Matched:
    """One field across papers. `state` is agrees, differs, alone (one paper says it) or missing (none does); of
    who says it, witnessed (somebody else than the seller) or alone."""

    field: str
    said: tuple[Said, ...]
    state: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Fault:
    """A rule that a trade breaks, with what the papers say; `aside` is the decision that set it aside, if any."""

    rule: str
    verdict: str
    field: str
    title: str
    papers: tuple[str, ...]
    said: tuple[Said, ...]
    why: str
    source: str
    todo: str
    aside: SetAside | None


@dataclass(frozen=True)
class Trade:
    """A trade as the verify desk sees it. `stake` is None where no paper says an amount; `witnesses` are those but the
    seller, in order of `crossbook.trade.witnesses`; `because` holds the rows of its papers, by paper."""

    order_id: str
    account: str | None
    verdict: str
    stake: int | None
    currency: str | None
    witnesses: tuple[str, ...]
    faults: tuple[Fault, ...]
    match: tuple[Matched, ...]
    because: dict[str, tuple[Reference, ...]]


def trade(database: Database, book: Book, order_id: str) -> Trade:
    """One trade. Raises NotFoundError when no file names it. Needs the publication `verdict`."""
    rows = database.rows("SELECT * FROM verdict WHERE order_id = $id", id=order_id)
    if not rows:
        raise NotFoundError(f"no file of the book names an order {order_id!r}", todo="look for it with the search")
    row = row_of(rows[0])
    words = database.rows("SELECT broken, broken_2 FROM matched WHERE order_id = $id", id=order_id)[0]
    told = [rule(name) for name in broken(words["broken"], words["broken_2"])]
    decided = set_aside(book)
    values = [v for r in told for v in r.values] + [v for said in MATCH.values() for v in said]
    texts = iter(_texts(database, order_id, values))
    faults = tuple(_fault(r, tuple(next(texts) for _ in r.values), decided.get((order_id, r.name))) for r in told)
    match = tuple(_matched(field, [next(texts) for _ in said], told) for field, said in MATCH.items())
    return Trade(
        order_id=order_id,
        account=row.account,
        verdict=row.verdict,
        stake=row.stake,
        currency=row.currency,
        witnesses=row.witnesses,
        faults=faults,
        match=match,
        because=_because(database, order_id),
    )


def findings(database: Database, book: Book, order_ids: list[str]) -> list[Finding]:
    """The faults of several trades as findings, each with the rows of the papers that it holds against each other."""
    found = []
    for order_id in order_ids:
        told = trade(database, book, order_id)
        for fault in told.faults:
            rows = tuple(ref for paper in fault.papers for ref in told.because.get(paper, ()))
            verdict = "set aside" if fault.aside else fault.verdict
            found.append(
                Finding(
                    desk="verify",
                    rule=fault.rule,
                    subject=order_id,
                    verdict=verdict,
                    amount=told.stake,
                    currency=told.currency,
                    because=rows,
                )
            )
    return found


def said(database: Database, order_id: str, told: Rule) -> tuple[Said, ...]:
    """What the papers of a trade say where it breaks a rule. Needs the publication `verdict`."""
    return tuple(_texts(database, order_id, list(told.values)))


def _texts(database: Database, order_id: str, values: list[Value]) -> list[Said]:
    columns = ", ".join(f"{v.sql} AS v{i}, {v.currency} AS c{i}" for i, v in enumerate(values))
    row = database.rows(f"SELECT {columns} FROM {joined()} WHERE t.order_id = $id", id=order_id)[0]
    return [Said(v.paper, shown(row[f"v{i}"], v.kind, row[f"c{i}"])) for i, v in enumerate(values)]


def shown(value: Any, kind: str, currency: str | None) -> str:
    """A value of a paper as text; empty when it says nothing."""
    if value is None:
        return ""
    if kind == "money":
        return money.show(int(value), currency) if currency else f"{int(value)}"
    if kind == "moment":
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if kind == "witness":
        return WORDS[value]
    return f"{int(value) / 1000:.3f} kg" if kind == "grams" else str(value)


def _fault(r: Rule, said: tuple[Said, ...], aside: SetAside | None) -> Fault:
    return Fault(
        rule=r.name,
        verdict=r.verdict,
        field=r.field,
        title=r.title,
        papers=r.papers,
        said=said,
        why=r.why,
        source=r.source,
        todo=r.todo,
        aside=aside,
    )


def _matched(field: str, said: list[Said], told: list[Rule]) -> Matched:
    about = _OF.get(field, {field})
    papers = {s.paper for s in said}
    against = tuple(r.name for r in told if r.field in about and len(r.papers) > 1 and set(r.papers) <= papers)
    given = [s for s in said if s.text]
    if field == WITNESS:
        state = "witnessed" if any(s.text != WORDS[SELLER] for s in given) else "alone"
        return Matched(field=field, said=tuple(said), state=state, rules=())
    state = "differs" if against else "missing" if not given else "alone" if len(given) == 1 else "agrees"
    return Matched(field=field, said=tuple(said), state=state, rules=against)


def _because(database: Database, order_id: str) -> dict[str, tuple[Reference, ...]]:
    found: dict[str, list[Reference]] = {}
    for paper, tables in TABLES.items():
        for table in tables:
            rows = database.rows(
                f"SELECT DISTINCT evidence, line FROM {table} WHERE order_id = $id "
                f"ORDER BY evidence, line LIMIT {SHOWN}",
                id=order_id,
            )
            found.setdefault(paper, []).extend((r["evidence"], r["line"]) for r in rows)
    for paper, select in _BESIDE.items():
        rows = database.rows(f"{select} LIMIT {SHOWN}", id=order_id)
        found[paper] = [(r["evidence"], r["line"]) for r in rows]
    return {paper: tuple(dict.fromkeys(refs)) for paper, refs in found.items() if refs}
