"""Transfers of public sets and of messages: what is written is read back, what cannot be is said by line and column."""

from __future__ import annotations

import re
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbook.errors import BadRowsError, CrossbookError
from crossbook.i18n import in_chinese
from crossbook.sources.encoding import read_head
from crossbook.sources.registry import recognise
from crossbook.sources.source import Reading
from tests.sources.reading import Read, read

GOLDEN = Path(__file__).parent / "golden"
PLAIN = "transfer id,executed at,payer account,payee account,paid,currency"
PAID = "2022/09/01 00:20,010,A,020,{},{},US Dollar,{},{},{},0\n"


def of_text(name: str, text: str) -> Read:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        return read(path)


def aml_world(*rows: str) -> Read:
    head = (GOLDEN / "aml_world.csv").read_text().splitlines()[0]
    return of_text("HI-Small_Trans.csv", head + "\n" + "".join(rows))


def test_each_account_is_read_from_its_own_column() -> None:
    """`Account` stands in the header twice; a program that writes frames calls the second one Account.1."""
    text = (GOLDEN / "aml_world.csv").read_text()
    again = of_text("t.csv", text.replace("To Bank,Account,", "To Bank,Account.1,"))
    assert again.column("transfer", "payee_account") == read(GOLDEN / "aml_world.csv").column(
        "transfer", "payee_account"
    )
    assert again.column("transfer", "payer_account", "payee_account")[2] == ("12:8000EC280", "2439:8017BF800")
    turned = []
    for line in text.splitlines():
        when, bank, account, other, its, *rest = line.split(",")
        turned.append(",".join([*rest, other, its, bank, account, when]))  # the payee's before the payer's
    assert of_text("t.csv", "\n".join(turned) + "\n").column("transfer", "payer_account", "payee_account")[2] == (
        "12:8000EC280",
        "2439:8017BF800",
    )


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 10**13), st.sampled_from(["US Dollar", "Bitcoin"])), min_size=1, max_size=20))
def test_amounts_are_read_back(rows: list[tuple[int, str]]) -> None:
    """Cents, and the six decimals that bitcoin has there."""
    lines, wanted = [], []
    for amount, currency in rows:
        digits = 6 if currency == "Bitcoin" else 2
        text = f"{amount // 10**digits}.{amount % 10**digits:0{digits}d}"
        lines.append(PAID.format("B", "1.00", text, currency, "Wire"))
        wanted.append(amount * 100 if currency == "Bitcoin" else amount)
    assert aml_world(*lines).column("transfer", "paid") == wanted


def test_what_cannot_be_read_is_said_by_line_and_column() -> None:
    found = aml_world(
        PAID.format("B", "1.00", "1.00", "US Dollar", "Wire"),
        PAID.format("B", "1.00", "1.00", "Shells", "Wire"),
        PAID.format("B", "one", "1.00", "US Dollar", "Wire"),
        PAID.format("B", "1.00", "1.00", "US Dollar", "Barter"),
        PAID.format("", "1.00", "1.00", "US Dollar", "Wire"),
    )
    assert found.column("transfer", "line") == [2]
    assert [(line, column) for line, column, _ in found.bad] == [
        (3, "Payment Currency"),
        (6, "Account"),
        (4, "Amount Received"),
        (5, "Payment Format"),
    ]
    assert "unknown currency" in found.bad[0][2] and "known" in found.bad[3][2]


def test_a_negative_amount_and_one_of_zero_are_kept_as_they_are() -> None:
    rows = [PAID.format("B", a, a, "US Dollar", "Wire") for a in ("-5.00", "0.00")]
    assert aml_world(*rows).column("transfer", "paid") == [-500, 0]


@settings(max_examples=25)
@given(st.integers(0, 10**12), st.sampled_from([("EUR", 2), ("JPY", 0), ("KWD", 3)]))
def test_messages_read_back(amount: int, money: tuple[str, int]) -> None:
    code, digits = money
    whole, rest = divmod(amount, 10**digits)
    fine = f"{rest:0{digits}d}" if digits else ""
    pacs = (
        (GOLDEN / "pacs_008.xml")
        .read_text()
        .replace(
            '<IntrBkSttlmAmt Ccy="EUR">14985.00', f'<IntrBkSttlmAmt Ccy="{code}">{whole}{"." if fine else ""}{fine}'
        )
    )
    mt = (GOLDEN / "swift_mt.fin").read_text().replace(":32A:240617EUR15000,00", f":32A:240617{code}{whole},{fine}")
    for name, text in (("a.xml", pacs), ("a.fin", mt)):
        row = of_text(name, text).facts["transfer"][0]
        assert (row["received"], row["received_currency"]) == (amount, code)


