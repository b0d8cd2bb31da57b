"""What somebody decides next in a generated book: for every kind a wish drawn by a seed, mostly one that can be."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from crossbook.book import Book
from crossbook.decisions import Kind, Opened, Wish, standing
from crossbook.errors import CrossbookError
from crossbook.settle import Desk
from crossbook.settle.desk import settle
from tests.decisions.books import HOUSE, HOUSE_MAPPING, TODAY

PEOPLE = ("li", "wang", "zhao")


@dataclass(frozen=True)
class Choosing:
    """A kind in a book, as somebody sees it who chooses; `folder` is for the files that they give."""

    opened: Opened
    kind: Kind
    rng: random.Random
    folder: Path

    @property
    def book(self) -> Book:
        return self.opened.book

    def one(self, name: str, **said: Any) -> Any:
        """One of what faces offer under a name, after what was said. Raises IndexError when nothing is offered."""
        asked = next(a for a in self.kind.asked if a.name == name)
        assert asked.choices
        return self.rng.choice([c.value for c in asked.choices(self.opened, said)])

    def day(self) -> date:
        return TODAY - timedelta(days=self.rng.randint(0, 70))

    def maybe(self, share: float = 0.5) -> bool:
        return self.rng.random() < share


class NothingToDecideError(Exception):
    """The book has nothing to decide of a kind."""


def wish_for(choosing: Choosing) -> Wish:
    """Something to decide; one time in ten spoilt."""
    try:
        wish = CHOOSERS[choosing.kind.name](choosing)
    except (IndexError, CrossbookError):  # nothing is offered, or what it is offered from is out of use
        raise NothingToDecideError from None
    if choosing.maybe(0.9):
        wish = {"why": "told by phone", **wish}
    return _spoilt(choosing, wish) if choosing.maybe(0.1) else wish


def wish_to_undo(choosing: Choosing) -> Wish:
    """What names a decision to be taken back, mostly one that stands; of matches one made by itself, too."""
    kind, rng = choosing.kind, choosing.rng
    entries = choosing.book.journal()
    ever = [e for e in entries if e.action == kind.done]
    stands = list(standing(entries, kind.done, kind.undone, kind.key).values())
    if kind.name == "match" and choosing.maybe():
        made = [p for m in _desk(choosing).side.matches for p in m.payouts]
        if made:
            return {"payout": rng.choice(made), "why": "the bank says so"}
    chosen = stands if stands and choosing.maybe(0.9) else ever
    if not chosen:
        raise NothingToDecideError
    return {**kind.named(rng.choice(chosen)), "why": "by mistake"}


def _spoilt(choosing: Choosing, wish: Wish) -> Wish:
    """One thing that was said is left out, or is another: what no book knows, or a day to come."""
    name = choosing.rng.choice(sorted(wish))
    rest = {k: v for k, v in wish.items() if k != name}
    of = next((a.of for a in choosing.kind.asked if a.name == name), "text")
    odd = {"number": 999, "day": TODAY + timedelta(days=5), "amount": "12.345"}.get(of, "nothing of the kind")
    return rest if of in ("days", "path") or choosing.maybe(0.3) else {**rest, name: odd}


def _desk(c: Choosing) -> Desk:
    return c.opened if isinstance(c.opened, Desk) else settle(c.book, restore=False)


def _match(c: Choosing) -> Wish:
    side = _desk(c).side
    payout = c.rng.choice([p.key for p in side.open_payouts]) if c.maybe(0.6) else c.rng.choice(sorted(side.payouts))
    credits = [row["key"] for row in side.open_credits] if c.maybe(0.7) else sorted(side.credits)
    sent = side.payouts[payout].paid_on
    near = [k for k in credits if -1 <= (side.credits[k]["booked_on"] - sent).days <= 30]
    return {"payout": payout, "credit": c.rng.choice(near if near and c.maybe(0.8) else credits)}


def _entry(c: Choosing) -> Wish:
    """Two entries of one account and amount in two files, mostly; the book has few that may be one."""
    c.opened.database.ask("lines")
    rows = c.opened.database.rows("SELECT key, evidence, owner, amount FROM bank_row ORDER BY row")
    first = c.rng.choice(rows)
    alike = [r for r in rows if r["evidence"] != first["evidence"] and r["amount"] == first["amount"]]
    other = c.rng.choice(alike if alike and c.maybe(0.9) else rows)
    return {"first": first["key"], "second": other["key"], "answer": c.rng.choice(("same", "two"))}


def _explanation(c: Choosing) -> Wish:
    payout = c.one("payout")
    return {"payout": payout, "number": int(c.one("number", payout=payout))}


def _fact(c: Choosing) -> Wish:
    payout = c.one("payout")
    return {"payout": payout, "fact": "count", "value": (str(c.rng.randrange(1, 40)),)}


def _finding(c: Choosing) -> Wish:
    rows = c.opened.database.rows("SELECT DISTINCT subject FROM verify_finding ORDER BY subject")
    order = c.rng.choice([row["subject"] for row in rows])
    return {"order": order, "rule": c.one("rule", order=order)}


def _hit(c: Choosing) -> Wish:
    listing = c.one("listing")
    return {"listing": listing, "mark": c.one("mark", listing=listing)}


def _return(c: Choosing) -> Wish:
    form = c.rng.choice(("ioss", "ioss", "cn_platform", "uk_vat", "us_sales"))
    amount = {"amount": c.rng.choice(("12.30", 0, 150))} if c.maybe(0.3) else {}
    return {"form": form, "period": c.one("period", form=form), **({"on": c.day()} if c.maybe() else {}), **amount}


def _file(c: Choosing) -> Wish:
    return {"file": c.rng.choice(sorted(e["name"] for e in c.book.evidence()))}


def _reading(c: Choosing) -> Wish:
    table = c.folder / "house.csv"
    rows = c.rng.choice(("", "", "soon,1.00,,USD,d\n"))  # a row that cannot be read is asked about
    table.write_text(HOUSE + rows, encoding="utf-8")
    text = HOUSE_MAPPING.replace('"house"', c.rng.choice(('"house"', '"home"')))
    return {"mapping": "house", "table": table, "text": text}


def _approval(c: Choosing) -> Wish:
    return {"entry": c.rng.choice([e.seq for e in c.book.journal() if e.action != "add"])}


def _case(c: Choosing) -> Wish:
    procedure = "us_suit" if c.maybe() else c.one("procedure")
    happened = {c.one("happened", procedure=procedure): c.day() for _ in range(c.rng.randint(0, 3))}
    more = {"state": "IL", "skus": "BAG-1 BAG-2"} if c.maybe() else {}
    return {"case": f"case-{c.rng.randint(1, 4)}", "procedure": procedure, "happened": happened, **more}


def _event(c: Choosing) -> Wish:
    of = c.one("case")
    return {"case": of, "event": c.one("event", case=of), "on": c.day()}


def _about(c: Choosing) -> Wish:
    told = {"skus": ("BAG-0",), "docket": "1:26-cv-1", "right": "trademark", "accounts": ("totals",), "state": "NY"}
    return {"case": c.one("case"), **dict(c.rng.sample(sorted(told.items()), c.rng.randint(0, 3)))}


def _limit(c: Choosing) -> Wish:
    of = c.one("case")
    return {"case": of, "limit": c.one("limit", case=of), "on": c.day()}


def _closing(c: Choosing) -> Wish:
    return {"case": c.one("case")}


def _notice(c: Choosing) -> Wish:
    named = {"notice": f"N{c.rng.randint(1, 4)}", "regime": c.one("regime"), "side": c.one("side")}
    return {
        **named,
        "listing": "B01",
        "complainant": c.rng.choice(("Valkore Outdoor Inc.", "Treklund AS")),
        "on": c.day(),
    }


def _step(c: Choosing) -> Wish:
    notice = c.one("notice")
    return {"notice": notice, "step": c.one("step", notice=notice), "on": c.day()}


def _intake(c: Choosing) -> Wish:
    return {}


def _outcome(c: Choosing) -> Wish:
    return {"case": c.one("case"), "outcome": c.one("outcome"), **({"on": c.day()} if c.maybe(0.3) else {})}


def _remark(c: Choosing) -> Wish:
    return {"case": c.one("case"), "text": "the customer was asked"}


def _narrative(c: Choosing) -> Wish:
    return {"case": c.one("case"), "language": c.one("language"), "text": c.rng.choice(("As told.", "As it was."))}


def _figure(c: Choosing) -> Wish:
    rule = c.rng.choice(("fan_in", "fan_out", "dormant"))
    return {"rule": rule, "figure": c.one("figure", rule=rule), "value": c.rng.randint(1, 12)}


CHOOSERS: dict[str, Callable[[Choosing], Wish]] = {
    "about": _about,
    "approval": _approval,
    "case": _case,
    "closing": _closing,
    "entry": _entry,
    "event": _event,
    "explanation": _explanation,
    "fact": _fact,
    "file": _file,
    "figure": _figure,
    "finding": _finding,
    "hit": _hit,
    "intake": _intake,
    "limit": _limit,
    "match": _match,
    "narrative": _narrative,
    "notice": _notice,
    "outcome": _outcome,
    "reading": _reading,
    "remark": _remark,
    "return": _return,
    "step": _step,
}
