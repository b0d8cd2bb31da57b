"""A passport's steps: what customs answered, and what trackers say of the parcel."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from crossbook import ceb
from crossbook.book import Book
from crossbook.settle import settle
from crossbook.views.passport import Step, passport

Asked = Callable[..., Step]
ORDERS = "order,placed,total\nSB1,2026-05-01,20.00\n"
MAPPING = """kind = "order"
currency = "USD"
[columns]
order_id = "order"
placed_at = "placed"
total = "total"
"""


PARCELS = "order,number\nSB1,RB473124829CN\n"
PARCEL_MAPPING = """kind = "shipment"
[columns]
order_id = "order"
tracking = "number"
"""


def scans(*told: tuple[str, str]) -> str:
    """What 17TRACK says of the parcel: (day of May, sub-status) each."""
    events = [{"time_iso": f"2026-05-{day}T10:00:00Z", "sub_status": code, "description": code} for day, code in told]
    parcel = {"number": "RB473124829CN", "track_info": {"tracking": {"providers": [{"events": events}]}}}
    return json.dumps({"code": 0, "data": {"accepted": [parcel]}})


def message(number: str, node: str, *answers: dict[str, str]) -> str:
    body = "".join(f"<{node}>" + "".join(f"<{n}>{v}</{n}>" for n, v in a.items()) + f"</{node}>\n" for a in answers)
    return (
        f'<CEB{number}Message xmlns="{ceb.NAMESPACE}" guid="{"A" * 36}" version="1.0">\n{body}</CEB{number}Message>\n'
    )


def listed(code: str, at: str) -> dict[str, str]:
    return {"copNo": "C1", "orderNo": "SB1", "invtNo": "L1", "returnStatus": code, "returnTime": f"{at}091502118"}


@pytest.fixture
def customs(book: Book, add_text: Callable[..., object]) -> Callable[..., Step]:
    """Adds an order and messages, and gives the passport's customs step."""

    def step(*messages: str) -> Step:
        (book.path / "mappings").mkdir(exist_ok=True)
        (book.path / "mappings" / "orders.toml").write_text(MAPPING, encoding="utf-8")
        add_text("orders.csv", ORDERS)
        for i, text in enumerate(messages):
            add_text(f"{i}.xml", text)
        return next(s for s in passport(settle(book), "SB1").steps if s.name == "customs")

    return step


def test_no_answer_is_a_gap(customs: Asked) -> None:
    assert customs().missing


@pytest.mark.parametrize(
    ("codes", "note"),
    [
        (["120", "800"], ""),
        (["100"], "the last answer of customs: returned by customs"),
        (["100", "120"], ""),
        (["120", "500"], "the last answer of customs: under inspection"),
        (["2"], "the last answer of customs: being declared at the electronic port"),
        (["-304001"], "the last answer of customs: not processed"),
        (["1399"], "the last answer of customs: a code that is not published"),
    ],
)
def test_the_last_answer_decides(customs: Asked, codes: list[str], note: str) -> None:
    step = customs(*(message("604", "InventoryReturn", listed(c, f"2026050{i + 1}")) for i, c in enumerate(codes)))
    assert step.note == note and step.missing == bool(note)
    assert len(step.proofs) == len(codes) and all(p.because[1] == 2 for p in step.proofs)


def test_a_refusal_says_why(customs: Asked) -> None:
    step = customs(message("604", "InventoryReturn", listed("100", "20260501") | {"returnInfo": "商品编码不符"}))
    assert step.proofs[0].text == "customs on the export list: returned by customs (100) · L1 · 商品编码不符"


def test_an_answer_to_the_order_alone_does_not_declare_it(customs: Asked) -> None:
    told = {"orderNo": "SB1", "returnStatus": "120", "returnTime": "20260501091502118"}
    step = customs(message("304", "OrderReturn", told))
    assert step.note == "customs has not answered the export list" and step.missing


def test_a_cancelled_list_declares_nothing(customs: Asked) -> None:
    cancelled = {"copNo": "C2", "invtNo": "L1", "returnStatus": "399", "returnTime": "20260503091502118"}
    step = customs(
        message("604", "InventoryReturn", listed("120", "20260501")),
        message("606", "InvtCancelReturn", cancelled),
    )
    assert step.note == "the export list was cancelled"
    assert step.proofs[-1].text == "customs on the cancellation: reviewed by customs (399) · L1"


def test_a_summary_names_the_declaration(customs: Asked) -> None:
    summary = (
        f'<CEB792Message xmlns="{ceb.NAMESPACE}" guid="{"A" * 36}" version="1.0"><SummaryResult><SummaryResultHead>'
        "<sumNo>S1</sumNo><opDate>20260531180000000</opDate><entryId>531620260160000733</entryId><decState>R</decState>"
        "</SummaryResultHead><SummaryResultList><invtNo>L1</invtNo></SummaryResultList></SummaryResult></CEB792Message>"
    )
    step = customs(message("604", "InventoryReturn", listed("120", "20260501")), summary)
    assert not step.missing
    assert step.proofs[-1].text == "customs on the summary application: declaration 531620260160000733"


