"""Run another library's function in a process of its own, with a limit of time: it may not end, or take all memory."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from typing import Any

MEMORY = 4 << 30


def apart(function: Callable[..., Any], *arguments: Any, first: tuple[Any, ...], limit: float) -> tuple[Any, str]:
    """What `function` returned and its seconds as text; None and ">limit" or "out of memory" where it did not end.

    The seconds are measured inside the process, after a call with the small case `first`, so that nobody pays for
    imports or for starting threads.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_inside, args=(sender, function, first, arguments))
    process.start()
    sender.close()
    answer, seconds = None, f">{limit:.0f}"
    try:
        if receiver.poll(limit):
            answer, took = receiver.recv()
            seconds = f"{took:.4f}"
    except EOFError:
        seconds = f">{MEMORY >> 30} GiB"
    process.kill()
    process.join()
    return answer, seconds


def _inside(sender: Any, function: Callable[..., Any], first: tuple[Any, ...], arguments: tuple[Any, ...]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    function(*first)
    started = time.perf_counter()
    answer = function(*arguments)
    sender.send((answer, time.perf_counter() - started))
