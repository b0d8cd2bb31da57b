"""What an agreement says and cannot be meant is said before it is signed, and when it is adopted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crossbook.book import init_book, open_book
from crossbook.errors import CrossbookError
from crossbook.exchange import adopting, agreement, soundness
from tests.cli.running import run
from tests.exchange.making import agreed, signatures, text_of


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("valid_from = 2026-01-01", "valid_from = 2026-01-01T00:00:00Z", "valid_from is a moment"),
        ("valid_to = 2036-12-31", "valid_to = 2025-12-31", "valid_to is before valid_from"),
        ("[most]", "retention_days = 99999999999\n[most]", "retention_days cannot be 99999999999"),
        ("[most]", "bucket_hours = 0\n[most]", "bucket_hours cannot be 0"),
        ("[most]", "bucket_hours = -24\n[most]", "bucket_hours cannot be -24"),
        ("[most]", "lone = -1\n[most]", "lone cannot be -1"),
        ("[most]", "lone = 40\n[most]", "lone cannot be 40"),
        ("[most]", 'match = ["reference", "reference"]\n[most]', "match names one thing twice"),
        ("[most]", "[look]\nshare = 2000\n[most]", "share cannot be 2000"),
        ("[most]", "[look]\ncrumb = 2000\n[most]", "crumb cannot be 2000"),
        ("[most]", "[look]\nhop_hours = 72\ntotal_days = 2\n[most]", "hop_hours cannot be 72"),
        ("per_mille = 200", "per_mille = 2000", "per_mille cannot be 2000"),
        ("per_mille = 200", "span_hours = 99999999999", "span_hours cannot be"),
        ("smallest = 5", "smallest = 5\nborder = 4", "smallest cannot be 5"),
        ('"US authority"', '" "', "without a name"),
        ('"US authority"', '"CN authority"', "both parties have one name"),
        ('country = "US"', 'country = "us"', "no country 'us'"),
        ('country = "US"', 'country = "CN"', "on both sides of the border"),
        ('country = "US"', 'country = "CN"\ninstitutions = ["B"]', "on both sides of the border"),
    ],
)
def test_what_cannot_be_meant_is_said_before_it_is_signed(tmp_path: Path, old: str, new: str, told: str) -> None:
    """Each of these could be signed, and stopped a session in the middle or let nothing cross."""
    party, path = agreed(tmp_path)
    text = text_of(party)
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    ended = run("exchange", "sign", path, "--key", tmp_path / "CN.key")
    assert ended.returncode == 2 and told in ended.stderr
    init_book(tmp_path / "book", "CN", "CNY")
    with pytest.raises(CrossbookError, match=re.escape(told)):
        adopting.adopt(open_book(tmp_path / "book"), path, signatures(party, path))


def test_two_institutions_of_one_country_and_one_key_for_both(tmp_path: Path) -> None:
    party, path = agreed(tmp_path)
    for side in party:
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace(f'country = "{side}"', f'country = "CN"\ninstitutions = ["{side}"]'), encoding="utf-8"
        )
    soundness.check(agreement.read(path), "")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(party["US"].receive, party["CN"].receive), encoding="utf-8")
    with pytest.raises(CrossbookError, match="one key to receive"):
        soundness.check(agreement.read(path), "")
