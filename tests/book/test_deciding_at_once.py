"""Four processes match one payout with four credits at one moment, whatever keeps the catalog: one match stands."""

from __future__ import annotations

import multiprocessing
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

from crossbook.book import Book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.decisions import RefusedError, decide, kind_of, undo
from tests.book.test_catalog import whole
from tests.patience import LONG
from tests.settle.making import amazon, camt

PROCESSES = multiprocessing.get_context("fork")
ROUNDS = 15
WHO = ("ann", "bo", "mei", "lin")
CREDITS = {"250.00": "2026-03-20", "240.00": "2026-03-23", "230.00": "2026-03-24", "220.00": "2026-03-25"}
SHORT = {"250.00": "150.00", "240.00": "160.00", "230.00": "170.00", "220.00": "180.00"}  # of 400.00


def match_all(folder: Path, me: int, together: Barrier, answer: Connection) -> None:
    """Match in each round; who won takes it back."""
    kind, told = kind_of("match"), []
    opened = kind.opens(open_book(folder))
    keys = {c["amount"]: key for key, c in opened.side.credits.items()}  # type: ignore[attr-defined]
    for n in range(ROUNDS):
        amount = list(CREDITS)[(me + n) % len(WHO)]
        wish = {"payout": "P1", "credit": keys[int(float(amount)) * 100], "why": f"round {n} by {WHO[me]}"}
        together.wait(LONG)
        try:
            decide(opened, kind, wish, who=WHO[me], yes=[SHORT[amount]])
            told.append("")
        except RefusedError as error:
            told.append(error.what)
        together.wait(LONG)
        if not told[-1]:
            undo(opened, kind, {"payout": "P1"}, who=WHO[me])
        together.wait(LONG)
    answer.send(told)


def test_one_match_stands_and_the_others_are_told_whose(either: Book, tmp_path: Path) -> None:
    (tmp_path / "P1.txt").write_text(amazon("P1", "400.00", [("O-1", "Principal", "400.00")]))
    entries = [(day, amount, f"R{n}", "Someone") for n, (amount, day) in enumerate(CREDITS.items())]
    (tmp_path / "bank.xml").write_text(camt(entries))
    for item in inputs([tmp_path / "P1.txt", tmp_path / "bank.xml"]):
        assert add(either, item, account="shop" if item.name == "P1.txt" else None).status == "added"
    together, answers, deciders = PROCESSES.Barrier(len(WHO)), [], []
    for me in range(len(WHO)):
        here, there = PROCESSES.Pipe(duplex=False)
        deciders.append(PROCESSES.Process(target=match_all, args=(either.path, me, together, there)))
        deciders[-1].start()
        there.close()
        answers.append(here)
    told = [here.recv() for here in answers]
    for decider in deciders:
        decider.join(LONG)
        assert decider.exitcode == 0
    journal = either.journal()
    assert [e.action for e in journal] == ["match", "unmatch"] * ROUNDS and whole(either, 2 * ROUNDS)
    for n in range(ROUNDS):
        winner = journal[2 * n]
        assert winner.body["why"] == f"round {n} by {winner.who}"
        for who, heard in zip(WHO, told, strict=True):
            if who == winner.who:
                assert heard[n] == ""
            else:
                assert f"decided by {winner.who} on " in heard[n], (n, who, heard[n])


def open_case(folder: Path, state: str, day: int, together: Barrier, answer: Connection) -> None:
    kind = kind_of("case")
    opened, told = kind.opens(open_book(folder)), []
    for n in range(5):
        wish = {"case": f"c{n}", "procedure": "us_suit", "state": state, "happened": {"served": date(2026, 1, day)}}
        together.wait(LONG)
        try:
            decide(opened, kind, wish, who=state)
            told.append("")
        except RefusedError as error:
            told.append(error.what)
    answer.send(told)


def test_of_two_who_open_one_case_with_other_days_one_is_refused(book: Book) -> None:
    together, answers, deciders = PROCESSES.Barrier(2), [], []
    for state, day in (("IL", 5), ("NY", 20)):
        here, there = PROCESSES.Pipe(duplex=False)
        deciders.append(PROCESSES.Process(target=open_case, args=(book.path, state, day, together, there)))
        deciders[-1].start()
        there.close()
        answers.append(here)
    told = [here.recv() for here in answers]
    for decider in deciders:
        decider.join(LONG)
    assert all(sorted([not one, not two]) == [False, True] for one, two in zip(*told, strict=True)), told
    assert len(open_book(book.path).journal()) == 5
