"""MT940 as banks write it: their own tags, lines, codes and habits."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.sources.statement_files import STATEMENTS, read, written

HEAD = ":20:S1\n:25:DE02120300000000202051\n:28C:1/1\n:60F:C260301USD1000,00\n"
TAIL = "\n:62F:C260331USD2847,32\n-\n"
LINE = ":61:2603050305C1847,32NTRFNONREF//BK0001"


def one(folder: Path, lines: str, head: str = HEAD, tail: str = TAIL) -> dict[str, object]:
    """The only entry of a statement."""
    found, reading = read(written(folder, "a.sta", head + lines + tail))
    assert reading.bad == []
    (row,) = found["bank"]
    return row


@pytest.mark.parametrize(
    ("name", "count"), [("noref.sta", 1), ("overlap_a.sta", 1), ("overlap_b.sta", 2), ("dup_mt940.sta", 1)]
)
def test_statements_that_are_as_they_should_be(name: str, count: int) -> None:
    found, reading = read(STATEMENTS / name)
    assert len(found["bank"]) == count
    (balance,) = found["balance"]
    assert balance["opening"] + balance["moved"] == balance["closing"]
    assert reading.bad == []


def test_codes_of_german_banks(tmp_path: Path) -> None:
    text = (
        ":86:166?00GUTSCHRIFT?100399?20EREF+18906543210?21SVWZ+Strukturierter Verwend?22ungszweck 1\n23?32AMAZON?33 EU"
    )
    row = one(tmp_path, f"{LINE}\n{text}")
    assert row["description"] == "EREF+18906543210 SVWZ+Strukturierter Verwendungszweck 123"
    assert row["counterparty"] == "AMAZON EU"


def test_codes_with_another_sign(tmp_path: Path) -> None:
    row = one(tmp_path, f"{LINE}\n:86:944<00PRZELEW<20FAKTURA 12<32ACME SP. Z O.O.")
    assert (row["description"], row["counterparty"]) == ("FAKTURA 12", "ACME SP. Z O.O.")


def test_codes_of_dutch_banks(tmp_path: Path) -> None:
    text = ":86:/TRTP/SEPA OVERBOEKING/IBAN/NL70ABNA0987654321/NAME/AMAZON EU/REMI/18906\n543210/EREF/NOTPROVIDED"
    row = one(tmp_path, f"{LINE}\n{text}")
    assert (row["description"], row["counterparty"]) == ("18906543210", "AMAZON EU")
    assert (row["counterparty_account"], row["end_to_end"]) == (None, None)  # its check digits are wrong
    row = one(tmp_path, f"{LINE}\n:86:/EREF/E1//CNTP/NL32INGB0000012345/INGBNL2A/AMAZON EU///REMI/USTD//ORDER 5/")
    assert (row["description"], row["counterparty"]) == ("ORDER 5 E1", "AMAZON EU")
    assert row["end_to_end"] == "E1"


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("/IBAN/NL91ABNA0417164300/NAME/AMAZON EU/REMI/1890", "NL91ABNA0417164300"),
        ("/EREF/E1//CNTP/NL91ABNA0417164300/INGBNL2A/AMAZON EU///REMI/USTD//5/", "NL91ABNA0417164300"),
        ("166?00GUTSCHRIFT?20EREF+1?30COBADEFF?31DE89370400440532013000?32AMAZON", "DE89370400440532013000"),
        ("944<00PRZELEW<20FAKTURA 12<31PL61109010140000071219812874<32ACME", "PL61109010140000071219812874"),
        ("166?00GUTSCHRIFT?20EREF+1?3037040044?310532013000?32AMAZON", None),  # a bank's own number: of which bank?
        ("from IBAN NL91ABNA0417164300", None),  # free text
    ],
)
def test_the_account_of_the_other_side_where_it_is_certain(tmp_path: Path, text: str, account: str | None) -> None:
    assert one(tmp_path, f"{LINE}\n:86:{text}")["counterparty_account"] == account


def test_a_payment_that_came_back_is_said(tmp_path: Path) -> None:
    assert one(tmp_path, f"{LINE}\n:86:/RTRN/AC04//NAME/SHOP/REMI/5")["given_back"] == "return"
    assert one(tmp_path, f"{LINE}\n:86:/NAME/SHOP/REMI/5")["given_back"] is None


def test_tags_of_the_banks_own(tmp_path: Path) -> None:
    head = HEAD.replace(":60F:", ":NS:22Test GmbH\n23Konto\n:60F:")
    row = one(tmp_path, f"{LINE}\n:NS:01AMAZON 1890\n026543210\n15Amazon EU\n17Gutschrift\n1812345", head=head)
    assert (row["description"], row["counterparty"]) == ("AMAZON 1890 6543210", "Amazon EU")


def test_lines_around_it_and_repeated_details(tmp_path: Path) -> None:
    head = "0000 01INGBNL2AXXXX00001\n940 00\n:940:\n" + HEAD
    tail = "\n:62F:C260331USD2847,32\n:86:D000000C000001\n-XXX\n"
    row = one(tmp_path, ":61:260305C1847,32N0440121470966      W.P. Jansen\n:86:FACTUUR\n:86:20095731", head, tail)
    assert (row["reference"], row["description"]) == ("0121470966", "FACTUUR 20095731 W.P. Jansen")


def test_swift_blocks_and_spaces_for_the_entry_day(tmp_path: Path) -> None:
    head = "{1:F01ASNBNL21XXXX0000000000}{2:O940ASNBNL21XXXXN}{3:}{4:\n" + HEAD
    row = one(tmp_path, ":61:260305    C1847,32NOVBNL47INGB9999999999\n:86:x", head, TAIL.replace("-", "-}{5:}"))
    assert row["booked_on"] == date(2026, 3, 5)
    assert row["reference"] == "NL47INGB9999999999"


def test_the_entry_day_is_in_the_year_nearest_to_the_value_day(tmp_path: Path) -> None:
    row = one(tmp_path, ":61:2601020102C1847,32NTRFNONREF".replace("2601020102", "2601021231"))
    assert (row["booked_on"], row["valued_on"]) == (date(2025, 12, 31), date(2026, 1, 2))


def test_thirty_days_a_month(tmp_path: Path) -> None:
    assert one(tmp_path, ":61:2602300301C1847,32NTRFNONREF")["valued_on"] == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("sign", "amount"), [("C", 184732), ("D", -184732), ("RC", -184732), ("RD", 184732), ("CD", 184732)]
)
def test_signs_and_the_letter_of_the_currency(tmp_path: Path, sign: str, amount: int) -> None:
    row = one(tmp_path, f":61:2603050305{sign}1847,32NTRFNONREF")
    assert row["amount"] == amount
    assert row["given_back"] == ("reversal" if sign[0] == "R" else None)


def test_chinese_text(tmp_path: Path) -> None:
    text = HEAD + LINE + "\n:86:亚马逊支付 货款 18906543210" + TAIL
    (row,) = read(written(tmp_path, "a.sta", text.encode("gb18030")))[0]["bank"]
    assert row["description"] == "亚马逊支付 货款 18906543210"


def test_it_is_taken_though_it_does_not_add_up(tmp_path: Path) -> None:
    found, reading = read(written(tmp_path, "a.sta", HEAD + LINE.replace("1847,32", "1700,00") + TAIL))
    assert reading.bad == []
    (balance,) = found["balance"]
    assert balance["closing"] - balance["opening"] - balance["moved"] == 14732


@pytest.mark.parametrize(
    ("lines", "bad"),
    [
        (":61:26XX05C1847,32NTRFNONREF", (5, ":61:", "no entry as")),
        (":61:261305C1847,32NTRFNONREF", (5, ":61:", "no such day")),
        (":61:260305C1847,321NTRFNONREF", (5, ":61:", "finer than")),
    ],
)
def test_an_entry_that_cannot_be_read_says_where(tmp_path: Path, lines: str, bad: tuple[int, str, str]) -> None:
    found, reading = read(written(tmp_path, "a.sta", HEAD + lines + TAIL))
    (row,) = reading.bad
    assert (row.line, row.column) == bad[:2]
    assert row.reason.startswith(bad[2])
    assert found["balance"][0]["moved"] is None


def test_what_is_cut_off_or_outside_is_said(tmp_path: Path) -> None:
    _, reading = read(written(tmp_path, "a.sta", HEAD + LINE))
    assert "cut off" in reading.bad[0].reason
    _, reading = read(written(tmp_path, "b.sta", HEAD + LINE + TAIL + LINE))
    assert [(b.line, b.reason) for b in reading.bad] == [(8, "an entry outside of a statement")]
    _, reading = read(written(tmp_path, "c.sta", (HEAD + LINE + TAIL).replace("USD1000", "DEM1000")))
    assert reading.bad[0].reason == "unknown currency DEM"


@pytest.mark.parametrize("currency", ["EUR", "USD"])
def test_a_currency_behind_the_iban_is_none_of_the_account(tmp_path: Path, currency: str) -> None:
    """DE02120300000000202051 is a published example of an IBAN; what is no IBAN without the currency stays whole."""
    head = HEAD.replace("USD1000", f"{currency}1000")
    for told, account in (("DE02120300000000202051", "DE02120300000000202051"), ("70050000/1234", None)):
        text = head.replace("DE02120300000000202051", told + currency)
        found, _ = read(written(tmp_path, "a.sta", text + LINE + TAIL))
        assert [row["account"] for row in found["bank"]] == [account or told + currency]
