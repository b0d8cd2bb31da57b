"""What the documents show is true: each command is run on the sample business,
each output held against what is printed."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from crossbook.verify.rules import rules
from tests.cli.running import SCRIPT
from tests.conftest import GOLDEN
from tests.docs.reading import blocks, commands, misses, plain, told_elsewhere
from tests.docs.running import ROOT, Place
from tests.sharing import copied, made_once

DOCUMENTS = [ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").glob("*.md"))]
NOT_RUN = {
    ("decisions.md", "needs the accounts li and wang, and a key of each"),
    ("restoration.md", "the facts are made up"),
    ("web.md", "needs the address and the certificate of your server"),
    ("catalog.md", "needs a PostgreSQL server of yours"),
    ("watch.md", "the sample business has no institution's transfers"),
    ("exchange.md", "needs two parties"),
    ("fleet.md", "needs the books of many sellers"),
    ("fleet.md", "needs Java and Spark"),
    ("fleet.md", "needs a bucket"),
}

NEW_PLATFORM = """结算时间,订单号,业务类型,商品货款,平台佣金,结算金额,币种,结算单号
2026-03-01 10:00:00,A1001,订单,100.00,-8.00,92.00,USD,JS31
2026-03-02 10:00:00,A1002,订单,50.00,-4.00,46.00,USD,JS31
2026-03-03 10:00:00,A1001,退款,-100.00,8.00,-92.00,USD,JS31
2026-03-04 10:00:00,,活动报名服务费,,,-6.00,USD,JS31
2026-03-05 10:00:00,,打款,,,-40.00,USD,JS31
"""


@pytest.fixture(scope="session")
def business(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample business as `make demo` makes it, and beside it what that printed."""
    return made_once(tmp_path_factory, "documents", _business)


def _business(folder: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith("CROSSBOOK")}
    env |= {"CROSSBOOK_LANG": "en", "COLUMNS": "200"}
    made = subprocess.run([SCRIPT, "demo", "--fresh"], cwd=folder, capture_output=True, text=True, check=True, env=env)
    (folder / "printed.txt").write_text(made.stdout, encoding="utf-8")


@pytest.fixture
def place(business: Path, tmp_path: Path) -> Iterator[Place]:
    """A reader's folder with a copy of the sample business, and the files that readers have of their own."""
    copied(business / "demo-book", tmp_path / "demo-book")
    furnish(tmp_path)
    there = Place(folder=tmp_path, printed=(business / "printed.txt").read_text(encoding="utf-8"))
    yield there
    there.end()


def furnish(folder: Path) -> None:
    """Files that documents call by a reader's names, each what such a file is:
    a fixture of a source, or the sample's."""
    inbox, book, home = folder / "demo-book" / "inbox", folder / "demo-book" / "book", folder / "home"
    (home / "Downloads").mkdir(parents=True)
    copies = {
        "home/Downloads/paypal.zip": inbox / "paypal-settlement-2025-03.zip",
        "home/Downloads/shopify.csv": inbox / "shopify-orders-2025-03.csv",
        "银行流水.xlsx": inbox / "招行流水-2025Q1.xlsx",
        "order.pdf": GOLDEN / "letter.pdf",
        "CEB604Message_1.xml": GOLDEN / "ceb_returns_604.xml",
        "measures-on-declarable-commodities.csv": GOLDEN / "uk_tariff.csv",
        "ca_tariff.csv": GOLDEN / "ca_tariff.csv",
        "kr_tariff.csv": GOLDEN / "kr_tariff.csv",
        "my-table.csv": GOLDEN / "tariff_table.csv",
        "税表.csv": GOLDEN / "tariff_table.csv",
        "hts_2027.json": GOLDEN / "usitc_hts.json",
        "statement.xml": GOLDEN / "camt.xml",
        "comtrade.csv": GOLDEN / "comtrade.csv",
        "trademap.csv": GOLDEN / "trademap.csv",
        "wits.csv": GOLDEN / "wits.csv",
        "case.png": book / "pictures" / "LAMP-02.png",
    }
    copies |= {name: inbox / name for name in ("licences.csv", "suits.csv", "listings.csv", "dossiers.csv")}
    copies |= {path.name: path for path in inbox.glob("招行流水-*.xlsx")}
    for name, source in copies.items():
        shutil.copy(source, folder / name)
    shutil.copytree(book / "pictures" / "logos", folder / "logos")
    for name, source in {
        "apc18840407-20260131-01": GOLDEN / "uspto_xml.xml",
        "apc260620": inbox / "apc260620.xml",
    }.items():
        with zipfile.ZipFile(folder / f"{name}.zip", "w") as packed:
            packed.write(source, f"{name}.xml")
    with (GOLDEN / "eu_tariff.csv").open(encoding="utf-8-sig") as file:
        write_workbook(folder / "Duties Import 01-99.xlsx", list(csv.reader(file)))
    (folder / "goods.csv").write_text(
        "sku,hts,origin,value,on\nMUG,7326.90.8688,CN,1250.00,2026-09-20\nCABLE,8544.42.9090,CN,550.00,2026-09-01\n"
    )
    (folder / "新平台结算单.csv").write_text(NEW_PLATFORM, encoding="utf-8")
    key_and_certificate(folder)


