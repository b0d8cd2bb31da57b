"""A book: the folder on disk that holds evidence, facts and journal."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crossbook.book import catalog, chain, durable, faults, heads, journal, layout, private
from crossbook.book.journal import Entry
from crossbook.errors import CrossbookError, NotFoundError, place_in_toml
from crossbook.printable import is_text, legible

if TYPE_CHECKING:
    from crossbook.book.signing import SigningKey

StrPath = str | os.PathLike[str]  # what may stand for a path: text, or a Path
CONFIG, OWN_CATALOG = "book.toml", "catalog.sqlite"
PAIRED, UNPAIRED = "same or two", "same or two unsaid"  # of two entries, whether they are one
UNPROVED = "unproved"  # in a decision's body: its name is the system's for who ran the command, nobody logged in
TEMPLATE = """\
# Who this book belongs to, and how its accounts settle.
[business]
name = "{name}"
currency = "{currency}"

{catalog}

# One table per selling or bank account, named as in the account column of `crossbook payouts` and `crossbook bank`.
# [accounts.my-platform]
# currency = "USD"
# country = "US"            # whose business days count until the money arrives
# transit_days = 5          # at most so many of them
# lots = "fifo"             # whose money leaves the balance first: fifo, lifo or proportional
# [accounts.my-platform.release]      # for a platform that remits totals only
# after = "delivered"       # or "shipped", "placed"
# days = 7
# cut_off = "00:00"         # time of day in zone; money released before it is in the next payout
# zone = "America/Los_Angeles"
# fee_percent = "8.5"
# fee_fixed = "0.30"
# blur_hours = 0            # how sharp the cut-off is known to be
"""
_CATALOG = """\
# The catalog is a SQLite file in this folder. `crossbook init FOLDER --catalog URL` makes a book with one on a server.\
"""
_SHARED = """\
[catalog]
url = {url}     # all who share the book use it\
"""


@dataclass(frozen=True)
class FactFile:
    """Facts of one kind read from one original: how many rows, the SHA-256 of the Parquet file and where it lies. In a
    compacted book that file has the rows of other originals, too."""

    evidence: str
    kind: str
    rows: int
    sha: str
    path: Path


def fact_name(sha: str) -> str:
    """What a file of facts is called, by the SHA-256 of its content: no writer can replace another's."""
    return f"{sha}.parquet"


