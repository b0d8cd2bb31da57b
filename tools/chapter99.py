"""Write the small list of headings of chapter 99 by revision that the tests hold the coverage against.

    python tools/chapter99.py EXPORTS

EXPORTS is a folder of schedule exports named hts_<revision>.json.gz (https://hts.usitc.gov). Each line of the list has
the first and the last of the revisions that print a run of headings, then the headings. Prints those that neither a
measure nor data/duty/headings.csv has.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

from duty_tables import REVISIONS

from crossbook.duty.headings import untreated

OUT = Path(__file__).parent.parent / "tests/duty/chapter99.txt"


def printed(exports: Path, revision: str) -> set[str]:
    """Headings of chapter 99 in an export, dotted as printed."""
    rows = json.loads(gzip.decompress((exports / f"hts_{revision}.json.gz").read_bytes()))
    return {r["htsno"] for r in rows if (r["htsno"] or "").startswith("99")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exports", type=Path)
    args = parser.parse_args()
    by_heading: dict[str, list[str]] = {}
    for revision in REVISIONS:
        for heading in printed(args.exports, revision):
            by_heading.setdefault(heading, []).append(revision)
    lines: dict[tuple[str, str], list[str]] = {}
    for heading, revisions in sorted(by_heading.items()):
        lines.setdefault((revisions[0], revisions[-1]), []).append(heading)
    OUT.write_text("\n".join(" ".join((*key, *found)) for key, found in lines.items()) + "\n", encoding="utf-8")
    print(f"{len(by_heading):,} headings in {len(REVISIONS)} revisions")
    for heading in untreated(iter(by_heading)):
        print("neither a measure nor listed:", heading, *by_heading[heading][:1])


if __name__ == "__main__":
    main()
