"""How large a workbook's sheets are, told from its own parts before the reader makes room for them.

What a sheet says of its own size is not believed: neither that it is small, nor (where the reader does not make room
for it) that it is large. The places of its filled cells are held against `Allowance`.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from crossbook.sources.sheet_extent import Allowance
from crossbook.sources.sheet_size_xls import refuse_oversized_xls
from crossbook.sources.sheet_size_zip import refuse_oversized_zip


def refuse_oversized(path: Path, name: str) -> None:
    """Raise CrossbookError, for people, when a workbook's sheets span more cells than can be opened."""
    state = path.stat()
    _refuse(path, name, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=64)  # a file's head is read first and then the whole of it
def _refuse(path: Path, name: str, size: int, changed: int) -> None:
    allowance = Allowance.of(name, size)
    with path.open("rb") as file:
        if file.read(4) == b"PK\x03\x04":
            refuse_oversized_zip(file, allowance, size)
        else:
            file.seek(0)
            refuse_oversized_xls(file.read(), allowance)
