"""The group exchange case: the folder of a joint case, in which two officers write each other and put documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.exchange_options import KeyPath, SessionName, opened_book, speaking_book
from crossbook.cli.options import HERE, AsJson, BookPath, Commands, group
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.exchange.folder import Joint

Name = Annotated[str, typer.Argument(metavar="CASE", help="Session and case: 9585-3. 案卷号")]


def register_case(exchange: typer.Typer) -> None:
    """Add this group's commands."""
    commands: Commands = {"open": open_, "say": say, "attach": attach, "show": show_, "close": close}
    group(exchange, "case", "The folder of a joint case: messages and documents. 联合案卷", commands)


def open_(
    session: SessionName,
    case: Annotated[int, typer.Argument(help="A case that it found, as in exchange cases. 案件号")],
    key: KeyPath,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Open the folder of a case that a session found together. 开立联合案卷"""
    from crossbook.exchange import folder, keys

    opened = speaking_book(book)
    _told(folder.begin(opened, keys.read(key), session, case), json=json)


def say(
    case: Name,
    text: Annotated[str, typer.Argument(help="What to tell the other side. 内容")],
    key: KeyPath,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Write a message into the folder. 发送消息"""
    from crossbook.exchange import folder, keys

    opened = speaking_book(book)
    joint = folder.find(opened, case)
    folder.say(opened, keys.read(key), joint, text)
    _told(folder.find(opened, joint.name), json=json)


def attach(
    case: Name,
    file: Annotated[Path, typer.Argument(help="A document of an agreed kind. 文件")],
    key: KeyPath,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Put a document into the folder, and into the book as evidence. 附加文件"""
    from crossbook.exchange import folder, keys

    opened = speaking_book(book)
    joint = folder.find(opened, case)
    folder.attach(opened, keys.read(key), joint, file)
    _told(folder.find(opened, joint.name), json=json)


def close(
    case: Name,
    why: Annotated[str, typer.Option(help="How it ended; the other side reads it. 结案原因")],
    key: KeyPath,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Close the folder: nothing more goes into it. 关闭案卷"""
    from crossbook.exchange import folder, keys

    opened = speaking_book(book)
    joint = folder.find(opened, case)
    folder.say(opened, keys.read(key), joint, why, close=True)
    _told(folder.find(opened, joint.name), json=json)


def show_(
    case: Annotated[str, typer.Argument(metavar="CASE", help="One; all else. 案卷号")] = "",
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Show the folders, or one with all that was said and sent. 查看案卷"""
    from crossbook.cli import show
    from crossbook.exchange import folder

    opened = opened_book(book)
    if case:
        joint = folder.find(opened, case)
        if json:
            show.as_json(folder.as_told(joint))
            return
        state = t("open") if joint.open else t("closed")
        show.say(f"[bold]{show.clean(joint.name)}[/] · {state}")
        for letter in joint.letters:
            head = f"{letter.at[:16].replace('T', ' ')} {show.clean(letter.who)} · {t(letter.part)}"
            told = letter.told.get("text") or letter.told.get("name") or ""
            show.say(f"{head}: {show.clean(told)}" if told else head)
            if "sha" in letter.told:
                show.say(f"  [dim]sha256 {show.clean(letter.told['sha'])}[/]")
            if letter.refused:
                show.say(f"  [{show.WARN}]{t('not accepted')}: {show.clean(translated(letter.refused))}[/]")
            elif letter.mine and not letter.seen:
                show.say(f"  [dim]{t('not signed for yet')}[/]")
        return
    found = folder.folders(opened)
    if json:
        show.as_json([folder.as_told(joint) for joint in found])
        return
    if not found:
        show.say(t("no folder of a joint case: crossbook exchange case open SESSION CASE"))
        return
    rows = [
        [
            j.name,
            t("open") if j.open else t("closed"),
            str(len(j.letters)),
            str(len(j.documents)),
            j.letters[-1].at[:10],
        ]
        for j in found
    ]
    columns = [t("case"), t("state"), t("messages"), t("documents"), t("last on")]
    show.table(columns, rows, right=(2, 3))


def _told(joint: Joint, *, json: bool) -> None:
    from crossbook.cli import show
    from crossbook.exchange import folder

    if json:
        show.as_json(folder.as_told(joint))
    else:
        told = t("written into {case}; hand it over: {command}", case=joint.name, command="crossbook exchange mail")
        show.say(told)
