"""SQL of which limit of the law a side of a transfer is measured by, and what of that is known."""

from __future__ import annotations

# A side of a transfer (leg l) beside each limit (threshold t) that it may count to: of a party whose kind is not told,
# or where it is not known whether a border was crossed, it may, and that is not certain. A firm's limit is the highest,
# and who reaches it has reached a person's: what then is not known changes nothing.
MEASURED = """
SELECT l.id, l.party, l.side, l.dn, l.other, t.name, t.per, t.comparison, t.limit_amount, t.what, t.who, t.duty, t.law,
  t.currency AS limit_currency,
  CASE t.currency WHEN 'CNY' THEN l.amount ELSE l.usd END AS measured,
  CASE WHEN t.per = 'business day' THEN CAST(b.next - DATE '1970-01-01' AS BIGINT) ELSE l.dn END AS counted_on,
  t.who <> 'any' AND l.holder_kind IS NULL AS kind_unknown, t.border <> 'any' AND l.crossing IS NULL AS border_unknown,
  (t.who <> 'natural' OR l.holder_kind IS NOT NULL) AND (t.border = 'any' OR l.crossing IS NOT NULL) AS certain
FROM leg l
JOIN threshold t ON l.day BETWEEN t.valid_from AND t.valid_to
  AND (CASE t.what WHEN 'cash' THEN l.cash ELSE NOT l.cash END)
  AND (CASE t.currency WHEN 'CNY' THEN l.currency = 'CNY' WHEN 'USD' THEN l.currency <> 'CNY' ELSE true END)
  AND (t.who = 'any' OR l.holder_kind IS NULL OR l.holder_kind = t.who)
  AND (t.border = 'any' OR l.crossing IS NULL OR l.crossing = (t.border = 'cross'))
LEFT JOIN business_day b ON b.day = l.day
WHERE coalesce(l.holder_kind, '') <> 'institution' AND l.kind <> 'institution'
"""
REACHED = "(CASE comparison WHEN 'over' THEN {amount} > limit_amount ELSE {amount} >= limit_amount END)"
