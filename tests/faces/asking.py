"""How each face of a book is asked: the command line, the API, the pages, Python, and the papers."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from lxml import etree, html
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

import crossbook
from crossbook.cli.tree import tree
from crossbook.notebook import OpenBook

# The commands that are compared, by what they tell.
COMMANDS = {
    "payouts": ("payouts",),
    "payout": ("payout",),
    "why": ("why",),
    "money": ("money",),
    "bank": ("bank",),
    "decisions": ("decisions",),
    "trades": ("trade", "verify", "--limit", "500"),
    "trade": ("trade", "verify"),
    "passport": ("trade", "show"),
    "papers": ("trade", "papers"),
    "rejected": ("trade", "verify", "--for"),
    "offline": ("trade", "verify", "--offline"),
    "return": ("tax", "return"),
    "tax calendar": ("tax", "calendar"),
    "thresholds": ("tax", "thresholds"),
    "refunds": ("duty", "refunds"),
    "claims": ("duty", "claims"),
    "advantage": ("duty", "advantage"),
    "landed": ("duty", "landed"),
    "declared": ("customs", "status"),
    "to send": ("customs", "send", "--dry-run"),
    "send": ("customs", "send"),
    "screen": ("marks", "screen", "--limit", "500"),
    "case": ("cases", "show"),
    "case calendar": ("cases", "calendar"),
}

Sheets = dict[str, list[list[Any]]]  # of a workbook, by name the rows below the head


def sheets(content: bytes) -> Sheets:
    """The sheets of a workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python()[1:] for name in book.sheet_names}


class Faces:
    """One book through all its faces. What was asked once is not asked again."""

    def __init__(self, book: Path, client: httpx.Client) -> None:
        self.path = book
        self.client = client
        self._kept: dict[tuple[str, ...], Any] = {}

    def cli(self, name: str, *more: str) -> Any:
        """What a command writes as JSON."""
        return self._once(("cli", name, *more), lambda: self._run(*COMMANDS[name], *more))

    def api(self, path: str, **query: object) -> Any:
        """What the API answers."""
        asked = httpx.QueryParams(query)  # type: ignore[arg-type]
        return self._once(("api", path, str(asked)), lambda: self._get(path, asked).json())

    def page(self, path: str, **query: object) -> html.HtmlElement:
        """A page."""
        asked = httpx.QueryParams(query)  # type: ignore[arg-type]
        return self._once(("page", path, str(asked)), lambda: html.fromstring(self._get(path, asked).text))

    def rows(self, path: str, **query: object) -> list[dict[str, Any]]:
        """All rows of a list of the API, page after page."""
        first = self.api(path, per_page=500, **query)
        pages = [first, *(self.api(path, per_page=500, page=n, **query) for n in range(2, first["pages"] + 1))]
        return [row for page in pages for row in page["rows"]]

    @cached_property
    def python(self) -> OpenBook:
        """The book for Python."""
        return crossbook.open(self.path)

    @cached_property
    def messages(self) -> dict[tuple[str, str], dict[str, list[str]]]:
        """By message and order, the fields of what is written for customs, each with its values: of a copy of the book,
        which then holds that they were written."""
        copied = shutil.copytree(self.path, self.path.with_name("written"))
        folder = copied.with_name("messages")
        self._run(*COMMANDS["send"], "--yes", "--out", str(folder), book=copied)
        found: dict[tuple[str, str], dict[str, list[str]]] = {}
        for path in sorted(folder.glob("*.xml")):
            for document in etree.parse(path).getroot():
                told: dict[str, list[str]] = {}
                for element in document.iter():
                    told.setdefault(etree.QName(element).localname, []).append(element.text or "")
                if "orderNo" in told:
                    found[path.name[3:6], told["orderNo"][0]] = told
        return found

    def pack(self, payout: str) -> tuple[list[dict[str, str]], Sheets]:
        """The lines of a bank pack's CSV, and its workbook."""
        return self._once(("pack", payout), lambda: self._pack(payout))

    def workbook(self, path: str, **query: object) -> Sheets:
        """A workbook that a page gives."""
        asked = httpx.QueryParams(query)  # type: ignore[arg-type]
        return sheets(self._get(path, asked).content)

    def _pack(self, payout: str) -> tuple[list[dict[str, str]], Sheets]:
        with zipfile.ZipFile(io.BytesIO(self._get("/api/pack", httpx.QueryParams(payout=payout)).content)) as archive:
            text = archive.read("transactions.csv").decode("utf-8-sig")
            book = sheets(archive.read("pack.xlsx"))
        return list(csv.DictReader(io.StringIO(text))), book

    def _run(self, *words: str, book: Path | None = None) -> Any:
        done = CliRunner().invoke(
            tree(words[0]), [*words, "--json", "--book", str(book or self.path)], env={"CROSSBOOK_LANG": "en"}
        )
        assert done.exit_code == 0, (words, done.output, done.exception)
        return json.loads(done.stdout)

    def _get(self, path: str, query: httpx.QueryParams) -> httpx.Response:
        answer = self.client.get(path, params=query)
        assert answer.status_code == 200, (path, answer.text[:500])
        return answer

    def _once(self, key: tuple[str, ...], ask: Any) -> Any:
        if key not in self._kept:
            self._kept[key] = ask()
        return self._kept[key]
