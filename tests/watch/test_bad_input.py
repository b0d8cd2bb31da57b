"""Input that is odd or wrong: what becomes of each row is said, and nothing is lost. Worked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from crossbook.book import init_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.engine import connect
from crossbook.errors import CrossbookError
from crossbook.watch import transfers
from crossbook.watch.chains import Walk
from crossbook.watch.reading import alert, alerts, chain, summary
from tests.effort import times
from tests.trade.making import at, traded
from tests.watch.writing import transfer, watched


def test_every_row_is_a_transfer_or_set_aside_with_its_reason(tmp_path: Path) -> None:
    rows = [
        transfer("T1", "2026-03-03T10:00:00", "A", "B", "100.00"),
        transfer("T1", "2026-03-03T10:00:00", "A", "B", "100.00"),  # the same line again
        transfer("T2", "2026-03-03T11:00:00", "A", "B", "-100.00"),  # a reversal written as a negative amount
        transfer("T3", "2026-03-03T12:00:00", "A", "B", "0.00"),
        transfer("T4", "2026-03-03T13:00:00", "B", "A", "100.00", kind="return", original="T1"),
        transfer("T5", "2026-03-03T14:00:00", "C", "C", "70.00"),  # a party on both sides
        transfer("T6", "2026-03-03T15:00:00", "A", "B", "9.00", "EUR"),  # no rate
    ]
    told = summary(connect(watched(tmp_path, rows)))
    assert told.aside == {"amount of zero": 1, "negative amount": 1, "told again": 1}
    assert told.transfers + sum(told.aside.values()) == len(rows)
    assert told.unmeasured == 1


def test_a_payment_that_tells_no_day_is_set_aside_and_keeps_no_rule_from_running(tmp_path: Path) -> None:
    """A payment is a transfer of the book's own money; that of P1 tells no day, and no table of payments need."""
    paid = {"payer": "Bo Ek", "amount": 500, "currency": "CNY"}
    rows = [paid | {"payment_id": "P1", "order_id": "A1"}]
    rows += [paid | {"payment_id": "P2", "order_id": "A2", "paid_at": at("2026-03-04")}]
    database = traded(payment=rows)
    transfers.make(database, init_book(tmp_path / "book", "Watch", "CNY"))
    assert database.rows("SELECT transfer_id, reason FROM watch_aside") == [
        {"transfer_id": "P1:A1", "reason": "no day"}
    ]
    assert database.rows("SELECT transfer_id FROM watch_transfer") == [{"transfer_id": "P2:A2"}]


def test_a_moment_at_an_end_of_the_calendar_has_a_day_in_every_zone(tmp_path: Path) -> None:
    """Programs write the first moment that they have where none is known, or the last: it is not yet year 1 in New
    York then, and year 10000 in Shanghai."""
    rows = [
        transfer("T1", "0001-01-01T00:00:00Z", "A", "B", "5.00", "USD", kind="cash_in"),
        transfer("T2", "9999-12-31T23:59:59Z", "A", "B", "5.00", "USD", kind="cash_in"),
    ]
    for zone in ("America/New_York", "Asia/Shanghai"):
        book = watched(tmp_path / zone[:4], rows, settings=f'[watch]\nlaws = ["US"]\nzone = "{zone}"\n')
        told = summary(connect(book))
        assert (str(told.first), str(told.last), told.transfers) == ("0001-01-01", "9999-12-31", 2)


def test_numbers_that_are_small_are_told_from_those_of_the_list(tmp_path: Path) -> None:
    rows = [transfer(n, f"2026-03-03T1{at}:00:00", "A", "B", "9.00") for at, n in enumerate(("1", "0"))]
    database = connect(watched(tmp_path, rows))
    with pytest.raises(CrossbookError, match="2 transfers are called '0'"):
        chain(database, "0")
    assert [r["transfer_id"] for r in chain(database, "@0")] == ["1"]


