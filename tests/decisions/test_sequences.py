"""Random sequences of decisions and undos of every kind, on generated books.

After any of them the figures are those of a book with nothing kept; no difference is shown smaller than the facts
allow; what is refused or asked about leaves the journal as it was; and what was decided can be taken back, so that the
figures are again what they were.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from crossbook.book import open_book
from crossbook.book.journal import Entry
from crossbook.decisions import AskedError, Look, RefusedError, Wish, decide, kind_of, kinds, look, look_back, undo
from crossbook.decisions.telling import journal
from crossbook.errors import CrossbookError
from crossbook.settle import Desk, position, settle
from tests.decisions import books
from tests.decisions.choosing import CHOOSERS, PEOPLE, Choosing, NothingToDecideError, wish_for, wish_to_undo
from tests.decisions.differences import shortfalls
from tests.decisions.whole import anew, apart, figures, figures_of
from tests.effort import times
from tests.sharing import made_once

# generated books, sequences in a test, such tests
BOOKS, BATCH, BATCHES = times(3, long=10), times(2, long=10), times(1, long=20)
STEPS = (5, 12)
MANY = (*CHOOSERS, "match", "match", "explanation")  # what moves most figures is decided more often
NOT_FIGURES = ("journal", "cases", "notices", "mappings")  # they tell of entries that were taken back, too


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crossbook.calendars.today", lambda: books.TODAY)


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """The generated book of a seed, with its figures kept. To read; change a copy."""

    def make(folder: Path, seed: int) -> None:
        books.make(folder, seed)
        figures(open_book(folder / "book"))

    return lambda seed: made_once(tmp_path_factory, f"generated-{seed}", lambda folder: make(folder, seed))


def test_every_kind_is_chosen() -> None:
    assert set(CHOOSERS) == set(kinds())


@pytest.mark.parametrize("seed", range(2))
def test_a_few_sequences(generated: Callable[[int], Path], tmp_path: Path, seed: int) -> None:
    run(generated(seed % 2), tmp_path, seed)


HIDDEN = {
    "nothing is short": (Desk, "short", lambda desk, p: 0),
    "nobody is needed": (Desk, "needs_attention", lambda desk, p: False),
    "all arrived": (Desk, "arrival", lambda desk, p: "at_bank"),
    "all of it was received": (position, "_arrivals", lambda desk, was=position._arrivals: _in_full(was(desk))),
}


def _in_full(arrivals: pa.Table) -> pa.Table:
    return arrivals.set_column(arrivals.schema.get_field_index("short"), "short", pc.multiply(arrivals["short"], 0))


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_hidden_difference_is_found(
    generated: Callable[[int], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hidden: str
) -> None:
    """Somebody matches a payout with less than it; then the book is made to hide that, each time in another place."""
    made = generated(0)
    shutil.copytree(made, tmp_path / "book")
    book, truth = open_book(tmp_path / "book" / "book"), books.truth_of(made)
    desk, match = settle(book), kind_of("match")
    pairs = [{"payout": p.key, "credit": c["key"]} for p in desk.side.open_payouts for c in desk.side.open_credits]
    found = [(wish, look(desk, match, wish)) for wish in pairs]
    wish, seen = next((w, f) for w, f in found if not f.refused and (f.body["short"] or 0) > 0)
    decide(desk, match, wish, who="li", yes=[q.answer for q in seen.asks])
    assert not shortfalls(settle(open_book(book.path)), truth)
    monkeypatch.setattr(*HIDDEN[hidden])
    assert shortfalls(settle(open_book(book.path)), truth)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(BATCHES))
def test_many_sequences(generated: Callable[[int], Path], tmp_path: Path, batch: int) -> None:
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        run(generated(batch % BOOKS), tmp_path / str(seed), seed)


def run(made: Path, folder: Path, seed: int) -> Counter[str]:
    """One sequence on a copy of a generated book; gives how often each kind was decided, taken back (−) or not made."""
    told: list[str] = []
    try:
        return _run(made, folder, seed, told)
    except BaseException as error:
        error.add_note("\n".join([f"sequence {seed} on {made.name}:", *told]))
        raise


def _run(made: Path, folder: Path, seed: int, told: list[str]) -> Counter[str]:
    rng, truth = random.Random(seed), books.truth_of(made)
    shutil.copytree(made, folder, dirs_exist_ok=True)
    done: Counter[str] = Counter()
    last = ""
    for first in rng.choice(((), (), ("case",), ("case",), ("notice",))):  # others of theirs rest on them
        last = step(folder, rng, done, told, "", (first,))
    for _ in range(rng.randint(*STEPS) - sum(done.values())):
        last = step(folder, rng, done, told, last)
        if rng.random() < 0.06:
            told.append("  looked at")
            figures(open_book(folder / "book"))
    if rng.random() < 0.15:
        there_and_back(folder, rng, told)
    desk = settle(open_book(folder / "book"))
    short = shortfalls(desk, truth)
    assert not short, "\n".join(short)
    stale = apart(figures_of(desk), anew(desk.book, folder))
    assert not stale, stale
    shutil.rmtree(folder)
    return done


def step(
    folder: Path, rng: random.Random, done: Counter[str], told: list[str], last: str, of: tuple[str, ...] = MANY
) -> str:
    """Decide something, take something back, or add a file that comes later; gives the kind that was decided."""
    book = open_book(folder / "book")
    later = folder / "files" / "bank-later.csv"
    if rng.random() < 0.05 and later.exists() and later.name not in {e["name"] for e in book.evidence()}:
        told.append(f"  added {later.name}")
        books.put(book, later)
        return last
    while True:  # until the book has something to decide of the kind
        kind = kinds()[rng.choice(_beside(last) if last and rng.random() < 0.5 else of)]
        back = bool(kind.undone) and rng.random() < 0.4
        if back and not any(e.action == kind.done for e in book.journal()) and kind.name != "match":
            continue
        choosing = Choosing(kind.opens(book), kind, rng, folder)
        try:
            wish = (wish_to_undo if back else wish_for)(choosing)
        except NothingToDecideError:
            continue
        entry = attempt(choosing, wish, rng.choice(PEOPLE), back, told)
        done[("-" if back else "") + kind.name if entry else "not made"] += 1
        return kind.name


def _beside(name: str) -> list[str]:
    """The kinds that rest on the same entries of the journal: those of cases on each other, and so on."""
    return [k for k in CHOOSERS if set(kinds()[k].actions) & set(kinds()[name].actions)]


def attempt(choosing: Choosing, wish: Wish, who: str, back: bool, told: list[str]) -> Entry | None:
    """Look, then do it with every yes that is asked for; what is refused or asked about leaves the journal alone."""
    opened, kind, book = choosing.opened, choosing.kind, choosing.book
    looks, act = (look_back, undo) if back else (look, decide)
    before = book.journal()
    told.append(f"  {'undo ' if back else ''}{kind.name} {dict(wish)} by {who}")

    def refused(error: type[CrossbookError], yes: list[str]) -> None:
        with pytest.raises(error):
            act(opened, kind, wish, who=who, yes=yes)
        assert book.journal() == before

    try:
        found: Look = looks(opened, kind, wish, who)
    except CrossbookError as error:
        told[-1] += f": {error.what}"
        refused(CrossbookError, [])
        return None
    assert book.journal() == before
    answers = [q.answer for q in found.asks]
    if found.refused:
        told[-1] += f": refused, {found.refused[0].text}"
        refused(RefusedError, answers)
        return None
    if found.asks:
        refused(AskedError, [])
    entry = act(opened, kind, wish, who=who, yes=answers, seen=found.seen)
    told[-1] += f": entry {entry.seq}"
    assert book.journal() == [*before, entry]
    assert (entry.subject, entry.who) == (found.subject, who)
    assert entry.body == found.body | ({"yes": [q.text for q in found.asks]} if found.asks else {})
    return entry


def there_and_back(folder: Path, rng: random.Random, told: list[str]) -> None:
    """What is decided and taken back at once leaves the figures as they were, and the journal says that it is gone."""
    book = open_book(folder / "book")
    before = figures(book)
    kind = kinds()[rng.choice([k for k in CHOOSERS if kinds()[k].undone])]
    choosing = Choosing(kind.opens(book), kind, rng, folder)
    try:
        wish, who = wish_for(choosing), rng.choice(PEOPLE)
    except NothingToDecideError:
        return
    entry = attempt(choosing, wish, who, False, told)
    if entry is None or (entry.body.get("yes") and kind.name == "event"):  # it replaced a day, which is asked about
        return
    again = Choosing(kind.opens(open_book(book.path)), kind, rng, folder)
    assert next(t for t in journal(book) if t.seq == entry.seq).undoable
    assert attempt(again, kind.named(entry), who, True, told)
    assert not next(t for t in journal(book) if t.seq == entry.seq).standing
    differs = apart(*({k: v for k, v in f.items() if k not in NOT_FIGURES} for f in (before, figures(book))))
    assert not differs, differs
