"""Working a fleet: its figures are those of each book, whole or not at all; what fails is named and stops nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from crossbook.book import init_book, open_book
from crossbook.cli.tree import tree
from crossbook.engine import connect
from crossbook.errors import CrossbookError
from crossbook.fleet import local, results
from crossbook.fleet.across import find
from crossbook.fleet.figures import FINDINGS, figures, look_of
from crossbook.fleet.listing import Fleet, add_books, init_fleet, open_fleet
from crossbook.fleet.reading import findings, standings, status
from crossbook.fleet.running import run_fleet
from crossbook.fleet.spark import LIGHT
from crossbook.verify.trade import findings as of_trades
from tests.cli.running import run
from tests.fleet.comparing import rows_of


def test_figures_are_those_of_the_books_themselves(worked: Path) -> None:
    """Every row of every table, evidence and line included, as the book's own desks give it."""
    fleet = open_fleet(worked / "fleet")
    tables = 0
    for member, held in zip(fleet.books, standings(fleet, whole=True), strict=True):
        assert held.status == "done" and held.done
        kept = {(f.desk, f.name): f for f in held.done.files}
        for desk, name, table in figures(open_book(member.path)):
            file = kept.pop((desk, name))
            assert file.rows == table.num_rows
            if file.path:
                assert rows_of(pq.read_table(held.folder / file.path, partitioning=None)) == rows_of(table), name
                tables += 1
        assert not kept
    assert tables > 45


def test_findings_of_all_books(worked: Path) -> None:
    fleet = open_fleet(worked / "fleet")
    everything = findings(fleet, everything=True)
    rows = everything.table.to_pylist()
    want: Counter[tuple[str, str]] = Counter()
    for member in fleet.books:
        for desk, name, table in figures(open_book(member.path)):
            want[member.id, desk] += table.num_rows if name == FINDINGS else 0
    assert Counter((r["book"], r["desk"]) for r in rows) == +want
    sized = [abs(r["amount"]) for r in rows if r["amount"] is not None]
    assert sized == sorted(sized, reverse=True)
    assert everything.unknown == everything.stale == ()
    needing = findings(fleet)
    assert 0 < needing.all < everything.all
    assert sum(line.findings or 0 for line in status(fleet)) == needing.all
    large = findings(fleet, desk="verify", least=300_000, currency="CNY")
    assert large.all and all(r["desk"] == "verify" and r["amount"] >= 300_000 for r in large.table.to_pylist())
    of_one = findings(fleet, desk="verify").table.to_pylist()
    assert large.uncompared == sum(r["currency"] != "CNY" or r["amount"] is None for r in of_one) > 0
    with pytest.raises(CrossbookError, match="desk cannot be"):
        findings(fleet, desk="nobody")
    with pytest.raises(CrossbookError, match="has no book"):
        findings(fleet, book="nobody")


def test_only_what_has_changed_is_worked_again(mine: Fleet) -> None:
    assert run_fleet(mine).counts() == {"done": 0, "same": 3, "failed": 0}
    config = mine.books[0].path / "book.toml"
    config.write_text(config.read_text(encoding="utf-8") + "\n[watch.rules.large_value]\n", encoding="utf-8")
    assert [line.status for line in status(mine)] == ["changed", "done", "done"]
    looks = [s.done.look for s in standings(mine) if s.done]
    assert run_fleet(mine, books=mine.books[2:], again=True).counts()["done"] == 1
    unopened = standings(mine)[2].done  # worked where it lies: it looks as it did, and `status` need not open it
    assert unopened and unopened.look == look_of(mine.books[2].path) != looks[2]
    (mine.books[1].path / "book.toml").rename(mine.books[1].path / "away.toml")
    (gone,) = [line for line in status(mine) if line.status == "stale"]  # what cannot be opened is told as that
    assert (gone.book, gone.verdict) == (mine.books[1].id, "missing") and gone.what
    earlier = (mine.books[0].id, mine.books[1].id)  # changed, and not to be opened: said of lists of findings, too
    assert findings(mine).stale == find(mine).stale == earlier
    assert findings(mine, book=mine.books[2].id).stale == ()
    (mine.books[1].path / "away.toml").rename(mine.books[1].path / "book.toml")
    assert run_fleet(mine).counts() == {"done": 1, "same": 2, "failed": 0}
    held = standings(mine, whole=True)[0]
    assert held.done and len([p for p in held.folder.iterdir() if p.is_dir()]) == 1  # the older figures are gone


