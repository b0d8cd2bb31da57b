"""What stands in for the program on a reader's path: has a command run by a process that has imported the program.

`python -IS forkclient.py SOCKET PROGRAM WORDS…` takes a third of the time that starting the program takes.
"""

from __future__ import annotations

import json
import os
import socket
import sys


def ask(address: str, words: list[str], env: dict[str, str], files: list[int]) -> int:
    """Have `forkserver.py` run a command here, reading from and writing to these files, and give its exit code."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(address)
        socket.send_fds(asking, [b"."], files)
        asking.sendall(json.dumps({"words": words, "env": env, "cwd": os.getcwd()}).encode() + b"\n")  # noqa: PTH109 - slow to import
        with asking.makefile() as answer:
            return int(answer.readline())


if __name__ == "__main__":
    code = ask(sys.argv[1], sys.argv[2:], dict(os.environ), [0, 1, 2])
    sys.exit(code if code >= 0 else 128 - code)
