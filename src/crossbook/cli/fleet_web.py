"""The command fleet web: a fleet in a browser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.options import HERE
from crossbook.cli.web import BehindProxy, Browser, Certificate, Host, Key, Names, Port, say

FleetPath = Annotated[
    Path,
    typer.Option(
        "--fleet", envvar="CROSSBOOK_FLEET", help="The fleet's folder. 账簿群文件夹", show_default="this folder"
    ),
]


def web(
    fleet: FleetPath = HERE,
    accounts: Annotated[
        Path | None, typer.Option(help="The book whose accounts may log in; else this machine alone. 账号所在账簿")
    ] = None,
    host: Host = "127.0.0.1",
    port: Port = 8765,
    browser: Browser = True,
    certificate: Certificate = None,
    key: Key = None,
    behind_proxy: BehindProxy = False,
    name: Names = None,
) -> None:
    """Open the fleet in a browser, down to each book's own pages, to read. 在浏览器中打开账簿群"""
    from crossbook.web.serving import Where, serve_fleet

    where = Where(
        host=host, port=port, certificate=certificate, key=key, behind_proxy=behind_proxy, names=tuple(name or ())
    )
    opens = browser and sys.stdout.isatty()
    serve_fleet(fleet, where, accounts=accounts, browser=opens, say=say)