def test_a_book_that_fails_stops_nothing(mine: Fleet, tmp_path: Path) -> None:
    missing, damaged, broken = mine.books
    shutil.rmtree(missing.path)
    (damaged.path / "catalog.sqlite").write_bytes(b"SQLite format 3\0" + b"\7" * 8_000)
    for beside in damaged.path.glob("catalog.sqlite-*"):
        beside.unlink()
    (broken.path / "book.toml").write_text("[business\n", encoding="utf-8")
    (tmp_path / "list").write_text(f"nowhere\n{damaged.path}\n", encoding="utf-8")
    mine, _ = add_books(mine, [tmp_path / "list"])
    ended = run_fleet(mine)
    assert ended.counts() == {"done": 0, "same": 0, "failed": 4}
    assert [o.verdict for o in ended.outcomes] == ["missing", "refused", "refused", "missing"]
    told = {line.book: line for line in status(mine)}
    assert told[damaged.id].status == "stale" and "damaged" in told[damaged.id].what
    assert told["nowhere"].status == "failed" and told["nowhere"].orders is None
    found = findings(mine)
    assert found.unknown == ("nowhere",) and len(found.stale) == 3
    mine_alone = findings(mine, desk="fleet").table.to_pylist()
    assert {(r["book"], r["verdict"]) for r in mine_alone} == {(o.book, o.verdict) for o in ended.outcomes}


def test_figures_that_were_changed_are_not_read_and_made_anew(mine: Fleet) -> None:
    held = standings(mine)[1]
    file = next(f for f in (held.done.files if held.done else ()) if (f.desk, f.name) == ("settle", FINDINGS))
    (held.folder / file.path).write_bytes(b"PAR1")
    assert status(mine)[1].status == "damaged" and status(mine)[1].findings is None
    with pytest.raises(CrossbookError, match="changed or are missing"):
        findings(mine)
    assert run_fleet(mine).counts() == {"done": 1, "same": 2, "failed": 0}
    assert findings(mine).all


def test_what_a_stopped_run_left_is_taken_away(mine: Fleet) -> None:
    """The folder of a run that was killed before it told, and its mark: no reader sees it, the next run removes it."""
    before = [s.done for s in standings(mine)]
    folder = results.folder_of(mine.results, mine.books[0].id)
    left = folder / "0123456789abcdef.dead.beef" / "desk=trade"
    left.mkdir(parents=True)
    (left / "orders.parquet").write_bytes(b"half")
    (folder / results.BEGUN).touch()
    assert [s.done for s in standings(mine)] == before
    run_fleet(mine)
    assert not left.exists() and not (folder / results.BEGUN).exists()
    assert [s.done for s in standings(mine)] == before


@pytest.mark.slow
def test_the_command_line(mine: Fleet) -> None:
    path = mine.path
    done = run("fleet", "work", "--fleet", path)
    assert done.returncode == 0 and "3 had not changed" in done.stdout
    told = run("fleet", "findings", "--desk", "verify", "--limit", 2, "--fleet", path)
    assert told.returncode == 1 and "--limit 0 for all" in told.stdout
    every = json.loads(run("fleet", "findings", "--json", "--fleet", path).stdout)
    assert len(every["findings"]) == every["all"] > 30  # programs get all, unless they say how many
    listed = json.loads(run("fleet", "findings", "--least", "1000CNY", "--json", "--fleet", path).stdout)
    assert listed["all"] == len(listed["findings"]) > 0 and listed["not_known"] == []
    shutil.rmtree(mine.books[2].path)
    failed = run("fleet", "work", "--fleet", path, "--json")
    assert failed.returncode == 1 and json.loads(failed.stdout)["failed"] == 1
    shown = run("fleet", "status", "--fleet", path, lang="zh")
    assert shown.returncode == 1 and "这里没有账簿" in shown.stdout and "旧数据" in shown.stdout
    shutil.rmtree(mine.books[1].path)
    for command in ("work", "status"):  # what is the same of several books is told once
        once = run("fleet", command, "--fleet", path)
        assert once.returncode == 1 and once.stdout.count("there is no book here") == 1
        assert f"2 books: {mine.books[1].id}, {mine.books[2].id}" in once.stdout
    assert run("fleet", "status", "--fleet", path.parent).returncode == 2


