"""What the book knows of each order's way, as the first tables of a query.

`sent`: its earliest shipment and latest delivery; `cases`: its disputes, with the state of the last.
"""

KNOWN = """
sent AS (
  SELECT order_id, min(shipped_at) AS shipped_at, max(delivered_at) AS delivered_at FROM parcels GROUP BY order_id
),
cases AS (
  SELECT account, order_id, min(opened_on) AS opened_on, max(closed_on) AS closed_on, max_by(state, opened_on) AS state
  FROM disputes GROUP BY account, order_id
)
""".strip()
