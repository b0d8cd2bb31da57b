"""A process that stands between two others and records every byte that passes: `python relay.py PORT FILE`.

It prints the port on which it listens, passes on to PORT of this machine, and ends with its input.
"""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path


def pass_on(one: socket.socket, other: socket.socket, record: Path, lock: threading.Lock) -> None:
    with suppress(OSError):  # an end that is gone is gone for the other too
        while data := one.recv(1 << 16):
            with lock, record.open("ab") as file:
                file.write(data)
            other.sendall(data)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


def serve(listening: socket.socket, port: int, record: Path) -> None:
    lock = threading.Lock()
    while True:
        caller = listening.accept()[0]
        called = socket.create_connection(("127.0.0.1", port))
        for ends in ((caller, called), (called, caller)):
            threading.Thread(target=pass_on, args=(*ends, record, lock), daemon=True).start()


if __name__ == "__main__":
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    threading.Thread(target=serve, args=(listening, int(sys.argv[1]), Path(sys.argv[2])), daemon=True).start()
    sys.stdin.read()
