"""How a table of one's own is read: its columns are those of a mapping; files like it are read by it from now on."""

from __future__ import annotations

from crossbook import money
from crossbook.book.book import Book
from crossbook.book.journal import Entry
from crossbook.book.mapping import Extent, Preview, keep_mapping, kept_mapping, preview, set_mapping_aside
from crossbook.decisions.kind import Asked, Kind, Look, Objection, Opened, Question, Wish
from crossbook.decisions.standing import by, standing
from crossbook.sources.registry import sources

DONE, UNDONE = "map", "unmap"


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    name = str(wish["mapping"])
    before = kept_mapping(opened.book, name)
    seen = preview(str(wish["table"]), text=str(wish["text"]) if wish.get("text") else None)
    refused = _against(opened.book, name, before, seen)
    return Look(
        subject=name,
        body={"mapping": seen.kept, "rows": {kind: e.rows for kind, e in seen.extents.items()}},
        effects=() if refused else (f"tables with these headers are read by the mapping {name}", *_effects(seen)),
        refused=refused,
        asks=_asks(seen),
    )


def _against(book: Book, name: str, before: str | None, seen: Preview) -> tuple[Objection, ...]:
    found = []
    if name in sources():
        found.append(Objection(f"{name} is the name of a format", "give the mapping another name"))
    if before is not None and before != seen.kept:
        todo = f"correct it in the book's folder mappings, or take it back first: crossbook undo reading {name}"
        found.append(Objection(f"there is another mapping of the name {name}", todo))
    elif before is not None and (name,) in standing(book.journal(), DONE, UNDONE):
        text = f"the mapping {name} is kept already" + by(book.journal(), DONE, READING.key, (name,))
        found.append(Objection(text, "add the file: crossbook add FILE"))
    if not any(e.rows for e in seen.extents.values()):
        found.append(Objection("no row of the table is read by it", "correct the mapping"))
    return tuple(found)


def _asks(seen: Preview) -> tuple[Question, ...]:
    """Rows that are not read, headers that are read twice, and what the table itself leaves open or contradicts."""
    asks = [Question(f"several columns are read from {header}", header) for header in seen.doubled]
    asks += [Question(doubt.text, doubt.answer) for doubt in seen.doubts]
    if seen.bad_count:
        first = seen.bad[0]
        count = f"{seen.bad_count} rows are not read (their number is what --yes takes)"
        text = f"{count}, the first in line {first.line}, {first.column}: {first.value!r}"
        asks.append(Question(text, str(seen.bad_count)))
    return tuple(asks)


def _effects(seen: Preview) -> tuple[str, ...]:
    effects = [_extent(kind, e) for kind, e in seen.extents.items()]
    effects += [f"sum of {kind}: {_sums(e)}" for kind, e in seen.extents.items() if e.sums]
    effects += seen.proofs
    if "settlement" in seen.extents and not seen.proofs:
        effects.append("nothing in the table proves this reading: no net amounts, no balance, no payout's total")
    elif "bank" in seen.extents and not seen.proofs:
        effects.append("nothing in the table proves this reading: it has no running balance, no totals and no counts")
    effects += [f"line {line} is no row ({role}): {text}" for line, role, text in seen.left_out]
    if seen.unused:
        effects.append(f"not used: {', '.join(seen.unused)}")
    return tuple(effects)


def _extent(kind: str, e: Extent) -> str:
    told = f"{e.rows:,} × {kind}"
    return f"{told}, {e.first} … {e.last}" if e.first else told


def _sums(e: Extent) -> str:
    return ", ".join(money.show(total, code) for code, total in sorted(e.sums.items()))


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    name = str(wish["mapping"])
    if kept_mapping(opened.book, name) is None:
        text = f"the book keeps no mapping {name}" + by(
            opened.book.journal(), UNDONE, READING.key, (name,), "taken back"
        )
        return Look(subject=name, body={}, refused=(Objection(text),))
    read = [e["name"] for e in opened.book.evidence() if e["source"] == name and e["mapping"]]
    stay = (f"{len(read)} files that were read by it stay as they are",) if read else ()
    return Look(subject=name, body={}, effects=(_not_read(name), *stay))


def _not_read(name: str) -> str:
    return f"no table is read by the mapping {name} any more"


def _after(opened: Opened, entry: Entry) -> None:
    """Put the mapping where files are read by it, or where none is."""
    if entry.action == DONE:
        keep_mapping(opened.book, entry.subject, entry.body["mapping"])
    else:
        set_mapping_aside(opened.book, entry.subject, entry.seq)


def _sentence(entry: Entry) -> str:
    return _not_read(entry.subject) if entry.action == UNDONE else f"the columns of {entry.subject} were mapped"


READING = Kind(
    name="reading",
    title="A table of one's own is read by this mapping",
    done=DONE,
    undone=UNDONE,
    asked=(
        Asked(name="mapping", text="A name for the mapping", key=True),
        Asked(name="table", text="A table that it reads", of="path"),
        Asked(name="text", text="The mapping, as TOML; as proposed from the table else", of="lines", needed=False),
    ),
    look=_look,
    back=_back,
    key=lambda e: (e.subject,),
    sentence=_sentence,
    links=lambda e: {},
    checks=(
        "What the mapping reads of the table: rows, sums and days by kind of fact, headers that are not used.",
        "What proves the reading: the running balance, lines of totals, counts.",
    ),
    refuses=("The book has another mapping of this name, or no row is read.",),
    asks=(
        "Rows are not read: say how many.",
        "Several columns are read from one header: name it.",
        "The table does not decide which way money went, the order of day and month, or its currency: say it.",
        "A balance, a total or a count does not agree: name its line.",
    ),
    approvable=False,
    after=_after,
)
