"""Every figure that two faces give is the same on both: command line, API, pages, Python and papers."""

from __future__ import annotations

from typing import cast

import pyarrow as pa
import pytest

from tests.cli.running import data, run
from tests.faces import filing_figures, money_figures, payout_figures, trade_figures
from tests.faces.asking import Faces
from tests.faces.comparing import Figures, Some, Told, differences, pairs

MEASURES = {"unit_weight_kg", "unit_length_m", "unit_area_m2", "unit_volume_l", "unit_pieces"}

FIGURES: Figures = {
    **payout_figures.FIGURES,
    **money_figures.FIGURES,
    **trade_figures.FIGURES,
    **filing_figures.FIGURES,
}

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("figure", "one", "other"), pairs(FIGURES), ids=lambda x: x)
def test_two_faces_agree(faces: Faces, figure: str, one: str, other: str) -> None:
    told = FIGURES[figure]
    assert differences(faces, told[one], told[other]) == []


def test_a_command_of_its_own_process_says_the_same(faces: Faces) -> None:
    assert data("money", book=faces.path) == faces.cli("money")


def test_people_are_told_the_day_that_nobody_asked_for(faces: Faces) -> None:
    day = faces.cli("money")["on"]
    for words in (
        ("money",),
        ("tax", "thresholds"),
        ("tax", "calendar"),
        ("duty", "refunds"),
        ("duty", "advantage"),
        ("trade", "verify", "--for", "bank"),
    ):
        shown = run(*words, book=faces.path).stdout
        assert f"as of {day}, the last day that the files speak of" in " ".join(shown.split()), words


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ({"a": {"n": 1, "x": 2}}, {"a": {"n": 1, "y": 3}}, []),
        ({"a": {"n": 1}}, {"a": {"n": 2}}, ["n of a: 1 and 2"]),
        ({"a": {"n": 1}, "b": {"n": 1}}, {"a": {"n": 1}}, ["only the first tells of b: {'n': 1}"]),
        ({"a": {"n": 1}}, {"a": {"n": None}}, ["n of a: 1 and None"]),
    ],
)
def test_what_differs_is_told(one: Told, other: Told, told: list[str]) -> None:
    nobody = cast("Faces", None)
    assert differences(nobody, lambda _: one, lambda _: other) == told
    assert len(differences(nobody, lambda _: other, lambda _: one)) == len(told)


def test_nothing_to_compare_is_no_agreement() -> None:
    nobody = cast("Faces", None)
    for other in ({}, {"a": {"y": 1}}, {"b": {"n": 1}}):
        with pytest.raises(AssertionError):
            differences(nobody, lambda _: {"a": {"n": 1}}, Some(lambda _, told=other: told))  # type: ignore[misc]


def test_money_in_python_is_whole_numbers(faces: Faces) -> None:
    """What is measured (kilograms, metres) is a decimal; money never is."""
    book = faces.python
    tables = {
        "payouts": book.payouts(),
        "orders": book.orders(),
        "money": book.money(),
        "trades": book.trades(),
        "findings": book.findings(),
        **{n: book.table(n, "trade") for n in ("order_lines", "payments", "refunds", "declarations", "invoices")},
    }
    wrong = {
        (name, column.name): str(column.type)
        for name, table in tables.items()
        for column in table.to_arrow().schema
        if pa.types.is_decimal(column.type) or pa.types.is_floating(column.type)
        if column.name not in MEASURES
    }
    assert wrong == {}
