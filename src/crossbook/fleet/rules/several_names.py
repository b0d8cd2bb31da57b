"""The same party under several names: one e-mail, phone or account in two books, with names that are not one."""

from itertools import combinations

import pyarrow as pa

from crossbook.fleet.rule import Rows, Rule
from crossbook.trade.name_pairs import degrees
from crossbook.trade.parties import CROWD, NEAR


def others(rows: Rows) -> list[Rows]:
    """The rows, where two books write names with this sign that can be no forms of one name."""
    pairs = sorted(
        {
            (str(a["name"]), str(b["name"]))
            for a, b in combinations(rows, 2)
            if a["book"] != b["book"] and a["name"] != b["name"]
        }
    )
    told = degrees(pa.array([a for a, _ in pairs], pa.string()), pa.array([b for _, b in pairs], pa.string()))
    return [rows] if any(degree not in NEAR for degree in told.to_pylist()) else []


RULE = Rule(
    name="several_names",
    title="The same party under several names",
    verdict="suspicious",
    select=f"""
SELECT s.sign AS subject, s.sign AS shown, s.book, s.order_id, s.name, CAST(NULL AS bigint) AS amount,
  CAST(NULL AS VARCHAR) AS currency, CAST(NULL AS date) AS day, s.evidence, s.line
FROM sign s JOIN (
  SELECT kind, sign FROM sign GROUP BY kind, sign
  HAVING count(DISTINCT book) > 1 AND count(DISTINCT lower(name)) BETWEEN 2 AND {CROWD}
) t ON t.kind = s.kind AND t.sign = s.sign
""",
    unless="people of one household or firm share it; what more than five names share is not called",
    parts=others,
)
