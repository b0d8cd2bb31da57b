"""Why: the chain of reasons behind a payout, an order, a bank credit or a file, down to file and line."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from crossbook import money
from crossbook.book.lines import original_lines
from crossbook.errors import NotFoundError
from crossbook.findings import Reference
from crossbook.odds import odds
from crossbook.settle.bank.side import credit_key
from crossbook.settle.closure import breakdown, lines_sql, narrow
from crossbook.settle.desk import Desk, Payout
from crossbook.settle.flow.following import followed
from crossbook.settle.past_release import last_told
from crossbook.settle.restoration.result import in_words
from crossbook.settle.sold import BACK, Sold, lines_of, sent_in, sold
from crossbook.views import entries
from crossbook.views.chain import behind, further, of_line, onward
from crossbook.views.passport import RETURNS
from crossbook.views.reason import Reason

SHOWN = 5  # lines or orders shown per reason, the rest is counted


def why(desk: Desk, name: str) -> Reason:
    """The reasons behind `name`: a payout, an order number, an entry of a bank or a wallet (by its file's name or
    SHA-256 and its line, "bank.csv:7"), or a file. Raises CrossbookError."""
    for find in (_payout_reason, _order, _credit, _entry, _file):
        reason = find(desk, name)
        if reason is not None:
            return reason
    raise NotFoundError(
        f"nothing in the book is called {name!r}",
        todo="give a payout (crossbook payouts), an order number, a bank entry (bank.csv:7, or as crossbook bank has"
        " it) or a file name",
    )


def sources_of(desk: Desk, reason: Reason) -> dict[Reference, tuple[str, str]]:
    """For every row in the tree: the name of its file and the original text of its line."""
    wanted: dict[str, set[int]] = defaultdict(set)

    def collect(node: Reason) -> None:
        for evidence, line in node.because:
            wanted[evidence].add(line)
        for child in node.reasons:
            collect(child)

    collect(reason)
    names = {e["sha"]: e["name"] for e in desk.book.evidence()}
    return {
        (sha, n): (names.get(sha, sha[:12]), text)
        for sha, lines in wanted.items()
        for n, text in original_lines(desk.book, sha, lines).items()
    }


def _payout_reason(desk: Desk, name: str) -> Reason | None:
    if not any(name in (p.id, p.payout_id) for p in desk.payouts):
        return None
    p = desk.payout(name)
    top = Reason(
        text=f"payout {p.id} of {p.account}: {money.show(p.amount, p.currency)}, paid on {p.paid_on}: {p.status}",
        amount=p.amount,
        currency=p.currency,
        because=[(p.evidence, p.line)],
    )
    if p.restoration:
        top.reasons.append(_restored(p))
    elif p.closure:
        top.reasons.append(_closed(desk, p))
    if by_lots := behind(desk, p):
        top.reasons.append(by_lots)
    if p.id in desk.side.payouts or desk.back(p):
        arrived = _at_bank(desk, p)
        arrived.reasons += further(desk, p, _at_bank)
        top.reasons.append(arrived)
    return top


def _closed(desk: Desk, p: Payout) -> Reason:
    closure = p.closure
    assert closure is not None  # noqa: S101 - the caller has looked
    shown = " + ".join(f"{what} {money.show(amount, p.currency)}" for what, amount in closure.parts)
    node = Reason(f"{p.lines} lines: {shown}", p.lines_total, p.currency)
    values = {"account": p.account, "payout": p.payout_id, "currency": p.currency}
    examples: dict[str, list[Reference]] = defaultdict(list)
    for row in desk.database.rows(
        f"SELECT kind, evidence, line FROM ({lines_sql(p.basis)}) "
        f"QUALIFY row_number() OVER (PARTITION BY kind ORDER BY line) <= {SHOWN} ORDER BY line",
        **values,
    ):
        examples[row["kind"]].append((row["evidence"], row["line"]))
    for row in breakdown(desk.database, p.account, p.payout_id, p.currency, p.basis):
        node.reasons.append(
            Reason(
                text=f"{row['lines']} × {row['kind']}",
                amount=row["amount"],
                currency=p.currency,
                because=examples[row["kind"]],
            )
        )
    if p.difference:
        gap = Reason(
            f"the lines differ from the amount paid by {money.show(p.difference, p.currency)}", p.difference, p.currency
        )
        hints = narrow(
            database=desk.database,
            account=p.account,
            payout=p.payout_id,
            currency=p.currency,
            basis=p.basis,
            difference=p.difference,
            closure=closure,
        )
        gap.reasons = [
            Reason(text=h.what, amount=h.amount, currency=p.currency, because=list(h.because)) for h in hints
        ]
        node.reasons.append(gap)
    return node


def _restored(p: Payout) -> Reason:
    r = p.restoration
    assert r is not None  # noqa: S101 - the caller has looked
    node = Reason(f"{len(r.orders)} orders make this sum ({r.verdict}): {in_words(r)}", p.lines_total, p.currency)
    node.reasons = [
        Reason(
            text=f"order {o.order_id}, probability {odds(o.probability)}",
            amount=o.net,
            currency=p.currency,
            because=[(o.evidence, o.line)],
        )
        for o in r.orders[:SHOWN]
    ]
    if len(r.orders) > SHOWN:
        node.reasons.append(Reason(f"and {len(r.orders) - SHOWN} more orders (crossbook payout {p.id})"))
    for rival in r.rivals[:SHOWN]:
        missing, added = ", ".join(rival.missing) or "none", ", ".join(rival.added) or "none"
        node.reasons.append(
            Reason(f"explanation with odds {odds(rival.probability)}: not in it {missing}; added {added}")
        )
    return node


def _at_bank(desk: Desk, p: Payout) -> Reason:
    if back := desk.back(p):
        if back.day is None:
            text = "it came back: a file calls it failed or returned"
            node = Reason(text, back.amount, back.currency, [(back.evidence, back.line)])
            node.reasons = [Reason(back.problem)] if back.doubtful else []
            return node
        text = f"it came back on {back.day}" + ("" if back.named else ": the last withdrawal of this amount before")
        return Reason(text, back.amount, back.currency, [(back.evidence, back.line)])
    if p.match is None:
        late = desk.arrival(p) == "overdue"
        return Reason("no bank credit" + (", though it should have arrived" if late else " yet"))
    credits = [desk.side.credits[c] for c in p.match.credits]
    total = sum(c["amount"] for c in credits)
    node = Reason(
        text=f"arrived as {', '.join(p.match.credits)}: {entries.in_account(credits)}",
        amount=total,
        currency=credits[0]["currency"],
        because=[(c["evidence"], c["line"]) for c in credits],
    )
    if p.match.against:
        told = [f"this speaks against it: {text}" for text in p.match.against]
        node.reasons = [Reason(told[0], p.match.short, p.currency), *map(Reason, told[1:])]
    node.reasons += [Reason(text) for text in p.match.reasons]
    return node


def _order(desk: Desk, name: str) -> Reason | None:
    steps: list[Reason] = []
    for row in desk.database.rows("SELECT * FROM orders WHERE order_id = $id", id=name):
        steps.append(_step(row, f"ordered at {row['account']} on {row['placed_at']:%Y-%m-%d %H:%M} UTC", row["total"]))
    for row in desk.database.rows("SELECT * FROM parcels WHERE order_id = $id ORDER BY shipped_at", id=name):
        way = f"shipped {_day(row['shipped_at'])}, delivered {_day(row['delivered_at'])}, tracking {row['tracking']}"
        steps.append(_step(row, way))
    for row in desk.database.rows("SELECT * FROM declarations WHERE order_id = $id", id=name):
        steps.append(_step(row, f"declared as {row['declaration']}", row["amount"]))
    for row in desk.database.rows("SELECT * FROM payments WHERE order_id = $id ORDER BY paid_at", id=name):
        paid = (
            f"paid on {_day(row['paid_at'])} by {row['payer'] or 'unknown'} through {row['institution'] or 'unknown'}"
        )
        steps.append(_step(row, paid, row["amount"]))
    for row in desk.database.rows(RETURNS, id=name):
        steps.append(_step(row, f"customs answered on {_day(row['returned_at'])}: {row['state']} ({row['code']})"))
    for row in desk.database.rows("SELECT * FROM receipts WHERE order_id = $id ORDER BY received_at", id=name):
        steps.append(_step(row, f"received on {_day(row['received_at'])}"))
    for row in desk.database.rows("SELECT * FROM invoices WHERE order_id = $id ORDER BY issued_on", id=name):
        steps.append(_step(row, f"invoice {row['invoice_id']} of {row['issued_on']}", row["amount"]))
    for row in desk.database.rows("SELECT * FROM disputes WHERE order_id = $id ORDER BY opened_on", id=name):
        steps.append(
            _step(row, f"dispute opened {row['opened_on']}, closed {row['closed_on']}: {row['state']}", row["amount"])
        )
    lines = lines_of(desk.database, [name])
    sales = [one for found in sold(lines, sent_in(followed(desk), [name])).values() for one in found]
    for row in lines:
        where = f" in payout {row['payout_id']}" if row["payout_id"] else ""
        step = _step(row, f"settled on {row['day']}: {row['kind']} ({row['type']}){where}", row["amount"])
        if row["kind"] in BACK:
            step.reasons = [_taken_back(one) for one in sales if one.account == row["account"]]
        steps.append(step)
    steps += _deferred(desk, name, settled=bool(lines))
    for p in desk.payouts:
        found = next((o for o in p.restoration.orders if o.order_id == name), None) if p.restoration else None
        if found:
            text = f"restored in payout {p.id} ({p.status}), probability {odds(found.probability)}"
            steps.append(Reason(text=text, amount=found.net, currency=p.currency, because=[(p.evidence, p.line)]))
    steps += onward(desk, name, _at_bank)
    return Reason(f"order {name}", reasons=steps) if steps else None


def _deferred(desk: Desk, name: str, *, settled: bool) -> list[Reason]:
    """What a platform tells of an order's money as deferred: each line, and when it is released, if it says."""
    steps = []
    rows = desk.database.rows(
        "SELECT * FROM release_told WHERE order_id = $id AND state = 'deferred' ORDER BY day, line", id=name
    )
    last = last_told(desk.database) if rows else None
    for row in rows:
        text = f"deferred on {row['day']}: {row['kind']} ({row['type']})"
        if not settled:
            text += _until(row["release_on"], last)
        steps.append(_step(row, text, row["amount"]))
    return steps


