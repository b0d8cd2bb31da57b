"""The tunnel between the two processes of a meeting."""

from __future__ import annotations

import socket
import threading

import pytest

from crossbook.exchange.tunnel import Tunnel, free_port


def test_it_listens_once_the_other_sides_process_does() -> None:
    """A process whose call is refused calls again; one that is answered late takes answers for one another."""
    ports = [free_port(), free_port()]
    ends = [Tunnel(rank, ports[rank], most=10_000) for rank in (0, 1)]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", ends[0].port))
    with socket.create_server(("127.0.0.1", ports[1])) as other:
        ends[0].give(ends[1].take(5.0))
        with socket.create_connection(("127.0.0.1", ends[0].port)) as mine:
            mine.sendall(b"asked")
            threading.Thread(target=lambda: ends[1].give(ends[0].take(5.0)), daemon=True).start()
            theirs = [other.accept()[0] for _ in range(2)][1]  # the first was to see whether it listens
            assert theirs.recv(10) == b"asked"
            theirs.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", ends[1].port))
    for end in ends:
        end.close()
    ends[0].give(b"\xff\xff\xff\xff\x01\x00\x00\x00\x01")  # what comes late is for nobody
