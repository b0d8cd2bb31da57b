"""The command screen: the parties of all trades against the lists that the book has."""

from __future__ import annotations

from typing import Annotated

import typer

from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.cli.settling import open_desk
from crossbook.i18n import t, translated


def screen(
    book: BookPath = HERE,
    check: Annotated[
        bool, typer.Option("--check", help="Exit code 1 when a party may be on a list. 有命中时退出码为1")
    ] = False,
    json: AsJson = False,
) -> None:
    """Buyers, consignees, payers and payees against sanctions lists in the book. 名单筛查"""
    from crossbook.cli import show
    from crossbook.verify.parties import screened

    desk = open_desk(book, quiet=json, restore=False)
    desk.database.ask("verdict")
    found = screened(desk.database)
    if json:
        show.as_json(found)
    elif not found.lists:
        show.say(
            t("The book has no list of parties. Add OFAC's sdn.xml or the UN's consolidated.xml as any other file.")
        )
    else:
        lists = [[show.clean(x.list), str(x.published or "—"), f"{x.entries:,}", f"{x.names:,}"] for x in found.lists]
        show.table([t("sanctions list"), t("published"), t("entries"), t("names")], lists, right=[2, 3])
        rows = [
            [
                str(h.score),
                show.clean(h.name),
                ", ".join(t(r) for r in h.roles),
                f"{h.trades:,}",
                show.clean(f"{h.list} {h.entry}"),
                show.clean(h.listed),
                show.clean("; ".join(filter(None, (h.countries, h.born, str(h.listed_on or h.published or ""))))),
                "; ".join(translated(part) for part in h.reason.split("; ")),
            ]
            for h in found.hits
        ]
        columns = [
            "score",
            "name",
            "in trades",
            "trades",
            "entry of the list",
            "listed as",
            "country, born, day",
            "because",
        ]
        if rows:
            show.table([t(c) for c in columns], rows, right=[0, 3])
        else:
            show.say(t("No party of a trade is near to a name on these lists."))
    if check and found.hits:
        raise typer.Exit(1)
