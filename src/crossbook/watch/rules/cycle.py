"""Money that comes back to who sent it, by way of others."""

from crossbook.watch.rule import Rule

ONE_WAY = "cycle, one way round"  # of an alert in which other ways may be left out
RULE = Rule(
    title="money that comes back to who sent it",
    why="What goes out and comes back through others has paid for nothing; a refund comes straight back.",
    source=(
        "Altman and others, Realistic Synthetic Financial Transactions for Anti-Money Laundering Models (2023, "
        "secondary): cycle"
    ),
    todo="ask what was bought and sold on the way round",
    unless="the money does not come back to who sent it within ten transfers, or a hand on the way is the same party",
    unsure="not certain: no rate tells whether the last transfer comes to as much as this rule asks",
    gravity="high",
    settings={"least": (100_000, "of the last transfer, in minor units of the currency of most transfers")},
    links=True,
    sql=f"""
    SELECT t.payer_party AS subject, CASE WHEN r.partly THEN '{ONE_WAY}' ELSE 'cycle' END AS what,
      r.number AS since, r.id, t.unit IS NOT NULL AS certain
    FROM ring_member r JOIN watch_transfer t ON t.id = r.number
    """,
)
