"""camt messages: days, balances and states as banks write them in any version."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.sources.statement_files import STATEMENTS, read, written

DAYS = "<BookgDt><Dt>2026-03-05</Dt></BookgDt><ValDt><Dt>2026-03-06</Dt></ValDt>"
BALANCES = {"OPBD": "1000.00", "CLBD": "2847.32"}


def balance(code: str, amount: str, day: str = "<Dt>2026-03-05</Dt>") -> str:
    """A balance of one kind."""
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="USD">{amount}</Amt>'
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt>{day}</Dt></Bal>"
    )


def message(entry: str, balances: str = "", version: str = "053.001.02", own: str = "2026-03-07T00:00:00") -> str:
    """A message of one statement."""
    space = f' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{version}"' if version else ""
    created = f"<CreDtTm>{own}</CreDtTm>" if own else ""
    return (
        f"<Document{space}><BkToCstmrStmt><Stmt><Id>S</Id>{created}<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id>"
        f"</Acct>{balances}{entry}</Stmt></BkToCstmrStmt></Document>"
    )


def entry(days: str = DAYS, status: str = "<Sts>BOOK</Sts>", amount: str = "1847.32") -> str:
    """An entry of that amount."""
    return f'<Ntry><Amt Ccy="USD">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>{status}{days}</Ntry>'


def found(folder: Path, text: str) -> dict[str, list[dict[str, Any]]]:
    """The facts of a message."""
    facts, reading = read(written(folder, "a.xml", text))
    assert reading.bad == []
    return facts


@pytest.mark.parametrize("name", ["same_credit_camt052", "same_credit_camt053", "same_credit_camt054", "dup_camt053"])
def test_messages_that_are_as_they_should_be(name: str) -> None:
    facts, reading = read(STATEMENTS / f"{name}.xml")
    assert len(facts["bank"]) == 1
    assert reading.bad == []


@pytest.mark.parametrize(
    ("days", "own", "booked", "by"),
    [
        (DAYS, "2026-03-07T00:00:00", date(2026, 3, 5), None),
        ("<ValDt><Dt>2026-03-06</Dt></ValDt>", "2026-03-07T00:00:00", date(2026, 3, 6), "value day"),
        ("", "2026-03-07T00:00:00", date(2026, 3, 7), "day of the statement"),
        ("<BookgDt><DtTm>2026-03-05T00:30:00+08:00</DtTm></BookgDt>", "", date(2026, 3, 5), None),
    ],
)
def test_the_day_of_booking(tmp_path: Path, days: str, own: str, booked: date, by: str | None) -> None:
    (row,) = found(tmp_path, message(entry(days), own=own))["bank"]
    assert (row["booked_on"], row["booked_by"]) == (booked, by)


@pytest.mark.parametrize(
    ("entries", "notes"),
    [
        (entry(""), ["1 entry states no day: taken as the statement's, 2026-03-07"]),
        (entry("") * 2 + entry(), ["2 entries state no day: taken as the statement's, 2026-03-07"]),
        (entry("<ValDt><Dt>2026-03-06</Dt></ValDt>"), []),
    ],
)
def test_a_day_that_is_not_the_entrys_own_is_said(tmp_path: Path, entries: str, notes: list[str]) -> None:
    assert read(written(tmp_path, "a.xml", message(entries)))[1].notes == notes


SAID = "<TxsSummry><TtlNtries><NbOfNtries>{}</NbOfNtries><Sum>{}</Sum></TtlNtries></TxsSummry>"
USD, EUR = "</Id><Ccy>USD</Ccy></Acct>", "</Id><Ccy>EUR</Ccy></Acct>"


@pytest.mark.parametrize(
    ("entries", "own", "notes"),
    [
        (SAID.format("02", "3694.640") + entry() * 2, USD, []),
        (entry() + entry(status="<Sts>PDNG</Sts>"), USD, ["1 entry is not booked: left out"]),
        (entry() * 2, EUR, ["2 entries are in another currency than the account: taken as told"]),
    ],
)
def test_what_is_left_out_is_noted(tmp_path: Path, entries: str, own: str, notes: list[str]) -> None:
    text = message(entries).replace("</Id></Acct>", own)
    _, reading = read(written(tmp_path, "a.xml", text))
    assert reading.notes == notes
    assert not reading.bad


@pytest.mark.parametrize(
    ("said", "column", "reason"),
    [
        (SAID.format(3, "3694.64"), "NbOfNtries", "the statement has 2 entries"),
        (SAID.format(0, "3694.64"), "NbOfNtries", "the statement has 2 entries"),
        (SAID.format(2, "1.00"), "Sum", "its entries come to 3,694.64 USD"),
        (SAID.format(2, "-"), "Sum", "its entries come to 3,694.64 USD"),
    ],
)
def test_a_statement_that_contradicts_its_own_head_is_refused(
    tmp_path: Path, said: str, column: str, reason: str
) -> None:
    _, reading = read(written(tmp_path, "a.xml", message(said + entry() * 2)))
    assert [(b.column, b.reason) for b in reading.bad] == [(column, reason)]


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(
    ("where", "paged"),
    [
        ("<Stmt><Id>S</Id>", "<StmtPgntn>{}</StmtPgntn>"),
        ("<BkToCstmrStmt>", "<GrpHdr><MsgPgntn>{}</MsgPgntn></GrpHdr>"),
    ],
)
def test_the_head_of_one_page_tells_of_all_pages(tmp_path: Path, where: str, paged: str, last: bool) -> None:
    """Since version 3 a statement has its pages before its day; before, the message had them in its own head."""
    page = paged.format(f"<PgNb>1</PgNb><LastPgInd>{str(last).lower()}</LastPgInd>")
    text = message(SAID.format(9, "9.00") + entry())
    _, reading = read(written(tmp_path, "a.xml", text.replace(where, where + page)))
    assert bool(reading.bad) == last


def test_a_head_whose_sum_has_signs_is_as_good(tmp_path: Path) -> None:
    """1 847.32 came in twice; of one in and one out a bank that nets them says 0."""
    out = entry().replace("<CdtDbtInd>CRDT", "<CdtDbtInd>DBIT")
    assert out != entry()
    for said, entries in ((SAID.format(2, "0.00"), entry() + out), (SAID.format(2, "3694.64"), entry() + out)):
        _, reading = read(written(tmp_path, "a.xml", message(said + entries)))
        assert not reading.bad


def test_an_amount_below_zero_is_refused(tmp_path: Path) -> None:
    """It is positive by the schema (minInclusive 0); -12.52 DBIT would else turn a payment into a receipt."""
    _, reading = read(written(tmp_path, "a.xml", message(entry(amount="-12.52"))))
    assert "an amount below zero" in reading.bad[0].reason


def test_a_statement_without_its_day_does_not_take_that_of_the_one_before(tmp_path: Path) -> None:
    one, two = message(entry()), message(entry(""), own="")
    both = one.replace("</Stmt>", "</Stmt>" + two[two.index("<Stmt>") : two.index("</Stmt>")] + "</Stmt>")
    _, reading = read(written(tmp_path, "a.xml", both))
    assert "no booking date" in reading.bad[0].reason


def test_without_any_day_it_is_an_error(tmp_path: Path) -> None:
    _, reading = read(written(tmp_path, "a.xml", message(entry(""), own="")))
    assert "no booking date" in reading.bad[0].reason


@pytest.mark.parametrize("status", ["<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>", "<Sts><Cd>INFO</Cd></Sts>"])
def test_what_is_not_booked_is_neither_an_entry_nor_in_the_sum(tmp_path: Path, status: str) -> None:
    both = entry() + entry(status=status)
    facts = found(tmp_path, message(both, "".join(balance(*b) for b in BALANCES.items())))
    assert len(facts["bank"]) == 1
    assert facts["balance"][0]["moved"] == 184732


@pytest.mark.parametrize("version", [*(f"053.001.{n:02d}" for n in range(2, 14)), ""])
def test_versions(tmp_path: Path, version: str) -> None:
    status = "<Sts>BOOK</Sts>" if version < "053.001.07" else "<Sts><Cd>BOOK</Cd></Sts>"
    assert len(found(tmp_path, message(entry(status=status), version=version))["bank"]) == 1


def test_a_batch_whose_parts_do_not_make_its_sum_stays_one_entry(tmp_path: Path) -> None:
    part = '<TxDtls><Amt Ccy="USD">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls>'
    for second, amounts in (("847.32", [100000, 84732]), ("800.00", [184732])):
        details = f"<NtryDtls>{part.format('1000.00')}{part.format(second)}</NtryDtls></Ntry>"
        rows = found(tmp_path, message(entry().replace("</Ntry>", details)))["bank"]
        assert [r["amount"] for r in rows] == amounts


def test_who_is_on_the_other_side_of_a_batch_and_of_what_came_back(tmp_path: Path) -> None:
    """A batch whose parts have no sums is of nobody, unless all of it is of one; of what came back, by its own word or
    by the entry's, the other side is who was to be paid."""
    who = "<TxDtls>{amount}<RltdPties>{told}</RltdPties>{more}</TxDtls>"
    buyer, other = "<Dbtr><Nm>Buyer</Nm></Dbtr>", "<Dbtr><Pty><Nm>Other</Nm></Pty></Dbtr>"
    was = "<Dbtr><Nm>We</Nm></Dbtr><Cdtr><Nm>Supplier</Nm></Cdtr>"
    plain = {"amount": "", "more": ""}
    cases = (
        ([who.format(told=buyer, **plain), who.format(told=buyer, **plain)], "", "Buyer"),
        ([who.format(told=buyer, **plain), who.format(told=other, **plain)], "", None),
        ([who.format(told=was, amount="", more="<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>")], "", "Supplier"),
        ([who.format(told=was, **plain)], "<RvslInd>true</RvslInd>", "Supplier"),
        ([who.format(told=was, **plain)], "<RvslInd>false</RvslInd>", "We"),
    )
    for details, sign, name in cases:
        text = entry(status=f"{sign}<Sts>BOOK</Sts>").replace(
            "</Ntry>", f"<NtryDtls>{''.join(details)}</NtryDtls></Ntry>"
        )
        (row,) = found(tmp_path, message(text))["bank"]
        assert (row["counterparty"], row["amount"]) == (name, 184732)


