"""How duty that was paid is claimed back, and until when: by what it was paid for and how far liquidation has come.

Before liquidation: a post-summary correction, within 300 days of entry and up to 15 days before the scheduled
liquidation (notices of the ACE test, 2017-11-01 and 84 FR 40430). After it: a protest within 180 days (19 U.S.C.
1514(c)(3), 19 CFR 174.12(e)). IEEPA duties: a CAPE declaration in ACE since 2026-04-20, for entries that are not
liquidated or were within the last 80 days (CBP, IEEPA Duty Refunds, phase 1); whether later ones are refunded without a
suit is before the courts (Court of International Trade, 26-01259). CAPE rejects reconciliation (09), drawback (47) and
USMCA duty deferral (08) entries and those with an open protest (CBP's message of 2026-04-13, secondary: Expeditors).
A suit must begin within two years (28 U.S.C. 2636(i)); the courts have not said from when, so here it is from entry,
the earliest day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

PROTEST = timedelta(days=180)
CORRECTION = timedelta(days=300)
BEFORE_LIQUIDATION = timedelta(days=15)
CAPE = timedelta(days=80)
CAPE_FROM = date(2026, 4, 20)

CAPE_DECLARATION = "CAPE declaration in ACE"
POST_SUMMARY = "post-summary correction"
AFTER_LIQUIDATION = "protest once it is liquidated"
PROTEST_FORM = "protest (CBP Form 19)"
OUTSIDE_CAPE = "CAPE does not take this type of entry: ask the broker"
UNKNOWN_TYPE = "CAPE takes it only if its type of entry, which is not known here, is not 08, 09 or 47: ask the broker"
PROTESTED = "CAPE declaration once its protest is withdrawn or decided"
SUIT = "final: only by the Court of International Trade"
ENDED = "the protest period has ended"
OWED = "duty is owed: to be settled with the broker"
HOW = (
    CAPE_DECLARATION,
    POST_SUMMARY,
    AFTER_LIQUIDATION,
    PROTEST_FORM,
    OUTSIDE_CAPE,
    UNKNOWN_TYPE,
    PROTESTED,
    SUIT,
    ENDED,
    OWED,
)
CAPE_REJECTS = frozenset({"08", "09", "47"})  # types of entry
DRAWBACK = "47"  # claims duty back: what stands under it was not paid with it
SUIT_YEARS = 2


# The entry types of which it is known whether CAPE takes them: those of duty that is paid (CBP Form 7501 Instructions,
# block 2, read as quoted at dokumen.tips) and those that CAPE rejects.
TYPES = CAPE_REJECTS | frozenset("01 02 03 04 05 06 07 11 12 21 22 23 24 25 26 31 32 34 38 51 52".split())
_TYPE = re.compile(r"(\d{1,2})(?![\dA-Za-z])")
NO_PROTEST = frozenset({"", "0", "-", "–", "—", "n/a", "na", "none", "no", "nil", "null"})


def type_of(text: str) -> str:
    """The two digits of an entry type as a report writes it ("9", "09 - Reconciliation"); empty when it is none known.

    >>> type_of(" 47 - Drawback"), type_of("9"), type_of("AB")
    ('47', '09', '')
    """
    found = _TYPE.match(text.strip())
    code = found[1].zfill(2) if found else ""
    return code if code in TYPES else ""


def is_protest(text: str) -> bool:
    """Whether a report's protest column names one, or only says that there is none."""
    return text.strip().lower() not in NO_PROTEST and bool(text.strip("0 "))


@dataclass(frozen=True, slots=True)
class Remedy:
    """`how` is one of HOW; `until` its last day, None where no clock runs; `open` whether customs still takes it."""

    how: str
    until: date | None
    open: bool


def remedy(
    entered_on: date,
    liquidated_on: date | None,
    today: date,
    *,
    ieepa: bool = False,
    entry_type: str,
    protested: bool = False,
) -> Remedy:
    """The remedy of the day. `liquidated_on` may lie ahead: the scheduled day.

    `entry_type` as the report writes it; where it is none that is known, whether CAPE takes the entry is not, either.
    `protested`: a protest is on file; whether it is still open the entry does not tell.
    """
    done = liquidated_on is not None and liquidated_on <= today
    if ieepa and today >= CAPE_FROM:
        last = liquidated_on + CAPE if done and liquidated_on is not None else None
        in_time = last is None or today <= last
        kind = type_of(entry_type)
        if kind in CAPE_REJECTS and (not done or kind == DRAWBACK):
            return Remedy(OUTSIDE_CAPE, None, True)
        if not kind and (in_time or protested):
            return Remedy(UNKNOWN_TYPE, last if in_time else None, True)
        if kind not in CAPE_REJECTS and protested:
            return Remedy(PROTESTED, last if in_time else None, True)
        if kind not in CAPE_REJECTS and in_time:
            return Remedy(CAPE_DECLARATION, last, True)
    if not done or liquidated_on is None:
        last = entered_on + CORRECTION
        if liquidated_on is not None:
            last = min(last, liquidated_on - BEFORE_LIQUIDATION)
        return Remedy(POST_SUMMARY, last, True) if today <= last else Remedy(AFTER_LIQUIDATION, None, True)
    if today <= liquidated_on + PROTEST:
        return Remedy(PROTEST_FORM, liquidated_on + PROTEST, True)
    if ieepa:
        last = entered_on + relativedelta(years=SUIT_YEARS)
        return Remedy(SUIT, last, today <= last)
    return Remedy(ENDED, liquidated_on + PROTEST, False)
