"""Layers: some who each pay each of some others, who pay it on."""

from crossbook.watch.rule import Rule
from crossbook.watch.spans import runs

_EDGES = """
      SELECT party AS payer, other AS payee, dn, sum(unit) AS unit FROM leg
      WHERE side = 'out' AND NOT own AND NOT hub AND NOT other_hub AND NOT returned AND other IS NOT NULL
      GROUP BY party, other, dn
"""
_SPREAD = """
      SELECT payer, payee, dn, unit, dn - dn % {days} AS span FROM edge
      UNION ALL SELECT payer, payee, dn, unit, dn - dn % {days} - {days} FROM edge
"""
# Each edge stands in two spans of twice the days, so that what falls within the days stands in one of them together.
RULE = Rule(
    title="layers that each pay each of the next",
    why=(
        "Where several payers each pay the same several others, and these pass it on, the money is spread so that no "
        "single path shows. Shops that buy from the same wholesalers look alike, but wholesalers keep what they get."
    ),
    source=(
        "Altman and others, Realistic Synthetic Financial Transactions for Anti-Money Laundering Models (2023, "
        "secondary): bipartite, stack"
    ),
    todo="ask what the payers have to do with each other, and what each of the others delivered",
    unless="fewer pay the same others within these days, or those others keep more of what they get",
    gravity="high",
    settings={
        "payers": (3, "who each pay the same others, at least"),
        "payees": (3, "others whom each of them pays, at least"),
        "days": (7, "within which they do, and again within which it is passed on"),
        "share_percent": (80, "of what each other received is passed on, at least"),
        "crowd": (50, "payers of one payee, or payees of one payer, above which nobody is looked at"),
    },
    left_out=(
        "parties that paid, or were paid by, more others than crowd: layers through them were not looked for:",
        f"""
    WITH edge AS ({_EDGES}), spread AS ({_SPREAD}), tie AS (SELECT DISTINCT span, payer, payee FROM spread)
    SELECT count(*) AS n FROM (
      SELECT payer AS party FROM tie GROUP BY span, payer HAVING count(*) > {{crowd}}
      UNION SELECT payee FROM tie GROUP BY span, payee HAVING count(*) > {{crowd}}
    ) m""",
    ),
    sql=f"""
    WITH edge AS ({_EDGES}),
    spread AS ({_SPREAD}),
    tie AS (SELECT DISTINCT span, payer, payee FROM spread),
    few AS (
      SELECT t.* FROM tie t
      JOIN (SELECT span, payer FROM tie GROUP BY span, payer HAVING count(*) BETWEEN {{payees}} AND {{crowd}}) p
        ON p.span = t.span AND p.payer = t.payer
      JOIN (SELECT span, payee FROM tie GROUP BY span, payee HAVING count(*) BETWEEN {{payers}} AND {{crowd}}) q
        ON q.span = t.span AND q.payee = t.payee
    ),
    alike AS (
      SELECT a.span, a.payer, b.payer AS fellow FROM few a
      JOIN few b ON b.span = a.span AND b.payee = a.payee AND b.payer <> a.payer
      GROUP BY a.span, a.payer, b.payer HAVING count(*) >= {{payees}}
    ),
    member AS (
      SELECT span, payer, least(payer, min(fellow)) AS key FROM alike
      GROUP BY span, payer HAVING count(*) >= {{payers}} - 1
    ),
    block AS (
      SELECT m.span, m.key, f.payee FROM member m JOIN few f ON f.span = m.span AND f.payer = m.payer
      GROUP BY m.span, m.key, f.payee HAVING count(*) >= {{payers}}
    ),
    brought AS (
      SELECT b.span, b.key, b.payee, sum(s.unit) AS came FROM block b
      JOIN member m ON m.span = b.span AND m.key = b.key
      JOIN spread s ON s.span = b.span AND s.payer = m.payer AND s.payee = b.payee
      GROUP BY b.span, b.key, b.payee
    ),
    passing AS (
      SELECT b.span, b.key, b.payee FROM brought b
      JOIN edge e ON e.payer = b.payee AND e.dn BETWEEN b.span AND b.span + 3 * {{days}} - 1
      GROUP BY b.span, b.key, b.payee, b.came HAVING sum(e.unit) * 100 >= b.came * {{share_percent}}
    ),
    called AS (SELECT span, key FROM passing GROUP BY span, key HAVING count(*) >= {{payees}}),
    shown AS (
      SELECT DISTINCT c.key, l.dn, l.id FROM called c JOIN passing p ON p.span = c.span AND p.key = c.key
      JOIN member m ON m.span = c.span AND m.key = c.key
      JOIN leg l ON l.party = m.payer AND l.other = p.payee AND l.side = 'out' AND NOT l.returned
        AND l.dn BETWEEN c.span AND c.span + 2 * {{days}} - 1
      UNION
      SELECT DISTINCT c.key, l.dn, l.id FROM called c JOIN passing p ON p.span = c.span AND p.key = c.key
      JOIN leg l ON l.party = p.payee AND l.side = 'out' AND NOT l.own AND NOT l.returned
        AND l.dn BETWEEN c.span AND c.span + 3 * {{days}} - 1
    ),
    episodes AS ({runs("shown", "key", "2 * {days}")})
    SELECT key AS subject, 'bipartite' AS what, min(dn) OVER (PARTITION BY key, run) AS since, id, true AS certain
    FROM episodes
    """,
)
