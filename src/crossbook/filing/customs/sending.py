"""What is to be sent to customs: each document once, again only when it was refused and has changed since."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.filing.customs import documents as docs
from crossbook.filing.customs.documents import guid_of
from crossbook.filing.customs.message import MOST, Document, Fields, Problem, Written, problems, write
from crossbook.filing.customs.settings import Customs
from crossbook.filing.customs.signing import Signer
from crossbook.filing.customs.trade import ToDeclare

STATES = ("ready", "wanting", "waiting", "accepted", "refused")
VOLATILE = ("guid", "appTime", "ieDate", "appType")  # fields that say when a document was made, not what it says

_ANSWERS = """
SELECT document, coalesce(CASE WHEN document = '505' THEN tracking END, order_id, reference) AS name,
       max_by(state, returned_at) AS state FROM customs_answers GROUP BY ALL
"""


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
    answers = {(r["document"], r["name"]): r["state"] for r in database.rows(_ANSWERS)}
    before = sent_before(book)
    planned = []
    for trade in found:
        for number in numbers:
            planned.append(_planned(number, trade, customs, at, answers, before))
    return planned


def _planned(
    number: str,
    trade: ToDeclare,
    customs: Customs,
    at: datetime,
    answers: dict[tuple[str, str], str],
    before: dict[tuple[str, str], str],
) -> Planned:
    made = docs.document(number, trade, customs, at)
    name = (trade.tracking if number == "505" else None) or trade.order_id
    answer = _all_parcels(trade, answers) if number == "505" and trade.parcels else answers.get((number, name))
    if answer in ("accepted", "released"):
        return Planned(number=number, reference=name, order_id=trade.order_id, state="accepted", document=None)
    if answer in ("pending", "held"):
        return Planned(number=number, reference=name, order_id=trade.order_id, state="waiting", document=None)
    if isinstance(made, list):
        return Planned(
            number=number, reference=name, order_id=trade.order_id, state="wanting", document=None, problems=tuple(made)
        )
    wrong = problems(made)
    if wrong:
        return Planned(
            number=number,
            reference=made.reference,
            order_id=trade.order_id,
            state="wanting",
            document=made,
            problems=tuple(wrong),
        )
    last = before.get((number, made.reference))
    if last is None:
        return Planned(number=number, reference=made.reference, order_id=trade.order_id, state="ready", document=made)
    if answer is None:
        return Planned(number=number, reference=made.reference, order_id=trade.order_id, state="waiting", document=made)
    same = last == digest(made)
    return Planned(
        number=number,
        reference=made.reference,
        order_id=trade.order_id,
        state="refused" if same else "ready",
        document=made,
    )


def _all_parcels(trade: ToDeclare, answers: dict[tuple[str, str], str]) -> str | None:
    """What customs said of the waybills of several parcels, where it let all of them pass."""
    told = [answers.get(("505", p.tracking or "")) for p in trade.parcels]
    return "accepted" if all(x in ("accepted", "released") for x in told) else None


def digest(document: Document) -> str:
    """A hash of what a document says, whenever it was made."""
    head = {k: v for k, v in document.head.items() if k not in VOLATILE}
    return hashlib.sha256(json.dumps([head, document.items], sort_keys=True).encode()).hexdigest()[:24]


def sent_before(book: Book) -> dict[tuple[str, str], str]:
    """The hash of what each document last said when it was written for sending, by message number and reference."""
    found: dict[tuple[str, str], str] = {}
    for e in book.journal():
        if e.action == "customs message":
            found |= {(e.body["number"], reference): said for reference, said in e.body["documents"]}
    return found


def messages(customs: Customs, planned: Sequence[Planned], at: datetime) -> list[Written]:
    """The documents that are ready, as messages of a hundred at most, kind by kind."""
    found = []
    for number in dict.fromkeys(p.number for p in planned):
        ready = [p.document for p in planned if p.number == number and p.state == "ready" and p.document]
        for k in range(0, len(ready), MOST):
            part = ready[k : k + MOST]
            guid = guid_of(customs.seller.code, number, *(f"{d.reference} {digest(d)}" for d in part))
            found.append(write(number, guid, part, transfer_of(customs)))
    return found


def transfer_of(customs: Customs) -> Fields:
    """Who sends a message, and by which way."""
    return {
        "copCode": customs.transfer.code,
        "copName": customs.transfer.name,
        "dxpMode": "DXP",
        "dxpId": customs.transfer_id,
    }


def send(
    book: Book, written: Sequence[Written], folder: Path, signer: Signer | None, who: str | None = None
) -> list[Sent]:
    """Write messages to `folder`, signed when there is a signer, and journal them. Raises CrossbookError.

    Each is journalled after its file is on disk; a file of the same name holds the same documents.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CrossbookError(f"cannot be made: {error.strerror}", where=str(folder)) from None
    found = []
    for w in written:
        path = folder / f"CEB{w.number}Message_{w.guid}.xml"
        path.write_bytes(signer(w.xml) if signer else w.xml)
        body = {
            "number": w.number,
            "file": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "signed": signer is not None,
            "documents": [[d.reference, digest(d)] for d in w.documents],
        }
        book.decide("customs message", w.guid, body, who)
        found.append(Sent(number=w.number, guid=w.guid, file=path, references=tuple(d.reference for d in w.documents)))
    return found


def counts(planned: Sequence[Planned]) -> dict[str, Counter[str]]:
    """How many documents of each message stand where."""
    found: dict[str, Counter[str]] = {}
    for p in planned:
        found.setdefault(p.number, Counter())[p.state] += 1
    return found


# Returns to documents that the book neither sent nor knows a trade for.
_STRAY = """
SELECT r.message, r.document, r.reference, r.order_id, r.state, r.code, r.returned_at, r.evidence, r.line
FROM customs_answers r
LEFT JOIN trade t ON t.order_id = r.order_id LEFT JOIN trade s ON s.tracking = r.tracking
WHERE t.order_id IS NULL AND s.order_id IS NULL AND r.document IN ('303', '403', '505', '603', '605')
ORDER BY r.returned_at, r.reference
"""


def strays(database: Database, book: Book) -> list[dict[str, object]]:
    """Answers of customs to documents that the book does not know: somebody else's, or of files not added yet."""
    database.ask("trade")
    known = set(sent_before(book))
    return [r for r in database.rows(_STRAY) if (r["document"], r["reference"]) not in known]
