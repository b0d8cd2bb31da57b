"""Commands on the book and its files: init, add, map, formats, check, rebuild, retire."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.complaints import complain
from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.book.adding import Added
    from crossbook.errors import CrossbookError


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    for name, command in (
        ("init", init), ("add", add), ("map", map_table), ("formats", formats), ("check", check), ("rebuild", rebuild),
        ("retire", retire),
    ):  # fmt: skip
        app.command(name)(command)


def init(
    folder: Annotated[Path | None, typer.Argument(help="Where to make it, if not --book. 账簿文件夹")] = None,
    book: BookPath = HERE,
    name: Annotated[str, typer.Option(help="The business, as papers name it. 企业名称")] = "",
    currency: Annotated[str, typer.Option(help="Its own currency. 本位币")] = "CNY",
) -> None:
    """Make a new, empty book. 新建账簿"""
    from crossbook import money
    from crossbook.book import init_book
    from crossbook.cli.show import clean, say
    from crossbook.errors import CrossbookError

    try:
        code = money.currency(currency)
    except ValueError:
        raise CrossbookError(f"unknown currency {currency!r}", todo="use an ISO 4217 code such as USD") from None
    made = init_book(folder or book, name, code)
    say(t("made the book {path}", path=clean(made.path)))
    say(t("next: crossbook add FILES"))


def add(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, .zip and .gz. 文件或文件夹")],
    book: BookPath = HERE,
    account: Annotated[str | None, typer.Option(help="The account they belong to. 所属账户")] = None,
    source: Annotated[str | None, typer.Option(help="Read them as this format. 指定格式")] = None,
    partial: Annotated[bool, typer.Option(help="Leave out rows that cannot be read. 跳过无法读取的行")] = False,
    json: AsJson = False,
) -> None:
    """Add files to the book: recognised, read, kept unchanged. 添加文件"""
    from crossbook.book import open_book
    from crossbook.book.adding import add as add_one
    from crossbook.book.opening import inputs
    from crossbook.cli import show
    from crossbook.errors import CrossbookError

    opened = open_book(book)
    found = inputs(paths)
    done: list[Added] = []
    failed: list[tuple[str, CrossbookError]] = []
    with show.progress(quiet=json) as step:
        for i, item in enumerate(found):
            step(t("adding"), i, len(found))
            try:
                done.append(add_one(opened, item, account=account, source=source, partial=partial))
            except CrossbookError as error:
                failed.append((item.name, error))
        step(t("adding"), len(found), len(found))
    if json:
        errors = [
            {"name": name, "error": error.what, "where": error.where, "todo": error.todo} for name, error in failed
        ]
        show.as_json({"added": [asdict(a) for a in done], "errors": errors})
    else:
        _show_added(done)
    for _, problem in failed:
        if not json:
            complain(problem)
    if failed:
        raise typer.Exit(2)


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
                [show.clean(source), t(status), f"{counts['files']:,}",
                 ", ".join(f"{n:,} {t(k)}" for k, n in sorted(counts.items()) if k != "files")]
                for (source, status), counts in sorted(rows.items())
            ],
            right=[2],
        )  # fmt: skip
    for a in done:
        if a.note:
            text = f"{show.clean(a.name)}: {show.clean(translated(a.note))}"
            show.say(f"[{show.WARN}]{text}[/]" if a.other_account else text)
        for bad in a.bad:
            where = f"{a.name}:{bad.line}"
            show.say(f"[{show.WARN}]{show.clean(where)} {show.clean(bad.column)}: {show.clean(repr(bad.value))}: "
                     f"{show.clean(translated(bad.reason))}[/]")  # fmt: skip


def map_table(
    path: Annotated[Path, typer.Argument(help="A CSV or workbook. 表格文件")],
    book: BookPath = HERE,
    kind: Annotated[str | None, typer.Option(help="bank, payout, order, ...: docs/mapping.md lists them. 种类")] = None,
    account: Annotated[str | None, typer.Option(help="The account it belongs to. 所属账户")] = None,
    currency: Annotated[str | None, typer.Option(help="If the table has no currency column. 币种")] = None,
    dry_run: Annotated[bool, typer.Option(help="Show it, keep nothing. 仅预览")] = False,
    json: AsJson = False,
) -> None:
    """Propose a mapping for a table of one's own, show what it reads, and use it from then on. 为自有表格建立映射"""
    from crossbook.book import open_book
    from crossbook.book.mapping import keep_mapping, preview
    from crossbook.cli import show

    opened = open_book(book)
    seen = preview(path, kind=kind, account=account, currency=currency)
    kept = None if dry_run else keep_mapping(opened, seen)
    if json:
        show.as_json({"name": seen.name, "mapping": seen.text, "unused": seen.unused, "rows": seen.rows,
                      "bad": seen.bad,
                      "kept": kept})  # fmt: skip
        return
    show.say(show.clean(seen.text))
    for name, rows in seen.rows.items():
        columns = [c for c in rows[0] if any(r[c] is not None for r in rows)] if rows else []
        show.table(
            columns, [[show.clean(r[c] if r[c] is not None else "") for c in columns] for r in rows], title=t(name)
        )
    for bad in seen.bad:
        show.say(f"[{show.WARN}]{bad.line} {show.clean(bad.column)}: {show.clean(repr(bad.value))}: {bad.reason}[/]")
    if seen.unused:
        show.say(t("not used: {columns}", columns=show.clean(", ".join(seen.unused))))
    if kept:
        show.say(
            t(
                "kept as {path}; correct it there, then: crossbook add {file}",
                path=show.clean(kept),
                file=show.clean(path),
            )
        )


