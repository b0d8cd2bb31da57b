"""Amazon's reports: deferred lines, numbers that are no orders, marketplaces in their languages."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from crossbook.errors import CrossbookError
from tests.sources.reading import NATIVE, read


def test_deferred_lines_are_in_no_payout() -> None:
    found = read(NATIVE / "amazon_date_range_deferred.csv")
    assert found.column("settlement", "order_id", "amount", "kind") == [
        ("111-1111111-1111111", 3_750, "sale"),
        ("111-1111111-1111112", 3_750, "sale"),
        (None, -7_500, "withdrawal"),
    ]
    assert found.column("payout", "payout_id", "amount", "paid_on") == [("555", 7_500, date(2026, 1, 14))]
    assert found.column("release", "order_id", "amount", "state", "release_on") == [
        ("111-1111111-1111111", 3_750, "released", date(2026, 1, 12)),
        ("111-1111111-1111112", 3_750, "released", date(2026, 1, 13)),
        ("111-1111111-1111113", 6_300, "deferred", None),
        ("111-1111111-1111114", 6_300, "deferred", None),
    ]
    assert found.notes == ["2 deferred, 126.00 USD: in no payout yet, they await release"]


def test_japanese_reports_are_read_alike_in_both_encodings() -> None:
    one, other = read(NATIVE / "amazon_date_range_jp.csv"), read(NATIVE / "amazon_date_range_jp_utf8.csv")
    assert one.facts == other.facts
    assert one.column("settlement", "kind", "amount", "currency") == [
        ("sale", 3_750, "JPY"),
        ("withdrawal", -3_750, "JPY"),
    ]
    assert one.column("payout", "amount") == [3_750]


def test_australian_fees_are_whole() -> None:
    found = read(NATIVE / "amazon_date_range_au.csv")
    assert found.column("settlement", "amount", "fee") == [(8_500, -2_500), (-8_500, 0)]
    assert found.column("payout", "amount", "currency") == [(8_500, "AUD")]


# Rows as public programs quote them of real reports, other numbers; the values worked out by hand.
LANGUAGES = {
    "de": (
        '"Alle Beträge in Euro sofern nicht anders gekennzeichnet"\n'
        '"Datum/Uhrzeit","Abrechnungsnummer","Typ","Bestellnummer","SKU","Umsätze","Verkaufsgebühren",'
        '"Gebühren zu Versand durch Amazon","Andere Transaktionsgebühren","Andere","Gesamt","Transaktionsstatus",'
        '"Freigabedatum der Transaktion"\n'
        '"02.06.2026 18:28:02 UTC","272","Bestellung","028-4141567-1447500","S","26,36","-5,80",'
        '"-3,85","0","0","16,71",'
        '"Veröffentlicht","13.06.2026 23:40:37 UTC"\n'
        '"03.06.2026 18:28:02 UTC","272","Bestellung","028-4141567-1447501","S","26,36","-5,80",'
        '"-3,85","0","0","16,71",'
        '"Zurückgestellt",""\n'
        '"14.06.2026 05:33:54 UTC","272","Übertrag","","","0","0","0","0","-16,71","-16,71","Veröffentlicht",""\n',
        "EUR",
        1_671,
        date(2026, 6, 13),
    ),
    "fr": (
        '"Tous les montants sont en EUR sauf mention contraire"\n'
        '"date/heure","numéro de versement","type","numéro de la commande","sku","ventes de produits","frais de vente",'
        '"Frais Expédié par Amazon","autres frais de transaction","autre","total","Statut de la transaction",'
        '"Date de sortie de la transaction"\n'
        '"1 juil. 2026 08:31:35 UTC","274","Commande","171-9706558-5939530","S","6,58","-0,75","0","-0,02","0","5,81",'
        '"Sorti","10 juil. 2026 20:51:27 UTC"\n'
        '"2 juil. 2026 08:31:35 UTC","274","Commande","171-9706558-5939531","S","6,58","-0,75","0","-0,02","0","5,81",'
        '"Différé",""\n'
        '"11 juil. 2026 08:31:35 UTC","274","Transférer","","","0","0","0","0","-5,81","-5,81","Sorti",""\n',
        "EUR",
        581,
        date(2026, 7, 10),
    ),
    "mx": (
        '"Todos los importes en MXN, a menos que se especifique"\n'
        '"fecha/hora","Id. de liquidación","tipo ","Id. del pedido","sku","ventas de productos","tarifas de venta",'
        '"tarifas fba","tarifas de otra transacción","otro","total","Estado de la transacción",'
        '"Fecha de liberación de la transacción"\n'
        '"31 jul 2026 11:03:59 p.m. GMT-7","27","Pedido","702-6207082-8815410","S","1,137.92",'
        '"-24.00","-35.00","0","0",'
        '"1,078.92","Lanzado","4 ago 2026 5:11:02 a.m. GMT-7"\n'
        '"1 ago 2026 11:03:59 p.m. GMT-7","27","Pedido","702-6207082-8815411","S","1,137.92","-24.00","-35.00","0","0",'
        '"1,078.92","Diferido",""\n'
        '"7 ago 2026 1:00:00 p.m. GMT-7","27","Trasferir","","","0","0","0","0","-1,078.92","-1,078.92","Lanzado",""\n',
        "MXN",
        107_892,
        date(2026, 8, 4),
    ),
    "br": (
        '"Inclui transações da Amazon"\n'
        '"data/hora","id de liquidação","tipo","id do pedido","sku","mercado","vendas do produto","tarifas de venda",'
        '"taxas fba","taxas de outras transações","outro","total","Status da transação",'
        '"Data de liberação da transação"\n'
        '"27 de mar. de 2026 06:46:03 GMT-7","26","Pedido","701-1234567-1234567","S","amazon.com.br","100,00","-12,00",'
        '"-5,00","0","0","83,00","Liberado","28 de mar. de 2026 06:46:03 GMT-7"\n'
        '"27 de mar. de 2026 07:46:03 GMT-7","26","Pedido","701-1234567-1234568","S","amazon.com.br","100,00","-12,00",'
        '"-5,00","0","0","83,00","Diferido",""\n'
        '"30 de mar. de 2026 06:46:03 GMT-7","26","Transferir","","","","0","0","0","0","-83,00",'
        '"-83,00","Liberado",""\n',
        "BRL",
        8_300,
        date(2026, 3, 28),
    ),
    "jp": (
        '"指定のない場合、単位は円"\n'
        '"日付/時間","決済番号","トランザクションの種類","注文番号","SKU","商品売上","手数料","FBA 手数料",'
        '"トランザクションに関するその他の手数料","その他","合計","トランザクションのステータス",'
        '"トランザクション開始日"\n'
        '"2026/07/03 12:34:56 JST","123","注文","249-1234567-1234567","S","1,200","-150","-300","0","0","750",'
        '"支払い実行済み","2026/07/10"\n'
        '"2026/07/04 12:34:56 JST","123","注文","249-1234567-1234568","S","1,200","-150","-300","0","0","750",'
        '"保留中",""\n'
        '"2026/07/14 12:34:56 JST","123","振込み","","","0","0","0","0","-750","-750","支払い実行済み",""\n',
        "JPY",
        750,
        date(2026, 7, 10),
    ),
    "se": (
        '"Alla belopp i SEK om inget annat anges"\n'
        '"datum/tid","reglerings-id","typ","beställnings-id","sku","försäljning av produkter","försäljningsavgifter",'
        '"fba-avgifter","övriga transaktionsavgifter","övrigt","totalt","Transaktionsstatus",'
        '"Transaktionens utgivningsdatum"\n'
        '"2 maj 2026 10:00:00 UTC","28","Beställning","404-1234567-1234567","S","1 135,72","-100,00","-35,72","0","0",'
        '"1 000,00","Released","12 maj 2026 10:00:00 UTC"\n'
        '"3 maj 2026 10:00:00 UTC","28","Beställning","404-1234567-1234568","S","1 135,72","-100,00","-35,72","0","0",'
        '"1 000,00","Uppskjuten",""\n'
        '"14 maj 2026 10:00:00 UTC","28","Överföring","","","0","0","0","0","-1 000,00","-1 000,00","Released",""\n',
        "SEK",
        100_000,
        date(2026, 5, 12),
    ),
    "pl": (
        '"Wszystkie kwoty w PLN, o ile nie określono inaczej"\n'
        '"data/godzina","identyfikator rozliczenia","typ","identyfikator zamówienia","sku","sprzedaż produktów",'
        '"opłaty za sprzedaż","opłaty za FBA","inne opłaty transakcyjne","inne","suma","status transakcji",'
        '"data zrealizowania transakcji"\n'
        '"2 sty 2026 10:00:00 UTC","29","Zamówienie","171-1234567-1234567","S","50,00","-7,50","-5,00","0","0","37,50",'
        '"Released","12 sty 2026 10:00:00 UTC"\n'
        '"3 sty 2026 10:00:00 UTC","29","Zamówienie","171-1234567-1234568","S","50,00","-7,50","-5,00","0","0","37,50",'
        '"Odroczono",""\n'
        '"14 sty 2026 10:00:00 UTC","29","Przelew","","","0","0","0","0","-37,50","-37,50","Released",""\n',
        "PLN",
        3_750,
        date(2026, 1, 12),
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_marketplace_in_its_language(tmp_path: Path, language: str) -> None:
    text, currency, net, released = LANGUAGES[language]
    path = tmp_path / f"{language}.csv"
    path.write_text(text, encoding="utf-8")
    found = read(path)
    assert (found.source, found.bad) == ("amazon_date_range", [])
    assert found.column("settlement", "kind", "amount", "currency") == [
        ("sale", net, currency),
        ("withdrawal", -net, currency),
    ]
    assert found.column("payout", "amount") == [net]
    assert found.column("release", "state", "amount", "release_on") == [
        ("released", net, released),
        ("deferred", net, None),
    ]
    assert [n for n in found.notes if "not known" in n] == []


HEAD = (
    '"date/time","settlement id","type","order id","sku","product sales","selling fees","total","Transaction Status"\n'
)


def test_a_type_that_no_list_has_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    row = '"Jan 2, 2026 1:00:00 AM PST","5","Grobnik","","","0","0","-3.00","Released"\n'
    path.write_text('"All amounts in USD, unless specified"\n' + HEAD + row + row, encoding="utf-8")
    found = read(path)
    assert found.column("settlement", "kind", "type") == [("other", "Grobnik")] * 2
    assert found.notes == ["type 'Grobnik', 2 times, is not known: read as other"]


@pytest.mark.parametrize(
    ("first", "second", "days"), [("27/06/2026", "05/06/2026", [27, 5]), ("06/27/2026", "06/05/2026", [27, 5])]
)
def test_days_in_numbers_are_told_by_one_over_12(tmp_path: Path, first: str, second: str, days: list[int]) -> None:
    path = tmp_path / "x.csv"
    rows = [
        f'"{day} 10:00:00","5","Order","111-1111111-1111111","S","9.00","0","9.00","Released"\n'
        for day in (first, second)
    ]
    path.write_text('"All amounts in INR, unless specified"\n' + HEAD + "".join(rows), encoding="utf-8")
    assert read(path).column("settlement", "day") == [date(2026, 6, day) for day in days]
    path.write_text('"All amounts in INR, unless specified"\n' + HEAD + rows[1], encoding="utf-8")
    with pytest.raises(CrossbookError, match="whether the day or the month comes first"):
        read(path)


def test_a_state_that_no_list_has_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    row = '"Jan 2, 2026 1:00:00 AM PST","5","Order","111-1111111-1111111","S","9.00","0","9.00","Grobnik"\n'
    path.write_text('"All amounts in USD, unless specified"\n' + HEAD + row, encoding="utf-8")
    assert read(path).bad == [
        (3, "Transaction Status", "neither released nor deferred: whether it is paid out hangs on this word")
    ]


def test_columns_behind_the_total_that_nobody_knows_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    row = '"Jan 2, 2026 1:00:00 AM PST","5","Order","111-1111111-1111111","S","9.00","0","9.00","Uitgesteld"\n'
    head = HEAD.replace("Transaction Status", "Zustand")
    path.write_text('"All amounts in USD, unless specified"\n' + head + row, encoding="utf-8")
    with pytest.raises(CrossbookError, match="behind the total that are not known: Zustand"):
        read(path)


def test_a_shipment_to_amazon_is_no_order() -> None:
    found = read(NATIVE / "amazon_v2_reserve_fbafees.txt")
    assert found.column("settlement", "kind", "order_id", "related", "amount") == [
        ("sale", "114-1", None, 20_000),
        ("fee", "114-1", None, -3_000),
        ("fee", None, "FBA19AAAAAAA", -1_200),
        ("other", None, None, 250),
        ("reserve_release", None, None, 5_000),
        ("reserve_hold", None, None, -15_000),
    ]
    assert sum(found.column("settlement", "amount")) == found.column("payout", "amount")[0] == 6_050
    assert found.notes == ["type 'other-transaction / other-transaction / Reversal' is not known: read as other"]


V2 = (
    "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\t"
    "transaction-type\torder-id\tmarketplace-name\tamount-type\tamount-description\tamount\tposted-date\t"
    "posted-date-time\tsku\tquantity-purchased\n"
)


def summary(total: str, currency: str, number: str = "7") -> str:
    period = "01.01.2026 00:00:00 UTC\t14.01.2026 00:00:00 UTC\t16.01.2026 00:00:00 UTC"
    return f"{number}\t{period}\t{total}\t{currency}" + "\t" * 10 + "\n"


def line(what: str, order: str, place: str, kind: str, description: str, amount: str, number: str = "7") -> str:
    when = "05.01.2026\t05.01.2026 10:00:00 UTC"
    return f"{number}" + "\t" * 6 + f"{what}\t{order}\t{place}\t{kind}\t{description}\t{amount}\t{when}\t\t\n"


@pytest.mark.parametrize(
    ("what", "kind", "description", "number"),
    [
        ("other-transaction", "other-transaction", "RemovalComplete", "0d4uZ7vPfE"),
        ("other-transaction", "other-transaction", "DisposalComplete", "XyZ09"),
        ("ServiceFee", "Cost of inbound", "Inbound Transportation Charge", "FBA15ABCDEFG"),
        ("FBAFees", "Inbound Defect Fee", "Base fee", "FBA19AAAAAAA"),
    ],
)
def test_numbers_of_stock_are_no_orders(tmp_path: Path, what: str, kind: str, description: str, number: str) -> None:
    path = tmp_path / "v2.txt"
    path.write_text(
        V2
        + summary("5.00", "USD")
        + line(what, number, "Amazon.com", kind, description, "-1.00")
        + line("Order", "S01-1234567-1234567", "Non-Amazon", "ItemFees", "FBAPerUnitFulfillmentFee", "6.00"),
        encoding="utf-8",
    )
    assert read(path).column("settlement", "order_id", "related") == [(None, number), ("S01-1234567-1234567", None)]


def test_a_settlement_of_several_marketplaces_and_currencies(tmp_path: Path) -> None:
    path = tmp_path / "v2.txt"
    path.write_text(
        V2
        + summary("30.00", "EUR")
        + line("Order", "305-1", "Amazon.de", "ItemPrice", "Principal", "10.00")
        + line("Order", "404-1", "Amazon.fr", "ItemPrice", "Principal", "20.00")
        + summary("7.00", "GBP")
        + line("Order", "206-1", "Amazon.co.uk", "ItemPrice", "Principal", "7.00"),
        encoding="utf-8",
    )
    found = read(path)
    assert found.column("payout", "payout_id", "amount", "currency") == [("7", 3_000, "EUR"), ("7", 700, "GBP")]
    assert found.column("settlement", "order_id", "amount", "currency") == [
        ("305-1", 1_000, "EUR"),
        ("404-1", 2_000, "EUR"),
        ("206-1", 700, "GBP"),
    ]


def test_yen_and_a_settlement_below_nothing_as_before() -> None:
    yen, negative = read(NATIVE / "amazon_v2_jpy.txt"), read(NATIVE / "amazon_v2_negative.txt")
    assert yen.column("payout", "amount", "currency") == [(4_250, "JPY")]
    assert sum(yen.column("settlement", "amount")) == 4_250
    assert negative.column("payout", "amount") == [-2_500]
    assert negative.column("settlement", "kind", "amount") == [("advertising", -12_500), ("sale", 10_000)]


ONE = summary("30.00", "EUR") + line("Order", "305-1", "Amazon.de", "ItemPrice", "Principal", "30.00")
OTHER = summary("7.00", "GBP", "8") + line("Order", "206-1", "Amazon.co.uk", "ItemPrice", "Principal", "7.00", "8")


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_settlement_that_a_spreadsheet_saved_is_read_alike(tmp_path: Path, delimiter: str) -> None:
    """What has the delimiter in it stands in quotation marks then, and its amounts and words are the same."""
    path, saved = tmp_path / "v2.txt", tmp_path / "v2.csv"
    fee = line("Order", "305-1", "Amazon.de", "ItemFees", "Fee, or charge; of one", "-1,50")
    text = V2 + ONE.replace("30.00", "31,50") + fee
    path.write_text(text, encoding="utf-8")
    with saved.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(row.split("\t") for row in text.splitlines())
    plain, found = read(path), read(saved)
    assert found.source == "amazon_settlement" and not found.bad
    assert found.column("settlement", "amount", "type") == [
        (3_150, "Order / ItemPrice / Principal"),
        (-150, "Order / ItemFees / Fee, or charge; of one"),
    ]
    assert found.facts == plain.facts


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_header_of_a_joined_report_begins_the_next_one(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "v2.txt"
    path.write_text(V2 + ONE + mark + V2 + OTHER, encoding="utf-8")
    found = read(path)
    assert found.column("payout", "payout_id", "amount", "currency") == [("7", 3_000, "EUR"), ("8", 700, "GBP")]
    assert found.column("settlement", "order_id", "amount") == [("305-1", 3_000), ("206-1", 700)]
    assert not found.bad and "line 4 repeats the header: the rows below it are read on" in found.notes


def test_a_header_with_other_columns_among_the_rows_is_refused(tmp_path: Path) -> None:
    """The second report has its order's number and its total in each other's place."""
    path = tmp_path / "v2.txt"
    other = V2.replace("total-amount", "x").replace("order-id", "total-amount").replace("\tx\t", "\torder-id\t")
    path.write_text(V2 + ONE + other + OTHER, encoding="utf-8")
    with pytest.raises(CrossbookError, match="line 4 is a header with other columns than that in line 1") as caught:
        read(path)
    assert "add each by itself" in caught.value.todo
