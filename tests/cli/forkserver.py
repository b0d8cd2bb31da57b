"""Runs commands in processes of their own that begin with the program already imported, which is most of a short one.

Listens at a socket of Unix. Who connects sends what the command reads from and writes to (three open files), then a
line of JSON (words, env, cwd), and is answered with its exit code. It ends when its own input does.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import sys

import crossbook

# What commands load when they need it. Pandas they do not, but pyarrow looks whether what it is given is a frame of it.
LATER = (
    "pandas",
    "pypinyin",
    "rich.console",
    "rich.markup",
    "sqlalchemy.dialects.sqlite",
    "typer.rich_utils",
    "zhconv",
)


def main(address: str) -> None:
    """Serve until the input ends."""
    for module in pkgutil.walk_packages(crossbook.__path__, "crossbook."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in LATER:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # or each command's collections would touch, and so copy, all of it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that answer
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen(64)
    print("ready", flush=True)
    while True:
        ready, _, _ = select.select([sys.stdin, listening], [], [])
        if sys.stdin in ready:
            return
        asking, _ = listening.accept()
        if not os.fork():
            listening.close()
            answer(asking)
            return
        asking.close()


def answer(asking: socket.socket) -> None:
    """Fork a process that is the command, and answer with its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, files, _, _ = socket.recv_fds(asking, 1, 3)
    asked = json.loads(asking.makefile().readline())
    child = os.fork()
    if child:
        for file in files:
            os.close(file)
        _, status = os.waitpid(child, 0)
        asking.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
        os._exit(0)
    asking.close()
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    for name, number in (("stdout", 1), ("stderr", 2)):  # those that were there know of other files, whether they seek
        told = getattr(sys, name)
        again = open(number, "w", encoding=told.encoding, errors=told.errors, closefd=False)  # noqa: SIM115
        setattr(sys, name, again)
    sys.argv = asked["words"]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1])
