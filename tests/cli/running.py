"""The real command line for tests: each command a process of its own, as the shell would start it."""

from __future__ import annotations

import atexit
import io
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from tests.cli.forkclient import ask

SCRIPT = Path(sys.executable).with_name("crossbook")
_servers: list[subprocess.Popen[str]] = []  # kept, for its input would end when nobody has it
_starting = Lock()


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
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, Path(os.devnull).open("rb") as nothing:
        code = ask(server(), command, variables, [nothing.fileno(), out.fileno(), err.fileno()])
        told = []
        for file in (out, err):
            file.seek(0)
            told.append(io.TextIOWrapper(file, encoding="utf-8").read())
        return subprocess.CompletedProcess(command, code, *told)


def client() -> Path:
    """A program `crossbook` that does what the real one does, begun in a third of the time: of this process alone."""
    program = Path(server()).with_name("crossbook")
    words = [sys.executable, "-IS", str(Path(__file__).with_name("forkclient.py")), server(), str(SCRIPT)]
    program.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return program


def server() -> str:
    """The address of this process' forkserver, which ends when this process does, for its input ends then."""
    with _starting:
        return _started()


@cache
def _started() -> str:
    folder = tempfile.mkdtemp(prefix="crossbook-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    address = f"{folder}/fork"
    command = [sys.executable, "-P", str(Path(__file__).with_name("forkserver.py")), address]
    started = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert started.stdout and started.stdout.readline() == "ready\n"
    _servers.append(started)
    return address
