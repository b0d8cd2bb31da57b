"""Names that hold what no name should: control characters, three hundred letters."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lxml import etree

from crossbook.book import init_book
from tests.cli.running import run

MAPPING = """kind = "order"
account = "shop"
currency = "USD"
[columns]
order_id = "order"
placed_at = "at"
total = "total"
buyer = "buyer"
item = "sku"
quantity = "n"
country = "to"
"""
LONG = "A" * 300
HEADS = "\t".join(
    "amazon-order-id purchase-date order-status sku quantity currency item-price product-name fulfillment-channel "
    "sales-channel item-status".split()
)


@pytest.fixture
def names(tmp_path: Path) -> Path:
    """A book with an order of a buyer whose name holds a control character, and one with a number of 300 letters."""
    book = init_book(tmp_path / "book", "Shop Ltd").path
    with (book / "book.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[accounts.shop]\ntotal_is = "goods"\n')
    (book / "mappings").mkdir(exist_ok=True)
    (book / "mappings" / "shop.toml").write_text(MAPPING, encoding="utf-8")
    lines = ["order,at,total,buyer,sku,n,to", "S1,2026-06-01 08:26:03,52.98,David\x01Gonzalez,POT,1,US"]
    lines += [f"{LONG},2026-06-01 08:26:03,52.98,Betty Davis,POT,1,US"]
    (tmp_path / "orders.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run("add", tmp_path / "orders.csv", "--book", book)
    assert done.returncode == 0, done.stderr
    return book


@pytest.mark.parametrize("order", ["S1", LONG])
def test_papers_of_such_orders(names: Path, order: str) -> None:
    done = run("trade", "papers", order, "--book", names)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    written = sorted((names / "papers").iterdir())
    assert len(written) == 6 and all(len(p.name.encode()) < 200 for p in written)
    (invoice,) = [p for p in written if p.suffix == ".xml"]
    text = etree.tostring(etree.parse(str(invoice)), encoding="unicode")
    assert ("DavidGonzalez" if order == "S1" else "Betty Davis") in text


def test_a_file_name_gives_a_terminal_no_orders(names: Path, tmp_path: Path) -> None:
    """A file called with an escape sequence: neither what is said of it nor the error repeats the sequence."""
    good, bad = tmp_path / "a\x1b[31mb.csv", tmp_path / "c\x1b]0;title\x07d.csv"
    good.write_text("order,at,total,buyer,sku,n,to\nS9,2026-06-02 08:00:00,1.00,Leo,POT,1,US\n", encoding="utf-8")
    bad.write_text("nothing,known\n1,2\n", encoding="utf-8")
    for path in (good, bad):
        done = run("add", path, "--book", names)
        assert "\x1b" not in done.stdout + done.stderr and "\x07" not in done.stdout + done.stderr
        assert path.name.split("\x1b")[0] in done.stdout + done.stderr
    told = run("why", "S9", "--book", names)
    assert told.returncode == 0 and "\x1b" not in told.stdout and "[31mb.csv" in told.stdout


def test_a_file_whose_name_is_no_text_is_in_the_book_and_checked(tmp_path: Path) -> None:
    book = init_book(tmp_path / "book", "Shop Ltd").path
    (tmp_path / "in").mkdir()
    for name, number in ((b"bad\xff\xfe.txt", "114-1"), (b"two\nlines.txt", "114-2")):
        row = (number, "2026-03-01T00:31:29+00:00", *"Shipped S 1 USD 15.00 pot Merchant Amazon.com Shipped".split())
        text = f"{HEADS}\n{chr(9).join(row)}\n"
        with Path(os.fsdecode(os.fsencode(tmp_path / "in") + b"/" + name)).open("wb") as file:
            file.write(text.encode())
    env: dict[str, str] = {}
    assert run("add", tmp_path / "in", "--book", book, env=env).returncode == 0
    assert r"bad\xff\xfe.txt:2" in run("why", "114-1", "--book", book, env=env).stdout
    assert "two lines.txt:2" in run("why", "114-2", "--book", book, env=env).stdout
    assert run("book", "check", "--book", book, env=env).returncode == 0


@pytest.mark.parametrize(
    "words", [("why", "x\udcff"), ("trade", "show", "x\udcff"), ("book", "alias", "a", "x\udcff"), ("init", "x\udcff")]
)
def test_a_word_that_is_no_text_is_told_of(tmp_path: Path, words: tuple[str, ...]) -> None:
    book = init_book(tmp_path / "book").path
    done = run(*words, "--book", book, env={})
    assert done.returncode == 2 and r"'x\\xff' is no text" in done.stderr


def test_a_terminal_that_has_no_chinese_is_no_end(tmp_path: Path) -> None:
    env = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    done = run("payouts", "--lang", "zh", "--book", init_book(tmp_path / "book").path, env=env)
    assert done.returncode == 0 and r"\u" in done.stdout
