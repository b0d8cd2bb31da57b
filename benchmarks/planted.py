"""Typologies and honest oddities planted in clean trades: how many of each kind the book calls, and what else it calls.

Only what anybody can ask of a book is asked: `crossbook.open(book).trades()` and `.findings("verify")`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from trade_oddities import ARGUABLE, ODDITIES
from trade_papers import BOOK, TABLES, Maker, Trade, lines, mappings, write
from typologies import FAULTS

from crossbook.book import Book, init_book, open_book
from crossbook.demo import customs

CALLED = {"contradicted", "suspicious"}
Cases = dict[str, list[list[Trade]]]


def made(count: int, seed: int, each: int) -> tuple[list[Trade], Cases, Cases]:
    """Clean trades, and `each` cases of every kind of fault and of every oddity."""
    maker = Maker(seed)
    rng = maker.rng("clean")
    clean = [maker.trade(rng) for _ in range(count)]
    planted: list[Cases] = []
    for kinds in (FAULTS, ODDITIES):
        cases: Cases = {}
        for name, case in kinds.items():
            draws = maker.rng(name)
            cases[name] = [case(maker, draws, k) for k in range(each)]
        planted.append(cases)
    return clean, planted[0], planted[1]


def fill(folder: Path, trades: list[Trade]) -> Book:
    """A book with the tables of all these trades in it."""
    from crossbook.book.adding import add
    from crossbook.book.opening import inputs

    book = init_book(folder / "book", BOOK)
    mappings(book.path / "mappings")
    write(folder / "inbox", trades)
    customs.write_products(folder / "inbox", np.random.default_rng(1), np.random.default_rng(2))
    book = open_book(book.path)
    for item in inputs([folder / "inbox"]):
        add(book, item)
    return book


def _rules(path: Path) -> dict[str, set[str]]:
    import crossbook

    found: dict[str, set[str]] = {}
    for row in crossbook.open(path).findings("verify"):
        found.setdefault(row["subject"], set()).add(row["rule"])
    return found


def score(path: Path, clean: list[Trade], faults: Cases, oddities: Cases) -> dict[str, Any]:
    """Recall of each kind of fault, and what is called of oddities and of clean trades.

    A case of a fault is found when at least half of its trades are called, so that of two with one number either will
    do; an oddity is called falsely when any of its trades is contradicted or suspicious.
    """
    import crossbook

    verdicts = {row["order_id"]: row["verdict"] for row in crossbook.open(path).trades()}
    rules = _rules(path)

    def told(case: list[Trade]) -> dict[str, Any]:
        """What is said of a case, with its papers: for who mends a rule."""
        return {
            t.id: {"verdict": verdicts.get(t.id), "rules": sorted(rules.get(t.id, ()))}
            | {kind: lines(t, kind) for kind in TABLES if lines(t, kind)}
            for t in case
        }

    recall: dict[str, dict[str, int]] = {}
    missed: dict[str, Any] = {}
    for kind, cases in faults.items():
        counts: Counter[str] = Counter()
        for k, case in enumerate(cases):
            said = [verdicts.get(t.id) for t in case]
            counts["all"] += 1
            counts["called"] += 2 * sum(v is not None and v != "verified" for v in said) >= len(case)
            caught = 2 * sum(v in CALLED for v in said) >= len(case)
            counts["contradicted_or_suspicious"] += caught
            if not caught:
                missed.setdefault(kind, {})[k] = told(case)
        recall[kind] = dict(counts)
    false: dict[str, Any] = {}
    examples: dict[str, Any] = {}
    for kind, cases in oddities.items():
        wrong = [case for case in cases if any(verdicts.get(t.id) in CALLED for t in case)]
        open_ones = [case for case in cases if any(verdicts.get(t.id) != "verified" for t in case)]
        said = Counter(rule for case in wrong for rule in {r for t in case for r in rules.get(t.id, ())})
        false[kind] = {"all": len(cases), "called": len(wrong), "not_verified": len(open_ones), "rules": dict(said)}
        if wrong:
            examples[kind] = {cases.index(case): told(case) for case in wrong}
    alarms = [t for t in clean if verdicts.get(t.id) in CALLED]
    said_of_clean = Counter(rule for t in alarms for rule in rules.get(t.id, ()))
    inside = [f for kind, f in false.items() if kind not in ARGUABLE]
    found = sum(r["contradicted_or_suspicious"] for r in recall.values())
    cases_in_all = sum(r["all"] for r in recall.values())
    return {
        "kinds": len(faults),
        "recall": recall,
        "recall_percent": round(100 * found / cases_in_all, 2),
        "called_percent": round(100 * sum(r["called"] for r in recall.values()) / cases_in_all, 2),
        "oddities": false,
        "arguable": sorted(ARGUABLE),
        "oddities_called": sum(f["called"] for f in inside),
        "oddities_called_percent": round(100 * sum(f["called"] for f in inside) / sum(f["all"] for f in inside), 2),
        "oddities_not_verified": sum(f["not_verified"] for f in inside),
        "clean": len(clean),
        "clean_called": len(alarms),
        "clean_called_percent": round(100 * len(alarms) / len(clean), 4),
        "clean_not_verified": sum(verdicts.get(t.id) != "verified" for t in clean),
        "said_of_clean": dict(said_of_clean),
        "examples": {"missed": missed, "falsely_called": examples, "clean": [told([t]) for t in alarms[:20]]},
    }


def table(result: dict[str, Any]) -> str:
    """The result as two tables to read."""
    rows = [f"{'fault':34}{'cases':>6}{'called':>8}{'contradicted or suspicious':>28}"]
    rows += [
        f"{kind:34}{r['all']:>6}{r['called']:>8}{r['contradicted_or_suspicious']:>28}"
        for kind, r in result["recall"].items()
    ]
    rows += ["", f"{'oddity':34}{'cases':>6}{'called':>8}{'not verified':>14}  rules"]
    rows += [
        f"{kind:34}{f['all']:>6}{f['called']:>8}{f['not_verified']:>14}  {' '.join(f['rules'])}"
        for kind, f in result["oddities"].items()
    ]
    return "\n".join(rows)
