"""Properties of every source: what is written is read back; spoiled input ends in a clean error or valid facts."""

from __future__ import annotations

import random
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fuzz import GOLDEN, originals_of, read_spoiled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import mutate

from crossbook import ceb, money
from crossbook.errors import CrossbookError
from crossbook.sources.document import DOCUMENT
from crossbook.sources.encoding import read_head
from crossbook.sources.registry import recognise, sources
from crossbook.sources.source import Reading

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
AMOUNT = st.integers(-(10**11), 10**11)


def read(name: str, text: str | bytes, encoding: str = "utf-8") -> dict[str, list[dict[str, Any]]]:
    """Facts of a file with this text; fails on a bad row."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        reading = Reading(path, name, "utf-8")
        found: dict[str, list[dict[str, Any]]] = {}
        for kind, table in recognise(read_head(path, name)).read(reading):
            found.setdefault(kind, []).extend(table.to_pylist())
        assert not reading.bad, reading.bad
        return found


@pytest.mark.parametrize("name", sorted(set(sources()) - {DOCUMENT.name}))  # of documents nothing is read
@QUICK
@given(seed=st.integers(0, 2**32))
def test_spoiled_input_never_surprises(name: str, seed: int) -> None:
    source = sources()[name]
    originals = originals_of(name)
    rng = random.Random(seed)
    original = rng.choice(originals)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / original.name
        path.write_bytes(mutate(rng, original.read_bytes()))
        assert read_spoiled(source, path) in ("read", "bad rows", "error", "declined")


def shown(minor: int, point: str) -> str:
    text = money.plain(minor, "USD")
    return text.replace(".", ",") if point == "," else text


@QUICK
@given(st.lists(AMOUNT, min_size=1, max_size=30), st.sampled_from([".", ","]), st.sampled_from(["\n", "\r\n"]))
def test_amazon_settlement_reads_back(amounts: list[int], point: str, newline: str) -> None:
    names = (
        "settlement-id total-amount currency transaction-type order-id amount-type amount-description amount".split()
    )
    rows = ["\t".join(names), "\t".join(["77", shown(sum(amounts), point), "EUR", *[""] * 5])]
    rows += [
        "\t".join(["77", "", "", "Order", f"o{i}", "ItemPrice", "Principal", shown(a, point)])
        for i, a in enumerate(amounts)
    ]
    found = read("s.txt", newline.join(rows) + newline)
    assert [line["amount"] for line in found["settlement"]] == amounts
    assert [line["line"] for line in found["settlement"]] == list(range(3, 3 + len(amounts)))
    assert found["payout"][0]["amount"] == sum(amounts)


@QUICK
@given(st.lists(st.tuples(AMOUNT, st.integers(0, 10**6)), min_size=1, max_size=20), st.integers(-(10**9), 10**9))
def test_paypal_settlement_reads_back(rows: list[tuple[int, int]], opening: int) -> None:
    golden = (GOLDEN / "paypal_settlement.csv").read_text(encoding="utf-8-sig").split("\n")
    when = "2026/03/01 09:00:00 -0800"

    def side(x: int) -> str:
        return f'"{"CR" if x >= 0 else "DR"}",{abs(x)}'

    body = [
        f'"SB","T{i:016d}","SO-{i}","","","T0006",{when},{when},{side(gross)},"USD",'
        f'{side(-fee)},"USD","","","","","",,,'
        for i, (gross, fee) in enumerate(rows)
    ]
    closing = opening + sum(g - f for g, f in rows)
    footer = f'"SF","USD",0,0,0,0,{side(opening)},{side(closing)},"CR",0,"CR",0,"CR",0,"CR",0,{len(rows)}'
    found = read("stl.csv", "\n".join([*golden[:4], *body, footer, f'"SC",{len(rows)}', '"FF",1', ""]))
    assert [line["amount"] for line in found["settlement"]] == [g - f for g, f in rows]
    assert (found["balance"][0]["opening"], found["balance"][0]["closing"]) == (opening, closing)


@QUICK
@given(st.lists(st.tuples(AMOUNT.filter(bool), st.integers(0, 27)), min_size=1, max_size=15))
def test_bank_statements_read_back(entries: list[tuple[int, int]]) -> None:
    days = [date(2026, 3, 1) + timedelta(days=d) for _, d in entries]
    amounts = [a for a, _ in entries]
    closing = 10**12 + sum(amounts)
    camt = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>'
    camt += "<Acct><Id><IBAN>X1</IBAN></Id></Acct>"
    mt = ":20:A\n:25:X1\n:28C:1\n:60F:C260301USD10000000000,00\n"
    for amount, day in zip(amounts, days, strict=True):
        cents, mark = f"{abs(amount) // 100}.{abs(amount) % 100:02d}", "CRDT" if amount > 0 else "DBIT"
        camt += (
            f'<Ntry><Amt Ccy="USD">{cents}</Amt><CdtDbtInd>{mark}</CdtDbtInd><Sts>BOOK</Sts>'
            f"<BookgDt><Dt>{day}</Dt></BookgDt></Ntry>"
        )
        mt += f":61:{day:%y%m%d}{day:%m%d}{mark[0]}{cents.replace('.', ',')}NTRFNONREF//B\n:86:TEXT\n"
    camt += "</Stmt></BkToCstmrStmt></Document>"
    mt += f":62F:C260331USD{closing // 100},{closing % 100:02d}\n"
    for name, text in (("a.xml", camt), ("a.sta", mt)):
        found = read(name, text)["bank"]
        assert [(row["amount"], row["booked_on"]) for row in found] == list(zip(amounts, days, strict=True))


STATUS = st.sampled_from(sorted(ceb.states())) | st.integers(-999_999, -1).map(str) | st.integers(900, 9999).map(str)


@QUICK
@given(st.lists(st.tuples(STATUS, st.integers(0, 10**9)), min_size=1, max_size=12), st.sampled_from(["ceb:", ""]))
def test_customs_returns_read_back(returns: list[tuple[str, int]], prefix: str) -> None:
    declared = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    text = f'<{prefix}CEB604Message {declared}="{ceb.NAMESPACE}" guid="{"A" * 36}" version="1.0">'
    moments = [datetime(2025, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")) + timedelta(milliseconds=ms) for _, ms in returns]
    for i, ((code, _), at) in enumerate(zip(returns, moments, strict=True)):
        said = {"copNo": f"C{i}", "orderNo": f"SB{i}", "returnStatus": code, "returnTime": f"{at:%Y%m%d%H%M%S%f}"[:17]}
        fields = "".join(f"<{prefix}{name}>{value}</{prefix}{name}>" for name, value in said.items())
        text += f"<{prefix}InventoryReturn>{fields}</{prefix}InventoryReturn>"
    found = read("r.xml", f"{text}</{prefix}CEB604Message>")["customs_return"]
    assert [(r["reference"], r["code"], r["state"]) for r in found] == [
        (f"C{i}", code, ceb.state(code)) for i, (code, _) in enumerate(returns)
    ]
    assert [r["returned_at"] for r in found] == moments


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_of_one_table(encoding: str) -> None:
    text = (GOLDEN / "paypal_activity_zh.csv").read_bytes().decode("gb18030")
    found = read("a.csv", text, encoding)["settlement"]
    assert [(row["kind"], row["amount"]) for row in found] == [
        ("sale", 4391),
        ("refund", -2427),
        ("withdrawal", -100000),
    ]


def test_sums_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    """A payout that is implied by its lines may add up to more than one amount may be."""
    text = (GOLDEN / "stripe_payouts.csv").read_text(encoding="utf-8")
    header, first, *_ = text.splitlines()
    places = {name: i for i, name in enumerate(header.split(","))}
    row = first.split(",")
    for name in ("gross", "net"):
        row[places[name]] = "999999999999999.99"
    row[places["fee"]] = "0"
    path = tmp_path / "big.csv"
    path.write_text("\n".join([header, *[",".join(row)] * 100]) + "\n", encoding="utf-8")
    reading = Reading(path, path.name, "utf-8")
    with pytest.raises(CrossbookError, match="add up to more than"):
        list(recognise(read_head(path, path.name)).read(reading))


PART = st.integers(0, 10**9)


@QUICK
@given(
    st.lists(st.tuples(st.lists(PART, min_size=1, max_size=4), PART, PART, PART, st.booleans()), min_size=1, max_size=8)
)
def test_the_parts_of_a_shopify_order_make_its_total(orders: list[tuple[list[int], int, int, int, bool]]) -> None:
    """Whatever the prices, a discount no higher than they are, shipping, and tax in them or on top."""
    rows = [
        "Name,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,"
        "Lineitem quantity,Lineitem name,Lineitem price"
    ]
    for i, (lines, off, shipping, tax, included) in enumerate(orders):
        off = min(off, sum(lines))
        paid = sum(lines) - off + shipping + (0 if included else tax)
        first = [f"#{i}", "paid", "USD", *(shown(x, ".") for x in (sum(lines) - off, shipping, tax, paid, off))]
        for n, price in enumerate(lines):
            rows.append(
                ",".join([*(first if n == 0 else [f"#{i}", *[""] * 7]), "2026-06-02", "1", f"T{n}", shown(price, ".")])
            )
    for order, (lines, off, shipping, tax, included) in zip(
        sorted(read("o.csv", "\n".join(rows) + "\n")["order"], key=lambda o: int(o["order_id"][1:])),
        orders,
        strict=True,
    ):
        assert (order["shipping"], order["tax"]) == (shipping, tax)
        assert order["goods"] - order["discount"] == sum(lines) - min(off, sum(lines))
        on_top = tax if order["tax_included"] == "no" else 0
        assert order["goods"] - order["discount"] + shipping + on_top == order["total"]
        if tax:
            assert order["tax_included"] == ("yes" if included else "no")
