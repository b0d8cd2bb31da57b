"""The pack's PDF in Chinese and English: a cover with sums and a signature block, then the lists and their totals."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from crossbook import money
from crossbook.errors import CrossbookError
from crossbook.filing.pack.listing import MISSING, Cash, Cell, Column, Listing
from crossbook.filing.pack.papers import Papers
from crossbook.version import __version__

MOST_ROWS = 20_000  # of a list in print; the tables beside it hold them all
ALIGNED = {"cash": "right", "count": "right", "text": "left"}


def as_pdf(path: Path, papers: Papers, made: datetime) -> None:
    """Write the PDF. Raises CrossbookError when it cannot be set."""
    import typst

    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        template = files("crossbook") / "data" / "pack" / "pack.typ"
        source = Path(folder) / "pack.typ"
        source.write_bytes(template.read_bytes())
        said = json.dumps(_data(papers, made), ensure_ascii=False)
        (Path(folder) / "data.json").write_text(said, encoding="utf-8")
        try:
            typst.compile(str(source), output=str(path), timestamp=int(made.timestamp()))
        except typst.TypstError as error:
            raise CrossbookError(f"the PDF cannot be set: {error}", where=papers.payout.id) from None


def _data(papers: Papers, made: datetime) -> dict[str, Any]:
    payout, closing = papers.payout, papers.closing
    zh, en = papers.finding

    def cash(minor: int | None) -> str:
        return "" if minor is None else money.show(minor, closing.currency)

    return {
        "title": f"{payout.id} {money.show(payout.amount, payout.currency)}",
        "business": papers.sides.beneficiary or MISSING,
        "payout": payout.payout_id,
        "account": payout.account,
        "sections": [
            {"zh": s.title[0], "en": s.title[1], "facts": [{"zh": f.zh, "en": f.en, "value": f.value} for f in s.facts]}
            for s in papers.sections
        ],
        "totals": [
            {
                "zh": t.title[0],
                "en": t.title[1],
                "rows": f"{t.rows:,}",
                "amount": cash(t.amount),
                "fees": cash(t.fees),
                "net": cash(t.net),
            }
            for t in closing.totals
        ],
        "sum": cash(closing.sum),
        "amount": cash(closing.paid),
        "difference": cash(closing.difference),
        "agrees": closing.agrees,
        "fees": cash(closing.fees),
        "fees_differ": cash(closing.fees_differ) if closing.fees_differ else "",
        "others": ", ".join(closing.others),
        "finding_zh": zh,
        "finding_en": en,
        "credits": papers.credits,
        "wanting": [
            {"zh": w.what[0], "en": w.what[1], "todo_zh": w.shown[0], "todo_en": w.shown[1], "orders": w.orders}
            for w in papers.wanting
        ],
        "made": f"crossbook {__version__} · {made:%Y-%m-%d %H:%M} UTC · 依据 evidence {payout.evidence}:{payout.line}",
        "lists": [_list(number, x) for number, x in enumerate(papers.lists, start=1)],
    }


def _list(number: int, listing: Listing) -> dict[str, Any]:
    """A list as the template sets it: a cell is its lines, each a text or null where the book does not know it."""
    printed = [c for c in listing.columns if c.width]
    stacks = [[c, *(x for x in listing.columns if x.under == c.key)] for c in printed]
    index = {c.key: i for i, c in enumerate(listing.columns)}
    shown = listing.rows[:MOST_ROWS]
    cut = len(listing.rows) - len(shown)
    return {
        "number": number,
        "zh": listing.title[0],
        "en": listing.title[1],
        "note_zh": listing.note[0],
        "note_en": listing.note[1],
        "cut": f"另有 {cut:,} 行见表格 · {cut:,} more rows in the workbook" if cut else "",
        "widths": [c.width for c in printed],
        "small": [c.key.startswith("evidence") for c in printed],
        "align": [ALIGNED[c.kind] for c in printed],
        "heads": [[{"zh": c.zh, "en": c.en} for c in stack] for stack in stacks],
        "rows": [[_cell([(c, row[index[c.key]]) for c in stack]) for stack in stacks] for row in shown],
        "totals": [
            [_total(c, currency, sums, first=i == 1) for i, c in enumerate(printed)]
            for currency, sums in (listing.totals() or {"": {}}).items()
        ],
    }


def _cell(stack: list[tuple[Column, Cell]]) -> list[str | None]:
    """The lines of a cell. What is not known stands below another text only with a mark to say what it is."""
    (_, first), *others = stack
    lines = [_text(first)]
    for column, cell in others:
        if cell == "" or (cell is None and not column.mark):
            continue
        if column.mark == ":":
            lines[-1] = f"{lines[-1]}:{cell}"  # a place in a file: no separators
        else:
            lines.append(f"{column.mark} {MISSING if cell is None else _text(cell)}".strip())
    if stack[0][0].mark and first:
        lines[0] = f"{stack[0][0].mark} {lines[0]}"
    return [line for line in lines if line != ""]


def _text(cell: Cell) -> str | None:
    if isinstance(cell, Cash):
        return money.show(cell.minor, cell.currency).removesuffix(f" {cell.currency}")
    return f"{cell:,}" if isinstance(cell, int) else cell


def _total(column: Column, currency: str, sums: dict[str, int], *, first: bool) -> str:
    if column.key in sums:
        return money.show(sums[column.key], currency).removesuffix(f" {currency}")
    return f"合计 Total {currency}".strip() if first else ""