def test_a_message_without_blocks_is_read() -> None:
    text = (GOLDEN / "swift_mt.fin").read_text()
    fields = text[text.index(":20:REF") : text.index("-}{5:")]
    found = of_text("a.txt", fields)
    assert found.source == "swift_mt"
    assert found.column("transfer", "transfer_id", "payer", "kind") == [
        ("REF-INC-55021", "ACME COMMODITIES GMBH", "transfer")
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "column", "reason"),
    [
        ("pacs_008.xml", ">14985.00<", ">many<", "IntrBkSttlmAmt", "not an amount"),
        ("pacs_008.xml", 'Amt Ccy="EUR"', 'Amt Ccy="EURO"', "IntrBkSttlmAmt", "unknown currency"),
        ("pacs_008.xml", "<Ctry>DE</Ctry>", "<Ctry>QX</Ctry>", "Ctry", "not a country"),
        ("swift_mt.fin", "240617EUR15000,00", "241317EUR15000,00", ":32A:", ""),
        ("swift_mt.fin", "240617EUR15000,00", "240617EUR", ":32A:", "no day, currency and amount"),
        ("saml_d.csv", "10:35:20", "25:35:20", "Date, Time", ""),
        ("transfers.csv", "49800.00,CNY,6890.12,USD", "49800.00,CNY,6890.12,USX", "received currency", "unknown"),
        ("payment_accounts.csv", "natural,no", "natural,perhaps", "hub", "not yes or no"),
    ],
)
def test_a_bad_value_is_named(name: str, old: str, new: str, column: str, reason: str) -> None:
    text = (GOLDEN / name).read_text(encoding="utf-8")
    assert old in text
    whole, found = read(GOLDEN / name), of_text(name, text.replace(old, new, 1))
    ((_, where, why),) = found.bad
    assert where == column and reason in why
    ((_, rows),) = found.facts.items()
    ((_, before),) = whole.facts.items()
    assert len(rows) == len(before) - 1


@pytest.mark.parametrize(
    ("name", "old", "new", "column", "reason"),
    [
        ("pacs_008.xml", "<NbOfTxs>2<", "<CtrlSum>1.01</CtrlSum><NbOfTxs>2<", "CtrlSum", "come to"),
        ("pacs_008.xml", "<NbOfTxs>2<", "<NbOfTxs>3<", "NbOfTxs", "has 2 transfers"),
        (
            "pacs_008.xml",
            "<SttlmInf>",
            '<TtlIntrBkSttlmAmt Ccy="EUR">14985.00</TtlIntrBkSttlmAmt><SttlmInf>',
            "TtlIntrBkSttlmAmt",
            "come to 14,985.00 EUR, 250,000 JPY",
        ),
        ("swift_mt.fin", ":20:FX2609220000417\n", "", ":20:", "no number"),
        ("swift_mt.fin", "{2:I103", "{2:I910", "{2:", "another kind"),
    ],
)
def test_what_a_message_says_of_itself_is_held_against_it(
    name: str, old: str, new: str, column: str, reason: str
) -> None:
    """A head that tells of three transfers where two are, a sum in euros of which a part is yen; a message without its
    number, and one that a credit is told by. Nothing of it is passed over."""
    text = (GOLDEN / name).read_text(encoding="utf-8")
    assert old in text
    ((_, where, why),) = of_text(name, text.replace(old, new, 1)).bad
    assert where == column and reason in why


@pytest.mark.parametrize("told", ["264985", "266200.00"])
def test_a_control_sum_is_of_what_was_settled_or_of_what_was_instructed(told: str) -> None:
    """EUR 14 985 and JPY 250 000 were settled, for USD 16 200 and JPY 250 000: a control sum knows no currencies."""
    text = (GOLDEN / "pacs_008.xml").read_text(encoding="utf-8")
    found = of_text("pacs_008.xml", text.replace("<SttlmInf>", f"<CtrlSum>{told}</CtrlSum><SttlmInf>", 1))
    assert found.bad == [] and len(found.column("transfer", "paid")) == 2


@pytest.mark.parametrize("name", ["pacs_004.xml", "pacs_008.xml", "pacs_009.xml"])
def test_a_message_that_lost_its_namespace_is_known_by_its_element(name: str) -> None:
    text = (GOLDEN / name).read_text(encoding="utf-8")
    bare = re.sub(r' xmlns(:\w+)?="[^"]*pacs[^"]*"', "", text)
    assert ":pacs.00" not in bare and bare != text
    assert of_text(name, bare).facts == read(GOLDEN / name).facts


