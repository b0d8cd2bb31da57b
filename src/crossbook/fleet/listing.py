"""The list of a fleet's books: fleet.toml in the fleet's folder."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from crossbook.book import faults
from crossbook.book.book import CONFIG
from crossbook.errors import CrossbookError, FaultError, NotFoundError, place_in_toml
from crossbook.fleet.places import Place, Remote, place, put

FILE = "fleet.toml"
_ID = re.compile(r"[^\w.-]+")
_LONGEST = 200  # bytes of an id, which is part of a folder's name


@dataclass(frozen=True)
class Member:
    """One book of a fleet: the name that it has there, and where it lies."""

    id: str
    path: Place


@dataclass(frozen=True)
class Fleet:
    """A fleet's folder with the books that it lists, in the order in which they were listed."""

    path: Place
    name: str
    books: tuple[Member, ...]

    @property
    def results(self) -> Place:
        """Where the figures of its books are kept, a folder a book."""
        return self.path / "results"

    def member(self, name: str) -> Member:
        """The book of that name. Raises NotFoundError."""
        for book in self.books:
            if book.id == name:
                return book
        raise NotFoundError(f"the fleet has no book {name!r}", todo="see `crossbook fleet status`")


def init_fleet(path: Place | str, name: str = "") -> Fleet:
    """Make an empty fleet in a folder, or at an address. Raises CrossbookError where there is one already."""
    path = place(path)
    if (path / FILE).exists():
        raise CrossbookError("there is a fleet here already", where=str(path), todo="crossbook fleet add BOOK")
    if isinstance(path, Path) and path.exists() and not path.is_dir():
        raise FaultError("there is a file where a folder should be", where=str(path), todo="move it away")
    with _naming(path):
        path.mkdir(parents=True, exist_ok=True)
        made = Fleet(path=path, name=name or path.resolve().name, books=())
        _write(made)
    return made


