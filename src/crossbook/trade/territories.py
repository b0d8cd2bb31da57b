"""The tax territory of an address: where goods go may be in a country and yet outside its VAT, or the other way round.

What a territory is in law stands in `data/trade/territories.csv` (Directive 2006/112/EC, articles 5 to 7; dated, each
with its source), what addresses name it in `territory_addresses.csv`: a country code, the start of a postcode, a
region, a city. A postcode counts most; two of them that disagree give no territory.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

import pyarrow as pa

from crossbook.engine import Database


@dataclass(frozen=True)
class Territory:
    """A territory between two days: whose VAT holds there (`vat_country`, "" for none) and whether it is inside the
    VAT territory of that state. `rate` is its own standard rate ("16%"), "" where it has that of `vat_country`."""

    territory: str
    name: str
    name_zh: str
    vat_country: str
    inside_vat: bool
    rate: str
    since: date
    until: date | None
    source: str
    note: str


@dataclass(frozen=True)
class Mark:
    """What in an address of `country` names a territory. `by` is country, postcode (its start), region or city."""

    country: str
    by: str
    value: str
    territory: str


def _csv(name: str) -> list[dict[str, str]]:
    text = (files("crossbook") / "data" / "trade" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=1)
def law() -> tuple[Territory, ...]:
    """Every row of `data/trade/territories.csv`."""
    return tuple(
        Territory(
            territory=r["territory"],
            name=r["name"],
            name_zh=r["name_zh"],
            vat_country=r["vat_country"],
            inside_vat=r["inside_vat"] == "yes",
            rate=r["rate"],
            since=date.fromisoformat(r["valid_from"]),
            until=date.fromisoformat(r["valid_to"]) if r["valid_to"] else None,
            source=r["source"],
            note=r["note"],
        )
        for r in _csv("territories")
    )


def own_source(territory: str, rate: str, on: date) -> str:
    """The source of a territory's own rate ("16%"), of the row of a day where several have it; "" when none has."""
    rows = [x for x in law() if (x.territory, x.rate) == (territory, rate)]
    return next((x.source for x in rows if x.since <= on <= (x.until or date.max)), rows[-1].source if rows else "")


@lru_cache(maxsize=1)
def marks() -> tuple[Mark, ...]:
    """Every row of `data/trade/territory_addresses.csv`."""
    return tuple(Mark(**r) for r in _csv("territory_addresses"))


# How postcodes of these countries are written: their length without spaces, and what stands for one in a text.
_POSTCODES = {
    **dict.fromkeys(("ES", "FR", "DE", "IT", "FI"), ((5,), r"\b[0-9]{5}\b")),
    "GR": ((5,), r"\b[0-9]{3} ?[0-9]{2}\b"),
    "PT": ((4, 7), r"\b[0-9]{4}-[0-9]{3}\b"),
    **dict.fromkeys(("AT", "DK", "CY"), ((4,), r"\b[0-9]{4}\b")),
    "GB": ((5, 6, 7), r"\b[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}\b"),
}

# Addresses of countries that have such territories. A code that stands for another (EL, UK) is read as that one.
_ASKED = """
SELECT o.order_id, coalesce(a.territory, o.country) AS country, o.placed_on, lower(trim(o.region)) AS region,
       lower(trim(o.city)) AS city, upper(o.postcode) AS postcode, upper(o.address) AS address, c.territory AS told
FROM orders o SEMI JOIN territory_mark m ON m.country = o.country
LEFT JOIN territory_mark a ON a.by = 'country' AND a.country = o.country AND a.territory IN ('GR', 'GB')
LEFT JOIN territory_mark c ON c.by = 'country' AND c.country = o.country AND c.territory NOT IN ('GR', 'GB')
"""

# The postcode: of its column without spaces, dashes and the country's letter before it (F-97100); where there is no
# such column, of the address, if exactly one thing in it can be a postcode. One of another length is not read.
_READ = """
SELECT *, list_distinct(CASE {in_text} END) AS in_text,
       CASE WHEN country = 'GB' THEN regexp_replace(postcode, '[^0-9A-Z]', '', 'g')
            ELSE regexp_replace(regexp_replace(postcode, '[^0-9A-Z]', '', 'g'), '^[A-Z]{{1,2}}([0-9])', '\\1')
       END AS code
FROM asked
"""

_PLACED = """
SELECT r.*, CASE WHEN nullif(code, '') IS NOT NULL THEN CASE WHEN {right_length} THEN code END
                 WHEN len(in_text) = 1 THEN regexp_replace(in_text[1], '[^0-9A-Z]', '', 'g') END AS pc,
       CASE WHEN nullif(code, '') IS NOT NULL THEN CASE WHEN {right_length} THEN 'postcode' ELSE 'unread' END
            WHEN len(in_text) = 1 THEN 'address' WHEN len(in_text) > 1 THEN 'ambiguous' END AS pc_by
FROM read r
"""

