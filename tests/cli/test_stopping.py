"""A command that is told to end does at once, whatever it is at, with a word and no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import SCRIPT, run
from tests.patience import LONG, until

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="it looks at processes in /proc")

# A command whose work is CODE.
OTHER = """
import sys
from crossbook.cli import main, tree
def work():
    {code}
tree.tree = lambda wanted: work
sys.argv = ["crossbook"]
main.run()
"""
QUERY = """
    import duckdb
    print("begun", flush=True)
    duckdb.execute("SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b").fetchall()
"""
HALF_MADE = """
    class Half:
        def __del__(self):
            self.made
    half = Half()
    async def later(): pass
    awaited = later()
    print("begun", flush=True)
    import time; time.sleep(600)
"""
LOST = """
    class Long:
        def __del__(self):
            print("begun", flush=True)
            import time; time.sleep(600)
    long = Long()
    del long
    print("went on", flush=True)
    import time; time.sleep(600)
"""
FLEET = """
    import multiprocessing, time
    from crossbook.fleet import local
    local.work = time.sleep
    for _ in local.run([0, 600, 600], 2):
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
"""


def started(*words: object) -> subprocess.Popen[str]:
    env = os.environ | {"CROSSBOOK_LANG": "en"}
    # who runs the tests may ignore signals, as a shell does for what it starts in the background
    command = ["env", "--default-signal=INT,TERM,HUP", *(str(w) for w in words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGHUP, -1)])
def test_from_its_first_moment(number: int, code: int) -> None:
    command = started(SCRIPT, "formats")
    until(lambda: _heeds(command.pid), 0.001)
    command.send_signal(number)
    assert command.communicate(timeout=LONG)[1] == "stopped\n"
    assert command.returncode == code


def test_what_is_half_made_says_nothing_as_it_is_let_go_of() -> None:
    """An event loop says so of itself, told to end within its first instructions."""
    command = started(sys.executable, "-c", OTHER.format(code=HALF_MADE))
    assert command.stdout and command.stdout.readline() == "begun\n"
    command.send_signal(signal.SIGINT)
    assert command.communicate(timeout=LONG)[1] == "stopped\n"
    assert command.returncode == 130


def test_where_interruptions_are_lost() -> None:
    """What is raised while a thing is let go of reaches nobody: the command went on as if nobody had asked."""
    command = started(sys.executable, "-c", OTHER.format(code=LOST))
    assert command.stdout and command.stderr and command.stdout.readline() == "begun\n"
    command.send_signal(signal.SIGINT)
    assert command.wait(LONG) == 130
    assert command.stderr.read() == "stopped\n"


def test_while_the_engine_is_at_work() -> None:
    """It makes an error of its own of the interruption."""
    command = started(sys.executable, "-c", OTHER.format(code=QUERY))
    assert command.stdout and command.stdout.readline()
    command.send_signal(signal.SIGINT)
    assert command.communicate(timeout=LONG)[1] == "stopped\n"
    assert command.returncode == 130


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_book_of_a_fleet_is_worked_on(number: int) -> None:
    """Ended by the system's own hand, too, it leaves no process that waits for ever."""
    command = started(sys.executable, "-c", OTHER.format(code=FLEET))
    assert command.stdout
    children = [int(pid) for pid in command.stdout.readline().split()]
    assert len(children) == 2
    command.send_signal(number)
    said = command.communicate(timeout=LONG)[1]
    assert number == signal.SIGKILL or said == "stopped\n"
    until(lambda: not any(_runs(pid) for pid in children))


def test_a_demo_that_was_stopped_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    command = started(SCRIPT, "demo", folder, "--orders", "400", "--files-only")
    until(lambda: folder.exists() and any(folder.iterdir()))
    command.send_signal(signal.SIGTERM)
    assert command.wait(LONG) == -signal.SIGTERM
    assert run("demo", folder, "--orders", "400", "--files-only").returncode == 2
    assert run("demo", folder, "--orders", "400", "--files-only", "--fresh").returncode == 0


def _status(pid: int, field: str) -> str:
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return ""
    return next((line.split()[1] for line in text.splitlines() if line.startswith(field + ":")), "")


def _heeds(pid: int) -> bool:
    """Whether it has begun to: Python itself catches Ctrl-C, but no SIGHUP, which comes last here."""
    return bool(int(_status(pid, "SigCgt") or "0", 16) >> (signal.SIGHUP - 1) & 1)


def _runs(pid: int) -> bool:
    return _status(pid, "State") not in ("", "Z")
