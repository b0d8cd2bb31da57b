"""Somebody else than the seller was paid."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="parties",
    papers=("payment",),
    title="somebody else than the seller was paid",
    sql="pt.other IS NOT NULL",
    values=(
        Value(paper="payment", sql="pt.other"),
        Value(paper="order", sql="b.own"),
    ),
    why="The payment is for another seller, or was sent on to a third party.",
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021): payment to a third "
        "party that has no part in the trade; SAFE Huifa [2020] No. 11: who exports is who collects"
    ),
    todo="ask the institution whose account was credited",
)
