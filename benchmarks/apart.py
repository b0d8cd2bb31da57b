"""Run a function in a process of its own, within a limit of time and of memory, and say how it went.

What another library does with a case ends in one of five ways, each told by a word of its own: it is `done`; it is
`missing` (not installed); it ended with an `error`; it took more `time`, or more `memory`, than it was given.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import resource
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

MEMORY = 4 << 30
LOOK = 0.02  # seconds between two looks at the memory that a process holds
# What other runtimes write before they abort for want of memory: Rust, C++, libc.
NO_MEMORY = ("memory allocation of", "bad_alloc", "Cannot allocate memory")


@dataclass(frozen=True)
class Ran:
    """How a call ended: `outcome` is one of done, missing, error, time, memory.

    `seconds` and `peak` (bytes held at most by it and by the largest of the processes that it started and ended,
    added) are of a call that is done, else None. `told` is what is missing, which
    error it was (type and first line), or which limit was passed.
    """

    outcome: str
    answer: Any = None
    seconds: float | None = None
    peak: int | None = None
    told: str = ""

    def __str__(self) -> str:
        """For a table: the seconds, or the word that says why there are none."""
        return f"{self.seconds:.4f}" if self.outcome == "done" else f"{self.outcome}: {self.told}"


def apart(
    function: Callable[..., Any],
    *arguments: Any,
    first: tuple[Any, ...] | None = None,
    limit: float = math.inf,
    memory: int = MEMORY,
) -> Ran:
    """Call `function` in a process of its own, with at most `limit` seconds and `memory` bytes.

    With `first` it is called with that small case before, outside the seconds and their limit, so that nobody pays for
    imports or for starting threads. Memory is what the process really holds (resident), not what it reserves.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "stderr"
        process = context.Process(target=_inside, args=(sender, said, function, first, arguments))
        process.start()
        sender.close()
        assert process.pid
        ran = _watched(process.pid, receiver, limit, memory)
        if ran:
            process.kill()
        process.join()
        return ran or _died(process.exitcode or 0, said)


def _watched(pid: int, receiver: Connection, limit: float, memory: int) -> Ran | None:
    """What the process answers, or which limit it passes first; None where it ends without a word."""
    until = math.inf  # before the first case is done no time counts
    while time.monotonic() < until:
        if held(pid, "VmRSS") > memory:
            return Ran("memory", told=f">{memory / 2**30:g} GiB")
        if not receiver.poll(LOOK):
            continue
        try:
            answer = receiver.recv()
        except EOFError:
            return None
        if isinstance(answer, Ran):
            return answer
        until = time.monotonic() + limit
    return Ran("time", told=f">{limit:g} s")


def held(pid: int | str, what: str) -> int:
    """Bytes that a process holds (VmRSS), or has held at most (VmHWM); 0 for one that has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(status.split(f"{what}:")[1].split()[0]) << 10 if f"{what}:" in status else 0


def _of_children() -> int:
    """Bytes that the largest of the processes which this one started and ended has held at most."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10


def _died(code: int, said: Path) -> Ran:
    """Why a process ended without an answer: for want of memory, if its runtime said so, else by an error."""
    lines = [line.strip() for line in said.read_text(errors="replace").splitlines() if line.strip()]
    for line in lines:
        if any(word in line for word in NO_MEMORY):
            return Ran("memory", told=line)
    how = f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
    return Ran("error", told=f"{how}: {lines[0]}" if lines else how)


def _inside(
    sender: Connection,
    said: Path,
    function: Callable[..., Any],
    first: tuple[Any, ...] | None,
    arguments: tuple[Any, ...],
) -> None:
    with said.open("w") as file:
        os.dup2(file.fileno(), 2)
    try:
        if first is not None:
            function(*first)
        sender.send("started")
        began = time.perf_counter()
        answer = function(*arguments)
        seconds = time.perf_counter() - began
        ran = Ran("done", answer=answer, seconds=seconds, peak=held("self", "VmHWM") + _of_children())
    except ModuleNotFoundError as error:
        ran = Ran("missing", told=error.name or str(error))
    except MemoryError as error:
        ran = Ran("memory", told=" ".join(["MemoryError", *str(error).splitlines()[:1]]))
    except BaseException as error:  # noqa: BLE001 - whatever another library raises is told (panics of Rust among it)
        ran = Ran("error", told=": ".join([type(error).__name__, *str(error).splitlines()[:1]]))
    sender.send(ran)
