"""What a rule of the verify desk is."""

from __future__ import annotations

from dataclasses import dataclass

# From bad to good: a trade has the worst verdict that a rule gives it.
VERDICTS = ("suspicious", "contradicted", "incomplete", "verified")
FIELDS = (
    "papers",
    "order number",
    "parties",
    "amount",
    "currency",
    "goods",
    "quantity",
    "weight",
    "country",
    "dates",
    "waybill",
    "export list",
    "receipt",
)


# The condition, in SQL, that what was not declared was paid back.
REST_BACK = (
    "coalesce(t.declared_quantity BETWEEN 1 AND t.quantity - 1 AND "
    "abs(t.kept - 1e0 * t.total * t.declared_quantity / t.quantity) <= greatest(t.total * {paid_percent} / 100, 1), "
    "false)"
)
# The condition, in SQL, that the parcel holds as many pieces as the list declares, and not all that were ordered: it is
# too light for all, or the rest was paid back, and as heavy as those.
PART = (
    "coalesce(t.items = 1 AND t.declared_quantity BETWEEN 1 AND t.quantity - 1 AND "
    f"(t.weight_g < t.goods_weight_g * (100 - {{light_percent}}) / 100 OR {REST_BACK}) AND "
    "t.weight_g BETWEEN t.goods_weight_g * t.declared_quantity * (100 - {light_percent}) / (100 * t.quantity) AND "
    "t.goods_weight_g * t.declared_quantity * (100 + {packing_percent}) / (100 * t.quantity) + {packing_grams}, false)"
)
# The condition, in SQL, that the order shows a discount that makes up for a low price, of at most two thirds.
OFFERED = (
    "coalesce(t.discount BETWEEN 1 AND 2 * t.total AND t.items = 1 AND (t.total + t.discount) / t.quantity >= up.low * "
    "(100 - {price_percent}) / 100, false)"
)


@dataclass(frozen=True)
class Value:
    """What one paper says, for showing: `sql` gives it from a trade; `kind` is text, money, day, moment, grams,
    count, witness.

    Money is in the currency that `currency` gives."""

    paper: str
    sql: str
    kind: str = "text"
    currency: str = "t.currency"


@dataclass(frozen=True)
class Rule:
    """One thing that may be wrong with a trade.

    `sql` is a condition on a trade `t` and the tables beside it (`verdicts.joined`); {names} in it are tolerances.
    `papers` are held against each other on `field`. `source` says where the rule comes from: a law, a format, practice.
    """

    verdict: str
    field: str
    papers: tuple[str, ...]
    title: str
    sql: str
    values: tuple[Value, ...]
    why: str
    source: str
    todo: str
    name: str = ""
