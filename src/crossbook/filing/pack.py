"""The bank pack of a payout: a folder with a PDF, a workbook, a CSV and an ISO 20022 remittance advice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crossbook.errors import CrossbookError
from crossbook.filing import tables
from crossbook.filing.document import as_pdf, business_name, facts
from crossbook.filing.remittance import remittance_advice
from crossbook.filing.transactions import Contents, contents
from crossbook.printable import file_name
from crossbook.settle.desk import Desk, Payout


@dataclass(frozen=True)
class Pack:
    """What was written, and how complete it is: transactions without a parcel or a customs entry on record."""

    folder: Path
    files: tuple[Path, ...]
    payout: Payout
    contents: Contents

    @property
    def without_parcel(self) -> int:
        """Sales whose tracking number is not known."""
        return sum(t.type == "sale" and not t.tracking for t in self.contents.transactions)

    @property
    def without_customs(self) -> int:
        """Sales whose customs entry is not known."""
        return sum(t.type == "sale" and not t.declaration for t in self.contents.transactions)


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
    target = folder or desk.book.path / "packs" / file_name(payout.id)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CrossbookError(f"cannot be made: {error.strerror}", where=str(target)) from None
    inside = contents(desk, payout)
    progress("remittance advice")
    advice = remittance_advice(payout, inside, business_name(desk), payout.account, made)
    written = [_write(target / "remt.001.xml", advice)]
    progress("transactions.csv")
    written.append(_write(target / "transactions.csv", tables.as_csv(payout, inside)))
    progress("pack.xlsx")
    cover = [(f"{f['zh']} {f['en']}", f["value"]) for f in facts(desk, payout, inside)]
    tables.as_workbook(target / "pack.xlsx", payout, inside, cover)
    progress("pack.pdf")
    as_pdf(target / "pack.pdf", desk, payout, inside, made)
    return Pack(
        folder=target, files=(*written, target / "pack.xlsx", target / "pack.pdf"), payout=payout, contents=inside
    )


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
