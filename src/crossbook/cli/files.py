"""Making a book and filling it: init, add, map, formats."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.choices import choice, of
from crossbook.cli.choices import formats as formats_
from crossbook.cli.complaints import complain, complain_by_kind
from crossbook.cli.deciding import Yes, decided
from crossbook.cli.options import HERE, AsJson, BookPath, command
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.book import Book
    from crossbook.book.adding import Added
    from crossbook.book.mapping import Preview
    from crossbook.errors import CrossbookError

PANEL = "A book and its files 账簿与文件"


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    for function, name in ((init, ""), (add, ""), (map_table, "map"), (formats, "")):
        command(app, function, name, PANEL)


def init(
    folder: Annotated[Path | None, typer.Argument(help="Where to make it, if not --book. 账簿文件夹")] = None,
    book: BookPath = HERE,
    name: Annotated[str, typer.Option(help="The business, as papers name it. 企业名称")] = "",
    currency: Annotated[str, typer.Option(help="Its own currency. 本位币")] = "CNY",
    catalog: Annotated[
        str,
        typer.Option(
            help="Keep the catalog in this PostgreSQL database, for several machines to share. 共享目录库",
            metavar="URL",
        ),
    ] = "",
    json: AsJson = False,
) -> None:
    """Make a new, empty book. 新建账簿"""
    from crossbook import money
    from crossbook.book.book import has_password, init_book
    from crossbook.cli.show import as_json, clean, say
    from crossbook.errors import CrossbookError

    try:
        code = money.currency(currency)
    except ValueError:
        raise CrossbookError(f"unknown currency {currency!r}", todo="use an ISO 4217 code such as USD") from None
    made = init_book(folder or book, name, code, catalog)
    if json:
        as_json({"book": made.path})
        return
    say(t("made the book {path}", path=clean(made.path)))
    if catalog and has_password(catalog):
        say(t("book.toml holds the password of the database: only you may read it"))
    say(t("next: crossbook add FILES"))


def add(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, .zip and .gz. 文件或文件夹")],
    book: BookPath = HERE,
    account: Annotated[str | None, typer.Option(help="The account they belong to. 所属账户")] = None,
    source: Annotated[str | None, choice("format", formats_, text="Read them as this format. 指定格式")] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Leave out rows that cannot be read. 跳过无法读取的行")
    ] = False,
    yes: Annotated[
        list[str] | None,
        typer.Option(metavar="LINE", help="Agree to what contradicts the file's own balance or totals. 确认不符之处"),
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="The currency of bank files that do not name theirs. 币种（文件未写明时）")
    ] = None,
    why_not: Annotated[
        bool, typer.Option("--why-not", help="Say of every format why it does not read a file. 逐一说明无法识别的原因")
    ] = False,
    json: AsJson = False,
) -> None:
    """Add files to the book: recognised, read, kept unchanged. 添加文件"""
    from crossbook import apart

    apart.start()  # before anything has threads
    from crossbook.book import open_book
    from crossbook.book.adding import add as add_one
    from crossbook.book.opening import inputs
    from crossbook.cli import show
    from crossbook.errors import CrossbookError, UnrecognisedError

    opened = open_book(book)
    found = inputs(paths)
    done: list[Added] = []
    failed: list[tuple[str, CrossbookError]] = []
    with show.progress(quiet=json) as step:
        for i, item in enumerate(found):
            step(t("adding"), i, len(found))
            try:
                done.append(
                    add_one(
                        opened,
                        item,
                        account=account,
                        source=source,
                        partial=partial,
                        yes=yes or (),
                        currency=currency,
                    )
                )
            except CrossbookError as error:
                failed.append((item.name, error))
        step(t("adding"), len(found), len(found))
    if json:
        show.as_json({"added": [asdict(a) for a in done], "errors": [_told(name, error) for name, error in failed]})
    else:
        _show_added(done)
        if any(a.facts.keys() & {"bank", "balance"} for a in done):
            _ask_for_aliases(opened)
    if not json and not why_not:
        complain_by_kind(failed)
    for _, problem in failed if why_not and not json else ():
        complain(problem)
        for source_, reason in problem.tried if isinstance(problem, UnrecognisedError) else ():
            show.say(f"  {show.clean(source_)}: {show.clean(translated(reason))}")
    if failed:
        raise typer.Exit(2)


def _ask_for_aliases(book: Book) -> None:
    """Say which names of bank accounts may be of one account; ask about it at a terminal."""
    import sys

    from crossbook.book.aliases import add_alias, suggested
    from crossbook.cli import show
    from crossbook.cli.book import may_be_named

    for account, name in suggested(book):
        show.say(f"[{show.WARN}]{show.clean(translated(may_be_named(account, name)))}[/]")
        if sys.stdin.isatty() and sys.stdout.isatty() and typer.confirm(t("is it?"), default=False):
            book = add_alias(book, account, name)


def _told(name: str, error: CrossbookError) -> dict[str, object]:
    """A file that could not be added, for programs; of one that nothing reads, also what it looks like and each
    format's reason."""
    from crossbook.errors import UnrecognisedError

    told: dict[str, object] = {"name": name, "error": error.what, "where": error.where, "todo": error.todo}
    if isinstance(error, UnrecognisedError):
        told |= {"near": [asdict(n) for n in error.near], "tried": dict(error.tried)}
    return told


