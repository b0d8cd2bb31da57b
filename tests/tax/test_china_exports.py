"""Exports out of China by the day and kind of each: the cases of cases/cn_exports.toml, and exports named twice."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crossbook.book import Book, open_book
from crossbook.decisions import kind_of, look
from crossbook.decisions.kind import Plain
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.tax.desk import compute
from crossbook.tax.laws import law_of, laws
from crossbook.tax.period import deadline, period
from crossbook.tax.purchases import cover
from crossbook.tax.refund_rates import rate_of, shipped_rates
from crossbook.tax.returned import Return
from tests.decisions.making import all_the_same
from tests.tax.test_returns import opened, order
from tests.verify.facts_of import at, day

CASES = tomllib.loads((Path(__file__).parent / "cases" / "cn_exports.toml").read_text(encoding="utf-8"))["case"]
RATE = (
    '[[tax.refund_rates]]\ncode = "6306"\nrate = "13%"\nfrom = 2020-03-20\n[tax.cn_exempt]\nincome_tax_rate = "25%"\n'
)


def fen(text: str) -> int:
    return int(text.replace(".", ""))


def declared(n: int, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "order_id": f"A{n}",
        "declaration": f"L{n}",
        "declared_on": told["day"],
        "country": "CN",
        "mode": told.get("mode", "9710"),
        "item": told.get("item", "TENT"),
        "hs": told.get("hs", "6306220000"),
        "quantity": told.get("quantity"),
        "amount": fen(told.get("amount", "1000.00")),
        "currency": "CNY",
        "flag": told.get("flag", "B"),
    }


def bought(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "invoice_id": told["id"],
        "issued_on": told.get("day", date(2024, 1, 2)),
        "item": told.get("item", "TENT") or None,
        "hs": told.get("hs"),
        "quantity": told["quantity"],
        "amount": fen(told["amount"]),
        "currency": "CNY",
        "vat_rate": told.get("rate"),
        "tax": fen(told["tax"]),
    }


def settings(case: dict[str, Any]) -> str:
    told = "".join(f'{name} = "{case[name]}"\n' for name in ("method", "zone") if name in case)
    return RATE + (f"[tax.exports]\n{told}" if told else "")


def made(book: Book, case: dict[str, Any], more: str = "") -> Database:
    lists = list(enumerate(case["lists"], start=1))
    answers = [
        {
            "message": "604",
            "document": "603",
            "reference": f"A{n}",
            "order_id": f"A{n}",
            "state": "refused",
            "code": "100",
            "returned_at": at("2026-03-07"),
            "number": f"L{n}",
        }
        for n, told in lists
        if told.get("refused")
    ]
    return opened(
        book,
        settings(case) + more,
        customs=[declared(n, told) for n, told in lists],
        customs_return=answers,
        purchase_invoice=[bought(x) for x in case.get("invoices", [])],
        order=[order(int(x[1:]), "2026-03-04", 1_000, "US") for x in case.get("sold", [])],
    )


def shown(told: Return) -> list[list[str]]:
    return [[x.label, f"{x.base / 100:.2f}", x.rate, f"{x.tax / 100:.2f}"] for x in told.lines]


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_an_export_by_its_day_and_kind(book: Book, case: dict[str, Any]) -> None:
    database = made(book, case)
    again = open_book(book.path)
    for wanted in case["then"]:
        told = compute(database, again, wanted["kind"], period(wanted["of"]))
        assert shown(told) == wanted["lines"]
        if "total" in wanted:
            assert told.total == fen(wanted["total"])
        if "fob" in wanted:
            assert {b.name: b.amount for b in told.boxes}["fob"] == fen(wanted["fob"])
        if "cost" in wanted:
            assert {b.name: b.amount for b in told.boxes}["cost"] == fen(wanted["cost"])
        if "boxes" in wanted:
            assert [b.name for b in told.boxes] == wanted["boxes"] and told.total is None
        if "open" in wanted:
            assert sorted(told.open) == sorted(wanted["open"])


TWO = {"method": "trading", "zone": "Hangzhou", "lists": [{"day": day("2026-03-05"), "quantity": 1}]}


@pytest.mark.parametrize(
    ("more", "flag", "why"),
    [
        ('refund = ["A1"]\nexempt = ["A1"]\n', "B", "A1 is named for refund and for exemption"),
        ('refund = ["A1"]\nexempt = ["L1"]\n', "B", "L1 is named for refund and for exemption"),
        ('refund = ["L1"]\n', "A", "L1 is named for refund and was declared simply"),
        ('refund = "L1"\n', "B", "refund must be a list"),
    ],
)
def test_an_export_is_refunded_or_exempt(book: Book, more: str, flag: str, why: str) -> None:
    case = TWO | {"lists": [{"day": day("2026-03-05"), "quantity": 1, "flag": flag}]}
    database = made(book, case, more)
    for kind in ("cn_refund", "cn_exempt"):
        with pytest.raises(CrossbookError, match=why):
            compute(database, open_book(book.path), kind, period("2026-03"))


def test_what_is_named_exempt_is_in_no_refund(book: Book) -> None:
    case = TWO | {"method": "producer"}
    database = made(book, case, 'exempt = ["A1"]\n')
    again = open_book(book.path)
    assert not compute(database, again, "cn_refund", period("2026-03")).lines
    assert compute(database, again, "cn_exempt", period("2026-03")).total == 1_000


def test_an_invoice_that_two_files_tell_is_one(book: Book) -> None:
    told = bought({"id": "F1", "quantity": 10, "amount": "100.00", "tax": "13.00"})
    rows = [told | {"evidence": "old"}, told | {"evidence": "new"}]
    database = opened(book, purchase_invoice=rows)
    export = declared(1, {"day": day("2026-03-05"), "quantity": 20}) | {
        "code": "6306220000",
        "evidence": "e",
        "line": 1,
    }
    (parts,) = cover(database, [export]).parts.values()
    assert [(p.quantity, p.net, p.evidence) for p in parts] == [(10, 10_000, "new")]


def test_the_law_is_that_of_the_month(book: Book) -> None:
    database = made(book, {"lists": []})
    old, new = (compute(database, book, "cn_refund", period(x)) for x in ("2025-12", "2026-01"))
    assert "2012" in old.source and "2026年第11号" in new.source and new.secondary and new.read_at
    assert all(x.source.startswith("http") for x in (*laws(), *shipped_rates()))
    assert law_of("cn_refund", date(2012, 6, 30)) is None


def test_a_rate_that_is_set_goes_before_one_that_ships() -> None:
    assert (shipped := rate_of([], "8507600000", date(2026, 6, 1))) and shipped.secondary
    assert rate_of([], "", date(2026, 6, 1)) is None


def test_exports_of_2026_are_declared_by_april_of_2027() -> None:
    """STA Announcement 5 of 2026: from the month after the export to 30 April of the next year."""
    due = [deadline("cn_refund", period(x)) for x in ("2026-01", "2026-12", "2027-01")]
    assert [str(d.due) for d in due if d] == ["2027-04-30", "2027-04-30", "2028-04-30"]
    assert deadline("cn_refund", period("2025-12")) is None


def test_only_one_return_takes_exports_that_nothing_parts(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marked as filed: the worksheet of March; the exemption of March, of the quarter and of the year are refused."""
    monkeypatch.setattr("crossbook.calendars.today", lambda: date(2027, 5, 1))
    database = made(book, {"lists": [{"day": day("2026-03-05")}]})
    plain = Plain(book=open_book(book.path), database=database)
    all_the_same(plain, "return", form="cn_refund", period="2026-03", on="2026-04-05")
    refused = {
        name: [x.text for x in look(plain, kind_of("return"), {"form": "cn_exempt", "period": name}).refused]
        for name in ("2026-03", "2026-Q1", "2026", "2026-04")
    }
    told = "the same exports are in cn_refund 2026-03, filed on 2026-04-05: no export is refunded and exempt"
    assert refused == {"2026-03": [told], "2026-Q1": [told], "2026": [told], "2026-04": []}


