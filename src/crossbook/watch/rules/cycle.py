"""Money that comes back to who sent it, by way of others."""

from crossbook.watch.rule import Rule

_MOST = 10  # transfers of a cycle


def _paths() -> str:
    """Pairs of transfers by the links between them, up to so many steps; the second took of what the first brought."""
    texts = ["one_step AS (SELECT DISTINCT lot AS first, payment AS last FROM chain_link)"]
    names = ["one_step"]
    for n in range(2, _MOST):
        name = f"step_{n}"
        texts.append(
            f"{name} AS (SELECT DISTINCT p.first, k.payment AS last FROM {names[-1]} p "
            "JOIN chain_link k ON k.lot = p.last)"
        )
        names.append(name)
    every = " UNION ".join(f"SELECT first, last FROM {name}" for name in names)
    return ", ".join(texts) + f", reached AS ({every})"


RULE = Rule(
    title="money that comes back to who sent it",
    why="What goes out and comes back through others has paid for nothing; a refund comes straight back.",
    source=(
        "Altman and others, Realistic Synthetic Financial Transactions for Anti-Money Laundering Models (2023, "
        "secondary): cycle"
    ),
    todo="ask what was bought and sold on the way round",
    unless="the money does not come back to who sent it within ten transfers, or a hand on the way is the same party",
    gravity="high",
    settings={"least": (100_000, "of the last transfer, in minor units of the currency of most transfers")},
    links=True,
    sql=f"""
    WITH {_paths()},
    closed AS (
      SELECT r.first, r.last, a.payer_party AS party FROM reached r
      JOIN watch_transfer a ON a.id = r.first JOIN watch_transfer b ON b.id = r.last
      WHERE b.payee_party = a.payer_party AND b.payer_party <> a.payee_party AND a.payer_party <> a.payee_party
        AND b.unit >= {{least}}
    ),
    nearest AS (SELECT last, max(first) AS first, min(party) AS party FROM closed GROUP BY last),
    between_them AS (
      SELECT n.party, n.last AS key, p.last AS id FROM nearest n JOIN reached p ON p.first = n.first
      JOIN reached q ON q.first = p.last AND q.last = n.last
      UNION SELECT party, last, first FROM nearest UNION SELECT party, last, last FROM nearest
    )
    SELECT party AS subject, 'cycle' AS what, key AS since, id, true AS certain FROM between_them
    """,
)
