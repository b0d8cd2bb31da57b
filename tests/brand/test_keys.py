"""Keys: texts that differ by one or two letters share one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbook.brand import keys as k
from crossbook.brand.letters import matrix

WORD = st.text("abcdefgh", min_size=8, max_size=16)


def all_keys(text: str) -> set[int]:
    rows, lengths = matrix([text])
    sums = k.prefixes(rows)
    found = {int(k.whole(sums)[0])}
    for hashes, _ in (*k.without_one(rows, sums, lengths), *k.without_two(rows, sums, lengths)):
        found |= {int(h) for h in hashes}
    return found


def edited(text: str, place: int, how: int, letter: str) -> str:
    place %= len(text)
    if how == 0:
        return text[:place] + letter + text[place + 1 :]
    return text[:place] + letter + text[place:] if how == 1 else text[:place] + text[place + 1 :]


@settings(max_examples=200, deadline=None)
@given(WORD, st.lists(st.tuples(st.integers(0, 20), st.integers(0, 2), st.sampled_from("abcdefghxyz")), max_size=2))
def test_two_edits_leave_a_shared_key(text: str, edits: list[tuple[int, int, str]]) -> None:
    other = text
    for edit in edits:
        other = edited(other, *edit)
    if len(other) >= k.TWO_OFF and len(other) <= k.LONG and len(text) <= k.LONG:
        assert all_keys(text) & all_keys(other)


def test_other_texts_share_none() -> None:
    assert not all_keys("abcdefgh") & all_keys("stuvwxyz")


def test_an_ending_hashes_as_if_it_stood_alone() -> None:
    rows, _ = matrix(["valkore", "korexxx"])
    alone, _ = matrix(["kore", "xxx"])
    sums = k.prefixes(rows)
    assert k.ending(sums, np.array([3, 4])).tolist() == k.whole(k.prefixes(alone)).tolist()
