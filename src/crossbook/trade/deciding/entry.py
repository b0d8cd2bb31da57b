"""Two bank entries that two files tell are one and the same, or are two."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from crossbook import money
from crossbook.book import Book
from crossbook.book.book import PAIRED, UNPAIRED
from crossbook.book.journal import Entry
from crossbook.decisions import Asked, Choice, Kind, Look, Objection, Opened, Question, Wish, by, standing, taken_back
from crossbook.decisions.kind import Plain
from crossbook.engine import connect
from crossbook.errors import CrossbookError, NotFoundError, ParameterError
from crossbook.trade.one_entry import NEAR
from crossbook.trade.same_entry import SAME, TWO

ANSWERS = {SAME: "they are one entry", TWO: "they are two entries"}
_KEY = re.compile(r"(?P<sha>[0-9a-f]{6,64}):(?P<line>[0-9]{1,9})(?P<nth>'*)")
MOST_OFFERED = 200  # entries that are offered to choose from

# A telling of a bank entry, or of a line of an account that two formats tell, with the number that it counts as: less
# than 0 of a line.
TOLD = """
SELECT r.key, r.evidence, r.line, r.file, r.owner, r.account, r.booked_on, r.amount, r.currency,
       concat_ws(' ', r.counterparty, r.description, r.reference) AS text, coalesce(m.into_one, r.told) AS entry,
       NULL AS format
FROM bank_row r LEFT JOIN bank_merged m ON m.told = r.told
UNION ALL
SELECT l.key, l.evidence, l.line, l.file, l.account, l.account, l.day, l.amount, l.currency,
       concat_ws(' ', l.type, l.order_id, l.reference), -coalesce(m.into_one, l.row), l.source
FROM line_row l LEFT JOIN line_merged m ON m.row = l.row WHERE l.key NOT IN (SELECT key FROM bank_row)
"""
FILES = f"SELECT DISTINCT evidence, file FROM ({TOLD}) WHERE entry = $entry"
DOUBTED = """
SELECT 1 AS one FROM (SELECT a, b FROM bank_doubt UNION ALL SELECT -a, -b FROM line_doubt)
WHERE (a = $a AND b = $b) OR (a = $b AND b = $a)
"""
OFFERED = f"""
SELECT key, amount, currency, booked_on, file FROM (
  SELECT * FROM bank_perhaps UNION ALL SELECT * FROM line_perhaps) ORDER BY booked_on, key LIMIT {MOST_OFFERED}
"""
BESIDE = f"""
SELECT b.key, b.amount, b.currency, b.booked_on, b.file
FROM ({TOLD}) a JOIN ({TOLD}) b ON b.owner = a.owner AND b.currency = a.currency AND b.amount = a.amount
 AND b.evidence <> a.evidence AND sign(b.entry) = sign(a.entry)
 AND abs(date_diff('day', a.booked_on, b.booked_on)) <= {NEAR}
