"""A rule is not to be held against a trade: it is real all the same."""

from __future__ import annotations

from urllib.parse import quote

from crossbook import money
from crossbook.book import Book
from crossbook.book.journal import Entry
from crossbook.decisions import Asked, Choice, Kind, Look, Objection, Opened, Wish, by, taken_back
from crossbook.decisions.kind import Plain
from crossbook.engine import connect
from crossbook.errors import ParameterError
from crossbook.verify.aside import order_and_rule, set_aside
from crossbook.verify.rule import VERDICTS
from crossbook.verify.rules import rules
from crossbook.verify.trade import Fault, Trade, trade


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    order, rule = str(wish["order"]), str(wish["rule"])
    _known(rule)
    told = _trade(opened, order)
    fault = next((f for f in told.faults if f.rule == rule), None)
    refused = _against(opened, told, rule, fault)
    return Look(
        subject=order,
        body={"rule": rule, "verdict": _worst(told, without=rule), "amount": told.stake, "currency": told.currency},
        effects=() if refused else (_becomes(told, _worst(told, without=rule)), *_said(fault)),
        refused=refused,
        links=_page(order),
    )


def _known(rule: str) -> None:
    names = [r.name for r in rules()]
    if rule not in names:
        raise ParameterError("rule", rule, names, todo="see `crossbook trade verify --rules`")


def _against(opened: Opened, told: Trade, rule: str, fault: Fault | None) -> tuple[Objection, ...]:
    if (told.order_id, rule) in set_aside(opened.book):
        text = f"{rule} is set aside for {told.order_id} already"
        return (Objection(text + by(opened.book.journal(), FINDING.done, order_and_rule, (told.order_id, rule))),)
    if fault is None:
        todo = f"see crossbook trade show {told.order_id} for the rules that it breaks"
        return (Objection(f"{told.order_id} does not break {rule}", todo),)
    return ()


def _said(fault: Fault | None) -> tuple[str, ...]:
    """What the papers say that is overruled."""
    return tuple(f"the {s.paper} says {s.text or '—'}" for s in fault.said) if fault else ()


def _worst(told: Trade, *, without: str = "", again: str = "") -> str:
    """The verdict by the rules that are not set aside now, one of them left out, or one of the others counted again."""
    left = [f for f in told.faults if (f.aside is None or f.rule == again) and f.rule != without]
    return min((f.verdict for f in left), key=VERDICTS.index, default=VERDICTS[-1])


def _becomes(told: Trade, verdict: str) -> str:
    known = told.stake is not None and told.currency
    amount = money.show(told.stake, told.currency or "") if known else "amount unknown"
    before = _worst(told)
    change = f"stays {verdict}" if verdict == before else f"is {verdict} instead of {before}"
    return f"{told.order_id} ({amount}) {change}"


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    order, rule = str(wish["order"]), str(wish["rule"])
    effects: tuple[str, ...] = ()
    if (order, rule) in set_aside(opened.book):
        told = _trade(opened, order)
        effects = (_becomes(told, _worst(told, again=rule)),)
    return taken_back(opened, FINDING, (order, rule), effects, f"{rule} is not set aside for {order}")


def _holds(opened: Opened, entry: Entry) -> tuple[Objection, ...]:
    """Whether the papers say the same as when the rule was set aside."""
    order, rule = order_and_rule(entry)
    told = _trade(opened, order)
    if any(f.rule == rule for f in told.faults):
        return ()
    return (Objection(f"{order} does not break {rule} any more", "take the decision back: nothing needs it"),)


def _sentence(entry: Entry) -> str:
    if entry.action == "take up again":
        return f"{entry.body['rule']} counts again for {entry.subject}"
    return f"{entry.body['rule']} is set aside for {entry.subject}"


def _page(order: str) -> dict[str, str]:
    return {order: f"/orders/{quote(order, safe='')}"}


def _broken(opened: Opened, wish: Wish) -> list[Choice]:
    if not wish.get("order"):
        return [Choice(r.name, r.title) for r in rules()]
    told = _trade(opened, str(wish["order"]))
    return [Choice(f.rule, f.title) for f in told.faults if f.aside is None]


def _trade(opened: Opened, order: str) -> Trade:
    if not opened.database.has("verdict"):
        opened.database.ask("verdict")
    return trade(opened.database, opened.book, order)


def _opens(book: Book) -> Opened:
    database = connect(book)
    database.ask("verdict")
    return Plain(book=book, database=database)


FINDING = Kind(
    name="finding",
    title="A rule is not to be held against a trade: it is real all the same",
    done="set aside",
    undone="take up again",
    asked=(
        Asked(name="order", text="The order", key=True),
        Asked(name="rule", text="The rule that it breaks", key=True, choices=_broken),
    ),
    look=_look,
    back=_back,
    key=order_and_rule,
    sentence=_sentence,
    links=lambda e: _page(e.subject),
    checks=("The trade breaks the rule today; what the papers say, and the verdict that is left, are shown.",),
    refuses=("The trade does not break the rule, or the rule was set aside already.",),
    why="say what shows that the trade is real all the same",
    opens=_opens,
    rests_on=("retire", "reinstate"),
    holds=_holds,
)
