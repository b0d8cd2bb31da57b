"""The server and the command line on one book at once: what is added shows on reload, and neither meets a lock."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.web.conftest import Served

READS, ADDS = 1_000, 50
STATEMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>{i}</Id><Acct><Id><Othr><Id>HK-9</Id></Othr></Id>
<Ccy>USD</Ccy></Acct><Ntry><Amt Ccy="USD">{i}.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-05-04</Dt></BookgDt>
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
    fresh.live.snapshot(60)
    assert client.get("/api/bank").json()["open_credits"][0]["amount"] == 7_700


@pytest.mark.slow
def test_a_thousand_reads_during_fifty_adds(serve: Callable[..., Served], totals: Path, tmp_path: Path) -> None:
    shutil.copytree(totals, tmp_path / "book")
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
    served.live.snapshot(60)
    assert len(client.get("/api/bank").json()["open_credits"]) == ADDS
