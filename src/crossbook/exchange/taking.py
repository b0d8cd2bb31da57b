"""Taking a message of the other side, of whatever kind it is: of a session, or a letter; and carrying letters both ways
over a channel until neither side has one that the other did not take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from crossbook.book import Book
from crossbook.engine import Database
from crossbook.exchange import adopting, flags, folder, letters, lookup, requests, statistics, store
from crossbook.exchange.agreement import Agreement
from crossbook.exchange.allowance import DisclosureError
from crossbook.exchange.keys import Keys
from crossbook.exchange.letters import Letter
from crossbook.exchange.store import Session

_MOST = 10_000  # letters carried in one go


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What came of a message: the `session` that it was of, or the `letter` (None where it was taken before); `answer`
    is the file to give back, None where there is none; `waiting` the letters that the other side has not taken; `held`
    is why they are not given to it, empty where they are."""

    session: Session | None = None
    letter: Letter | None = None
    answer: Path | None = None
    waiting: list[Path] = field(default_factory=list)
    held: str = ""


def take(book: Book, database: Database, keys: Keys, message: bytes, ways: tuple[str, ...] = ()) -> Taken:
    """Take a message; `ways` are those in which transfers can meet here, by courier where none are given.
    Raises MessageError and DisclosureError, all as it was before."""
    agreement, head, content = store.opened(book, keys, message)
    row = next((row for row in letters.ROWS if head.session == letters.channel(agreement, row)), None)
    if row is None:
        session, path = store.answer(book, database, keys, message, ways)
        return Taken(session=session, answer=path)
    held = ""
    try:
        adopting.holds(agreement)
    except DisclosureError as error:
        held = error.what

    def accept(letter: Letter, document: bytes) -> str:
        if held and letter.part != flags.BACK:
            return held
        if row == letters.WITHDRAWALS and letter.part != flags.BACK:
            return "a letter of another kind than withdrawals, in the row of those"
        if letter.part in folder.PARTS:
            return folder.accept(book, agreement, letter, document)
        if letter.part in requests.PARTS:
            return requests.accept(book, agreement, agreement.side(keys.sign)[0].name, letter)
        if letter.part in statistics.PARTS:
            return statistics.accept(book, agreement, letter)
        if letter.part in flags.PARTS:
            return flags.accept(book, agreement, letter)
        if letter.part in lookup.PARTS:
            return lookup.accept(book, database, agreement, letter, document)
        return "a letter of a kind that this version does not know"

    taken = letters.take(book, agreement, keys, head, content, message, accept, row)
    if not held:
        lookup.answer(book, database, agreement, keys)
    letters.sign_for(book, agreement, keys, row)
    if not held:
        statistics.settle(book, database, agreement, keys)
    stands = letters.box(book, agreement, row=row)
    if held and stands.says_something and row == letters.LETTERS:
        return Taken(letter=taken, held=held)
    waiting = stands.waiting()
    words = content.told.get("letter")
    only_signs = isinstance(words, dict) and words.get("part") == letters.SEEN
    told = waiting if stands.says_something or not only_signs else []
    return Taken(letter=taken, answer=waiting[0] if waiting else None, waiting=told)


def to_hand_over(book: Book, agreement: Agreement, keys: Keys) -> tuple[list[Path], DisclosureError | None]:
    """The letters that wait and may leave today, withdrawals first where the agreement ended; and why others that wait
    may not, if they may not."""
    flags.take_back_at_the_end(book, agreement, keys)
    found: list[Path] = []
    held = None
    for row in (letters.WITHDRAWALS, letters.LETTERS):
        stands = letters.box(book, agreement, row=row)
        try:
            found += letters.to_hand_over(stands, agreement) if stands.says_something else []
        except DisclosureError as error:
            held = error
    return found, held


def carry(
    book: Book, database: Database, agreement: Agreement, keys: Keys, post: Callable[[bytes], bytes | None]
) -> tuple[int, int]:
    """Give the other side the letters that it has not taken and take its own: how many of either went, receipts left
    out. `post` gives one message and returns the answer. Raises as `take` and `post` do, what went stays; and
    DisclosureError where the agreement ended with letters waiting, after withdrawals went."""
    flags.take_back_at_the_end(book, agreement, keys)
    went = came = 0
    for row in (letters.WITHDRAWALS, letters.LETTERS):
        stands = letters.box(book, agreement, row=row)
        over = adopting.ended(agreement) and agreement.flags
        if row == letters.WITHDRAWALS and not (stands.sent or stands.heard or over):
            continue  # there can be none
        one, other = _carry_row(book, database, agreement, keys, post, row)
        went, came = went + one, came + other
    return went, came


def _carry_row(
    book: Book,
    database: Database,
    agreement: Agreement,
    keys: Keys,
    post: Callable[[bytes], bytes | None],
    row: str,
) -> tuple[int, int]:
    came, posted, asked = 0, 0, False
    before = letters.box(book, agreement, row=row)
    went = sum(part != letters.SEEN for part in before.parts[before.signed :])
    for _ in range(_MOST):
        stands = letters.box(book, agreement, row=row)
        waiting = [path for path in letters.to_hand_over(stands, agreement) if int(path.stem) > posted]
        if not waiting:
            if asked and stands.acknowledged == len(stands.heard):
                break
            asked = True
            letters.send(book, agreement, keys, letters.SEEN, "", {}, what="a receipt", clause="", row=row)
            continue
        posted = int(waiting[0].stem)
        answer = post(waiting[0].read_bytes())
        if answer is not None:
            taken = take(book, database, keys, answer)
            came += taken.letter is not None and taken.letter.part != letters.SEEN
            asked = asked and taken.letter is None
    return went, came
