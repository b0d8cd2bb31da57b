"""Each mapping that ships reads a file of its layout into these facts, and no other claims that file.

The layouts are those of the public samples that the mappings cite; the values are made up, and worked out by hand.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from crossbook.errors import CrossbookError
from crossbook.sources import shipped
from crossbook.sources.encoding import read_head
from crossbook.sources.registry import SURE, formats, recognise, sources
from crossbook.sources.source import Reading

FOLDER = Path(__file__).parent / "shipped"


class Row(NamedTuple):
    """An entry: day, amount and balance in minor units, currency."""

    day: date
    amount: int
    currency: str
    balance: int | None = None


class Case(NamedTuple):
    """A file, the account that is said for it (if any), whose account it is, its entries and the proofs that hold."""

    file: str
    mapping: str
    said: str | None
    account: str
    rows: tuple[Row, ...]
    proof: str = ""


CASES = (
    Case(
        "wise_statement.csv",
        "wise_statement",
        "WISE-EUR",
        "WISE-EUR",
        (
            Row(date(2026, 2, 4), -25000, "EUR", 104950),
            Row(date(2026, 2, 3), 130000, "EUR", 129950),
            Row(date(2026, 2, 2), -50, "EUR", -50),
        ),
        "2 of 2 balances agree",
    ),
)


def path_of(case: Case) -> Path:
    return FOLDER / case.file


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.file)
def test_it_reads_its_layout(case: Case, tmp_path: Path) -> None:
    source = shipped.mappings()[case.mapping]
    assert recognise(read_head(path_of(case), case.file)) is source
    reading = Reading(path_of(case), case.file, "utf-8", account=case.said)
    followed = source.follow(reading, tmp_path)
    found = [row for kind, table in source.facts(followed) for row in table.to_pylist()]
    followed.settle()
    assert not reading.bad
    rows = tuple(Row(r["booked_on"], r["amount"], r["currency"], r["balance"]) for r in found)
    assert rows == case.rows
    assert {r["account"] for r in found} == {case.account}
    assert case.proof in [p.text for p in followed.proofs()] or not case.proof


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.file)
def test_nothing_else_claims_it(case: Case) -> None:
    head = read_head(path_of(case), case.file)
    assert not [s.name for s in sources().values() if s.recognise(head).confidence >= SURE]
    fit = [n for n, m in shipped.mappings().items() if m.recognise(head).confidence >= SURE]
    most = max(len(shipped.mappings()[n].headers) for n in fit)
    assert [n for n in fit if len(shipped.mappings()[n].headers) == most] == [case.mapping]


def test_every_mapping_is_read_here_once() -> None:
    assert {c.mapping for c in CASES} == set(shipped.mappings())


def test_each_says_where_its_layout_was_seen_and_no_account() -> None:
    for mapping in shipped.mappings().values():
        assert "account" not in mapping.spec and "stated" not in mapping.spec
        assert all(address.startswith("https://") for address in mapping.spec["shipped"]["source"])
    told = {f.name: f.proven for f in formats()}
    assert told["wise_statement"] == "sample" and told["camt"] == ""


def test_no_name_is_a_source_s() -> None:
    assert not set(sources()) & set(shipped.mappings())


def test_an_account_that_the_file_does_not_name_is_asked_for() -> None:
    path = FOLDER / "wise_statement.csv"
    with pytest.raises(CrossbookError, match="does not say whose account it is") as error:
        list(shipped.mappings()["wise_statement"].read(Reading(path, path.name, "utf-8")))
    assert "--account" in error.value.todo


def test_an_account_in_the_file_s_name_is_taken() -> None:
    path = FOLDER / "wise_statement.csv"
    name = "statement_31415926_EUR_2026-02-01_2026-02-28.csv"
    facts = list(shipped.mappings()["wise_statement"].read(Reading(path, name, "utf-8")))
    assert {a for _, table in facts for a in table["account"].to_pylist()} == {"31415926"}
