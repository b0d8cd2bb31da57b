"""What becomes of a call in a process of its own is told as it is: done, missing, error, time or memory."""

from __future__ import annotations

import os
import sys
import time

import pytest
from apart import Ran, apart

MIB = 1 << 20


def double(number: int) -> int:
    return 2 * number


def needs_what_is_not_there() -> None:
    import no_library_of_this_name  # noqa: F401


def needs_a_part_that_is_not_there() -> None:
    from math import no_function_of_this_name  # noqa: F401


def is_wrong() -> None:
    raise ValueError("first line\nsecond line")


def lasts(seconds: float) -> None:
    time.sleep(seconds)


def takes(mib: int) -> None:
    kept = [b"x" * MIB for _ in range(mib)]
    time.sleep(3600)
    del kept


def reserves(gib: int) -> int:
    import mmap

    with mmap.mmap(-1, gib << 30) as reserved:
        return len(reserved)


def has_no_memory() -> None:
    raise MemoryError


def aborts(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
    os.abort()


def leaves(code: int) -> None:
    os._exit(code)


def test_what_is_done_has_its_answer_its_seconds_and_its_memory() -> None:
    ran = apart(double, 21, first=(1,), limit=600)
    assert (ran.outcome, ran.answer, ran.told) == ("done", 42, "")
    assert ran.seconds is not None and str(ran) == f"{ran.seconds:.4f}"
    assert ran.peak is not None and ran.peak > MIB


@pytest.mark.parametrize("first", [None, ()])
def test_a_library_that_is_not_installed_is_missing(first: tuple[()] | None) -> None:
    ran = apart(needs_what_is_not_there, first=first, limit=600)
    assert ran == Ran("missing", told="no_library_of_this_name")
    assert str(ran) == "missing: no_library_of_this_name"


def test_a_library_without_a_part_is_an_error() -> None:
    ran = apart(needs_a_part_that_is_not_there, limit=600)
    assert ran.outcome == "error" and ran.told.startswith("ImportError: cannot import name")


def test_an_error_is_told_with_its_type_and_first_line() -> None:
    assert apart(is_wrong, limit=600) == Ran("error", told="ValueError: first line")


def test_more_time_than_given() -> None:
    assert str(apart(lasts, 3600, limit=0.5)) == "time: >0.5 s"


def test_the_first_case_is_not_timed() -> None:
    """It lasts longer than the limit, which is of the second alone."""
    ran = apart(lasts, 0, first=(6,), limit=5)
    assert ran.outcome == "done" and ran.seconds is not None and ran.seconds < 5


def test_more_memory_than_given() -> None:
    assert str(apart(takes, 600, memory=512 * MIB)) == "memory: >0.5 GiB"


def test_memory_that_is_reserved_only_is_not_taken() -> None:
    assert apart(reserves, 1, memory=512 * MIB).answer == 1 << 30


def test_a_memory_error_is_memory() -> None:
    assert apart(has_no_memory).outcome == "memory"


def test_an_abort_for_want_of_memory_is_memory() -> None:
    ran = apart(aborts, "memory allocation of 17179869184 bytes failed")
    assert ran == Ran("memory", told="memory allocation of 17179869184 bytes failed")


def test_any_other_end_is_an_error() -> None:
    assert apart(aborts, "assertion failed") == Ran("error", told="ended by SIGABRT: assertion failed")
    assert apart(leaves, 3) == Ran("error", told="ended with exit code 3")
