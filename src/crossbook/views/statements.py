"""What is to be said of bank statements, as sentences with the place in the file that each speaks of."""

from __future__ import annotations

from dataclasses import dataclass

from crossbook import money
from crossbook.engine import Database
from crossbook.trade.banking import Statements, statements


@dataclass(frozen=True, kw_only=True)
class Said:
    """A sentence about a statement.

    `kind` is differs, gap, perhaps, reports, unproved, undated or again; `evidence` and `line` say of which, `other`
    and `other_line` of the other one that it names, if any. `file` is the name of the first. `pair` are the two entries
    that a person may call one or two, as they are decided on.
    """

    kind: str
    text: str
    evidence: str
    line: int
    file: str
    other: str = ""
    other_line: int = 0
    pair: tuple[str, ...] = ()


def said(database: Database) -> tuple[Said, ...]:
    """All of them, the gravest kinds first."""
    found = statements(database)
    return (
        *_differing(found),
        *_since(found),
        *_gaps(found),
        *_perhaps(found),
        *_lines(found),
        *_unproved(found),
        *_undated(found),
        *_again(found),
    )


def of_file(told: tuple[Said, ...], sha: str) -> tuple[Said, ...]:
    """Those that speak of one file."""
    return tuple(s for s in told if sha == s.evidence or (sha == s.other and s.kind != "again"))


def _differing(found: Statements) -> list[Said]:
    return [
        Said(
            kind="differs",
            text=f"the statement of {s.account} does not add up: {money.show(s.opening, s.currency)} and entries of "
            f"{money.show(s.moved, s.currency)} are not {money.show(s.closing, s.currency)}, "
            f"difference {money.show(s.difference, s.currency)}",
            evidence=s.evidence,
            line=s.line,
            file=s.file,
        )
        for s in found.differing
    ]


def _since(found: Statements) -> list[Said]:
    """Statements without an opening balance that the balance before them contradicts."""
    return [
        Said(
            kind="differs",
            text=f"{u.account} held {money.show(u.held, u.currency)} on {u.ended} and "
            f"{money.show(u.closing, u.currency)} on {u.until}: the entries between come to "
            f"{money.show(u.moved, u.currency)}, difference {money.show(u.difference, u.currency)}",
            evidence=u.evidence,
            line=u.line,
            file=u.file,
            other=u.before_evidence or "",
            other_line=u.before_line or 0,
        )
        for u in found.unopened
        if u.held is not None and u.difference is not None
    ]


def _unproved(found: Statements) -> list[Said]:
    return [
        Said(
            kind="unproved",
            text=f"{u.account}: no opening balance is stated and the book has no statement before it: "
            f"nothing proves that the entries up to {u.until} are all",
            evidence=u.evidence,
            line=u.line,
            file=u.file,
        )
        for u in found.unopened
        if u.difference is None
    ]


def _gaps(found: Statements) -> list[Said]:
    return [
        Said(
            kind="gap",
            text=f"{g.account} ended on {g.ended} with {money.show(g.closing, g.currency)} and began on {g.began} with "
            f"{money.show(g.opening, g.currency)}: {money.show(g.difference, g.currency)} moved meanwhile, in no file",
            evidence=g.next_evidence,
            line=g.next_line,
            file=g.next_file,
            other=g.evidence,
            other_line=g.line,
        )
        for g in found.gaps
    ]


def _perhaps(found: Statements) -> list[Said]:
    return [
        Said(
            kind="perhaps",
            text=f"{money.show(p.amount, p.currency)} on {p.booked_on} in {p.file} may be the same entry as in "
            f"{p.other_file}: it is counted twice",
            evidence=p.evidence,
            line=p.line,
            file=p.file,
            other=p.other_evidence,
            other_line=p.other_line,
            pair=(p.key, p.other_key),
        )
        for p in found.perhaps
    ]


def _undated(found: Statements) -> list[Said]:
    return [
        Said(
            kind="undated",
            text=f"{u.count:,} of the entries state no day: taken as the statement's, {u.booked_on}",
            evidence=u.evidence,
            line=u.line,
            file=u.file,
        )
        for u in found.undated
    ]


def _lines(found: Statements) -> list[Said]:
    """Where two reports in different formats tell of the same days, and come to different sums."""
    return [
        Said(
            kind="reports",
            text=f"the lines of {d.account} from {d.since} to {d.until} are {money.show(d.amount, d.currency)} "
            f"in {d.file} and {money.show(d.other_amount, d.currency)} in {d.other_file}: "
            f"difference {money.show(d.difference, d.currency)}",
            evidence=d.evidence,
            line=1,
            file=d.file,
            other=d.other_evidence,
            other_line=1,
        )
        for d in found.lines_differing
    ]


def _again(found: Statements) -> list[Said]:
    return [
        Said(
            kind="again",
            text=f"{a.count:,} of the entries are in {a.used_file}, too: counted once",
            evidence=a.evidence,
            line=1,
            file=a.file,
            other=a.used_evidence,
            other_line=1,
        )
        for a in found.again
    ] + [
        Said(
            kind="again",
            text=f"{a.count:,} of the lines are told again, and counted from {a.used_file}",
            evidence=a.evidence,
            line=a.line,
            file=a.file,
            other=a.used_evidence,
            other_line=1,
        )
        for a in found.lines_again
    ]
