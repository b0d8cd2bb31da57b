"""Limits to the cent, on the days around them: rows worked by hand from the texts that thresholds.csv cites."""

from __future__ import annotations

import csv
from pathlib import Path

from crossbook.engine import connect
from crossbook.watch.thresholds import thresholds
from tests.watch.writing import transfer, watched

TABLE = Path(__file__).parent / "limits.csv"


def test_limits_to_the_cent(tmp_path: Path) -> None:
    """Each row of the table is a party of its own; the parties called, and by which limits, are all of them."""
    rows = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
    transfers, accounts, wanted = [], [], set()
    for case in rows:
        party = f"P-{case['case']}"
        if case["holder"]:
            accounts.append(f"{party},{party},{case['holder']},no,")
        for n, told in enumerate(case["transfers"].split(" ; ")):
            moment, way, amount, currency = told.split()
            other = f"X-{case['case']}-{n}"
            abroad = {"cross": "US", "domestic": "CN", "unknown": ""}[case["border"]]
            ends = (party, other, ("CN", abroad)) if way == "out" else (other, party, (abroad, "CN"))
            kind = {"cash out": "cash_out", "cash in": "cash_in"}.get(f"{case['kind']} {way}", "transfer")
            payer, payee, countries = ends
            if kind != "transfer":
                payer, payee = ("", payee) if way == "in" else (payer, "")
            transfers.append(
                transfer(f"{party}-{n}", moment, payer, payee, amount, currency, countries=countries, kind=kind)
            )
        wanted |= {(party, limit) for limit in case["called"].split(" ; ") if limit}
    book = watched(tmp_path, transfers, accounts, '[watch]\nlaws = ["CN", "US"]\nzone = "Asia/Shanghai"\n')
    database = connect(book)
    database.ask("alerts")
    found = {
        (r["subject"], r["what"] if r["certain"] else r["what"] + " ?")
        for r in database.rows("SELECT subject, what, certain FROM alert WHERE rule = 'large_value'")
        if r["subject"].startswith("P-")
    }
    assert found == wanted


def test_every_limit_has_a_source_and_those_at_second_hand_say_so() -> None:
    assert all(t.source and t.title and t.valid_from for t in thresholds())
    assert {t.name for t in thresholds() if not t.secondary} == {
        "eu_accompany",
        "eu_identify_transfer",
        "eu_identify",
        "eu_cash_cap",
        "us_currency",
        "us_suspicious_bank",
        "us_suspicious_msb",
    }
    assert len({t.name for t in thresholds()}) == len(thresholds())
