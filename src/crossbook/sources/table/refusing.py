"""Whether a table that was followed may be taken: nothing in it contradicts how it was read, or somebody agreed."""

from __future__ import annotations

from datetime import UTC, datetime

from crossbook.errors import CrossbookError
from crossbook.sources.table import days, naming
from crossbook.sources.table.following import Following

UNDECIDED = "nothing in the file says whether the mark in {amount} is of thousands or of decimals"


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


def refuse_contradicted(followed: Following) -> None:
    """Raise CrossbookError where the file contradicts how it was read, and the mapping does not agree to that."""
    if followed.not_done:
        followed.reading.notes.append(f"{followed.not_done} rows left out: not done")
    _say_undecided(followed)
    found = followed.proofs()
    agreed = followed.agreed
    for proof in found:
        for against in proof.against:
            if f"{against.line} {against.value}" not in agreed:
                column = followed.reading.headers.get(against.column, against.column)
                raise CrossbookError(
                    against.text,
                    where=f"{followed.reading.name}:{against.line}" + (f" {column}" if column else ""),
                    todo=f"get the whole file anew, correct the mapping, or agree to it: --yes {against.line}",
                )
    for unproved in () if followed.reading.again else followed.unproved():
        if f"{unproved.line} {unproved.value}" not in agreed:
            raise CrossbookError(
                unproved.text,
                where=f"{followed.reading.name}:{unproved.line}",
                todo="say in the mapping whether a minus takes an entry back (red = true or red = false), "
                f"or agree to it: --yes {unproved.line}",
            )
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
