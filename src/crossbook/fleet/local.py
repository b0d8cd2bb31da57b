"""The plain runner of a fleet: processes of this machine, one a core. It needs nothing else installed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from types import ModuleType

from crossbook.fleet.working import Outcome, Task, work

SHARE = 0.7  # of the machine's memory that all processes together may take for queries


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(tasks: Sequence[Task], jobs: int) -> Iterator[Outcome]:
    """Work books in so many processes, in the order given; outcomes come as they end.

    It ends early, without those that were not worked, when a process was ended from outside.
    """
    with _undisturbed():
        context = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
        pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=bounded, initargs=(jobs,))
        with _main_aside():
            waiting: list[Future[Outcome]] = [pool.submit(work, task) for task in tasks]
    try:
        for future in as_completed(waiting):
            yield future.result()
    except BrokenProcessPool:
        return
    except BaseException:  # stopped: not a book more, and none to its end
        for process in multiprocessing.active_children():
            process.kill()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Start processes so that each is known once it is there, and that none hears what a terminal sends to all of
    them: the one that asked ends them."""
    if os.name != "posix" or threading.current_thread() is not threading.main_thread():
        yield
        return
    from multiprocessing import forkserver

    heard = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGHUP)}
    try:
        forkserver.ensure_running()  # it forks all others, and they are as it is
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {*heard, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with(asking: BaseProcess) -> None:
    asking.join()
    os._exit(1)


@contextmanager
def _main_aside() -> Iterator[None]:
    """Processes that begin here do not run the caller's script again, which need not guard itself by `__main__`."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def bounded(jobs: int) -> None:
    """Hold this process's queries to one thread, and to its share of the memory; end it with the one that asked."""
    from crossbook.engine import publishing

    if asking := multiprocessing.parent_process():
        threading.Thread(target=_end_with, args=(asking,), daemon=True).start()
    publishing.bound_each(threads=1, memory=_share(jobs))


def _share(jobs: int) -> str:
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return ""
    return f"{max(512, int(whole * SHARE / jobs) >> 20)}MiB"
