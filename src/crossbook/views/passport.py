"""One trade's passport: order, payment, shipment, customs, receipt, settlement, payout and bank, each with evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crossbook import ceb
from crossbook.errors import NotFoundError
from crossbook.findings import Reference
from crossbook.odds import odds
from crossbook.settle.desk import Desk, Payout
from crossbook.settle.past_release import last_told
from crossbook.trade.days import account_day

STEPS = ("order", "payment", "shipment", "customs", "receipt", "settlement", "payout", "bank")
TYPES_SHOWN = 12

# The kinds of line that say a buyer paid.
PAID = ("sale", "shipping", "tax")


@dataclass(frozen=True)
class Proof:
    """One fact of a step: what it says, what it is worth, and where it stands."""

    text: str
    day: date | None
    amount: int | None
    currency: str | None
    because: Reference


@dataclass
class Step:
    """A step of a trade. `link` is the payout or credit that the step leads to; `note` says why its proofs do not prove
    it. With no proofs, or with a note, it is a gap."""

    name: str
    proofs: list[Proof] = field(default_factory=list)
    day: date | None = None
    amount: int | None = None
    currency: str | None = None
    link: str | None = None
    note: str = ""

    @property
    def missing(self) -> bool:
        """Whether the book has nothing that proves this step."""
        return not self.proofs or bool(self.note)


@dataclass(frozen=True)
class Passport:
    """All that the book knows of one trade. `gaps` names the steps without evidence."""

    order_id: str
    account: str | None
    currency: str | None
    total: int | None
    steps: tuple[Step, ...]
    goods: tuple[dict[str, Any], ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        """The steps that nothing proves."""
        return tuple(s.name for s in self.steps if s.missing)


def passport(desk: Desk, order_id: str) -> Passport:
    """The passport of one order. Raises NotFoundError when no file names it."""
    rows = {
        name: desk.database.rows(f"SELECT * FROM {table} WHERE order_id = $id ORDER BY {by}", id=order_id)
        for name, table, by in (
            ("order", ORDERS, "believed, placed_at, evidence, line"),
            ("item", "order_lines", "evidence, line"),
            ("payment", "payments", "paid_at, evidence, line"),
            ("refund", "refunds", "refunded_on, evidence, line"),
            ("shipment", "parcels", "shipped_at, evidence, line"),
            ("customs", "declarations", "declared_on, evidence, line"),
            ("received", "receipts", "received_at, evidence, line"),
            ("invoice", "invoices", "issued_on, evidence, line"),
            ("dispute", "disputes", "opened_on, evidence, line"),
            ("line", "line", "posted_at, evidence, line"),
            ("release", "release_told", "posted_at, evidence, line"),
        )
    }
    rows["event"] = desk.database.rows(EVENTS, id=order_id)
    rows["return"] = desk.database.rows(RETURNS, id=order_id)
    if not any(rows.values()):
        raise NotFoundError(f"no file of the book names an order {order_id!r}", todo="look for it with the search")
    payouts = _payouts(desk, order_id, rows["line"])
    steps = (
        _order(rows["order"], rows["invoice"]),
        _payment(rows["order"], rows["payment"], rows["refund"], rows["line"]),
        _shipment(rows["shipment"], rows["event"]),
        _customs(rows["customs"], rows["return"]),
        _receipt(rows["shipment"], rows["event"], rows["received"]),
        _settlement(
            rows["line"], rows["dispute"], rows["release"], last_told(desk.database) if rows["release"] else None
        ),
        _payout(payouts),
        _bank(desk, payouts),
    )
    first = next((r for r in (*rows["order"][::-1], *rows["line"], *rows["release"])), {})
    return Passport(
        order_id=order_id,
        account=first.get("account"),
        currency=first.get("currency"),
        total=first.get("total"),
        steps=steps,
        goods=tuple(rows["item"]),
    )


def _proof(row: dict[str, Any], text: str, day: Any, amount: int | None = None) -> Proof:
    when = day.date() if hasattr(day, "date") else day
    return Proof(
        text=text, day=when, amount=amount, currency=row.get("currency"), because=(row["evidence"], row["line"])
    )


def _step(name: str, proofs: list[Proof], **more: Any) -> Step:
    days = [p.day for p in proofs if p.day]
    return Step(name, proofs, min(days, default=None), **more)


def _order(rows: list[dict[str, Any]], invoices: list[dict[str, Any]]) -> Step:
    proofs = [
        _proof(
            r,
            " · ".join(str(r[n]) for n in ("account", "status_told", "country", "buyer") if r[n]),
            r["placed_on"],
            r["total"],
        )
        for r in rows
    ]
    proofs += [_proof(r, f"invoice {r['invoice_id']}", r["issued_on"], r["amount"]) for r in invoices if rows]
    last = rows[-1] if rows else {}
    return _step("order", proofs, amount=last.get("total"), currency=last.get("currency"))


# Every telling of an order, with its day in its account's zone: the one that is believed last.
ORDERS = f"""(
  SELECT *, 1 AS believed FROM orders
  UNION ALL BY NAME
  SELECT r.*, r.status AS status_told, {account_day("r.placed_at")} AS placed_on, 0 AS believed
  FROM older_orders r LEFT JOIN account_zone z ON z.account = r.account)
