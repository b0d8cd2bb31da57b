"""Times of day that are known, are not told, or cannot be: what rules take from them. Worked by hand."""

from __future__ import annotations

from pathlib import Path

from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.engine import connect
from crossbook.watch.amounts import shown
from crossbook.watch.reading import summary
from tests.watch.writing import transfer, watched


def test_money_passes_through_in_the_order_of_known_times_alone(tmp_path: Path) -> None:
    """Each is paid 30 000 and pays 29 500 on (98 %): after it came, before it, in part before it (of 29 500 paid at 11
    only 20 000 had come), on a day without times (they may stand in either order), at one moment, and a day later."""
    rows = []
    for who, moves in {
        "AFTER": (("in", "02T10:00:00", 30_000), ("out", "02T11:00:00", 29_500)),
        "before": (("out", "02T09:00:00", 29_500), ("in", "02T10:00:00", 30_000)),
        "part": (("in", "02T10:00:00", 20_000), ("out", "02T11:00:00", 29_500), ("in", "02T12:00:00", 10_000)),
        "DAY": (("out", "02T00:00:00", 29_500), ("in", "02T00:00:00", 30_000)),
        "HALF": (("in", "02T10:00:00", 30_000), ("out", "02T00:00:00", 29_500)),
        "MOMENT": (("out", "02T10:00:00", 29_500), ("in", "02T10:00:00", 30_000)),
        "NEXT": (("in", "02T00:00:00", 30_000), ("out", "03T00:00:00", 29_500)),
    }.items():
        for n, (way, at, amount) in enumerate(moves):
            payer, payee = (f"from-{who}", who) if way == "in" else (who, f"to-{who}")
            rows.append(transfer(f"{who}{n}", f"2026-03-{at}", payer, payee, f"{amount}.00"))
    database = connect(watched(tmp_path, rows))
    database.ask("alerts")
    found = database.rows("SELECT subject, certain, transfers FROM alert WHERE rule = 'pass_through'")
    assert {r["subject"]: r["certain"] for r in found} == {
        "AFTER": True,
        "DAY": False,
        "HALF": False,
        "MOMENT": False,
        "NEXT": True,
    }
    assert {r["transfers"] for r in found} == {2}


def test_money_passes_through_in_the_order_that_is_declared(tmp_path: Path) -> None:
    """In one second, or on a day alone, a declared sequence tells which came first: of 29 500 that left before 30 000
    came none passed through. A row without one may stand anywhere in its second; where one of the day's rows has a time
    of day, sequence and time do not tell which came first."""
    rows = ["transfer id,executed at,payer account,payee account,paid,currency,sequence"]
    for who, at, ways in (
        ("late", "2026-03-02T10:00:00Z", ("out 1", "in 2")),
        ("SECOND", "2026-03-02T10:00:00Z", ("out 2", "in 1")),
        ("PARTLY", "2026-03-02T10:00:00Z", ("out ", "in 1")),
        ("early", "2026-03-02", ("out 1", "in 2")),
        ("DAY", "2026-03-02", ("in 1", "out 2")),
    ):
        rows += [_row(f"{who}{n}", at, who, way) for n, way in enumerate(ways)]
    rows += [_row("M0", "2026-03-02", "MIXED", "out 1"), _row("M1", "2026-03-02T10:00:00Z", "MIXED", "in 2")]
    book = watched(tmp_path, ())
    (tmp_path / "declared.csv").write_text("\n".join(rows) + "\n")
    for item in inputs([tmp_path / "declared.csv"]):
        add(book, item)
    database = connect(book)
    database.ask("alerts")
    found = database.rows("SELECT subject, certain FROM alert WHERE rule = 'pass_through'")
    assert {r["subject"]: r["certain"] for r in found} == {
        "SECOND": True,
        "PARTLY": False,
        "DAY": True,
        "MIXED": False,
    }


def _row(number: str, at: str, who: str, way: str) -> str:
    side, sequence = way.split(" ")
    sides = f"from-{who},{who},30000.00" if side == "in" else f"{who},to-{who},29500.00"
    return f"{number},{at},{sides},CNY,{sequence}"


