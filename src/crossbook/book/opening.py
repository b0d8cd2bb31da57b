"""Opening what a user points at: plain files, .gz and .zip; folders are walked. Bombs are refused."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from crossbook.book.book import StrPath
from crossbook.errors import CrossbookError
from crossbook.printable import legible

FREE_BYTES = 64 << 20  # may always come out of an archive
MAX_RATIO = 200  # beyond that, unpacked bytes per packed byte
MAX_MEMBERS = 10_000
_WORKBOOK = {"[Content_Types].xml", "META-INF/manifest.xml"}  # what XLSX and ODS hold, which are zip files too


@dataclass(frozen=True)
class Input:
    """One report: a file, or one member of a zip. `name` is what messages and the book call it, and is text."""

    path: Path
    name: str
    member: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", legible(self.name))

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its bytes, unpacked."""
        try:
            if self.member is not None:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as file:
                    packed = archive.getinfo(self.member).compress_size
                    yield cast("IO[bytes]", _Bounded(file, packed, self.name))
            elif _magic(self.path) == b"\x1f\x8b":
                with gzip.open(self.path) as file:
                    yield cast("IO[bytes]", _Bounded(file, self.path.stat().st_size, self.name))
            else:
                with self.path.open("rb") as plain:
                    before = os.fstat(plain.fileno())
                    yield cast("IO[bytes]", _AsItWas(plain, before.st_size))
                    _refuse_changed(before, self.path, self.name)
        except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError):
            raise CrossbookError("damaged or truncated archive", where=self.name, todo="download it again") from None
        except RuntimeError:  # what zipfile raises for an encrypted member
            raise CrossbookError(
                "it is locked with a password", where=self.name, todo="unpack it with its password first"
            ) from None


def _refuse_changed(before: os.stat_result, path: Path, name: str) -> None:
    """Raise CrossbookError for a file that somebody wrote to, or put another in the place of, while it was read."""
    try:
        now = path.stat()
    except OSError:
        now = None
    seen = (before.st_ino, before.st_size, before.st_mtime_ns)
    if now is None or seen != (now.st_ino, now.st_size, now.st_mtime_ns):
        raise CrossbookError("it changed while it was read", where=name, todo="wait until it is complete; add it again")


class _AsItWas(io.RawIOBase):
    """The bytes that a file had when it was opened: of one that grows faster than it is read there would be no end."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._left = file, size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(block)
        return block


class _Bounded(io.RawIOBase):
    """Stops an archive that unpacks to far more than it weighs."""

    def __init__(self, file: io.BufferedIOBase | IO[bytes], packed: int, name: str) -> None:
        self._file, self._name = file, name
        self._left = FREE_BYTES + MAX_RATIO * packed

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size if size >= 0 else self._left + 1)
        self._left -= len(block)
        if self._left < 0:
            raise CrossbookError(
                f"unpacks to more than {MAX_RATIO} times its size",
                where=self._name,
                todo="if it is genuine, unpack it first",
            )
        return block


def _magic(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(2)


def inputs(paths: Iterable[StrPath]) -> list[Input]:
    """Every report under `paths`, in a stable order. Raises CrossbookError for what cannot be opened."""
    found: list[Input] = []
    for path in [Path(paths)] if isinstance(paths, str | os.PathLike) else map(Path, paths):
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
            if not inside:
                raise CrossbookError("the folder holds no files", where=str(path))
            found += inputs(inside)
        elif not path.exists():
            raise CrossbookError("no such file", where=str(path))
        else:
            try:
                found += _unzipped(path)
            except PermissionError:
                raise CrossbookError("may not be read", where=str(path), todo="check its permissions") from None
    return found


def _unzipped(path: Path) -> list[Input]:
    if not path.is_file():
        raise CrossbookError("not a regular file", where=str(path))
    if _magic(path) != b"PK":
        return [Input(path, path.name.removesuffix(".gz"))]
    try:
        with zipfile.ZipFile(path) as archive:
            if _WORKBOOK & set(archive.namelist()):
                unpacked = sum(i.file_size for i in archive.infolist())
                if unpacked > FREE_BYTES * 4 + MAX_RATIO * path.stat().st_size:
                    raise CrossbookError("a workbook that unpacks to an absurd size", where=path.name)
                return [Input(path, path.name)]
            members = [i.filename for i in archive.infolist() if not i.is_dir() and "__MACOSX" not in i.filename]
    except zipfile.BadZipFile:
        raise CrossbookError("damaged or truncated archive", where=path.name, todo="download it again") from None
    if len(members) > MAX_MEMBERS:
        raise CrossbookError(f"{len(members)} files in one archive", where=path.name, todo="unpack it first")
    return [Input(path, f"{path.name}/{member}", member) for member in sorted(members)]
