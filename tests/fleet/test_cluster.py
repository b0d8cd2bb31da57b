"""A fleet on a standalone cluster of Spark: a master and two workers, which are processes of their own on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crossbook.fleet.listing import add_books, init_fleet, open_fleet
from tests.cli.running import SCRIPT
from tests.fleet.comparing import same_figures
from tests.patience import LONG, until


@pytest.fixture
def master(tmp_path: Path) -> Iterator[str]:
    """The address of a master with two workers, of one core and a gigabyte each."""
    pyspark = pytest.importorskip("pyspark")
    home = Path(pyspark.__file__).parent
    env = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"spark://127.0.0.1:{port}"
    running: list[subprocess.Popen[bytes]] = []

    def start(what: str, *words: str) -> Path:
        log = tmp_path / f"{len(running)}.log"
        command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{what}", "--host", "127.0.0.1", *words]
        with log.open("wb") as out:
            running.append(subprocess.Popen(command, stdout=out, stderr=out, env=env, start_new_session=True))
        return log

    try:
        log = start("master.Master", "--port", str(port), "--webui-port", "0")
        until(lambda: "I have been elected leader" in log.read_text(errors="replace"))
        for n in (1, 2):
            folder = tmp_path / f"worker-{n}"
            start("worker.Worker", "--webui-port", "0", "-c", "1", "-m", "1g", "-d", str(folder), address)
        until(lambda: log.read_text(errors="replace").count("Registering worker") == 2)
        yield address
    finally:
        for process in running:
            process.terminate()
            process.wait(LONG)


@pytest.mark.slow
@pytest.mark.services
def test_the_same_rows_as_the_local_runner(worked: Path, tmp_path: Path, master: str) -> None:
    there = open_fleet(worked / "fleet")
    add_books(init_fleet(tmp_path / "mine"), [Path(str(m.path)).resolve() for m in there.books])
    command = [SCRIPT, "fleet", "work", "--fleet", tmp_path / "mine", "--master", master]
    env = os.environ | {"CROSSBOOK_LANG": "en", "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    done = subprocess.run([str(w) for w in command], capture_output=True, text=True, env=env, timeout=LONG)
    assert done.returncode in (0, 1), done.stderr
    assert same_figures(there, open_fleet(tmp_path / "mine")) > 45