def open_fleet(path: Place | str) -> Fleet:
    """The fleet in a folder or at an address. Raises CrossbookError where there is none, or none that can be read."""
    path = place(path)
    file = path / FILE
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CrossbookError("there is no fleet here", where=str(path), todo="crossbook fleet init FOLDER") from None
    except OSError as error:
        raise faults.of_system(error) from None
    except UnicodeDecodeError:
        raise CrossbookError("not valid TOML", where=str(file), todo="save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise CrossbookError("not valid TOML", where=f"{file}{place_in_toml(error)}", todo="correct it there") from None
    books = told.get("book", [])
    if not isinstance(books, list) or not all(
        isinstance(b, dict) and _is_text(b.get("id")) and _is_text(b.get("path")) for b in books
    ):
        raise CrossbookError("each [[book]] must have an id and a path", where=str(file), todo="correct it there")
    unknown = [key for key in told if key not in ("name", "book")]
    unknown += [f"book.{key}" for b in books for key in b if key not in ("id", "path")]
    if unknown:
        todo = "it has a name, and a [[book]] with id and path for each book"
        raise CrossbookError(f"unknown entry {unknown[0]!r}", where=str(file), todo=todo)
    members = tuple(Member(b["id"], _within(path, b["path"])) for b in books)
    for member in members:
        if _ID.search(member.id) or member.id in (".", "..") or len(member.id.encode()) > _LONGEST:
            todo = "use letters, digits, - . and _"
            raise CrossbookError(f"{member.id!r} cannot be the id of a book", where=str(file), todo=todo)
    twice = sorted({m.id for m in members if sum(o.id == m.id for o in members) > 1})
    if twice:
        raise CrossbookError(f"two books have the id {twice[0]!r}", where=str(file), todo="give one another id")
    at: dict[Place, str] = {}
    for member in members:
        other = at.setdefault(member.path.resolve(), member.id)
        if other != member.id:  # its papers would all be in two books
            what = f"{other!r} and {member.id!r} are one book"
            raise CrossbookError(what, where=str(file), todo="take one off the list")
    return Fleet(path=path, name=str(told.get("name", "")), books=members)


def add_books(fleet: Fleet, given: Iterable[Place | str]) -> tuple[Fleet, list[Member]]:
    """List more books: books, folders that hold books at any depth, or text files with a path a line.

    Gives the fleet as it is then, and what was added; a book that is listed already is not listed again. Raises
    CrossbookError for what is neither.
    """
    known = {m.path.resolve() for m in fleet.books}
    taken = {m.id for m in fleet.books}
    added: list[Member] = []
    for path in (found for one in given for found in _books_in(place(one))):
        if path.resolve() in known:
            continue
        known.add(path.resolve())
        member = Member(_free(path, taken), path)
        taken.add(member.id)
        added.append(member)
    made = Fleet(path=fleet.path, name=fleet.name, books=(*fleet.books, *added))
    if added:
        with _naming(fleet.path):
            _write(made)
    return made, added


def _within(path: Place, told: str) -> Place:
    found = place(told)
    return path / told if isinstance(found, Path) and not found.is_absolute() else found


def _naming(path: Place) -> AbstractContextManager[None]:
    return faults.naming(FILE, path) if isinstance(path, Path) else nullcontext()


def _books_in(path: Place) -> list[Place]:
    if path.name == CONFIG and path.is_file():
        path = path.parent
    if (path / CONFIG).is_file():
        return [path]
    if path.is_dir():
        found = _books_under(path)
        if found:
            return found
        raise CrossbookError("there is no book in this folder", where=str(path), todo="name a book, or make one")
    if isinstance(path, Path) and path.is_file():
        return _listed_in(path)
    raise CrossbookError("there is no such book", where=str(path), todo="name a book, a folder of books or a list")


def _books_under(folder: Place) -> list[Place]:
    """The books in a folder at any depth, by links as well. What lies in a book is its own, as what was set aside."""
    if isinstance(folder, Remote):
        lying = [name.removesuffix(f"/{CONFIG}") for name in folder.within() if name.endswith(f"/{CONFIG}")]
        return [folder / name for name in sorted(lying) if not any(name.startswith(f"{other}/") for other in lying)]
    found: list[Place] = []
    seen: set[Path] = set()
    for at, inside, names in os.walk(folder, followlinks=True):
        here = Path(at)
        if CONFIG in names:
            found.append(here)
        if CONFIG in names or here.resolve() in seen:
            inside.clear()
        seen.add(here.resolve())
    return sorted(found)


def _listed_in(file: Path) -> list[Place]:
    try:
        lines = [line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines()]
    except UnicodeDecodeError:
        raise CrossbookError("not a list of books", where=str(file), todo="a path a line, in UTF-8") from None
    except OSError as error:
        raise faults.of_system(error) from None
    found = [_within(file.parent, line) for line in lines if line and not line.startswith("#") and "\0" not in line]
    # what is listed and missing is listed all the same, and named by every run; but a file of anything is no list
    if not any((path / CONFIG).is_file() for path in found):
        raise CrossbookError("not a list of books", where=str(file), todo="a path a line, in UTF-8")
    return found


def _free(path: Place, taken: set[str]) -> str:
    """A name for a book that no other has: of its folder, with those above it where that is taken or says nothing."""
    own = path.resolve().parts[1:] if isinstance(path, Path) else path.address.split("/")[2:]
    parts = [_ID.sub("_", p) for p in own]
    said = parts[-1:] if parts[-1:] != ["book"] else parts[-2:-1] or parts
    name = (said or ["book"])[0]
    if name not in taken:
        return name
    return next(f"{name}-{n}" for n in range(2, len(taken) + 3) if f"{name}-{n}" not in taken)


def _write(fleet: Fleet) -> None:
    lines = [f"name = {_text(fleet.name)}", ""]
    root = fleet.path.resolve()
    for member in fleet.books:
        at = member.path.resolve()
        alike = isinstance(at, Path) == isinstance(root, Path)
        shown = at.relative_to(root) if alike and at.is_relative_to(root) else at  # type: ignore[arg-type]
        lines += ["[[book]]", f"id = {_text(member.id)}", f"path = {_text(str(shown))}", ""]
    put(fleet.path / FILE, "\n".join(lines).encode(), whole=True)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "\0" not in value


def _text(value: str) -> str:
    """A basic string of TOML: JSON's, which escapes no more than TOML knows once DEL is."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
