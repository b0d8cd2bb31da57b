"""How often finding by words gives the right tariff number: python benchmarks/finding.py [CASES.csv ...]

CASES.csv has columns `description` (or `text`) and `hts_code` (or `code`, several separated by ;), such as customs
rulings; a list in JSON has `query`, `expected_code` and `persona`, of which `original` are the authority's words, no
trader's: `mcp-skill-eval/eval_sample210.json` of github.com/trade-tariff/ai-search-evaluation-suite. Without one, the
sellers' titles that were kept aside are measured, of which building and fitting saw none. Of
any file the half that is held back (`measuring.held_back`) is told beside the whole. For each word that people are told
of the first heading: how often it was said, and how often the heading was then wrong.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import time
from pathlib import Path

KEPT = Path(__file__).parents[1] / "tests" / "duty" / "finding" / "titles_held_back.csv"


def read(path: Path) -> list[tuple[str, str]]:
    if path.suffix == ".json":
        told = json.loads(path.read_text(encoding="utf-8"))
        return [(r["query"], r["expected_code"]) for r in told if r["persona"] != "original"]
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = [r.get("description") or r.get("text") or r.get("q") or "" for r in rows]
    codes = [(r.get("hts_code") or r.get("code") or r.get("hs6") or "").replace(".", "") for r in rows]
    return list(zip(texts, codes, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, nargs="*", default=[KEPT])
    given = parser.parse_args()
    started = time.perf_counter()
    from crossbook.duty.finding import search
    from crossbook.duty.finding.measuring import held_back, measured

    imported = time.perf_counter()
    search("cable")
    cold = time.perf_counter()
    print(f"imports {imported - started:.2f} s, first find {cold - imported:.2f} s")
    for path in given.cases:
        cases = read(path)
        times = []
        for text, _ in cases[:200]:
            began = time.perf_counter()
            search(text)
            times.append(time.perf_counter() - began)
        print(f"{path.name}: {statistics.median(times) * 1000:.0f} ms each (median)")
        for name, some in (("all", cases), ("held back", [c for c in cases if held_back(c[0])])):
            told = measured(some)
            print(
                f"  {name:<10} {told.count:>4}  heading first {told.first:.2f}, in ten {told.ten:.2f}; "
                f"six digits first {told.six_first:.2f}, in ten headings {told.six_ten:.2f}; "
                f"said of the first {told.said:.2f}"
            )
            for word, (count, right) in told.verdicts.items():
                print(f"             {word:<9} said of {count:>4}, wrong {1 - right if count else 0:.2f}")


if __name__ == "__main__":
    main()
