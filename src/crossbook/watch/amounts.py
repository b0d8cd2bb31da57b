"""What the transfers `t` of an alert come to: what came to its party, or what it paid, whichever is more; in SQL, and
as readers see it."""

from __future__ import annotations

from crossbook import money

# In the currency of most transfers; where no rate makes that of all of them and they are of one currency, in theirs,
# which needs none.
ALONE = """(count(t.unit) < count(t.id) AND min(t.paid_currency) = max(t.paid_currency)
  AND min(t.received_currency) = max(t.received_currency) AND min(t.paid_currency) = min(t.received_currency))"""
CURRENCY = f"CASE WHEN {ALONE} THEN min(t.paid_currency) ELSE min(t.unit_currency) END"
LACKING = f"CASE WHEN {ALONE} THEN 0 ELSE count(t.id) - count(t.unit) END"


def of_subject(subject: str, paid: str, received: str) -> str:
    """The sum for the party `subject`, of these columns of what was paid and received."""
    return f"""CAST(coalesce(greatest(sum(CASE WHEN t.payee_party = {subject} THEN t.{received} END),
    sum(CASE WHEN t.payer_party = {subject} THEN t.{paid} END)), sum(t.{paid})) AS BIGINT)"""


def amount(subject: str) -> str:
    """The sum for the party `subject` in `CURRENCY`, null where nothing of it is known."""
    return f"""CASE WHEN {ALONE} THEN {of_subject(subject, "paid", "received")}
    ELSE {of_subject(subject, "unit", "unit")} END"""


def shown(minor: int, currency: str, unmeasured: int) -> str:
    """A sum as readers see it: where so many transfers are not in it, as no rate makes its currency of them, at least
    that."""
    return ("≥ " if unmeasured else "") + money.show(minor, currency)