def test_names_are_read_by_either_header_and_where_there_are_none_no_list_is_asked(tmp_path: Path) -> None:
    head = "transfer id,executed at,payer account,payee account,paid,currency"
    row = "T1,2026-03-03T10:00:00Z,A,B,9.00,CNY"
    for n, (names, told) in enumerate((("", ""), (",payer name,payee_name", ",Acme Boats Ltd,Bo Ek"))):
        book = watched(tmp_path / str(n), ())
        for name, lines in (("t", (head + names, row + told)), ("l", ("list,entry,name", "own,7,Acme Boats Ltd"))):
            (tmp_path / str(n) / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
            for item in inputs([tmp_path / str(n) / f"{name}.csv"]):
                add(book, item)
        listed = next(r for r in summary(connect(book)).rules if r["rule"] == "listed")
        assert (listed["ran"], listed["alerts"]) == (bool(names), n)
        assert ("no transfer names a party" in listed["note"]) is not bool(names)


def test_a_name_is_looked_for_as_the_transfer_tells_it_and_as_the_account_has_it(tmp_path: Path) -> None:
    """The account's holder is Li Ming; the transfer is said to be of somebody whom a list names."""
    tables = {
        "accounts": ("account number,holder id,holder,holder kind", "A,H1,Li Ming,natural", "B,H2,Bo Ek,natural"),
        "transfers": (
            "transfer id,executed at,payer account,payer name,payee account,payee name,paid,currency",
            "T1,2026-03-03T10:00:00Z,A,张伟明,B,BO EK,9.00,CNY",
        ),
        "list": ("list,entry,name", "own,7,张伟明"),
    }
    book = watched(tmp_path, ())
    for name, lines in tables.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        for item in inputs([tmp_path / f"{name}.csv"]):
            add(book, item)
    database = connect(book)
    database.ask("alerts")
    (row,) = database.rows("SELECT payer, payer_told, payee, payee_told FROM watch_transfer")
    assert row == {"payer": "Li Ming", "payer_told": "张伟明", "payee": "Bo Ek", "payee_told": None}
    (found,) = [a for a in alerts(database) if a["rule"] == "listed"]
    assert (found["subject"], found["what"]) == ("H1", "own 7")
    assert [hit["name"] for hit in alert(database, found["alert"])["hits"]] == ["张伟明"]


def test_a_reversal_is_a_return_by_whatever_name(tmp_path: Path) -> None:
    """Each takes back one of the first three: nothing of the six is left for patterns, and all six count to limits."""
    rows = [transfer(f"T{n}", f"2026-03-03T{10 + n}:00:00", "A", f"B{n}", "100.00") for n in range(3)]
    rows += [
        transfer(f"R{n}", f"2026-03-03T{15 + n}:00:00", f"B{n}", "A", "100.00", kind=kind, original=f"T{n}")
        for n, kind in enumerate(("return", "reversal", "冲正"))
    ]
    database = connect(watched(tmp_path, rows))
    told = summary(database)
    assert (told.transfers, list(told.odd)) == (6, [])
    assert [r["n"] for r in database.rows("SELECT count(*) AS n FROM watch_transfer WHERE NOT returned")] == [0]


def test_a_small_part_that_comes_back_hides_no_transfer(tmp_path: Path) -> None:
    """T1 is returned but for charges, T2 by one yuan of a hundred, T3 by two halves, T4 in another currency."""
    rows = [transfer(f"T{n}", f"2026-03-03T{10 + n}:00:00", "A", f"B{n}", "100.00") for n in (1, 2, 3, 4)]
    back = (("T1", "95.00", "CNY"), ("T2", "1.00", "CNY"), ("T3", "25.00", "CNY"), ("T3", "25.00", "CNY"))
    rows += [
        transfer(f"R{n}", f"2026-03-04T1{n}:00:00", f"B{of[1]}", "A", amount, currency, kind="return", original=of)
        for n, (of, amount, currency) in enumerate((*back, ("T4", "1.00", "EUR")))
    ]
    database = connect(watched(tmp_path, rows))
    assert [(o.transfers, o.first) for o in summary(database).odd] == [(1, "transfers.csv:3")]
    assert database.rows("SELECT transfer_id FROM watch_transfer WHERE NOT returned") == [{"transfer_id": "T2"}]


def test_what_is_odd_counts_and_is_said_with_its_line(tmp_path: Path) -> None:
    """Line 2 lies ahead and line 3 before any bank's computer; 4 and 5 share a number; 6 returns what nobody sent."""
    rows = [
        transfer("T1", "2199-01-01T10:00:00", "A", "B", "100.00"),
        transfer("T2", "1969-12-31T10:00:00", "A", "B", "100.00"),
        transfer("T3", "2026-03-03T10:00:00", "A", "B", "100.00"),
        transfer("T3", "2026-03-03T10:00:00", "A", "B", "100.01"),
        transfer("T4", "2026-03-03T13:00:00", "B", "A", "100.00", kind="return", original="LOST"),
        transfer("T5", "2026-03-03T13:00:00", "B", "A", "100.00", kind="return", original="T3"),
        transfer("T6", "2026-03-03T12:00:00", "A", "B", "0.00"),
    ]
    database = connect(watched(tmp_path, rows))
    told = summary(database)
    found = {o.what.partition(":")[0]: (o.transfers, o.first) for o in told.odd}
    assert found == {
        "dated later than today": (1, "transfers.csv:2"),
        "dated before 1970": (1, "transfers.csv:3"),
        "under one number in one file, though party, amount or day is another": (2, "transfers.csv:4"),
        "a return of what is not in the book": (1, "transfers.csv:6"),
    }
    assert told.transfers == 6 and told.aside_first == {"amount of zero": "transfers.csv:8"}
    with pytest.raises(CrossbookError, match="transfer 'T6' was set aside: amount of zero"):
        chain(database, "T6")


def test_a_number_of_the_whole_world_given_twice_loses_no_transfer(tmp_path: Path) -> None:
    """The first is a transfer and, far larger, another's; the second goes from bank to bank, which take five each."""
    one, two = "11111111-2222-4333-8444-555555555555", "aaaaaaaa-2222-4333-8444-555555555555"
    rows = [
        transfer(one, "2026-03-03T10:00:00", "A", "B", "100.00"),
        transfer(one, "2026-03-03T10:00:00", "C", "D", "500000.00"),
        transfer(two, "2026-03-03T11:00:00", "A", "B", "100.00", received="95.00"),
        transfer(two, "2026-03-03T11:00:00", "A", "B", "100.00", received="90.00"),
    ]
    told = summary(connect(watched(tmp_path, rows)))
    assert (told.transfers, told.aside) == (3, {"told again": 1})
    assert [(o.transfers, o.first) for o in told.odd] == [(2, "transfers.csv:2")]


def test_moments_of_other_clocks_fall_on_their_own_day_and_in_their_order(tmp_path: Path) -> None:
    """The second was sent first: 09:30 in Beijing is 01:30 UTC. 23:30 in New York is noon of the next day."""
    rows = [
        transfer("LATE", "2026-03-03T02:00:00Z", "A", "B", "100.00"),
        transfer("EARLY", "2026-03-03T09:30:00+08:00", "A", "B", "100.00"),
        transfer("NEXT", "2026-03-03T23:30:00-05:00", "A", "B", "100.00"),
    ]
    database = connect(watched(tmp_path, [r.replace("-05:00+08:00", "-05:00") for r in rows]))
    database.ask("transfers")
    found = database.rows("SELECT transfer_id, CAST(day AS VARCHAR) AS day FROM watch_transfer ORDER BY id")
    assert [(r["transfer_id"], r["day"]) for r in found] == [
        ("EARLY", "2026-03-03"),
        ("LATE", "2026-03-03"),
        ("NEXT", "2026-03-04"),
    ]


def test_one_account_that_all_transfers_go_through() -> None:
    """It is paid and pays in turn, ten millions of times in the long run; every payment finds what came before it."""
    count = times(100_000, long=10_000_000)
    turn = np.arange(count)
    payer, payee = np.where(turn % 2, 0, 1 + turn), np.where(turn % 2, 1 + turn, 0)
    traced = Walk().follow(turn, payer, payee, np.full(count, 500))
    assert len(traced.depth) == count and traced.links.shape == (count // 2, 3)
    assert (traced.depth[::2] == 1).all() and (traced.depth[1::2] == 2).all()
    assert (traced.links[:, 0] - traced.links[:, 1] == 1).all() and (traced.links[:, 2] == 500).all()


def test_one_account_that_is_only_paid_keeps_every_lot_that_can_still_be_taken() -> None:
    """A thousand receipts of one, and one payment of all of them: it cites each of the thousand."""
    moments = np.arange(1001)
    payer, payee = np.append(np.arange(2, 1002), 0), np.append(np.zeros(1000, np.int64), 1)
    traced = Walk().follow(moments, payer, payee, np.append(np.full(1000, 7), 7000))
    assert traced.depth[-1] == 2 and len(traced.links) == 1000 and traced.links[:, 2].sum() == 7000


def test_a_rule_that_is_told_nothing_that_it_asks_did_not_run(tmp_path: Path) -> None:
    """Cash, holders of several accounts and devices are told by a column or a table of accounts alone: where there is
    none, that these rules call nobody shows nothing."""
    rows = [transfer(f"T{n}", f"2026-03-0{n}T10:00:00", "A", "B", "100.00") for n in (1, 2)]
    told = {
        "bare": watched(tmp_path / "bare", rows),
        "held": watched(tmp_path / "held", rows, ["A,H1,natural,,", "B,H2,natural,,D-1"]),
        "cash": watched(
            tmp_path / "cash",
            [transfer("T1", "2026-03-01", "", "B", "5.00", kind="cash_in", institutions=("COUNTER 1", "BANK"))],
        ),
    }
    idle = {
        name: {r["rule"] for r in summary(connect(book)).rules if not r["ran"]} - {"listed", "untraded", "unpaid"}
        for name, book in told.items()
    }
    assert idle == {
        "bare": {"funnel", "many_accounts", "shared_device"},
        "held": {"funnel"},
        "cash": {"many_accounts", "shared_device"},
    }
    nothing = summary(connect(watched(tmp_path / "nothing", [transfer("T1", "2026-03-01", "A", "B", "0.00")])))
    assert nothing.aside == {"amount of zero": 1} and not any(r["ran"] for r in nothing.rules)
    assert "there are no transfers: nothing was looked at" in [note for note, _ in nothing.notes]
