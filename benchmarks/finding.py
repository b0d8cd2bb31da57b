"""How often finding by words gives the right tariff number: python benchmarks/finding.py RULINGS.csv

RULINGS.csv has columns `description` and `hts_code`, such as customs rulings: goods in an importer's words, and the
number customs gave them. Beside it the same search without the table of trade synonyms.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path

from crossbook.duty import finding


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("rulings", type=Path)
    options = parser.parse_args()
    with options.rulings.open(encoding="utf-8", newline="") as file:
        cases = [(r["description"], r["hts_code"].replace(".", "")) for r in csv.DictReader(file)]
    finding.find("cable")
    started = time.perf_counter()
    told = finding.recall(cases)
    each = (time.perf_counter() - started) / len(cases)
    first = [(f[0], code) for text, code in cases if (f := finding.find(text))]
    said = sum(f.sure for f, _ in first) / len(first)
    right = sum(f.code[:4] == code[:4] for f, code in first) / len(first)
    finding.synonyms.cache_clear()
    finding.rows = lambda name: iter(())  # type: ignore[assignment]
    plain = finding.recall(cases)
    print(f"{len(cases)} rulings, {each * 1000:.0f} ms each")
    for name in told:
        print(f"  {name:<16} {told[name]:.2f}   without synonyms {plain[name]:.2f}")
    print(f"  said of the first heading on average {said:.2f}, right {right:.2f}")


if __name__ == "__main__":
    main()
