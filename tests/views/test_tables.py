"""What a preview shows, in the language of its reader; the command line and the page take it from here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from crossbook import i18n
from crossbook.facts.tracking import EVENTS
from crossbook.views.tables import shown


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    i18n.choose("en")


def cells(kind: str, row: dict[str, Any], language: str) -> dict[str, str]:
    i18n.choose(language)
    columns, (texts,) = shown(kind, [row])
    return dict(zip(columns, texts, strict=True))


PARCEL = {
    "tracking": "AB1",
    "event": "lost",
    "happened_at": datetime(2026, 1, 5, 2, 0, tzinfo=UTC),
    "country": "US",
}


def test_a_parcel_in_both_languages() -> None:
    assert cells("tracking", PARCEL, "zh") == {
        "tracking": "AB1",
        "event": "丢失",
        "happened_at": "2026年1月5日 02:00 UTC",
        "country": "美国 US",
    }
    assert cells("tracking", PARCEL, "en") == {
        "tracking": "AB1",
        "event": "lost",
        "happened_at": "January 5, 2026 02:00 UTC",
        "country": "US",
    }


def test_the_same_word_of_another_kind() -> None:
    assert cells("dispute", {"state": "lost"}, "zh") == {"state": "败诉"}
    assert cells("payout", {"basis": "lines", "paid_on": date(2026, 3, 5)}, "zh") == {
        "basis": "按明细行",
        "paid_on": "2026年3月5日",
    }


def test_every_event_and_basis_has_a_chinese_word() -> None:
    for event in EVENTS:
        assert cells("tracking", {"event": event}, "zh")["event"] != event
    for basis in ("lines", "balance", "total", "implied"):
        assert cells("payout", {"basis": basis}, "zh")["basis"] != basis
