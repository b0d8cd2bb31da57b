"""Countries that a public list names on a day, and the trades that money or goods of such a country are in."""

from __future__ import annotations

import csv
from importlib.resources import files

import pyarrow as pa

from crossbook.engine import Database

CALL, MONITORED = "call for action", "increased monitoring"

_LISTED = """
WITH told AS (
  SELECT order_id, 'payment' AS paper, payer_country AS country, placed_on, paid_at FROM trade
  WHERE payer_country IN (SELECT country FROM jurisdiction)
  UNION ALL
  SELECT order_id, 'order', country, placed_on, paid_at FROM trade
  WHERE country IN (SELECT country FROM jurisdiction WHERE list = $call)
  UNION ALL
  SELECT order_id, 'shipment', ship_country, placed_on, paid_at FROM trade
  WHERE ship_country IN (SELECT country FROM jurisdiction WHERE list = $call)
  UNION ALL
  SELECT order_id, 'tracking', handed_country, placed_on, paid_at FROM trade
  WHERE handed_country IN (SELECT country FROM jurisdiction WHERE list = $call)
)
SELECT t.order_id, min(t.country) FILTER (j.list = $call) AS called, min(t.paper) FILTER (j.list = $call) AS called_by,
       min_by(j.source, (t.country, j.source)) FILTER (j.list = $call) AS source,
       min_by(j.source, (t.country, j.source)) FILTER (j.list = $monitored AND t.paper = 'payment') AS monitored_source,
       min(t.country) FILTER (j.list = $monitored AND t.paper = 'payment') AS monitored
FROM told t JOIN jurisdiction j ON j.country = t.country
 AND coalesce(t.placed_on, CAST(t.paid_at AS DATE)) >= j.since
 AND (j.until IS NULL OR coalesce(t.placed_on, CAST(t.paid_at AS DATE)) < j.until)
GROUP BY t.order_id
"""
ALL = (_LISTED,)


def rows() -> list[dict[str, str]]:
    """`data/verify/jurisdictions.csv`: country, list, from and to which day, source."""
    text = (files("crossbook") / "data" / "verify" / "jurisdictions.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def make(database: Database) -> None:
    """Make `listed_place`. Needs `trade`."""
    told = rows()
    columns = {
        "country": pa.array([r["country"] for r in told]),
        "source": pa.array([r["source"] for r in told]),
        "list": pa.array([r["list"] for r in told]),
        "since": pa.array([r["valid_from"] for r in told]).cast(pa.date32()),
        "until": pa.array([r["valid_to"] or None for r in told], pa.string()).cast(pa.date32()),
    }
    database.put("jurisdiction", pa.table(columns))
    database.make("listed_place", _LISTED, call=CALL, monitored=MONITORED)
