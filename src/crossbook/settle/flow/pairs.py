"""Which two lines are one conversion: what left in one currency, and what came in another.

They are paired by what names them both; else by being the only two of a moment, of a day. Pairs of a day are a guess,
and
said to be one. What is left without another side stays so.
"""

from __future__ import annotations

HOW = {
    "link": "both lines name each other, or the same payment",
    "moment": "the only two conversions of their account at that moment",
    "day": "taken to be one: the only two conversions of their account on that day",
}
_STEPS = (
    ("link", "coalesce(related, reference)"),
    ("link", "coalesce(related, reference), posted_at"),
    ("moment", "posted_at"),
    ("day", "day"),
)


def pairs_sql(table: str) -> str:
    """SELECT of the pairs among the conversion lines of `table`: out_id, in_id (its `id`) and how they were found."""
    steps, chosen = [f"rest0 AS (SELECT * FROM {table} WHERE kind = 'conversion')"], []
    for i, (how, key) in enumerate(_STEPS):
        named = " AND coalesce(related, reference) IS NOT NULL" if how == "link" else ""
        steps.append(
            f"""pair{i} AS (
  SELECT min_by(id, amount) AS out_id, max_by(id, amount) AS in_id, '{how}' AS how
  FROM rest{i} WHERE true{named} GROUP BY account, {key}
  HAVING count(*) = 2 AND min(amount) < 0 AND max(amount) > 0 AND min(currency) <> max(currency)
)"""
        )
        steps.append(
            f"rest{i + 1} AS (SELECT r.* FROM rest{i} r WHERE NOT EXISTS "
            f"(SELECT 1 FROM pair{i} p WHERE p.out_id = r.id OR p.in_id = r.id))"
        )
        chosen.append(f"SELECT * FROM pair{i}")
    return "WITH " + ",\n".join(steps) + "\n" + " UNION ALL ".join(chosen) + " ORDER BY out_id"
