"""What an agreement may say and yet cannot be meant: found when it is signed and adopted, not amid a session."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crossbook.countries import countries
from crossbook.errors import CrossbookError
from crossbook.exchange.agreement import Agreement

# The most that figures may be, by part and name; what is more is a slip, and some of it no machine can count in.
_MOST: dict[str, dict[str, int]] = {
    "agreement": {"bucket_hours": 744, "lone": 32, "retention_days": 36_600},
    "look": {"long": 1_000, "share": 1_000, "crumb": 1_000, "total_days": 3_660},
    "most": {"per_mille": 1_000, "span_hours": 8_784, "days": 3_660, "least_amount": 10**18, "border": 10**9},
}


def check(found: Agreement, where: str) -> None:
    """Raise CrossbookError for the first thing that cannot be meant: days the wrong way round, one side of the border
    for both, keys or names of both that are the same, windows and shares that no chain can have."""
    parts: dict[str, Any] = {"agreement": found, "look": found.look, "most": found.most}
    for part, names in _MOST.items():
        for name, most in names.items():
            if (value := getattr(parts[part], name)) > most:
                raise CrossbookError(f"[{part}] {name} cannot be {value}", where=where, todo=f"write {most} at most")
    for name, least in (("bucket_hours", 1), ("lone", 0)):
        if (value := getattr(found, name)) < least:
            raise CrossbookError(f"[agreement] {name} cannot be {value}", where=where)
    for name in ("valid_from", "valid_to"):
        if isinstance(getattr(found, name), datetime):
            raise CrossbookError(
                f"[agreement] {name} is a moment",
                where=where,
                todo="write a day alone, as 2026-01-01; days are those of UTC",
            )
    if found.valid_to < found.valid_from:
        raise CrossbookError(
            "[agreement] valid_to is before valid_from", where=where, todo="write the last day on which it holds"
        )
    for name, told in (("match", found.match), ("meet", found.meet)):
        if len(set(told)) < len(told):
            raise CrossbookError(f"[agreement] {name} names one thing twice", where=where, todo="name each once")
    if found.look.hop_hours > found.look.total_days * 24:
        raise CrossbookError(
            f"[look] hop_hours cannot be {found.look.hop_hours}",
            where=where,
            todo="the window of a hop is no longer than that of the chain: total_days",
        )
    if found.most.smallest > found.most.border:
        raise CrossbookError(
            f"[most] smallest cannot be {found.most.smallest}", where=where, todo="it is no more than border"
        )
    _parties(found, where)


def _parties(found: Agreement, where: str) -> None:
    one, two = found.parties
    for party in (one, two):
        if not party.name.strip():
            raise CrossbookError("a [[party]] without a name", where=where, todo="copy it from the party's card")
        if party.country not in countries():
            raise CrossbookError(
                f"{party.name}: no country {party.country!r}", where=where, todo="write its two letters, as CN"
            )
    if one.name.strip() == two.name.strip():
        raise CrossbookError(
            "both parties have one name", where=where, todo="name each its own way: clauses are of one of them"
        )
    if one.receive == two.receive:
        raise CrossbookError(
            "both parties have one key to receive", where=where, todo="copy each from the party's card"
        )
    by_institution = [bool(party.institutions) for party in (one, two)]
    shared = set(one.institutions) & set(two.institutions)
    if shared or (one.country == two.country and not all(by_institution)):
        raise CrossbookError(
            "an account could be on both sides of the border",
            where=where,
            todo="parties of one country are told apart by institutions, each by its own",
        )
