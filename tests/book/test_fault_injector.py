"""A dozen faults under a book, one of each kind: nothing is lost, no wrong figure is shown, the cure is named."""

from __future__ import annotations

import machine_faults
import pytest

SEED = 20_261_127


@pytest.mark.slow
def test_one_fault_of_each_kind() -> None:
    told: list[str] = []
    failures = machine_faults.run(len(machine_faults.FAULTS), SEED, told.append)
    assert not failures, "\n".join(told)