@pytest.mark.parametrize(
    ("hs", "when", "exempt", "vat"),
    [
        ("8541430000", "2026-03-31", "1000.00", ""),
        ("8541430000", "2026-04-01", "0.00", "115.04"),  # 1000 / 1.13 x 0.13
        ("8507600090", "2026-12-31", "1000.00", ""),
        ("8507600090", "2027-01-01", "0.00", "115.04"),
    ],
)
def test_goods_whose_refund_was_cancelled_are_not_exempt(book: Book, hs: str, when: str, exempt: str, vat: str) -> None:
    """Caishui [2018] 103, article 1(3): goods whose refund was cancelled are in no exemption, but taxed as sold at home
    (Caishui [2012] 39, article 7(1)1)."""
    case = TWO | {"lists": [{"day": date.fromisoformat(when), "hs": hs, "mode": "9610", "quantity": 1}]}
    told = compute(made(book, case), open_book(book.path), "cn_exempt", period(when[:7]))
    assert told.boxes[0].amount == fen(exempt)
    assert [x for x in told.open if "taxed as sold at home" in x and f"13 %: {vat} CNY" in x] == [
        x for x in told.open if vat and "refund was cancelled" in x
    ]
    assert bool(vat) == any("1,000.00 CNY: L1 (A1)" in x for x in told.open)


def test_goods_whose_refund_was_cancelled_cost_no_input_tax(book: Book) -> None:
    bought_ = {"id": "I1", "quantity": 1, "amount": "500.00", "tax": "65.00"}
    case = {
        "method": "trading",
        "lists": [{"day": date(2026, 4, 1), "hs": "8541430000", "quantity": 1}],
        "invoices": [bought_],
    }
    told = compute(made(book, case), open_book(book.path), "cn_refund", period("2026-04"))
    assert {b.name: b.amount for b in told.boxes}["cost"] == 0
    assert any("115.04 CNY, and the input VAT may be credited" in x for x in told.open)


def test_a_list_with_the_destination_in_its_country_is_named(book: Book) -> None:
    """A list with a Chinese kind of trade is China's, whatever its column country holds."""
    database = opened(book, RATE, customs=[declared(1, {"day": date(2026, 3, 5)}) | {"country": "US"}])
    for kind in ("cn_refund", "cn_exempt"):
        told = compute(database, open_book(book.path), kind, period("2026-03"))
        assert any("its column country says US" in x and "L1 (A1)" in x for x in told.open), told.open
        assert told.total is None


def test_a_refund_rate_of_ones_own_that_a_later_law_contradicts_is_named(book: Book) -> None:
    own = '[[tax.refund_rates]]\ncode = "8507"\nrate = "13%"\nfrom = 2020-03-20\n'
    database = opened(book, own, customs=[declared(1, {"day": date(2026, 3, 31), "hs": "8507600090"})])
    told = compute(database, open_book(book.path), "cn_refund", period("2026-03"))
    (said,) = [x for x in told.open if "which holds?" in x]
    assert "8507 in book.toml, 13 % from 2020-03-20" in said and "9 % of 850760 from 2024-12-01" in said
