"""What is dear to make and only read is made once in a run, for all workers."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name` that all workers of this run share: the first that asks fills it, the others wait for that.

    Whoever wants to change what is in it takes a copy.
    """
    own = factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder, whole = shared / f"shared-{name}", shared / f"shared-{name}.whole"
    with (shared / f"shared-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            whole.touch()
    return folder


def copied(shared: Path, target: Path) -> Path:
    """A copy of a shared folder, to be changed. Others may read it meanwhile, and renew what it keeps in its cache."""

    def copy(source: str, to: str) -> str:
        with contextlib.suppress(FileNotFoundError):  # an older file of the cache, gone by now
            shutil.copy2(source, to)
        return to

    shutil.copytree(shared, target, copy_function=copy)
    return target
