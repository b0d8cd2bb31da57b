"""The list of a fleet's books: fleet.toml in the fleet's folder."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from crossbook.book import faults
from crossbook.book.book import CONFIG
from crossbook.book.durable import write_whole
from crossbook.errors import CrossbookError, NotFoundError, place_in_toml

FILE = "fleet.toml"
_ID = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Member:
    """One book of a fleet: the name that it has there, and where it lies."""

    id: str
    path: Path


@dataclass(frozen=True)
class Fleet:
    """A fleet's folder with the books that it lists, in the order in which they were listed."""

    path: Path
    name: str
    books: tuple[Member, ...]

    @property
    def results(self) -> Path:
        """Where the figures of its books are kept, a folder a book."""
        return self.path / "results"

    def member(self, name: str) -> Member:
        """The book of that name. Raises NotFoundError."""
        for book in self.books:
            if book.id == name:
                return book
        raise NotFoundError(f"the fleet has no book {name!r}", todo="see `crossbook fleet status`")


def init_fleet(path: Path, name: str = "") -> Fleet:
    """Make an empty fleet in a folder. Raises CrossbookError where there is one already."""
    if (path / FILE).exists():
        raise CrossbookError("there is a fleet here already", where=str(path), todo="crossbook fleet add BOOK")
    with faults.naming(FILE, path):
        path.mkdir(parents=True, exist_ok=True)
        made = Fleet(path=path, name=name or path.resolve().name, books=())
        _write(made)
    return made


def open_fleet(path: Path) -> Fleet:
    """The fleet in a folder. Raises CrossbookError where there is none, or where its list cannot be read."""
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
        isinstance(b, dict) and isinstance(b.get("id"), str) and isinstance(b.get("path"), str) for b in books
    ):
        raise CrossbookError("each [[book]] must have an id and a path", where=str(file), todo="correct it there")
    members = tuple(Member(b["id"], path / b["path"]) for b in books)
    for member in members:
        if _ID.search(member.id) or member.id in (".", ".."):
            todo = "use letters, digits, - . and _"
            raise CrossbookError(f"{member.id!r} cannot be the id of a book", where=str(file), todo=todo)
    twice = sorted({m.id for m in members if sum(o.id == m.id for o in members) > 1})
    if twice:
        raise CrossbookError(f"two books have the id {twice[0]!r}", where=str(file), todo="give one another id")
    return Fleet(path=path, name=str(told.get("name", "")), books=members)


def add_books(fleet: Fleet, given: Iterable[Path]) -> tuple[Fleet, list[Member]]:
    """List more books: books, folders that hold books at any depth, or text files with a path a line.

    Gives the fleet as it is then, and what was added; a book that is listed already is not listed again. Raises
    CrossbookError for what is neither.
    """
    known = {m.path.resolve() for m in fleet.books}
    taken = {m.id for m in fleet.books}
    added: list[Member] = []
    for path in (found for one in given for found in _books_in(one)):
        if path.resolve() in known:
            continue
        known.add(path.resolve())
        member = Member(_free(path, taken), path)
        taken.add(member.id)
        added.append(member)
    made = Fleet(path=fleet.path, name=fleet.name, books=(*fleet.books, *added))
    if added:
        with faults.naming(FILE, fleet.path):
            _write(made)
    return made, added


def _books_in(path: Path) -> list[Path]:
    if (path / CONFIG).is_file():
        return [path]
    if path.is_dir():
        found = sorted(p.parent for p in path.rglob(CONFIG) if "evidence" not in p.relative_to(path).parts)
        if found:
            return found
        raise CrossbookError("there is no book in this folder", where=str(path), todo="name a book, or make one")
    if path.is_file():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            raise CrossbookError("not a list of books", where=str(path), todo="a path a line, in UTF-8") from None
        except OSError as error:
            raise faults.of_system(error) from None
        # what is listed and missing is listed all the same, and named by every run
        return [path.parent / line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    raise CrossbookError("there is no such book", where=str(path), todo="name a book, a folder of books or a list")


def _free(path: Path, taken: set[str]) -> str:
    """A name for a book that no other has: of its folder, with those above it where that is taken or says nothing."""
    parts = [_ID.sub("_", p) for p in path.resolve().parts[1:]]
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
        shown = at.relative_to(root) if at.is_relative_to(root) else at
        lines += ["[[book]]", f"id = {_text(member.id)}", f"path = {_text(str(shown))}", ""]
    write_whole(fleet.path / FILE, "\n".join(lines).encode())


def _text(value: str) -> str:
    """A basic string of TOML: JSON's, which escapes no more than TOML knows once DEL is."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
