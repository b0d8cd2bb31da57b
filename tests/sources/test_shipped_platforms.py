"""Each mapping of a platform's report that ships reads a file of its layout into these lines and payouts.

The layouts are those of what the mappings cite; the values are made up, and worked out by hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from crossbook.book.adding import add
from crossbook.book.book import Book
from crossbook.book.mapping import keep_mapping, preview
from crossbook.book.opening import inputs
from crossbook.errors import BadRowsError, CrossbookError
from crossbook.settle.desk import settle
from crossbook.sources import shipped
from crossbook.sources.encoding import read_head
from crossbook.sources.registry import SURE, recognise, sources
from crossbook.sources.settlement_spec import OF_A_BALANCE
from crossbook.sources.source import Reading
from crossbook.sources.table.refusing import refuse_contradicted

FOLDER = Path(__file__).parent / "shipped"


class Case(NamedTuple):
    """A mapping and the file of its name: account, currency, its lines (kind, amount, order), payouts (number, amount,
    day, basis) and the proofs that hold. Of a layout of two platforms a person says the account."""

    name: str
    account: str
    currency: str
    lines: tuple[tuple[str, int, str | None], ...]
    payouts: tuple[tuple[str, int, str | None, str], ...]
    proofs: tuple[str, ...]
    says: str | None = None  # the currency, where the file does not


INCOME = (
    ("sale", 2_000, "5767001"),
    ("fee", -360, "5767001"),  # 20.00 - 3.60 = 16.40
    ("sale", 1_600, "5767002"),
    ("refund", -2_000, "5767002"),  # 16.00 - 20.00 = -4.00
    ("adjustment", -250, None),  # 5769001 is the number of the payment for ads, of no order
)
CASES = (
    Case(
        "etsy_statement",
        "etsy",
        "EUR",
        (
            ("advertising", -500, None),
            ("sale", 8_820, "9876543210"),
            ("tax", -550, "9876543210"),
            ("fee", -220, "9876543210"),
            ("fee", -115, "9876543210"),
            ("withdrawal", -12_345, None),
        ),
        (("2026-09-10 123.45 EUR", 12_345, "2026-09-10", "balance"),),
        ("5 of 5 rows: gross + fee = net",),
    ),
    Case(
        "walmart_recon",
        "walmart",
        "USD",
        (
            ("sale", 1_952, "2000001"),
            ("tax", 160, "2000001"),
            ("tax", -160, "2000001"),
            ("fee", -234, "2000001"),
            ("adjustment", -823, "2000001"),
        ),
        (("05/01/2026", 895, "2026-05-02", "lines"),),  # 19.52 - 2.34 - 8.23 = 8.95
        ("1 of 1 payouts are the sum of their lines",),
    ),
    Case(
        "tiktok_shop_income",
        "tiktok_shop",
        "GBP",
        INCOME,
        (),
        ("3 of 3 rows: the columns of amounts make the net amount",),
    ),
    Case(
        "tiktok_shop_income_local",
        "tiktok_shop",
        "GBP",
        INCOME,
        (),
        ("3 of 3 rows: the columns of amounts make the net amount",),
    ),
    Case(
        "tiktok_shop_statement",
        "tiktok_shop",
        "USD",
        (
            ("sale", 5_000, "5764001"),
            ("shipping", -320, "5764001"),
            ("fee", -550, "5764001"),  # 50.00 - 3.20 - 5.50 = 41.30
            ("sale", -1_000, "5764002"),
            ("fee", 100, "5764002"),
            ("adjustment", 400, None),  # 5764900 is the number of the reimbursement
        ),
        (("PAY1", 3_630, None, "implied"),),  # 41.30 - 9.00 + 4.00
        ("3 of 3 rows: the columns of amounts make the net amount",),
    ),
    Case(
        "lazada_transactions",
        "lazada",
        "SGD",
        (
            ("sale", 10_000, "1118594800859773"),
            ("fee", -535, "1118594800859773"),
            ("refund", -4_000, "1118594800859999"),
        ),  # the fourth row is not paid
        (
            ("20 Sep 2026 - 20 Sep 2026", 9_465, None, "implied"),  # 100.00 - 5.35
            ("02 Oct 2026 - 02 Oct 2026", -4_000, None, "implied"),
        ),
        (),
        says="SGD",
    ),
    Case(
        "daraz_income",
        "DARAZ-PK",
        "PKR",
        (("sale", 39_600, "21001"), ("fee", -3_000, "21001"), ("fee", -1_025, "21001")),
        (("ST-1", 35_575, None, "implied"),),  # 396 - 30 - 10.25; ST-2 is only ready to be released
        (),
        says="PKR",
    ),
    Case(
        "shopee_balance_th",
        "shopee",
        "THB",
        (
            ("withdrawal", -30_000, None),
            ("sale", 20_000, "260909J3DR9V65"),
            ("adjustment", -5_000, None),
            ("sale", 15_000, "260908FKU2X0AC"),
        ),
        (("2026-09-15 300.00 THB", 30_000, "2026-09-15", "balance"),),
        ("3 of 3 balances agree",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_it_reads_its_layout(case: Case, tmp_path: Path) -> None:
    path = FOLDER / f"{case.name}.csv"
    source = shipped.mappings()[case.name]
    assert recognise(read_head(path, path.name)) is source
    assert not [s.name for s in sources().values() if s.recognise(read_head(path, path.name)).confidence >= SURE]
    if case.says:
        source = shipped.in_currency(source, case.says)
    platform = source.spec["shipped"].get("platform")
    reading = Reading(path, path.name, "utf-8", account=None if platform else case.account)
    followed = source.follow(reading, tmp_path)
    found = [(kind, row) for kind, table in source.facts(followed) for row in table.to_pylist()]
    refuse_contradicted(followed)
    assert not reading.bad
    lines = [row for kind, row in found if kind == "settlement"]
    assert tuple((r["kind"], r["amount"], r["order_id"]) for r in lines) == case.lines
    assert {(r["account"], r["currency"]) for _, r in found} == {(case.account, case.currency)}
    payouts = [row for kind, row in found if kind == "payout"]
    told = tuple((p["payout_id"], p["amount"], p["paid_on"] and str(p["paid_on"]), p["basis"]) for p in payouts)
    assert told == case.payouts
    assert tuple(p.text for p in followed.proofs()) == case.proofs


def test_a_type_that_nobody_knows_is_named_and_its_number_is_no_order_s(tmp_path: Path) -> None:
    text = (FOLDER / "tiktok_shop_income.csv").read_text(encoding="utf-8")
    path = tmp_path / "income.csv"
    path.write_text(text.replace("GMV Payment for TikTok Ads", "Campaign package"), encoding="utf-8")
    reading = Reading(path, path.name, "utf-8")
    rows = [r for k, t in shipped.mappings()["tiktok_shop_income"].read(reading) for r in t.to_pylist()]
    assert reading.notes == ["type 'Campaign package', 1 times, is not known: its columns of amounts say what it is"]
    assert [(r["order_id"], r["reference"]) for r in rows if r["amount"] == -250] == [(None, "5769001")]


def test_every_platform_is_read_here() -> None:
    kinds = {n for n, m in shipped.mappings().items() if m.spec["kind"] in OF_A_BALANCE and m.spec["kind"] != "wallet"}
    assert {c.name for c in CASES} == kinds


def test_a_platform_s_payout_closes(book: Book) -> None:
    add(book, inputs([FOLDER / "walmart_recon.csv"])[0])
    (payout,) = settle(book).payouts
    assert (payout.account, payout.status, payout.amount) == ("walmart", "closed", 895)


def test_columns_that_do_not_make_the_settled_amount_stop_it(book: Book, tmp_path: Path) -> None:
    text = (FOLDER / "tiktok_shop_income.csv").read_text(encoding="utf-8").replace("GBP,16.40", "GBP,17.40")
    path = tmp_path / "income.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CrossbookError, match=r"the columns of amounts make 16\.40 GBP, the row says 17\.40 GBP"):
        add(book, inputs([path])[0])


def test_a_person_says_what_a_new_word_of_a_platform_is(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "recon.csv"
    path.write_text(
        (FOLDER / "walmart_recon.csv").read_text(encoding="utf-8").replace("Adjustment,", "Service Fee,"), "utf-8"
    )
    with pytest.raises(BadRowsError) as refused:
        add(book, inputs([path])[0])
    (row,) = refused.value.rows
    assert row.reason == "nobody says what kind of line this is: crossbook map FILE --type 'WORD=KIND' says it"
    seen = preview(path, kinds={row.value: "fee"})
    assert (seen.name, seen.bad_count, seen.doubts) == ("walmart_recon", 0, [])
    keep_mapping(book, seen.name, seen.kept)
    add(book, inputs([path])[0])
    (payout,) = settle(book).payouts
    assert (payout.account, payout.status, payout.amount) == ("walmart", "closed", 895)


def test_a_person_says_which_of_several_shops_it_is(book: Book) -> None:
    add(book, inputs([FOLDER / "walmart_recon.csv"])[0], account="walmart-2")
    assert settle(book).payouts[0].account == "walmart-2"
