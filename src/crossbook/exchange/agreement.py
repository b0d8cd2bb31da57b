"""The written agreement of two parties: who they are, on what law they stand, what they look for, and the most that
either may tell the other. A file of TOML, signed by both over its bytes.

What it does not allow cannot be sent: `Agreement.most` is asked before every message, by who sends it.
"""

from __future__ import annotations

import base64
import hashlib
import tomllib
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from crossbook.book.faults import of_system
from crossbook.errors import CrossbookError, place_in_toml
from crossbook.exchange.clauses import (
    COUNTED,
    KINDS,
    PERIODS,
    TOLD_OF,
    UNITS,
    WAYS,
    Counts,
    Flags,
    Folder,
    Lookup,
    Request,
    Statistic,
)
from crossbook.exchange.keys import Keys, fingerprint, public, verify
from crossbook.exchange.psi import ECDH, MEET
from crossbook.watch.identified import IDENTIFIERS

_SIGNED = b"agreement of crossbook exchange 1\n"
TELLS = ("depth", "mark", "summary")
MATCHES = ("reference", "amount", "accounts")
_FIGURES = {"bucket_hours": 24, "lone": 12, "retention_days": 365}  # of [agreement], where it says none
_PARTS = ("folder", "request", "counts", "statistic", "lookup", "flags")  # those that an agreement may lack


@dataclass(frozen=True, kw_only=True)
class Party:
    """Who: its side of the border by country, and where that is not all by institutions; its keys; whom to ask."""

    name: str
    country: str
    sign: str
    receive: str
    contact: str
    institutions: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """How its key is called."""
        return fingerprint(self.sign)


@dataclass(frozen=True, kw_only=True)
class Look:
    """What both look for: `long` is the depth that makes a case; windows and shares as in the rule of chains. Shares,
    `crumb` too, are per mille."""

    long: int = 5
    crumb: int = 50
    share: int = 850
    hop_hours: int = 72
    total_days: int = 30


@dataclass(frozen=True, kw_only=True)
class Most:
    """The most that one party may tell the other in one session.

    `tells`: of what; `least_depth`, `least_amount` (minor units of the sender's book): of transfers from there on;
    `span_hours`: when a chain began, as the span in which it lies; `per_mille` of its transfers in the window; `rounds`
    of turns; `border` transfers offered to be met; `smallest` border that either side must have, since few tell who
    they are; `times` as many may cross for one side as for the other, since more would be guesses; `days` of one
    window; `sessions` in a day; `again`: in how many sessions the same day of transfers may be, since windows that
    differ by a day tell on which day a chain was passed on.
    """

    tells: tuple[str, ...] = TELLS
    least_depth: int = 2
    least_amount: int = 0
    span_hours: int = 24
    per_mille: int = 10
    rounds: int = 40
    border: int = 1_000_000
    smallest: int = 100
    times: int = 10
    days: int = 92
    sessions: int = 4
    again: int = 4


@dataclass(frozen=True, kw_only=True)
class Basis:
    """The law on which a party may tell, and where it was read."""

    party: str
    law: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """The agreement as read; `sha` is that of its bytes. `match` says by what transfers meet, `meet` in which ways, the
    first that both sides have; `lone` how many letters and digits a reference has that names a transfer by itself:
    where it is shorter, accounts must be the same too. Without `folder`, `requests`, `statistics`, `lookup` or
    `flags` there are none."""

    name: str
    purpose: str
    case_type: str
    valid_from: date
    valid_to: date
    retention_days: int
    match: tuple[str, ...]
    meet: tuple[str, ...]
    bucket_hours: int
    lone: int
    parties: tuple[Party, Party]
    basis: tuple[Basis, ...]
    look: Look
    most: Most
    sha: str
    folder: Folder | None = None
    requests: tuple[Request, ...] = ()
    counts: Counts | None = None
    statistics: tuple[Statistic, ...] = ()
    lookup: Lookup | None = None
    flags: tuple[Flags, ...] = ()

    def side(self, sign: str) -> tuple[Party, Party]:
        """Who holds this key, and the other. Raises CrossbookError where neither does."""
        one, two = self.parties
        if one.sign == sign:
            return one, two
        if two.sign == sign:
            return two, one
        raise CrossbookError(
            "this key is of neither party of the agreement", todo="use the key whose card the agreement names"
        )


