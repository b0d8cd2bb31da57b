"""The payee is the seller's own firm elsewhere."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="parties",
    papers=("payment",),
    title="the payee is the seller's own firm elsewhere",
    sql="pt.elsewhere IS NOT NULL",
    values=(
        Value(paper="payment", sql="pt.elsewhere"),
        Value(paper="order", sql="b.own"),
    ),
    why=("Money for goods of this seller went to a firm of its group that did not sell them: it may not come home."),
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Risk Indicators (2021): payment to a related "
        "entity in another jurisdiction; SAFE Huifa [2020] No. 11: who exports is who collects"
    ),
    todo="show the contract of agency, and when the money was passed on",
)
