"""The demand for a product in a market, as the statistics of trade that a book holds tell it.

**Which telling is taken.** Of the tellings of one market (a data set, by the importer or by its partners): one with a
total before one without; then the later year; then what the importer tells (or BACI, which reconciles both) before the
mirror, what its partners tell; then BACI, Comtrade, WITS, Trade Map. The others stand beside it, and where two differ
for the same year by more than `TOLERANCE`, both are named. **The total** is the row of the world; where there is none,
the sum of the partners that are told, if they are more than the origin alone, and it says of how many; of BACI, which
has all, that is the total, of another set it is a part (`whole`), of which neither share nor growth is told. A sum
in the mirror leaves out whoever does not report: it is no total, null. What no telling has is null and named, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from crossbook.engine.database import Database

DATASETS = ("baci", "comtrade", "wits", "trademap")
WORLD = ("0", "WLD", "W00", "000", "World")  # as Comtrade, WITS and Trade Map name all countries
TOLERANCE = 0.05  # by which share of the larger one two sets may differ unnoticed

_ROWS = """
SELECT importer, dataset, reporter = 'exporter' AS mirror, year, revision,
       max(value) FILTER (is_world) AS world,
       sum(value) FILTER (is_partner)::HUGEINT AS summed,
       count(*) FILTER (is_partner) AS partners,
       count(*) FILTER (is_partner AND value IS NULL) AS valueless,
       count(*) FILTER (is_partner AND exporter IS DISTINCT FROM $origin) AS others,
       max(value) FILTER (exporter = $origin) AS origin
FROM (
    SELECT f.*, coalesce(list_contains($world, f.exporter_told), false) AND f.exporter IS NULL
                AS is_world,
           f.exporter IS NOT NULL OR f.dataset = 'baci' AS is_partner
    FROM trade_flow f JOIN evidence e ON e.sha = f.evidence
    WHERE f.product = $product AND f.importer IS NOT NULL AND ($market IS NULL OR f.importer = $market)
      AND (f.reporter = 'both' OR (f.reporter = 'importer' AND f.flow = 'import')
           OR (f.reporter = 'exporter' AND f.flow = 'export'))
    QUALIFY row_number() OVER (
        PARTITION BY f.importer, f.dataset, f.reporter, f.year, f.revision, coalesce(f.exporter, f.exporter_told)
        ORDER BY e.seq DESC, f.line DESC) = 1
)
GROUP BY ALL
ORDER BY importer, dataset, mirror, year, revision NULLS FIRST
"""


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What one data set tells of a market's imports of a product in a year. Amounts in US cents; None is not told."""

    dataset: str
    revision: str | None
    year: int
    mirror: bool  # told by the exporters
    imports: int | None
    partners: int | None  # how many the total is the sum of; None where the row of the world gives it
    from_origin: int | None

    @property
    def whole(self) -> bool:
        """Whether the total is one: the row of the world, or all partners, which BACI has. Partners chosen for
        a download of another set sum up to a part."""
        return self.imports is not None and (self.partners is None or self.dataset == "baci")

    @property
    def share(self) -> float | None:
        """The origin's share of the imports, 0 to 1; None of a part of them."""
        if self.imports is None or self.from_origin is None or self.imports <= 0 or not self.whole:
            return None
        return self.from_origin / self.imports


@dataclass(frozen=True, kw_only=True)
class Demand:
    """A market's demand for a product (HS, six digits). `chosen` is the telling that is taken, None where there is
    none; `series` its data set's years, the last one first; `growth` the compound yearly growth of all imports from
    `growth_from` to the year that is taken. `expected` is what a gravity model expects of the origin there, in US
    cents, where `prediction.expecting` has set it. `unknown` names what is not known, `differing` the other tellings of
    that year that differ, `notes` what to bear in mind."""

    product: str
    market: str
    origin: str
    chosen: Telling | None
    series: tuple[Telling, ...] = ()
    others: tuple[Telling, ...] = ()
    differing: tuple[Telling, ...] = ()
    growth: float | None = None
    growth_from: int | None = None
    expected: int | None = None
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


MIRROR = "told by the exporters, not by the market itself (mirror data)"
SUMMED = "the total is the sum of the partners that the file has, for no row of the world is in it"
PARTIAL = "it may be more: whether the file has all partners is not told"
REVISED = "the years are told in different revisions of the HS: what a code covers may have changed between them"


