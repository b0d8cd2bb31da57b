"""What two processes on two machines say to each other over loopback, carried as pieces through the channel.

Each side's process finds the other at a port of its own machine, where a `Tunnel` listens once the other side's process
does, which a frame of its own tells: a process that is answered seconds later by one that was still starting asks twice
and takes the answers for one another. What comes there goes out as frames (number of the connection, length, bytes;
length 0 closes it), which the other side's tunnel gives to its own process. Every byte is counted; where more than
agreed would go out or come in, the tunnel breaks.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress

_FRAME = struct.Struct("<II")
_PIECE = 1 << 18
_WAITING = 32 << 20  # bytes that wait to go out, before the process is left to wait
LARGEST = 8 << 20  # bytes of a piece
_READY = 0xFFFFFFFF  # the number of the frame that says that this side's process listens
_PATIENCE = 120.0  # seconds until this side's process listens


class BrokenTunnelError(Exception):
    """The tunnel was closed, or more went through than was agreed."""


class Tunnel:
    """One end. `rank` is 0 or 1: connections that this side's process opens have numbers of that parity."""

    def __init__(self, rank: int, process: int, most: int) -> None:
        self.sent = self.came = 0
        self._rank, self._process, self._most = rank, process, most
        self._out: deque[bytes] = deque()
        self._waiting = 0
        self._changed = threading.Condition()
        self._ends: dict[int, socket.socket] = {}
        self._open = True
        self._listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._listening.bind(("127.0.0.1", 0))  # it listens when the other side's process does
        self.port: int = self._listening.getsockname()[1]
        self._begun = False
        threading.Thread(target=self._announce, daemon=True).start()

    def take(self, seconds: float) -> bytes:
        """What is to go out, empty where there is nothing for so many seconds. Raises BrokenTunnelError."""
        with self._changed:
            self._changed.wait_for(lambda: self._out or not self._open, seconds)
            if not self._open:
                raise BrokenTunnelError
            pieces, size = [], 0
            while self._out and size < LARGEST:
                pieces.append(self._out.popleft())
                size += len(pieces[-1])
            self._waiting -= size
            self.sent += size
            self._bounded()
            self._changed.notify_all()
        return b"".join(pieces)

    def give(self, data: bytes) -> None:
        """Hand over what came. Raises BrokenTunnelError, also where it is no frames."""
        self.came += len(data)
        self._bounded()
        for number, piece in _frames(data):
            if number == _READY:
                self._begin_to_listen()
                continue
            end = self._ends.get(number)
            if not piece:
                if end:
                    _shut(end)
                continue
            if end is None:
                if number % 2 == self._rank:
                    raise BrokenTunnelError
                end = self._begin(number, self._called())
            try:
                end.sendall(piece)
            except OSError:
                continue  # the process has closed it: what comes late is for nobody

    def close(self) -> None:
        """End it on this side."""
        with self._changed:
            self._open = False
            self._changed.notify_all()
        self._listening.close()
        for end in list(self._ends.values()):
            end.close()

    def _bounded(self) -> None:
        if max(self.sent, self.came) > self._most:
            self.close()
            raise BrokenTunnelError

    def _announce(self) -> None:
        with suppress(BrokenTunnelError):
            self._called().close()
            self._put(_FRAME.pack(_READY, 1) + b"\x01")

    def _begin_to_listen(self) -> None:
        if self._open and not self._begun:
            self._begun = True
            self._listening.listen()
            threading.Thread(target=self._listen, daemon=True).start()

    def _put(self, frame: bytes) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting < _WAITING or not self._open)
            self._out.append(frame)
            self._waiting += len(frame)
            self._changed.notify_all()

    def _listen(self) -> None:
        number = self._rank
        while self._open:
            try:
                end = self._listening.accept()[0]
            except OSError:
                return
            self._begin(number, end)
            number += 2

    def _called(self) -> socket.socket:
        until = time.monotonic() + _PATIENCE
        while self._open:
            try:
                return socket.create_connection(("127.0.0.1", self._process))
            except OSError:
                if time.monotonic() > until:
                    break
                time.sleep(0.05)
        raise BrokenTunnelError

    def _begin(self, number: int, end: socket.socket) -> socket.socket:
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._ends[number] = end
        threading.Thread(target=self._read, args=(number, end), daemon=True).start()
        return end

    def _read(self, number: int, end: socket.socket) -> None:
        while self._open:
            try:
                piece = end.recv(_PIECE)
            except OSError:
                piece = b""
            self._put(_FRAME.pack(number, len(piece)) + piece)
            if not piece:
                return


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _frames(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        if len(data) - at < _FRAME.size:
            raise BrokenTunnelError
        number, size = _FRAME.unpack_from(data, at)
        at += _FRAME.size
        if size > _PIECE or len(data) - at < size:
            raise BrokenTunnelError
        yield number, data[at : at + size]
        at += size


def _shut(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_WR)
    except OSError:
        return