def _show_added(done: list[Added]) -> None:
    from crossbook.cli import show

    rows: dict[tuple[str, str], Counter[str]] = {}
    for a in done:
        counts = rows.setdefault((a.source, a.status), Counter())
        counts["files"] += 1
        counts.update(a.facts)
    if rows:
        show.table(
            [t("source"), t("status"), t("files"), t("read")],
            [
                [
                    show.clean(source),
                    t(status),
                    f"{counts['files']:,}",
                    ", ".join(f"{n:,} {t(k)}" for k, n in sorted(counts.items()) if k != "files"),
                ]
                for (source, status), counts in sorted(rows.items())
            ],
            right=[2],
        )
    for a in done:
        for note in a.note.splitlines():
            text = f"{show.clean(a.name)}: {show.clean(translated(note))}"
            show.say(f"[{show.WARN}]{text}[/]" if a.other_account else text)
        for bad in a.bad:
            where = f"{a.name}:{bad.line}"
            show.say(
                f"[{show.WARN}]{show.clean(where)} {show.clean(bad.column)}: {show.clean(repr(bad.value))}: "
                f"{show.clean(translated(bad.reason))}[/]"
            )


def map_table(
    path: Annotated[Path, typer.Argument(help="A CSV or workbook. 表格文件")],
    book: BookPath = HERE,
    kind: Annotated[
        str | None,
        choice(
            "kind",
            of("sources.mapping_spec", "NEEDED"),
            text="bank, payout, order, ...: docs/mapping.md lists them. 种类",
        ),
    ] = None,
    account: Annotated[str | None, typer.Option(help="The account it belongs to. 所属账户")] = None,
    currency: Annotated[str | None, typer.Option(help="If the table has no currency column. 币种")] = None,
    date_order: Annotated[
        str | None, choice("date order", of("sources.table.days", "ORDERS"), text="How days are written. 日期顺序")
    ] = None,
    line_kinds: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="WORD=KIND", help="What kind of line a type word is: 运费=shipping. 行类型"),
    ] = None,
    words: Annotated[
        list[str] | None,
        typer.Option(
            "--word", metavar="WORD=MEANING", help="Sent=done: done, undone, in, out or neither. 状态与收支用词"
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it, keep nothing. 仅预览")] = False,
    yes: Yes = None,
    json: AsJson = False,
) -> None:
    """Propose a mapping for a table of one's own, show what it reads, and use it from then on. 为自有表格建立映射"""
    from crossbook.book import open_book
    from crossbook.book.mapping import FOLDER, kept_mapping, named_apart, preview
    from crossbook.cli import show
    from crossbook.sources import word_meanings

    opened = open_book(book)
    kinds = dict(_word_and_kind(text) for text in line_kinds or ())
    found = preview(
        path,
        kind=kind,
        account=account,
        currency=currency,
        date_order=date_order,
        kinds=kinds,
        meant=[word_meanings.pair(text) for text in words or ()],
    )
    seen = named_apart(opened, found)
    if not json:
        _show_preview(seen)
    if not dry_run and kept_mapping(opened, seen.name) != seen.kept:
        decided("reading", opened, {"mapping": seen.name, "table": path, "text": seen.text}, yes)
    kept = None if dry_run else opened.path / FOLDER / f"{seen.name}.toml"
    if json:
        show.as_json(
            {
                "name": seen.name,
                "mapping": seen.text if dry_run else seen.kept,
                "unused": seen.unused,
                "rows": seen.rows,
                "bad": seen.bad,
                "proofs": seen.proofs,
                "asks": [asdict(doubt) for doubt in seen.doubts],
                "left_out": [{"line": n, "is": role, "text": text} for n, role, text in seen.left_out],
                "kept": kept,
            }
        )
    elif kept:
        show.say(
            t(
                "kept as {path}; correct it there, then: crossbook add {file}",
                path=show.clean(kept),
                file=show.clean(path) + (" --partial" if seen.bad else ""),
            )
        )


def _word_and_kind(text: str) -> tuple[str, str]:
    """A type word and what kind of line it is, of WORD=KIND. Raises CrossbookError."""
    from crossbook.errors import CrossbookError
    from crossbook.facts.settlement import LINE_KINDS

    word, mark, kind = text.rpartition("=")
    if not mark or kind not in LINE_KINDS:
        raise CrossbookError(f"{text!r} is no WORD=KIND", todo=f"use one of {', '.join(LINE_KINDS)}")
    return word, kind


def _show_preview(seen: Preview) -> None:
    from crossbook.cli import show
    from crossbook.views.tables import shown

    for setting in seen.text.rstrip("\n").split("\n"):
        said, mark, remark = setting.partition("  # ")
        show.say(show.clean(f"{said}{mark}{translated(remark)}"))
    show.say("")
    for name, rows in seen.rows.items():
        columns, texts = shown(name, rows)
        show.table([t(c) for c in columns], [[show.clean(text) for text in row] for row in texts], title=t(name))
    for bad in seen.bad:
        show.say(
            f"[{show.WARN}]{bad.line} {show.clean(bad.column)}: {show.clean(repr(bad.value))}: "
            f"{show.clean(translated(bad.reason))}[/]"
        )
    for line, role, text in seen.left_out:
        show.say(show.clean(translated(f"line {line} is no row ({role}): {text}")))
    for proof in seen.proofs:
        show.say(show.clean(translated(proof)))
    for doubt in seen.doubts:
        show.say(f"[{show.WARN}]{show.clean(translated(doubt.text))}: --yes {show.clean(doubt.answer)}[/]")
    if seen.unused:
        show.say(t("not used: {columns}", columns=show.clean(", ".join(seen.unused))))


def formats(json: AsJson = False) -> None:
    """List every format that is read, each with the first lines of an example; of a layout that comes as a mapping also
    whether a public sample proves it or its documentation alone, and where that is. 支持的格式"""
    from crossbook.cli import show
    from crossbook.sources import registry

    found = registry.formats()
    if json:
        show.as_json([asdict(f) for f in found])
        return
    for f in found:
        show.say(f"[bold]{show.clean(f.name)}[/]  {show.clean(t(f.title))}")
        for line in f.example.split("\n"):
            show.say(f"    [dim]{show.clean(line)}[/]")
        if f.proven:
            show.say(f"    {t(registry.PROVEN[f.proven])}: {show.clean(', '.join(f.source))}")
