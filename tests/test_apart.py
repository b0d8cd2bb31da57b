"""Processes apart: what they answer, and how each way of going wrong is told with the file's name."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crossbook import apart
from crossbook.apart import ReaderError
from crossbook.apart_inside import Limits
from crossbook.errors import BadRow, BadRowsError, CrossbookError, Near, UnrecognisedError
from tests.patience import until

pytestmark = pytest.mark.skipif(not apart.POSSIBLE, reason="there is no such process on this system")
SMALL = Limits(memory=600 << 20, seconds=2, output=1 << 20)


def who(*given: Any) -> tuple[Any, ...]:
    return os.getpid(), *given


def raised(error: Exception) -> None:
    raise error


def held(size: int) -> int:
    return len(bytearray(os.urandom(1 << 20) * (size >> 20)))


def grown() -> None:
    kept = []
    while True:
        kept.append(b"x" * (1 << 20) + os.urandom(1))


def stalled() -> None:
    """As a backtracking expression is: it lets no other thread of its process run."""
    import re

    re.match(r"(a|aa)+$", "a" * 200 + "b")


def asleep() -> None:
    time.sleep(1000)


def died(number: int) -> None:
    os.kill(os.getpid(), number)


def written(folder: Path) -> None:
    (folder / "large").write_bytes(bytes(2 << 20))


def broken() -> None:
    sys.stderr.write("\x1b[31mnoise of a library")
    raise KeyError("inside of a library")


def code() -> Any:
    return os.system


def told(number: int, tell: Any) -> int:
    for n in range(number):
        tell("read", n)
    return number


def temporary() -> str:
    import tempfile

    return tempfile.mkdtemp()


def test_it_is_another_process_and_the_same_again() -> None:
    moment = datetime(2026, 1, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
    first, *given = apart.run(who, date(2026, 1, 2), moment, {"a": (1, None)}, name="x")
    assert first != os.getpid() and given == [date(2026, 1, 2), moment, {"a": (1, None)}]
    assert apart.run(who, name="x")[0] == first


@pytest.mark.parametrize(
    "error",
    [
        CrossbookError("wrong", where="x:1", todo="mend it"),
        UnrecognisedError("x", [("a", "no")], [Near(name="n", title="N", share=0.5, missing="m")], "a picture"),
        BadRowsError("x", [BadRow(line=3, column="c", value="v", reason="r")]),
    ],
)
def test_errors_for_people_come_back_as_they_were(error: CrossbookError) -> None:
    with pytest.raises(type(error)) as caught:
        apart.run(raised, error, name="x")
    assert str(caught.value) == str(error) and caught.value.__dict__ == error.__dict__


def test_an_error_of_the_system_is_one_here() -> None:
    with pytest.raises(OSError, match="space") as caught:
        apart.run(raised, OSError(28, "no space", "/tmp/x"), name="x")
    assert (caught.value.errno, caught.value.filename) == (28, "/tmp/x")


@pytest.mark.parametrize(
    ("work", "said"),
    [
        ((grown,), "reading it takes more than 600 MB of memory"),
        ((held, 1 << 40), "reading it takes more than 600 MB of memory"),
        ((stalled,), "reading it takes more than 2 seconds of work"),
        ((died, signal.SIGSEGV), r"the reader broke down on it \(signal 11\)"),
        ((died, signal.SIGKILL), r"the reader broke down on it \(signal 9\)"),
        ((broken,), r"the reader broke down on it \(KeyError\)"),
        ((code,), "its answer is no data"),
    ],
)
def test_what_goes_wrong_is_an_error_of_the_file(work: tuple[Any, ...], said: str) -> None:
    with pytest.raises(CrossbookError, match=said) as caught:
        apart.run(*work, name="bad.pdf", limits=SMALL)
    assert caught.value.where == "bad.pdf" and caught.value.todo
    assert "inside of a library" not in str(caught.value)
    assert apart.run(who, name="x")[0] != os.getpid()


def test_a_file_that_grows_without_end_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(CrossbookError, match="it unpacks to more than 1 MB"):
        apart.run(written, tmp_path, name="x", limits=SMALL)


def test_a_fault_of_ours_keeps_where_it_was() -> None:
    with pytest.raises(ReaderError) as caught:
        apart.run(broken, name="x")
    assert "in broken" in caught.value.trace


def test_progress_is_told_meanwhile() -> None:
    seen: list[tuple[str, int]] = []
    assert apart.run(told, 3, name="x", tell=lambda *words: seen.append(words)) == 3
    assert seen == [("read", 0), ("read", 1), ("read", 2)]


def test_nothing_is_left_in_the_temporary_folder() -> None:
    assert not Path(apart.run(temporary, name="x")).parent.exists()


def test_several_work_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = [f.result() for f in [pool.submit(apart.run, who, n, name="x") for n in range(40)]]
    assert [n for _, n in found] == list(range(40)) and len({pid for pid, _ in found}) <= apart.MOST


def test_one_that_somebody_kills_is_told_and_cleared_away() -> None:
    before = set(_children())

    def ask() -> None:
        with pytest.raises(CrossbookError):
            apart.run(asleep, name="x")

    thread = threading.Thread(target=ask)
    apart.stop()
    thread.start()
    until(lambda: bool(set(_children()) - before), pause=0.05)
    (pid,) = set(_children()) - before
    os.kill(pid, signal.SIGKILL)
    thread.join()
    assert not Path(f"/proc/{pid}").exists()


def _children() -> list[int]:
    me = os.getpid()
    return [int(p) for task in Path(f"/proc/{me}/task").iterdir() for p in _of(task)]


def _of(task: Path) -> list[str]:
    try:
        return (task / "children").read_text().split()
    except OSError:
        return []


@pytest.mark.parametrize("fresh", [False, True])
def test_one_that_was_forked_and_one_that_was_begun_anew_do_the_same(tmp_path: Path, fresh: bool) -> None:
    """A program with one thread forks; one with more starts another. Both end when it does."""
    import subprocess

    code = (
        "import os, sys, threading, time\n"
        "from crossbook import apart\n"
        "import tests.test_apart as t\n"
        f"if {fresh}: threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\n"
        "pid = apart.run(t.who, name='x')[0]\n"
        "print(pid, flush=True)\n"
        "apart.run(t.asleep, name='x')\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    pid = int(process.stdout.readline())
    process.kill()
    process.wait()
    until(lambda: not _runs(pid), pause=0.05)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
