"""Private set intersection by a library, for two sides that are online: SecretFlow's SPU, one process on each side.

RR22 (Raghuraman and Rindal 2022, https://eprint.iacr.org/2022/320) and KKRT (Kolesnikov and others 2016,
https://eprint.iacr.org/2016/799) are fast. Both hold against a side that is curious and keeps to the protocol
(semi-honest), not against one that departs from it.
The two processes speak to each other over loopback alone: `exchange.tunnel` carries what they say.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from crossbook.errors import CrossbookError
from crossbook.exchange import sm2
from crossbook.exchange.side import Whole

ECDH, SM2 = "ecdh", "sm2"
"""Ways to meet by points that messages carry (`exchange.meeting`): by courier as well as online."""
PROTOCOLS = {"rr22": "PROTOCOL_RR22", "kkrt": "PROTOCOL_KKRT"}
"""Ways to meet online, as SPU calls them."""
MEET = (ECDH, SM2, *PROTOCOLS)
BYTES_EACH = {"rr22": 200, "kkrt": 400}
"""The most bytes that may pass for each item of both sides, beside `BYTES_ALWAYS`: what a side sends beyond would be
items it did not tell of. RR22 took 12 at a million items and 42 at 20,000, KKRT 53 at 20,000
(`python benchmarks/exchange.py --meet N --online WAY`)."""
BYTES_ALWAYS = 64 << 20
INSTALL = "pip install --no-deps spu==0.9.5"
_DOMAIN = b"crossbook-exchange-online-1\x00"
_PATIENCE = 900  # seconds for a meeting


def ways(*, online: bool = False) -> tuple[str, ...]:
    """The ways to meet that this installation has: ECDH always, SM2 where there is OpenSSL, and online what SPU has."""
    have = {ECDH: True, SM2: sm2.there(), **dict.fromkeys(PROTOCOLS, online and find_spec("spu") is not None)}
    return tuple(way for way in MEET if have[way])


def most_bytes(way: str, items: int) -> int:
    """How many bytes may pass one way, where both sides together have so many items."""
    return BYTES_ALWAYS + BYTES_EACH[way] * items


def items(texts: Sequence[str], salt: bytes) -> list[str]:
    """What goes into the intersection for each text: of one length, and of this meeting alone."""
    begun = hashlib.sha256(_DOMAIN + salt)
    out = []
    for text in texts:
        digest = begun.copy()
        digest.update(text.encode())
        out.append(digest.hexdigest()[:32])
    return out


def unknown() -> str:
    """An item that nobody can guess, for each side's set. SPU begins by telling a hash of the whole set, and ends at
    once where both are the same: of a set of which all but one item are known that one could be tried out."""
    return secrets.token_hex(16)


@dataclass(kw_only=True)
class Worker:
    """SPU's process on this side: `rank` is 0 for who opened the session; it listens at the port `own` of this machine
    and finds the other side at `other`, where the tunnel listens."""

    way: str
    session: str
    rank: int
    own: int
    other: int
    items: list[str]
    process: subprocess.Popen[bytes] = field(init=False)
    folder: tempfile.TemporaryDirectory[str] = field(init=False)

    def __post_init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="crossbook-meet-")  # for this user alone
        path = Path(self.folder.name)
        with (path / "in.csv").open("w", encoding="ascii") as file:
            file.write("item\n" + "".join(f"{item}\n" for item in [*self.items, unknown()]))
        addresses = [f"127.0.0.1:{port}" for port in (self.own, self.other)]
        task = {
            "addresses": addresses if self.rank == 0 else addresses[::-1],
            "session": self.session,
            "parent": os.getpid(),
            "rank": self.rank,
            "protocol": PROTOCOLS[self.way],
            "input": str(path / "in.csv"),
            "output": str(path / "out.csv"),
            "met": str(path / "met"),
        }
        (path / "task.json").write_text(json.dumps(task), encoding="ascii")
        with (path / "log").open("w", encoding="utf-8") as log, (path / "task.json").open(encoding="ascii") as told:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, str(Path(__file__).with_name("psi_worker.py"))],
                stdin=told,
                stdout=log,
                stderr=log,
                cwd=path,
                env={"PATH": "/usr/bin:/bin", "TMPDIR": str(path), "HOME": str(path)},
            )

    def met(self) -> Whole:
        """The places of the items that both sides have, in an order that both share. Raises CrossbookError where the
        meeting failed."""
        try:
            ended = self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            ended = None
        out, met = (Path(self.folder.name) / name for name in ("out.csv", "met"))
        if ended != 0 or not out.is_file():
            raise CrossbookError(
                f"the transfers did not meet by {self.way.upper()}: SPU ended before it had an answer",
                todo="look whether the other side ended its own, and run it again with --session; or agree on ecdh",
            )
        with out.open(encoding="ascii", newline="") as file:
            shared = sorted(row[0] for row in list(csv.reader(file))[1:])
        if len(shared) != int(met.read_text(encoding="ascii")):
            raise CrossbookError("the transfers that met were not all written", todo="run it again with --session")
        place = {item: n for n, item in enumerate(self.items)}
        return np.array([place[item] for item in shared], np.int64)

    def stop(self) -> None:
        """End the process and remove what it wrote."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        self.folder.cleanup()
