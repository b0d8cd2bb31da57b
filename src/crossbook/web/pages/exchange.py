"""The exchange: sessions with the other side and the ledger of what left; one session, and what is known by it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from crossbook import money
from crossbook.exchange import adopting, flags, folder, lookup, reading, requests, statistics, store, telling
from crossbook.exchange.border import LEFT_OUT
from crossbook.watch.rules import rules
from crossbook.web.frame import Read
from crossbook.web.rendering import render

router = APIRouter()
MOST_SHOWN = 500  # rows of a table


@router.get("/exchange", include_in_schema=False)
def page(request: Request, read: Read) -> Response:
    book = read.desk.book
    agreements, today = adopting.adopted(book), datetime.now(UTC).date()
    found = [reading.of_session(session) for session in store.sessions(book)]
    return render(
        request,
        "exchange.html",
        agreements=agreements,
        counts=statistics.counts(book),
        labels=statistics.labels,
        spent=[(a, statistics.spent(book.journal(), a, today)) for a in agreements if a.counts],
        found=found,
        held={one["session"] for one in found},
        folders=folder.folders(book),
        asked=requests.requests(book),
        ledger=reading.ledger(book)[::-1],
        in_words=reading.in_words,
        signed_for=reading.signed_for,
        most=MOST_SHOWN,
    )


@router.get("/exchange/parties", include_in_schema=False)
def parties(request: Request, read: Read) -> Response:
    book = read.desk.book
    asked, answered = lookup.asked(book), lookup.answered(book)
    return render(
        request,
        "exchange_parties.html",
        asked=asked,
        answered=answered,
        flags=flags.flags(book),
        caps=reading.flag_caps(book),
        titles={rule.name: rule.title for rule in rules()},
        most=MOST_SHOWN,
    )


@router.get("/api/exchange/flags", tags=["exchange"])
def api_flags(read: Read) -> list[flags.Flag]:
    """Red flags on parties that both sides asked for and told, as `crossbook exchange flag list --json` gives them."""
    return flags.flags(read.desk.book)


@router.get("/api/exchange/lookups", tags=["exchange"])
def api_lookups(read: Read) -> dict[str, Any]:
    """Look-ups of both sides, as `crossbook exchange lookup show --json` gives them."""
    return lookup.as_told(read.desk.book)


@router.get("/exchange/{session}", include_in_schema=False)
def one(request: Request, read: Read, session: str) -> Response:
    found = store.find(read.desk.book, session)
    known = telling.known(read.desk.book, found)
    return render(
        request,
        "exchange_session.html",
        told=reading.of_session(found),
        agreement=found.talk.agreement,
        cases=reading.cases(found),
        known=telling.times(known),
        only_last=telling.ONLY_LAST if any(one["told"] is None for one in known) else "",
        band=reading.band,
        money_band=money.band,
        words=LEFT_OUT,
        most=MOST_SHOWN,
    )


@router.get("/exchange/case/{name}", include_in_schema=False)
def joint_case(request: Request, read: Read, name: str) -> Response:
    book = read.desk.book
    joint = folder.find(book, name)
    return render(
        request,
        "exchange_case.html",
        joint=joint,
        given=folder.given(joint),
        held={row["sha"] for row in book.evidence()},
    )


@router.get("/api/exchange/cases/{name}", tags=["exchange"])
def api_joint_case(read: Read, name: str) -> dict[str, Any]:
    """The folder of a joint case, as `crossbook exchange case show --json` gives it."""
    return folder.as_told(folder.find(read.desk.book, name))


@router.get("/api/exchange/requests", tags=["exchange"])
def api_requests(read: Read) -> list[requests.Asked]:
    """Requests of both sides, as `crossbook exchange request list --json` gives them."""
    return requests.requests(read.desk.book)


@router.get("/api/exchange/counts", tags=["exchange"])
def api_counts(read: Read) -> list[statistics.Count]:
    """Counts asked for and given, as `crossbook exchange count list --json` gives them."""
    return statistics.counts(read.desk.book)


@router.get("/api/exchange/sessions", tags=["exchange"])
def api_sessions(read: Read) -> list[dict[str, Any]]:
    """Sessions, as `crossbook exchange sessions --json` gives them."""
    return [reading.of_session(session) for session in store.sessions(read.desk.book)]


@router.get("/api/exchange/sessions/{session}", tags=["exchange"])
def api_session(read: Read, session: str) -> dict[str, Any]:
    """One session: its cases, and what the other side can know of which transfer."""
    found = store.find(read.desk.book, session)
    return {**reading.of_session(found), "found": reading.cases(found), "known": telling.known(read.desk.book, found)}


@router.get("/api/exchange/ledger", tags=["exchange"])
def api_ledger(read: Read) -> list[dict[str, Any]]:
    """Every message that left, as `crossbook exchange ledger --json` gives it."""
    return reading.ledger(read.desk.book)
