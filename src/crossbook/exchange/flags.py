"""Red flags on one party, told to the other side under `[[flags]]` of the agreement, as banks do on MAS's COSMIC.

A side asks (and tells its own flags with that), answers, provides on its own, or alerts. Told is which rules of the
watch called and what else the clause allows, of cases that nobody dismissed. A party is named by identifiers that both
have: accounts that stand in transfers across the border, or what a look-up found the other side to know; an alert, for
parties that the other may not know yet, by those that this side has. What a side gets stays in its book as evidence,
and as a remark on the cases of who is known by the same identifier (`watch/outside.py`).
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crossbook.book import Book
from crossbook.book.journal import Entry
from crossbook.engine import Database
from crossbook.errors import CrossbookError, NotFoundError
from crossbook.exchange import adopting, documents, identifiers, letters, lookup
from crossbook.exchange.agreement import Agreement
from crossbook.exchange.allowance import DisclosureError
from crossbook.exchange.clauses import Flags
from crossbook.exchange.keys import Keys
from crossbook.exchange.letters import Letter
from crossbook.money import EXPONENT
from crossbook.watch.casework import Case, cases
from crossbook.watch.identified import Named, parties_of, spelled
from crossbook.watch.outside import OUTSIDE, OUTSIDE_BACK

PARTS = ASK, ANSWER, PROVIDE, ALERT, BACK = "flag ask", "flag answer", "flag provide", "flag alert", "flag withdrawn"
WAY = {ASK: "ask", ANSWER: "answer", PROVIDE: "provide", ALERT: "alert"}
PART = {way: part for part, way in WAY.items()}
CLAUSE = "flags"
BAND = 20  # points of a score that are told as one
MOST_NAMED, MOST_FLAGS = 50, 200  # identifiers of one party, and flags on it
_NAME = re.compile(r"flag-[0-9a-f]{8}")
_MONTH = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")
_KEPT = ("dismissed", "not called")  # states of a case of which nothing is told


@dataclass(frozen=True, kw_only=True)
class Flag:
    """What was told of a party, or asked. `mine`: by this side. `flags` has of each the `rule`, whether `certain`, and
    what else was allowed; an answer without any says that nothing can be told, for whatever reason. `answered`: of what
    was asked. `evidence` is the file that this book has it in, of what the other side told."""

    name: str
    agreement: str
    mine: bool
    other: str
    way: str
    at: str
    named: tuple[Named, ...]
    flags: tuple[dict[str, Any], ...]
    text: str = ""
    evidence: str = ""
    refused: str = ""
    answered: bool = False
    withdrawn: bool = False


Told = dict[str, Any]  # named, flags, text: what a letter says


def of_case(
    book: Book,
    database: Database,
    keys: Keys,
    agreement: Agreement,
    way: str,
    case: str,
    text: str = "",
    party: str = "",
) -> Told:
    """What may be told of a party of a case of the watch, the chief one where none is named: nothing is sent. Raises
    DisclosureError where the agreement allows nothing of it."""
    mine, other = agreement.side(keys.sign)
    clause = _clause(agreement, mine.name, way)
    held = cases(database, book)
    if case not in held:
        raise NotFoundError(f"there is no case {case!r} of the watch", todo="crossbook watch queue lists them")
    party = party or held[case].subject
    flags = _flags(database, clause, {party}, {case: held[case]})
    if not flags:
        raise DisclosureError(
            f"nothing of case {case} may be told: the agreement allows the rules {', '.join(clause.rules)}, "
            f"from {clause.least:,} minor units and a score of {clause.least_score} on, of cases that nobody dismissed",
            todo="look at the case: crossbook watch case",
        )
    known = identifiers.of_party(database, party, clause.kinds)
    if PART[way] != ALERT:
        found = {one for x in lookup.asked(book) if x.agreement == agreement.sha for one in x.known or ()}
        both = identifiers.at_border(database, party, mine, other) if "account" in clause.kinds else set()
        known = [one for one in known if one in both | found]
    if not known:
        raise DisclosureError(
            f"the party is known by no {' or '.join(clause.kinds)} that the other side has",
            todo="ask first whether it knows the party: crossbook exchange lookup ask",
        )
    return {"named": [list(one) for one in known[:MOST_NAMED]], "flags": flags, "text": _text(clause, text)}


def of_answer(book: Book, database: Database, keys: Keys, name: str, text: str = "") -> Told:
    """What may be told to a question of the other side: nothing is sent; no `flags` where there is nothing, be it that
    no party is known by these identifiers, or that the agreement allows nothing of it."""
    agreement, asked = _open(book, name)
    mine, _ = agreement.side(keys.sign)
    clause = _clause(agreement, mine.name, "answer")
    named = {(kind, value) for kind, value in asked.told["named"] if kind in clause.kinds}
    known = parties_of(database, named)
    held = cases(database, book)
    flags, told = [], set()
    for party, by in sorted(known.items()):
        if its := _flags(database, clause, {party}, held):
            flags += its
            told |= by
    given = _text(clause, text) if flags else ""
    return {"named": sorted(list(one) for one in told), "flags": flags, "text": given}


def tell(book: Book, keys: Keys, agreement: Agreement, way: str, told: Told) -> str:
    """Send what `of_case` gave: the name of the flag. Raises DisclosureError where it would be more than is allowed."""
    name = f"flag-{secrets.token_hex(4)}"
    _send(book, keys, agreement, PART[way], name, told)
    return name


def answer(book: Book, keys: Keys, name: str, told: Told) -> None:
    """Send what `of_answer` gave, or nothing of it where `told` has no flags. Raises NotFoundError, CrossbookError
    where it was answered."""
    agreement, _ = _open(book, name)
    _send(book, keys, agreement, ANSWER, name, told)


def withdraw(book: Book, keys: Keys, name: str) -> None:
    """Withdraw what this side told, also after the agreement ended: it tells nothing, and the other side counts it no
    more. Raises NotFoundError where it told nothing of that name that stands."""
    for agreement in adopting.adopted(book):
        mine = [x for x in letters.read(book, agreement) if x.mine and x.about == name and x.part in PARTS]
        told = any(x.part != BACK and x.told["flags"] and not x.refused for x in mine)
        if told and not any(x.part == BACK for x in mine):
            _take_back(book, agreement, keys, name)
            return
    raise NotFoundError(f"no flag {name!r} of ours that stands", todo="crossbook exchange flag list lists them")


def take_back_at_the_end(book: Book, agreement: Agreement, keys: Keys) -> None:
    """Where the agreement ended with withdrawals that wait among letters, write them anew in the row that may leave."""
    if not adopting.ended(agreement):
        return
    back = [x for x in letters.read(book, agreement) if x.mine and x.part == BACK]
    moved = {x.about for x in back if x.row == letters.WITHDRAWALS}
    for x in back:
        if not x.seen and x.about not in moved:
            _take_back(book, agreement, keys, x.about)


def _take_back(book: Book, agreement: Agreement, keys: Keys, name: str) -> None:
    row = letters.WITHDRAWALS if adopting.ended(agreement) else letters.LETTERS
    what = f"that what was told of a party is withdrawn: {name}"
    letters.send(book, agreement, keys, BACK, name, {}, what=what, clause=CLAUSE, row=row)


def accept(book: Book, agreement: Agreement, letter: Letter) -> str:
    """Do what follows from a letter of the other side: why it is not accepted, empty where it is."""
    came = [x for x in letters.read(book, agreement) if x.part in PARTS]
    known = [x for x in came if not x.refused]
    theirs = [x for x in known if not x.mine]
    same = [x for x in theirs if x.about == letter.about]
    if letter.part == BACK:
        if not any(x.part != BACK for x in same) and not _kept_of(book, letter):
            return "there is no such flag"
        if _noted(book, OUTSIDE, letter.about) and not _noted(book, OUTSIDE_BACK, letter.about):
            book.decide(OUTSIDE_BACK, letter.about, {"other": letter.who})
        return ""
    if any(x.part == BACK and not x.mine and x.about == letter.about for x in came):
        return "a flag that was withdrawn before it came"
    asked = next((x for x in known if x.mine and x.part == ASK and x.about == letter.about), None)
    if letter.part == ANSWER and (asked is None or same):
        return "an answer to a question that is not open"
    if letter.part != ANSWER and (not _NAME.fullmatch(letter.about) or any(x.about == letter.about for x in known)):
        return "a flag whose name is none, or was given before"
    try:
        clause = _clause(agreement, letter.who, WAY[letter.part])
        adopting.holds(agreement)
        beyond = _beyond(letter.told, clause, letter.part, asked)
        if beyond:
            return beyond
        if letter.told["flags"]:
            month = _this_month()
            _room(clause, sum(bool(x.told.get("flags")) and x.at[:7] == month for x in theirs))
    except CrossbookError as error:
        return error.what
    if letter.told["flags"]:
        _keep(book, agreement, letter, clause)
    return ""


def flags(book: Book) -> list[Flag]:
    """All that was asked and told by both sides, the newest first. What was not accepted from the other side is left
    out."""
    found = []
    for agreement in adopting.adopted(book):
        known = [x for x in letters.read(book, agreement) if x.part in PARTS and not (x.refused and not x.mine)]
        back = {(x.mine, x.about) for x in known if x.part == BACK}
        answered = {(x.mine, x.about) for x in known if x.part == ANSWER and not x.refused}
        for x in known:
            if x.part != BACK:
                found.append(_flag(agreement, x, (x.mine, x.about) in back, (not x.mine, x.about) in answered))
    return sorted(found, key=lambda flag: flag.at, reverse=True)


def _flag(agreement: Agreement, x: Letter, withdrawn: bool, answered: bool) -> Flag:
    return Flag(
        name=x.about,
        agreement=agreement.sha[:12],
        mine=x.mine,
        other=x.other,
        way=WAY[x.part],
        at=x.at,
        named=tuple((kind, value) for kind, value in x.told["named"]),
        flags=tuple(x.told["flags"]),
        text=x.told["text"],
        evidence="" if x.mine or not x.told["flags"] else hashlib.sha256(_document(agreement, x)).hexdigest(),
        refused=x.refused,
        answered=x.part == ASK and answered,
        withdrawn=withdrawn,
    )


def _flags(database: Database, clause: Flags, parties: set[str], held: dict[str, Case]) -> list[dict[str, Any]]:
    """What the clause lets be told of these parties: of each rule in each of these cases, in order."""
    database.ask("watch_cases")
    rows = database.rows(
        "SELECT case_id, rule, first_on, amount, currency, unmeasured, certain FROM watch_slice "
        "WHERE subject IN (SELECT unnest($parties)) ORDER BY first_on, rule, amount",
        parties=sorted(parties),
    )
    found: list[dict[str, Any]] = []
    for row in rows:
        case = held.get(row["case_id"])
        if case is None or case.status in _KEPT or row["rule"] not in clause.rules:
            continue
        own = sum(part.points for part in case.parts if part.part != "outside")  # not what came from there
        reaches = clause.least == 0 if row["amount"] is None else row["amount"] >= clause.least  # unknown: not told
        if own < clause.least_score or not reaches:
            continue
        whole = None if row["unmeasured"] else row["amount"]  # where transfers have no rate it is a part
        more = {
            "month": row["first_on"].isoformat()[:7],
            "score": own // BAND * BAND,
            "amount": [len(str(whole)) - 1, row["currency"]] if whole else None,
        }
        one = {"rule": row["rule"], "certain": bool(row["certain"])}
        one |= {name: value for name, value in more.items() if name in clause.fields and value is not None}
        if one not in found:
            found.append(one)
    return found


def _send(book: Book, keys: Keys, agreement: Agreement, part: str, name: str, told: Told) -> None:
    mine, _ = agreement.side(keys.sign)
    clause = _clause(agreement, mine.name, WAY[part])
    if beyond := _beyond(told, clause, part, None):
        raise DisclosureError(f"it is more than the agreement allows: {beyond}", todo="tell less")
    channel, flags = letters.channel(agreement), told["flags"]

    def room(entries: list[Entry]) -> None:
        month = _this_month()
        sent = (e for e in entries if e.action == letters.SENT and e.subject == channel and e.at[:7] == month)
        _room(clause, sum(bool(e.body.get("flags")) for e in sent))

    if flags:
        room(book.journal())
    rules = ", ".join(dict.fromkeys(str(one["rule"]) for one in flags))
    what = f"flags on a party by {len(told['named'])} identifiers: {rules}"
    letters.send(
        book,
        agreement,
        keys,
        part,
        name,
        told,
        what=what if flags else "that nothing can be told of a party",
        clause=CLAUSE,
        noted={"flags": len(flags)},
        check=room if flags else None,
    )


def _clause(agreement: Agreement, of: str, way: str) -> Flags:
    found = next((clause for clause in agreement.flags if clause.of == of), None)
    if found is None or way not in found.ways:
        known = ", ".join(found.ways) if found else "—"
        raise DisclosureError(
            f"the agreement does not allow {of} to {way} flags on a party", todo=f"what it allows: {known}"
        )
    return found


def _room(clause: Flags, before: int) -> None:
    if before >= clause.a_month:
        raise DisclosureError(
            f"flags on a party were told {before} times this month, all that the agreement allows",
            todo="wait for the next month",
        )


def _text(clause: Flags, text: str) -> str:
    text = text.strip()
    if text and "text" not in clause.fields:
        raise DisclosureError("the agreement allows no text with a flag", todo="leave it out")
    if len(text) > clause.words:
        raise DisclosureError(
            f"{len(text):,} characters; the agreement allows {clause.words:,}", todo="say it in fewer"
        )
    return text


def _beyond(told: Told, clause: Flags, part: str, asked: Letter | None) -> str:
    """Why a letter says what the clause does not allow, or nothing that can be read; empty where it does not."""
    named, flags, text = told.get("named"), told.get("flags"), told.get("text")
    if set(told) != {"named", "flags", "text"} or not isinstance(named, list) or not isinstance(flags, list):
        return "a flag that is told otherwise than it must be"
    if not isinstance(text, str) or (text and "text" not in clause.fields) or len(text) > clause.words:
        return "a text that the agreement does not allow"
    if bool(named) != bool(flags) or (not flags and (part != ANSWER or text)) or len(named) > MOST_NAMED:
        return "a flag on nobody, or without a reason"
    if len(flags) > MOST_FLAGS:
        return "more flags than one letter may have"
    for one in named:
        if not (isinstance(one, list) and len(one) == 2 and all(isinstance(x, str) and x for x in one)):
            return "a flag that is told otherwise than it must be"
        if one[0] not in clause.kinds or spelled(one[0], one[1]) != one[1]:
            return "a party named otherwise than the agreement allows"
        if asked is not None and one not in asked.told["named"]:
            return "a party that was not asked about"
    return next((why for one in flags if (why := _beyond_of(one, clause))), "")


def _beyond_of(one: Any, clause: Flags) -> str:
    if not isinstance(one, dict) or one.get("rule") not in clause.rules:
        return "a rule that the agreement does not name"
    if set(one) - {"rule", "certain"} - (set(clause.fields) - {"text"}) or type(one.get("certain")) is not bool:
        return "a field that the agreement does not name"
    score, amount, month = one.get("score", 0), one.get("amount", [0, "USD"]), one.get("month", "2000-01")
    if type(score) is not int or score % BAND or not clause.least_score - BAND < score <= 10_000:
        return "a score that is no band, or below the least"
    if not (isinstance(amount, list) and len(amount) == 2 and type(amount[0]) is int and 0 <= amount[0] <= 20):
        return "an amount that is no band"
    if not (isinstance(amount[1], str) and amount[1] in EXPONENT):
        return "an amount that is no band"
    if "amount" in one and 10 ** (amount[0] + 1) <= clause.least:
        return "an amount below the least"
    return "" if isinstance(month, str) and _MONTH.fullmatch(month) else "a month that is none"


def _open(book: Book, name: str) -> tuple[Agreement, Letter]:
    """A question of the other side that is not answered yet."""
    for agreement in adopting.adopted(book):
        known = [x for x in letters.read(book, agreement) if x.about == name and not x.refused]
        asked = next((x for x in known if x.part == ASK and not x.mine), None)
        if asked is not None:
            if any(x.part == ANSWER for x in known):
                raise CrossbookError(f"{name} was answered", todo="provide what is new as a flag of its own")
            return agreement, asked
    raise NotFoundError(f"the other side asked nothing under {name!r}", todo="crossbook exchange flag list lists them")


def _keep(book: Book, agreement: Agreement, letter: Letter, clause: Flags) -> None:
    """As evidence and as a remark; once more, after a stop before the letter counted as taken, changes nothing."""
    data = _document(agreement, letter)
    documents.put(book, data, f"{letter.about}.json")
    if not _noted(book, OUTSIDE, letter.about):
        body = {
            "other": letter.who,
            "way": WAY[letter.part],
            **letter.told,
            "points": clause.points,
            "evidence": hashlib.sha256(data).hexdigest(),
        }
        book.decide(OUTSIDE, letter.about, body)


def _document(agreement: Agreement, letter: Letter) -> bytes:
    told = {
        "flag": letter.about,
        "from": letter.who,
        "way": WAY[letter.part],
        "agreement": agreement.sha,
        **letter.told,
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _noted(book: Book, action: str, name: str) -> bool:
    return any(e.action == action and e.subject == name for e in book.journal())


def _kept_of(book: Book, letter: Letter) -> bool:
    """Whether a flag of theirs is kept here under this name, though the words of its letter were forgotten."""
    found = (e for e in book.journal() if e.action == OUTSIDE and e.subject == letter.about)
    return any(e.body["other"] == letter.who for e in found)


def _this_month() -> str:
    return datetime.now(UTC).date().isoformat()[:7]