@pytest.mark.parametrize("name", ["aml_world.csv", "aml_world_accounts.csv", "saml_d.csv"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_public_set_saved_with_another_separator_is_the_same(name: str, separator: str) -> None:
    """As spreadsheets of continental Europe save them; an amount with a comma for its decimals is refused by name."""
    text = (GOLDEN / name).read_text(encoding="utf-8")
    assert of_text(name, text.replace(",", separator)).facts == read(GOLDEN / name).facts
    if name == "aml_world.csv":
        assert {b[1] for b in of_text(name, text.replace(",", separator).replace(".", ",")).bad} == {
            "Amount Paid",
            "Amount Received",
        }


def test_an_account_is_one_however_it_is_printed() -> None:
    """With the spaces of paper or without; a number of another kind than IBAN keeps its letters."""
    rows = ["BE68 5390 0754 7034,6222 0212\u00a03456", "be68539007547034,ab12cdefghijklmno"]
    table = "transfer id,executed at,payer account,payee account,paid,currency\n" + "".join(
        f"T{n},2026-03-01T09:30:00Z,{row},1.00,EUR\n" for n, row in enumerate(rows)
    )
    assert of_text("t.csv", table).column("transfer", "payer_account", "payee_account") == [
        ("BE68539007547034", "622202123456"),
        ("BE68539007547034", "ab12cdefghijklmno"),
    ]
    printed = (GOLDEN / "pacs_008.xml").read_text().replace("DE89370400440532013000", "DE89 3704 0044 0532 0130 00")
    found = of_text("a.xml", printed.replace("eb6305c9-1f7f", "EB6305C9-1F7F"))
    assert found.column("transfer", "payee_account")[0] == "DE89370400440532013000"
    assert found.column("transfer", "transfer_id")[0] == "eb6305c9-1f7f-49de-aed0-16487c27b42d"
    accounts = of_text("a.csv", "account number,holder id\nBE68 5390 0754 7034,C-1\n")
    assert accounts.column("payment_account", "number") == ["BE68539007547034"]


def test_a_message_that_gives_money_back_is_a_return() -> None:
    """:72: of a rejected and of a returned one, as SWIFT's guidelines for them begin; the third is of banks."""
    text = (GOLDEN / "swift_mt.fin").read_text()
    rejected = text.replace(":71A:SHA\n", ":71A:SHA\n:72:/REJT/59\n/AC01/\n/MREF/REF3\n", 1)
    given_back = rejected.replace("SEICUS33CAI\n", "SEICUS33CAI\n:72:/RETN/58\n/MREF/REF4\n")
    assert of_text("a.fin", given_back).column("transfer", "kind", "original") == [
        ("return", "REF3"),
        ("transfer", None),
        ("return", "REF4"),
    ]


def test_a_message_that_was_cut_off_is_said_and_the_whole_one_before_it_is_read() -> None:
    """Who was to be paid stands behind the cut. Without blocks nothing tells where a message ends."""
    whole = "{1:F01AAAABEBBAXXX0000000000}{2:I103BBBBDEFFXXXXN}{4:\n:20:R1\n:23B:CRED\n:32A:260302EUR5,\n"
    whole += ":50K:/1\nA\n:59:/2\nB\n"
    for end in ("-}", ":71A:SHA-}{5:{CHK:0}}"):
        found = of_text("t.fin", f"{whole}{end}\n{whole.partition(':59:')[0]}")
        assert len(found.facts["transfer"]) == 1
        assert [(line, reason.partition(":")[0]) for line, _, reason in found.bad] == [
            (whole.count("\n") + 3, "the message is cut off")
        ]
    assert not of_text("t.fin", whole.partition("{4:\n")[2]).bad


@pytest.mark.parametrize("spoiled", ["cut", "no text"])
def test_a_broken_parquet_is_refused(tmp_path: Path, spoiled: str) -> None:
    whole = (GOLDEN / "amlgentex.parquet").read_bytes()
    path = tmp_path / "tx_log.parquet"
    path.write_bytes(whole[:200] if spoiled == "cut" else whole.replace(b"nordea", b"n\x91rdea"))
    head = read_head(path, path.name)
    with pytest.raises((CrossbookError, BadRowsError)):
        list(recognise(head).read(Reading(path, path.name, "utf-8")))


def test_a_moment_under_a_chinese_header_is_of_beijing() -> None:
    """20:00 in Beijing is noon in UTC; an offset that is told holds."""
    head = "交易流水号,交易时间,付款账号,付款户名,收款账号,收款户名,交易金额,币种,交易类型\n"
    row = '{},{},6222-01,张三,6222-02,李四,"10,000.00",人民币,汇款\n'
    found = of_text("t.csv", head + row.format("S1", "2026-03-01 20:00:00") + row.format("S2", "2026-03-01T20:00:00Z"))
    assert [m.isoformat() for m in found.column("transfer", "moment")] == [
        "2026-03-01T12:00:00+00:00",
        "2026-03-01T20:00:00+00:00",
    ]
    assert found.column("transfer", "payer", "paid", "kind") == [("张三", 1_000_000, "transfer")] * 2


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("", "empty"),
        ("2026-03-01T10:00:00+99:00", "unknown time zone"),  # no clock is a day ahead of another
        ("2026-03-01T10:00:00+08:60", "unknown time zone"),
        ("9999-12-31T23:59:59-08:00", "no such time"),  # in UTC the year 10000
    ],
)
def test_a_moment_that_cannot_be_is_said_with_its_line_among_others_that_can(moment: str, why: str) -> None:
    for head, first in (
        ("交易流水号,交易时间,付款账号,收款账号,交易金额,币种", "0001-01-01"),
        (PLAIN, "9999-12-31T24:00:00Z"),
    ):
        good = "T1,2026-03-01T10:00:00+08:00,A,B,1.00,CNY"
        for wrong, told in ((moment, why), (first, "no such")):
            ((line, _, reason),) = of_text("t.csv", f"{head}\n{good}\nT2,{wrong},A,B,1.00,CNY\n").bad
            assert line == 3 and told in reason


