"""A return was filed: for which period, on which day, with which amount."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import quote

from crossbook import calendars, money
from crossbook.book import Book
from crossbook.book.journal import Entry
from crossbook.decisions import Asked, Choice, Kind, Look, Objection, Opened, Question, Wish, by, taken_back
from crossbook.decisions.kind import Plain
from crossbook.decisions.saying import minor
from crossbook.engine import connect
from crossbook.tax.desk import beside_filed, ready, worked
from crossbook.tax.filings import LATER, kept
from crossbook.tax.held import NO_TOTAL
from crossbook.tax.period import RETURNS, TITLES, Filing, filed, frequency, kind_and_period, period, periods
from crossbook.tax.returned import Return
from crossbook.tax.treatment import rules

OPEN = "open"  # what to say when a return that leaves something out was filed all the same
AMENDED = "amended"  # what to say when a return of a period that was filed is filed anew
LOOKING_BACK = timedelta(days=400)  # over periods that are offered


def _look(opened: Opened, wish: Wish, who: str | None) -> Look:
    told = _computed(opened, str(wish["form"]), str(wish["period"]))
    on: date = wish.get("on") or calendars.today()
    said = wish.get("amount")
    amount = told.total if said in (None, "") else minor(said, told.currency)
    body = {"kind": told.kind, "period": told.period.name, "on": on.isoformat(), "amount": amount}
    refused = _against(opened, told, on)
    return Look(
        subject=_name(told),
        body={**body, "currency": told.currency, "computed": told.total, **kept(told)},
        effects=() if refused else _effects(told, on, amount),
        refused=refused,
        asks=_asks(told, amount, filed(opened.book).get((told.kind, told.period.name))),
        links=_page(told.kind, told.period.name),
    )


def _computed(opened: Opened, kind: str, name: str) -> Return:
    of = period(name)
    ready(opened.database, opened.book)
    return worked(opened.database, opened.book, kind, of)


def _name(told: Return) -> str:
    return f"{told.kind} {told.period.name}"


def _against(opened: Opened, told: Return, on: date) -> tuple[Objection, ...]:
    found, today = [], calendars.today()
    known = filed(opened.book).get((told.kind, told.period.name))
    if known and (told.kind in LATER or known.amount == told.total):
        found.append(
            Objection(
                f"{told.kind} for {told.period.name} was filed on {known.on}"
                + by(opened.book.journal(), RETURN.done, kind_and_period, (told.kind, told.period.name)),
                ("correct it in a later return" if told.kind in LATER else "the book computes the same now")
                + ", or take the mark back: "
                f"crossbook undo return {told.kind} {told.period.name}",
            )
        )
    found += _twice(opened, told)
    if on <= told.period.last:
        text = f"{told.period.name} is over after {told.period.last}: no return for it was filed on {on}"
        found.append(Objection(text, "correct the day or the period"))
    if on > today:
        found.append(Objection(f"{on} lies ahead: a return is marked once it is filed", f"give a day up to {today}"))
    return tuple(found)


def _twice(opened: Opened, told: Return) -> list[Objection]:
    """China's two returns on exports take the same ones where nothing parts them: only one may be filed of a time."""
    pair = ("cn_refund", "cn_exempt")
    if told.kind not in pair or rules(opened.book).method:
        return []
    other = pair[told.kind == pair[0]]
    return [
        Objection(
            f"the same exports are in {kind} {name}, filed on {was.on}: no export is refunded and exempt",
            'part them: [tax.exports] method = "producer" or "trading"',
        )
        for (kind, name), was in filed(opened.book).items()
        if kind == other and period(name).first <= told.period.last and told.period.first <= period(name).last
    ]


def _asks(told: Return, amount: int | None, known: Filing | None) -> tuple[Question, ...]:
    found = []
    if known and told.kind not in LATER:
        before = money.show(known.amount, told.currency)
        found.append(Question(f"{_name(told)} was filed on {known.on}: {before}; is this an amended return?", AMENDED))
    if told.total is not None and amount is not None and amount != told.total:
        apart = amount - told.total
        shown, computed, more = (money.show(m, told.currency) for m in (amount, told.total, abs(apart)))
        words = "more" if apart > 0 else "less"
        text = f"{shown} was filed; the book computes {computed}: filed {more} {words} than computed"
        found.append(Question(text, money.plain(apart, told.currency)))
    if told.open:
        found.append(Question("\n".join(("the return leaves something out:", *told.open)), OPEN))
    return tuple(found)


