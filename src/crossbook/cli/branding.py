"""Commands of the brand desk: the register of marks, and screening of listings."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.errors import CrossbookError
from crossbook.i18n import t

if TYPE_CHECKING:
    from crossbook.book import Book
    from crossbook.brand.clearing import Found
    from crossbook.engine import Database

STYLE = {"act": "bold red", "look": "yellow", "note": "dim"}
WEIGHT = {"obstacle": "bold red", "near": "yellow", "other class": "dim", "dead": "dim"}
NOTE = "A screen of how near words and pictures are to marks; it is no legal clearance."


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("screen")(screen)
    marks = typer.Typer(no_args_is_help=True, help="The register of trademarks in the book. 商标库")
    marks.command("add")(marks_add)
    marks.command("search")(marks_search)
    app.add_typer(marks, name="marks")


def _open(path: Path) -> tuple[Book, Database]:
    from crossbook.book import open_book
    from crossbook.engine import connect

    book = open_book(path)
    return book, connect(book)


def marks_add(
    paths: Annotated[list[Path], typer.Argument(help="Files of a register, day files, own tables. 商标数据文件")],
    book: BookPath = HERE,
    source: Annotated[str | None, typer.Option(help="Read them as this format. 指定格式")] = None,
    partial: Annotated[bool, typer.Option(help="Leave out rows that cannot be read. 跳过无法读取的行")] = False,
    json: AsJson = False,
) -> None:
    """Add files of a register to the book, and index them. 添加商标数据并建立索引"""
    from crossbook.brand.desk import register_of
    from crossbook.cli import show
    from crossbook.cli.files import add

    add(paths, book, None, source, partial, json)
    opened, database = _open(book)
    with show.progress(json) as step:
        found = register_of(database, opened, step)
    if not json:
        show.say(t("{n} marks in the register", n=f"{found.marks:,}"))


def marks_search(
    name: Annotated[str, typer.Argument(help="The words of a mark. 商标文字")],
    book: BookPath = HERE,
    classes: Annotated[str, typer.Option(help="Nice classes: 9,25. 尼斯分类")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many to list. 条数")] = 30,
    json: AsJson = False,
) -> None:
    """The marks of the register that are near a name, by look, sound and meaning. 近似商标检索"""
    from crossbook.cli import show

    found = near_marks(book, name, classes, limit, json)
    if json:
        show.as_json(found)
        return
    show_marks(found)


def near_marks(path: Path, name: str, classes: str, limit: int, quiet: bool) -> list[Found]:
    """The marks of the book's register that are near a name."""
    from crossbook.brand.clearing import search
    from crossbook.brand.desk import register_of
    from crossbook.cli import show

    opened, database = _open(path)
    with show.progress(quiet) as step:
        register = register_of(database, opened, step)
    return search(register, name, nice_classes(classes), limit)


def nice_classes(text: str) -> tuple[int, ...]:
    """Nice classes as typed. Raises CrossbookError."""
    from crossbook.trademarks import classes

    try:
        return tuple(int(c) for c in classes(text).split())
    except ValueError:
        raise CrossbookError(
            f"{text!r} is no Nice class", where="--classes", todo="give numbers from 1 to 45"
        ) from None


def show_marks(found: list[Found]) -> None:
    """A table of marks, for people."""
    from crossbook.cli import show

    if not found:
        show.say(t("no mark of the register is near"))
    else:
        rows = [[f"[{WEIGHT[f.weight]}]{t(f.weight)}[/]", show.clean(f.mark), t(f.kind), str(f.sight), str(f.sound),
                 str(f.meaning), f.classes, f"{show.clean(f.register)} {show.clean(f.number)}", t(f.live),
                 show.clean(f.owner)] for f in found]  # fmt: skip
        columns = ("weight", "mark", "near by", "sight", "sound", "meaning", "classes", "number", "alive", "owner")
        show.table([t(c) for c in columns], rows, right=[3, 4, 5])
    show.say(f"[dim]{t(NOTE)}[/]")


