"""Who paid a credit that was taken for a payout: somebody from whom payouts come, or a stranger?

A payout comes from a platform, a payment institution, a bank on behalf of one, or one's own wallet; all go by many
legal names. Only a payer that is named and shows none of their marks is a stranger: the amount may be right by chance.
A payer that another payout of the account came from is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from crossbook.settle.bank.matching import Credit, Match, PaidOut
from crossbook.trade import institutions

SHORTEST = 4  # letters of an id, or of an account's name, by which a text names it; two of Chinese
_PART = re.compile(r"[^\W\d_]+")


def folded(payer: str) -> str:
    """A payer's name by its letters alone: one payer, however the bank writes it."""
    return "".join(_PART.findall(payer.casefold()))


def in_doubt(
    matches: Iterable[Match],
    payouts: Mapping[str, PaidOut],
    credits: Mapping[str, Credit],
    known: Iterable[str] = (),
) -> list[Match]:
    """The matches, those by amount and day alone whose payer is a stranger with `against` saying so.

    `known` are names that are no strangers' anyhow: of the book's accounts, of the business, of payers in its settings.
    """
    made, names = list(matches), frozenset(folded(n) for n in known if len(folded(n)) >= _least(n))
    payers = [{folded(credits[c].payer) for c in m.credits if c in credits} - {""} for m in made]
    came_from: dict[str, dict[str, int]] = {}
    for m, mine in zip(made, payers, strict=True):
        for account in {payouts[p].account for p in m.payouts if p in payouts}:
            for payer in mine:
                counted = came_from.setdefault(account, {})
                counted[payer] = counted.get(payer, 0) + 1
    found = []
    for m in made:
        doubts = [] if m.decided else _doubts(m, payouts, credits, names, came_from)
        found.append(replace(m, against=(*m.against, *doubts)) if doubts else m)
    return found


def _doubts(
    m: Match,
    payouts: Mapping[str, PaidOut],
    credits: Mapping[str, Credit],
    names: frozenset[str],
    came_from: Mapping[str, Mapping[str, int]],
) -> list[str]:
    paid = [payouts[p] for p in m.payouts if p in payouts]
    doubts = []
    for key in m.credits:
        came = credits.get(key)
        if came is None or not paid or any(named(p, came) for p in paid) or not stranger(came, names):
            continue
        if all(came_from[p.account].get(folded(came.payer), 0) < 2 for p in paid):
            doubts.append(question(paid[0], came))
    return list(dict.fromkeys(doubts))


def question(paid: PaidOut, came: Credit) -> str:
    """What is to be asked of a payer who is a stranger."""
    return f"paid by {came.payer}, from whom no other payout of {paid.account} came: the amount may fit by chance"


def named(paid: PaidOut, came: Credit) -> bool:
    """Whether the bank's text has the payout's id or reference, or the name of its account."""
    text = came.text.casefold()
    hint = re.split(r"[/-]", paid.account)[0].casefold()
    return any(len(n) >= _least(n) and n.casefold() in text for n in (*paid.names, hint) if n)


def stranger(came: Credit, names: frozenset[str] = frozenset()) -> bool:
    """Whether a credit names a payer who shows no mark of those from whom payouts come. `names` are folded."""
    payer = folded(came.payer)
    if len(payer) < _least(came.payer) or institutions.is_one(came.payer) or institutions.are_named(came.text):
        return False
    return not any(name in payer or payer in name for name in names)


def _least(name: str) -> int:
    return SHORTEST if name.isascii() else 2
