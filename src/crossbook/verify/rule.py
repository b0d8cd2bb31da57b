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
