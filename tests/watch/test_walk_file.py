"""A walk that is kept in a file between days: it goes on as one that was never stopped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from crossbook.errors import CrossbookError
from crossbook.watch import walk_file
from crossbook.watch.chains import DAY, Rule, Walk

RULE = Rule(hop_window=2 * DAY, total_window=9 * DAY, keep=800, newest_first=False)


def transfers(seed: int, days: int = 12, each: int = 60) -> list[np.ndarray]:
    """Of each day moment, payer, payee and amount, made at random between a few accounts."""
    rng = np.random.default_rng(seed)
    made = []
    for day in range(days):
        moments = np.sort(rng.integers(day * DAY, (day + 1) * DAY, each))
        made.append(np.array([moments, *rng.integers(0, 9, (2, each)), rng.integers(1, 500, each)]))
    return made


@pytest.mark.parametrize("seed", range(5))
def test_day_by_day_through_files_as_all_at_once(seed: int, tmp_path: Path) -> None:
    days = transfers(seed)
    whole = Walk(rule=RULE, hubs=frozenset({3})).follow(*np.concatenate(days, axis=1))
    walk = Walk(rule=RULE, hubs=frozenset({3}))
    told = []
    for day in days:
        walk_file.write(walk, tmp_path / "walk")
        walk = walk_file.read(tmp_path / "walk")
        told.append(walk.follow(*day))
    assert np.concatenate([t.depth for t in told]).tolist() == whole.depth.tolist()
    assert np.concatenate([t.start for t in told]).tolist() == whole.start.tolist()
    assert sorted(map(tuple, np.concatenate([t.links for t in told]).tolist())) == sorted(
        map(tuple, whole.links.tolist())
    )
    assert whole.depth.max() > 2


def test_a_late_transfer_is_followed_from_the_file_before_it(tmp_path: Path) -> None:
    """1 pays 2 on day 0, 2 pays 3 on day 2; that 2 had paid 4 on day 1 comes late: what 3 got is fresh no more."""
    rule = Rule(hop_window=3 * DAY, total_window=30 * DAY, keep=850)
    walk = Walk(rule=rule)
    walk.follow([0], [1], [2], [100])
    walk_file.write(walk, tmp_path / "day-0")
    assert walk.follow([2 * DAY], [2], [3], [100]).depth.tolist() == [2]
    with pytest.raises(CrossbookError, match="before the one before"):
        walk.follow([DAY], [2], [4], [100])
    again = walk_file.read(tmp_path / "day-0")
    assert again.follow([DAY, 2 * DAY], [2, 2], [4, 3], [100, 100]).depth.tolist() == [2, 1]


def test_a_file_is_for_its_owner_alone_and_whole(tmp_path: Path) -> None:
    walk_file.write(Walk(), tmp_path / "walk")
    assert (tmp_path / "walk").stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["walk"]
    assert walk_file.read(tmp_path / "walk").moment is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"text", None])
def test_a_file_that_holds_no_walk(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "walk"
    if content is None:
        walk_file.write(Walk(), path)
        content = path.read_bytes()[:-40]
    path.write_bytes(content)
    with pytest.raises(CrossbookError, match="holds no walk"):
        walk_file.read(path)
    with pytest.raises(CrossbookError, match="no such file"):
        walk_file.read(tmp_path / "none")
