"""A passport's customs step: declarations and what customs answered."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crossbook import ceb
from crossbook.book import Book
from crossbook.settle import settle
from crossbook.settle.passport import Step, passport

Asked = Callable[..., Step]
ORDERS = "order,placed,total\nSB1,2026-05-01,20.00\n"
MAPPING = """kind = "order"
currency = "USD"
[columns]
order_id = "order"
placed_at = "placed"
total = "total"
"""


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
