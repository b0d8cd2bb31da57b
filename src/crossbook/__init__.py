"""crossbook: the evidence-backed book of record for a business that sells across borders.

import crossbook
crossbook.open("demo-book/book").payouts().to_pandas()
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crossbook.version import __version__

if TYPE_CHECKING:
    from crossbook.notebook import OpenBook

__all__ = ["__version__", "open"]


def open(path: str | Path) -> OpenBook:
    """Open a book for reading in Python: its payouts, trades, findings and quotes as tables.

    Raises CrossbookError when there is no book at `path`.
    """
    from crossbook.notebook import OpenBook

    return OpenBook(path)
