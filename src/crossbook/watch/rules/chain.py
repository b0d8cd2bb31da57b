"""Money that passed through many hands, nearly whole and fast."""

from crossbook.watch.rule import Rule

RULE = Rule(
    title="money that passed through many hands",
    why=(
        "Each payment took what had just come in, hand to hand, and little of it stayed. Every link names the payment, "
        "the receipt that it took and how much."
    ),
    source=(
        "FATF, Professional Money Laundering (2018, secondary): layering; how chains are followed and what they miss: "
        "docs/watch.md"
    ),
    todo="ask what each hand did for the money; an honest forwarder has a contract, and a fee that fits it",
    unless=(
        "a hand keeps more than the share or holds the money longer than these hours, two hands are one "
        "party, or one is a hub that strangers' money passes through"
    ),
    gravity="high",
    settings={
        "depth": (5, "hands, at least"),
        "share": (850, "per mille of a payment that comes of lots as deep"),
        "hop_hours": (72, "in which what came is passed on"),
        "total_days": (30, "of the whole chain"),
        "order": (1, "in which lots are taken: 1 the last that came first, 2 the first"),
        "crumb_percent": (
            5,
            "of a lot or of a payment, below which what one takes of the other is no part of the chain",
        ),
        "each_percent": (70, "of each lot is passed on within the chain, or it ends there"),
        "passed_percent": (80, "of each lot, on average, is passed on within the chain"),
    },
    most={"order": 2, "share": 1000},
    links=True,
    sql="""
    SELECT subject, 'chain' AS what, number AS since, id, true AS certain
    FROM chain_member WHERE passed_on * 100 >= {passed_percent} AND deepest >= {depth} AND transfers >= {depth}
    """,
)
