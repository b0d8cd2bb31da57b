"""How each document was last sent, by the journal and what customs refused for its format (CEB900) since."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crossbook.book import Book
from crossbook.engine import Database

WRITTEN, WITHDRAWN = "customs message", "customs withdrawn"  # in the journal
_FORMAT_REFUSALS = "SELECT DISTINCT upper(message_id) AS id FROM customs_format_refusals"


@dataclass(frozen=True)
class Last:
    """How a document was last sent: the hash of what it said (empty: never, or not taken), what customs had said of it
    before, and the message since in which it was refused for the format or withdrawn (empty: in none)."""

    said: str = ""
    after: str = ""
    refused: str = ""


NEVER = Last()
Sendings = dict[tuple[str, str], Last]  # by message number and reference


def format_refused(database: Database) -> frozenset[str]:
    """The numbers of the messages that customs refused for their format, in capitals."""
    database.ask("trade")
    return frozenset(r["id"] for r in database.rows(_FORMAT_REFUSALS))


def sent(book: Book, refused: frozenset[str] = frozenset()) -> Sendings:
    """How each document was last sent. What was in one of the messages `refused` was not taken, and what was in one
    that somebody withdrew never went: that does not count."""
    found: Sendings = {}
    journal = book.journal()
    refused |= {e.subject.upper() for e in journal if e.action == WITHDRAWN}
    for e in journal:
        if e.action != WRITTEN:
            continue
        after = e.body.get("after", {})
        for reference, said in e.body["documents"]:
            key = (e.body["number"], reference)
            if e.subject.upper() in refused:
                found[key] = replace(found.get(key, NEVER), refused=e.subject)
            else:
                found[key] = Last(said=said, after=after.get(reference, ""))
    return found
