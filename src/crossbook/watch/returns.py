"""What returns give back. A return calls it by its number, by its reference, or names a reference that one transfer
alone has; one that names nobody is paid by who was paid, to who had paid."""

from __future__ import annotations

_COLUMNS = (
    "evidence, line, origin, transfer_id, paid, paid_currency, received, received_currency, moment, day, dated_by, "
    "sequence, kind, reference, seq"
)
_SIDE = ("_institution", "_account", "", "_country")  # what is told of a side of a transfer
_NOBODY = "coalesce(payer_account, payer, payee_account, payee) IS NULL"


def kept(reason: str) -> str:
    """CTEs, the last of them `kept`: the rows of `once` for which the SQL `reason` is null, `original` of returns as
    what they give back is called here, with the parties of those that name none."""
    paid = f"FROM once WHERE kind <> 'return' AND {reason} IS NULL"
    ends = (("payer", "payee"), ("payee", "payer"))
    was = [end + what for end, _ in ends for what in _SIDE]
    told = [f"coalesce(o.{end}{what}, f.{other}{what}) AS {end}{what}" for end, other in ends for what in _SIDE]
    return f"""
    given AS (SELECT original, reference, {_NOBODY} AS nobody FROM once WHERE kind = 'return' AND {reason} IS NULL),
    by_number AS (SELECT DISTINCT transfer_id AS known {paid} AND transfer_id IN (SELECT original FROM given)),
    by_reference AS (SELECT DISTINCT reference AS known {paid} AND reference IN (SELECT original FROM given)),
    by_both AS (
      SELECT reference AS known {paid} AND reference IN (SELECT reference FROM given)
      GROUP BY reference HAVING count(*) = 1
    ),
    given_back AS (
      SELECT known, {", ".join(f"min({column}) AS {column}" for column in was)} FROM (
        SELECT transfer_id AS known, evidence, line, {", ".join(was)} {paid}
          AND transfer_id IN (SELECT original FROM given WHERE nobody)
        UNION SELECT reference, evidence, line, {", ".join(was)} {paid}
          AND reference IN (SELECT original FROM given WHERE nobody UNION SELECT reference FROM given WHERE nobody)
      ) b GROUP BY known HAVING count(*) = 1
    ),
    kept AS (
      SELECT {", ".join(f"o.{column}" for column in _COLUMNS.split(", "))}, {", ".join(told)},
        CASE WHEN o.kind = 'return' THEN coalesce(n.known, m.known, u.known, o.original) ELSE o.original END AS original
      FROM (SELECT *, kind = 'return' AND {_NOBODY} AS nobody FROM once WHERE {reason} IS NULL) o
      LEFT JOIN by_number n ON n.known = CASE WHEN o.kind = 'return' THEN o.original END
      LEFT JOIN by_reference m ON m.known = CASE WHEN o.kind = 'return' THEN o.original END
      LEFT JOIN by_both u ON u.known = CASE WHEN o.kind = 'return' THEN o.reference END
      LEFT JOIN given_back f ON f.known = CASE WHEN o.nobody THEN coalesce(n.known, m.known, u.known) END
    )"""
