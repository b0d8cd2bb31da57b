"""The same parcel in two books."""

import pyarrow as pa

from crossbook.fleet.rule import Rows, Rule, behind_a_day, in_two_books
from crossbook.trade.name_pairs import degrees
from crossbook.trade.parties import NEAR


def one_parcel(rows: Rows) -> list[Rows]:
    """The rows, unless the number is a seller's own, of a day and a counter, and no two books send to one name."""
    if not behind_a_day(str(rows[0]["subject"])):
        return [rows]
    pairs = [(a["name"], b["name"]) for a in rows for b in rows if str(a["book"]) < str(b["book"])]
    told = degrees(pa.array([a for a, _ in pairs], pa.string()), pa.array([b for _, b in pairs], pa.string()))
    same = any(None in pair or degree in NEAR for pair, degree in zip(pairs, told.to_pylist(), strict=True))
    return [rows] if same else []


RULE = Rule(
    name="same_parcel",
    title="The same parcel in two books",
    verdict="suspicious",
    select=in_two_books("parcel"),
    unless="two sellers sent together, or the carrier gives its numbers again",
    parts=one_parcel,
)