@pytest.mark.parametrize(
    ("events", "sent", "received", "note"),
    [
        ([("08", "InfoReceived")], 1, 0, ""),
        ([("08", "InTransit_PickedUp"), ("10", "InTransit_Departure")], 3, 0, ""),
        ([("08", "InTransit_PickedUp"), ("19", "Delivered_Other")], 2, 1, ""),
        ([("08", "InTransit_PickedUp"), ("19", "Exception_Lost")], 3, 1, "the parcel is lost"),
        ([("19", "Delivered_Other"), ("25", "Exception_Returned")], 2, 2, "the parcel was returned"),
        ([("15", "Exception_Returning"), ("19", "Delivered_Other")], 2, 2, ""),
    ],
)
def test_a_parcel_on_its_way(
    book: Book, add_text: Callable[..., object], events: list[tuple[str, str]], sent: int, received: int, note: str
) -> None:
    (book.path / "mappings").mkdir(exist_ok=True)
    (book.path / "mappings" / "orders.toml").write_text(MAPPING, encoding="utf-8")
    (book.path / "mappings" / "parcels.toml").write_text(PARCEL_MAPPING, encoding="utf-8")
    for name, text in (("o.csv", ORDERS), ("p.csv", PARCELS), ("t.json", scans(*events))):
        add_text(name, text)
    steps = {s.name: s for s in passport(settle(book), "SB1").steps}
    assert len(steps["shipment"].proofs) == sent and len(steps["receipt"].proofs) == received
    assert steps["receipt"].note == note and steps["receipt"].missing == (not received or bool(note))


LIST_MAPPING = """kind = "customs"
currency = "USD"
[columns]
order_id = "order"
declaration = "list"
declared_on = "day"
amount = "value"
tracking = "number"
"""
LISTS = "order,list,day,value,number\nSB1,{one},2026-05-01,800.00,T1\nSB1,{two},2026-05-02,800.00,T1\n"


@pytest.fixture
def listed_twice(book: Book, customs: Callable[..., Step], add_text: Callable[..., object]) -> Callable[..., Step]:
    """An order with two export lists, L1 and L2, of 800.00 each for one parcel, and what customs answered."""

    def step(*messages: str) -> Step:
        (book.path / "mappings").mkdir(exist_ok=True)
        (book.path / "mappings" / "lists.toml").write_text(LIST_MAPPING, encoding="utf-8")
        add_text("lists.csv", LISTS.format(one="L1", two="L2"))
        return customs(*messages)

    return step


def answered(number: str, code: str, at: str) -> str:
    return message("604", "InventoryReturn", listed(code, at) | {"invtNo": number, "copNo": f"C{number}"})


def test_only_lists_that_stand_are_added_up(listed_twice: Asked) -> None:
    step = listed_twice(answered("L1", "100", "20260501"), answered("L2", "800", "20260502"))
    assert (step.amount, step.currency, step.note) == (80_000, "USD", "")
    assert [p.amount for p in step.proofs[:2]] == [80_000, 80_000]
    assert "the export list was refused" in step.proofs[0].text and "refused" not in step.proofs[1].text


def test_a_cancelled_list_is_not_added_up(listed_twice: Asked) -> None:
    gone = message(
        "606",
        "InvtCancelReturn",
        {"copNo": "C2", "invtNo": "L1", "returnStatus": "399", "returnTime": "20260503091502118"},
    )
    step = listed_twice(answered("L1", "800", "20260501"), answered("L2", "800", "20260502"), gone)
    assert (step.amount, step.note) == (80_000, "")
    assert "the export list was cancelled" in step.proofs[0].text


def test_lists_that_were_all_refused_declare_nothing(listed_twice: Asked) -> None:
    step = listed_twice(answered("L1", "100", "20260501"), answered("L2", "100", "20260502"))
    assert (step.amount, step.note) == (None, "the last answer of customs: returned by customs")


def test_an_order_is_of_its_accounts_day(book: Book, add_text: Callable[..., object]) -> None:
    (book.path / "mappings").mkdir(exist_ok=True)
    (book.path / "mappings" / "orders.toml").write_text(
        MAPPING.replace('kind = "order"\n', 'kind = "order"\naccount = "sb"\n'), encoding="utf-8"
    )
    config = book.path / "book.toml"
    config.write_text(
        config.read_text(encoding="utf-8") + '\n[accounts.sb]\nzone = "America/Los_Angeles"\n', encoding="utf-8"
    )
    for n, total in enumerate(("20.00", "21.00")):  # told twice: the older telling has the same day
        add_text(f"o{n}.csv", f"order,placed,total\nSB1,2026-05-02T03:00:00Z,{total}\n")
    step = passport(settle(book), "SB1").steps[0]
    assert [str(p.day) for p in step.proofs] == ["2026-05-01", "2026-05-01"]
