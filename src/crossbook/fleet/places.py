"""Places of a fleet: folders of this machine, as `Path`, or of object storage, as `Remote`, by their address.

s3://, gs://, abfs:// and hdfs:// go through pyarrow, whatever else fsspec knows through fsspec, where it is installed.
Keys are taken from the environment, as the makers of these storages name them; what else one needs (`region`,
`endpoint_override`) stands in the address, behind a question mark.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from crossbook.book.durable import sync, write_whole
from crossbook.errors import CrossbookError, FaultError

if TYPE_CHECKING:
    from pyarrow import fs

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://(.*)", re.DOTALL)
_OF_ARROW = ("s3", "gs", "gcs", "abfs", "abfss", "hdfs", "viewfs")


@dataclass(frozen=True, order=True)
class Remote:
    """A file or folder of object storage, with as much of the ways of `Path` as a fleet needs.

    `options` are what stands behind the question mark of its address. Methods raise FileNotFoundError, and FaultError
    for a storage that refuses or does not answer."""

    address: str
    options: str = ""

    def __truediv__(self, other: str) -> Remote:
        return Remote(f"{self.address.rstrip('/')}/{other}", self.options)

    def __str__(self) -> str:
        return self.address + (f"?{self.options}" if self.options else "")

    @property
    def name(self) -> str:
        return self.address.rstrip("/").rpartition("/")[2]

    @property
    def parent(self) -> Remote:
        return Remote(self.address.rstrip("/").rpartition("/")[0], self.options)

    def resolve(self) -> Remote:
        return self

    def relative_to(self, other: Remote) -> str:
        """What stands behind another's address. Raises ValueError where it is not within that."""
        before = f"{other.address.rstrip('/')}/"
        if not self.address.startswith(before) or self.options != other.options:
            raise ValueError(f"{self} is not in {other}")
        return self.address.removeprefix(before)

    def is_relative_to(self, other: object) -> bool:
        try:
            return isinstance(other, Remote) and bool(self.relative_to(other))
        except ValueError:
            return False

    def read_bytes(self) -> bytes:
        with _reached(self) as (files, path), files.open_input_stream(path) as stream:
            return bytes(stream.read())

    def read_text(self, encoding: str = "utf-8") -> str:
        return self.read_bytes().decode(encoding)

    def write_bytes(self, content: bytes) -> None:
        """Whole or not at all, as object storage does."""
        with _reached(self) as (files, path):
            if files.type_name not in ("s3", "gcs", "abfs"):  # where folders are more than parts of names
                files.create_dir(path.rpartition("/")[0], recursive=True)
            with files.open_output_stream(path) as stream:
                stream.write(content)

    def exists(self) -> bool:
        return self._kind() != "NotFound"

    def is_file(self) -> bool:
        return self._kind() == "File"

    def is_dir(self) -> bool:
        return self._kind() == "Directory"

    def mkdir(self, parents: bool = True, exist_ok: bool = True) -> None:
        """Nothing: a folder is there when something is in it."""

    def unlink(self, missing_ok: bool = False) -> None:
        with _reached(self) as (files, path):
            try:
                files.delete_file(path)
            except FileNotFoundError:
                if not missing_ok:
                    raise

    def within(self) -> dict[str, tuple[int, str]]:
        """The files at any depth, each with its size and when it was written; none where there is no such folder."""
        from pyarrow import fs

        with _reached(self) as (files, path):
            found = files.get_file_info(fs.FileSelector(path, recursive=True, allow_not_found=True))
            start = len(path.rstrip("/")) + 1
            return {i.path[start:]: (i.size, repr(i.mtime_ns)) for i in found if i.type == fs.FileType.File}

    def iterdir(self) -> Iterator[Remote]:
        for name in sorted({inside.partition("/")[0] for inside in self.within()}):
            yield self / name

    def _kind(self) -> str:
        with _reached(self) as (files, path):
            return str(files.get_file_info(path).type.name)


Place = Path | Remote


