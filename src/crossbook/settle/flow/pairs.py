"""Which two lines are one conversion: what left in one currency, and what came in another.

They are paired by what names them both; else by being the only two of a moment, of a day; else by the order of their
lines, where the conversions of a moment (of a day) alternate in one file: out, in, out, in, or in, out, in, out. Pairs
of a day and of an order are a guess, and said to be one. What is left without another side stays so.
"""

from __future__ import annotations

HOW = {
    "returned": "what went out came back",
    "link": "both lines name each other, or the same payment",
    "moment": "the only two conversions of their account at that moment",
    "day": "taken to be one: the only two conversions of their account on that day",
    "lines": "paired by the order of their lines: several conversions of their account at that moment",
    "lines of a day": "taken to be one: paired by the order of their lines, several conversions on that day",
}
_STEPS = (
    ("link", "account, coalesce(related, reference)"),
    ("link", "account, coalesce(related, reference), posted_at"),
    ("link", "coalesce(related, reference), posted_at"),  # each balance may be an account of its own
    ("moment", "account, posted_at"),
    ("day", "account, day"),
)
_BY_LINES = (("lines", "posted_at"), ("lines of a day", "day"))


def pairs_sql(table: str) -> str:
    """SELECT of the pairs among the conversion lines of `table`: out_id, in_id (its `id`) and how they were found."""
    steps, chosen = [f"rest0 AS (SELECT * FROM {table} WHERE kind = 'conversion')"], []
    for i, (how, key) in enumerate(_STEPS):
        named = " AND coalesce(related, reference) IS NOT NULL" if how == "link" else ""
        steps.append(
            f"""pair{i} AS (
  SELECT min_by(id, amount) AS out_id, max_by(id, amount) AS in_id, '{how}' AS how
  FROM rest{i} WHERE true{named} GROUP BY {key}
  HAVING count(*) = 2 AND min(amount) < 0 AND max(amount) > 0 AND min(currency) <> max(currency)
)"""
        )
        steps.append(
            f"rest{i + 1} AS (SELECT r.* FROM rest{i} r WHERE NOT EXISTS "
            f"(SELECT 1 FROM pair{i} p WHERE p.out_id = r.id OR p.in_id = r.id))"
        )
        chosen.append(f"SELECT * FROM pair{i}")
    for i, (how, key) in enumerate(_BY_LINES, start=len(_STEPS)):
        steps.append(_by_lines(i, how, key))
        steps.append(
            f"rest{i + 1} AS (SELECT r.* FROM rest{i} r WHERE NOT EXISTS "
            f"(SELECT 1 FROM pair{i} p WHERE p.out_id = r.id OR p.in_id = r.id))"
        )
        chosen.append(f"SELECT * FROM pair{i}")
    return "WITH " + ",\n".join(steps) + "\n" + " UNION ALL ".join(chosen) + " ORDER BY out_id"


def _by_lines(i: int, how: str, key: str) -> str:
    """The step `pair{i}`: first and second, third and fourth … line of each account, file and `key`, where all of the
    group are such pairs, each of two currencies and all with the same side first."""
    return f"""placed{i} AS (
  SELECT *, (row_number() OVER (PARTITION BY account, evidence, {key} ORDER BY line, id) - 1) // 2 AS pair
  FROM rest{i} WHERE {key} IS NOT NULL
),
couple{i} AS (
  SELECT account, evidence, {key} AS told, min_by(id, amount) AS out_id, max_by(id, amount) AS in_id,
         count(*) = 2 AND min(amount) < 0 AND max(amount) > 0 AND min(currency) <> max(currency)
           AND min(line) < max(line) AS fits,
         min_by(amount, line) < 0 AS out_first
  FROM placed{i} GROUP BY account, evidence, {key}, pair
),
pair{i} AS (
  SELECT out_id, in_id, '{how}' AS how FROM couple{i}
  WINDOW g AS (PARTITION BY account, evidence, told)
  QUALIFY bool_and(fits) OVER g AND (bool_and(out_first) OVER g OR NOT bool_or(out_first) OVER g)
)"""