_FOUND = """
SELECT p.order_id, p.country, p.placed_on, p.told, p.pc, p.pc_by, p.region, p.city, p.postcode,
       x.territory AS by_code, g.territory AS by_region, t.territory AS by_city
FROM placed p
LEFT JOIN territory_mark x ON p.told IS NULL AND x.by = 'postcode' AND x.country = p.country
                          AND starts_with(p.pc, x.value)
LEFT JOIN territory_mark g ON p.told IS NULL AND g.by = 'region' AND g.country = p.country AND g.value = p.region
LEFT JOIN territory_mark t ON p.told IS NULL AND t.by = 'city' AND t.country = p.country AND t.value = p.city
"""

# What disagrees gives no territory: a postcode of the mainland with a region or city of an island, two islands.
_JUDGED = """
SELECT *, CASE WHEN told IS NOT NULL THEN false
               WHEN pc IS NOT NULL THEN (by_region IS NOT NULL AND by_region IS DISTINCT FROM by_code)
                                        OR (by_city IS NOT NULL AND by_city IS DISTINCT FROM by_code)
               ELSE by_region <> by_city END IS TRUE AS disagree
FROM found
"""

_TERRITORIES = """
WITH asked AS ({asked}), read AS ({read}), placed AS ({placed}), found AS ({found}), judged AS ({judged}),
named AS (
  SELECT *, CASE WHEN NOT disagree THEN coalesce(told, by_code, by_region, by_city) END AS special FROM judged
)
SELECT n.order_id,
       CASE WHEN n.disagree THEN NULL WHEN l.territory IS NOT NULL THEN l.territory ELSE n.country END AS territory,
       CASE WHEN n.disagree THEN NULL WHEN l.territory IS NOT NULL THEN nullif(l.vat_country, '')
            ELSE n.country END AS vat_country,
       CASE WHEN n.disagree THEN NULL ELSE coalesce(l.inside_vat, true) END AS inside_vat,
       nullif(l.rate, '') AS rate,
       CASE WHEN n.disagree THEN 'disagree' WHEN n.told IS NOT NULL THEN 'country' WHEN n.pc IS NOT NULL THEN n.pc_by
            WHEN n.by_region IS NOT NULL THEN 'region' WHEN n.by_city IS NOT NULL THEN 'city' ELSE 'assumed'
       END AS told_by,
       CASE WHEN n.disagree THEN concat('postcode ', coalesce(n.pc, '—'), ', region ', coalesce(n.region, '—'),
                                        ' and city ', coalesce(n.city, '—'), ' disagree')
            WHEN n.told IS NULL AND n.pc_by = 'address' THEN concat('postcode ', n.pc, ' read from the address')
            WHEN n.told IS NULL AND n.pc_by = 'unread' THEN concat(n.postcode, ' is no postcode of ', n.country)
            WHEN n.told IS NULL AND n.pc_by = 'ambiguous' THEN 'several numbers in the address may be its postcode'
            WHEN n.told IS NULL AND n.pc IS NULL AND n.by_region IS NULL AND n.by_city IS NULL
            THEN 'no postcode: taken as in the main territory' ELSE l.note END AS note
FROM named n LEFT JOIN territory_law l ON l.territory = n.special
 AND coalesce(n.placed_on, current_date) BETWEEN l.valid_from AND coalesce(l.valid_to, DATE '9999-12-31')
"""


def make(database: Database) -> None:
    """Make `territories(order_id, territory, vat_country, inside_vat, rate, told_by, note)`, needs `orders`.

    It has the orders to countries with special territories; for all others the territory is the country. `vat_country`
    is null where no VAT of a state in the table holds; everything is null where an address contradicts itself.
    `told_by` says what told: country, postcode, address, region, city, disagree or assumed.
    """
    rows = [{"country": m.country, "by": m.by, "value": m.value, "territory": m.territory} for m in marks()]
    database.keep("territory_mark", pa.Table.from_pylist(rows))
    database.keep("territory_law", _law_table())
    right = " OR ".join(
        f"(country = '{country}' AND length(code) IN ({', '.join(map(str, lengths))}))"
        for country, (lengths, _) in _POSTCODES.items()
    )
    in_text = " ".join(
        f"WHEN coalesce(postcode, '') = '' AND country = '{country}' THEN regexp_extract_all(address, '{pattern}')"
        for country, (_, pattern) in _POSTCODES.items()
    )
    select = _TERRITORIES.format(
        asked=_ASKED,
        read=_READ.format(in_text=in_text),
        placed=_PLACED.format(right_length=f"({right})"),
        found=_FOUND,
        judged=_JUDGED,
    )
    database.make("territories", select)


def _law_table() -> pa.Table:
    names = ("territory", "vat_country", "inside_vat", "rate", "note")
    columns = {n: [getattr(x, n) for x in law()] for n in names}
    days = {"valid_from": [x.since for x in law()], "valid_to": [x.until for x in law()]}
    return pa.table(columns | {n: pa.array(d, pa.date32()) for n, d in days.items()})