def test_it_is_taken_though_it_does_not_add_up() -> None:
    facts, reading = read(STATEMENTS / "not_closing_camt053.xml")
    (told,) = facts["balance"]
    assert told["closing"] - told["opening"] - told["moved"] == 14732
    assert reading.bad == []


def test_interim_balances_and_one_that_stands_alone(tmp_path: Path) -> None:
    (told,) = found(tmp_path, message(entry(), balance("OPBD", "1.00") + balance("ITBD", "1848.32")))["balance"]
    assert (told["opening"], told["closing"]) == (100, 184832)
    (told,) = found(tmp_path, message(entry(), balance("CLBD", "2847.32")))["balance"]
    assert (told["opening"], told["closing"]) == (None, 284732)
    day = "<DtTm>2026-03-05T00:30:00+08:00</DtTm>"
    (told,) = found(tmp_path, message(entry(), balance("CLBD", "2847.32", day)))["balance"]
    assert told["period_to"].date() == date(2026, 3, 5)


def of_parties(parties: str, more: str = "", sign: str = "") -> str:
    """An entry with one transaction between these."""
    details = f"<NtryDtls><TxDtls>{more}<RltdPties>{parties}</RltdPties></TxDtls></NtryDtls></Ntry>"
    return entry(status=f"{sign}<Sts>BOOK</Sts>").replace("</Ntry>", details)


