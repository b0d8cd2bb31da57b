"""Names held against the lists that the book has, in all scripts, with why each hit is one.

Only what shares a key of two words, or of the whole name, is compared at all (`name_keys.py`, `names.py`), so that a
surname alone, however common, is no hit. A name of two short words in Latin letters that an East Asian surname is in is
many people's: it counts for less, unless the party's country is among those of the entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from crossbook.engine import Database
from crossbook.trade.degree import Degree
from crossbook.trade.name_keys import Listed
from crossbook.trade.name_parts import readings
from crossbook.trade.name_tables import romanised
from crossbook.trade.transliteration import latin

STRONG, WEAK = 85, 50  # scores from which a hit is taken for the party, or asks

# The newest edition of each list.
_LISTED = """
WITH edition AS (
  SELECT l.list, l.evidence, row_number() OVER (PARTITION BY l.list ORDER BY max(l.published) DESC NULLS LAST,
                                                max(e.seq) DESC) AS age
  FROM listed_party l JOIN evidence e ON e.sha = l.evidence GROUP BY l.list, l.evidence
)
SELECT l.* FROM listed_party l JOIN edition x ON x.list = l.list AND x.evidence = l.evidence WHERE x.age = 1
"""
HIT = {
    "name": pa.string(),
    "list": pa.string(),
    "entry": pa.string(),
    "listed": pa.string(),
    "quality": pa.string(),
    "type": pa.string(),
    "countries": pa.string(),
    "born": pa.string(),
    "program": pa.string(),
    "listed_on": pa.date32(),
    "published": pa.date32(),
    "score": pa.int64(),
    "reason": pa.string(),
    "evidence": pa.string(),
    "line": pa.int64(),
}


@dataclass(frozen=True)
class Judged:
    """What a name has to do with a listed one: a score of 100 and why."""

    score: int
    reason: str


def judge(name: str, listed: str, quality: str, degree: str, countries: Iterable[str], theirs: str | None) -> Judged:
    """The score of a name that is `degree` near to a listed one. `countries` are the party's, as ISO codes; `theirs`
    are the entry's as the list writes them. Below `WEAK` it is no hit."""
    same = degree == Degree.SAME.value
    score = 95 if same else 75
    reasons = ["the same name" if same else "may be the same name"]
    if quality == "weak":
        score -= 35
        reasons.append("by an alias that the list calls weak")
    shared = sorted(c for c in countries if theirs and _country(c) & {t.strip().lower() for t in theirs.split(";")})
    if shared:
        score += 15
        reasons.append(f"the entry names {', '.join(shared)} too")
    elif common(name) and common(listed):
        score -= 30 if same else 35 if _initials(name) or _initials(listed) else 20
        reasons.append("a name that many people have")
    return Judged(min(score, 100), "; ".join(reasons))


def common(name: str) -> bool:
    """Whether a name is of two short words, one of them a surname of East Asia: many have it."""
    told = readings(name)
    if not told or told[0].forms:
        return False
    words = [latin(w.plain) for w in told[0].words]
    if told[0].script in ("han", "hangul", "kana"):
        return len(told[0].whole) <= 4
    return len(words) <= 3 and sum(map(len, words)) <= 14 and any(w in romanised() for w in (words[0], words[-1]))


def _initials(name: str) -> bool:
    told = readings(name)
    return bool(told) and any(len(w) == 1 for w in told[0].plain) and told[0].script not in ("han", "hangul", "kana")


def _country(code: str) -> set[str]:
    """How a list may write a country: its code and its English name."""
    from babel import Locale

    return {code.lower(), Locale("en").territories.get(code.upper(), "").lower()} - {""}


def hits(database: Database, names: Iterable[str], countries: Mapping[str, Collection[str]]) -> pa.Table:
    """What of the lists each name is near to, a row for each name and entry with the columns of `HIT`; `countries` are
    those known beside a name. No rows where the book has no list."""
    found = _found(database, sorted(names), countries) if database.rows("SELECT 1 FROM listed_party LIMIT 1") else []
    return pa.table({n: pa.array([h[n] for h in found], of) for n, of in HIT.items()})


def _found(database: Database, names: list[str], countries: Mapping[str, Collection[str]]) -> list[dict[str, Any]]:
    from crossbook.trade.name_pairs import degrees  # its alphabets take a while, and tables are often kept

    entries: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in database.rows(f"SELECT * FROM ({_LISTED}) x ORDER BY list, entry, line"):
        entries[row["name"]].append(row)
    listed_names = Listed(entries)
    pairs = [(name, other) for name in names for other in sorted(listed_names.near(name))]
    told = degrees(
        pa.array([name for name, _ in pairs], pa.string()), pa.array([listed for _, listed in pairs], pa.string())
    ).to_pylist()
    near = [(n, x, d) for (n, x), d in zip(pairs, told, strict=True) if d in (Degree.SAME.value, Degree.MAY_BE.value)]
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for name, listed, degree in near:
        for row in entries[listed]:
            judged = judge(name, listed, row["quality"], degree, countries.get(name, ()), row["countries"])
            key = (name, row["list"], row["entry"])
            if judged.score >= WEAK and judged.score > found.get(key, {"score": 0})["score"]:
                told_of = {n: row[n] for n in HIT if n in row}
                found[key] = told_of | {
                    "name": name,
                    "listed": listed,
                    "score": judged.score,
                    "reason": judged.reason,
                }
    return [found[key] for key in sorted(found)]
