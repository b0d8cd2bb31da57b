"""Every source reads a file that looks like the real thing into exactly these facts."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crossbook.sources.document import DOCUMENT
from crossbook.sources.encoding import read_head
from crossbook.sources.registry import recognise, sources
from crossbook.sources.source import Reading

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(p for p in GOLDEN.iterdir() if (GOLDEN / f"{p.name}.json").exists())


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def facts(path: Path) -> dict[str, Any]:
    """What the recognised source reads, without empty values."""
    source = recognise(read_head(path, path.name))
    reading = Reading(path, path.name, "utf-8")
    found: dict[str, list[dict[str, Any]]] = {}
    for kind, table in source.read(reading):
        for row in table.to_pylist():
            kept = {k: _plain(v) for k, v in row.items() if v not in (None, "")}
            found.setdefault(kind, []).append(kept)
    assert not reading.bad
    return {"source": source.name, "facts": found}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_golden(path: Path) -> None:
    expected = json.loads((GOLDEN / f"{path.name}.json").read_text(encoding="utf-8"))
    assert facts(path) == expected


def test_every_source_has_a_golden_file() -> None:
    told = {json.loads((GOLDEN / f"{p.name}.json").read_text(encoding="utf-8"))["source"] for p in FILES}
    assert told | {DOCUMENT.name} == set(sources()), "what is kept as it is has no looks"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_no_other_source_claims_it(path: Path) -> None:
    head = read_head(path, path.name)
    sure = [s.name for s in sources().values() if s.recognise(head).confidence >= 0.5]
    assert sure == [recognise(head).name]


def test_totals_of_the_golden_settlements_close() -> None:
    for name in ("amazon_settlement.txt", "amazon_settlement_de.txt"):
        told = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))["facts"]
        assert sum(line["amount"] for line in told["settlement"]) == told["payout"][0]["amount"]