def account_of(party: str, number: str) -> str:
    return f"<{party}Acct><Id>{number}</Id></{party}Acct>"


OURS = "<IBAN>DE02120300000000202051</IBAN>"  # of the statement itself
THEIRS = "<IBAN>gb33bukb20201555555555</IBAN>"  # a published example, in small letters
OTHERS = "<Othr><Id>6222 0000 0001</Id></Othr>"


@pytest.mark.parametrize(
    ("parties", "name", "account"),
    [
        (f"<Dbtr><Nm>A</Nm></Dbtr>{account_of('Dbtr', THEIRS)}", "A", "GB33BUKB20201555555555"),
        (f"<Dbtr><Pty><Nm>A</Nm></Pty></Dbtr>{account_of('Dbtr', OTHERS)}", "A", "622200000001"),
        (account_of("Dbtr", OTHERS), None, "622200000001"),
        (f"<Dbtr><Nm>A</Nm></Dbtr>{account_of('Cdtr', THEIRS)}", "A", None),  # of who is paid, not of who pays
        (f"<Dbtr><Nm>A</Nm></Dbtr>{account_of('Dbtr', OURS)}", "A", None),
    ],
)
def test_the_account_of_the_other_side(tmp_path: Path, parties: str, name: str | None, account: str | None) -> None:
    (row,) = found(tmp_path, message(of_parties(parties)))["bank"]
    assert (row["counterparty"], row["counterparty_account"]) == (name, account)


