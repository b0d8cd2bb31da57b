"""What the exchange tells its own side: where sessions stand, the cases found together, and what was disclosed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from crossbook.book import Book
from crossbook.exchange import adopting, letters
from crossbook.exchange.adopting import ACTION
from crossbook.exchange.agreement import Agreement
from crossbook.exchange.clauses import Flags
from crossbook.exchange.flags import WAY
from crossbook.exchange.letters import HEARD, SENT
from crossbook.exchange.rounds import NO_CASE, money_in
from crossbook.exchange.side import reached
from crossbook.exchange.store import Session
from crossbook.i18n import t

TOLD = {
    "border": "how many cross",
    "points": "points to meet by",
    "offered": "how many are offered to be met",
    "pieces": "a meeting by a library, in which met",
    "broken": "a meeting by a library that was broken off, of bytes",
    "met": "which met",
    "depth": "depths",
    "mark": "marks of cases",
    "summary": "bands of cases, and in which currency",
    "end": "the end",
    "forgotten": "forgotten here after its retention, files",
}
"""What a message tells, in words."""
_FIRST = date(1970, 1, 1)


def of_session(session: Session) -> dict[str, Any]:
    """With whom, of which days, where it stands; `told` of `transfers` are those of which anything was told; `cases` is
    null until marks have settled. `left_out` counts the transfers of these days that are no part of it, by why
    (`border.LEFT_OUT`). `together` are this side's transfers in long chains as the exchange found them, `alone` those
    that this side finds without it."""
    talk = session.talk
    together = None if talk.marks is None else int(talk.marks.found.sum())
    return {
        "session": talk.session,
        "agreement": talk.agreement.sha[:12],
        "with": talk.other.name,
        "since": talk.since,
        "until": talk.until,
        "phase": talk.phase,
        "turns": session.number,
        "border": len(talk.border.crossing),
        "others_border": talk.others_border,
        "met": int((talk.shared >= 0).sum()),
        "told": len(talk.allowance.told),
        "transfers": len(talk.border.ids),
        "left_out": talk.border.left_out,
        "cases": None if talk.marks is None else len(talk.held()),
        "together": together,
        "alone": None if together is None else _alone(session),
    }


def cases(session: Session) -> list[dict[str, Any]]:
    """The cases that cross, the largest first: this side's transfers with file and line, the money in them (`amount`: a
    lot that is passed on is counted once, not at each hop), and the other side's part in bands (`theirs`; null until it
    was told; `currency` is that of its amount, null where a session of an earlier version did not tell it)."""
    talk = session.talk
    if talk.marks is None:
        return []
    currency = talk.border.currency
    out = []
    for case in np.unique(talk.marks.case[talk.marks.case != NO_CASE]).tolist():
        rows = np.flatnonzero(talk.marks.case == case)
        depth = talk.following.traced.depth[rows]
        members = [{**line, "depth": deep} for line, deep in zip(session.lines(rows), depth.tolist(), strict=True)]
        theirs: dict[str, Any] | None = talk.theirs.get(case)
        if theirs:
            theirs = {**theirs, "first": _day(theirs["first"] * 7), "last": _day(theirs["last"] * 7 + 6)}
            theirs["currency"] = talk.theirs_currency or None
        out.append(
            {
                "case": case,
                "transfers": len(rows),
                "deepest": int(depth.max()),
                "first": _day(int(talk.border.days[rows].min())),
                "last": _day(int(talk.border.days[rows].max())),
                "amount": money_in(depth, talk.border.side.amount[rows]),
                "currency": currency,
                "theirs": theirs,
                "contact": talk.other.contact,
                "members": members,
            }
        )
    return sorted(out, key=lambda row: (-int(str(row["transfers"])), row["case"]))


def ledger(book: Book) -> list[dict[str, Any]]:
    """Every message and letter that was sent, the oldest first; `answered`: the other side signed an answer that names
    it, or the session went on; null of the end, which gets none. `left` is false of a message that was made and did not
    leave before a stop: it was made anew. Of a meeting by a library `meeting` is the stage and `number` null; where it
    was broken off with its process, `bytes` are the most that can have gone. What was forgotten after its retention has
    neither number nor meeting, and `answered` is null. Of a letter `what` says what it told, under which `clause`, and
    `about` what; of a message of a session `told` does, with `transfers` of `of`."""
    journal = book.journal()
    entries = [e for e in journal if e.action == ACTION and "number" in e.body]
    answered = {e.body["answers"] for e in entries}
    last: dict[str, int] = {}
    stands = {(e.subject, e.body["number"]): e.body["sha"] for e in entries}  # not what was made anew after a stop
    for entry in entries:
        last[entry.subject] = max(last.get(entry.subject, 0), entry.body["number"])
    ends = {e.body["seen"] for e in journal if e.action == ACTION and "end" in e.body}
    signed: dict[str, int] = {}
    for entry in journal:
        if entry.action == HEARD:
            signed[entry.subject] = max(signed.get(entry.subject, 0), entry.body["signs"])
    common = ("agreement", "to", "number", "bytes", "sha")
    found: list[dict[str, Any]] = []
    for e in journal:
        row = {"at": e.at, "who": e.who, "session": e.subject, "meeting": None, "left": True}
        if e.action == ACTION and "way" in e.body:
            if found and found[-1]["meeting"] and found[-1]["session"] == e.subject and "came" in e.body:
                found.pop()  # what was told of it when it began
            found.append({**row, **_meeting(e.body)})
            continue
        if e.action == ACTION and "forgot" in e.body:
            found.append({**row, **_forgotten(e.body)})
            continue
        if e.action == SENT:
            more = {"told": [], "transfers": None, "of": None, **{n: e.body[n] for n in ("what", "clause", "about")}}
            answer: bool | None = e.body["number"] <= signed.get(e.subject, 0)
        elif e.action == ACTION and "number" in e.body:
            more = {**{n: e.body[n] for n in ("told", "transfers", "of")}, "what": None, "clause": None, "about": None}
            row["left"] = sent = stands[e.subject, e.body["number"]] == e.body["sha"]
            is_end = [told["what"] for told in e.body["told"]] == ["end"]
            answer = (
                None
                if sent and is_end
                else sent and (e.body["number"] < last[e.subject] or e.body["sha"] in answered | ends)
            )
        else:
            continue
        found.append({**row, **{n: e.body[n] for n in common}, **more, "answered": answer})
    return found


def _meeting(body: dict[str, Any]) -> dict[str, Any]:
    gone = body["bytes"] if "came" in body else body["most"]
    met = body.get("met")
    told = {"what": "broken", "number": gone} if met is None else {"what": "pieces", "number": met}
    more = {"meeting": body["meeting"], "bytes": gone, "answered": met is not None}
    return {**_no_message(body), "told": [{**told, "clause": "meet"}], **more}


def _forgotten(body: dict[str, Any]) -> dict[str, Any]:
    told = {"what": "forgotten", "number": body["forgot"], "clause": "retention_days"}
    return {**_no_message(body), "told": [told], "bytes": 0, "answered": None}


def _no_message(body: dict[str, Any]) -> dict[str, Any]:
    nothing = dict.fromkeys(("number", "transfers", "of", "what", "clause", "about"))
    return {**nothing, "agreement": body["agreement"], "to": body["to"], "sha": ""}


def flag_caps(book: Book) -> list[tuple[Agreement, Flags, int]]:
    """Of each agreement what either side may tell of a party, and how often it did in this month."""
    month, found = datetime.now(UTC).date().isoformat()[:7], []
    for agreement in adopting.adopted(book):
        told = [x for x in letters.read(book, agreement) if x.part in WAY and x.told.get("flags") and not x.refused]
        for clause in agreement.flags:
            its = [x for x in told if (x.other != clause.of if x.mine else x.who == clause.of)]
            found.append((agreement, clause, sum(x.at[:7] == month for x in its)))
    return found


def in_words(told: dict[str, Any]) -> str:
    """One thing that a message told, and of how many; the end is of none."""
    what = t(TOLD[told["what"]])
    return what if told["what"] == "end" else f"{what} {told['number']:,}"


def signed_for(row: dict[str, Any]) -> str:
    """Of a line of the ledger whether the other side signed for it, in words."""
    if not row["left"]:
        return t("did not leave: made anew after a stop")
    return "—" if row["answered"] is None else t("yes") if row["answered"] else t("not yet")


def band(told: dict[str, Any], name: str) -> str:
    """A power of ten as the span that it stands for."""
    power = told[name]
    return f"{10**power:,}–{10 ** (power + 1) - 1:,}"


def _alone(session: Session) -> int:
    side = session.talk.border.side
    traced = replace(side).follow()  # nothing told
    look = session.talk.agreement.look
    found, _ = reached(traced, side.amount, traced.depth >= look.long, look.crumb)
    return int(found.sum())


def _day(number: int) -> date:
    return _FIRST + timedelta(days=number)
