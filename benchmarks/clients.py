"""Many clients at once: requests a second of one client, and of many, on the same pages of the sample business.

python benchmarks/clients.py [--clients 200] [--seconds 20] [--book DIR]

The server runs in a process of its own, on this machine alone; each client is one connection that asks for the next
page once it has the last. Many clients must not get fewer answers a second than one gets alone.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

import httpx
from web import COMMAND, server

PAGES = ("/", "/payouts", "/orders", "/bank", "/verify", "/journal", "/api/payouts", "/api/verify")


async def ask(address: httpx.URL, cookies: httpx.Cookies, clients: int, seconds: float) -> list[float]:
    """Seconds that each answer took, of so many clients for so long; bare connections, which cost next to nothing."""
    until, took = time.perf_counter() + seconds, []
    held = "; ".join(f"{name}={value}" for name, value in cookies.items())

    async def one(number: int) -> None:
        reader, writer = await asyncio.open_connection(address.host, address.port)
        turn = number
        while time.perf_counter() < until:
            started = time.perf_counter()
            page = PAGES[turn % len(PAGES)]
            writer.write(f"GET {page} HTTP/1.1\r\nHost: {address.netloc.decode()}\r\nCookie: {held}\r\n\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            assert head.startswith("http/1.1 200"), head
            await reader.readexactly(int(head.partition("content-length: ")[2].split("\r")[0]))
            took.append(time.perf_counter() - started)
            turn += 1
        writer.close()

    await asyncio.gather(*(one(n) for n in range(clients)))
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--book", type=Path, help="A book made before, instead of a new sample business.")
    given = parser.parse_args()
    rates = []
    with tempfile.TemporaryDirectory() as folder:
        book = given.book
        if book is None:
            subprocess.run([COMMAND, "demo", Path(folder) / "demo"], check=True, stdout=subprocess.DEVNULL)
            book = Path(folder) / "demo" / "book"
        with server(book) as (client, _process, _start):
            for page in PAGES:
                client.get(page).raise_for_status()
            for clients in (1, given.clients):
                started = time.perf_counter()
                took = asyncio.run(ask(client.base_url, client.cookies, clients, given.seconds))
                rates.append(len(took) / (time.perf_counter() - started))
                last = quantiles(took, n=100)[-1] if len(took) > 1 else took[0]
                print(
                    f"{clients:4} clients: {rates[-1]:7.1f} answers a second, median {median(took) * 1000:,.0f} ms, "
                    f"99 of 100 within {last * 1000:,.0f} ms",
                    flush=True,
                )
    print(f"{rates[1] / rates[0]:.2f} times the answers of one client")
    return 0 if rates[1] >= rates[0] else 1


if __name__ == "__main__":
    sys.exit(main())
