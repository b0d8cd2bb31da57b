"""SQL of what happens within some days of each other: runs without a gap, and crowds of different others.

Texts of SQL that any engine with window functions runs; days are whole numbers (`dn`).
"""

from __future__ import annotations


def runs(rows: str, keys: str, gap: str) -> str:
    """A SELECT of all of `rows` (a table with `dn`) and `run`: rows of the same keys are one run as long as each is no
    more than `gap` days behind the one before it."""
    return f"""
    SELECT g.*, sum(fresh) OVER (PARTITION BY {keys} ORDER BY dn, id ROWS UNBOUNDED PRECEDING) AS run FROM (
      SELECT r.*, CASE WHEN dn - lag(dn) OVER (PARTITION BY {keys} ORDER BY dn, id) <= {gap} THEN 0 ELSE 1 END AS fresh
      FROM {rows} r
    ) g"""


def crowds(rows: str, least: str, days: str) -> str:
    """A SELECT of `key`, `first` and `last`: when at least so many different `other` were met within so many days.

    `rows` is a SELECT of `key`, `other` and `dn`. Each other counts for so many days from each day that it is met: on
    any day as many are counted as were met in the days up to it.
    """
    return f"""
    SELECT key, min(dn) AS first, max(beyond) - 1 AS last FROM (
      SELECT c.*, sum(fresh) OVER (PARTITION BY key ORDER BY dn ROWS UNBOUNDED PRECEDING) AS run FROM (
        SELECT d.*, CASE WHEN dn = lag(beyond) OVER (PARTITION BY key ORDER BY dn) THEN 0 ELSE 1 END AS fresh FROM (
          SELECT key, dn, sum(step) OVER (PARTITION BY key ORDER BY dn ROWS UNBOUNDED PRECEDING) AS others,
            lead(dn) OVER (PARTITION BY key ORDER BY dn) AS beyond
          FROM (
            SELECT key, dn, sum(step) AS step FROM (
              SELECT key, min(dn) AS dn, 1 AS step FROM ({_met(rows, days)}) m GROUP BY key, other, run
              UNION ALL
              SELECT key, max(dn) + {days} AS dn, -1 AS step FROM ({_met(rows, days)}) m GROUP BY key, other, run
            ) s GROUP BY key, dn
          ) t
        ) d WHERE others >= {least}
      ) c
    ) e GROUP BY key, run"""


def crowding(side: str, what: str) -> str:
    """The SELECT of a rule: the transfers of parties that meet {parties} different others on one side within {days}."""
    met = (
        "SELECT party AS key, other, dn FROM leg "
        f"WHERE side = '{side}' AND NOT hub AND NOT own AND NOT returned AND other IS NOT NULL"
    )
    return f"""
    WITH crowded AS ({crowds(met, "{parties}", "{days}")})
    SELECT c.key AS subject, '{what}' AS what, c.first AS since, l.id, true AS certain
    FROM crowded c JOIN leg l ON l.party = c.key AND l.side = '{side}' AND NOT l.own AND NOT l.returned
      AND l.dn BETWEEN c.first - {{days}} + 1 AND c.last
    """


def _met(rows: str, days: str) -> str:
    return f"""
      SELECT key, other, dn, sum(fresh) OVER (PARTITION BY key, other ORDER BY dn ROWS UNBOUNDED PRECEDING) AS run
      FROM (
        SELECT key, other, dn,
          CASE WHEN dn - lag(dn) OVER (PARTITION BY key, other ORDER BY dn) <= {days} THEN 0 ELSE 1 END AS fresh
        FROM (SELECT DISTINCT key, other, dn FROM ({rows}) u) v
      ) w"""
