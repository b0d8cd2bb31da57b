"""The command web: the book in a browser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.options import HERE, BookPath, command

Host = Annotated[str, typer.Option(help="Where to listen; others than this machine need accounts. 监听地址")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one. 端口")]
Browser = Annotated[bool, typer.Option(help="Open a browser. 打开浏览器")]
Certificate = Annotated[Path | None, typer.Option(help="TLS certificate (PEM). 证书")]
Key = Annotated[Path | None, typer.Option(help="Its key (PEM). 私钥")]
BehindProxy = Annotated[bool, typer.Option("--behind-proxy", help="A proxy with TLS is before it. 位于反向代理之后")]
Names = Annotated[list[str] | None, typer.Option(help="A host name that browsers use for it. 主机名")]


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    command(app, web, panel="Faces 界面")


def web(
    book: BookPath = HERE,
    host: Host = "127.0.0.1",
    port: Port = 8765,
    browser: Browser = True,
    certificate: Certificate = None,
    key: Key = None,
    behind_proxy: BehindProxy = False,
    name: Names = None,
    max_upload: Annotated[int, typer.Option(min=1, help="MiB of one upload at the most. 上传上限")] = 1024,
) -> None:
    """Open the book in a browser. 在浏览器中打开账簿"""
    from crossbook.web.serving import Where, serve

    where = Where(
        host=host, port=port, certificate=certificate, key=key, behind_proxy=behind_proxy, names=tuple(name or ())
    )
    opens = browser and sys.stdout.isatty()
    serve(book, where, browser=opens, limit=max_upload << 20, say=say)


def say(line: str) -> None:
    """Print a line at once, also where nobody sits at a terminal."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