@pytest.mark.slow
def test_a_process_that_is_killed(mine: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes the process down is worked alone, and named; the others are worked all the same."""
    monkeypatch.setattr(local, "work", _killed_by_one)
    ended = run_fleet(mine, jobs=2)
    assert [o.status for o in ended.outcomes] == ["same", "failed", "same"]
    assert ended.outcomes[1].verdict == "ended" and status(mine)[1].status == "stale"


@pytest.mark.slow
def test_a_script_needs_no_guard(tmp_path: Path) -> None:
    """Each process would else begin the script anew, and end: every book would be told as ended."""
    init_book(tmp_path / "shop", "shop", "USD")
    add_books(init_fleet(tmp_path / "fleet"), [tmp_path / "shop"])
    (tmp_path / "mine.py").write_text(
        "import sys\nfrom pathlib import Path\nfrom crossbook.fleet.listing import open_fleet\n"
        "from crossbook.fleet.running import run_fleet\nprint(run_fleet(open_fleet(Path(sys.argv[1]))).counts())\n",
        encoding="utf-8",
    )
    words = [sys.executable, str(tmp_path / "mine.py"), str(tmp_path / "fleet")]
    told = subprocess.run(words, capture_output=True, text=True, check=True, timeout=300)
    assert told.stdout == "{'done': 1, 'same': 0, 'failed': 0}\n"


def _killed_by_one(task: Any) -> Any:
    import os
    import signal

    from crossbook.fleet.working import work

    if task.book == "seller-002":
        results.folder_of(Path(task.results), task.book).joinpath(results.BEGUN).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return work(task)


def test_a_master_is_asked(worked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--master` is not left unheard, nor is a setting of Spark without one."""

    def session(master: str, settings: dict[str, str]) -> None:
        raise CrossbookError(f"asked {master} with {settings}")

    monkeypatch.setattr("crossbook.engine.sessions.session", session)
    words = ["fleet", "work", "--fleet", str(worked / "fleet"), "--conf", "spark.executor.memory=2g"]
    for more, said in (
        (["--master", "local[2]"], f"asked local[2] with {LIGHT | {'spark.executor.memory': '2g'}}"),
        ([], "--conf is for Spark"),
        (["--together", "seller-001"], "--together is for Spark"),
    ):
        done = CliRunner().invoke(tree("fleet"), [*words, *more])
        assert isinstance(done.exception, CrossbookError) and done.exception.what == said


def test_the_files_of_a_sample_fleet(tmp_path: Path) -> None:
    done = run("demo", tmp_path / "sellers", "--fleet", "3", "--files-only")
    assert done.returncode == 0 and "3 sellers of 120 orders" in done.stdout
    assert {p.name for p in (tmp_path / "sellers" / "inbox").iterdir()} == {f"seller-00{n}" for n in (1, 2, 3)}
    assert json.loads((tmp_path / "sellers" / "truth" / "planted.json").read_text(encoding="utf-8"))


def test_findings_of_verify_cite_what_each_trade_cites(worked: Path) -> None:
    """Evidence and line as the desk gives them of one trade, of events and answers the newest."""
    member = open_fleet(worked / "fleet").books[0]
    book = open_book(member.path)
    database = connect(book)
    database.ask("verdict")
    kept = findings(open_fleet(worked / "fleet"), desk="verify", book=member.id, everything=True).table.to_pylist()
    assert kept and any(r["because"] for r in kept)
    orders = sorted({r["subject"] for r in kept})
    told = {(f.rule, f.subject): set(f.because) for f in of_trades(database, book, orders)}
    cited = {(r["rule"], r["subject"]): {(b["evidence"], b["line"]) for b in r["because"] or ()} for r in kept}
    assert cited == told
