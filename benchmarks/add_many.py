"""Adding many small files to a book: which share of the time goes into telling what each file is.

They are read in this process, not apart, so that what each part takes is seen.

python benchmarks/add_many.py --files 1000
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from crossbook import apart
from crossbook.book import adding
from crossbook.book.book import init_book
from crossbook.book.mapping import keep_mapping, preview
from crossbook.book.opening import inputs

LIMIT = 0.15
ROWS = 30


def main() -> int:
    """Write the files, add them one by one, and time recognition in the same run; the exit code is 1 over the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1_000)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        files = [_write(Path(folder), i) for i in range(said.files)]
        book = init_book(Path(folder) / "book", "", "CNY", "")
        for path in files[1:3]:  # a statement as text, and one as a workbook, each with its mapping
            seen = preview(path)
            keep_mapping(book, seen.name, seen.kept)
        recognising = _timed(adding, "_choose")
        vars(apart)["run"] = apart.direct
        began = time.perf_counter()
        for path in files:
            (item,) = inputs([path])
            assert adding.add(book, item).status == "added"
        took = time.perf_counter() - began
    share = recognising() / took
    assert share > 0, "recognition was not seen"
    print(f"{said.files:,} files in {took:.1f} s, {1000 * took / said.files:.1f} ms each")
    print(f"recognition {1000 * recognising() / said.files:.2f} ms each: {share:.1%} of the time, limit {LIMIT:.0%}")
    return 0 if share <= LIMIT else 1


def _timed(module: Any, name: str) -> Callable[[], float]:
    """Let a function of a module add up its seconds; gives what tells their sum."""
    inner, spent = getattr(module, name), [0.0]

    def outer(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return inner(*args, **kwargs)
        finally:
            spent[0] += time.perf_counter() - began

    setattr(module, name, outer)
    return lambda: spent[0]


def _write(folder: Path, i: int) -> Path:
    """In turn a payout report of Stripe, a bank's statement as GB18030 text, and another bank's as a workbook."""
    days = [date(2024, 1, 1) + timedelta(days=i % 300 + n) for n in range(ROWS)]
    if i % 3 == 0:
        path = folder / f"payouts-{i}.csv"
        head = "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Description,Automatic Payout ID"
        rows = [
            f"txn_{i}_{n},charge,ch_{i}_{n},{n + 10}.00,0.50,{n + 9}.50,usd,{d} 10:00,{d} 10:00,,po_{i}"
            for n, d in enumerate(days)
        ]
        path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
        return path
    balance, rows_ = 100_000, []
    for n, d in enumerate(days):
        amount = (n * 37 + i) % 900 + 1
        balance += amount
        rows_.append([f"{d}", f"{amount}.00", "", f"{balance}.00", f"货款 {i} {n}"])
    if i % 3 == 1:
        path = folder / f"statement-{i}.csv"
        lines = ["账号:6222020200112233,币种:人民币", "交易日期,收入,支出,余额,摘要", *(",".join(r) for r in rows_)]
        path.write_text("\n".join([*lines, ""]), encoding="gb18030")
        return path
    path = folder / f"statement-{i}.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["账号", "4402250019000000123", "币种", "人民币"])
        sheet.write_row(1, 0, ["记账日期", "收入金额", "支出金额", "账户余额", "用途"])
        for n, row in enumerate(rows_):
            sheet.write_row(n + 2, 0, row)
    return path


if __name__ == "__main__":
    raise SystemExit(main())
