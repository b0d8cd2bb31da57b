"""Commands on notices and takedowns, for the platform that gets one and the seller who gets it passed on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from crossbook.cli.choices import choice, choice_of, of, steps
from crossbook.cli.deciding import Yes, decided
from crossbook.cli.options import HERE, AsJson, BookPath, as_day
from crossbook.i18n import language, t

Name = Annotated[str, typer.Argument(help="The notice's own name. 通知编号")]
On = Annotated[
    date | None, typer.Option("--on", metavar="DAY", parser=as_day, help="When it happened; today else. 日期")
]


def new(
    name: Name,
    regime: Annotated[
        str, choice("law", of("cases.takedown", "REGIMES"), text="cn (E-Commerce Law) or us_dmca. 适用法")
    ],
    listing: Annotated[str, typer.Option(help="The listing. 商品")],
    complainant: Annotated[str, typer.Option(help="Who complains. 投诉人")],
    book: BookPath = HERE,
    side: Annotated[
        str, choice("side", of("cases.takedown", "SIDES"), text="platform or seller: who keeps this book. 我方身份")
    ] = "seller",
    seller: Annotated[str, typer.Option(help="Whose listing it is. 商家")] = "",
    right: Annotated[str, typer.Option(help="The mark or work. 权利")] = "",
    evidence: Annotated[list[str] | None, typer.Option(help="A paper that came with it. 证据")] = None,
    on: On = None,
    yes: Yes = None,
    json: AsJson = False,
) -> None:
    """Journal a notice that came, and what it must hold. 收到通知"""
    from crossbook.book import open_book
    from crossbook.cli import show

    wish: dict[str, Any] = {
        "notice": name,
        "regime": regime,
        "side": side,
        "on": on,
        "listing": listing,
        "seller": seller,
    }
    wish |= {"complainant": complainant, "right": right, "evidence": tuple(evidence or ())}
    decided("notice", open_book(book), wish, yes)
    if not json:
        show.say(t("journalled: {name}", name=show.clean(name)))
    show_(name, book, json)


def step(
    name: Name,
    what: Annotated[
        str,
        choice_of("step", steps, metavar="STEP", text="seller_told, taken_down, counter_notice_received, ... 步骤"),
    ],
    book: BookPath = HERE,
    on: On = None,
    note: Annotated[str, typer.Option(help="What is to be said of it. 说明")] = "",
    yes: Yes = None,
    json: AsJson = False,
) -> None:
    """Journal a step; one that cannot come yet is refused. 记录步骤"""
    from crossbook.book import open_book

    decided("step", open_book(book), {"notice": name, "step": what, "on": on, "note": note}, yes)
    show_(name, book, json)


def show_(name: Name, book: BookPath = HERE, json: AsJson = False) -> None:
    """One notice: its steps, what runs, what must be there. 通知详情"""
    from crossbook.book import open_book
    from crossbook.cases.takedown import checks, takedown
    from crossbook.cli import show
    from crossbook.cli.cases.procedure import STYLE, span

    of, zh = takedown(open_book(book), name), language() == "zh"
    wanted = [c for regime, c in checks() if regime == of.regime]
    if json:
        show.as_json(
            {
                "takedown": of,
                "state": of.state,
                "deadlines": of.deadlines(),
                "checks": wanted,
                "uncounted": of.uncounted,
            }
        )
        return
    show.say(
        f"[bold]{show.clean(of.id)}[/]  {of.regime}  {show.clean(of.listing)}  "
        f"{show.clean(of.complainant)}: {show.clean(of.right)}"
    )
    show.table(
        [t("step"), t("day"), t("note"), t("who"), t("journal")],
        [[t(s.step), str(s.day), show.clean(s.note), show.clean(s.who), str(s.seq)] for s in of.steps],
        right=[4],
    )
    for s in of.uncounted:
        told = t(
            "{step} is of {day}: nothing is counted from that; journal it again with its day", step=t(s.step), day=s.day
        )
        show.say(f"[{show.WARN}]{told}[/]")
    for d in of.deadlines():
        title = d.limit.title_zh if zh else d.limit.title
        show.say(f"[{STYLE[d.limit.kind]}]{span(d.due)}[/]  {title}  [dim]{d.limit.source}[/]")
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
    rows = [
        [
            show.clean(x.id),
            x.regime,
            show.clean(x.listing),
            show.clean(x.seller),
            show.clean(x.complainant),
            t(x.state),
            str(x.steps[-1].day),
        ]
        for x in every
    ]
    show.table([t(c) for c in ("notice", "law", "listing", "seller", "complainant", "state", "day")], rows)


def letter(
    name: Name,
    kind: Annotated[
        str,
        choice_of(
            "letter",
            of("cases.takedown", "LETTERS"),
            text="to_seller, ask_for_evidence, counter_notice, to_complainant, put_back. 信函",
        ),
    ],
    book: BookPath = HERE,
    out: Annotated[Path | None, typer.Option(help="Write it to a file. 输出文件")] = None,
    json: AsJson = False,
) -> None:
    """A letter from the template, in the language in use (--lang). 信函模板"""
    from crossbook.book import open_book
    from crossbook.cases.takedown import letter as written
    from crossbook.cases.takedown import takedown
    from crossbook.cli import show

    text = written(takedown(open_book(book), name), kind, language())
    if out:
        out.write_text(text, encoding="utf-8")
    if json:
        show.as_json({"letter": kind, "language": language(), "text": text, "file": out})
    elif out:
        show.say(t("written to {path}", path=show.clean(out)))
    else:
        show.say(show.clean(text))


def log(
    out: Annotated[Path, typer.Argument(help="A CSV file. CSV 文件")], book: BookPath = HERE, json: AsJson = False
) -> None:
    """Every step of every notice as CSV, with its journal entry. 导出日志"""
    from crossbook.book import open_book
    from crossbook.cases.takedown import write_log
    from crossbook.cli import show

    n = write_log(open_book(book), out)
    if json:
        show.as_json({"file": out, "rows": n})
        return
    show.say(t("{n} rows written to {path}", n=n, path=show.clean(out)))