def write_workbook(path: Path, rows: list[list[str]]) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


def key_and_certificate(folder: Path) -> None:
    """A key and a certificate that it signs itself, as PEM."""
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
            "-days",
            "2",
            "-subj",
            "/CN=seller",
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_what_a_document_shows(path: Path, place: Place) -> None:
    """Its commands end well in the order in which they stand, and print what it shows; its Python runs."""
    if not path.name.startswith("README"):  # those two set it themselves
        place.book = "demo-book/book"
    told, printed, elsewhere = [], "", told_elsewhere(DOCUMENTS)
    shown = [block for block in blocks(path) if not block.not_run]
    for block in shown:  # a file that the document has in full
        if block.language == "toml" and (named := re.match(r"# ([\w.-]+\.toml)\n", block.text)):
            (place.folder / named[1]).write_text(block.text, encoding="utf-8")
    for block in shown:
        if block.language == "python":
            printed = place.python(block.text)
        elif block.language == "text":
            told += [f"line {block.line}: {said}" for said in [misses(tuple(block.text.splitlines()), printed)] if said]
        elif block.language == "console":
            for command in commands(block):
                if not command.shown and elsewhere.get(plain(command.words), path) != path:
                    continue
                refused = any(line.startswith("error:") for line in command.shown[:1])
                printed = place.run(command.words, refused=refused)
                if command.shown and (said := misses(command.shown, printed)):
                    told.append(f"line {command.line}: {command.words}: {said}")
    assert not told, "\n".join(told)


def test_what_is_not_run_is_little_and_known() -> None:
    """A block is left out by a comment that says why; there is no other way."""
    found = {(path.name, block.not_run) for path in DOCUMENTS for block in blocks(path) if block.not_run}
    assert found == NOT_RUN


def test_documents_show_something() -> None:
    """Every document but the one on measuring has commands or Python; a fence is of a language that is known here."""
    for path in DOCUMENTS:
        languages = {block.language for block in blocks(path)}
        assert languages <= {"console", "python", "text", "toml"}, path.name
        assert path.name == "benchmarks.md" or languages & {"console", "python"}, path.name


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_settings_can_be_read(path: Path) -> None:
    for block in blocks(path):
        if block.language == "toml":
            assert tomllib.loads(block.text)


@pytest.mark.parametrize("path", [*DOCUMENTS, ROOT / "ARCHITECTURE.md", ROOT / "SECURITY.md"], ids=lambda p: p.name)
def test_links_lead_somewhere(path: Path) -> None:
    """Links and pictures inside the repository, and the headings that they name."""
    missing = []
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        name, _, heading = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        if not there.exists():
            missing.append(target)
        elif heading:
            titles = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            if heading not in {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}:
                missing.append(target)
    assert not missing


