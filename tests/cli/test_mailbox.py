"""The command customs mailbox: one round tells what it did, in both languages, with its exit code."""

from __future__ import annotations

import json
from pathlib import Path

from crossbook.book import Book
from tests.cli.running import data, run
from tests.conftest import GOLDEN
from tests.filing.customs.mailboxes import come, configured, refusal, written


def test_a_round(book: Book, tmp_path: Path) -> None:
    book = configured(book)
    guid = written(book, "A1")
    box = tmp_path / "box"
    missing = run("customs", "mailbox", box, "--once", "--book", book.path)
    assert missing.returncode == 2 and "there is no such folder" in missing.stderr
    (box / "in").mkdir(parents=True)
    done = run("customs", "mailbox", box, "--once", "--json", "--book", book.path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [p["guid"] for p in told["posted"]] == [guid] and told["messages"][0]["state"] == "out"
    (box / "in" / "900.xml").write_bytes((GOLDEN / "ceb_returns_900.xml").read_bytes())
    done = run("--lang", "zh", "customs", "mailbox", box, "--once", "--book", book.path)
    assert done.returncode == 1 and "900.xml" in done.stdout and "回执对应的报文并非本账簿发出" in done.stdout
    come(box, "ours.xml", refusal(guid))
    assert run("customs", "mailbox", box, "--once", "--book", book.path).returncode == 1
    (told,) = data("customs", "status", book=book.path)["refused"]
    assert (told["guid"], told["reference"], told["info"]) == (guid, "", "验签失败")
    assert "nothing in it was taken" in run("customs", "status", "--book", book.path).stdout.replace("\n", " ")
