"""Options that every command has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

BookPath = Annotated[
    Path,
    typer.Option("--book", envvar="CROSSBOOK_BOOK", help="The book's folder. 账簿文件夹", show_default="this folder"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for programs. 输出 JSON")]
HERE = Path()
