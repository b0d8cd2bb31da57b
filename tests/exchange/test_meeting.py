"""Two sets meet in what both have; points of the other side tell nothing."""

from __future__ import annotations

import hashlib
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbook.errors import CrossbookError
from crossbook.exchange import meeting

SALT = b"a session"


def meet(one: list[str], two: list[str]) -> tuple[list[str], list[str]]:
    first, second = meeting.secret(), meeting.secret()
    mine, theirs = meeting.blind(one, first, SALT), meeting.blind(two, second, SALT)
    both, others = meeting.again(mine, second), meeting.again(theirs, first)
    return [one[k] for k in meeting.met(both, others)], [two[k] for k in meeting.met(others, both)]


@settings(max_examples=25, deadline=None)
@given(st.sets(st.text(max_size=4), max_size=12), st.sets(st.text(max_size=4), max_size=12))
def test_what_both_have_meets_in_one_order(one: set[str], two: set[str]) -> None:
    found, same = meet(sorted(one), sorted(two, reverse=True))
    assert found == same
    assert set(found) == one & two


def test_points_cannot_be_tried_out() -> None:
    """Of a reference of four digits all ten thousand are tried: by themselves, hashed, and with the tester's own secret
    number. None gives the point."""
    point = meeting.blind(["4711"], meeting.secret(), SALT)
    own = meeting.secret()
    tried = ["".join(digits) for digits in product("0123456789", repeat=4)]
    hashes = {hashlib.sha256(text.encode()).digest() for text in tried}
    hashes |= {hashlib.sha512(text.encode()).digest()[:32] for text in tried}
    assert point not in hashes
    assert point not in {meeting.blind([text], own, SALT) for text in ("4711", "0000")}
    assert point != meeting.blind(["4711"], meeting.secret(), SALT), "nor are two meetings the same"


def test_one_session_says_nothing_in_another() -> None:
    number = meeting.secret()
    assert meeting.blind(["4711"], number, b"one") != meeting.blind(["4711"], number, b"two")


@pytest.mark.parametrize("points", [b"\xff" * 32, b"\x00" * 32, b"x" * 31])
def test_what_is_no_point_is_refused(points: bytes) -> None:
    with pytest.raises(CrossbookError, match="no points"):
        meeting.again(points, meeting.secret())
