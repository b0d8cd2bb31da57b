"""What two parties say to each other, turn by turn: pure of files and channels.

1. The opener tells the window and how many of its transfers cross. 2. The other tells its number and its points, and so
on by turns until every kind of match is through; 3. depths, until neither has anything new; 4. marks of cases; 5. a
summary of the part of each case that the other side holds. Each turn is one `Content`; what a turn tells is in `Told`.

Where both are online and the agreement allows it, points are not told: both say how many transfers they offer, meet
them by a library outside the turns (`exchange.online` puts what came of it into `places`), and say how many met.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from crossbook.exchange import meeting, psi
from crossbook.exchange.agreement import Agreement, Party
from crossbook.exchange.allowance import Allowance, Disclosed, DisclosureError
from crossbook.exchange.border import HOUR, Border
from crossbook.exchange.envelope import Content, MessageError, NotMetError
from crossbook.exchange.rounds import NO_CASE, Caps, Depths, Marks, money_in
from crossbook.exchange.side import IN, OUT, Whole
from crossbook.money import EXPONENT

DEEPEST = 1_000_000  # hops
FIRST = date(1970, 1, 1)
_WAYS = f"sm2 needs OpenSSL with that curve; rr22 and kkrt two sides online, each with SPU: {psi.INSTALL}"
BANDS = ("case", "transfers", "amount", "first", "last")
PHASES = MEET, DEPTHS, MARKS, SUMMARY, ENDED = "meeting", "depths", "marks of cases", "bands of cases", "ended"


@dataclass(kw_only=True)
class Talk:
    """One party's half of a session, in memory."""

    agreement: Agreement
    mine: Party
    other: Party
    border: Border
    session: str
    since: date
    until: date
    phase: str = MEET
    stage: int = 0
    secret: bytes = b""
    points: bytes = b""  # of this stage, ours multiplied once
    theirs_twice: bytes = b""  # theirs, multiplied by both
    next_number: int = 0
    offered: Whole = field(default_factory=lambda: np.empty(0, np.int64))  # the row of each of them
    shared: Whole = field(default_factory=lambda: np.empty(0, np.int64))  # of each row the number both call it by; -1
    disclosed: list[Disclosed] = field(default_factory=list)  # in the turn that was made last
    said: dict[str, list[int]] = field(default_factory=dict)  # in that turn, of single transfers: see `_says`
    theirs: dict[int, dict[str, int]] = field(default_factory=dict)  # by case: what the other side holds of it
    theirs_currency: str = ""  # of the amounts in it; empty until it was told
    others_border: int = 0
    ways: tuple[str, ...] = (psi.ECDH,)  # in which this side can meet now
    meet: str = psi.ECDH  # the way that both took
    theirs_number: int = -1  # of items that the other side offers in this stage; -1 until it said
    places: Whole | None = None  # of this side's items, those that met in this stage
    depths: Depths | None = None
    marks: Marks | None = None

    allowance: Allowance = field(init=False)

    def __post_init__(self) -> None:
        if not len(self.shared):
            self.shared = np.full(len(self.border.ids), -1, np.int64)
        self.allowance = Allowance(agreement=self.agreement, transfers=len(self.border.ids))

    # The turns.

    def open(self) -> Content:
        """The first turn. Raises DisclosureError where the agreement does not allow the window or this border."""
        self.allowance.window(self.since, self.until, len(self.border.crossing), self.border.left_out)
        self.disclosed = [Disclosed(what="border", clause="border", number=len(self.border.crossing))]
        told: dict[str, Any] = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        told["border"] = len(self.border.crossing)
        if (offered := [way for way in self.agreement.meet if way in self.ways]) != [psi.ECDH]:
            told["meet"] = offered
        if not offered:
            raise DisclosureError(
                f"the agreement allows to meet by {', '.join(self.agreement.meet)}, which cannot be done here",
                todo=_WAYS,
            )
        return Content(told={"open": told}, columns={})

    def answer(self, heard: Content) -> Content | None:
        """The next turn, after what the other side told; None where the session has ended. Raises DisclosureError,
        MessageError."""
        self.disclosed, self.said = [], {}
        if "open" in heard.told and not self.stage:
            return self._first(heard)
        if self.phase == MEET:
            return self._meet(heard)
        if self.phase == ENDED:
            if "end" in heard.told:
                return None
            raise MessageError("the session has ended: nothing is answered")
        return self._go_on(heard)

    def _first(self, heard: Content) -> Content:
        told = heard.told["open"] if isinstance(heard.told["open"], dict) else {}
        self.allowance.window(self.since, self.until, len(self.border.crossing), self.border.left_out)
        self.others_border = self.allowance.others(told.get("border"), len(self.border.crossing))
        self.disclosed = [Disclosed(what="border", clause="border", number=len(self.border.crossing))]
        offered = told.get("meet", [psi.ECDH])
        both = [way for way in self.agreement.meet if way in self.ways and isinstance(offered, list) and way in offered]
        if not both:
            raise DisclosureError(
                "the two sides have no way of meeting that the agreement allows",
                todo=_WAYS,
            )
        self.meet = both[0]
        if self.meet in psi.PROTOCOLS:
            return self._number({"border": len(self.border.crossing), "meet": self.meet}, {})
        ours = {"border": len(self.border.crossing)}
        return self._offer(ours | ({"meet": self.meet} if self.meet != psi.ECDH else {}))

    def _meet(self, heard: Content) -> Content:
        stage = heard.told.get("stage")
        if "border" in heard.told:
            self.others_border = self.allowance.others(heard.told["border"], len(self.border.crossing))
            self.meet = heard.told.get("meet", psi.ECDH)
            if self.meet not in self.agreement.meet or self.meet not in self.ways:
                raise DisclosureError("the other side wants to meet in a way that was not offered")
        if self.meet in psi.PROTOCOLS:
            return self._meet_online(heard)
        told: dict[str, Any] = {}
        columns: dict[str, Any] = {}
        if "again" in heard.columns:  # ours, multiplied by both; theirs we multiplied before
            columns["drop"] = self._match(self._ours(heard.points("again")), self.theirs_twice)
        if "drop" in heard.columns:
            self._drop(heard.whole("drop"))
        if "again" in heard.columns and stage is None:
            self._end_of_meeting()
            return self._with_depths(told, columns)
        if "once" in heard.columns and "twice" not in heard.columns:
            if stage != self.stage + 1 or self.stage == len(self.agreement.match):
                raise MessageError("another turn than the one that is due")
            offered = self._offer({})
            self.theirs_twice = meeting.again(self._bounded(heard.points("once")), self.secret, self._group)
            told |= {"stage": self.stage}
            columns |= {"once": offered.columns["once"], "twice": self.theirs_twice}
            return Content(told=told, columns=columns)
        if "twice" in heard.columns:
            twice = self._ours(heard.points("twice"))
            theirs = meeting.again(self._bounded(heard.points("once")), self.secret, self._group)
            columns["drop"] = self._match(twice, theirs)
            columns["again"] = theirs
            if self.stage < len(self.agreement.match):
                offered = self._offer({})
                return Content(told=told | offered.told, columns=columns | offered.columns)
            self._end_of_meeting()
            return Content(told=told, columns=columns)
        raise MessageError("a turn that says nothing of the meeting, which is not over")

    def _meet_online(self, heard: Content) -> Content:
        """Numbers of items first, of who answers and of who opened; then all is ready, they meet, and who opened says
        how many met; then the next stage."""
        told, stages = heard.told, len(self.agreement.match)
        if "drop" in heard.columns and "met" not in told:
            self._drop(heard.whole("drop"))
        if "number" in told:
            self.theirs_number = self._bounded_number(told["number"])
            if told.get("stage") == self.stage + 1 <= stages:
                return self._number({}, {})
            if told.get("stage") == self.stage:
                return Content(told={"ready": self.stage}, columns={})
        if self.stage and (told.get("ready") == self.stage or told.get("met") == self.stage):
            if not (self.theirs_number and len(self.offered)):
                self.places = self.offered[:0]  # of nothing nothing meets
            if self.places is None:
                raise NotMetError(self.meet)
            places, self.places, self.theirs_number = self.places, None, -1
            columns = {"drop": self._called(places)}
            if "met" not in told:
                if self.stage == stages:
                    self._end_of_meeting()
                return Content(told={"met": self.stage, "of": len(places)}, columns=columns)
            if told.get("of") != len(places):
                raise MessageError("not as many transfers met on the other side as on this one")
            self._drop(heard.whole("drop"))
            if self.stage < stages:
                return self._number({}, columns)
            self._end_of_meeting()
            return self._with_depths({}, columns)
        raise MessageError("another turn than the one that is due")

    def _go_on(self, heard: Content) -> Content | None:
        due = {DEPTHS: {"depths", "marks"}, MARKS: {"marks", "summary"}, SUMMARY: {"summary"}}[self.phase]
        if not due & heard.told.keys():
            raise MessageError("another turn than the one that is due")
        if "drop" in heard.columns:
            self._drop(heard.whole("drop"))
        if self.phase == DEPTHS and "marks" not in heard.told:
            new = self._rows(heard.whole("transfers"))
            depth, start = heard.whole("depth", new), heard.whole("start", new)
            self._sound(new, depth, start)
            if len(new):
                self.following.hear(new, depth, start)
            return self._with_depths({}, {}, heard_nothing=not len(new))
        if self.phase == DEPTHS:
            self._begin_marks()
        if self.phase == MARKS and "summary" not in heard.told:
            new = self._rows(heard.whole("transfers"))
            cases = heard.whole("case", new)
            if not np.isin(cases, self.shared[self.shared >= 0]).all():
                raise MessageError("the other side tells of a case that no transfer names")
            if len(new):
                self.marking.hear(new, cases)
            return self._with_marks(heard_nothing=not len(new))
        return self._close(heard)

    # What is told.

    def _texts(self) -> list[str]:
        """What is offered in this stage, of the transfers that have not met; their rows are `offered`."""
        left = self.border.crossing[self.shared[self.border.crossing] < 0]
        payers = {OUT: self.mine.key, IN: self.other.key}
        match = self.agreement.match[self.stage - 1]
        texts, self.offered = self.border.texts(match, left, self.agreement, payers)
        return texts

    @property
    def _group(self) -> meeting.Group:
        return meeting.SM2 if self.meet == psi.SM2 else meeting.RISTRETTO255

    @property
    def _salt(self) -> bytes:
        return f"{self.session}\x1f{self.stage}".encode()

    def items(self) -> list[str]:
        """What this side offers to meet by a library in this stage."""
        return psi.items(self._texts(), self._salt)

    def _number(self, told: dict[str, Any], columns: dict[str, Any]) -> Content:
        self.stage += 1
        number = len(self._texts())
        self.disclosed.append(Disclosed(what="offered", clause="match", number=number))
        return Content(told={**told, "stage": self.stage, "number": number}, columns=columns)

    def _offer(self, told: dict[str, Any]) -> Content:
        self.stage += 1
        texts = self._texts()
        self.secret = self._group.secret()
        self.points = meeting.blind(texts, self.secret, self._salt, self._group)
        self.disclosed.append(Disclosed(what="points", clause="match", number=len(texts)))
        return Content(told={**told, "stage": self.stage}, columns={"once": self.points})

    def _match(self, mine: bytes, theirs: bytes) -> Whole:
        return self._called(meeting.met(mine, theirs, self._group))

    def _called(self, places: Whole) -> Whole:
        """Give those that met numbers; of two numbers for one row tell the other side the second, which is dropped."""
        rows = self.offered[places]
        first = self.next_number
        self.next_number += len(rows)
        dropped = []
        for number, row in enumerate(rows.tolist(), first):
            if self.shared[row] >= 0:
                dropped.append(number)
            else:
                self.shared[row] = number
        self.disclosed.append(Disclosed(what="met", clause="match", number=len(rows) - len(dropped)))
        return np.array(dropped, np.int64)

    def _drop(self, numbers: Whole) -> None:
        self.shared[np.isin(self.shared, numbers)] = -1

    def _end_of_meeting(self) -> None:
        self.phase = DEPTHS
        self.secret = self.points = self.theirs_twice = b""  # so that nobody finds what could try out texts
        self.depths = Depths(side=self.border.side, caps=Caps.of(self.agreement), shared=self.shared)

    def _with_depths(self, told: dict[str, Any], columns: dict[str, Any], heard_nothing: bool = False) -> Content:
        self.allowance.turn("depth")
        rows, depth, start = self.following.tell()
        if not len(rows) and heard_nothing:
            self._begin_marks()
            return self._with_marks(heard_nothing=False)
        self.allowance.spend(rows)
        self.disclosed.append(Disclosed(what="depth", clause="depth", number=len(rows)))
        self._says(rows, depth=depth, start=start)
        tell = {"transfers": self.shared[rows], "depth": depth, "start": start}
        return Content(told={**told, "depths": len(rows)}, columns={**columns, **tell})

    def _begin_marks(self) -> None:
        self.phase = MARKS
        self.marks = Marks(
            side=self.border.side, caps=Caps.of(self.agreement), traced=self.following.traced, shared=self.shared
        )

    def _with_marks(self, *, heard_nothing: bool) -> Content:
        self.allowance.turn("mark")
        rows, cases = self.marking.tell()
        if not len(rows) and heard_nothing:
            self.phase = SUMMARY
            return self._summary()
        self.allowance.spend(rows)
        self.disclosed.append(Disclosed(what="mark", clause="mark", number=len(rows)))
        self._says(rows, case=cases)
        return Content(told={"marks": len(rows)}, columns={"transfers": self.shared[rows], "case": cases})

    def _says(self, rows: Whole, **columns: Whole) -> None:
        """Note what is told of single transfers: `id` in the book, `depth` and `start` (seconds since 1970) or
        `case`."""
        told = {"id": self.border.ids[rows], **columns}
        self.said = {name: column.tolist() for name, column in told.items()} if len(rows) else {}

    def _summary(self) -> Content:
        self.allowance.turn("summary")
        held = self.held()
        columns = {name: np.array([row[name] for row in held], np.int64) for name in BANDS}
        self.disclosed.append(Disclosed(what="summary", clause="summary", number=len(held)))
        return Content(told={"summary": len(held), "currency": self.border.currency}, columns=columns)

    def _close(self, heard: Content) -> Content:
        cases = heard.whole("case")
        columns = [heard.whole(name, cases).tolist() for name in BANDS]
        if any(not 0 <= power <= 20 for column in columns[1:3] for power in column):
            raise MessageError("bands that are no powers of ten")
        last = (self.until - FIRST).days // 7 + 1  # a week for clocks that differ
        if any(not 0 <= week <= last for column in columns[3:] for week in column):
            raise MessageError("bands of weeks that are not in the window")
        if (currency := heard.told.get("currency")) not in EXPONENT:
            raise MessageError("bands of amounts in no currency")
        known = set(self.marking.case.tolist())
        self.theirs = {
            row[0]: dict(zip(BANDS, row, strict=True)) for row in zip(*columns, strict=True) if row[0] in known
        }
        self.theirs_currency = str(currency)
        told = self.phase == SUMMARY
        self.phase = ENDED
        if not told:
            return self._summary()
        self.disclosed.append(Disclosed(what="end", clause="summary", number=0))
        return Content(told={"end": True}, columns={})  # so that what was told last is signed for too

    def held(self) -> list[dict[str, int]]:
        """Of each case that crosses, this side's part in bands: transfers and the money in it as powers of ten from
        below (minor units of `Border.currency`), first and last day as weeks since 1970-01-01."""
        out = []
        depth = self.following.traced.depth
        for case in np.unique(self.marking.case[self.marking.case != NO_CASE]).tolist():
            rows = np.flatnonzero(self.marking.case == case)
            out.append(
                {
                    "case": case,
                    "transfers": len(str(len(rows))) - 1,
                    "amount": len(str(money_in(depth[rows], self.border.side.amount[rows]))) - 1,
                    "first": int(self.border.days[rows].min()) // 7,
                    "last": int(self.border.days[rows].max()) // 7,
                }
            )
        return out

    @property
    def following(self) -> Depths:
        """The rounds of depths. Raises MessageError before the meeting is over."""
        if self.depths is None:
            raise MessageError("the meeting is not over")
        return self.depths

    @property
    def marking(self) -> Marks:
        """The rounds of marks. Raises MessageError before depths have settled."""
        if self.marks is None:
            raise MessageError("the depths are not settled")
        return self.marks

    def _ours(self, points: bytes) -> bytes:
        if len(points) != len(self.points):
            raise MessageError("the other side multiplied another number of points than it was given")
        return points

    def _bounded(self, points: bytes) -> bytes:
        number = len(points) // self._group.width
        if number > self.others_border * 3:  # three spans of time at most for each
            raise DisclosureError(
                f"the other side offers {number:,} points for {self.others_border:,} transfers: more than it told of"
            )
        return points

    def _bounded_number(self, number: Any) -> int:
        if type(number) is not int or not 0 <= number <= self.others_border * 3:
            raise DisclosureError(f"the other side offers {number} items for {self.others_border:,} transfers")
        return number

    def _rows(self, numbers: Any) -> Whole:
        """The rows of transfers that the other side names. Raises MessageError for one that did not meet."""
        order = np.argsort(self.shared, kind="stable")
        held = self.shared[order]
        at = np.searchsorted(held, numbers)
        at = np.minimum(at, len(held) - 1)
        if (held[at] != numbers).any() or (np.asarray(numbers) < 0).any():
            raise MessageError("the other side tells of a transfer that did not meet")
        return np.asarray(order[at], np.int64)

    def _sound(self, rows: Whole, depth: Whole, start: Whole) -> None:
        """Raise MessageError for depths that cannot be: of a transfer whose payer is not theirs, below what is told, or
        begun before 1970 or after the window (and a day for clocks that differ)."""
        if (self.border.side.crossing[rows] != IN).any():
            raise MessageError("the other side tells the depth of a transfer whose payer it does not hold")
        end = ((self.until - FIRST).days + 2) * 24 * HOUR
        wrong = (depth < Caps.of(self.agreement).least_depth) | (depth > DEEPEST) | (start < 0) | (start > end)
        if ((depth != 0) & wrong).any():
            raise MessageError("the other side tells a depth or a start that cannot be")
