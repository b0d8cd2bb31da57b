"""Settlement lines by a mapping: proposed from a platform's export, proved row by row, and what is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crossbook.book.adding import add
from crossbook.book.book import Book
from crossbook.book.mapping import Preview, keep_mapping, preview
from crossbook.book.opening import inputs
from crossbook.errors import BadRowsError, CrossbookError
from crossbook.settle.desk import settle
from crossbook.sources.line_types import Types, proposed
from crossbook.sources.mapping import mapping_from_text

CASES = Path(__file__).parent / "table" / "cases"


def written(folder: Path, text: str, name: str = "对账单.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def lines(seen: Preview) -> list[tuple[str, int]]:
    return [(row["kind"], row["amount"]) for row in seen.rows["settlement"]]


def test_a_sheet_of_orders_with_many_columns_is_a_line_for_each() -> None:
    """85.00 = 100.00 - 12.00 - 3.00; the adjustment of 5.00 is one line: 80.00 together."""
    seen = preview(CASES / "tiktok_shop.xlsx")
    # one row alone shows that its columns make the net amount
    columns = ["subtotal after seller discounts", "referral fee", "transaction fee"]
    assert not seen.bad and [d.answer for d in seen.doubts] == columns
    assert lines(seen) == [("sale", 10_000), ("fee", -1_200), ("fee", -300), ("adjustment", -500)]
    assert sum(amount for _, amount in lines(seen)) == 8_000
    assert seen.proofs == ["1 of 1 rows: the columns of amounts make the net amount"]
    assert 'zone = "UTC"' in seen.text


def test_money_in_and_out_proves_the_settled_amount() -> None:
    """100.00 - 20.00 = 80.00, paid as JS1."""
    seen = preview(CASES / "temu.xlsx")
    assert not seen.bad and not seen.doubts
    assert lines(seen) == [("sale", 10_000), ("refund", -2_000)]
    assert seen.proofs == ["2 of 2 rows: the columns of amounts make the net amount"]
    (payout,) = seen.rows["payout"]
    assert (payout["payout_id"], payout["amount"], payout["currency"]) == ("JS1", 8_000, "CNY")
    assert payout["basis"] == "implied"  # the file does not say what was paid


GROSS = """Date,Type,Order ID,Gross amount,Fee,Net,Currency,Payout ID
2026-03-01,Order,A1,50.00,{fee},{net},USD,P9
2026-03-02,Refund,A2,-10.00,0.50,-10.50,USD,P9
2026-03-03,Payout,,,,-33.50,USD,P9
"""


def test_gross_less_fee_is_net_and_the_payout_row_closes(tmp_path: Path, book: Book) -> None:
    """50.00 - 6.00 = 44.00; -10.00 - 0.50 = -10.50; 44.00 - 10.50 = 33.50."""
    path = written(tmp_path, GROSS.format(fee="6.00", net="44.00"), "shop.csv")
    seen = preview(path)
    assert seen.proofs == ["2 of 2 rows: gross - fee = net", "1 of 1 payouts are the sum of their lines"]
    assert [(r["gross"], r["fee"], r["amount"]) for r in seen.rows["settlement"]] == [
        (5_000, -600, 4_400),
        (-1_000, -50, -1_050),
        (None, None, -3_350),
    ]
    keep_mapping(book, seen.name, seen.kept)
    add(book, inputs([path])[0])
    (payout,) = settle(book).payouts
    assert (payout.payout_id, payout.amount, payout.status) == ("P9", 3_350, "closed")


def test_a_row_that_does_not_prove_itself_stops_the_file(tmp_path: Path, book: Book) -> None:
    seen = preview(written(tmp_path, GROSS.format(fee="6.00", net="44.00"), "shop.csv"))
    keep_mapping(book, seen.name, seen.kept)
    wrong = written(tmp_path, GROSS.format(fee="6.00", net="45.00"), "later.csv")
    with pytest.raises(CrossbookError, match=r"gross 50.00 USD and fee 6.00 USD do not make 45.00 USD") as error:
        add(book, inputs([wrong])[0])
    assert error.value.where.startswith("later.csv:2")


def test_columns_that_do_not_make_the_sum_stop_the_file(tmp_path: Path, book: Book) -> None:
    head = "结算日期,订单号,交易类型,商品货款,平台佣金,结算金额,币种\n"
    good = head + "2026-03-01,A1,订单,100.00,-8.00,92.00,USD\n2026-03-02,A2,退款,-50.00,4.00,-46.00,USD\n"
    seen = preview(written(tmp_path, good))
    # what a refund gives back of a fee is a refund of a fee
    assert lines(seen) == [("sale", 10_000), ("fee", -800), ("refund", -5_000), ("refund_fee", 400)]
    keep_mapping(book, seen.name, seen.kept)
    wrong = head + "2026-03-03,A3,订单,100.00,-8.00,91.00,USD\n"
    with pytest.raises(CrossbookError, match=r"the columns of amounts make 92.00 USD, the row says 91.00 USD"):
        add(book, inputs([written(tmp_path, wrong, "三月.csv")])[0])


TYPES = "Date,Type,Order ID,Amount,Currency\n2026-03-01,Order,A1,50.00,USD\n2026-03-02,{word},A1,-1.00,USD\n"


def test_a_word_that_no_table_has_is_asked_and_never_other(tmp_path: Path, book: Book) -> None:
    seen = preview(written(tmp_path, TYPES.format(word="Zorp"), "shop.csv"))
    assert 'Zorp = "?"' in seen.text
    (bad,) = seen.bad
    assert (bad.line, bad.value) == (3, "Zorp") and "under [types]" in bad.reason
    said = preview(written(tmp_path, TYPES.format(word="Zorp"), "shop.csv"), kinds={"zorp": "fee"})
    assert lines(said) == [("sale", 5_000), ("fee", -100)] and not said.bad
    keep_mapping(book, said.name, said.kept)
    new = written(tmp_path, TYPES.format(word="Blib"), "later.csv")
    with pytest.raises(BadRowsError) as error:
        add(book, inputs([new])[0])
    assert error.value.rows[0].value == "Blib"


def test_a_guessed_word_is_asked_and_kept_once_confirmed(tmp_path: Path, book: Book) -> None:
    path = written(tmp_path, TYPES.format(word="Ad hoc service fee"), "shop.csv")
    seen = preview(path)
    assert '"Ad hoc service fee" = "fee?"' in seen.text
    assert [d.answer for d in seen.doubts] == ["Ad hoc service fee"]
    assert '"Ad hoc service fee" = "fee"' in seen.kept
    keep_mapping(book, seen.name, seen.text)  # not confirmed
    with pytest.raises(CrossbookError, match="is only a guess"):
        add(book, inputs([path])[0])


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Rückerstattung", "refund"),
        ("Andere Gebühr", "fee"),
        ("Reembolso", "refund"),
        ("Remboursement", "refund"),
        ("返金", "refund"),
        ("Comissão", "fee"),
        ("提现", "withdrawal"),
        ("Deposit", "deposit?"),  # Etsy's word for a payout, others' for money received
        ("Transfer", "?"),
        ("Charge", "?"),  # Shopify's word for a sale, eBay's for a debt
    ],
)
def test_the_words_of_platforms(word: str, kind: str) -> None:
    assert proposed(word) == kind


def test_a_pattern_of_words_goes_behind_whole_ones() -> None:
    told = Types({"Refund/*": "refund", "*/Commission*": "fee", "Refund/Commission": "refund_fee"})
    assert told.kind("refund/Product Price") == "refund"
    assert told.kind("Sale/Commission on Product") == "fee"
    assert told.kind("Refund/Commission") == "refund_fee"


def test_amounts_without_a_sign_go_by_their_types_and_are_asked(tmp_path: Path) -> None:
    text = "Date,Type,Order ID,Amount,Currency\n2026-03-01,Order,A1,50.00,USD\n2026-03-02,Refund,A1,20.00,USD\n"
    seen = preview(written(tmp_path, text, "shop.csv"))
    assert lines(seen) == [("sale", 5_000), ("refund", -2_000)]
    assert [d.answer for d in seen.doubts] == ["type"]


def test_signs_that_go_the_wrong_way_are_asked(tmp_path: Path) -> None:
    text = "Date,Type,Order ID,Amount,Currency\n2026-03-01,Order,A1,-50.00,USD\n2026-03-02,Refund,A1,20.00,USD\n"
    seen = preview(written(tmp_path, text, "shop.csv"))
    assert {d.answer for d in seen.doubts} == {"sale", "refund"}


def test_a_later_file_without_signs_stops(tmp_path: Path, book: Book) -> None:
    head = "Date,Type,Order ID,Amount,Currency\n"
    signed = head + "2026-03-01,Order,A1,50.00,USD\n2026-03-02,Refund,A1,-20.00,USD\n"
    seen = preview(written(tmp_path, signed, "shop.csv"))
    assert not seen.doubts
    keep_mapping(book, seen.name, seen.kept)
    later = written(tmp_path, signed.replace("-20.00", "20.00"), "later.csv")
    with pytest.raises(CrossbookError, match="no amount has a minus, and all lines of refund together") as error:
        add(book, inputs([later])[0])
    assert error.value.where.startswith("later.csv:3")
    assert add(book, inputs([later])[0], yes=("3",)).facts == {"settlement": 2}


def test_the_payout_of_the_lines_above_the_table(tmp_path: Path) -> None:
    text = (
        "结算单号：,JS7\n打款总额：,80.00\n打款日期：,2026-03-09\n结算日期,订单号,类型,金额\n"
        "2026-03-01,A1,订单,100.00\n2026-03-02,A2,退款,-20.00\n"
    )
    spec = (
        'kind = "settlement"\naccount = "店"\ncurrency = "CNY"\n[columns]\nday = "结算日期"\norder_id = "订单号"\n'
        'type = "类型"\namount = "金额"\n[payout]\nid = "结算单号"\ntotal = "打款总额"\npaid_on = "打款日期"\n'
    )
    seen = preview(written(tmp_path, text), text=spec)
    (payout,) = seen.rows["payout"]
    assert (payout["payout_id"], payout["amount"], str(payout["paid_on"])) == ("JS7", 8_000, "2026-03-09")
    assert (payout["basis"], seen.proofs) == ("lines", ["1 of 1 payouts are the sum of their lines"])
    with pytest.raises(CrossbookError, match="no line above the table says"):
        preview(written(tmp_path, text.split("\n", 1)[1]), text=spec)


def test_rows_that_are_not_done_move_no_money(tmp_path: Path) -> None:
    text = (
        "Date,Type,Order ID,Amount,Currency,Status\n2026-03-01,Order,A1,50.00,USD,Completed\n"
        "2026-03-02,Order,A2,20.00,USD,Pending\n2026-03-02,Order,A3,20.00,USD,Frobbed\n"
    )
    seen = preview(written(tmp_path, text, "shop.csv"))
    assert lines(seen) == [("sale", 5_000)]
    assert [(line, what) for line, what, _ in seen.left_out] == [(3, "not done")]
    assert [(bad.line, bad.value) for bad in seen.bad] == [(4, "frobbed")]


def test_a_list_of_fees_lowers_the_balance(tmp_path: Path) -> None:
    text = "账单日期,费用类型,扣费金额,币种\n2026-03-01,广告费,12.50,USD\n2026-03-02,仓储费,3.00,USD\n合计,,15.50,USD\n"
    seen = preview(written(tmp_path, text), kind="fee")
    assert not seen.bad and lines(seen) == [("advertising", -1_250), ("storage", -300)]
    assert seen.proofs == ["1 of 1 totals agree"] and "payout" not in seen.rows


def test_a_table_of_payouts_with_their_fees(tmp_path: Path) -> None:
    text = "Payout ID,Payout date,Gross,Fees,Net,Currency,Orders\nP1,2026-01-05,100.00,3.20,96.80,USD,4\n"
    seen = preview(written(tmp_path, text, "payouts.csv"), kind="payout")
    (payout,) = seen.rows["payout"]
    assert (payout["amount"], payout["fee_total"], payout["count"]) == (9_680, 320, 4)
    assert seen.proofs == ["1 of 1 rows: gross - fee = net"]


def test_payouts_that_failed_are_none(tmp_path: Path) -> None:
    """What failed moved no money; what is in transit has left."""
    head = "Payout ID,Payout Date,Status,Gross,Fees,Net,Currency\n"
    rows = ("PO1,2026-01-15,Paid,100.00,3.20,96.80,USD", "PO2,2026-01-16,Failed,50.00,1.60,48.40,USD")
    text = "\n".join([head.strip(), *rows, "PO3,2026-01-17,In transit,50.00,1.60,48.40,USD", ""])
    seen = preview(written(tmp_path, text, "payouts.csv"), kind="payout")
    assert not seen.bad and [p["payout_id"] for p in seen.rows["payout"]] == ["PO1", "PO3"]


def test_the_bank_gets_what_is_left_of_the_fee(tmp_path: Path) -> None:
    text = "打款单号,打款日期,打款金额,手续费,到账金额,币种,状态\nD1,2026-01-15,100.00,1.00,99.00,USD,已打款\n"
    seen = preview(written(tmp_path, text + "D2,2026-01-16,50.00,1.00,49.00,USD,打款失败\n", "打款.csv"), kind="payout")
    (payout,) = seen.rows["payout"]
    assert not seen.bad and (payout["amount"], payout["fee_total"]) == (9_900, 100)


BASE: dict[str, Any] = {"columns": 'day = "d"\namount = "a"\ntype = "t"'}


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ('[types]\nx = "feee"', "cannot be 'feee'"),
        ('[amounts]\nx = "feee"', "cannot be 'feee'"),
        ('[find]\norder_id = "(("', "is no pattern"),
        ('[find]\norder_id = "x"', "must have one group"),
        ('[find]\nkind = "(x)"', "cannot find 'kind'"),
        ('[status]\ndone = ["x"]', r"\[status\] has column, done and none"),
        ('[payout]\nname = "x"', "has no 'name'"),
        ("types = 3", "no setting|must be a table"),
    ],
)
def test_a_wrong_mapping_is_refused(tables: str, says: str) -> None:
    top = f"{tables}\n" if "[" not in tables else ""
    text = f'kind = "settlement"\ncurrency = "USD"\n{top}[columns]\n{BASE["columns"]}\n' + ("" if top else tables)
    with pytest.raises(CrossbookError, match=says):
        mapping_from_text("mine", text)


def test_a_table_that_does_not_say_what_its_lines_are_is_refused() -> None:
    with pytest.raises(CrossbookError, match="nothing says what the lines are"):
        mapping_from_text("mine", 'kind = "settlement"\ncurrency = "USD"\n[columns]\nday = "d"\namount = "a"\n')
