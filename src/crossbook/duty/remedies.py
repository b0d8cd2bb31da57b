"""How duty is claimed back, or made good, and until when: by what it was paid for and how far its entry has come.

Before liquidation: a post-summary correction, within 300 days of entry and up to 15 days before the scheduled
liquidation. After it: a protest within 180 days. IEEPA duties: a CAPE declaration since its first day, for what
`crossbook.duty.cape` does not reject. What is finally liquidated is shown with what is open: a suit within two years
(28 U.S.C. 2636(i)), counted from entry, the earliest day, as the courts have not said from when; and the order for all
importers, as far as it stands (`crossbook.duty.courts`). Days and their law are rows (`crossbook.duty.time_limits`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from crossbook.duty import cape, courts
from crossbook.duty.state import DRAWBACK, DUMPING, LOW_VALUE, NOT_DEPOSITED, TEMPORARY, WAREHOUSE, State
from crossbook.duty.time_limits import LastDay, last_day

CAPE_DECLARATION = "CAPE declaration in ACE"
POST_SUMMARY = "post-summary correction"
AFTER_LIQUIDATION = "protest once it is liquidated"
IF_BY_LAW = "protest, if it was liquidated by law a year after entry"
PROTEST_FORM = "protest (CBP Form 19)"
POST_IMPORTATION = "post-importation claim (19 U.S.C. 1520(d))"
PENDING = "a protest is on file: its decision is awaited"
AMEND = "amendment of the protest on file, if it does not ask for this already"
GRANTED = "a protest was approved: see what it gave back before anything is claimed"
AFTER_DENIAL = "a suit within 180 days of the protest's denial"
OUTSIDE_CAPE = "CAPE does not take this type of entry: ask the broker"
REJECTED = "CAPE does not take it as it stands: a later phase, or a protest once it is liquidated"
UNKNOWN_TYPE = (
    "CAPE takes it only if its type of entry, which the report does not tell, is not 08, 09, 23 or 47: ask the broker"
)
FREE_TYPE = "a type of entry that pays no duty: ask the broker how it was entered"
UNKNOWN_DAY = "liquidated, but its day is not in the report: add the column Liquidation Date"
PROTESTED = "CAPE declaration once its protest is withdrawn or decided"
SUIT = "final: only by the Court of International Trade"
SUE = "a suit in the Court of International Trade"
ORDER = "the court's order for all importers, if it stands"
ENDED = "the protest period has ended"
OWED = "duty is owed: to be settled with the broker"
OWED_FINAL = "final: no bill can come; owed only if 19 U.S.C. 1592(d) reaches it (prior disclosure)"
DISCLOSE = "prior disclosure to customs (19 CFR 162.74)"
OWED_DEEMED = "liquidated by law as entered after a year, unless extended or suspended: ask the broker"
HOW = (
    CAPE_DECLARATION,
    POST_SUMMARY,
    AFTER_LIQUIDATION,
    IF_BY_LAW,
    PROTEST_FORM,
    POST_IMPORTATION,
    PENDING,
    AMEND,
    GRANTED,
    AFTER_DENIAL,
    OUTSIDE_CAPE,
    REJECTED,
    UNKNOWN_TYPE,
    FREE_TYPE,
    UNKNOWN_DAY,
    PROTESTED,
    SUIT,
    SUE,
    ORDER,
    ENDED,
    OWED,
    OWED_FINAL,
    OWED_DEEMED,
    DISCLOSE,
)


@dataclass(frozen=True, slots=True)
class Why:
    """What decides a way, and where that was read."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """`how` is one of HOW; `until` its last day, None where no clock runs; `open` whether it can still be taken.

    `counted` is the last day before it was moved off a weekend or holiday; `why` what decides it.
    """

    how: str
    until: date | None
    open: bool
    law: str = ""
    counted: date | None = None
    why: tuple[Why, ...] = ()


def _way(how: str, limit: LastDay, today: date, *why: Why) -> Way:
    return Way(how, limit.day, today <= limit.day, limit.law, limit.counted, why)


def ways(state: State, today: date, *, ieepa: bool = False) -> tuple[Way, ...]:
    """Every way that an overpayment can come back on a day, the one to take first."""
    found = _by_law(_ways(state, today, ieepa), state, today)
    return (replace(found[0], why=(*found[0].why, *_doubts(state, today))), *found[1:])


def is_overdue(state: State, today: date) -> bool:
    """Whether an entry that no report tells to be liquidated, suspended or extended is past the year of 1504(a)."""
    done = state.liquidated_on is not None or state.liquidation in ("liquidated", "suspended", "extended")
    return not done and state.type != TEMPORARY and today > last_day("deemed liquidation", state.entered_on).day


def liquidated_by_law(state: State, today: date) -> date | None:
    """The day on which an entry was liquidated by law if nothing extended or suspended it; None where that is no
    day of its entry: of warehouse goods the year runs from the final withdrawal, and of goods under antidumping or
    countervailing duty the liquidation is suspended as a rule."""
    if not is_overdue(state, today) or state.type in WAREHOUSE | DUMPING:
        return None
    return last_day("deemed liquidation", state.entered_on).day


def _by_law(found: tuple[Way, ...], state: State, today: date) -> tuple[Way, ...]:
    """The last days that run where an entry was liquidated by law a year after entry, with the doubt."""
    if not is_overdue(state, today):
        return found
    deemed = last_day("deemed liquidation", state.entered_on)
    told = f"not liquidated by {deemed.day}, a year after entry: if by law as entered, the time limits run from then"
    first = replace(found[0], why=(*found[0].why, Why(told, deemed.law)))
    day = liquidated_by_law(state, today)
    if day is None:
        more = Why(
            "of warehouse goods the year runs from the final withdrawal, of dumped goods it is suspended as a rule"
        )
        return (replace(first, why=(*first.why, more)), *found[1:])
    protest, cape_ = last_day("protest", day), last_day("cape", day)
    source = "19 CFR 159.9(c)(2)(ii)"
    if first.how in (CAPE_DECLARATION, UNKNOWN_TYPE, PROTESTED):
        first = _if_so(first, cape_, today, "CAPE takes it", cape_.law)
    elif first.how == AFTER_LIQUIDATION:
        return (_if_so(first, protest, today, "a protest is taken", source), *found[1:])
    if first.how == POST_SUMMARY or today > protest.day:
        return (first, *found[1:])
    doubt = Why("if its liquidation was extended or suspended, no time runs yet", deemed.law)
    return (first, Way(IF_BY_LAW, protest.day, True, protest.law, protest.counted, (doubt,)), *found[1:])


def _if_so(way: Way, limit: LastDay, today: date, what: str, source: str) -> Way:
    """A way with the earliest last day that it may have, where that is ahead; else with the day that may be over."""
    if today <= limit.day:
        why = Why(f"if so, {what} until {limit.day}; if it was extended or suspended, no time runs yet", source)
        return replace(way, until=limit.day, counted=limit.counted, why=(*way.why, why))
    return replace(way, why=(*way.why, Why(f"if so, the time was over on {limit.day}", source)))


def _doubts(state: State, today: date) -> tuple[Why, ...]:
    """What of a report is taken for the day of liquidation though it is not told, or contradicted."""
    day = state.liquidated_on
    if state.impossible:
        return (Why(f"the report gives {state.impossible}, which is before its entry: it is not taken"),)
    if state.taken:
        text = f"an informal entry is liquidated on the day its duty is paid, which is taken to be {day}"
        return (Why(text, "19 CFR 159.10(a)(1)"),)
    if state.contradicted and day is not None and day <= today:
        return (
            Why(f"the report calls it {state.unliquidated} and gives {day}: the time limits are counted from then"),
        )
    return ()


def _ways(state: State, today: date, ieepa: bool) -> tuple[Way, ...]:
    done = state.liquidated_on is not None and state.liquidated_on <= today
    if not done and state.liquidated_on is None and state.liquidation == "liquidated":
        first = Way(UNKNOWN_DAY, None, True, "19 U.S.C. 1514(c)(3)")
        return (first, _suit(state, today)) if ieepa else (first,)
    if ieepa and today >= cape.opened():
        return _ieepa(state, today, state.liquidated_on if done else None)
    if not done or state.liquidated_on is None:
        limit = correction(state)
        late = Way(AFTER_LIQUIDATION, None, True, "19 U.S.C. 1514")
        return (_way(POST_SUMMARY, limit, today), late) if today <= limit.day else (late,)
    protest = _protest(state, state.liquidated_on, today)
    if ieepa:
        return (protest, *_final(state, today)) if protest.open else _final(state, today)
    return (protest,)


def preference_ways(state: State, today: date) -> tuple[Way, ...]:
    """How a preference that was not claimed at entry is claimed: by correction, or within a year of importation."""
    claim = _way(POST_IMPORTATION, last_day("post-importation", state.entered_on), today)
    done = state.liquidated_on is not None and state.liquidated_on <= today
    limit = correction(state)
    if done or state.liquidation == "liquidated" or today > limit.day:
        return (claim,)
    return (claim, _way(POST_SUMMARY, limit, today))


def correction(state: State) -> LastDay:
    """The last day of a post-summary correction."""
    limit = last_day("psc", state.entered_on)
    if state.liquidated_on is None:
        return limit
    return min(limit, last_day("psc before liquidation", state.liquidated_on), key=lambda x: x.day)


def _protest(state: State, liquidated_on: date, today: date) -> Way:
    """One protest is made for a category of goods; within its time it is amended, once decided it is not made again."""
    limit = last_day("protest", liquidated_on)
    if state.protested and today > limit.day:
        why = Why("customs has two years from its filing to decide a protest", "19 CFR 174.21(a)")
        return Way(PENDING, None, True, "19 U.S.C. 1515(a)", why=(_protest_of(state), why))
    if state.protested:
        why = Why("a second protest of the same goods is not taken", "19 U.S.C. 1514(c)(1); 19 CFR 174.14")
        return _way(AMEND, limit, today, _protest_of(state), why)
    if state.ruling == "approved":
        return _granted(state)
    if state.ruling == "denied":
        why = Why("the day of the denial is not in the report: the time runs from its mailing")
        return Way(AFTER_DENIAL, None, True, "28 U.S.C. 2636(a)(1)", why=(_protest_of(state), why))
    return _way(PROTEST_FORM if today <= limit.day else ENDED, limit, today)


def _granted(state: State) -> Way:
    why = Why("what it gave back is not in the report")
    return Way(GRANTED, None, True, "19 U.S.C. 1515(a)", why=(_protest_of(state), why))


def _protest_of(state: State) -> Why:
    if not state.protest:
        return Why("a protest is on file, whose number the report does not tell")
    return Why(f"on file is protest {state.protest}")


def _ieepa(state: State, today: date, liquidated_on: date | None) -> tuple[Way, ...]:
    limit = last_day("cape", liquidated_on) if liquidated_on else None
    in_time = limit is None or today <= limit.day
    last = limit.day if limit and in_time else None
    rejects = cape.that_apply(state, today, "rejects")
    why = tuple(Why(r.why, r.source) for r in rejects)
    law = "CBP, IEEPA Duty Refunds (CAPE)"
    if liquidated_on and state.ruling == "approved":
        return (_granted(state), _suit(state, today))
    if any(r.fact == "type" for r in rejects) and (liquidated_on is None or state.type == DRAWBACK):
        return (Way(OUTSIDE_CAPE, None, True, law, why=why), _suit(state, today))
    if state.type == LOW_VALUE:
        text = "type 86 is of goods of low value, free of duty: what was paid was entered another way"
        first = Way(FREE_TYPE, last, True, "19 U.S.C. 1321(a)(2)(C)", why=(Why(text), *why))
        return (first, *_later(state, liquidated_on, today))
    if state.type in NOT_DEPOSITED:
        first = Way(FREE_TYPE, last, True, "19 CFR 141.101(e)", why=why)
        return (first, *_later(state, liquidated_on, today))
    if not state.type and (in_time or state.protested):
        odd = (
            (Why(f"the report writes {state.written}, which is no type of entry that is known"),)
            if state.written
            else ()
        )
        return (Way(UNKNOWN_TYPE, last, True, law, why=(*odd, *why)), *_later(state, liquidated_on, today))
    if in_time and {r.fact for r in rejects} == {"protest"}:
        return (Way(PROTESTED, last, True, law, why=(*why, _protest_of(state))), *_later(state, liquidated_on, today))
    if in_time and not rejects:
        waits = tuple(Why(r.why, r.source) for r in cape.that_apply(state, today, "waits"))
        return (Way(CAPE_DECLARATION, last, True, law, why=waits), *_later(state, liquidated_on, today))
    if liquidated_on is None:
        return (Way(REJECTED, None, True, law, why=why), _suit(state, today))
    later = _later(state, liquidated_on, today)
    return (replace(later[0], why=(*why, *later[0].why)), *later[1:])


def _later(state: State, liquidated_on: date | None, today: date) -> tuple[Way, ...]:
    """What is left besides CAPE: a protest, then the courts."""
    if liquidated_on is None:
        return (_suit(state, today),)
    protest = _protest(state, liquidated_on, today)
    return (protest, _suit(state, today)) if protest.open else _final(state, today)


def _suit(state: State, today: date, how: str = SUE) -> Way:
    limit = last_day("suit", state.entered_on)
    why = [Why("counted from entry, the earliest day: the courts have not said from when", "28 U.S.C. 2636(i)")]
    if state.liquidated_on is not None:
        latest = last_day("suit from liquidation", state.liquidated_on).day
        why.append(Why(f"counted from liquidation it would be {latest}", "28 U.S.C. 2636(i)"))
    return _way(how, limit, today, *why)


def _final(state: State, today: date) -> tuple[Way, ...]:
    found = [_suit(state, today, SUIT)]
    told = courts.said("IEEPA final", today)
    if any(o.effect == "refund" for o in told):
        why = tuple(Why(o.says, f"{o.day}, {o.court}, {o.case}; {o.source}") for o in told)
        phase = Why(
            "no phase of CAPE takes entries that are finally liquidated",
            "secondary: https://tuttlelaw.com/newsletters/2026/6-1-26_ieepa_refund_update.html",
        )
        later = Why(f"what courts said after {courts.known_until()} is not known here")
        found.append(Way(ORDER, None, True, why=(*why, phase, later)))
    return tuple(found)


DISCLOSURE = (
    Why(
        "disclosed before customs opens a formal investigation, or without knowledge of it, and without fraud, the "
        "penalty is the interest from liquidation",
        "19 U.S.C. 1592(c)(4); 19 CFR 162.74(a)",
    ),
    Why(
        "the unpaid duty is tendered with the disclosure, or within 30 days after customs has told its own figure",
        "19 U.S.C. 1592(c)(4); 19 CFR 162.74(c)",
    ),
    Why("what was paid too much elsewhere is not set off", "HQ 223909"),
)


def owed(state: State, today: date) -> tuple[Way, ...]:
    """What becomes of a duty that was not paid, on a day: corrected, billed, or final against customs as well; and a
    prior disclosure, for as long as a penalty can follow."""
    done = state.liquidated_on is not None and state.liquidated_on <= today
    limit = correction(state)
    if state.liquidated_on is not None and done:
        first = _after_liquidation(state, state.liquidated_on, today)
    elif state.liquidation == "liquidated" and state.liquidated_on is None:
        first = Way(UNKNOWN_DAY, None, True, "19 U.S.C. 1514(a)")
    elif today <= limit.day:
        more = Why("what is added is paid with interest", "19 U.S.C. 1505(c)")
        return (_way(POST_SUMMARY, limit, today, more),)
    elif liquidated_by_law(state, today):
        year = last_day("deemed liquidation", state.entered_on)
        first = _owed(OWED_DEEMED, f"not liquidated by {year.day}, a year after entry: by law as entered", year.law)
    else:
        first = _owed(OWED, "billed when it is liquidated, with interest", "19 U.S.C. 1505(b), (c)")
    first = replace(first, why=(*first.why, *_doubts(state, today)))
    end = last_day("violation", state.entered_on)
    if today > end.day:
        return (first,)
    return (first, replace(_way(DISCLOSE, end, today, *DISCLOSURE), law=f"19 U.S.C. 1592(c)(4); {end.law}"))


def _after_liquidation(state: State, liquidated_on: date, today: date) -> Way:
    again = last_day("reliquidation", liquidated_on)
    if state.protested:
        return _owed(OWED, "an open protest keeps the liquidation open, for a higher duty too", "19 U.S.C. 1515")
    if today <= again.day:
        return _owed(OWED, f"customs may reliquidate by itself until {again.day}", again.law)
    return _owed(
        OWED_FINAL, "a liquidation that is not protested is final against the United States too", "19 U.S.C. 1514(a)"
    )


def _owed(how: str, text: str, law: str) -> Way:
    return Way(how, None, True, law, why=(Why(text, law),))
