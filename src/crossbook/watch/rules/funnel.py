"""Cash paid in at many places that leaves at another within days."""

from crossbook.watch.rule import Rule
from crossbook.watch.spans import crowds

_PLACES = (
    "SELECT account AS key, other_institution AS other, dn FROM leg "
    "WHERE side = 'in' AND kind = 'cash_in' AND NOT hub AND NOT returned AND other_institution IS NOT NULL"
)
RULE = Rule(
    title="cash paid in at many places leaves at another",
    why=(
        "Cash that is paid into one account at many counters, and drawn or sent on elsewhere within days, was carried "
        "by the account from place to place. A chain of shops that pays in its takings looks alike."
    ),
    source="FinCEN, Advisory FIN-2014-A005 (28 May 2014): funnel accounts (secondary)",
    todo="ask who paid the cash in, and why where they did",
    unless="the cash came in at fewer places, or more of it stays or leaves where it came in",
    gravity="high",
    needs=(
        "no transfer is told as cash that came in at a named place (kind cash_in, payer institution): "
        "none was looked at",
        "SELECT 1 AS one FROM leg WHERE side = 'in' AND kind = 'cash_in' AND other_institution IS NOT NULL",
    ),
    settings={
        "places": (4, "different institutions or counters at which cash came in, at least"),
        "days": (7, "within which it came, and again within which it left"),
        "share_percent": (80, "of the cash leaves elsewhere, at least"),
    },
    sql=f"""
    WITH crowded AS ({crowds(_PLACES, "{places}", "{days}")}),
    came AS (
      SELECT c.key, c.first, c.last, l.id, l.party, l.unit, l.other_institution FROM crowded c
      JOIN leg l ON l.account = c.key AND l.side = 'in' AND l.kind = 'cash_in' AND NOT l.returned
        AND l.dn BETWEEN c.first - {{days}} + 1 AND c.last
    ),
    went AS (
      SELECT c.key, c.first, l.id, l.unit FROM crowded c
      JOIN leg l ON l.account = c.key AND l.side = 'out' AND NOT l.returned AND NOT l.own
        AND l.dn BETWEEN c.first - {{days}} + 1 AND c.last + {{days}} AND l.other_institution IS NOT NULL
      WHERE NOT EXISTS (
        SELECT 1 FROM came k WHERE k.key = c.key AND k.first = c.first AND k.other_institution = l.other_institution
      )
    ),
    called AS (
      SELECT i.key, i.first, i.party FROM (
        SELECT key, first, min(party) AS party, sum(unit) AS total FROM came GROUP BY key, first
      ) i JOIN (SELECT key, first, sum(unit) AS total FROM went GROUP BY key, first) o
        ON o.key = i.key AND o.first = i.first
      WHERE o.total * 100 >= i.total * {{share_percent}} AND o.total <= i.total * 2
    )
    SELECT c.party AS subject, 'funnel' AS what, c.first AS since, t.id, true AS certain
    FROM called c JOIN (SELECT key, first, id FROM came UNION ALL SELECT key, first, id FROM went) t
      ON t.key = c.key AND t.first = c.first
    """,
)