"""


def _payment(
    orders: list[dict[str, Any]],
    receipts: list[dict[str, Any]],
    refunds: list[dict[str, Any]],
    lines: list[dict[str, Any]],
) -> Step:
    """What was paid. A receipt for several orders does not say what this one's part was: the sum is then not known."""
    told = [" · ".join(str(r[n]) for n in ("institution", "payment_id", "payer") if r[n]) for r in receipts]
    proofs = [_proof(r, text, r["paid_at"], r["amount_whole"]) for r, text in zip(receipts, told, strict=True)]
    proofs += [
        _proof(r, f"paid back {r['reference'] or ''}".strip(), r["refunded_on"], -int(r["amount_whole"]))
        for r in refunds
        if r["told_by"] != "settlement"
    ]
    proofs += [_proof(r, f"payment {r['reference']}", r["placed_on"], r["total"]) for r in orders if r["reference"]]
    paid = [r for r in lines if r["kind"] in PAID]
    proofs += [
        _proof(r, " ".join(x for x in (r["type"], r["reference"]) if x), r["day"], _gross(r))
        for r in paid[:TYPES_SHOWN]
    ]
    amounts = [r["amount"] for r in receipts] or [_gross(r) for r in paid]
    currency = next((r["currency"] for r in (*receipts, *paid)), None)
    return _step("payment", proofs, amount=None if not amounts or None in amounts else sum(amounts), currency=currency)


def _gross(row: dict[str, Any]) -> int:
    return int(row["gross"] if row["gross"] is not None else row["amount"])


# What trackers say of an order's parcels.
EVENTS = """
SELECT * FROM parcel_events WHERE tracking IN (SELECT tracking FROM parcels WHERE order_id = $id)
ORDER BY happened_at, evidence, line
"""
NOT_SENT = ("announced", "nothing")
GONE_WRONG = {
    "lost": "the parcel is lost",
    "returned": "the parcel was returned",
    "returning": "the parcel is on its way back",
}


def _shipment(rows: list[dict[str, Any]], events: list[dict[str, Any]]) -> Step:
    told = [r for r in rows if r["shipped_at"] or r["tracking"]]
    proofs = [_proof(r, " ".join(str(r[n]) for n in ("carrier", "tracking") if r[n]), r["shipped_at"]) for r in told]
    moved = [e for e in events if e["event"] not in (*NOT_SENT, "delivered")]
    return _step("shipment", proofs + [_proof(e, _scan(e), e["happened_at"]) for e in moved[:TYPES_SHOWN]])


def _scan(event: dict[str, Any]) -> str:
    return " · ".join(str(event[n]) for n in ("carrier", "text", "place") if event[n]) or str(event["event"])


# What customs answered about an order: by its number, its waybills, or the number of its export list.
RETURNS = """
SELECT * FROM customs_answers
WHERE order_id = $id
   OR tracking IN (SELECT tracking FROM parcels WHERE order_id = $id)
   OR number IN (SELECT declaration FROM declarations WHERE order_id = $id)
   OR number IN (SELECT number FROM customs_answers WHERE order_id = $id)
ORDER BY returned_at, message, evidence, line
"""


