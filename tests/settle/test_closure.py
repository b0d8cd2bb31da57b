"""Closure to the cent, over reports, balances and gaps; reports that overlap or contradict each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.settle import Payout, settle
from crossbook.settle.closure import breakdown, narrow
from crossbook.settle.position import position
from crossbook.trade.contradicting import contradictions
from crossbook.views.lists import Choice, list_payouts, orders
from crossbook.views.overview import overview
from tests.conftest import GOLDEN
from tests.settle.making import amazon, paypal

Put = Callable[..., Added]
LINES = [
    ("o1", "Principal", "50.00"),
    ("o1", "Commission", "-7.50"),
    ("o2", "Principal", "20.00"),
    ("", "Subscription Fee", "-2.50"),
]


def by_id(book: Book) -> dict[str, Payout]:
    return {p.id: p for p in settle(book).payouts}


def test_a_report_that_closes(book: Book, add_text: Put) -> None:
    add_text("s.txt", amazon("1", "60.00", LINES))
    p = by_id(book)["1"]
    assert (p.status, p.lines, p.lines_total, p.difference) == ("closed", 4, 6_000, 0)


def test_a_report_that_does_not_close_is_kept_and_narrowed(book: Book, add_text: Put) -> None:
    missing = [line for line in LINES if line != ("o2", "Principal", "20.00")]
    add_text("s.txt", amazon("1", "60.00", [*missing, ("o2", "Commission", "-3.00"), ("", "Other", "3.00")]))
    orders = "amazon-order-id\tpurchase-date\torder-status\tproduct-name\tsku\tquantity\tcurrency\titem-price\n"
    add_text("o.txt", orders + "o2\t2026-03-01T00:00:00+00:00\tShipped\tLamp\tSKU\t1\tUSD\t20.00\n")
    desk = settle(book)
    p = desk.payout("1")
    assert (p.status, p.difference) == ("not_closed", 2_000)
    hints = narrow(desk.database, "amazon", "1", "USD", "lines", 2_000, p.closure)
    assert hints[0].amount == 2_000
    assert "order o2 has fees but no sale line" in hints[0].what
    assert hints[0].because[0][1] == 6


def test_a_repeated_line_is_named(book: Book, add_text: Put) -> None:
    text = amazon("1", "60.00", LINES)
    doubled = text.split("\n")
    doubled.insert(3, doubled[2])
    add_text("s.txt", "\n".join(doubled))
    desk = settle(book)
    p = desk.payout("1")
    assert p.difference == -5_000
    (hint,) = narrow(desk.database, "amazon", "1", "USD", "lines", -5_000, p.closure)
    assert (hint.amount, "stands 2 times" in hint.what) == (-5_000, True)
    assert [line for _, line in hint.because] == [3, 4]


def test_breakdown_adds_up(book: Book, add_text: Put) -> None:
    add_text("s.txt", (GOLDEN / "amazon_settlement.txt").read_bytes())
    desk = settle(book)
    rows = breakdown(desk.database, "amazon", "18906543210", "USD", "lines")
    assert sum(r["amount"] for r in rows) == 9_836
    assert {r["kind"]: r["amount"] for r in rows}["reserve_release"] == 25_000


def test_a_payout_from_a_running_balance(book: Book, add_text: Put) -> None:
    first, closing = paypal(
        "2026-03-01",
        1_000,
        [("A1", "T0006", "09:00:00", 5_000), ("W1", "T0400", "10:00:00", -4_000), ("A2", "T0006", "11:00:00", 700)],
    )
    second, _ = paypal("2026-03-02", closing, [("R1", "T1107", "09:00:00", -200), ("W2", "T0400", "12:00:00", -2_000)])
    add_text("1.csv", first)
    add_text("2.csv", second)
    found = by_id(book)
    assert [(p.status, p.lines_total, p.closure.parts if p.closure else ()) for p in (found["W1"], found["W2"])] == [
        ("closed", 4_000, (("carried from before", 1_000), ("lines", 5_000), ("left in the balance", -2_000))),
        ("closed", 2_000, (("carried from before", 2_000), ("lines", 500), ("left in the balance", -500))),
    ]


def test_a_negative_balance_is_carried(book: Book, add_text: Put) -> None:
    first, closing = paypal("2026-03-01", 500, [("C1", "T1201", "09:00:00", -3_000)])
    second, _ = paypal("2026-03-02", closing, [("A1", "T0006", "09:00:00", 9_000), ("W1", "T0400", "12:00:00", -6_500)])
    add_text("1.csv", first)
    add_text("2.csv", second)
    p = by_id(book)["W1"]
    assert closing == -2_500
    assert (p.status, p.lines_total) == ("closed", 6_500)


def test_a_missing_statement_is_found(book: Book, add_text: Put) -> None:
    first, one = paypal("2026-03-01", 0, [("A1", "T0006", "09:00:00", 5_000)])
    _, two = paypal("2026-03-02", one, [("A2", "T0006", "09:00:00", 1_234)])
    third, _ = paypal("2026-03-03", two, [("W1", "T0400", "12:00:00", -6_234)])
    add_text("1.csv", first)
    add_text("3.csv", third)
    desk = settle(book)
    p = desk.payout("W1")
    assert (p.status, p.difference) == ("not_closed", 1_234)
    (hint,) = narrow(desk.database, "paypal", "W1", "USD", "balance", 1_234, p.closure)
    assert hint.amount == 1_234
    assert str(hint.first_day) == "2026-03-01"
    assert str(hint.last_day) == "2026-03-03"


def test_without_balances_nothing_is_proved(book: Book, add_text: Put) -> None:
    add_text("t.csv", (GOLDEN / "paypal_transactions.csv").read_bytes())
    assert by_id(book)["6AF00000CD678901E"].status == "unproved"


def test_two_versions_of_a_report(book: Book, add_text: Put) -> None:
    add_text("old.txt", amazon("1", "60.00", LINES[:2]))
    add_text("new.txt", amazon("1", "60.00", LINES))
    p = by_id(book)["1"]
    assert (p.status, p.file, p.lines) == ("closed", "new.txt", 4)


def test_contradicting_files_are_told(book: Book, add_text: Put) -> None:
    add_text("old.txt", amazon("1", "61.00", LINES))
    add_text("new.txt", amazon("1", "60.00", LINES))
    desk = settle(book)
    (told,) = contradictions(desk.database)
    assert (told.what, told.id, told.used, told.other) == ("payout", "1", 6_000, 6_100)
    list_payouts(desk)
    seen = overview(desk, date(2026, 3, 1))
    assert seen.contradictions == (told,)
    assert next(a for a in seen.alerts if a.kind == "contradiction").amounts == {"USD": 100}


def test_two_kinds_of_report_on_one_account_count_once(book: Book, add_text: Put) -> None:
    """PayPal's settlement report and activity download tell of the same transactions."""
    text, _ = paypal(
        "2026-03-01", 0, [("6AB12345CD678901E", "T0006", "17:12:44", 4_391), ("W1", "T0400", "23:00:00", -4_391)]
    )
    add_text("stl.csv", text)
    add_text("activity.csv", (GOLDEN / "paypal_activity.csv").read_bytes())
    desk = settle(book)
    assert desk.payout("W1").lines == 4  # the shared sale once, and the three that only the download tells
    (row,) = desk.database.rows(
        "SELECT count(*) AS n, sum(amount) AS s FROM line WHERE reference = '6AB12345CD678901E'"
    )
    assert (row["n"], row["s"]) == (1, 4_391)


