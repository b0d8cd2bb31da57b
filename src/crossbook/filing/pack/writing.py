"""The bank pack of a payout: a folder with a PDF, a workbook, a CSV and an ISO 20022 remittance advice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crossbook.errors import CrossbookError
from crossbook.filing.pack import tables
from crossbook.filing.pack.closing import Closing
from crossbook.filing.pack.papers import gather
from crossbook.filing.pack.pdf import as_pdf
from crossbook.filing.pack.remittance import remittance_advice
from crossbook.filing.pack.transactions import Contents
from crossbook.filing.pack.wanting import Wanting
from crossbook.printable import file_name
from crossbook.settle.desk import Desk, Payout


@dataclass(frozen=True)
class Pack:
    """What was written, whether it adds up, and what it lacks."""

    folder: Path
    files: tuple[Path, ...]
    payout: Payout
    contents: Contents
    closing: Closing
    wanting: tuple[Wanting, ...]

    @property
    def without_parcel(self) -> int:
        """Sales that need a tracking number and have none on record."""
        return sum(not t.tracking for t in self.contents.sent)

    @property
    def needs_no_parcel(self) -> int:
        """Sales that need no tracking number."""
        return sum(t.no_parcel is not None for t in self.contents.of("sale"))

    @property
    def without_customs(self) -> int:
        """Sales of goods whose customs entry is not known."""
        return sum(not t.declaration for t in self.contents.sent)


def write_pack(
    desk: Desk,
    name: str,
    folder: Path | None = None,
    *,
    made: datetime | None = None,
    progress: Callable[[str], None] = lambda stage: None,
) -> Pack:
    """Write the pack of payout `name` to `folder` (by default packs/ in the book). Raises CrossbookError."""
    payout = desk.payout(name)
    made = made or datetime.now(UTC)
    papers = gather(desk, payout, made.date())
    target = folder or desk.book.path / "packs" / file_name(payout.id)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CrossbookError(f"cannot be made: {error.strerror}", where=str(target)) from None
    progress("remittance advice")
    written = [_write(target / "remt.001.xml", remittance_advice(papers, made))]
    progress("transactions.csv")
    written.append(_write(target / "transactions.csv", tables.as_csv(papers)))
    progress("pack.xlsx")
    tables.as_workbook(target / "pack.xlsx", papers)
    progress("pack.pdf")
    as_pdf(target / "pack.pdf", papers, made)
    return Pack(
        folder=target,
        files=(*written, target / "pack.xlsx", target / "pack.pdf"),
        payout=payout,
        contents=papers.inside,
        closing=papers.closing,
        wanting=tuple(papers.wanting),
    )


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
