"""The command exchange mail: hand over the letters that wait for the other side, and take its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.exchange_options import KeyPath, database_of, put, speaking_book
from crossbook.cli.options import HERE, AsJson, BookPath
from crossbook.errors import CrossbookError
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.exchange.taking import Taken


def mail(
    key: KeyPath,
    agreement: Annotated[str, typer.Argument(help="Its number; the only one else. 协议号")] = "",
    to: Annotated[str, typer.Option(help="The other side's server: https://host:port. 对方地址")] = "",
    certificate: Annotated[Path | None, typer.Option(help="Your TLS certificate (PEM). 证书")] = None,
    tls_key: Annotated[Path | None, typer.Option("--tls-key", help="Its key (PEM). 证书私钥")] = None,
    peer: Annotated[Path | None, typer.Option(help="The other side's certificate (PEM). 对方证书")] = None,
    out: Annotated[
        Path | None, typer.Option(file_okay=False, help="Write them to this folder, for a courier. 输出文件夹")
    ] = None,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Hand over letters that wait for the other side, and take its own: over HTTPS, or as files. 收发函件"""
    from crossbook.cli import show
    from crossbook.exchange import adopting, channel, keys, taking

    opened = speaking_book(book)
    mine = keys.read(key)
    found = adopting.adopted(opened)
    if agreement:
        found = [adopting.agreement_of(opened, agreement)]
    if len(found) != 1:
        raise CrossbookError(
            f"{len(found)} agreements are adopted here: under which one?",
            todo=f"give its number: {', '.join(one.sha[:12] for one in found) or '—'}",
        )
    if out is not None:
        may, held = taking.to_hand_over(opened, found[0], mine)
        if held and not may:
            raise held
        paths = copied(may, out)
        if held:
            show.aside(t("what waits for the other side is not handed over: {why}", why=t(held.what)))
        if json:
            show.as_json({"messages": paths})
        for path in [] if json else paths:
            show.say(t("hand over {path} ({n} bytes)", path=show.clean(path), n=f"{path.stat().st_size:,}"))
        if not paths and not json:
            show.say(t("no letter waits for the other side"))
        return
    if not (to and certificate and tls_key and peer):
        raise CrossbookError(
            "neither a server nor a folder to hand letters over to",
            todo="give --out FOLDER, or --to with --certificate, --tls-key and --peer",
        )
    post = channel.post(to, channel.Certificates(certificate=certificate, key=tls_key, peer=peer))
    went, came = taking.carry(opened, database_of(opened), found[0], mine, post)
    if json:
        show.as_json({"sent": went, "taken": came})
    else:
        show.say(t("{n} letters went, {m} came", n=went, m=came))


def handed(taken: Taken, out: Path, *, json: bool) -> None:
    """Say what came of a letter, and copy what is to be handed over to a folder."""
    from crossbook.cli import show

    paths = copied(taken.waiting, out)
    letter = taken.letter
    if json:
        show.as_json({"letter": letter, "messages": paths, "held": taken.held or None})
        return
    if letter is None:
        show.say(t("this letter was taken before"))
    elif letter.refused:
        show.say(f"[{show.WARN}]{t('not accepted')}: {show.clean(translated(letter.refused))}[/]")
    else:
        show.say(t("taken: {part}", part=t(letter.part)))
    if taken.held:
        show.aside(t("what waits for the other side is not handed over: {why}", why=t(taken.held)))
    for path in paths:
        show.say(t("hand over {path} ({n} bytes)", path=show.clean(path), n=f"{path.stat().st_size:,}"))


def copied(letters: list[Path], out: Path) -> list[Path]:
    """Copies of letters in a folder, named by whose they are: two sides may share one."""
    from crossbook.exchange.envelope import head_of

    made = []
    for path in letters:
        head = head_of(path.read_bytes())
        kind = path.parent.name.removesuffix("s")  # letter, or withdrawal
        made.append(put(path, out, f"{kind}-{head.sender[:6]}-{path.stem}.message"))
    return made
