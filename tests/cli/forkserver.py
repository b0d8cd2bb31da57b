"""Runs commands in processes of their own that begin with the program already imported, which is most of a short one.

Reads a command a line (JSON: words, env, cwd, out, err) and answers each with its exit code.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import runpy
import sys

import crossbook

# What commands load when they need it. Pandas they do not, but pyarrow looks whether what it is given is a frame of it.
LATER = (
    "pandas",
    "pypinyin",
    "rich.console",
    "rich.markup",
    "sqlalchemy.dialects.sqlite",
    "typer.rich_utils",
    "zhconv",
)


def main() -> None:
    """Serve until the input ends; in a forked process: be that command."""
    for module in pkgutil.walk_packages(crossbook.__path__, "crossbook."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in LATER:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # or each command's collections would touch, and so copy, all of it
    for line in iter(sys.stdin.readline, ""):
        asked = json.loads(line)
        child = os.fork()
        if not child:
            break
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    else:
        return
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, asked["out"], os.O_WRONLY | os.O_CREAT),
        (2, asked["err"], os.O_WRONLY | os.O_CREAT),
    ):
        os.dup2(os.open(path, flags), number)
    sys.argv = asked["words"]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
