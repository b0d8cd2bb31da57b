"""A fleet in object storage: on a server of S3 (moto's), and at an address that only fsspec knows."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from crossbook.book import init_book
from crossbook.errors import CrossbookError
from crossbook.fleet.across import find
from crossbook.fleet.listing import add_books, init_fleet, open_fleet
from crossbook.fleet.places import Remote, fetch, place, put, remove
from crossbook.fleet.reading import findings, status
from crossbook.fleet.running import run_fleet
from crossbook.fleet.working import Outcome, Task, work


def here(tasks: Sequence[Task], jobs: int) -> Iterator[Outcome]:
    """Works books in this process, whose environment has the keys, and whose memory the files."""
    yield from map(work, tasks)


SERVERS: list[Any] = []  # those that run, the newest last


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty bucket on a server of this machine: its name, and what stands behind the question mark."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    for name, value in (("ACCESS_KEY_ID", "a"), ("SECRET_ACCESS_KEY", "b"), ("EC2_METADATA_DISABLED", "true")):
        monkeypatch.setenv(f"AWS_{name}", value)
    server.start()
    SERVERS.append(server)
    host, port = server.get_host_and_port()
    urllib.request.urlopen(f"http://{host}:{port}/moto-api/reset", data=b"").close()  # it keeps what another one had
    options = f"scheme=http&endpoint_override={host}:{port}&region=us-east-1"
    from pyarrow import fs

    made = fs.S3FileSystem(
        scheme="http", endpoint_override=f"{host}:{port}", region="us-east-1", allow_bucket_creation=True
    )
    made.create_dir("sellers")
    yield options
    for one in (SERVERS.pop() for _ in tuple(SERVERS)):
        one.stop()


def sent(folder: Path, to: Remote) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            put(to / str(path.relative_to(folder)), path.read_bytes())


@pytest.mark.slow
def test_a_fleet_on_s3(worked: Path, bucket: str) -> None:
    """Its list, its figures and a book lie there: the same findings as of the same book on this machine."""
    told = open_fleet(worked / "fleet")
    one = told.books[0]
    at = place(f"s3://sellers/books?{bucket}")
    assert isinstance(at, Remote)
    sent(Path(str(one.path)), at / one.id)
    address = f"s3://sellers/fleet?{bucket}"
    fleet, added = add_books(init_fleet(address, "On S3"), [str(at)])
    assert [m.id for m in added] == [one.id] and open_fleet(address) == fleet
    assert run_fleet(fleet, runner=here).counts() == {"done": 1, "same": 0, "failed": 0}
    there, mine = (findings(f, book=one.id, everything=True).table for f in (fleet, told))
    assert there.num_rows and there.equals(mine)
    assert run_fleet(open_fleet(address), runner=here).counts() == {"done": 0, "same": 1, "failed": 0}
    put(at / one.id / "book.toml", b"[business\n")
    assert [line.status for line in status(fleet)] == ["changed"]
    (ended,) = run_fleet(fleet, runner=here).outcomes
    assert (ended.verdict, ended.where) == ("refused", str(at / one.id))
    (at / one.id / "book.toml").unlink()
    (line,) = status(fleet)
    assert (line.status, findings(fleet).stale) == ("stale", (one.id,))
    remove(place(address))
    with pytest.raises(CrossbookError, match="no fleet here"):
        open_fleet(address)


def test_an_address_of_fsspec(tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    init_book(tmp_path / "shop", "shop", "USD")
    fleet, _ = add_books(init_fleet("memory://sellers/fleet"), [tmp_path / "shop"])
    assert run_fleet(fleet, runner=here).counts()["done"] == 1
    assert run_fleet(open_fleet("memory://sellers/fleet"), runner=here).counts()["same"] == 1
    assert [line.status for line in status(fleet)] == ["done"] and find(fleet).unknown == ()
    remove(place("memory://sellers"))


def test_addresses_that_cannot_be() -> None:
    with pytest.raises(CrossbookError, match="must not hold keys"):
        place("s3://me:secret@bucket/fleet")
    for nothing in ("s3://", "memory:///", "s3://?region=eu-central-1"):
        with pytest.raises(CrossbookError, match="names no bucket or folder"):
            open_fleet(nothing)
    with pytest.raises(CrossbookError, match=r"unknown kind of address 'foo'"):
        open_fleet("foo://host/fleet")
    assert place("file:///srv/fleet") == Path("/srv/fleet")
    assert place(Path("/srv/书 a%b#1").as_uri()) == Path("/srv/书 a%b#1")
    assert str(place("gs://b/fleet/?x=1") / "results") == "gs://b/fleet/results?x=1"


def test_a_name_that_leads_out_of_its_book_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a key of object storage may be called; the file systems of a machine have none such."""
    book = place("memory://sellers/shop")
    assert isinstance(book, Remote)
    monkeypatch.setattr(Remote, "within", lambda self: {"book.toml": (1, "1"), "facts/../../out": (1, "1")})
    monkeypatch.setattr(Remote, "read_bytes", lambda self: b"x")
    with pytest.raises(CrossbookError, match="leads out"):
        fetch(book, tmp_path / "shop")
    assert not (tmp_path / "out").exists()
