"""OFX as banks write it: what the specification does not allow is read all the same, or refused in plain words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crossbook.errors import CrossbookError
from tests.sources.statement_files import STATEMENTS, read, written

ENTRY = "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260305<TRNAMT>1847.32<FITID>1<NAME>AMAZON</STMTTRN>"


def statement(entries: str = ENTRY, ledger: str = "", head: str = "OFXHEADER:100\n\n", currency: str = "USD") -> str:
    """A file of one statement."""
    return (
        f"{head}<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>{currency}<BANKACCTFROM><BANKID>1<ACCTID>12345"
        f"</BANKACCTFROM><BANKTRANLIST><DTSTART>20260301<DTEND>20260331{entries}</BANKTRANLIST>{ledger}"
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )


@pytest.mark.parametrize("name", ["good.ofx", "long_bankid.ofx", "no_signon.ofx"])
def test_one_entry_whatever_the_rest_is_like(name: str) -> None:
    found, reading = read(STATEMENTS / name)
    (row,) = found["bank"]
    assert (row["amount"], row["currency"], row["booked_on"]) == (184732, "USD", date(2026, 3, 5))
    assert reading.bad == []


def test_a_day_is_that_of_the_statement() -> None:
    (row,) = read(STATEMENTS / "tz_plus8.ofx")[0]["bank"]
    assert row["booked_on"] == row["valued_on"] == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("written_as", "day"),
    [
        ("20260305", date(2026, 3, 5)),
        ("20260305235959.999[-5:EST]", date(2026, 3, 5)),
        ("20260305003000[+8:CST]", date(2026, 3, 5)),
        ("20260305093914:014", date(2026, 3, 5)),
        ("2026-03-05", date(2026, 3, 5)),
        ("20260305120000[0:GMT]", date(2026, 3, 5)),
    ],
)
def test_days(tmp_path: Path, written_as: str, day: date) -> None:
    text = statement(ENTRY.replace("20260305", written_as))
    assert read(written(tmp_path, "a.ofx", text))[0]["bank"][0]["booked_on"] == day


@pytest.mark.parametrize("wrong", ["20260231", "00000000", "5 March", ""])
def test_no_day_is_an_error_of_its_line(tmp_path: Path, wrong: str) -> None:
    found, reading = read(written(tmp_path, "a.ofx", statement("\n" + ENTRY.replace("20260305", wrong))))
    assert found["bank"] == []
    assert [(b.line, b.column, b.value) for b in reading.bad] == [(4, "DTPOSTED", wrong)]


@pytest.mark.parametrize(
    ("amounts", "minor"),
    [
        (["1847.32", "-150.00"], [184732, -15000]),
        (["1847,32", "-150,00"], [184732, -15000]),
        (["+1847.3200", "-0150"], [184732, -15000]),
        (["1.847,32", "-150,00"], [184732, -15000]),
        (["1,847.32", "-150.00"], [184732, -15000]),
    ],
)
def test_amounts_with_point_and_comma(tmp_path: Path, amounts: list[str], minor: list[int]) -> None:
    text = statement("".join(ENTRY.replace("1847.32", a) for a in amounts))
    assert [r["amount"] for r in read(written(tmp_path, "a.ofx", text))[0]["bank"]] == minor


def test_cards_and_several_statements_in_one_file(tmp_path: Path) -> None:
    card = (
        "<CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>EUR<CCACCTFROM><ACCTID>4111</CCACCTFROM><BANKTRANLIST>"
        "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260306<TRNAMT>-9.99<FITID>2<MEMO>ADS</STMTTRN></BANKTRANLIST>"
        "<LEDGERBAL><BALAMT>-9,99<DTASOF>20260331</LEDGERBAL></CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1></OFX>"
    )
    found, _ = read(written(tmp_path, "a.ofx", statement().replace("</OFX>", card)))
    told = [(r["account"], r["amount"], r["currency"]) for r in found["bank"]]
    assert told == [("12345", 184732, "USD"), ("4111", -999, "EUR")]
    (balance,) = found["balance"]
    assert (balance["account"], balance["closing"], balance["opening"]) == ("4111", -999, None)


def test_elements_nobody_knows_empty_ones_and_none_closed(tmp_path: Path) -> None:
    entry = (
        "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260305<TRNAMT>1847.32<FITID><CHECKNUM><NAME>A &amp; B"
        "<INTU.X><NAME>not this</INTU.X><BANKACCTTO><BANKID>9<ACCTID>777</BANKACCTTO><MEMO><![CDATA[5 < 6]]></STMTTRN>"
    )
    (row,) = read(written(tmp_path, "a.ofx", statement(entry)))[0]["bank"]
    assert (row["description"], row["account"], row["reference"]) == ("A & B 5 < 6", "12345", "")
    assert row["counterparty_account"] == "777"


def test_an_entrys_own_currency(tmp_path: Path) -> None:
    text = statement(ENTRY.replace("<FITID>", "<CURRENCY><CURRATE>1<CURSYM>AUD</CURRENCY><FITID>"), currency="")
    assert read(written(tmp_path, "a.ofx", text))[0]["bank"][0]["currency"] == "AUD"


@pytest.mark.parametrize("head", ["", "DATA:OFXSGML\nENCODING:UTF-8\n", '<?xml version="1.0"?>\n', "\n\n\n"])
def test_without_its_header(tmp_path: Path, head: str) -> None:
    assert len(read(written(tmp_path, "a.ofx", statement(head=head)))[0]["bank"]) == 1


def test_a_header_that_names_another_encoding(tmp_path: Path) -> None:
    text = statement(ENTRY.replace("AMAZON", "亚马逊支付有限公司"), head="OFXHEADER:100\nCHARSET:1252\n\n")
    for encoding in ("utf-8", "gb18030"):
        (row,) = read(written(tmp_path, "a.ofx", text.encode(encoding)))[0]["bank"]
        assert row["counterparty"] == "亚马逊支付有限公司"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (statement()[:-40], "cut off"),
        ("OFXHEADER:100\n<OFX></OFX>", "no statement of a bank account"),
        (
            "OFXHEADER:100\n<OFX><STATUS><CODE>15500<SEVERITY>ERROR<MESSAGE>Signon invalid</STATUS></OFX>",
            "the bank answered with the error 15500 Signon invalid",
        ),
        ("OFXHEADER:100\n<OFX><INVSTMTRS><CURDEF>USD</INVSTMTRS></OFX>", "a statement of securities"),
        (statement().replace("</OFX>", ENTRY + "</OFX>"), "2 entries, but only 1"),
    ],
)
def test_refused_in_plain_words(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(CrossbookError, match=told):
        read(written(tmp_path, "a.ofx", text))


FEE = "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260305<TRNAMT>40.00<FITID>1<NAME>FEE</STMTTRN>"
SALE = "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260306<TRNAMT>100.00<FITID>2<NAME>AMAZON</STMTTRN>"
OTHER = SALE.replace("CREDIT", "OTHER").replace("100.00", "7.00")


def test_a_bank_that_signs_nothing_is_read_by_its_types(tmp_path: Path) -> None:
    """100.00 in, 40.00 out: the ledger balance of 60.00 is that of an account that began with nothing."""
    ledger = "<LEDGERBAL><BALAMT>60.00<DTASOF>20260331</LEDGERBAL>"
    found, reading = read(written(tmp_path, "a.ofx", statement(FEE + SALE, ledger)))
    assert [r["amount"] for r in found["bank"]] == [-4000, 10000]
    (balance,) = found["balance"]
    assert (balance["moved"], balance["closing"]) == (6000, 6000)
    (note,) = reading.notes
    assert note == "no amount of 12345 has a sign: whether money went out is read from TRNTYPE (1 of 2 entries)"


def test_which_way_an_unsigned_amount_went_is_not_guessed(tmp_path: Path) -> None:
    found, reading = read(written(tmp_path, "a.ofx", statement(FEE + SALE + OTHER)))
    assert [r["amount"] for r in found["bank"]] == [-4000, 10000]
    assert [(b.column, b.value) for b in reading.bad] == [("TRNAMT", "7.00")]
    assert "OTHER does not say which way" in reading.bad[0].reason


@pytest.mark.parametrize("kind", ["DEBIT", "FEE", "SRVCHG", "CHECK", "PAYMENT", "CASH", "DIRECTDEBIT"])
def test_a_type_and_a_sign_that_contradict_each_other(tmp_path: Path, kind: str) -> None:
    signed = FEE.replace("40.00", "-9.99")
    found, reading = read(written(tmp_path, "a.ofx", statement(signed + SALE + FEE.replace("DEBIT", kind))))
    assert [r["amount"] for r in found["bank"]] == [-999, 10000]
    assert [(b.column, b.value, b.reason) for b in reading.bad] == [
        ("TRNAMT", "40.00", f"TRNTYPE says {kind}, the amount is positive")
    ]


def test_types_of_either_way_go_by_their_sign(tmp_path: Path) -> None:
    refund = FEE.replace("DEBIT", "POS")
    found, reading = read(written(tmp_path, "a.ofx", statement(FEE.replace("40.00", "-40.00") + refund + OTHER)))
    assert [r["amount"] for r in found["bank"]] == [-4000, 4000, 700]
    assert (reading.bad, reading.notes) == ([], ["12345 states no balance: nothing proves that its entries are all"])


def test_a_payment_to_a_card_is_money_in(tmp_path: Path) -> None:
    card = statement(FEE.replace("DEBIT", "PAYMENT")).replace("STMTRS>", "CCSTMTRS>").replace("BANKACCT", "CCACCT")
    found, reading = read(written(tmp_path, "a.ofx", card))
    assert [r["amount"] for r in found["bank"]] == [4000]
    assert reading.notes == ["12345 states no balance: nothing proves that its entries are all"]


def test_whose_account_it_is_is_asked(tmp_path: Path) -> None:
    text = statement().replace("<BANKACCTFROM><BANKID>1<ACCTID>12345</BANKACCTFROM>", "")
    with pytest.raises(CrossbookError, match="does not say whose account") as raised:
        read(written(tmp_path, "a.ofx", text))
    assert "--account" in str(raised.value.todo)


def test_a_text_that_stands_twice_is_shown_once(tmp_path: Path) -> None:
    twice = statement(ENTRY.replace("<NAME>AMAZON", "<NAME>AMAZON<MEMO>AMAZON"))
    found, _ = read(written(tmp_path, "a.ofx", twice))
    assert [row["description"] for row in found["bank"]] == ["AMAZON"]
