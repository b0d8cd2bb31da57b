"""The same parcel in two books."""

from crossbook.fleet.rule import ONE_NAME, Rows, Rule, behind_a_day, in_two_books
from crossbook.trade.names import same_name


def one_parcel(rows: Rows) -> list[Rows]:
    """The rows, unless the number is a seller's own, of a day and a counter, and no two books send to one name."""
    if not behind_a_day(str(rows[0]["subject"])):
        return [rows]
    pairs = [(a["name"], b["name"]) for a in rows for b in rows if str(a["book"]) < str(b["book"])]
    same = any(same_name(*pair) in (*ONE_NAME, None) for pair in pairs)  # None: nobody is named
    return [rows] if same else []


RULE = Rule(
    name="same_parcel",
    title="The same parcel in two books",
    verdict="suspicious",
    select=in_two_books("parcel"),
    unless="two sellers sent together, or the carrier gives its numbers again",
    parts=one_parcel,
)
