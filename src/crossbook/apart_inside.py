"""What a process apart does: the work that it is asked for, within the limits that the system holds it to."""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import tempfile
import threading
import time
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any
from zoneinfo import ZoneInfo

from crossbook.errors import CrossbookError

_MB = 1 << 20
_VIRTUAL = 4 << 30  # what threads and allocators reserve without using it


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


def become(mine: int) -> None:
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

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what a terminal sends to all: the one that asked ends this one
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
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
