"""How many random bank tables are read right unasked, asked about, refused and read wrong (which must be none), what
is asked, and how often though the file itself decides it.

python benchmarks/tables.py --tables 20000
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.sources.table.judging import judge
from tests.sources.table.writing import write

ASKED = {
    "currency": "currency",
    "which way money went": "way of the money",
    "order of day": "order of days",
    "does not follow": "a balance that does not follow",
    "rows:": "rows that cannot be read",
}


def main() -> int:
    """Write tables from known facts, read them, and count; the exit code is 1 when one was read wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=2_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    said = parser.parse_args()
    found: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    alarms = decided = 0
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        for seed in range(said.first, said.first + said.tables):
            table = write(seed)
            verdict, why = judge(table, Path(folder))
            found[verdict] += 1
            alarms += verdict != "right" and table.decides
            decided += table.decides
            for words, text in ASKED.items():
                asked[text] += verdict == "asked" and words in why
            if verdict in ("wrong", "refused"):
                print(f"{verdict}: {table.how}: {why}")
    seconds = time.perf_counter() - began
    counts = ", ".join(f"{name} {found[name]:,}" for name in ("right", "asked", "refused", "wrong"))
    print(f"{said.tables:,} tables: {counts}; {1000 * seconds / said.tables:.1f} ms each")
    print("asked:", ", ".join(f"{text} {n:,}" for text, n in asked.most_common()))
    print(f"of {decided:,} that decide it themselves {alarms:,} were asked about or refused")
    return 1 if found["wrong"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
