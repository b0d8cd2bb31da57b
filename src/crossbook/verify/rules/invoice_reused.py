"""One invoice number stands for the trades of several buyers."""

from crossbook.verify.rule import Rule, Value

RULE = Rule(
    verdict="suspicious",
    field="papers",
    papers=("order", "invoice"),
    title="one invoice number stands for several trades",
    sql="si.people > 1 OR si.apart",
    values=(
        Value(paper="invoice", sql="si.number"),
        Value(paper="order", sql="si.other"),
    ),
    why=("An invoice has a number of its own. Two under one number are one paper used again, or one that was altered."),
    source=(
        "FATF and Egmont Group, Trade-Based Money Laundering: Trends and Developments (2020): multiple "
        "invoicing; Directive 2006/112/EC article 226(2), a sequential number that identifies the invoice"
    ),
    todo="find out which trade the number was given to, and number the other invoice anew",
)