SOURCE = ROOT / "src" / "crossbook"
WRITTEN = {
    "stamps/",
    "catalog.sqlite",
    "evidence/",
    "facts/",
    "cache/",
    "set-aside/",
    "pictures/",
    "pictures/logos/",
    "customs/",
    "papers/",
    "mappings/",
    "mappings/NAME.toml",
    "book.toml",
    "demo-book/",
    "demo-fleet/",
    "dist/",
}
FILE = re.compile(r"`((?:[\w-]+/)*(?:[\w.-]+\.(?:py|csv|toml|md|parquet|xsd|po|txt|sqlite)|[\w-]+/))`")


@pytest.mark.parametrize("path", [*DOCUMENTS, ROOT / "ARCHITECTURE.md"], ids=lambda p: p.name)
def test_files_that_are_named_exist(path: Path) -> None:
    """A file or folder of the project that a document names is there:
    from the root, the package, a room, or its data."""
    every = (
        {
            str(p.relative_to(ROOT)) + ("/" if p.is_dir() else "")
            for top in ("src", "tests", "benchmarks", "tools", "docs")
            for p in (ROOT / top).rglob("*")
        }
        | {p.name for p in ROOT.iterdir()}
        | {f"{p.name}/" for p in ROOT.iterdir()}
    )
    named = set(FILE.findall(path.read_text(encoding="utf-8"))) - WRITTEN
    lost = [name for name in named if not any(known == name or known.endswith(f"/{name}") for known in every)]
    assert not [name for name in lost if path.name == "ARCHITECTURE.md" or "/" in name], lost


def test_the_table_of_rooms_is_the_package() -> None:
    """Each room and each module that stands alone has its row, and no row is of one that there is not."""
    table = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("| room |")[1].split("\n\n")[0]
    told = {name for row in table.splitlines()[2:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])}
    rooms = {
        p.name + ("/" if p.is_dir() else "")
        for p in SOURCE.iterdir()
        if p.suffix in ("", ".py") and p.name[0] not in "_."
    }
    assert {name for name in told if "/" not in name[:-1]} == rooms - {"py.typed"}
    assert all((SOURCE / name).exists() for name in told)


@pytest.mark.slow
def test_figures_in_sentences(business: Path) -> None:
    """Numbers that sentences give of what ships and of the sample business, counted anew."""
    texts = {p.name: p.read_text(encoding="utf-8") for p in DOCUMENTS}
    count = len(rules())
    printed = (business / "printed.txt").read_text(encoding="utf-8")
    files, orders = re.search(r"(\d+) files in", printed), re.search(r"([\d,]+) orders", printed)
    assert files and orders
    planted = json.loads((business / "demo-book" / "truth" / "planted.json").read_text(encoding="utf-8"))
    for name, said in (
        ("README.md", f"{count} rules"),
        ("README.zh.md", f"{count} 条规则"),
        ("verify.md", f"({count} of them)"),
        ("README.md", f"{len(planted['faulty_papers'])} kinds of faults planted"),
        ("README.md", f"{files[1]} files"),
        ("README.zh.md", f"{files[1]} 个文件"),
        ("README.md", f"{orders[1]} orders"),
        ("README.zh.md", f"{orders[1]} 笔订单"),
    ):
        assert said in texts[name], (name, said)


def test_a_wrong_output_would_be_found() -> None:
    """The comparison can fail: a changed figure, a line too many or too few, another order."""
    printed = "a  1\n─────\n\nb 2\nc 3\n"
    for right in (("a 1", "b 2", "c 3"), ("a 1", "…"), ("…", "c 3"), ("a 1", "…", "c 3"), ("…", "b …", "…")):
        assert misses(right, printed) == "", right
    for wrong in (
        ("a 2", "…"),
        ("a 1", "b 2"),
        ("b 2", "c 3"),
        ("a 1", "c 3"),
        ("…", "c 3", "b 2"),
        ("…", "d"),
        ("…", "b 2"),
    ):
        assert misses(wrong, printed), wrong