def test_overlapping_exports_are_united(book: Book, add_text: Put) -> None:
    lines = (GOLDEN / "shopify_payouts.csv").read_text(encoding="utf-8").split("\n")
    add_text("a.csv", "\n".join(lines[:3]))
    add_text("b.csv", "\n".join([lines[0], *lines[2:]]))
    (row,) = settle(book).database.rows("SELECT count(*) AS n, sum(amount) AS s FROM line")
    assert (row["n"], row["s"]) == (4, 4_436 - 2_000 - 1_500 + 649)


def test_statement_and_itemised_report_of_stripe(book: Book, add_text: Put) -> None:
    add_text("balance.csv", (GOLDEN / "stripe_balance.csv").read_bytes())
    only = by_id(book)["po_1Abc"]
    assert (only.status, only.amount, only.lines_total) == ("closed", 2_436, 2_436)
    add_text("payouts.csv", (GOLDEN / "stripe_payouts.csv").read_bytes())
    both = by_id(book)
    assert (both["po_1Abc"].amount, both["po_1Abc"].difference) == (2_436, 2_436 + 6_564)
    assert both["po_1Abd"].status == "implied"


def test_the_same_payout_number_at_two_platforms(book: Book, add_text: Put) -> None:
    add_text("a.txt", amazon("1", "60.00", LINES), account="amazon-us")
    add_text("b.txt", amazon("1", "60.00", LINES) + "\n", account="amazon-ca")
    assert sorted(by_id(book)) == ["amazon-ca:1:USD", "amazon-us:1:USD"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=40), st.integers(-5, 5))
