"""Money of one worth that goes one way in one currency and the other way in another: no border is crossed."""

from crossbook.watch.rule import Rule
from crossbook.watch.spans import runs

_SIGN = """
      SELECT holder_id, 'device ' || device AS sign FROM watch_account WHERE device IS NOT NULL
      UNION SELECT holder_id, 'phone ' || phone FROM watch_account WHERE phone IS NOT NULL
      UNION SELECT holder_id, 'address ' || lower(address) FROM watch_account WHERE address IS NOT NULL
"""
RULE = Rule(
    title="one worth goes one way in one currency and back in another",
    why=(
        "Two who pay each other the same worth at once in two currencies have moved money across a border without a "
        "transfer that crosses it. Who shares a telephone, a device or an address is taken for one here."
    ),
    source=(
        "New York State Department of Financial Services, consent order with Deutsche Bank (30 January 2017): mirror "
        "trades (secondary); practice"
    ),
    todo="ask for the contract behind each of the two; changing money with a bank or a licensed exchange is not this",
    unless=(
        "the two of a pair differ by more or lie further apart, one of them is an institution, or fewer pairs"
        " follow each other"
    ),
    gravity="high",
    settings={
        "times": (2, "such pairs, at least"),
        "days": (2, "between the two of a pair, at most"),
        "near_per_mille": (30, "by which their worth may differ"),
        "least": (100_000, "of each, in minor units of the currency of most transfers"),
        "gap_days": (45, "between one pair and the next, at most"),
        "crowd": (5, "holders who share a sign, above which it ties nobody"),
    },
    left_out=(
        "devices, phones or addresses that more holders share than crowd: they make nobody one:",
        f"""
    SELECT count(*) AS n FROM (
      SELECT sign FROM ({_SIGN}) s GROUP BY sign HAVING count(*) > {{crowd}}
    ) m""",
    ),
    sql=f"""
    WITH sign AS ({_SIGN}),
    telling AS (SELECT sign FROM sign GROUP BY sign HAVING count(*) BETWEEN 2 AND {{crowd}}),
    kin AS (
      SELECT s.holder_id AS party, min(o.holder_id) AS head FROM sign s
      JOIN telling t ON t.sign = s.sign JOIN sign o ON o.sign = s.sign GROUP BY s.holder_id
    ),
    flow AS (
      SELECT l.id, l.dn, l.unit, l.currency, coalesce(a.head, l.party) AS payer, coalesce(b.head, l.other) AS payee
      FROM leg l LEFT JOIN kin a ON a.party = l.party LEFT JOIN kin b ON b.party = l.other
      WHERE l.side = 'out' AND NOT l.own AND NOT l.returned AND NOT l.hub AND NOT l.other_hub AND l.unit >= {{least}}
        AND coalesce(l.holder_kind, '') <> 'institution' AND coalesce(l.other_kind, '') <> 'institution'
        AND l.other IS NOT NULL
    ),
    pair AS (
      SELECT least(a.payer, a.payee) || '|' || greatest(a.payer, a.payee) AS key, a.payer AS subject,
        least(a.dn, b.dn) AS dn, a.id, b.id AS back
      FROM flow a JOIN flow b ON b.payer = a.payee AND b.payee = a.payer AND b.currency <> a.currency
        AND b.dn BETWEEN a.dn - {{days}} AND a.dn + {{days}} AND a.id < b.id
        AND abs(b.unit - a.unit) * 1000 <= a.unit * {{near_per_mille}}
      WHERE a.payer <> a.payee
    ),
    episodes AS ({runs("pair", "key", "{gap_days}")}),
    called AS (
      SELECT key, run, min_by(subject, id) AS subject, min(dn) AS since FROM episodes
      GROUP BY key, run HAVING count(DISTINCT id) >= {{times}}
    )
    SELECT c.subject, 'mirror' AS what, c.since, t.id, true AS certain FROM called c
    JOIN (SELECT key, run, id FROM episodes UNION SELECT key, run, back FROM episodes) t
      ON t.key = c.key AND t.run = c.run
    """,
)