WHERE a.key = $key ORDER BY b.booked_on, b.key LIMIT {MOST_OFFERED}
"""


def _opens(book: Book) -> Opened:
    return Plain(book=book, database=connect(book))


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    answer = str(wish["answer"])
    if answer not in ANSWERS:
        raise ParameterError("answer", answer, tuple(ANSWERS))
    a, b = sorted((_entry(opened, str(wish[n])) for n in ("first", "second")), key=lambda e: str(e["key"]))
    refused = _against(opened, a, b, answer)
    return Look(
        subject=a["key"],
        body={
            "second": b["key"],
            "answer": answer,
            "amount": a["amount"],
            "currency": a["currency"],
            "booked_on": a["booked_on"].isoformat(),
            "apart": _apart(a, b),
            "files": [a["file"], b["file"]],
        },
        effects=()
        if refused
        else (_counted(answer, a["amount"], a["currency"], a["booked_on"], a["file"], b["file"]),),
        refused=refused,
        asks=() if refused else _asks(a, b, answer),
        links=_pages(a["key"], b["key"]),
    )


def _entry(opened: Opened, said: str) -> dict[str, Any]:
    """The telling of that name. Raises NotFoundError where it is not exactly one."""
    opened.database.ask("lines")
    match = _KEY.fullmatch(said)
    todo = "name it by file and line, as `crossbook bank` does: 04a7d471ffe8:7"
    if match is None:
        raise NotFoundError(f"{said[:60]!r} names no bank entry", todo=todo)
    key = f"{match['sha'][:12]}%:{match['line']}{match['nth']}"
    rows = opened.database.rows(f"SELECT * FROM ({TOLD}) WHERE key LIKE $key ORDER BY key", key=key)
    rows = [r for r in rows if r["evidence"].startswith(match["sha"])]
    if len(rows) != 1:
        raise NotFoundError(f"{len(rows) or 'no'} bank entries in use are called {said}", todo=todo)
    return rows[0]


def _against(opened: Opened, a: dict[str, Any], b: dict[str, Any], answer: str) -> tuple[Objection, ...]:
    entries = opened.book.journal()
    if _as_made(opened) != opened.book.paired():
        return (Objection("others decided on entries since these figures were made", "look at them and try again"),)
    stands = standing(entries, PAIRED, UNPAIRED, _key).get((a["key"], b["key"]))
    if stands and stands.body["answer"] == answer:
        text = f"{ANSWERS[answer]}: that stands already" + by(entries, PAIRED, _key, (a["key"], b["key"]))
        return (Objection(text),)
    doubted = bool(opened.database.rows(DOUBTED, a=a["entry"], b=b["entry"]))
    facts = _differing(a, b, most=max(NEAR, _apart(a, b)) if doubted or stands else NEAR)
    if facts:
        return facts
    one = a["entry"] == b["entry"]
    if answer == TWO:
        return () if one or doubted or stands else (Objection("they are counted as two already"),)
    if one and not stands:
        return (Objection("they are counted as one already"),)
    return () if one else (*_in_one_file(opened, a, b), *_matched_both(entries, a["key"], b["key"]))


def _as_made(opened: Opened) -> Mapping[tuple[str, str], str]:
    """What people had said when the tables were made."""
    return {(r["a"], r["b"]): r["answer"] for r in opened.database.rows("SELECT a, b, answer FROM entries_said")}


def _apart(a: dict[str, Any], b: dict[str, Any]) -> int:
    """Days between two entries."""
    return abs(int((a["booked_on"] - b["booked_on"]).days))


def _differing(a: dict[str, Any], b: dict[str, Any], *, most: int) -> tuple[Objection, ...]:
    """What the facts say against the two being one, or being told by two files at all; they are booked at `most` so
    many days apart."""
    found = []
    if a["evidence"] == b["evidence"]:
        found.append(Objection(f"both stand in {a['file']}, which tells two entries", "name entries of two files"))
    elif a["format"] != b["format"] and None in (a["format"], b["format"]):
        found.append(Objection("one is a bank entry, the other a line of a report", "name two of one sort"))
    elif a["format"] is not None and a["format"] == b["format"]:
        found.append(Objection("both are told by one format, as two lines", "name lines of two formats"))
    if a["owner"] != b["owner"]:
        text = f"one is of the account {a['account']}, the other of {b['account']}"
        found.append(Objection(text, "say that both are one account: crossbook book alias ACCOUNT OTHER"))
    if (a["amount"], a["currency"]) != (b["amount"], b["currency"]):
        one, other = (money.show(e["amount"], e["currency"]) for e in (a, b))
        found.append(Objection(f"one is of {one}, the other of {other}", "name entries of one amount"))
    if _apart(a, b) > most:
        text = f"one was booked on {a['booked_on']}, the other on {b['booked_on']}: more than {most} days apart"
        found.append(Objection(text, "name entries of about one day"))
    return tuple(found)


def _in_one_file(opened: Opened, a: dict[str, Any], b: dict[str, Any]) -> tuple[Objection, ...]:
    """A file that tells both as entries of its own."""
    files = [{r["evidence"]: r["file"] for r in opened.database.rows(FILES, entry=e["entry"])} for e in (a, b)]
    both = sorted(files[0][sha] for sha in files[0].keys() & files[1].keys())
    return tuple(Objection(f"{name} tells both, as two entries") for name in both)


def _matched_both(entries: list[Entry], a: str, b: str) -> tuple[Objection, ...]:
    """Payouts that people matched with the one and with the other: one credit cannot be both."""
    made = standing(entries, "match", "unmatch").values()
    one, other = ([e.subject for e in made if key in e.body.get("credits", ())] for key in (a, b))
    if one and other and one != other:
        text = f"{', '.join(one)} and {', '.join(other)} are matched with them by hand, as two credits"
        return (Objection(text, f"take one back first: crossbook undo match {other[0]}"),)
    return ()


def _asks(a: dict[str, Any], b: dict[str, Any], answer: str) -> tuple[Question, ...]:
    if answer == TWO or not _apart(a, b):
        return ()
    return (Question(f"one was booked on {a['booked_on']}, the other on {b['booked_on']}", str(b["booked_on"])),)


def _counted(answer: str, amount: int, currency: str, day: Any, one: str, other: str) -> str:
    times = "once" if answer == SAME else "twice"
    shown = money.show(amount, currency)
    return f"{shown} on {day} in {one} and in {other} is counted {times}"


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    named = _sorted(opened.book, str(wish["first"]), str(wish["second"]))
    nothing = f"nothing was decided on {named[0]} and {named[1]}"
    return taken_back(opened, ENTRY, named, ("whether they are one is again told by what the files say",), nothing)


def _sorted(book: Book, first: str, second: str) -> tuple[str, str]:
    """The names as the journal has them, in whichever order and length they were said."""
    wanted = sorted((first, second))
    for a, b in book.paired():
        if all(_is(said, key) for said, key in zip(wanted, (a, b), strict=True)):
            return a, b
    return wanted[0], wanted[1]


def _is(said: str, key: str) -> bool:
    sha, _, line = said.partition(":")
    of, _, at = key.partition(":")
    return line == at and (sha.startswith(of) or (len(sha) >= 6 and of.startswith(sha)))


def _key(entry: Entry) -> tuple[str, str]:
    return entry.subject, entry.body["second"]


def _sentence(entry: Entry) -> str:
    if entry.action == UNPAIRED:
        return f"whether {entry.subject} and {entry.body['second']} are one entry is left to the files again"
    body = entry.body
    return _counted(body["answer"], body["amount"], body["currency"], body["booked_on"], *body["files"])


def _pages(*keys: str) -> dict[str, str]:
    return {key: "/evidence/" + key.rstrip("'").replace(":", "/") for key in keys}


def _holds(opened: Opened, entry: Entry) -> tuple[Objection, ...]:
    """Whether both are still in the book, and can be what was said."""
    try:
        a, b = (_entry(opened, key) for key in _key(entry))
    except CrossbookError as error:
        return (Objection(error.what, error.todo),)
    return _differing(a, b, most=max(NEAR, entry.body.get("apart", 0)))


def _first(opened: Opened, wish: Wish) -> list[Choice]:
    opened.database.ask("lines")
    return [_offered(row) for row in opened.database.rows(OFFERED)]


def _second(opened: Opened, wish: Wish) -> list[Choice]:
    """What the other files tell that may be the first entry."""
    if not wish.get("first"):
        return []
    key = _entry(opened, str(wish["first"]))["key"]
    return [_offered(row) for row in opened.database.rows(BESIDE, key=key)]


def _offered(row: dict[str, Any]) -> Choice:
    text = f"{row['booked_on']} · {money.show(row['amount'], row['currency'])} · {row['file']}"
    return Choice(row["key"], text)


def _answers(opened: Opened, wish: Wish) -> list[Choice]:
    return [Choice(name, text) for name, text in ANSWERS.items()]


ENTRY = Kind(
    name="entry",
    title="Two bank entries in two files are one, or are two",
    done=PAIRED,
    undone=UNPAIRED,
    asked=(
        Asked(name="first", text="The one entry, by file and line", key=True, choices=_first),
        Asked(name="second", text="The other one", key=True, choices=_second),
        Asked(name="answer", text="What they are: same or two", choices=_answers),
    ),
    look=_look,
    back=_back,
    key=_key,
    sentence=_sentence,
    links=lambda e: _pages(*_key(e)),
    checks=(
        "Both are in the book, in two files, of one account, currency and amount, and in doubt or of about one day.",
        "How they are counted now.",
    ),
    refuses=(
        "They differ in account, amount or currency, one file tells both, or they are counted so already.",
        "Payouts are matched with both by hand.",
    ),
    asks=("They were booked on different days: name the second.",),
    why="say what shows it: the bank's word, the two papers",
    opens=_opens,
    rests_on=("retire", "reinstate", "match", "unmatch"),
    holds=_holds,
)
