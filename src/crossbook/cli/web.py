"""The command web: the book in a browser."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from crossbook import apart
from crossbook.cli.options import HERE, BookPath, command


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    command(app, web, panel="Faces 界面")


def web(
    book: BookPath = HERE,
    host: Annotated[str, typer.Option(help="Where to listen; others than this machine need accounts. 监听地址")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one. 端口")] = 8765,
    browser: Annotated[bool, typer.Option(help="Open a browser. 打开浏览器")] = True,
    certificate: Annotated[Path | None, typer.Option(help="TLS certificate (PEM). 证书")] = None,
    key: Annotated[Path | None, typer.Option(help="Its key (PEM). 私钥")] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy with TLS is before it. 位于反向代理之后")
    ] = False,
    name: Annotated[list[str] | None, typer.Option(help="A host name that browsers use for it. 主机名")] = None,
    max_upload: Annotated[int, typer.Option(min=1, help="MiB of one upload at the most. 上传上限")] = 1024,
) -> None:
    """Open the book in a browser. 在浏览器中打开账簿"""
    from crossbook.web.serving import Where, serve

    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    where = Where(
        host=host, port=port, certificate=certificate, key=key, behind_proxy=behind_proxy, names=tuple(name or ())
    )
    code = 0
    try:
        serve(book, where, browser=browser and sys.stdout.isatty(), limit=max_upload << 20, say=say)
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        code = 130
    _leave(code)


def _leave(code: int) -> None:
    """End now. A thread that is at the figures' work, within the engine, would else meet the interpreter's end there,
    and the process crash or never end."""
    apart.stop()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