def _effects(told: Return, on: date, amount: int | None) -> tuple[str, ...]:
    effects = [_filed(_name(told), on, amount, told.currency)]
    if told.total is None:
        effects.append(NO_TOTAL)
    if told.due:
        late = (on - told.due.due).days
        effects.append(f"it was due on {told.due.due}" + (f": {late} days late" if late > 0 else ": in time"))
    return tuple(effects)


def _filed(name: str, on: date | str, amount: int | None, currency: str) -> str:
    told = f"return {name} was filed on {on}"
    return told if amount is None else f"{told}: {money.show(amount, currency)}"


def _back(opened: Opened, wish: Wish, who: str | None) -> Look:
    kind, of = str(wish["form"]), period(str(wish["period"]))
    effects = (f"return {kind} {of.name} is not filed",)
    look = taken_back(opened, RETURN, (kind, of.name), effects, f"{kind} for {of.name} is not marked as filed")
    body = {"kind": kind, "period": of.name}
    return Look(
        subject=f"{kind} {of.name}", body=body, effects=look.effects, refused=look.refused, links=_page(kind, of.name)
    )


def _holds(opened: Opened, entry: Entry) -> tuple[Objection, ...]:
    """Whether the book computes what it did when the return was filed."""
    kind, name = kind_and_period(entry)
    ready(opened.database, opened.book)
    was = filed(opened.book).get((kind, name))
    told = beside_filed(opened.database, opened.book, kind, period(name), was) if was else _computed(opened, kind, name)
    before = entry.body.get("computed", entry.body["amount"])
    if told.total == before:
        return ()
    text = f"the book computes {money.show(told.total, told.currency)} now, not {money.show(before, told.currency)}"
    return (Objection(text, "take the mark back, and mark it again with this in view"),)


def _sentence(entry: Entry) -> str:
    if entry.action == "tax not filed":
        return f"return {entry.subject} is not filed"
    body = entry.body
    return _filed(entry.subject, body["on"], body["amount"], body["currency"])


def _page(kind: str, name: str) -> dict[str, str]:
    return {f"{kind} {name}": f"/tax/return?kind={quote(kind, safe='')}&of={quote(name, safe='')}"}


def _kinds(opened: Opened, wish: Wish) -> list[Choice]:
    return [Choice(kind, TITLES[kind]) for kind in RETURNS]


def _periods(opened: Opened, wish: Wish) -> list[Choice]:
    """The periods that are over and of which no return was filed, the newest first."""
    kind, today = str(wish.get("form") or ""), calendars.today()
    done = filed(opened.book)
    known = periods(frequency(kind) or "month", today - LOOKING_BACK, today - timedelta(days=1)) if kind else []
    return [Choice(p.name, p.name) for p in reversed(known) if (kind, p.name) not in done]


def _opens(book: Book) -> Opened:
    database = connect(book)
    ready(database, book)
    return Plain(book=book, database=database)


RETURN = Kind(
    name="return",
    title="A return was filed",
    done="tax filed",
    undone="tax not filed",
    asked=(
        Asked(name="form", text="Which return", key=True, choices=_kinds),
        Asked(name="period", text="Its period: 2026-06, 2026-Q2 or 2026", key=True, choices=_periods),
        Asked(name="on", text="The day on which it was filed; today else", of="day", needed=False),
        Asked(name="amount", text="What was filed as to pay; else what the book computes", of="amount", needed=False),
    ),
    look=_look,
    back=_back,
    key=kind_and_period,
    sentence=_sentence,
    links=lambda e: _page(*kind_and_period(e)),
    checks=(
        "What the book computes for the period today, beside what was filed as to pay.",
        "The period was over, and the day does not lie ahead; whether it was in time is shown.",
    ),
    refuses=(
        "The return was filed already and the law corrects it in a later one, its period was not over, or the day lies "
        "ahead.",
    ),
    asks=(
        "Another amount was filed than the book computes: name the difference, with a minus when less was filed.",
        "The return leaves something out: what, is shown.",
        "The return was filed already and the law takes an amended one: `amended`.",
    ),
    opens=_opens,
    rests_on=("retire", "reinstate"),
    holds=_holds,
)
