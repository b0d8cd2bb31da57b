"""The command customs mailbox: the folder shared with the transfer client of China's electronic port."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.errors import CrossbookError
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.filing.customs.letters import Letter
    from crossbook.filing.customs.mailbox import Round

SHOWN = 20


def mailbox(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="The folder shared with the transfer client; else that of book.toml. 收发报文文件夹",
        ),
    ] = None,
    book: BookPath = HERE,
    once: Annotated[bool, typer.Option("--once", help="One round, then end. 只收发一次")] = False,
    yes: Annotated[
        list[str] | None,
        typer.Option("--yes", metavar="NUMBER", help="Messages that may go; `all` for every one that asks. 同意发送"),
    ] = None,
    no: Annotated[
        list[str] | None,
        typer.Option("--no", metavar="NUMBER", help="Messages not to go: write them anew. 撤回未发出的报文"),
    ] = None,
    every: Annotated[float, typer.Option(min=1, max=3600, help="Seconds between rounds. 间隔秒数")] = 5,
    json: AsJson = False,
) -> None:
    """Read what customs answered and lay out the messages that you said yes to, in a watched folder. 收发海关报文"""
    from crossbook.book import open_book
    from crossbook.cli import show
    from crossbook.filing.customs.envelope import mailbox_of
    from crossbook.filing.customs.mailbox import one_round

    set_to = mailbox_of(open_book(book)).folder
    root = folder or (Path(set_to) if set_to else None)
    if root is None:
        raise CrossbookError(
            "which folder?", todo='name it, or write folder = "…" under [customs.mailbox] in book.toml'
        )
    first = True
    while True:
        done = one_round(open_book(book), root, yes=(yes or ()) if first else (), no=(no or ()) if first else ())
        if first or done.did:
            if json:
                show.as_json(record(done))
            else:
                _told(done, whole=first)
        if once:
            raise typer.Exit(1 if done.findings else 0)
        first = False
        time.sleep(every)


def record(done: Round) -> dict[str, Any]:
    """A round for programs."""
    return {
        "taken": done.taken,
        "posted": done.posted,
        "kept": [{"guid": x.guid, "message": x.number, "why": why} for x, why in done.kept],
        "strays": done.strays,
        "messages": done.letters,
    }


def _told(done: Round, *, whole: bool) -> None:
    from crossbook.cli import show

    if done.taken:
        rows = [
            [show.clean(x.name), t(x.state), f"{x.returns:,}" if x.returns else "", show.clean(translated(x.said))]
            for x in done.taken
        ]
        show.table([t("file"), t("what became of it"), t("answers"), ""], rows, right=[2], title=t("Came in"))
    for posted in done.posted:
        show.say(t("laid out: {file}", file=show.clean(posted.file)))
    for letter, why in done.kept:
        show.say(f"[{show.WARN}]CEB{letter.number} {letter.guid}: {show.clean(translated(why))}[/]")
    for r in done.strays[:SHOWN]:
        what = t("an answer to what this book did not send")
        show.say(f"[{show.WARN}]CEB{r['message']} {show.clean(str(r['reference']))}: {what}[/]")
    if whole:
        _messages(done.letters)
    say_refused(done.letters)
    if whole and not done.did and not done.letters:
        show.say(t("Nothing came, and nothing is to go."))


def _messages(letters: tuple[Letter, ...]) -> None:
    from crossbook.cli import show

    open_ = [x for x in letters if x.state not in ("answered", "withdrawn")]
    if open_:
        rows = [
            [f"CEB{x.number}", x.guid, t(x.state), f"{x.answered:,}/{x.documents:,}", _since(x)] for x in open_[:SHOWN]
        ]
        heads = [t("message"), t("number"), t("state"), t("answered"), t("since")]
        show.table(heads, rows, right=[3], title=t("Messages that are not answered in full"))
    if len(open_) > SHOWN:
        show.say(t("and {count} more: --json has all", count=f"{len(open_) - SHOWN:,}"))
    asks = [x for x in letters if x.state == "asks"]
    if asks:
        show.say(t("{n} messages ask for your yes: --yes NUMBER, or --yes all", n=len(asks)))


def _since(letter: Letter) -> str:
    return f"{datetime.fromisoformat(letter.since).astimezone():%Y-%m-%d %H:%M}"


def say_refused(letters: Sequence[Letter]) -> None:
    """Show what customs refused and nothing was written after, and what to do."""
    from crossbook.cli import show
    from crossbook.filing.customs.mailbox import TO_DO

    found = [(x, r) for x in letters for r in x.refusals]
    if not found:
        return
    rows = [
        [f"CEB{x.number}", show.clean(r.reference or x.guid), show.clean(r.code), show.clean(r.info)]
        for x, r in found[:SHOWN]
    ]
    heads = [t("message"), t("document"), t("code"), t("what customs says")]
    show.table(heads, rows, title=t("Refused by customs: {n}", n=f"{len(found):,}"))
    for state in dict.fromkeys("refused" if r.reference else "format refused" for _, r in found):
        show.say(f"{t(state)} → {t(TO_DO[state])}")
