"""The one fact that a restoration asks for, answered from the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from books import Truth

from crossbook.settle.restoration.history import Notice
from crossbook.settle.restoration.judgement import Restored
from crossbook.settle.restoration.question import Question, most_telling

OPEN = ("ambiguous", "unexplained")


def answered(book: Truth, restored: Sequence[Restored]) -> tuple[list[Notice], list[str]]:
    """The notices with one true fact more on every open payout, the most telling; and the names of these facts, empty
    where none is asked for or the payout is not open."""
    notices, names = list(book.notices), [""] * len(restored)
    for k, r in enumerate(restored):
        question = most_telling(r, book.orders, notices[k]) if r.verdict in OPEN else None
        if question is not None:
            notices[k], names[k] = _told(book, k, question), question.name
    return notices, names


def _told(book: Truth, k: int, question: Question) -> Notice:
    notice, inside = book.notices[k], np.array(sorted(book.inside[k]), np.int64)
    if question.name == "count":
        return replace(notice, count=len(inside))
    if question.name == "fee_total":
        return replace(notice, fee_total=int(book.orders.fee[inside].sum()))
    if question.name == "order":
        there = question.subject in book.inside[k]
        return replace(notice, **{"inside" if there else "outside": (question.subject,)})
    days, net = book.orders.day[inside], book.orders.net[inside]
    if question.name == "part":
        return replace(notice, parts=((question.subject, int(net[days <= question.subject].sum())),))
    return replace(notice, parts=tuple((int(day), int(net[days == day].sum())) for day in np.unique(days)))