def test_the_difference_is_exact(tmp_path_factory: object, amounts: list[int], off: int) -> None:
    from crossbook.book import init_book
    from crossbook.book.adding import add
    from crossbook.book.opening import inputs
    from crossbook.money import plain

    folder = tmp_path_factory.mktemp("closure")  # type: ignore[attr-defined]
    made = init_book(folder / "book")
    lines = [(f"o{i}", "Principal", plain(a, "USD")) for i, a in enumerate(amounts)]
    (folder / "s.txt").write_text(amazon("1", plain(sum(amounts) + off, "USD"), lines), encoding="utf-8")
    add(made, inputs([folder / "s.txt"])[0])
    p = settle(made).payout("1")
    assert (p.difference, p.status) == (off, "closed" if off == 0 else "not_closed")


def test_payouts_without_known_orders_are_money_on_its_way(book: Book, add_text: Put) -> None:
    """A book of settlement reports alone still says where the money is."""
    add_text("one.txt", amazon("1", "60.00", LINES))
    desk = settle(book)
    p = desk.payout("1")
    assert p.paid_on
    (stage,) = position(desk, p.paid_on)
    assert (stage.place, stage.amount, stage.orders, stage.currency) == ("on_its_way", 6_000, 0, p.currency)
    told = orders(desk, p.paid_on, Choice({"place": "on_its_way"}))
    assert [(r.order_id, r.payout_id, r.brings) for r in told.rows] == [(None, "1", 6_000)]
    assert position(desk, p.paid_on - timedelta(days=1)) == []


def test_a_withdrawal_that_two_reports_hold_is_one_payout(book: Book, add_text: Put) -> None:
    """A settlement report and an activity download of one PayPal account name the same withdrawal."""
    for name in ("paypal_settlement.csv", "paypal_activity.csv"):
        add_text(name, (GOLDEN / name).read_bytes())
    desk = settle(book)
    payout = desk.payout("2GH12345CD678901L")
    assert payout.closure is not None
    kinds = breakdown(desk.database, payout.account, payout.payout_id, payout.currency, payout.basis)
    assert sum(k["amount"] for k in kinds) == dict(payout.closure.parts)["lines"]
    assert sum(k["lines"] for k in kinds) == payout.closure.lines


def test_a_sum_in_a_list_of_payments_is_proved_by_lines_that_name_the_payout(book: Book, add_text: Put) -> None:
    folder = book.path / "mappings"
    folder.mkdir(exist_ok=True)
    (folder / "list.toml").write_text(
        'kind = "payout"\naccount = "shop"\n[columns]\npayout_id = "Payment"\npaid_on = "Paid"\n'
        'amount = "Sum"\ncurrency = "Currency"\n'
    )
    (folder / "lines.toml").write_text(
        'kind = "settlement"\naccount = "shop"\n[columns]\npayout_id = "In payment"\nday = "Day"\ntype = "What"\n'
        'order_id = "Order"\namount = "Net"\ncurrency = "Cur"\n[types]\nOrder = "sale"\nAd = "advertising"\n'
    )
    files = {
        "list.csv": "Payment,Paid,Sum,Currency\nP1,2026-03-09,80.00,USD\nP2,2026-03-16,41.00,USD\n"
        "P3,2026-03-23,7.00,USD\n",
        "lines.csv": "In payment,Day,What,Order,Net,Cur\nP1,2026-03-05,Order,1,85.00,USD\nP1,2026-03-06,Ad,,-5.00,USD\n"
        "P2,2026-03-12,Order,2,40.00,USD\n",
    }
    for name, text in files.items():
        assert add_text(name, text).status == "added"
    told = {p.payout_id: (p.status, p.amount, p.lines, p.difference) for p in settle(book).payouts}
    assert told == {
        "P1": ("closed", 8_000, 2, 0),
        "P2": ("not_closed", 4_100, 1, 100),
        "P3": ("no_rule", 700, 0, None),  # no line names it
    }


def test_a_payout_that_one_file_states_twice_is_told(book: Book, add_text: Put) -> None:
    """Of a payout sent in two transfers one would be lost in silence."""
    table = "Payout Date,Payout ID,Amount,Currency\n{rows}\n"
    rows = ["2026-03-05,PO-77,1200.00,USD", "2026-03-06,PO-77,300.00,USD", "2026-03-12,PO-78,500.00,USD"]
    (book.path / "mappings").mkdir(exist_ok=True)
    (book.path / "mappings" / "shop.toml").write_text(
        'kind = "payout"\naccount = "shop"\n[columns]\npayout_id = "payout id"\npaid_on = "payout date"\n'
        'amount = "amount"\ncurrency = "currency"\n',
        encoding="utf-8",
    )
    add_text("payouts.csv", table.format(rows="\n".join(rows)))
    (told,) = contradictions(settle(book).database)
    assert (told.id, told.used, told.used_line, told.other, told.other_line) == ("PO-77", 30_000, 3, 120_000, 2)
