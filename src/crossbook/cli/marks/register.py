"""Commands on the register of marks: add, search; and what the other commands on marks share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.choices import choice, formats
from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.errors import CrossbookError
from crossbook.i18n import t

if TYPE_CHECKING:
    from crossbook.book import Book
    from crossbook.brand.clearing import Found
    from crossbook.engine import Database

WEIGHT = {"obstacle": "bold red", "near": "yellow", "other class": "dim", "dead": "dim"}
NOTE = "A screen of how near words and pictures are to marks; it is no legal clearance."


def open_marks(path: Path) -> tuple[Book, Database]:
    """The book at a path, and its database."""
    from crossbook.book import open_book
    from crossbook.engine import connect

    book = open_book(path)
    return book, connect(book)


def add(
    paths: Annotated[list[Path], typer.Argument(help="Files of a register, day files, own tables. 商标数据文件")],
    book: BookPath = HERE,
    source: Annotated[str | None, choice("format", formats, text="Read them as this format. 指定格式")] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Leave out rows that cannot be read. 跳过无法读取的行")
    ] = False,
    json: AsJson = False,
) -> None:
    """Add files of a register to the book, and index them. 添加商标数据并建立索引"""
    from crossbook.brand.desk import register_of
    from crossbook.cli import show
    from crossbook.cli.files import add as add_files

    add_files(paths, book, None, source, partial, json=json)
    opened, database = open_marks(book)
    with show.progress(json) as step:
        found = register_of(database, opened, step)
    if not json:
        show.say(t("{n} marks in the register", n=f"{found.marks:,}"))


def search(
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
    from crossbook.brand.clearing import search as near
    from crossbook.brand.desk import register_of
    from crossbook.cli import show

    opened, database = open_marks(path)
    with show.progress(quiet) as step:
        register = register_of(database, opened, step)
    return near(register, name, nice_classes(classes), limit)


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
        rows = [
            [
                f"[{WEIGHT[f.weight]}]{t(f.weight)}[/]",
                show.clean(f.mark),
                t(f.kind),
                str(f.sight),
                str(f.sound),
                str(f.meaning),
                f.classes,
                f"{show.clean(f.register)} {show.clean(f.number)}",
                t(f.live),
                show.clean(f.owner),
            ]
            for f in found
        ]
        columns = ("weight", "mark", "near by", "sight", "sound", "meaning", "classes", "number", "alive", "owner")
        show.table([t(c) for c in columns], rows, right=[3, 4, 5])
    show.say(f"[dim]{t(NOTE)}[/]")