def read(path: Path) -> Agreement:
    """An agreement from its file. Raises CrossbookError that names what is missing, unknown or impossible."""
    where = str(path)
    try:
        data = path.read_bytes()
        told = tomllib.loads(data.decode())
    except OSError as error:
        raise of_system(error) from None
    except (tomllib.TOMLDecodeError, UnicodeError) as error:
        place = place_in_toml(error) if isinstance(error, tomllib.TOMLDecodeError) else ""
        raise CrossbookError("no TOML", where=where + place, todo="correct it, and sign it again") from None
    known = {"agreement", "party", "basis", "look", "most", *_PARTS}
    if more := sorted(set(told) - known):
        raise CrossbookError(f"no part {more[0]!r}", where=where, todo=f"use {', '.join(sorted(known))}")
    first = _table(told, "agreement", where)
    parties = tuple(_of(Party, party, f"{where} [[party]]") for party in _tables(told, "party", where))
    if len(parties) != 2 or parties[0].sign == parties[1].sign:
        raise CrossbookError(
            f"{len(parties)} parties", where=where, todo="an agreement is of two, each with its own keys"
        )
    for party in parties:
        for text in (party.sign, party.receive):
            try:
                public(text)
            except ValueError:
                raise CrossbookError(
                    f"{party.name}: no public key", where=where, todo="copy it from the party's card"
                ) from None
    basis = tuple(_of(Basis, row, f"{where} [[basis]]") for row in _tables(told, "basis", where))
    for party in parties:
        if not any(row.party == party.name for row in basis):
            raise CrossbookError(f"no [[basis]] of {party.name}", where=where, todo="name the law on which it may tell")
    usual: dict[str, Any] = {"match": list(MATCHES), "meet": [ECDH], **_FIGURES}
    given = {**usual, **first}
    lists = {"match": list, "meet": list}
    wanted = {"name": str, "purpose": str, "case_type": str, "valid_from": date, "valid_to": date, **lists}
    for name, kind in {**wanted, **dict.fromkeys(_FIGURES, int)}.items():
        if not isinstance(given.get(name), kind) or isinstance(given[name], bool):
            raise CrossbookError(f"[agreement] has no {name}", where=where, todo=f"{name} is needed")
    if more := sorted(set(given) - set(wanted) - set(_FIGURES)):
        raise CrossbookError(f"[agreement] has no {more[0]!r}", where=where, todo="leave it out")
    if given["retention_days"] < 1:
        raise CrossbookError("[agreement] retention_days", where=where, todo="a day is the least")
    if not given["match"] or set(given["match"]) - set(MATCHES):
        raise CrossbookError("[agreement] match", where=where, todo=f"use of {', '.join(MATCHES)}")
    if not given["meet"] or set(given["meet"]) - set(MEET):
        raise CrossbookError("[agreement] meet", where=where, todo=f"use of {', '.join(MEET)}")
    most = _of(Most, told.get("most", {}), f"{where} [most]")
    if set(most.tells) - set(TELLS):
        raise CrossbookError("[most] tells", where=where, todo=f"use of {', '.join(TELLS)}")
    _whole(
        most,
        where,
        "most",
        least={"span_hours": 1, "rounds": 1, "times": 1, "days": 1, "sessions": 1, "again": 1, "least_depth": 2},
    )
    look = _of(Look, told.get("look", {}), f"{where} [look]")
    _whole(look, where, "look", least={"long": 2, "share": 1, "hop_hours": 1, "total_days": 1})
    return Agreement(
        **{name: given[name] for name in wanted if name not in lists},
        match=tuple(given["match"]),
        meet=tuple(given["meet"]),
        **{name: given[name] for name in _FIGURES},
        parties=(parties[0], parties[1]),
        basis=basis,
        look=look,
        most=most,
        sha=hashlib.sha256(data).hexdigest(),
        folder=_folder(told["folder"], where) if "folder" in told else None,
        requests=_requests(_tables(told, "request", where), parties, where) if "request" in told else (),
        counts=_counts(told, where) if "counts" in told else None,
        statistics=_statistics(told, where) if "statistic" in told else (),
        lookup=_lookup(told["lookup"], where) if "lookup" in told else None,
        flags=_flags(_tables(told, "flags", where), parties, where) if "flags" in told else (),
    )


