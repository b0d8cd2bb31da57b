"""The way of money as reasons: onward from an order to the bank, and back from a payout to the orders behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from crossbook import money
from crossbook.settle.bank.matching import implied_rate
from crossbook.settle.desk import Desk, Payout
from crossbook.settle.flow.following import followed
from crossbook.settle.flow.pairs import HOW
from crossbook.views.reason import Reason

SHOWN = 5  # orders or receipts shown, the rest is counted
Rows = list[dict[str, Any]]
AtBank = Callable[[Desk, Payout], Reason]

_EVENT = "SELECT * FROM flow_event WHERE id IN (SELECT unnest($ids))"
_BEHIND = """
WITH drawn AS (SELECT e.id FROM flow_event e JOIN balance_drawn d ON d.account = e.account AND d.currency = e.currency
               WHERE e.held = 'balance' AND e.kind = 'withdrawal' AND e.at = 4 * d.place
                 AND d.account = $account AND d.payout_id = $payout AND d.currency = $currency)
SELECT p.*, c."into" AS number FROM flow p LEFT JOIN flow_event c ON c.id = p.came
WHERE p.went IN (SELECT id FROM drawn UNION ALL SELECT id FROM flow_event WHERE borne_by IN (SELECT id FROM drawn))
ORDER BY p.came, p.origin
"""

_FURTHER = """
SELECT * FROM flow WHERE origin IN (
  SELECT f.origin FROM flow f JOIN flow_event e ON e.id = f.went
  WHERE f."into" IS NOT NULL AND e.kind = 'withdrawal'
    AND e.account = $account AND e.reference = $payout AND e.currency = $currency)
ORDER BY came, went
"""

_UNPAIRED = """
SELECT 1 FROM flow_event WHERE held = 'balance' AND kind = 'conversion' AND account = $account
  AND currency <> $currency AND amount > 0 AND "into" < 0 LIMIT 1