def _until(release_on: date | None, last: date | None) -> str:
    if release_on is None:
        return ", nothing says until when"
    if last is not None and release_on < last:
        return f", to be released by {release_on}, which is past, and in no payout that the book has"
    return f", to be released on {release_on}"


def _taken_back(one: Sold) -> Reason:
    """The sale behind money that was paid back or held."""
    where = f" in payout {', '.join(one.payouts)}" if one.payouts else ", not paid out yet"
    return Reason(f"of the sale settled on {one.day}{where}", one.amount, one.currency, [(one.evidence, one.line)])


def _step(row: dict[str, Any], text: str, amount: int | None = None) -> Reason:
    return Reason(text=text, amount=amount, currency=row.get("currency"), because=[(row["evidence"], row["line"])])


def _day(moment: Any) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "unknown"


def _credit(desk: Desk, name: str) -> Reason | None:
    credit = desk.side.credits.get(name)
    if credit is None:
        return None
    node = entries.told(credit)
    match = next((m for m in desk.side.matches if name in m.credits), None)
    if match is None:
        node.reasons.append(Reason("no payout is known for it"))
        node.reasons += entries.other_side(desk, credit)
    else:
        sent = [p for p in desk.payouts if p.id in match.payouts]
        node.reasons.append(
            Reason(
                f"matched with payout {', '.join(match.payouts)}",
                reasons=[
                    *map(_left, sent),
                    *(Reason(f"this speaks against it: {text}") for text in match.against),
                    *map(Reason, match.reasons),
                ],
            )
        )
        node.reasons += [reason for p in sent if (reason := behind(desk, p))]
    return node