def sign(agreement: Agreement, keys: Keys) -> str:
    """A party's signature under the agreement, base64. Raises CrossbookError where it is no party."""
    agreement.side(keys.sign)
    return base64.b64encode(keys.signing.sign(_SIGNED + agreement.sha.encode())).decode()


def signed_by(agreement: Agreement, signature: str) -> Party | None:
    """Whose signature this is; None where it is of neither party, or of another text."""
    try:
        raw = base64.b64decode(signature, validate=True)
    except ValueError:
        return None
    found = (p for p in agreement.parties if verify(p.sign, raw, _SIGNED + agreement.sha.encode()))
    return next(found, None)


def _folder(told: Any, where: str) -> Folder:
    folder: Folder = _of(Folder, told, f"{where} [folder]")
    if set(folder.kinds) - set(KINDS):
        raise CrossbookError("[folder] kinds", where=where, todo=f"use of {', '.join(KINDS)}")
    _whole(folder, where, "folder", least={})
    return folder


def _lookup(told: Any, where: str) -> Lookup:
    lookup: Lookup = _of(Lookup, told, f"{where} [lookup]")
    if not lookup.kinds or set(lookup.kinds) - set(IDENTIFIERS):
        raise CrossbookError("[lookup] kinds", where=where, todo=f"use of {', '.join(IDENTIFIERS)}")
    _whole(lookup, where, "lookup", least={"at_once": 1, "a_month": 1, "smallest": 1, "largest": 1})
    return lookup


def _flags(rows: list[dict[str, Any]], parties: tuple[Party, ...], where: str) -> tuple[Flags, ...]:
    from crossbook.watch.rules import rules

    found: list[Flags] = [_of(Flags, row, f"{where} [[flags]]") for row in rows]
    for flags in found:
        if flags.of not in [party.name for party in parties]:
            raise CrossbookError(f"[[flags]] of {flags.of!r}, who is no party", where=where)
        if not (flags.law.strip() and flags.source.strip()):
            raise CrossbookError(
                f"[[flags]] of {flags.of}: no law, or no source of it",
                where=where,
                todo="name the law on which it may tell",
            )
        known = {"rules": [rule.name for rule in rules()], "ways": WAYS, "kinds": IDENTIFIERS, "fields": TOLD_OF}
        for name, allowed in known.items():
            given = getattr(flags, name)
            if set(given) - set(allowed) or not (given or name == "fields"):
                raise CrossbookError(f"[[flags]] {name}", where=where, todo=f"use of {', '.join(allowed)}")
        _whole(flags, where, "flags", least={"a_month": 1})
    if len({flags.of for flags in found}) < len(found):
        raise CrossbookError("two [[flags]] of one party", where=where, todo="write one for each side")
    return tuple(found)


