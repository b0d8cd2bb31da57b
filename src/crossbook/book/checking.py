"""Checking a book against itself and against heads that somebody kept, and making its facts anew."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from crossbook.book import catalog, chain, faults, heads, journal, keys, layout, private, seals, signing, stamps
from crossbook.book.adding import source_of
from crossbook.book.book import Book, FactFile, fact_name
from crossbook.book.chain import Head, Held
from crossbook.book.clock import SET_BACK
from crossbook.book.durable import opened
from crossbook.book.fact_writing import name_facts, place, written_facts
from crossbook.book.journal import RECOVERED, REPAIRED, Entry
from crossbook.book.mapping import FOLDER
from crossbook.book.reading import Job, Told, left, read_apart
from crossbook.book.sharing import by_path, rebuilt_by, set_aside_unnamed, told_as
from crossbook.sources.source import Reading

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

BUSY = "files are being added just now; what the catalog does not name was not looked for: check again later"
RESTORE = "restore it from a backup"
_NAMING = 12  # digits of its hash that name a file of facts
OLDER = (
    "its rows are in no chain, and what another program changes in the catalog is not found. "
    "Bring it over: crossbook book upgrade"
)


@dataclass
class Report:
    """What a check found. `problems` say what is missing, changed or unreadable; `orphans` are files of evidence and
    facts that the catalog does not name, as paths in the book. `head` stands for all history, as it is printed; "" in a
    book of an older layout."""

    evidence: int = 0
    fact_files: int = 0
    journal: int = 0
    problems: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    head: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.problems and not self.orphans


def check(
    book: Book,
    progress: Callable[[int], None] = lambda done: None,
    *,
    kept: Sequence[Head] = (),
    signer: str = "",
    authority: Sequence[Certificate] | None = None,
) -> Report:
    """Re-hash evidence and facts, verify the chain over catalog and journal, name the files that no catalog row names.

    The book must be a later state of the heads beside it, of `kept`, which somebody kept elsewhere, of one that the
    public key `signer` signed, and of one that the `authority` of these certificates stamped. It only reads. What the
    catalog does not name may be an original whose catalog was replaced by an older one, so it is told and left where it
    is.
    """
    report = Report()
    beside = heads.read(book.path)  # before the catalog, which so is never behind it
    with book.lock(shared=False) as alone:
        lying = _lying(book) if alone else []
        with book.engine.connect() as connection:
            number = layout.of(connection)
            damage = catalog.damage(connection)
            chained = chain.has_links(connection)
            found = chain.held(connection) if chained or number > layout.UNCHAINED else Held()
            broken = journal.broken_at(connection)
            entries = journal.entries(connection) if broken is None else []
            report.journal = len(entries)
            evidence = connection.execute(sa.select(catalog.evidence)).mappings().all()
        files = book.fact_files()
    if number > layout.UNCHAINED or found.links or beside:
        notes, problems = stamps.told(book.path, found, (beside or ([], {}))[0], authority)
        report.notes += notes
        report.problems += problems
        _history(report, found, beside, kept, signer, {e.seq for e in entries if _sets_aside(e)}, _marked(entries))
        if number == layout.UNCHAINED:
            report.problems.append(f"the catalog says that it has layout {number}, of which no book has a chain")
    else:
        report.notes.append(f"the book has layout {number}: {OLDER}")
        if kept or signer or authority:
            report.problems.append(f"the book has layout {number}, and so no head: it was set back, or is another book")
    if damage:
        report.problems.insert(0, f"{damage}; {faults.RECOVER}")
    if broken is not None:
        report.problems.append(f"journal: entry {broken} was changed, removed or reordered")
    _signed(report, entries)
    report.problems += _mappings(book, entries)
    if private.open_to_others(book.path):
        report.notes.append("whoever uses this machine may look into the book's folder: chmod 700 takes that away")
    if not alone:
        report.notes.append(BUSY)
    for row in evidence:
        path = book.evidence_path(str(row["sha"]))
        report.problems += _compare(path, row["sha"], f"evidence {row['name']} ({str(row['sha'])[:12]})", RESTORE)
        report.evidence += 1
        progress(1)
    wrong: dict[Path, list[str]] = {}
    for path, of in by_path(files).items():
        told = _compare(path, of[0].sha, told_as(of), f"run `crossbook book rebuild{rebuilt_by(of)}`")
        if told:
            wrong[path] = told
        report.fact_files += 1
        progress(1)
    if wrong:  # a rebuild meanwhile may have set them aside
        still = {file.path for file in book.fact_files()}
        report.problems += [text for path, told in wrong.items() if path in still for text in told]
    report.problems += [
        f"{path}: changed since it was made; it is made anew when it is read next" for path in seals.changed(book)
    ]
    report.orphans = _unnamed(book, lying, [str(row["sha"]) for row in evidence], files)
    return report


def orphans(book: Book) -> list[str]:
    """The files of evidence and facts that the catalog does not name, as paths in the book, while nobody adds any."""
    lying = _lying(book)
    return _unnamed(book, lying, [row["sha"] for row in book.evidence()], book.fact_files())


def _unnamed(book: Book, lying: Sequence[Path], originals: Sequence[str], files: Sequence[FactFile]) -> list[str]:
    known = {book.evidence_path(sha) for sha in originals} | {file.path for file in files}
    return [path.relative_to(book.path).as_posix() for path in lying if path not in known]


def _history(
    report: Report,
    found: Held,
    beside: tuple[list[heads.Line], dict[int, str]] | None,
    kept: Sequence[Head],
    signer: str,
    setting_aside: Collection[int],
    marked: Collection[str],
) -> None:
    """Hold the chain against itself and against heads of it; `setting_aside` are the entries of the journal by which a
    history was set aside, `marked` the moments that entries say to be later than their own clock."""
    report.problems += found.problems + [text for at, text in found.back.items() if at not in marked]
    report.notes += [f"{text}; an entry of the journal said so then" for at, text in found.back.items() if at in marked]
    report.head = str(found.head or "")
    lines, unread = beside or ([], {})
    if not lines and not unread:
        report.problems.append(heads.MISSING if beside is None else heads.EMPTY)
    for n, text in unread.items():
        if heads.torn(text, found):
            report.notes.append(f"{heads.FILE}: line {n} was torn off by a crash")
        else:
            report.problems.append(f"{heads.FILE}: line {n} cannot be read: it was changed")
    report.problems += [f"{heads.FILE}: line {b.number} was changed" for b in lines if not b.head.whole]
    recoveries = {count for count, seq in found.entries.items() if seq in setting_aside}
    forged = heads.forged(lines, found, recoveries)
    report.problems += [
        f"{heads.FILE}: line {b.number} tells of a recovery that the journal does not have: it was changed"
        for b in forged
    ]
    binding = list(heads.binding([b for b in lines if b not in forged]))
    if len(binding) + len(forged) < len(lines):
        gone = len(lines) - len(binding) - len(forged)
        report.notes.append(f"{gone} heads are of what was set aside by a recovery or a repair")
    report.problems += [f"{heads.FILE}: {told}" for told in heads.against([b.head for b in binding], found)]
    report.problems += heads.against(kept, found)
    if kept and not heads.against(kept, found):
        report.notes += [_later(found, max(kept, key=lambda head: head.count), "the head that was kept")]
    _signatures(report, found, lines, binding, signer)
    last = max((line.head.count for line in lines), default=0)
    if beside is not None and found.head and 0 < last < found.head.count:
        report.notes.append(f"the file {heads.FILE} ends at link {last} of {found.head.count}; the next change adds it")


def _signatures(
    report: Report, found: Held, lines: Sequence[heads.Line], binding: Sequence[heads.Line], signer: str
) -> None:
    signed = [line for line in lines if line.signature]
    if not signing.installed():
        if signed:
            report.notes.append("signatures of heads were not looked at: pip install 'crossbook[sign]'")
        return
    bad = {line.number for line in signed if not signing.holds(line.head, line.key, line.signature)}
    report.problems += [f"{heads.FILE}: line {n} has a signature that is not of its key" for n in sorted(bad)]
    if not signer:
        return
    of = [line.head for line in binding if line.key == signer and line.number not in bad]
    if of:
        report.notes.append(_later(found, max(of, key=lambda head: head.count), "the last head that this key signed"))
    else:
        report.problems.append("no head of this book is signed by that key")


def _signed(report: Report, entries: Sequence[Entry]) -> None:
    """Hold each signed entry of the journal against the key that its account had when it was made."""
    who = {e.seq: e.who for e in entries}
    found = keys.signatures(entries)
    report.problems += [
        f"journal: the signature of entry {seq} is not of the key that {who[seq]} had, or not over what it says there"
        for seq, told in found.items()
        if told == keys.Signature.BROKEN
    ]
    if keys.Signature.UNREAD in found.values():
        report.notes.append("signatures of decisions were not looked at: pip install 'crossbook[sign]'")


def _later(found: Held, head: Head, what: str) -> str:
    since = (found.head.count if found.head else 0) - head.count
    return f"the book is a later state of {what}, {head.count}: {since} changes since"


def _marked(entries: Sequence[Entry]) -> set[str]:
    return {str(e.body[SET_BACK]) for e in entries if SET_BACK in e.body}


def _sets_aside(entry: Entry) -> bool:
    """Whether an entry says that a history was set aside: a recovery, or a repair by which an older catalog stands."""
    return entry.action == RECOVERED or (entry.action == REPAIRED and bool(entry.body.get("why")))


def _mappings(book: Book, entries: Sequence[Entry]) -> list[str]:
    """Mappings that people decided to read by, and that are not where files are read by them."""
    kept: dict[str, bool] = {}
    for entry in entries:
        if entry.action in ("map", "unmap"):
            kept[entry.subject] = entry.action == "map"
    return [
        f"mapping {name}: missing; decide the reading again: crossbook decide reading"
        for name, stands in kept.items()
        if stands and not (book.path / FOLDER / f"{name}.toml").exists()
    ]


def _lying(book: Book) -> list[Path]:
    """Every file where evidence and facts lie."""
    folders = (book.evidence_dir, book.facts_dir)
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())


def _compare(path: Path, sha: str, what: str, todo: str) -> list[str]:
    """What is wrong with a file that should have this SHA-256, if anything."""
    try:
        with opened(path) as file:
            held = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return [f"{what}: missing; {todo}"]
    except OSError as error:
        return [f"{what}: cannot be read ({error.strerror}); {todo}"]
    return [] if held == sha else [f"{what}: changed since it was added; {todo}"]


def rebuild(book: Book, progress: Callable[[int], None] = lambda done: None, *, only: str = "") -> Report:
    """Make every fact file anew from its evidence, by the source and mapping that read it first; with `only` those of
    the original with that name, or whose SHA-256 begins so, or of the originals whose facts are in the file that does.

    Files that it replaces are moved to `set-aside/`, out of the readers' way. A book from before fact files were called
    by their content has them so afterwards. Where the original itself is missing or changed its facts stay as they are,
    and the report says so.
    """
    report = Report()
    whole = True
    with book.lock(shared=True):
        for row in _wanted(book, only):
            name = f"evidence {row['name']} ({row['sha'][:12]})"
            if wrong := _compare(book.evidence_path(row["sha"]), row["sha"], name, RESTORE):
                report.problems += wrong
                whole = False
            else:
                _rebuild(book, row, report)
            progress(1)
        if whole and not only:
            with book.writing() as connection:
                layout.note_facts_by_content(connection)
    return report


def _wanted(book: Book, only: str) -> list[dict[str, Any]]:
    held = book.evidence()
    if not only:
        return held
    inside = {f.evidence for f in book.fact_files() if len(only) >= _NAMING and f.sha.startswith(only)}
    return [e for e in held if e["sha"] in inside] or [book.find_evidence(only)]


def _rebuild(book: Book, row: dict[str, Any], report: Report) -> None:
    sha = row["sha"]
    kept = book.evidence_path(sha)
    job = Job(
        path=kept,
        name=row["name"],
        book=Book(book.path),
        sha=sha,
        account=row["account"],
        source=None,
        yes=(),
        currency=None,
        partial=row["partial"],
    )
    before = {file.path for file in book.fact_files(of=sha)}
    before |= set(book.facts_dir.glob(f"*/{fact_name(sha)}"))  # as older books called them
    with (
        read_apart(partial(_read, row), job, row["size"]) as told,
        book.writing() as connection,
    ):
        files = told.files
        place(files)
        chain.link(connection, name_facts(connection, sha, files))
    set_aside_unnamed(book, before - {file.target for file in files.values()})
    for kind, rows in row["facts"].items():
        now = files[kind].rows if kind in files else 0
        if now != rows:
            report.problems.append(f"{row['name']}: {kind} had {rows} rows, now {now}")
    report.evidence += 1
    report.fact_files += len(files)


def _read(row: dict[str, Any], job: Job, tell: Callable[[str, int], None]) -> Told:
    """What runs in a process apart: read an original again, as it was read first."""
    reading = Reading(path=job.path, name=job.name, encoding="utf-8", account=job.account, again=True)
    source = source_of(row)
    with written_facts(job.book, job.sha, source, reading, partial=job.partial, ending=job.ending) as files:
        return left(files, reading, source=source.name, agreed=[])
