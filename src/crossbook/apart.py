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
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from crossbook.errors import CrossbookError

T = TypeVar("T")
_MB = 1 << 20
_LOOK = 0.05  # seconds between two looks at how much it holds
_LARGEST = 64 * _MB  # of an answer
_GROWN = 500 * _MB  # a process that holds more after its work is not used again
_VIRTUAL = 4 << 30  # what threads and allocators reserve without using it
MOST = max(2, os.cpu_count() or 2)  # processes at work at once
POSSIBLE = sys.platform != "win32"  # there they run here, without limits
_SAFE = {"builtins": {"set", "frozenset", "complex", "bytearray", "slice", "range"}}
_MODULES = ("datetime", "decimal", "pathlib", "collections", "crossbook")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one piece of work may take: bytes of memory, seconds of a processor, bytes of one file that it writes."""

    memory: int
    seconds: float
    output: int

    @staticmethod
    def of(size: int) -> Limits:
        """What reading a file of `size` bytes may take: a small one little, whatever it says of itself."""
        memory = min(800 * _MB + 12 * size, max(3 << 30, 800 * _MB + 2 * size), _machine())
        return Limits(memory=memory, seconds=30 + 20 * size / _MB, output=256 * _MB + 40 * size)


def _machine() -> int:
    """Most of the memory that this machine has."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 4 // 5
    except (ValueError, OSError, AttributeError):
        return 1 << 62


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
                _become(theirs.detach())
            finally:
                os._exit(1)
        theirs.close()
        return _Process(pid, Connection(ours.detach()), None)

    @staticmethod
    def fresh() -> _Process:
        """One that begins with nothing."""
        ours, theirs = socket.socketpair()
        code = "import sys; from crossbook import apart; apart.serve(int(sys.argv[1]))"
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


# What the processes apart do.


def _become(mine: int) -> None:
    """Let go of all that the process which forked this one has open, but keep the numbers taken."""
    import gc

    gc.freeze()
    nothing = os.open(os.devnull, os.O_RDWR)
    for text in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names alone
        if (number := int(text)) not in (mine, nothing):
            with contextlib.suppress(OSError):  # the listing's own
                os.fstat(number)
                os.dup2(nothing, number)
    serve(mine)


def serve(number: int) -> None:
    """Do what is asked over the connection of this number until it closes."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = os.getppid()
    threading.Thread(target=_outlive, args=(parent,), daemon=True).start()
    connection = Connection(number)
    while True:
        try:
            work, limits = pickle.loads(connection.recv_bytes())  # noqa: S301 - of the process that started this one
        except (EOFError, ConnectionError):
            os._exit(0)
        answer = _answer(connection, work, limits)
        try:
            connection.send_bytes(answer)
        except (ValueError, OSError):
            os._exit(1)
        if answer == _NO_MEMORY:
            os._exit(0)


def _outlive(parent: int) -> None:
    """Do not."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


_NO_MEMORY = pickle.dumps(("no memory",))


def _answer(connection: Connection, work: Any, limits: Limits) -> bytes:
    function, arguments, tempfile.tempdir, telling = work

    def tell(*words: Any) -> None:
        connection.send_bytes(pickle.dumps(("told", *words)))

    _bound(limits)
    try:
        given = function(*arguments, tell=tell) if telling else function(*arguments)
        return _data(("done", given))
    except CrossbookError as error:
        return pickle.dumps(("error", error))
    except MemoryError:
        return pickle.dumps(("memory", limits.memory / _MB))
    except OSError as error:
        if error.errno == 27:  # EFBIG
            return pickle.dumps(("output", limits.output / _MB))
        if error.errno:
            return pickle.dumps(("system", error.errno, error.strerror, _plain(error.filename)))
        return pickle.dumps(("broke", type(error).__name__, traceback.format_exc()))
    except RecursionError:
        return pickle.dumps(("broke", "it is nested too deeply"))
    except BaseException as error:  # noqa: BLE001 - readers written in Rust raise what is no Exception
        return pickle.dumps(("broke", type(error).__name__, traceback.format_exc()))


class _Data(pickle.Pickler):
    """What `_Answers` reads: zones, which pickle makes by a function of theirs, by one of ours."""

    def reducer_override(self, given: Any) -> Any:
        return (_zone, (given.key,)) if isinstance(given, ZoneInfo) and given.key else NotImplemented


def _zone(key: str) -> ZoneInfo:
    return ZoneInfo(key)


_zone.of_data = True  # type: ignore[attr-defined] # for _Answers


def _data(given: Any) -> bytes:
    out = io.BytesIO()
    _Data(out).dump(given)
    return out.getvalue()


def _plain(name: Any) -> str | None:
    return None if name is None else os.fsdecode(name)


def _bound(limits: Limits) -> None:
    """What the system holds this process to, behind what the one that asked looks at."""
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writing more fails, with an error
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + limits.seconds) + 10
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.output),
        (resource.RLIMIT_AS, limits.memory + _VIRTUAL),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, resource.getrlimit(what)[1]))