def _customs(declared: list[dict[str, Any]], returns: list[dict[str, Any]]) -> Step:
    """Declarations, and the answers of customs. A list that customs refused or cancelled declares nothing: it is shown
    with its answer, and its amount is not counted."""
    told = [
        " · ".join(
            str(x) for x in (*(r[n] for n in ("country", "declaration", "mode", "title", "item")), _fallen(r)) if x
        )
        for r in declared
    ]
    proofs = [_proof(r, text, r["declared_on"], r["amount"]) for r, text in zip(declared, told, strict=True)]
    proofs += [_proof(r, _answer(r), r["returned_at"]) for r in returns]
    standing = [r for r in declared if not _fallen(r)]
    amounts = [r["amount"] for r in standing]
    currencies = {r["currency"] for r in standing}
    known = bool(amounts) and None not in amounts and len(currencies) == 1
    step = _step(
        "customs",
        proofs,
        amount=sum(map(int, amounts)) if known else None,
        currency=currencies.pop() if known else None,
    )
    step.note = _undeclared(declared, returns)
    return step


def _fallen(row: dict[str, Any]) -> str:
    """Why a line of an export list does not stand; empty when it does."""
    if row["cancelled"]:
        return "the export list was cancelled"
    return "the export list was refused" if row["answer"] == "refused" else ""


def _undeclared(declared: list[dict[str, Any]], returns: list[dict[str, Any]]) -> str:
    """Why an order with answers of customs is not declared all the same; empty when it is."""
    answers = [r for r in returns if r["document"] in ("603", "701")]
    gone = [r for r in returns if r["document"] == "605" and r["state"] in ("accepted", "released")]
    standing = [r for r in declared if not _fallen(r)]
    if not standing and (any(r["cancelled"] for r in declared) or (gone and not _later(answers, gone[-1]))):
        return "the export list was cancelled"
    if standing:
        passed = {r["tracking"] for r in standing if r["answer"] in ("accepted", "released")}
        if any(r["answer"] == "refused" and not r["cancelled"] and r["tracking"] not in passed for r in declared):
            return "the export list was refused"
        fallen = {r["declaration"] for r in declared if _fallen(r)}
        answers = [a for a in answers if a["number"] not in fallen]
    if answers and answers[-1]["state"] not in ("accepted", "released"):
        return f"the last answer of customs: {_status(answers[-1])}"
    return "customs has not answered the export list" if returns and not answers and not declared else ""


def _later(answers: list[dict[str, Any]], gone: dict[str, Any]) -> bool:
    """Whether customs answered another list after it cancelled one."""
    return any(a["number"] != gone["number"] and a["returned_at"] > gone["returned_at"] for a in answers)


def _status(row: dict[str, Any]) -> str:
    known = ceb.states().get(row["code"])
    return known.title if known else "not processed" if row["state"] == "refused" else "a code that is not published"


def _answer(row: dict[str, Any]) -> str:
    """One return in words: the document, its state and code, and what customs said where it did not let it go."""
    kind = ceb.messages()[f"CEB{row['document']}Message"].title
    if row["document"] == "701" and row["declaration"]:
        return f"customs on the {kind}: declaration {row['declaration']}"
    said = f"customs on the {kind}: {_status(row)} ({row['code'] or '—'})"
    reason = None if row["state"] in ("accepted", "released") else row["info"]
    return " · ".join(x for x in (said, row["number"], reason) if x)


def _receipt(rows: list[dict[str, Any]], events: list[dict[str, Any]], received: list[dict[str, Any]]) -> Step:
    """Deliveries and confirmations. A parcel that was lost or went back afterwards is not received."""
    told = [r for r in rows if r["delivered_at"]]
    proofs = [_proof(r, str(r["tracking"] or ""), r["delivered_at"]) for r in told]
    proofs += [_proof(e, _scan(e), e["happened_at"]) for e in events if e["event"] in ("delivered", *GONE_WRONG)]
    proofs += [_proof(r, str(r["signed_by"] or "confirmed by the buyer"), r["received_at"]) for r in received]
    step = _step("receipt", proofs)
    last = next((e["event"] for e in reversed(events) if e["event"] in ("delivered", *GONE_WRONG)), "")
    step.note = GONE_WRONG.get(last, "")
    return step


