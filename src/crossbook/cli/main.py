"""The entry point: what every command ends in, and errors as people can read them.

It imports next to nothing itself, so that a command may be stopped from its first moment.
"""

from __future__ import annotations

import io
import os
import sys

from crossbook.cli import stopping


def run() -> None:
    """What the `crossbook` script calls. Exit codes: 0 done, 1 findings that need attention, 2 bad input or usage; 130
    where it was stopped by Ctrl-C, and the signal itself where it was told to end by another."""
    stopping.heed()
    try:
        _command()
    except BaseException:
        if not stopping.told():
            raise
    if stopping.told():  # when what it was at is let go of
        stopping.leave()


def _show_all() -> None:
    """Have what a terminal cannot show, such as a name that is no UTF-8, stand as its escapes instead of ending us."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _refuse_no_text() -> None:
    """End where a word of the command is no text and no file's name: nothing that it could be compared with is so."""
    from crossbook.printable import is_text, legible

    if wrong := next((w for w in sys.argv[1:] if not is_text(w) and not os.path.lexists(w)), None):
        from crossbook.cli.complaints import complain
        from crossbook.errors import CrossbookError

        complain(CrossbookError(f"{legible(wrong)[:60]!r} is no text", todo="write it in letters, as UTF-8 has them"))
        sys.exit(2)


def _command() -> None:
    from crossbook.cli import former
    from crossbook.cli.complaints import advise, complain
    from crossbook.cli.tree import tree
    from crossbook.cli.working import working
    from crossbook.errors import CrossbookError
    from crossbook.waiting import show_by

    _show_all()
    _refuse_no_text()
    show_by(working)
    given, now = former.words(sys.argv[1:])
    if now:
        advise(f"crossbook {sys.argv[1]} is called crossbook {now} now")
    sys.argv[1:] = given
    try:
        tree(given[0] if given else "")()
    except CrossbookError as error:
        complain(error)
        sys.exit(2)
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if stopping.told():
            raise
        from crossbook.book import faults

        words = [*sys.argv[1:], os.environ.get("CROSSBOOK_BOOK", ""), "."]
        fault = faults.named(error, faults.fullest(words))
        if fault is None:
            raise
        complain(fault)
        sys.exit(2)
