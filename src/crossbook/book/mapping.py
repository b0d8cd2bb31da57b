"""Trying a mapping on a table before it is kept in the book; keeping it there, and setting it aside."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from crossbook import apart
from crossbook.book import private
from crossbook.book.book import Book, StrPath
from crossbook.book.opening import inputs
from crossbook.errors import BadRow, CrossbookError
from crossbook.facts import KINDS
from crossbook.facts.kind import DAY, INSTANT
from crossbook.sources import shipped
from crossbook.sources.agreeing import agreeing, unguessed
from crossbook.sources.doubting import Doubt, doubts
from crossbook.sources.encoding import read_head
from crossbook.sources.mapping import mapping_from_text, read_mapping
from crossbook.sources.mapping_toml import with_setting
from crossbook.sources.proposing import BY_NAME, FEES, GUESS, mapping_name, propose
from crossbook.sources.source import Reading
from crossbook.sources.table.agreed import only_here
from crossbook.sources.weighing import Trial

SHOWN = 5
FOLDER, ASIDE = "mappings", "set-aside"
MOST_OF_A_NAME = 200  # bytes: the mapping is a file of that name
AMOUNTS = ("amount", "total")  # the sum of a row, in its kind of fact


@dataclass
class Extent:
    """How much a table has of one kind of fact: rows, the sum of their amounts (minor units) by currency, UTC days."""

    rows: int = 0
    sums: dict[str, int] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A proposed mapping and what it reads: the first rows by kind of fact and how much there is of it, bad rows
    (some of them, and how many), headers left unused, headers named for several columns; the proofs as sentences, what
    the file leaves open, the lines that are no rows (line, what it is, text), and words that tell nothing, each behind
    the table of the mapping that says what they mean. `kept` is the mapping's text once a
    person agreed to what contradicts it."""

    name: str
    text: str
    unused: list[str]
    rows: dict[str, list[dict[str, Any]]]
    bad: list[BadRow]
    bad_count: int
    extents: dict[str, Extent]
    doubled: list[str]
    proofs: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    left_out: list[tuple[int, str, str]] = field(default_factory=list)
    unsaid: list[tuple[str, str]] = field(default_factory=list)
    kept: str = ""


def preview(
    path: StrPath,
    *,
    kind: str | None = None,
    account: str | None = None,
    currency: str | None = None,
    date_order: str | None = None,
    kinds: Mapping[str, str] | None = None,
    meant: Sequence[tuple[str, str]] = (),
    text: str | None = None,
) -> Preview:
    """Propose a mapping for the table in `path`, or take the one in `text`, and read the table by it. `kinds` says what
    kind of line a type word of a balance is, `meant` what words of status and direction mean
    (`word_meanings.MEANINGS`): of a file that a shipped mapping reads, beside what that one says.

    Raises CrossbookError when no kind of fact fits, or the text is no mapping.
    """
    path = Path(path)
    said = {"kind": kind, "account": account, "currency": currency, "date_order": date_order, "text": text}
    work = partial(_preview, path, kinds=dict(kinds) if kinds else None, meant=tuple(meant), **said)
    return apart.run(work, name=path.name, size=path.stat().st_size if path.is_file() else 0)


def _preview(
    path: Path,
    kind: str | None,
    account: str | None,
    currency: str | None,
    date_order: str | None,
    kinds: Mapping[str, str] | None,
    meant: Sequence[tuple[str, str]],
    text: str | None,
) -> Preview:
    """What runs in a process apart."""
    items = inputs([path])
    if len(items) != 1:
        raise CrossbookError(f"{len(items)} files; a mapping is made from one", where=str(path))
    with tempfile.TemporaryDirectory(prefix="crossbook-") as folder:
        # an archive's member is mapped under its own name
        plain = Path(folder) / Path(items[0].name).name
        with items[0].open() as source:
            plain.write_bytes(source.read())
        further = text is None and (kinds or meant)
        own = shipped.told(read_head(plain, path.name), kinds or {}, meant) if further else None
        if own is not None:
            name, text = own.name, own.text
        elif text is None:
            proposal = propose(
                plain,
                kind=kind,
                account=account,
                currency=currency,
                date_order=date_order,
                kinds=kinds,
                meant=meant,
            )
            name, text = proposal.name, proposal.text
        else:
            name = mapping_name(str(mapping_from_text("mapping", text).spec.get("account") or plain.stem))
        mapped = mapping_from_text(name, text)
        reading = Reading(path=plain, name=path.name, encoding="utf-8", account=account)
        rows: dict[str, list[dict[str, Any]]] = {}
        extents: dict[str, Extent] = {}
        followed = mapped.follow(reading, Path(folder))
        for kind_, table in mapped.facts(followed):
            known = rows.setdefault(kind_, [])
            known += table.slice(0, SHOWN - len(known)).to_pylist()
            _count(extents.setdefault(kind_, Extent()), kind_, table)
        read = Trial(spec=mapped.spec, proofs=followed.proofs(), bad=len(reading.bad_lines), followed=followed)
        open_ = [*_guessed(text, mapped.spec), *doubts(plain, path.name, read), *_fees_beside(text, read)]
        open_ += [Doubt(text=said, answer=f"sheet{number}") for number, said in mapped.beside(reading)]
        kept = unguessed(_kept(text, read, open_))
    return Preview(
        name=name,
        text=text,
        unused=reading.unused,
        rows=rows,
        bad=reading.bad,
        bad_count=len(reading.bad_lines),
        extents=extents,
        doubled=_doubled(mapped.spec["columns"]),
        proofs=[p.text for p in read.proofs],
        doubts=open_,
        left_out=followed.left_out,
        unsaid=list(followed.unsaid),
        kept=kept,
    )