def demand(database: Database, product: str, market: str, origin: str = "CN") -> Demand:
    """The demand for `product` (an HS code, of which six digits count) in `market` (ISO alpha-2), and the part in it of
    `origin`. Where the book has nothing of it, everything is null and named."""
    found = demands(database, product, origin, market)
    if found:
        return found[0]
    nothing = ("imports", "from_origin", "share", "growth")
    return Demand(product=product[:6], market=market, origin=origin, chosen=None, unknown=nothing)


def demands(database: Database, product: str, origin: str = "CN", market: str | None = None) -> list[Demand]:
    """The demand in every market of which the book has statistics (or in one), the largest imports first."""
    code = product.replace(".", "").replace(" ", "")[:6]
    rows = database.rows(_ROWS, product=code, origin=origin, market=market, world=list(WORLD))
    found = [
        weigh(code, importer, origin, [_telling(row) for row in told])
        for importer, told in groupby(rows, key=lambda row: str(row["importer"]))
    ]
    return sorted(found, key=lambda d: (-((d.chosen and d.chosen.imports) or -1), d.market))


def _telling(row: dict[str, Any]) -> Telling:
    summed = row["world"] is None and not row["mirror"] and row["others"] and not row["valueless"]
    total = row["world"] if row["world"] is not None else int(row["summed"]) if summed else None
    return Telling(
        dataset=row["dataset"],
        revision=row["revision"],
        year=row["year"],
        mirror=row["mirror"],
        imports=total,
        partners=row["partners"] if summed else None,
        from_origin=row["origin"],
    )


def weigh(product: str, market: str, origin: str, tellings: Sequence[Telling]) -> Demand:
    """The demand as these tellings have it, by the rule above."""
    by_year: dict[tuple[str, bool, int], Telling] = {}
    earlier: list[Telling] = []
    for told in tellings:  # of one data set and year the latest revision, which they come ordered by
        of = told.dataset, told.mirror, told.year
        if of in by_year:
            earlier.append(by_year[of])
        by_year[of] = told
    ranked = sorted(by_year.values(), key=_rank)
    chosen = ranked[0]
    series = tuple(
        sorted(
            (t for t in by_year.values() if (t.dataset, t.mirror) == (chosen.dataset, chosen.mirror)),
            key=lambda t: -t.year,
        )
    )
    others = (*(t for t in ranked[1:] if (t.dataset, t.mirror) != (chosen.dataset, chosen.mirror)), *earlier)
    growth, since = _growth(chosen, series)
    missing = {
        "imports": chosen.imports,
        "from_origin": chosen.from_origin,
        "share": chosen.share,
        "growth": growth,
    }
    return Demand(
        product=product,
        market=market,
        origin=origin,
        chosen=chosen,
        series=series,
        others=others,
        differing=tuple(t for t in others if t.year == chosen.year and _differs(t, chosen)),
        growth=growth,
        growth_from=since,
        unknown=tuple(name for name, value in missing.items() if value is None),
        notes=tuple(_notes(chosen, series)),
    )


def _rank(told: Telling) -> tuple[bool, bool, int, bool, int]:
    place = DATASETS.index(told.dataset) if told.dataset in DATASETS else len(DATASETS)
    return not told.whole, told.imports is None, -told.year, told.mirror, place


def _growth(chosen: Telling, series: Iterable[Telling]) -> tuple[float | None, int | None]:
    """Compound yearly growth from the first year with a total of the same kind (of the world, or a sum) to the last."""
    alike = [t for t in series if t.imports and t.whole and (t.partners is None) == (chosen.partners is None)]
    first = min(alike, key=lambda t: t.year, default=None)
    if first is None or not chosen.imports or not chosen.whole or not first.imports or first.year >= chosen.year:
        return None, None
    return (chosen.imports / first.imports) ** (1 / (chosen.year - first.year)) - 1, first.year


def _differs(one: Telling, other: Telling) -> bool:
    pairs = ((one.imports, other.imports), (one.from_origin, other.from_origin))
    return any(a is not None and b is not None and abs(a - b) > TOLERANCE * max(a, b) for a, b in pairs)


def _notes(chosen: Telling, series: Sequence[Telling]) -> Iterable[str]:
    if chosen.mirror:
        yield MIRROR
    if chosen.partners is not None:
        yield SUMMED
        if not chosen.whole:
            yield PARTIAL
    if len({t.revision for t in series}) > 1:
        yield REVISED