def formats(json: AsJson = False) -> None:
    """List every format that is read, each with the first lines of an example. 支持的格式"""
    from crossbook.cli import show
    from crossbook.sources.registry import sources

    found = sources()
    if json:
        show.as_json([{"name": s.name, "title": s.title, "example": s.example} for s in found.values()])
        return
    for s in found.values():
        show.say(f"[bold]{show.clean(s.name)}[/]  {show.clean(s.title)}")
        for line in s.example.split("\n"):
            show.say(f"    [dim]{show.clean(line)}[/]")


def check(
    book: BookPath = HERE,
    listing: Annotated[bool, typer.Option("--list", help="List the evidence instead. 列出证据")] = False,
    json: AsJson = False,
) -> None:
    """Re-hash evidence and facts, verify the journal, name files that the catalog does not know. Exit 1 on findings. 核查账簿"""
    from crossbook.book import open_book
    from crossbook.book.checking import check as check_book
    from crossbook.cli import show

    opened = open_book(book)
    if listing:
        evidence = opened.evidence()
        if json:
            show.as_json(evidence)
            return
        rows = [[e["sha"][:12], show.clean(e["name"]), e["source"], e["added_at"][:16].replace("T", " "),
                 f"{sum(e['facts'].values()):,}"] for e in evidence]  # fmt: skip
        show.table([t("evidence"), t("name"), t("source"), t("added"), t("rows")], rows, right=[4])
        return
    total = sum(1 + len(e["facts"]) for e in opened.evidence())
    with show.progress(quiet=json) as step:
        count = Counter[str]()

        def one(done: int) -> None:
            count["done"] += done
            step(t("checking"), count["done"], total)

        report = check_book(opened, one)
    if json:
        show.as_json(report)
    else:
        show.say(
            t(
                "{e} evidence files, {f} fact files, {j} journal entries",
                e=report.evidence,
                f=report.fact_files,
                j=report.journal,
            )
        )
        for text in report.notes:
            show.say(show.clean(translated(text)))
        for text in report.problems:
            show.say(f"[{show.BAD}]{show.clean(translated(text))}[/]")
        for path in report.orphans:
            show.say(f"[{show.BAD}]{t(_orphan(path), path=show.clean(path))}[/]")
        if report.orphans:
            show.say(
                t("nothing was removed; put back the newest catalog, or add such an original again from where it lies")
            )
        if report.sound:
            told = "what the catalog names is as it was added" if report.notes else "all is as it was added"
            show.say(f"[{show.GOOD}]{t(told)}[/]")
    if not report.sound:
        raise typer.Exit(1)


def _orphan(path: str) -> str:
    """What a file is that the catalog does not name, by where it lies."""
    if path.endswith(".part"):
        return "{path}: left half-written by an adder that was cut off"
    if path.startswith("evidence/"):
        return "{path}: an original that the catalog does not name"
    return "{path}: facts that the catalog does not name"


def rebuild(book: BookPath = HERE, json: AsJson = False) -> None:
    """Make every fact file anew from its evidence. 由证据重建"""
    from crossbook.book import open_book
    from crossbook.book.checking import rebuild as rebuild_book
    from crossbook.cli import show

    opened = open_book(book)
    total = len(opened.evidence())
    with show.progress(quiet=json) as step:
        count = Counter[str]()

        def one(done: int) -> None:
            count["done"] += done
            step(t("rebuilding"), count["done"], total)

        report = rebuild_book(opened, one)
    if json:
        show.as_json(report)
    else:
        show.say(t("{e} evidence files read again, {f} fact files written", e=report.evidence, f=report.fact_files))
        for text in report.problems:
            show.say(f"[{show.BAD}]{show.clean(translated(text))}[/]")
    if report.problems:
        raise typer.Exit(1)


def retire(
    name: Annotated[str, typer.Argument(help="Its name or the start of its SHA-256. 文件名或哈希")],
    book: BookPath = HERE,
    why: Annotated[str, typer.Option(help="Why it is taken out of use. 原因")] = "",
    undo: Annotated[bool, typer.Option(help="Use it again. 恢复使用")] = False,
) -> None:
    """Take a piece of evidence out of use (it stays in the book, and so does the decision). 停用证据"""
    from crossbook.book import open_book
    from crossbook.book.deciding import reinstate
    from crossbook.book.deciding import retire as take_out
    from crossbook.cli import show

    done = (reinstate if undo else take_out)(open_book(book), name, why)
    text = "{name} is in use again" if undo else "{name} is no longer used"
    show.say(t(text, name=show.clean(done)))