def _kept(text: str, read: Trial, asked: list[Doubt]) -> str:
    """The text of a mapping that a person confirmed, with what the file left open as it was shown, and nothing else."""
    if read.followed.mark.undecided:
        text = with_setting(text, {"decimal": read.followed.point})
    path = read.followed.reading.path
    return agreeing(text, [only_here(key, path) if d.here else key for d in asked for key in d.keys])


def _fees_beside(text: str, read: Trial) -> list[Doubt]:
    """A column of fees that nothing is read of, unless a balance proves of each row with a fee that a bank's amounts
    hold it."""
    line = next((t for t in text.splitlines() if t.startswith("kind =")), "")
    _, guessed, header = line.partition(FEES)
    bearing = read.followed.bearing
    proved = [p.lines for p in read.proofs if p.name == "balance" and p.held and not p.against]
    if not guessed or any(bearing & lines for lines in proved):
        return []
    said = f"nothing proves whether the fees of {header} are in the amounts: they are read as in them already"
    return [Doubt(text=said, answer=header)]


def _guessed(text: str, spec: dict[str, Any]) -> list[Doubt]:
    """The account and the currency, where the mapping says itself that the file does not name them."""
    told = {
        name: next((t for t in text.splitlines() if t.startswith(f"{name} =")), "")
        for name in ("account", "currency", "zone", "clock")
    }
    account, code = str(spec.get("account")), str(spec.get("currency"))
    found = []
    if f"# {GUESS}" in told["account"]:
        said = f"the file names accounts, and not which of them is its own: {account}, of its name, is a guess"
        found.append(Doubt(text=said, answer=account))
    if f"# {GUESS}" in told["zone"]:
        zone = str(spec["zone"])
        found.append(Doubt(text=f"the moments of the file do not say their zone: {zone} is a guess", answer=zone))
    if f"# {GUESS}" in told["clock"]:
        clock = str(spec["clock"])
        said = f"times in few figures may be hours and minutes, or minutes and seconds: {clock} is a guess"
        found.append(Doubt(text=said, answer=clock))
    if f"# {BY_NAME}" in told["currency"]:
        found.append(Doubt(text=f"the file does not say its currency, only its name does: {code}", answer=code))
    elif f"# {GUESS}" in told["currency"]:
        found.append(Doubt(text=f"the file does not say its currency: {code} is a guess", answer=code))
    return found


def _count(extent: Extent, kind: str, table: pa.Table) -> None:
    """Add the rows of a table to what is known of its kind."""
    extent.rows += table.num_rows
    columns = KINDS[kind].columns
    amount = next((n for n in AMOUNTS if n in columns), "")
    if amount and "currency" in columns:
        for value, code in zip(table[amount].to_pylist(), table["currency"].to_pylist(), strict=True):
            if value is not None and code:
                extent.sums[code] = extent.sums.get(code, 0) + value
    column = next((n for n, of in columns.items() if of in (DAY, INSTANT)), "")
    if column:
        days = [d.date() if isinstance(d, datetime) else d for d in table[column].to_pylist() if d is not None]
        extent.first = min([*days, *([extent.first] if extent.first else [])], default=None)
        extent.last = max([*days, *([extent.last] if extent.last else [])], default=None)


def _doubled(columns: dict[str, str]) -> list[str]:
    """Headers that several columns are read from."""
    headers = [h for h in columns.values() if not h.startswith("=")]
    return sorted({h for h in headers if headers.count(h) > 1})


def kept_mapping(book: Book, name: str) -> str | None:
    """The text of the mapping of that name that the book keeps; None when there is none."""
    path = _place(book, name)
    return read_mapping(path) if path.exists() else None


def named_apart(book: Book, seen: Preview) -> Preview:
    """The preview under a name of its own where the book keeps a mapping of that name for other tables, as for the
    payments of an account whose orders are mapped: the kind behind it, and a number if that is taken, too."""
    spec = mapping_from_text(seen.name, seen.text).spec
    kind = spec["kind"]
    names = (seen.name, f"{seen.name}-{kind}", *(f"{seen.name}-{kind}-{n}" for n in range(2, 100)))
    headers = {*seen.unused, *_headers(spec)}
    for name in names:
        other = kept_mapping(book, name)
        if other is None or _headers(mapping_from_text(name, other).spec) <= headers:
            return replace(seen, name=name)
    return seen


def _headers(spec: Mapping[str, Any]) -> set[str]:
    """The headers that a mapping reads."""
    named = [*spec["columns"].values(), *spec.get("amounts", {})]
    named += [spec[table]["column"] for table in ("direction", "status") if "column" in spec.get(table, {})]
    return {header for header in named if not header.startswith("=")}


def keep_mapping(book: Book, name: str, text: str) -> Path:
    """Keep a mapping in the book; from then on files with these headers are read by it."""
    path = _place(book, name)
    private.make_folder(path.parent, book.path)
    part = path.with_suffix(f".{secrets.token_hex(4)}.part")
    part.write_text(text, encoding="utf-8")
    private.keep(part, book.path)
    part.replace(path)
    return path


def set_mapping_aside(book: Book, name: str, number: int) -> Path:
    """Move a mapping to where no file is read by it; `number` tells it from others of its name."""
    path = _place(book, name)
    target = path.parent / ASIDE / f"{name}.{number}.toml"
    private.make_folder(target.parent, book.path)
    if path.exists():
        path.replace(target)
    return target


def _place(book: Book, name: str) -> Path:
    if not name or mapping_name(name) != name or len(name.encode()) > MOST_OF_A_NAME:
        todo = "use letters, digits, - and _, not too many"
        raise CrossbookError(f"{name[:60]!r} is no name for a mapping", todo=todo)
    return book.path / FOLDER / f"{name}.toml"
