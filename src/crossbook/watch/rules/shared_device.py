"""One device, phone or address that accounts of several holders have."""

from crossbook.watch.rule import Rule

RULE = Rule(
    title="one device, phone or address for several holders",
    why="Accounts of strangers that are used from one device are often one person's. A family looks alike.",
    source="FATF, Money Laundering Using New Payment Methods (2010, secondary); practice",
    todo="ask who uses the device, and hold the accounts together as one party's",
    unless="fewer holders share it, or it is no device of theirs",
    gravity="medium",
    needs=(
        "no table of accounts tells a device, a phone or an address of a holder: none was looked at",
        "SELECT 1 AS one FROM watch_account "
        "WHERE coalesce(device, phone, address) IS NOT NULL AND holder_id IS NOT NULL",
    ),
    settings={"holders": (3, "different holders, at least")},
    sql="""
    WITH told AS (
      SELECT number, holder_id, 'device ' || device AS shared FROM watch_account WHERE device IS NOT NULL
      UNION ALL SELECT number, holder_id, 'phone ' || phone FROM watch_account WHERE phone IS NOT NULL
      UNION ALL SELECT number, holder_id, 'address ' || lower(address) FROM watch_account WHERE address IS NOT NULL
    ),
    several AS (SELECT shared FROM told GROUP BY shared HAVING count(DISTINCT holder_id) >= {holders})
    SELECT s.shared AS subject, 'shared' AS what, CAST(0 AS BIGINT) AS since, l.id, true AS certain
    FROM several s JOIN told t ON t.shared = s.shared JOIN leg l ON l.account = t.number
    """,
)