def screen(
    listing: Annotated[
        str | None, typer.Argument(metavar="[LISTING]", help="One listing, by id or sku. 商品编号")
    ] = None,
    book: BookPath = HERE,
    text: Annotated[str, typer.Option(help="Screen these words instead of the book's listings. 文字")] = "",
    picture: Annotated[Path | None, typer.Option(help="Screen a picture: its words, and near-copies. 图片")] = None,
    logos: Annotated[Path | None, typer.Option(help="With --picture: a folder of logos to look for. 标识图库")] = None,
    level: Annotated[str, typer.Option(help="Only act, look or note, and what is graver. 级别")] = "look",
    dismiss: Annotated[str, typer.Option(metavar="MARK", help="With LISTING: set a hit aside. 排除")] = "",
    reopen: Annotated[str, typer.Option(metavar="MARK", help="With LISTING: let a hit count again. 恢复")] = "",
    why: Annotated[str, typer.Option(help="Why you decide so. 原因")] = "",
    translations: Annotated[Path | None, typer.Option(help="A table of your own: en,zh. 译名表")] = None,
    undocumented: Annotated[
        bool, typer.Option("--undocumented", help="Listings without a product paper. 无来源文件的商品")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many hits to list. 条数")] = 20,
    out: Annotated[Path | None, typer.Option(help="Write every open hit as CSV. 导出")] = None,
    check: Annotated[bool, typer.Option(help="Exit code 1 when a hit must be acted on. 有风险时退出码为 1")] = False,
    json: AsJson = False,
) -> None:
    """Whose mark are listings too close to: words by look, sound and meaning; pictures. No legal clearance. 商标筛查"""
    from crossbook.brand import desk
    from crossbook.cli import show

    if picture is not None:
        _picture(book, picture, logos, json)
        return
    if text:
        _text(book, text, translations, level, json)
        return
    opened, database = _open(book)
    with show.progress(json) as step:
        desk.open_brand(database, opened, date.today(), step, translations)  # noqa: DTZ011 - where the reader is
    if undocumented:
        _undocumented(database, json)
        return
    if dismiss or reopen:
        _decide(opened, database, listing, dismiss, reopen, why)
        return
    if out:
        n, rows = desk.queue(database, level=level, limit=10_000_000)
        _csv(out, rows)
        show.say(t("{n} hits written to {path}", n=f"{n:,}", path=show.clean(out)))
        return
    board = desk.board(database)
    n, rows = desk.queue(database, level="note" if listing else level, listing=listing or "", limit=limit)
    if json:
        show.as_json({"board": board, "n": n, "hits": rows, "note": NOTE})
    else:
        _board(board, n, rows, listing)
        if listing:
            _papers(database, rows, listing)
    if check and board.open["act"]:
        raise typer.Exit(1)


def _undocumented(database: Database, json: bool) -> None:
    from crossbook.brand.desk import undocumented
    from crossbook.cli import show

    found = undocumented(database)
    if json:
        show.as_json(found)
        return
    show.table([t("listing"), t("sku"), t("title")],
               [[show.clean(r["listing"]), show.clean(r["sku"] or ""), show.clean(r["title"] or "")] for r in found])  # fmt: skip


def _board(board: Any, n: int, rows: list[dict[str, Any]], listing: str | None) -> None:
    from crossbook.brand.desk import difference
    from crossbook.cli import show

    if not listing:
        told = "  ".join(f"[{STYLE[k]}]{t(k)} {v:,}[/]" for k, v in board.open.items())
        show.say(
            t("{listings} listings against {marks} marks", listings=f"{board.listings:,}", marks=f"{board.marks:,}")
        )
        show.say(f"{told}  {t('set aside')} {board.dismissed:,}  {t('without papers')} {board.undocumented:,}")
    cells = []
    for r in rows:
        letters = "".join(
            part if kind == "same" else f"[red]-{part}[/]" if kind == "span" else f"[green]+{part}[/]"
            for kind, part in difference(r["span"], r["mark"])
        )
        cells.append([
            f"[{STYLE[r['level']]}]{t(r['level'])} {r['risk']}[/]", show.clean(r["listing"]), show.clean(r["span"]),
            show.clean(r["mark"]), letters, t(r["kind"]), f"{r['sight']}/{r['sound']}/{r['meaning']}",
            show.clean(r["mark_classes"] or ""), f"{show.clean(r['register'] or '')} {show.clean(r['number'] or '')}",
            ", ".join(t(w) for w in r["why"]),
        ])  # fmt: skip
    if cells:
        columns = (
            "risk",
            "listing",
            "span",
            "mark",
            "letters",
            "near by",
            "sight/sound/meaning",
            "classes",
            "number",
            "why",
        )
        show.table([t(c) for c in columns], cells, title=t("{shown} of {n} hits", shown=len(cells), n=f"{n:,}"))
    elif listing:
        show.say(t("nothing of this listing is near a mark of the register"))
    show.say(f"[dim]{t(NOTE)}[/]")


def _papers(database: Database, rows: list[dict[str, Any]], listing: str) -> None:
    from crossbook.brand.desk import dossier
    from crossbook.cli import show

    sku = next((r["sku"] for r in rows if r["sku"]), listing)
    papers = dossier(database, sku)
    if papers:
        show.table([t("paper"), t("kind"), t("by"), t("day")],
                   [[show.clean(p["paper"]), t(p["kind"]), show.clean(p["by"] or ""), str(p["day"])] for p in papers])  # fmt: skip
    else:
        show.say(f"[{show.WARN}]{t('no paper shows where this product comes from')}[/]")


def _decide(book: Book, database: Database, listing: str | None, gone: str, again: str, why: str) -> None:
    from crossbook.brand.desk import dismiss, reopen
    from crossbook.cli import show

    if not listing:
        raise CrossbookError("which listing?", todo="crossbook screen LISTING --dismiss MARK --why …")
    if gone:
        dismiss(book, database, listing, gone, why)
        show.say(
            t(
                "journalled: the hit on {mark} is set aside for {listing}",
                mark=show.clean(gone),
                listing=show.clean(listing),
            )
        )
    else:
        reopen(book, listing, again)
        show.say(
            t(
                "journalled: the hit on {mark} counts again for {listing}",
                mark=show.clean(again),
                listing=show.clean(listing),
            )
        )


def _text(path: Path, text: str, translations: Path | None, level: str, json: bool) -> None:
    from crossbook.brand.desk import LEVELS, known, register_of
    from crossbook.brand.screen import FIELDS, Listing
    from crossbook.brand.screen import screen as screened
    from crossbook.cli import show

    opened, database = _open(path)
    with show.progress(json) as step:
        register = register_of(database, opened, step)
    told = known(database, date.today(), translations)  # noqa: DTZ011 - where the reader is
    hits = screened(register, [Listing("text", text)], told).to_pylist()
    if level not in LEVELS:
        raise CrossbookError(f"there is no level {level!r}", todo=f"use one of {', '.join(LEVELS)}")
    hits = [h for h in hits if LEVELS.index(h["level"]) <= LEVELS.index(level)]
    for hit in hits:
        hit["listing"], hit["field"] = "text", FIELDS[hit["field"]]
    if json:
        show.as_json({"hits": hits, "note": NOTE})
        return
    _board(None, len(hits), hits, "text")


def _picture(path: Path, picture: Path, logos: Path | None, json: bool) -> None:
    from crossbook.brand.desk import known, register_of
    from crossbook.brand.pictures import copies, words_in
    from crossbook.brand.screen import FIELDS, Listing
    from crossbook.brand.screen import screen as screened
    from crossbook.cli import show

    read = words_in(picture)
    near = copies(picture, logos) if logos else []
    hits: list[dict[str, Any]] = []
    if read:
        opened, database = _open(path)
        register = register_of(database, opened)
        told = known(database, date.today())  # noqa: DTZ011 - where the reader is
        hits = screened(register, [Listing("picture", " ".join(w.text for w in read))], told).to_pylist()
        for hit in hits:
            hit["listing"], hit["field"] = "picture", FIELDS[hit["field"]]
    if json:
        show.as_json({"words": read, "copies": near, "hits": hits, "note": NOTE})
        return
    show.say(t("words in the picture: {words}", words=show.clean(" ".join(w.text for w in read) or "—")))
    if near:
        show.table([t("logo"), t("likeness"), t("found by")],
                   [[show.clean(c.logo), str(c.score), t(c.by)] for c in near], right=[1])  # fmt: skip
    _board(None, len(hits), hits, "picture")


def _csv(path: Path, rows: list[dict[str, Any]]) -> None:
    import csv

    columns = ("level", "risk", "account", "listing", "sku", "field", "span", "mark", "kind", "sight", "sound", "meaning",
               "classes", "mark_classes", "register", "number", "live", "owner", "owners", "marks", "why", "title")  # fmt: skip
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for r in rows:
            writer.writerow([_safe(" ".join(r[c]) if c == "why" else r[c]) for c in columns])


def _safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value
