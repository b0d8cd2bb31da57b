"""The plain runner of a fleet: processes of this machine, one a core. It needs nothing else installed."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from crossbook.fleet.working import Outcome, Task, work

SHARE = 0.7  # of the machine's memory that all processes together may take for queries


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(tasks: Sequence[Task], jobs: int) -> Iterator[Outcome]:
    """Work books in so many processes, in the order given; outcomes come as they end.

    It ends early, without those that were not worked, when a process was ended from outside.
    """
    context = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=bounded, initargs=(jobs,))
    try:
        waiting: list[Future[Outcome]] = [pool.submit(work, task) for task in tasks]
        for future in as_completed(waiting):
            yield future.result()
    except BrokenProcessPool:
        return
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def bounded(jobs: int) -> None:
    """Hold this process's queries to one thread, and to its share of the memory."""
    from crossbook.engine import publishing

    publishing.bound_each(threads=1, memory=_share(jobs))


def _share(jobs: int) -> str:
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return ""
    return f"{max(512, int(whole * SHARE / jobs) >> 20)}MiB"
