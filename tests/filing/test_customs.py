"""CEB messages made of trades: right by hand, valid against the schema, refused with reasons, signed,
never sent twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crossbook import ceb, customs_codes
from crossbook.book import Book, keys
from crossbook.book.checking import check
from crossbook.engine import Database
from crossbook.errors import CrossbookError
from crossbook.filing.customs import consignment, gather, sending, signing
from crossbook.filing.customs.consigned import NUMBERS
from crossbook.filing.customs.documents import OF_TRADES, cancellation, document, documents, own_number
from crossbook.filing.customs.message import Document, problems, schema, write
from crossbook.filing.customs.settings import Customs, Goods, Party, Platform, customs_of
from crossbook.filing.customs.trade import Item, Parts, ToDeclare
from tests.verify.facts_of import at, facts, papers, prepare

SETTINGS = """
[customs]
office = "5316"
port = "5301"
order_type = "E"
freight_flag = "3"
statistics_flag = "B"
transfer_id = "DXPENT0000000001"
seller = { code = "91440300MA5EXAMP0C", name = "远山户外" }
agent = { code = "4403960K1J", name = "示例报关" }
[customs.platforms]
shop = { code = "4403660099", name = "海桥" }
[customs.institutions]
PayCo = { code = "312226T001", name = "支付公司" }
[customs.carriers]
Yun = { code = "4403985YT1", name = "云途" }
[customs.goods]
LAMP = { code = "8513100000", name = "手电筒", model = "LED|充电", unit = "007", unit1 = "007", unit2 = "035" }
"""
NOW = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)


@pytest.fixture
def customs(book: Book) -> Customs:
    config = book.path / "book.toml"
    config.write_text(config.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    return customs_of(book)


def trade(**changed: Any) -> ToDeclare:
    made: dict[str, Any] = {
        "order_id": "A1",
        "account": "shop",
        "currency": "USD",
        "country": "US",
        "payment_id": "P-A1",
        "institution": "PayCo",
        "paid": 5499,
        "pay_currency": "USD",
        "paid_at": at("2026-03-01 10:05"),
        "tracking": "YT-A1",
        "carrier": "Yun",
        "weight_g": 812,
        "pieces": 1,
        "items": (Item(sku="LAMP", title="Camp lamp", quantity=2, amount=5000, net_g=640),),
        "parts": Parts(total=5499, goods=5000, discount=0, freight=499, tax=0),
    }
    return ToDeclare(**made | changed)


def opened(rows: dict[str, list[dict[str, Any]]]) -> Database:
    database = facts(**rows)
    prepare(database)
    return database


def made(number: str, one: ToDeclare, customs: Customs) -> Document:
    found = document(number, one, customs, NOW)
    assert isinstance(found, Document), found
    assert problems(found) == []
    return found


def test_an_export_list_by_hand(customs: Customs) -> None:
    """Two lamps at 25.00 and 4.99 of postage, 812 g gross: as GACC Announcement 56 of 2018 names the fields."""
    found = made("603", trade(), customs)
    told = {
        "orderNo": "A1",
        "logisticsNo": "YT-A1",
        "customsCode": "5316",
        "portCode": "5301",
        "tradeMode": "9610",
        "ieDate": "20260303",
        "appTime": "20260303090000",
        "country": "502",
        "POD": "502",
        "packNo": "1",
        "grossWeight": "0.812",
        "netWeight": "0.64",
        "ebpCode": "4403660099",
        "statisticsFlag": "B",
        "freight": "4.99",
    }
    assert told.items() <= found.head.items()
    assert found.items == (
        {
            "gnum": "1",
            "itemNo": "LAMP",
            "itemName": "Camp lamp",
            "gcode": "8513100000",
            "gname": "手电筒",
            "gmodel": "LED|充电",
            "barCode": "无",
            "country": "502",
            "currency": "502",
            "qty": "2",
            "qty1": "2",
            "qty2": "0.64",
            "unit": "007",
            "unit1": "007",
            "unit2": "035",
            "price": "25",
            "totalPrice": "50",
        },
    )


def test_the_other_messages_of_a_trade(customs: Customs) -> None:
    order = made("303", trade(), customs)
    assert (order.head["goodsValue"], order.head["freight"], order.head["currency"]) == ("50", "4.99", "502")
    receipt = made("403", trade(), customs)
    assert (receipt.head["charge"], receipt.head["accountingDate"]) == ("54.99", "20260301180500")
    waybill = made("505", trade(), customs)
    assert [waybill.head[n] for n in ("grossWeight", "goodsInfo", "freight")] == ["0.812", "手电筒", "4.99"]
    yen = made("303", trade(currency="JPY", pay_currency="JPY"), customs)
    assert (yen.head["goodsValue"], yen.head["currency"]) == ("5000", "116")


@pytest.mark.parametrize("number", OF_TRADES)
def test_messages_are_valid_and_read_back(number: str, customs: Customs) -> None:
    written = write(number, "0" * 36, [made(number, trade(), customs)], sending.transfer_of(customs))
    root = etree.fromstring(written.xml)
    assert root.tag == f"{{{ceb.NAMESPACE}}}CEB{number}Message"
    assert root.findtext(f".//{{{ceb.NAMESPACE}}}guid") == written.documents[0].head["guid"]
    schema().assertValid(root)


def test_what_is_missing_is_said_with_its_field(customs: Customs) -> None:
    bad = trade(
        account="other",
        country="XX",
        weight_g=None,
        carrier="DHL",
        tracking=None,
        items=(Item(sku="TENT", title="Tent", quantity=1, amount=5000, net_g=9),),
    )
    found = document("603", bad, customs, NOW)
    assert isinstance(found, list)
    assert {p.field for p in found} == {"platforms", "country", "weight", "carriers", "tracking", "goods"}
    long = made("303", trade(order_id="A" * 60), customs)
    assert problems(
        Document(number="303", reference="x", order_id="x", head=long.head | {"orderNo": "A" * 61}, items=long.items)
    )[0].why.startswith("has 61")
    assert (
        problems(
            Document(number="303", reference="x", order_id="x", head=long.head | {"colour": "red"}, items=long.items)
        )[0].why
        == "is no field of this message"
    )
    assert "has no lines" in {
        p.why for p in problems(Document(number="303", reference="x", order_id="x", head=long.head))
    }


def test_documents_of_one_trade_say_the_same(customs: Customs) -> None:
    """A lamp of 129.00 less 30.00, 10.00 of freight, 11.00 of tax: 120.00 paid; 99.00 and 10.00 declared."""
    one = trade(
        parts=Parts(total=12_000, goods=12_900, discount=3_000, freight=1_000, tax=1_100),
        paid=12_000,
        items=(Item(sku="LAMP", title="L", quantity=1, amount=9_900, net_g=320),),
    )
    order, receipt, listed = (made(n, one, customs) for n in ("303", "403", "603"))
    assert (order.head["goodsValue"], order.head["freight"], receipt.head["charge"]) == ("99", "10", "120")
    assert (listed.head["freight"], listed.items[0]["totalPrice"]) == ("10", "99")
    for number in ("303", "403", "603"):
        found = document(number, replace(one, paid=12_100), customs, NOW)
        assert isinstance(found, list) and [p.field for p in found] == ["charge"]


def test_what_no_file_says_is_wanting_and_never_0(customs: Customs) -> None:
    """Two lines and a total: neither prices nor net weights are made up, whatever the parcel weighs."""
    lines = tuple(Item(sku="LAMP", title="L", quantity=n, amount=None) for n in (1, 3))
    one = trade(parts=Parts(total=5499), items=lines)
    found = {number: document(number, one, customs, NOW) for number in OF_TRADES}
    told = {number: {p.field for p in x} for number, x in found.items() if isinstance(x, list)}
    prices = {"price[1]", "price[2]"}
    weights = {"netWeight[1]", "netWeight[2]", "qty2[1]", "qty2[2]"}
    unsaid = {"freight", "tax"}
    amounts = prices | unsaid  # none of the four is written before the amounts are in their parts
    assert told == {"303": amounts, "403": amounts, "505": amounts, "603": amounts | weights}
    heavy = document("603", trade(weight_g=600), customs, NOW)
    assert isinstance(heavy, list) and [p.field for p in heavy] == ["netWeight"]
    none = document("303", trade(items=(replace(trade().items[0], quantity=None),)), customs, NOW)
    assert isinstance(none, list) and [p.field for p in none] == ["qty[1]"]


def test_an_export_list_without_a_flag(customs: Customs) -> None:
    found = document("603", trade(), replace(customs, statistics_flag=""), NOW)
    assert isinstance(found, list) and [p.field for p in found] == ["statisticsFlag"]


def test_long_order_numbers_have_numbers_of_their_own() -> None:
    one, other = (f"LONGPLATFORM-2026-06-02-STORE-{x}-{1:030d}" for x in "AB")
    assert own_number("A1") == "A1"
    assert own_number(one) != own_number(other)
    assert len(own_number(one)) == 30


@given(cents=st.integers(1, 10**9), quantity=st.integers(1, 999), grams=st.integers(1, 10**7))
def test_any_trade_that_has_no_problem_is_valid(cents: int, quantity: int, grams: int) -> None:
    party = Party("4403660099", "名")
    customs = Customs(
        mode="9610",
        office="5316",
        port="5301",
        transport="5",
        packing="2",
        order_type="E",
        freight_flag="3",
        seller=party,
        agent=party,
        owner=party,
        transfer=party,
        transfer_id="DXP1",
        statistics_flag="B",
        platforms={"shop": Platform("4403660099", "名")},
        institutions={"PayCo": party},
        carriers={"Yun": party},
        goods={"LAMP": Goods(code="8513100000", name="灯", model="LED", unit="007", unit1="007")},
    )
    item = Item(sku="LAMP", title="L", quantity=quantity, amount=cents, net_g=grams)
    one = trade(parts=Parts(total=cents), paid=cents, weight_g=grams, items=(item,))
    for number in OF_TRADES:
        found = made(number, one, customs)
        write(number, "0" * 36, [found], sending.transfer_of(customs))


def test_a_document_is_sent_once_and_again_only_when_refused_and_changed(
    book: Book, customs: Customs, tmp_path: Path
) -> None:
    def step(rows: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
        database = opened(rows)
        found = gather.trades(database, customs)
        planned = sending.plan(database, book, customs, found, OF_TRADES, NOW)
        sending.send(book, sending.messages(customs, planned, NOW), tmp_path / "out", None)
        return {p.number: p.state for p in planned}

    rows = papers(order__goods=2500, order__discount=0, order__shipping=0, order__tax=0) | {"customs": []}
    assert step(rows) == dict.fromkeys(OF_TRADES, "ready")
    assert len(list((tmp_path / "out").iterdir())) == 4
    assert step(rows) == dict.fromkeys(OF_TRADES, "waiting")
    answer = {"document": "603", "order_id": "A1", "reference": "A1", "returned_at": at("2026-03-03"), "code": "100"}
    rows["customs_return"] = [answer | {"state": "refused"}]
    assert step(rows)["603"] == "refused"  # nothing has changed: it would be refused again
    rows["shipment"][0]["weight_g"] = 450
    assert step(rows)["603"] == "ready"
    assert len(list((tmp_path / "out").iterdir())) == 5
    rows["customs_return"].append(answer | {"state": "released", "code": "800", "returned_at": at("2026-03-04")})
    assert step(rows)["603"] == "accepted"
    assert len([e for e in book.journal() if e.action == "customs message"]) == 5


def refusal(message_id: str, when: str = "2026-03-03") -> dict[str, Any]:
    told = {"message": "900", "document": "603", "reference": message_id, "state": "refused", "code": "-1"}
    return told | {"returned_at": at(when), "info": "XSD"}


def test_what_was_in_a_message_refused_for_its_format_is_sent_anew(
    book: Book, customs: Customs, tmp_path: Path
) -> None:
    """Nothing in it was taken (CEB900): the same document goes again, in a message with another number."""

    def step(rows: dict[str, list[dict[str, Any]]]) -> tuple[dict[str, str], list[str]]:
        database = opened(rows)
        planned = sending.plan(database, book, customs, gather.trades(database, customs), ["303", "603"], NOW)
        sent = sending.send(book, sending.messages(customs, planned, NOW), tmp_path / "out", None)
        return {p.number: p.state for p in planned}, [s.guid for s in sent if s.number == "603"]

    rows = papers(order__goods=2500, order__discount=0, order__shipping=0, order__tax=0) | {"customs": []}
    _, (first,) = step(rows)
    rows["customs_return"] = [refusal(first.lower())]  # numbers are compared as numbers
    states, (second,) = step(rows)
    assert states == {"303": "waiting", "603": "ready"} and second != first
    assert step(rows)[0] == {"303": "waiting", "603": "waiting"}
    rows["customs_return"].append(refusal(second))
    states, (third,) = step(rows)
    assert states["603"] == "ready" and len({first, second, third}) == 3
    answer = {"document": "603", "order_id": "A1", "reference": "A1", "returned_at": at("2026-03-04"), "code": "100"}
    rows["customs_return"].append(answer | {"state": "refused"})
    assert step(rows)[0]["603"] == "refused"
    rows["shipment"][0]["weight_g"] = 450
    states, (fourth,) = step(rows)
    assert states["603"] == "ready" and fourth not in (first, second, third)
    assert step(rows)[0]["603"] == "waiting"  # the refusal is of what was sent before
    rows["customs_return"].append(answer | {"state": "refused", "returned_at": at("2026-03-05")})
    assert step(rows)[0]["603"] == "refused"


def test_documents_of_a_consignment_go_again_after_a_format_refusal(
    book: Book, customs: Customs, tmp_path: Path
) -> None:
    found = cancellation(trade(list_number="531620269000000001"), customs, NOW, "the buyer cancelled")
    assert isinstance(found, Document)

    def fresh(rows: dict[str, list[dict[str, Any]]]) -> list[Document]:
        return sending.once_more([found], book, opened(papers() | rows))

    planned = [sending.Planned("605", "A1", "A1", "ready", d) for d in fresh({})]
    (sent,) = sending.send(book, sending.messages(customs, planned, NOW), tmp_path, None)
    assert fresh({}) == []
    (again,) = fresh({"customs_return": [refusal(sent.guid)]})
    assert again.after == sent.guid and sending.digest(again) == sending.digest(found)


def test_a_message_written_leaves_a_journal_that_holds(book: Book, customs: Customs, tmp_path: Path) -> None:
    """Whether the file is signed is no signature of the entry; as books of old have it, it is none either."""
    found = cancellation(trade(list_number="531620269000000001"), customs, NOW, "the buyer cancelled")
    assert isinstance(found, Document)
    sending.send(
        book, sending.messages(customs, [sending.Planned("605", "A1", "A1", "ready", found)], NOW), tmp_path, None
    )
    (entry,) = book.journal()
    assert entry.body["message_signed"] is False
    assert keys.signatures([entry, replace(entry, body=entry.body | {"signed": False})]) == {}
    assert check(book).problems == []


def test_many_trades_are_cut_into_messages_of_a_hundred(customs: Customs) -> None:
    planned = [
        sending.Planned("303", f"A{i}", f"A{i}", "ready", made("303", trade(order_id=f"A{i}"), customs))
        for i in range(230)
    ]
    written = sending.messages(customs, planned, NOW)
    assert [len(w.documents) for w in written] == [100, 100, 30]
    assert len({w.guid for w in written}) == 3
    assert sending.messages(customs, planned, NOW)[0].guid == written[0].guid


def test_a_cancellation_needs_the_number_of_the_list(customs: Customs) -> None:
    found = cancellation(trade(), customs, NOW, "the buyer cancelled")
    assert isinstance(found, list) and found[0].field == "list_number"
    done = cancellation(trade(list_number="531620269000000001"), customs, NOW, "the buyer cancelled")
    assert isinstance(done, Document) and problems(done) == []
    write("605", "0" * 36, [done], sending.transfer_of(customs))


def released(order: str, **changed: Any) -> ToDeclare:
    number = f"5316202690000000{order[1:]:0>2}"
    return trade(
        **{"order_id": order, "tracking": f"YT-{order}", "list_number": number}
        | {"list_state": "released", "list_code": "899"}
        | changed
    )


def consigned(tmp_path: Path, **changed: str) -> Path:
    lines = {
        "bill": '"784-12345675"',
        "voyage": '"CZ471"',
        "vessel": '"CZ471"',
        "domestic_vehicle": '"粤B12345"',
        "carrier": '"Yun"',
        "leave_time": "2026-03-03T22:10:00+08:00",
        "orders": '["A1", "A2"]',
        "operator": '{ code = "5301980001", name = "机场货站" }',
        "broker": '{ code = "4403980002", name = "报关行" }',
        "summary_flag": '"1"',
        "item_name_flag": '"1"',
    } | changed
    path = tmp_path / "consignment.toml"
    path.write_text("\n".join(f"{k} = {v}" for k, v in lines.items() if v), encoding="utf-8")
    return path


def test_a_consignment(customs: Customs, tmp_path: Path) -> None:
    told = consignment.read(consigned(tmp_path))
    inside = [released(o) for o in told.orders]
    for number in NUMBERS:
        found, wanting = consignment.made(number, told, inside, customs, NOW)
        assert wanting == []
        assert len(found) == 1 and len(found[0].items) == 2
        write(number, "0" * 36, found, sending.transfer_of(customs))
    many = [released(f"B{i}") for i in range(205)]
    found, _ = consignment.made("507", replace(told, orders=tuple(t.order_id for t in many)), many, customs, NOW)
    assert [len(d.items) for d in found] == [100, 100, 5]
    assert [d.head["msgSeqNo"] for d in found] == ["1", "2", "3"]


def test_a_consignment_that_cannot_be(customs: Customs, tmp_path: Path) -> None:
    told = consignment.read(consigned(tmp_path))
    _, wanting = consignment.made("701", told, [trade()], customs, NOW)
    assert {(p.field, p.value) for p in wanting} == {("orders", "A2"), ("list_number", "")}
    for number in ("607", "509"):
        _, wanting = consignment.made(
            number, told, [released("A1"), released("A2", list_state="held", list_code="500")], customs, NOW
        )
        assert [(p.reference, p.why) for p in wanting] == [("A2", "customs holds the goods of the export list (500)")]
    _, wanting = consignment.made("507", told, [released("A1"), released("A2", carrier="YunLu")], customs, NOW)
    assert [(p.reference, p.field, p.value) for p in wanting] == [("A2", "carrier", "YunLu")]
    _, wanting = consignment.made("607", told, [released("A1"), released("A2", weight_g=None)], customs, NOW)
    assert [p.field for p in wanting] == ["weight"]
    for changed in (
        {"bill": ""},
        {"leave_time": "2026-03-03T22:10:00"},
        {"orders": "[]"},
        {"broker": '"x"'},
        {"bill": '"'},
    ):
        with pytest.raises(CrossbookError):
            consignment.read(consigned(tmp_path, **changed))
    with pytest.raises(CrossbookError):
        consignment.read(tmp_path / "none.toml")


def test_a_list_declared_simply_is_not_summarised(customs: Customs, tmp_path: Path) -> None:
    """What customs has on the list holds before what the settings say now."""
    told = consignment.read(consigned(tmp_path))
    for flag, settings, expected in (
        ("A", customs, ["statisticsFlag"]),
        ("B", replace(customs, statistics_flag="A"), []),
        (None, replace(customs, statistics_flag="A"), ["statisticsFlag"]),
        (None, replace(customs, statistics_flag=""), ["statisticsFlag"]),
        (None, customs, []),
    ):
        _, wanting = consignment.made("701", told, [released("A1"), released("A2", list_flag=flag)], settings, NOW)
        assert [p.field for p in wanting if p.reference == "A2"] == expected


def self_signed(key: Path, cert: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    secret = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, secret.public_key(), 7, now - timedelta(days=1), now + timedelta(days=1))
    pem = serialization.Encoding.PEM
    cert.write_bytes(made.sign(secret, hashes.SHA256()).public_bytes(pem))
    plain = serialization.NoEncryption()
    key.write_bytes(secret.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))


def test_a_signature_holds_until_the_message_is_changed(customs: Customs, tmp_path: Path) -> None:
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    self_signed(key, cert)
    written = write("303", "0" * 36, [made("303", trade(), customs)], sending.transfer_of(customs))
    signed = signing.pem_signer(key, cert)(written.xml)
    schema().assertValid(etree.fromstring(signed))
    signing.check(signed, cert)
    with pytest.raises(CrossbookError, match="signature"):
        signing.check(signed.replace(b"A1", b"A2"), cert)
    with pytest.raises(CrossbookError):
        signing.pem_signer(tmp_path / "none", cert)


def test_answers_to_documents_that_nobody_knows(book: Book) -> None:
    rows = papers()
    rows["customs_return"] = [
        {
            "message": "604",
            "document": "603",
            "order_id": "Z9",
            "reference": "Z9",
            "state": "released",
            "code": "800",
            "returned_at": at("2026-03-03"),
        }
    ]
    assert [r["reference"] for r in sending.strays(opened(rows), book)] == ["Z9"]


def test_trades_are_chosen_by_day_and_platform(customs: Customs) -> None:
    rows = papers() | {"customs": []}
    database = opened(rows)
    assert len(gather.trades(database, customs, first=date(2026, 3, 2), last=date(2026, 3, 2))) == 1
    assert not gather.trades(database, customs, first=date(2026, 3, 3))
    rows["shipment"][0]["shipped_at"] = at("2026-03-02 17:00")  # 01:00 on the 3rd in China
    database = opened(rows)
    assert not gather.trades(database, customs, last=date(2026, 3, 2))
    assert len(gather.trades(database, customs, first=date(2026, 3, 3), last=date(2026, 3, 3))) == 1
    assert not gather.trades(opened(papers()), customs)  # a broker declared it
    assert len(gather.trades(opened(papers()), customs, declared=True)) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('office = "5316"\n', ""),
        ('order_type = "E"\n', 'mode = "1234"\norder_type = "E"\n'),
        ('unit = "007"', 'unit = "999"'),
        ("8513100000", "85131"),
        ('statistics_flag = "B"', 'statistics_flag = "C"'),
        ('unit2 = "035"', 'unit2 = "035", licence = "no"'),
        ('unit2 = "035"', 'per_piece = { "036" = "-1" }'),
        ('unit2 = "035"', 'per_piece = { "999" = "1" }'),
        ("Yun = {", 'Yun = "x"\nYan = {'),
        ("[customs]", "[elsewhere]"),
    ],
)
def test_settings_that_cannot_be(book: Book, old: str, new: str) -> None:
    config = book.path / "book.toml"
    text = SETTINGS.replace(old, new) if old != "[customs]" else ""
    config.write_text(config.read_text(encoding="utf-8") + text, encoding="utf-8")
    with pytest.raises(CrossbookError):
        customs_of(book)


def gathered(customs: Customs, **more: list[dict[str, Any]]) -> ToDeclare:
    (one,) = gather.trades(opened(papers() | {"customs": []} | more), customs)
    return one


def test_what_is_gathered_for_a_trade(customs: Customs) -> None:
    """A lamp of 0.300 kg; yuan at the last rate in the month before 2026-03-02;
    a list that was released, then cancelled."""
    rates = [
        {"day": date(2026, m, d), "base": "USD", "quote": "CNY", "rate": Decimal(r)}
        for m, d, r in ((1, 2, "6"), (2, 27, "7"), (3, 3, "8"))
    ]
    answer = {
        "document": "603",
        "order_id": "A1",
        "number": "L1",
        "state": "released",
        "code": "800",
        "flag": "A",
        "returned_at": at("2026-03-03"),
    }
    gone = {"document": "605", "number": "L1", "state": "accepted", "code": "399", "returned_at": at("2026-03-04")}
    one = gathered(customs, rate=rates, customs_return=[answer])
    assert (one.cny, one.items[0].net_g, one.parts) == (7, 300, Parts(total=2500))
    assert (one.list_number, one.list_state, one.list_flag) == ("L1", "released", "A")
    assert gathered(customs, rate=rates[:1]).cny is None  # too old
    assert gathered(customs, customs_return=[answer, gone]).list_state == "cancelled"
    again = answer | {"number": "L2", "returned_at": at("2026-03-05")}
    assert gathered(customs, customs_return=[answer, gone, again]).list_state == "released"


PARTS = {"total": 10_710, "goods": 10_710, "discount": 0, "shipping": 0, "gift_wrap": 0, "tax": 0}


def in_two(customs: Customs, amounts: tuple[int, int] = (10_000, 710), **parts: int) -> ToDeclare:
    """107.10 paid as 100.00 and 7.10 on two days; parcels of 2.5 kg by Yun and 1.5 kg by Fast."""
    rows = papers(payment__amount=10_710)
    paid = [
        rows["payment"][0] | {"payment_id": n, "amount": a, "paid_at": at(d)}
        for n, a, d in zip(("P3", "P3B"), amounts, ("2026-03-01 10:05", "2026-03-01 11:00"), strict=True)
    ]
    sent = [
        rows["shipment"][0] | {"tracking": n, "weight_g": w, "carrier": c, "pieces": k}
        for n, w, c, k in (("T1", 2500, "Yun", 1), ("T1B", 1500, "Fast", 2))
    ]
    return gathered(customs, order=[rows["order"][0] | PARTS | parts], payment=paid, shipment=sent)


def documents_of(number: str, one: ToDeclare, customs: Customs) -> list[Document]:
    settings = replace(customs, carriers=customs.carriers | {"Fast": Party("4403985FX1", "快")})
    found = [m for _, m in documents(number, one, settings, NOW)]
    assert all(isinstance(m, Document) and problems(m) == [] for m in found), found
    return [m for m in found if isinstance(m, Document)]


def test_a_receipt_for_each_payment_and_a_waybill_for_each_parcel(customs: Customs) -> None:
    one = in_two(customs)
    receipts = documents_of("403", one, customs)
    assert [(d.reference, d.head["payNo"], d.head["charge"], d.head["accountingDate"]) for d in receipts] == [
        ("P3", "P3", "100", "20260301180500"),
        ("P3B", "P3B", "7.1", "20260301190000"),
    ]
    assert {d.head["orderNo"] for d in receipts} == {"A1"} and len({d.head["guid"] for d in receipts}) == 2
    names = ("logisticsCode", "logisticsNo", "grossWeight", "packNo", "freight")
    told = [tuple(d.head[n] for n in names) for d in documents_of("505", one, customs)]
    assert told == [("4403985YT1", "T1", "2.5", "1", "0"), ("4403985FX1", "T1B", "1.5", "2", "0")]
    assert documents_of("303", one, customs)[0].head["goodsValue"] == "107.1"


def test_which_goods_are_in_which_parcel_is_not_guessed(customs: Customs) -> None:
    listed = document("603", in_two(customs), customs, NOW)
    assert isinstance(listed, list)
    assert [(p.field, p.value) for p in listed] == [("logisticsNo", "T1 2.5 kg US; T1B 1.5 kg US")]
    freight = document(
        "505", documents("505", in_two(customs, goods=10_000, shipping=710), customs, NOW)[0][0], customs, NOW
    )
    assert isinstance(freight, list) and [(p.field, p.value) for p in freight] == [("freight", "7.10 USD")]


def test_several_receipts_come_to_the_order(customs: Customs) -> None:
    """100.00 and 7.00 for an order of 107.10: nothing is written, and both figures are shown."""
    one = in_two(customs, (10_000, 700))
    for number in OF_TRADES:
        found = document(number, one, customs, NOW)
        assert isinstance(found, list)
        why = "its 2 receipts say 107.00 USD, the order 107.10 USD: 0.10 USD is in no part"
        assert ("charge", why) in {(p.field, p.why) for p in found}


def test_an_order_that_is_no_sale_is_not_declared(customs: Customs) -> None:
    for word in ("voided", "cancelled", "pending", "unpaid", "expired"):
        rows = papers(order__status=word) | {"customs": []}
        database = opened(rows)
        assert not gather.trades(database, customs), word
        assert gather.left_out(database, customs) == gather.LeftOut({}, {"A1": word})
        assert len(gather.trades(database, customs, declared=True)) == 1  # its list may have to be cancelled
    one = gathered(customs, order=papers(order__status="Frozen")["order"])
    for number in OF_TRADES:
        found = document(number, one, customs, NOW)
        assert isinstance(found, list)
        assert ("status", "Frozen") in {(p.field, p.value) for p in found}


def test_shipped_trades_of_other_accounts_are_counted(customs: Customs) -> None:
    database = opened(papers(order__account="market") | {"customs": []})
    assert not gather.trades(database, customs)
    assert gather.left_out(database, customs) == gather.LeftOut({"market": 1}, {})


def test_freight_is_the_shipping_where_only_wrapping_is_unknown(customs: Customs) -> None:
    """Goods 90.00 and shipping 10.00 of 107.00, tax 0: 7.00 (duties, a tip) are in no part, and freight is 10.00."""
    parts = {"total": 10_700, "goods": 9_000, "discount": 0, "shipping": 1_000, "tax": 0}
    rows = papers(payment__amount=10_700)
    one = gathered(customs, order=[rows["order"][0] | parts], payment=rows["payment"])
    assert one.parts.freight == 1_000
    found = document("303", one, customs, NOW)
    assert isinstance(found, list)
    assert [(p.field, "7.00 USD is in no part" in p.why) for p in found] == [("total", True)]
    waybill = document("505", one, customs, NOW)
    assert isinstance(waybill, list) and [p.field for p in waybill] == ["total"]


def test_what_the_table_of_products_says_of_one(customs: Customs) -> None:
    """12.5 g and 0.75 l a piece, two pieces: 25 g, not 26; 1.5 l. Tables that differ say nothing."""
    said = {"sku": "LAMP", "market": "US", "weight_kg": "0.0125", "volume_l": "0.75", "area_m2": ""}
    item = papers()["order_item"][0] | {"quantity": 2}
    (line,) = gathered(customs, product=[said], order_item=[item]).items
    assert (line.net_g, line.each) == (25, {"volume": Decimal("0.75")})
    (line,) = gathered(customs, product=[said, said | {"market": "GB", "volume_l": "0.8"}]).items
    assert (line.net_g, line.each) == (Decimal("12.5"), {})


def test_a_weight_that_no_table_says_is_unknown(customs: Customs) -> None:
    assert gathered(customs, product=[]).items[0].net_g is None


@pytest.mark.parametrize(
    ("total", "parts", "expected"),
    [
        # a tent of 129.00 for 99.00 with a code of 30.00
        (9_900, {"discount": 3_000, "shipping": 0, "tax": 0}, ("99", "0", "99", "99")),
        # 150.00 paid: 129.00 of goods, 10.00 of freight, 11.00 of tax
        (15_000, {"discount": 0, "shipping": 1_000, "tax": 1_100}, ("129", "10", "150", "129")),
    ],
)
def test_from_the_order_list_to_the_messages(
    customs: Customs, total: int, parts: dict[str, int], expected: tuple[str, ...]
) -> None:
    rows = papers(payment__amount=total)
    order = rows["order"][0] | {"total": total, "goods": 12_900, "gift_wrap": 0} | parts
    item = rows["order_item"][0] | {"amount": 12_900}
    one = gathered(customs, order=[order], order_item=[item], payment=rows["payment"])
    heads = {n: made(n, one, customs) for n in ("303", "403", "603")}
    told = (
        heads["303"].head["goodsValue"],
        heads["303"].head["freight"],
        heads["403"].head["charge"],
        heads["603"].items[0]["totalPrice"],
    )
    assert told == expected


def test_code_lists() -> None:
    assert (customs_codes.currency("CNY"), customs_codes.country("CN"), customs_codes.country("GB")) == (
        "142",
        "142",
        "303",
    )
    assert customs_codes.codes("unit")["035"] == "千克"
    for name in ("currency", "country", "unit", "transport", "packing"):
        assert customs_codes.codes(name)


def test_a_list_of_bonded_goods_names_the_account_book(customs: Customs) -> None:
    """emsNo, iacCode, iacName and itemRecordNo: must be filled in the bonded mode (1210), left out in the others."""
    bonded = replace(customs, mode="1210")
    found = document("603", trade(), bonded, NOW)
    assert isinstance(found, list)
    assert [p.field for p in found] == ["iacCode", "iacName", "emsNo", "itemRecordNo[1]"]
    assert all("account_book" in p.why for p in found)
    lamp = replace(customs.goods["LAMP"], record_number="0012")
    keeper = Party("4403W60001", "前海保税仓")
    settings = replace(bonded, account_book="T5316W000012", zone_operator=keeper, goods={"LAMP": lamp})
    whole = made("603", trade(), settings)
    assert {"emsNo": "T5316W000012", "iacCode": keeper.code, "iacName": keeper.name}.items() <= whole.head.items()
    assert whole.items[0]["itemRecordNo"] == "0012"
    write("603", "0" * 36, [whole], sending.transfer_of(customs))  # valid against the schema
    assert not {"emsNo", "iacCode"} & set(made("603", trade(), customs).head)
