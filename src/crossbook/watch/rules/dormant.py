"""An account that lay still for long and is suddenly busy."""

from crossbook.watch.rule import Rule

RULE = Rule(
    title="an account that lay still is suddenly busy",
    why="An account that was not used for long and then moves much may have been sold or taken over.",
    source=(
        "PBC Order [2006] No. 2, article 11(4) (secondary; replaced by Order [2016] No. 3, which leaves patterns to "
        "the institutions)"
    ),
    todo="ask the holder, by a way known before, whether the account is theirs still",
    unless="an earlier transfer shows that the account was in use, or fewer follow",
    gravity="medium",
    settings={
        "idle_days": (180, "without a transfer"),
        "transfers": (5, "in the days behind, at least"),
        "days": (7, "in which they fall"),
    },
    left_out=(
        "transfers dated before 1970 or after their file was added, which show no sleep, as a clock may be wrong:",
        "SELECT count(DISTINCT id) AS n FROM leg WHERE doubted",
    ),
    sql="""
    WITH used AS (SELECT DISTINCT account, party, dn FROM leg WHERE NOT hub AND NOT doubted),
    woken AS (
      SELECT account, party, dn FROM (
        SELECT u.*, dn - lag(dn) OVER (PARTITION BY account ORDER BY dn) AS still FROM used u
      ) v WHERE still > {idle_days}
    ),
    busy AS (
      SELECT w.account, w.party, w.dn, count(*) AS many FROM woken w
      JOIN leg l ON l.account = w.account AND NOT l.doubted AND l.dn BETWEEN w.dn AND w.dn + {days} - 1
      GROUP BY w.account, w.party, w.dn HAVING count(*) >= {transfers}
    )
    SELECT b.party AS subject, 'dormant' AS what, b.dn AS since, l.id, true AS certain
    FROM busy b JOIN leg l ON l.account = b.account AND NOT l.doubted AND l.dn BETWEEN b.dn AND b.dn + {days} - 1
    """,
)