def test_a_clock_that_is_doubted_shows_no_sleep(tmp_path: Path) -> None:
    """Both are busy in March 2026 (five transfers within a week). One was used a year before; the other has a row of
    1960 and one of 2999, of which neither shows that it lay still."""
    rows = [transfer("S0", "2025-03-02", "SLEEP", "x", "10.00"), transfer("L0", "1960-03-02", "late", "x", "10.00")]
    rows.append(transfer("L1", "2999-03-02", "late", "x", "10.00"))
    rows += [
        transfer(f"{who}1{n}", f"2026-03-0{n + 2}", who, "x", "10.00") for who in ("SLEEP", "late") for n in range(5)
    ]
    database = connect(watched(tmp_path, rows, ["x,x,institution,yes,"]))
    told = {r["rule"]: r for r in summary(database).rules}["dormant"]
    assert [r["subject"] for r in database.rows("SELECT subject FROM alert WHERE rule = 'dormant'")] == ["SLEEP"]
    assert told["left"] == 2 and "a clock may be wrong" in told["note"]


def test_a_sum_in_one_currency_needs_no_rate(tmp_path: Path) -> None:
    """Most transfers are in yuan, no rate is known. USD 300 000 of a firm across the border reach Order 2016/3's USD
    200 000 and are what they are; EUR and USD together are not known."""
    rows = [transfer(f"Y{n}", "2026-03-02", "a", "b", "10.00") for n in range(3)]
    rows.append(transfer("U", "2026-03-02", "FIRM", "FAR", "300000.00", "USD", countries=("CN", "US")))
    for n, currency in enumerate(("USD", "EUR", "USD")):  # three of a party, of whole thousands
        rows += [transfer(f"M{n}{k}", f"2026-03-0{n + 2}", "MIX", "m", "1000.00", currency) for k in range(2)]
    for n in range(10):  # ten pay one, nine of them in what no rate makes yuan: it is paid the tenth at least
        rows.append(transfer(f"P{n}", "2026-03-05", f"p{n}", "PART", "7.00", "USD" if n else "CNY"))
    rows += [transfer(f"Z{n}", "2026-03-02", "a", "b", "10.00") for n in range(12)]  # most are in yuan
    database = connect(watched(tmp_path, rows, ["FIRM,FIRM,legal,no,"]))
    database.ask("watch_cases")
    found = database.rows("SELECT subject, amount, currency, unmeasured FROM alert WHERE rule = 'large_value'")
    assert {"subject": "FIRM", "amount": 30_000_000, "currency": "USD", "unmeasured": 0} in found
    case = database.rows("SELECT amount, currency, unmeasured FROM watch_case WHERE subject = 'FIRM'")
    assert case == [{"amount": 30_000_000, "currency": "USD", "unmeasured": 0}]
    mixed = database.rows("SELECT amount, unmeasured FROM alert WHERE subject = 'MIX' AND rule = 'round_amounts'")
    assert all(r["amount"] is None and r["unmeasured"] == 6 for r in mixed)
    (part,) = database.rows("SELECT amount, currency, unmeasured FROM alert WHERE subject = 'PART'")
    assert shown(*part.values()) == "≥ 7.00 CNY" and shown(700, "CNY", 0) == "7.00 CNY"


def test_a_day_alone_is_that_day_in_every_zone_and_a_moment_is_of_the_zone(tmp_path: Path) -> None:
    """In a book of New York: 2 March as written; 23:30 of 2 March there; 03:30 UTC of 3 March, which is 22:30 of
    2 March there; 05:30 UTC of 3 March, 00:30 there."""
    moments = {
        "T1": "2026-03-02",
        "T2": "2026-03-02T23:30:00-05:00",
        "T3": "2026-03-03T03:30:00Z",
        "T4": "2026-03-03T05:30:00Z",
    }
    book = watched(tmp_path, [], settings='[watch]\nzone = "America/New_York"\n')
    rows = [f"5.00,B,{number},A,USD,{moment}" for number, moment in moments.items()]
    head = "paid,payee account,transfer id,payer account,currency,executed at"
    (tmp_path / "days.csv").write_text("\n".join([head, *rows]) + "\n")
    for item in inputs([tmp_path / "days.csv"]):
        add(book, item)
    database = connect(book)
    database.ask("transfers")
    found = database.rows("SELECT transfer_id, day, clock FROM watch_transfer ORDER BY transfer_id")
    assert [(r["day"].day, r["clock"]) for r in found] == [(2, False), (2, True), (2, True), (3, True)]
