"""How far an entry has come, as reports word it: its type, liquidation, protest, reconciliation, drawback.

Words and columns: ACE reports ES-003 and the entry summary report with "Reconciliation Indicator", "Protest Status"
(seen at https://es-003.com/how-to-pull-es003 and in the header lists of public tools that read them).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

# Types of duty that is paid and the others that ACE knows (CBP Form 7501 Instructions, block 2, read as quoted at
# dokumen.tips).
TYPES = frozenset("01 02 03 04 05 06 07 08 09 11 12 21 22 23 24 25 26 31 32 34 38 47 51 52".split())
LOW_VALUE = "86"  # goods of low value, free of duty (19 U.S.C. 1321(a)(2)(C)); ended in 2025
INFORMAL = frozenset(("11", "12"))  # liquidated on the day its duty is paid (19 CFR 159.10(a)(1)); 12 under a quota
WAREHOUSED = frozenset(("21", "22"))  # entered for a warehouse: duty is paid at withdrawal (19 CFR 141.101(b))
WAREHOUSE = WAREHOUSED | {"31", "32", "34", "38"}  # withdrawals for consumption
ZONE = "06"  # from a foreign-trade zone
TEMPORARY = "23"  # under bond; not liquidated (19 CFR 159.2)
# Under bond or into a zone: no estimated duty is deposited (19 CFR 141.101(e), read at
# https://legalfix.com/CFR/2019/title-19/chapter-i/part-141/section-141%2E101; of zones 19 U.S.C. 81c).
NOT_DEPOSITED = frozenset((TEMPORARY, "24", "25", "26"))
# Of these the report's duty is not all that was paid on the goods: under deferral it is reduced or waived (19 CFR
# 182.53), a reconciliation holds a difference only.
SETTLED_ELSEWHERE = frozenset(("08", "09"))
DUMPING = frozenset(("03", "07", "34", "38"))  # antidumping and countervailing duty
DRAWBACK = "47"  # claims duty back: what stands under it was not paid with it
NONE = frozenset({"", "-", "–", "—", "n/a", "na", "none", "no", "nil", "null", "n", "false", "not flagged"})
APPROVED, DENIED = ("approv", "grant", "allow"), ("den", "reject")
DECIDED = (*APPROVED, *DENIED, "withdr", "clos", "decid", "void")
_TYPE = re.compile(r"(\d{1,2})(?![\dA-Za-z])")


@dataclass(frozen=True, slots=True)
class State:
    """`type` is two digits, `reconciliation` flagged, filed or no, `drawback` yes or no; all empty where not told.

    `liquidated_on` may lie ahead: the scheduled day. `liquidation` is liquidated, suspended, extended, under review,
    pending or empty; `protest` the number of a protest on file, `protested` whether it is not known to be decided,
    `ruling` approved or denied (in full or in part) where the report says so. `taken` where `liquidated_on` is no day
    of the report but that of payment, as an informal entry is liquidated; `unliquidated` where the report's words are
    of an entry that is not liquidated, though it may give a day; `written` its type in the report's own words where
    that is no type that is known; `impossible` a day of liquidation before its entry, which is not taken.
    """

    entered_on: date
    liquidated_on: date | None = None
    type: str = ""
    liquidation: str = ""
    protest: str = ""
    protested: bool = False
    ruling: str = ""
    reconciliation: str = ""
    drawback: str = ""
    taken: bool = False
    unliquidated: str = ""
    written: str = ""
    impossible: date | None = None

    @property
    def contradicted(self) -> bool:
        """Whether the report calls it not liquidated and gives the day on which it was."""
        return bool(self.unliquidated) and self.liquidated_on is not None


def type_of(text: str) -> str:
    """The two digits of an entry type as a report writes it ("9", "09 - Reconciliation"); empty when it is none known.

    >>> type_of(" 47 - Drawback"), type_of("9"), type_of("AB")
    ('47', '09', '')
    """
    found = _TYPE.match(text.strip())
    code = found[1].zfill(2) if found else ""
    return code if code in TYPES or code == LOW_VALUE else ""


def is_told(text: str) -> bool:
    """Whether a cell names something, or only says that there is nothing ("N/A", "0", "No")."""
    return text.strip().lower() not in NONE and bool(text.strip("0 "))


def _flag(text: str | None, positive: str) -> str:
    if text is None or not text.strip():
        return ""
    return positive if is_told(text) else "no"


def _liquidation(text: str, kind: str) -> str:
    words = text.lower()
    for part, name in (("suspend", "suspended"), ("extend", "extended"), ("review", "under review")):
        if part in words:
            return name
    if "pending" in words and kind in DUMPING:
        return "pending"
    return "liquidated" if re.match(r"(re|deemed )?\s*-?liquidated", words.strip()) else ""


def state(
    entered_on: date,
    *,
    liquidated_on: date | None = None,
    entry_type: str = "",
    liquidation: str = "",
    protest: str = "",
    protest_status: str = "",
    reconciliation: str | None = None,
    drawback: str | None = None,
    paid_on: date | None = None,
) -> State:
    """A state from a report's own words. `paid_on` is the day of the entry summary, with which duty is deposited."""
    kind = type_of(entry_type)
    impossible = liquidated_on if liquidated_on is not None and liquidated_on < entered_on else None
    liquidated_on = None if impossible else liquidated_on
    stage = _liquidation(liquidation, kind)
    words = liquidation.strip() if is_told(liquidation) and stage != "liquidated" else ""
    taken = kind in INFORMAL and liquidated_on is None and not words
    on_file = is_told(protest) or is_told(protest_status)  # a report may tell how it stands and not its number
    status = protest_status.strip().lower() if on_file else ""
    flagged = _flag(reconciliation, "flagged")
    if flagged == "flagged" and re.search(r"filed|reconciled|on file", (reconciliation or "").lower()):
        flagged = "flagged" if re.search(r"\bnot?\b|\bun", (reconciliation or "").lower()) else "filed"
    return State(
        entered_on=entered_on,
        liquidated_on=(paid_on or entered_on) if taken else liquidated_on,
        type=kind,
        liquidation="liquidated" if taken else stage,
        protest=protest.strip() if is_told(protest) else "",
        protested=on_file and not status.startswith(DECIDED),
        ruling="approved" if status.startswith(APPROVED) else "denied" if status.startswith(DENIED) else "",
        reconciliation=flagged,
        drawback=_flag(drawback, "yes"),
        taken=taken,
        unliquidated=words,
        written="" if kind else entry_type.strip(),
        impossible=impossible,
    )
