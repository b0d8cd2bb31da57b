"""How every decision goes on the command line: open, show what it would change, ask, journal, say so."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossbook.cli.options import HERE, AsJson, BookPath, Why
from crossbook.errors import CrossbookError
from crossbook.i18n import t, translated

if TYPE_CHECKING:
    from crossbook.book import Book
    from crossbook.book.accounts import User
    from crossbook.book.signing import SigningKey
    from crossbook.decisions import Look

Wish = dict[str, Any]  # what is said of a decision, by the names that its kind asks
Yes = Annotated[
    list[str] | None,
    typer.Option(metavar="ANSWER", help="Overrule what speaks against it, by naming it. 确认反对理由"),
]
LookOnly = Annotated[bool, typer.Option("--look", help="Only show what it would change. 仅预览")]
As = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="NAME",
        help="Decide as this user of the book; asks for the password, or takes CROSSBOOK_PASSWORD. 以用户身份",
    ),
]

Key = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Sign it with this private Ed25519 key of your account, or with that of CROSSBOOK_KEY. 以密钥签署",
    ),
]


def a_command(kind: str, asks: Callable[..., Wish], *, back: bool = False) -> Callable[..., None]:
    """The command that makes, or takes back, a decision of a kind.

    It has the arguments and options of `asks`, which makes the wish of them, and those that every decision has.
    """

    def called(
        *,
        book: BookPath = HERE,
        why: Why = "",
        yes: Yes = None,
        look: LookOnly = False,
        as_user: As = None,
        key: Key = None,
        json: AsJson = False,
        **said: Any,
    ) -> None:
        wish = {**asks(**said), "why": why}
        decide(kind, book, wish, yes=yes, look_only=look, as_user=as_user, key=key, json=json, back=back)

    every = inspect.signature(called, eval_str=True).parameters.values()
    common = [p for p in every if p.kind is inspect.Parameter.KEYWORD_ONLY]
    own = inspect.signature(asks, eval_str=True).parameters.values()
    named: Any = called
    named.__name__, named.__doc__ = asks.__name__, asks.__doc__
    named.__signature__ = inspect.Signature([*own, *common])
    return called


def decide(
    name: str,
    path: Path,
    wish: dict[str, Any],
    *,
    yes: list[str] | None,
    look_only: bool,
    as_user: str | None,
    key: Path | None = None,
    json: bool,
    back: bool = False,
) -> None:
    """Make a decision of the kind `name`, or take one back."""
    from crossbook.book import open_book
    from crossbook.cli import show
    from crossbook.decisions import UndecidedError, deciding, kind_of
    from crossbook.decisions.approval import awaited
    from crossbook.decisions.telling import clock, sentence

    book, kind = open_book(path), kind_of(name)
    who, signs = _who(book, kind.role, as_user, key)
    opened = kind.opens(book)
    see = deciding.look_back if back else deciding.look
    do = deciding.undo if back else deciding.decide
    if look_only:
        _show(see(opened, kind, wish, who), json)
        return
    answers, seen = list(yes or ()), ""
    if sys.stdin.isatty() and sys.stdout.isatty() and not json:
        answers, seen = _asked(see(opened, kind, wish, who), answers)
    try:
        entry = do(opened, kind, wish, who=who, yes=answers, seen=seen, key=signs)
    except UndecidedError as error:
        if not error.look.idle:
            raise
        _nothing_to_do(error, json)
        return
    waits = awaited(opened, kind, entry)
    if json:
        show.as_json({"text": sentence(entry), "entry": entry, "next": waits})
        return
    show.say(t("journalled: {text}", text=show.clean(translated(sentence(entry)))))
    if told := clock(entry):
        show.say(f"[{show.WARN}]{show.clean(translated(told))}[/]")
    if waits is not None:
        show.say(show.clean(translated(waits.text)) + (f": {show.clean(waits.command)}" if waits.command else ""))


def _nothing_to_do(error: CrossbookError, json: bool) -> None:
    """Say that there was nothing to decide, which is no error: a job that asks every day goes on."""
    from crossbook.cli import show

    if json:
        show.as_json({"text": error.what, "entry": None, "next": None})
    else:
        show.say(show.clean(translated(error.what)))


def decided(name: str, book: Book, wish: dict[str, Any], yes: list[str] | None = None, *, back: bool = False) -> None:
    """Make a decision, or take one back, on the way of a command that shows what it is about itself."""
    from crossbook.decisions import deciding, kind_of

    kind = kind_of(name)
    who, signs = _who(book, kind.role)
    (deciding.undo if back else deciding.decide)(kind.opens(book), kind, wish, who=who, yes=yes or (), key=signs)


def a_text(path: Path | None) -> str | None:
    """The text of a small file. Raises CrossbookError."""
    from crossbook.book import faults

    if path is None:
        return None
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CrossbookError("no such file", where=str(path)) from None
    except OSError as error:
        raise faults.of_system(error, name=str(path)) from None
    except UnicodeDecodeError:
        raise CrossbookError("not UTF-8 text", where=str(path), todo="save it as UTF-8") from None


def _asked(found: Look, answers: list[str]) -> tuple[list[str], str]:
    """Show a decision and ask about it; the answers to its questions, and what was shown."""
    if found.refused:
        return answers, ""
    _show(found, json=False)
    for question in found.asks:
        if question.answer not in answers:
            answers.append(typer.prompt(t("to confirm, type {answer}", answer=question.answer)).strip())
    typer.confirm(t("journal this?"), abort=True)
    return answers, found.seen


def _show(found: Look, json: bool) -> None:
    from crossbook.cli import show

    if json:
        show.as_json({**vars(found), "seen": found.seen})
        return
    for text in found.effects:
        show.say(show.clean(translated(text)))
    if len(found.rivals) > 1:
        labels = list(found.rivals[0].told)
        rows = [
            [("→ " if r.chosen else "") + show.clean(r.said), *(show.clean(translated(r.told[n])) for n in labels)]
            for r in found.rivals
        ]
        show.table(["", *(t(n) for n in labels)], rows)
    if found.refused:
        show.say(f"[{show.BAD}]{t('It cannot be decided so')}:[/]")
    for objection in found.refused:
        show.say(f"[{show.BAD}]{show.clean(translated(objection.text))}[/]")
    for question in found.asks:
        answer = "" if found.refused else f": --yes {question.answer}"
        show.say(f"[{show.WARN}]{show.clean(translated(question.text) + answer)}[/]")


def _who(
    book: Book, role: str, as_user: str | None = None, key: Path | None = None
) -> tuple[str | None, SigningKey | None]:
    """Who decides: a user of the book, by password or key, who has the role; with the key, if it was that. None where
    neither was given. Raises CrossbookError."""
    from crossbook.book.accounts import ROLES
    from crossbook.book.keys import account_of

    if as_user and key:
        raise CrossbookError("--as and --key both say who decides", todo="give one of them")
    named = os.environ.get("CROSSBOOK_KEY")
    if key is None and named and not as_user:
        key = Path(named)
    if not as_user and key is None:
        return None, None
    signs = _key(key) if key is not None else None
    user = account_of(book, signs.public, key) if signs and key else _proved(book, str(as_user))
    if ROLES.index(user.role) < ROLES.index(role):
        raise CrossbookError(f"this needs the role {role}; {user.name} has {user.role}")
    return user.name, signs


def _key(path: Path) -> SigningKey:
    """The private key in a file; asks for the passphrase of a locked one at a terminal. Raises CrossbookError."""
    from crossbook.book import signing

    try:
        return signing.private_key(path)
    except signing.LockedKeyError:
        if not sys.stdin.isatty():
            raise
        return signing.private_key(path, typer.prompt(t("passphrase"), hide_input=True))


def _proved(book: Book, name: str) -> User:
    """The user of the book whose password was given. Raises CrossbookError."""
    from crossbook.book.accounts import check_password

    password = os.environ.get("CROSSBOOK_PASSWORD")
    if password is None:
        if not sys.stdin.isatty():
            raise CrossbookError(f"the password of {name} is needed", todo="set CROSSBOOK_PASSWORD")
        password = typer.prompt(t("password of {name}", name=name), hide_input=True)
    user = check_password(book, name, password)
    if user is None:
        raise CrossbookError("wrong name or password", todo="see `crossbook book user list` for the names")
    return user
