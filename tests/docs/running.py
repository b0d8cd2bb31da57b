"""A folder in which a document's commands are run, in order, as its reader would run them."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cli.running import SCRIPT, client
from tests.patience import LONG

ROOT = Path(__file__).parents[2]
PASSWORD = b"a long password of nobody\n"
LINK = re.compile(r"(http://127\.0\.0\.1:\d+)/login\?token=(\S+)")


@dataclass
class Place:
    """A reader's folder, with what the shell has exported so far, servers that run, names that Python knows."""

    folder: Path
    printed: str  # what `make demo` printed where the sample business was made
    book: str = ""  # CROSSBOOK_BOOK where the document itself does not set it
    servers: list[subprocess.Popen[str]] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)
    address: str = ""
    token: str = ""

    def environment(self, *, quick: bool = False) -> dict[str, str]:
        """The reader's: an own home, the program found first, English, a wide terminal, no browser, no settings.

        With `quick` what is found first has its commands run by a process that has imported the program.
        """
        program = client() if quick else SCRIPT
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("CROSSBOOK", "_CROSSBOOK"))}
        return (
            kept
            | {
                "HOME": str(self.folder / "home"),
                "PATH": f"{program.parent}:{SCRIPT.parent}:{os.environ['PATH']}",
                "CROSSBOOK_LANG": "en",
                "COLUMNS": "200",
                "BROWSER": "true",
            }
            | ({"CROSSBOOK_BOOK": self.book} if self.book else {})
        )

    def run(self, words: str, *, refused: bool = False) -> str:
        """Run one command and give what it prints; it must end with 0, or with 1 for findings, and no traceback.

        With `refused` it must end with 2, and what it says of that is given.
        """
        if words.startswith("make "):
            return self.make(words.split()[1])
        if words.startswith("crossbook web"):
            return self.serve(words)
        if words.startswith("crossbook book user add"):
            return self.type_password(words)
        script = f"[ ! -f .exports ] || . ./.exports\n{words}\nexport -p > .exports"
        done = subprocess.run(
            ["bash", "-ec", script],
            cwd=self.folder,
            capture_output=True,
            text=True,
            env=self.environment(quick=True),
            stdin=subprocess.DEVNULL,
        )
        right = done.returncode == 2 if refused else done.returncode in (0, 1)
        assert right and "Traceback" not in done.stderr, f"{words}: exit {done.returncode}\n{done.stderr}"
        return done.stderr if refused else done.stdout

    def type_password(self, words: str) -> str:
        """Run a command in a terminal of its own, and type a password each time that it asks for one."""
        ours, its = pty.openpty()
        asking = subprocess.Popen(
            ["setsid", "--ctty", "--wait", "bash", "-ec", words],
            cwd=self.folder,
            env=self.environment(),
            stdin=its,
            stdout=its,
            stderr=its,
        )
        os.close(its)
        printed, asked = "", 0
        with contextlib.suppress(OSError):  # how a terminal says that its last program has ended
            while part := os.read(ours, 1024).decode(errors="replace"):
                printed += part
                while asked < len(re.findall(r": (?=\r|$)", printed)):
                    os.write(ours, PASSWORD)
                    asked += 1
        os.close(ours)
        assert asking.wait(LONG) == 0 and asked == 2, printed
        return printed

    def make(self, target: str) -> str:
        """A target of the Makefile: that there is such a one, and for `demo` what the sample business printed."""
        done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert target != "demo" or ".venv/bin/crossbook demo --fresh" in done.stdout
        return self.printed if target == "demo" else ""

    def serve(self, words: str) -> str:
        """Start the server on a free port and give its first line, with the port that it has by default."""
        # what is kept between commands is made first, so that a busy machine answers the document's first question
        self.run("crossbook money > /dev/null 2>&1 || true; crossbook trade verify > /dev/null 2>&1 || true")
        script = f"[ ! -f .exports ] || . ./.exports\nexec {SCRIPT.parent}/{words.split('  #')[0]} --port 0"
        env = self.environment() | {"PYTHONUNBUFFERED": "1"}
        server = subprocess.Popen(["bash", "-ec", script], cwd=self.folder, stdout=subprocess.PIPE, text=True, env=env)
        self.servers.append(server)
        assert server.stdout
        line = server.stdout.readline()
        found = LINK.search(line)
        assert found, line
        self.address, self.token = found.groups()
        return line.replace(self.address, "http://127.0.0.1:8765")

    def python(self, text: str) -> str:
        """Run Python as the document has it, in one namespace for the whole document, and give what it prints."""
        text = text.replace("http://127.0.0.1:8765", self.address).replace('"token": "…"', f'"token": "{self.token}"')
        out = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(out):
            exec(compile(text, "document", "exec"), self.names)  # noqa: S102
        return out.getvalue()

    def end(self) -> None:
        """Stop the servers and remove the folder."""
        for server in self.servers:
            server.terminate()
            server.wait(LONG)
        shutil.rmtree(self.folder)