def _requests(rows: list[dict[str, Any]], parties: tuple[Party, ...], where: str) -> tuple[Request, ...]:
    from crossbook.cases.procedure import names

    found: list[Request] = [_of(Request, row, f"{where} [[request]]") for row in rows]
    for request in found:
        _whole(request, where, "request", least={})
        if request.of not in [party.name for party in parties]:
            raise CrossbookError(f"[[request]] of {request.of!r}, who is no party", where=where)
        if request.procedure not in ("", *names()) or bool(request.procedure) == bool(request.length):
            raise CrossbookError(
                f"[[request]] {request.name!r}: by when is it answered?",
                where=where,
                todo="name a procedure, as in `crossbook cases procedures`, or a length and a unit",
            )
        if request.unit not in UNITS:
            raise CrossbookError(f"[[request]] unit {request.unit!r}", where=where, todo=f"use of {', '.join(UNITS)}")
    if len({(r.of, r.name) for r in found}) < len(found):
        raise CrossbookError("two [[request]] of one name", where=where, todo="name each its own way")
    return tuple(found)


def _counts(told: dict[str, Any], where: str) -> Counts:
    counts: Counts = _of(Counts, told["counts"], f"{where} [counts]")
    if counts.period not in PERIODS:
        raise CrossbookError("[counts] period", where=where, todo=f"use of {', '.join(PERIODS)}")
    _positive(counts.budget, "[counts] budget", where)
    return counts


def _statistics(told: dict[str, Any], where: str) -> tuple[Statistic, ...]:
    found: list[Statistic] = [
        _of(Statistic, row, f"{where} [[statistic]]") for row in _tables(told, "statistic", where)
    ]
    if "counts" not in told:
        raise CrossbookError("[[statistic]] without [counts]", where=where, todo="say the budget in [counts]")
    for statistic in found:
        if statistic.count not in COUNTED or set(statistic.by) - set(COUNTED[statistic.count]):
            known = "; ".join(f"{count} by {', '.join(by)}" for count, by in COUNTED.items())
            raise CrossbookError(f"[[statistic]] {statistic.name!r}: count and by", where=where, todo=f"use of {known}")
        _positive(statistic.epsilon, f"[[statistic]] {statistic.name!r}: epsilon", where)
        _whole(statistic, where, "statistic", least={"contributes": 1})
    if len({s.name for s in found}) < len(found):
        raise CrossbookError("two [[statistic]] of one name", where=where, todo="name each its own way")
    return tuple(found)


def _positive(text: str, what: str, where: str) -> None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(0)
    if not (value.is_finite() and value > 0):
        raise CrossbookError(f"{what} cannot be {text!r}", where=where, todo='write a decimal above 0, as "0.5"')


def _table(told: dict[str, Any], name: str, where: str) -> dict[str, Any]:
    found = told.get(name)
    if not isinstance(found, dict):
        raise CrossbookError(f"no [{name}]", where=where, todo=f"begin it with [{name}]")
    return found


def _tables(told: dict[str, Any], name: str, where: str) -> list[dict[str, Any]]:
    found = told.get(name)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise CrossbookError(f"no [[{name}]]", where=where, todo=f"begin each with [[{name}]]")
    return found


def _of(kind: Any, told: Any, where: str) -> Any:
    if not isinstance(told, dict):
        raise CrossbookError("must be a table", where=where)
    known = {f.name: f for f in fields(kind)}
    for name in told:
        if name not in known:
            raise CrossbookError(f"has no {name!r}", where=where, todo=f"use {', '.join(known)}")
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    try:
        made = kind(**given)
    except TypeError:
        lacking = [name for name in known if name not in given]
        raise CrossbookError(f"lacks one of {', '.join(lacking)}", where=where) from None
    for name, field in known.items():
        value, text = getattr(made, name), str(field.type)
        fits = (
            (isinstance(value, int) and not isinstance(value, bool))
            if text == "int"
            else isinstance(value, str)
            if text == "str"
            else isinstance(value, tuple) and all(isinstance(item, str) for item in value)
        )
        if not fits:
            raise CrossbookError(f"{name} cannot be {value!r}", where=where)
    return made


def _whole(made: Any, where: str, part: str, least: dict[str, int]) -> None:
    for field in fields(made):
        value = getattr(made, field.name)
        if isinstance(value, int) and value < least.get(field.name, 0):
            raise CrossbookError(f"[{part}] {field.name} cannot be {value}", where=where)
