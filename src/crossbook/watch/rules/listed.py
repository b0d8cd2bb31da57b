"""Parties whose names are near to those of a list that the book has."""

from crossbook.watch.rule import Rule

RULE = Rule(
    title="a party that a list names",
    why=(
        "The name of a party is that of an entry of a list, or may be. Names alone prove nothing: compare what the "
        "list says of country and birth with what is known of the party. Looked for are the holder's name, and the "
        "name that a transfer gives where that is another."
    ),
    source="the lists of the book: OFAC, United Nations, and those of one's own (party_list)",
    todo="compare the entry with the party's papers; where it is the party, stop and report as the list's law says",
    unless="the name is not as near to the entry's, or a newer edition of the list does not have it",
    gravity="report",
    unsure="not certain: the name may be the entry's; compare country and birth",
    settings={"score": (85, "of 100, from which a hit is taken for the party; below it the alert asks")},
    names=True,
    sql="""
    WITH named AS (
      SELECT id, party, name FROM leg UNION SELECT id, party, told FROM leg WHERE told IS NOT NULL
    )
    SELECT l.party AS subject, h.list || ' ' || h.entry AS what, CAST(0 AS BIGINT) AS since, l.id,
      max(h.score) >= {score} AS certain
    FROM watch_listed h JOIN named l ON l.name = h.name GROUP BY l.party, h.list, h.entry, l.id
    """,
)
