"""The group exchange lookup: ask whether the other side knows a party, without saying which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.exchange_options import KeyPath, database_of, opened_book, speaking_book
from crossbook.cli.options import HERE, AsJson, BookPath, Commands, group
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.exchange.lookup import Asked


def register_lookup(exchange: typer.Typer) -> None:
    """Add this group's commands."""
    commands: Commands = {"ask": ask, "show": show_}
    group(exchange, "lookup", "Does the other side know a party? Asked without saying which. 保密查询", commands)


def ask(
    agreement: Annotated[str, typer.Argument(help="Its number, as adopt prints it. 协议号")],
    why: Annotated[str, typer.Option(help="What it is for; stays in your book. 查询原因")],
    key: KeyPath,
    account: Annotated[list[str] | None, typer.Option(help="An account number. 账号")] = None,
    holder: Annotated[list[str] | None, typer.Option(help="A number of the party itself. 主体编号")] = None,
    phone: Annotated[list[str] | None, typer.Option(help="A phone number. 电话")] = None,
    case: Annotated[str, typer.Option(help="All that a watch case's party is known by. 监测案例")] = "",
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Ask whether the other side knows these; it learns how many were asked, not which. 发起保密查询"""
    from crossbook.cli import show
    from crossbook.exchange import adopting, identifiers, keys, lookup
    from crossbook.watch.casework import case_of

    opened = speaking_book(book)
    found = adopting.agreement_of(opened, agreement)
    typed = (("account", account), ("holder", holder), ("phone", phone))
    named = [identifiers.given(kind, text) for kind, texts in typed for text in texts or ()]
    if case and found.lookup:
        database = database_of(opened)
        subject = case_of(database, opened, case).subject
        named += identifiers.of_party(database, subject, found.lookup.kinds)
    made = lookup.ask(opened, found, keys.read(key), named, why)
    if json:
        show.as_json(made)
        return
    show.say(t("look-up {name}; hand it over: {command}", name=made.name, command="crossbook exchange mail"))


def show_(
    name: Annotated[str, typer.Argument(metavar="LOOKUP", help="One; all else. 查询号")] = "",
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Show what was asked and what came of it, and what the other side asked. 查看查询"""
    from crossbook.cli import show
    from crossbook.exchange import lookup

    opened = opened_book(book)
    if name:
        one = lookup.find(opened, name)
        if json:
            show.as_json(one)
            return
        show.say(
            f"[bold]{one.name}[/] · {show.clean(one.to)} · {one.at[:16].replace('T', ' ')} · {show.clean(one.why)}"
        )
        if one.refused:
            show.say(f"[{show.WARN}]{t('not accepted')}: {show.clean(translated(one.refused))}[/]")
        rows = [[t(kind), show.clean(value), _known(one, (kind, value))] for kind, value in one.named]
        show.table([t("kind"), t("identifier"), t("does the other side know it?")], rows)
        return
    if json:
        show.as_json(lookup.as_told(opened))
        return
    asked, answered = lookup.asked(opened), lookup.answered(opened)
    if not asked and not answered:
        show.say(t("nobody was looked up: crossbook exchange lookup ask"))
        return
    rows = [
        [
            one.name,
            show.clean(one.to),
            one.at[:10],
            str(len(one.named)),
            "—" if one.known is None else str(len(one.known)),
            show.clean(translated(one.refused)) or show.clean(one.why),
        ]
        for one in asked
    ]
    if rows:
        columns = [t("look-up"), t("to"), t("asked on"), t("asked"), t("known"), t("why")]
        show.table(columns, rows, right=(3, 4))
    for given in answered:
        show.say(
            t(
                "{at}: {party} asked for {n} identifiers and can know which of them are among ours, {m} at most",
                at=given.at[:10],
                party=show.clean(given.to),
                n=given.number,
                m=f"{given.held:,}",
            )
        )


def _known(one: Asked, named: tuple[str, str]) -> str:
    if one.known is None:
        return t("not answered yet") if not one.refused else "—"
    return t("yes") if named in one.known else t("no")
