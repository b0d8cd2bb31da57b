"""The real command line for tests: each command a process of its own, as the shell would start it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

SCRIPT = Path(sys.executable).with_name("crossbook")
_one_at_a_time = threading.Lock()


def run(
    *words: object, book: Path | None = None, lang: str = "en", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command; with `env` from nothing, else in a process forked from one that has imported the program."""
    variables = (
        {k: v for k, v in os.environ.items() if not k.startswith("CROSSBOOK")} | {"CROSSBOOK_LANG": lang} | (env or {})
    )
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
    with tempfile.TemporaryDirectory() as folder, _one_at_a_time:
        out, err = Path(folder, "out"), Path(folder, "err")
        server = _server()
        assert server.stdin and server.stdout
        asked = {"words": command, "env": variables, "cwd": str(Path.cwd()), "out": str(out), "err": str(err)}
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        return subprocess.CompletedProcess(
            command, code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")
        )


@lru_cache(maxsize=1)
def _server() -> subprocess.Popen[str]:
    """It ends when this process does, for its input ends then."""
    program = Path(__file__).with_name("forkserver.py")
    return subprocess.Popen(
        [sys.executable, "-P", str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
