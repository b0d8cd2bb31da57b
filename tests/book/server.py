"""A PostgreSQL server of the tests' own, in a temporary folder, run by someone other than root."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

OWNER, PASSWORD = "owner", "p@ss/w:ord"


def binaries() -> Path | None:
    """Where initdb and pg_ctl of the newest PostgreSQL here are."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    found = packaged[-1] if packaged else shutil.which("initdb")
    return Path(found).parent if found else None


@dataclass
class Server:
    """A running server; every database in it is a test's own."""

    folder: Path
    programs: Path
    port: int  # on this machine's loopback, and in the socket's name

    def run(self, *command: str) -> str:
        """Run one of the server's programs as the user who owns it."""
        words = [str(self.programs / command[0]), *command[1:]]
        if os.getuid() == 0:
            words = ["runuser", "-u", "postgres", "--", *words]
        env = {**os.environ, "PGPASSWORD": PASSWORD, "LC_ALL": "C"}
        done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True, env=env)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done.stdout

    def sql(self, text: str, database: str = "postgres") -> str:
        """What psql prints for a statement by the owner of all."""
        return self.run(
            "psql",
            "-X",
            "-A",
            "-t",
            "-h",
            str(self.folder),
            "-p",
            str(self.port),
            "-U",
            OWNER,
            "-d",
            database,
            "-v",
            "ON_ERROR_STOP=1",
            "-c",
            text,
        ).strip()

    def database(self, options: str = "") -> str:
        """A new database's name."""
        name = f"book_{secrets.token_hex(6)}"
        self.sql(f"CREATE DATABASE {name} {options}")
        return name

    def url(self, database: str, user: str = OWNER, password: str | None = PASSWORD) -> str:
        """The address of a database for crossbook, over the socket."""
        return f"postgresql+psycopg://{_login(user, password)}@:{self.port}/{database}?host={self.folder}"

    def network_url(self, database: str) -> str:
        """The address of a database for crossbook, over the network."""
        return f"postgres://{_login(OWNER, PASSWORD)}@127.0.0.1:{self.port}/{database}"

    def control(self, *words: str) -> None:
        """Start, stop or reload it."""
        options = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c port={self.port}"
        log = str(self.folder / "log")
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", log, "-o", options, *words)


def _login(user: str, password: str | None) -> str:
    return user if password is None else f"{user}:{quote(password, safe='')}"


def start(programs: Path) -> Server:
    """Make a server and start it."""
    folder = Path(tempfile.mkdtemp(prefix="crossbook-pg-", dir="/tmp"))  # a socket's path must be short
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    folder.chmod(0o755)
    (folder / "password").write_text(PASSWORD)
    (folder / "password").chmod(0o644)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = Server(folder=folder, programs=programs, port=free.getsockname()[1])
    server.run(
        "initdb",
        "-D",
        str(folder / "data"),
        "-U",
        OWNER,
        "--pwfile",
        str(folder / "password"),
        "-A",
        "scram-sha-256",
        "--locale=C",
        "-E",
        "UTF8",
    )
    server.control("start")
    return server


def stop(server: Server) -> None:
    """Stop it and remove what it left."""
    server.control("stop", "-m", "immediate")
    shutil.rmtree(server.folder)
