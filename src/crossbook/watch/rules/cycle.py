"""Money that comes back to who sent it, by way of others."""

from crossbook.watch.rule import Rule

_MOST = 10  # transfers of a cycle


def _paths() -> str:
    """Pairs of transfers by the links between them, up to so many steps; the second took of what the first brought.
    Only from transfers whose payer was paid, too: of a party that many pay there would be as many pairs as all of them
    times all that it pays."""
    one = (
        "one_step AS (SELECT DISTINCT k.lot AS first, k.payment AS last FROM chain_link k "
        "JOIN watch_transfer a ON a.id = k.lot WHERE a.payer_party IN (SELECT party FROM paid))"
    )
    paid = (
        "paid AS (SELECT DISTINCT b.payee_party AS party FROM chain_link k JOIN watch_transfer b ON b.id = k.payment "
        "WHERE b.unit >= {least})"
    )
    return ", ".join([paid, one, *_steps("step", "one_step", "p.first, k.payment AS last", "k.lot = p.last")])


def _back() -> str:
    """As pairs, the other way: from transfers that close a cycle to those whose money they took."""
    one = "one_back AS (SELECT DISTINCT n.last, k.lot AS id FROM nearest n JOIN chain_link k ON k.payment = n.last)"
    return ", ".join([one, *_steps("back", "one_back", "p.last, k.lot AS id", "k.payment = p.id")])


def _steps(name: str, one: str, shown: str, tied: str) -> list[str]:
    """The further steps from the first, each from the one before, and `{name}_all` of them all."""
    names, texts = [one], []
    for n in range(2, _MOST):
        texts.append(f"{name}_{n} AS (SELECT DISTINCT {shown} FROM {names[-1]} p JOIN chain_link k ON {tied})")
        names.append(f"{name}_{n}")
    every = " UNION ".join(f"SELECT * FROM {n}" for n in names)
    return [*texts, f"{name}_all AS ({every})"]


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
      SELECT r.first, r.last, a.payer_party AS party FROM step_all r
      JOIN watch_transfer a ON a.id = r.first JOIN watch_transfer b ON b.id = r.last
      WHERE b.payee_party = a.payer_party AND b.payer_party <> a.payee_party AND a.payer_party <> a.payee_party
        AND b.unit >= {{least}}
    ),
    nearest AS (SELECT last, max(first) AS first, min(party) AS party FROM closed GROUP BY last),
    {_back()},
    between_them AS (
      SELECT n.party, n.last AS key, p.last AS id FROM nearest n JOIN step_all p ON p.first = n.first
      JOIN back_all q ON q.last = n.last AND q.id = p.last
      UNION SELECT party, last, first FROM nearest UNION SELECT party, last, last FROM nearest
    )
    SELECT party AS subject, 'cycle' AS what, key AS since, id, true AS certain FROM between_them
    """,
)
