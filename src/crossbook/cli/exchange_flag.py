"""The group exchange flag: red flags on one party, asked for, told, and withdrawn under the agreement."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.exchange_options import KeyPath, database_of, opened_book, speaking_book
from crossbook.cli.options import HERE, AsJson, BookPath, Commands, group
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.book import Book
    from crossbook.exchange.flags import Told

AgreementName = Annotated[str, typer.Argument(help="Its number, as adopt prints it. 协议号")]
CaseName = Annotated[str, typer.Argument(help="A watch case on the party. 监测案例")]
FlagName = Annotated[str, typer.Argument(metavar="FLAG", help="Its name, as the list has it. 标记号")]
Text = Annotated[str, typer.Option(help="In words, where the agreement allows it. 说明")]
Party = Annotated[str, typer.Option(help="A party of the case; the chief one else. 案例中的主体")]
Preview = Annotated[bool, typer.Option("--preview", help="Show what would be told; send nothing. 仅预览")]
TELLING = {
    "ask": "Ask what the other side has on the party of a case; your own flags on it go with that. 询问风险标记",
    "provide": "Tell the other side, unasked, your flags on a party that it has too. 主动提供风险标记",
    "alert": "Warn the other side of a party, whether it knows it yet or not. 发出警示",
}


def register_flag(exchange: typer.Typer) -> None:
    """Add this group's commands."""
    commands: Commands = {
        **{way: _telling(way, text) for way, text in TELLING.items()},
        "answer": answer,
        "withdraw": withdraw,
        "list": list_,
    }
    group(exchange, "flag", "Red flags on one party, told under the agreement. 风险标记", commands)


def _telling(way: str, text: str) -> Callable[..., None]:
    """The command of one way to tell: they differ in what the agreement asks of each."""

    def tell(
        agreement: AgreementName,
        case: CaseName,
        key: KeyPath,
        party: Party = "",
        text: Text = "",
        preview: Preview = False,
        book: BookPath = HERE,
        json: AsJson = False,
    ) -> None:
        from crossbook.exchange import adopting, flags, keys

        opened, mine = (opened_book if preview else speaking_book)(book), keys.read(key)
        found = adopting.agreement_of(opened, agreement)
        told = flags.of_case(opened, database_of(opened), mine, found, way, case, text, party)
        if preview:
            _show(told, json=json)
            return
        _written(opened, flags.tell(opened, mine, found, way, told), json=json)

    tell.__doc__ = text
    return tell


def answer(
    flag: FlagName,
    key: KeyPath,
    text: Text = "",
    nothing: Annotated[bool, typer.Option("--nothing", help="Tell nothing, whatever there is. 不提供")] = False,
    preview: Preview = False,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Answer a question: your flags on the party, or that there is nothing to tell. 答复询问"""
    from crossbook.exchange import flags, keys

    opened, mine = (opened_book if preview else speaking_book)(book), keys.read(key)
    told = flags.of_answer(opened, database_of(opened), mine, flag, text)
    if nothing:
        told = {"named": [], "flags": [], "text": ""}
    if preview:
        _show(told, json=json)
        return
    flags.answer(opened, mine, flag, told)
    _written(opened, flag, json=json)


def withdraw(flag: FlagName, key: KeyPath, book: BookPath = HERE, json: AsJson = False) -> None:
    """Withdraw what you told: it counts for nothing there from then on. 撤回"""
    from crossbook.exchange import flags, keys

    opened = speaking_book(book)
    flags.withdraw(opened, keys.read(key), flag)
    _written(opened, flag, json=json)


def list_(book: BookPath = HERE, json: AsJson = False) -> None:
    """What both sides asked and told of parties, the newest first. 标记列表"""
    from crossbook.cli import show
    from crossbook.exchange import flags

    found = flags.flags(opened_book(book))
    if json:
        show.as_json(found)
        return
    if not found:
        show.say(t("no flags yet: crossbook exchange flag provide AGREEMENT CASE"))
        return
    for one in found:
        who = t("to {who}", who=show.clean(one.other)) if one.mine else t("of {who}", who=show.clean(one.other))
        show.say(f"[bold]{one.name}[/] · {t(f'flag {one.way}')} · {who} · {one.at[:16].replace('T', ' ')}")
        _show({"named": one.named, "flags": one.flags, "text": one.text}, json=False)
        if one.refused:
            show.say(f"  [{show.WARN}]{t('not accepted')}: {show.clean(translated(one.refused))}[/]")
        elif one.withdrawn:
            show.say(f"  [{show.WARN}]{t('withdrawn')}[/]")
        elif one.way == "ask" and not one.answered:
            show.say(f"  {t('not answered yet')}")


def in_words(flag: dict[str, Any]) -> str:
    """A flag in one line."""
    from crossbook import money
    from crossbook.watch.rules import rule

    told = [t(rule(flag["rule"]).title)]
    if not flag["certain"]:
        told.append(t("not certain"))
    if "month" in flag:
        told.append(str(flag["month"]))
    if "score" in flag:
        told.append(t("a score of {low} to {high}", low=flag["score"], high=flag["score"] + 19))
    if "amount" in flag:
        power, currency = flag["amount"]
        told.append(money.band(power, currency))
    return " · ".join(told)


def _show(told: Told, *, json: bool) -> None:
    from crossbook.cli import show

    if json:
        show.as_json(told)
        return
    if not told["flags"]:
        show.say(f"  {t('nothing can be told of the party')}")
        return
    show.say("  " + " · ".join(f"{t(kind)} {show.clean(value)}" for kind, value in told["named"]))
    for one in told["flags"]:
        show.say(f"  - {show.clean(in_words(one))}")
    if told["text"]:
        show.say(f"  {show.clean(told['text'])}")


def _written(book: Book, name: str, *, json: bool) -> None:
    from crossbook.cli import show
    from crossbook.exchange import flags

    if json:
        show.as_json([one for one in flags.flags(book) if one.name == name and one.mine])
    else:
        show.say(t("written: {name}; hand it over: {command}", name=name, command="crossbook exchange mail"))
