"""Originals as people read them: any line of any encoding, tables in cells, XML as an outline."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossbook.book import Book
from crossbook.book.adding import Added
from crossbook.book.lines import _pick, original_lines
from crossbook.book.viewing import view
from crossbook.errors import NotFoundError
from tests.conftest import GOLDEN

MAPPING = """kind = "bank"
account = "bank"
currency = "CNY"
[columns]
booked_on = "日期"
credit = "收入"
debit = "支出"
"""
TABLE = "银行流水\n日期,收入,支出\n" + "".join(f"2026-01-{i:02d},{i}.00,\n" for i in range(1, 29))


@given(st.lists(st.binary(max_size=20).map(lambda b: b.replace(b"\n", b"")), min_size=1, max_size=60), st.data())
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_any_line_is_found(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("lines") / "file"
    path.write_bytes(b"\n".join(lines) + b"\n")
    wanted = sorted(data.draw(st.sets(st.integers(1, len(lines) + 3), max_size=8)))
    with path.open("rb") as file:
        found = dict(_pick(file, wanted))
    assert found == {n: lines[n - 1] + b"\n" for n in wanted if n <= len(lines)}


def test_lines_far_into_a_large_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "file"
    path.write_bytes(b"".join(b"line %d %s\n" % (i, b"x" * (i % 90)) for i in range(1, 200_001)))
    with path.open("rb") as file:
        found = dict(_pick(file, [1, 77_777, 77_778, 200_000, 200_001]))
    assert sorted(found) == [1, 77_777, 77_778, 200_000]
    assert all(line.startswith(b"line %d " % n) for n, line in found.items())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_in_cells_with_its_header(book: Book, add_text: Callable[..., Added], encoding: str) -> None:
    (book.path / "mappings").mkdir()
    (book.path / "mappings" / "bank.toml").write_text(MAPPING, encoding="utf-8")
    added = add_text("bank.csv", TABLE.encode(encoding))
    seen = view(book, added.sha, 12, around=2)
    assert seen.shape == "table" and seen.header == ("日期", "收入", "支出")
    assert [r.line for r in seen.rows] == [10, 11, 12, 13, 14]
    assert [r.line for r in seen.rows if r.here] == [12]
    assert next(r for r in seen.rows if r.here).cells == ("2026-01-10", "10.00", "")
    assert seen.raw == "2026-01-10,10.00,"
    assert original_lines(book, added.sha, [1, 99])[1] == "银行流水"
    with pytest.raises(NotFoundError, match="no line 99"):
        view(book, added.sha, 99)


def test_xml_on_one_long_line_is_an_outline(book: Book, add_text: Callable[..., Added]) -> None:
    source = next(p for p in sorted(GOLDEN.rglob("*")) if "camt" in p.name and p.suffix == ".xml")
    text = " ".join(line.strip() for line in source.read_text(encoding="utf-8").splitlines())
    added = add_text("one-line.xml", text)
    amount = next(r["amount"] for r in _facts(book, added.sha))
    digits = f"{abs(amount) // 100}.{abs(amount) % 100:02d}"
    seen = view(book, added.sha, 1, hint=digits)
    assert seen.rows == () and len(seen.outline) > 10
    marked = [r.cells[0] for r in seen.outline if r.here]
    assert marked and all(digits in m for m in marked)


def test_xml_lines_hold_their_elements(book: Book, add_text: Callable[..., Added]) -> None:
    source = next(p for p in sorted(GOLDEN.rglob("*")) if "camt" in p.name and p.suffix == ".xml")
    added = add_text(source.name, source.read_bytes())
    line = _facts(book, added.sha)[0]["line"]
    seen = view(book, added.sha, line)
    assert any(r.here for r in seen.rows) and seen.outline
    assert seen.outline[0].cells[0].strip().startswith("Ntry")


def _facts(book: Book, sha: str) -> list[dict[str, object]]:
    from crossbook.engine import fact_rows

    return fact_rows(book, "bank", sha)


def test_what_comes_after_is_named_until_the_file_ends(book: Book, add_text: Callable[..., Added]) -> None:
    done = add_text("s.txt", (GOLDEN / "amazon_settlement.txt").read_bytes())
    count = len((GOLDEN / "amazon_settlement.txt").read_text(encoding="utf-8").rstrip("\n").split("\n"))
    seen = [1]
    while (later := view(book, done.sha, seen[-1], around=1).later) is not None:
        seen.append(later)
    assert seen == list(range(1, count + 1, 2))
    assert view(book, done.sha, count).later is None
