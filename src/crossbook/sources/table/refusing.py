"""Whether a table that was followed may be taken: nothing in it contradicts how it was read, or somebody agreed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import NoReturn

from crossbook.errors import CrossbookError
from crossbook.sources.source import Against, Reading
from crossbook.sources.table import days, naming
from crossbook.sources.table.following import Following

FEW = 10  # contradictions that are each named and agreed to by their line; more of them together, by how many they are
ALL = "all-{n}"
_UNMOVED = {"not done": "no money moved", "neither": "neither in nor out"}
UNDECIDED = "nothing in the file says whether the mark in {amount} is of thousands or of decimals"


def answers(lines: Sequence[int]) -> str:
    """What a person types to agree to the contradictions in these lines."""
    each = list(dict.fromkeys(lines))
    if len(each) > FEW:
        return f"--yes {ALL.format(n=len(each))}"
    return " ".join(f"--yes {line}" for line in each)


def agreed_lines(lines: Collection[int], yes: Collection[str]) -> set[int]:
    """The lines of contradictions that `yes` agrees to: each by its number, or all of them by how many they are."""
    if len(set(lines)) > 1 and ALL.format(n=len(set(lines))) in yes:
        return set(lines)
    return {line for line in lines if str(line) in yes}


def undecided(followed: Following) -> str:
    """What to say of amounts whose mark may be of thousands or of decimals; "" where the file decides it."""
    mark = followed.mark
    return f"{UNDECIDED.format(amount=mark.undecided)}: it is read as of {mark.guess}" if mark.undecided else ""


def _say_undecided(followed: Following) -> None:
    """Note that amounts may be read otherwise. Raises CrossbookError where the currency admits both readings."""
    said = undecided(followed)
    if not said or followed.reading.again:
        return
    if followed.mark.finest > 2:
        raise CrossbookError(
            said,
            where=followed.reading.name,
            todo="export the table again in one number format, or say decimal in the mapping",
        )
    if "," not in followed.mark.undecided or "shipped" not in followed.spec:
        followed.reading.notes.append(said)


def refuse(reading: Reading, against: Sequence[Against], todo: str) -> NoReturn:
    """Raise CrossbookError with everything that does not agree, and how to agree to each of it."""
    first = against[0]
    column = reading.headers.get(first.column, first.column)
    texts = [f"{len(against):,} figures do not agree:", *(a.text for a in against[:FEW])]
    if (more := len(against) - FEW) > 0:
        texts.append(f"and {more:,} more")
    raise CrossbookError(
        first.text if len(against) == 1 else "\n".join(texts),
        where=f"{reading.name}:{first.line}" + (f" {column}" if column else ""),
        todo=f"{todo}: {answers([a.line for a in against])}",
    )


def refuse_contradicted(followed: Following) -> None:
    """Raise CrossbookError where the file contradicts how it was read, and the mapping does not agree to that."""
    followed.reading.notes += [
        f"rows left out, as {column} says {word!r}: {count}, {_UNMOVED[what]}, the first is line {first}"
        for (what, column, word), (count, first) in sorted(followed.unmoved.items())
    ]
    _say_undecided(followed)
    found = followed.proofs()
    agreed = followed.agreed
    fresh = [a for proof in found for a in proof.against if f"{a.line} {a.value}" not in agreed]
    if fresh:
        refuse(followed.reading, fresh, "get the whole file anew, correct the mapping, or agree to it")
    unproved = [] if followed.reading.again else followed.unproved()
    if fresh := [u for u in unproved if f"{u.line} {u.value}" not in agreed]:
        todo = "say in the mapping whether a minus takes an entry back (red = true or red = false), or agree to it"
        refuse(followed.reading, fresh, todo)
    for key, text in [] if followed.reading.again else followed.accounts_aside():
        if key not in agreed:
            todo = 'name it in the mapping, account = "HEADER" under [columns], or map the file anew; '
            todo += f"if it is not whose the rows are: --yes {key.split()[0]}"
            raise CrossbookError(text, where=followed.reading.name, todo=todo)
    for key, text in [] if followed.reading.again else followed.unread(undone=True):
        if key not in agreed:
            todo = "name the column under [status] in the mapping with its words for done and none, or map it anew; "
            todo += f"if the row counts: --yes {key.split()[0]}"
            raise CrossbookError(text, where=followed.reading.name, todo=todo)
    naming.refuse([] if followed.reading.again else followed.otherwise(), agreed, followed.reading.name)
    chained = any(p.name == "balance" and not p.against for p in found)
    left = followed.orders(datetime.now(UTC).year + 1, chained=chained)
    if len(left) == 1 and left[0] != followed.order and left != ("ymd",):
        line, text = next((n, t) for n, t in followed.dated if days.undecided(t))
        raise CrossbookError(
            f"the days of this file are written {left[0]}, the mapping says {followed.order}: {text}",
            where=f"{followed.reading.name}:{line} {followed.reading.headers.get(followed.day_column(), '')}",
            todo=f'say date_order = "{left[0]}" in the mapping',
        )
    for key, text in [] if followed.reading.again else [*followed.turned(), *followed.out_of_order()]:
        if key not in agreed:
            todo = "export the file anew with its days as text, correct date_order in the mapping, or agree to it: "
            raise CrossbookError(text, where=followed.reading.name, todo=f"{todo}--yes {key.split()[0]}")
