"""What became of a written table: right, asked, refused or wrong."""

from __future__ import annotations

from pathlib import Path

from crossbook.book.mapping import preview
from crossbook.errors import CrossbookError
from crossbook.sources.mapping import mapping_from_text
from crossbook.sources.source import Reading
from tests.sources.table.writing import Written


def judge(table: Written, folder: Path) -> tuple[str, str]:
    """The verdict on how a table is read without a word by hand, and why."""
    path = folder / table.name
    path.write_bytes(table.content)
    try:
        seen = preview(path)
        if seen.doubts or seen.bad_count:
            return "asked", "; ".join(d.text for d in seen.doubts) or f"{seen.bad_count} rows: {seen.bad[0].reason}"
        reading = Reading(path=path, name=path.name, encoding="utf-8")
        rows = [r for _, t in mapping_from_text(seen.name, seen.text).read(reading) for r in t.to_pylist()]
        reading.finish(partial=False)
    except CrossbookError as error:
        return "refused", str(error)
    finally:
        path.unlink()
    read = [(r["booked_on"], r["amount"], r["currency"]) for r in rows]
    if read != table.facts:
        return "wrong", f"{read[:3]} instead of {table.facts[:3]}"
    accounts = {r["account"] for r in rows}
    if table.account and accounts != {table.account}:
        return "wrong", f"the account {accounts} instead of {table.account}"
    return "right", ""
