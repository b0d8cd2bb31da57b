"""What is to be sent to customs: each document once, again only when it was refused and has changed since, or when the
message that it was in was refused for its format (CEB900), so that nothing in it was taken."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from crossbook.book import Book
from crossbook.book.durable import write_whole
from crossbook.ceb import FORMAT_REFUSED, fields
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.filing.customs import answered
from crossbook.filing.customs import documents as docs
from crossbook.filing.customs.consigned import NUMBERS, named
from crossbook.filing.customs.documents import guid_of
from crossbook.filing.customs.envelope import mailbox_of
from crossbook.filing.customs.letters import FOLDER, names
from crossbook.filing.customs.message import MOST, Document, Fields, Problem, Written, problems, write
from crossbook.filing.customs.sent import NEVER, WRITTEN, Sendings, format_refused, sent
from crossbook.filing.customs.settings import Customs
from crossbook.filing.customs.signing import Signer, content_hash
from crossbook.filing.customs.steps import BEFORE_LIST
from crossbook.filing.customs.trade import ToDeclare

STATES = ("ready", "wanting", "waiting", "accepted", "refused")
VOLATILE = ("guid", "appTime", "ieDate", "appType")  # fields that say when a document was made, not what it says

_ANSWERS = f"""
SELECT document, order_id, tracking, reference, {answered.STATE} AS state, {answered.CODE} AS code,
       CAST(max(returned_at) AS VARCHAR) AS told
FROM {answered.answers("document, order_id, tracking, reference")}
GROUP BY document, order_id, tracking, reference ORDER BY told
"""


@dataclass(frozen=True)
class Answer:
    """What customs last said of a document, and when (empty: nothing)."""

    state: str | None = None
    told: str = ""
    code: str = ""


NO_ANSWER = Answer()
Answers = dict[tuple[str, ...], Answer]


@dataclass(frozen=True)
class Planned:
    """One document and where it stands: ready, wanting (with problems), waiting for an answer, accepted or refused."""

    number: str
    reference: str
    order_id: str
    state: str
    document: Document | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Sent:
    """A message that was written: its file (None in a dry run) and the documents in it."""

    number: str
    guid: str
    file: Path | None
    references: tuple[str, ...]


def plan(
    database: Database, book: Book, customs: Customs, found: Iterable[ToDeclare], numbers: Sequence[str], at: datetime
) -> list[Planned]:
    """Every document of these trades, with its state."""
    database.ask("trade")
    answers = _answers(database)
    before = sent(book, format_refused(database))
    return [p for trade in found for p in of_trade(trade, customs, at, answers, before) if p.number in numbers]


def of_trade(trade: ToDeclare, customs: Customs, at: datetime, answers: Answers, before: Sendings) -> list[Planned]:
    """All documents of a trade. Its list is not declared while its order or a waybill is wanting or refused."""
    planned = []
    for number in docs.OF_TRADES:
        made = docs.documents(number, trade, customs, at)
        planned += [_planned(number, part, one, _answer(number, part, answers), before) for part, one in made]
    if trade.list_state == "cancelled":
        planned = [_cancelled(p, trade) if p.number == "603" and p.state == "accepted" else p for p in planned]
    stopped = [p for p in planned if p.number in BEFORE_LIST and p.state in ("wanting", "refused")]
    return [_held_back(p, stopped) if p.number == "603" and stopped else p for p in planned]


def _answers(database: Database) -> Answers:
    """The last state that customs answered, by message, order and the document's own number."""
    found: Answers = {}
    for r in database.rows(_ANSWERS):
        of = {"403": (r["order_id"] or "", r["reference"]), "505": (r["tracking"] or r["reference"],)}
        found[(r["document"], *of.get(r["document"], (r["order_id"] or r["reference"],)))] = Answer(
            r["state"], r["told"], r["code"] or ""
        )
    return found


