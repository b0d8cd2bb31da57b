"""The group exchange request: ask the other side, answer what it asks, and see by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.choices import choice, of
from crossbook.cli.exchange_options import KeyPath, database_of, opened_book, speaking_book
from crossbook.cli.options import HERE, AsJson, BookPath, Commands, group, today
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.book import Book

Text = Annotated[str, typer.Argument(help="In words. 内容")]


def register_request(exchange: typer.Typer) -> None:
    """Add this group's commands."""
    commands: Commands = {"ask": ask, "answer": answer, "list": list_}
    group(exchange, "request", "Requests, their answers and time limits. 协查请求与期限", commands)


def ask(
    agreement: Annotated[str, typer.Argument(help="Its number, as adopt prints it. 协议号")],
    kind: Annotated[str, typer.Argument(help="What for, as a request of the agreement is named. 请求种类")],
    text: Text,
    key: KeyPath,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Ask the other side for something that the agreement allows. 提出请求"""
    from crossbook.exchange import adopting, keys, requests

    opened = speaking_book(book)
    name = requests.ask(opened, keys.read(key), adopting.agreement_of(opened, agreement), kind, text)
    _told(opened, name, json=json)


def answer(
    request: Annotated[str, typer.Argument(help="Its name, as the list has it. 请求号")],
    text: Text,
    key: KeyPath,
    outcome: Annotated[
        str,
        choice("outcome", of("exchange.requests", "OUTCOMES"), text="Information given or not. 结果"),
    ] = "information given",
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Answer a request; that stops its clock and closes its case. 答复请求"""
    from crossbook.exchange import keys, requests

    opened = speaking_book(book)
    requests.answer(opened, database_of(opened), keys.read(key), request, text, outcome)
    _told(opened, request, json=json)


def list_(book: BookPath = HERE, json: AsJson = False) -> None:
    """Requests of both sides, the newest first: by when each is answered, and what came. 请求列表"""
    from crossbook.cli import show
    from crossbook.exchange import requests

    found = requests.requests(opened_book(book))
    if json:
        show.as_json(found)
        return
    if not found:
        show.say(t("no requests yet: crossbook exchange request ask AGREEMENT KIND TEXT"))
        return
    rows = []
    for r in found:
        away = (r.due - today()).days if r.due else None
        left = "—" if away is None or r.outcome else t("past") if away < 0 else t("{n} days", n=away)
        state = t(r.outcome) if r.outcome else t("not accepted") if r.refused else t("open")
        rows.append(
            [
                r.name,
                t("to {who}", who=show.clean(r.other)) if r.mine else t("of {who}", who=show.clean(r.other)),
                show.clean(r.kind),
                r.at[:10],
                str(r.due or "—"),
                left,
                state + (f" · {t('{n} days late', n=r.late)}" if r.late else ""),
                show.clean(translated(r.law)),
            ]
        )
    columns = ["request", "whose", "kind", "made on", "answer by", "in", "state", "law"]
    show.table([t(name) for name in columns], rows, right=(5,))


def _told(book: Book, name: str, *, json: bool) -> None:
    from crossbook.cli import show
    from crossbook.exchange import requests

    (told,) = [r for r in requests.requests(book) if r.name == name]
    if json:
        show.as_json(told)
    else:
        show.say(t("written: {name}; hand it over: {command}", name=name, command="crossbook exchange mail"))