def test_words_that_a_file_may_write_are_told_in_chinese_as_they_are_written() -> None:
    ((_, _, reason),) = of_text("t.csv", f"{PLAIN},kind\nT1,2026-03-01T10:00:00+08:00,A,B,1.00,CNY,gift\n").bad
    assert in_chinese(reason) != reason and "cash_in, cash_out" in in_chinese(reason)


@pytest.mark.parametrize(
    ("day", "time", "moment"),
    [
        ("2026-03-01", "09:30:15", "2026-03-01T01:30:15"),
        ("20260301", "093015", "2026-03-01T01:30:15"),
        ("2026-03-01", "93015", "2026-03-01T01:30:15"),
        ("2026/3/1", "9:30:15", "2026-03-01T01:30:15"),
        ("2026-03-01", "24:00:00", "2026-03-01T16:00:00"),  # the end of the day, in Beijing
        ("2026-03-02", "2026-03-01 23:59:10", "2026-03-01T15:59:10"),  # booked the day after: not joined
        ("2026-03-01", "", None),  # a day alone
    ],
)
def test_a_time_of_day_is_joined_to_the_day_beside_it(day: str, time: str, moment: str | None) -> None:
    head = "交易流水号,交易日期,交易时间,付款账号,收款账号,交易金额,币种"
    text = f"{head}\nT1,2026-03-05,10:00:00,A,B,1.00,CNY\nT2,{day},{time},A,B,1.00,CNY\n"
    read = of_text("t.csv", text)
    assert not read.bad
    first, second = read.facts["transfer"]
    assert (first["moment"], first["day"]) == (datetime(2026, 3, 5, 2, tzinfo=UTC), date(2026, 3, 5))
    assert second["moment"] == (moment and datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert second["day"] == date(2026, 3, 2 if day.endswith("02") else 1)
    assert second["dated_by"] == ("executed" if moment else "day")


def test_a_time_without_its_day_and_one_that_is_none_are_bad_rows() -> None:
    head = "交易流水号,交易日期,交易时间,付款账号,收款账号,交易金额,币种"
    rows = ("2026-03-01,25:00:00", ",09:30:15", "2026-03-01,", ",", "2026-03-01,noon")
    text = "\n".join([head, *(f"T{n},{row},A,B,1.00,CNY" for n, row in enumerate(rows))])
    bad = of_text("t.csv", f"{text}\n").bad
    assert sorted({line for line, _, _ in bad}) == [2, 3, 5, 6]
    assert "no such time" in bad[0][2] and "empty" in bad[2][2]


def test_an_empty_moment_beside_whole_ones_is_a_bad_row_though_a_booking_day_is_there() -> None:
    head = "交易流水号,交易日期,交易时间,付款账号,收款账号,交易金额,币种"
    text = f"{head}\nT1,2026-03-02,2026-03-01 10:00:00,A,B,1.00,CNY\nT2,2026-03-02,,A,B,1.00,CNY\n"
    assert [(line, reason) for line, _, reason in of_text("t.csv", text).bad] == [(3, "empty")]