def _answer(number: str, part: ToDeclare, answers: Answers) -> Answer:
    if number == "403":
        names = [part.payment_id] if part.payments else [part.payment_id, part.order_id]
        found = (answers.get((number, part.order_id, n or "")) for n in names)
        return next((a for a in found if a), NO_ANSWER)
    return answers.get((number, docs.reference_of(number, part)), NO_ANSWER)


def _planned(number: str, part: ToDeclare, made: docs.Made, answer: Answer, before: Sendings) -> Planned:
    reference, order_id = docs.reference_of(number, part), part.order_id
    if answer.state in ("accepted", "released"):
        return Planned(number=number, reference=reference, order_id=order_id, state="accepted", document=None)
    if answer.state in ("pending", "held"):
        return Planned(number=number, reference=reference, order_id=order_id, state="waiting", document=None)
    if answer.state in ("unknown", answered.CONTRADICTORY):  # customs may have taken it: not to be declared twice
        why = "what customs answered to it is in no table of states: ask what it means before it is written again"
        why = answered.WHY if answer.state == answered.CONTRADICTORY else why
        lost = Problem(number=number, reference=reference, field="returnStatus", value=answer.code, why=why)
        return Planned(
            number=number, reference=reference, order_id=order_id, state="wanting", document=None, problems=(lost,)
        )
    last = before.get((number, reference), NEVER)
    document = None if isinstance(made, list) else replace(made, after=last.refused or answer.told)
    wrong = made if isinstance(made, list) else problems(made)
    if wrong:
        return Planned(
            number=number,
            reference=reference,
            order_id=order_id,
            state="wanting",
            document=document,
            problems=tuple(wrong),
        )
    state = "ready"
    if last.said and (answer.state is None or last.after == answer.told != ""):  # it answers what was sent before
        state = "waiting"
    elif last.said and document and last.said == digest(document):
        state = "refused"
    return Planned(number=number, reference=reference, order_id=order_id, state=state, document=document)


def _cancelled(listed: Planned, trade: ToDeclare) -> Planned:
    """An export list that customs took, and cancelled when asked to (605): the trade is not declared."""
    why = "customs cancelled the export list: the trade is not declared, and no rule was read on declaring it anew"
    gone = Problem(number="603", reference=listed.reference, field="invtNo", value=trade.list_number or "", why=why)
    return replace(listed, state="wanting", problems=(gone,))


def _held_back(listed: Planned, stopped: Sequence[Planned]) -> Planned:
    """An export list that was ready, but for the documents that customs compares it with."""
    if listed.state != "ready":
        return listed
    why = {
        "wanting": "customs compares the list with it, and it cannot be written yet",
        "refused": "customs compares the list with it, and has refused it",
    }
    told = [
        Problem(number="603", reference=listed.reference, field=f"CEB{p.number}", value=p.reference, why=why[p.state])
        for p in stopped
    ]
    return replace(listed, state="wanting", problems=tuple(told))


def digest(document: Document) -> str:
    """A hash of what a document says, whenever it was made."""
    head = {k: v for k, v in document.head.items() if k not in VOLATILE}
    return hashlib.sha256(json.dumps([head, document.items], sort_keys=True).encode()).hexdigest()[:24]


def once_more(documents: Sequence[Document], book: Book, database: Database) -> list[Document]:
    """Those of `documents` that were never sent as they are, or were in a message refused for its format."""
    before = sent(book, format_refused(database))
    found = []
    for d in documents:
        last = before.get((d.number, d.reference), NEVER)
        if last.said != digest(d):
            found.append(replace(d, after=last.refused))
    return found


def messages(customs: Customs, planned: Sequence[Planned], at: datetime) -> list[Written]:
    """The documents that are ready, as messages of a hundred at most, kind by kind."""
    found = []
    for number in dict.fromkeys(p.number for p in planned):
        ready = [p.document for p in planned if p.number == number and p.state == "ready" and p.document]
        for k in range(0, len(ready), MOST):
            part = ready[k : k + MOST]
            told = (f"{d.reference} {digest(d)}" + (f" {d.after}" if d.after else "") for d in part)
            guid = guid_of(customs.seller.code, number, *told)
            found.append(write(number, guid, part, transfer_of(customs)))
    return found


