"""Which of the facts stated about a shipment change nothing: a fact that is taken and not used is named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from crossbook.duty.claims import FACTS, YES_NO, Claims, Value, agree
from crossbook.duty.lines import TariffLine
from crossbook.duty.quoting import DutyQuote, duty, reaching
from crossbook.duty.tables import Law
from crossbook.errors import CrossbookError


def changing_nothing(
    line: TariffLine,
    origin: str,
    on: date,
    value: int,
    claims: Claims,
    quantities: Mapping[str, Decimal],
    table: Law,
    mode: str,
) -> list[str]:
    """Names of stated facts for which every other value of the fact gives the same duty, least and most."""

    def priced(facts: Claims) -> tuple[object, ...]:
        q = duty(line, origin, on, value, facts, quantities, table, mode)
        return _sums(q)

    if not claims:
        return []
    now = priced(claims)
    days = sorted({m.sailed_before for m in reaching(table, line.code, origin, on) if m.sailed_before})
    return [
        name
        for name, stated in claims.items()
        if all(
            priced({**claims, name: other}) == now
            for other in _others(name, stated, days)
            if _possible({**claims, name: other})
        )
    ]


def _possible(claims: Claims) -> bool:
    """Whether facts can hold together: of goods that are all steel no other share of aluminum is possible."""
    try:
        agree(claims)
    except CrossbookError:
        return False
    return True


def _sums(q: DutyQuote) -> tuple[object, ...]:
    ends = (q.outcome, q.lowest, q.highest)
    return tuple((o.total, o.floor, o.rate) for o in ends)


def _others(name: str, stated: Value, days: list[date]) -> list[Value]:
    """Other values that the fact could have, by which it could count."""
    if name == "sailed":
        values: list[Value] = [None, *days, *(d - timedelta(days=1) for d in days)]
    elif name in FACTS:
        values = list(FACTS[name].choices)
    else:
        values = list(YES_NO)
    return [v for v in values if v != stated]
