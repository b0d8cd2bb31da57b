"""Names that hold what no name should: control characters, three hundred letters."""

from __future__ import annotations

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
