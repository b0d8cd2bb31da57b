"""Notice and takedown, for the platform that gets a notice and for the seller who gets one passed on.
In the journal."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from crossbook.book import Book
from crossbook.calendars import FIRST_DAY, LAST_DAY, in_range
from crossbook.cases.clock import ONE
from crossbook.cases.procedure import Deadline, deadlines, procedure
from crossbook.errors import CrossbookError, NotFoundError
from crossbook.spreadsheets import write_csv

NEW, NOT_COME = "takedown notice", "takedown notice not"
STEP, NOT_TAKEN = "takedown step", "takedown step not"
ACTIONS = (NEW, NOT_COME, STEP, NOT_TAKEN)
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
# What settles, by the latest of them, whether a listing stays down; a suit that is told of after it weighs beside it.
DECIDE = ("taken_down", "withdrawn", "rejected", "upheld")
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

    @property
    def down(self) -> bool:
        """Whether it is not put back, or was taken down again since."""
        return next(
            (s.step == "taken_down" for s in reversed(self.steps) if s.step in ("taken_down", "put_back")), True
        )

    @property
    def decided(self) -> str:
        """The last step that settled whether it stays down."""
        steps = sorted((s for s in self.steps if s.step in DECIDE and in_range(s.day)), key=lambda s: s.day)
        return steps[-1].step if steps else ""

    @property
    def uncounted(self) -> tuple[Done, ...]:
        """Steps of days from which no time limit can be counted: journalled before such days were refused."""
        return tuple(s for s in self.steps if not in_range(s.day))

    def since_down(self, on: date = LAST_DAY) -> tuple[Done, ...]:
        """The steps, as journalled, that are of the takedown in force on a day.

        An answer to an earlier takedown is none to one that followed it; what came before the first is of the first.
        """
        downs = [(s.day, s.seq) for s in self.steps if s.step == "taken_down" and s.day <= on]
        again = max(downs) if len(downs) > 1 else None
        return tuple(s for s in self.steps if in_range(s.day) and (again is None or (s.day, s.seq) > again))

    def deadlines(self) -> list[Deadline]:
        """What runs now, by the steps that it can be counted from."""
        happened = {s.step: s.day for s in self.since_down()}
        events = {e: happened[step] for step, e in _EVENTS[self.regime].items() if step in happened}
        return deadlines(procedure(REGIMES[self.regime]), events)


@lru_cache(maxsize=1)
def checks() -> tuple[tuple[str, Check], ...]:
    """(regime, what must be there) of the shipped table."""
    text = files("crossbook.data").joinpath("cases/notice_checks.csv").read_text(encoding="utf-8")
    return tuple(
        (r["regime"], Check(of=r["of"], item=r["item"], item_zh=r["item_zh"], source=r["source"]))
        for r in csv.DictReader(text.splitlines())
    )


def takedowns(book: Book) -> dict[str, Takedown]:
    """Every notice that was not journalled in error, by id."""
    found: dict[str, Takedown] = {}
    for e in book.journal():
        if e.action == NEW:
            b = e.body
            first = Done(step="notice_received", day=date.fromisoformat(b["on"]), note="", who=e.who, seq=e.seq)
            found[e.subject] = Takedown(
                id=e.subject,
                regime=b["regime"],
                side=b["side"],
                listing=b["listing"],
                seller=b["seller"],
                complainant=b["complainant"],
                right=b["right"],
                evidence=tuple(b.get("evidence", ())),
                steps=(first,),
            )
        elif e.action == STEP and e.subject in found:
            step = Done(
                step=e.body["step"],
                day=date.fromisoformat(e.body["on"]),
                note=e.body.get("note", ""),
                who=e.who,
                seq=e.seq,
            )
            found[e.subject] = replace(found[e.subject], steps=(*found[e.subject].steps, step))
        elif e.action == NOT_COME:
            found.pop(e.subject, None)
        elif e.action == NOT_TAKEN and e.subject in found:
            found[e.subject] = without(found[e.subject], e.body["step"], e.body["on"])
    return found


def without(of: Takedown, step: str, on: str) -> Takedown:
    """A notice without the last step of that name and day (ISO)."""
    seq = next((s.seq for s in reversed(of.steps) if (s.step, s.day.isoformat()) == (step, on)), 0)
    return replace(of, steps=tuple(s for s in of.steps if s.seq != seq))


def takedown(book: Book, name: str) -> Takedown:
    """One notice. Raises NotFoundError."""
    found = takedowns(book)
    if name not in found:
        raise NotFoundError(f"there is no notice {name!r}", todo="see crossbook cases takedown list")
    return found[name]


def check_step(known: Takedown, step: str, on: date) -> None:
    """Raise CrossbookError for a step that cannot come yet, or on a day before the one that it follows."""
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


def check_past(on: date, today: date) -> None:
    """Raise CrossbookError for a day that a step cannot have been taken on: it is journalled when it is done."""
    if not in_range(on):
        raise CrossbookError(f"{on} is out of range", todo=f"give a day from {FIRST_DAY} to {today}")
    if on > today:
        raise CrossbookError(
            f"{on} lies ahead: a step is journalled once it is taken", todo=f"give a day up to {today}"
        )


def _may_be_put_back(known: Takedown, on: date) -> None:
    """Raise CrossbookError unless what was last decided up to a day lets a listing return on it.

    After `upheld` nothing lets it, until it is withdrawn or rejected. A notice that was withdrawn, or rejected by an
    authority or court, need not be waited for, unless a suit was told of since (17 U.S.C. 512(g)(2)(C), E-Commerce Law
    article 43: both periods protect the complainant, until he sues or lets them pass). Else the regime's waiting period
    must be over, with no suit told of in it.
    """
    steps = sorted((s for s in known.steps if s.day <= on), key=lambda s: s.day)  # those of a day as journalled
    last = max((n for n, s in enumerate(steps) if s.step in DECIDE), default=-1)
    decided = steps[last] if last >= 0 else None
    # What came before the first takedown is of it, as answers are; what came before anything later is settled.
    again = decided and (decided.step != "taken_down" or any(s.step in DECIDE for s in steps[:last]))
    suits = [s.day for s in (steps[last + 1 :] if again else steps) if s.step == "suit_told"]
    if decided and decided.step == "upheld":
        raise CrossbookError(
            f"the notice was upheld on {decided.day}", todo="journal withdrawn or rejected first, if it was since"
        )
    if decided and decided.step in ("withdrawn", "rejected") and not suits:
        return
    waits = _waits(known, on)
    # What may not be done before a day may be done on it; a period that ends must have run out.
    first = max((d.due.latest + (ONE if d.limit.kind == "ends" else NONE) for d in waits), default=None)
    law = procedure(REGIMES[known.regime]).limits[0].source
    held = [day for day in suits if known.regime == "us_dmca" or first is None or day < first]
    if held:
        raise CrossbookError(
            f"the complainant told of a suit on {held[0]} ({law})",
            todo="journal how it ended: rejected, withdrawn or upheld",
        )
    if first is None:
        start, _ = _PERIOD[known.regime]
        raise CrossbookError(
            f"the waiting period has not begun: it runs from {start}",
            todo=f"journal {start}, withdrawn or rejected first",
        )
    if on < first:
        ends = max(d.due.latest for d in waits)
        raise CrossbookError(
            f"the waiting period runs until {ends} ({law})",
            todo=f"wait until {first}, or journal withdrawn or rejected",
        )


def _waits(known: Takedown, on: date) -> list[Deadline]:
    """The waiting period as it stands on a day; none where no counter-notice against this takedown began it."""
    start, event = _PERIOD[known.regime]
    now = [s for s in known.since_down(on) if s.day <= on]
    begun = [s.day for s in now if s.step == start]
    if not begun or not any(s.step == "counter_notice_received" for s in now):
        return []
    found = deadlines(procedure(REGIMES[known.regime]), {event: begun[-1]})
    return [d for d in found if d.limit.kind != "act by"]


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
    if kind == "put_back" and of.down:
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
        (
            t.id,
            t.regime,
            t.side,
            t.listing,
            t.seller,
            t.complainant,
            t.right,
            s.step,
            s.day.isoformat(),
            s.note,
            s.who,
            s.seq,
        )
        for t in takedowns(book).values()
        for s in t.steps
    ]
    heads = (
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
    write_csv(path, heads, rows)
    return len(rows)
