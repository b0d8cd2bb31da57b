"""The same file in two books: a list of orders, payments or parcels that two sellers show, or a book and its copy."""

from collections import defaultdict

from crossbook.fleet.rule import Rows, Rule


def by_books(rows: Rows) -> list[Rows]:
    """The rows of all files that the same books hold: a book and its copy are one finding."""
    holders: defaultdict[object, set[str]] = defaultdict(set)
    for row in rows:
        holders[row["evidence"]].add(str(row["book"]))
    found: defaultdict[tuple[str, ...], Rows] = defaultdict(list)
    for row in rows:
        found[tuple(sorted(holders[row["evidence"]]))].append(row)
    return list(found.values())


RULE = Rule(
    name="same_file",
    title="The same files in two books",
    verdict="suspicious",
    select="""
SELECT 'files' AS subject, f.file AS shown, h.book, CAST(NULL AS VARCHAR) AS order_id, CAST(NULL AS VARCHAR) AS name,
  CAST(NULL AS bigint) AS amount, CAST(NULL AS VARCHAR) AS currency, h.day, h.evidence, h.line
FROM (SELECT evidence, book, min(line) AS line, max(day) AS day FROM paper GROUP BY evidence, book) h
JOIN (SELECT evidence FROM paper GROUP BY evidence HAVING count(DISTINCT book) > 1) t ON t.evidence = h.evidence
LEFT JOIN source_file f ON f.book = h.book AND f.evidence = h.evidence
""",
    unless="one book is a copy of the other, or both are kept for one business: leave one of them out",
    parts=by_books,
)
