"""Commands on a brand of one's own: what stands in a name's way, and what filing it costs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.choices import choice, of
from crossbook.cli.marks.register import NOTE, WEIGHT, near_marks, nice_classes, show_marks
from crossbook.cli.options import HERE, AsJson, BookPath, as_day, today
from crossbook.i18n import t, translated


def clear(
    name: Annotated[str, typer.Argument(help="The name you want. 拟用名称")],
    classes: Annotated[str, typer.Option(help="Nice classes: 9,25. 尼斯分类")],
    book: BookPath = HERE,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many to list. 条数")] = 30,
    check: Annotated[
        bool, typer.Option("--check", help="Exit code 1 when a mark stands in the way. 有障碍时退出码为1")
    ] = False,
    json: AsJson = False,
) -> None:
    """What stands in the way of a name in the registers of the book, by class. No legal clearance. 商标预查"""
    from crossbook.cli import show

    found = near_marks(book, name, classes, limit, json)
    counts = {w: sum(f.weight == w for f in found) for w in WEIGHT}
    if json:
        show.as_json({"name": name, "classes": nice_classes(classes), "counts": counts, "marks": found, "note": NOTE})
    else:
        show.say("  ".join(f"[{WEIGHT[w]}]{t(w)} {n}[/]" for w, n in counts.items()))
        show_marks(found)
    if check and counts["obstacle"]:
        raise typer.Exit(1)


def plan(
    name: Annotated[str, typer.Argument(help="The name you want. 拟用名称")],
    classes: Annotated[str, typer.Option(help="Nice classes: 9,25. 尼斯分类")],
    offices: Annotated[str, typer.Option(help="Where: US,EU,UK,CN. 申请地")] = "US",
    route: Annotated[str, choice("route", of("brand.plan", "ROUTES"), text="direct or madrid. 途径")] = "direct",
    first: Annotated[
        date | None, typer.Option(metavar="DAY", parser=as_day, help="Day of a first filing elsewhere. 首次申请日")
    ] = None,
    registered: Annotated[
        date | None,
        typer.Option(metavar="DAY", parser=as_day, help="Day of the international registration. 国际注册日"),
    ] = None,
    on: Annotated[
        date | None, typer.Option(metavar="DAY", parser=as_day, help="When you file; today else. 申请日")
    ] = None,
    free_text: Annotated[
        bool, typer.Option("--free-text", help="Own words for the goods (USPTO surcharge). 自拟商品")
    ] = False,
    colour: Annotated[bool, typer.Option("--colour", help="The mark is in colour (WIPO). 彩色")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the calendar as .ics. 输出日历")] = None,
    json: AsJson = False,
) -> None:
    """What filing a mark costs and when what is due. Fees are dated data; one that is not known is said so. 注册方案"""
    from crossbook.brand.plan import Asked
    from crossbook.brand.plan import plan as planned
    from crossbook.cli import show
    from crossbook.cli.amounts import amount
    from crossbook.filing.ics import Entry, calendar_file
    from crossbook.i18n import language

    asked = Asked(
        name=name,
        classes=nice_classes(classes),
        offices=_offices(offices),
        route=route,
        on=on or today(),
        first_filing=first,
        registered=registered,
        own_words=free_text,
        colour=colour,
    )
    told = planned(asked)
    zh = language() == "zh"
    if out:
        entries = [
            Entry(
                uid=f"{d.name}-{d.day}",
                day=d.day,
                stamp=asked.on,
                summary=d.title_zh if zh else d.title,
                description=d.source,
            )
            for d in told.dates
        ]
        out.write_bytes(calendar_file("brand", entries))
    if json:
        show.as_json(asdict(told))
        return
    show.table(
        [t("office"), t("fee"), t("count"), t("each"), t("sum"), t("law")],
        [
            [
                f.office,
                translated(f.item),
                str(f.count),
                amount(f.each, f.currency),
                amount(f.amount, f.currency),
                f"{f.since} {show.clean(f.source)}",
            ]
            for f in told.fees
        ],
        right=[2, 3, 4],
    )
    show.say("  ".join(amount(v, c) for c, v in sorted(told.total.items())))
    for office, what in told.unknown:
        show.say(f"[{show.WARN}]{show.clean(office)}: {translated(what)}[/]")
    if told.dates:
        show.table(
            [t("day"), t("what"), t("law")],
            [[str(d.day), d.title_zh if zh else d.title, show.clean(d.source)] for d in told.dates],
        )
    for line in told.steps_zh if zh else told.steps:
        show.say(f"· {line}")
    show.table(
        [t("brand registry"), t("what it asks"), t("where it is read")],
        [[r.platform, r.needs_zh if zh else r.needs, show.clean(r.source)] for r in told.registries],
    )
    show.say(f"[dim]{t('This counts fees and days and is no legal advice.')}[/]")


def _offices(text: str) -> tuple[str, ...]:
    """Office codes of a text such as "US,EU", as WIPO ST.3 has them: countries, and the European Union's office."""
    from crossbook.duty.countries import country

    codes = (o.strip().upper() for o in text.split(",") if o.strip())
    return tuple("EM" if code in ("EU", "EM") else country(code, "office") for code in codes)
