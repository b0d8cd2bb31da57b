"""Commands on notices and takedowns, for the platform that gets one and the seller who gets it passed on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.i18n import language, t

Name = Annotated[str, typer.Argument(help="The notice's own name. 通知编号")]
On = Annotated[str, typer.Option("--on", metavar="DAY", help="When it happened; today else. 日期")]


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    group = typer.Typer(no_args_is_help=True, help="Notices and takedowns, each step journalled. 通知与下架")
    for name, command in (
        ("new", new),
        ("step", step),
        ("show", show_),
        ("list", list_),
        ("letter", letter),
        ("log", log),
    ):
        group.command(name)(command)
    app.add_typer(group, name="takedown")


def _day(text: str) -> date:
    from crossbook.cli.casework import _days

    return _days([f"on={text}"])["on"] if text else date.today()  # noqa: DTZ011 - where the reader is


def new(
    name: Name,
    regime: Annotated[str, typer.Option(help="cn (E-Commerce Law) or us_dmca. 适用法")],
    listing: Annotated[str, typer.Option(help="The listing. 商品")],
    complainant: Annotated[str, typer.Option(help="Who complains. 投诉人")],
    book: BookPath = HERE,
    side: Annotated[str, typer.Option(help="platform or seller: who keeps this book. 我方身份")] = "seller",
    seller: Annotated[str, typer.Option(help="Whose listing it is. 商家")] = "",
    right: Annotated[str, typer.Option(help="The mark or work. 权利")] = "",
    evidence: Annotated[list[str] | None, typer.Option(help="A paper that came with it. 证据")] = None,
    on: On = "",
) -> None:
    """Journal a notice that came, and what it must hold. 收到通知"""
    from crossbook.book import open_book
    from crossbook.cases.takedown import receive
    from crossbook.cli import show

    opened = open_book(book)
    receive(opened, name, regime=regime, side=side, on=_day(on), listing=listing, seller=seller, complainant=complainant,
            right=right, evidence=tuple(evidence or ()))  # fmt: skip
    show.say(t("journalled: {name}", name=show.clean(name)))
    show_(name, book)


def step(
    name: Name,
    what: Annotated[
        str, typer.Argument(metavar="STEP", help="seller_told, taken_down, counter_notice_received … 步骤")
    ],
    book: BookPath = HERE,
    on: On = "",
    note: Annotated[str, typer.Option(help="What is to be said of it. 说明")] = "",
) -> None:
    """Journal a step; one that cannot come yet is refused. 记录步骤"""
    from crossbook.book import open_book
    from crossbook.cases.takedown import take_step

    take_step(open_book(book), name, what, _day(on), note)
    show_(name, book)


def show_(name: Name, book: BookPath = HERE, json: AsJson = False) -> None:
    """One notice: its steps, what runs, what must be there. 通知详情"""
    from crossbook.book import open_book
    from crossbook.cases.takedown import checks, takedown
    from crossbook.cli import show
    from crossbook.cli.casefile import STYLE
    from crossbook.cli.casework import _span

    of, zh = takedown(open_book(book), name), language() == "zh"
    wanted = [c for regime, c in checks() if regime == of.regime]
    if json:
        show.as_json({"takedown": of, "state": of.state, "deadlines": of.deadlines(), "checks": wanted})
        return
    show.say(
        f"[bold]{show.clean(of.id)}[/]  {of.regime}  {show.clean(of.listing)}  {show.clean(of.complainant)}: {show.clean(of.right)}"
    )
    show.table([t("step"), t("day"), t("note"), t("who"), t("journal")],
               [[t(s.step), str(s.day), show.clean(s.note), show.clean(s.who), str(s.seq)] for s in of.steps], right=[4])  # fmt: skip
    for d in of.deadlines():
        show.say(
            f"[{STYLE[d.limit.kind]}]{_span(d.due)}[/]  {d.limit.title_zh if zh else d.limit.title}  [dim]{d.limit.source}[/]"
        )
    for c in wanted:
        of_what = t("notice") if c.of == "notice" else t("counter-notice")
        show.say(rf"\[ ] {of_what}: {c.item_zh if zh else c.item}  [dim]{show.clean(c.source)}[/]")


def list_(
    book: BookPath = HERE,
    repeat: Annotated[
        bool, typer.Option("--repeat", help="Count upheld notices by seller. 按商家统计成立的通知")
    ] = False,
    json: AsJson = False,
) -> None:
    """Every notice and where it stands, or sellers by how many were upheld. 通知一览"""
    from crossbook.book import open_book
    from crossbook.cases.takedown import repeats, takedowns
    from crossbook.cli import show

    opened = open_book(book)
    if repeat:
        found = repeats(opened)
        if json:
            show.as_json([{"seller": s, "upheld": n, "notices": ids} for s, n, ids in found])
            return
        show.table(
            [t("seller"), t("upheld"), t("notices")],
            [[show.clean(s), str(n), ", ".join(ids)] for s, n, ids in found],
            right=[1],
        )
        return
    every = list(takedowns(opened).values())
    if json:
        show.as_json([{"takedown": x, "state": x.state} for x in every])
        return
    rows = [[show.clean(x.id), x.regime, show.clean(x.listing), show.clean(x.seller), show.clean(x.complainant), t(x.state),
             str(x.steps[-1].day)] for x in every]  # fmt: skip
    show.table([t(c) for c in ("notice", "law", "listing", "seller", "complainant", "state", "day")], rows)


def letter(
    name: Name,
    kind: Annotated[
        str, typer.Argument(help="to_seller, ask_for_evidence, counter_notice, to_complainant, put_back. 信函")
    ],
    book: BookPath = HERE,
    lang: Annotated[str, typer.Option(help="en or zh. 语言")] = "",
    out: Annotated[Path | None, typer.Option(help="Write it to a file. 输出文件")] = None,
) -> None:
    """A letter from the template, in English or Chinese. 信函模板"""
    from crossbook.book import open_book
    from crossbook.cases.takedown import letter as written
    from crossbook.cases.takedown import takedown
    from crossbook.cli import show

    text = written(takedown(open_book(book), name), kind, lang or ("zh" if language() == "zh" else "en"))
    if out:
        out.write_text(text, encoding="utf-8")
        show.say(t("written to {path}", path=show.clean(out)))
    else:
        show.say(show.clean(text))


def log(out: Annotated[Path, typer.Argument(help="A CSV file. CSV 文件")], book: BookPath = HERE) -> None:
    """Every step of every notice as CSV, with its journal entry. 导出日志"""
    from crossbook.book import open_book
    from crossbook.cases.takedown import write_log
    from crossbook.cli import show

    n = write_log(open_book(book), out)
    show.say(t("{n} rows written to {path}", n=n, path=show.clean(out)))
