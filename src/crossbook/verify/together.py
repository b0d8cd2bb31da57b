"""Orders that payments tie together: one payment for several of them, several payments for one."""

from __future__ import annotations

import pyarrow as pa

from crossbook.engine import Database

# Payments of orders that some payment covers together with others.
_TIED = """
SELECT concat(evidence, ':', line) AS payment, order_id, amount_whole AS amount FROM payments
SEMI JOIN (SELECT order_id FROM payments WHERE together > 1) USING (order_id) ORDER BY ALL
"""
# Orders that payments tie together, with what all of them cost, what was paid for them, and what of it went back.
_PAID_GROUP = """
WITH due AS (
  SELECT grouped, count(*) AS orders, CASE WHEN count(total) = count(*) THEN sum(total) END AS due,
         sum(refunded) AS back
  FROM group_order JOIN trade USING (order_id) GROUP BY grouped
),
got AS (
  SELECT grouped, CASE WHEN count(amount) = count(*) THEN sum(amount) END AS got
  FROM group_payment GROUP BY grouped
)
SELECT order_id, grouped, due.orders, due, got, back
FROM group_order JOIN due USING (grouped) JOIN got USING (grouped)
"""
ALL = (_TIED, _PAID_GROUP)


def make(database: Database) -> None:
    """Make `paid_group`. Needs `trade`."""
    rows = database.rows(_TIED)
    group = _groups([(f"p {r['payment']}", f"o {r['order_id']}") for r in rows])
    orders = sorted({(group[f"o {r['order_id']}"], r["order_id"]) for r in rows})
    paid = {r["payment"]: (group[f"p {r['payment']}"], r["amount"]) for r in rows}
    database.put(
        "group_order",
        pa.table(
            {
                "grouped": pa.array([g for g, _ in orders], pa.int64()),
                "order_id": pa.array([order for _, order in orders], pa.string()),
            }
        ),
    )
    database.put(
        "group_payment",
        pa.table(
            {
                "grouped": pa.array([g for g, _ in paid.values()], pa.int64()),
                "amount": pa.array([amount for _, amount in paid.values()], pa.int64()),
            }
        ),
    )
    database.make("paid_group", _PAID_GROUP)


def _groups(pairs: list[tuple[str, str]]) -> dict[str, int]:
    """The number of the connected group of each name."""
    parent: dict[str, str] = {}

    def top(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for a, b in pairs:
        parent[top(a)] = top(b)
    numbers: dict[str, int] = {}
    return {name: numbers.setdefault(top(name), len(numbers)) for name in parent}
