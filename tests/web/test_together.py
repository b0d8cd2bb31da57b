"""The server and the command line on one book at once: what is added shows on reload, and neither meets a lock."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.effort import times
from tests.patience import LONG, until
from tests.sharing import copied
from tests.web.conftest import Served

READS, ADDS = times(80, long=1_000), times(4, long=50)
STATEMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>{i}</Id>
<Acct><Id><Othr><Id>HK-9</Id></Othr></Id><Ccy>USD</Ccy></Acct>
<Ntry><Amt Ccy="USD">{i}.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-05-04</Dt></BookgDt>
<AcctSvcrRef>R{i}</AcctSvcrRef></Ntry></Stmt></BkToCstmrStmt></Document>
"""


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(Path(sys.executable).with_name("crossbook")), *words], capture_output=True, text=True)


def test_what_the_command_line_adds_shows_on_reload(fresh: Served, tmp_path: Path) -> None:
    client = fresh.client()
    assert client.get("/api/bank").json()["open_credits"] == []
    (tmp_path / "one.xml").write_text(STATEMENT.format(i=77))
    assert command("add", "--book", str(fresh.live.path), str(tmp_path / "one.xml")).returncode == 0
    assert "one.xml" in client.get("/evidence").text  # the very next page
    fresh.take_new_figures()
    assert client.get("/api/bank").json()["open_credits"][0]["amount"] == 7_700


@pytest.mark.slow
def test_many_reads_during_many_adds(serve: Callable[..., Served], totals: Path, tmp_path: Path) -> None:
    copied(totals, tmp_path / "book")
    served = serve(tmp_path / "book")
    client = served.client()
    pages = ("/", "/payouts", "/bank", "/evidence", "/journal", "/orders", "/api/payouts", "/search?q=JS2025")
    complaints: list[str] = []

    def adds() -> None:
        for i in range(1, ADDS + 1):
            path = tmp_path / f"statement-{i}.xml"
            path.write_text(STATEMENT.format(i=i))
            done = command("add", "--book", str(served.live.path), str(path))
            if done.returncode:
                complaints.append(done.stderr)

    writer = threading.Thread(target=adds)
    writer.start()
    statuses: Counter[int] = Counter()
    while writer.is_alive() or sum(statuses.values()) < READS:
        answer = client.get(pages[sum(statuses.values()) % len(pages)])
        statuses[answer.status_code] += 1
        if answer.status_code != 200:
            complaints.append(answer.text[:300])
    writer.join()
    assert not complaints, complaints[:3]
    assert sum(statuses.values()) >= READS
    served.take_new_figures()
    assert len(client.get("/api/bank").json()["open_credits"]) == ADDS


def test_the_page_that_waits_for_the_first_figures_has_nothing_to_type_in(fresh: Served) -> None:
    """It comes again by itself, so that nobody may be in the middle of a word."""
    client = fresh.client()
    gate, make = threading.Event(), fresh.live._make
    fresh.live._make = lambda state: (gate.wait(LONG), make(state))[1]  # type: ignore[method-assign]
    fresh.live._snapshot = None
    waits = client.get("/payouts")
    assert waits.status_code == 503 and 'id="waiting"' in waits.text
    assert re.findall(r'<textarea|<select|<input(?![^>]*type="hidden")', waits.text) == []
    gate.set()
    fresh.take_new_figures()
    assert 'id="find"' in client.get("/payouts").text


def test_new_figures_are_offered_and_never_loaded_under_a_reader(fresh: Served, tmp_path: Path) -> None:
    """A page with old figures gets a link to the new ones, to the very address that the reader is on;
    nothing reloads."""
    client = fresh.client()
    gate, make = threading.Event(), fresh.live._make
    fresh.live._make = lambda state: (gate.wait(LONG), make(state))[1]  # type: ignore[method-assign]
    (tmp_path / "one.xml").write_text(STATEMENT.format(i=77))
    assert command("add", "--book", str(fresh.live.path), str(tmp_path / "one.xml")).returncode == 0
    page = client.get("/payouts?status=ambiguous").text
    assert 'id="stale"' in page and 'http-equiv="refresh"' not in page
    gate.set()
    here = {"HX-Current-URL": f"{fresh.address}/payouts?status=ambiguous"}
    until(lambda: "data-ready" in client.get("/fresh", headers=here).text)
    answer = client.get("/fresh", headers=here)
    assert answer.status_code == 200 and "HX-Refresh" not in answer.headers
    assert 'href="/payouts?status=ambiguous"' in answer.text and "hx-get" not in answer.text
    elsewhere = client.get("/fresh", headers={"HX-Current-URL": "https://example.org//evil.example/x"})
    assert "evil" not in elsewhere.text
