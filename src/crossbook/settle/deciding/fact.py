"""A fact of a payout known by its total, which its notice does not say: how many orders, fees, sums, one order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from crossbook import money
from crossbook.book.journal import Entry
from crossbook.calendars import typed_day
from crossbook.decisions import Asked, Choice, Kind, Look, Objection, Opened, Wish, taken_back
from crossbook.decisions.saying import minor
from crossbook.errors import CrossbookError, ParameterError
from crossbook.settle.desk import Desk, Payout, settle
from crossbook.settle.restoration.stated import DONE, UNDONE, key, stated_in

FACTS = {
    "count": "the number of its orders: 14",
    "fee_total": "the fees taken from it: 81.20",
    "orders": "whether orders are in it: SB20250000270=yes SB20250000311=no",
    "sums": "its orders' sum, net of fees, up to a day and after the one before: 2025-01-02=165.44 2025-01-03=80.10",
}
YES, NO = ("yes", "true", "in", "是"), ("no", "false", "out", "否")
KNOWN_ORDERS = "SELECT order_id FROM orders WHERE account = $account AND list_contains($ids, order_id)"


def _desk(opened: Opened) -> Desk:
    return opened if isinstance(opened, Desk) else settle(opened.book)


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    desk = _desk(opened)
    p, fact = desk.payout(str(wish["payout"])), str(wish["fact"])
    if fact not in FACTS:
        raise ParameterError("fact", fact, tuple(FACTS))
    value = _value(p, fact, tuple(wish["value"]))
    return Look(
        subject=p.id,
        body={"fact": fact, "value": value, "currency": p.currency},
        effects=_effects(desk, p, fact, value),
        refused=_against(desk, p, fact, value),
        links=_pages(p.id, tuple(value) if fact == "orders" else ()),
    )


def _value(p: Payout, fact: str, words: tuple[str, ...]) -> Any:
    """What was said, as the journal has it. Raises CrossbookError where it cannot be read."""
    if fact in ("count", "fee_total"):
        if len(words) != 1:
            raise CrossbookError(f"{fact} is one number, not {len(words)}", todo=f"say {FACTS[fact]}")
        if fact == "fee_total":
            return minor(words[0], p.currency)
        if not (words[0].isascii() and words[0].isdigit() and len(words[0]) < 10):
            raise CrossbookError(f"{words[0]} is no number of orders", todo=f"say {FACTS[fact]}")
        return int(words[0])
    pairs = [word.rpartition("=") for word in words]
    bad = next((w for w, (name, _, told) in zip(words, pairs, strict=True) if not name or not told), None)
    if bad is not None:
        raise CrossbookError(f"{bad} does not say what it is of", todo=f"say {FACTS[fact]}")
    if len({name for name, _, _ in pairs}) < len(pairs):
        raise CrossbookError(f"{fact} names something twice", todo="say each once")
    if fact == "orders":
        return {name: _there(name, told) for name, _, told in pairs}
    sums = [(typed_day(day, fact), minor(told, p.currency)) for day, _, told in pairs]
    return [[day.isoformat(), amount] for day, amount in sorted(sums)]


def _there(order: str, told: str) -> bool:
    if told.lower() not in (*YES, *NO):
        raise CrossbookError(f"whether {order} is in it is said by yes or no, not {told}", todo=f"say {order}=yes")
    return told.lower() in YES


def _against(desk: Desk, p: Payout, fact: str, value: Any) -> tuple[Objection, ...]:
    if p.restoration is None:
        return (Objection(f"{p.id} is not restored from its total", f"see crossbook payout {p.id}"),)
    if stated_in(desk.book.journal()) != desk.stated:
        return (Objection("other facts were stated since these figures were made", "look at them and try again"),)
    found: list[Objection] = []
    if fact in ("count", "fee_total"):
        row = desk.database.rows(
            f"SELECT {fact} AS noted FROM payout_used "
            "WHERE account = $account AND payout_id = $payout AND currency = $currency",
            account=p.account,
            payout=p.payout_id,
            currency=p.currency,
        )[0]
        if row["noted"] is not None and row["noted"] != value:
            noted = row["noted"] if fact == "count" else money.show(row["noted"], p.currency)
            found.append(Objection(f"the notice itself says {noted}", "correct the file that is wrong"))
        if value < (1 if fact == "count" else 0):
            found.append(Objection(f"{fact} cannot be so little", "state what the platform says"))
    if fact == "orders":
        ids = list(value)
        known = {r["order_id"] for r in desk.database.rows(KNOWN_ORDERS, account=p.account, ids=ids)}
        found += [Objection(f"{p.account} has no order {i}", "add the orders first") for i in ids if i not in known]
        for other, stated in desk.stated.items():
            twice = [i for i in ids if value[i] and other != p.id and i in stated.inside]
            found += [Objection(f"order {i} was stated to be in {other}", "withdraw that first") for i in twice]
    return tuple(found)


def _effects(desk: Desk, p: Payout, fact: str, value: Any) -> tuple[str, ...]:
    effects = [f"{p.id} is restored by it: {_said(fact, value, p.currency)}"]
    if fact == "sums":
        rest = p.amount - sum(amount for _, amount in value)
        effects.append(f"the rest, {money.show(rest, p.currency)}, is for orders placed after {value[-1][0]}")
    others = sum(q.account == p.account and q.restoration is not None and q is not p for q in desk.payouts)
    if others:
        effects.append(f"the {others} other payouts of {p.account} are held against it")
    return tuple(effects)


def _said(fact: str, value: Any, currency: str) -> str:
    if fact == "count":
        return f"{value} orders"
    if fact == "fee_total":
        return f"{money.show(value, currency)} of fees"
    if fact == "orders":
        return ", ".join(f"{order} is {'' if there else 'not '}in it" for order, there in value.items())
    return ", ".join(f"{money.show(part, currency)} of orders placed up to {day}" for day, part in value)


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    payout, fact = str(wish["payout"]), str(wish["fact"])
    effects = (f"{payout} and the other payouts of its account are restored without it",)
    return taken_back(opened, FACT, (payout, fact), effects, f"no {fact} of {payout} was stated")


def _sentence(entry: Entry) -> str:
    if entry.action == UNDONE:
        return f"the {entry.body['fact']} of {entry.subject} is withdrawn"
    return f"stated of {entry.subject}: {_said(entry.body['fact'], entry.body['value'], entry.body['currency'])}"


def _pages(payout: str, orders: tuple[str, ...]) -> dict[str, str]:
    return {payout: f"/payouts/{quote(payout, safe='')}"} | {o: f"/orders/{quote(o, safe='')}" for o in orders}


def _links(entry: Entry) -> Mapping[str, str]:
    value = entry.body.get("value")
    return _pages(entry.subject, tuple(value) if isinstance(value, dict) else ())


def _restored(opened: Opened, wish: Wish) -> list[Choice]:
    found = [p for p in _desk(opened).payouts if p.restoration and not p.accepted]
    return [Choice(p.id, f"{p.id} · {p.paid_on} · {money.show(p.amount, p.currency)}") for p in found]


def _facts(opened: Opened, wish: Wish) -> list[Choice]:
    return [Choice(name, text) for name, text in FACTS.items()]


FACT = Kind(
    name="fact",
    title="A fact of a payout that is known by its total alone",
    done=DONE,
    undone=UNDONE,
    asked=(
        Asked(name="payout", text="The payout", key=True, choices=_restored),
        Asked(name="fact", text="Which fact: count, fee_total, orders or sums", key=True, choices=_facts),
        Asked(name="value", text="What it is: 14, 81.20, ORDER=yes, or DAY=AMOUNT for each day", of="words"),
    ),
    look=_look,
    back=_back,
    key=key,
    sentence=_sentence,
    links=_links,
    checks=("The payout is restored from its total.", "Orders that are named are the account's."),
    refuses=("The notice itself says otherwise, or an order was stated to be in another payout.",),
    why="say who told it, and when",
    opens=settle,
    rests_on=("retire", "reinstate"),
)
