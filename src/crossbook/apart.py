"""Work on what outsiders sent, in processes apart: each with limits of memory, time and output that grow with its size.

A process is forked while this one has one thread, and else started anew; it is used again until something went wrong
in it or it has grown. What it answers is data of few kinds, so that a reader that broke down cannot answer code.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import pickle
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar, cast

from crossbook.apart_inside import Limits, become
from crossbook.errors import CrossbookError

T = TypeVar("T")
_MB = 1 << 20
_LOOK = 0.05  # seconds between two looks at how much it holds
_LARGEST = 64 * _MB  # of an answer
_GROWN = 500 * _MB  # a process that holds more after its work is not used again
MOST = max(2, os.cpu_count() or 2)  # processes at work at once
POSSIBLE = sys.platform != "win32"  # there they run here, without limits
_SAFE = {"builtins": {"set", "frozenset", "complex", "bytearray", "slice", "range"}}
_MODULES = ("datetime", "decimal", "pathlib", "collections", "crossbook")


class ReaderError(CrossbookError):
    """A reader that broke down on a file: a fault of ours, which `trace` tells, or a file made to do that."""

    trace = ""


def run(
    function: Callable[..., T],
    *arguments: Any,
    name: str,
    size: int = 0,
    limits: Limits | None = None,
    tell: Callable[..., None] | None = None,
) -> T:
    """What `function(*arguments)` gives, worked out in a process apart. The function is one of a module; it is given
    `tell` by that name when one is given here.

    Raises CrossbookError, with the file's `name`, when it crashes, stalls or takes too much; what it raises itself as
    far as that is meant for people, or of the system.
    """
    if not POSSIBLE:
        return direct(function, *arguments, name=name, size=size, limits=limits, tell=tell)
    folder = tempfile.mkdtemp(prefix="crossbook-")
    try:
        with _places:
            process = _take()
            try:
                answer = process.ask((function, arguments, folder, tell is not None), limits or Limits.of(size), tell)
            except BaseException:
                process.end()
                raise
            _give_back(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return cast("T", _said(answer, name))


def direct(
    function: Callable[..., T],
    *arguments: Any,
    name: str,
    size: int = 0,
    limits: Limits | None = None,
    tell: Callable[..., None] | None = None,
) -> T:
    """The same without a process apart."""
    return function(*arguments, tell=tell) if tell else function(*arguments)


def start() -> None:
    """Have a process ready. Best called while this one has one thread: then it costs next to nothing."""
    if POSSIBLE and _alone():
        with contextlib.suppress(OSError):
            _give_back(_Process.forked())


def _said(answer: tuple[Any, ...], name: str) -> Any:
    kind, *told = answer
    if kind == "done":
        return told[0]
    if kind == "error":
        raise told[0]
    if kind == "system":
        raise OSError(*told)
    if kind in _OVER:
        what, todo = _OVER[kind]
        raise CrossbookError(what.format(n=f"{told[0]:,.0f}"), where=name, todo=todo)
    error = ReaderError(
        f"the reader broke down on it ({told[0]})",
        where=name,
        todo="save it anew, or get it again; if it is as it should be, report it with the file",
    )
    error.trace = told[1] if len(told) > 1 else ""
    raise error


_OVER = {
    "memory": ("reading it takes more than {n} MB of memory", "split it, or save it in a plainer form"),
    "time": ("reading it takes more than {n} seconds of work", "split it, or save it in a plainer form"),
    "output": ("it unpacks to more than {n} MB", "if it is genuine, split it first"),
}


class _Over(Exception):  # noqa: N818 - no error of the program
    """A limit that was reached: which, and how much it was."""


class _Process:
    """One process apart, and the connection to it."""

    def __init__(self, pid: int, connection: Connection, started: subprocess.Popen[bytes] | None) -> None:
        self.pid, self.connection, self.started = pid, connection, started

    @staticmethod
    def forked() -> _Process:
        """One that begins with what this one has imported; only while there is one thread."""
        ours, theirs = socket.socketpair()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if not pid:
            try:
                become(theirs.detach())
            finally:
                os._exit(1)
        theirs.close()
        return _Process(pid, Connection(ours.detach()), None)

    @staticmethod
    def fresh() -> _Process:
        """One that begins with nothing."""
        ours, theirs = socket.socketpair()
        code = "import sys; from crossbook import apart_inside; apart_inside.serve(int(sys.argv[1]))"
        started = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-c", code, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        theirs.close()
        return _Process(started.pid, Connection(ours.detach()), started)

    def ask(self, work: Any, limits: Limits, tell: Callable[..., None] | None) -> tuple[Any, ...]:
        """Have it do one piece of work; what it answers. It is watched meanwhile and ended when it takes too much."""
        try:
            self.connection.send_bytes(pickle.dumps((work, limits)))
            began, used = time.monotonic(), _used(self.pid)[1]
            while True:
                while not self.connection.poll(_LOOK):
                    held, now = _used(self.pid)
                    if held > limits.memory:
                        raise _Over("memory", limits.memory / _MB)
                    if now - used > limits.seconds or time.monotonic() - began > 120 + 10 * limits.seconds:
                        raise _Over("time", limits.seconds)
                answer = _Answers(io.BytesIO(self.connection.recv_bytes(_LARGEST))).load()
                if answer[0] != "told":
                    return tuple(answer)
                if tell:
                    tell(*answer[1:])
        except _Over as over:
            self.end()
            return over.args
        except (EOFError, ConnectionError):
            return self._died(limits)
        except OSError:  # an answer that is too large
            self.end()
            return ("output", _LARGEST / _MB)
        except (pickle.UnpicklingError, ValueError, TypeError, AttributeError, IndexError):
            self.end()
            return ("broke", "its answer is no data")

    def _died(self, limits: Limits) -> tuple[Any, ...]:
        status = self.end()
        signals = {24: ("time", limits.seconds), 25: ("output", limits.output / _MB)}  # SIGXCPU, SIGXFSZ
        return signals.get(-status, ("broke", f"signal {-status}" if status < 0 else f"exit {status}"))

    def end(self) -> int:
        """End it at once; the code with which it had ended before, where it had."""
        with contextlib.suppress(OSError):
            self.connection.close()
        if self.started:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.started.wait(0.05)
            self.started.kill()
            return self.started.wait()
        try:
            for _ in range(10):
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                if pid:
                    return os.waitstatus_to_exitcode(status)
                time.sleep(0.005)
            os.kill(self.pid, 9)
            return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        except OSError:
            return -9


class _Answers(pickle.Unpickler):
    """Data alone: no functions but those of our own errors, and classes of few modules."""

    def find_class(self, module: str, name: str) -> Any:
        if name in _SAFE.get(module, ()) or module.partition(".")[0] in _MODULES:
            found = super().find_class(module, name)
            if isinstance(found, type) or getattr(found, "of_data", False):
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")


_places = threading.BoundedSemaphore(MOST)
_idle: list[_Process] = []
_lock = threading.Lock()


def _take() -> _Process:
    with _lock:
        if _idle:
            return _idle.pop()
    return _Process.forked() if _alone() else _Process.fresh()


def _give_back(process: _Process) -> None:
    if process.connection.closed:
        return
    if _used(process.pid)[0] > _GROWN:
        process.end()
        return
    with _lock:
        _idle.append(process)


def _alone() -> bool:
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - names alone, and often
    except OSError:
        return False


def _used(pid: int) -> tuple[int, float]:
    """The bytes that a process holds and the seconds of processor that it used; zeros where the system does not say."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            told = file.read().rpartition(")")[2].split()
        return int(told[21]) * os.sysconf("SC_PAGE_SIZE"), (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return 0, 0.0


@atexit.register
def stop() -> None:
    """End the processes that wait for work."""
    with _lock:
        ending, _idle[:] = list(_idle), []
    for process in ending:
        with contextlib.suppress(OSError):
            process.connection.close()  # they end by that
    for process in ending:
        process.end()


def _forget() -> None:
    """In a process that was forked from this one: those apart are not its own."""
    global _places, _lock
    _places, _lock = threading.BoundedSemaphore(MOST), threading.Lock()
    _idle.clear()


if POSSIBLE:
    os.register_at_fork(after_in_child=_forget)
