"""Whether two tellings are one entry: weighed by what they say, not compared as strings."""

from __future__ import annotations

from datetime import date

import pytest

from crossbook.trade.bank_accounts import owners
from crossbook.trade.same_entry import PERHAPS, SAME, TWO, Told, weigh

DAY = date(2026, 1, 16)


LATER = date(2026, 1, 18)


def told(source: str, text: str = "", reference: str = "", day: date = DAY, valued: date | None = None) -> Told:
    """One telling."""
    return Told(source=source, booked_on=day, valued_on=valued, reference=reference, text=text)


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        # no reference in the one; the same words in both
        (told("mt940", "AMAZON COM 4242"), told("camt", "AMAZON COM 4242", "ZZ9"), SAME),
        # wrapped, spaced and cased otherwise
        (told("mt940", "AMAZON PAYM ENTS 189065 43210"), told("camt", "Amazon Payments 18906543210"), SAME),
        # cut off
        (told("ofx", "AMAZON PAYMENTS 1890654", "F1"), told("camt", "AMAZON PAYMENTS EUROPE 18906543210", "BK1"), SAME),
        # structured here, in the text there
        (told("mt940", "SVWZ+RECHNUNG 2026-00017 EREF+E2E7788990"), told("camt", "Müller GmbH", "E2E7788990"), SAME),
        # a name alone, and a reference of the format's own
        (told("ofx", "AMAZON", "20260116001"), told("mt940", "AMAZON PAYMENTS", "BK0001"), SAME),
        (told("cmb", "亚马逊支付 货款", "流水1"), told("mt940", "亚马逊支付", "BK0001"), SAME),
        # the bank's references differ
        (told("mt940", "AMAZON 1", "BK0001"), told("mt940", "AMAZON 1", "BK0002"), TWO),
        (told("camt", "ALICE", "BK0001"), told("mt940", "BOB", "BK0002"), TWO),
        # however short they are
        (told("mt940", "PAYPAL TRANSFER", "K1"), told("mt940", "PAYPAL TRANSFER", "K2"), TWO),
        (told("camt", "AMAZON COM A", "R1"), told("camt", "AMAZON COM B", "R2"), TWO),
        (told("ofx", "PAYPAL", "1"), told("ofx", "PAYPAL", "2"), TWO),
        # a counter behind a day, without zeros before it: the one is the start of the other
        (told("ofx", "PAYPAL", "202603051"), told("ofx", "PAYPAL", "2026030510"), TWO),
        # places in two files (NtryRef): not sure, but for the number of a payment
        (told("camt", "AMAZON", "1"), told("camt", "AMAZON", "7"), PERHAPS),
        (told("camt", "AMAZON 18906543210", "1"), told("camt", "AMAZON 18906543210", "7"), SAME),
        # they differ, the words do not: not sure
        (told("mt940", "PAYPAL TRANSFER", "K1"), told("camt", "PAYPAL TRANSFER", "R2"), PERHAPS),
        (told("camt", "AMAZON", "BK0001"), told("mt940", "AMAZON", "BK0002"), PERHAPS),
        # numbers of payments differ
        (told("camt", "AMAZON 18906543210"), told("camt", "AMAZON 18906549999"), TWO),
        (told("camt", "ALICE 18906543210"), told("ofx", "BOB 18906549999"), TWO),
        # nothing agrees, nothing contradicts
        (told("mt940", ""), told("camt", "AMAZON"), PERHAPS),
        (told("mt940", "ALICE"), told("camt", "BOB"), PERHAPS),
        (told("mt940", "WIRE"), told("camt", "INCOMING WIRE FROM X"), PERHAPS),
        (told("camt", "ALICE"), told("camt", "BOB"), TWO),
        # booked on other days, of one value day: words alone are not enough, a number is
        (told("camt", "AMAZON EU", valued=DAY), told("ofx", "AMAZON EU", day=LATER, valued=DAY), PERHAPS),
        (told("camt", "AMAZON 18906543210", valued=DAY), told("ofx", "AMAZON 18906543210", "", LATER, DAY), SAME),
        # no day agrees: not even a number is
        (told("camt", "AMAZON 18906543210"), told("ofx", "AMAZON 18906543210", day=LATER), PERHAPS),
        (told("camt", "AMAZON EU", "Z"), told("mt940", "AMAZON EU", day=LATER), PERHAPS),
        (told("mt940", "ALICE"), told("camt", "BOB", day=LATER), TWO),
        (told("camt", "AMAZON 18906543210"), told("camt", "AMAZON 18906543210", day=LATER), TWO),
    ],
)
def test_weighing(left: Told, right: Told, verdict: str) -> None:
    assert weigh(left, right) == verdict
    assert weigh(right, left) == verdict


IBAN = "DE02120300000000202051"


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("DE02 1203 0000 0000 2020 51", IBAN),
        (f"{IBAN}EUR", IBAN),
        ("12030000/202051", IBAN),
        ("12030000/0000202051", IBAN),
        ("12030000/202051USD", IBAN),
        ("202051", IBAN),
        ("0000202051", IBAN),
        ("2051", "2051"),  # too short to be sure of
        ("10020030/202051", "10020030/202051"),  # of another bank
        ("BANK-1111", "BANK-1111"),
    ],
)
def test_whose_account(name: str, owner: str) -> None:
    assert owners([IBAN, name])[name] == owner


def test_a_currency_behind_a_number_is_no_other_account() -> None:
    found = owners(["12030000/202051USD", "12030000/202051", "12030000/202052"])
    assert found["12030000/202051USD"] == found["12030000/202051"] != found["12030000/202052"]


def test_a_number_in_two_ibans_is_neither() -> None:
    other = "DE75512108001245126199"  # another valid IBAN
    assert owners([IBAN, other, "202051"])["202051"] == IBAN
    twin = "DE48500500000000202051"
    from stdnum import iban

    twin = next(f"DE{n:02d}500500000000202051" for n in range(2, 99) if iban.is_valid(f"DE{n:02d}500500000000202051"))
    assert owners([IBAN, twin, "202051"])["202051"] == "202051"
