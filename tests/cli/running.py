"""The real command line for tests: each command a process of its own, as the shell would start it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCRIPT = Path(sys.executable).with_name("crossbook")
_idle: list[subprocess.Popen[str]] = []  # forkservers that run no command now: as many as ever ran at once


def run(
    *words: object, book: Path | None = None, lang: str = "en", env: dict[str, str] | None = None, user: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command; with `env` from nothing, else in a process forked from one that has imported the program.

    `user` is what the system calls who runs it. Threads may run commands at once.
    """
    variables = {k: v for k, v in os.environ.items() if not k.startswith("CROSSBOOK")}
    variables |= {"CROSSBOOK_LANG": lang} | (env or {}) | ({"USER": user} if user else {})
    if book:
        variables["CROSSBOOK_BOOK"] = str(book)
    command = [str(SCRIPT), *map(str, words)]
    if env is None:
        done = _forked(command, variables)
    else:
        done = subprocess.run(command, capture_output=True, text=True, env=variables, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def data(*words: object, book: Path) -> Any:
    """What a command that ends well writes as JSON."""
    done = run(*words, "--json", book=book)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _forked(command: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as folder, _server() as server:
        out, err = Path(folder, "out"), Path(folder, "err")
        assert server.stdin and server.stdout
        asked = {"words": command, "env": variables, "cwd": str(Path.cwd()), "out": str(out), "err": str(err)}
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        return subprocess.CompletedProcess(
            command, code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")
        )


@contextmanager
def _server() -> Iterator[subprocess.Popen[str]]:
    """One that is idle, or another. It ends when this process does, for its input ends then."""
    program = Path(__file__).with_name("forkserver.py")
    try:
        server = _idle.pop()
    except IndexError:
        server = subprocess.Popen(
            [sys.executable, "-P", str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
    yield server
    _idle.append(server)
