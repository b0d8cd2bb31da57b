"""Make the table of import duty of Korea that ships, `KR.csv` beside the others.

    python tools/kr_schedule.py

It is made of `kr_by_hand.csv`: lines that were read one by one from the table of rates of the Korea Customs Service of
2026-02-11 (data.go.kr 15051179, KOGL type 1), as github.com/tbco-ship-it/jikguse has it in `data/hs.json` at
commit c67a4ffc8f6a66b60e5da4f93b294b26104be16b. Members of the WTO bear the lower of the basic rate (A) and the WTO's
(C); goods of China with proof of origin that of the agreement of Korea and China (FCN1) or of the RCEP (FRCCN1). A
number of six digits is one under which all lines say the same. `crossbook duty add` reads the agency's whole table.
"""

from __future__ import annotations

import csv
from pathlib import Path

from market_rows import Row, write

EDITION, SOURCE = "2026-02-11", "Korea Customs Service, rates by tariff number, 2026-02-11"


def main() -> None:
    """KR from the lines that were read by hand."""
    rows = []
    for r in csv.DictReader((Path(__file__).parent / "kr_by_hand.csv").open(encoding="utf-8")):
        for code in r["codes"].split():
            rows.append(Row(code, "", r["mfn"], EDITION, SOURCE))
            for measure, column in (("China-Korea", "china_korea"), ("RCEP", "rcep")):
                if r[column]:
                    rows.append(Row(code, "", r[column], EDITION, SOURCE, "CN", measure))
    write("KR", sorted(rows, key=lambda x: x.code))


if __name__ == "__main__":
    main()