"""


def onward(desk: Desk, order_id: str, at_bank: AtBank) -> list[Reason]:
    """Where the money of an order went from the balances that it came into; nothing where no balance has it."""
    rows = followed(desk).rows("SELECT * FROM flow WHERE order_id = $id ORDER BY came, went", id=order_id)
    if not rows:
        return []
    events = _events(desk, rows)
    by_receipt: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_receipt[row["came"]].append(row)
    first = {row["came"] for row in rows if row["came"] == row["origin"]}
    start = [row for came in sorted(first) for row in by_receipt[came]]
    return _onward(desk, start, by_receipt, events, at_bank)


def further(desk: Desk, p: Payout, at_bank: AtBank) -> list[Reason]:
    """Where the money of a payout went from the wallet, or other balance, that it arrived in; nothing where it arrived
    in none. Where money of other payouts is in the same lots it is followed no further, for what is whose is not known
    beyond."""
    values = {"account": p.account, "payout": p.payout_id, "currency": p.currency}
    rows = followed(desk).rows(_FURTHER, **values)
    events = _events(desk, rows)
    sent = [r for r in rows if r["into"] is not None and _is(p, events[r["went"]])]
    by_receipt: dict[Any, Rows] = defaultdict(list)
    for row in rows:
        by_receipt[row["came"]].append(row)
    _leave_out_mixed(sent, by_receipt)
    return [reason for node in _onward(desk, sent, by_receipt, events, at_bank) for reason in node.reasons]


def _leave_out_mixed(sent: Rows, by_receipt: dict[Any, Rows]) -> None:
    """Leave out the receipts that hold more of a lot than came into them from these rows, and what follows."""
    came: dict[Any, Counter[Any]] = defaultdict(Counter)
    for row in sent:
        came[row["into"]][row["origin"]] += row["into_amount"]
    for receipt, brought in came.items():
        held = [r for r in by_receipt[receipt] if r["origin"] in brought]
        whole = Counter[Any]()
        for row in held:
            whole[row["origin"]] += row["amount"]
        if whole != brought:
            by_receipt[receipt] = []
        elif later := [r for r in held if r["into"] is not None]:
            _leave_out_mixed(later, by_receipt)


def _onward(
    desk: Desk,
    rows: list[dict[str, Any]],
    by_receipt: dict[Any, list[dict[str, Any]]],
    events: dict[int, dict[str, Any]],
    at_bank: AtBank,
) -> list[Reason]:
    """A reason for each outgo that took of the rows, with what became of it behind it."""
    by_outgo: dict[tuple[Any, Any, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_outgo[row["went"], row["into"], row["account"], row["currency"]].append(row)
    found = []
    for (went, into, account, currency), taken in by_outgo.items():
        amount = sum(r["amount"] for r in taken)
        if went is None:
            place = "held in reserve by" if taken[0]["held"] == "reserve" else "in the balance of"
            found.append(Reason(f"it is {place} {account}", amount, currency))
            continue
        event = events[went]
        node = Reason(_taken(desk, event), amount, currency, [(event["evidence"], event["line"])])
        if into is not None:
            node = _sent(event, events[into], taken, amount)
            later = [r for r in by_receipt[into] if r["origin"] in {t["origin"] for t in taken}]
            node.reasons += _onward(desk, later, by_receipt, events, at_bank)
        elif event["kind"] == "withdrawal":
            node.reasons += [at_bank(desk, p) for p in desk.payouts if _is(p, event) and p.id in desk.side.payouts]
        if (event["held"] == "balance" and into is None) or event["kind"] == "conversion":
            node.reasons.insert(0, Reason(_rule(event)))
        found.append(node)
    return found


def _taken(desk: Desk, event: dict[str, Any]) -> str:
    if event["kind"] == "withdrawal":
        return f"withdrawn from {event['account']} in payout {event['reference']} on {event['day']}"
    if event["kind"] == "conversion":
        if _possible(desk, event):
            return f"converted on {event['day']}; which line is the other side is not decided: several are possible"
        return f"converted on {event['day']}; the other side is in no file"
    whom = f" of order {event['order_id']}" if event["order_id"] else ""
    return f"taken on {event['day']} by {event['type'] or event['kind']}{whom}"


def _possible(desk: Desk, event: dict[str, Any]) -> bool:
    """Whether other conversions of the account could be the other side of one that is paired with none."""
    values = {n: event[n] for n in ("account", "currency")}
    return bool(desk.database.rows(_UNPAIRED, **values))


def _sent(out: dict[str, Any], into: dict[str, Any], taken: list[dict[str, Any]], amount: int) -> Reason:
    """What became of money: a conversion, money in a wallet, a reserve."""
    became = sum(r["into_amount"] for r in taken)
    both = [(out["evidence"], out["line"]), (into["evidence"], into["line"])]
    shown, to = money.show(amount, out["currency"]), into["currency"]
    if out["kind"] == "conversion":
        text = f"converted on {out['day']} at {rate_of(out, into)} {to} for 1 {out['currency']}: {shown} became"
        return Reason(text, became, to, both, [Reason(HOW[taken[0]["how"]])])
    if taken[0]["how"] == "reserve":
        way = "held back" if into["held"] == "reserve" else "released"
        return Reason(f"{way} by {out['account']} on {into['day']}", became, to, both[:1])
    if taken[0]["how"] == "returned":
        text = f"paid in payout {out['reference']} on {out['day']}; it came back to {into['account']} on {into['day']}"
        return Reason(text, became, to, both)
    text = f"paid in payout {out['reference']} on {out['day']}; in {into['account']} on {into['day']}"
    if (became, to) != (amount, out["currency"]):
        text += f": {shown} became"
    return Reason(text, became, to, both)


def rate_of(out: dict[str, Any], into: dict[str, Any]) -> str:
    """Units received for one unit, from the two sums of a conversion."""
    rate = implied_rate(-out["amount"], out["currency"], into["amount"], into["currency"])
    return f"{rate:.6f}".rstrip("0").rstrip(".")


def _rule(event: dict[str, Any]) -> str:
    if event["rule"]:
        return f"lots taken by the rule of {event['account']}: {event['rule']}"
    return f"taken first in, first out: no rule of {event['account']} is known"


def behind(desk: Desk, p: Payout) -> Reason | None:
    """The orders whose money a payout of a running balance took, by the way it came; None where no lot tells."""
    values = {"account": p.account, "payout": p.payout_id, "currency": p.currency}
    rows = followed(desk).rows(_BEHIND, **values) if p.basis == "balance" else []
    if not rows:
        return None
    events = _events(desk, rows)
    senders = {
        e["out_of"]: e
        for e in desk.database.rows(
            "SELECT * FROM flow_event WHERE out_of IN (SELECT unnest($numbers)) AND out_of >= 0 ORDER BY id DESC",
            numbers=sorted({r["number"] for r in rows if r["number"] is not None}),
        )
    }
    orders = {r["order_id"] for r in rows if r["order_id"]}
    fees: dict[int, int] = defaultdict(int)  # of no order, which it bears: they took a share of each of its lots
    for row in rows:
        if events[row["went"]]["kind"] == "fee":
            fees[row["went"]] += row["amount"]
    whole = sum(r["amount"] for r in rows) - sum(fees.values())
    top = Reason(f"its money by lots: {len(orders):,} orders", whole, p.currency)
    top.reasons.append(Reason(_rule(events[rows[0]["went"]])))
    own = [r for r in rows if r["came"] is not None and r["came"] == r["origin"] and r["order_id"]]
    if own:
        top.reasons.append(_of_orders("from its own orders", own, p.currency, events))
    groups: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["came"] is not None and row["came"] != row["origin"]:
            groups[row["came"]].append(row)
    shown = sorted(groups.items(), key=lambda g: -sum(r["amount"] for r in g[1]))
    for came, part in shown[:SHOWN]:
        out = senders[part[0]["number"]]
        node = _of_orders(_arrived(out, events[came]), part, p.currency, events)
        node.because = [(e["evidence"], e["line"]) for e in (out, events[came])]
        top.reasons.append(node)
    if rest := shown[SHOWN:]:
        amount = sum(r["amount"] for _, part in rest for r in part)
        top.reasons.append(Reason(f"and {len(rest)} more receipts from other balances", amount, p.currency))
    alone = [r for r in rows if not r["order_id"] and r["came"] == r["origin"] and _known(events, r)]
    for row in alone[:SHOWN]:
        event = events[row["origin"]]
        because = [(event["evidence"], event["line"])]
        top.reasons.append(Reason(f"of no order: {event['type'] or event['kind']}", row["amount"], p.currency, because))
    if rest_alone := alone[SHOWN:]:
        amount = sum(r["amount"] for r in rest_alone)
        top.reasons.append(Reason(f"and {len(rest_alone)} more of no order", amount, p.currency))
    unknown = sum(r["amount"] for r in rows if not _known(events, r) and r["came"] in (None, r["origin"]))
    if unknown:
        top.reasons.append(Reason("origin unknown: no file says where it came from", unknown, p.currency))
    for went, amount in list(fees.items())[:SHOWN]:
        text = f"less a fee of no order: {events[went]['type'] or events[went]['kind']}"
        top.reasons.append(Reason(text, -amount, p.currency, [_row(events[went])]))
    if rest_fees := list(fees.values())[SHOWN:]:
        top.reasons.append(Reason(f"less {len(rest_fees):,} more fees of no order", -sum(rest_fees), p.currency))
    return top


def of_line(desk: Desk, evidence: str, line: int) -> list[Reason]:
    """What the movements of a balance that stand in a line took, or what they brought: the orders behind them, and of a
    conversion its other side."""
    database, found = followed(desk), list[Reason]()
    values = {"evidence": evidence, "line": line}
    for event in database.rows("SELECT * FROM flow_event WHERE evidence = $evidence AND line = $line", **values):
        end = "went" if event["amount"] < 0 else "came"
        if not (rows := database.rows(f"SELECT * FROM flow WHERE {end} = $id ORDER BY origin", id=event["id"])):
            continue
        events = _events(desk, rows)
        sent = [r for r in rows if end == "went" and r["into"] is not None]
        for into in dict.fromkeys(r["into"] for r in sent):
            taken = [r for r in sent if r["into"] == into]
            found.append(_sent(event, events[into], taken, sum(r["amount"] for r in taken)))
        found.append(_of_orders("its money by lots", rows, event["currency"], events))
    return found


def _known(events: dict[int, dict[str, Any]], row: dict[str, Any]) -> bool:
    return row["origin"] is not None and events[row["origin"]]["kind"] not in ("carried", "gap")


def _arrived(out: dict[str, Any], into: dict[str, Any]) -> str:
    if out["kind"] == "conversion":
        paid = money.show(-out["amount"], out["currency"])
        return f"from a conversion on {out['day']} of {paid} at {rate_of(out, into)} {into['currency']}"
    if out["kind"] == "withdrawal":
        return f"from payout {out['reference']} of {out['account']}, received on {into['day']}"
    return f"from a reserve of {out['account']}, released on {into['day']}"


def _of_orders(text: str, rows: list[dict[str, Any]], currency: str, events: dict[int, dict[str, Any]]) -> Reason:
    """So much of some orders, the largest of them named with what it was where it began."""
    node = Reason(text, sum(r["amount"] for r in rows), currency)
    by_order: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_order[row["order_id"] if row["order_id"] or _known(events, row) else UNKNOWN].append(row)
    largest = sorted(by_order.items(), key=lambda o: -sum(r["amount"] for r in o[1]))
    for order, part in largest[:SHOWN]:
        amount, began = (sum(r[n] for r in part) for n in ("amount", "origin_amount"))
        origin = part[0]["origin_currency"]
        was = f": {money.show(began, origin)} there" if origin and origin != currency else ""
        name = order if order is UNKNOWN else f"order {order}" if order else events[part[0]["origin"]]["type"]
        because = [] if order is UNKNOWN else [_row(events[r["origin"]]) for r in part[:1]]
        node.reasons.append(Reason(f"{name}{was}", amount, currency, because))
    if rest := largest[SHOWN:]:
        amount = sum(r["amount"] for _, part in rest for r in part)
        node.reasons.append(Reason(f"and {len(rest):,} more orders", amount, currency))
    return node


UNKNOWN = "origin unknown"


def _row(event: dict[str, Any]) -> tuple[str, int]:
    return event["evidence"], event["line"]


def _events(desk: Desk, rows: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """The movements that some pieces name."""
    ids = sorted({r[n] for r in rows for n in ("came", "went", "origin", "into") if r[n] is not None})
    return {e["id"]: e for e in desk.database.rows(_EVENT, ids=ids)}


def _is(p: Payout, event: dict[str, Any]) -> bool:
    return (p.account, p.payout_id, p.currency) == (event["account"], event["reference"], event["currency"])
