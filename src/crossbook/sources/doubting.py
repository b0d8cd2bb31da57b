"""What a file leaves open of its reading, to be confirmed by a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.sources import header_words, settlement_spec, unread_columns
from crossbook.sources.line_types import GUESS
from crossbook.sources.proposing_amounts import SOUND
from crossbook.sources.settlement_spec import OF_A_BALANCE, STATUS
from crossbook.sources.table import days, directions, eras
from crossbook.sources.table.layout import JOIN
from crossbook.sources.table.refusing import ALL, FEW, undecided
from crossbook.sources.table.seen import DIRECTION
from crossbook.sources.weighing import Trial, of_other_columns, of_other_signs, trial

# Words of headers that a bank and a bookkeeper mean from opposite sides.
_UNSURE = re.compile(
    r"借|贷|(?<!ac)cr[ée]dit|(?<!ad)d[ée]bit|soll|haben|debe|haber|dare|avere|winien|\bma\b|貸方|\bdr\b"
    r"|\bcr\b|/[shdc]\b",
    re.IGNORECASE,
)

_TAKEN_BACK = re.compile(r"冲正|冲销|撤销|抹账|revers|storn|annul|extorn", re.IGNORECASE)

_BANKS = re.compile(r"对方(账|帐|户|行)|对方[/ ]?户名|收\(付\)方|对方开户行")


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """What a file leaves open of its reading, and the word by which a person confirms it as it is read. `keys` are what
    a mapping says under `agreed` once that is done; `here`: they hold for this file alone."""

    text: str
    answer: str
    keys: tuple[str, ...] = ()
    here: bool = False


def _column_doubts(path: Path, name: str, chosen: Trial) -> Iterator[Doubt]:
    """Another column whose amounts nothing holds against; what a row comes to after its fee is not in doubt."""
    mine = {e.line: e for e in chosen.followed.entries}
    for other in of_other_columns(path, name, chosen) if "gross" not in chosen.spec["columns"] else ():
        if other.bad > chosen.bad or other.held < chosen.held or other.against > chosen.against:
            continue
        for entry in other.followed.entries:
            own = mine.get(entry.line)
            if own is not None and abs(own.amount) != abs(entry.amount):
                column, rival = chosen.spec["columns"]["amount"], other.spec["columns"]["amount"]
                read, may_be = (money.show(abs(e.amount), e.currency) for e in (own, entry))
                text = f"nothing proves which column has the amount: line {own.line} is read as {read} ({column})"
                yield Doubt(text=f"{text}, and may be {may_be} ({rival})", answer=column)
                return


def doubts(path: Path, name: str, chosen: Trial) -> tuple[Doubt, ...]:
    """What the file leaves open, or contradicts, of a reading."""
    running = [(key, text) for key, text in chosen.followed.out_of_order() if key not in chosen.followed.agreed]
    found = [replace(d, keys=tuple(key for key, _ in running)) for d in _order_doubts(chosen)]
    further = [] if found else running  # it is one question
    found += _point_doubts(path, name, chosen)
    if chosen.spec["kind"] == "bank" and chosen.followed.entries:
        found += [*_against_words(chosen), *_column_doubts(path, name, chosen)]
        minus = _minus_doubts(chosen)
        ways = _unread_way(chosen) or [*_sign_doubts(path, name, chosen)]
        keys = tuple(key for d in minus for key in d.keys)  # who says which way money went says it of a minus, too
        found += [replace(d, keys=keys, here=True) for d in ways] or minus
    if chosen.spec["kind"] in OF_A_BALANCE:
        found += _balance_doubts(chosen)
    if chosen.spec["kind"] == "settlement":
        found += _unread_doubts(chosen)
    found += [*_reversed(path, name, chosen), *_net_doubts(chosen)]
    further = [*chosen.followed.otherwise(), *chosen.followed.accounts_aside(), *chosen.followed.unread(), *further]
    further += chosen.followed.turned()
    agreed = chosen.followed.agreed
    found += [Doubt(text=text, answer=key.split()[0], keys=(key,)) for key, text in further if key not in agreed]
    found += _account_doubts(chosen)
    return (*found, *_proof_doubts(chosen))


def _proof_doubts(chosen: Trial) -> list[Doubt]:
    """What contradicts a proof: each, or where they are many the first, and how many more there are."""
    told = [(f"{a.line} {a.value}", a) for p in chosen.proofs for a in p.against]
    fresh = [(key, a) for key, a in told if key not in chosen.followed.agreed]
    each = fresh if len(fresh) <= FEW else fresh[:1]
    found = [Doubt(text=a.text, answer=str(a.line), keys=(key,), here=True) for key, a in each]
    if more := fresh[len(each) :]:
        text = f"{len(more)} more do not agree, the first of them: {more[0][1].text}"
        answer = ALL.format(n=len({a.line for _, a in fresh}))
        found.append(Doubt(text=text, answer=answer, keys=tuple(key for key, _ in more), here=True))
    return found


def _account_doubts(chosen: Trial) -> list[Doubt]:
    """A column that is read as the account of each row, where it names several and no balance runs in each of them: it
    may be that of the other side."""
    header, entries = chosen.spec["columns"].get("account", "="), chosen.followed.entries
    names = sorted({e.account for e in entries})
    proved = any(p.name == "balance" and not p.against and p.held >= len(entries) - len(names) for p in chosen.proofs)
    if (
        chosen.spec["kind"] != "bank"
        or header.startswith("=")
        or len(names) < 2
        or (proved and len(entries) > len(names))
    ):
        return []
    text = f"the column {header} is read as the account that each row is of: {', '.join(names[:5])}"
    return [Doubt(text=text, answer=header)]


def _unread_doubts(chosen: Trial) -> Iterator[Doubt]:
    """Columns of a settlement that nothing is read of, though they may hold its amounts or its numbers."""
    proved = any(p.name in ("balance", "payout") and p.held and not p.against for p in chosen.proofs)
    money_too = None if proved else unread_columns.of_money(chosen.followed)
    for text, answer in (*([money_too] if money_too else ()), *unread_columns.of_ids(chosen.followed)):
        yield Doubt(text=text, answer=answer)


def _balance_doubts(chosen: Trial) -> Iterator[Doubt]:
    """Type words whose kind is a guess, signs that nothing proves, fees that may be in the amounts or beside them."""
    ledger = chosen.followed.ledger
    for word, kind in ledger.guessed.items():
        yield Doubt(text=f"that {word} is {kind} is a guess", answer=word)
    for header, kind in chosen.spec.get("amounts", {}).items():
        if kind.endswith(GUESS):
            yield Doubt(text=f"that {header} is {kind.removesuffix(GUESS)} is a guess", answer=header)
    proved = any(p.name in ("balance", "payout") and p.held and not p.against for p in chosen.proofs)
    if proved:
        return
    if chosen.spec.get("sign") == "type":
        yield Doubt(text="no amount has a minus: money is read as in or out by what kind of line it is", answer="type")
    for kind, code, total in ledger.contrary() if not ledger.unsigned else ():
        way = "in" if total > 0 else "out"
        yield Doubt(
            text=f"all lines of {kind} together are {money.show(abs(total), code)} {way}, the other way than is usual",
            answer=kind,
        )
    if settlement_spec.has_fees(chosen.spec):
        how = chosen.spec.get("fees", "within")
        said = {
            "within": "in the amounts already",
            "apart": "taken beside the amounts",
            "added": "beside the amounts, with their own signs",
        }[how]
        yield Doubt(text=f"nothing proves whether fees are in the amounts: they are read as {said}", answer=how)


def _net_doubts(chosen: Trial) -> Iterator[Doubt]:
    """Columns of gross amount, fee and net amount that few rows tell apart, and nothing else proves."""
    columns = chosen.spec["columns"]
    net = next((p for p in chosen.proofs if p.name in ("net", "netplus") and not p.against), None)
    others = [p for p in chosen.proofs if p.name in ("balance", "before", "closing", "payout", "total")]
    if net is None or net.held >= SOUND or "gross" not in columns or any(p.held and not p.against for p in others):
        return
    shown = " + ".join((columns["gross"], columns.get("fee", "")))
    text = f"that {shown} make {columns['amount']} is a guess: too few rows show it ({net.held})"
    yield Doubt(text=text, answer=columns["amount"])


def _against_words(chosen: Trial) -> Iterator[Doubt]:
    """Words for money in that are read as money out, or the other way: the balances may belong to other rows."""
    columns, way = chosen.spec["columns"], chosen.spec.get(DIRECTION, {})
    sides = {"in": [columns["credit"]], "out": [columns["debit"]]} if "credit" in columns else way
    for side in ("in", "out"):
        word = next(
            (w for w in sides.get(side, ()) if _says(w, "out" if side == "in" else "in", sides is not way)), None
        )
        if word is not None:
            text = f"{word} is read as money {side}, against what it says: the balances agree with nothing else"
            yield Doubt(text=text, answer=word)
            return


def _reversed(path: Path, name: str, chosen: Trial) -> list[Doubt]:
    """Rows left out as taken back, where nothing proves that: what took them back may be an entry, too."""
    header = chosen.spec.get(STATUS, {}).get("column", "")
    left = next(((line, text) for line, role, text in chosen.followed.left_out if role == "not done"), None)
    if not _TAKEN_BACK.search(header) or left is None:
        return []
    if trial(path, name, {k: told for k, told in chosen.spec.items() if k != STATUS}).against > chosen.against:
        return []
    return [Doubt(text=f"{header} is read as what says that line {left[0]} moved no money: {left[1]}", answer=header)]


def _says(word: str, side: str, header: bool) -> bool:
    """Whether a header or a word of a direction says this side and no other, to a bank and a bookkeeper alike."""
    if not header:
        return directions.sure(word) == side
    named = {way for way, column in (("in", "credit"), ("out", "debit")) if header_words.names("bank", column, word)}
    return named == {side} and not _UNSURE.search(word)


def _order_doubts(chosen: Trial) -> Iterator[Doubt]:
    chained = any(p.name == "balance" and not p.against and p.held > 1 for p in chosen.proofs)
    left = chosen.followed.orders(datetime.now(UTC).year + 1, chained=chained)
    order = chosen.followed.order
    if order not in left or (len(left) < 2 and eras.proved(order, chosen.followed.of_place)):
        return
    readings = [(text, [days.read(text, o) for o in left]) for _, text in chosen.followed.dated]
    text, read = next(((t, r) for t, r in readings if len(set(r)) > 1), readings[0])
    mine = days.read(text, order)
    others = ", ".join(sorted({str(d) for d in read if d != mine})) or str(mine)
    if len(left) < 2:
        era = eras.NAMES[eras.era_of(order)]
        yield Doubt(text=f"the file does not say its era: {text} is read as {mine}, a year of {era}", answer=str(mine))
        return
    if any(map(eras.era_of, left)):
        said = "the file does not say how its years are counted"
        yield Doubt(text=f"{said}: {text} is read as {mine}, and may be {others}", answer=str(mine))
        return
    yield Doubt(
        text=f"the order of day and month is not decided by the file: {text} is read as {mine}, and may be {others}",
        answer=str(mine),
    )


def _point_doubts(path: Path, name: str, chosen: Trial) -> list[Doubt]:
    """A mark in the amounts that may be of thousands or of decimals, unless proofs hold for the one reading alone."""
    said = undecided(chosen.followed)
    if not said:
        return []
    try:
        other = trial(path, name, {**chosen.spec, "decimal": "," if chosen.followed.point == "." else "."})
    except CrossbookError:
        other = None
    proved = any(p.name == "balance" and p.held and not p.against for p in chosen.proofs)
    if proved and (chosen.followed.mark.mixed or (other is not None and other.against)):
        return []
    return [Doubt(text=said, answer=chosen.followed.mark.undecided)]


def _unread_way(chosen: Trial) -> list[Doubt]:
    """Whether amounts without a sign are all read one way, and the balance does not hold that for each of them: a
    column may say the way in words that are not known."""
    followed = chosen.followed
    if "credit" in chosen.spec["columns"] or DIRECTION in chosen.spec or followed.minus or not followed.entries:
        return []
    tested = sum(p.tests for p in chosen.proofs if p.name in ("balance", "before"))
    if tested >= len(followed.entries) or chosen.against:
        return []
    down = any(p.ascending is False for p in chosen.proofs)
    # no balance stands before it, or behind it
    oldest = followed.entries[-1 if down is not followed.before_only else 0]
    others = [cells for line, cells in followed.looked.items() if line != oldest.line]
    mine = followed.looked.get(oldest.line, ())
    if len(followed.entries) <= len(followed.looked) and any(
        _stands_out(mine, others, i) for i in range(len(mine)) if i not in followed.told_apart
    ):
        return [_way(oldest.line, oldest.amount, oldest.currency)]
    return []


def _stands_out(mine: tuple[str, ...], others: list[tuple[str, ...]], place: int) -> bool:
    """Whether a row has a word in a column that is otherwise the same from row to row."""
    words = {row[place] for row in others if place < len(row)}
    alike = len(words) <= max(1, len(others) // 3)
    return alike and mine[place] not in words and not any(c.isdigit() for c in mine[place])


def _way(line: int, amount: int, currency: str) -> Doubt:
    way = "in" if amount >= 0 else "out"
    shown = money.show(abs(amount), currency)
    return Doubt(text=f"nothing proves which way money went: line {line}, {shown}, is read as money {way}", answer=way)


def _sign_doubts(path: Path, name: str, chosen: Trial) -> Iterator[Doubt]:
    mine = {e.line: e.amount for e in chosen.followed.entries}
    for other in of_other_signs(path, name, chosen):
        amounts = {e.line: e.amount for e in other.followed.entries}
        if other.bad > chosen.bad or amounts == mine or other.held < chosen.held or other.against > chosen.against:
            continue
        opposite = all(amounts.get(line) == -a for line, a in mine.items())
        # where each sign is that of its word, no other reading of words has that
        opposite |= bool(chosen.followed.repeats) and DIRECTION in other.spec
        by_balance = any(p.held for p in other.proofs if p.name in ("balance", "before", "closing"))
        if opposite and not by_balance and (sure(chosen.spec) or _of_a_bank(chosen)):
            continue
        line = next((line for line, a in mine.items() if a and amounts.get(line) != a), 0)
        if not line:
            continue
        entry = next(e for e in chosen.followed.entries if e.line == line)
        yield _way(line, entry.amount, entry.currency)
        return


def _minus_doubts(chosen: Trial) -> list[Doubt]:
    told = [(f"{a.line} {a.value}", a) for a in chosen.followed.unproved()]
    left = [(key, a) for key, a in told if key not in chosen.followed.agreed]
    return [Doubt(text=a.text, answer=str(a.line), keys=(key,), here=True) for key, a in left]


def _of_a_bank(chosen: Trial) -> bool:
    """Whether a heading or the names of columns show a bank's own statement, which credits what comes in."""
    if "credit" not in chosen.spec["columns"] and DIRECTION not in chosen.spec:
        return False
    return chosen.followed.stated.bank or bool(_BANKS.search(" ".join(chosen.followed.layout.plain)))


def _is_named(header: str, side: str) -> bool:
    """Whether the lower line of a header on two lines names its side in a word that is known; one alone does."""
    return JOIN not in header or header_words.names("bank", side, header)


def sure(spec: dict[str, Any]) -> bool:
    """Whether the words of a mapping leave no doubt which way money went."""
    columns = spec["columns"]
    if "credit" in columns:
        sides = {way: columns[way] for way in ("credit", "debit")}
        return not _UNSURE.search(" ".join(sides.values())) and all(map(_is_named, sides.values(), sides))
    if DIRECTION in spec:
        return not any(
            _UNSURE.search(w) or w in ("d", "c", "h", "s", *directions.SIGNS)
            for w in (*spec[DIRECTION]["in"], *spec[DIRECTION]["out"])
        )
    return False
