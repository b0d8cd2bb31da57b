"""PayPal's activity download and statement: which day is meant, what moves the balance, in its languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.errors import CrossbookError
from crossbook.settle import settle
from crossbook.sources.day_order import decide
from tests.sources.reading import NATIVE, Read, read

Put = Callable[..., Added]
HEAD = (
    '"Date","Time","TimeZone","Type","Status","Currency","Gross","Fee","Net",'
    '"Transaction ID","Balance","Balance Impact"\n'
)


def row(day: str, net: str, balance: str, **said: str) -> str:
    """A line of an activity download; what it is called differs from a completed payment where said."""
    told = {"time": "12:00:00", "zone": "Europe/Paris", "type": "Express Checkout Payment", "status": "Completed"}
    told |= {"currency": "EUR", "id": f"T{day}{net}", "impact": "Debit" if net.startswith("-") else "Credit"} | said
    cells = [day, *(told[n] for n in ("time", "zone", "type", "status", "currency")), net, "0.00", net]
    return ",".join(f'"{c}"' for c in (*cells, told["id"], balance, told["impact"])) + "\n"


@pytest.fixture
def shown(tmp_path: Path) -> Callable[..., Read]:
    """Reads an activity download of these rows."""

    def put(*rows: str) -> Read:
        path = tmp_path / "activity.csv"
        path.write_text(HEAD + "".join(rows), encoding="utf-8")
        return read(path)

    return put


def test_the_abbreviation_of_a_zone_tells_the_month() -> None:
    found = read(NATIVE / "withdrawal_winter_dmy.csv")  # 06/01/2026 in CET is no day of June
    assert found.column("settlement", "day") == [date(2026, 1, 5), date(2026, 1, 6)]
    assert found.column("payout", "paid_on", "amount") == [(date(2026, 1, 6), 9_700)]


def test_days_over_12() -> None:
    found = read(NATIVE / "all_days_over_12.csv")
    assert found.column("settlement", "day") == [date(2026, 1, 15), date(2026, 1, 16)]


@pytest.mark.parametrize(
    ("days", "zones", "comma", "order"),
    [
        (["05/01/2026"], ["CET"], False, "dmy"),  # 1 May is CEST
        (["05/01/2026"], ["CEST"], False, "mdy"),
        (["03/01/2026", "04/01/2026"], ["PST", "PST"], False, "dmy"),  # 1 April is PDT
        (["01/07/2026"], ["BST"], False, "dmy"),
        (["01/07/2026"], ["GMT"], False, "mdy"),
        (["07/01/2026"], ["EDT"], False, "mdy"),
        (["01/07/2026"], ["MESZ"], False, "dmy"),
        (["05/01/2026"], ["Europe/Paris"], True, "dmy"),  # a decimal comma
        (["05/01/2026"], ["Europe/Paris"], False, None),
        (["05/05/2026"], ["Europe/Paris"], False, "mdy"),  # the same day in both
        (["13/01/2026", "05/01/2026"], ["", ""], False, "dmy"),
        (["01/13/2026", "05/01/2026"], ["", ""], False, "mdy"),
        (["03/02/2026", "01/03/2026"], ["", ""], False, None),  # ascending in one, descending in the other
        (["2026-01-05"], [""], False, "mdy"),
        (["05.01.2026"], [""], False, "mdy"),  # written with points the day is first, whatever the order says
    ],
)
def test_the_order_of_day_and_month(days: list[str], zones: list[str], comma: bool, order: str | None) -> None:
    assert decide(days, [""] * len(days), zones, comma=comma) == order


def test_rows_in_order_tell_the_month() -> None:
    days = ["03/02/2026", "01/03/2026", "02/03/2026"]  # 3 February, 1 and 2 March; else 2 March, 3 January, 3 February
    assert decide(days, ["", "", ""], ["", "", ""], comma=False) == "dmy"


def test_the_balance_tells_the_month(shown: Callable[..., Read]) -> None:
    # in no order of days, so that only the balance tells: 100 on 5 January, 70 on 3 February, 60 on 4 March
    found = shown(
        row("03/02/2026", "-30.00", "70.00"),
        row("05/01/2026", "100.00", "100.00"),
        row("04/03/2026", "-10.00", "60.00"),
    )
    assert sorted(found.column("settlement", "day", "amount")) == [
        (date(2026, 1, 5), 10_000),
        (date(2026, 2, 3), -3_000),
        (date(2026, 3, 4), -1_000),
    ]


def test_days_that_nothing_decides_are_asked_about(shown: Callable[..., Read]) -> None:
    with pytest.raises(CrossbookError, match="05/01/2026 is 2026-05-01 or 2026-01-05") as error:
        shown(row("05/01/2026", "100.00", "100.00"), row("06/01/2026", "-10.00", "90.00"))
    assert "--date-order" in error.value.todo


def test_conversions_are_facts_in_both_currencies() -> None:
    found = read(NATIVE / "conversion.csv")
    assert found.column("settlement", "reference", "related", "kind", "amount", "currency") == [
        ("EC1", None, "sale", 9_700, "EUR"),
        ("CC1", "EC1", "conversion", -9_700, "EUR"),
        ("CC2", "EC1", "conversion", 10_476, "USD"),
        ("WD1", None, "withdrawal", -10_476, "USD"),
    ]
    assert found.column("payout", "payout_id", "amount", "currency") == [("WD1", 10_476, "USD")]
    assert found.notes == ["lines left out, as they do not move the balance: 1 (Memo)"]


def test_an_english_statement(book: Book, add_text: Put) -> None:
    found = read(NATIVE / "paypal_statement_en.csv")
    assert found.column("settlement", "kind", "amount", "balance") == [
        ("sale", 120_660, 120_660),
        ("withdrawal", -100_000, 20_660),
    ]
    add_text("s.csv", (NATIVE / "paypal_statement_en.csv").read_bytes())
    (payout,) = settle(book).payouts
    assert (payout.amount, payout.status, payout.difference) == (100_000, "closed", 0)


def test_a_line_that_says_pending_counts_when_the_balance_moves_by_it(shown: Callable[..., Read]) -> None:
    found = shown(
        row("13/01/2026", "100.00", "100.00"),
        row("14/01/2026", "20.00", "120.00", status="Pending"),
        row("15/01/2026", "-70.00", "50.00"),
    )
    assert found.column("settlement", "amount") == [10_000, 2_000, -7_000]
    assert found.notes == ["line 3 counts: the balance moves by it, though it says 'Pending'"]


def test_lines_without_a_balance_are_as_they_say(shown: Callable[..., Read]) -> None:
    found = shown(
        row("13/01/2026", "100.00", "100.00"),
        row("14/01/2026", "20.00", "", status="Pending", impact="Memo"),
        row("15/01/2026", "5.00", "100.00"),  # stays: the balance is still held against the others
        row("16/01/2026", "-70.00", "30.00"),
    )
    assert found.column("settlement", "amount") == [10_000, -7_000]
    assert "line 4 is left out: the balance stays at 100.00 EUR" in found.notes


def test_a_completed_line_at_which_the_balance_stays_is_left_out(shown: Callable[..., Read]) -> None:
    found = shown(
        row("13/01/2026", "100.00", "100.00"),
        row("14/01/2026", "20.00", "100.00"),
        row("15/01/2026", "-70.00", "30.00"),
    )
    assert found.column("settlement", "amount") == [10_000, -7_000]
    assert found.notes == ["line 3 is left out: the balance stays at 100.00 EUR"]


def test_a_balance_that_does_not_follow_is_said(shown: Callable[..., Read]) -> None:
    found = shown(row("13/01/2026", "100.00", "100.00"), row("14/01/2026", "20.00", "500.00"))
    assert found.column("settlement", "amount") == [10_000, 2_000]
    assert found.notes == ["lines whose balance does not follow from the line before: 1, the first is line 3"]


def test_the_newest_first_and_lines_of_one_second_in_any_order(
    shown: Callable[..., Read], book: Book, add_text: Put
) -> None:
    rows = [
        row("13/01/2026", "100.00", "100.00"),
        row("14/01/2026", "-30.00", "90.00", id="B"),  # of one second: A is first
        row("14/01/2026", "20.00", "120.00", id="A"),
        row("15/01/2026", "-90.00", "0.00", type="General Withdrawal", id="W"),
    ]
    assert shown(*rows).notes == []
    newest = shown(*rows[::-1])
    assert newest.notes == []
    assert sorted(newest.column("settlement", "amount")) == [-9_000, -3_000, 2_000, 10_000]
    add_text("p.csv", HEAD + "".join(rows[::-1]))
    (payout,) = settle(book).payouts
    assert (payout.payout_id, payout.status, payout.amount) == ("W", "closed", 9_000)


def test_authorizations_are_left_out_by_their_type(shown: Callable[..., Read]) -> None:
    found = shown(
        row("13/01/2026", "100.00", "", type="General Authorization", impact=""),
        row("14/01/2026", "50.00", "", type="Express Checkout Payment"),
        row("15/01/2026", "-20.00", "", type="Account Hold for Open Authorization"),
    )
    assert found.column("settlement", "kind", "amount") == [("sale", 5_000), ("reserve_hold", -2_000)]
    assert found.notes == ["lines left out, as they do not move the balance: 1 (General Authorization)"]


LANGUAGES = {
    "de": (
        "Datum;Uhrzeit;Zeitzone;Name;Typ;Status;Währung;Brutto;Gebühr;Netto;Transaktionscode;"
        "Guthaben;Auswirkung auf Guthaben",
        "Handyzahlung;Abgeschlossen;Haben",
        "Allgemeine Abbuchung;Abgeschlossen;Soll",
        "Handyzahlung;Ausstehend;Kein",
    ),
    "fr": (
        "Date;Heure;Fuseau horaire;Nom;Type;État;Devise;Avant commission;Commission;Net;"
        "Numéro de transaction;Solde;Impact sur le solde",
        "Paiement sur site marchand;Terminé;Crédit",
        "Retrait général;Terminé;Débit",
        "Paiement sur site marchand;En attente;Mémo",
    ),
    "it": (
        "Data;Orario;Fuso orario;Nome;Tipo;Stato;Valuta;Lordo;Tariffa;Netto;Codice transazione;Saldo;Impatto sul saldo",
        "Pagamento Express Checkout;Completata;Accredito",
        "Prelievo generico;Completata;Addebito",
        "Pagamento;In sospeso;Promemoria",
    ),
    "nl": (
        "Datum;Tijd;Tijdzone;Naam;Type;Status;Valuta;Bruto;Kosten;Netto;Transactie-ID;Saldo;Balance Impact",
        "Algemene betaling;Voltooid;Credit",
        "Algemene opname;Voltooid;Debit",
        "Algemene betaling;In behandeling;Memo",
    ),
    "ja": (
        "日付;時間;タイムゾーン;名前;タイプ;ステータス;通貨;合計;手数料;正味;取引ID;残高;Balance Impact",
        "エクスプレス チェックアウト支払い;完了;Credit",
        "通常の引き出し;完了;Debit",
        "支払い;保留中;Memo",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_activity_downloads_in_their_languages(tmp_path: Path, language: str) -> None:
    header, paid, taken, waits = LANGUAGES[language]
    rows = []
    for n, (words, net, balance) in enumerate(
        [(paid, "97,00", "97,00"), (waits, "5,00", "97,00"), (taken, "-97,00", "0,00")]
    ):
        kind, status, impact = words.split(";")
        day = f"2026/05/{n + 1:02}" if language == "ja" else f"{n + 1:02}/05/2026"
        cells = [day, "12:00:00", "CEST", "", kind, status, "EUR", net, "0,00", net, f"X{n}", balance, impact]
        rows.append(";".join(cells))
    path = tmp_path / "activity.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    found = read(path)
    assert found.source == "paypal_activity"
    assert found.column("settlement", "day", "kind", "amount") == [
        (date(2026, 5, 1), "sale", 9_700),
        (date(2026, 5, 3), "withdrawal", -9_700),
    ]
    assert [n for n in found.notes if not n.startswith("lines left out")] == []


def test_a_spanish_statement(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(
        '"Fecha","Hora","Zona horaria","Descripción","Divisa","Bruto ","Comisión ","Neto",'
        '"Saldo","Id. de transacción"\n'
        '"1/5/2026","10:00:00","Europe/Madrid","Pago con Pago exprés","EUR","4.100,00","-100,'
        '00","4.000,00","4.000,00","A"\n'
        '"2/5/2026","10:00:00","Europe/Madrid","Conversión de divisas","EUR","-1.000,00","0,00",'
        '"-1.000,00","3.000,00","B"\n'
        '"3/5/2026","10:00:00","Europe/Madrid","Retirada","EUR","-3.000,00","0,00","-3.000,00","0,00","C"\n',
        encoding="utf-8",
    )
    found = read(path)
    assert found.source == "paypal_statement"
    assert found.column("settlement", "day", "kind", "amount") == [
        (date(2026, 5, 1), "sale", 400_000),
        (date(2026, 5, 2), "conversion", -100_000),
        (date(2026, 5, 3), "withdrawal", -300_000),
    ]


def test_what_was_bought_is_no_sale(shown: Callable[..., Read]) -> None:
    found = shown(row("13/01/2026", "50.00", "50.00"), row("14/01/2026", "-20.00", "30.00", type="General Payment"))
    assert found.column("settlement", "kind", "amount") == [("sale", 5_000), ("other", -2_000)]


@pytest.mark.parametrize(
    "word",
    [
        "Virement standard",
        "Virement bancaire",
        "Allgemeine Abbuchung",
        "Retirada iniciada por el usuario",
        "Prelievo generico",
        "Transferência para conta bancária",
        "銀行口座への引き出し",
        "提现至银行账户",
    ],
)
def test_a_withdrawal_is_known_by_its_word_in_each_language(shown: Callable[..., Read], word: str) -> None:
    found = shown(row("13/01/2026", "50.00", "50.00"), row("14/01/2026", "-50.00", "0.00", type=word))
    assert found.column("settlement", "kind", "amount") == [("sale", 5_000), ("withdrawal", -5_000)]
    assert found.column("payout", "paid_on", "amount") == [(date(2026, 1, 14), 5_000)]


def test_money_that_an_unknown_type_takes_out_is_named_with_its_sum(shown: Callable[..., Read]) -> None:
    rows = (row("14/01/2026", "-20.00", "30.00", type="Grobnik"), row("15/01/2026", "-5.00", "25.00", type="Grobnik"))
    found = shown(row("13/01/2026", "50.00", "50.00"), *rows)
    assert found.notes == [
        "type 'Grobnik', 2 times, is not known: read as other",
        "type 'Grobnik' takes 25.00 EUR out and is not known: if it is a withdrawal, no payout is made of it",
    ]


def test_a_type_that_no_list_has_is_named(shown: Callable[..., Read]) -> None:
    found = shown(row("13/01/2026", "1.00", "1.00", type="Grobnik"))
    assert found.column("settlement", "kind") == ["other"]
    assert found.notes == ["type 'Grobnik', 1 times, is not known: read as other"]
