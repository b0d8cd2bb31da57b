"""Who is on the other side of a transaction of a camt message: RltdPties, its names and accounts, older and newer."""

from __future__ import annotations

from typing import Any

from crossbook.identifiers import account_of
from crossbook.sources.xml import find, local

NONE = "NOTPROVIDED"  # of a reference: that the payer gave none


def number(account: Any) -> str:
    """The number of an account (Acct, CdtrAcct, DbtrAcct) as it is written; empty if none."""
    told = (find(account, path) for path in ("Id/IBAN", "Id/Othr/Id", "Id/PrtryAcct/Id"))
    return next((n for n in told if n), "")


def other(detail: Any, *, incoming: bool, given_back: bool, own: str) -> tuple[str | None, str | None]:
    """Name and account of the other side of a TxDtls; each null where it is not told.

    Of what comes back the parties are those of what had been paid, most often. `own` is the number of the account that
    the statement is of: a side that has it is not the other one.
    """
    parties = ["Dbtr", "Cdtr"] if incoming else ["Cdtr", "Dbtr"]
    for party in reversed(parties) if given_back else parties[:1]:
        name = find(detail, f"RltdPties/{party}/Nm") or find(detail, f"RltdPties/{party}/Pty/Nm")
        told = (e for related in detail if local(related) == "RltdPties" for e in related)
        account = next((account_of(number(e)) for e in told if local(e) == f"{party}Acct"), "")
        ours = bool(account) and account == own
        if (name or account) and not (ours and given_back):
            return name or None, None if ours else account or None
    return None, None


def end_to_end(detail: Any) -> str | None:
    """The payer's own number of the payment; null where none is told."""
    told = find(detail, "Refs/EndToEndId")
    return told if told and told != NONE else None
