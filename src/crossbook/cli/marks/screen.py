"""The command screen: whose mark listings stand too close to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.choices import choice, of
from crossbook.cli.day import day_of
from crossbook.cli.marks.register import NOTE, open_marks
from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.i18n import t

if TYPE_CHECKING:
    from crossbook.engine import Database

STYLE = {"act": "bold red", "look": "yellow", "note": "dim"}


def screen(
    listing: Annotated[
        str | None, typer.Argument(metavar="[LISTING]", help="One listing, by id or sku. 商品编号")
    ] = None,
    book: BookPath = HERE,
    text: Annotated[str, typer.Option(help="Screen these words instead of the book's listings. 文字")] = "",
    picture: Annotated[Path | None, typer.Option(help="Screen a picture: its words, and near-copies. 图片")] = None,
    logos: Annotated[Path | None, typer.Option(help="With --picture: a folder of logos to look for. 标识图库")] = None,
    level: Annotated[
        str, choice("level", of("brand.desk", "LEVELS"), text="Only act, look or note, and what is graver. 级别")
    ] = "look",
    translations: Annotated[Path | None, typer.Option(help="A table of your own: en,zh. 译名表")] = None,
    undocumented: Annotated[
        bool, typer.Option("--undocumented", help="Listings without a product paper. 无来源文件的商品")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many hits to list. 条数")] = 20,
    out: Annotated[Path | None, typer.Option(help="Write every open hit as CSV. 导出")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Exit code 1 when a hit must be acted on. 有风险时退出码为1")
    ] = False,
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
    opened, database = open_marks(book)
    with show.progress(json) as step:
        desk.open_brand(database, opened, day_of(database, None), step, translations)
    if undocumented:
        _undocumented(database, json)
        return
    if out:
        n, rows = desk.queue(database, level=level, limit=10_000_000)
        write_hits(out, rows)
        show.say(t("{n} hits written to {path}", n=f"{n:,}", path=show.clean(out)))
        return
    if listing:
        desk.known_listing(database, listing)
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
    show.table(
        [t("listing"), t("sku"), t("title")],
        [[show.clean(r["listing"]), show.clean(r["sku"] or ""), show.clean(r["title"] or "")] for r in found],
    )


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
        cells.append(
            [
                f"[{STYLE[r['level']]}]{t(r['level'])} {r['risk']}[/]",
                show.clean(r["listing"]),
                show.clean(r["span"]),
                show.clean(r["mark"]),
                letters,
                t(r["kind"]),
                f"{r['sight']}/{r['sound']}/{r['meaning']}",
                show.clean(r["mark_classes"] or ""),
                f"{show.clean(r['register'] or '')} {show.clean(r['number'] or '')}",
                ", ".join(t(w) for w in r["why"]),
            ]
        )
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
        show.table(
            [t("paper"), t("kind"), t("by"), t("day")],
            [[show.clean(p["paper"]), t(p["kind"]), show.clean(p["by"] or ""), str(p["day"])] for p in papers],
        )
    else:
        show.say(f"[{show.WARN}]{t('no paper shows where this product comes from')}[/]")


def _text(path: Path, text: str, translations: Path | None, level: str, json: bool) -> None:
    from crossbook.brand.desk import LEVELS, known, register_of
    from crossbook.brand.listing import FIELDS, Listing
    from crossbook.brand.screen import screen as screened
    from crossbook.cli import show

    opened, database = open_marks(path)
    with show.progress(json) as step:
        register = register_of(database, opened, step)
    told = known(database, day_of(database, None), translations)
    hits = screened(register, [Listing("text", text)], told).to_pylist()
    hits = [h for h in hits if LEVELS.index(h["level"]) <= LEVELS.index(level)]
    for hit in hits:
        hit["listing"], hit["field"] = "text", FIELDS[hit["field"]]
    if json:
        show.as_json({"hits": hits, "note": NOTE})
        return
    _board(None, len(hits), hits, "text")


def _picture(path: Path, picture: Path, logos: Path | None, json: bool) -> None:
    from crossbook.brand.desk import known, register_of
    from crossbook.brand.listing import FIELDS, Listing
    from crossbook.brand.pictures import copies, words_in
    from crossbook.brand.screen import screen as screened
    from crossbook.cli import show

    read = words_in(picture)
    near = copies(picture, logos) if logos else []
    hits: list[dict[str, Any]] = []
    if read:
        opened, database = open_marks(path)
        register = register_of(database, opened)
        told = known(database, day_of(database, None))
        hits = screened(register, [Listing("picture", " ".join(w.text for w in read))], told).to_pylist()
        for hit in hits:
            hit["listing"], hit["field"] = "picture", FIELDS[hit["field"]]
    if json:
        show.as_json({"words": read, "copies": near, "hits": hits, "note": NOTE})
        return
    show.say(t("words in the picture: {words}", words=show.clean(" ".join(w.text for w in read) or "—")))
    if near:
        show.table(
            [t("logo"), t("likeness"), t("found by")],
            [[show.clean(c.logo), str(c.score), t(c.by)] for c in near],
            right=[1],
        )
    _board(None, len(hits), hits, "picture")


def write_hits(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write hits as CSV."""
    from crossbook.spreadsheets import write_csv

    columns = (
        "level",
        "risk",
        "account",
        "listing",
        "sku",
        "field",
        "span",
        "mark",
        "kind",
        "sight",
        "sound",
        "meaning",
        "classes",
        "mark_classes",
        "register",
        "number",
        "live",
        "owner",
        "owners",
        "marks",
        "why",
        "title",
    )
    write_csv(path, columns, ([" ".join(r[c]) if c == "why" else r[c] for c in columns] for r in rows))
