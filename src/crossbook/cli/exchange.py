"""The group exchange: two authorities find the chains that cross between them, and tell each other no transfers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossbook.cli.exchange_case import register_case
from crossbook.cli.exchange_count import register_count
from crossbook.cli.exchange_demo import demo
from crossbook.cli.exchange_flag import register_flag
from crossbook.cli.exchange_lookup import register_lookup
from crossbook.cli.exchange_mail import handed, mail
from crossbook.cli.exchange_options import (
    Certificate,
    KeyPath,
    Out,
    Peer,
    TlsKey,
    database_of,
    opened_book,
    put,
    speaking_book,
)
from crossbook.cli.exchange_reading import cases, forget, ledger, left_out, sessions
from crossbook.cli.exchange_request import register_request
from crossbook.cli.options import GROUPS, HERE, AsJson, BookPath, Commands, as_day, group, in_order
from crossbook.i18n import t

if TYPE_CHECKING:
    from crossbook.exchange.store import Session


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    commands: Commands = {
        "key": key,
        "sign": sign,
        "adopt": adopt,
        "start": start,
        "answer": answer,
        "serve": serve,
        "talk": talk,
        "mail": mail,
        "sessions": sessions,
        "cases": cases,
        "ledger": ledger,
        "forget": forget,
        "demo": demo,
    }
    text = "Find chains across a border together, without pooling data. 联合监管交换"
    made = group(app, "exchange", text, commands, GROUPS)
    register_case(made)
    register_request(made)
    register_count(made)
    register_lookup(made)
    register_flag(made)


def key(
    file: Annotated[Path, typer.Argument(help="The file to make; it stays with you. 密钥文件")],
    name: Annotated[str, typer.Option(help="Your name in agreements. 机构名称")],
    country: Annotated[str, typer.Option(help="Your side of the border, as CN. 国家代码")],
    contact: Annotated[str, typer.Option(help="Whom the other side asks. 联系方式")],
    json: AsJson = False,
) -> None:
    """Make your keys, and print the card that goes into the agreement. 生成密钥"""
    from json import dumps

    from crossbook.cli import show
    from crossbook.exchange import keys

    made = keys.make(file)
    told = {"name": name, "country": country.upper(), "sign": made.sign, "receive": made.receive, "contact": contact}
    if json:
        show.as_json(told)
        return
    lines = ["[[party]]", *(f"{field} = {dumps(text, ensure_ascii=False)}" for field, text in told.items())]
    show.say(show.clean("\n".join(lines)))


def sign(
    agreement: Annotated[Path, typer.Argument(help="The agreement. 协议文件")], key: KeyPath, json: AsJson = False
) -> None:
    """Print your signature under an agreement. 签署协议"""
    from crossbook.cli import show
    from crossbook.exchange import agreement as agreements
    from crossbook.exchange import keys, soundness

    keys.need()
    found = agreements.read(agreement)
    soundness.check(found, str(agreement))
    signature = agreements.sign(found, keys.read(key))
    if json:
        show.as_json({"agreement": found.sha[:12], "signature": signature})
    else:
        show.say(signature)


def adopt(
    agreement: Annotated[Path, typer.Argument(help="The agreement. 协议文件")],
    signatures: Annotated[list[str], typer.Argument(help="Both parties' signatures. 双方签名")],
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Keep an agreement that both parties signed; without one nothing is told. 登记协议"""
    from crossbook.cli import show
    from crossbook.exchange import adopting, keys

    keys.need()
    found = adopting.adopt(opened_book(book), agreement, signatures)
    if json:
        parties = [party.name for party in found.parties]
        show.as_json({"agreement": found.sha[:12], "name": found.name, "parties": parties})
        return
    names = " · ".join(show.clean(party.name) for party in found.parties)
    show.say(t("adopted {sha}: {name} ({parties})", sha=found.sha[:12], name=show.clean(found.name), parties=names))