def test_what_comes_back_is_said_with_the_account_that_had_been_paid(tmp_path: Path) -> None:
    """A debit that the bank takes back is a credit with RvslInd; its parties are those of the debit."""
    was = f"<Dbtr><Nm>We</Nm></Dbtr>{account_of('Dbtr', OURS)}<Cdtr><Nm>Shop</Nm></Cdtr>{account_of('Cdtr', THEIRS)}"
    refs, why = "<Refs><EndToEndId>E-1</EndToEndId></Refs>", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
    cases = (
        (
            of_parties(was, refs, "<RvslInd>true</RvslInd>"),
            "reversal",
            ["1 entry takes an earlier one back (a reversal)"],
        ),
        (of_parties(was, refs + why), "return", ["1 entry is a payment that came back (a return)"]),
        (entry(status="<RvslInd>1</RvslInd><Sts>BOOK</Sts>"), "reversal", None),
    )
    for text, given_back, notes in cases:
        facts, reading = read(written(tmp_path, "a.xml", message(text)))
        (row,) = facts["bank"]
        assert (row["given_back"], row["amount"]) == (given_back, 184732)
        if notes is not None:
            assert (row["counterparty"], row["counterparty_account"]) == ("Shop", "GB33BUKB20201555555555")
            assert row["end_to_end"] == "E-1"
            assert reading.notes == notes


def test_whose_parties_turn_with_the_money_is_known_by_our_own_account(tmp_path: Path) -> None:
    """Banks that write the parties of a reversal as the money now goes: we are paid, so the other side is the payer."""
    now = f"<Dbtr><Nm>Shop</Nm></Dbtr>{account_of('Dbtr', THEIRS)}<Cdtr><Nm>We</Nm></Cdtr>{account_of('Cdtr', OURS)}"
    (row,) = found(tmp_path, message(of_parties(now, sign="<RvslInd>true</RvslInd>")))["bank"]
    assert (row["counterparty"], row["counterparty_account"]) == ("Shop", "GB33BUKB20201555555555")


def test_a_batch_to_several_accounts_is_of_none(tmp_path: Path) -> None:
    part = "<TxDtls><RltdPties>{}</RltdPties></TxDtls>"
    both = part.format(account_of("Dbtr", THEIRS)) + part.format(account_of("Dbtr", OTHERS))
    (row,) = found(tmp_path, message(entry().replace("</Ntry>", f"<NtryDtls>{both}</NtryDtls></Ntry>")))["bank"]
    assert row["counterparty_account"] is None
