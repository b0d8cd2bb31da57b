"""What a side reads of its sessions where the two books count in two currencies, one of them lacks rates, or two
agreements hold at once."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from crossbook.book import init_book, open_book
from tests.cli.running import data, run
from tests.exchange.making import COUNTRIES, agreed, country, signatures, transfers
from tests.watch.test_transfers import add_file

DAYS = ("--since", "2026-03-01", "--until", "2026-04-15")
PAID = transfers(7, 500, 4)
RATES = "day,base,quote,rate\n" + "".join(f"2026-03-{d:02d},USD,CNY,7.0\n" for d in range(1, 32))
RATE_MAPPING = (
    'kind = "rate"\naccount = "rates"\n[columns]\nday = "day"\nbase = "base"\nquote = "quote"\nrate = "rate"\n'
)


def book_in(folder: Path, side: str) -> None:
    """A book whose transfers within China are in yuan, at 7 a dollar, and all others in dollars."""
    path = folder / f"{side}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        names = "transfer id,executed at,payer account,payee account,paid,currency,payer country,payee country,kind"
        out.writerow(names.split(","))
        for row in PAID:
            ends = country(row.payer), country(row.payee)
            if side in ends:
                yuan = ends == ("CN", "CN")
                paid = f"{row.amount / 100 * (7 if yuan else 1):.2f}"
                told = [row.reference, row.moment.isoformat(), row.payer, row.payee, paid, "CNY" if yuan else "USD"]
                out.writerow([*told, *ends, "transfer"])
    init_book(folder / side, side, "CNY" if side == "CN" else "USD")
    add_file(open_book(folder / side), path)


def started(folder: Path, agreement: str) -> tuple[str, ...]:
    return ("exchange", "start", agreement, *DAYS, "--key", str(folder / "CN.key"), "--out", str(folder / "mail"))


def turns(folder: Path, agreement: str) -> Iterator[str]:
    """A session turn by turn, by the commands of both: its number each time."""
    told = data(*started(folder, agreement), book=folder / "CN")
    number = 1
    while told["message"]:
        yield told["session"]
        side = COUNTRIES[number % 2]
        told = data(
            *("exchange", "answer", told["message"], "--key", folder / f"{side}.key", "--out", folder / "mail"),
            book=folder / side,
        )
        number += 1
    yield told["session"]


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Both books, and two agreements of the same parties that hold at once; a rate is in neither book."""
    folder = tmp_path_factory.mktemp("desks")
    party, path = agreed(folder)
    second = folder / "second.toml"
    text = path.read_text(encoding="utf-8").replace('"Pilot"', '"Second"').replace("= 200", "= 100\nleast_depth = 3")
    second.write_text(text, encoding="utf-8")
    for side in COUNTRIES:
        book_in(folder, side)
    shas = []
    for each in (path, second):
        signed = signatures(party, each)
        shas += [data("exchange", "adopt", each, *signed, book=folder / s)["agreement"] for s in COUNTRIES]
    return folder, shas[::2]


def test_two_currencies_and_two_agreements_at_once(desks: tuple[Path, list[str]]) -> None:
    folder, (first, second) = desks
    done = run(*started(folder, first), book=folder / "CN")
    assert (done.returncode, "0 transfers cross" in done.stderr) == (2, True)
    assert "of these days are left out: 51 transfers for want of a rate" in done.stderr
    zh = run(*started(folder, first), book=folder / "CN", lang="zh").stderr
    assert "未计入：缺汇率 51 笔" in zh

    (folder / "CN" / "mappings").mkdir(exist_ok=True)
    (folder / "CN" / "mappings" / "rates.toml").write_text(RATE_MAPPING, encoding="utf-8")
    (folder / "rates.csv").write_text(RATES, encoding="utf-8")
    add_file(open_book(folder / "CN"), folder / "rates.csv")
    one, two = turns(folder, first), turns(folder, second)
    names = {}
    for a, b in zip(one, two, strict=False):  # by turns
        names = {first: a, second: b}
    for rest in (one, two):
        for _ in rest:
            pass
    for side, currency, theirs in (("CN", "CNY", "USD"), ("US", "USD", "CNY")):
        stands = {row["session"]: row for row in data("exchange", "sessions", book=folder / side)}
        assert {row["agreement"] for row in stands.values()} == {first, second}
        for agreement, name in names.items():
            assert (stands[name]["phase"], stands[name]["agreement"]) == ("ended", agreement)
            cases = data("exchange", "cases", name, book=folder / side)
            assert len(cases) == 4 and {case["currency"] for case in cases} == {currency}
            assert {case["theirs"]["currency"] for case in cases} == {theirs}
        shown = run("exchange", "cases", names[first], book=folder / side).stdout
        assert f"99,999.99 {theirs}" in shown and f"99,999.99 {currency}" not in shown
        for words in (("sessions",), ("ledger",)):
            told = run("exchange", *words, book=folder / side).stdout
            assert "agreement" in told and first[:4] in told and second[:4] in told
    # The same money: a band of dollars on one side, of yuan, seven times as much, on the other.
    ours = {c["case"]: c for c in data("exchange", "cases", names[first], book=folder / "CN")}
    for case in data("exchange", "cases", names[first], book=folder / "US"):
        assert len(str(ours[case["case"]]["amount"])) - 1 == case["theirs"]["amount"]
        assert len(str(case["amount"])) - 1 == ours[case["case"]]["theirs"]["amount"]
        assert 5 < ours[case["case"]]["amount"] / case["amount"] < 9