@dataclass(frozen=True)
class Book:
    """An open book. Cheap to make; nothing is read until asked for."""

    path: Path

    @property
    def evidence_dir(self) -> Path:
        return self.path / "evidence"

    @property
    def facts_dir(self) -> Path:
        return self.path / "facts"

    @cached_property
    def config(self) -> dict[str, Any]:
        """book.toml as a dictionary. Raises CrossbookError with the line when it is not TOML."""
        try:
            return tomllib.loads((self.path / CONFIG).read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            raise CrossbookError("not valid TOML", where=str(self.path / CONFIG), todo="save it as UTF-8") from None
        except OSError as error:
            raise faults.of_system(error) from None
        except tomllib.TOMLDecodeError as error:
            raise CrossbookError(
                "not valid TOML",
                where=f"{self.path / CONFIG}{place_in_toml(error)}",
                todo=f"correct it there, or put {CONFIG} back from a backup",
            ) from None

    def account(self, name: str) -> dict[str, Any]:
        """The settings of one account; empty when book.toml has none."""
        settings = self.config.get("accounts", {}).get(name, {})
        if not isinstance(settings, dict):
            raise CrossbookError(f"accounts.{name} must be a table", where=str(self.path / CONFIG))
        return settings

    @cached_property
    def engine(self) -> sa.Engine:
        """The catalog. Raises CrossbookError when it cannot be reached, is damaged or of another version."""
        shared = self.config.get("catalog", {})
        url = shared.get("url", "") if isinstance(shared, dict) else None
        if not isinstance(url, str):
            raise CrossbookError("catalog.url must be a text", where=str(self.path / CONFIG))
        engine = catalog.open_catalog(url or _own_catalog(self.path))
        layout.check_readable(engine, self.path)
        return engine

    @cached_property
    def key(self) -> bytes:
        """What seals of this book's cache are made with: not known without its catalog. Empty in an older layout."""
        with self.engine.connect() as connection:
            return chain.beginning(connection).encode() if layout.of(connection) > layout.UNCHAINED else b""

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One write transaction; the head that it makes is put beside the book once it is safely on disk.

        Raises CrossbookError, also when the catalog has the layout of an older program.
        """
        with catalog.writing(self.engine) as connection:
            layout.check_writable(connection, self.path)
            connection.info.pop(chain.NEWEST, None)
            yield connection
            head = connection.info.pop(chain.NEWEST, None)
        if head is not None:
            heads.append(self.path, head)

    @contextmanager
    def lock(self, *, shared: bool) -> Iterator[bool]:
        """Held while files that no catalog row names yet are about. Writers share it; to tell their files from
        leftovers takes it alone.

        Yields whether it was got; only the sole lock can be refused. The system drops it when a process dies.
        """
        try:
            import fcntl
        except ImportError:  # no such locks on this system: whether anyone writes is not known
            yield shared
            return
        path = self.path / ".lock"
        if not shared and not path.exists():  # nobody has ever written, and looking leaves no trace
            yield True
            return
        with os.fdopen(durable.handle(path, os.O_RDWR | os.O_CREAT if shared else os.O_RDONLY)) as file:
            if shared:
                private.keep(path, self.path)
            try:
                fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def evidence_path(self, sha: str) -> Path:
        """Where the original with this SHA-256 lies."""
        return self.evidence_dir / sha[:2] / sha

    def fact_path(self, kind: str, sha: str) -> Path:
        """Where the facts of `kind` read from the original `sha` lie. Raises NotFoundError when it gave none."""
        for file in self.fact_files(of=sha):
            if file.kind == kind:
                return file.path
        raise NotFoundError(f"no facts of the kind {kind!r} were read from it", where=sha[:12])

    def fact_files(self, *, of: str = "") -> list[FactFile]:
        """Every file of facts that the catalog names, or those of the original `of`, in the order of their evidence."""
        evidence, files = catalog.evidence.c, catalog.fact_files.c
        query = sa.select(files.evidence, files.kind, files.rows, files.sha).join_from(
            catalog.fact_files, catalog.evidence, files.evidence == evidence.sha
        )
        query = query.where(files.evidence == of) if of else query
        with self.engine.connect() as connection:
            by_content = layout.facts_by_content(connection)
            rows = connection.execute(query.order_by(evidence.seq, files.kind)).all()
        found = []
        folders = {kind: self.facts_dir / kind for kind in {str(row.kind) for row in rows}}
        for row in rows:
            evidence_sha, kind, sha = str(row.evidence), str(row.kind), str(row.sha)  # a damaged row has no texts
            path = folders[kind] / fact_name(sha)
            if not by_content and not path.exists():  # books from before 0.6 called it by the original
                older = path.with_name(fact_name(evidence_sha))
                path = older if older.exists() else path
            found.append(FactFile(evidence=evidence_sha, kind=kind, rows=row.rows, sha=sha, path=path))
        return found

    def evidence(self) -> list[dict[str, Any]]:
        """Everything added, oldest first, each with the number of its facts by kind."""
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(catalog.evidence).order_by(catalog.evidence.c.seq)).mappings().all()
            files = connection.execute(sa.select(catalog.fact_files)).mappings().all()
        facts: dict[str, dict[str, int]] = {}
        for file in files:
            facts.setdefault(file["evidence"], {})[file["kind"]] = file["rows"]
        return [{**row, "facts": facts.get(row["sha"], {})} for row in rows]

    def find_evidence(self, prefix: str) -> dict[str, Any]:
        """The evidence whose SHA-256 starts with `prefix`, or whose name is `prefix`. Raises when not exactly one."""
        found = [e for e in self.evidence() if e["sha"].startswith(prefix) or e["name"] == prefix]
        if len(found) != 1:
            raise NotFoundError(
                f"{len(found) or 'no'} evidence files match {prefix!r}",
                todo="see `crossbook book check --list`; what the book does not have yet is added first: crossbook add",
            )
        return found[0]

    def retired(self) -> set[str]:
        """Evidence that a person took out of use; its files stay."""
        out: set[str] = set()
        for entry in self.journal():
            if entry.action == "retire":
                out.add(entry.subject)
            elif entry.action == "reinstate":
                out.discard(entry.subject)
        return out

    def paired(self) -> dict[tuple[str, str], str]:
        """What people said of two entries in different files and did not take back: `same` or `two`, by their keys."""
        said: dict[tuple[str, str], str] = {}
        for entry in self.journal():
            if entry.action == PAIRED:
                said[entry.subject, entry.body["second"]] = entry.body["answer"]
            elif entry.action == UNPAIRED:
                said.pop((entry.subject, entry.body["second"]), None)
        return said

    def journal(self) -> list[Entry]:
        """All decisions, oldest first."""
        with self.engine.connect() as connection:
            return journal.entries(connection)

    def journal_head(self) -> str:
        """The hash of the newest decision; it changes with every one."""
        with self.engine.connect() as connection:
            return journal.head(connection)

    def decide(
        self,
        action: str,
        subject: str,
        body: dict[str, Any],
        who: str | None = None,
        *,
        check: Callable[[list[Entry]], None] | None = None,
        key: SigningKey | None = None,
    ) -> Entry:
        """Append a decision to the journal; returns when it is safely on disk.

        `who` is someone who logged in, or whose `key` signs the entry; without it the system's name for the user is
        taken, and the entry says that nobody proved to be it. `check` sees the journal inside the transaction, where
        nobody else can write, and raises CrossbookError when the decision cannot stand beside what is in it: of two at
        one moment, one is refused.
        """
        if who is None:
            who, body = system_user(), {**body, UNPROVED: True}
        with self.writing() as connection:
            if check is not None:
                check(journal.entries(connection))
            return journal.append(connection, who, action, subject, body, key)

    def facts_held(self, kinds: tuple[str, ...] = ()) -> str:
        """A text that changes whenever facts (of these kinds, or of any) or the evidence in use do."""
        columns = catalog.fact_files.c
        query = sa.select(columns.sha).order_by(columns.sha)
        with self.engine.connect() as connection:
            files = connection.execute(query.where(columns.kind.in_(kinds)) if kinds else query).scalars()
            digest = hashlib.sha256("".join(map(str, files)).encode()).hexdigest()
            by_content = layout.facts_by_content(
                connection
            )  # else what is kept may name files that a rebuild set aside
        return repr((digest, sorted(self.retired()), by_content))

    def facts_state(self, kinds: tuple[str, ...] = ()) -> str:
        """A text that changes whenever facts (of these kinds, or of any), evidence in use, what people said of entries
        that may be one, or settings do.

        Findings are cached under it.
        """
        said = repr(sorted(self.paired().items()))
        return self.facts_held(kinds) + said + (self.path / CONFIG).read_text(encoding="utf-8")


def _own_catalog(path: Path) -> str:
    return f"sqlite:///{path / OWN_CATALOG}"


def system_user() -> str:
    """The system's name for who runs this, as text; "unknown" where it has none."""
    try:
        named = os.environ.get("USER") or getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
    return named.encode("utf-8", "replace").decode()  # it may be any bytes


def _folder(path: StrPath | bytes) -> Path:
    """A folder as a person names it: `~` is home, unless no home of that name is known."""
    folder = Path(os.fsdecode(path))
    if not is_text(str(folder)):  # the engine takes no other
        raise CrossbookError("the folder's name is no text", where=legible(str(folder)), todo="rename it, as UTF-8")
    try:
        return folder.expanduser()
    except RuntimeError:
        return folder


def init_book(path: StrPath | bytes, name: str = "", currency: str = "USD", url: str = "") -> Book:
    """Make a new, empty book in folder `path`, with its catalog at `url` on a PostgreSQL server if that is given.

    Nobody else may read what is made, but the group of a folder that the group may write; book.toml is for nobody else
    where `url`, which is written into it, has a password. Raises CrossbookError when
    there is a book already, in the folder or in the database, or when the database cannot be used.
    """
    path = _folder(path)
    if (path / CONFIG).exists() and not _half_made(path):
        raise CrossbookError("there is a book here already", where=str(path))
    if url.startswith("sqlite"):
        raise CrossbookError("a SQLite catalog lies in the book's folder", todo="leave out --catalog")
    if not url:
        with faults.naming("", path):
            private.make_folder(path, path)
            (path / OWN_CATALOG).touch(mode=0o600)  # SQLite gives its other files the same rights
    engine = catalog.open_catalog(url or _own_catalog(path), new=not url)
    book = Book(path)
    try:
        with faults.naming("", path), catalog.writing(engine) as connection:
            layout.create(connection)
            private.make_folder(book.evidence_dir, path)
            private.make_folder(book.facts_dir, path)
            text = TEMPLATE.format(
                name=name.replace("\\", "\\\\").replace('"', '\\"'),
                currency=currency,
                catalog=_SHARED.format(url=json.dumps(url, ensure_ascii=False)) if url else _CATALOG,
            )
            _write_config(path / CONFIG, text)
            if not (url and has_password(url)):
                private.keep(path / CONFIG, path)
            head = chain.newest(connection)
        if head is not None:
            heads.append(path, head, begin=True)
    finally:
        engine.dispose()
    return book


def has_password(url: str) -> bool:
    """Whether this address of a catalog has a password in it."""
    address = sa.make_url(url)
    return address.password is not None or "password" in address.query


def _write_config(path: Path, text: str) -> None:
    """Write a new book.toml, whole or not at all, which nobody else can read at any moment."""
    path.unlink(missing_ok=True)  # of a book whose making was cut off
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        path.unlink()
        raise


def _half_made(path: Path) -> bool:
    """Whether making the book in this folder was cut off: it has settings, and no catalog or one without tables."""
    own = path / OWN_CATALOG
    if Book(path).config.get("catalog") or faults.begun(path):
        return False
    return not own.exists() or (not any(p.stat().st_size for p in path.glob(f"{own.name}-wal")) and _empty(own))


def _empty(own: Path) -> bool:
    """Whether a SQLite file has no tables."""
    engine = catalog.open_catalog(f"sqlite:///{own}")
    try:
        return not sa.inspect(engine).get_table_names()
    finally:
        engine.dispose()


def open_book(path: StrPath | bytes) -> Book:
    """The book in folder `path`, which may begin with `~`. Raises CrossbookError when there is none."""
    path = _folder(path)
    with faults.naming("", path):
        if (path / CONFIG).is_file():
            return Book(path)
        if (path / OWN_CATALOG).is_file():
            raise CrossbookError(
                f"the book's settings are missing: there is a catalog, and no {CONFIG}",
                where=str(path),
                todo=f"put {CONFIG} back from a backup, or write one: [business], name and currency",
            )
    raise CrossbookError("no book here", where=str(path), todo="make one with `crossbook init`, or name it with --book")
