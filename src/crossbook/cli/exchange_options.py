"""What the commands of the exchange share: the options of keys, files and certificates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from crossbook.book import Book

KeyPath = Annotated[
    Path, typer.Option("--key", envvar="CROSSBOOK_EXCHANGE_KEY", help="The file of your keys. 密钥文件")
]
Out = Annotated[Path, typer.Option(file_okay=False, help="Where messages to hand over are written. 输出文件夹")]
Certificate = Annotated[Path, typer.Option(help="Your TLS certificate (PEM). 证书")]
TlsKey = Annotated[Path, typer.Option("--tls-key", help="Its key (PEM). 证书私钥")]
Peer = Annotated[Path, typer.Option(help="The other side's certificate, or who signed it (PEM). 对方证书")]
SessionName = Annotated[str, typer.Argument(help="A session, as in exchange sessions. 会话号")]


def opened_book(path: Any) -> Book:
    """The book in a folder; where the extra of the exchange lacks, it is named."""
    from crossbook.book import open_book
    from crossbook.exchange import keys

    keys.need()
    return open_book(path)


def speaking_book(path: Any) -> Book:
    """The same, for what tells or takes something: what is past its retention is forgotten first."""
    from crossbook.exchange import retention

    book = opened_book(path)
    retention.forget(book)
    return book


def put(message: Path, out: Path, name: str) -> Path:
    """A copy of a message in the folder from which it is handed over: there wholly or not at all, whenever the command
    is stopped. Raises CrossbookError where it cannot be written."""
    from crossbook.book.durable import write_whole
    from crossbook.book.faults import of_system

    target = out / name
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_whole(target, message.read_bytes())
    except OSError as error:
        raise of_system(error) from None
    return target


def database_of(book: Book) -> Any:
    """Its tables."""
    from crossbook.engine.duck import connect

    return connect(book)