def _settlement(
    lines: list[dict[str, Any]], disputes: list[dict[str, Any]], releases: list[dict[str, Any]], last: date | None
) -> Step:
    """What settled the order. Money that the platform calls deferred is none of it; without any other it is a gap."""
    proofs = [
        _proof(r, " ".join(x for x in (r["kind"], f"({r['type']})" if r["type"] else "") if x), r["day"], r["amount"])
        for r in lines
    ]
    notes = [f"dispute opened {r['opened_on']}, closed {r['closed_on'] or '—'}: {r['state']}" for r in disputes]
    proofs += [_proof(r, note, r["opened_on"], r["amount"]) for r, note in zip(disputes, notes, strict=True)]
    deferred = [r for r in releases if r["state"] == "deferred"]
    proofs += [_proof(r, _deferral(r, last, bare=not lines), r["day"], r["amount"]) for r in deferred]
    amount = sum(int(r["amount"]) for r in lines) if lines else None
    step = _step("settlement", proofs, amount=amount, currency=lines[0]["currency"] if lines else None)
    step.note = _deferral(deferred[0], last, bare=True) if deferred and not lines else ""
    return step


def _deferral(row: dict[str, Any], last: date | None, *, bare: bool) -> str:
    """Until when money is deferred; past that day and settled by no line (`bare`), what is lacking."""
    if bare and row["release_on"] and last and row["release_on"] < last:
        return f"deferred by the platform: released by {row['release_on']}, in no payout that the book has"
    if row["release_on"]:
        return f"deferred by the platform: it is to be released on {row['release_on']}"
    return "deferred by the platform, which names no day of release"


def _payouts(desk: Desk, order_id: str, lines: list[dict[str, Any]]) -> list[tuple[Payout, float | None, int]]:
    """The payouts that an order is in, with the odds where they were restored, and what it brought."""
    found: list[tuple[Payout, float | None, int]] = []
    named = {(r["account"], r["payout_id"], r["currency"]) for r in lines if r["payout_id"]}
    drawn = desk.database.rows(DRAWN, id=order_id)
    named |= {(r["account"], r["payout_id"], r["currency"]) for r in drawn}
    for p in desk.payouts:
        if (p.account, p.payout_id, p.currency) in named:
            net = sum(int(r["amount"]) for r in lines if r["payout_id"] == p.payout_id)
            found.append((p, None, net or sum(int(r["net"]) for r in drawn if r["payout_id"] == p.payout_id)))
        elif p.restoration:
            held = next((o for o in p.restoration.orders if o.order_id == order_id), None)
            held = held or next((o for o in p.restoration.doubtful if o.order_id == order_id), None)
            if held:
                found.append((p, held.probability, held.net))
    return found


# The withdrawal that ended the run of the balance in which an order's lines stand.
DRAWN = """
SELECT b.account, b.currency, w.reference AS payout_id, sum(b.amount) AS net
FROM balance_line b
JOIN LATERAL (
  SELECT min_by(reference, place) AS reference FROM balance_line
  WHERE account = b.account AND currency = b.currency AND kind = 'withdrawal' AND place > b.place
) w ON true
WHERE b.order_id = $id AND w.reference IS NOT NULL
GROUP BY ALL
"""


def _payout(payouts: list[tuple[Payout, float | None, int]]) -> Step:
    proofs = [
        Proof(
            text=p.id if share is None else f"{p.id}, probability {odds(share, 1)}",
            day=p.paid_on,
            amount=net,
            currency=p.currency,
            because=(p.evidence, p.line),
        )
        for p, share, net in payouts
    ]
    one = payouts[0] if payouts else None
    return _step(
        "payout",
        proofs,
        amount=sum(net for _, _, net in payouts) if payouts else None,
        currency=one[0].currency if one else None,
        link=one[0].id if one else None,
    )


def _bank(desk: Desk, payouts: list[tuple[Payout, float | None, int]]) -> Step:
    proofs = []
    for p, _, _ in payouts:
        for key in p.match.credits if p.match else ():
            c = desk.side.credits[key]
            text = " ".join(str(c[n]) for n in ("counterparty", "description") if c[n])
            proofs.append(
                Proof(
                    text=text,
                    day=c["booked_on"],
                    amount=c["amount"],
                    currency=c["currency"],
                    because=(c["evidence"], c["line"]),
                )
            )
    step = _step("bank", proofs)
    step.day = max((d for p, _, _ in payouts for d in [desk.booked_on(p)] if d), default=None)
    step.link = next((k for p, _, _ in payouts for k in (p.match.credits if p.match else ())), None)
    step.note = next((text for p, _, _ in payouts for text in (p.match.against if p.match else ())), "")
    return step