def _left(p: Payout) -> Reason:
    """Where the money of a credit came from."""
    return Reason(f"it left {p.account} on {_day(p.paid_on)} as payout {p.id}", p.amount, p.currency, [_at(p)])


def _at(p: Payout) -> Reference:
    return p.evidence, p.line


def _entry(desk: Desk, name: str) -> Reason | None:
    """An entry of a bank or a wallet by NAME:LINE: a credit, a wallet's withdrawal, or any other."""
    found = entries.named(desk, name)
    if len({r["evidence"] for r in found}) != 1:
        return None
    row = found[0]
    if (p := next((p for p in desk.payouts if _at(p) == (row["evidence"], row["line"])), None)) is not None:
        return _payout_reason(desk, p.id)
    if reason := _credit(desk, credit_key(row)):
        return reason
    node = entries.told(row)
    node.reasons = of_line(desk, row["evidence"], row["line"])
    if not node.reasons:
        node.reasons = [Reason("no payout and no order is known for it"), *entries.other_side(desk, row)]
    return node


def _file(desk: Desk, name: str) -> Reason | None:
    found = [e for e in desk.book.evidence() if e["name"] == name or (len(name) >= 6 and e["sha"].startswith(name))]
    if len(found) != 1:
        return None
    e = found[0]
    held = ", ".join(f"{n} {kind}" for kind, n in sorted(e["facts"].items()))
    return Reason(f"{e['name']}, added {e['added_at'][:10]}, read by {e['source']}: {held}", because=[(e["sha"], 1)])
