"""A ranking of markets for programs: as dictionaries of their terms, and as rows of plain columns."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pyarrow as pa

from crossbook.i18n import translated
from crossbook.market.margin import Span, Term
from crossbook.views.markets import Place, Ranking

_AMOUNTS = ("margin", "break_even", "landed")
_SPANS = ("margin", "margin_share", "break_even", "landed")
COLUMNS = pa.schema(
    [
        *((name, pa.string()) for name in ("product", "name", "hts", "origin", "market", "status")),
        *((name, pa.int64()) for name in ("rank", "rank_best", "rank_worst")),
        ("would_change", pa.list_(pa.string())),
        ("currency", pa.string()),
        ("price", pa.int64()),
        *(
            (f"{span}{end}", pa.int64() if span in _AMOUNTS else pa.float64())
            for span in _SPANS
            for end in ("_low", "", "_high")
        ),
        ("imports", pa.int64()),
        ("imports_at_least", pa.int64()),
        ("imports_year", pa.int64()),
        ("imports_source", pa.string()),
        ("from_origin", pa.int64()),
        ("growth", pa.float64()),
        ("own_pieces", pa.int64()),
        *((name, pa.list_(pa.string())) for name in ("unknown", "assumed", "taken", "bars")),
        ("refused", pa.string()),
        ("as_of", pa.date32()),
    ]
)


def as_dict(ranking: Ranking, only: str | None = None) -> dict[str, Any]:
    """A ranking (or one market of it): amounts in minor units, shares as fractions, null for what is not known."""
    places = [_place(p) for p in ranking.places if only in (None, p.market)]
    return {
        "product": ranking.sku,
        "name": ranking.name,
        "hts": ranking.hts,
        "origin": ranking.origin,
        "on": ranking.on,
        "weights": dict(ranking.weights),
        "compared": ranking.compared,
        "markets": places,
    }


def as_table(rankings: Iterable[Ranking], only: str | None = None) -> pa.Table:
    """Rankings as one table of `COLUMNS`, a row a product and market, in their order. Amounts in minor units of
    `currency`, imports in US cents a year; null is not known, and named in `unknown`."""
    rows = [_row(r, p) for r in rankings for p in r.places if only in (None, p.market)]
    return pa.Table.from_pylist(rows, schema=COLUMNS)


def _row(r: Ranking, p: Place) -> dict[str, Any]:
    price, told, refused = p.landing.makeup.price, p.demand.chosen, p.landing.refused
    spans = {"margin": p.margin, "margin_share": p.share, "break_even": p.break_even, "landed": p.landed}
    return {
        "product": r.sku,
        "name": r.name,
        "hts": r.hts,
        "origin": r.origin,
        "market": p.market,
        "status": p.placed.status,
        "rank": p.placed.rank,
        "rank_best": p.placed.best,
        "rank_worst": p.placed.worst,
        "would_change": [swing.doubt for swing in p.placed.swings],
        "currency": p.currency,
        "price": None if price is None or price.point is None else round(price.point),
        **{f"{name}{end}": value for name, span in spans.items() for end, value in _ends(span, name in _AMOUNTS)},
        "imports": told.imports if told and told.whole else None,
        "imports_at_least": None if told is None else told.from_origin if told.imports is None else told.imports,
        "imports_year": told.year if told else None,
        "imports_source": told.dataset if told else None,
        "from_origin": told.from_origin if told else None,
        "growth": p.demand.growth,
        "own_pieces": p.units,
        "unknown": list(p.unknown),
        "assumed": list(p.assumed),
        "taken": [f"{fact}={value}" for fact, value in p.landing.taken.items()],
        "bars": [f"{item.what}: {item.value}" for item in (p.access.bars if p.access else ())],
        "refused": translated(refused.what) if refused else None,
        "as_of": r.on,
    }


def _ends(span: Span, whole: bool) -> list[tuple[str, int | float | None]]:
    ends = (("_low", span.low), ("", span.point), ("_high", span.high))
    return [(end, None if value is None else round(value) if whole else float(value)) for end, value in ends]


def _place(p: Place) -> dict[str, Any]:
    makeup, placed = p.landing.makeup, p.placed
    terms = {**({"price": makeup.price} if makeup.price else {}), **makeup.terms}
    told = p.demand.chosen
    refused = p.landing.refused
    return {
        "market": p.market,
        "status": placed.status,
        "rank": placed.rank,
        "rank_best": placed.best,
        "rank_worst": placed.worst,
        "reason": placed.reason,
        "would_change": [{"doubt": s.doubt, "rank_best": s.best, "rank_worst": s.worst} for s in placed.swings],
        "currency": p.currency,
        "margin": _span(p.margin),
        "margin_share": _span(p.share),
        "break_even": _span(p.break_even),
        "landed_cost": _span(p.landed),
        "terms": {name: _term(term) for name, term in terms.items()},
        "imports": told.imports if told and told.whole else None,
        "imports_at_least": None if told is None else told.from_origin if told.imports is None else told.imports,
        "imports_year": told.year if told else None,
        "imports_source": told.dataset if told else None,
        "growth": p.demand.growth,
        "own_pieces": p.units,
        "unknown": list(p.unknown),
        "assumed": list(p.assumed),
        "taken": dict(p.landing.taken),
        "access": [
            {
                "what": item.what,
                "value": item.value,
                "since": item.since,
                "until": item.until,
                "doubt": list(item.doubt),
                "source": item.source,
            }
            for item in (p.access.items if p.access else ())
        ],
        "access_unknown": [
            {"what": u.what, "text": u.text, "names": list(u.names)} for u in (p.access.unknown if p.access else ())
        ],
        "refused": translated(refused.what) if refused else None,
    }


def _term(x: Term) -> dict[str, Any]:
    return {
        "low": _plain(x.low),
        "usual": _plain(x.usual),
        "high": _plain(x.high),
        "known": x.known,
        "source": x.source,
        "on": x.on,
        "asks": list(x.asks),
        "note": x.note,
    }


def _span(span: Span) -> dict[str, float | None]:
    return {"low": _plain(span.low), "usual": _plain(span.point), "high": _plain(span.high)}


def _plain(value: Decimal | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else round(float(value), 6)
