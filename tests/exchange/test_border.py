"""Transfers that are told alike, on two sides: which of one side is held for which of the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crossbook.book import init_book, open_book
from crossbook.book.adding import add
from crossbook.book.opening import inputs
from crossbook.engine.duck import connect
from crossbook.exchange import adopting
from crossbook.exchange.agreement import read
from crossbook.exchange.border import border_of, plain_account, plain_reference
from tests.exchange.making import COUNTRIES, Paid, agreed, book_of
from tests.exchange.test_session import World, world

MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)
Told = Callable[[Paid], Paid | None]


def paid(n: int, moment: datetime, payer: str = "6200000001", payee: str = "US00000001", amount: int = 600_000) -> Paid:
    return Paid(reference=f"REF{n:03d}X", moment=moment, payer=payer, payee=payee, amount=amount)


def daily(days: int) -> list[Paid]:
    """One account pays another the same each day: instalments, or sums that stay below a limit."""
    return [paid(n, MARCH + timedelta(days=n)) for n in range(days)]


def met(tmp_path: Path, made: list[Paid], told: dict[str, Told], match: str = "") -> list[tuple[Paid, Paid]]:
    """The pairs that a session makes of transfers that each side tells in its own way."""
    of: dict[str, dict[tuple[str, int], Paid]] = {}
    books: dict[str, list[Paid]] = {}
    for side in COUNTRIES:
        its = [(one, row) for one in made if (row := told.get(side, lambda row: row)(one))]
        books[side] = [row for _, row in its]
        of[side] = {(row.reference, int(row.moment.timestamp())): one for one, row in its}
    world_of = two_books(tmp_path, books, match)
    world_of.talk()
    pairs: dict[int, list[Paid]] = {}
    for side in COUNTRIES:
        talk = world_of.desks[side].session().talk
        for row, number in zip(talk.border.rows.to_pylist(), talk.shared.tolist(), strict=True):
            if number >= 0:
                pairs.setdefault(number, []).append(of[side][row["transfer_id"] or "", row["seconds"]])
    return [(one, two) for one, two in pairs.values()]


def two_books(tmp_path: Path, paid: dict[str, list[Paid]], match: str = "") -> World:
    for side in COUNTRIES:
        book_of(tmp_path / "books", side, paid[side])
    return world(tmp_path / "world", tmp_path / "books", match=match)


def nameless(row: Paid) -> Paid:
    return replace(row, reference="")


def test_payments_of_each_day_without_a_reference_meet_day_by_day(tmp_path: Path) -> None:
    """The span before and behind it that a clock may err by has another payment of the same pair in it."""
    found = met(tmp_path, daily(20), {"US": nameless})
    assert len(found) == 20
    assert [one for one, two in found if one != two] == []


def test_and_where_one_side_dates_them_hours_later(tmp_path: Path) -> None:
    late: Told = lambda row: replace(row, reference="", moment=row.moment + timedelta(hours=16))  # noqa: E731
    found = met(tmp_path, daily(20), {"US": late})
    assert len(found) == 20
    assert [one for one, two in found if one != two] == []


def test_where_one_of_them_lacks_none_is_held_for_another(tmp_path: Path) -> None:
    made = [*daily(20), *(paid(100 + n, MARCH + timedelta(days=n), f"62{50 + n:08d}") for n in range(6))]
    found = met(tmp_path, made, {"US": lambda row: None if row == made[9] else nameless(row)})
    assert [one for one, two in found if one != two] == []
    assert {one.payer for one, _ in found} == {row.payer for row in made[20:]}


def test_a_reference_that_stands_on_two_transfers_names_neither_alone(tmp_path: Path) -> None:
    """A number of an invoice, told by two payers; by the clocks of one side the second paid first."""
    others = [paid(n, MARCH + timedelta(days=n), f"62{n:08d}") for n in range(10, 16)]
    one, two = (paid(0, MARCH + timedelta(hours=h), f"621{h}", f"US1{h}", 700_000 + h) for h in (0, 2))
    made = [one, two, *others]
    hours: Told = lambda row: replace(row, moment=row.moment + timedelta(hours=5)) if row == one else row  # noqa: E731
    for match in ("", 'match = ["reference"]'):
        found = met(tmp_path / (match[:5] or "all"), made, {"US": hours}, match)
        assert len(found) == len(made)
        assert [row for row, other in found if row != other] == []


def colliding(reference: str) -> tuple[list[Paid], dict[str, Told]]:
    """Two payments under one number, of which each side knows the number of one alone: the payer of the first writes
    it, and so does the payee of the second."""
    first = Paid(reference=reference, moment=MARCH, payer="62001", payee="US1", amount=700_000)
    second = Paid(reference=reference, moment=MARCH + timedelta(days=9), payer="62002", payee="US2", amount=123_456)
    others = [paid(n, MARCH + timedelta(days=n), f"62{n:08d}") for n in range(10, 16)]
    says: dict[str, Told] = {
        "CN": lambda row: nameless(row) if row == second else row,
        "US": lambda row: nameless(row) if row == first else row,
    }
    return [first, second, *others], says


@pytest.mark.parametrize("match", ["", 'match = ["reference"]'])
def test_a_short_reference_that_another_payment_has_too_is_not_held_for_it(tmp_path: Path, match: str) -> None:
    made, says = colliding("INV-4711")
    found = met(tmp_path, made, says, match)
    assert [(one, two) for one, two in found if one != two] == []
    assert len(found) == (6 if match else 8), "by amount and accounts each meets itself, where that is agreed"


@pytest.mark.parametrize(("reference", "match"), [("INV-4711", "lone = 0"), ("BANK20260302004711", "")])
def test_a_long_one_names_a_transfer_by_itself_and_so_does_a_short_one_where_agreed(
    tmp_path: Path, reference: str, match: str
) -> None:
    """A bank's own number is not given twice; where it is, nobody can tell."""
    made, says = colliding(reference)
    assert len([(one, two) for one, two in met(tmp_path, made, says, match) if one != two]) == 1


