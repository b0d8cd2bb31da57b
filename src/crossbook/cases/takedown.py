"""Notice and takedown, for the platform that gets a notice and for the seller who gets one passed on. In the journal."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from crossbook.book import Book
from crossbook.cases.clock import ONE
from crossbook.cases.procedure import Deadline, deadlines, procedure
from crossbook.errors import CrossbookError, NotFoundError

NEW, STEP = "takedown notice", "takedown step"
REGIMES = {"cn": "cn_platform_notice", "us_dmca": "us_dmca"}
SIDES = ("platform", "seller")
STEPS = {  # and what must have come before each
    "notice_received": (),
    "incomplete": ("notice_received",),
    "seller_told": ("notice_received",),
    "taken_down": ("notice_received",),
    "counter_notice_received": ("seller_told",),
    "counter_notice_passed_on": ("counter_notice_received",),
    "suit_told": ("counter_notice_received",),
    "withdrawn": ("notice_received",),  # the complainant took the notice back
    "rejected": ("notice_received",),  # an authority or court decided for the seller
    "put_back": ("taken_down",),
    "upheld": ("taken_down",),
}
# The steps that are events of each regime's procedure: China's period runs from when the complainant has the
# declaration, the American one from when the platform has the counter-notice.
_EVENTS = {
    "cn": {"counter_notice_passed_on": "declaration_delivered", "suit_told": "complaint_told"},
    "us_dmca": {"counter_notice_received": "counter_notice_received", "suit_told": "suit_told"},
}
# From which step each regime's waiting period runs, and the event of its procedure.
_PERIOD = {
    "cn": ("counter_notice_passed_on", "declaration_delivered"),
    "us_dmca": ("counter_notice_received", "counter_notice_received"),
}
NONE = timedelta(0)


@dataclass(frozen=True)
class Check:
    """One thing that a notice or counter-notice must hold."""

    of: str
    item: str
    item_zh: str
    source: str


@dataclass(frozen=True)
class Done:
    """A step that was taken: when, by whom it was journalled, and what was said of it."""

    step: str
    day: date
    note: str
    who: str
    seq: int


@dataclass(frozen=True)
class Takedown:
    """A notice and what became of it."""

    id: str
    regime: str
    side: str
    listing: str
    seller: str
    complainant: str
    right: str
    evidence: tuple[str, ...]
    steps: tuple[Done, ...]

    def day(self, step: str) -> date | None:
        """When a step was last taken."""
        return next((s.day for s in reversed(self.steps) if s.step == step), None)

    @property
    def state(self) -> str:
        """The last step."""
        return self.steps[-1].step if self.steps else "notice_received"

    def deadlines(self) -> list[Deadline]:
        """What runs now."""
        happened = {e: day for step, e in _EVENTS[self.regime].items() if (day := self.day(step))}
        return deadlines(procedure(REGIMES[self.regime]), happened)


@lru_cache(maxsize=1)
def checks() -> tuple[tuple[str, Check], ...]:
    """(regime, what must be there) of the shipped table."""
    text = files("crossbook.data").joinpath("cases/notice_checks.csv").read_text(encoding="utf-8")
    return tuple(
        (r["regime"], Check(r["of"], r["item"], r["item_zh"], r["source"])) for r in csv.DictReader(text.splitlines())
    )


def takedowns(book: Book) -> dict[str, Takedown]:
    """Every notice in the journal, by id."""
    found: dict[str, Takedown] = {}
    for e in book.journal():
        if e.action == NEW:
            b = e.body
            first = Done("notice_received", date.fromisoformat(b["on"]), "", e.who, e.seq)
            found[e.subject] = Takedown(e.subject, b["regime"], b["side"], b["listing"], b["seller"], b["complainant"],
                                        b["right"], tuple(b.get("evidence", ())), (first,))  # fmt: skip
        elif e.action == STEP and e.subject in found:
            step = Done(e.body["step"], date.fromisoformat(e.body["on"]), e.body.get("note", ""), e.who, e.seq)
            found[e.subject] = replace(found[e.subject], steps=(*found[e.subject].steps, step))
    return found


def takedown(book: Book, name: str) -> Takedown:
    """One notice. Raises NotFoundError."""
    found = takedowns(book)
    if name not in found:
        raise NotFoundError(f"there is no notice {name!r}", todo="see crossbook cases takedown list")
    return found[name]


def receive(
    book: Book, name: str, *, regime: str, side: str, on: date, listing: str, seller: str, complainant: str, right: str,
    evidence: tuple[str, ...] = (), who: str | None = None,
) -> Takedown:  # fmt: skip
    """Journal a notice that came. Raises CrossbookError for a name in use, a regime or side that is not there."""
    if regime not in REGIMES:
        raise CrossbookError(f"there is no regime {regime!r}", todo=f"use one of {', '.join(REGIMES)}")
    if side not in SIDES:
        raise CrossbookError(f"there is no side {side!r}", todo="say platform or seller")
    if name in takedowns(book):
        raise CrossbookError(f"there is a notice {name!r} already", todo="crossbook cases takedown step adds to it")
    if not (name.strip() and listing.strip() and complainant.strip()):
        raise CrossbookError("a notice names a listing and who complains", todo="give --listing and --complainant")
    body = {"regime": regime, "side": side, "on": on.isoformat(), "listing": listing, "seller": seller,
            "complainant": complainant, "right": right, "evidence": list(evidence)}  # fmt: skip
    book.decide(NEW, name, body, who)
    return takedown(book, name)


def take_step(book: Book, name: str, step: str, on: date, note: str = "", who: str | None = None) -> Takedown:
    """Journal a step. Raises CrossbookError for one that cannot come yet, or a day before the one it follows."""
    known = takedown(book, name)
    if step not in STEPS or step == "notice_received":
        raise CrossbookError(
            f"there is no step {step!r}", todo=f"use one of {', '.join(s for s in STEPS if s != 'notice_received')}"
        )
    for before in STEPS[step]:
        day = known.day(before)
        if day is None:
            raise CrossbookError(f"{step} cannot come before {before}", todo=f"journal {before} first")
        if on < day:
            raise CrossbookError(f"{step} ({on}) cannot come before {before} ({day})", todo="correct the day")
    if step == "put_back":
        _may_be_put_back(known, on)
    book.decide(STEP, name, {"step": step, "on": on.isoformat(), "note": note.strip()}, who)
    return takedown(book, name)


def _may_be_put_back(known: Takedown, on: date) -> None:
    """Raise CrossbookError unless the regime's waiting period is over on a day, with no suit told of in it.

    A notice that was withdrawn, or rejected by an authority or court, need not be waited for (17 U.S.C. 512(g)(2)(C),
    E-Commerce Law article 43: both periods protect the complainant, until he sues or lets them pass).
    """
    if any((day := known.day(step)) and day <= on for step in ("withdrawn", "rejected")):
        return
    start, event = _PERIOD[known.regime]
    begun = known.day(start)
    if begun is None:
        raise CrossbookError(
            f"the waiting period has not begun: it runs from {start}",
            todo=f"journal {start}, withdrawn or rejected first",
        )
    found = deadlines(procedure(REGIMES[known.regime]), {event: begun})
    waits = [d for d in found if d.limit.kind != "act by"]
    ends = max(d.due.latest for d in waits)
    # What may not be done before a day may be done on it; a period that ends must have run out.
    first = max(d.due.latest + (ONE if d.limit.kind == "ends" else NONE) for d in waits)
    law = waits[0].limit.source
    if on < first:
        raise CrossbookError(
            f"the waiting period runs until {ends} ({law})",
            todo=f"wait until {first}, or journal withdrawn or rejected",
        )
    told = known.day("suit_told")
    if told and (known.regime == "us_dmca" or told < first):
        raise CrossbookError(
            f"the complainant told of a suit on {told} ({law})",
            todo="journal how it ended: rejected, withdrawn or upheld",
        )


def repeats(book: Book) -> list[tuple[str, int, tuple[str, ...]]]:
    """(seller, upheld notices, their ids): notices whose listing stayed down, the most first."""
    held = [t for t in takedowns(book).values() if t.seller and t.state == "upheld"]
    counts = Counter(t.seller for t in held)
    return [
        (s, n, tuple(t.id for t in held if t.seller == s))
        for s, n in sorted(counts.items(), key=lambda x: (-x[1], x[0]))
    ]


# Each letter, and whose list it holds: what a notice must have, what a counter-notice must have, or none.
LETTERS = {
    "to_seller": "counter",
    "ask_for_evidence": "notice",
    "counter_notice": "counter",
    "to_complainant": "",
    "put_back": "",
}


def letter(of: Takedown, kind: str, language: str) -> str:
    """A letter in English or Chinese, its blanks filled from the notice.

    Raises CrossbookError for a letter or language that is not there, and for one that would tell of a listing put back
    before it was.
    """
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    if kind not in LETTERS:
        raise CrossbookError(f"there is no letter {kind!r}", todo=f"use one of {', '.join(LETTERS)}")
    if language not in ("en", "zh"):
        raise CrossbookError(f"there is no letter in {language!r}", todo="use en or zh")
    if kind == "put_back" and not of.day("put_back"):
        raise CrossbookError(f"{of.id} is not put back", todo="journal put_back first")
    text = files("crossbook.data").joinpath(f"cases/letters/{kind}.{language}.txt").read_text(encoding="utf-8")
    waits = of.deadlines()
    wanted = [c for regime, c in checks() if regime == of.regime and c.of == LETTERS[kind]]
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    return environment.from_string(text).render(of=of, waits=waits, checks=wanted, blank="________")


def write_log(book: Book, path: Path) -> int:
    """Write every step of every notice as CSV, with its journal entry. Returns the number of rows."""
    rows = [
        (t.id, t.regime, t.side, t.listing, t.seller, t.complainant, t.right, s.step, s.day.isoformat(), s.note, s.who, s.seq)
        for t in takedowns(book).values() for s in t.steps
    ]  # fmt: skip
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            (
                "id",
                "regime",
                "side",
                "listing",
                "seller",
                "complainant",
                "right",
                "step",
                "day",
                "note",
                "who",
                "journal",
            )
        )
        writer.writerows([[f"'{c}" if isinstance(c, str) and c[:1] in "=+-@\t\r" else c for c in r] for r in rows])
    return len(rows)