def place(told: str | Place) -> Place:
    """A folder or file by its path or address. Raises CrossbookError for an address with keys in it, or that
    names nothing."""
    if not isinstance(told, str):
        return told
    found = _ADDRESS.fullmatch(told)
    if not found:
        return Path(told)
    if found[1].lower() == "file":
        return Path(unquote(urlsplit(told).path))  # as browsers and `Path.as_uri` write one
    address, _, options = told.partition("?")
    if "@" in address.partition("://")[2].partition("/")[0] and not found[1].startswith("abfs"):
        todo = "put them into the environment, as AWS_ACCESS_KEY_ID"
        raise CrossbookError("an address must not hold keys", todo=todo)
    if not address.partition("://")[2].strip("/"):
        raise CrossbookError("the address names no bucket or folder", where=told, todo="write it as s3://bucket/folder")
    return Remote(address.rstrip("/"), options)


def put(at: Place, content: bytes, *, whole: bool = False) -> None:
    """Write a file, safely on disk or in its storage when this returns. Raises OSError, FaultError.

    With `whole` it is there under its name whole or not at all, which object storage always does."""
    if isinstance(at, Remote):
        at.write_bytes(content)
    elif whole:
        write_whole(at, content)
    else:
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_bytes(content)
        sync(at)


def remove(at: Place) -> None:
    """Take a folder away with all that is in it, if it can be."""
    if isinstance(at, Remote):
        for inside in at.within():
            (at / inside).unlink(missing_ok=True)
    else:
        shutil.rmtree(at, ignore_errors=True)


def fetch(book: Remote, into: Path) -> None:
    """Copy what desks read of a book, all but its originals and what is kept of figures, into a folder. Raises
    CrossbookError for a name that leads out of it: who may write to a storage names what is in it."""
    for inside in book.within():
        if PurePosixPath(inside).is_absolute() or ".." in PurePosixPath(inside).parts:
            todo = "take it away there; no book has such a file"
            raise CrossbookError(f"{inside!r} leads out of the book's folder", where=str(book), todo=todo)
        if inside.partition("/")[0] not in ("evidence", "cache", "set-aside"):
            target = into / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((book / inside).read_bytes())


@lru_cache(maxsize=32)
def _files_of(address: str, options: str) -> tuple[fs.FileSystem, str]:
    """The file system of an address of a bucket, and where that begins there."""
    from pyarrow import fs

    scheme = address.partition("://")[0].lower()
    if scheme in _OF_ARROW:
        found, path = fs.FileSystem.from_uri(address + (f"?{options}" if options else ""))
        return found, path
    try:
        import fsspec
    except ImportError:
        todo = "pip install fsspec, which knows more of them"
        raise CrossbookError(f"unknown kind of address {scheme!r}", todo=todo) from None
    try:
        fsspec.get_filesystem_class(scheme)
    except ValueError:
        todo = "use s3, gs, abfs, hdfs, file, or one that fsspec knows"
        raise CrossbookError(f"unknown kind of address {scheme!r}", where=address, todo=todo) from None
    except ImportError:
        what, todo = f"addresses of the kind {scheme!r} need another package", "install what fsspec has for them"
        raise CrossbookError(what, where=address, todo=todo) from None
    of, path = fsspec.core.url_to_fs(address)
    return fs.PyFileSystem(fs.FSSpecHandler(of)), path


@contextmanager
def _reached(at: Remote) -> Iterator[tuple[Any, str]]:
    scheme, rest = at.address.split("://", 1)
    bucket, _, inside = rest.partition("/")
    try:
        files, path = _files_of(f"{scheme}://{bucket}", at.options)
        yield files, f"{path.rstrip('/')}/{inside}" if inside else path
    except (FileNotFoundError, CrossbookError):
        raise
    except (OSError, ValueError, ImportError, NotImplementedError) as error:
        raise FaultError(
            f"the storage refused it, or did not answer ({type(error).__name__})",
            where=str(at),
            todo="look at the address, the network and the keys in the environment",
        ) from None