def test_and_where_the_accounts_are_written_otherwise_a_long_one_still_meets(tmp_path: Path) -> None:
    other: Told = lambda row: replace(row, payee=row.payee + "0" * 3)  # noqa: E731
    made = [paid(n, MARCH + timedelta(days=n), f"62{n:08d}") for n in range(8)]
    long = [replace(row, reference=f"CNAPS2026{row.reference}") for row in made]
    assert len(met(tmp_path / "short", made, {"US": other})) == 0
    assert len(met(tmp_path / "long", long, {"US": other})) == 8


def test_a_reference_is_the_same_in_another_case_with_blanks_or_in_full_width(tmp_path: Path) -> None:
    ways = (
        lambda text: f" {text.lower()} ",
        lambda text: f"{text[:3]} {text[3:]}",
        lambda text: f"{text[:3]}\u00a0-{text[3:]}",
        lambda text: "".join(chr(ord(sign) + 0xFEE0) for sign in text),
    )
    made = [paid(n, MARCH + timedelta(days=n), f"62{n:08d}") for n in range(8)]
    written: Told = lambda row: replace(row, reference=ways[made.index(row) % 4](row.reference).strip())  # noqa: E731
    assert len(met(tmp_path, made, {"US": written}, 'match = ["reference"]')) == 8


def test_both_sides_speak_of_the_same_hours_whatever_zone_they_count_days_in(tmp_path: Path) -> None:
    """One side's days begin in Shanghai, the other's in New York; the window begins and ends at midnight in UTC."""
    days = date(2026, 3, 3), date(2026, 3, 5)
    moments = [datetime(2026, 3, 2, 1, tzinfo=UTC) + timedelta(hours=3 * n) for n in range(32)]
    made = [paid(n, moment, f"62{n:08d}", f"US{n:08d}") for n, moment in enumerate(moments)]
    of_world = two_books(tmp_path, dict.fromkeys(COUNTRIES, made))
    desk = of_world.desks["US"]
    with (desk.book.path / "book.toml").open("a", encoding="utf-8") as file:
        file.write('\n[watch]\nzone = "America/New_York"\n')
    agreement = adopting.agreement_of(desk.book, of_world.sha)
    for side, its in of_world.desks.items():
        found = border_of(its.database, agreement, *agreement.side(its.keys.sign), *days)
        assert len(found.crossing) == sum(days[0] <= moment.date() <= days[1] for moment in moments) == 24, side


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    header = (
        "transfer id,executed at,payer account,payee account,paid,currency,payer country,payee country,kind,original"
    )
    row = "{n},2026-03-0{n}T09:00:00Z,{payer},US1,{amount},{currency},CN,{country},{kind},{original}"
    usual = {"payer": "621", "amount": 100, "currency": "USD", "country": "US", "kind": "transfer", "original": ""}
    other: list[dict[str, object]] = [
        {},
        {"currency": "EUR"},  # the book has no rate
        {"country": ""},  # may cross or not
        {"payer": "", "kind": "cash_in"},
        {},  # comes back with the next
        {"kind": "return", "original": "5", "payer": "622"},
        {},
    ]
    lines = [row.format(n=n, **{**usual, **more}) for n, more in enumerate(other, 1)]
    path = tmp_path / "few.csv"
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    init_book(tmp_path / "book", "CN", "USD")
    book = open_book(tmp_path / "book")
    for item in inputs([path]):
        add(book, item)
    party, agreed_on = agreed(tmp_path)
    agreement = read(agreed_on)
    sides = agreement.side(party["CN"].sign)
    found = border_of(connect(book), agreement, *sides, date(2026, 3, 1), date(2026, 3, 31))
    assert found.left_out == {"returned": 2, "account": 1, "rate": 1, "side": 1}
    assert found.rows["transfer_id"].to_pylist() == ["1", "3", "7"]


@pytest.mark.parametrize("text", ["NOTPROVIDED", "nonref", "n/a", "0000", "-", "", None])
def test_what_says_that_there_is_no_reference_is_none(text: str | None) -> None:
    """ISO 20022 writes NOTPROVIDED where the payer gave no number (CBPR+), SWIFT NONREF in field 21."""
    assert plain_reference(text) == ""


def test_accounts_are_letters_and_digits() -> None:
    assert plain_account("gb82-west 1234") == plain_account("GB82WEST1234") == "GB82WEST1234"
    assert plain_account("name:li wei") == "name:li wei", "who is known by name alone"
    assert plain_account("——") == "——"
