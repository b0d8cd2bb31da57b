"""The One Stop Shops of the EU: the IOSS month and the quarter of the Union scheme, by member state, in euro."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from crossbook import money
from crossbook.book import Book
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.tax.exchange import Exchange, Found, Wanting
from crossbook.tax.offices import Office, is_non_union, office
from crossbook.tax.period import Period, deadline, period_of, years_after
from crossbook.tax.returned import Box, Return
from crossbook.tax.sales import SEVERAL, Scope, one_parcel, refunds, sales
from crossbook.tax.settings import identities, sound_identities
from crossbook.tax.taxed import Intrinsic, Limit, Taxed, beyond, line, taxed
from crossbook.tax.unsaid import told, unsaid
from crossbook.tax.validity import Outside
from crossbook.vat_rates import EU

DIRECT = "NOT by_marketplace"
# Northern Ireland is a member state for goods: Protocol on Ireland/Northern Ireland, article 8.
PLACES = sorted({*EU, "XI"})
IN_UNION = "(list_contains($states, CASE WHEN territory = 'XI' THEN 'XI' ELSE market END) OR country IS NULL)"
IOSS_LIMIT = Limit(15_000, "EUR")  # Directive 2006/112/EC, article 369l
CORRECTED_WITHIN = 3  # years after the day on which a return was due: articles 369g(4) and 369t(2)


def ioss(database: Database, book: Book, of: Period) -> Return:
    """The monthly return of the Import One Stop Shop: by member state, in euro at the ECB's rate of the last day.

    A sale counts on the day on which its payment was accepted (369n), where a file says it, else when it was placed.
    Sales of marketplaces that pay the tax themselves, goods that left from stock in the EU, and consignments of goods
    over 150 EUR, are not in it. Refunds of the month correct the period of their sale, at its rates of VAT and
    exchange. Sales to Northern Ireland are in it once there is a number, but for goods from stock in Great Britain.
    Source: Council Implementing Regulation (EU) 2019/2026; Directive 2006/112/EC, 369l to 369x; gov.uk, tell HMRC that
    you are registered for the IOSS in the EU.
    """
    at = office(book, "ioss", of)
    where = f"{DIRECT} AND {IN_UNION} AND NOT list_contains($inside, coalesce(dispatch, ''))"
    where += " AND territory IS DISTINCT FROM 'XI'"
    if at.number:
        where = where.replace(
            "territory IS DISTINCT FROM 'XI'", "NOT coalesce(territory = 'XI' AND dispatch = 'GB', false)"
        )
    scope = Scope(
        where=where,
        values={"states": PLACES, "inside": [*PLACES, SEVERAL]},
        zone=at.zone,
        first=of.first,
        last=of.last,
        moment="paid_at",
    )
    made = _one_stop(database, book, "ioss", of, at, scope, IOSS_LIMIT)
    left = replace(
        scope,
        where=f"{DIRECT} AND {IN_UNION} AND list_contains($inside, coalesce(dispatch, '')) AND dispatch <> '{SEVERAL}'",
    )
    from_stock = sales(database, left)
    notes = [f"from stock in the EU, for the oss return or that state's own: {told(_worth(from_stock))}"]
    return replace(
        made,
        source="Directive 2006/112/EC, articles 369l to 369x",
        notes=(*made.notes, *(notes if from_stock else [])),
    )


def oss(database: Database, book: Book, of: Period) -> Return:
    """The quarterly return of the Union scheme: goods sold from stock in the EU to consumers in other member states.

    Accounts with such stock say so: `stock = "DE"`, or `["DE", "PL"]`, in book.toml; where a parcel says the country
    that it left from, that counts. Sales within the country of the stock are for that state's own return. Each state of
    dispatch is told apart (Directive 2006/112/EC, article 369g(2)). A sale counts on the day of its payment or of its
    dispatch, whichever was first (articles 63 and 65). Northern Ireland is a state in it.
    """
    at = office(book, "oss", of)
    inside = f"{DIRECT} AND {IN_UNION} AND list_contains($inside, coalesce(dispatch, ''))"
    place = "CASE WHEN territory = 'XI' THEN 'XI' ELSE market END"
    values: dict[str, Any] = {"states": PLACES, "inside": PLACES}
    scope = Scope(
        where=f"{inside} AND ({place}) IS DISTINCT FROM dispatch",
        values=values,
        zone=at.zone,
        first=of.first,
        last=of.last,
        moment="supplied_at",
    )
    made = _one_stop(database, book, "oss", of, at, scope, None)
    home = sales(database, replace(scope, where=f"{inside} AND {place} = dispatch"))
    nowhere = replace(
        scope,
        where=f"{DIRECT} AND {IN_UNION} AND dispatch = '{SEVERAL}'",
        values={"states": PLACES},
    )
    lost = sales(database, nowhere)
    notes, left, total = [], [], made.total
    if home:
        states = ", ".join(sorted({r["dispatch"] for r in home}))
        notes.append(
            f"sold within the state of the stock ({states}), for that state's own return: {told(_worth(home))}"
        )
    if not at.number:
        own = [i.number for i in sound_identities(book)[0] if i.kind == "eu_vat" and i.since <= of.last]
        notes += [f'{n} may be the number of the Union scheme, if it is registered for it: kind = "oss"' for n in own]
    if lost:
        left.append(f"no file says which of several states they left from: {told(_worth(lost))}, left out")
        total = None
    if made.lines and at.number and is_non_union(at.number.number):
        states = ", ".join(sorted({x.dispatch for x in made.lines}))
        left.append(
            f"{at.number.number} is a number of the non-Union scheme, for services: goods from stock in {states} "
            "cannot be declared under it"
        )
        total = None
    return replace(
        made,
        source="Directive 2006/112/EC, articles 369a to 369k",
        total=total,
        notes=(*made.notes, *notes),
        open=(*left, *made.open),
    )


# Directive 2006/112/EC, article 14(4), as AEAT tells it (Manual práctico IVA 2022, chapter 3): recipients of distance
# sales are no taxable persons but for those whose acquisitions within the Union are not taxed.
_TO_CONSUMERS = (
    "no file says which buyers are businesses: all are taken as consumers; sales to a business that is taxed on what "
    "it buys are no distance sales and belong in no return of a One Stop Shop",
)


@dataclass(frozen=True)
class _Key:
    """What tells one line from another."""

    correction: bool
    place: str
    dispatch: str
    period: str
    source: str
    rate: Decimal


def _one_stop(
    database: Database, book: Book, kind: str, of: Period, at: Office, scope: Scope, limit: Limit | None
) -> Return:
    exchange = Exchange(database, "EUR")
    intrinsic = Intrinsic(limit, exchange.latest, one_parcel(database)) if limit else None
    groups: dict[_Key, list[Taxed]] = defaultdict(list)
    over: list[Taxed] = []
    too_late: list[Taxed] = []
    used: dict[tuple[str, str], Found] = {}
    outside, wanting = Outside(identities(book, kind)), Wanting()
    for rows, correction in ((sales(database, scope), False), (refunds(database, scope), True)):
        for r in rows:
            if outside.takes(r):
                continue
            within = period_of(kind, r["day"]) if correction else of
            try:
                by = exchange.last_day(r["currency"], within.last)
                other = exchange.last_day(r["sold_currency"], within.last) if correction else by
            except CrossbookError as error:
                wanting.take(error, r)
                continue
            used[within.name, r["currency"]] = by
            found = taxed(r, by, over=intrinsic is not None and intrinsic.over(r, other))
            if found.over:
                over += [] if correction else [found]
            elif correction and _closed(kind, within, of):
                too_late.append(found)
            else:
                key = _Key(
                    correction=correction,
                    place="XI" if r["territory"] == "XI" else r["market"],
                    dispatch=r["dispatch"] if kind == "oss" else "",
                    period=within.name if correction else "",
                    source=found.source,
                    rate=found.rate,
                )
                groups[key].append(found)
    ordered = sorted(groups, key=lambda k: (k.correction, k.place, k.dispatch, k.period, k.rate))
    lines = tuple(
        line(
            "corrections " * k.correction + k.place,
            groups[k],
            note=k.source,
            period=k.period,
            dispatch=k.dispatch,
        )
        for k in ordered
    )
    total = sum(x.tax for x in lines)
    boxes = (Box("base", "taxable amount", sum(x.base for x in lines)), Box("vat", "VAT", total))
    left = [] if at.number else [f"no {kind} number is set for {of.last}: [[tax.identities]]"]
    late = _too_late(too_late)
    waits = wanting.said(figures=bool(lines or over or too_late))
    said, held = beyond(over, limit) if limit else ([], [])
    more = unsaid(database, scope)
    return Return(
        kind=kind,
        period=of,
        currency="EUR",
        number=at.number.number if at.number else "",
        lines=lines,
        boxes=boxes,
        total=total if more.whole and not waits else None,
        due=deadline(kind, of),
        source="",
        notes=(
            *_rates(used, of),
            *held,
            *(intrinsic.notes if intrinsic else []),
            *at.notes,
            *_TO_CONSUMERS[: bool(lines)],
            *more.notes,
        ),
        open=(*left, *outside.said, *waits, *late, *said, *more.open),
        wanting=waits,
        too_late=late,
    )


def _too_late(found: Sequence[Taxed]) -> tuple[str, ...]:
    if not found:
        return ()
    worth = money.show(sum(x.tax for x in found), "EUR")
    text = f"{len(found)} refunds of returns that were due over {CORRECTED_WITHIN} years ago, {worth} of tax: "
    return (f"{text}to be asked of the member state itself, not in this return",)


def _closed(kind: str, within: Period, of: Period) -> bool:
    """Whether a period may no longer be corrected in the return of a later one."""
    first = deadline(kind, within)
    return first is not None and of.last >= years_after(first.due, CORRECTED_WITHIN)


def _rates(used: dict[tuple[str, str], Found], of: Period) -> list[str]:
    """The exchange rates as sentences: those of the period, then those of the periods that are corrected."""
    told_ = []
    for (name, currency), found in sorted(used.items(), key=lambda item: (item[0][0] != of.name, item[0])):
        if currency != "EUR":
            told_.append(
                f"{found.words}; the law takes the ECB's" if name == of.name else f"{found.words}, corrects {name}"
            )
    return told_


def _worth(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"worth": r["total"], "currency": r["currency"], "n": 1} for r in rows]
