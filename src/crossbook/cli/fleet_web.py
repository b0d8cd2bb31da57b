"""The command fleet web: a fleet in a browser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from crossbook.cli.web import BehindProxy, Browser, Certificate, Host, Key, Names, Port, say
from crossbook.errors import CrossbookError

FleetPath = Annotated[
    str,
    typer.Option(
        "--fleet",
        envvar="CROSSBOOK_FLEET",
        help="The fleet's folder, or its address. 账簿群文件夹",
        show_default="this folder",
    ),
]
HERE = "."


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
    from crossbook.fleet.places import Remote, place
    from crossbook.web.serving import Where, serve_fleet

    at = place(fleet)
    if isinstance(at, Remote):
        what = "the pages show a fleet on the disks of this machine alone"
        raise CrossbookError(what, where=str(at), todo="copy it here; `crossbook fleet findings` reads it where it is")
    where = Where(
        host=host, port=port, certificate=certificate, key=key, behind_proxy=behind_proxy, names=tuple(name or ())
    )
    opens = browser and sys.stdout.isatty()
    serve_fleet(at, where, accounts=accounts, browser=opens, say=say)