def start(
    agreement: Annotated[str, typer.Argument(help="Its number, as adopt prints it. 协议号")],
    since: Annotated[date, typer.Option(metavar="DAY", parser=as_day, help="First day. 起始日")],
    until: Annotated[date, typer.Option(metavar="DAY", parser=as_day, help="Last day. 截止日")],
    key: KeyPath,
    out: Out = HERE,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Begin a session about the transfers of some days: writes the first message. 发起会话"""
    from crossbook.exchange import adopting, keys, store

    in_order(since, until)
    keys.need()
    opened = speaking_book(book)
    mine = keys.read(key)
    found = adopting.agreement_of(opened, agreement)
    session, path = store.start(opened, database_of(opened), found, mine, since, until)
    _handed(session, path, out, json=json)


def answer(
    message: Annotated[Path, typer.Argument(exists=False, help="A message of the other side. 对方消息")],
    key: KeyPath,
    out: Out = HERE,
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Take a message of the other side and write the answer, until a session has ended. 处理消息"""
    from crossbook.book.faults import of_system
    from crossbook.exchange import keys, taking

    keys.need()
    try:
        data = message.read_bytes()
    except OSError as error:
        raise of_system(error) from None
    opened = speaking_book(book)
    taken = taking.take(opened, database_of(opened), keys.read(key), data)
    if taken.session is None:
        handed(taken, out, json=json)
    else:
        _handed(taken.session, taken.answer, out, json=json)


def serve(
    key: KeyPath,
    certificate: Certificate,
    tls_key: TlsKey,
    peer: Peer,
    host: Annotated[str, typer.Option(help="Where to listen. 监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one. 端口")] = 8443,
    book: BookPath = HERE,
) -> None:
    """Answer the other side's messages over HTTPS; both prove themselves by certificates. 在线应答"""
    from crossbook.cli import show
    from crossbook.exchange import keys
    from crossbook.exchange.channel import Certificates
    from crossbook.web.peer import serve_peer
    from crossbook.web.serving import Where

    keys.need()
    where, proofs = Where(host=host, port=port), Certificates(certificate=certificate, key=tls_key, peer=peer)
    serve_peer(speaking_book(book), keys.read(key), where, proofs, say=lambda line: show.say(line))


def talk(
    to: Annotated[str, typer.Argument(help="The other side's server: https://host:port. 对方地址")],
    key: KeyPath,
    certificate: Certificate,
    tls_key: TlsKey,
    peer: Peer,
    agreement: Annotated[str, typer.Option(help="Begin one under this agreement. 协议号")] = "",
    since: Annotated[date | None, typer.Option(metavar="DAY", parser=as_day, help="First day. 起始日")] = None,
    until: Annotated[date | None, typer.Option(metavar="DAY", parser=as_day, help="Last day. 截止日")] = None,
    session: Annotated[str, typer.Option(help="Go on with this one. 会话号")] = "",
    book: BookPath = HERE,
    json: AsJson = False,
) -> None:
    """Hold a session with the other side's server, or go on with one, until it has ended. 在线会话"""
    from crossbook.cli import show
    from crossbook.errors import CrossbookError
    from crossbook.exchange import adopting, channel, keys, psi, reading, store

    keys.need()
    opened, mine = speaking_book(book), keys.read(key)
    proofs = channel.Certificates(certificate=certificate, key=tls_key, peer=peer)
    send, meetings = channel.post(to, proofs), channel.calls(to, proofs)
    database = database_of(opened)
    if session:
        held = store.find(opened, session)
    elif agreement and since and until:
        in_order(since, until)
        agreed = adopting.agreement_of(opened, agreement)
        channel.prove(to, proofs)
        held, _ = store.start(opened, database, agreed, mine, since, until, psi.ways(online=True))
    else:
        raise CrossbookError(
            "neither a session nor what to begin one about", todo="give --session, or --agreement, --since and --until"
        )
    if not json:
        show.say(t("session {s}", s=held.name))
        if counts := reading.of_session(held)["left_out"]:
            show.say(left_out(counts))
    with show.progress(quiet=json) as step:
        held = channel.talk(opened, database, mine, held, send, lambda number: step(t("messages"), number, 0), meetings)
    told = reading.of_session(held)
    if json:
        show.as_json(told)
    else:
        show.say(_met_by(held))
        show.say(t("ended; what was found: {command}", command=f"crossbook exchange cases {held.name}"))


def _met_by(session: Session) -> str:
    """How the transfers met, and where that was the slow way, why."""
    from crossbook.exchange import psi

    talk = session.talk
    way = talk.meet.upper()
    if talk.meet in psi.PROTOCOLS:
        return t("the transfers met by {way}, which trusts that both keep to the protocol", way=way)
    faster = ", ".join(other.upper() for other in talk.agreement.meet if other in psi.PROTOCOLS)
    if not faster:
        return t("the transfers met by {way}; the agreement allows none that is faster", way=way)
    if not set(psi.PROTOCOLS) & set(psi.ways(online=True)):
        return t(
            "the transfers met by {way}: for {ways} SPU lacks here: {command}",
            way=way,
            ways=faster,
            command=psi.INSTALL,
        )
    return t("the transfers met by {way}: the other side cannot meet by {ways}", way=way, ways=faster)


def _handed(session: Session, path: Path | None, out: Path, *, json: bool) -> None:
    from crossbook.cli import show
    from crossbook.exchange import reading

    target = None
    if path is not None:
        target = put(path, out, f"{session.name}-{path.stem}.message")
    told = reading.of_session(session)
    if json:
        show.as_json({**told, "message": target})
        return
    if session.number <= 2 and told["left_out"]:
        show.say(left_out(told["left_out"]))
    if target is None:
        show.say(t("ended; what was found: {command}", command=f"crossbook exchange cases {session.name}"))
    else:
        show.say(t("hand over {path} ({n} bytes)", path=show.clean(target), n=f"{target.stat().st_size:,}"))
