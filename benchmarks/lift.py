"""How much oftener what a rule calls is laundering than any transfer is, in a set of somebody else's making.

    python benchmarks/lift.py tx_log.parquet

Takes files of a labelled set that crossbook reads (AMLGentex, AMLworld, SAML-D), adds them to a new book and runs every
rule with its usual figures. Of each rule: how many transfers its alerts rest on, how many of these are labelled, and
the lift, the labelled share of what is called over that of all; the same for parties, where one is labelled that has a
labelled transfer. The last row is all rules that are no report of the law together. No rule reads the label.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from crossbook.book import init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.engine import Database, connect
from crossbook.watch.rules import rules

CALLED = """
SELECT x.id, t.labelled FROM (
  SELECT DISTINCT x.id FROM alert_transfer x JOIN alert a ON a.alert = x.alert WHERE {which}
) x JOIN labelled t ON t.id = x.id
"""
PARTIES = """
SELECT s.subject AS party, coalesce(p.guilty, false) AS labelled FROM (
  SELECT DISTINCT subject FROM alert a WHERE {which}
) s JOIN guilt p ON p.party = s.subject
"""


def lay(database: Database) -> None:
    """Label each transfer and each party."""
    database.scratch(
        "labelled",
        "SELECT w.id, w.payer_party, w.payee_party, coalesce(f.labelled, false) AS labelled FROM watch_transfer w "
        "JOIN transfer f ON f.evidence = w.evidence AND f.line = w.line",
    )
    database.scratch(
        "guilt",
        "SELECT party, bool_or(labelled) AS guilty FROM (SELECT payer_party AS party, labelled FROM labelled "
        "UNION ALL SELECT payee_party, labelled FROM labelled) u WHERE party IS NOT NULL GROUP BY party",
    )


def counted(database: Database, select: str) -> tuple[int, int]:
    """Rows of a SELECT with `labelled`, and how many of them are."""
    (row,) = database.rows(f"SELECT count(*) AS n, count_if(labelled) AS guilty FROM ({select}) x")
    return row["n"], row["guilty"]


def told(name: str, found: tuple[int, int], base: float) -> str:
    """One half of a row."""
    number, guilty = found
    lift = f"{guilty / number / base:6.2f}" if number and base else "     -"
    return f"{name:<16} {number:>9,} {guilty:>7,} {lift}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", type=Path, nargs="+")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        book = init_book(Path(folder) / "book", "Lift", "USD")
        for item in inputs(options.files):
            add(book, item)
        database = connect(open_book(book.path))
        database.ask("alerts")
        lay(database)
        number, guilty = counted(database, "SELECT labelled FROM labelled")
        parties, guilty_parties = counted(database, "SELECT guilty AS labelled FROM guilt")
        print(f"{number:,} transfers, {guilty:,} labelled; {parties:,} parties, {guilty_parties:,} with one")
        print("rule             transfers labelled lift | parties labelled lift")
        laid = {r["rule"] for r in database.rows("SELECT DISTINCT rule FROM alert")}
        patterns = [r.name for r in rules() if r.gravity != "report"]
        for name, which in (
            *((n, f"a.rule = '{n}'") for n in sorted(laid)),
            ("all patterns", "a.rule IN ({})".format(", ".join(f"'{n}'" for n in patterns))),
        ):
            transfers = told(name, counted(database, CALLED.format(which=which)), guilty / number)
            print(transfers, "|", told("", counted(database, PARTIES.format(which=which)), guilty_parties / parties))


if __name__ == "__main__":
    main()
