"""Several accounts of one holder that pay the same other within days."""

from crossbook.watch.rule import Rule
from crossbook.watch.spans import crowds

_MET = (
    "SELECT party || '>' || other AS key, account AS other, dn FROM leg "
    "WHERE side = 'out' AND NOT own AND NOT returned AND NOT other_hub AND other IS NOT NULL"
)
RULE = Rule(
    title="several accounts of one holder pay the same other",
    why="One who pays the same other from several accounts in a few days may keep each below what would be noticed.",
    source="practice; holders are those of the table of accounts (payment_accounts), without it a party is an account",
    todo="add the accounts together and hold the sum against the limits",
    unless="the accounts are of different holders, or fewer of them pay within these days",
    gravity="medium",
    needs=(
        "no table of accounts tells whose an account is: no holder is known to have several",
        "SELECT 1 AS one FROM watch_account WHERE holder_id IS NOT NULL",
    ),
    settings={
        "accounts": (3, "different accounts, at least"),
        "days": (7, "within which they pay"),
    },
    sql=f"""
    WITH crowded AS ({crowds(_MET, "{accounts}", "{days}")})
    SELECT l.party AS subject, 'many_accounts ' || l.other AS what, c.first AS since, l.id, true AS certain
    FROM crowded c JOIN leg l ON l.party || '>' || l.other = c.key AND l.side = 'out' AND NOT l.returned
      AND l.dn BETWEEN c.first - {{days}} + 1 AND c.last
    """,
)