def transfer_of(customs: Customs) -> Fields:
    """Who sends a message, and by which way. Raises CrossbookError where the published format takes no such text."""
    told: Fields = {
        "copCode": customs.transfer.code,
        "copName": customs.transfer.name,
        "dxpMode": "DXP",
        "dxpId": customs.transfer_id,
    }
    for f in fields()["BaseTransfer"]:
        if why := f.problem(told.get(f.name)):
            raise CrossbookError(
                f"the sender of messages: {f.name} {told.get(f.name)!r} {why}",
                where="book.toml",
                todo="see [customs] transfer, or seller where there is none, and transfer_id",
            )
    return told


def send(
    book: Book, written: Sequence[Written], folder: Path, signer: Signer | None, who: str | None = None
) -> list[Sent]:
    """Write messages to `folder`, signed when there is a signer, and journal them. Raises CrossbookError.

    Each is journalled after its file is on disk; a file of the same name holds the same documents. Where the book has a
    mailbox (`[customs.mailbox]`), those in the book's own folder go out by it: who wrote them has said so.
    """
    by_mailbox = mailbox_of(book).is_set
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CrossbookError(f"cannot be made: {error.strerror}", where=str(folder)) from None
    found = []
    for w in written:
        path = folder / f"CEB{w.number}Message_{w.guid}.xml"
        content = signer(w.xml) if signer else w.xml
        write_whole(path, content)
        body: dict[str, Any] = {
            "number": w.number,
            "file": path.name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "content": content_hash(content),
            "message_signed": signer is not None,  # "signed" is the journal's own word
            "documents": [[d.reference, digest(d)] for d in w.documents],
        }
        after = {d.reference: d.after for d in w.documents if d.after}
        if after:
            body["after"] = after
        if w.number in NUMBERS:
            body["inside"] = {d.reference: named(d) for d in w.documents}
        if by_mailbox and folder == book.path / FOLDER:
            body["post"] = True
        book.decide("customs message", w.guid, body, who)
        found.append(Sent(number=w.number, guid=w.guid, file=path, references=tuple(d.reference for d in w.documents)))
    return found


def counts(planned: Sequence[Planned]) -> dict[str, Counter[str]]:
    """How many documents of each message stand where."""
    found: dict[str, Counter[str]] = {}
    for p in planned:
        found.setdefault(p.number, Counter())[p.state] += 1
    return found


# Returns to documents that the book knows no trade for, or that are of no one trade, and refusals of whole messages.
_STRAY = """
SELECT r.message, r.document, r.reference, r.order_id, r.state, r.code, r.returned_at, r.evidence, r.line
FROM customs_answers r
WHERE (r.order_id IS NULL OR r.order_id NOT IN (
    SELECT order_id FROM orders UNION ALL SELECT order_id FROM parcels WHERE order_id IS NOT NULL
    UNION ALL SELECT order_id FROM payments WHERE order_id IS NOT NULL
    UNION ALL SELECT order_id FROM declarations WHERE order_id IS NOT NULL))
  AND (r.tracking IS NULL OR r.tracking NOT IN (SELECT tracking FROM parcels WHERE tracking IS NOT NULL))
  AND (r.document IN ('303', '403', '505', '603', '605') OR r.message IN ('508', '510', '608', '702'))
UNION ALL
SELECT '900', number, message_id, NULL, 'refused', code, returned_at, evidence, line FROM customs_format_refusals
ORDER BY returned_at, reference
"""


def strays(database: Database, book: Book) -> list[dict[str, object]]:
    """Answers of customs to documents and messages that the book does not know: somebody else's, or of files not added
    yet."""
    database.ask("trade")
    known = {(number, name) for number, reference in sent(book) for name in names(number, reference)}
    ours = {e.subject.upper() for e in book.journal() if e.action == WRITTEN}
    return [
        r
        for r in database.rows(_STRAY)
        if (r["document"], r["reference"]) not in known
        and not (r["message"] == FORMAT_REFUSED and r["reference"].upper() in ours)
    ]
